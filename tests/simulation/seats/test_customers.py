"""What customers do: they are more or less content, call, wait, buy unattended, and are lost for good."""

import math

import pytest
from fates import story

from scenarios.market import Satisfaction
from simulation.luck.demand import demand_at

BELIEF = Satisfaction(start=0.8, gain_per_visit=0.05, loss_per_missed_visit=0.1, sensitivity=0.5)
AT_ONCE = [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}]
NEVER_THERE = [("ann", "2026-01-01", "2027-01-01")]
CONTENT = {"start": 0.8, "sensitivity": 0.0, "gain_per_visit": 0.0}


@pytest.mark.parametrize(("satisfaction", "factor"), [(0.8, 1.0), (1.0, 1.1), (0.4, 0.8), (0.0, 0.6)])
def test_demand_follows_satisfaction(satisfaction, factor):
    assert demand_at(BELIEF, satisfaction) == pytest.approx(factor)


def test_demand_is_never_negative():
    assert demand_at(BELIEF.model_copy(update={"sensitivity": 9.0}), 0.1) == 0


def test_a_visit_gains_and_a_missed_one_costs(told):
    # Two visits a year, on day 0 and 182.5; the year's second half ann is away.
    journal = told(
        {"Ames": {"visits_per_year": 2}},
        market={"satisfaction": BELIEF.model_dump()},
        company_of={"absences": [("ann", "2026-07-01", "2027-01-01")]},
    )
    assert story(journal, "amount") == [
        (0.365, "visit", 0.81),  # an hour of 1,000; .8 + .05 x .2
        (365, "missed visit", 0.729),  # .81 x .9
    ]


def test_the_edge_of_demand_follows_satisfaction(told):
    # Due on days 0 (made), 91.25 and 182.5: the second is missed when the third falls due, .9 x .9 = .81.
    # Goodwill is 1 before and 1 - .5 x .09 = .955 after.
    content = BELIEF.model_copy(update={"gain_per_visit": 0.0, "start": 0.9}).model_dump()
    journal = told(
        {"Ames": {"visits_per_year": 4}},
        market={"satisfaction": content, "stages": AT_ONCE},
        company_of={"absences": [("ann", "2026-01-02", "2027-01-01")]},
        deals=[
            {"customer": "Ames", "arises": day, "height": height}
            for day, height in ((182.0, 0.999), (183.0, 0.9549), (184.0, 0.9551))
        ],
    )
    assert [day for day, what in story(journal) if what == "opportunity arises"] == [182, 183]


def test_who_loses_patience_is_lost_on_that_very_day_and_less_content(told):
    # Nobody works. The first waits 7.25 days from day 10 and would have bought, the second not (mark .6).
    journal = told(
        ["Ames"],
        market={
            "stages": [{"name": "deal", "hours": 2.5, "conversion": 0.5, "days": 0.0}],
            "satisfaction": {**CONTENT, "sensitivity": 1.0, "loss_per_lost_opportunity": 0.5},
        },
        company_of={"absences": NEVER_THERE},
        deals=[
            {"customer": "Ames", "arises": 10.0, "patience": [7.25], "amount": 12_345},
            {"customer": "Ames", "arises": 11.0, "patience": [29.5], "mark": [0.6]},
            # Satisfaction .4 after the first loss: goodwill 1 - .4. After the third it is .1: 1 - .7.
            {"customer": "Ames", "arises": 40.0, "height": 0.59, "patience": [1.0]},
            {"customer": "Ames", "arises": 42.0, "height": 0.31},
            {"customer": "Ames", "arises": 43.0, "height": 0.29},
        ],
    )
    assert story(journal, "hours", "amount") == [
        (10, "opportunity arises", 0, 0),
        (11, "opportunity arises", 0, 0),
        (17.25, "lost: nobody had time", 2.5, 123.45),
        (40, "opportunity arises", 0, 0),
        (40.5, "lost: nobody had time", 2.5, 0),
        (41, "lost: nobody had time", 2.5, 100),
        (43, "opportunity arises", 0, 0),
        (365, "open at the end", 0, 0),
    ]


def test_newcomers_are_lost_without_anger(told):
    journal = told(
        ["Ames"],
        market={"satisfaction": {**CONTENT, "sensitivity": 1.0, "loss_per_lost_opportunity": 1.0}},
        company_of={"absences": NEVER_THERE},
        deals=[
            {"customer": "Ames", "arises": 1.0, "patience": [1.0], "is_new": True},
            {"customer": "Ames", "arises": 5.0, "height": 0.99},
        ],
    )
    assert [day for day, what in story(journal) if what == "opportunity arises"] == [1, 5]


def test_calls_are_served_or_given_up(told):
    # A day has 1000 / 365 hours, a call takes 1: .365 days. The second waits for the first
    # and the third too long.
    journal = told(
        ["Ames"],
        market={
            "service": {"hours": 1.0},
            "satisfaction": {**CONTENT, "loss_per_unserved_call": 0.25},
        },
        calls=[("Ames", 10.0, 1.0), ("Ames", 10.1, 1.0), ("Ames", 10.2, 0.5)],
    )
    assert story(journal, "hours", "amount") == [
        (10, "call for service", 0, 0),
        (10.1, "call for service", 0, 0),
        (10.2, "call for service", 0, 0),
        (10.365, "service done", 1, 0),
        (10.7, "call unanswered", 1, 0.6),
        (10.73, "service done", 1, 0),
    ]


def test_a_call_on_site_takes_the_road_as_well(told):
    # A degree of the equator there and back, roads 1.25 as long, at 60 km/h.
    road = 2 * 111.19493 * 1.25 / 60
    journal = told(
        {"Ames": {"longitude": 1}},
        market={"service": {"hours": 1.0, "on_site": True}},
        calls=[("Ames", 10.0, 5.0)],
    )
    assert story(journal, "hours", "amount")[1] == (
        pytest.approx(10 + 0.365 * (1 + road), abs=1e-4),
        "service done",
        pytest.approx(1 + road, abs=1e-4),
        pytest.approx(road, abs=1e-4),
    )


DAILY = {"yearly_rate": 3.6525, "sensitivity": math.log(2) / 0.4}  # .01 a day, doubled at .4 instead of .8


def test_a_customer_is_lost_when_its_rate_adds_up_to_its_threshold(told):
    assert story(told(["Ames"], market={"churn": DAILY}, churns_at={"Ames": 1.25}), "customer") == [
        (125, "customer lost for good", "Ames")
    ]
    assert story(told(["Ames"], market={"churn": DAILY}, churns_at={"Ames": 3.66})) == []


def test_who_is_less_content_is_lost_sooner(told):
    # Half of the threshold of 1 goes in 50 days; at .4 satisfaction the other half takes 25.
    journal = told(
        ["Ames", "Boone"],
        market={
            "churn": DAILY,
            "satisfaction": {**CONTENT, "loss_per_unserved_call": 0.5},
        },
        company_of={"absences": NEVER_THERE},
        churns_at={"Ames": 1.0, "Boone": 1.0},
        calls=[("Ames", 40.0, 10.0)],
    )
    assert story(journal, "customer")[1:] == [
        (50, "call unanswered", "Ames"),
        (75, "customer lost for good", "Ames"),
        (100, "customer lost for good", "Boone"),
    ]


def test_of_a_lost_customer_nothing_arises_and_what_is_open_ends_when_touched(told):
    # Lost on day 100. Before: a decision of day 120, patience of day 110, a call, a visit; after: nothing.
    stages = [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 20.0}]
    journal = told(
        {"Ames": {"visits_per_year": 4}},
        market={"churn": DAILY, "stages": stages, "satisfaction": CONTENT},
        company_of={"absences": [("ann", "2026-04-01", "2027-01-01")]},  # from day 90 on
        churns_at={"Ames": 1.0},
        phase={"Ames": 0.5},
        deals=[
            {"customer": "Ames", "arises": 80.0, "days": [40.0]},
            {"customer": "Ames", "arises": 95.0, "patience": [15.0]},
            {"customer": "Ames", "arises": 101.0},
        ],
        calls=[("Ames", 96.0, 10.0), ("Ames", 105.0, 10.0)],
    )
    assert story(journal) == [
        (pytest.approx(45.625 + 0.365), "visit"),
        (80, "opportunity arises"),
        (80, "stage worked on"),
        (95, "opportunity arises"),
        (96, "call for service"),
        (100, "customer lost for good"),
        (110, "lost: customer said no"),
        (120, "lost: customer said no"),
    ]


def test_a_shock_may_cost_a_customer_before_churn_does(told):
    gone = {"name": "merger", "start": "2026-02-01", "end": "2026-03-01", "loses": True}
    shocks = [{**gone, "where": {"region": ["West"]}}]
    journal = told(
        {"Ames": {"region": "West"}, "Boone": {"region": "East"}},
        market={"churn": DAILY, "shocks": shocks},
        churns_at={"Ames": 1.0, "Boone": 1.0},
    )
    assert story(journal, "customer") == [
        (31, "customer lost for good", "Ames"),
        (100, "customer lost for good", "Boone"),
    ]


def test_where_nobody_serves_who_would_buy_does_so_in_its_own_time(told):
    # A share of .3 buys unattended, 4 + 6 days after arising, with marks below both conversions.
    stages = [{"name": name, "hours": 1.0, "conversion": 0.5, "days": 9.0} for name in ("talk", "deal")]
    usual = {"customer": "Ames", "unattended": 0.29, "days": [4.0, 6.0]}
    journal = told(
        {"Ames": {"owner": ""}},
        market={"stages": stages, "unattended_share": 0.3},
        deals=[
            {**usual, "arises": 10.0, "mark": [0.4, 0.4]},
            {**usual, "arises": 25.0, "unattended": 0.31},
            {**usual, "arises": 30.0, "mark": [0.4, 0.6]},
            {**usual, "arises": 360.0},
        ],
    )
    assert story(journal, "rep") == [
        (10, "opportunity arises, nobody there", ""),
        (20, "booking", ""),
        (20, "invoice", ""),
        (20, "payment", ""),
        (25, "opportunity arises, nobody there", ""),
        (25, "lost: nobody there", ""),
        (30, "opportunity arises, nobody there", ""),
        (30, "lost: nobody there", ""),
        (360, "opportunity arises, nobody there", ""),
        (365, "open at the end", ""),
    ]
