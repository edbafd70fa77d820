import json
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from benchmarks import assignment
from benchmarks.instances import planning
from benchmarks.report import Measured, above, best_bounds, report
from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.bound import lower_bound
from optimizer.core.certificate import Certificate
from optimizer.core.knapsack import knapsack_bound


@pytest.fixture
def problem():
    """Two customers of 10 and 20 hours; rep 0 costs 1 each and takes up to 10 hours, rep 1 costs 4 and 6."""
    unit, rep = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    hours = Measure("hours", np.array([10.0, 10, 20, 20]), np.array([-np.inf, 5.0]), np.array([10.0, np.inf]))
    moves = Budget("moves", np.array([0.0, 1, 0, 1]), 1.0)
    return Problem(2, 2, unit, rep, np.array([1.0, 4, 1, 6]), (hours,), (moves,))


def prices(first, second, moves=0.0):
    return Certificate({"hours": np.array([first, second])}, {"moves": moves})


def test_without_prices_the_bound_is_each_customer_s_cheapest_pair(problem):
    assert assignment.certified(problem, prices(0.0, 0.0)) == 1 + 1


def test_a_price_on_the_full_rep_raises_the_bound(problem):
    # An hour of rep 0 costs .25: min(1 + 2.5, 4) + min(1 + 5, 6) - .25 * 10, and the best plan costs 7.
    assert assignment.certified(problem, prices(0.25, 0.0)) == pytest.approx(7)


def test_prices_pay_for_lower_limits_and_budgets(problem):
    # Rep 1 gets .1 an hour: min(1, 4 - 1) + min(1, 6 - 2) + .1 * 5.
    assert assignment.certified(problem, prices(0.0, -0.1)) == pytest.approx(1 + 1 + 0.5)
    # A move costs 2, one is free: min(1, 6) + min(1, 8) - 2 * 1.
    assert assignment.certified(problem, prices(0.0, 0.0, 2.0)) == pytest.approx(0)


def test_prices_that_a_missing_limit_cannot_have_do_not_count(problem):
    # Rep 0 has no lower limit, rep 1 no upper one, and a budget has no lower one.
    assert assignment.certified(problem, prices(-1.0, 3.0, -1.0)) == 2


def test_every_row_runs_us_on_each_seed_and_peers_on_the_first():
    todo = assignment.jobs(["small", "large"], seeds=3, peer_seconds=60, peer_workers=2)
    ours = [(job.row, job.seed, job.seconds) for job in todo if job.who == "assign"]
    assert ours == [("small", s, t) for t in (1, 10) for s in range(3)] + [("large", 0, 45), ("large", 0, 90)]
    assert {job.seed for job in todo if job.who != "assign"} == {0}
    assert {job.row for job in todo if job.who == "HiGHS IPX"} == {"small", "large"}


def test_a_job_is_judged_by_its_owners_and_prices(monkeypatch, tmp_path):
    """Let an engine give today's book, and tell of its progress once."""

    def assign(problem, *, time_limit, gap, progress):
        progress(9.0, -np.inf, np.inf, 0.5)
        owner = problem.rep[problem.starts[:-1]]
        free = Certificate({m.name: np.zeros(problem.reps) for m in problem.measures}, {})
        return SimpleNamespace(owner=owner, certificate=free, bound=1.0, engine="first", status="time limit")

    module = ModuleType("optimizer.core.engines")
    module.assign = assign
    monkeypatch.setitem(sys.modules, "optimizer.core.engines", module)
    monkeypatch.setattr(assignment, "assign", assign, raising=False)
    job = {"row": "small", "seed": 0, "who": "assign", "seconds": 1.0, "workers": 1, "size": [50, 4, 4]}
    out = tmp_path / "answer.json"
    assert assignment.main(["--job", json.dumps(job), "--out", str(out)]) == 0
    measured = Measured(**json.loads(out.read_text()))
    made = assignment.make(assignment.replace(assignment.ROWS["small"], size=(50, 4, 4)), 0).problem
    first = made.starts[:-1]
    assert measured.cost == pytest.approx(made.cost[first].sum())
    assert measured.certified == pytest.approx(np.minimum.reduceat(made.cost, first).sum())
    assert measured.worst_violation > 0
    assert measured.curve == [[0.5, 9.0, None, None]]
    assert measured.memory >= measured.memory_before > 0
    assert measured.note == "first, time limit"
    assignment.draw_curves([measured], tmp_path / "table")
    assert (tmp_path / "table-curves.csv").read_text().splitlines()[1] == "small,0,1.0,0.5,9.0,,"
    assert (tmp_path / "table-curves.html").exists()


def test_a_plan_is_held_against_the_best_proved_bound_of_its_instance():
    ours = Measured("small", 0, "assign", 1, cost=103.0, certified=100.0, note="search")
    peer = Measured("small", 0, "HiGHS", 60, cost=110.0, bound=105.0, note="feasible")
    bounds = best_bounds([ours, peer, Measured("small", 0, "GLOP", 60, bound=99.0, note="LP, optimal")])
    assert above(ours, bounds) == pytest.approx(0.03)
    assert above(peer, bounds) == pytest.approx(0.10)
    assert above(Measured("small", 1, "HiGHS", 60, cost=1.0), bounds) is None


def test_the_table_says_what_was_reached_and_missed():
    plan = {"cost": 100.4, "violation": 0, "worst_violation": 0, "ineligible": 0}
    runs = [
        Measured(
            "small", 0, "assign", 1, 1.0, 1.0, 3_000_000, 2_000_000, certified=100.0, note="search", **plan
        ),
        Measured("small", 0, "assign", 10, 9.0, 9.0, certified=100.0, note="search", **plan),
        Measured("small", 0, "bound", 0, 0.5, 0.5, certified=100.0, note="LP by prices"),
        Measured("small", 0, "HiGHS IPX", 300, 4.5, 4.5, bound=100.0, solver_seconds=4.0, note="LP, optimal"),
        Measured("small", 0, "Timefold", 60, note="not installed: timefold"),
    ]
    text = report({"small": "1,000 x 20"}, {"small": {1: 0.005, 10: 0.0025}}, runs, (6.0, 2.0))
    assert (
        "| **ours** | 1 | 1 | 0.400%, 0.400% | 0.50% reached | 1.00 | 1.00 | 3 (2) | 0, 0 | search |" in text
    )
    assert "0.25% **missed**" in text
    # 4 seconds of the solver alone beside our half second.
    assert "8.0 x our bound's time" in text
    assert "not installed: timefold" in text
    assert "*Above the bound*" in text


def test_an_unknown_row_is_named(capsys):
    assert assignment.main(["--rows", "tiny"]) == 2
    assert "no row tiny; there are small, tight, moves, medium, large, huge" in capsys.readouterr().err


def test_whole_books_are_recomputed_as_the_project_does():
    problem = planning(60, 5, candidates=4, seed=1).problem
    bound = lower_bound(problem)
    lifted = knapsack_bound(problem, bound)
    assert lifted is not None
    assert lifted.value > bound.value
    assert assignment.certified(problem, lifted.certificate) == pytest.approx(lifted.value, rel=1e-9)
