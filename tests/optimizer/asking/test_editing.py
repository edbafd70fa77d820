"""A plan edited by hand, on the two towns."""

import pytest

from optimizer.asking.editing import draft_of
from optimizer.planning import optimize
from optimizer.rivals import todays_book
from optimizer.rules import violations
from optimizer.score import score
from scenarios import InputError, NoPlanExists
from scenarios.building import build

DRIVE = 12 * 2 * 111.195 / 50


def begun(towns):
    scenario = build(towns)
    return scenario, draft_of(scenario, optimize(scenario, gap=0.0))


def test_a_move_has_its_price_at_once(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    scenario, draft = begun(towns)
    moved = draft.move("W2", "East")
    assert moved.cost - draft.cost == pytest.approx(DRIVE + 10, rel=1e-3)
    assert moved.cost == pytest.approx(score(scenario, moved.owner).objective)
    assert moved.broken == ()
    assert moved.totals.loc["East", "hours"] == pytest.approx(48 + DRIVE, rel=1e-3)
    assert moved.owner["W2"] == "East"
    assert draft.owner["W2"] == "West"  # the draft before is as it was


def test_priced_limits_and_budgets_count(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "limits": [{"measure": "customers", "at_most": 3, "price": 7.0}],
        "move_limit": 3,
        "move_price": 11.0,
        "fairness": [{"measure": "potential", "notion": "gini", "price": 100.0}],
    }
    scenario, draft = begun(towns)
    moved = draft.move("W2", "East")
    assert moved.cost == pytest.approx(score(scenario, moved.owner).objective)
    assert draft.cost == pytest.approx(score(scenario, draft.owner).objective)


def test_what_breaks_is_said_as_the_checks_say_it(towns):
    towns.settings["rules"] = {"move_limit": 3}
    scenario, draft = begun(towns)
    moved = draft.move("W2", "East")
    assert {broken.limit for broken in moved.broken} == {"hours", "moves"}
    assert {v.rule for v in violations(scenario, moved.as_plan())} == {"hours", "moves"}
    (hours,) = (broken for broken in moved.broken if broken.limit == "hours")
    assert (hours.rep, hours.amount) == ("East", pytest.approx(48 + DRIVE - 100, rel=1e-2))


def test_a_family_moves_together(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["family"] = ["f", "", "f", "", "", ""]
    _, draft = begun(towns)
    assert draft.move("W1", "East").owner[["W1", "W3"]].tolist() == ["East", "East"]


def test_a_swap_that_helps_is_suggested(towns):
    """Three customers a book at most, at a price of 1,000: for W1 one of the East must come back."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"limits": [{"measure": "customers", "at_most": 3, "price": 1000.0}]}
    scenario, draft = begun(towns)
    moved = draft.move("W1", "East")
    swaps = moved.swaps("W1")
    assert [swap.customer for swap in swaps] == ["E3", "E2", "E1"]  # today's owner of all is West
    best = moved.move(swaps[0].customer, swaps[0].rep)
    assert best.cost - moved.cost == pytest.approx(swaps[0].price)
    assert best.cost == pytest.approx(score(scenario, best.owner).objective)
    assert draft.swaps("W1") == ()


def test_the_rest_is_planned_around_what_was_decided(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"limits": [{"measure": "customers", "at_most": 3}]}
    scenario, draft = begun(towns)
    moved = draft.move("W1", "East")
    assert moved.broken
    plan = moved.finished(gap=0.0)
    assert plan.owner["W1"] == "East"
    assert violations(scenario, plan) == []
    assert plan.result is not None
    assert plan.result.objective == pytest.approx(score(scenario, plan.owner).objective)
    assert (plan.owner == "East").sum() == 3


def test_what_cannot_be_is_refused_with_its_rule(towns):
    rule = {"name": "No East", "kind": "never", "customers": ["W3"], "reps": ["East"]}
    towns.settings["rules"] = {"accounts": [rule], "move_limit": 3}
    scenario, draft = begun(towns)
    with pytest.raises(InputError, match="East may not serve W3 by No East"):
        draft.move("W3", "East")
    with pytest.raises(InputError) as caught:
        draft.move("X", "Y")
    assert len(caught.value.problems) == 2
    towns.tables["customers"].loc[0, "owner"] = ""
    scenario = build(towns)
    with pytest.raises(InputError, match="no rep"):
        draft_of(scenario, todays_book(scenario))


def test_moves_that_no_plan_can_hold_are_said(towns):
    towns.tables["reps"]["hours_per_year"] = ["100", "40"]
    _, draft = begun(towns)
    with pytest.raises(NoPlanExists, match="hours of East"):
        draft.move("W1", "East").settle()


def test_a_plan_moves_a_customer(towns):
    plan = optimize(build(towns))
    assert plan.move("W1", "East").owner["W1"] == "East"
    assert plan.owner["W1"] == "West"
    assert plan.move("W1", "East").result is None


def test_what_lies_outside_a_limit_says_which_way_and_at_what_price(towns):
    """Three customers at least with West at 7 each, four hours at most with East, hard."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "limits": [
            {"name": "some", "measure": "customers", "reps": ["West"], "at_least": 3, "price": 7.0},
            {"name": "few", "measure": "customers", "reps": ["East"], "at_most": 3},
        ]
    }
    _, draft = begun(towns)
    moved = draft.move("W1", "East")
    assert [str(b) for b in moved.broken] == ["few of East: 4.0, 1.0 over the limit of 3.0"]
    (some,) = moved.outside
    assert str(some) == "some of West: 2.0, 1.0 short of the least of 3.0"
    assert some.price == 7.0
    assert draft.outside == ()


def test_goals_in_strict_order_are_held_around_the_moves(towns):
    """Moves come first: with W1 at East by hand, one customer moves and no other."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves"]}
    scenario, draft = begun(towns)
    assert draft.goals["moves"] == 0
    plan = draft.move("W1", "East").finished(gap=0.0)
    assert plan.owner.to_dict() == dict.fromkeys(scenario.customers.index, "West") | {"W1": "East"}
    assert plan.result is not None
    assert plan.result.log[0].startswith("1. moves: 1")
    assert draft_of(scenario, plan).goals["moves"] == 1
