"""Hours needed and hours to be had in the two towns, month by month."""

import numpy as np
import pytest
from scipy.stats import norm

from optimizer import loads
from optimizer.staffing.headcount import hour_value, least_hours, need, working_days
from scenarios.building import build

AT_HOME = ["West"] * 3 + ["East"] * 3


@pytest.fixture
def calm(towns):
    """Nobody on leave, no noise: 72 visits of an hour against 200 hours."""
    towns.settings["market"] |= {"staffing": {"leave_days": 0.0}, "demand_noise": 0.0}
    return towns


def owned(scenario, reps=AT_HOME):
    return scenario.customers["owner"].mask([True] * len(reps), reps)


def test_hours_by_month_with_a_pencil(calm):
    scenario = build(calm)
    found = need(scenario, owned(scenario))
    months = found.months
    assert months.loc["2026-01", "visit_hours"] == pytest.approx(72 * 31 / 365)
    assert months["visit_hours"].sum() == pytest.approx(72)
    assert months["selling_hours"].sum() == 0
    # January 2026 has 22 of the year's 261 working days.
    assert months.loc["2026-01", "capacity_hours"] == pytest.approx(200 * 22 / 261)
    assert months["capacity_hours"].sum() == pytest.approx(200)
    assert (months["productive_hours"] == months["capacity_hours"]).all()
    assert months.loc["2026-01", "reps_needed"] == pytest.approx(72 * 31 / 365 / (100 * 22 / 261))
    assert months["shortfall_probability"].tolist() == [0.0] * 12
    assert found.quarters["target"].tolist() == pytest.approx([300.0] * 4)
    assert found.quarters["sales_in_reach"].tolist() == pytest.approx([300.0] * 4)


def test_too_few_hours_are_short_for_certain_and_cost_sales(calm):
    calm.tables["reps"]["hours_per_year"] = "18"
    scenario = build(calm)
    months = need(scenario, owned(scenario)).months
    assert months["shortfall_probability"].tolist() == [1.0] * 12
    # Half of what nobody works for buys all the same.
    january = months.loc["2026-01"]
    short = 1 - january["productive_hours"] / january["hours_needed"]
    assert january["sales_in_reach"] == pytest.approx(100 * (1 - 0.5 * short))
    assert january["missing_reps"] == pytest.approx(january["reps_needed"] - 2)


def test_selling_follows_the_season(calm):
    calm.settings["market"]["stages"] = [{"name": "deal", "hours": 2.0, "conversion": 0.5, "days": 0.0}]
    calm.settings["market"]["seasonality"] = [0.5] + [0.5 / 11] * 11
    scenario = build(calm)
    months = need(scenario, owned(scenario)).months
    # 1,200 of sales in orders of 50, two opportunities for each of two hours: 96 hours, half in January.
    assert months["selling_hours"].iloc[0] == pytest.approx(48)
    assert months["selling_hours"].sum() == pytest.approx(96)


def test_leave_moves_hours_between_months_but_not_over_the_year(calm):
    calm.settings["market"]["staffing"] = {"leave_days": 22.0, "leave_by_month": [1.0] + [0.0] * 11}
    scenario = build(calm)
    assert working_days(scenario)[0] == 0
    months = need(scenario, owned(scenario)).months
    assert months["capacity_hours"].iloc[0] == 0
    assert np.isnan(months["reps_needed"].iloc[0])
    assert months["capacity_hours"].sum() == pytest.approx(200)


def test_quits_take_hours_and_make_a_shortfall_possible(calm):
    calm.tables["reps"]["hours_per_year"] = "42"
    calm.settings["market"]["turnover"] = {"yearly_quit_rate": 0.5, "vacancy_days": 90.0, "ramp_months": 0.0}
    scenario = build(calm)
    quarters = need(scenario, owned(scenario)).quarters
    assert (quarters["expected_hours"] < quarters["capacity_hours"]).all()
    assert quarters["productive_hours"].tolist() == pytest.approx(quarters["expected_hours"].tolist())
    assert ((quarters["shortfall_probability"] > 0) & (quarters["shortfall_probability"] < 1)).all()
    assert quarters["shortfall_probability"].iloc[0] < quarters["shortfall_probability"].iloc[3]


def test_a_noisy_market_alone_gives_the_normal_law(calm):
    calm.settings["market"] |= {
        "stages": [{"name": "deal", "hours": 2.0, "conversion": 0.5, "days": 0.0}],
        "demand_noise": 0.1,
    }
    scenario = build(calm)
    row = need(scenario, owned(scenario)).quarters.iloc[1]
    over = row["hours_needed"] - row["productive_hours"]
    assert row["shortfall_probability"] == pytest.approx(norm.cdf(over / (0.1 * row["selling_hours"])))


def test_an_hour_not_worked_loses_its_part_of_the_contribution(calm):
    scenario = build(calm)
    # 1,200 expected, half of it margin, half of that lost where nobody comes; 72 hours at the nearest reps.
    assert least_hours(scenario).tolist() == pytest.approx([12.0] * 6)
    assert hour_value(scenario) == pytest.approx(1200 * 0.5 * 0.5 / 72)


def test_a_newcomer_is_worth_its_ramp_by_hand(calm):
    # East comes on the first day and ramps up from nothing: in January on average 15.5 of 365.25 days of it.
    calm.tables["reps"]["start"] = ["", "2026-01-01"]
    calm.settings["market"]["turnover"] = {"ramp_months": 12.0, "starting_productivity": 0.0}
    scenario = build(calm)
    january = need(scenario, owned(scenario)).months.loc["2026-01"]
    each = 100 * 22 / 261
    assert january["capacity_hours"] == pytest.approx(2 * each)
    assert january["productive_hours"] == pytest.approx(each * (1 + 15.5 / 365.25))
    needed = 72 * 31 / 365
    assert january["reps_needed"] == pytest.approx(needed / (each * (1 + 15.5 / 365.25) / 2))
    assert january["missing_reps"] == 0


def test_travel_of_the_owner_counts_by_hand(calm):
    # West serves East, too: 36 visits, 111.2 km away at 50 km/h, 4.45 hours there and back.
    scenario = build(calm)
    found = need(scenario, owned(scenario, ["West"] * 6))
    way = 2 * 111.195 / 50
    assert found.months["visit_hours"].sum() == pytest.approx(72 + 36 * way, rel=1e-4)
    quarter = found.quarters.loc["Q1"]
    assert quarter["visit_hours"] == pytest.approx((72 + 36 * way) * 90 / 365, rel=1e-4)
    # 64 working days of 261 in the first quarter of 2026.
    assert quarter["capacity_hours"] == pytest.approx(200 * 64 / 261)
    assert quarter["reps_needed"] == pytest.approx(quarter["hours_needed"] / (100 * 64 / 261))


def test_calls_for_service_fall_evenly_and_meetings_with_the_season(calm):
    calm.settings["market"] |= {
        "stages": [{"name": "meet", "hours": 2.0, "conversion": 0.5, "days": 0.0, "at_customer": True}],
        "service": {"calls_per_year": 4.0, "hours": 0.5, "on_site": True},
    }
    calm.tables["customers"]["owner"] = AT_HOME
    scenario = build(calm)
    owner = scenario.customers["owner"]
    months = need(scenario, owner).months
    # Everybody lives next door: 72 hours of visits and 6 x 4 calls of half an hour; 48 meetings of two hours.
    assert months["visit_hours"].sum() == pytest.approx(72 + 12)
    assert months["selling_hours"].sum() == pytest.approx(96)
    assert months["hours_needed"].sum() == pytest.approx(loads(scenario, owner)["hours"].sum())


def test_working_days_are_those_of_the_calendar(calm):
    calm.settings["calendar"] = {
        "weekdays": [1, 2, 3, 4, 5, 6],
        "holidays": ["2026-01-01", "2026-01-03", "2025-12-25"],
        "extra_workdays": ["2026-01-04"],
    }
    # January 2026 has 31 days and four Sundays, of which one is worked; two holidays fall on working days.
    assert working_days(build(calm))[0] == 31 - 4 + 1 - 2
