"""Where to hire, in two towns one can look through completely."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.compiling.costs import losses
from optimizer.compiling.workload import capacity_hours, hours_in_service
from optimizer.staffing.headcount import hour_value
from optimizer.staffing.places import find_places, with_seats
from optimizer.staffing.siting import where_to_hire
from scenarios.building import build


def least_loss(scenario, value):
    """Try every book: travel, disruption, fit, ramp, vacancy, and hours beyond capacity at their value."""
    cost = sum(table.to_numpy() for table in losses(scenario).values())
    hours, room = hours_in_service(scenario).to_numpy(), capacity_hours(scenario).to_numpy()
    best, rows = np.inf, np.arange(len(cost))
    for book in itertools.product(range(len(room)), repeat=len(cost)):
        reps = np.array(book)
        load = np.bincount(reps, hours[rows, reps], len(room))
        best = min(best, cost[rows, reps].sum() + value * np.maximum(load - room, 0).sum())
    return best


@pytest.fixture
def crowded(towns):
    """Both reps live in West; a visit to the three customers in East takes 4.4 hours on the road."""
    towns.tables["reps"]["longitude"] = "0"
    towns.tables["reps"]["base_pay"] = "120"
    towns.settings["market"]["turnover"] = {"ramp_months": 0.0}
    return towns


def test_the_missing_rep_is_hired_where_the_customers_are(crowded):
    scenario = build(crowded)
    found = where_to_hire(scenario, hires=2, candidates=2, time_limit=30)
    assert [place.name for place in found.places] == ["0.0, 1.0", "0.0, 0.0"]
    first, second = found.hires
    # There all of East is served at home: no travel, no hour short; that its customers change hands costs
    # 600 of potential x 10 % x 50 %.
    east = least_loss(with_seats(scenario, [found.places[0]], 1), found.hour_value)
    assert east == pytest.approx(600 * 0.1 * 0.5)
    truth = least_loss(scenario, found.hour_value) - east
    assert first.place == "0.0, 1.0"
    assert first.saving.estimate == pytest.approx(truth, rel=1e-4)
    assert first.saving.low - 1e-3 <= truth <= first.saving.high + 1e-3
    assert first.net.estimate == pytest.approx(truth - 120, rel=1e-3)
    assert found.hours_short > 0
    assert first.hours_short == pytest.approx(0.0, abs=1e-6)
    assert first.kept == pytest.approx(found.hour_value * found.hours_short, rel=1e-6)
    # Nothing is left for a second one to save.
    assert second.saving.estimate == pytest.approx(0.0, abs=1e-3)
    assert found.hour_value == pytest.approx(hour_value(scenario))


def test_the_seat_missed_least_is_the_one_without_customers(towns):
    # West has hours for everybody nearby; East's are needed. A third rep sits idle in West.
    towns.tables["reps"] = pd.concat([towns.tables["reps"], towns.tables["reps"].iloc[:1].assign(rep="Idle")])
    towns.tables["reps"]["base_pay"] = ["10", "20", "30"]
    found = where_to_hire(build(towns), hires=0, time_limit=20)
    assert found.places == ()
    assert found.hires == ()
    first = found.removals[0]
    assert (first.rep, first.pay) == ("Idle", 30.0)
    assert first.loss.estimate == pytest.approx(0.0, abs=1e-3)
    assert first.net.estimate == pytest.approx(30.0, abs=1e-3)
    assert [gone.rep for gone in found.removals][-1] in ("West", "East")


def test_who_alone_may_serve_somebody_cannot_go(towns):
    towns.tables["customers"]["lock"] = ["yes", "", "", "", "", ""]
    found = where_to_hire(build(towns), hires=0, time_limit=20)
    assert {gone.rep: gone.loss is None for gone in found.removals} == {"West": True, "East": False}
    assert found.removals[-1].net is None


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(10, 300), min_size=5, max_size=5),
    st.lists(st.integers(20, 120), min_size=2, max_size=2),
    st.lists(st.sampled_from(["0", "0.5", "1"]), min_size=2, max_size=2),
)
def test_what_a_seat_saves_lies_in_its_interval_and_one_more_never_harms(towns, potential, hours, homes):
    world = {name: table.copy() for name, table in towns.tables.items()}
    source = type(towns)(towns.name, {**towns.settings}, world)
    world["customers"] = world["customers"].iloc[:5].assign(potential=[str(p) for p in potential])
    world["history"] = world["history"].iloc[:1]
    world["reps"] = world["reps"].assign(longitude=homes, hours_per_year=[str(h) for h in hours])
    scenario = build(source)
    found = where_to_hire(scenario, hires=1, candidates=2, time_limit=20)
    before = least_loss(scenario, found.hour_value)
    for place in found.places:
        truth = before - least_loss(with_seats(scenario, [place], 1), found.hour_value)
        assert truth >= -1e-6
        assert place.saving.low - 1e-3 <= truth <= place.saving.high + 1e-3


def test_places_are_the_cities_of_customers_and_lie_apart(towns):
    towns.tables["customers"]["city"] = ["Westham"] * 3 + ["Eastham"] * 3
    towns.tables["customers"]["country"] = ["A"] * 6
    towns.tables["reps"]["longitude"] = "0.5"
    scenario = build(towns)
    assert {place.name for place in find_places(scenario, 5)} == {"Westham, A", "Eastham, A"}
    seat = with_seats(scenario, find_places(scenario, 1), 2).reps.iloc[-1]
    assert seat["hours_per_year"] == 100
    assert seat["seniority"] == "middle"
    assert str(seat["start"])[:10] == "2026-01-01"


def test_what_a_seat_taken_away_loses_by_hand(towns):
    # Both have hours for all. Without East its customers cost West 36 visits of 4.45 hours at 1 an hour, and
    # 600 of potential x 10 % x 50 % because they change hands.
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["reps"]["base_pay"] = ["500", "100"]
    towns.tables["customers"]["owner"] = ["West"] * 3 + ["East"] * 3
    found = where_to_hire(build(towns), hires=0, time_limit=20)
    gone = {removal.rep: removal for removal in found.removals}
    lost = 36 * 2 * 111.195 / 50 + 600 * 0.1 * 0.5
    first = found.removals[0]
    assert first.loss.estimate == pytest.approx(lost, rel=1e-3)
    assert first.loss.low * (1 - 1e-4) <= lost <= first.loss.high * (1 + 1e-4)
    assert gone["West"].net.estimate == pytest.approx(500 - lost, rel=1e-3)  # the towns are alike
    assert gone["East"].net.estimate == pytest.approx(100 - lost, rel=1e-3)
    assert found.hours_short == 0


def test_the_next_rep_saves_the_way_there_by_hand(crowded):
    # With hours for everybody only the way counts: 36 visits of 4.45 hours at 1, less 30 for new owners.
    crowded.tables["reps"]["hours_per_year"] = "1000"
    found = where_to_hire(build(crowded), hires=1, candidates=2, time_limit=20)
    saved = 36 * 2 * 111.195 / 50 - 600 * 0.1 * 0.5
    (first,) = found.hires
    assert first.place == "0.0, 1.0"
    assert first.saving.estimate == pytest.approx(saved, rel=1e-3)
    assert first.saving.low * (1 - 1e-4) <= saved <= first.saving.high * (1 + 1e-4)
    assert first.net.estimate == pytest.approx(saved - 120, rel=1e-3)
    assert first.kept == pytest.approx(0, abs=1e-6)
