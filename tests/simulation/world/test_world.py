"""A scenario and a plan as arrays."""

import numpy as np
import pytest

from simulation.world.world import world_of


@pytest.fixture
def compiled(company, plan_for):
    def compile_(customers=("Ames",), **market):
        scenario = company(customers, ["ann"], market)
        return world_of(scenario, plan_for(scenario))

    return compile_


def test_the_season_has_mean_one_and_the_months_shares(compiled):
    season = compiled(seasonality=(0.5,) + (0.5 / 11,) * 11).season
    assert len(season) == 365
    assert season.mean() == pytest.approx(1)
    assert season[:31].sum() / 365 == pytest.approx(0.5)
    assert np.unique(season[31:59]).size == 1


def test_visits_go_by_tier_and_customers_of_none_come_last(compiled):
    tiers = {"Ames": {"tier": "B"}, "Boone": {}, "Clive": {"tier": "A"}, "Derby": {"tier": "B"}}
    assert compiled(tiers).visit_rank.tolist() == [2, 3, 1, 2]


def test_what_customers_say_themselves_goes_before_what_the_market_says(compiled):
    rows = {"Ames": {"late_days": 3, "bad_debt": 0.2, "service_calls_per_year": 4, "credit_limit": 12.34}}
    market = {"late_days": 10.0, "bad_debt": 0.1, "service": {"calls_per_year": 2.0}}
    world = compiled({**rows, "Boone": {}}, **market)
    assert world.late_days.tolist() == [3, 10]
    assert world.bad_debt.tolist() == [0.2, 0.1]
    assert world.calls_per_year.tolist() == [4, 2]
    assert world.credit_limit.tolist() == [1234, np.inf]  # cents
