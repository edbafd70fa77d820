"""Rules that make no sense are refused with place and remedy."""

import pytest

from scenarios import InputError
from scenarios.building import build
from scenarios.naming import near


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


def test_rules_are_called_by_name_or_counted_from_one(towns):
    accounts = [{"kind": "leave", "customers": ["W1"]}, {"kind": "love", "customers": ["W1"]}]
    (problem,) = refused(towns, {"accounts": accounts})
    assert problem.startswith("scenario.toml, rules.accounts number 2, kind: must be 'only', 'never'")
    accounts[1]["name"] = "港口归她"
    (problem,) = refused(towns, {"accounts": accounts})
    assert problem.startswith("scenario.toml, rules.accounts '港口归她', kind: must be 'only', 'never'")


def test_who_is_not_there_is_said_with_who_may_be_meant(towns):
    rule = {
        "name": "hers",
        "kind": "only",
        "customers": ["W11"],
        "reps": ["Wset"],
        "reps_where": {"taem": ["x"]},
    }
    place = "scenario.toml, rules.accounts 'hers'"
    assert refused(towns, {"accounts": [rule]}) == [
        f"{place}, customers: no such customer in customers.csv; did you mean 'W1'? (found 'W11')",
        f"{place}, reps: no such rep in reps.csv; did you mean 'West'? (found 'Wset')",
        f"{place}, reps_where: no such column in reps.csv; did you mean 'team'? (found 'taem')",
    ]
    towns.tables["customers"].loc[2, "owner"] = "west"
    (problem,) = refused(towns, {})
    assert problem == (
        "customers.csv row 4, owner: no such rep in reps.csv; name one or leave the cell empty; did you mean "
        "'West' or 'East'? (found 'west')"
    )


def test_of_very_many_names_none_is_guessed():
    assert near("C1O", [f"C{n}" for n in range(11)]) == "; did you mean 'C1' or 'C10'?"
    assert near("C1O", [f"C{n}" for n in range(6_000)]) == ""
