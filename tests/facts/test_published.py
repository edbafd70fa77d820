"""Published facts of territories, calls, people, quotas and contests: each figure within its band."""

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from benchmarks.facts.contiguity_facts import grown
from benchmarks.facts.fact import Fact, Row, within
from benchmarks.facts.page import main, makers, page
from benchmarks.facts.response_facts import best_calls, lognormal


@pytest.mark.parametrize("key", ["F13", "F15", "F16", "F17", "F18", "F19", "F20", "F21", "F22"])
def test_the_fact_comes_out(key):
    fact = makers()[key](False)
    assert fact.key == key
    assert fact.rows
    missed = [
        f"{row.figure}: {row.ours:.6g}, not {row.band}"
        for row in fact.rows
        if not row.holds or (row.band is not None and not row.band[0] <= row.ours <= row.band[1])
    ]
    assert missed == []


def test_a_row_holds_within_its_band_ends_included():
    assert within("share", "2 to 7 %", (0.02, 0.07), 0.07).holds
    assert not within("share", "2 to 7 %", (0.02, 0.07), 0.0701).holds
    assert not within("share", "2 to 7 %", (0.02, 0.07), float("nan")).holds


def test_the_page_says_what_does_not_hold_and_why():
    rows = (
        Row("sales lost", "2-7 %", (0.02, 0.07), 0.09, False, "books differ too much"),
        Row("reps", "", None, 12, True),
        Row("profit", "> 0", (0.0, np.inf), 0.5, True),
    )
    text = page([Fact("F99", "Something is so", "Somebody (2001).", "A run.", rows, "It is not so here.")])
    assert "| [F99](#f99) | Something is so | **2 of 3** |" in text
    assert "| sales lost | 2-7 % | 0.02 to 0.07 | 0.09 | **no**: books differ too much |" in text
    assert "| reps |  |  | 12 |  |" in text
    assert "It is not so here." in text


def test_only_facts_that_exist_can_be_asked_for(capsys):
    with pytest.raises(SystemExit):
        main(["--only", "F99"])
    assert "no such fact: F99; there are" in capsys.readouterr().err


def test_potentials_have_the_spread_asked_for():
    size = lognormal(50, 0.6)
    assert size.mean() == pytest.approx(1.0)
    assert size.std() == pytest.approx(0.6)
    assert lognormal(50, 0.0) == pytest.approx(np.ones(50))


def test_the_allocator_of_the_facts_spends_its_hours_where_they_bring_most():
    # In proportion to size^(1 / .66), 1 : 2.858: 19.96 and 57.04 of 77; whole calls to 40, then wider steps.
    calls = best_calls(np.array([1.0, 2.0]), 77.0)
    assert calls.sum() <= 77
    assert calls == pytest.approx([20, 57], abs=2)


def test_grown_units_make_a_connected_planar_graph():
    areas = grown(100, 1)
    graph = np.zeros((100, 100))
    graph[tuple(areas.edges.T)] = 1
    assert connected_components(graph, directed=False)[0] == 1
    assert len(areas.edges) <= 3 * 100 - 6
