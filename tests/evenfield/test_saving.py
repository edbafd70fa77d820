"""A plan on disk comes back as it was, and says so when it cannot."""

import json
from pathlib import Path

import pandas as pd
import pytest

from evenfield.saving import is_plan, load_plan, save_plan, scenario_folder
from optimizer import optimize, todays_book
from optimizer.compiling.territories import compile_problem
from optimizer.core.bound import lower_bound
from optimizer.trading.tradeoffs import trade_offs
from scenarios import InputError
from scenarios.building import build


@pytest.fixture
def saved(towns, tmp_path):
    scenario = build(towns)
    plan = optimize(scenario)
    return scenario, plan, save_plan(tmp_path / "plan", scenario, plan)


def test_a_plan_comes_back(saved):
    scenario, plan, folder = saved
    again_scenario, again = load_plan(folder)
    assert again_scenario == scenario
    assert again.result == plan.result
    assert again.name == plan.name
    pd.testing.assert_series_equal(again.owner, plan.owner)
    pd.testing.assert_frame_equal(again.quota, plan.quota)
    assert is_plan(folder)
    assert not is_plan(folder / "scenario")


def test_todays_book_with_unowned_customers_comes_back(towns, tmp_path):
    towns.tables["customers"]["owner"] = ["", "West", "West", "West", "", "West"]
    scenario = build(towns)
    plan = todays_book(scenario)
    _, again = load_plan(save_plan(tmp_path / "today", scenario, plan))
    pd.testing.assert_series_equal(again.owner, plan.owner)
    assert again.result is None


def test_schemes_and_changes_beside_a_scenario_are_kept_with_its_plan(towns, tmp_path):
    for beside in ("schemes", "changes"):
        (tmp_path / "company" / beside).mkdir(parents=True)
        (tmp_path / "company" / beside / "kpi.toml").write_text("[target]\ngrowth = 0.1\n", encoding="utf-8")
    scenario = build(towns)
    folder = save_plan(tmp_path / "plan", scenario, todays_book(scenario), tmp_path / "company")
    kept = scenario_folder(folder, scenario)
    assert (kept / "schemes" / "kpi.toml").is_file()
    assert (kept / "changes" / "kpi.toml").is_file()


def problems(folder):
    with pytest.raises(InputError) as caught:
        load_plan(folder)
    return [str(p) for p in caught.value.problems]


def test_edits_that_fit_are_welcome_and_others_named(saved):
    _, _, folder = saved
    file = folder / "assignments.csv"
    text = file.read_text(encoding="utf-8")
    table = pd.read_csv(file, dtype="str", keep_default_na=False)
    table.loc[table["customer"] == "E1", "rep"] = "West"
    table.to_csv(file, index=False)
    assert load_plan(folder)[1].owner["E1"] == "West"
    table.loc[table["customer"] == "E1", "rep"] = "Nobody"
    table.loc[table["customer"] == "E2", "customer"] = "Z9"
    table.to_csv(file, index=False)
    found = problems(folder)
    assert found[0].startswith("assignments.csv: customers are missing")
    assert any("no such rep" in p for p in found)
    assert any("no such customer" in p for p in found)
    file.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    assert problems(folder) == [
        "assignments.csv row 8, customer: customer appears twice; keep one row (found 'E3')"
    ]
    file.write_text(text, encoding="utf-8")
    (folder / "quotas.csv").unlink()
    assert "not a plan as `evenfield plan` writes it" in problems(folder)[0]


def test_another_scenario_is_noticed(saved):
    _, _, folder = saved
    words = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    words["scenario_digest"] = "0" * 64
    (folder / "plan.json").write_text(json.dumps(words), encoding="utf-8")
    assert "made for another scenario" in problems(folder)[0]


def test_five_lines_of_numpy_recompute_the_bound(towns, tmp_path):
    towns.tables["reps"]["hours_per_year"] = ["24", "400"]  # West has time for two customers at home
    towns.settings["rules"] = {
        "balance": [{"measure": "potential", "tolerance": 0.1, "price": 0.2}],
        "move_value_limit": 100.0,
        "move_value_price": 1.0,
        "move_limit_per_rep": 4,
    }
    scenario = build(towns)
    plan = optimize(scenario, gap=0.0)
    folder = save_plan(tmp_path / "plan", scenario, plan)
    page = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")
    lines = page.split("## Check the bound yourself")[1].split("```python\n")[1].split("```")[0]
    assert len([line for line in lines.splitlines() if line]) <= 6  # the import and five more
    named = {}
    exec(lines.replace("out/superstore", str(folder)), named)
    expected = lower_bound(compile_problem(scenario).problem).value
    assert named["bound"] == pytest.approx(expected, abs=1e-6)
    assert named["bound"] <= plan.result.objective + 1e-6
    prices = pd.read_csv(folder / "prices.csv")
    assert list(prices.columns) == ["measure", "rep", "price"]
    assert set(prices["measure"]) <= {m.name for m in compile_problem(scenario).problem.measures} | {
        "sales moved"
    }


def test_the_log_is_kept_and_an_old_proof_is_not(saved):
    scenario, plan, folder = saved
    assert load_plan(folder)[1].result.log == plan.result.log != ()
    assert (folder / "certificate.npz").is_file()
    save_plan(folder, scenario, todays_book(scenario))
    assert not (folder / "certificate.npz").exists()
    assert not (folder / "prices.csv").exists()


def test_a_plan_says_after_it_was_saved_which_plans_its_bound_is_about(towns, tmp_path):
    scenario = build(towns)
    plan = trade_offs(scenario, ["balance", "value"], points=1).points[0].plan
    _, again = load_plan(save_plan(tmp_path / "point", scenario, plan))
    assert again.result.within == plan.result.within == "stands as well in balance"


def test_a_plan_saved_before_bounds_could_be_about_some_plans_only_is_read(saved):
    _, plan, folder = saved
    words = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    del words["result"]["within"]
    (folder / "plan.json").write_text(json.dumps(words), encoding="utf-8")
    assert load_plan(folder)[1].result == plan.result
