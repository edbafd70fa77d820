"""Goals in strict order, each in its own unit: what a plan comes to, goal by goal."""

from collections.abc import Sequence

import numpy as np

from optimizer.asking.sums import Sums
from optimizer.core.assignment import Problem
from optimizer.core.priorities import Level

WEIGHTED = "the weighted sum"
"""What comes after all goals: all costs and prices added."""


def unit_of(goal: str) -> str:
    """Say what a goal is counted in: customers, or money a year."""
    return "customers" if goal == "moves" else "money"


def goal_values(problem: Problem, levels: Sequence[Level], chosen: np.ndarray) -> dict[str, float]:
    """Give what chosen pairs (positions; -1: none) come to goal by goal; hard limits may be broken."""
    return {level.name: Sums.of(level.problem(problem), chosen).objective for level in levels}
