"""Hours by hand: visits, travel, selling, and seats that are filled for part of the year."""

import pytest

from optimizer.compiling.workload import capacity_hours, daily_presence, presence, selling_hours, workload
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
