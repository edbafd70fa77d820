"""Named accounts, wishes, mixes of tiers and seniority in plans of the two towns."""

from dataclasses import replace

import pandas as pd
import pytest

from optimizer.compiling.territories import assign_customers
from optimizer.planning import optimize
from optimizer.rivals import todays_book
from optimizer.rules import violations
from optimizer.score import score
from scenarios.building import build


def test_wishes_are_weighed_against_the_rest(towns):
    """East drives 53.4 h a year to W1 at 1 an hour, and W1 buys 5 less for a new face: 58.4 in all."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    wish = {"name": "Kept by East", "kind": "only", "customers": ["W1"], "reps": ["East"]}
    for price, who in ((58.0, "West"), (59.0, "East")):
        towns.settings["rules"] = {"accounts": [{**wish, "price": price}]}
        scenario = build(towns)
        owner, result = assign_customers(scenario)
        assert owner["W1"] == who
        terms = score(scenario, owner).terms
        assert terms["wishes"] == (price if who == "West" else 0.0)
        assert result.objective == pytest.approx(score(scenario, owner).objective)


def test_named_accounts_and_must_leave_are_kept(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "accounts": [
            {"kind": "leave", "customers": ["W2"]},
            {"kind": "only", "customers": ["E3"], "reps": ["West"]},
        ]
    }
    scenario = build(towns)
    owner, _ = assign_customers(scenario)
    assert (owner["W2"], owner["E3"], owner["E1"]) == ("East", "West", "East")
    today = todays_book(scenario)
    assert [str(v) for v in violations(scenario, today) if "accounts" in v.rule] == [
        "accounts 1 (leave): rep West may not serve customer W2"
    ]


def test_one_of_a_family_may_live_apart(towns):
    towns.tables["customers"]["family"] = ["f", "f", "", "f", "", ""]
    towns.tables["customers"]["apart"] = ["false", "false", "false", "true", "false", "false"]
    scenario = build(towns)
    owner, _ = assign_customers(scenario)
    assert (owner["W1"], owner["W2"], owner["E1"]) == ("West", "West", "East")
    assert not [v for v in violations(scenario, optimize(scenario)) if v.rule == "family"]


@pytest.mark.parametrize(("at_most", "tops"), [(0.34, 1), (0.67, 2)])
def test_the_mix_of_tiers_is_limited(towns, at_most, tops):
    """West has three customers nearby; at most a third of its customers, or two thirds, may be top ones."""
    towns.tables["customers"]["tier"] = ["A", "A", "A", "B", "B", "B"]
    towns.tables["reps"]["hours_per_year"] = "2000"
    rule = {
        "name": "mix",
        "measure": "top_tier",
        "share_of": "customers",
        "at_most": at_most,
        "reps": ["West"],
    }
    towns.settings["rules"] = {"limits": [rule]}
    scenario = build(towns)
    owner, result = assign_customers(scenario)
    mine = owner[owner == "West"].index
    assert len(set(mine) & {"W1", "W2", "W3"}) <= at_most * len(mine)
    plan = optimize(scenario)
    assert violations(scenario, plan) == []
    broken = replace(
        plan, owner=pd.Series("West", owner.index).where(owner.index.str.startswith("W"), "East")
    )
    (found,) = violations(scenario, broken)
    assert found.rule == "mix"
    assert "top-tier customers come to 100.0% of its customers" in found.what
    assert result.gap <= 0.005
    assert tops >= 1


def test_nobody_has_too_large_a_part_of_all(towns):
    towns.tables["reps"]["hours_per_year"] = "2000"
    rule = {"measure": "potential", "share_of": "all", "at_most": 0.5}
    towns.settings["rules"] = {"limits": [rule]}
    scenario = build(towns)
    owner, _ = assign_customers(scenario)
    potential = scenario.customers["potential"].groupby(owner).sum()
    assert potential.to_dict() == {"East": 600, "West": 600}


def test_a_priced_share_costs_what_lies_beyond(towns):
    towns.tables["customers"]["tier"] = ["A", "A", "A", "B", "B", "B"]
    rule = {"measure": "top_tier", "share_of": "customers", "at_most": 0.5, "at_least": 0.2, "price": 1.0}
    towns.settings["rules"] = {"limits": [rule]}
    scenario = build(towns)
    owner, result = assign_customers(scenario)
    # West has three top ones of three, 1.5 too many; East none of three, .6 too few.
    assert score(scenario, owner).terms["limit 1 on top_tier"] == pytest.approx(2.1)
    assert result.objective == pytest.approx(score(scenario, owner).objective)


def test_the_better_customers_go_to_the_better_people(towns):
    """Alike in place, two customers fit in each book: the senior has the two largest."""
    towns.tables["customers"] = towns.tables["customers"].assign(longitude="0.5", owner="")
    towns.tables["reps"]["longitude"] = ["0.5", "0.5"]
    towns.tables["reps"]["seniority"] = ["junior", "senior"]
    towns.settings["market"]["seniority_gap"] = {"junior": 0.1}
    towns.settings["rules"] = {"limits": [{"measure": "customers", "at_most": 3}]}
    owner, _ = assign_customers(build(towns), gap=0.0)
    assert sorted(owner.index[owner == "East"]) in (["E2", "E3", "W3"], ["E3", "W2", "W3"])
