"""The exact engine against brute force: same optimum, true bound, and it knows when nothing exists."""

import itertools
import os
import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.assignment import Budget, Measure, Problem
from optimizer.exact import Infeasible, solve
from scenarios.errors import NoPlanFoundInTime


@st.composite
def problems(draw):
    """Small problems with every kind of rule switched on or off."""
    units, reps = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    whole = st.integers(0, 9)
    allowed = np.array([draw(st.lists(st.booleans(), min_size=reps, max_size=reps)) for _ in range(units)])
    allowed[~allowed.any(axis=1), 0] = True
    unit, rep = np.nonzero(allowed)
    amounts = st.lists(whole, min_size=len(unit), max_size=len(unit)).map(lambda v: np.array(v, dtype=float))
    measures = []
    for number in range(draw(st.integers(0, 2))):
        lower = np.array(draw(st.lists(st.integers(0, 6), min_size=reps, max_size=reps)), dtype=float)
        price = draw(st.sampled_from([np.inf, 0.5, 3.0]))
        measures.append(Measure(f"measure {number}", draw(amounts), lower, lower + draw(whole), price))
    budgets = (Budget("moves", draw(amounts), float(draw(whole))),) if draw(st.booleans()) else ()
    return Problem(units, reps, unit, rep, draw(amounts), tuple(measures), budgets)


def brute_force(problem):
    """The least objective over every assignment, inf if none keeps the hard limits."""
    pairs = [np.flatnonzero(problem.unit == u) for u in range(problem.units)]
    return min(problem.objective(np.array(choice)) for choice in itertools.product(*pairs))


@given(problems())
def test_finds_the_optimum_or_says_there_is_none(problem):
    best = brute_force(problem)
    if np.isinf(best):
        with pytest.raises(Infeasible):
            solve(problem)
        return
    answer = solve(problem, gap=0.0)
    assert problem.objective(answer.chosen) == pytest.approx(best, abs=1e-6)
    assert answer.bound <= best + 1e-6
    assert answer.status == "optimal"
    assert np.array_equal(problem.unit[answer.chosen], np.arange(problem.units))


@given(problems())
def test_the_bound_is_true_when_stopping_early(problem):
    best = brute_force(problem)
    if np.isinf(best):
        return
    answer = solve(problem, gap=0.5)
    assert answer.bound <= best + 1e-6 <= problem.objective(answer.chosen) + 2e-6


def random_problem(units=300, reps=8, seed=5):
    chance = np.random.default_rng(seed)
    unit, rep = np.divmod(np.arange(units * reps), reps)
    hours = chance.lognormal(0, 0.6, units)[unit]
    upper = np.full(reps, hours[rep == 0].sum() / reps * 1.02)
    room = Measure("hours", hours, np.full(reps, -np.inf), upper)
    return Problem(units, reps, unit, rep, chance.gamma(2.0, 10.0, units * reps), (room,))


def test_no_time_is_said_so():
    with pytest.raises(NoPlanFoundInTime, match="no plan found"):
        solve(random_problem(), time_limit=0.0)


def test_same_seed_same_answer():
    problem = random_problem()
    first, second = (solve(problem, seed=3, gap=0.01) for _ in range(2))
    assert np.array_equal(first.chosen, second.chosen)
    assert first.bound == second.bound


def test_a_start_is_used():
    problem = random_problem()
    best = solve(problem, gap=0.002)
    started = solve(problem, gap=1.0, start=best.chosen)
    assert problem.objective(started.chosen) <= problem.objective(best.chosen) + 1e-6


def test_stopped_early_there_is_a_bound_all_the_same():
    problem = random_problem(units=30, reps=3)
    best = solve(problem, gap=0.0)
    stopped = solve(problem, time_limit=0.0, start=best.chosen)
    assert np.isfinite(stopped.bound)
    assert stopped.bound <= best.bound + 1e-6


def test_interrupted_it_keeps_the_best_so_far():
    problem = random_problem(units=600, reps=12)
    pressed = []

    def press_ctrl_c(seconds):
        if not pressed:
            pressed.append(seconds)
            os.kill(os.getpid(), signal.SIGINT)

    answer = solve(problem, gap=0.0, start=solve(problem, gap=1.0).chosen, progress=press_ctrl_c)
    assert answer.status == "interrupted"
    assert answer.bound <= problem.objective(answer.chosen) < np.inf


def test_progress_is_told():
    told = []
    solve(random_problem(units=600, reps=12), gap=0.0, time_limit=1.0, progress=told.append)
    assert told == sorted(told)
    assert told
