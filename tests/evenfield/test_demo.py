"""The main job end to end, on real companies."""

import json
import sys
from pathlib import Path

import pytest

from evenfield.demo import run_demo
from optimizer import duplicate_visits, optimize, violations
from scenarios import Change, find_change, read
from scenarios.importing import import_adventureworks
from scenarios.reading import LIBRARY

EXTRACTS = Path(__file__).parents[3] / "shared" / "data" / "adventureworks"
QUICK = {"seed": 1, "replications": 10, "workers": 1, "time_limit": 30.0, "as_json": True}


def test_superstore_end_to_end_without_a_look_at_what_is_held_out(tmp_path):
    opened = []
    watching = [True]

    def note(event, arguments):
        if watching[0] and event == "open":
            opened.append(str(arguments[0]))

    sys.addaudithook(note)  # stays until the interpreter ends, so it is switched off below
    words = run_demo(LIBRARY / "superstore", tmp_path, **QUICK)
    watching[0] = False
    assert any(name.endswith("history.csv") for name in opened)
    assert not any("heldout" in name for name in opened)
    plan = words["plan"]
    assert plan["violations"] == []
    assert 0 <= plan["gap"] <= 0.005
    assert plan["quota_total"] == plan["target"] == 73_104_672
    assert 0 < plan["moved"] < 962
    assert plan["objective"] == pytest.approx(sum(plan["terms"].values()), rel=1e-6)
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["plan"] == plan


@pytest.mark.skipif(not EXTRACTS.is_dir(), reason="the extracts are not beside the repository")
def test_adventureworks_end_to_end(tmp_path):
    import_adventureworks(EXTRACTS, tmp_path / "adventureworks")
    words = run_demo(tmp_path / "adventureworks", tmp_path / "out", **QUICK)
    assert words["plan"]["violations"] == []
    assert words["plan"]["customers"] == 701
    assert words["plan"]["quota_total"] == words["plan"]["target"]
    today, plan = words["simulate"]["today's book"], words["simulate"]["plan"]
    # 273 stores have no rep today; serving them sells more.
    assert plan["bookings"] > today["bookings"]
    assert (tmp_path / "out" / "report.html").stat().st_size > 1_000_000


@pytest.mark.parametrize(
    "name",
    [
        "by_product_line",
        "by_segment",
        "capped_scheme",
        "furniture_specialists",
        "growth_30",
        "mixed",
        "two_reps_leave",
    ],
)
def test_every_what_if_has_a_plan(name):
    scenario = read("superstore")
    changed = Change.read(find_change(name, "superstore")).apply(scenario)
    plan = optimize(changed, gap=1.0)  # the first plan found will do
    assert violations(changed, plan) == []
    doubled = duplicate_visits(changed, plan.owner)
    if name.startswith("by_"):
        # specialists meet at one door; in regions hardly anybody does
        assert doubled > 2 * duplicate_visits(scenario, optimize(scenario).owner)
