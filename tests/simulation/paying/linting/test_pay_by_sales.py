"""A function followed to the cent: bends and jumps are where they were put."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.paying.linting.pay_by_sales import jumps, traced

GRID = np.arange(0, 300_000_01, 1_000_00)
POINT = st.integers(1, 299_999_99)
PLACED = st.tuples(POINT, st.integers(1_000, 10_000_00))


@given(st.lists(PLACED, min_size=1, max_size=4, unique_by=lambda t: t[0]))
def test_jumps_are_found_to_the_cent(placed):
    placed = sorted(placed)
    if np.diff([x for x, _ in placed] + [10**9]).min() < 1_000:
        return

    def evaluate(sales):
        steps = sum((height * (sales >= x) for x, height in placed), start=np.zeros(len(sales), np.int64))
        return {"even": sales // 25, "steps": steps}

    trace = traced(evaluate, GRID, 100_000_00)
    assert [(x, height) for x, height, _ in jumps(trace, ("steps",))] == placed
    assert jumps(trace, ("even",)) == []
    reached = sum(height for x, height in placed if x <= 100_000_00)
    assert trace.at(1.0) == 4_000_00 + reached


@given(POINT, st.integers(2, 10))
def test_between_its_points_it_is_straight(bend, slope):
    def evaluate(sales):
        return {"pay": np.maximum(sales - bend, 0) // slope}

    trace = traced(evaluate, GRID, 100_000_00)
    others = np.random.default_rng(bend).integers(0, 300_000_00, 200)
    near = np.interp(others, trace.sales, trace.total)
    assert np.abs(near - evaluate(others)["pay"]).max() <= 60


def test_equal_jumps_at_equal_distances_are_no_slope():
    # At both thirds of the stretch from 1,000 to 2,000 three jumps lie on the line between its ends.
    places = [1_166_67, 1_500_00, 1_833_33]

    def evaluate(sales):
        return {"steps": 500_00 * sum((sales >= x).astype(np.int64) for x in places)}

    trace = traced(evaluate, np.array([0, 1_000_00, 2_000_00, 3_000_00]), 2_000_00)
    assert [(x, height) for x, height, _ in jumps(trace, ("steps",))] == [(x, 500_00) for x in places]
    assert np.nanmax(trace.slopes()) == 0
