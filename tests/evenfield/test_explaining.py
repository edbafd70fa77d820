"""`evenfield explain`: reasons in English and Chinese, by name, and prices by planning anew."""

import json

import pytest

from evenfield.reasoning import short_reasons
from optimizer.reasons import Reasons
from scenarios import write
from scenarios.building import build

ACCOUNTS = [
    {"name": "Named: Li", "kind": "only", "customers": ["E1"], "reps": ["West"]},
    {"name": "No East", "kind": "never", "customers": ["W3"], "reps": ["East"]},
]


@pytest.fixture
def plan(run, towns, tmp_path):
    """Make a plan of two towns with names, a named account and a forbidden pair."""
    towns.tables["reps"] = towns.tables["reps"].assign(name=["李伟", "Eve"], hours_per_year="1000")
    towns.settings["rules"] = {"accounts": ACCOUNTS}
    code, _, err = run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    assert code == 0, err
    return tmp_path / "made"


def test_a_customer_is_explained_by_name(run, plan):
    code, out, _ = run("explain", plan, "--customer", "W1")
    assert code == 0
    assert "W1 stays with 李伟." in out
    assert "The next best is Eve" in out
    code, out, _ = run("explain", plan, "--customer", "W1", "--language", "zh")
    assert "W1 仍由 李伟 负责。" in out
    assert "差旅 +$53" in out


def test_json_has_the_keys_scripts_rely_on(run, plan):
    code, out, _ = run("explain", plan, "--customer", "W2", "--json")
    words = json.loads(out)
    assert code == 0
    assert (words["customer"], words["owner"]) == ("W2", "West")
    (east,) = words["alternatives"]
    assert set(east) == {"rep", "cost", "terms", "breaks", "alone"}
    assert east["cost"] == pytest.approx(sum(east["terms"].values()))
    assert words["counterfactual"].startswith("W2 would go to Eve if")


def test_who_may_not_serve_is_said(run, plan):
    _, out, _ = run("explain", plan, "--customer", "W3", "--json")
    words = json.loads(out)
    assert words["forbidden"] == {"East": ["No East"]}
    assert words["counterfactual"] == "Nobody else may serve it."


def test_a_rule_and_an_owner_have_prices(run, plan):
    code, out, _ = run("explain", plan, "--rule", "Named: Li", "--json")
    words = json.loads(out)
    # Served from its own town E1 spares the drive of 53.4 but loses 100 x .1 x .5 by the change.
    assert words["price"] == pytest.approx(53.4 - 5, abs=0.1)
    assert words["least"] <= words["price"] <= words["most"]
    code, out, _ = run("explain", plan, "--customer", "W1", "--rep", "East", "--json")
    words = json.loads(out)
    assert code == 0
    assert words["price"] >= words["alternatives"][0]["cost"] - 1e-6


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ([], 2, "give either --customer or --rule; the rules are: hours, Named: Li, No East"),
        (["--customer", "X"], 2, "no such customer"),
        (["--rule", "X"], 2, "no such rule; the scenario has"),
        (["--customer", "W1", "--rep", "X"], 2, "no such rep"),
        (["--customer", "W3", "--rep", "East"], 3, "rep East may not serve customer W3: No East"),
    ],
)
def test_what_cannot_be_explained_is_said(run, plan, asked, code, said):
    found, _, err = run("explain", plan, *asked)
    assert found == code
    assert said in " ".join(err.split())


def test_the_workbook_column_has_a_reason_for_each(done):
    scenario, plan = done.scenarios["plan"], done.plans["plan"]
    said = short_reasons(scenario, Reasons(scenario, plan))
    assert len(said) == 6
    assert all("a year" in reason for reason in said)
