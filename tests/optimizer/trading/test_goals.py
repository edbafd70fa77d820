"""Goals on a company of two reps."""

import numpy as np
import pytest

from optimizer.core.assignment import Measure, Problem
from optimizer.trading.goals import Cost, Evenness, Spending


def company():
    """Two customers of 5 and 15 hours; the second rep costs 1 and 3."""
    none = np.full(2, np.inf)
    hours = Measure("hours", np.array([5.0, 5, 15, 15]), -none, none)
    return Problem(2, 2, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0.0, 1, 0, 3]), (hours,))


def test_a_goal_says_where_a_plan_stands_and_keeps_it_there():
    problem, apart = company(), np.array([0, 3])
    even = Evenness("hours", np.full(2, 10.0))
    moves = Spending("moves", np.array([0.0, 1, 0, 1]))
    assert even.reached(problem, apart) == pytest.approx(0.5)
    assert even.reached(problem, np.array([0, 2])) == pytest.approx(1.0)
    assert moves.reached(problem, apart) == 1.0
    assert Cost().reached(problem, apart) == 3.0
    assert np.isfinite(even.within(problem, 0.5).objective(apart))
    assert even.within(problem, 0.4).objective(apart) == np.inf
    assert moves.within(problem, 0).objective(apart) == np.inf
    for goal, value in ((even, 0.5), (moves, 1.0), (Cost(), 3.0)):
        assert goal.goal(problem).value(problem, apart) == pytest.approx(value)


def test_levels_lie_between_the_ends():
    moves = Spending("moves", np.array([1.0, 0, 1, 0]))
    assert moves.between(0, 4, 3).tolist() == [0, 2, 4]
    assert moves.between(0, 1, 5).tolist() == [0, 1]  # there is no half a move
    assert Spending("travel", np.array([0.5, 1])).between(1, 2, 3).tolist() == [1, 1.5, 2]
    even = Evenness("hours", np.ones(2))
    assert even.between(0.01, 0.16, 3) == pytest.approx([0.01, 0.04, 0.16])
    assert even.between(0.0, 0.2, 3) == pytest.approx([0.0, 0.02, 0.2])
