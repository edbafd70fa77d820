"""The bound: never above any choice, as high as the linear relaxation, and provable in a few lines from
prices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_problems import brute_force, problems

from benchmarks.instances import planning
from optimizer.core import exact
from optimizer.core.assignment import Measure, Problem
from optimizer.core.bound import contradicts, lower_bound, value_of
from optimizer.core.certificate import Certificate
from optimizer.core.rows import compile_rows


@given(problems())
def test_no_choice_costs_less_than_the_bound(problem):
    bound = lower_bound(problem)
    best = brute_force(problem)
    assert bound.value <= best + 1e-6 * max(1.0, abs(best)) or np.isinf(best)
    assert value_of(problem, bound.certificate) == pytest.approx(bound.value, rel=1e-9, abs=1e-6)


@given(problems(), st.integers(0, 2**32 - 1))
def test_any_prices_at_all_give_a_true_bound(problem, seed):
    rng = np.random.default_rng(seed)
    prices = Certificate(
        {m.name: rng.normal(0, 5, problem.reps) for m in problem.measures},
        {b.name: float(rng.normal(0, 5)) for b in problem.budgets},
    )
    assert value_of(problem, prices) <= brute_force(problem) + 1e-6


@given(problems())
def test_what_is_called_contradictory_has_no_plan(problem):
    if contradicts(compile_rows(problem)) is not None:
        assert np.isinf(brute_force(problem))


def test_by_hand():
    # Two customers of 10 h cost 1 at rep 0 and 4 at rep 1; rep 0 has 15 h. Divided, 5 h must move: 0.5 x 3.
    problem = Problem(
        2, 2, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 4.0, 1.0, 4.0]),
        (Measure("hours", np.full(4, 10.0), np.full(2, -np.inf), np.array([15.0, 100.0])),),
    )  # fmt: skip
    bound = lower_bound(problem)
    assert bound.value == pytest.approx(1 + 1 + 0.5 * 3, abs=1e-4)
    # An hour more for rep 0 saves a tenth of 4 - 1.
    assert bound.certificate.measures["hours"] == pytest.approx([0.3, 0.0], abs=1e-3)


@pytest.mark.parametrize("options", [{}, {"move_limit": 30}, {"hours_tolerance": 0.01}])
def test_reaches_the_optimum_of_the_linear_relaxation(options):
    problem = planning(300, 10, candidates=8, seed=3, **options).problem
    assert lower_bound(problem).value == pytest.approx(exact.relax(problem).value, rel=1e-5)


def test_the_sparse_matrix_does_what_the_dense_one_does(monkeypatch):
    problem = planning(300, 30, candidates=5, seed=1).problem
    dense = lower_bound(problem).value
    monkeypatch.setattr("optimizer.core.interior_point.MOST_DENSE_ROWS", 0)
    assert lower_bound(problem).value == pytest.approx(dense, rel=1e-6)


def test_limits_that_contradict_each_other_are_found():
    hours = Measure("hours", np.full(4, 10.0), np.full(2, -np.inf), np.array([5.0, 10.0]))
    problem = Problem(2, 2, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.arange(4.0), (hours,))
    assert contradicts(compile_rows(problem)) is not None
