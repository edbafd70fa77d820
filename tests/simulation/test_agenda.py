"""What awaits a seat."""

import math

import numpy as np
import pytest

from simulation.agenda import Agenda, Item, agendas, under_way
from simulation.demand import draw_demand
from simulation.world import world_of


def everything(agenda):
    entries = []
    while (entry := agenda.take(math.inf)) is not None:
        entries.append(entry)
    return entries


def test_entries_come_out_in_order_of_days_whenever_they_were_added():
    agenda = Agenda([(1.0, 0, 10, 0), (5.0, 2, 11, 0)])
    agenda.add(3.0, Item.DECISION, 12, 1)
    assert agenda.first_day() == 1.0
    assert agenda.take(0.5) is None
    assert [agenda.take(4.0)[2] for _ in range(2)] == [10, 12]
    assert agenda.take(4.0) is None
    agenda.add(4.5, Item.DECISION, 13, 0)
    assert agenda.open_opportunities() == [13]
    assert [e[2] for e in everything(agenda)] == [13, 11]
    assert agenda.first_day() == math.inf


@pytest.fixture
def laid_out(company, plan_for):
    def lay_out(customers, reps=("ann",), market=None, owner=None):
        scenario = company(customers, reps, market)
        world = world_of(scenario, plan_for(scenario, owner))
        demand = draw_demand(world, 1, 0)
        return world, demand, agendas(world, 1, 0, demand)

    return lay_out


def test_visits_are_spread_evenly_over_the_year(laid_out):
    _, _, [ann, _] = laid_out({"Ames": {"owner": "ann", "potential": 0, "visits_per_year": 5}})
    entries = everything(ann)
    days = np.array([day for day, *_ in entries])
    assert [item for _, item, _, _ in entries] == [Item.VISIT] * 5
    assert [number for *_, number in entries] == [0, 1, 2, 3, 4]
    assert np.diff(days) == pytest.approx([73] * 4)
    assert 0 <= days[0] < 73


def test_a_visit_every_other_year_falls_in_every_other_year(company, plan_for):
    names = [f"customer {i}" for i in range(400)]
    row = {"owner": "ann", "potential": 0, "visits_per_year": 0.5}
    scenario = company(dict.fromkeys(names, row), ["ann"])
    world = world_of(scenario, plan_for(scenario))
    [ann, _] = agendas(world, 1, 0, draw_demand(world, 1, 0))
    assert abs(len(everything(ann)) - 200) < 4 * 10


def test_what_falls_due_before_a_rep_starts_awaits_todays_owner(laid_out):
    row = {"owner": "ann", "potential": 0, "visits_per_year": 12}
    reps = {"ann": {}, "bob": {"start": "2026-07-01"}}
    _, _, [ann, bob, _] = laid_out({"Ames": row}, reps, owner={"Ames": "bob"})
    assert max(day for day, *_ in everything(ann)) < 181
    assert min(day for day, *_ in everything(bob)) >= 181


def test_what_nobody_serves_awaits_the_house(laid_out):
    _, _, [ann, house] = laid_out({"Ames": {"visits_per_year": 12}})
    assert everything(ann) == []
    assert {item for _, item, _, _ in everything(house)} == {Item.ARISES, Item.VISIT}


def test_the_year_begins_with_the_pipeline_of_a_steady_flow(laid_out):
    # 4,000 opportunities a year; two stages of 20 and 30 days, half pass the first: an M/G/infinity pipeline
    # with 4,000 x 20 / 365 = 219 and 4,000 x .5 x 30 / 365 = 164 under way.
    stages = [
        {"name": "talk", "hours": 0, "conversion": 0.5, "days": 20.0},
        {"name": "deal", "hours": 0, "conversion": 0.5, "days": 30.0},
    ]
    customers = {f"customer {i}": {"owner": "ann", "potential": 2000} for i in range(50)}
    world, demand, _ = laid_out(customers, market={"stages": stages})
    which, stage, day = under_way(world, demand)
    counts = np.bincount(stage)
    expected = 4000 / 365 * np.array([20, 15])
    assert (np.abs(counts - expected) < 4 * np.sqrt(expected)).all()
    assert len(set(which.tolist())) == len(which)
    for number, mean in enumerate((20, 30)):  # memoryless: what is left takes as long as the whole
        left = day[stage == number]
        assert abs(left.mean() - mean) < 4 * mean / np.sqrt(len(left))
