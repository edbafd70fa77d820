"""Trade-offs of the two towns, against all 64 books judged from the tables."""

import itertools
from dataclasses import replace

import pandas as pd
import pytest

from optimizer import todays_book, violations
from optimizer.compiling.shares import fair_shares
from optimizer.score import measured, moved, score
from optimizer.trading.tradeoffs import goals_in_order, trade_offs
from scenarios import InputError, read
from scenarios.building import build


@pytest.fixture
def roomy(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["potential"] = ["100", "250", "300", "120", "210", "330"]
    return build(towns)


KNOWN = {}
"""Books by digest: judged once for all tests of the same scenario."""


def all_books(scenario):
    if scenario.digest not in KNOWN:
        KNOWN[scenario.digest] = list(judged(scenario))
    return KNOWN[scenario.digest]


def judged(scenario, measure="potential"):
    shares = fair_shares(scenario, measure)
    for reps in itertools.product(scenario.reps.index, repeat=len(scenario.customers)):
        owner = pd.Series(reps, index=scenario.customers.index)
        book = replace(todays_book(scenario), owner=owner)
        if not [v for v in violations(scenario, book) if v.rule != "quotas"]:
            terms = score(scenario, owner).terms
            yield {
                "balance": float(((measured(scenario, measure, owner) - shares).abs() / shares).max()),
                "moves": float(moved(scenario, owner).sum()),
                "disruption": terms["disruption"],
                "travel": terms["travel"],
                "value": sum(terms.values()),
            }


@pytest.mark.parametrize(
    "over",
    [
        *("balance,moves", "balance,travel", "balance,disruption", "balance,value"),
        *("moves,travel", "moves,disruption", "moves,value"),
        *("travel,disruption", "travel,value", "disruption,value"),
        *("balance,moves,travel", "moves,travel,disruption", "balance,travel,value"),
    ],
)
def test_points_are_on_the_front_and_their_figures_from_the_tables(roomy, over):
    names = goals_in_order(over.split(","))
    found = trade_offs(roomy, over.split(","), points=8)
    places = {tuple(round(book[name], 6) for name in names) for book in all_books(roomy)}
    front = {
        p
        for p in places
        if not any(o != p and all(a <= b for a, b in zip(o, p, strict=True)) for o in places)
    }
    at = [tuple(round(point.figures[name], 6) for name in names) for point in found.points]
    assert set(at) <= front
    assert len(at) == len(set(at))
    if len(names) == 2 and len(front) <= 8:
        assert set(at) == front
    for point in found.points:
        assert point.bound == pytest.approx(point.figures[names[-1]], abs=1e-3)
        assert not violations(roomy, point.plan)
        assert point.plan.result.objective == pytest.approx(point.figures["value"])
        assert point.plan.quota.to_numpy().sum() == roomy.target_amount


def test_balance_is_gained_customer_by_customer(towns):
    # All six are West's. Each customer that goes to East brings the books nearer to 600 : 600.
    towns.tables["reps"]["hours_per_year"] = "1000"
    scenario = build(towns)
    found = trade_offs(scenario, ["balance", "moves"], points=8)
    assert {(p.figures["moves"], round(p.figures["balance"], 9)) for p in found.points} == {
        (0, 1.0),
        (1, 0.5),  # 900 : 300
        (2, 0.0),  # 600 : 600, both customers of 300
    }
    assert [step["per_customer"] for step in found.per_move] == pytest.approx([0.5, 0.5])
    assert found.today == {
        "balance": 1.0,
        "moves": 0.0,
        "disruption": 0.0,
        "travel": pytest.approx(score(scenario, scenario.customers["owner"]).terms["travel"]),
        "value": pytest.approx(score(scenario, scenario.customers["owner"]).objective),
    }
    assert (found.best["balance"].reached, found.best["balance"].bound) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_the_price_of_fairness_is_what_the_fairest_costs_above_the_cheapest(roomy):
    found = trade_offs(roomy, ["balance", "travel"], points=8)
    travel = {round(p.figures["balance"], 9): p.figures["travel"] for p in found.points}
    least = min(travel.values())
    assert least == pytest.approx(0.0)  # everybody at home
    assert found.price_of_fairness is None  # nothing can be told above nothing
    priced = trade_offs(roomy, ["balance", "value"], points=8)
    value = {p.figures["balance"]: p.figures["value"] for p in priced.points}
    least = min(value.values())
    expected = None if least <= 0 else (value[min(value)] - least) / least
    assert priced.price_of_fairness == (None if expected is None else pytest.approx(expected))


def test_rules_of_the_scenario_hold_and_a_measure_can_be_named(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["lock"] = ["", "", "", "yes", "", ""]
    towns.settings["rules"] = {
        "move_limit": 2,
        "balance": [{"measure": "hours", "tolerance": 0.5, "price": 1.0}],
        "fairness": [{"measure": "customers", "notion": "maximum deviation", "price": 5.0}],
    }
    scenario = build(towns)
    assert trade_offs(scenario, ["balance", "travel"], points=3).measure == "hours"
    found = trade_offs(scenario, ["balance", "travel"], measure="customers", points=5)
    assert found.points
    for point in found.points:
        assert point.figures["moves"] <= 2
        assert point.plan.owner["E1"] == "West"


def test_goals_are_two_or_three_of_the_known_ones():
    assert goals_in_order(["travel", " balance"]) == ("balance", "travel")
    for wrong in (
        ["balance"],
        ["balance", "luck"],
        ["moves", "moves"],
        ["balance", "moves", "travel", "value"],
    ):
        with pytest.raises(InputError):
            goals_in_order(wrong)


def test_a_rep_without_a_share_is_named(towns):
    towns.tables["reps"]["end"] = ["", "2020-01-01"]
    towns.tables["reps"]["backfill"] = "no"
    towns.tables["reps"]["hours_per_year"] = "1000"
    with pytest.raises(InputError, match="no fair share of potential"):
        trade_offs(build(towns), ["balance", "moves"])
    assert trade_offs(build(towns), ["moves", "travel"], points=3).points


def test_the_teaching_case_has_one_plan_as_even_and_cheap_as_can_be():
    found = trade_offs(read("two_towns"), ["balance", "travel"], points=4)
    assert [(p.figures["balance"], p.figures["travel"]) for p in found.points] == [(0.0, 0.0)]
    assert found.today_breaks == ("hours: rep west needs 240 hours, 120 are allowed",)


def test_points_where_specialists_run_over_say_so(towns):
    """Each town's specialist has hours for three customers at home: two visits of an hour each, 6 in all."""
    towns.tables["customers"]["potential"] = ["100", "50", "30", "900", "700", "300"]
    towns.tables["customers"]["owner"] = ["West"] * 3 + ["East"] * 3
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["specialists"] = pd.DataFrame(
        {
            "specialist": ["Sam", "Eva"],
            "overlay": ["Pumps"] * 2,
            "latitude": ["0", "0"],
            "longitude": ["0", "1"],
            "hours_per_year": ["6", "6"],
        },
        dtype="str",
    )
    towns.settings["overlays"] = {
        "teams": [{"name": "Pumps", "visits_per_year": 2.0, "hours_per_visit": 1.0}]
    }
    scenario = build(towns)
    found = trade_offs(scenario, ["balance", "value"], points=4)
    for point in found.points:
        at_home = (point.plan.owner == scenario.customers["owner"]).all()
        assert (point.breaks == ()) == at_home
        assert all(words.startswith("overlay Pumps: ") and "hours" in words for words in point.breaks)
    assert any(point.breaks for point in found.points)
    assert any(not point.breaks for point in found.points)
