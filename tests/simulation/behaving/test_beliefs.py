"""Fear of the next quota, and care for customers that selling hard leaves."""

import dataclasses

import numpy as np
import pytest
from fates import fate_of

from simulation.accounting.journal import What
from simulation.behaving.effort import EffortTable
from simulation.behaving.expectations import feared
from simulation.company.year import play
from simulation.paying.outlook import Outlook
from simulation.reference import live_by_the_book
from simulation.world.world import world_of

LINEAR = Outlook(np.array([]), np.array([0.1]), np.array([]))
BONUS = Outlook(np.array([100.0]), np.array([0.0, 0.0]), np.array([10.0]))


def test_sales_above_quota_are_worth_less_to_who_fears_the_next_quota():
    # 10 at 100: .1 a unit, of which half is feared above and a fifth below.
    curve = feared(LINEAR, 100.0, 0.5, 0.2)
    assert curve.kinks.tolist() == [100.0]
    assert curve.slopes.tolist() == pytest.approx([0.08, 0.05])
    assert curve.pay(np.array([100.0, 200.0])).tolist() == pytest.approx([8.0, 13.0])


def test_a_bonus_at_quota_keeps_its_jump():
    curve = feared(BONUS, 100.0, 0.5, 0.0)
    assert curve.kinks.tolist() == [100.0]
    assert curve.jumps.tolist() == [10.0]
    assert curve.slopes.tolist() == pytest.approx([0.0, -0.05])


def test_who_fears_nothing_sees_what_is_paid():
    assert feared(LINEAR, 100.0, 0.0, 0.0) is LINEAR


@pytest.mark.parametrize(
    ("effort", "second_task", "care"),
    [(1.0, 0.6, 1.0), (0.5, 0.6, 1.2), (1.75, 0.6, 0.7), (2.5, 0.6, 0.4), (2.5, 0.0, 1.0)],
)
def test_who_sells_hard_cares_less_and_who_sells_little_more(company, plan_for, effort, second_task, care):
    """Effort 1 to 2.5 takes care from 1 to 1 - second_task in a line; satisfaction rises .05 x care x .2."""
    market = {"effort": {"mode": "constant", "second_task": second_task}}
    assert visited(company, plan_for, market, effort) == pytest.approx(0.8 + 0.05 * care * 0.2)


def test_a_visit_brings_no_more_satisfaction_than_is_lacking(company, plan_for):
    """.9 x (1 + .4 x .5) would be 1.08 of what is lacking."""
    market = {"effort": {"mode": "constant", "second_task": 0.6}, "satisfaction": {"gain_per_visit": 0.9}}
    assert visited(company, plan_for, market, 0.5) == pytest.approx(1.0)


def visited(company, plan_for, market, effort):
    """Give a customer's satisfaction after its only visit, in which both engines agree."""
    named = {"Ames": {"owner": "ann", "potential": 0, "visits_per_year": 1}}
    scenario = company(named, ("ann",), market)
    world = world_of(scenario, plan_for(scenario))
    table = EffortTable(np.full((2, len(world.decisions.day), 2), effort), world.effort.largest)
    world = dataclasses.replace(world, effort=table)
    fate = fate_of(world, phase={"Ames": 0.3})
    year = play(world, fate)
    assert sorted(map(tuple, year.records.tolist())) == sorted(
        tuple(map(float, record)) for record in live_by_the_book(world, fate)
    )
    [visit] = year.journal[year.journal["what"] == What.VISIT]
    return visit["amount"]


def test_believers_hold_back(company, plan_for):
    """Half of what lies above quota feared: effort far above it falls from 1 to .5 + .5 x .5."""

    def chosen(rise):
        effort = {"mode": "closed form", "reference_commission": 0.1, "believed_rise": rise}
        customers = {"Ames": {"owner": "ann", "potential": 400_000}}
        scheme = {"elements": {"commission": {"kind": "commission", "weight": 1}}}
        scenario = company(customers, ("ann",), {"effort": effort}, scheme)
        world = world_of(scenario, plan_for(scenario, quota={"ann": [100_000.0] * 4}))
        return world.effort.chosen(0, 6, 200_000.0)

    assert chosen(0.0) == pytest.approx(1.0)
    assert chosen(0.5) == pytest.approx(0.75)
