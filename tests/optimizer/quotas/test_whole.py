"""Whole units: every total exact, every cell rounded up or down where that can be."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.quotas.departure import Model, least_departure
from optimizer.quotas.totals import Total, Totals
from optimizer.quotas.whole import NotWhole, largest_remainder, whole_units


def cut(people, cells, amounts, each=False):
    return Total(people, cells, np.atleast_1d(amounts), np.atleast_1d(amounts), each=each)


def test_the_largest_remainder_gets_the_unit():
    none, most = np.zeros(3), np.full(3, np.inf)
    rounded = largest_remainder(
        np.array([1.2, 1.5, 1.3]), np.zeros(3, dtype=int), np.array([4.0]), none, most
    )
    assert rounded.tolist() == [1, 2, 1]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.booleans())
def test_three_ways_of_cutting_a_table_are_all_met(seed, thirds):
    draw = np.random.default_rng(seed)
    shape = tuple(int(n) for n in draw.integers(2, 6, 3))
    kept = draw.integers(0, 50, shape).astype("float64")
    everybody, everything = np.ones(shape[0], dtype=bool), np.ones(shape[1:], dtype=bool)
    rows = [cut(np.arange(shape[0]) == p, everything, kept[p].sum()) for p in range(shape[0])]
    for line in range(shape[1]):
        cells = np.zeros(shape[1:], dtype=bool)
        cells[line] = True
        rows.append(cut(everybody, cells, kept[:, line].sum()))
    for period in range(shape[2] if thirds else 0):
        cells = np.zeros(shape[1:], dtype=bool)
        cells[:, period] = True
        rows.append(cut(everybody, cells, kept[:, :, period].sum()))
    base = kept * draw.uniform(0.5, 1.5, shape)
    asked = Model(base, np.zeros(shape), np.full(shape, np.inf), Totals(tuple(rows), shape))
    amounts = least_departure(asked).amounts
    units = whole_units(asked, amounts)
    assert np.array_equal(asked.totals.sums(units), asked.totals.lower)
    assert (units >= 0).all()
    assert (np.abs(units - amounts) < 1 + 1e-6).mean() > 0.9


def test_an_odd_table_cannot_be_rounded_and_is_not_made_to_seem_so():
    # 2 x 2 x 2 cells of one half, every pair along each axis adding up to 1, where one corner is to be 1 and
    # the corner across is to be 1 as well: of the whole tables with such pairs there are two, and in none of
    # them are these two corners both 1.
    shape = (2, 2, 2)
    rows = []
    for axis in range(3):
        for i, j in itertools.product(range(2), repeat=2):
            people, cells = np.ones(2, dtype=bool), np.zeros((2, 2), dtype=bool)
            if axis == 0:
                cells[i, j] = True
            else:
                people = np.arange(2) == i
                cells[(slice(None), j) if axis == 1 else (j, slice(None))] = True
            rows.append(cut(people, cells, 1.0))
    half = np.full(shape, 0.5)
    free = Model(half, np.zeros(shape), np.ones(shape), Totals(tuple(rows), shape))
    units = whole_units(free, half)
    assert np.array_equal(free.totals.sums(units), free.totals.lower)
    corners = np.zeros(shape)
    corners[0, 0, 0] = corners[1, 1, 1] = 1.0
    fixed = Model(half, corners, np.ones(shape), Totals(tuple(rows), shape))
    with pytest.raises(NotWhole):
        whole_units(fixed, half)
