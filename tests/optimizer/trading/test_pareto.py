"""Points that others dominate, and bounds that hold for tighter levels."""

import numpy as np

from optimizer.core.assignment import Assignment
from optimizer.trading.pareto import Point, better, lift, mark


def point(level, reached, least, bound):
    plan = Assignment(np.zeros(0, int), np.zeros(0, int), least, bound, "optimal", 0.0, "exact")
    return Point((level,), (reached,), least, bound, plan)


def test_of_equal_points_the_first_stays():
    marked = mark([point(1, 1, 5, 5), point(2, 1, 5, 5), point(3, 2, 5, 4), point(4, 3, 4, 4)])
    assert [p.dominated for p in marked] == [False, True, True, False]


def test_what_is_proved_within_wide_levels_holds_within_tight_ones():
    tight, wide = lift([point(1, 1, 9, 3), point(2, 2, 6, 5)])
    assert (tight.bound, wide.bound) == (5, 5)
    assert tight.gap == (9 - 5) / 9


def test_the_better_of_two_has_the_better_bound():
    assert better(None, None) is None
    best = better(point(1, 1, 9, 3), point(1, 1, 7, 2))
    assert (best.least, best.bound) == (7, 3)
