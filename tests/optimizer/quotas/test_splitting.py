"""Who is asked for what: proportions by hand, floors and ceilings, and sums that are always exact."""

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas import split_target
from scenarios import NoPlanExists
from scenarios.building import build

HOME = ["West", "West", "West", "East", "East", "East"]


def by_rep(source, owner=HOME):
    scenario = build(source)
    return split_target(scenario, pd.Series(owner, index=scenario.customers.index))


def test_quotas_follow_history_and_potential(towns):
    # Last year: West 80, East 120 (the order of 2024 is too old). Potential: 600 each. Target 1,200.
    towns.settings["quotas"] = {"history_weight": 0.5}
    quota = by_rep(towns)
    # half by 40 % : 60 %, half by 50 % : 50 % -> 45 % : 55 %
    assert quota.sum(axis=1).to_dict() == {"West": 540.0, "East": 660.0}
    assert quota.loc["West"].tolist() == [135.0] * 4


def test_new_customers_are_asked_for_where_they_arise(towns):
    towns.settings["quotas"] = {"history_weight": 0.0}
    towns.settings["market"] |= {"growth": 0.5, "new_customers_per_year": 12, "new_customer_value": 50.0}
    towns.tables["customers"]["potential"] = ["0", "0", "100", "300", "300", "100"]
    # Expected: 150 and 1,050 of known customers, and 600 of new ones, as many near West's as near East's.
    assert by_rep(towns).sum(axis=1).to_dict() == {"West": 1200 * 450 / 1800, "East": 1200 * 1350 / 1800}


def test_season_and_start_shape_the_quarters(towns):
    towns.settings["quotas"] = {"history_weight": 0.0}
    towns.settings["market"]["seasonality"] = [0.1] * 6 + [1 / 15] * 6  # quarters .3, .3, .2, .2
    towns.settings["market"]["turnover"] = {"ramp_months": 0}
    towns.tables["reps"]["start"] = ["", "2026-07-01"]
    quota = by_rep(towns)
    # Until July, for .6 of the year's demand, West serves East's customers as well.
    assert quota.loc["West"].tolist() == [360.0, 360.0, 120.0, 120.0]
    assert quota.loc["East"].tolist() == [0.0, 0.0, 120.0, 120.0]


def test_a_ceiling_passes_the_rest_on(towns):
    towns.settings["quotas"] = {"history_weight": 1.0, "ceiling": 7.0}
    towns.settings["target"] = {"amount": 1300.0}
    quota = by_rep(towns).sum(axis=1)
    # By history 520 : 780; ceilings 560 : 840. Both have room.
    assert quota.to_dict() == {"West": 520.0, "East": 780.0}
    towns.settings["quotas"] = {"history_weight": 0.0, "ceiling": 7.0}
    quota = by_rep(towns).sum(axis=1)
    # By potential 650 : 650; West may not have more than 7 x 80 = 560.
    assert quota.to_dict() == {"West": 560.0, "East": 740.0}


def test_a_floor_relieves_the_others(towns):
    towns.settings["quotas"] = {"history_weight": 0.0, "floor": 6.0}
    quota = by_rep(towns).sum(axis=1)
    # By potential 600 : 600; East may not have less than 6 x 120 = 720.
    assert quota.to_dict() == {"West": 480.0, "East": 720.0}


def test_impossible_limits_are_explained_with_amounts(towns):
    towns.settings["quotas"] = {"ceiling": 2.0}
    with pytest.raises(NoPlanExists, match="the ceilings add up to 400, the target is 1,200"):
        by_rep(towns)
    towns.settings["quotas"] = {"floor": 7.0}
    with pytest.raises(NoPlanExists, match="the floors add up to 1,400, the target is 1,200"):
        by_rep(towns)


def test_a_rep_without_customers_is_asked_for_nothing(towns):
    quota = by_rep(towns, ["West"] * 6)
    assert quota.loc["East"].tolist() == [0.0] * 4
    assert quota.loc["West"].sum() == 1200.0


def test_nobody_to_ask_is_said_so(towns):
    with pytest.raises(NoPlanExists, match="nobody can be asked"):
        by_rep(towns, [""] * 6)


@pytest.mark.parametrize("unit", [0.01, 1.0, 1000.0])
@pytest.mark.parametrize("amount", [73_104_672.0, 99_999.0])
def test_sums_are_exact_in_any_unit(towns, unit, amount):
    towns.settings["target"] = {"amount": amount, "rounding_unit": unit}
    scenario = build(towns)
    quota = by_rep(towns)
    units = quota.to_numpy() / unit
    assert np.allclose(units, units.round(), atol=1e-6)
    assert round(units.sum()) == round(scenario.target_amount / unit)
