"""What owners and rules cost, on the two towns."""

import itertools
from dataclasses import replace

import pandas as pd
import pytest

from optimizer.asking.editing import draft_of
from optimizer.asking.prices import price_of_owner, price_of_rule
from optimizer.asking.reasons import Reasons
from optimizer.asking.relaxing import rule_names, without
from optimizer.planning import optimize
from optimizer.rivals import todays_book
from optimizer.score import UNAVOIDABLE, score
from optimizer.trading.tradeoffs import trade_offs
from scenarios import InputError, NoPlanExists
from scenarios.building import build

# West to East: 53.4 h a year at 1 an hour.
DRIVE = 12 * 2 * 111.195 / 50


def made(towns):
    scenario = build(towns)
    return scenario, optimize(scenario, gap=0.0)


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


def test_in_strict_order_an_owner_has_a_price_in_every_goal(towns):
    """Moves come first, so all stay in the West. With E1 at East one moves: a drive of 53.4 is spared, and
    100 x .1 x .5 is at risk."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves", "travel"]}
    scenario, plan = made(towns)
    assert set(plan.owner) == {"West"}
    price = price_of_owner(scenario, plan, "E1", "East", gap=0.0)
    assert [(goal.goal, goal.unit) for goal in price.goals] == [
        ("moves", "customers"), ("travel", "money"), ("the weighted sum", "money"),
    ]  # fmt: skip
    moves, travel, whole = price.goals
    assert (moves.with_it, moves.without) == (1, 0)
    assert travel.change == pytest.approx(-DRIVE, rel=1e-3)
    assert price.estimate == whole.change == pytest.approx(5 - DRIVE, rel=1e-3)
    assert (price.least, price.most, price.moved) == (None, None, 1)


def test_in_strict_order_a_rule_has_a_price_in_every_goal(towns):
    """The rule makes E1 and E2 move, though moves come first."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    rule = {"name": "to East", "kind": "only", "customers": ["E1", "E2"], "reps": ["East"]}
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves"], "accounts": [rule]}
    scenario, plan = made(towns)
    price = price_of_rule(scenario, plan, "to East", gap=0.0)
    moves, whole = price.goals
    assert (moves.with_it, moves.without, moves.change) == (2, 0, 2)
    assert whole.change == pytest.approx(5 + 10 - 2 * DRIVE, rel=1e-3)


def test_balance_in_strict_order_counts_what_its_rules_cost(towns):
    """Two books of three are even; four and two cost 2 x 7."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    even = {"measure": "customers", "tolerance": 0.0, "price": 7.0}
    towns.settings["rules"] = {
        "objective": "priority",
        "priority": ["balance"],
        "balance": [even],
        "move_limit": 2,
    }
    scenario, plan = made(towns)
    assert price_of_rule(scenario, plan, "moves", gap=0.0).goals[0].change == pytest.approx(14.0)


def test_what_is_nearly_there_is_suggested(towns):
    towns.tables["customers"]["name"] = ["Bäcker", "Haier", "", "", "", ""]
    towns.settings["rules"] = {"limits": [{"name": "rich West", "measure": "potential", "at_least": 1}]}
    scenario, plan = made(towns)
    with pytest.raises(InputError, match="did you mean rich West"):
        price_of_rule(scenario, plan, "rich west")
    with pytest.raises(InputError) as caught:
        price_of_owner(scenario, plan, "haier", "Eastt")
    assert [problem.remedy.partition("; ")[2] for problem in caught.value.problems] == [
        "did you mean W2?",
        "did you mean East or West?",
    ]


def test_an_estimate_lies_between_its_bounds_whatever_rounding_says(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    scenario, plan = made(towns)
    assert plan.result is not None
    plan = replace(plan, result=replace(plan.result, bound=plan.result.objective + 1e-9))
    price = price_of_owner(scenario, plan, "W1", plan.owner["W1"], gap=0.0)
    assert price.least <= price.estimate <= price.most


def least_cost_by_brute_force(scenario, customer=None, rep=None):
    books = (
        pd.Series(reps, scenario.customers.index)
        for reps in itertools.product(scenario.reps.index, repeat=len(scenario.customers))
    )
    return min(score(scenario, owner).objective for owner in books if rep in (None, owner.get(customer)))


def test_a_price_is_right_from_a_plan_whose_bound_is_about_some_plans_only(towns):
    """A compromise between goals, and a plan around moves by hand: neither bound is that of all 64 books."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["potential"] = ["100", "50", "30", "900", "700", "300"]
    scenario, best = made(towns)
    true = least_cost_by_brute_force(scenario, "W2", "East") - least_cost_by_brute_force(scenario)
    points = trade_offs(scenario, ["balance", "value"], points=4).points
    edited = draft_of(scenario, best).move("W3", "East").finished(gap=0.0)
    for plan in (edited, *(point.plan for point in points)):
        price = price_of_owner(scenario, plan, "W2", "East", gap=0.0)
        assert price.least - 1e-6 <= true <= price.most + 1e-6
    assert edited.result.within == "keeps the moves made by hand"
    assert {point.plan.result.within for point in points} == {"stands as well in balance"}
    assert draft_of(scenario, best).finished(gap=0.0).result.within == ""
