"""Rules that make no sense are refused with place and remedy."""

import pytest

from scenarios import InputError
from scenarios.building import build


def refused(towns, rules):
    towns.settings["rules"] = rules
    with pytest.raises(InputError) as caught:
        build(towns)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"limits": [{"measure": "hours"}]}, "give at_least, at_most or both"),
        (
            {"limits": [{"measure": "hours", "at_least": 2, "at_most": 1}]},
            "at_least must not be above at_most",
        ),
        ({"move_price": 1.0}, "move_price needs move_limit"),
        ({"move_value_price": 1.0}, "move_value_price needs move_value_limit"),
        ({"move_price_per_rep": 1.0}, "move_price_per_rep needs move_limit_per_rep"),
        ({"objective": "priority"}, "goes with a list of goals"),
        ({"priority": ["moves"]}, "goes with a list of goals"),
        ({"objective": "priority", "priority": ["moves", "moves"]}, "each goal may stand once"),
        ({"fairness": [{"measure": "hours", "notion": "gini", "price": 1.0}] * 2}, "may have one price"),
        ({"fairness": [{"measure": "hours", "notion": "love", "price": 1.0}]}, "fairness"),
    ],
)
def test_contradictions_are_refused(towns, rules, said):
    (problem,) = refused(towns, rules)
    assert said in problem
    assert problem.startswith("scenario.toml, rules")


def test_limits_are_for_reps_there_are(towns):
    rule = {"measure": "customers", "reps": ["West", "North"], "at_most": 4}
    (problem,) = refused(towns, {"limits": [rule]})
    assert problem.startswith("scenario.toml, rules.limits 'limit 1 on customers', reps: no such rep in")
    assert problem.endswith("(found 'North')")


def test_top_tiers_need_tiers(towns):
    rule = {"measure": "top_tier", "tolerance": 0.1, "hard": True}
    (problem,) = refused(towns, {"balance": [rule]})
    assert problem.startswith("scenario.toml, rules.balance 'balance of top_tier', measure: no customer has")
    assert "fill in the column tier" in problem
    towns.tables["customers"]["tier"] = ["gold", "gold", "", "", "", ""]
    (problem,) = refused(towns, {"limits": [{"measure": "top_tier", "at_most": 1}]})
    assert "customers.csv has the tiers gold" in problem


def test_the_smaller_limit_on_sales_moved_counts(towns):
    towns.settings["rules"] = {"move_value_limit": 50.0, "move_value_share_limit": 0.2}
    rules = build(towns).rules
    assert rules.move_value_allowed(200.0) == 40.0
    assert rules.move_value_allowed(1000.0) == 50.0
