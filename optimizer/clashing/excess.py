"""What would have to give way where no plan exists: the assignment with the least excess over hard limits."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.core.assignment import Measure, Problem
from optimizer.core.engines import assign
from scenarios.errors import NoPlanFoundInTime

LONGEST = 2.0
"""Seconds for the assignment."""

LEAST = 0.05
"""Excess, in a measure's unit, worth telling."""


def explain(problem: Problem, reps: Sequence[str]) -> list[str]:
    """Say what would have to give way: the assignment with the least excess over all hard limits.

    Every hard limit gets a price that counts a percent of any limit alike; the cheapest assignment then shows
    which limits break and by how much.

    Parameters
    ----------
    reps
        Names of the reps in the problem's order.
    """
    elastic = replace(
        problem,
        cost=np.zeros_like(problem.cost),
        measures=tuple(replace(m, price=price_of_excess(m)) for m in problem.measures if np.isinf(m.price)),
        budgets=tuple(replace(b, price=1 / max(b.limit, 1.0)) for b in problem.budgets if np.isinf(b.price)),
        fairness=(),
    )
    try:
        chosen = assign(elastic, time_limit=LONGEST, gap=0.02).chosen
    except NoPlanFoundInTime:
        return ["the hard limits clash; there was no time to find out which"]
    reasons = []
    for measure in elastic.measures:
        load = elastic.loads(measure, chosen)
        for rep, amount, low, high in zip(reps, load, measure.lower, measure.upper, strict=True):
            where = f"{measure.name}: rep {rep} would"
            if amount > high + LEAST:
                reasons.append(f"{where} need {said(amount)}, {said(high)} are allowed")
            if amount < low - LEAST:
                reasons.append(f"{where} have {said(amount)}, at least {said(low)} are asked")
        reasons += _in_all(measure.name, load.sum(), measure.upper.sum())
    for budget in elastic.budgets:
        spent = budget.amount[chosen].sum()
        if spent > budget.limit + LEAST:
            reasons.append(f"{budget.name}: {said(spent)} would be needed, {said(budget.limit)} are allowed")
    return reasons or ["each hard limit can hold, but not all at once with whole customers"]


def price_of_excess(measure: Measure) -> float:
    """Price a unit so that a percent of a usual limit costs the same in every measure."""
    finite = measure.upper[np.isfinite(measure.upper) & (measure.upper > 0)]
    return float(1 / finite.mean()) if len(finite) else 1.0


def _in_all(name: str, load: float, upper: float) -> list[str]:
    if not np.isfinite(upper) or load <= upper + LEAST:
        return []
    return [f"{name}: in all {said(load)} would be needed, {said(upper)} are allowed"]


def said(amount: float) -> str:
    """Write an amount to a tenth."""
    return f"{amount:,.1f}".removesuffix(".0")
