"""The cheapest way out of a clash: what one rule would have to give for all others to hold."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.clashing.contested import Contested, rule_of
from optimizer.clashing.excess import price_of_excess, said
from optimizer.clashing.unserved import FAMILIES
from optimizer.core.assignment import CLOSE_ENOUGH, Budget, Measure, Problem
from optimizer.core.engines import assign
from optimizer.core.exact import Infeasible
from scenarios.errors import NoPlanFoundInTime

LONGEST = 2.0
"""Seconds for one question of whole customers."""

SHOWN = 5
"""Reps or customers named one by one in a sentence."""

MOST_ROUNDS = 4
"""How often exceptions may change what is fair, and that the exceptions."""

DEAR = 1000.0
"""How much more the other rules' giving way costs, where one alone is not enough."""


@dataclass(frozen=True)
class Limit:
    """A limit as wide as it has to be.

    Parameters
    ----------
    rep
        Whose; "": of all together.
    least
        Whether it is a lower limit.
    needed, allowed
        The limit that would do, to a tenth and on the safe side; and the one there is.
    """

    rep: str
    least: bool
    needed: float
    allowed: float

    def __str__(self) -> str:
        if not self.rep:
            return f"{said(self.needed)} instead of {said(self.allowed)}"
        side = "at least" if self.least else "at most"
        return f"{self.rep} {said(self.needed)} instead of {side} {said(self.allowed)}"


@dataclass(frozen=True)
class Gives:
    """What a rule gives: exceptions for customers who then go to a rep, or wider limits."""

    rule: str
    exceptions: tuple[tuple[str, str], ...] = ()
    limits: tuple[Limit, ...] = ()

    def __str__(self) -> str:
        if self.limits:
            dots = " ..." if len(self.limits) > SHOWN else ""
            return f"{self.rule}: {'; '.join(map(str, self.limits[:SHOWN]))}{dots}"
        count = len(self.exceptions)
        who = "1 customer" if count == 1 else f"{count:,} customers"
        moved = ", ".join(f"{customer} to {rep}" for customer, rep in self.exceptions[:SHOWN])
        return f"{self.rule}: not for {who} ({moved}{' ...' if count > SHOWN else ''})"


@dataclass(frozen=True)
class Way:
    """A way out: a plan exists once these rules give that much, all others holding as they are."""

    gives: tuple[Gives, ...]

    def __str__(self) -> str:
        return "; and besides ".join(map(str, self.gives))


def way_out(contested: Contested, rule: str, until: float) -> Way | None:
    """Find what one rule would have to give for all others to hold; with others, where it is not enough.

    Parameters
    ----------
    until
        When to stop, on the clock of `time.perf_counter`.

    Returns
    -------
    None where nothing was found in time.
    """
    rules = set(contested.rules)
    alone = _found(contested, rule, rules - {rule}, until)
    if alone is not None:
        return Way(tuple(alone))
    more = _found(contested, rule, {FAMILIES} & rules - {rule}, until)
    return None if more is None else Way(tuple(sorted(more, key=lambda gives: gives.rule != rule)))


def _found(contested: Contested, rule: str, holding: set[str], until: float) -> list[Gives] | None:
    """Let all rules but some give way, one of them cheaply, and say what they give."""
    under = contested.under(holding)
    if under is None:
        return None
    whole = contested.of(holding)
    elastic = _elastic(contested, *under, rule, holding)
    for _ in range(MOST_ROUNDS):
        seconds = min(LONGEST, until - time.perf_counter())
        if seconds <= 0:
            return None
        try:
            chosen = assign(elastic, time_limit=seconds, gap=0.01).chosen
        except (Infeasible, NoPlanFoundInTime, RuntimeError):
            return None
        reps = elastic.rep[chosen][whole.unit_of]
        judged = _judged(contested, elastic, reps)
        given = [_given(contested, whole, judged, chosen, reps, name) for name in contested.rules]
        found = [gives for gives in given if gives is not None]
        if not any(gives.rule in holding for gives in found):
            return found
        elastic = judged
    return None


def _judged(contested: Contested, elastic: Problem, reps: np.ndarray) -> Problem:
    """Set the limits that are fair with the exceptions that a choice of reps needs."""
    if contested.judged is None:
        return elastic
    rows = np.arange(len(reps))
    allowed = np.ones((len(reps), len(contested.reps)), dtype=bool)
    for table in contested.tables.values():
        allowed &= ~table | table[rows, reps][:, None]
    limits = contested.judged(allowed)
    return replace(
        elastic,
        measures=tuple(
            replace(m, lower=limits[m.name][0], upper=limits[m.name][1]) if m.name in limits else m
            for m in elastic.measures
        ),
    )


def _elastic(
    contested: Contested, problem: Problem, pairs: np.ndarray, rule: str, holding: set[str]
) -> Problem:
    """Price what rules that do not hold have to give."""
    whole = contested.of(holding)
    cost = np.zeros(len(pairs))
    for name, against in whole.against.items():
        if name not in holding:
            cost += (1.0 if name == rule else DEAR) * against[pairs]
    if FAMILIES not in holding and contested.apart is not None:
        cost += (1.0 if rule == FAMILIES else DEAR) * _away(contested)[pairs]
    measures = [
        replace(m.only(pairs), price=price_of_excess(m) * (1.0 if rule_of(m.name) == rule else DEAR))
        for m in whole.problem.measures
        if np.isinf(m.price) and rule_of(m.name) not in holding
    ]
    budgets = [
        Budget(b.name, b.amount[pairs], b.limit, (1.0 if b.name == rule else DEAR) / max(b.limit, 1.0))
        for b in whole.problem.budgets
        if np.isinf(b.price) and b.name not in holding
    ]
    return replace(
        problem, cost=cost, measures=(*problem.measures, *measures), budgets=(*problem.budgets, *budgets)
    )


def _away(contested: Contested) -> np.ndarray:
    """Say by pair of the dissolved problem whether it is not with the rep most of its family may have."""
    apart = contested.apart
    assert apart is not None
    spread = np.zeros((contested.problem.units, len(contested.reps)))
    for table in contested.tables.values():
        np.add.at(spread, contested.unit_of, table)
    main = spread.argmin(axis=1)[contested.unit_of]
    alone = np.bincount(contested.unit_of)[contested.unit_of] == 1
    of_unit = np.empty(apart.problem.units, dtype=int)
    of_unit[apart.unit_of] = np.where(alone, -1, main)
    mine = of_unit[apart.problem.unit]
    return ((mine >= 0) & (mine != apart.problem.rep)).astype(float)


def _given(
    contested: Contested, whole: Contested, elastic: Problem, chosen: np.ndarray, reps: np.ndarray, rule: str
) -> Gives | None:
    """Say what one rule gives for a choice; None where it is kept."""
    if rule in whole.tables:
        broken = np.flatnonzero(whole.tables[rule][np.arange(len(reps)), reps])
    elif rule == FAMILIES:
        broken = np.flatnonzero(_left_behind(contested, reps)) if whole is not contested else np.zeros(0, int)
    else:
        limits = [
            limit
            for measure in elastic.measures
            if rule_of(measure.name) == rule
            for limit in _beyond(measure, elastic.loads(measure, chosen), contested.reps)
        ]
        for budget in elastic.budgets:
            spent = float(budget.amount[chosen].sum())
            if budget.name == rule and spent > budget.limit + CLOSE_ENOUGH * max(budget.limit, 1.0):
                limits.append(Limit("", False, _up(spent), budget.limit))
        return Gives(rule, limits=tuple(limits)) if limits else None
    moved = tuple((str(whole.customers[n]), str(contested.reps[reps[n]])) for n in broken.tolist())
    return Gives(rule, exceptions=moved) if moved else None


def _left_behind(contested: Contested, reps: np.ndarray) -> np.ndarray:
    """Say which customers are not with the rep who has most of their family."""
    counts = np.zeros((contested.problem.units, len(contested.reps)))
    np.add.at(counts, (contested.unit_of, reps), 1)
    return np.asarray(counts.argmax(axis=1)[contested.unit_of] != reps)


def _beyond(measure: Measure, load: np.ndarray, reps: Sequence[str]) -> list[Limit]:
    found = []
    for rep, amount, low, high in zip(reps, load.tolist(), measure.lower, measure.upper, strict=True):
        near = CLOSE_ENOUGH * max(abs(amount), 1.0)
        if amount > high + near:
            found.append(Limit(str(rep), False, _up(amount), float(high)))
        if amount < low - near:
            found.append(Limit(str(rep), True, -_up(-amount), float(low)))
    return found


def _up(amount: float) -> float:
    return math.ceil(amount * 10 - 1e-6) / 10
