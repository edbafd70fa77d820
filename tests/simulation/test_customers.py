"""How service moves satisfaction, and satisfaction demand."""

import pytest

from scenarios.market import Satisfaction
from simulation.customers import Customers, demand_at
from simulation.world import world_of

BELIEF = Satisfaction(start=0.8, gain_per_visit=0.05, loss_per_missed_visit=0.1, sensitivity=0.5)


@pytest.mark.parametrize(("satisfaction", "factor"), [(0.8, 1.0), (1.0, 1.1), (0.4, 0.8), (0.0, 0.6)])
def test_demand_follows_satisfaction(satisfaction, factor):
    assert demand_at(BELIEF, satisfaction) == pytest.approx(factor)


def test_demand_is_never_negative():
    assert demand_at(BELIEF.model_copy(update={"sensitivity": 9.0}), 0.1) == 0


def test_a_visit_gains_and_a_missed_one_costs(company, plan_for):
    scenario = company(["Ames", "Boone"], ["ann"], {"satisfaction": BELIEF.model_dump()})
    customers = Customers(world_of(scenario, plan_for(scenario)))
    assert customers.is_visited(0) == pytest.approx(0.81)  # .8 + .05 x .2
    assert customers.waits_in_vain(0) == pytest.approx(0.729)  # .81 x .9
    assert customers.satisfaction[1] == 0.8
    assert customers.demand(0) == pytest.approx(1 - 0.5 * 0.071)


def test_at_the_end_half_the_time_between_visits_is_grace_for_whoever_was_visited(company, plan_for):
    # Five visits a year are 73 days apart.
    scenario = company({"Ames": {"visits_per_year": 5}, "Boone": {"visits_per_year": 5}}, ["ann"])
    customers = Customers(world_of(scenario, plan_for(scenario)))
    customers.is_visited(0)
    assert [customers.waits_too_long(0, due, 365.0) for due in (328.0, 329.0)] == [True, False]
    assert customers.waits_too_long(1, 364.0, 365.0)  # nobody came to Boone all year
