"""Allowances for territories in every answer: the plan, its JSON, a comparison and the workbook."""

import json

import openpyxl
import pytest

from evenfield import workbook
from evenfield.study import study
from optimizer import optimize, todays_book
from scenarios import Change, write

CHANGE = Change.model_validate(
    {
        "name": "two_towns",
        "title": "Two towns",
        "set": {
            "allowances": {
                "rules": [
                    {"name": "偏远津贴", "measure": "travel", "rate": 20.0, "free_hours": 8.0},
                    {"measure": "potential", "rate": 0.01, "in_cost": True},
                ]
            }
        },
    }
)


def test_the_plan_shows_what_reps_are_paid(run, two_towns, tmp_path):
    folder = write(CHANGE.apply(two_towns), tmp_path / "two_towns")
    code, out, err = run("plan", folder, "--out", "made")
    assert code == 0, err
    assert "allowance" in out
    words = json.loads((tmp_path / "made" / "summary.json").read_text(encoding="utf-8"))
    # Each rep has its town: nobody drives, and both have 600,000 of potential.
    assert words["allowances"] == {
        "偏远津贴": {"west": 0.0, "east": 0.0},
        "allowance for potential": {"west": 0.0, "east": 0.0},
    }
    assert words["terms"]["allowance for potential"] == 0.0
    assert "偏远津贴" not in words["terms"]
    code, out, err = run("explain", "made", "--customer", "E1")
    assert code == 0, err


def test_the_comparison_and_the_workbook_hold_them(two_towns, tmp_path):
    scenario = CHANGE.apply(two_towns)
    sides = {"today": (scenario, todays_book(scenario)), "plan": (scenario, optimize(scenario))}
    done = study(sides, "today", "plan", seed=1, replications=4)
    rows = done.rows.set_index("figure")
    # Today: Wanda drives 48 hours, 8 of them free; Edgar lacks the 600,000 that would be fair.
    assert rows.loc["allowances", "reference"] == pytest.approx(20 * 40 + 0.01 * 600_000)
    assert rows.loc["allowances", "other"] == 0.0
    assert rows.loc["allowances", "verdict"] == "better"
    book = openpyxl.load_workbook(workbook.write(done, tmp_path / "plan.xlsx"))
    assert [cell.value for cell in book["Reps"][1]][-2:] == ["偏远津贴", "Allowance for potential"]
