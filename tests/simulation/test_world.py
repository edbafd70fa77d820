"""A scenario and a plan as arrays."""

import numpy as np
import pytest

from simulation.world import world_of


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


def test_a_shock_hits_those_who_fit_all_its_columns(compiled):
    rows = {
        "Ames": {"region": "West", "segment": "Small"},
        "Boone": {"region": "West"},
        "Clive": {"segment": "Small"},
    }
    flood = {"name": "flood", "start": "2026-02-01", "end": "2026-03-01", "demand": 0.5}
    shocks = [flood, {**flood, "name": "local", "where": {"region": ["West", "North"], "segment": ["Small"]}}]
    world = compiled(rows, shocks=shocks)
    assert world.shocks.hits.tolist() == [[True, True, True], [True, False, False]]
    assert (world.shocks.start[0], world.shocks.end[0]) == (31, 59)
