"""Years at the edge: where a table might be too small, or two things happen at the very same moment."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from simulation.accounting.journal import What
from simulation.company.year import in_order, play
from simulation.luck.fate import draw
from simulation.reference import live_by_the_book
from simulation.seats.state import RECORD
from simulation.world.world import world_of


def agree(world, seed=1, replications=1):
    for replication in range(replications):
        fate = draw(world, seed, replication)
        told = np.array(live_by_the_book(world, fate), dtype=RECORD)
        assert np.array_equal(play(world, fate).records, in_order(told))


def test_a_customer_may_change_hands_every_day(company, plan_for):
    customers = {
        "wanders": {"owner": "ann", "potential": 0, "visits_per_year": 1},
        "stays": {"owner": "bob", "potential": 0, "visits_per_year": 50},
    }
    scenario = company(customers, ["ann", "bob"])
    days = [date(2026, 1, 2) + timedelta(n) for n in range(300)]
    moves = pd.DataFrame(
        {"day": pd.to_datetime(days), "customer": "wanders", "rep": ["bob", "ann"] * 150}
    ).astype({"day": "datetime64[s]", "customer": "str", "rep": "str"})
    scenario = scenario.replace(moves=moves)
    world = world_of(scenario, plan_for(scenario))
    agree(world)
    moved = play(world, draw(world, 1, 0)).journal
    assert (moved["what"] == What.MOVES).sum() == 300


@pytest.mark.parametrize("churn", [0.0, 0.1])
def test_work_is_done_before_what_falls_due_at_the_same_moment(company, plan_for, churn):
    # A visit takes 30 of 1000 hours, 10.95 days: nine times the days between two of the 300 a year.
    customers = {
        "often": {"owner": "ann", "potential": 0, "visits_per_year": 300, "hours_per_visit": 30},
        "seldom": {"owner": "ann", "potential": 0, "visits_per_year": 12},
    }
    market = {
        "churn": {"yearly_rate": churn},
        "satisfaction": {"start": 0.5, "gain_per_visit": 0.9, "sensitivity": 0.0},
    }
    scenario = company(customers, ["ann"], market)
    agree(world_of(scenario, plan_for(scenario)), replications=10)


def test_decisions_put_off_before_the_year_fall_in_it(company, plan_for):
    # One opportunity a day is decided 10 days later, since 2 November 60 days more: those of the 60 days
    # before the year are open on its first day, and what is left of the ten days before.
    shock = {
        "name": "waiting for the new one",
        "start": "2025-11-02",
        "end": "2026-01-02",
        "decision_delay_days": 60.0,
    }
    stages = [{"name": "deal", "hours": 0.001, "conversion": 0.5, "days": 10.0}]
    market = {"stages": stages, "shocks": [shock]}
    scenario = company({"town": {"owner": "ann", "potential": 365 * 50}}, ["ann"], market)
    world, years = world_of(scenario, plan_for(scenario)), 100
    waiting = [len(draw(world, 1, r).pending) for r in range(years)]
    assert abs(np.mean(waiting) - 60.0) < 4 * np.sqrt(60.0 / years)
    assert abs(np.mean(waiting) - 60.0 * 1.06) > 4 * np.sqrt(60.0 / years)


def test_nobody_serves_what_is_under_way_at_a_seat_left_before_the_year(company, plan_for):
    reps = {"ann": {"end": "2025-12-01", "backfill": False}}
    stages = [{"name": "deal", "hours": 0.001, "conversion": 1.0, "days": 30.0}]
    market = {"stages": stages, "unattended_share": 1.0}
    scenario = company({"town": {"owner": "ann", "potential": 100_000}}, reps, market)
    fate = draw(world_of(scenario, plan_for(scenario)), 1, 0)
    assert len(fate.pending) == 0
    assert len(fate.coming) > 20


def test_as_many_quit_one_seat_as_the_rate_says(company, plan_for):
    # Ten a year, twice as many by a shock all year long; nobody waits for a successor.
    turnover = {"yearly_quit_rate": 10.0, "vacancy_days": 0.0}
    shock = {"name": "poaching", "start": "2026-01-01", "end": "2027-01-01", "quits": 2.0}
    scenario = company(
        {"town": {"owner": "ann", "potential": 0}}, ["ann"], {"turnover": turnover, "shocks": [shock]}
    )
    world, years = world_of(scenario, plan_for(scenario)), 60
    quits = [(play(world, draw(world, 1, r)).journal["what"] == What.QUITS).sum() for r in range(years)]
    expected = 20 * 365 / 365.25
    assert abs(np.mean(quits) - expected) < 4 * np.sqrt(expected / years)
    assert max(quits) > 20
