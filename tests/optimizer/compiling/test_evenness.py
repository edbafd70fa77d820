"""Even shares against what can be seen by eye, and against the quadratic program they also solve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from optimizer.compiling.evenness import most_even_loads
from scenarios import NoPlanExists


def test_without_restrictions_everybody_gets_in_proportion():
    loads = most_even_loads(np.array([60.0, 40.0]), np.ones((2, 3), dtype=bool), np.array([1.0, 1.0, 2.0]))
    assert loads == pytest.approx([25.0, 25.0, 50.0])


def test_the_only_taker_gets_all_and_the_others_share_evenly():
    allowed = np.array([[True, False, False], [False, True, True]])
    assert most_even_loads(np.array([80.0, 20.0]), allowed, np.ones(3)) == pytest.approx([80.0, 10.0, 10.0])


def test_limits_pass_the_rest_on():
    anybody = np.ones((1, 3), dtype=bool)
    loads = most_even_loads(
        np.array([90.0]), anybody, np.ones(3), np.array([0.0, 50.0, 0.0]), np.array([10.0, 60.0, 99.0])
    )
    assert loads == pytest.approx([10.0, 50.0, 30.0])
    with pytest.raises(NoPlanExists):
        most_even_loads(np.array([90.0]), anybody, np.ones(3), None, np.full(3, 20.0))


def test_nothing_for_those_of_no_size_and_nothing_lost_for_want_of_takers():
    allowed = np.array([[True, True], [True, False]])
    assert most_even_loads(np.array([10.0, 5.0]), allowed, np.array([0.0, 2.0])) == pytest.approx([0.0, 10.0])


@given(st.integers(0, 10_000))
def test_they_minimize_the_sum_of_squares_over_size(seed):
    chance = np.random.default_rng(seed)
    groups, takers = chance.integers(1, 5), chance.integers(1, 5)
    allowed = chance.random((groups, takers)) < 0.6
    allowed[np.arange(groups), chance.integers(0, takers, groups)] = True
    amounts, base = chance.integers(1, 50, groups).astype(float), chance.integers(1, 5, takers).astype(float)
    loads = most_even_loads(amounts, allowed, base)
    assert loads.sum() == pytest.approx(amounts.sum())
    # the quadratic program, over parts of groups
    pairs = np.argwhere(allowed)
    to_taker = (pairs[:, 1][None, :] == np.arange(takers)[:, None]).astype(float)
    to_group = (pairs[:, 0][None, :] == np.arange(groups)[:, None]).astype(float)
    start = (amounts / allowed.sum(axis=1))[pairs[:, 0]]
    answer = minimize(
        lambda y: ((to_taker @ y) ** 2 / base).sum(),
        start,
        jac=lambda y: to_taker.T @ (2 * (to_taker @ y) / base),
        bounds=[(0, None)] * len(pairs),
        constraints={"type": "eq", "fun": lambda y: to_group @ y - amounts, "jac": lambda y: to_group},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert (loads**2 / base).sum() == pytest.approx(answer.fun, rel=1e-4)
