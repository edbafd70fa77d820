"""A seat at work: one thing at a time, in an order, within working time."""

import numpy as np
import pytest
from written_years import days_of, fate_of, lived

from simulation.accounting.journal import What


def test_a_seat_does_one_thing_at_a_time_and_first_what_waits_longest(world):
    here = world({"Ames": {}, "Boone": {}})
    deals = [{"customer": c, "arises": 3.0 + c / 10 + n / 100} for c in (1, 0) for n in (0, 1)]
    works = lived(here, fate_of(here, deals), What.WORK)
    assert [(n.subject, n.day) for n in works] == [(0, 3.5), (1, 4.0), (2, 4.5), (3, 5.0)]


def test_nobody_works_on_free_days(world):
    # Of five days a week 261 in 2026, the first is a Thursday: day 2 is a Saturday, day 4 a Monday.
    here = world(reps={"ann": {"hours_per_year": 8 * 261}}, calendar={})
    deals = [{"arises": 2.3}, {"arises": 8.75}]
    assert days_of(lived(here, fate_of(here, deals)), What.WORK) == [4.5, 11.25]


def test_ranks_say_what_comes_first(world):
    # A call of 8 hours is in hand from 1.0 to 2.0; meanwhile a deal, a call and two visits have come to wait.
    customers = {
        "Ames": {"visits_per_year": 1, "hours_per_visit": 4, "tier": ""},
        "Boone": {"visits_per_year": 1, "hours_per_visit": 4, "tier": "A"},
    }
    market = {"service": {"hours": 8.0, "patience_days": 5.0}}
    ends = {}
    for order in (("deals", "service", "visits"), ("visits", "service", "deals"), ()):
        here = world(customers, work_order=list(order), **market)
        fate = fate_of(
            here, [{"arises": 1.4}], [(0, 1.0, 9.0), (0, 1.3, 9.0)], phase=np.array([1.1, 1.2]) / 365
        )
        notes = lived(here, fate, What.WORK, What.SERVED, What.VISIT)
        ends[order] = [(n.what, n.subject, n.day) for n in notes[1:]]
    work, served, boone, ames = (What.WORK, 0), (What.SERVED, 1), (What.VISIT, 1), (What.VISIT, 0)
    assert ends["deals", "service", "visits"] == [
        (*work, 2.5), (*served, 3.5), (*boone, 4.0), (*ames, 4.5)
    ]  # fmt: skip
    assert ends["visits", "service", "deals"] == [
        (*boone, 2.5), (*ames, 3.0), (*served, 4.0), (*work, 4.5)
    ]  # fmt: skip
    assert ends[()] == [(*ames, 2.5), (*boone, 3.0), (*served, 4.0), (*work, 4.5)]


def test_work_at_the_customer_takes_the_way_there(world):
    # A degree of the equator is 111.195 km: there and back, roads 1.25 as long, 60 km/h, nobody on the way.
    road = 2 * 111.195 * 1.25 / 60
    stages = [{"name": "deal", "hours": 4.0, "conversion": 0.5, "days": 0.0, "at_customer": True}]
    here = world({"Ames": {"longitude": 1}}, stages=stages, service={"hours": 1.0, "on_site": True})
    fate = fate_of(
        here, [{"arises": 1.0}, {"arises": 1.1, "patience": 0.1}], [(0, 50.0, 9.0), (0, 50.1, 0.1)]
    )
    hours = {(n.what, n.subject): n.hours for n in lived(here, fate) if n.hours}
    assert here.hands.road_hours[0, 0] == pytest.approx(road, abs=1e-4)
    assert hours == {
        (What.WORK, 0): pytest.approx(4 + road, abs=1e-4),
        (What.LOST_WAITING, 1): pytest.approx(4 + road, abs=1e-4),
        (What.SERVED, 0): pytest.approx(1 + road, abs=1e-4),
        (What.UNSERVED, 1): pytest.approx(1 + road, abs=1e-4),
    }
