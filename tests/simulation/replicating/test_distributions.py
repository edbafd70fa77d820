"""Moments and histograms: what years in blocks add up to is what they are all together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.replicating.distributions import Distribution, Moments, Tally, codes_of

SHARES = st.floats(0, 3.9) | st.just(float("nan")) | st.sampled_from([0.0, 0.5, 1.0, 1.002])
YEARS = arrays("float64", st.tuples(st.integers(1, 40), st.just(3)), elements=SHARES)


def distribution(values):
    tally = Tally(values.shape[1:])
    tally.add(codes_of(values))
    return Distribution(Moments.of(values), tally.counts)


def test_moments_by_hand():
    # 2, 4, 9: mean 5, squares 9 + 1 + 16; the second cell has one number, the third none
    found = Moments.of(np.array([[2.0, np.nan, np.nan], [4.0, 7.0, np.nan], [9.0, np.nan, np.nan]]))
    assert found.count.tolist() == [3, 1, 0]
    assert found.mean[:2].tolist() == [5, 7]
    assert np.isnan(found.mean[2])
    assert found.squares.tolist() == [26, 0, 0]
    assert (found.least[0], found.most[0]) == (2, 9)
    assert found.deviation[0] == np.sqrt(13)
    assert np.isnan(found.deviation[1:]).all()


@given(YEARS, st.integers(0, 40))
def test_two_blocks_are_the_whole(values, cut):
    cut = min(cut, len(values))
    merged = Moments.of(values[:cut]).merged(Moments.of(values[cut:]))
    whole = Moments.of(values)
    assert merged.count.tolist() == whole.count.tolist()
    assert np.allclose(merged.mean, whole.mean, rtol=1e-12, atol=1e-12, equal_nan=True)
    assert np.allclose(merged.squares, whole.squares, rtol=1e-9, atol=1e-9)
    assert (merged.least.tolist(), merged.most.tolist()) == (whole.least.tolist(), whole.most.tolist())
    again = Moments.unstacked(merged.stacked())
    assert np.array_equal(again.mean, merged.mean, equal_nan=True)
    assert again.count.dtype == merged.count.dtype


@given(YEARS, st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
def test_quantiles_are_at_most_a_tenth_of_a_point_off(values, probability):
    found = distribution(values).quantile(probability)
    for cell in range(3):
        there = values[~np.isnan(values[:, cell]), cell]
        if len(there):
            assert found[cell] == pytest.approx(np.quantile(there, probability), abs=0.001 + 1e-9)
        else:
            assert np.isnan(found[cell])


@given(YEARS)
def test_the_share_that_reaches_is_counted_and_not_estimated(values):
    found = distribution(values).share_from(1.0)
    for cell in range(3):
        there = values[~np.isnan(values[:, cell]), cell]
        if len(there):
            assert found[cell] == (there >= 1.0).mean()


def test_what_is_the_same_every_year_is_exactly_that():
    assert distribution(np.full((5, 1), 0.7777)).quantile(0.5).tolist() == [0.7777]


def test_beyond_the_classes_a_quantile_lies_between_the_border_and_the_end():
    found = distribution(np.array([[1.0], [5.0], [8.0]]))
    assert found.quantile(0.0).tolist() == pytest.approx([1.0], abs=0.001)
    assert found.quantile(1.0).tolist() == [(4.0 + 8.0) / 2]
    assert found.share_from(4.0).tolist() == pytest.approx([2 / 3])
    below = distribution(np.array([[-0.4], [0.5]]))
    assert -0.4 <= below.quantile(0.0)[0] <= 0.0


def test_counts_of_blocks_add_up_whatever_their_order():
    rng = np.random.default_rng(1)
    blocks = [codes_of(rng.normal(1, 0.4, (7, 2, 3))) for _ in range(4)]
    one, other = Tally((2, 3)), Tally((2, 3))
    for block in blocks:
        one.add(block)
    for block in blocks[::-1]:
        other.add(block)
    assert np.array_equal(one.counts, other.counts)
    assert one.counts.sum() == 4 * 7 * 6


def test_every_multiple_of_a_fifth_of_a_point_reaches_itself():
    # such as 1.138 x 500 = 568.9999999999999 in floating point
    thresholds = [round(number * 0.002, 3) for number in range(2000)]
    for threshold in thresholds:
        reached = distribution(np.array([[threshold], [threshold - 0.0019]])).share_from(threshold)
        assert reached.tolist() == [0.5], threshold
