"""What an opportunity goes through, from the day it arises to the last word."""

import numpy as np
from written_years import ANN, BOB, days_of, fate_of, lived

from simulation.accounting.journal import What


def test_a_deal_is_worked_on_decided_delivered_and_paid(world):
    # Four hours are half a day; ten days with the customer, seven to the invoice, thirty to the payment.
    here = world()
    deal = {"arises": 2.0, "days": 10.0, "delivery_days": 7.0}
    assert lived(here, fate_of(here, [deal])) == [
        (2.0, What.ARISES, ANN, 0, 0, 0),
        (2.5, What.WORK, ANN, 0, 4, 0),
        (12.5, What.WON, ANN, 0, 0, 10_000),
        (19.5, What.INVOICE, ANN, 0, 0, 10_000),
        (49.5, What.PAYMENT, ANN, 0, 0, 10_000),
    ]


def test_what_lies_above_demand_never_arises(world):
    # Satisfied as on the first day goodwill is 1 less the loss to a new hand, so the limit is 1.
    here = world()
    deals = [{"arises": 1.0, "height": 0.999}, {"arises": 2.0, "height": 1.0}]
    assert days_of(lived(here, fate_of(here, deals)), What.ARISES) == [1.0]


def test_stages_follow_one_another_until_the_customer_says_no(world):
    # The second stage passes with a mark below .6 x the shocks' .5 = .3 only.
    stages = [
        {"name": "talk", "hours": 2.0, "conversion": 0.5, "days": 1.0},
        {"name": "deal", "hours": 8.0, "conversion": 0.6, "days": 1.0},
    ]
    here = world(stages=stages)
    usual = {"days": [3.0, 5.0], "win": 0.5}
    deals = [
        {"arises": 1.0, "mark": [0.5, 0.1], **usual},
        {"arises": 100.0, "mark": [0.4, 0.3], **usual},
        {"arises": 200.0, "mark": [0.4, 0.29], **usual},
    ]
    notes = [(n.what, n.subject, n.day) for n in lived(here, fate_of(here, deals)) if n.what != What.ARISES]
    assert notes == [
        (What.WORK, 0, 1.25),
        (What.LOST, 0, 4.25),
        (What.WORK, 1, 100.25),
        (What.PASSES, 1, 103.25),
        (What.WORK, 1, 104.25),
        (What.LOST, 1, 109.25),
        (What.WORK, 2, 200.25),
        (What.PASSES, 2, 203.25),
        (What.WORK, 2, 204.25),
        (What.WON, 2, 209.25),
    ]


def test_work_that_is_not_done_by_the_years_end_never_is(world):
    here = world()
    deals = [{"arises": 364.4, "customer": 0}, {"arises": 364.6}]
    assert lived(here, fate_of(here, deals), What.WORK, What.OPEN) == [
        (364.9, What.WORK, ANN, 0, 4, 0),
        (365.0, What.OPEN, ANN, 1, 0, 0),
    ]


def test_what_nobody_has_time_for_is_lost_and_dissatisfies(world):
    # Ann works on the first from 1.0 to 1.5, the others have patience until 1.3 and 1.4; newcomers do not
    # care how they are served.
    here = world(satisfaction={"sensitivity": 1.0, "start": 0.8, "loss_per_lost_opportunity": 0.25})
    deals = [
        {"arises": 1.0},
        {"arises": 1.1, "patience": 0.2, "mark": 0.5},
        {"arises": 1.2, "patience": 0.2, "is_new": True},
        {"arises": 5.0, "height": 0.79},
        {"arises": 6.0, "height": 0.81},
    ]
    notes = lived(here, fate_of(here, deals))
    assert [n for n in notes if n.what == What.LOST_WAITING] == [
        (1.3, What.LOST_WAITING, ANN, 1, 4, 0),
        (1.4, What.LOST_WAITING, ANN, 2, 4, 10_000),
    ]
    # Satisfaction .8 x .75 = .6, so demand 1 - .2 = .8.
    assert days_of(notes, What.ARISES) == [1.0, 1.1, 1.2, 5.0]


def test_where_nobody_sits_some_customers_buy_all_the_same(world):
    # Nobody from day 59 on. What waits then waits on, who has been worked on decides (strength 1).
    here = world(reps={"ann": {"end": "2026-03-01", "backfill": False}}, unattended_share=0.4)
    deals = [
        {"arises": 50.0, "days": 20.0, "mark": 0.49},
        {"arises": 58.9, "days": 1.0},
        {"arises": 58.95, "patience": 5.0},
        {"arises": 70.0, "unattended": 0.39, "days": 5.0},
        {"arises": 71.0, "unattended": 0.39, "mark": 0.5},
        {"arises": 72.0, "unattended": 0.4},
        {"arises": 363.0, "unattended": 0.0, "days": 2.0},
    ]
    house = here.seats.house
    assert [n[:4] for n in lived(here, fate_of(here, deals)) if n.day > 59] == [
        (59.4, What.WORK, ANN, 1),
        (60.4, What.WON, house, 1),
        (63.95, What.LOST_WAITING, ANN, 2),
        (70.0, What.ARISES_UNATTENDED, house, 3),
        (70.5, What.WON, house, 0),
        (71.0, What.ARISES_UNATTENDED, house, 4),
        (71.0, What.LOST_UNATTENDED, house, 4),
        (72.0, What.ARISES_UNATTENDED, house, 5),
        (72.0, What.LOST_UNATTENDED, house, 5),
        (75.0, What.WON, house, 3),
        (363.0, What.ARISES_UNATTENDED, house, 6),
        (365.0, What.OPEN, house, 6),
    ]


def test_what_is_under_way_at_the_start_awaits_its_decision(world):
    here = world({"Ames": {}, "Boone": {"owner": "bob"}}, {"ann": {}, "bob": {"start": "2026-02-01"}})
    deals = [{"arises": -5.0, "days": 9.0}, {"customer": 1, "arises": -5.0, "days": 10.0}]
    fate = fate_of(
        here,
        deals,
        pending=np.array([0]),
        pending_stage=np.array([0]),
        pending_day=np.array([4.0]),
        coming=np.array([1]),
        coming_day=np.array([5.0]),
    )
    assert [n[:4] for n in lived(here, fate)] == [
        (0.0, What.UNDER_WAY, ANN, 0),
        (0.0, What.UNDER_WAY, BOB, 1),
        (4.0, What.WON, ANN, 0),
        (5.0, What.WON, here.seats.house, 1),
    ]


def test_newcomers_do_not_mind_what_customers_have_lived_through(world):
    # Ames' new rep costs a fifth of its demand, not of that of newcomers near it.
    here = world({"Ames": {}}, ["ann", "bob"], {"Ames": "bob"}, relationship_risk=0.2)
    deals = [{"arises": 1.0, "height": 0.9}, {"arises": 2.0, "height": 0.9, "is_new": True}]
    assert days_of(lived(here, fate_of(here, deals)), What.ARISES) == [2.0]
