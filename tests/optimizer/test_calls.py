"""A rep's weeks, checked from first principles."""

import numpy as np
import pandas as pd
import pytest

from optimizer import todays_book
from optimizer.calls import DAYS, call_plan
from scenarios import InputError
from scenarios.building import build
from scenarios.distance import great_circle_km

OWNER = pd.Series("West", index=[f"{town}{n}" for town in "WE" for n in (1, 2, 3)])
ROOMY = {"hours_per_year": "1800"}


def minutes(clock):
    hours, rest = clock.split(":")
    return 60 * int(hours) + int(rest)


def check(scenario, made, rep="West"):
    """Hold every call against the tables: windows, days, the order, and the drive from stop to stop."""
    customers, settings = scenario.customers, scenario.travel
    begin = minutes(settings.day_starts)
    day = round(60 * settings.hours_per_day)
    last_of = {}
    for call in made.calls.itertuples():
        customer = customers.loc[call.customer]
        arrive, leave = minutes(call.arrive), minutes(call.leave)
        assert leave - arrive == round(60 * customer["hours_per_visit"])
        assert begin <= arrive <= leave <= begin + day
        assert arrive >= minutes(customer["opens"] or settings.day_starts)
        assert not customer["closes"] or leave <= minutes(customer["closes"])
        before = last_of.get((call.week, call.day))
        if before is not None:
            assert call.order == before.order + 1
            places = customers.loc[[before.customer, call.customer]]
            km = great_circle_km(
                *(places[c].iloc[:1] for c in ("latitude", "longitude")),
                *(places[c].iloc[1:] for c in ("latitude", "longitude")),
            )[0, 0]
            assert call.drive_minutes >= round(60 * km * settings.road_factor / settings.speed_km_per_hour)
            assert arrive >= minutes(before.leave) + call.drive_minutes
        last_of[call.week, call.day] = call
    for today in made.days.itertuples():
        assert minutes(today.ends) - minutes(today.begins) <= day
        assert today.call_minutes + today.drive_minutes <= minutes(today.ends) - minutes(today.begins)
    for _, week in made.days.groupby("week"):
        assert week["day"].is_unique
        assert len(week) <= len(DAYS)
        assert not week["away_overnight"].iloc[-1]
    one_a_day = made.calls.groupby(["week", "day", "customer"]).size()
    assert (one_a_day == 1).all()


def test_a_year_holds_every_visit_once(towns):
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.settings["travel"].pop("visits_per_trip")
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=52, promised=True)
    check(scenario, made)
    assert made.unserved.empty
    assert made.calls["customer"].value_counts().to_dict() == dict.fromkeys(OWNER.index, 12)
    # Evenly: twelve visits are four or five weeks apart.
    for _, calls in made.calls.groupby("customer"):
        assert set(np.diff(calls["week"])) <= {3, 4, 5, 6}
    # Neighbors in one week: three customers of the far town, in two bundles with those at home, not three.
    far = made.calls[made.calls["customer"].str.startswith("E")]
    assert far["week"].nunique() <= 24


def test_best_frequencies_stay_within_the_hours(towns):
    towns.tables["customers"]["tier"] = ["A", "C", "C", "C", "C", "C"]
    towns.tables["reps"]["hours_per_year"] = "200"
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=4)
    check(scenario, made)
    often = made.frequencies
    assert often["hours"].sum() <= 200 + 1e-6
    assert often.loc["W1", "visits"] >= 12  # tier A is promised its visits
    assert often["sales"].sum() >= often["sales_promised"].sum()


def test_opening_hours_are_kept(towns):
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["opens"] = ["13:00", "", "", "", "10:30", ""]
    towns.tables["customers"]["closes"] = ["", "09:00", "", "", "12:00", ""]
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=8, promised=True)
    check(scenario, made)
    first = made.calls[made.calls["customer"] == "W1"]
    assert (first["arrive"].map(minutes) >= 13 * 60).all()


def test_what_can_never_be_served_says_why(towns):
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["opens"] = ["09:00", "", "", "", "", ""]
    towns.tables["customers"]["closes"] = ["09:30", "", "", "", "", ""]
    towns.tables["customers"]["longitude"] = ["0", "0", "0", "1", "1", "8"]
    towns.settings["travel"] |= {"days_per_trip": 1}
    made = call_plan(build(towns), OWNER, "West", weeks=52, promised=True)
    reasons = made.unserved.groupby("customer")["reason"].first()
    assert reasons["W1"] == "the call takes 60 minutes, the customer has 30 in a working day"
    assert reasons["E3"] == "there and back takes 36.6 hours with the call, a trip has 8.0"
    assert set(reasons.index) == {"W1", "E3"}


def test_far_customers_are_visited_on_a_trip_with_nights(towns):
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["longitude"] = ["0", "0", "0", "4", "4", "4"]  # 445 km: nine hours one way
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=10, promised=True)
    check(scenario, made)
    far = made.calls[made.calls["customer"].str.startswith("E")]
    assert len(far) > 0
    nights = made.days[made.days["week"].isin(far["week"])]["away_overnight"]
    assert nights.sum() >= 2 * far["week"].nunique()


def test_the_same_seed_makes_the_same_weeks(towns):
    scenario = build(towns)
    one, two, other = (call_plan(scenario, OWNER, "West", weeks=4, keep=(), seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.calls, two.calls)
    assert not one.calls.equals(other.calls)


def test_a_stranger_and_a_week_beyond_the_year_are_refused_together(towns):
    scenario = build(towns)
    with pytest.raises(InputError) as caught:
        call_plan(scenario, todays_book(scenario).owner, "Nobody", weeks=3, first_week=51)
    assert len(caught.value.problems) == 2


def test_a_rep_without_customers_has_an_empty_plan(towns):
    made = call_plan(build(towns), OWNER, "East")
    assert made.calls.empty
    assert made.days.empty
    assert made.unserved.empty
