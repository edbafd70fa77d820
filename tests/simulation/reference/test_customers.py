"""Customers are lost, and change hands."""

import numpy as np
import pytest
from written_years import ANN, BOB, CLEO, fate_of, lived

from simulation.accounting.journal import What


def test_a_customer_is_lost_when_churn_has_added_up(world):
    # .01 a day; from the call given up on day 21, satisfaction .8 -> .4, at e^(5 x .4) = e^2 the rate.
    churn = {"yearly_rate": 3.6525, "sensitivity": 5.0}
    calls = [(0, 20.0, 400.0), (0, 20.0, 1.0)]
    here = world(churn=churn, service={"hours": 100.0}, satisfaction={"loss_per_unserved_call": 0.5})
    quiet = lived(here, fate_of(here, churns_at=np.array([0.5])))
    assert quiet == [(50.0, What.CUSTOMER_LOST, ANN, 0, 0, 0)]
    angry = lived(here, fate_of(here, calls=calls, churns_at=np.array([0.5])), What.CUSTOMER_LOST)
    assert angry[0].day == pytest.approx(21 + 0.29 / (0.01 * np.exp(2.0)), abs=1e-6)


def test_nothing_comes_of_a_lost_customer(world):
    # Lost on day 30: what waits is dropped when ann would begin it or its patience ends; who decides says no.
    here = world({"Ames": {"visits_per_year": 12}, "Boone": {}}, service={"hours": 1.0})
    deals = [
        {"arises": 10.0, "days": 50.0},
        {"arises": 29.2},
        {"arises": 29.3, "patience": 1.0},
        {"arises": 31.0},
        {"arises": 31.0, "is_new": True},
        {"customer": 1, "arises": 29.1, "days": 0.0},
    ]
    hours = np.array([8.0] * 29 + [2.0, 0.0] + [8.0] * 334)
    fate = fate_of(
        here,
        deals,
        [(0, 29.4, 9.0), (0, 29.45, 0.9), (0, 40.0, 1.0)],
        lost_from=np.array([30.0, np.inf]),
        phase=np.array([29.5 / (365 / 12), 0.5]) % 1,
        passed=np.array([np.concatenate([[0], np.cumsum(hours)]), np.zeros(366)]),
    )
    # Boone's is in hand from 29.1: 1.8 hours until the evening, none on day 30, 2.2 of day 31's eight.
    assert [(n.day, n.what, n.subject) for n in lived(here, fate) if n.day > 29.5] == [
        (30.0, What.CUSTOMER_LOST, 0),
        (30.3, What.LOST, 2),
        (31.275, What.WORK, 5),
        (31.275, What.WON, 5),
        (31.275, What.LOST, 1),
        (60.5, What.LOST, 0),
    ]


def test_a_customer_changes_hands_with_its_work_and_its_loss(world):
    # Ann keeps Ames until bob starts on day 31; he loses .2 of its demand. What waits then waits for bob;
    # ann finishes what she has in hand, and the rest follows with bob.
    here = world(
        {"Ames": {}}, {"ann": {}, "bob": {"start": "2026-02-01"}}, {"Ames": "bob"}, relationship_risk=0.2
    )
    deals = [
        {"arises": 30.75, "height": 0.99, "days": 1.0},
        {"arises": 30.8},
        {"arises": 40.0, "height": 0.81},
        {"arises": 41.0, "height": 0.79},
    ]
    assert [n[:4] for n in lived(here, fate_of(here, deals))] == [
        (30.75, What.ARISES, ANN, 0),
        (30.8, What.ARISES, ANN, 1),
        (31.0, What.MOVES, BOB, 0),
        (31.25, What.WORK, ANN, 0),
        (31.5, What.WORK, BOB, 1),
        (31.5, What.WON, BOB, 1),
        (32.25, What.WON, BOB, 0),
        (41.0, What.ARISES, BOB, 3),
        (41.5, What.WORK, BOB, 3),
        (41.5, What.WON, BOB, 3),
    ]


def test_customers_of_a_seat_given_up_go_to_the_nearest_colleague(world):
    # Bob lives on the equator, cleo a degree north of it.
    customers = {
        name: {"owner": owner, "latitude": latitude}
        for name, owner, latitude in [
            ("Ames", "ann", 0.9),
            ("Boone", "ann", 0.8),
            ("Clive", "ann", 0.1),
            ("Dike", "bob", 0.0),
            ("Exira", "cleo", 1.0),
        ]
    }
    reps = {"ann": {"end": "2026-03-01", "backfill": False}, "bob": {}, "cleo": {"latitude": 1.0}}
    here = world(customers, reps, turnover={"reassign": True})
    assert [n[:4] for n in lived(here, fate_of(here, [{"arises": 58.9}]), What.MOVES)] == [
        (59.0, What.MOVES, BOB, 2),
        (59.0, What.MOVES, CLEO, 0),
        (59.0, What.MOVES, CLEO, 1),
    ]
    stay = world(customers, reps)
    assert lived(stay, fate_of(stay), What.MOVES) == []
