"""Hours by hand: visits, travel, selling, and seats that are filled for part of the year."""

import pytest

from optimizer.compiling.costs import losses
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import (
    calls_per_year,
    capacity_hours,
    daily_presence,
    hours_beside_visits,
    presence,
    selling_hours,
    workload,
)
from scenarios.building import build


def test_hours_are_visits_times_call_and_travel(towns):
    hours = workload(build(towns))
    assert hours.loc["W1", "West"] == pytest.approx(12.0)
    assert hours.loc["W1", "East"] == pytest.approx(12 * (1 + 2 * 111.195 / 50), rel=1e-4)


def test_selling_counts_each_stage_as_often_as_it_is_reached(towns):
    towns.settings["market"]["stages"] = [
        {"name": "meet", "hours": 1.0, "conversion": 0.5, "days": 5},
        {"name": "offer", "hours": 2.0, "conversion": 0.4, "days": 5},
    ]
    towns.settings["market"]["growth"] = 0.1
    # W1 buys 100 x 1.1 a year in orders of 50: 2.2 orders = 11 opportunities of 1 + .5 x 2 = 2 hours.
    assert selling_hours(build(towns))["W1"] == pytest.approx(22.0)


def test_stages_at_the_customer_take_the_road_as_often_as_they_are_reached(towns):
    towns.settings["market"]["stages"] = [
        {"name": "call", "hours": 0.5, "conversion": 0.5, "days": 5},
        {"name": "meet", "hours": 2.0, "conversion": 0.4, "days": 5, "at_customer": True},
    ]
    scenario = build(towns)
    way = travel_hours(scenario).loc["W1", "East"]
    # W1 orders twice a year: 10 opportunities of .5 + .5 x 2 hours, every second one with a meeting there.
    assert hours_beside_visits(scenario).loc["W1", "East"] == pytest.approx(10 * 1.5 + 5 * way)
    assert workload(scenario).loc["W1", "East"] == pytest.approx(12 * (1 + way) + 15 + 5 * way)
    assert losses(scenario)["travel"].loc["W1", "East"] == pytest.approx((12 + 5) * way)


def test_calls_for_service_take_hours_and_the_road_where_they_are_on_site(towns):
    towns.tables["customers"]["service_calls_per_year"] = ["6", "", "", "", "", "0"]
    towns.settings["market"]["service"] = {"calls_per_year": 2, "hours": 0.5}
    by_phone = build(towns)
    assert calls_per_year(by_phone).tolist() == [6, 2, 2, 2, 2, 0]
    assert hours_beside_visits(by_phone)["East"].tolist() == [3, 1, 1, 1, 1, 0]
    towns.settings["market"]["service"]["on_site"] = True
    on_site = build(towns)
    way = travel_hours(on_site).loc["W1", "East"]
    assert hours_beside_visits(on_site).loc["W1", "East"] == pytest.approx(6 * (0.5 + way))
    assert losses(on_site)["travel"].loc["W1", "East"] == pytest.approx((12 + 6) * way)


def test_without_calls_and_stages_at_the_customer_hours_are_visits_and_selling(towns):
    scenario = build(towns)
    visits = (travel_hours(scenario) + 1.0) * 12
    assert (workload(scenario) == visits.add(selling_hours(scenario), axis=0)).all(axis=None)


def test_a_seat_counts_while_it_is_filled(towns):
    towns.tables["reps"]["start"] = ["", "2026-04-01"]
    towns.tables["reps"]["end"] = ["2026-10-01", ""]
    towns.tables["reps"]["backfill"] = ["no", ""]
    here = presence(build(towns))
    assert here.loc["West"].tolist() == [1, 1, 1, 0]
    assert here.loc["East"].tolist() == [0, 1, 1, 1]
    assert capacity_hours(build(towns))["West"] == pytest.approx(100 * 273 / 365)


def test_a_vacated_seat_is_filled_again_and_ramps(towns):
    towns.tables["reps"]["end"] = ["2026-07-01", ""]
    towns.settings["market"]["turnover"] = {
        "vacancy_days": 92,
        "ramp_months": 24,
        "starting_productivity": 0.5,
    }
    scenario = build(towns)
    assert presence(scenario).loc["West"].tolist() == [1, 1, 0, 1]
    # 92 days of ramp, on average 46 days in: .5 + .5 x 46 / 730.5
    assert daily_presence(scenario, ramped=True)[0, -92:].mean() == pytest.approx(0.5 + 0.5 * 46 / 730.5)


def test_the_ramp_is_that_of_the_seniority(towns):
    towns.tables["reps"]["start"] = "2026-01-01"
    towns.tables["reps"]["seniority"] = ["junior", "senior"]
    towns.settings["market"]["turnover"] = {
        "ramp_months": 24,
        "ramp_months_by_seniority": {"junior": 36, "senior": 0},
        "starting_productivity": 0.5,
    }
    west, east = daily_presence(build(towns), ramped=True)
    # On average half a year into a ramp of three years: .5 + .5 x 182.5 / 1095.75
    assert west.mean() == pytest.approx(0.5 + 0.5 * 182.5 / 1095.75)
    assert (east == 1).all()
