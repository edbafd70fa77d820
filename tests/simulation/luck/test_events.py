"""Shocks: whom they concern, whether and when they happen, and what each of them does."""

import numpy as np
import pytest

from simulation.luck.demand import draw_demand
from simulation.luck.events import events_of, shocks_of
from simulation.luck.fate import draw
from simulation.world.world import world_of

FLOOD = {"name": "flood", "start": "2026-02-01", "end": "2026-03-01"}  # days 31 to 59
ROWS = {
    "Ames": {"region": "West", "segment": "Small", "potential": 100},
    "Boone": {"region": "West", "potential": 300},
    "Clive": {"segment": "Small", "potential": 200},
}
REPS = {"ann": {"region": "West"}, "bob": {"region": "East"}}


@pytest.fixture
def shocked(company):
    def shock(*shocks, lines=(), **market):
        given = [{"demand": 0.5, **one} for one in shocks]
        return shocks_of(company(ROWS, REPS, {"shocks": given, **market}, lines=lines))

    return shock


def test_a_shock_hits_customers_who_fit_all_its_columns(shocked):
    local = {**FLOOD, "name": "local", "where": {"region": ["West"], "segment": ["Small"]}}
    assert shocked(FLOOD, local).hits.tolist() == [[True, True, True], [True, False, False]]


def test_it_may_hit_the_largest_of_those_only(shocked):
    largest = [{**FLOOD, "name": str(n), "largest": n} for n in (1, 2, 9)]
    small = {**FLOOD, "name": "small", "largest": 1, "where": {"segment": ["Small"]}}
    assert shocked(*largest, small).hits.tolist() == [
        [False, True, False],
        [False, True, True],
        [True, True, True],
        [False, False, True],
    ]


def test_it_may_be_limited_to_lines_and_to_reps(shocked):
    values = {"order_values": {"Bolts": 50.0, "Nuts": 200.0}}
    shock = {**FLOOD, "lines": ["Nuts"], "reps": {"region": ["West"]}, "quits": 2.0}
    shocks = shocked(shock, lines=("Bolts", "Nuts"), **values)
    assert shocks.lines.tolist() == [[False, True]]
    assert shocks.seats.tolist() == [[True, False, False]]  # never the house


def test_it_begins_on_any_day_of_its_window_and_lasts_as_long(shocked):
    # From day 31 to day 40, ten days all equally likely; two thousand years, 200 each.
    shocks = shocked({**FLOOD, "latest_start": "2026-02-10"})
    events = [events_of(shocks, 1, r) for r in range(2000)]
    begins = np.array([event.begins[0] for event in events])
    assert {float(e.ends[0] - e.begins[0]) for e in events} == {28}
    counts = np.bincount(begins.astype(int), minlength=41)
    assert counts[:31].sum() == 0
    assert (np.abs(counts[31:] - 200) < 4 * np.sqrt(200 * 0.9)).all()


def test_it_happens_with_its_probability_whatever_else_may_happen(shocked):
    perhaps = {**FLOOD, "probability": 0.3}
    other = {**FLOOD, "name": "other", "probability": 0.5}
    shocks, both = shocked(perhaps), shocked(other, perhaps)
    alone = [0 in events_of(shocks, 1, r).which for r in range(1000)]
    beside = [1 in events_of(both, 1, r).which for r in range(1000)]
    assert alone == beside
    assert abs(sum(alone) - 300) < 4 * np.sqrt(1000 * 0.21)


EFFECTS = {
    "price": 2.0,
    "win": 0.5,
    "decision_delay_days": 10.0,
    "delivery_delay_days": 3.0,
    "late_payment": 4.0,
    "bad_debt": 5.0,
}


def test_opportunities_meet_the_shocks_of_the_day_they_arise(company, plan_for):
    market = {"late_days": 5.0, "bad_debt": 0.1, "delivery_days": 7.0, "order_value_cv": 0.5}
    rows = {f"c{i}": {"region": "West" if i % 2 else "East"} for i in range(100)}
    shock = {**FLOOD, **EFFECTS, "where": {"region": ["West"]}}
    drawn = []
    for shocks in ([], [shock]):
        scenario = company(rows, REPS, {**market, "shocks": shocks})
        world = world_of(scenario, plan_for(scenario))
        drawn.append(draw_demand(world, events_of(world.shocks, 1, 0), 1, 0))
    calm, struck = drawn
    met = (calm.arises >= 31) & (calm.arises < 59) & (calm.customer % 2 == 1)
    assert 50 < met.sum() < 120  # 50 x 20 x 28 / 365 = 77
    for field, before, after in (
        ("win", 1.0, 0.5),
        ("delivery_days", 7.0, 10.0),
    ):
        assert (getattr(struck, field)[met] == after).all()
        assert (getattr(struck, field)[~met] == before).all()
    assert struck.amount[met] == pytest.approx(2 * calm.amount[met], abs=1)
    assert (struck.days - calm.days)[met] == pytest.approx(10)
    assert (struck.payment_days - 30)[met] == pytest.approx(4 * (calm.payment_days - 30)[met])
    assert struck.never_pays[met].sum() > calm.never_pays[met].sum()
    for field in ("amount", "days", "payment_days", "never_pays"):
        assert (getattr(struck, field)[~met] == getattr(calm, field)[~met]).all()


def hours_of(company, plan_for, **effect):
    scenario = company(ROWS, REPS, {"shocks": [{**FLOOD, **effect, "reps": {"region": ["West"]}}]})
    world = world_of(scenario, plan_for(scenario))
    return np.diff(draw(world, 1, 0).passed, axis=1) * 365 / 1000


def test_illness_takes_a_share_of_the_hours(company, plan_for):
    ann, bob, house = hours_of(company, plan_for, capacity=0.75)
    assert ann[30:32] == pytest.approx([1, 0.75])
    assert ann[58:60] == pytest.approx([0.75, 1])
    assert bob == pytest.approx(1)
    assert house.sum() == 0


def test_training_takes_its_hours_evenly_and_no_more_than_there_are(company, plan_for):
    # February has 28 x 1000 / 365 = 76.7 hours; half of them.
    ann, bob, _ = hours_of(company, plan_for, training_hours=14 * 1000 / 365)
    assert ann[31:59] == pytest.approx(0.5)
    assert ann.sum() == pytest.approx(365 - 14)
    assert bob == pytest.approx(1)
    ann, _, _ = hours_of(company, plan_for, training_hours=200.0)
    assert ann[31:59] == pytest.approx(0)
    assert ann.sum() == pytest.approx(365 - 28)


def test_trainings_come_in_order_of_their_ends_with_those_concerned(company, plan_for):
    west = {**FLOOD, "productivity": 1.1, "reps": {"region": ["West"]}}
    sooner = {**FLOOD, "name": "b", "end": "2026-02-11", "ramp": 0.5}
    scenario = company(ROWS, REPS, {"shocks": [west, sooner]})
    trainings = draw(world_of(scenario, plan_for(scenario)), 1, 0).trainings
    assert trainings.end.tolist() == [41, 59]
    assert trainings.productivity.tolist() == [1, 1.1]
    assert trainings.ramp.tolist() == [0.5, 1]
    assert trainings.seats.tolist() == [[True, True, False], [True, False, False]]
