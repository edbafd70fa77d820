"""The exact engine against brute force: same optimum, true bound, and it knows when nothing exists."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_problems import brute_force, problems

from optimizer.core import exact
from optimizer.core.assignment import Measure, Problem
from optimizer.core.exact import Infeasible, relax, solve
from scenarios.errors import NoPlanFoundInTime

SOLVERS = ("highs", "scip", "cp-sat")
PIECEWISE = ("maximum deviation", "range", "mean deviation", "gini", "owa")
CURVED = ("jain", "alpha", "response")


def random_choice(problem, data):
    first, last = problem.starts[:-1], problem.starts[1:]
    return np.array([data.draw(st.integers(a, b - 1)) for a, b in zip(first, last, strict=True)])


def check_optimal(problem, solver, best, **options):
    if np.isinf(best):
        with pytest.raises(Infeasible):
            solve(problem, solver=solver, **options)
        return
    answer = solve(problem, solver=solver, gap=0.0, **options)
    near = 2e-6 * max(1.0, abs(best))
    assert answer.cost == problem.objective(answer.chosen) == pytest.approx(best, abs=near)
    assert answer.bound <= best + near
    assert answer.status == "optimal"
    assert np.array_equal(problem.unit[answer.chosen], np.arange(problem.units))
    assert np.array_equal(problem.rep[answer.chosen], answer.owner)


@pytest.mark.parametrize("solver", SOLVERS)
@given(problems())
def test_finds_the_optimum_or_says_there_is_none(solver, problem):
    check_optimal(problem, solver, brute_force(problem))


@pytest.mark.parametrize("solver", SOLVERS)
@settings(max_examples=20)
@given(problems(PIECEWISE))
def test_unevenness_at_a_price(solver, problem):
    best = brute_force(problem)
    if solver != "cp-sat" or np.isinf(best):
        check_optimal(problem, solver, best)
        return
    # In whole numbers fractions of shares are rounded, so a bound stays some millionths below.
    answer = solve(problem, solver=solver, gap=1e-4)
    assert answer.status in ("optimal", "within gap")
    assert answer.bound <= best + 2e-6 * max(1.0, abs(best))
    assert best <= answer.cost <= best + 2e-4 * max(1.0, abs(best))


@pytest.mark.parametrize("solver", SOLVERS)
@settings(max_examples=15)
@given(problems(CURVED))
def test_curves_are_met_by_tangents(solver, problem):
    best = brute_force(problem)
    if solver != "cp-sat" or np.isinf(best):
        check_optimal(problem, solver, best)
        return
    answer = solve(problem, solver=solver, gap=0.01, time_limit=5)
    assert answer.bound <= best + 2e-6 * max(1.0, abs(best))
    assert best <= answer.cost


@pytest.mark.parametrize("solver", SOLVERS)
@settings(max_examples=20)
@given(problems(), st.data())
def test_any_hint_will_do(solver, problem, data):
    start = random_choice(problem, data)
    check_optimal(problem, solver, brute_force(problem), start=start)


@given(problems(), st.sampled_from(SOLVERS))
def test_the_bound_is_true_when_stopping_early(problem, solver):
    best = brute_force(problem)
    if np.isinf(best):
        return
    answer = solve(problem, solver=solver, gap=0.5)
    near = 2e-6 * max(1.0, abs(best))
    assert answer.bound <= best + near
    assert best <= answer.cost + near


def proved_by(problem, optimum):
    """The bound that prices prove: each unit's cheapest pair, less what the limits are worth."""
    reduced, worth = problem.cost.copy(), 0.0
    for measure in problem.measures:
        price = optimum.certificate.measures[measure.name]
        reduced += price[problem.rep] * measure.amount
        if measure.other is not None:
            reduced += np.where(measure.other >= 0, price[measure.other] * measure.other_amount, 0.0)
        # At limits that cross, the lower one is met from above: both are passed by at least their distance.
        low, high = np.minimum(measure.lower, measure.upper), np.maximum(measure.lower, measure.upper)
        limit = np.where(price > 0, high, np.where(price < 0, low, 0.0))
        worth += (price * limit).sum()
        crossed = np.maximum(measure.lower - measure.upper, 0.0).sum()
        worth -= crossed * measure.price if crossed else 0.0
    for budget in problem.budgets:
        reduced += optimum.certificate.budgets[budget.name] * budget.amount
        worth += optimum.certificate.budgets[budget.name] * budget.limit
    return np.minimum.reduceat(reduced, problem.starts[:-1]).sum() - worth


@given(problems())
def test_prices_prove_the_value_of_the_relaxation(problem):
    hard_and_crossed = any(np.isinf(m.price) and (m.lower > m.upper).any() for m in problem.measures)
    try:
        optimum = relax(problem)
    except Infeasible:
        assert np.isinf(brute_force(problem))
        return
    near = 1e-6 * max(1.0, abs(optimum.value))
    assert not hard_and_crossed
    assert optimum.value <= brute_force(problem) + near
    assert optimum.value == pytest.approx(proved_by(problem, optimum), abs=near)


@settings(max_examples=20)
@given(problems(PIECEWISE + CURVED))
def test_the_relaxation_with_unevenness_is_a_bound(problem):
    try:
        optimum = relax(problem)
    except Infeasible:
        return
    assert optimum.value <= brute_force(problem) + 1e-6 * max(1.0, abs(optimum.value))
    assert [price.shape for price in optimum.fairness] == [(problem.reps,)]


def test_what_the_prices_mean():
    # Three units of 5 hours; the rep who costs nothing has 10. So 5 hours go to the other for 20, 4 an hour.
    hours = Measure("hours", np.full(6, 5.0), np.full(2, -np.inf), np.array([10.0, np.inf]))
    problem = Problem(3, 2, np.repeat(np.arange(3), 2), np.tile([0, 1], 3), np.tile([0.0, 20.0], 3), (hours,))
    optimum = relax(problem)
    assert optimum.value == pytest.approx(20.0)
    assert optimum.certificate.measures["hours"] == pytest.approx([4.0, 0.0])
    asked = replace(hours, lower=np.array([-np.inf, 5.0]), upper=np.full(2, np.inf))
    optimum = relax(replace(problem, measures=(asked,)))
    assert optimum.certificate.measures["hours"] == pytest.approx([0.0, -4.0])


def random_problem(units=300, reps=8, seed=5):
    chance = np.random.default_rng(seed)
    unit, rep = np.divmod(np.arange(units * reps), reps)
    hours = chance.lognormal(0, 0.6, units)[unit]
    upper = np.full(reps, hours[rep == 0].sum() / reps * 1.02)
    room = Measure("hours", hours, np.full(reps, -np.inf), upper)
    return Problem(units, reps, unit, rep, chance.gamma(2.0, 10.0, units * reps), (room,))


def test_solvers_agree():
    problem = random_problem(units=60, reps=4)
    answers = [solve(problem, solver=solver, gap=1e-3) for solver in SOLVERS]
    assert {answer.status for answer in answers} <= {"optimal", "within gap"}
    assert max(a.cost for a in answers) <= min(a.cost for a in answers) * 1.001
    assert max(a.bound for a in answers) <= min(a.cost for a in answers) + 1e-6
    assert [answer.engine for answer in answers] == ["MathOpt HiGHS", "MathOpt SCIP", "CP-SAT"]
    assert all(answer.memory > 0 for answer in answers)


@pytest.mark.parametrize("solver", SOLVERS)
def test_nothing_to_assign(solver):
    nothing = np.zeros(0, dtype=int)
    free = Measure("hours", np.zeros(0), np.full(2, -np.inf), np.ones(2))
    answer = solve(Problem(0, 2, nothing, nothing, np.zeros(0), (free,)), solver=solver)
    assert (answer.cost, answer.bound, answer.status) == (0.0, 0.0, "optimal")
    needed = replace(free, lower=np.full(2, 0.5))
    with pytest.raises(Infeasible):
        solve(Problem(0, 2, nothing, nothing, np.zeros(0), (needed,)), solver=solver)


def test_a_start_close_enough_to_a_limit_is_no_contradiction():
    # 10.000004 hours where 10 are allowed pass by less than a millionth of the load.
    hours = Measure("hours", np.array([10.000004]), np.array([-np.inf]), np.array([10.0]))
    problem = Problem(1, 1, np.zeros(1, int), np.zeros(1, int), np.ones(1), (hours,))
    assert solve(problem, start=np.zeros(1, int)).cost == 1.0


def test_an_answer_that_breaks_a_hard_limit_is_not_given_out(monkeypatch):
    # Two units of 6 hours, 10 allowed: 6 + 6 = 12 breaks it, so both may not go to the cheaper rep.
    hours = Measure("hours", np.full(4, 6.0), np.full(2, -np.inf), np.array([10.0, np.inf]))
    problem = Problem(
        2, 2, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0.0, 5, 0, 7]), (hours,)
    )
    careful, asked = exact.ask_mathopt, []

    def careless(program, *rest):
        asked.append(program.problem.measures[0].upper[0])
        found = careful(program, *rest)
        return replace(found, chosen=np.array([0, 2]), bound=0.0) if len(asked) == 1 else found

    monkeypatch.setattr(exact, "ask_mathopt", careless)
    answer = solve(problem)
    assert asked == [10.0, 8.0]  # 2 hours too many: 2 fewer are allowed.
    assert (answer.cost, answer.bound) == (5.0, 0.0)
    assert any("tightened" in sentence for sentence in answer.log)


def test_no_time_is_said_so():
    with pytest.raises(NoPlanFoundInTime, match="no plan found"):
        solve(random_problem(), time_limit=0.0)


@pytest.mark.parametrize("solver", SOLVERS)
def test_no_time_gives_a_good_start_back(solver):
    problem = random_problem(units=30, reps=3)
    good = solve(problem, gap=0.1).chosen
    answer = solve(problem, solver=solver, time_limit=0.0, start=good)
    assert np.array_equal(answer.chosen, good)
    assert answer.status == "time limit"
    assert problem.least_cost() == answer.bound < answer.cost
    bad = problem.starts[:-1]
    assert problem.objective(bad) == np.inf
    with pytest.raises(NoPlanFoundInTime):
        solve(problem, solver=solver, time_limit=0.0, start=bad)


@pytest.mark.parametrize("solver", SOLVERS)
def test_same_seed_same_answer(solver):
    problem = random_problem(units=100, reps=5)
    work = 5 if solver == "cp-sat" else 50
    first, second = (
        solve(problem, solver=solver, seed=3, gap=0.01, work_limit=work, time_limit=np.inf) for _ in range(2)
    )
    assert np.array_equal(first.chosen, second.chosen)
    assert first.bound == second.bound


@pytest.mark.parametrize("solver", SOLVERS)
def test_work_is_limited(solver):
    problem = random_problem(units=40, reps=4, seed=2)
    work = 0.02 if solver == "cp-sat" else 1
    answer = solve(problem, solver=solver, gap=0.0, work_limit=work, start=solve(problem, gap=0.1).chosen)
    assert answer.status in ("work limit", "optimal")
    assert answer.bound <= answer.cost


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_start_is_used(solver):
    problem = random_problem()
    best = solve(problem, gap=0.002)
    started = solve(problem, solver=solver, gap=1.0, start=best.chosen)
    assert started.cost <= best.cost


@pytest.mark.parametrize("solver", SOLVERS)
def test_interrupted_it_keeps_the_best_so_far(solver):
    problem = random_problem(units=600, reps=12)
    pressed = []

    def press_ctrl_c(best, bound, gap, seconds):
        if not pressed:
            pressed.append(seconds)
            os.kill(os.getpid(), signal.SIGINT)

    start = solve(problem, gap=1.0).chosen
    answer = solve(problem, solver=solver, gap=0.0, start=start, progress=press_ctrl_c)
    assert answer.status == "interrupted"
    assert answer.seconds < 30
    assert answer.bound <= answer.cost <= problem.objective(start) < np.inf


@pytest.mark.parametrize("solver", SOLVERS)
def test_progress_is_told(solver):
    problem, told = random_problem(), []
    start = solve(problem, gap=0.05).chosen
    solve(
        problem, solver=solver, gap=0.0, time_limit=0.7, start=start, progress=lambda *news: told.append(news)
    )
    best, bound, gap, seconds = zip(*told, strict=True)
    assert list(best) == sorted(best, reverse=True)
    assert list(bound) == sorted(bound)
    assert gap == pytest.approx((np.array(best) - bound) / best)
    assert list(seconds) == sorted(seconds)
    told.clear()
    solve(problem, solver=solver, time_limit=10, gap=0.05, progress=lambda *news: told.append(news))
    assert told[0][0] is None or told[0][0] > problem.least_cost()


def test_a_fault_in_progress_ends_the_search():
    def fail(best, bound, gap, seconds):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve(random_problem(units=30, reps=3), gap=0.0, progress=fail)
