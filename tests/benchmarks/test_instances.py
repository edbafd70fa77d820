import numpy as np
import pytest

from benchmarks.instances import planning


def test_the_same_seed_makes_the_same_company():
    one, other = planning(200, 8, seed=3), planning(200, 8, seed=3)
    for name in ("place", "home", "hours", "potential", "capacity", "owner"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    for name in ("unit", "rep", "cost"):
        assert np.array_equal(getattr(one.problem, name), getattr(other.problem, name))


def test_another_seed_makes_another_company():
    assert not np.array_equal(planning(200, 8, seed=3).hours, planning(200, 8, seed=4).hours)


def test_customers_have_sorted_pairs_and_today_s_owner_is_among_them():
    company = planning(300, 10, candidates=6, seed=1)
    problem = company.problem
    assert (np.diff(problem.unit) >= 0).all()
    assert (np.diff(problem.starts) >= 1).all()
    assert (np.diff(problem.starts) <= 6).all()
    keys = problem.unit * problem.reps + problem.rep
    assert (np.diff(keys) > 0).all()
    assert np.isin(np.arange(300) * problem.reps + company.owner, keys).all()


def test_fair_shares_add_up_to_all_work_and_lie_within_the_bands():
    company = planning(300, 10, seed=1)
    hours = company.problem.measure("hours")
    fair = company.capacity / company.capacity.sum() * company.hours.sum()
    assert hours.lower == pytest.approx(0.95 * fair)
    assert (hours.upper <= company.capacity).all()
    assert company.hours.sum() == pytest.approx(0.92 * company.capacity.sum())


def test_a_stay_is_cheaper_than_it_would_be_as_a_move():
    company = planning(300, 10, seed=1, move_limit=30)
    budget = company.problem.budgets[0]
    stays = company.problem.rep == company.owner[company.problem.unit]
    assert budget.limit == 30
    assert (budget.amount == ~stays).all()


@pytest.mark.parametrize(("customers", "reps", "candidates"), [(1, 1, 15), (5, 9, 3), (40, 2, 15)])
def test_odd_sizes_are_companies_too(customers, reps, candidates):
    problem = planning(customers, reps, candidates=candidates).problem
    assert len(problem.starts) == customers + 1
    assert problem.rep.max() < reps
    assert np.isfinite(problem.cost).all()
