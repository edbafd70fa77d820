import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from benchmarks import gap

PUBLISHED = Path(__file__).parents[2].parent / "shared/data/gap"

# Two agents, three jobs. Agent 0 is cheapest for all, but has room for two of them.
SMALL = """\
 2 3
 1 2 3
 4 4 4
 5 5 5
 5 5 5
 10 15
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.txt"
    path.write_text(SMALL)
    return path


def test_a_file_holds_costs_then_uses_then_capacities(small):
    (only,) = gap.read(small)
    assert only.name == "small"
    assert only.cost.tolist() == [[1, 2, 3], [4, 4, 4]]
    assert only.use.tolist() == [[5, 5, 5], [5, 5, 5]]
    assert only.capacity.tolist() == [10, 15]


def test_rows_may_run_over_several_lines(tmp_path):
    path = tmp_path / "folded.txt"
    path.write_text(SMALL.replace("2 3\n 4", "2\n3\n 4"))
    assert gap.read(path)[0].cost.tolist() == [[1, 2, 3], [4, 4, 4]]


@pytest.mark.parametrize("head", ["2\n", ""])
def test_a_file_may_hold_several_instances(tmp_path, head):
    path = tmp_path / "two.txt"
    path.write_text(head + SMALL + SMALL.replace("10 15", "5 15"))
    one, other = gap.read(path)
    assert (one.name, other.name) == ("two-0", "two-1")
    assert other.capacity.tolist() == [5, 15]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("2 3\n1 2 x\n", "line 2: must be a number, got 'x'"),
        ("2 3\n1 2 nan\n", "got 'nan'"),
        ("2 3\n1 2 3\n", "2 agents and 3 jobs need 14 numbers after `m n`, got 3"),
        (SMALL + "7\n", "how many agents and jobs, got '7'"),
        ("3\n" + SMALL, "announces 3 instances, got 1"),
        ("1\n" + SMALL + SMALL, "16 numbers too many after 1 instances"),
        ("0 3\n", "how many agents and jobs, got '0 3'"),
        ("2.5 3\n", "how many agents and jobs, got '2.5 3'"),
        (SMALL.replace("10 15", "-1 15"), "must be >= 0"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path, capsys, text, said):
    path = tmp_path / "bad.txt"
    path.write_text(text)
    assert gap.main([str(path), "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"gap: {path}")
    assert said in shown.err


def test_a_missing_file_and_a_picture_are_named(tmp_path, capsys):
    assert gap.main([str(tmp_path / "none.txt")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\xff")
    assert gap.main([str(tmp_path / "picture.txt")]) == 2
    assert "not a text file" in capsys.readouterr().err


def test_the_core_problem_charges_each_job_with_its_agent(small):
    problem = gap.core_problem(gap.read(small)[0])
    assert (problem.units, problem.reps) == (3, 2)
    # Jobs 0 and 1 with agent 0, job 2 with agent 1: pairs 0, 2 and 5 cost 1 + 2 + 4.
    chosen = np.array([0, 2, 5])
    assert problem.objective(chosen) == 7
    assert problem.loads(problem.measure("resource"), chosen).tolist() == [10, 5]
    # All three with agent 0 need 15 of its 10.
    assert problem.objective(np.array([0, 2, 4])) == np.inf


def test_the_judge_knows_costs_capacities_and_forgotten_jobs(small):
    (only,) = gap.read(small)
    assert gap.judge(only, np.array([0, 0, 1])) == (7, True)
    assert gap.judge(only, np.array([0, 0, 0])) == (6, False)
    assert gap.judge(only, np.array([0, 0])) == (np.inf, False)
    assert gap.judge(only, np.array([0, 0, 2])) == (np.inf, False)


@pytest.fixture
def engine(monkeypatch):
    """An engine that gives jobs 0 and 1 to agent 0, claims a bound of 6.2 and lies about the cost."""
    answer = SimpleNamespace(
        owner=np.array([0, 0, 1]), cost=1.0, bound=6.2, engine="by heart", status="time limit"
    )
    module = ModuleType("optimizer.core.engines")
    module.assign = lambda problem, **limits: answer
    monkeypatch.setitem(sys.modules, "optimizer.core.engines", module)
    monkeypatch.setattr(gap, "assign", module.assign, raising=False)


@pytest.mark.usefixtures("engine")
def test_each_instance_is_one_line_of_json_with_a_cost_of_our_own(small, capsys):
    assert gap.main([str(small), str(small), "--json", "--time-limit", "1"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["instance"] for line in lines] == ["small", "small"]
    # Whole costs: a bound of 6.2 means 7.
    assert (lines[0]["cost"], lines[0]["bound"], lines[0]["gap"]) == (7, 7, 0)
    assert lines[0]["engine"] == "by heart"
    assert lines[0]["feasible"]
    assert lines[0]["seconds"] >= 0


@pytest.mark.usefixtures("engine")
def test_the_best_known_is_compared_with_by_type(small, tmp_path, capsys):
    best = tmp_path / "best.csv"
    best.write_text("instance,best_known\nsmall,6.25\n")
    assert gap.main([str(small), "--json", "--best", str(best)]) == 0
    shown = capsys.readouterr()
    # (7 - 6.25) / 6.25
    assert json.loads(shown.out)["deviation"] == pytest.approx(0.12)
    assert "small: 1 instances, 1 with a plan, 0 of 1 at best known, above it 12.000% on average" in shown.err


@pytest.mark.usefixtures("engine")
def test_a_list_of_best_known_values_without_its_columns_is_refused(small, tmp_path, capsys):
    best = tmp_path / "best.csv"
    best.write_text("name,value\nsmall,7\n")
    assert gap.main([str(small), "--best", str(best)]) == 2
    assert "needs columns instance and best_known" in capsys.readouterr().err


@pytest.mark.usefixtures("engine")
def test_a_plan_over_capacity_is_no_success(tmp_path, capsys):
    path = tmp_path / "tight.txt"
    path.write_text(SMALL.replace("10 15", "9 15"))
    assert gap.main([str(path), "--json"]) == 1
    assert not json.loads(capsys.readouterr().out)["feasible"]


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published instances are not beside the project")
def test_the_published_instances_are_understood():
    best = gap.read_best(PUBLISHED / "best_known.csv")
    found = [
        instance for path in sorted((PUBLISHED / "instances").glob("*.txt")) for instance in gap.read(path)
    ]
    assert len(found) == 84
    assert {instance.name for instance in found} == set(best)
    for instance in found:
        agents, jobs = instance.cost.shape
        assert instance.use.shape == (agents, jobs)
        assert instance.capacity.shape == (agents,)
        # No plan is cheaper than each job's cheapest agent.
        assert instance.cost.min(axis=0).sum() <= best[instance.name]
