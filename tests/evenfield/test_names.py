"""Names that might confuse: customers called like reps, keys with "=" and " of ", rules in Chinese."""

import json

import pytest

from evenfield.saving import load_plan
from scenarios import write
from scenarios.building import build

CUSTOMERS = ["West", "a=b", "Bank of East", "E1", "=", "lock of E1"]


@pytest.fixture
def confusing(towns, tmp_path):
    towns.tables["customers"]["customer"] = CUSTOMERS
    towns.tables["customers"]["owner"] = "West"
    towns.tables["customers"]["lock"] = ["", "", "", "true", "", ""]
    towns.tables["reps"]["rep"] = ["West", "East of West"]
    towns.tables["reps"]["hours_per_year"] = ["140", "400"]
    towns.tables["history"]["customer"] = ["West", "E1", "E1"]
    towns.settings["market"]["order_value_cv"] = 0.5
    towns.settings["rules"] = {
        "accounts": [
            {"name": "银行归东", "kind": "only", "customers": ["Bank of East"], "reps": ["East of West"]},
            {"name": "西部优先 of West", "kind": "stay", "where": {"potential": ">= 300"}, "price": 1.0},
        ],
        "limits": [{"name": "客户数上限", "measure": "customers", "reps": ["West"], "at_most": 3}],
    }
    return write(build(towns), tmp_path / "confusing")


def test_a_plan_with_confusing_names_is_made_explained_and_edited(run, confusing, tmp_path):
    code, out, err = run("plan", confusing, "--out", "made")
    assert code == 0, err
    scenario, plan = load_plan(tmp_path / "made")
    assert plan.owner["Bank of East"] == "East of West"
    assert plan.owner["E1"] == "West"
    assert list(scenario.customers.index) == CUSTOMERS
    for customer in CUSTOMERS:
        code, out, err = run("explain", "made", "--customer", customer, "--language", "zh")
        assert code == 0, err
    code, out, err = run("edit", "made", "--move", "a=b=East of West", "--move", "==East of West")
    assert code == 0, err
    _, edited = load_plan(tmp_path / "made-edited")
    assert edited.owner[["a=b", "="]].tolist() == ["East of West"] * 2
    for rule in ("银行归东", "客户数上限", "lock of E1"):
        code, out, err = run("explain", "made", "--rule", rule)
        assert code == 0, err
        assert rule in out


def test_a_broken_rule_is_called_by_its_name(run, confusing, tmp_path):
    (confusing / "changes").mkdir()
    rule = '{ name = "客户数下限", measure = "customers", at_least = 4 }'
    change = f'title = "x"\n[set.rules]\nlimits = [{rule}]\n'
    (confusing / "changes" / "more.toml").write_text(change, encoding="utf-8")
    code, _, err = run("plan", confusing, "--change", "more", "--out", "made")
    assert code == 3
    assert "客户数下限" in err


def test_wishes_not_granted_are_shown(run, confusing, tmp_path):
    code, out, err = run("plan", confusing, "--out", "made")
    assert code == 0, err
    words = json.loads((tmp_path / "made" / "summary.json").read_text(encoding="utf-8"))
    against = words["wishes_not_granted"]
    assert {one["rule"] for one in against} == {"西部优先 of West"}
    assert "Wishes not granted" in out
    assert "西部优先 of West" in out
