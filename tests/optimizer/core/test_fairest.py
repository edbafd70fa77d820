"""The fairest whole plans, against trying all of them."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import planning
from optimizer.core.assignment import Measure, Problem
from optimizer.core.fairest import fairest, within
from optimizer.core.leximin import leximin_key
from scenarios import NoPlanExists


def towns(hours, allowed, cost=None):
    """Customers with hours, who may have which rep, and what each pair costs (0 unless given)."""
    unit, rep = np.nonzero(np.array(allowed))
    costs = np.zeros(len(unit)) if cost is None else np.array(cost, dtype=float)[unit, rep]
    reps = len(allowed[0])
    limits = np.full(reps, -np.inf), np.full(reps, np.inf)
    measure = Measure("hours", np.array(hours, dtype=float)[unit], *limits)
    return Problem(len(hours), reps, unit, rep, costs, (measure,))


def all_plans(problem):
    return [np.array(p) for p in product(*(np.flatnonzero(problem.unit == u) for u in range(problem.units)))]


def even(problem):
    total = problem.measures[0].amount[problem.starts[:-1]].sum()
    return np.full(problem.reps, max(total, 1.0) / problem.reps)


def test_evens_out_whom_it_can_once_nobody_can_help_the_first():
    # the first rep alone may have the first customer, 16 hours; 2 + 6 + 6 split best as 8 and 6
    problem = towns([16, 2, 6, 6], [[1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 1, 1]])
    found = fairest(problem, "hours", np.full(3, 10.0))
    assert sorted(found.deviation) == pytest.approx([0.2, 0.4, 0.6])
    assert found.largest == pytest.approx(0.6)
    assert found.distance == pytest.approx(0.0, abs=1e-6)
    assert [stage.level for stage in found.stages] == pytest.approx(
        [0.6, 0.3]
    )  # split, they would have 7 each


def test_a_cost_limit_pays_for_one_move():
    # all four at the first rep cost nothing; each of 5 hours at the second costs 1, and 1 may be spent
    problem = towns([5, 5, 5, 5], [[1, 1]] * 4, [[0, 1]] * 4)
    assert fairest(problem, "hours", np.full(2, 10.0), cost_limit=1.0).largest == pytest.approx(0.5)
    assert fairest(problem, "hours", np.full(2, 10.0)).largest == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(NoPlanExists):
        fairest(problem, "hours", np.full(2, 10.0), cost_limit=-1.0)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_as_fair_and_as_cheap_as_the_best_of_all_plans(data):
    units, reps = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 4))
    whole = st.integers(1, 9)
    hours = [data.draw(whole) for _ in range(units)]
    allowed = [[data.draw(st.booleans()) for _ in range(reps)] for _ in range(units)]
    for row in allowed:
        row[data.draw(st.integers(0, reps - 1))] = True
    problem = towns(hours, allowed, [[data.draw(whole) for _ in range(reps)] for _ in range(units)])
    plans, share = all_plans(problem), even(problem)
    limit = data.draw(st.sampled_from([None, *sorted({problem.objective(plan) for plan in plans})[:4]]))
    best = min(
        (leximin_key(problem.loads(problem.measures[0], plan), share, 6), problem.objective(plan))
        for plan in plans
        if limit is None or problem.objective(plan) <= limit
    )
    found = fairest(problem, "hours", share, cost_limit=limit, time_limit=30)
    assert sorted(found.deviation, reverse=True) == pytest.approx(list(best[0]), abs=1e-5)
    assert found.plan.cost == pytest.approx(best[1])
    assert found.bound <= best[0][0] + 1e-6
    levels = [stage.level for stage in found.stages]
    assert all(a >= b - 1e-7 for a, b in pairwise(levels))


@pytest.mark.parametrize(
    ("hours", "allowed"),
    [
        ([3, 4], [[1], [1]]),  # one rep
        ([3], [[1, 1, 1]]),  # more reps than customers
        ([3, 4], [[1, 0], [1, 0]]),  # all locked
    ],
)
def test_odd_shapes(hours, allowed):
    problem = towns(hours, allowed)
    share = even(problem)
    found = fairest(problem, "hours", share)
    best = min(leximin_key(problem.loads(problem.measures[0], plan), share, 6) for plan in all_plans(problem))
    assert sorted(found.deviation, reverse=True) == pytest.approx(list(best), abs=1e-6)


def test_a_company_is_as_even_as_proved_within_a_tenth_of_a_point():
    problem = planning(400, 8, candidates=8, seed=1).problem
    measure = problem.measure("potential")
    share = (measure.lower + measure.upper) / 2
    found = fairest(problem, "potential", share, time_limit=20)
    assert found.distance <= 1e-3
    assert np.isfinite(problem.objective(found.plan.chosen))
    assert found.plan.bound <= found.plan.cost == pytest.approx(problem.objective(found.plan.chosen))
    # with a limit on the cost it can only be less even, and never more even than its bound
    limit = 1.01 * found.plan.bound
    limited = fairest(problem, "potential", share, cost_limit=limit, time_limit=3)
    assert limited.plan.cost <= limit * (1 + 1e-6)
    assert limited.largest >= limited.bound - 1e-9


def test_a_band_beside_limits_at_a_price():
    problem = towns([5, 5], [[1, 1], [1, 1]])
    (hours,) = problem.measures
    soft = Measure("hours", hours.amount, hours.lower, np.array([0.0, np.inf]), price=2.0)
    banded = within(
        Problem(2, 2, problem.unit, problem.rep, problem.cost, (soft,)), "hours", even(problem), 0.1
    )
    assert banded.objective(np.array([0, 3])) == pytest.approx(10.0)  # 5 hours outside at 2 each
    assert banded.objective(np.array([0, 2])) == np.inf
