"""Calls in a year in which seats are filled for a part of it, and customers go to who starts later."""

import numpy as np
import pandas as pd
import pytest

from optimizer.calling.calls import call_plan
from optimizer.calling.frequencies import frequencies, hours_for_visits
from optimizer.calling.service import days_of_weeks, first_and_last, service
from scenarios.building import build
from scenarios.market import ServiceCalls

OWNER = pd.Series({"W1": "West", "W2": "West", "W3": "West", "E1": "East", "E2": "East", "E3": "East"})


@pytest.fixture
def later(towns):
    """East starts on 2 July 2026, day 182 of 365; until then West serves the customers in East."""
    towns.tables["reps"] = towns.tables["reps"].assign(start=["", "2026-07-02"], hours_per_year="600")
    return build(towns)


def test_weeks_begin_on_the_monday_nearest_to_the_first(later):
    # 1 January 2026 is a Thursday: the nearest Monday is 29 December, three days before.
    days = days_of_weeks(later)
    assert days[0].tolist() == [0, 0, 0, 0, 1]
    assert days[26].tolist() == [179, 180, 181, 182, 183]
    assert days[51].tolist() == [354, 355, 356, 357, 358]


def test_the_first_run_of_days_counts():
    served = np.array([[1, 1, 1, 1, 1], [0, 0, 1, 1, 0], [1, 0, 0, 1, 1], [0, 0, 0, 0, 0]], dtype=bool)
    first, last = first_and_last(served)
    assert first.tolist() == [0, 2, 0, 5]
    assert last[:3].tolist() == [4, 3, 0]


def test_who_starts_in_july_has_the_hours_from_then_and_no_calls_before(later):
    year = call_plan(later, OWNER, "East", weeks=52, promised=True)
    assert year.idle_weeks == tuple(range(1, 27))
    # Week 27 is that of 29 June: the seat is filled from Thursday on.
    assert year.calls["week"].min() >= 27
    assert set(year.calls.loc[year.calls["week"] == 27, "day"]) <= {"Thursday", "Friday"}
    # 600 hours x 183 of 365 days; nothing is sold by hours. Three customers x 12 visits of an hour.
    assert hours_for_visits(later, OWNER, "East") == pytest.approx(600 * 183 / 365)
    assert year.frequencies["hours"].sum() == pytest.approx(36 * 183 / 365)
    assert 15 <= len(year.calls) <= 21


def test_who_serves_for_a_colleague_does_so_until_that_one_starts(later):
    year = call_plan(later, OWNER, "West", weeks=52, promised=True)
    assert year.idle_weeks == ()
    held = year.calls[year.calls["customer"].str.startswith("E")]
    assert len(held) > 0
    assert held["week"].max() <= 27
    assert not set(held.loc[held["week"] == 27, "day"]) & {"Thursday", "Friday"}
    assert year.calls[year.calls["customer"].str.startswith("W")]["week"].max() > 48
    # An hour and 2 x 111 km at 50 km/h, 12 a year, of 182 of 365 days.
    often = year.frequencies.loc["E1"]
    assert often["hours_per_visit"] == pytest.approx(1 + 2 * 111.19 / 50, rel=1e-3)
    assert often["hours"] == pytest.approx(12 * often["hours_per_visit"] * 182 / 365)


def test_hours_held_over_are_not_given_away_twice(later):
    often = frequencies(later, OWNER, "West", keep=())
    assert often["hours"].sum() <= hours_for_visits(later, OWNER, "West") + 1e-9
    assert (often.loc[["E1", "E2", "E3"], "visits"] == 12).all()


def test_a_seat_that_ends_has_no_calls_from_its_end_on(towns):
    ends = towns.tables["reps"].assign(end=["2026-03-04", ""], backfill=["no", "yes"], hours_per_year="600")
    towns.tables["reps"] = ends
    year = call_plan(build(towns), OWNER, "West", weeks=12, promised=True)
    # 4 March, the first day without, is the Wednesday of week 10.
    assert year.calls["week"].max() <= 10
    assert year.idle_weeks == (11, 12)
    assert set(year.calls.loc[year.calls["week"] == 10, "day"]) <= {"Monday", "Tuesday"}


def test_nobody_is_held_over_where_all_are_there(towns):
    served = service(build(towns), OWNER, "West")
    assert served.held.empty
    assert served.share == 1


def test_calls_for_service_leave_fewer_hours_for_visits(later):
    market = later.market.model_copy(update={"service": ServiceCalls(calls_per_year=10.0, hours=2.0)})
    # East's three customers call ten times for two hours in a full year, of which the seat sees 183 days.
    fewer = hours_for_visits(later.replace(market=market), OWNER, "East")
    assert fewer == pytest.approx((600 - 3 * 10 * 2) * 183 / 365)
