"""`evenfield moves`: who changes hands between today's book and a plan, or two plans."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from evenfield.moves import held_before, moved_customers, moves_words, save_moves
from optimizer import optimize, todays_book
from scenarios import write
from scenarios.building import build

DRIVE = 12 * 2 * 111.195 / 50


@pytest.fixture
def plan(run, towns, tmp_path):
    """Make a plan of two towns, all of whom West has today; E1 is for East alone."""
    towns.tables["customers"]["name"] = ["海尔集团", "", "", "", "", ""]
    towns.settings["rules"] = {
        "accounts": [{"name": "E1 for East", "kind": "only", "customers": ["E1"], "reps": ["East"]}]
    }
    code, _, err = run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    assert code == 0, err
    return tmp_path / "made"


def test_a_plan_against_todays_book(run, plan):
    code, out, err = run("moves", plan, "--json")
    words = json.loads(out)
    assert code == 0, err
    assert (words["from"], words["moved"], words["sales_moved"]) == ("today's book", 3, 120)
    moves = {move["customer"]: move for move in words["moves"]}
    assert set(moves) == {"E1", "E2", "E3"}
    assert next(iter(moves)) == "E1"  # of most sales
    assert moves["E1"]["why"] == "West may not serve it: E1 for East"
    assert moves["E1"]["price"] is None
    # Staying costs the drive less what is at risk: 200 x .1 x .5. The hours are short by more of both.
    assert moves["E2"]["price"] >= DRIVE - 10 - 1e-6
    assert moves["E2"]["why"].startswith("to stay with West would cost $")
    assert moves["E2"]["hours_before"] == pytest.approx(12 + DRIVE, rel=1e-2)
    assert moves["E2"]["hours"] == pytest.approx(12)
    table = pd.read_csv(plan / "moves" / "moves.csv")
    assert table["customer"].tolist() == list(moves)
    assert json.loads((plan / "moves" / "moves.json").read_text(encoding="utf-8")) == words


def test_two_plans(run, plan, tmp_path):
    run("edit", plan, "--move", "W1=East", "--out", tmp_path / "other")
    code, out, _ = run("moves", tmp_path / "other", "--from", plan)
    assert code == 0
    assert "1 of 6 customers change hands" in out
    assert "海尔集团" in out
    assert (tmp_path / "other" / "moves-from-made" / "moves.html").is_file()
    assert run("moves", plan, "--from", "nowhere")[0] == 2
    code, _, err = run("moves", tmp_path / "two_towns")
    assert code == 2
    assert "this is a scenario, not a plan" in err


def test_the_page_opens_offline_and_speaks_both_languages(run, plan):
    run("edit", plan, "--move", "W1=East", "--language", "zh")
    page = (plan.parent / "made-edited" / "moves.html").read_text(encoding="utf-8")
    assert "海尔集团" in page
    assert '<html lang="zh">' in page
    assert "6 个客户中有 1 个" in page
    assert "人工指定" in page
    run("moves", plan)
    page = (plan / "moves" / "moves.html").read_text(encoding="utf-8")
    assert "3 of 6 customers have another rep with the plan than with today" in page
    assert page.count('data-for="plot-map-') == 2
    head = page[: page.index("<style>")]
    assert "default-src 'none'" in head
    assert "src=" not in head


def test_customers_without_a_place_are_on_no_map(towns, tmp_path):
    scenario = build(towns)
    plan, today = optimize(scenario, gap=0.0), todays_book(scenario).owner
    for missing, said in ((["E1"], "1 customers have no place"), (None, "There is no map: no customer has")):
        customers = scenario.customers.copy()
        customers.loc[missing or customers.index, ["latitude", "longitude"]] = np.nan
        table = moved_customers(scenario, plan, today)
        placeless = scenario.replace(customers=customers)
        words = moves_words(placeless, table, "a", "b")
        page = save_moves(tmp_path, placeless, plan, today, words, table)
        assert said in page.read_text(encoding="utf-8")


def test_who_was_no_rep_and_who_had_none_are_said(towns):
    scenario = build(towns)
    plan = optimize(scenario, gap=0.0)
    before = plan.owner.copy()
    before[["W1", "W2"]] = ["", "gone"]
    why = moved_customers(scenario, plan, before).set_index("customer")["why"]
    assert why.to_dict() == {"W1": "it had no owner", "W2": "gone is no rep of this scenario"}
    assert moved_customers(scenario, plan, plan.owner).empty


def test_parts_of_a_customer_are_not_taken_for_nobody(run, towns, tmp_path):
    """E1 is in two parts, 30 with Fay and 70 with Will, W1 in two with Will alone; then both are whole."""
    towns.tables["reps"] = towns.tables["reps"].assign(name=["Will", "Fay"])
    whole = build(towns)
    parts = whole.customers.set_axis(["W1|a", "W1|b", "W2", "E1|a", "E1|b", "E3"])
    parts = parts.assign(part_of=["W1", "W1", "", "E1", "E1", ""], potential=[50.0, 50, 100, 30, 70, 100])
    split = dataclasses.replace(whole, customers=parts)
    had = pd.Series(["West", "West", "West", "East", "West", "East"], index=parts.index)
    held = held_before(whole, split, had)
    assert held[["W1", "W2", "E1", "E3"]].tolist() == ["West", "West", "West;East", "East"]
    # The other way round a part had the rep of the whole.
    owner = pd.Series(["West", "East"], index=["W1", "E1"])
    assert held_before(split, whole, owner).to_dict() == {
        "W1|a": "West", "W1|b": "West", "W2": "", "E1|a": "East", "E1|b": "East", "E3": "",
    }  # fmt: skip
    plan = optimize(whole, gap=0.0)
    for language, why in (
        ("en", "its parts were with Will and Fay, now it is whole"),
        ("zh", "各部分原由 Will、Fay 负责，现合为一个客户"),
    ):
        table = moved_customers(whole, plan, held, language=language, others=split.reps["name"])
        row = table.set_index("customer").loc["E1"]
        assert (row["from"], row["why"]) == ("West;East", why)
    page = save_moves(tmp_path, whole, plan, held, moves_words(whole, table, "a", "b"), table)
    assert "the first map shows who had the largest part" in page.read_text(encoding="utf-8")
