"""Who serves whom, on the two towns: every answer can be found by hand."""

import pytest

from optimizer.planning import optimize
from optimizer.rules import violations
from optimizer.territories import assign_customers
from scenarios import NoPlanExists
from scenarios.building import build

# West to East: 111.2 km at 50 km/h, there and back for each visit: 4.448 h; 12 visits a year: 53.4 h.
ROUND_TRIP = 2 * 111.195 / 50


def test_each_town_is_served_by_its_own_rep(towns):
    owner, result = assign_customers(build(towns))
    assert owner.to_dict() == {
        "W1": "West",
        "W2": "West",
        "W3": "West",
        "E1": "East",
        "E2": "East",
        "E3": "East",
    }
    # Everybody has the best there is: moving an East customer loses 5 to 15, driving to it would lose 53.
    assert result.objective == pytest.approx(0.0, abs=1e-6)
    assert result.bound == pytest.approx(0.0, abs=1e-6)
    assert result.status == "optimal"


def test_a_costly_move_is_not_made(towns):
    towns.settings["market"]["relationship_risk"] = 1.0
    towns.tables["customers"]["potential"] = ["100", "200", "300", "100000", "50", "50"]
    towns.tables["reps"].loc[0, "hours_per_year"] = "1000"
    owner, _ = assign_customers(build(towns))
    assert owner["E1"] == "West"  # moving would lose 50,000, driving costs 53
    assert owner["E2"] == "East"  # moving loses 25


def test_capacity_is_hard(towns):
    towns.tables["reps"]["hours_per_year"] = ["24", "400"]  # West has time for two customers at home
    owner, _ = assign_customers(build(towns))
    assert (owner == "West").sum() == 2
    assert (owner[["E1", "E2", "E3"]] == "East").all()


def test_no_plan_is_explained_in_hours(towns):
    towns.tables["reps"]["hours_per_year"] = ["24", "30"]
    with pytest.raises(NoPlanExists) as caught:
        assign_customers(build(towns))
    assert "hours: in all 72 would be needed, 54 are allowed" in caught.value.reasons


def test_a_customer_nobody_may_serve_is_named(towns):
    towns.tables["customers"]["region"] = ["North"] * 5 + ["Moon"]
    towns.tables["reps"]["regions"] = ["North", "North;South"]
    towns.settings["rules"] = {"eligibility": [{"customer": "region", "rep": "regions"}]}
    with pytest.raises(NoPlanExists, match=r"no rep may serve 1 of 6 customers by eligibility .*: E3"):
        assign_customers(build(towns))


def test_eligibility_is_kept(towns):
    towns.tables["customers"]["segment"] = ["Big", "Small"] * 3
    towns.tables["reps"]["segments"] = ["Small", "Big;Huge"]
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"eligibility": [{"customer": "segment", "rep": "segments"}]}
    owner, _ = assign_customers(build(towns))
    assert owner.to_dict() == {
        "W1": "East",
        "W2": "West",
        "W3": "East",
        "E1": "West",
        "E2": "East",
        "E3": "West",
    }


def test_families_stay_together(towns):
    towns.tables["customers"]["family"] = ["", "", "Smith", "Smith", "Smith", ""]
    towns.tables["reps"]["hours_per_year"] = "1000"
    owner, _ = assign_customers(build(towns))
    assert owner["W3"] == owner["E1"] == owner["E2"] == "East"  # two of the three live there


def test_a_locked_customer_stays(towns):
    towns.tables["customers"]["lock"] = ["", "", "", "", "yes", ""]
    towns.tables["reps"]["hours_per_year"] = "1000"
    owner, _ = assign_customers(build(towns))
    assert owner["E2"] == "West"
    assert owner["E3"] == "East"


def test_moves_are_limited(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"move_limit": 1}
    scenario = build(towns)
    plan = optimize(scenario)
    assert (plan.owner == "East").sum() == 1
    assert violations(scenario, plan) == []


def test_balance_is_bought_at_its_price(towns):
    # West has room for nobody else's customers; potential 600 : 600 is even already, 500 : 700 is not.
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"balance": [{"measure": "potential", "tolerance": 0.0, "price": 10.0}]}
    towns.tables["customers"]["potential"] = ["100", "100", "100", "100", "100", "300"]
    owner, result = assign_customers(build(towns))
    # Fair is 400 each: West needs one East customer of 100. Driving there costs 53, imbalance 2,000.
    assert owner[["W1", "W2", "W3"]].tolist() == ["West"] * 3
    assert (owner == "West").sum() == 4
    assert owner["E3"] == "East"
    # Moving it would have lost 5: 100 of potential, 10 % at risk, 50 % margin.
    assert result.objective == pytest.approx(12 * ROUND_TRIP - 5, rel=1e-3)


def test_a_cheap_balance_is_not_worth_the_drive(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"balance": [{"measure": "potential", "tolerance": 0.0, "price": 0.01}]}
    towns.tables["customers"]["potential"] = ["100", "100", "100", "100", "100", "300"]
    owner, result = assign_customers(build(towns))
    assert (owner == "East").sum() == 3
    assert result.objective == pytest.approx(2 * 100 * 0.01)  # 300 : 500 against 400 : 400


def test_hard_balance_has_no_price(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"balance": [{"measure": "customers", "tolerance": 0.0, "hard": True}]}
    towns.tables["customers"] = towns.tables["customers"].iloc[:5]
    towns.tables["history"] = towns.tables["history"].iloc[:1]
    with pytest.raises(NoPlanExists) as caught:  # five customers cannot be halved
        assign_customers(build(towns))
    assert any(reason.startswith("balance of customers: rep") for reason in caught.value.reasons)


def test_more_freedom_never_makes_the_best_plan_worse(towns):
    """More moves, more of the hours, a wider tolerance: each can only help."""
    balance = {"measure": "potential", "tolerance": 0.1, "price": 2.0}
    towns.settings["rules"] = {"balance": [balance], "move_limit": 1, "utilization_limit": 2.1}
    best = [assign_customers(build(towns), gap=0.0)[1].objective]
    for freedom in (
        {"move_limit": 2},
        {"utilization_limit": 3.0},
        {"balance": [balance | {"tolerance": 0.4}]},
    ):
        towns.settings["rules"] |= freedom
        best.append(assign_customers(build(towns), gap=0.0)[1].objective)
    assert best == sorted(best, reverse=True)
    assert best[0] > best[-1]
