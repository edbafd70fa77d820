"""A rep's weeks, checked from first principles."""

import numpy as np
import pandas as pd
import pytest

from optimizer import todays_book
from optimizer.calling.calls import call_plan
from optimizer.calling.frequencies import frequencies
from optimizer.calling.weeks import DAYS, Book, Due, least_gaps
from scenarios import InputError
from scenarios.building import build
from scenarios.distance import great_circle_km

OWNER = pd.Series("West", index=[f"{town}{n}" for town in "WE" for n in (1, 2, 3)])
ROOMY = {"hours_per_year": "1800"}


def minutes(clock):
    hours, rest = clock.split(":")
    return 60 * int(hours) + int(rest)


def check(scenario, made, rep="West", *, by_road=True):
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
            least = round(60 * km * settings.road_factor / settings.speed_km_per_hour)
            assert call.travel_minutes >= least or not by_road
            assert arrive >= minutes(before.leave) + call.travel_minutes
        last_of[call.week, call.day] = call
    for today in made.days.itertuples():
        assert minutes(today.ends) - minutes(today.begins) <= day
        assert today.call_minutes + today.travel_minutes <= minutes(today.ends) - minutes(today.begins)
    for _, week in made.days.groupby("week"):
        assert week["day"].is_unique
        assert len(week) <= len(DAYS)
        assert not week["away_overnight"].iloc[-1]
    one_a_day = made.calls.groupby(["week", "day", "customer"]).size()
    assert (one_a_day == 1).all()
    # Working days between two visits of a customer: two thirds of the interval, never two in a row.
    on = made.calls.assign(on=5 * made.calls["week"] + made.calls["day"].map(DAYS.index))
    for customer, calls in on.groupby("customer"):
        visits = made.frequencies["visits"][customer]
        least = max(int(2 / 3 * 260 / visits), 2) if visits <= 130 else 1
        assert (np.diff(np.sort(calls["on"])) >= least).all(), customer


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
    made = call_plan(scenario, OWNER, "West", weeks=4, keep=("A",))
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
    assert reasons["W1"] == (
        "the call takes 60 minutes, the customer is open for 30 of the working day: "
        "30 more minutes are needed between opens and closes"
    )
    # 8 degrees are 890 km, 17.8 hours at 50 km/h, there and back 35.6.
    assert reasons["E3"] == (
        "too far: there and back takes 36.6 hours with the call, a trip of 1 working day has 8.0: "
        "28.6 more are needed"
    )
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


def test_visits_of_one_customer_are_never_on_two_days_in_a_row(towns):
    # 52, 78 and 104 visits a year: 5, 3.3 and 2.5 working days from one to the next.
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["visits_per_year"] = ["52", "78", "104", "12", "12", "12"]
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=12, promised=True)
    check(scenario, made)
    served = made.calls["customer"].value_counts()
    assert served["W1"] >= 11
    assert served["W3"] >= 22
    assert least_gaps(np.array([12.0, 52.0, 78.0, 104.0, 130.0, 260.0, 0.0])).tolist() == [
        14,
        3,
        2,
        2,
        2,
        1,
        173,
    ]


def test_a_visit_that_comes_too_soon_waits(towns):
    # A visit every day of the week is due; but with 130 a year one lies between two.
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["visits_per_year"] = ["130", "12", "12", "12", "12", "12"]
    book = Book(build(towns), "West", frequencies(build(towns), OWNER, "West", keep="exactly"))
    due = [Due(0)] * 5
    week = book.best_week(due, [0] * 5)
    assert [tour.begins for tour, _ in week.tours] == [0, 2, 4]
    assert {why for _, why in week.left} == {
        "too soon after its last visit: with 130 visits a year 2 working days lie between two"
    }
    assert [tour.begins for tour, _ in book.best_week(due[:1], [3]).tours] == [3]
    assert book.best_week(due[:1], [5]).tours == ()


def test_beyond_the_flight_distance_reps_fly_and_the_trip_says_its_hours(towns):
    # East lies 30 degrees away, 3,336 km: by road 67 hours. By plane two hours each way, one call an hour.
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["longitude"] = ["0", "0", "0", "30", "30", "30"]
    towns.settings["travel"] |= {"fly_beyond_km": 500, "flight_hours_one_way": 2}
    towns.settings["travel"].pop("visits_per_trip")
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=10, promised=True)
    check(scenario, made, by_road=False)
    far = made.calls[made.calls["customer"].str.startswith("E")]
    assert set(far["trip"]) == {"flight"}
    first = far[far["order"] == 1].iloc[0]
    assert (first["by"], first["travel_minutes"], first["km"]) == (
        "plane",
        120,
        pytest.approx(3335.8, abs=0.1),
    )
    assert set(made.calls["trip"][made.calls["customer"].str.startswith("W")]) == {"day trip"}
    for trip in made.trips.itertuples():
        assert (trip.trip, trip.travel_hours, trip.nights) == ("flight", 4.0, 0)
        assert trip.hours == trip.travel_hours + trip.call_hours == 4 + trip.calls


def test_far_stops_of_a_flight_are_flown_between_too(towns):
    # 30 degrees east and 30 degrees west: from the one to the other by plane as well, not 130 hours by road.
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["longitude"] = ["0", "0", "0", "30", "-30", "0"]
    towns.settings["travel"] |= {"fly_beyond_km": 500, "flight_hours_one_way": 2}
    scenario = build(towns)
    book = Book(scenario, "West", frequencies(scenario, OWNER, "West", keep="exactly"))
    week = book.best_week([Due(3), Due(4)], [0, 0])
    assert [one.drive for _, one in week.tours] == [3 * 120]


def test_an_overnight_trip_says_its_hours(towns):
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"]["longitude"] = ["0", "0", "0", "4", "4", "4"]  # 445 km: 8.9 hours one way
    made = call_plan(build(towns), OWNER, "West", weeks=10, promised=True)
    trip = made.trips.iloc[0]
    assert trip["trip"] == "overnight trip"
    assert trip["travel_hours"] == pytest.approx(2 * 8.9, abs=0.02)
    assert trip["call_hours"] == trip["calls"]
    nights = made.days[(made.days["trip"] == "overnight trip")]["away_overnight"].sum()
    assert nights == made.trips["nights"].sum()


def test_what_finds_no_room_says_how_many_hours_are_missing(towns):
    # A week has five days of two hours and a half, with room for one call of two hours each.
    towns.settings["travel"] |= {"hours_per_day": 2.5, "days_per_trip": 1}
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"] = towns.tables["customers"].assign(longitude="0", hours_per_visit="2")
    scenario = build(towns)
    book = Book(scenario, "West", frequencies(scenario, OWNER, "West", keep="exactly"))
    week = book.best_week([Due(n) for n in range(6)], [0] * 6)
    assert [len(one.visits) for _, one in week.tours] == [1] * 5
    ((_, why),) = week.left
    assert why == "1.5 more hours are needed: it takes 2.0 with the way, Monday has 0.5 left"


def test_hours_that_would_do_but_for_the_doors_are_said(towns):
    # All open from 8 to 9 only, and a call takes an hour: one a day, the sixth finds none.
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"] = towns.tables["customers"].assign(longitude="0", opens="08:00", closes="09:00")
    scenario = build(towns)
    book = Book(scenario, "West", frequencies(scenario, OWNER, "West", keep="exactly"))
    ((_, why),) = book.best_week([Due(n) for n in range(6)], [0] * 6).left
    assert "Monday has 7.0 hours left and it takes 1.0 with the way" in why
    assert "opening hours" in why


def test_a_customer_is_listed_once_with_what_is_made_and_what_is_not(towns):
    # Six customers of a visit a week each, and five hours a week.
    towns.settings["travel"] |= {"hours_per_day": 1.0, "days_per_trip": 1}
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"] = towns.tables["customers"].assign(longitude="0", visits_per_year="52")
    made = call_plan(build(towns), OWNER, "West", weeks=4, promised=True)
    assert len(made.calls) == 20  # five hours a week, six customers
    assert made.unserved["customer"].is_unique
    assert made.unserved["missing"].sum() == 24 - 20
    assert (made.unserved["due"] == 4).all()
    assert (made.unserved["made"] + made.unserved["missing"] == 4).all()


def test_visits_beyond_the_promised_ones_give_way_and_are_no_debt(towns):
    # A week holds five calls of an hour; six are promised by the fortnight, and hours of the year allow more.
    towns.settings["travel"] |= {"hours_per_day": 1.0, "days_per_trip": 1}
    towns.tables["reps"] = towns.tables["reps"].assign(**ROOMY)
    towns.tables["customers"] = towns.tables["customers"].assign(longitude="0", visits_per_year="26")
    scenario = build(towns)
    made = call_plan(scenario, OWNER, "West", weeks=4)
    assert made.frequencies["visits"].sum() > 5 * 52
    assert made.extras_left > 0
    assert (made.unserved["due"] <= 2).all()  # only promised visits are due: two in four weeks
    book = Book(scenario, "West", made.frequencies)
    due = [Due(n, promised=n >= 3) for n in range(6)] + [Due(n, promised=False, late=False) for n in (3, 4)]
    week = book.best_week(due, [0] * 8)
    assert {3, 4, 5} <= {visit.stop for _, one in week.tours for visit in one.visits}
    assert len(week.tours) == 5
