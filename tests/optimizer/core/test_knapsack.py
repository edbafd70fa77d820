"""The knapsack bound: never above any choice, above the linear relaxation where customers are lumpy, and
provable from prices of units.
"""

import io
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_problems import brute_force, problems

from benchmarks.instances import planning
from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.books import compile_books
from optimizer.core.bound import lower_bound, value_of
from optimizer.core.certificate import Certificate, UnitPrices
from optimizer.core.knapsack import knapsack_bound, still_open
from optimizer.core.proof import proof, recompute

ANYTHING = np.array([np.inf, np.inf])


def generalized(jobs, agents, seed):
    """A generalized assignment problem of type D: what takes long is cheap, capacities are scarce."""
    rng = np.random.default_rng(seed)
    use = rng.integers(1, 101, (jobs, agents))
    cost = 111 - use + rng.integers(-10, 11, (jobs, agents))
    measure = Measure(
        "resource", use.ravel().astype(float), np.full(agents, -np.inf), 0.8 * use.sum(axis=0) / agents
    )
    unit, rep = np.divmod(np.arange(jobs * agents), agents)
    return Problem(jobs, agents, unit, rep, cost.ravel().astype(float), (measure,))


def lumps(hours=(10.0, 10.0, 10.0), most=15.0, **changes):
    """Customers whom rep 0 serves at 1 and rep 1 at 4; of 10 h each, one fits in rep 0's 15 h."""
    unit, rep = np.divmod(np.arange(2 * len(hours)), 2)
    measure = Measure("hours", np.repeat(hours, 2), np.full(2, -np.inf), np.array([most, 100.0]))
    cost = np.tile([1.0, 4.0], len(hours))
    return Problem(len(hours), 2, unit, rep, cost, (replace(measure, **changes),))


def test_by_hand():
    # Divided, rep 0 takes one and a half: 1 + (1 + 4) / 2 + 4. Whole, one: 1 + 4 + 4. At a price of 4 a unit
    # rep 0's best book is worth 4 - 1 and rep 1's nothing, which proves 3 x 4 - 3.
    problem = lumps()
    divided = lower_bound(problem)
    assert divided.value == pytest.approx(7.5, abs=1e-4)
    whole = knapsack_bound(problem, divided)
    assert whole.value == pytest.approx(9.0, abs=0.01)
    assert whole.value <= 9.0
    by_hand = Certificate({"hours": np.zeros(2)}, {}, UnitPrices("hours", np.full(3, 4.0)))
    assert value_of(problem, by_hand) == pytest.approx(9.0, abs=1e-9)


@given(problems())
def test_no_choice_costs_less_and_never_below_the_relaxation(problem):
    divided = lower_bound(problem)
    best = brute_force(problem)
    whole = knapsack_bound(problem, divided, best=best)
    if whole is not None:
        assert whole.value > divided.value
        assert whole.value <= best + 1e-6 * max(1.0, abs(best)) or np.isinf(best)
        assert value_of(problem, whole.certificate) == whole.value


@given(problems(), st.integers(0, 2**32 - 1))
def test_any_prices_of_units_give_a_true_bound(problem, seed):
    rng = np.random.default_rng(seed)
    for measure in problem.measures:
        prices = Certificate(
            {m.name: rng.normal(0, 5, problem.reps) for m in problem.measures},
            {b.name: float(rng.normal(0, 5)) for b in problem.budgets},
            UnitPrices(measure.name, rng.normal(3, 5, problem.units)),
        )
        assert value_of(problem, prices) <= brute_force(problem) + 1e-6


@given(st.data())
def test_a_best_book_is_best(data):
    units = data.draw(st.integers(1, 9))
    amount = np.array(data.draw(st.lists(st.integers(0, 9), min_size=units, max_size=units)), dtype=float)
    worth = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=units, max_size=units)), dtype=float)
    lower, upper = np.array([data.draw(st.integers(0, 20))]), np.array([data.draw(st.integers(0, 30))])
    hours = Measure("hours", amount, lower.astype(float), upper.astype(float))
    problem = Problem(units, 1, np.arange(units), np.zeros(units, dtype=int), np.zeros(units), (hours,))
    books = compile_books(problem, hours)
    if books is None:
        return
    every = np.array(list(itertools.product([0, 1], repeat=units)))
    allowed = ((every @ amount) >= lower) & ((every @ amount) <= upper)
    for guess in (-1.0, 0.0, 0.7):
        books.loss[:] = guess
        found = books.best(worth)
        assert found.worth == pytest.approx((every @ worth)[allowed].max(initial=-np.inf))
        if np.isfinite(found.worth):
            assert worth[found.pairs].sum() == pytest.approx(found.worth)
            assert lower <= amount[found.pairs].sum() <= upper


@pytest.mark.parametrize("seed", range(3))
def test_lifts_the_relaxation_of_lumpy_problems(seed):
    problem = generalized(60, 10, seed)
    divided = lower_bound(problem)
    assert knapsack_bound(problem, divided).value > divided.value + 10


def test_keeps_one_measure_and_prices_the_others():
    problem = planning(200, 8, seed=0, move_limit=40).problem
    divided = lower_bound(problem)
    whole = knapsack_bound(problem, divided, work_limit=3e7)
    assert whole.value > divided.value * 1.001
    prices = whole.certificate
    assert prices.units.measure in {m.name for m in problem.measures}
    # The prices of rows alone prove about as much as before.
    alone = value_of(problem, Certificate(prices.measures, prices.budgets))
    assert divided.value * 0.98 < alone <= divided.value * (1 + 1e-6)


@pytest.mark.parametrize(
    "problem",
    [
        lumps(price=5.0),
        lumps(other=np.full(6, -1), other_amount=np.zeros(6)),
        lumps(hours=(10.0, 10.0, 10 / 3)),
        lumps(hours=(-1.0, 10.0, 10.0)),
        lumps(hours=(1234.567, 10.0, 10.0), most=1240.0),
        lumps(upper=ANYTHING),
        Problem(2, 1, np.arange(2), np.zeros(2, dtype=int), np.ones(2), (), (Budget("b", np.ones(2), 9.0),)),
    ],
    ids=["soft", "other", "no common unit", "below 0", "too fine", "no limits", "no measures"],
)
def test_is_not_offered(problem):
    assert knapsack_bound(problem, lower_bound(problem)) is None


def test_prices_of_units_that_do_not_apply_are_left_aside():
    problem = lumps(price=5.0)
    prices = lower_bound(problem).certificate
    also = replace(prices, units=UnitPrices("hours", np.full(3, 99.0)))
    assert value_of(problem, also) == value_of(problem, prices)


def test_limits_are_kept_as_loosely_as_plans_keep_them():
    # 20 h fit into 20 - 1e-8: as `Problem.objective` has it.
    problem = lumps(most=20.0 - 1e-8)
    assert brute_force(problem) == 6.0
    prices = Certificate({"hours": np.zeros(2)}, {}, UnitPrices("hours", np.full(3, 4.0)))
    assert value_of(problem, prices) == pytest.approx(6.0, abs=1e-9)


def test_no_book_within_the_limits_proves_that_there_is_no_plan():
    problem = lumps(lower=np.array([12.0, -np.inf]))
    assert np.isinf(brute_force(problem))
    assert knapsack_bound(problem, lower_bound(problem)).value == np.inf


def test_a_customer_too_large_for_everybody_does_not_let_prices_run_away():
    problem = lumps(hours=(10.0, 10.0, 20.0), upper=np.array([15.0, 15.0]))
    assert np.isinf(brute_force(problem))
    whole = knapsack_bound(problem, lower_bound(problem))
    assert whole is None or np.isfinite(whole.value)


def test_the_same_work_gives_the_same_bound():
    problem = generalized(60, 10, 0)
    divided = lower_bound(problem)
    told = []
    first, again, less = (
        knapsack_bound(problem, divided, work_limit=work, progress=told.append) for work in (4e6, 4e6, 1e6)
    )
    assert first.value == again.value > less.value
    np.testing.assert_array_equal(first.certificate.units.price, again.certificate.units.price)
    assert max(told) == pytest.approx(first.value)


def test_no_time_leaves_what_the_first_prices_prove():
    problem = generalized(60, 10, 0)
    divided = lower_bound(problem)
    whole = knapsack_bound(problem, divided, time_limit=0.0)
    assert whole is not None
    assert divided.value < whole.value < knapsack_bound(problem, divided).value


@given(problems())
def test_pairs_of_plans_as_good_stay_open(problem):
    best = brute_force(problem)
    whole = knapsack_bound(problem, lower_bound(problem), best=best)
    if whole is None or np.isinf(best):
        return
    stays = still_open(problem, whole.certificate, best)
    pairs = [np.flatnonzero(problem.unit == u) for u in range(problem.units)]
    for choice in itertools.product(*pairs):
        if problem.objective(np.array(choice)) <= best:
            assert stays[list(choice)].all()


def test_hardly_any_pair_is_open_to_a_plan_at_the_bound():
    problem = generalized(60, 10, 0)
    whole = knapsack_bound(problem, lower_bound(problem))
    near, far = (still_open(problem, whole.certificate, rise * whole.value).mean() for rise in (1.0, 1.1))
    assert near < 0.5 < far


@pytest.mark.parametrize("options", [{}, {"move_limit": 20}])
def test_a_saved_proof_recomputes_it(options):
    problem = planning(100, 5, seed=2, **options).problem
    reps = pd.Index([f"rep {j}" for j in range(5)])
    divided = lower_bound(problem)
    whole = knapsack_bound(problem, divided, work_limit=1e7)
    file = io.BytesIO()
    np.savez_compressed(file, **proof(problem, whole.certificate, reps))
    saved = np.load(io.BytesIO(file.getvalue()))
    assert recompute(saved) == pytest.approx(whole.value, rel=1e-12)
    # The loop of docs/model.md, without a line of ours, after the lines for the prices of limits.
    page = (Path(__file__).parents[3] / "docs" / "model.md").read_text(encoding="utf-8")
    first, second = (
        part.split("```")[0]
        for part in page.split("## Check the bound yourself")[1].split("```python\n")[1:3]
    )
    named = {"c": saved}
    exec(first.replace('np.load("out/superstore/certificate.npz")', "c"), named)
    assert divided.value * 0.95 < named["bound"] <= divided.value * (1 + 1e-6)
    exec(second, named)
    assert named["bound"] == pytest.approx(whole.value, rel=1e-9)


def test_a_proof_without_prices_of_units_still_reads():
    problem = planning(100, 5, seed=2, move_limit=20).problem
    divided = lower_bound(problem)
    arrays = proof(problem, divided.certificate, pd.Index(list("abcde")))
    assert "unit_price" not in arrays
    assert recompute(arrays) == pytest.approx(divided.value, rel=1e-9)
