"""The year as a whole: what must hold on every path, and what must hold on average."""

import gc
import itertools
import weakref
from datetime import date

import numpy as np
import pytest

from scenarios.structure import split_by_line
from simulation.accounting.journal import table
from simulation.company import year
from simulation.company.year import live_a_year
from simulation.world.world import world_of

STAGES = [
    {"name": "talk", "hours": 0.2, "conversion": 0.5, "days": 10.0},
    {"name": "deal", "hours": 0.3, "conversion": 0.4, "days": 20.0},
]
BEGINNINGS = ("opportunity under way at the start", "opportunity arises", "opportunity arises, nobody there")
ENDS = (
    "booking",
    "lost: customer said no",
    "lost: nobody had time",
    "lost: nobody there",
    "open at the end",
)
# Everything that can happen: overload, quits, vacancies, a start and an end in the year, nobody's customers.
TROUBLE = {
    "stages": STAGES,
    "demand_noise": 0.2,
    "order_value_cv": 1.0,
    "patience_days": 15.0,
    "relationship_risk": 0.15,
    "satisfaction": {"sensitivity": 0.5},
    "effort": {"mode": "forward-looking", "reference_commission": 0.4},
    "turnover": {"yearly_quit_rate": 1.0, "vacancy_days": 40.0},
    "new_customers_per_year": 20.0,
    "new_customer_value": 300.0,
    "bad_debt": 0.1,
}
REPS = {
    "ann": {"hours_per_year": 300},
    "bob": {"hours_per_year": 900, "end": "2026-09-01"},
    "cleo": {"start": "2026-05-01"},
    "dan": {"end": "2026-03-01", "backfill": False},
}
OWNERS = ("ann", "ann", "bob", "dan", "")
CUSTOMERS = {
    f"c{i}": {"owner": OWNERS[i % 5], "visits_per_year": 6, "tier": "ABC"[i % 3], "potential": 900}
    for i in range(100)
}
MOVES = {f"c{i}": "cleo" for i in range(0, 100, 7)}


@pytest.fixture
def troubled(company, plan_for):
    def live(replication, customers=CUSTOMERS, reps=REPS, quota=None):
        scenario = company(customers, reps, TROUBLE)
        world = world_of(scenario, plan_for(scenario, MOVES, quota))
        year = live_a_year(world, 1, replication)
        return table(world, year.fate, year.records)

    return live


@pytest.mark.parametrize("replication", range(4))
def test_every_opportunity_has_one_beginning_and_one_end(troubled, replication):
    journal = troubled(replication)
    begins = journal[journal["what"].isin(BEGINNINGS)]["opportunity"]
    ends = journal[journal["what"].isin(ENDS)]["opportunity"]
    assert set(journal["what"]) >= {*BEGINNINGS, *ENDS, "somebody quits", "missed visit"}
    assert begins.is_unique
    assert sorted(begins) == sorted(ends)
    assert begins.nunique() > 1000


def test_nothing_happens_outside_the_year_or_out_of_order(troubled):
    journal = troubled(0)
    assert journal["time"].is_monotonic_increasing
    assert journal["time"].min() >= 0
    assert journal["time"].max() <= 365


def test_opportunities_follow_their_stages(troubled):
    journal = troubled(1)
    story = journal[journal["what"].isin(["stage worked on", "stage passed", "booking"])]
    for _, steps in story.groupby("opportunity"):
        words = steps["what"].tolist()
        for before, after in itertools.pairwise(words):
            assert (before == "stage worked on") != (after == "stage worked on")


def test_the_same_luck_makes_the_same_year(troubled):
    assert troubled(2).equals(troubled(2))
    assert not troubled(2).equals(troubled(3))


def test_the_order_of_rows_does_not_matter(troubled):
    journal = troubled(0)
    other = troubled(0, dict(reversed(CUSTOMERS.items())), dict(reversed(REPS.items())))
    columns = ["time", "what", "rep", "customer", "hours", "amount"]
    one, two = (j.sort_values(columns, ignore_index=True)[columns] for j in (journal, other))
    assert one.equals(two)


def test_a_change_for_one_rep_is_not_felt_by_another(troubled):
    before, after = troubled(0), troubled(0, quota={"ann": [40_000.0] * 4})
    for rep in ("bob", "cleo", "dan", ""):
        theirs = [
            j[j["rep"] == rep].drop(columns="opportunity").reset_index(drop=True) for j in (before, after)
        ]
        assert theirs[0].equals(theirs[1])
    efforts = [j.query("rep == 'ann' and what == 'effort chosen'")["amount"].mean() for j in (before, after)]
    assert efforts[0] != efforts[1]


def bookings_by_customer(company, plan_for, customers, market, replications, owner=None):
    scenario = company(customers, ["ann", "bob"], market)
    world = world_of(scenario, plan_for(scenario, owner))
    sums = []
    for replication in range(replications):
        year = live_a_year(world, 1, replication)
        won = table(world, year.fate, year.records).query("what == 'booking'")
        sums.append(won.groupby("customer")["amount"].sum().reindex(list(customers), fill_value=0.0))
    return np.concatenate(sums)


def test_a_moved_customer_loses_its_share_at_risk(company, plan_for):
    customers = {f"c{i}": {"owner": "ann", "potential": 5000} for i in range(60)}
    market = {"relationship_risk": 0.2, "order_values": {"": 25.0}}
    moves = {f"c{i}": "bob" for i in range(30)}
    before = bookings_by_customer(company, plan_for, customers, market, 1)
    after = bookings_by_customer(company, plan_for, customers, market, 1, moves)
    lost = 1 - after[:30].sum() / before[:30].sum()
    assert abs(lost - 0.2) < 4 * np.sqrt(0.16 / (before[:30].sum() / 25))
    assert after[30:].sum() == pytest.approx(before[30:].sum())  # who stayed buys the same things


def test_growth_is_sold_when_there_is_time(company, plan_for):
    customers = {f"c{i}": {"owner": "ann", "potential": 2000} for i in range(60)}
    before, after = (
        bookings_by_customer(company, plan_for, customers, {"growth": g}, 3).sum() / 3 for g in (0.0, 0.25)
    )
    orders = 3 * 120_000 / 100
    assert abs(before / 120_000 - 1) < 4 / np.sqrt(orders)
    assert abs((after - before) / 120_000 - 0.25) < 4 * np.sqrt(0.25 / orders)


def test_specialists_of_split_customers_meet_the_same_opportunities(company, plan_for):
    market = {"order_values": {"Bolts": 50.0, "Nuts": 200.0}, "stages": STAGES}
    whole = company(
        {f"c{i}": {"owner": "ann"} for i in range(30)},
        {"ann": {"hours_per_year": 100_000}},
        market,
        lines=("Bolts", "Nuts"),
    )
    parts = split_by_line(whole)
    won = []
    for scenario in (whole, parts):
        world = world_of(scenario, plan_for(scenario))
        year = live_a_year(world, 1, 0)
        won.append(sorted(table(world, year.fate, year.records).query("what == 'booking'")["amount"]))
    assert won[0] == pytest.approx(won[1])


def test_a_leap_year_has_its_day(company, plan_for):
    scenario = company(
        {"c": {"owner": "ann", "potential": 100_000}}, ["ann"], year={"start": date(2028, 1, 1)}
    )
    world = world_of(scenario, plan_for(scenario))
    assert world.days == 366
    assert world.quarter_ends.tolist() == [91, 182, 274, 366]
    assert live_a_year(world, 1, 0).records[:, 0].max() > 365


def test_a_finished_year_lets_go_of_its_tables(company, plan_for, monkeypatch):
    # At once, not when Python next looks for objects that hold each other: their memory is used again.
    held, lay_out = [], year.state_of

    def watched(world, fate):
        state = lay_out(world, fate)
        held.extend(weakref.ref(table) for table in (state.deals, state.seats, state.booked))
        return state

    monkeypatch.setattr(year, "state_of", watched)
    towns = {f"customer {i}": {"owner": "ann", "potential": 300} for i in range(20)}
    turnover = {"yearly_quit_rate": 2.0, "attainment_effect": 1.0}
    scenario = company(towns, ["ann", "bob"], {"stages": STAGES, "turnover": turnover})
    here = world_of(scenario, plan_for(scenario))
    gc.collect()
    gc.disable()
    try:
        lived = live_a_year(here, 1, 0)
    finally:
        gc.enable()
    assert len(lived.journal) > 0
    assert [table() for table in held] == [None] * 3
