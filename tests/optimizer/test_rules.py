"""Each hard rule, broken on purpose, is reported in words; a plan that keeps all reports nothing."""

from dataclasses import replace

import pandas as pd
import pytest

from optimizer import optimize, todays_book, violations
from scenarios.building import build


def words(scenario, plan):
    return [str(v) for v in violations(scenario, plan)]


def test_a_plan_keeps_all_rules(towns):
    scenario = build(towns)
    assert words(scenario, optimize(scenario)) == []


def test_todays_book_needs_more_hours_than_there_are(towns):
    scenario = build(towns)
    # 6 x 12 visits of an hour, three of them 4.448 h away: 72 + 36 x 4.448 = 232
    assert words(scenario, todays_book(scenario)) == ["hours: rep West needs 232 hours, 100 are allowed"]


def test_customers_without_rep_and_split_families_are_found(towns):
    towns.tables["customers"]["family"] = ["", "", "", "", "Lee", "Lee"]
    scenario = build(towns)
    plan = optimize(scenario)
    owner = pd.Series(["", "West", "West", "East", "East", "West"], index=plan.owner.index)
    towns.tables["reps"]["hours_per_year"] = "1000"
    assert words(build(towns), replace(plan, owner=owner)) == [
        "owner: customer W1 has no rep",
        "family: family Lee is split over reps East, West",
    ]


def test_wrong_quotas_are_found(towns):
    scenario = build(towns)
    plan = optimize(scenario)
    assert words(scenario, replace(plan, quota=plan.quota + 1)) == [
        "quotas: they add up to 1,208.00, the target is 1,200.00"
    ]


@pytest.mark.parametrize("allowed", [True, False])
def test_forbidden_pairs_moves_and_hard_balance_are_found(towns, allowed):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["region"] = ["W", "W", "W", "E", "E", "E"]
    towns.tables["reps"]["regions"] = ["W;E" if allowed else "W", "E"]
    towns.settings["rules"] = {
        "eligibility": [{"customer": "region", "rep": "regions"}],
        "balance": [{"measure": "customers", "tolerance": 0.1, "hard": True}],
        "move_limit": 1,
    }
    scenario = build(towns)
    plan = todays_book(scenario)
    owner = plan.owner.copy()
    owner[["E1", "E2"]] = "East"
    found = words(scenario, replace(plan, owner=owner))
    assert ("eligibility (region in regions): rep West may not serve customer E3" in found) == (not allowed)
    assert "balance of customers: rep West has 4, the fair share is 3" in found
    assert "balance of customers: rep East has 2, the fair share is 3" in found
    assert "moves: 2 customers change their owner, 1 may" in found


def test_strangers_and_strange_quotas_are_found(towns):
    towns.settings["quotas"] = {"floor": 5.0, "ceiling": 7.0}
    scenario = build(towns)
    plan = optimize(scenario)
    assert words(scenario, plan) == []
    owner = plan.owner.drop("W1").replace({"East": "Stranger"})
    quota = plan.quota.copy()
    quota.loc["West"] += [100.5, -100.5, 0, 0]
    quota.loc["East", "Q1"] -= 700.0
    quota.loc["West", "Q1"] += 700.0
    found = words(scenario, replace(plan, owner=owner, quota=quota))
    assert "owner: customer E1 has Stranger, who is no rep" in found
    assert "owner: customer W1 has no rep" in found
    assert "quotas: some are negative or missing" in found
    found = words(scenario, replace(plan, quota=quota))
    assert any(line.startswith("quotas: rep West is asked for") for line in found)


def test_the_plan_can_be_checked_in_any_order(towns):
    scenario = build(towns)
    plan = optimize(scenario)
    assert words(scenario, replace(plan, owner=plan.owner.iloc[::-1])) == []


def test_limits_and_moves_are_checked_from_the_tables(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "limits": [
            {"measure": "customers", "reps": ["West"], "at_least": 4},
            {"measure": "sales", "at_most": 100},
        ],
        "move_value_share_limit": 0.5,
        "move_limit_per_rep": 2,
    }
    scenario = build(towns)
    plan = todays_book(scenario)
    owner = plan.owner.copy()
    owner[["E1", "E2", "E3"]] = "East"
    assert words(scenario, replace(plan, owner=owner))[:4] == [
        "limit 1 on customers: rep West has 3, at least 4 are asked",
        "limit 2 on sales: rep East has 120, 100 are allowed",
        "sales moved: customers with 120 of last year's sales change their owner, 100 may",
        "customers kept: 3 customers leave rep West, 2 may",
    ]


def test_limits_on_shares_are_told_as_shares(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["tier"] = ["A", "B", "B", "A", "A", "B"]
    towns.settings["rules"] = {
        "limits": [
            {"name": "头部占比", "measure": "top_tier", "share_of": "customers", "at_most": 0.4},
            {"name": "no monopoly", "measure": "potential", "share_of": "all", "at_most": 0.45},
            {"measure": "sales", "share_of": "potential", "at_least": 0.15, "reps": ["West"]},
        ],
    }
    scenario = build(towns)
    plan = todays_book(scenario)
    owner = plan.owner.copy()
    owner[["E1", "E2", "E3"]] = "East"
    # Two of East's three customers are of tier A; each has half of the 1,200; West sold 80 of 600.
    assert words(scenario, replace(plan, owner=owner))[:4] == [
        "头部占比: rep East: top-tier customers come to 66.7% of its customers, at most 40.0% are allowed",
        "no monopoly: rep West has 50.0% of potential of all customers, at most 45.0% are allowed",
        "no monopoly: rep East has 50.0% of potential of all customers, at most 45.0% are allowed",
        "limit 3 on sales: rep West: last year's sales come to 13.3% of its potential, "
        "at least 15.0% are asked",
    ]
