"""A price on unevenness: the bound against all plans and all prices, the search against both."""

from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import planning
from optimizer.core.assignment import Measure, Problem
from optimizer.core.certificate import Certificate
from optimizer.core.exact import relax
from optimizer.core.fair_assignment import assign_fairly, near
from optimizer.core.fair_bound import fair_bound, fair_value_of, shared_loads
from optimizer.core.fairness import Fairness, Notion

NOTIONS = get_args(Notion)


def company(hours, cost, notion, price):
    units, reps = np.shape(cost)
    unit, rep = np.repeat(np.arange(units), reps), np.tile(np.arange(reps), units)
    none = np.full(reps, np.inf)
    measure = Measure("hours", np.array(hours, dtype=float)[unit], -none, none)
    fair = Fairness("hours", np.full(reps, max(sum(hours), 1) / reps), notion, price)
    return Problem(units, reps, unit, rep, np.ravel(cost).astype(float), (measure,), (), (fair,))


def least(problem):
    choices = [np.flatnonzero(problem.unit == unit) for unit in range(problem.units)]
    return min(problem.objective(np.array(plan)) for plan in product(*choices))


@settings(deadline=None, max_examples=120)
@given(st.data())
def test_no_prices_whatever_prove_too_much(data):
    units, reps = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    whole = st.integers(0, 9)
    notion = data.draw(st.sampled_from(NOTIONS))
    hours = [data.draw(whole) for _ in range(units)]
    cost = [[data.draw(whole) for _ in range(reps)] for _ in range(units)]
    problem = company(hours, cost, notion, data.draw(st.sampled_from([0.0, 1.0, 30.0])))
    prices = np.array([data.draw(st.floats(-50, 50)) for _ in range(reps)])
    nothing = Certificate({"hours": np.zeros(reps)}, {})
    best = least(problem)
    assert fair_value_of(problem, nothing, (prices,)) <= best + 1e-6 * (1 + abs(best))


@pytest.mark.parametrize("notion", NOTIONS)
def test_the_bound_is_that_of_the_linear_program(notion):
    problem = planning(200, 6, candidates=6, seed=2, potential_tolerance=0.5).problem
    measure = problem.measure("potential")
    fair = Fairness("potential", (measure.lower + measure.upper) / 2, notion, 20_000.0)
    priced = replace(problem, fairness=(fair,))
    bound, judge = fair_bound(priced), relax(priced)
    assert bound.value == pytest.approx(judge.value, rel=3e-4)
    even = cost = fair.cost(shared_loads(priced, measure, bound.share))
    assert bound.value <= problem.cost @ bound.share + cost + 1e-3 * abs(bound.value)
    assert even >= 0


@pytest.mark.parametrize("notion", NOTIONS)
def test_plans_are_near_the_bound(notion):
    problem = planning(300, 6, candidates=6, seed=2, potential_tolerance=0.5).problem
    measure = problem.measure("potential")
    fair = Fairness("potential", (measure.lower + measure.upper) / 2, notion, 20_000.0)
    found = assign_fairly(replace(problem, fairness=(fair,)), time_limit=1.2, gap=0.02)
    assert found.cost == pytest.approx(replace(problem, fairness=(fair,)).objective(found.chosen))
    assert found.gap < 0.05


def test_a_curve_bends_where_loads_leave_the_tangent():
    # 10 hours each; moving one leaves u = .9 and 1.1, where a bend touches the parabola
    problem = company([9, 1, 10], [[0, 0]] * 3, "jain", 10.0)
    exact = replace(fair_bound(problem), share=np.array([1.0, 0, 1, 0, 0, 1]))
    surrogate = near(problem, exact, 0.01)
    assert surrogate.objective(np.array([0, 2, 5])) == pytest.approx(0.0, abs=1e-9)
    assert surrogate.objective(np.array([0, 3, 5])) == pytest.approx(10 * 0.01)
    assert problem.objective(np.array([0, 3, 5])) == pytest.approx(10 * 0.01)


def test_a_start_that_is_best_already_stays():
    problem = company([1] * 3, [[0, 9]] * 3, "range", 0.1)
    found = assign_fairly(problem, time_limit=1.0, start=np.array([0, 2, 4]))
    assert found.cost == pytest.approx(problem.objective(np.array([0, 2, 4])))
