"""Figures of an outcome, on two years of two reps that were made up."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from simulation.outcome import Outcome

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def measures(bookings, **others):
    shape = np.shape(bookings)
    usual = {
        "bookings": np.array(bookings, dtype="float64"),
        "collected": np.array(bookings, dtype="float64") / 2,
        "filled": np.ones(shape),
        **{f: np.zeros((shape[0], 4)) for f in ("house_bookings", "house_collected")},
        **{f: np.zeros(shape[:2]) for f in ("visits_due", "visits_made", "hours_worked", "effort", "quits")},
        **{f: np.zeros(shape[0]) for f in ("unserved_visits", "satisfaction", "lost_waiting")},
        "new_customers": np.zeros(shape[0]),
    }
    return {**usual, **others}


@pytest.fixture
def outcome():
    # A quarter, Ann sells 30 and 50 on a quota of 40, Bob 20 and 60 on 50, the house 0 and 2.5.
    bookings = [[[30] * 4, [20] * 4], [[50] * 4, [60] * 4]]
    return Outcome(
        scenario_digest="abc",
        plan_name="plan",
        seed=1,
        asked=2,
        reps=("ann", "bob"),
        quarters=QUARTERS,
        quota=pd.DataFrame([[40.0] * 4, [50.0] * 4], index=["ann", "bob"], columns=QUARTERS),
        target=400.0,
        **measures(
            bookings,
            house_bookings=np.array([[0.0] * 4, [2.5] * 4]),
            visits_due=np.array([[10.0, 20.0], [10.0, 20.0]]),
            visits_made=np.array([[10.0, 14.0], [10.0, 20.0]]),
            unserved_visits=np.array([10.0, 0.0]),
            satisfaction=np.array([0.7, 0.9]),
        ),
        pay=np.array([[20.0, 30.0], [25.0, 65.0]]),
    )


def test_the_company_is_all_reps_and_the_house(outcome):
    assert outcome.company.tolist() == [200, 450]
    assert outcome.p_target == 0.5


def test_its_years_are_a_law_of_what_reps_sell(outcome):
    # Ann sells 120 or 200, Bob 80 or 240, the house 0 or 10; a sum of 325 lies halfway from 200 to 450
    assert outcome.law.mean.tolist() == [160, 160]
    assert outcome.law.chance(np.array([160.0, 240.0])).tolist() == [0.5, 0.25]
    assert outcome.law.company.mean.tolist() == [325]
    assert outcome.law.chance_of_total(325.0) == 0.5


def test_attainment_is_yearly_bookings_over_yearly_quota(outcome):
    assert outcome.attainment.tolist() == [[0.75, 0.4], [1.25, 1.2]]


def test_figures_a_row_a_year(outcome):
    figures = outcome.figures()
    assert figures["bookings"].tolist() == [200, 450]
    assert figures["collected"].tolist() == [100, 220]
    assert figures["reached_target"].tolist() == [0, 1]
    assert figures["attainment"].tolist() == [0.5, 1.125]
    assert figures["share_at_quota"].tolist() == [0, 1]
    assert figures["pay"].tolist() == [50, 90]
    assert figures["cost_of_sales"].tolist() == [0.25, 0.2]
    assert figures["satisfaction"].tolist() == [0.7, 0.9]
    assert figures["visits_kept"].tolist() == [0.6, 1]
    assert figures["spread"].tolist() == pytest.approx([0.8 * 0.35, 0.8 * 0.05])


def test_the_summary_says_it_in_brief(outcome):
    summary = outcome.summary()
    assert summary["p_target"] == 0.5
    in_between = {"mean": 0.8125, "p10": 0.5625, "p50": 0.8125, "p90": 1.0625}
    assert summary["attainment"] == pytest.approx(in_between)
    assert summary["share_at_quota"] == 0.5
    assert summary["pay"] == 70
    assert summary["collected"] == 160
    assert (summary["replications"], summary["seed"]) == (2, 1)
    assert len(summary["digest"]) == 64


def test_a_rep_without_quota_has_no_attainment_and_does_not_count(outcome):
    quota = outcome.quota.copy()
    quota.loc["bob"] = 0.0
    alone = dataclasses.replace(outcome, quota=quota)
    assert np.isnan(alone.attainment[:, 1]).all()
    assert alone.figures()["share_at_quota"].tolist() == [0, 1]
    assert alone.figures()["spread"].tolist() == [0, 0]


def test_without_quota_or_bookings_or_visits_figures_are_not_numbers(outcome):
    nothing = dataclasses.replace(outcome, quota=outcome.quota * 0, **measures(np.zeros((2, 2, 4)))).figures()
    for figure in ("share_at_quota", "spread", "cost_of_sales", "visits_kept"):
        assert nothing[figure].isna().all()


def test_the_digest_knows_everything_that_matters(outcome):
    same = dataclasses.replace(outcome)
    assert same.digest == outcome.digest
    for change in ({"seed": 2}, {"pay": outcome.pay + 0.01}, {"target": 401.0}, {"scenario_digest": "abd"}):
        assert dataclasses.replace(outcome, **change).digest != outcome.digest
