"""Why a customer has its rep, and what rules cost, on the two towns."""

import numpy as np
import pandas as pd
import pytest

from optimizer.asking.editing import draft_of
from optimizer.asking.prices import price_of_owner
from optimizer.asking.reasons import Reasons
from optimizer.planning import optimize
from optimizer.rivals import todays_book
from scenarios import InputError
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
    assert east.breaks == ()


def test_a_full_book_is_said_with_what_is_missing(towns):
    towns.tables["reps"]["hours_per_year"] = ["100", "40"]  # East: 36 of 40 hours are used
    scenario, plan = made(towns)
    (east,) = Reasons(scenario, plan).why("W2").alternatives
    (hours,) = east.breaks
    assert (hours.where, hours.allowed, hours.under) == ("hours of East", 40, False)
    assert hours.amount == pytest.approx(36 + 12 + DRIVE - 40, rel=1e-3)


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
    assert [(b.where, b.amount) for b in west.breaks] == [("hours of West", pytest.approx(12.0))]
    # The drive alone is saved; who would make room for it is not asked.
    assert west.alone == pytest.approx(-DRIVE, rel=1e-3)


@pytest.mark.parametrize("hours", [["1000", "1000"], ["150", "110"]])
def test_no_plan_anew_is_below_what_is_said_for_sure(towns, hours):
    """Every customer to the other rep, planned anew to the end, costs no less than the least that is said."""
    towns.tables["reps"]["hours_per_year"] = hours
    scenario, plan = made(towns)
    reasons = Reasons(scenario, plan)
    for customer in scenario.customers.index:
        for other in reasons.why(customer).alternatives:
            price = price_of_owner(scenario, plan, customer, other.rep, gap=0.0)
            assert other.least <= price.estimate + 1e-6
            assert other.least <= other.cost + 1e-6


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


def test_a_move_that_relieves_a_full_book_breaks_nothing(towns):
    scenario = build(towns)
    (east,) = Reasons(scenario, todays_book(scenario)).why("E1").alternatives  # West has far too much today
    assert east.breaks == ()


def test_todays_owner_is_among_the_alternatives_however_dear(towns):
    """E1 goes to one of three in the East: two others are nearer than West, who has it today."""
    east = towns.tables["reps"].iloc[[1, 1]].assign(rep=["East 2", "East 3"])
    towns.tables["reps"] = pd.concat([towns.tables["reps"], east], ignore_index=True)
    towns.tables["reps"]["hours_per_year"] = "1000"
    scenario, plan = made(towns)
    assert plan.owner["E1"] != "West"
    reps = [other.rep for other in Reasons(scenario, plan).why("E1", most=1).alternatives]
    assert len(reps) == 2
    assert reps[1] == "West"


def test_a_rep_left_out_for_size_is_not_called_forbidden(towns, monkeypatch):
    """Each customer's cheapest and nearest rep alone is kept, and today's: for W1 to W3 East is left out."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    for name, value in (("MANY", 6), ("FEWEST", 1), ("NEAREST", 1)):
        monkeypatch.setattr(f"optimizer.compiling.pairs.{name}", value)
    scenario, plan = made(towns)
    reason = Reasons(scenario, plan).why("W1")
    assert (reason.alternatives, reason.forbidden, reason.left_out) == ((), {}, ("East",))
    with pytest.raises(InputError, match="it may serve W1, but the company is so large"):
        price_of_owner(scenario, plan, "W1", "East")
    with pytest.raises(InputError, match="it may serve W1, but the company is so large"):
        draft_of(scenario, plan).move("W1", "East")


def test_a_family_that_may_not_go_names_the_rule_for_the_others(towns):
    towns.tables["customers"]["family"] = ["f", "f", "", "", "", ""]
    rule = {"name": "No East", "kind": "never", "customers": ["W2"], "reps": ["East"]}
    towns.settings["rules"] = {"accounts": [rule]}
    scenario, plan = made(towns)
    assert Reasons(scenario, plan).why("W1").forbidden == {"East": ("families", "No East")}
    with pytest.raises(InputError, match="East may not serve W1 by families, No East"):
        draft_of(scenario, plan).move("W1", "East")


def test_in_strict_order_a_move_is_said_goal_by_goal(towns):
    """Nobody moves if moves come first; E1 at East would be one, and spare a drive."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves", "travel"]}
    scenario, plan = made(towns)
    (east,) = Reasons(scenario, plan).why("E1").alternatives
    assert east.goals == {"moves": pytest.approx(1.0), "travel": pytest.approx(-DRIVE, rel=1e-3)}
