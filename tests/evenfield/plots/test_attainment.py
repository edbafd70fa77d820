from dataclasses import replace

import numpy as np
import pytest

from evenfield.plots import draw_attainment


def test_boxes_hold_the_quantiles_of_all_years(done):
    outcome = done.outcomes["plan"]
    figure = draw_attainment({"plan": outcome, "today's book": done.outcomes["today's book"]})
    box = figure.data[0]
    units = outcome.units()[:2]
    assert list(box.median) == pytest.approx(units["attainment_p50"].tolist(), abs=1e-3)
    assert list(box.lowerfence) == pytest.approx(units["attainment_p10"].tolist(), abs=1e-3)
    assert list(box.upperfence) == pytest.approx(units["attainment_p90"].tolist(), abs=1e-3)
    assert (np.diff([box.lowerfence, box.q1, box.median, box.q3, box.upperfence], axis=0) > 0).all()


def test_a_rep_without_a_quota_has_no_box(done):
    # today nobody asks anything of the rep in the east
    figure = draw_attainment({"today's book": done.outcomes["today's book"]})
    assert len(figure.data[0].y) == 1


def test_more_than_two_would_be_a_crowd(done):
    outcome = done.outcomes["plan"]
    crowd = {name: replace(outcome) for name in "abc"}
    assert [trace.name for trace in draw_attainment(crowd).data] == ["a", "b"]
