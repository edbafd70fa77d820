"""Rules about who may serve whom, on the two towns."""

import numpy as np
import pytest

from scenarios import InputError
from scenarios.building import build
from scenarios.permissions import forbidden


def allowed(towns, *accounts, **rules):
    towns.settings["rules"] = {"accounts": list(accounts), **rules}
    eligible = build(towns).eligible
    return {c: "".join(r[0] for r in eligible.columns[row]) for c, row in eligible.iterrows()}


def test_only_these_reps_serve_a_named_account(towns):
    rule = {"kind": "only", "customers": ["W1"], "reps": ["East"]}
    assert allowed(towns, rule) == {"W1": "E", **dict.fromkeys(["W2", "W3", "E1", "E2", "E3"], "WE")}


def test_reps_and_customers_are_found_by_their_columns(towns):
    towns.tables["customers"]["tier"] = ["A", "A", "B", "B", "A", "B"]
    towns.tables["customers"]["segment"] = ["Big", "Small"] * 3
    towns.tables["reps"]["seniority"] = ["junior", "senior"]
    rule = {
        "kind": "never",
        "where": {"tier": ["A"], "segment": ["Big", "Huge"]},
        "reps_where": {"seniority": ["junior"]},
    }
    assert [c for c, who in allowed(towns, rule).items() if who == "E"] == ["W1", "E2"]


def test_who_stays_and_who_leaves(towns):
    stay = {"kind": "stay", "customers": ["E1"]}
    leave = {"kind": "leave", "customers": ["W1"]}
    found = allowed(towns, stay, leave)
    assert (found["E1"], found["W1"], found["W2"]) == ("W", "E", "WE")


def test_who_is_nobodys_need_not_stay(towns):
    towns.tables["customers"].loc[0, "owner"] = ""
    assert allowed(towns, {"kind": "stay", "customers": ["W1"]})["W1"] == "WE"


def test_nobody_stays_with_an_owner_who_may_not_serve(towns):
    towns.tables["customers"]["segment"] = ["Big"] + ["Small"] * 5
    towns.tables["reps"]["segments"] = ["Small", "Big;Small"]
    eligibility = [{"customer": "segment", "rep": "segments"}]
    stay = {"kind": "stay", "where": {"segment": ["Big", "Small"]}}
    found = allowed(towns, stay, eligibility=eligibility)
    assert found == {"W1": "E", **dict.fromkeys(["W2", "W3", "E1", "E2", "E3"], "W")}


def test_conditions_on_dates_and_deals(towns):
    customers = towns.tables["customers"]
    customers["renewal"] = ["2026-01-31", "2026-04-30", "", "2025-12-31", "", ""]
    customers["open_deals"] = ["0", "0", "500", "0", "501", "0"]
    customers["owner_since"] = ["2020-01-01"] * 5 + ["2025-08-01"]
    soon = {"kind": "stay", "renewal_within_days": 30}
    deal = {"kind": "stay", "open_deals_above": 500}
    new = {"kind": "stay", "owner_changed_within_months": 6}
    assert [c for c, who in allowed(towns, soon, deal, new).items() if who == "W"] == ["W1", "E2", "E3"]


def test_conditions_of_one_rule_hold_together(towns):
    customers = towns.tables["customers"]
    customers["renewal"] = ["2026-01-31"] * 6
    customers["open_deals"] = ["0", "900", "0", "0", "0", "0"]
    rule = {"kind": "stay", "renewal_within_days": 60, "open_deals_above": 500}
    assert [c for c, who in allowed(towns, rule).items() if who == "W"] == ["W2"]


def test_seniority_has_levels(towns):
    towns.tables["customers"]["needs_seniority"] = ["", "junior", "middle", "senior", "", ""]
    towns.tables["reps"]["seniority"] = ["middle", "senior"]
    rule = {
        "customer": "needs_seniority",
        "rep": "seniority",
        "levels": ["junior", "middle", "senior"],
    }
    found = allowed(towns, eligibility=[rule])
    assert list(found.values()) == ["WE", "WE", "WE", "E", "WE", "WE"]


def test_languages_are_matched(towns):
    towns.tables["customers"]["language"] = ["中文", "English", "", "中文", "", ""]
    towns.tables["reps"]["languages"] = ["English", "中文;English"]
    found = allowed(towns, eligibility=[{"customer": "language", "rep": "languages"}])
    assert list(found.values()) == ["E", "WE", "WE", "E", "WE", "WE"]


def test_a_lock_goes_before_eligibility_but_not_before_accounts(towns):
    towns.tables["customers"]["segment"] = ["Big"] * 6
    towns.tables["customers"]["lock"] = ["true", "true"] + ["false"] * 4
    towns.tables["reps"]["segments"] = ["Small", "Big"]
    eligibility = [{"customer": "segment", "rep": "segments"}]
    rule = {"name": "No Big in the West", "kind": "never", "customers": ["W2"], "reps": ["West"]}
    found = allowed(towns, rule, eligibility=eligibility)
    assert list(found.values()) == ["W", "", "E", "E", "E", "E"]
    names = [name for name, against in forbidden(build(towns)) if against[1].any()]
    assert names == ["No Big in the West", "locks"]


def test_a_wish_forbids_nothing(towns):
    rule = {"kind": "never", "customers": ["W1"], "reps": ["West"], "price": 50.0}
    assert allowed(towns, rule)["W1"] == "WE"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"kind": "stay"}, "say which customers"),
        ({"kind": "only", "customers": ["W1"]}, "only and never need reps"),
        ({"kind": "leave", "customers": ["W1"], "reps": ["West"]}, "only and never need reps"),
        ({"kind": "stay", "customers": ["X"]}, "no such customer in customers.csv"),
        ({"kind": "only", "customers": ["W1"], "reps": ["X"]}, "no such rep in reps.csv"),
        ({"kind": "stay", "where": {"color": ["red"]}}, "no such column in customers.csv"),
        ({"kind": "stay", "renewal_within_days": 90}, "no customer has a value in column renewal"),
        ({"kind": "stay", "open_deals_above": 5}, "no customer has a value in column open_deals"),
        ({"kind": "stay", "owner_changed_within_months": 5}, "no customer has a value in column owner_since"),
    ],
)
def test_rules_that_make_no_sense_are_refused(towns, rule, said):
    towns.settings["rules"] = {"accounts": [rule]}
    with pytest.raises(InputError) as caught:
        build(towns)
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert str(problem).startswith("scenario.toml, rules.accounts")


def test_a_name_is_given_once(towns):
    rule = {"name": "mine", "kind": "stay", "customers": ["W1"]}
    towns.settings["rules"] = {"accounts": [rule, rule]}
    with pytest.raises(InputError, match="two rules have the same name: mine"):
        build(towns)


def test_large_and_small_look_at_the_same_rules(towns):
    """A part of a company has the rows of the whole."""
    rule = {"kind": "never", "customers": ["E1", "W1"], "reps": ["East"]}
    towns.settings["rules"] = {"accounts": [rule]}
    scenario = build(towns)
    part = scenario.part(np.array([3, 4]))
    assert part.eligible.equals(scenario.eligible.loc[["E1", "E2"]])


@pytest.mark.parametrize("name", ["hours", "moves", "family shops", "lock of W1", "x, at least"])
def test_names_with_a_meaning_of_their_own_are_refused(towns, name):
    towns.settings["rules"] = {"limits": [{"name": name, "measure": "customers", "at_most": 5}]}
    with pytest.raises(InputError, match="have a meaning of their own"):
        build(towns)


def test_an_empty_date_fits_no_value(towns):
    towns.tables["customers"]["renewal"] = ["2026-01-05", "", "2026-03-01", "", "", ""]
    rule = {"kind": "stay", "where": {"renewal": ["2026-03-01"]}}
    assert [c for c, who in allowed(towns, rule).items() if who == "W"] == ["W3"]
