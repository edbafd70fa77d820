from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.instances import Instance, planning
from optimizer.core.assignment import Budget, Measure, Problem


@pytest.fixture
def town():
    """Three customers, two reps. 2 must not go to 1. Hours 10, 20 and 30; rep 0 wants 20 to 40."""
    hours = np.array([10.0, 20.0, 30.0])
    unit, rep = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 0])
    problem = Problem(
        units=3,
        reps=2,
        unit=unit,
        rep=rep,
        cost=np.array([1.0, 5.0, 2.0, 7.0, 3.0]),
        measures=(Measure("hours", hours[unit], np.array([20.0, 10.0]), np.array([40.0, 25.0])),),
        budgets=(Budget("moves", np.array([0.0, 1.0, 0.0, 1.0, 0.0]), 1.0),),
    )
    place = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    home = np.array([[0.0, 0.0], [2.0, 0.0]])
    return Instance(problem, place, home, hours, hours * 10, np.array([50.0, 50.0]), np.array([0, 0, 0]))


def test_a_plan_within_all_limits_only_costs(town):
    # Rep 0: 10 + 30 hours, rep 1: 20; cost 1 + 7 + 3.
    assert peers.score(town.problem, np.array([0, 1, 0])) == peers.Score(11, 0, 0, 0)


def test_distances_outside_limits_are_shares_of_them(town):
    # Rep 0 has all 60 hours: 20 over 40 is a half; rep 1 has none: 10 below 10 is one.
    found = peers.score(town.problem, np.array([0, 0, 0]))
    assert found.cost == 6
    assert found.violation == pytest.approx(1.5)
    assert found.worst_violation == pytest.approx(1.0)


def test_a_pair_that_is_not_eligible_costs_the_dearest_that_is(town):
    # Customer 2 with rep 1 counts as 3; rep 1 has 20 + 30 of 25 hours, rep 0 10 of 20.
    found = peers.score(town.problem, np.array([0, 1, 1]))
    assert (found.cost, found.ineligible) == (1 + 7 + 3, 1)
    assert found.violation == pytest.approx(1.0 + 0.5)


def test_budgets_are_kept_or_counted(town):
    # Two moves of one; rep 0: 30 hours, rep 1: 30 of 25.
    assert peers.score(town.problem, np.array([1, 1, 0])).violation == pytest.approx(1.0 + 0.2)


@pytest.mark.parametrize("name", ["CP-SAT", "HiGHS", "SCIP"])
def test_solvers_find_the_best_plan_of_the_town(town, name):
    answer = peers.run(name, town, 10)
    assert answer.owner.tolist() == [0, 1, 0]
    assert answer.bound == pytest.approx(11, rel=1e-5)
    assert answer.seconds > 0


def test_solvers_agree_on_a_company_and_its_lp_is_below():
    company = planning(40, 4, seed=2, hours_tolerance=0.2, potential_tolerance=0.4)
    costs = [peers.score(company.problem, peers.run(name, company, 20).owner) for name in ("CP-SAT", "HiGHS")]
    assert costs[0].cost == pytest.approx(costs[1].cost, rel=1e-4)
    assert max(score.worst_violation for score in costs) <= 1e-6
    bounds = [peers.run(name, company, 20).bound for name in ("HiGHS IPX", "HiGHS IPX + crossover", "GLOP")]
    assert bounds == pytest.approx([bounds[0]] * 3, rel=1e-5)
    assert bounds[0] <= costs[0].cost


def test_today_s_book_costs_nothing_but_itself(town):
    assert peers.run("today's book", town, 1).owner.tolist() == [0, 0, 0]


def test_clusters_go_where_they_are_cheapest(town):
    # Customers 0 and 1 together, 2 alone: with reps 1 and 0: 5 + 7 + 3; the other way 1 + 2 + 3.
    clusters = np.array([0, 0, 1])
    assert peers._match(town.problem, clusters).tolist() == [0, 0, 1]


def test_the_plain_model_refuses_what_it_cannot_say(town):
    (hours,) = town.problem.measures
    priced = replace(town, problem=replace(town.problem, measures=(replace(hours, price=1.0),)))
    with pytest.raises(ValueError, match="hard limits only"):
        peers.run("HiGHS", priced, 1)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("b2b-territory-optimization", "b2b_territory_optimization"),
        ("k-means-constrained", "k_means_constrained"),
        ("Timefold", "timefold"),
    ],
)
def test_a_peer_that_is_not_installed_says_so(town, name, package):
    if find_spec(package):
        pytest.skip(f"{package} is installed")
    answer = peers.run(name, town, 1)
    assert answer.owner is None
    assert answer.note == f"not installed: {package}"


@pytest.mark.parametrize("name", ["b2b-territory-optimization", "k-means-constrained"])
def test_a_peer_that_is_installed_gives_every_customer_a_rep(name):
    pytest.importorskip(name.replace("-", "_"))
    company = planning(60, 4, seed=1)
    owner = peers.run(name, company, 5).owner
    assert owner.shape == (60,)
    assert set(owner) == {0, 1, 2, 3}
