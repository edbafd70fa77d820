"""Pools of helpers that all reps share: so many slots a week, first come first served."""

import heapq

import numpy as np
import pytest
from fates import FOREVER, story


def needs(hours=0.0, slots=1):
    """One stage that needs the pool."""
    return {
        "stages": [{"name": "show", "hours": hours, "conversion": 0.5, "days": 0.0, "pool": "engineers"}],
        "pools": [{"name": "engineers", "slots_per_week": slots}],
    }


def asks(*days, patience=FOREVER, customer="Ames"):
    return [{"customer": customer, "arises": day, "patience": [patience]} for day in days]


def worked(journal):
    return [day for day, what in story(journal) if what == "stage worked on"]


def test_help_is_granted_on_the_first_day_of_each_week(told):
    # One slot a week on days 0, 7, 14, ...: three who ask in the second week are helped one by one.
    assert worked(told(["Ames"], market=needs(), deals=asks(8.0, 9.0, 10.0))) == [14, 21, 28]
    assert worked(told(["Ames"], market=needs(slots=2), deals=asks(8.0, 9.0, 10.0))) == [14, 14, 21]


def test_slots_not_used_are_not_saved(told):
    assert worked(told(["Ames"], market=needs(), deals=asks(71.0, 72.0))) == [77, 84]


def test_first_come_is_first_served_whosever_customer_it_is(told):
    deals = [*asks(10.0, 8.5, customer="Boone"), *asks(8.0, 9.0)]
    customers = {"Ames": {}, "Boone": {"owner": "bob"}}
    journal = told(customers, ("ann", "bob"), needs(), deals=deals)
    assert [customer for _, what, customer in story(journal, "customer") if what == "stage worked on"] == [
        "Ames",
        "Boone",
        "Ames",
        "Boone",
    ]


def test_who_loses_patience_while_asking_is_lost_that_day_and_gives_its_place_away(told):
    journal = told(["Ames"], market=needs(), deals=[*asks(8.0), *asks(8.5, patience=10.0), *asks(9.0)])
    assert [
        (day, what) for day, what in story(journal) if what in ("stage worked on", "lost: nobody had time")
    ] == [
        (14, "stage worked on"),
        (18.5, "lost: nobody had time"),
        (21, "stage worked on"),
    ]


def test_with_help_granted_it_waits_for_the_rep_since_it_asked(told):
    # First come first served, an hour a day. Granted on day 14 while ann is busy until day 15, what
    # asked on day 8 goes before the call of day 13.5.
    market = {**needs(hours=1.0), "service": {"hours": 2.0}, "work_order": []}
    calls = [("Ames", 13.0, FOREVER), ("Ames", 13.5, FOREVER)]
    journal = told(["Ames"], {"ann": {"hours_per_year": 365}}, market, deals=asks(8.0), calls=calls)
    done = journal[journal["what"].isin(["stage worked on", "service done"])]
    assert story(done) == [(15, "service done"), (16, "stage worked on"), (18, "service done")]


@pytest.mark.parametrize("slots", [1, 3])
def test_the_resource_grants_exactly_what_the_weekly_rule_says(told, slots):
    """Each week's slots to those who still ask, in order: recomputed with a heap for 300 at random."""
    luck = np.random.default_rng(5)
    days, patience = np.sort(luck.uniform(0, 300, 150)), luck.exponential(20.0, 150)
    deals = [
        {"customer": "Ames", "arises": float(day), "patience": [float(wait)]}
        for day, wait in zip(days, patience, strict=True)
    ]
    journal = told(["Ames"], market=needs(slots=slots), deals=deals)
    expected, queue, coming = [], [], list(zip(days.tolist(), patience.tolist(), strict=True))
    for monday in range(0, 365, 7):
        while coming and coming[0][0] < monday:
            heapq.heappush(queue, coming.pop(0))
        free = slots
        while queue and free:
            day, wait = heapq.heappop(queue)
            if day + wait > monday:
                expected.append(monday)
                free -= 1
    assert worked(journal) == expected
    assert len(expected) < 150  # some were lost
