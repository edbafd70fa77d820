"""Yardsticks and starts."""

import numpy as np

from optimizer import todays_book
from optimizer.core.assignment import Measure, Problem
from optimizer.rivals import cheapest_with_room
from scenarios.building import build


def test_todays_book_is_asked_for_the_same_target(towns):
    scenario = build(towns)
    plan = todays_book(scenario)
    assert plan.owner.tolist() == ["West"] * 6
    assert plan.quota.sum(axis=1).to_dict() == {"West": 1200.0, "East": 0.0}
    assert plan.result is None
    assert plan.scenario_digest == scenario.digest


def test_large_units_choose_first_and_the_full_rep_is_passed_over():
    # three units of 3, 2 and 1 hours; rep 0 is cheaper for all and has 4 hours, rep 1 has 2
    hours = np.array([3.0, 3.0, 2.0, 2.0, 1.0, 1.0])
    room = Measure("hours", hours, np.full(2, -np.inf), np.array([4.0, 2.0]))
    problem = Problem(
        3, 2, np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1] * 3), np.array([1.0, 9.0] * 3), (room,)
    )
    # unit 0 -> rep 0 (1 hour left), unit 1 -> rep 1 (full), unit 2 -> rep 0
    assert problem.rep[cheapest_with_room(problem, "hours")].tolist() == [0, 1, 0]
