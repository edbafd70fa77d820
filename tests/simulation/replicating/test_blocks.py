"""A block of years by hand: what travel of a simulated year costs is what the plan's budget says."""

import pytest

from simulation.accounting.yardstick import yardstick
from simulation.replicating.blocks import Job, play_together
from simulation.world.world import world_of

KM_A_DEGREE = 111.195


@pytest.fixture
def played(company, plan_for):
    """Live a year in which Ann's only work is 12 visits to a customer so many degrees of longitude away."""

    def make(degrees, *, hours=1000, potential=0, **travel):
        scenario = company(
            {"Ames": {"owner": "ann", "longitude": degrees, "visits_per_year": 12, "potential": potential}},
            {"ann": {"hours_per_year": hours, "base_pay": 0, "target_incentive": 0}},
            budget={"travel_per_hour": 10.0},
            travel={
                "hours_between_visits": 0.0,
                "road_factor": 1.0,
                "speed_km_per_hour": KM_A_DEGREE,
                **travel,
            },
        )
        plan = plan_for(scenario)
        held = yardstick(scenario, plan)
        [block] = play_together([Job(world_of(scenario, plan), held, 1)], 0, 1)
        return held, block.years

    return make


def test_a_year_of_the_budgets_visits_costs_the_budget(played):
    # A degree of the equator is an hour by road: 12 times there and back are 24 hours at 10.
    held, years = played(1.0)
    assert years["visits_made"] == [12]
    assert years["road_hours"] == pytest.approx([24.0], rel=1e-3)
    assert held.budget.tolist() == pytest.approx([240, 240], rel=1e-3)
    assert years["cost"].tolist() == pytest.approx([held.budget[-1]])


def test_nights_away_are_paid_with_the_hours_they_belong_to(played):
    held, years = played(4.0, cost_per_night=50.0, cost_per_hour=0.1)
    assert years["visits_made"] == [12]
    assert held.travel_rates[0] > 10.0
    assert years["cost"].tolist() == pytest.approx([held.budget[-1]])


def test_visits_nobody_has_time_for_cost_no_road(played):
    # 1 + 2 hours a visit; a seat of 12 hours a year has time for few of the 12, and the road to those costs.
    held, years = played(1.0, hours=12)
    assert 0 < years["visits_made"][0] < 12
    assert years["cost"].tolist() == pytest.approx((years["road_hours"] * 10.0).tolist())
    assert years["cost"][0] == pytest.approx(20 * years["visits_made"][0], rel=1e-3)
    assert years["cost"][0] < held.budget[-1]
