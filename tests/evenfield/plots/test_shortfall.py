"""Falling short: how likely, where, and how far, with numbers one can check by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfield.plots import draw_misses, draw_shortfall, draw_tails, palette, tail_mean


def test_a_bar_is_the_share_of_years_that_missed_with_wilsons_interval():
    missed = pd.DataFrame({"plan": [0, 50], "<b>today</b>": [25, 100]}, index=["Q1", "year"])
    plan, today = draw_shortfall(missed, 100).data
    assert list(plan.y) == [0, 0.5]
    assert list(today.y) == [0.25, 1]
    assert today.name == "&lt;b&gt;today&lt;/b&gt;"
    # Wilson at 50 of 100 with z = 1.96: half width z / (2 (n + z^2)) sqrt(n + z^2) = 1.96 / (2 sqrt(103.84)).
    assert plan.error_y.array[1] == pytest.approx(0.5 * 1.95996 / np.sqrt(100 + 1.95996**2), abs=1e-4)
    assert plan.error_y.arrayminus[0] == 0
    assert plan.text[1].startswith("year, plan: missed in 50 of 100 years, 50% (40% to 60%)")


def test_the_likeliest_to_miss_comes_first_and_every_cell_is_written():
    chance = pd.DataFrame({"Q1": [0.1, 0.9], "Q2": [0.2, np.nan]}, index=["north", "south"])
    figure = draw_misses(chance, {"north": "North"})
    assert figure.layout.yaxis.ticktext == ("south", "North")
    assert list(map(list, figure.data[0].z)) == [[0.9, None], [0.1, 0.2]]
    assert [note.text for note in figure.layout.annotations] == ["90%", "—", "10%", "20%"]
    assert [note.font.color for note in figure.layout.annotations][:2] == ["white", palette.FAINT_INK]


def test_the_tail_takes_the_worst_years_and_a_part_of_the_last():
    values = [40, 10, 30, 20]
    assert tail_mean(values, 0.25) == 10
    assert tail_mean(values, 0.5) == 15
    assert tail_mean(values, 0.375) == pytest.approx((10 + 20 / 2) / 1.5)
    assert tail_mean(values, 0.05) == 10  # less than a year: of the worst
    assert tail_mean(values, 1) == 25


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_smaller_tail_is_never_better(values, one, other):
    small, large = sorted((one, other))
    assert tail_mean(values, small) <= tail_mean(values, large) + 1e-6
    assert min(values) - 1e-6 <= tail_mean(values, small) <= np.mean(values) + 1e-6


def test_tails_are_drawn_against_the_target():
    years = np.arange(1.0, 21.0) * 10  # 10, 20, ... 200: the worst 10 % are 10 and 20, the worst 5 % is 10
    figure = draw_tails({"plan": years, "other": years + 100}, 100.0)
    drawn = {trace.name: list(trace.x) for trace in figure.data if trace.name}
    assert drawn["mean of the worst 10%"] == [-85, 15]
    assert drawn["mean of the worst 5%"] == [-90, 10]
    assert drawn["worst year"] == [-90, 10]
    assert drawn["middle year"] == [5, 105]
    assert [note.text.strip() for note in figure.layout.annotations] == ["worst 5%: -$90", "worst 5%: $10"]
    text = next(trace for trace in figure.data if trace.name == "worst year").text
    assert text == (
        "plan, worst year: $10, $90 below the target",
        "other, worst year: $110, $10 above the target",
    )
