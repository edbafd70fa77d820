"""Customers who change hands within the year: what waits for them, what is in hand, what it costs."""

import pytest
from fates import story

TWO_STAGES = [
    {"name": "talk", "hours": 1.0, "conversion": 0.5, "days": 0.0},
    {"name": "deal", "hours": 1.0, "conversion": 0.5, "days": 0.0},
]
CALM = {"start": 0.8, "sensitivity": 0.0}
MOVE = [("2026-01-16", "Ames", "bob")]  # on day 15


def test_waiting_work_and_open_decisions_go_along_with_the_customer(told):
    # Ann, away from day 5 on, has one opportunity waiting and one at the customer; both go to bob on day 15.
    journal = told(
        ["Ames"],
        {"ann": {"hours_per_year": 730}, "bob": {"hours_per_year": 730}},
        {"stages": TWO_STAGES},
        company_of={"moves": MOVE, "absences": [("ann", "2026-01-06", "2027-01-01")]},
        deals=[
            {"customer": "Ames", "arises": 2.0, "days": [18.0, 0.0]},
            {"customer": "Ames", "arises": 7.0, "days": [300.0, 0.0], "patience": [9.0, 1.0]},
            {"customer": "Ames", "arises": 7.5, "patience": [8.75, 1.0]},
        ],
    )
    assert story(journal, "rep", "opportunity")[:9] == [
        (2, "opportunity arises", "ann", 0),
        (2.5, "stage worked on", "ann", 0),
        (7, "opportunity arises", "ann", 1),
        (7.5, "opportunity arises", "ann", 2),
        (15, "customer changes hands", "bob", -1),
        (15.5, "stage worked on", "bob", 1),
        (16, "stage worked on", "bob", 2),
        (16, "stage passed", "bob", 2),
        (16.5, "stage worked on", "bob", 2),
    ]
    booked = journal[(journal["what"] == "booking") & (journal["opportunity"] == 0)]
    assert story(booked, "rep") == [(21, "booking", "bob")]  # passed on day 20.5, half a day of work


@pytest.mark.parametrize("reps", [("ann", "bob"), ("bob", "ann")])
def test_what_is_in_hand_is_finished_by_whoever_began_it(told, reps):
    # Ann works on it from day 10 to 20; bob has the customer from day 15 on and hears the answer on day 24.
    # Meanwhile he serves a call that came in on day 16, and one of day 22 after she has finished.
    stages = [{"name": "deal", "hours": 10.0, "conversion": 0.5, "days": 0.0}]
    journal = told(
        ["Ames"],
        {rep: {"hours_per_year": 365} for rep in reps},
        {"stages": stages, "service": {"hours": 1.0}},
        company_of={"moves": MOVE},
        deals=[{"customer": "Ames", "arises": 10.0, "days": [4.0]}],
        calls=[("Ames", 16.0, 9.0), ("Ames", 22.0, 9.0)],
    )
    assert story(journal, "rep") == [
        (10, "opportunity arises", "ann"),
        (15, "customer changes hands", "bob"),
        (16, "call for service", "bob"),
        (17, "service done", "bob"),
        (20, "stage worked on", "ann"),
        (22, "call for service", "bob"),
        (23, "service done", "bob"),
        (24, "booking", "bob"),
        (24, "invoice", "bob"),
        (24, "payment", "bob"),
    ]


@pytest.mark.parametrize("reps", [("ann", "bob"), ("bob", "ann")])
def test_a_visit_in_hand_pleases_the_customer_of_another_in_order_of_days(told, reps):
    # Ann's visit ends on day 20: from .8 halfway to 1. On day 18 bob fails a call, .8 x .5, and on day 25.
    market = {"satisfaction": {**CALM, "gain_per_visit": 0.5, "loss_per_unserved_call": 0.5}}
    journal = told(
        {"Ames": {"visits_per_year": 1, "hours_per_visit": 10}},
        {rep: {"hours_per_year": 365} for rep in reps},
        market,
        company_of={"moves": MOVE, "absences": [("bob", "2026-01-01", "2027-01-01")]},
        phase={"Ames": 10 / 365},
        calls=[("Ames", 16.0, 2.0), ("Ames", 22.0, 3.0)],
    )
    content = journal[journal["what"].isin(["visit", "call unanswered"])]
    assert story(content, "amount") == [
        (18, "call unanswered", 0.4),
        (20, "visit", 0.7),
        (25, "call unanswered", 0.35),
    ]


def test_a_customer_that_changes_hands_was_lost_to_the_seat_of_that_day(told):
    market = {"churn": {"yearly_rate": 36.525}}
    journal = told(["Ames"], ("ann", "bob"), market, company_of={"moves": MOVE}, churns_at={"Ames": 1.0})
    assert story(journal, "rep") == [
        (10, "customer lost for good", "ann"),
        (15, "customer changes hands", "bob"),
    ]


def test_who_changes_hands_buys_less_for_the_rest_of_the_year(told):
    # A quarter is at risk with bob, and is not won back when ann has the customer again from day 59 on.
    stages = [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}]
    at_the_edge = [
        {"customer": "Ames", "arises": day + share, "height": height}
        for day in (5.0, 20.0, 70.0)
        for share, height in ((0.1, 0.74), (0.2, 0.76))
    ]
    journal = told(
        ["Ames"],
        ("ann", "bob"),
        {"stages": stages, "relationship_risk": 0.25},
        company_of={"moves": [*MOVE, ("2026-03-01", "Ames", "ann")]},
        deals=at_the_edge,
    )
    arises = journal[journal["what"] == "opportunity arises"]
    assert story(arises, "rep") == [
        (5.1, "opportunity arises", "ann"),
        (5.2, "opportunity arises", "ann"),
        (20.1, "opportunity arises", "bob"),
        (70.1, "opportunity arises", "ann"),
    ]
