import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evenfield.comparison import COLUMNS
from evenfield.plots import draw_differences, palette

ROWS = pd.DataFrame(
    [
        ("plan", "bookings", 10e6, 12e6, 2e6, 0.1e6, "better"),
        ("plan", "pay", 1.0e6, 1.2e6, 0.2e6, 0.01e6, "worse"),
        ("plan", "satisfaction", 0.80, 0.81, 0.01, 0.02, "not distinguishable yet"),
        ("plan", "spread", np.nan, 0.2, np.nan, np.nan, "not distinguishable yet"),
    ],
    columns=list(COLUMNS),
)


def test_better_is_right_and_worse_is_left_whatever_the_sign():
    dots = draw_differences(ROWS, 100).data[0]
    assert [x > 0 for x in dots.x] == [True, False, True]
    assert list(dots.marker.color) == [
        palette.VERDICTS[word] for word in ("better", "worse", "not distinguishable yet")
    ]


def test_an_interval_is_ninety_nine_percent_wide():
    figure = draw_differences(ROWS, 100)
    line = next(shape for shape in figure.layout.shapes if shape.line.color == palette.VERDICTS["better"])
    middle = figure.data[0].x[0]
    reach = 0.1e6 * stats.t.ppf(0.995, 99)
    assert (line.x1 - middle) / middle == pytest.approx(reach / 2e6)


def test_numbers_stand_beside_the_line_with_their_unit():
    texts = " ".join(annotation.text for annotation in draw_differences(ROWS, 100).layout.annotations)
    assert "+$2.00 million" in texts
    assert "+$200 thousand" in texts


def test_a_figure_that_is_not_known_has_a_label_and_no_dot():
    figure = draw_differences(ROWS, 100)
    assert "Spread of attainment between reps" in figure.layout.yaxis.ticktext
    assert len(figure.data[0].x) == 3


def test_several_alternatives_stand_under_the_figure():
    both = pd.concat([ROWS, ROWS.assign(scenario="<other>")])
    labels = draw_differences(both, 100).layout.yaxis.ticktext
    assert labels[:3] == ("<b>Bookings</b>", "plan", "&lt;other&gt;")


def test_schemes_are_drawn_like_plans():
    figures = ("bookings", "late_share", "pay_for_territory")
    rows = [
        ("capped", name, 0.3, 0.2, -0.1, 0.01, "worse" if name == "bookings" else "better")
        for name in figures
    ]
    table = pd.DataFrame(rows, columns=["scheme", *COLUMNS[1:]])
    assert [x > 0 for x in draw_differences(table, 100).data[0].x] == [False, True, True]
