"""What a choice of pairs adds up to, kept so that one move changes it at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.core.assignment import CLOSE_ENOUGH, Measure, Problem


@dataclass(frozen=True)
class Broken:
    """A limit that a book, or all of them together, is outside of.

    Parameters
    ----------
    limit, rep
        Its name, and whose it is ("": of all together).
    amount
        By how much, > 0.
    load, allowed
        What there is, and the limit.
    under
        Whether it is a lower limit.
    price
        Money a unit outside; inf: the limit is hard.
    """

    limit: str
    rep: str
    amount: float
    load: float
    allowed: float
    under: bool = False
    price: float = np.inf

    def __str__(self) -> str:
        side = "short of the least of" if self.under else "over the limit of"
        return f"{self.where}: {self.load:,.1f}, {self.amount:,.1f} {side} {self.allowed:,.1f}"

    @property
    def where(self) -> str:
        """Name the limit, and whose it is."""
        return f"{self.limit} of {self.rep}" if self.rep else self.limit


@dataclass(frozen=True, eq=False)
class Sums:
    """What a choice of pairs adds up to.

    Parameters
    ----------
    problem
        Whose pairs they are.
    cost
        Of the pairs, money.
    loads
        By measure: by rep.
    spent
        By budget.
    """

    problem: Problem
    cost: float
    loads: dict[str, np.ndarray]
    spent: dict[str, float]

    @classmethod
    def of(cls, problem: Problem, chosen: np.ndarray) -> "Sums":
        """Add up chosen pairs (positions; -1 where a unit has none)."""
        pairs = chosen[chosen >= 0]
        return cls(
            problem,
            float(problem.cost[pairs].sum()),
            {measure.name: problem.loads(measure, pairs) for measure in problem.measures},
            {budget.name: float(budget.amount[pairs].sum()) for budget in problem.budgets},
        )

    def moved(self, old: int, new: int) -> "Sums":
        """Give the sums with pair `new` chosen instead of `old` (-1: none)."""
        gone, come = Sums.of(self.problem, np.array([old])), Sums.of(self.problem, np.array([new]))
        return Sums(
            self.problem,
            self.cost + come.cost - gone.cost,
            {name: load + come.loads[name] - gone.loads[name] for name, load in self.loads.items()},
            {name: spent + come.spent[name] - gone.spent[name] for name, spent in self.spent.items()},
        )

    @property
    def objective(self) -> float:
        """Cost, price of what lies outside priced limits, price of unevenness; hard limits are not priced."""
        total = self.cost
        for measure in self.problem.measures:
            if np.isfinite(measure.price):
                total += measure.price * float(_outside(measure, self.loads[measure.name]).sum())
        for budget in self.problem.budgets:
            if np.isfinite(budget.price):
                total += budget.price * max(self.spent[budget.name] - budget.limit, 0.0)
        return total + sum(fair.cost(self.loads[fair.measure]) for fair in self.problem.fairness)

    def broken(self, reps: Sequence[str] | pd.Index) -> Iterator[Broken]:
        """Give the hard limits that are broken, reps by these names."""
        return (broken for broken in self.outside(reps) if np.isinf(broken.price))

    def outside(self, reps: Sequence[str] | pd.Index) -> Iterator[Broken]:
        """Give all limits, hard and priced, that something lies outside of, reps by these names."""
        for measure in self.problem.measures:
            load = self.loads[measure.name]
            outside = _outside(measure, load)
            for rep in np.flatnonzero(outside > CLOSE_ENOUGH * np.maximum(np.abs(load), 1.0)).tolist():
                under = bool(load[rep] < measure.lower[rep])
                allowed = float(measure.lower[rep] if under else measure.upper[rep])
                amounts = float(outside[rep]), float(load[rep]), allowed
                yield Broken(measure.name, str(reps[rep]), *amounts, under, measure.price)
        for budget in self.problem.budgets:
            spent = self.spent[budget.name]
            over = spent - budget.limit
            if over > CLOSE_ENOUGH * max(abs(budget.limit), 1.0):
                yield Broken(budget.name, "", over, spent, budget.limit, False, budget.price)


def _outside(measure: Measure, load: np.ndarray) -> np.ndarray:
    return np.maximum(load - measure.upper, 0.0) + np.maximum(measure.lower - load, 0.0)
