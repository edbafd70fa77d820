"""Published facts about effort come out, within the bands they were published with."""

import numpy as np
import pytest

from benchmarks.facts.effort_facts import FACTS, around
from benchmarks.facts.laboratory import BONUS, WEEKLY, curve, live, lives


@pytest.mark.parametrize("key", FACTS)
def test_the_fact_comes_out(key):
    fact = FACTS[key](False)
    assert fact.key == key
    assert fact.rows
    assert [(row.figure, row.band, row.ours) for row in fact.rows if not row.holds] == []
    assert any(row.band for row in fact.rows)


def test_the_bands_refuse_reps_who_never_answer():
    idle = live(lambda step, attainment: np.ones_like(attainment), WEEKLY, 16_000)
    assert not around("cap at 100 %: sales", 0.934, 0.01, idle.sales).holds
    assert not around("mass in [.85, .95) under a bonus", 0.06, 0.02, idle.share(0.85, 0.95)).holds
    assert idle.share(1, 1.05) / idle.share(0.95, 1) < 1.1  # no bunching


def test_the_bands_refuse_a_wrong_cap():
    for ours in lives(curve([1.05], [1, 0]), False).values():
        assert not around("cap at 100 %: sales", 0.934, 0.01, ours.sales).holds


def test_more_reps_tell_the_same():
    few, many = (lives(BONUS, thorough)["program"] for thorough in (False, True))
    assert (few.effort.shape[1], many.effort.shape[1]) == (16_000, 40_000)
    assert few.sales == pytest.approx(many.sales, abs=0.005)
