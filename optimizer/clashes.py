"""Why no plan exists: a smallest set of rules that clash, in words with amounts, and what each would have to
give for the others to hold.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.core.assignment import Budget, Measure, Problem, only
from optimizer.core.bound import contradicts, priced
from optimizer.core.engines import assign
from optimizer.core.exact import Infeasible, solve
from optimizer.core.rows import compile_rows
from scenarios.errors import NoPlanFoundInTime

AT_LEAST = ", at least"
"""How the name of a measure ends that is the lower side of a rule."""

LEAST = 0.05
"""Excess, in a measure's unit, worth telling."""

SHOWN = 5
"""Reps or customers named one by one in a sentence."""

LONGEST = 2.0
"""Seconds for one question of whole customers."""


@dataclass(frozen=True, eq=False)
class Contested:
    """A problem without its rules about pairs, and what those rules forbid.

    Parameters
    ----------
    problem
        Every pair that some set of rules would allow; measures and budgets are rules by their names.
    against
        By rule: which pairs it forbids.
    reps, units
        Names, in the problem's order.
    """

    problem: Problem
    against: dict[str, np.ndarray]
    reps: Sequence[str]
    units: Sequence[str]

    @property
    def rules(self) -> list[str]:
        """All hard rules by name."""
        limits = [m.name for m in self.problem.measures if np.isinf(m.price)]
        budgets = [b.name for b in self.problem.budgets if np.isinf(b.price)]
        return [*dict.fromkeys(_rule(name) for name in [*limits, *budgets]), *self.against]

    def under(self, rules: set[str]) -> tuple[Problem, np.ndarray] | None:
        """Give the problem under some of its rules, and its pairs; None where a unit has no rep left."""
        keep = np.ones(len(self.problem.cost), dtype=bool)
        for rule, against in self.against.items():
            if rule in rules:
                keep &= ~against
        if not np.logical_or.reduceat(keep, self.problem.starts[:-1]).all():
            return None
        left = only(self.problem, keep)
        measures = tuple(m for m in left.measures if np.isinf(m.price) and _rule(m.name) in rules)
        budgets = tuple(b for b in left.budgets if np.isinf(b.price) and _rule(b.name) in rules)
        none = np.zeros(len(left.cost))
        return replace(left, cost=none, measures=measures, budgets=budgets, fairness=()), np.flatnonzero(keep)


def clash(contested: Contested, time_limit: float) -> list[str]:
    """Find a smallest set of rules that no plan can keep together, and say it in words.

    Rules are taken out as long as the rest still clashes (deletion filter: J. Chinneck and
    E. Dravnieks, ORSA J. on Computing 3, 1991). Whether some rules clash is asked of the linear relaxation
    first, then of whole customers.

    Parameters
    ----------
    time_limit
        Seconds. Where they are over, the set may not be a smallest one; that is said.
    """
    until = time.perf_counter() + time_limit
    rules = set(contested.rules)
    clashes: Callable[[Contested, set[str]], bool | None] = _divided_clash
    if not clashes(contested, rules):
        clashes = _whole_clash
        if not clashes(contested, rules):
            return []
    smaller, proved = _filtered(contested, rules, clashes, until)
    names = [rule for rule in contested.rules if rule in smaller]
    head = "these rules clash" if proved else "among these rules some clash"
    if len(names) == 1:
        head = "this rule cannot be kept by itself"
    said = [f"{head}: {', '.join(names)}"]
    for rule in names:
        way = _way_out(contested, rules, rule, until)
        if way is None and (way := _way_out(contested, smaller, rule, until)) is not None:
            way += ", and then other rules as well"
        said += [] if way is None else [f"way out: {way}"]
    return said


def _divided_clash(contested: Contested, rules: set[str]) -> bool:
    """Say whether rules clash even where customers may be divided."""
    under = contested.under(rules)
    return under is None or contradicts(compile_rows(under[0]), soon=True) is not None


def _whole_clash(contested: Contested, rules: set[str]) -> bool | None:
    """Say whether rules clash for whole customers; None where neither was found in time."""
    under = contested.under(rules)
    if under is None:
        return True
    try:
        solve(under[0], time_limit=LONGEST, gap=1.0)
    except Infeasible:
        return True
    except (NoPlanFoundInTime, RuntimeError):  # the last: a solver that gave up
        return None
    return False


def _filtered(
    contested: Contested, rules: set[str], clashes: Callable[[Contested, set[str]], bool | None], until: float
) -> tuple[set[str], bool]:
    """Take out rules as long as the rest still clashes, many at a time; and say whether all were tried."""
    smaller = set(rules)
    if clashes is _divided_clash:
        smaller = _in_the_proof(contested, smaller)
    proved = True
    todo = [[rule for rule in reversed(contested.rules) if rule in smaller]]
    while todo:
        some = todo.pop()
        if time.perf_counter() > until:
            return smaller, False
        less = clashes(contested, smaller - set(some))
        if less:
            smaller -= set(some)
        elif len(some) == 1:
            proved &= less is False
        else:
            half = len(some) // 2
            todo += [some[half:], some[:half]]
    return smaller, proved


def _in_the_proof(contested: Contested, rules: set[str]) -> set[str]:
    """Leave out at once the rules that the proof does not need, if the rest still clashes.

    It needs limits that have a price in it, and rules that forbid a pair which would be cheaper under those
    prices than all that its unit is left with.
    """
    under = contested.under(rules)
    if under is None:
        return rules
    problem, pairs = under
    rows = compile_rows(problem)
    proof = contradicts(rows)
    if proof is None:
        return rules
    names = [m.name for m in problem.measures] + [b.name for b in problem.budgets]
    whole = replace(
        contested.problem, cost=np.zeros(len(contested.problem.cost)),
        measures=tuple(m for m in contested.problem.measures if m.name in names),
        budgets=tuple(b for b in contested.problem.budgets if b.name in names),
    )  # fmt: skip
    for threshold in (1e-2, 1e-4, 1e-6):
        dual = np.where(np.abs(proof.dual) > threshold * np.abs(proof.dual).max(), proof.dual, 0.0)
        needed = {_rule(names[source]) for source in np.unique(rows.source[dual != 0])}
        price = priced(whole, rows.certificate(problem, dual))
        least = np.minimum.reduceat(
            np.where(np.isin(np.arange(len(price)), pairs), price, np.inf), whole.starts[:-1]
        )
        cheaper = price < least[whole.unit] - threshold * max(np.abs(price).max(), 1e-12)
        needed |= {rule for rule, against in contested.against.items() if (cheaper & against).any()}
        if _divided_clash(contested, needed):
            return needed
    return rules


def _way_out(contested: Contested, rules: set[str], rule: str, until: float) -> str | None:
    """Say by how much one rule would have to give for the rest to hold; None where nothing is found."""
    seconds = min(LONGEST, until - time.perf_counter())
    under = contested.under(rules - {rule})
    if seconds <= 0 or under is None:
        return None
    problem, pairs = under
    elastic = _elastic(contested, problem, pairs, rule)
    try:
        chosen = assign(elastic, time_limit=seconds, gap=0.01).chosen
    except (Infeasible, NoPlanFoundInTime, RuntimeError):
        return None
    if rule in contested.against:
        broken = contested.against[rule][pairs[chosen]]
        units = [contested.units[unit] for unit in np.flatnonzero(broken).tolist()]
        moved = [
            f"{u} to {contested.reps[problem.rep[chosen[n]]]}" for n, u in _some(broken, contested.units)
        ]
        count = "1 customer" if len(units) == 1 else f"{len(units)} customers"
        return f"{rule}: not for {count} ({', '.join(moved)}{' ...' if len(units) > SHOWN else ''})"
    told = []
    for measure in elastic.measures:
        if _rule(measure.name) == rule:
            told += _beyond(measure, elastic.loads(measure, chosen), contested.reps)
    for budget in elastic.budgets:
        if _rule(budget.name) == rule:
            told.append(f"{_said(budget.amount[chosen].sum())} instead of {_said(budget.limit)}")
    shown = "; ".join(told[:SHOWN]) + (" ..." if len(told) > SHOWN else "")
    return f"{rule}: {shown}" if told else None


def _elastic(contested: Contested, problem: Problem, pairs: np.ndarray, rule: str) -> Problem:
    """Let one rule give way at a price, all others hold."""
    whole = contested.problem
    if rule in contested.against:
        return replace(problem, cost=contested.against[rule][pairs].astype(float))
    measures = [
        replace(only_pairs(m, pairs), price=_price(m)) for m in whole.measures if _rule(m.name) == rule
    ]
    budgets = [
        Budget(b.name, b.amount[pairs], b.limit, 1 / max(b.limit, 1.0))
        for b in whole.budgets
        if _rule(b.name) == rule
    ]
    return replace(problem, measures=(*problem.measures, *measures), budgets=(*problem.budgets, *budgets))


def only_pairs(measure: Measure, pairs: np.ndarray) -> Measure:
    """Give a measure for some of its pairs."""
    other = None if measure.other is None else measure.other[pairs]
    amount = None if measure.other_amount is None else measure.other_amount[pairs]
    return replace(measure, amount=measure.amount[pairs], other=other, other_amount=amount)


def _beyond(measure: Measure, load: np.ndarray, reps: Sequence[str]) -> list[str]:
    said = []
    for rep, amount, low, high in zip(reps, load, measure.lower, measure.upper, strict=True):
        if amount > high + LEAST:
            said.append(f"{rep} {_said(amount)} instead of at most {_said(high)}")
        if amount < low - LEAST:
            said.append(f"{rep} {_said(amount)} instead of at least {_said(low)}")
    return said


def _some(which: np.ndarray, names: Sequence[str]) -> list[tuple[int, str]]:
    return [(int(n), names[n]) for n in np.flatnonzero(which)[:SHOWN]]


def _rule(name: str) -> str:
    """Give the rule of a measure: a limit on shares has one for each side."""
    return name.removesuffix(AT_LEAST)


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
        measures=tuple(replace(m, price=_price(m)) for m in problem.measures if np.isinf(m.price)),
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
                reasons.append(f"{where} need {_said(amount)}, {_said(high)} are allowed")
            if amount < low - LEAST:
                reasons.append(f"{where} have {_said(amount)}, at least {_said(low)} are asked")
        reasons += _in_all(measure.name, load.sum(), measure.upper.sum())
    for budget in elastic.budgets:
        spent = budget.amount[chosen].sum()
        if spent > budget.limit + LEAST:
            reasons.append(
                f"{budget.name}: {_said(spent)} would be needed, {_said(budget.limit)} are allowed"
            )
    return reasons or ["each hard limit can hold, but not all at once with whole customers"]


def _price(measure: Measure) -> float:
    """Price a unit so that a percent of a usual limit costs the same in every measure."""
    finite = measure.upper[np.isfinite(measure.upper) & (measure.upper > 0)]
    return float(1 / finite.mean()) if len(finite) else 1.0


def _in_all(name: str, load: float, upper: float) -> list[str]:
    if not np.isfinite(upper) or load <= upper + LEAST:
        return []
    return [f"{name}: in all {_said(load)} would be needed, {_said(upper)} are allowed"]


def _said(amount: float) -> str:
    return f"{amount:,.1f}".removesuffix(".0")
