"""The core problem in arrays, to which every territory rule compiles, and the answer to it.

Minimize the cost of the chosen pairs, plus the price of what lies outside each measure's limits, plus the
price of unevenness, so that every customer (or family) has exactly one rep. Engines know this problem and
nothing else.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.core.certificate import Certificate
from optimizer.core.fairness import Fairness
from optimizer.core.result import Status

CLOSE_ENOUGH = 1e-6
"""Share of a load by which it may pass a hard limit and still count as kept: what MIP solvers promise."""


@dataclass(frozen=True, eq=False)
class Measure:
    """An amount that every rep's book adds up, with limits.

    Parameters
    ----------
    name
        For messages.
    amount
        What each pair adds, one number a pair.
    lower, upper
        Limits by rep; -inf and inf where there are none.
    price
        Money a unit outside the limits; inf: the limits are hard.
    other, other_amount
        Where a pair adds to another rep's book as well: that rep's position (-1: none) and what it adds, one
        entry a pair. So a customer promised to a rep who starts in July is still work for today's owner, and
        a customer who leaves counts against the moves of the rep who loses it.
    """

    name: str
    amount: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    price: float = np.inf
    other: np.ndarray | None = None
    other_amount: np.ndarray | None = None

    def only(self, pairs: np.ndarray) -> "Measure":
        """Give the measure for some of its pairs: a mask, or positions, one as often as it is named."""
        other = None if self.other is None else self.other[pairs]
        amount = None if self.other_amount is None else self.other_amount[pairs]
        return replace(self, amount=self.amount[pairs], other=other, other_amount=amount)


@dataclass(frozen=True, eq=False)
class Budget:
    """A limit over the whole assignment: the sum of `amount` over chosen pairs is at most `limit`."""

    name: str
    amount: np.ndarray
    limit: float
    price: float = np.inf


@dataclass(frozen=True, eq=False)
class Problem:
    """An assignment problem on sparse eligible pairs.

    Parameters
    ----------
    units, reps
        Numbers of things to assign (customers or families) and of reps.
    unit, rep, cost
        One entry an eligible pair, sorted by unit: positions and cost. Absent pairs are forbidden; a unit
        with one pair is locked.
    measures, budgets
        Limits per rep and over all.
    fairness
        Prices on how unevenly measures fall on the reps.
    """

    units: int
    reps: int
    unit: np.ndarray
    rep: np.ndarray
    cost: np.ndarray
    measures: tuple[Measure, ...] = ()
    budgets: tuple[Budget, ...] = ()
    fairness: tuple[Fairness, ...] = ()

    @property
    def starts(self) -> np.ndarray:
        """Position of each unit's first pair, and the number of pairs at the end (units + 1 entries)."""
        return np.searchsorted(self.unit, np.arange(self.units + 1))

    def measure(self, name: str) -> Measure:
        """Find a measure by its name."""
        return next(measure for measure in self.measures if measure.name == name)

    def least_cost(self) -> float:
        """Give a bound without any search: each unit's cheapest pair, nothing outside any limit, all even."""
        cheapest = float(np.minimum.reduceat(self.cost, self.starts[:-1]).sum()) if self.units else 0.0
        return cheapest + sum(fair.least() for fair in self.fairness)

    def loads(self, measure: Measure, chosen: np.ndarray) -> np.ndarray:
        """Add up a measure by rep over the chosen pairs (positions of pairs)."""
        load = np.bincount(self.rep[chosen], weights=measure.amount[chosen], minlength=self.reps)
        if measure.other is not None and measure.other_amount is not None:
            also = chosen[measure.other[chosen] >= 0]
            load = load + np.bincount(measure.other[also], measure.other_amount[also], self.reps)
        return load

    def objective(self, chosen: np.ndarray) -> float:
        """Cost, price of what lies outside limits, price of unevenness; inf where a hard limit breaks."""
        total = float(self.cost[chosen].sum())
        for measure in self.measures:
            load = self.loads(measure, chosen)
            outside = np.maximum(load - measure.upper, 0) + np.maximum(measure.lower - load, 0)
            total += _priced(outside, measure.price, np.abs(load))
        for budget in self.budgets:
            spent = budget.amount[chosen].sum()
            total += _priced(np.maximum(spent - budget.limit, 0.0), budget.price, np.abs(spent))
        for fair in self.fairness:
            total += fair.cost(self.loads(self.measure(fair.measure), chosen))
        return total


@dataclass(frozen=True, eq=False)
class Assignment:
    """An engine's answer.

    Parameters
    ----------
    chosen
        Position of the chosen pair of each unit.
    owner
        Position of the rep of each unit.
    cost
        The problem's objective for this choice, recomputed from the arrays.
    bound
        No choice that keeps the hard limits costs less.
    status, seconds, engine
        As in `optimizer.core.result.Result`.
    memory
        The most memory the process has held so far, in bytes.
    certificate
        Prices from which anyone can recompute a bound, where an engine has found some.
    log
        What was done and why, in sentences.
    iterations, nodes
        Simplex iterations and nodes of a MIP solver: work that is the same on every machine.
    """

    chosen: np.ndarray
    owner: np.ndarray
    cost: float
    bound: float
    status: Status
    seconds: float
    engine: str
    memory: int = 0
    certificate: Certificate | None = None
    log: tuple[str, ...] = field(default=())
    iterations: int = 0
    nodes: int = 0

    @property
    def gap(self) -> float:
        """How far from the best the choice may be: (cost - bound) / |cost|."""
        return max(self.cost - self.bound, 0.0) / max(abs(self.cost), 1e-9)


def only(problem: Problem, keep: np.ndarray) -> Problem:
    """Leave a problem's pairs out but for some (at least one of each unit)."""
    return replace(
        problem,
        unit=problem.unit[keep],
        rep=problem.rep[keep],
        cost=problem.cost[keep],
        measures=tuple(measure.only(keep) for measure in problem.measures),
        budgets=tuple(replace(b, amount=b.amount[keep]) for b in problem.budgets),
    )


def _priced(outside: np.ndarray, price: float, load: np.ndarray) -> float:
    if np.isfinite(price):
        return float(outside.sum() * price)
    return 0.0 if (outside <= CLOSE_ENOUGH * np.maximum(load, 1.0)).all() else np.inf
