"""Specialists in every answer: the table of a plan, its JSON, the saved files and the workbook."""

import json

import openpyxl
import pandas as pd
import pytest

from evenfield import workbook
from evenfield.saving import load_plan, save_plan
from evenfield.study import study
from optimizer import optimize, todays_book, violations
from scenarios import Change, write


@pytest.fixture
def supported(two_towns):
    """Two towns with a rep and a specialist of overlay 水泵 each, who calls on everybody twice a year."""
    people = [("山姆", 0.0), ("Eva", 0.89932)]
    change = {
        "name": "two_towns",
        "title": "Two towns",
        "set": {"overlays": {"teams": [{"name": "水泵", "visits_per_year": 2.0}]}},
        "add": {
            "specialists": [
                {
                    "specialist": who,
                    "overlay": "水泵",
                    "latitude": 0,
                    "longitude": place,
                    "hours_per_year": 100,
                }
                for who, place in people
            ]
        },
    }
    return Change.model_validate(change).apply(two_towns)


def test_the_plan_says_who_supports_whom(run, supported, tmp_path):
    folder = write(supported, tmp_path / "two_towns")
    code, out, err = run("plan", folder, "--out", "made")
    assert code == 0, err
    assert "山姆 (水泵)" in out
    assert "reps dealt with" in out
    words = json.loads((tmp_path / "made" / "summary.json").read_text(encoding="utf-8"))
    assert [(one["specialist"], one["customers"], one["hours"]) for one in words["specialists"]] == [
        ("山姆", 3, 6.0),
        ("Eva", 3, 6.0),
    ]
    assert words["terms"]["specialists"] == 0.0
    assert words["duplicate_visits"] == 12.0  # six customers, twice each
    assert sum(words["terms"].values()) == pytest.approx(words["objective"])
    assert words["violations"] == []
    assigned = pd.read_csv(tmp_path / "made" / "assignments.csv").set_index("customer")
    assert assigned["specialist: 水泵"].to_dict()["E2"] == "Eva"
    for command in (("simulate", "made", "--replications", "4"), ("explain", "made", "--customer", "E1")):
        code, out, err = run(*command)
        assert code == 0, err
    code, out, err = run("edit", "made", "--move", "E1=west", "--out", "moved")
    assert code == 0, err
    changed, moved = load_plan(tmp_path / "moved")
    assert moved.support.loc["E1", "水泵"] == "山姆"
    assert {v.rule for v in violations(changed, moved)} == {"hours"}  # of the rep, not of a specialist


def test_a_saved_plan_keeps_its_specialists(supported, tmp_path):
    plan = optimize(supported, gap=0.0)
    scenario, again = load_plan(save_plan(tmp_path / "kept", supported, plan))
    assert scenario == supported
    pd.testing.assert_frame_equal(again.support, plan.support, check_names=False)
    assert again.result.bound == pytest.approx(plan.result.bound)


def test_the_workbook_names_them(supported, tmp_path):
    sides = {"today": (supported, todays_book(supported)), "plan": (supported, optimize(supported))}
    done = study(sides, "today", "plan", seed=1, replications=4)
    book = openpyxl.load_workbook(workbook.write(done, tmp_path / "plan.xlsx"))
    head = [cell.value for cell in book["Assignments"][1]]
    assert head[-1] == "Specialist: 水泵"
    assert [row[-1].value for row in book["Assignments"].iter_rows(min_row=2)] == ["山姆"] * 3 + ["Eva"] * 3
    assert [cell.value for cell in book["Specialists"]["A"]] == ["Specialist", "山姆", "Eva"]
    rows = done.rows.set_index("figure")
    assert rows.loc["duplicate_visits", "other"] == 12  # today's book has no specialists
    assert rows.loc["duplicate_visits", "reference"] == 0
