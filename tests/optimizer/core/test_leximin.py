"""The fairest loads against what can be seen by eye and against linear programs of another form."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.fairness import Fairness
from optimizer.core.leximin import leximin, leximin_key, price_of_fairness
from scenarios import NoPlanExists


def towns(hours, allowed, cost=None, **more):
    """Customers with hours, who may have which rep, and what each pair costs (0 unless given)."""
    unit, rep = np.nonzero(np.array(allowed))
    costs = np.zeros(len(unit)) if cost is None else np.array(cost, dtype=float)[unit, rep]
    reps = len(allowed[0])
    limits = np.full(reps, -np.inf), np.full(reps, np.inf)
    measure = Measure("hours", np.array(hours, dtype=float)[unit], *limits)
    return Problem(len(hours), reps, unit, rep, costs, (measure,), **more)


def test_settles_whom_nobody_can_help_and_goes_on_with_the_others():
    # the first rep alone may have the first customer, 16 hours; the others share 2 + 6 + 6
    problem = towns([16, 2, 6, 6], [[1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 1, 1]])
    found = leximin(problem, "hours", np.full(3, 10.0))
    assert found.load == pytest.approx([16, 7, 7])
    assert found.deviation == pytest.approx([0.6, 0.3, 0.3])
    assert [stage.level for stage in found.stages] == pytest.approx([0.6, 0.3])
    assert [stage.bound for stage in found.stages] == pytest.approx([0.6, 0.3])
    assert found.stages[0].settled.tolist() == [0]


def test_a_cost_limit_buys_as_much_evenness_as_it_pays_for():
    # all 20 hours belong to the first rep; an hour moved to the second costs 1 a hour, and 4 may be spent
    problem = towns([20], [[1, 1]], cost=[[0, 20]])
    found = leximin(problem, "hours", np.full(2, 10.0), cost_limit=4.0)
    assert found.load == pytest.approx([16, 4])
    assert found.stages[0].level == pytest.approx(0.6)
    assert found.cost == pytest.approx(4.0)
    assert found.part == pytest.approx([0.8, 0.2])
    assert leximin(problem, "hours", np.full(2, 10.0)).cost == pytest.approx(10.0)


def test_of_the_fairest_plans_the_cheapest():
    # either way both have 10 hours; a limit nobody needs changes nothing
    problem = towns([10, 10], [[1, 1], [1, 1]], cost=[[1, 5], [7, 2]])
    for limit in (None, 3.0, 8.0, 12.0, 50.0):
        found = leximin(problem, "hours", np.full(2, 10.0), limit)
        assert found.stages[0].level == pytest.approx(0.0, abs=1e-9)
        assert found.cost == pytest.approx(1 + 2)


def test_keeps_hard_limits_and_budgets():
    even = np.full(2, 10.0)
    problem = towns([20], [[1, 1]])
    (hours,) = problem.measures
    limited = replace(problem, measures=(replace(hours, upper=np.array([np.inf, 7.0])),))
    assert leximin(limited, "hours", even).load == pytest.approx([13, 7])
    budget = Budget("moved hours", np.array([0.0, 20.0]), 5.0)
    assert leximin(replace(problem, budgets=(budget,)), "hours", even).load == pytest.approx([15, 5])


def test_a_cost_limit_counts_the_prices_of_limits_and_of_unevenness():
    # hours of the second rep beyond 5 cost 2 each, and 6 may be spent: 3 more
    even = np.full(2, 10.0)
    problem = towns([20], [[1, 1]])
    (hours,) = problem.measures
    soft = replace(problem, measures=(replace(hours, upper=np.array([np.inf, 5.0]), price=2.0),))
    assert leximin(soft, "hours", even, cost_limit=6.0).load == pytest.approx([12, 8])
    # 1 and 19 hours are wanted, a deviation of 1 costs 10, and 20 may be spent: 3 hours for the first rep
    wanted = Fairness("hours", np.array([1.0, 19.0]), "maximum deviation", 10.0)
    priced = replace(problem, fairness=(wanted,))
    found = leximin(priced, "hours", even, cost_limit=20.0)
    assert wanted.cost(found.load) == pytest.approx(20.0)
    assert found.load == pytest.approx([3, 17])


def test_says_so_when_nothing_is_within_the_limits():
    problem = towns([20], [[1, 1]], cost=[[5, 9]])
    with pytest.raises(NoPlanExists, match="the hard limits and a cost of 4 cannot"):
        leximin(problem, "hours", np.ones(2), cost_limit=4.0)
    with pytest.raises(ValueError, match="no measure 'days'"):
        leximin(problem, "days", np.ones(2))
    with pytest.raises(ValueError, match="shares must be 2 numbers"):
        leximin(problem, "hours", np.ones(3))


@st.composite
def problems(draw):
    units, reps = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    allowed = np.array([draw(st.lists(st.booleans(), min_size=reps, max_size=reps)) for _ in range(units)])
    allowed[~allowed.any(axis=1), 0] = True
    hours = draw(st.lists(st.integers(1, 20), min_size=units, max_size=units))
    whole = st.lists(st.integers(0, 9), min_size=reps, max_size=reps)
    cost = [draw(whole) for _ in range(units)]
    share = np.array(draw(st.lists(st.integers(3, 30), min_size=reps, max_size=reps)), dtype=float)
    return towns(hours, allowed, cost), share, draw(st.none() | st.floats(0.0, 1.0))


def loads_matrix(problem):
    (hours,) = problem.measures
    matrix = np.zeros((problem.reps, len(problem.cost)))
    matrix[problem.rep, np.arange(len(problem.cost))] = hours.amount
    return matrix


def least_sum_of_largest(problem, share, k, limit, known):
    """Ogryczak's program for the least sum of the k largest deviations, given the lesser sums."""
    pairs, reps = len(problem.cost), problem.reps
    spread = loads_matrix(problem) / share[:, None]
    # columns: parts, then for each sum m = 1..k a threshold t and an excess d by rep
    count = pairs + k * (1 + reps)
    above, right = [], []
    for m in range(1, k + 1):
        start = pairs + (m - 1) * (1 + reps)
        for sign in (1, -1):
            rows = np.zeros((reps, count))
            rows[:, :pairs] = sign * spread
            rows[:, start] = -1
            rows[np.arange(reps), start + 1 + np.arange(reps)] = -1
            above.append(rows)
            right.append(np.full(reps, float(sign)))
        total = np.zeros((1, count))
        total[0, start], total[0, start + 1 : start + 1 + reps] = m, 1
        if m < k:
            above.append(total)
            right.append(np.array([known[m - 1] + 1e-7]))
    money = np.zeros((1, count))
    money[0, :pairs] = problem.cost
    choose = np.zeros((problem.units, count))
    choose[problem.unit, np.arange(pairs)] = 1
    answer = linprog(
        total[0],
        A_ub=np.concatenate([*above, money]),
        b_ub=np.concatenate([*right, [limit]]),
        A_eq=choose,
        b_eq=np.ones(problem.units),
        bounds=[(0, None)] * pairs + [(None, None), *[(0, None)] * reps] * k,
    )
    assert answer.status == 0
    return answer.fun


@settings(max_examples=40, deadline=None)
@given(problems())
def test_sums_of_the_largest_deviations_are_least_one_after_the_other(case):
    problem, share, within = case
    cheap = np.minimum.reduceat(problem.cost, problem.starts[:-1]).sum()
    dear = np.maximum.reduceat(problem.cost, problem.starts[:-1]).sum()
    limit = None if within is None else cheap + within * (dear - cheap)
    found = leximin(problem, "hours", share, limit)
    known = []
    for k in range(1, problem.reps + 1):
        known.append(least_sum_of_largest(problem, share, k, dear + 1 if limit is None else limit, known))
    assert np.cumsum(leximin_key(found.load, share)) == pytest.approx(known, abs=1e-5)
    # what the answer says of itself
    assert loads_matrix(problem) @ found.part == pytest.approx(found.load, abs=1e-6)
    assert found.cost == pytest.approx(problem.cost @ found.part, abs=1e-6)
    assert limit is None or found.cost <= limit + 1e-5
    levels = np.concatenate([np.full(len(stage.settled), stage.level) for stage in found.stages])
    assert levels == pytest.approx(np.sort(found.deviation)[::-1], abs=1e-5)
    assert np.array_equal(np.sort(np.concatenate([s.settled for s in found.stages])), np.arange(problem.reps))
    for stage in found.stages:
        assert stage.bound == pytest.approx(stage.level, abs=1e-6)


def test_the_key_orders_plans():
    share = np.full(3, 10.0)
    one, other = np.array([5.0, 15.0, 10.0]), np.array([5.0, 14.0, 11.0])
    assert leximin_key(one, share) == (0.5, 0.5, 0.0)
    assert leximin_key(other, share) == (0.5, 0.4, 0.1)
    assert leximin_key(other, share) < leximin_key(one, share)


def test_the_price_of_fairness_is_what_the_fair_plan_gives_up():
    assert price_of_fairness(200.0, 190.0) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="must be > 0"):
        price_of_fairness(0.0, 0.0)
