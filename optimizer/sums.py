"""What a choice of pairs adds up to, kept so that one move changes it at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.core.assignment import CLOSE_ENOUGH, Measure, Problem


@dataclass(frozen=True)
class Broken:
    """A hard limit that is broken: its name, the rep ("": all together) and by how much, > 0."""

    limit: str
    rep: str
    amount: float

    def __str__(self) -> str:
        return f"{self.where}: {self.amount:,.1f} too much or too little"

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
        for measure in self.problem.measures:
            if np.isinf(measure.price):
                load = self.loads[measure.name]
                outside = _outside(measure, load)
                for rep in np.flatnonzero(outside > CLOSE_ENOUGH * np.maximum(np.abs(load), 1.0)).tolist():
                    yield Broken(measure.name, str(reps[rep]), float(outside[rep]))
        for budget in self.problem.budgets:
            over = self.spent[budget.name] - budget.limit
            if np.isinf(budget.price) and over > CLOSE_ENOUGH * max(abs(budget.limit), 1.0):
                yield Broken(budget.name, "", over)


def _outside(measure: Measure, load: np.ndarray) -> np.ndarray:
    return np.maximum(load - measure.upper, 0.0) + np.maximum(measure.lower - load, 0.0)
