"""Goals that pull against each other: how even, how much is spent, what it costs; held or made least."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from optimizer.core.assignment import Budget, Problem
from optimizer.core.fairest import deviations, within
from optimizer.core.fairness import Fairness
from optimizer.core.priorities import Level

NARROWEST = 0.002
"""Deviations nearer to the best there is than this, .2 % of the fair load, are not told apart where pairs are
many: there a plan's last thousandths cost hundreds of moves or none, as whole customers happen to add up.
"""


class Goal(Protocol):
    """Something to be made small."""

    @property
    def name(self) -> str:
        """What people call it."""

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Say where a choice stands."""

    def goal(self, problem: Problem) -> Level:
        """Write it as an objective."""


class Axis(Goal, Protocol):
    """A goal that can be held at a level: the lower, the harder."""

    def within(self, problem: Problem, level: float) -> Problem:
        """Add the limit to a problem."""

    def between(self, tight: float, wide: float, points: int) -> np.ndarray:
        """Propose levels between two ends, tightest first."""


@dataclass(frozen=True, eq=False)
class Evenness:
    """The largest |load / share - 1| of a measure. The measure's own limits hold as well."""

    measure: str
    share: np.ndarray
    name: str = "balance"

    def within(self, problem: Problem, level: float) -> Problem:
        """Keep every rep within the level of its share."""
        return within(problem, self.measure, self.share, level)

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Give the largest deviation."""
        return float(deviations(problem, self.measure, self.share, chosen).max(initial=0.0))

    def goal(self, problem: Problem) -> Level:
        """Make the largest deviation least."""
        return Level(self.name, fairness=(Fairness(self.measure, self.share, "maximum deviation", 1.0),))

    def between(self, tight: float, wide: float, points: int) -> np.ndarray:
        """Propose deviations, evenly on a logarithmic scale."""
        levels = np.geomspace(max(tight, NARROWEST), max(wide, NARROWEST), points)
        levels[0], levels[-1] = tight, max(tight, wide)
        return np.clip(levels, levels[0], levels[-1])


@dataclass(frozen=True, eq=False)
class Spending:
    """The sum of amounts over the chosen pairs, such as the number or the value of accounts that move."""

    name: str
    amount: np.ndarray

    def within(self, problem: Problem, level: float) -> Problem:
        """Add a budget."""
        budget = Budget(f"{self.name} held", self.amount, float(level))
        return replace(problem, budgets=(*problem.budgets, budget))

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Add the amounts up."""
        return float(self.amount[chosen].sum())

    def goal(self, problem: Problem) -> Level:
        """Make the sum least."""
        return Level(self.name, self.amount)

    def between(self, tight: float, wide: float, points: int) -> np.ndarray:
        """Propose sums, evenly spaced; where all amounts are whole, whole ones."""
        levels = np.linspace(tight, max(tight, wide), points)
        return np.unique(np.round(levels)) if not (self.amount % 1).any() else levels


@dataclass(frozen=True, eq=False)
class Cost:
    """The problem's own objective, all prices included."""

    name: str = "value"

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Give the objective."""
        return problem.objective(chosen)

    def goal(self, problem: Problem) -> Level:
        """Make the objective least."""
        return Level(self.name, problem.cost, problem.fairness, limits=True)
