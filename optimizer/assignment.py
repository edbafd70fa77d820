"""The core problem in arrays, to which every territory rule compiles, and the answer to it.

Minimize the cost of the chosen pairs plus the price of what lies outside each measure's limits, so that every
customer (or family) has exactly one rep. Engines know this problem and nothing else.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.result import Status


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
        entry a pair. So a customer promised to a rep who starts in July is still work for today's owner.
    """

    name: str
    amount: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    price: float = np.inf
    other: np.ndarray | None = None
    other_amount: np.ndarray | None = None


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
        One entry an eligible pair, sorted by unit: positions and cost. Absent pairs are forbidden.
    measures, budgets
        Limits per rep and over all.
    """

    units: int
    reps: int
    unit: np.ndarray
    rep: np.ndarray
    cost: np.ndarray
    measures: tuple[Measure, ...] = ()
    budgets: tuple[Budget, ...] = ()

    def least_cost(self) -> float:
        """Give a bound without any search: each unit's cheapest pair, nothing outside any limit."""
        starts = np.searchsorted(self.unit, np.arange(self.units))
        return float(np.minimum.reduceat(self.cost, starts).sum())

    def loads(self, measure: Measure, chosen: np.ndarray) -> np.ndarray:
        """Add up a measure by rep over the chosen pairs (positions of pairs)."""
        load = np.bincount(self.rep[chosen], weights=measure.amount[chosen], minlength=self.reps)
        if measure.other is not None and measure.other_amount is not None:
            also = chosen[measure.other[chosen] >= 0]
            load = load + np.bincount(measure.other[also], measure.other_amount[also], self.reps)
        return load

    def objective(self, chosen: np.ndarray) -> float:
        """Cost of the chosen pairs and price of what lies outside limits; inf where a hard one breaks."""
        total = float(self.cost[chosen].sum())
        for measure in self.measures:
            load = self.loads(measure, chosen)
            outside = np.maximum(load - measure.upper, 0) + np.maximum(measure.lower - load, 0)
            total += _priced(outside.sum(), measure.price, np.abs(load).sum())
        for budget in self.budgets:
            spent = budget.amount[chosen].sum()
            total += _priced(max(spent - budget.limit, 0.0), budget.price, abs(spent))
        return total


@dataclass(frozen=True, eq=False)
class Assignment:
    """An engine's answer.

    Parameters
    ----------
    chosen
        Position of the chosen pair of each unit.
    status, bound, seconds, engine
        As in `optimizer.result.Result`.
    """

    chosen: np.ndarray
    status: Status
    bound: float
    seconds: float
    engine: str


def _priced(outside: float, price: float, size: float) -> float:
    """Price what lies outside; solvers keep hard limits to about a millionth of the load."""
    if np.isfinite(price):
        return float(outside * price)
    return 0.0 if outside <= 1e-6 * max(size, 1.0) else np.inf
