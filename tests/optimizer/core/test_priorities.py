"""Objectives in strict order, against trying all plans."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.core.assignment import Measure, Problem
from optimizer.core.fairness import Fairness
from optimizer.core.priorities import Cap, Level, assign_in_order, tangent


def company(hours, first, second, price=np.inf, upper=np.inf):
    """Customers with hours whom anybody may have; two costs a pair."""
    units, reps = np.shape(first)
    unit, rep = np.repeat(np.arange(units), reps), np.tile(np.arange(reps), units)
    measure = Measure(
        "hours", np.array(hours, dtype=float)[unit], np.full(reps, -np.inf), np.full(reps, upper), price
    )
    problem = Problem(units, reps, unit, rep, np.ravel(first).astype(float), (measure,))
    return problem, np.ravel(first).astype(float), np.ravel(second).astype(float)


def all_plans(problem):
    choices = [np.flatnonzero(problem.unit == unit) for unit in range(problem.units)]
    return [np.array(plan) for plan in product(*choices)]


def test_the_second_goal_decides_only_among_the_best_of_the_first():
    # either rep does for the first customer, 3 each; of these the second goal wants the second rep
    problem, travel, moves = company([1, 1], [[3, 3], [1, 2]], [[1, 0], [1, 0]])
    found = assign_in_order(problem, [Level("travel", travel), Level("moves", moves)])
    assert found.plan.owner.tolist() == [1, 0]
    assert found.values == pytest.approx((4.0, 1.0))
    assert [step.status for step in found.steps] == ["optimal", "optimal"]
    # a quarter more travel, 5 instead of 4, buys the other move
    found = assign_in_order(problem, [Level("travel", travel, slack=0.25), Level("moves", moves)])
    assert found.values == pytest.approx((5.0, 0.0))


def test_limits_at_a_price_count_where_a_level_says_so():
    # beyond 1 hour each costs 10: with it one customer each, without it both at the cheap rep
    problem, travel, _ = company([1, 1], [[1, 5], [1, 5]], [[0, 0], [0, 0]], price=10.0, upper=1.0)
    with_limits = assign_in_order(problem, [Level("all", travel, limits=True)])
    assert sorted(with_limits.plan.owner) == [0, 1]
    assert assign_in_order(problem, [Level("travel", travel)]).plan.owner.tolist() == [0, 0]
    held = assign_in_order(
        problem, [Level("limits", limits=True), Level("travel", travel)], caps=[Cap(Level("c", travel), 6.0)]
    )
    assert held.values == pytest.approx((0.0, 6.0))


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_is_the_best_of_all_plans_in_strict_order(data):
    units, reps = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    few = st.integers(0, 4)
    hours = [data.draw(st.integers(1, 6)) for _ in range(units)]
    table = [[[data.draw(few) for _ in range(reps)] for _ in range(units)] for _ in range(2)]
    problem, first, second = company(hours, *table)
    share = np.full(reps, sum(hours) / reps)
    notion = data.draw(st.sampled_from(["maximum deviation", "gini", "range", "mean deviation", "jain"]))
    levels = [
        Level("first", first, slack=data.draw(st.sampled_from([0.0, 0.5]))),
        Level("fair", fairness=(Fairness("hours", share, notion, 1.0),)),
        Level("second", second),
    ]
    order = data.draw(st.permutations(levels))
    plans = all_plans(problem)
    for level in order:
        values = np.array([level.value(problem, plan) for plan in plans])
        most = values.min() + level.slack * abs(values.min()) + 1e-6
        plans = [plan for plan, value in zip(plans, values, strict=True) if value <= most]
        best = values.min()
    found = assign_in_order(problem, order, time_limit=60)
    assert order[-1].value(problem, found.plan.chosen) == pytest.approx(best, abs=1e-5)
    for step in found.steps:
        assert step.bound <= step.cost + 1e-9
        assert step.cost - step.bound <= 1e-5 * max(1, abs(step.cost))


def test_a_tangent_lies_below_and_touches():
    rng = np.random.default_rng(3)
    problem, first, _ = company([1, 2, 3], rng.random((3, 3)), np.zeros((3, 3)), price=2.0, upper=2.5)
    terms = tuple(
        Fairness("hours", np.full(3, 2.0), notion, 1.5) for notion in ("jain", "gini", "maximum deviation")
    )
    priced = Problem(3, 3, problem.unit, problem.rep, first, problem.measures, (), terms)
    plans = all_plans(priced)
    for plan in plans:
        amount, rest = tangent(priced, plan)
        assert amount[plan].sum() + rest == pytest.approx(priced.objective(plan))
        for other in plans:
            assert amount[other].sum() + rest <= priced.objective(other) + 1e-9


def test_wants_a_level():
    problem, *_ = company([1], [[1]], [[1]])
    with pytest.raises(ValueError, match="at least one level"):
        assign_in_order(problem, [])
