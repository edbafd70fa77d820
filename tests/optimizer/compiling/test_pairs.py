"""Which pairs come into question: all of a small company, the most promising of a large one."""

import numpy as np
import pytest

from optimizer.compiling import pairs
from optimizer.compiling.pairs import pairs_in_question
from optimizer.score import loads, score
from scenarios import scenario as scenario_module
from scenarios.building import build


@pytest.fixture
def company(towns):
    towns.tables["customers"]["family"] = ["", "Lee", "", "", "Lee", ""]
    towns.tables["customers"]["owner"] = ["West", "West", "", "East", "East", "West"]
    return build(towns)


def test_slices_make_no_difference(company, monkeypatch):
    whole, lost, books = pairs_in_question(company), score(company, company.customers["owner"]), None
    books = loads(company, company.customers["owner"])
    monkeypatch.setattr(pairs, "MANY", 4)  # two customers at a time, and all eligible pairs
    monkeypatch.setattr(pairs, "FEWEST", 9)
    monkeypatch.setattr(scenario_module, "CELLS", 4)
    sliced = pairs_in_question(company)
    for name in ("unit", "rep", "cost", "hours", "held"):
        np.testing.assert_allclose(getattr(sliced, name), getattr(whole, name))
    assert "12 eligible pairs" in sliced.log[0]
    assert whole.log == ()
    assert score(company, company.customers["owner"]).terms == pytest.approx(lost.terms)
    np.testing.assert_allclose(loads(company, company.customers["owner"]), books)


def test_of_a_large_company_the_cheapest_the_nearest_and_todays_reps_are_kept(company, monkeypatch):
    for name in ("MANY", "FEWEST", "NEAREST"):
        monkeypatch.setattr(pairs, name, 1)
    kept = pairs_in_question(company)
    # Units W1, {W2, E2}, W3, E1, E3. Today's owners are kept, of the family both; W3 is nobody's.
    pairs_kept = list(zip(kept.unit.tolist(), kept.rep.tolist(), strict=True))
    assert pairs_kept == [(0, 0), (1, 0), (1, 1), (2, 0), (3, 1), (4, 0), (4, 1)]


def test_what_leaves_and_stays_counts_whole_families(company):
    kept = pairs_in_question(company)
    today = np.array([0, 0, -1, 1, 1, 0])
    ones = company.customers["potential"] * 0 + 1
    assert kept.of_units(ones).tolist() == [1, 1, 2, 2, 1, 1, 1, 1, 1, 1]
    assert kept.kept(ones, today, 2).tolist() == [1, 0, 1, 1, 0, 0, 0, 1, 1, 0]
