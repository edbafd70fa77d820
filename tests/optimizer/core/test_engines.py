"""One call, whatever the size: the same optimum as brute force, same seed same plan, and sense at every
edge."""

from dataclasses import replace
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from random_problems import brute_force, problems

from benchmarks.instances import planning
from optimizer.core import engines
from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.bound import value_of
from optimizer.core.engines import assign
from optimizer.core.exact import Infeasible
from scenarios.errors import NoPlanFoundInTime

WORK = 400_000
"""Steps that are plenty for a handful of customers."""


@pytest.fixture(scope="module")
def company():
    return planning(400, 10, candidates=6, seed=2).problem


@given(problems())
def test_search_finds_the_optimum_of_small_problems(problem):
    best = brute_force(problem)
    try:
        answer = assign(problem, engine="search", work_limit=WORK, gap=0.0)
    except Infeasible:
        assert np.isinf(best)
        return
    except NoPlanFoundInTime:
        # The search may miss the one needle; it may not call it impossible.
        return
    assert answer.cost == pytest.approx(problem.objective(answer.chosen))
    assert answer.bound <= best + 1e-6 * max(1.0, abs(best))
    assert best - 1e-9 <= answer.cost
    if not any(np.isinf(part.price) for part in (*problem.measures, *problem.budgets)):
        assert answer.cost == pytest.approx(best, abs=1e-6)
    assert np.array_equal(problem.unit[answer.chosen], np.arange(problem.units))
    assert np.array_equal(problem.rep[answer.chosen], answer.owner)


@given(problems())
def test_the_engine_chosen_by_itself_finds_the_optimum(problem):
    best = brute_force(problem)
    if np.isinf(best):
        with pytest.raises(Infeasible):
            assign(problem, gap=0.0)
        return
    assert assign(problem, gap=0.0).cost == pytest.approx(best, abs=1e-6)


@given(problems())
def test_bound_search_books_and_mip_in_turns_find_the_optimum(problem):
    best = brute_force(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "SMALL", 0)
        if np.isinf(best):
            with pytest.raises((Infeasible, NoPlanFoundInTime)):
                assign(problem, gap=0.0, work_limit=WORK)
            return
        answer = assign(problem, gap=0.0, work_limit=WORK)
    assert answer.cost == pytest.approx(best, abs=1e-6)
    assert answer.bound <= best + 1e-6 * max(1.0, abs(best))


def test_a_poor_start_is_left_where_the_prices_leave_nothing_in_question():
    unit, rep = np.divmod(np.arange(160), 4)
    problem = Problem(40, 4, unit, rep, np.where(unit % 4 == rep, 1.0, 2.0))
    answer = assign(problem, engine="search", work_limit=WORK, gap=0.0, start=np.arange(40) * 4)
    assert answer.cost == 40


def test_a_budget_is_traded_between_regions_that_share_nobody():
    """A's unit saves 11.5 with all of the budget of 10, B's two save 14 with 12 of it, or 7 with 6."""
    unit = np.array([0, 0, 1, 1, 2, 2])
    rep = np.array([0, 1, 2, 3, 2, 3])
    cost = np.array([11.5, 0, 7, 0, 7, 0])
    spent = Budget("budget", np.array([0.0, 10, 0, 6, 0, 6]), 10.0)
    problem = Problem(3, 4, unit, rep, cost, budgets=(spent,))
    assert assign(problem, engine="search", work_limit=WORK, gap=0.0).cost == 14


def test_the_same_seed_gives_the_same_plan(company):
    one, two = (assign(company, engine="search", work_limit=3e6, gap=0.0, seed=5) for _ in range(2))
    assert np.array_equal(one.chosen, two.chosen)
    assert one.bound == two.bound
    other = assign(company, engine="search", work_limit=3e6, gap=0.0, seed=6)
    assert not np.array_equal(one.chosen, other.chosen)


def test_engines_agree_within_their_gaps(company):
    found = assign(company, engine="search", work_limit=5e6, gap=0.0)
    proved = assign(company, engine="exact", time_limit=20, gap=2e-3)
    assert found.bound <= proved.cost
    assert proved.bound <= found.cost
    assert found.gap < 0.01


def test_the_bound_can_be_recomputed_from_the_certificate(company):
    answer = assign(company, engine="search", work_limit=1e6)
    assert value_of(company, answer.certificate) == pytest.approx(answer.bound, rel=1e-9)


def test_a_start_is_never_made_worse(company):
    first = assign(company, engine="search", work_limit=2e6, gap=0.0)
    again = assign(company, engine="search", time_limit=0, start=first.chosen)
    assert again.cost == first.cost
    assert again.status == "time limit"


@pytest.mark.parametrize("engine", ["search", "exact"])
def test_no_time_and_no_start_is_said(company, engine):
    with pytest.raises(NoPlanFoundInTime):
        assign(company, engine=engine, time_limit=0)


def test_good_enough_is_within_gap(company):
    answer = assign(company, engine="search", gap=0.05)
    assert answer.status == "within gap"
    assert answer.gap <= 0.05


def test_without_limit_it_ends_by_itself():
    problem = planning(60, 4, candidates=4, seed=1).problem
    answer = assign(problem, engine="search", time_limit=np.inf, gap=0.0)
    assert answer.status in ("stopped improving", "optimal")


def test_progress_tells_best_bound_gap_and_seconds(company):
    told = []
    answer = assign(
        company, engine="search", work_limit=2e6, gap=0.0, progress=lambda *news: told.append(news)
    )
    best, bound, gap, seconds = told[-1]
    assert best == answer.cost
    assert bound == answer.bound
    assert gap == pytest.approx((best - bound) / best)
    assert 0 < seconds <= answer.seconds


@pytest.mark.parametrize(("engine", "after"), [("search", 0.0), ("auto", 0.0), ("auto", 3.0), ("auto", 6.0)])
def test_ctrl_c_keeps_the_best_so_far(company, engine, after):
    """Whoever works at that moment: search, lifting of the bound, HiGHS, search again."""
    pressed = []

    def press(best, bound, gap, seconds):
        if best is not None and not pressed and seconds >= after:
            pressed.append(process_time())
            raise KeyboardInterrupt

    answer = assign(company, engine=engine, time_limit=10, gap=0.0, progress=press)
    assert answer.status == "interrupted"
    assert np.isfinite(answer.cost)
    assert process_time() < pressed[0] + 3  # of work, however many others share the machine


def one_rep():
    return Problem(3, 1, np.arange(3), np.zeros(3, int), np.ones(3))


def one_customer():
    return Problem(1, 3, np.zeros(3, int), np.arange(3), np.array([3.0, 1.0, 2.0]))


def all_locked():
    hours = Measure("hours", np.ones(4), np.full(2, -np.inf), np.full(2, 4.0))
    return Problem(4, 2, np.arange(4), np.array([0, 1, 1, 0]), np.ones(4), (hours,))


def more_reps_than_customers():
    unit, rep = np.divmod(np.arange(10), 5)
    count = Measure("customers", np.ones(10), np.zeros(5), np.ones(5))
    return Problem(2, 5, unit, rep, np.arange(10.0) % 7, (count,), (Budget("moves", np.ones(10), 2.0),))


@pytest.mark.parametrize("engine", ["search", "exact", "auto"])
@pytest.mark.parametrize("problem", [one_rep(), one_customer(), all_locked(), more_reps_than_customers()])
def test_the_edges(problem, engine):
    answer = assign(problem, engine=engine, work_limit=WORK, gap=0.0)
    assert answer.cost == pytest.approx(brute_force(problem))


@pytest.mark.parametrize("engine", ["search", "exact", "auto"])
def test_locks_that_break_a_limit_leave_no_plan(engine):
    problem = all_locked()
    tight = (replace(problem.measures[0], upper=np.full(2, 1.0)),)
    with pytest.raises(Infeasible):
        assign(replace(problem, measures=tight), engine=engine, work_limit=WORK)


@pytest.mark.parametrize("seed", range(3))
def test_one_rule_less_never_makes_the_bound_worse(seed):
    strict = planning(200, 8, candidates=6, seed=seed, move_limit=60).problem
    answers = [
        assign(p, engine="search", work_limit=2e6, gap=0.0)
        for p in (
            strict,
            replace(strict, budgets=()),
            replace(strict, budgets=(), measures=strict.measures[:1]),
        )
    ]
    assert answers[0].bound + 1e-6 >= answers[1].bound - 1e-6 * answers[1].bound
    assert answers[1].bound + 1e-6 >= answers[2].bound - 1e-6 * answers[2].bound
