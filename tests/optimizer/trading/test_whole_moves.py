"""Cuts from whole customers: by hand, and never at the cost of any plan."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.core.assignment import Measure, Problem
from optimizer.core.bound import lower_bound
from optimizer.trading.whole_moves import COME, STAY, stays, with_whole_moves


def company(amounts, owner, low, high, reps=2):
    """Everybody may go to every rep; a pair costs 1 where the customer moves."""
    units = len(amounts)
    unit, rep = np.repeat(np.arange(units), reps), np.tile(np.arange(reps), units)
    moves = (rep != np.array(owner)[unit]).astype(float)
    limits = (np.broadcast_to(np.asarray(limit, dtype=float), reps).copy() for limit in (low, high))
    measure = Measure("hours", np.array(amounts, dtype=float)[unit], *limits)
    return Problem(units, reps, unit, rep, moves, (measure,))


def test_two_whole_customers_leave_where_the_relaxation_moves_one_and_a_fifth():
    # 20 hours in the first book, 14 allowed: 6 hours too many are 1.2 customers of 5 hours, so two.
    problem = company([5, 5, 5, 5], [0, 0, 0, 0], 0, 14)
    assert lower_bound(problem).value == pytest.approx(1.2, abs=1e-4)
    cut = with_whole_moves(problem, stays(problem, problem.cost))
    assert cut.measure(STAY).upper.tolist() == [2, np.inf]
    assert lower_bound(cut).value == pytest.approx(2, abs=1e-4)


def test_the_largest_customers_count_first():
    # 12 hours too few in the second book: 7 + 4 are not enough, 7 + 4 + 2 are.
    problem = company([7, 4, 2, 1, 3], [0, 0, 0, 0, 1], [0, 15], np.inf)
    cut = with_whole_moves(problem, stays(problem, problem.cost))
    assert cut.measure(COME).lower.tolist() == [-np.inf, 3]
    assert lower_bound(cut).value == pytest.approx(3, abs=1e-4)


def test_books_within_their_limits_need_no_cut():
    problem = company([5, 5], [0, 1], 0, 10)
    assert with_whole_moves(problem, stays(problem, problem.cost)) is problem


def test_a_goal_that_is_not_about_moves_has_nobody_at_home():
    problem = company([5, 5], [0, 1], 0, 10)
    assert stays(problem, np.ones(4)) is None
    assert stays(problem, np.zeros(4)) is None


@settings(max_examples=60)
@given(st.data())
def test_no_plan_is_cut_off(data):
    units, reps = data.draw(st.integers(1, 5)), data.draw(st.integers(2, 3))
    amounts = data.draw(st.lists(st.integers(0, 9), min_size=units, max_size=units))
    owner = data.draw(st.lists(st.integers(0, reps), min_size=units, max_size=units))  # the last: nobody here
    low = data.draw(st.lists(st.integers(0, 8), min_size=reps, max_size=reps))
    high = [value + data.draw(st.integers(0, 12)) for value in low]
    problem = company(amounts, owner, low, high, reps)
    stay = stays(problem, problem.cost)
    if stay is None:
        return
    cut = with_whole_moves(problem, stay)
    starts = problem.starts[:-1]
    for plan in product(range(reps), repeat=units):
        chosen = starts + np.array(plan)
        assert cut.objective(chosen) == problem.objective(chosen)
