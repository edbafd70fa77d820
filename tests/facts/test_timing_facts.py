"""Published facts about playing with time: what comes out, and what is known not to."""

import numpy as np
import pytest

from benchmarks.facts.timing_facts import BONUS, FACTS, LINEAR, WINDOW, lived, world

DOES_NOT = {
    "F6": {"bonus: first week of quarters", "accelerator: first week of quarters"},
    "F7": {"accelerator: discounts over revenue"},
    "F14": set(),
}
"""Rows that the page says do not hold, and why."""


@pytest.mark.parametrize("key", FACTS)
def test_the_fact_comes_out_but_for_what_the_page_says(key):
    fact = FACTS[key](False)
    assert fact.key == key
    assert {row.figure for row in fact.rows if not row.holds} == DOES_NOT[key]
    assert all(row.note for row in fact.rows if not row.holds)
    assert fact.why


def test_weeks_are_over_an_average_week():
    ours = lived(world(LINEAR, {}), 2)
    assert ours.last == pytest.approx(1.0, abs=0.15)
    assert ours.first == pytest.approx(1.0, abs=0.15)
    assert np.isnan(ours.marginal)


def test_the_bands_refuse_reps_who_do_not_answer():
    ours = lived(world(BONUS, {**WINDOW, "keeps": 0.0}, mode="constant"), 2)
    assert ours.pulled_in.sum() == 0
    assert ours.last < 1.2
