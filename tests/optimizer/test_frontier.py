"""Trade-offs, against trying all plans."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import planning
from optimizer.assignment import Measure, Problem
from optimizer.frontier import Evenness, Spending, frontier
from scenarios import NoPlanExists


def company(hours, cost):
    units, reps = np.shape(cost)
    unit, rep = np.repeat(np.arange(units), reps), np.tile(np.arange(reps), units)
    none = np.full(reps, np.inf)
    measure = Measure("hours", np.array(hours, dtype=float)[unit], -none, none)
    return Problem(units, reps, unit, rep, np.ravel(cost).astype(float), (measure,))


def all_plans(problem):
    choices = [np.flatnonzero(problem.unit == unit) for unit in range(problem.units)]
    return [np.array(plan) for plan in product(*choices)]


def test_evenness_is_bought_customer_by_customer():
    # four customers of 5 hours at the first rep for nothing; at the second they cost 1 and 3, 7, 9
    problem = company([5, 5, 5, 5], [[0, 1], [0, 3], [0, 7], [0, 9]])
    found = frontier(problem, Evenness("hours", np.full(2, 10.0)), levels=[1.0, 0.5, 0.2, 0.0], gap=0.0)
    assert [point.plan.cost for point in found.points] == pytest.approx([0, 1, 4, 4])
    assert [point.plan.bound for point in found.points] == pytest.approx([0, 1, 4, 4], abs=1e-5)
    assert [point.dominated for point in found.points].count(True) == 1  # .2 and 0 have the same plan
    assert len(found.best) == 3


def test_levels_without_a_plan_are_told():
    problem = company([5, 10], [[0, 1], [0, 3]])
    found = frontier(problem, Evenness("hours", np.full(2, 7.5)), levels=[1.0, 0.5, 0.01])
    assert [point.level for point in found.points] == [1.0, 0.5]
    assert found.missing == ((0.01, "none found in time"),)
    with pytest.raises(NoPlanExists):
        frontier(problem, Evenness("hours", np.full(2, 7.5)), levels=[0.01])


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_each_point_is_the_best_within_its_level(data):
    units, reps = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    few = st.integers(0, 6)
    hours = [data.draw(st.integers(1, 6)) for _ in range(units)]
    problem = company(hours, [[data.draw(few) for _ in range(reps)] for _ in range(units)])
    amount = np.array([data.draw(st.integers(0, 2)) for _ in problem.cost], dtype=float)
    share = np.full(reps, sum(hours) / reps)
    axis = data.draw(st.sampled_from([Evenness("hours", share), Spending("moves", amount)]))
    plans = all_plans(problem)
    levels = sorted({axis.reached(problem, plan) for plan in plans})[:4]
    found = frontier(problem, axis, levels=levels, gap=0.0, time_limit=60)
    assert len(found.points) == len(levels)
    for point in found.points:
        allowed = [plan for plan in plans if axis.reached(problem, plan) <= point.level + 1e-9]
        assert point.plan.cost == pytest.approx(min(problem.objective(plan) for plan in allowed), abs=1e-6)
        assert point.plan.bound <= point.plan.cost
        assert point.reached <= point.level + 1e-5
    costs = [point.plan.cost for point in found.points]
    assert all(a <= b + 1e-9 for a, b in pairwise(costs))
    at = {(round(point.reached, 6), round(point.plan.cost, 6)) for point in found.best}
    assert not any(a != b and a[0] <= b[0] and a[1] <= b[1] for a in at for b in at)


def test_a_company_pays_for_evenness_at_every_point():
    problem = planning(400, 8, candidates=8, seed=1, potential_tolerance=0.3).problem
    measure = problem.measure("potential")
    found = frontier(
        problem, Evenness("potential", (measure.lower + measure.upper) / 2), points=4, time_limit=4
    )
    costs = [point.plan.cost for point in found.points]
    bounds = [point.plan.bound for point in found.points]
    assert costs == sorted(costs)
    assert bounds == sorted(bounds)
    assert all(point.plan.gap < 0.05 for point in found.points)


def test_default_levels_of_spending_lie_where_plans_are():
    problem = company([1, 1, 1], [[1, 2], [1, 3], [1, 2]])
    levels = Spending("moves", np.array([1.0, 0, 1, 0, 1, 0])).levels(problem, 4)
    assert levels == pytest.approx([3.0, 2.25, 1.5, 0.75], abs=1e-3)
