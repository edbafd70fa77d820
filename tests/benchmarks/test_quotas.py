"""The table of quotas under edits."""

import json
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import quotas
from benchmarks.quota_cubes import CENT, company, frame, pinned
from benchmarks.quotas import NEAR, PACKAGE, PEER, Case, Job, Took
from optimizer.quotas.cube import Cube
from optimizer.quotas.tree import tree_of
from scenarios.quota_edits import Pin

SIZE, MANAGERS = (81, 2, 3), (3, 3, 3)


@pytest.fixture
def small(monkeypatch):
    """Make every case one of 81 reps, two lines, three months."""
    cases = {
        name: replace(case, size=SIZE, managers=MANAGERS, count=min(case.count, 6))
        for name, case in quotas.CASES.items()
    }
    monkeypatch.setattr(quotas, "CASES", cases)


@pytest.fixture
def district():
    """Three teams of two reps with 100.00 each: a, b; c, d; e, f."""
    paths = [("one", "a"), ("one", "b"), ("two", "c"), ("two", "d"), ("three", "e"), ("three", "f")]
    people, _ = tree_of(paths, ("district", "team", "rep"), "District")
    lines, _ = tree_of([("all",)], ("lines", "line"), "All lines")
    periods, _ = tree_of([("May",)], ("year", "month"), "Year")
    return Cube(people, lines, periods, np.full((6, 1, 1), 10_000), CENT)


def pin(node, amount):
    return Pin(node=node, amount=amount, mix="keep")


def amounts(who, cube, *pins):
    found = quotas.WHO[who](cube, {p.node: p for p in pins})()()
    return found.ravel().tolist()


def test_pins_apart_have_nothing_to_do_with_each_other():
    tree = company((500, 1, 1), (5, 4, 5)).people
    ((*nodes,),) = pinned(tree, "apart", 50)
    assert len(set(nodes)) == 50
    assert set(tree.depth[nodes]) == {2, 3, 4}
    for above in {int(tree.parent[node]) for node in nodes}:
        inside = [k for k in nodes if tree.holds(above, k)]
        assert {int(tree.parent[k]) for k in inside} == {above}
        assert 2 * len(inside) <= len(tree.children(above))


def test_small_sets_are_on_all_levels_and_what_they_are_called():
    tree = company(SIZE, MANAGERS).people
    above = tree.parent
    assert {int(tree.depth[node]) for (node,) in pinned(tree, "single", 4)} == {1, 2, 3, 4}
    assert all(above[a] == above[b] and a != b for a, b in pinned(tree, "siblings", 4))
    assert all(above[b] == a for a, b in pinned(tree, "direct", 4))
    assert all(above[above[b]] == a for a, b in pinned(tree, "deep", 4))
    assert all(above[above[a]] == above[b] and above[a] != b for a, b in pinned(tree, "aside", 4))


@pytest.mark.parametrize("mix", ["keep", "free"])
def test_ours_meets_every_pin_to_the_cent_and_moves_no_total(small, mix):
    took, cells = quotas.work(Job("random", "ours", mix))
    assert took.missed == pytest.approx(0, abs=CENT / 100)
    assert took.moved_total == pytest.approx(0, abs=CENT / 100)
    assert cells.shape == (1, *SIZE)


@pytest.mark.parametrize("mix", ["keep", "free"])
def test_the_general_solver_agrees_before_rounding(small, mix):
    (_, ours), (_, judge) = (quotas.work(Job("apart", who, mix)) for who in ("Newton", "PDLP"))
    most, cells, _ = quotas.differences(quotas.CASES["apart"], ours, judge)
    assert most <= 10 * CENT
    assert cells < ours.size / 100


def test_a_pin_is_made_up_for_by_its_siblings_alone(district):
    assert amounts("ours", district, pin("a", 150)) == pytest.approx([150, 50, 100, 100, 100, 100])


@pytest.mark.parametrize("who", ["ours", PEER])
def test_managers_are_settled_first_and_a_rep_s_pin_within_its_team(district, who):
    if who == PEER:
        pytest.importorskip(PACKAGE)
    # Team two takes 60 from its siblings. Ours takes 30 of each, then b gives the rest of a's 150; the peer
    # takes 20 from b alone, who is not pinned, and 40 from team three, then b gives 50: nearer what they had.
    wanted = [150, 20, 130, 130, 85, 85] if who == "ours" else [150, 30, 130, 130, 80, 80]
    assert amounts(who, district, pin("a", 150), pin("two", 260)) == pytest.approx(wanted)


@pytest.mark.parametrize("who", ["ours", PEER])
def test_a_rep_two_levels_below_a_pinned_manager_moves_its_team_alone(who):
    if who == PEER:
        pytest.importorskip(PACKAGE)
    paths = [("x", "one", "a"), ("x", "one", "b"), ("x", "two", "c"), ("x", "three", "e"), ("y", "four", "g")]
    people, _ = tree_of(paths, ("region", "district", "team", "rep"), "Region")
    lines, _ = tree_of([("all",)], ("lines", "line"), "All lines")
    periods, _ = tree_of([("May",)], ("year", "month"), "Year")
    cube = Cube(people, lines, periods, np.full((5, 1, 1), 10_000), CENT)
    # District x has 440 instead of 400, so each has a tenth more: team one 220, of which a 150 and b 70.
    found = amounts(who, cube, pin("x", 440), pin("a", 150))
    assert found == pytest.approx([150, 70, 110, 110, 60], abs=NEAR)


@pytest.mark.parametrize("case", ["single", "siblings", "direct", "deep", "apart"])
def test_the_peer_s_cells_are_ours(small, case):
    pytest.importorskip(PACKAGE)
    (_, ours), (took, theirs) = (quotas.work(Job(case, who)) for who in ("ours", PEER))
    most, cells, share = quotas.differences(quotas.CASES[case], ours, theirs)
    assert cells == 0
    assert most <= NEAR
    assert share < 0.001
    assert took.missed < 1


def test_a_peer_that_is_not_installed_says_so(small):
    if find_spec(PACKAGE):
        pytest.skip(f"{PACKAGE} is installed")
    took, cells = quotas.work(Job("single", PEER))
    assert took.note == f"not installed: {PACKAGE}"
    assert not cells.size
    assert took.note in quotas.report([took], [])


def test_the_peer_reads_a_row_for_every_node_line_and_month(district):
    rows = frame(district).set_index("node_id")
    assert rows.loc["District", "base_quota"] == 600
    assert rows.loc["two", ["parent", "depth", "base_quota"]].tolist() == ["District", 1, 200]
    assert rows.loc["f", "parent"] == "three"


def test_differences_are_held_against_what_was_moved(monkeypatch):
    case = Case("", (8, 1, 1), (2, 2, 2), "single", 1)
    before = company(case.size, case.managers).amounts[None]
    some, others = before.copy(), before.copy()
    some[0, 0], some[0, 1] = some[0, 0] + 10, some[0, 1] - 10
    others[0, 0], others[0, 2] = others[0, 0] + 10, others[0, 2] - 10
    most, cells, share = quotas.differences(case, some, others)
    assert (most, cells, share) == (pytest.approx(10), 2, pytest.approx(20 / 20))


def test_the_table_has_medians_and_how_many_times_ours_the_peer_takes():
    ours = [Took("apart", "ours", "keep", s, s / 2, 3e8, 2e8, 0.0, 0.0) for s in (0.1, 0.2, 0.9)]
    peer = Took("apart", PEER, "keep", 40.0, 30.0, 4e8, 3e8, 0.65, 0.12)
    text = quotas.report([*ours, peer], [("apart", "keep", (0.02, 0, 0.0001))])
    assert "| ours | keep | 3 | 0.20 | 0.10 |  | 300 (200) | 0.000 | 0.000 |" in text
    assert f"| {PEER} | keep | 1 | 40.00 | 30.00 | 200, 300 | 400 (300) | 0.650 | 0.120 |" in text
    assert "| 50 pins apart | keep | 1 | 0.020 | 0 | 0.01% |" in text


def test_measures_in_a_fresh_process_and_writes_what_it_found(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(quotas.CASES, "single", replace(quotas.CASES["single"], runs=(("ours", "keep"),)))
    assert quotas.main(["--cases", "single", "--runs", "1", "--json", str(tmp_path / "runs.json")]) == 0
    (run,) = json.loads((tmp_path / "runs.json").read_text())["runs"]
    assert run["missed"] < CENT
    assert run["memory"] >= run["memory_before"] > 0
    assert "| one pin | ours | keep | 1 |" in capsys.readouterr().out


def test_an_unknown_case_is_named(capsys):
    assert quotas.main(["--cases", "apart,square"]) == 2
    assert "no case square; there are apart, random" in capsys.readouterr().err
