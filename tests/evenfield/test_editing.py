"""`evenfield edit`: what a move does, on the command line."""

import json

import pytest

from scenarios import write
from scenarios.building import build


@pytest.fixture
def plan(run, towns, tmp_path):
    towns.settings["rules"] = {"limits": [{"measure": "customers", "at_most": 4, "price": 5.0}]}
    code, _, err = run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    assert code == 0, err
    return tmp_path / "made"


def test_a_move_is_shown_and_saved(run, plan, tmp_path):
    code, out, err = run("edit", plan, "--move", "W2=East", "--json")
    words = json.loads(out)
    assert code == 0
    assert words["price"] == pytest.approx(63.4, abs=0.1)
    # 4 x 12 h of calls and a drive of 53.4 h
    assert words["violations"] == ["hours of East: 101.4, 1.4 over the limit of 100.0"]
    assert {book["rep"] for book in words["books"]} == {"East", "West"}
    assert "Saved in" in err
    code, out, _ = run("edit", plan, "--move", "W2=East")
    assert "Price of the moves alone: $63 a year." in out
    assert "Breaks the hard limit hours of East: 101.4, 1.4 over the limit of 100.0" in out
    code, out, _ = run("explain", tmp_path / "made-edited", "--customer", "W1", "--json")
    assert code == 0


def test_the_rest_is_planned_anew(run, plan, tmp_path):
    code, out, _ = run("edit", plan, "--move", "W2=East", "--solve", "--out", tmp_path / "new", "--json")
    words = json.loads(out)
    assert code == 0
    assert words["solved"]["violations"] == []
    assert words["objective"] == pytest.approx(words["solved"]["objective"])
    # East has hours for four of whom one drives, if one of its own goes: that one is said.
    assert set(words["changed"].values()) <= {"West"}
    assert "W2" not in words["changed"]
    assert words["changed"]
    code, out, _ = run("edit", tmp_path / "new", "--move", "W2=West", "--json")
    assert json.loads(out)["price"] < 0


@pytest.mark.parametrize(
    ("move", "said"),
    [("W2", "write it as CUSTOMER=REP"), ("X=East", "no such customer"), ("W2=X", "no such rep")],
)
def test_what_cannot_be_moved_is_said(run, plan, move, said):
    code, _, err = run("edit", plan, "--move", move)
    assert code == 2
    assert said in err
