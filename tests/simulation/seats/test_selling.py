"""A seat at work: one piece of work at a time, in order of ranks, for whoever is in its hands."""

import numpy as np
import pytest
from fates import story

HOURS = 1000
DAYS_PER_HOUR = 365 / HOURS


def waits_of(journal):
    """Days from arising to the beginning of work, by opportunity."""
    arises = journal[journal["what"] == "opportunity arises"].set_index("opportunity")["time"]
    work = journal[journal["what"] == "stage worked on"].set_index("opportunity")
    begins = work["time"] - work["hours"] * DAYS_PER_HOUR
    waits = (begins - arises.reindex(begins.index)).dropna()
    assert waits.min() > -1e-9  # where there was no wait, rounding may give less than nothing
    return waits.clip(lower=0)


def test_one_piece_of_work_is_done_at_a_time(lived):
    customers = {f"customer {i}": {"owner": "ann", "visits_per_year": 12} for i in range(50)}
    [journal] = lived(
        customers, market={"stages": [{"name": "a", "hours": 0.5, "conversion": 0.5, "days": 9}]}
    )
    done = journal["what"].isin(["stage worked on", "visit"])
    work = journal[done].sort_values("time")
    begins = work["time"] - work["hours"] * DAYS_PER_HOUR
    assert (begins.to_numpy()[1:] >= work["time"].to_numpy()[:-1] - 1e-9).all()


def test_opportunities_come_before_visits_and_important_visits_before_others(lived):
    # 2,400 promised hours and 1,000 to give: A is served, B in part, C hardly ever.
    tiers = {
        f"{tier}{i}": {"owner": "ann", "visits_per_year": 20, "tier": tier, "potential": 10}
        for tier in ("A", "B", "C", "")
        for i in range(30)
    }
    [journal] = lived(tiers)
    visits = journal[journal["what"] == "visit"]["customer"].str.extract(r"^([ABC]?)")[0].value_counts()
    assert visits["A"] > 590
    assert 300 < visits["B"] < 450
    assert visits.get("C", 0) + visits.get("", 0) < 20
    assert waits_of(journal).max() <= DAYS_PER_HOUR + 1e-9  # no longer than the visit under way


def test_a_visit_is_made_missed_or_still_due(lived):
    customers = {f"c{i}": {"owner": "ann", "visits_per_year": 12, "potential": 0} for i in range(150)}
    [journal] = lived(customers)
    counts = journal["what"].value_counts()
    ends = ["visit", "missed visit", "visit still due at the end"]
    assert (counts[ends] > 0).all()
    assert counts[ends].sum() == 150 * 12
    assert counts["visit"] == pytest.approx(HOURS, abs=2)  # an hour each, no time lost


SAD = {"satisfaction": {"start": 0.8, "loss_per_missed_visit": 0.5, "sensitivity": 0.0}}


def test_whoever_nobody_visits_all_year_misses_every_promised_visit(lived):
    # One visit a year falls due on any day, in most of these years too late for half its interval to go by.
    journals = lived({"Ames": {"visits_per_year": 1, "potential": 0}}, market=SAD, replications=6)
    for journal in journals:
        visits = journal[journal["what"].str.contains("visit")]
        assert visits[["time", "what", "rep"]].to_numpy().tolist() == [[365, "missed visit", ""]]
        assert visits["amount"].tolist() == [0.4]  # .8 less half
    [journal] = lived({"Ames": {"visits_per_year": 12, "potential": 0}})
    assert journal["what"].tolist().count("missed visit") == 12


def test_at_the_end_a_visit_is_missed_after_half_its_interval_and_before_that_still_due(lived):
    # 12 visits a year are 30.4 days apart: the last misses its day by up to 30.4 days, and half of that goes.
    row = {"owner": "ann", "visits_per_year": 12, "potential": 0}
    reps = {"ann": {"end": "2026-10-01", "backfill": False}}
    market = {"turnover": {"ramp_months": 0.0}}
    [journal] = lived({f"c{i}": row for i in range(40)}, reps, market)
    at_the_end = journal[(journal["time"] == 365) & journal["what"].str.contains("visit")]
    before = journal[(journal["what"] == "missed visit") & (journal["time"] < 365)]
    last_due = before.groupby("customer")["time"].max()  # the next visit fell due when this one was missed
    overdue = 365 - last_due.loc[at_the_end["customer"]].to_numpy()
    assert len(at_the_end) == 40
    assert set(at_the_end["what"]) == {"missed visit", "visit still due at the end"}
    assert ((at_the_end["what"] == "missed visit") == (overdue > 365 / 24)).all()


def test_a_visit_under_way_at_the_end_is_still_due(lived):
    # 300 hours of 365 days / 1,000 take 109.5 days: three visits and a part, the fourth not finished.
    row = {"owner": "ann", "visits_per_year": 100, "hours_per_visit": 300, "potential": 0}
    [journal] = lived({"Ames": row})
    counts = journal["what"].value_counts()
    assert counts["visit"] == 3
    assert counts["visit still due at the end"] in (1, 2)  # and perhaps the last one, just due
    assert counts[["visit", "missed visit", "visit still due at the end"]].sum() == 100


def test_a_visit_not_done_before_the_year_ends_is_never_made(told):
    # Ann has an hour a day. Begun on day 90, 274.5 hours are done on day 364.5, and 275 on day 365: too late.
    reps = {"ann": {"start": "2026-04-01", "hours_per_year": 365}}
    for hours, end in ((274.5, (364.5, "visit")), (275, (365, "visit still due at the end"))):
        row = {"visits_per_year": 1, "hours_per_visit": hours}
        assert story(told({"Ames": row}, reps)) == [end]


def test_a_visit_two_seats_know_of_is_missed_once(lived):
    # Ann is too slow for a visit; Bob takes over in mid-year and never comes either.
    row = {"owner": "ann", "visits_per_year": 2, "hours_per_visit": 5000, "potential": 0}
    reps = {"ann": {}, "bob": {"start": "2026-07-01", "hours_per_year": 1}}
    names = {f"c{i}": row for i in range(20)}
    [journal] = lived(names, reps, owner=dict.fromkeys(names, "bob"))
    ends = journal[journal["what"].str.contains("visit")].groupby("customer").size()
    assert ends.tolist() == [2] * 20


def test_with_time_to_spare_no_visit_is_missed_and_customers_are_pleased(lived):
    satisfaction = {"start": 0.8, "gain_per_visit": 0.1, "loss_per_missed_visit": 0.5, "sensitivity": 0}
    [journal] = lived(
        {"Ames": {"owner": "ann", "visits_per_year": 3, "potential": 0}},
        market={"satisfaction": satisfaction},
    )
    assert journal["what"].tolist().count("visit") == 3
    levels = journal[journal["what"] == "visit"]["amount"]
    assert levels.tolist() == pytest.approx([0.82, 0.838, 0.8542])  # each a tenth of the way to 1


def test_who_is_not_visited_buys_less(lived):
    # Nobody has time for 12 visits of 100 hours; each miss halves satisfaction, soon to next to nothing.
    satisfaction = {"start": 0.8, "loss_per_missed_visit": 0.5, "sensitivity": 1.25}
    row = {"owner": "ann", "visits_per_year": 12, "hours_per_visit": 100, "potential": 1000}
    names = {f"customer {i}": row for i in range(40)}
    [content] = lived(names)
    [neglected] = lived(names, market={"satisfaction": satisfaction})
    arise = "opportunity arises"
    before, after = ((j[j["what"] == arise]["time"] // 30.4).value_counts() for j in (content, neglected))
    assert after[0] > 0.7 * before[0]
    assert after.get(11, 0) < 0.1 * before[11]


def test_an_opportunity_that_waits_too_long_is_lost(lived):
    # Work for 2,000 hours, 1,000 to give, patience of 10 days: in the long run half of the work is lost.
    stage = {"name": "deal", "hours": 1.0, "conversion": 0.5, "days": 0.0}
    rush = {"order_values": {"": 1.0}, "patience_days": 10.0, "stages": [stage]}
    [journal] = lived({f"c{i}": {"owner": "ann", "potential": 10} for i in range(100)}, market=rush)
    counts = journal["what"].value_counts()
    assert counts["lost: nobody had time"] / counts["opportunity arises"] == pytest.approx(0.5, abs=0.04)
    lost = journal[journal["what"] == "lost: nobody had time"]
    # Half of them would have been won.
    assert (lost["amount"] > 0).mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(len(lost)))
    assert waits_of(journal).mean() < 10


def test_an_overloaded_rep_loses_sales(lived):
    stage = {"name": "deal", "hours": 0.8, "conversion": 0.5, "days": 5.0}
    market = {"order_values": {"": 10.0}, "patience_days": 20.0, "stages": [stage]}
    customers = {f"c{i}": {"owner": "ann", "potential": 100} for i in range(100)}
    [easy] = lived(customers, {"ann": {"hours_per_year": 4000}}, market)
    [hard] = lived(customers, {"ann": {"hours_per_year": 800}}, market)
    booked = [j[j["what"] == "booking"]["amount"].sum() for j in (easy, hard)]
    assert booked[0] == pytest.approx(10_000, rel=0.15)
    assert booked[1] < 0.65 * booked[0]


def test_where_nobody_serves_a_share_still_buys_and_credits_the_house(lived):
    customers = {f"c{i}": {"potential": 1000} for i in range(100)}
    [alone] = lived(customers, market={"unattended_share": 0.3})
    [served] = lived({name: {**row, "owner": "ann"} for name, row in customers.items()})
    booked = alone[alone["what"] == "booking"]
    assert (booked["rep"] == "").all()
    count = (served["what"] == "booking").sum()
    assert abs(len(booked) - 0.3 * count) < 4 * np.sqrt(count * 0.21)
    # The same opportunities as those somebody served.
    assert set(booked["time"]) <= set(served[served["what"] == "opportunity arises"]["time"])


def test_while_a_seat_is_empty_demand_goes_its_own_way_and_work_waits(lived):
    reps = {"ann": {"end": "2026-04-01"}}
    market = {"unattended_share": 0.0, "turnover": {"vacancy_days": 60.0, "ramp_months": 0.0}}
    [journal] = lived({f"c{i}": {"owner": "ann"} for i in range(50)}, reps, market)
    booked = journal[journal["what"] == "booking"]["time"]
    assert not ((booked > 90) & (booked < 150)).any()
    assert (booked > 150).any()
    alone = journal[journal["what"] == "opportunity arises, nobody there"]["time"]
    assert ((alone >= 90) & (alone <= 150)).all()


def test_a_rep_without_the_skill_of_the_line_sells_less(lived):
    market = {"order_values": {"Bolts": 10.0, "Nuts": 10.0}, "skill_gap": 0.4}
    customers = {f"c{i}": {"owner": "ann"} for i in range(60)}
    [journal] = lived(customers, {"ann": {"skills": "Nuts"}}, market, lines=("Bolts", "Nuts"))
    won = journal[journal["what"] == "booking"]["line"].value_counts()
    # 60 x 50 orders of each: 3,000 nuts and 1,800 bolts.
    assert abs(won["Nuts"] - 3000) < 4 * np.sqrt(3000)
    assert abs(won["Bolts"] - 1800) < 4 * np.sqrt(1800)


def test_customers_face_somebody_new_after_a_departure(lived):
    row = {f"c{i}": {"owner": "ann", "potential": 4000} for i in range(50)}
    market = {
        "relationship_risk": 0.3,
        "turnover": {"vacancy_days": 0.0, "ramp_months": 6.0, "starting_productivity": 0.5},
    }
    [stays], [leaves] = lived(row, market=market), lived(row, {"ann": {"end": "2026-07-01"}}, market)
    arise = "opportunity arises"
    before, after = (j[(j["what"] == arise) & (j["time"] > 181)] for j in (stays, leaves))
    assert set(after["time"]) < set(before["time"])
    assert abs(len(after) - 0.7 * len(before)) < 4 * np.sqrt(0.21 * len(before))
    # Over the half year the ramp takes, from .5 to 1: three quarters of what arises is sold as usual.
    sold = (leaves["what"] == "booking") & (leaves["time"] > 181)
    assert abs(sold.sum() - 0.5 * 0.75 * len(after)) < 4 * np.sqrt(0.25 * len(after))


A_DAY = {"ann": {"hours_per_year": 365}}  # one hour a day


def works_of(journal):
    """Days on which work was done, and on what, in order."""
    done = journal[journal["what"].isin(["stage worked on", "service done", "visit"])]
    return [(what, customer) for _, what, customer in story(done, "customer")]


WAITING = {
    "deals": [{"customer": "Boone", "arises": 10.3}],
    "calls": [("Clive", 10.2, 1e9)],
    "phase": {"Ames": 10.1 / 365, "Derby": 10.05 / 365},
}
"""While ann is at work from day 10 on: a visit at Derby and at Ames, a call of Clive, a deal of Boone."""


@pytest.mark.parametrize(
    ("order", "then"),
    [
        (["deals", "service", "visits"], ["Boone", "Clive", "Ames", "Derby"]),
        (["visits", "deals", "service"], ["Ames", "Derby", "Boone", "Clive"]),
        (["service", "visits", "deals"], ["Clive", "Ames", "Derby", "Boone"]),
        ([], ["Derby", "Ames", "Clive", "Boone"]),
    ],
)
def test_what_waits_is_done_in_the_order_of_work_and_visits_by_tier(told, order, then):
    # Ames is of tier A, Derby of none; without an order first come is first served.
    customers = {
        "Ames": {"visits_per_year": 1, "tier": "A"},
        "Boone": {},
        "Clive": {},
        "Derby": {"visits_per_year": 1},
        "first": {},
    }
    market = {
        "stages": [{"name": "deal", "hours": 1.0, "conversion": 0.5, "days": 0.0}],
        "service": {"hours": 1.0},
        "work_order": order,
    }
    chance = {**WAITING, "deals": [*WAITING["deals"], {"customer": "first", "arises": 10.0}]}
    assert [customer for _, customer in works_of(told(customers, A_DAY, market, **chance))] == [
        "first",
        *then,
    ]


def test_work_at_the_customer_takes_the_road_as_well(told):
    road = 2 * 111.19493 * 1.25 / 60  # a degree there and back
    stages = [
        {"name": "talk", "hours": 1.0, "conversion": 0.5, "days": 0.0},
        {"name": "show", "hours": 2.0, "conversion": 0.5, "days": 0.0, "at_customer": True},
    ]
    journal = told(
        {"Ames": {"longitude": 1}}, A_DAY, {"stages": stages}, deals=[{"customer": "Ames", "arises": 10.0}]
    )
    work = journal[journal["what"] == "stage worked on"]
    assert work["time"].tolist() == pytest.approx([11, 13 + road], abs=1e-4)
    assert work["hours"].tolist() == pytest.approx([1, 2 + road], abs=1e-4)
    assert work["amount"].tolist() == pytest.approx([0, road], abs=1e-4)


TWO_STAGES = [
    {"name": "talk", "hours": 1.0, "conversion": 0.5, "days": 0.0},
    {"name": "deal", "hours": 1.0, "conversion": 0.5, "days": 0.0},
]


def test_opportunities_pass_stage_by_stage_in_the_customers_time(told):
    # Ann and bob have two hours a day. Two pass talk, one of them the deal; strength is 1, marks against .5.
    journal = told(
        ["Ames"],
        {"ann": {"hours_per_year": 730}},
        {"stages": TWO_STAGES},
        deals=[
            {"customer": "Ames", "arises": 10.0, "mark": [0.49, 0.49], "days": [3.0, 4.0]},
            {"customer": "Ames", "arises": 20.0, "mark": [0.49, 0.51], "days": [3.0, 4.0]},
            {"customer": "Ames", "arises": 30.0, "mark": [0.51, 0.49], "days": [3.0, 4.0]},
        ],
    )
    assert story(journal, "opportunity")[:8] == [
        (10, "opportunity arises", 0),
        (10.5, "stage worked on", 0),
        (13.5, "stage passed", 0),
        (14, "stage worked on", 0),
        (18, "booking", 0),
        (18, "invoice", 0),
        (18, "payment", 0),
        (20, "opportunity arises", 1),
    ]
    assert story(journal, "opportunity")[-4:] == [
        (28, "lost: customer said no", 1),
        (30, "opportunity arises", 2),
        (30.5, "stage worked on", 2),
        (33.5, "lost: customer said no", 2),
    ]
