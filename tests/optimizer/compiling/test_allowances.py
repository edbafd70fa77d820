"""Pay for uneven territories, on the two towns: make them equal, or pay the difference?"""

import pytest

from optimizer.planning import optimize
from optimizer.rules import violations
from optimizer.score import loads, score, territory_allowances
from scenarios import InputError
from scenarios.building import build

# West to East: 111.2 km at 50 km/h, there and back, twelve times a year at 1 an hour.
YEAR_ON_THE_ROAD = 12 * 2 * 111.195 / 50  # 53.4 hours


def uneven(towns, *rules):
    """Give Westham 900 of potential, Eastham 300; each rep has its town today and room for all."""
    towns.tables["customers"]["potential"] = ["300", "300", "300", "100", "100", "100"]
    towns.tables["customers"]["owner"] = ["West"] * 3 + ["East"] * 3
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["allowances"] = {"rules": list(rules)}
    return build(towns)


def for_potential(rate, **more):
    return {"name": "thin soil", "measure": "potential", "rate": rate, "in_cost": True, **more}


def test_the_difference_is_paid_where_that_is_cheaper(towns):
    # Fair are 600 each: East lacks 300. At .2 that is 60 a year. Giving East a customer of 300 would cost
    # 300 x .1 x .5 = 15 of lost sales and 53.4 of travel: 68.4.
    scenario = uneven(towns, for_potential(0.2))
    plan = optimize(scenario, gap=0.0)
    assert (plan.owner == scenario.customers["owner"]).all()
    assert territory_allowances(scenario, plan.owner)["thin soil"].to_dict() == pytest.approx(
        {"West": 0.0, "East": 60.0}
    )
    assert score(scenario, plan.owner).terms["thin soil"] == pytest.approx(60.0)
    assert plan.result.objective == pytest.approx(60.0)
    assert violations(scenario, plan) == []


def test_territories_are_made_equal_where_that_is_cheaper(towns):
    scenario = uneven(towns, for_potential(0.3))  # 90 a year against 68.4
    plan = optimize(scenario, gap=0.0)
    assert (plan.owner[["W1", "W2", "W3"]] == "East").sum() == 1
    assert plan.result.objective == pytest.approx(15 + YEAR_ON_THE_ROAD, abs=1e-3)
    assert loads(scenario, plan.owner)["allowance"].sum() == 0.0


def test_who_drives_is_paid_too(towns):
    # At half of what an hour costs for each hour above what is usual (none: everybody has a rep next door),
    # evening out costs 68.4 + 26.7 = 95.1, more than 90.
    ways = {"measure": "travel", "rate": 0.5, "in_cost": True}
    scenario = uneven(towns, for_potential(0.3), ways)
    plan = optimize(scenario, gap=0.0)
    assert plan.result.objective == pytest.approx(90.0)
    moved = plan.move("W1", "East")
    paid = territory_allowances(scenario, moved.owner)
    assert paid["allowance for travel"].to_dict() == pytest.approx(
        {"West": 0.0, "East": YEAR_ON_THE_ROAD / 2}, abs=1e-3
    )
    assert score(scenario, moved.owner).objective == pytest.approx(15 + 1.5 * YEAR_ON_THE_ROAD, abs=1e-2)


def test_what_is_only_shown_changes_no_plan(towns):
    scenario = uneven(towns, for_potential(1.0, in_cost=False))
    plan = optimize(scenario, gap=0.0)
    assert plan.result.objective == pytest.approx(0.0, abs=1e-6)
    assert "thin soil" not in score(scenario, plan.owner).terms
    assert loads(scenario, plan.owner)["allowance"].to_dict() == pytest.approx({"West": 0.0, "East": 300.0})


def test_some_may_be_missing_and_some_hours_are_free(towns):
    scenario = uneven(
        towns,
        for_potential(1.0, tolerance=0.25),
        {"measure": "travel", "rate": 2.0, "free_hours": 50.0},
    )
    owner = scenario.customers["owner"].copy()
    owner["W1"] = "East"
    paid = territory_allowances(scenario, owner)
    assert paid["thin soil"].sum() == 0.0  # 600 each
    assert paid["allowance for travel"].to_dict() == pytest.approx(
        {"West": 0.0, "East": 2 * (YEAR_ON_THE_ROAD - 50)}, abs=1e-2
    )
    kept = territory_allowances(scenario, scenario.customers["owner"])
    assert kept["thin soil"].to_dict() == pytest.approx({"West": 0.0, "East": 0.75 * 600 - 300})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"measure": "potential", "rate": 1.0, "free_hours": 3.0}, "free_hours is for travel"),
        ({"measure": "travel", "rate": 1.0, "tolerance": 0.3}, "tolerance is for potential"),
        ({"measure": "travel", "rate": 1.0, "name": "moves"}, "a rule has this name already"),
    ],
)
def test_allowances_that_make_no_sense_are_refused(towns, rule, said):
    with pytest.raises(InputError, match=said):
        uneven(towns, rule)
