"""Trade-offs, against trying all plans."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_problems import problems

from benchmarks.fairness import fair_share
from benchmarks.instances import planning
from optimizer.core.assignment import Measure, Problem
from optimizer.core.bound import lower_bound
from optimizer.trading.frontier import frontier
from optimizer.trading.goals import Cost, Evenness, Spending
from optimizer.trading.whole_moves import stays, with_whole_moves
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


def pareto_front(problem, goals, digits=5):
    """Where plans stand that no other plan is as good as in all goals and better in one."""
    plans = [plan for plan in all_plans(problem) if np.isfinite(problem.objective(plan))]
    at = {tuple(round(goal.reached(problem, plan), digits) + 0.0 for goal in goals) for plan in plans}

    def better(one, other):
        return one != other and all(a <= b for a, b in zip(one, other, strict=True))

    return {mine for mine in at if not any(better(other, mine) for other in at)}


def near(place, front):
    return any(place == pytest.approx(other, abs=3e-5, rel=3e-5) for other in front)


def test_evenness_is_bought_customer_by_customer():
    # four customers of 5 hours at the first rep for nothing; at the second they cost 1 and 3, 7, 9
    problem = company([5, 5, 5, 5], [[0, 1], [0, 3], [0, 7], [0, 9]])
    even = Evenness("hours", np.full(2, 10.0))
    found = frontier(problem, even, levels=[1.0, 0.5, 0.2, 0.0], gap=0.0)
    assert [point.least for point in found.points] == pytest.approx([0, 1, 4, 4])
    assert [point.plan.cost for point in found.points] == pytest.approx([0, 1, 4, 4])
    assert [point.bound for point in found.points] == pytest.approx([0, 1, 4, 4], abs=1e-5)
    assert [point.dominated for point in found.points].count(True) == 1  # .2 and 0 have the same plan
    assert len(found.best) == 3
    # Left to itself it goes from the most even there is to what the least cost leaves: 20 and 0 hours.
    whole = frontier(problem, even, points=5)
    assert [point.at for point in whole.best] == [pytest.approx(at) for at in ((1, 0), (0.5, 1), (0, 4))]
    assert (whole.ends[0].reached, whole.ends[0].bound) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_levels_without_a_plan_are_told():
    problem = company([5, 10], [[0, 1], [0, 3]])
    even = Evenness("hours", np.full(2, 7.5))
    found = frontier(problem, even, levels=[1.0, 0.5, 0.01])
    assert [point.levels for point in found.points] == [(1.0,), (0.5,)]
    assert found.missing == (((0.01,), "no plan exists"),)
    with pytest.raises(NoPlanExists):
        frontier(problem, even, levels=[0.01])


def axes_of(data, problem, hours):
    amounts = st.lists(st.integers(0, 3), min_size=len(problem.cost), max_size=len(problem.cost))
    share = np.full(problem.reps, sum(hours) / problem.reps)
    return {
        "balance": Evenness("hours", share),
        "moves": Spending("moves", np.array(data.draw(amounts), dtype=float)),
        "travel": Spending("travel", np.array(data.draw(amounts), dtype=float) * 1.1),
        "value": Cost(),
    }


def small_company(data):
    units, reps = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    hours = [data.draw(st.integers(1, 6)) for _ in range(units)]
    return hours, company(hours, [[data.draw(st.integers(0, 6)) for _ in range(reps)] for _ in range(units)])


@settings(max_examples=20)
@given(st.data())
def test_each_point_is_the_best_within_its_level(data):
    hours, problem = small_company(data)
    axes = axes_of(data, problem, hours)
    axis = axes[data.draw(st.sampled_from(["balance", "moves"]))]
    plans = all_plans(problem)
    levels = sorted({axis.reached(problem, plan) for plan in plans})[:4]
    found = frontier(problem, axis, levels=levels, gap=0.0, time_limit=60)
    assert len(found.points) == len(levels)
    for point in found.points:
        allowed = [plan for plan in plans if axis.reached(problem, plan) <= point.levels[0] + 1e-9]
        assert point.least == pytest.approx(min(problem.objective(plan) for plan in allowed), abs=1e-6)
        assert point.bound <= point.least
        assert point.reached[0] <= point.levels[0] + 1e-5
    costs = [point.least for point in found.points]
    assert all(a <= b + 1e-9 for a, b in pairwise(costs))


@settings(max_examples=25)
@given(st.data())
def test_every_point_is_on_the_pareto_front(data):
    """Two goals, or three; and where levels are those of the front, all of it is found."""
    hours, problem = small_company(data)
    axes = axes_of(data, problem, hours)
    over = data.draw(
        st.sampled_from(
            [
                ("balance", "moves"),
                ("balance", "travel"),
                ("balance", "value"),
                ("moves", "travel"),
                ("balance", "moves", "travel"),
            ]
        )
    )
    goals = [axes[name] for name in over]
    front = pareto_front(problem, goals)
    found = frontier(problem, goals[:-1], goals[-1], points=9)
    assert found.best
    for point in found.best:
        assert near(point.at, front), (point.at, front)
        assert point.bound == pytest.approx(point.least, abs=1e-4)
    if len(over) == 2:
        whole = frontier(problem, goals[:-1], goals[-1], levels=sorted({at[0] + 1e-5 for at in front}))
        assert len(whole.best) == len(front)
        for at in front:
            assert near(at, [point.at for point in whole.best])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(problems(notions=("maximum deviation", "gini")))
def test_every_kind_of_rule_may_stand_beside_the_goals(problem):
    goals = [Spending("moves", np.arange(len(problem.cost)) % 3.0), Cost()]
    front = pareto_front(problem, goals)
    if not front:
        with pytest.raises(NoPlanExists):
            frontier(problem, goals[0], points=4)
        return
    found = frontier(problem, goals[0], points=4)
    for point in found.best:
        assert near(point.at, front), (point.at, front)


def test_distance_against_disruption_under_balance_is_exact():
    """Sixty customers and five reps: proved, so no point may lie above what lies beside it."""
    made = planning(60, 5, candidates=5, seed=3, hours_tolerance=0.2, potential_tolerance=0.3)
    problem = made.problem
    away = np.hypot(*(made.place[problem.unit] - made.home[problem.rep]).T)
    disruption = np.where(problem.rep == made.owner[problem.unit], 0.0, made.potential[problem.unit])
    goals = Spending("disruption", disruption), Spending("travel", away)
    found = frontier(problem, goals[0], goals[1], points=6, time_limit=60)
    assert len(found.points) == 6
    for point in found.points:
        assert point.gap <= 1e-6
    ends = found.points[-1], found.points[0]
    for end, goal in zip(ends, goals, strict=True):
        alone = frontier(problem, goals[goal is goals[0]], goal, points=1).points[0]
        assert goal.reached(problem, end.plan.chosen) == pytest.approx(alone.least, rel=1e-6)


def test_a_company_pays_for_evenness_at_every_point():
    problem = planning(400, 8, candidates=8, seed=1, potential_tolerance=0.3).problem
    measure = problem.measure("potential")
    even = Evenness("potential", (measure.lower + measure.upper) / 2)
    found = frontier(problem, even, points=4, time_limit=8, gap=2e-3)
    costs = [point.plan.cost for point in found.points]
    bounds = [point.plan.bound for point in found.points]
    assert costs == sorted(costs)
    assert bounds == sorted(bounds)
    assert all(point.gap < 0.05 for point in found.points)
    assert found.ends[0].bound <= found.ends[0].reached < 0.01


def test_a_limit_of_work_gives_the_same_points_again():
    problem = planning(120, 5, candidates=5, seed=2, potential_tolerance=0.4).problem
    measure = problem.measure("potential")
    even = Evenness("potential", (measure.lower + measure.upper) / 2)
    one, other = (frontier(problem, even, points=3, work_limit=3e6) for _ in range(2))
    assert [point.at for point in one.points] == [point.at for point in other.points]


def test_an_interrupt_keeps_the_points_so_far():
    problem = company([5, 5, 5, 5], [[0, 1], [0, 3], [0, 7], [0, 9]])

    def stop(done, total, point):
        if done == 2:
            raise KeyboardInterrupt

    found = frontier(problem, Evenness("hours", np.full(2, 10.0)), levels=[1.0, 0.5, 0.2, 0.0], progress=stop)
    assert found.interrupted
    assert [point.levels for point in found.points] == [(1.0,), (0.0,)]  # the ends come first


def test_ends_have_their_turn_first_and_then_what_lies_halfway():
    problem = company([5, 5, 5, 5], [[0, 1], [0, 3], [0, 7], [0, 9]])
    turns = []

    def note(done, total, point):
        turns.append(point.levels[0])

    even = Evenness("hours", np.full(2, 10.0))
    levels = [0.0, 0.25, 0.5, 0.75, 1.0]
    frontier(problem, even, levels=levels, progress=note, gap=0.0)
    assert turns == [0.0, 1.0, 0.5, 0.25, 0.75]


def test_few_whole_customers_are_proved_where_the_relaxation_splits_them():
    """A company whose books lie apart: cuts raise the bound on the customers who move."""
    made = planning(
        300, 8, candidates=8, seed=1, hours_tolerance=0.1, potential_tolerance=10.0, move_limit=300
    )
    problem = replace(made.problem, budgets=())
    moves = made.problem.budgets[0].amount
    even = Evenness("potential", fair_share(problem, "potential"))
    part = even.within(replace(problem, cost=moves), 0.3)
    plain = lower_bound(part).value
    cut = lower_bound(with_whole_moves(part, stays(part, moves))).value
    assert plain < 6
    assert cut == pytest.approx(8, abs=1e-4)
    found = frontier(problem, even, Spending("moves", moves), levels=[0.3], time_limit=20)
    assert found.points[0].least == found.points[0].bound == 8  # proved, and no plan was cut off
