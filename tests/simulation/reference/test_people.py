"""People come and go, learn, and choose their effort."""

import dataclasses

import numpy as np
import pytest
from written_years import ANN, BOB, CLEO, Note, days_of, fate_of, lived

from simulation.accounting.journal import What
from simulation.luck.events import Trainings
from simulation.reference import live_by_the_book


def test_a_holder_quits_when_the_hazard_has_added_up_and_a_successor_comes(world):
    # .01 a day: .5 is reached on day 50; 30 days of vacancy end within the freeze, so somebody joins on 100.
    turnover = {"yearly_quit_rate": 3.6525, "vacancy_days": 30.0}
    here = world(turnover=turnover)
    fate = fate_of(here, stays=np.array([[0.5, 99.0]]), freezes=np.array([[70.0, 90.0], [90.0, 100.0]]))
    notes = lived(here, fate, What.JOINS, What.QUITS)
    assert [(n.day, n.what) for n in notes] == [(0.0, What.JOINS), (50.0, What.QUITS), (100.0, What.JOINS)]
    twice = dataclasses.replace(fate, quitting=np.where(np.arange(365) >= 20, 3.0, 1.0)[None, :])
    assert days_of(lived(here, twice), What.QUITS) == [30.0]  # 20 x .01 + 10 x .03


def test_who_falls_short_quits_sooner(world):
    # Nothing is booked, and a quarter's quota counts as reached: by the looks of days 7, 14 and 21 attainment
    # is 90 / 97, 90 / 104 and 90 / 111.
    turnover = {"yearly_quit_rate": 3.6525, "attainment_effect": 2.0}
    here = world(turnover=turnover)
    short = lived(here, fate_of(here, stays=np.array([[0.4, 99.0]])), What.QUITS)
    weekly = [0.07, *(0.07 * np.exp(2 * day / (90 + day)) for day in (7, 14, 21))]
    rate = 0.01 * np.exp(2 * 28 / 118)
    assert short[0].day == pytest.approx(28 + (0.4 - sum(weekly)) / rate, abs=1e-6)
    # Quota 10,000 x 7 / 90 by day 7, all booked on day 2.5: attainment 1, then 97 / 104, 97 / 111, ...
    deal = {"arises": 2.0, "amount": round(10_000 * 7 / 90 * 100)}
    good = lived(here, fate_of(here, [deal], stays=np.array([[0.36, 99.0]])), What.QUITS)
    weekly = [0.14, *(0.07 * np.exp(2 * (1 - 97 / (90 + day))) for day in (14, 21))]
    rate = 0.01 * np.exp(2 * (1 - 97 / 118))
    assert good[0].day == pytest.approx(28 + (0.36 - sum(weekly)) / rate, abs=1e-4)


def test_planned_starts_and_ends(world):
    # Ann ends on day 59, bob starts on day 31; cleo was to go before the year and is replaced on day 20.
    reps = {
        "ann": {"end": "2026-03-01", "backfill": False},
        "bob": {"start": "2026-02-01"},
        "cleo": {"end": "2025-12-22"},
    }
    here = world(reps=reps, turnover={"vacancy_days": 30.0})
    notes = lived(here, fate_of(here), What.JOINS, What.LEAVES)
    assert [(n.day, n.what, n.seat) for n in notes] == [
        (0.0, What.JOINS, ANN),
        (20.0, What.JOINS, CLEO),
        (31.0, What.JOINS, BOB),
        (59.0, What.LEAVES, ANN),
    ]


def test_a_successor_is_new_to_customers_and_learns(world):
    # Ann goes on day 59, her successor comes on day 69; ramp 4 months of 30.4375 days, from .3 upwards. A new
    # hire costs .2 x 1.5 of demand. Half way, on day 129.875, productivity is .65 and .5 x .65 = .325.
    here = world(
        reps={"ann": {"end": "2026-03-01"}},
        relationship_risk=0.2,
        relationships={"new_hire": 1.5},
        turnover={"vacancy_days": 10.0, "ramp_months": 4.0},
    )
    deals = [
        {"arises": 1.0, "height": 0.99, "mark": 0.49},
        {"arises": 70.0, "height": 0.71},
        {"arises": 129.5, "height": 0.69, "mark": 0.324},
        {"arises": 131.0, "mark": 0.336},
        {"arises": 300.0, "mark": 0.499},
    ]
    notes = lived(here, fate_of(here, deals), What.ARISES, What.WON, What.LOST)
    assert [(n.day, n.what) for n in notes] == [
        (1.0, What.ARISES),
        (1.5, What.WON),
        (129.5, What.ARISES),
        (130.0, What.WON),
        (131.0, What.ARISES),
        (131.5, What.LOST),
        (300.0, What.ARISES),
        (300.5, What.WON),
    ]


def test_effort_follows_the_quarters_bookings_and_moves_the_last_stage(world):
    # A quarter's bookings of a table of two points: effort 1 + share booked of 100. Day 7: 60 booked, 1.6,
    # so a mark below .5 x (1 + .34 x .6) = .602 is won. A new quarter begins at 1.
    here = world()
    effort = np.broadcast_to([1.0, 2.0], (2, len(here.decisions.day), 2))
    table = dataclasses.replace(here.effort, effort=effort, largest=np.full(effort.shape[:2], 100.0))
    here = dataclasses.replace(here, effort=table)
    deals = [
        {"arises": 1.0, "amount": 6_000, "mark": 0.49},
        {"arises": 8.0, "amount": 0, "mark": 0.601},
        {"arises": 9.0, "amount": 0, "mark": 0.603},
    ]
    fate = fate_of(here, deals)
    efforts = {n.day: n.amount for n in lived(here, fate, What.EFFORT)}
    assert (efforts[0.0], efforts[7.0], efforts[84.0], efforts[90.0]) == (1.0, 1.6, 1.6, 1.0)
    assert [n.subject for n in lived(here, fate, What.WON)] == [0, 1]


def test_effort_is_chosen_before_what_falls_due_at_that_moment(world):
    # Four hours from 6.5 on end at 7.0 sharp; what is booked then counts from the decision of day 14 on.
    here = world()
    effort = np.broadcast_to([1.0, 2.0], (2, len(here.decisions.day), 2))
    table = dataclasses.replace(here.effort, effort=effort, largest=np.full(effort.shape[:2], 100.0))
    here = dataclasses.replace(here, effort=table)
    sharp = np.outer([8.0, 0.0], np.arange(366))
    fate = fate_of(here, [{"arises": 6.5, "amount": 6_000}], passed=sharp)
    assert days_of([Note(*n) for n in live_by_the_book(here, fate)], What.WON) == [7.0]
    efforts = {n.day: n.amount for n in lived(here, fate, What.EFFORT)}
    assert (efforts[7.0], efforts[14.0]) == (1.0, 1.6)


def test_a_training_makes_everybody_better_from_its_end_on(world):
    here = world()
    deals = [{"arises": day, "mark": 0.55} for day in (98.0, 99.6)]
    of_all = Trainings(np.array([100.0]), np.array([[True, False]]), np.array([1.2]), np.array([1.0]))
    fate = fate_of(here, deals, trainings=of_all)
    assert [(n.day, n.what) for n in lived(here, fate, What.LOST, What.WON)] == [
        (98.5, What.LOST),
        (100.1, What.WON),
    ]


def test_a_vacancy_that_ended_before_the_year_is_filled_on_its_first_day(world):
    # Ann was to go 40 days before the year; ten days of vacancy later her successor began to learn: on day 0
    # 30 of 60.875 days have gone by.
    here = world(reps={"ann": {"end": "2025-11-22"}}, turnover={"vacancy_days": 10.0, "ramp_months": 2.0})
    # Half a day of work later it is .6507, so a mark must lie below .3253 to win; a day later .6565, .3282.
    deals = [{"arises": 0.0, "mark": mark} for mark in (0.325, 0.329)]
    notes = lived(here, fate_of(here, deals), What.JOINS, What.WON, What.LOST)
    assert [(n.day, n.what) for n in notes] == [(0.0, What.JOINS), (0.5, What.WON), (1.0, What.LOST)]
    slower = [{"arises": 0.0, "mark": mark} for mark in (0.326, 0.328)]
    notes = lived(here, fate_of(here, slower), What.WON, What.LOST)
    assert [(n.day, n.what) for n in notes] == [(0.5, What.LOST), (1.0, What.WON)]
