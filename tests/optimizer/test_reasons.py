"""Why a customer has its rep, and what rules cost, on the two towns."""

import numpy as np
import pytest

from optimizer.planning import optimize
from optimizer.reasons import Reasons, price_of_owner, price_of_rule
from optimizer.relaxing import rule_names, without
from optimizer.rivals import todays_book
from optimizer.score import UNAVOIDABLE, score
from scenarios import InputError, NoPlanExists
from scenarios.building import build

# West to East: 53.4 h a year at 1 an hour.
DRIVE = 12 * 2 * 111.195 / 50


def made(towns):
    scenario = build(towns)
    return scenario, optimize(scenario, gap=0.0)


def test_the_next_best_rep_costs_the_drive_and_the_change(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    scenario, plan = made(towns)
    reason = Reasons(scenario, plan).why("W2")
    assert (reason.owner, reason.today, reason.with_it) == ("West", "West", ())
    (east,) = reason.alternatives
    # W2 buys 200 a year, of which a tenth is at risk at a margin of a half: 10.
    assert east.rep == "East"
    assert east.terms == {"travel": pytest.approx(DRIVE, rel=1e-3), "disruption": pytest.approx(10.0)}
    assert east.cost == pytest.approx(DRIVE + 10, rel=1e-3)
    assert east.breaks == {}


def test_a_full_book_is_said_with_what_is_missing(towns):
    towns.tables["reps"]["hours_per_year"] = ["100", "40"]  # East: 36 of 40 hours are used
    scenario, plan = made(towns)
    (east,) = Reasons(scenario, plan).why("W2").alternatives
    assert east.breaks == {"hours of East": pytest.approx(36 + 12 + DRIVE - 40, rel=1e-3)}


def test_scarce_hours_have_their_price_in_the_reasons(towns):
    """Two customers fit in the West: the third drives, and an hour in the West is worth that."""
    towns.tables["reps"]["hours_per_year"] = ["24", "400"]
    towns.tables["customers"]["owner"] = ""
    scenario, plan = made(towns)
    far = next(c for c in ("W1", "W2", "W3") if plan.owner[c] == "East")
    (west,) = Reasons(scenario, plan).why(far).alternatives
    assert west.terms["travel"] == pytest.approx(-DRIVE, rel=1e-3)
    assert west.terms["hours"] == pytest.approx(DRIVE, rel=1e-3)
    assert west.cost == pytest.approx(0.0, abs=0.1)
    assert west.breaks == {"hours of West": pytest.approx(12.0)}
    # The drive alone is saved; who would make room for it is not asked.
    assert west.alone == pytest.approx(-DRIVE, rel=1e-3)


def test_a_family_goes_together_and_the_forbidden_are_named(towns):
    towns.tables["customers"]["family"] = ["f", "f", "", "", "", ""]
    rule = {"name": "No East", "kind": "never", "customers": ["W3"], "reps": ["East"]}
    towns.settings["rules"] = {"accounts": [rule]}
    scenario, plan = made(towns)
    reasons = Reasons(scenario, plan)
    assert reasons.why("W1").with_it == ("W2",)
    assert reasons.why("W3").forbidden == {"East": ("No East",)}
    assert reasons.why("W3").alternatives == ()
    table = reasons.table()
    assert table.loc["W3", "next_best"] == ""
    assert np.isnan(table.loc["W3", "costs_more"])
    assert table.loc["E1", "next_best"] == "West"


def test_the_price_of_an_owner_is_that_of_planning_around_it(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    scenario, plan = made(towns)
    price = price_of_owner(scenario, plan, "W2", "East", gap=0.0)
    assert price.estimate == pytest.approx(DRIVE + 10, rel=1e-3)
    assert price.least <= price.estimate <= price.most
    assert price.moved == 1


def test_the_price_of_a_lock_is_what_is_saved_without_it(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["lock"] = ["false"] * 3 + ["true", "false", "false"]
    scenario, plan = made(towns)
    assert plan.owner["E1"] == "West"
    price = price_of_rule(scenario, plan, "lock of E1", gap=0.0)
    # Without the lock E1 goes to East: the drive is saved, 100 x .1 x .5 is lost.
    assert price.estimate == pytest.approx(DRIVE - 5, rel=1e-3)
    assert price.moved == 1
    assert price.least <= price.estimate <= price.most


def test_prices_of_rules_are_differences_of_first_principles(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["family"] = ["f", "", "", "f", "", ""]
    towns.settings["rules"] = {
        "move_limit": 1,
        "limits": [{"name": "small West", "measure": "customers", "reps": ["West"], "at_most": 5}],
        "accounts": [{"name": "named", "kind": "only", "customers": ["W3"], "reps": ["East"]}],
    }
    scenario, plan = made(towns)
    assert rule_names(scenario) == ["hours", "named", "small West", "moves", "family f"]
    for name in rule_names(scenario):
        relaxed = without(scenario, name)
        other = optimize(relaxed, gap=0.0)
        before, after = score(scenario, plan.owner), score(relaxed, other.owner)
        saved = before.objective - before.terms[UNAVOIDABLE] - after.objective + after.terms[UNAVOIDABLE]
        price = price_of_rule(scenario, plan, name, gap=0.0)
        assert price.estimate == pytest.approx(saved, abs=1e-6), name
        assert price.estimate >= -1e-6


def test_what_is_not_there_is_said(towns):
    scenario, plan = made(towns)
    with pytest.raises(InputError, match="no such customer"):
        Reasons(scenario, plan).why("X")
    with pytest.raises(InputError, match="no such rule; the scenario has: hours"):
        price_of_rule(scenario, plan, "lock of W1")
    with pytest.raises(InputError) as caught:
        price_of_owner(scenario, plan, "X", "Y")
    assert len(caught.value.problems) == 2


def test_an_impossible_owner_is_said_with_the_rule(towns):
    rule = {"name": "No East", "kind": "never", "customers": ["W3"], "reps": ["East"]}
    towns.settings["rules"] = {"accounts": [rule]}
    scenario, plan = made(towns)
    with pytest.raises(NoPlanExists, match="rep East may not serve customer W3: No East"):
        price_of_owner(scenario, plan, "W3", "East")
    towns.tables["reps"]["hours_per_year"] = ["100", "40"]
    scenario, plan = made(towns)
    with pytest.raises(NoPlanExists, match="with customer W2 at rep East no plan keeps all hard rules"):
        price_of_owner(scenario, plan, "W2", "East")


def test_taking_one_of_two_rules_out_leaves_the_other_as_it_is(towns):
    """Four at most with East, and four at least: the first one binds nothing."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "limits": [
            {"measure": "customers", "reps": ["East"], "at_most": 4},
            {"measure": "customers", "reps": ["East"], "at_least": 4},
        ]
    }
    scenario, plan = made(towns)
    assert price_of_rule(scenario, plan, "limit 1 on customers", gap=0.0).estimate == pytest.approx(
        0.0, abs=1e-6
    )
    assert price_of_rule(scenario, plan, "limit 2 on customers", gap=0.0).estimate > 50


def test_a_plan_that_cannot_be_compared_is_refused(towns):
    scenario = build(towns)
    with pytest.raises(InputError, match="breaks hard rules"):
        price_of_rule(scenario, todays_book(scenario), "hours")
    towns.tables["customers"].loc[0, "owner"] = ""
    scenario = build(towns)
    with pytest.raises(InputError, match="have no rep"):
        price_of_owner(scenario, todays_book(scenario), "W2", "East")
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves"]}
    scenario, plan = made(towns)
    with pytest.raises(InputError, match="no common price"):
        price_of_rule(scenario, plan, "hours")


def test_a_move_that_relieves_a_full_book_breaks_nothing(towns):
    scenario = build(towns)
    (east,) = Reasons(scenario, todays_book(scenario)).why("E1").alternatives  # West has far too much today
    assert east.breaks == {}
