"""Capacity against demand: bars add up to what is asked for, the line is what there is."""

import numpy as np

from evenfield.plots import draw_capacity

MONTHS = ["Jan", "Feb", "Mar"]


def test_worked_and_unserved_hours_stand_on_each_other():
    figure = draw_capacity(MONTHS, [100, 90, 100], np.array([80.0, 90.0, 60.0]), [0, 25, 5])
    worked, unserved, there = figure.data
    assert figure.layout.barmode == "stack"
    assert [a + b for a, b in zip(worked.y, unserved.y, strict=True)] == [80, 115, 65]
    assert list(there.y) == [100, 90, 100]
    assert worked.text[1] == "Feb: 115 h asked for, 90 h worked, 25 h unserved, 90 h there"
