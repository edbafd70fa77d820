"""The convex model: proportion by hand, OR-Tools as the judge, conditions of an optimum on random models."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.quotas import judge
from optimizer.quotas.departure import Model, NotSettled, departure, least_departure
from optimizer.quotas.feasibility import fits
from optimizer.quotas.totals import Total, Totals


def total(shape, lower, upper, people=None, cells=None, each=False):
    some = np.ones(shape[0], dtype=bool) if people is None else np.isin(np.arange(shape[0]), people)
    where = np.ones(shape[1:], dtype=bool) if cells is None else cells
    return Total(some, where, np.atleast_1d(lower), np.atleast_1d(upper), each=each)


def model(baseline, totals, measure="relative", lower=None, upper=None):
    base = np.asarray(baseline, dtype="float64").reshape(len(baseline), 1, -1)
    low = np.zeros(base.shape) if lower is None else np.asarray(lower, dtype="float64").reshape(base.shape)
    high = np.full(base.shape, np.inf) if upper is None else np.asarray(upper, float).reshape(base.shape)
    made = tuple(total(base.shape, *t) for t in totals)
    return Model(base, low, high, Totals(made, base.shape), measure=measure)


def test_one_total_is_met_in_exact_proportion():
    answer = least_departure(model([[1.0], [2.0], [3.0]], [(9.0, 9.0)]))
    assert answer.amounts.ravel() == pytest.approx([1.5, 3.0, 4.5], rel=1e-12)
    # (0.5^2 / 1 + 1^2 / 2 + 1.5^2 / 3) / 2
    assert answer.size == pytest.approx(0.75)


def test_what_has_a_ceiling_passes_the_rest_on_and_zero_stays_zero():
    answer = least_departure(model([[1.0], [2.0], [3.0], [0.0]], [(12.0, 12.0)], upper=[[9], [9], [4], [9]]))
    # the third keeps 4; 8 are left for the others, 1 : 2
    assert answer.amounts.ravel() == pytest.approx([8 / 3, 16 / 3, 4, 0])


def test_a_limit_that_does_not_bind_changes_nothing():
    answer = least_departure(model([[1.0], [2.0]], [(2.0, 5.0)]))
    assert (answer.amounts.ravel().tolist(), answer.steps, answer.prices.tolist()) == ([1.0, 2.0], 0, [0.0])


def test_entropy_keeps_cross_ratios_under_two_cuts():
    base = np.array([[10.0, 20.0], [30.0, 5.0]])[:, None, :]
    cuts = [np.array([[True, False]]), np.array([[False, True]])]
    rows = [
        total(base.shape, 40.0, 40.0, [0]),
        total(base.shape, 30.0, 30.0, [1]),
        total(base.shape, 35.0, 35.0, cells=cuts[0]),
        total(base.shape, 35.0, 35.0, cells=cuts[1]),
    ]
    shape = base.shape
    asked = Model(
        base, np.zeros(shape), np.full(shape, np.inf), Totals(tuple(rows), shape), measure="entropy"
    )
    (a, b), (c, d) = least_departure(asked).amounts[:, 0]
    assert (a + b, c + d, a + c) == pytest.approx((40, 30, 35))
    assert a * d / (b * c) == pytest.approx(10 * 5 / (20 * 30))


def test_absolute_departures_move_as_few_as_possible():
    answer = judge.solve(model([[1.0], [2.0], [3.0]], [(9.0, 9.0)], measure="absolute"))
    assert answer.size == pytest.approx(3.0)
    assert answer.amounts.sum() == pytest.approx(9.0)


def test_limits_that_clash_do_not_settle():
    clashing = model([[1.0], [2.0]], [(9.0, 9.0, [0, 1]), (1.0, 1.0, [0, 1])])
    assert not fits(clashing)
    with pytest.raises(NotSettled):
        least_departure(clashing)


def random_model(seed, measure):
    draw = np.random.default_rng(seed)
    shape = tuple(draw.integers(1, 6, 3))
    base = draw.uniform(0, 100, shape) * (draw.random(shape) > 0.1)
    kept = base * draw.uniform(0.6, 1.5, shape)
    lower = np.floor(np.minimum(base, kept) * draw.uniform(0.3, 1, shape))
    upper = np.where(base > 0, np.ceil(np.maximum(base, kept) * draw.uniform(1, 1.4, shape)), 0)
    kept = np.clip(kept, lower, upper)
    rows = []
    for _ in range(draw.integers(1, 7)):
        people, cells, each = draw.random(shape[0]) < 0.6, draw.random(shape[1:]) < 0.6, draw.random() < 0.4
        if not people.any() or not cells.any():
            continue
        sums = kept[people].sum(axis=0)[cells] if each else kept[people][:, cells].sum(keepdims=True)[0]
        low, high = draw.choice([1.0, 0.9, -np.inf]), draw.choice([1.0, 1.1])
        least = sums * low if np.isfinite(low) else np.full(len(sums), -np.inf)
        rows.append(Total(people, cells, least, sums * high, each=each))
    return Model(base, lower, upper, Totals(tuple(rows), shape), measure=measure)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from(["relative", "entropy"]))
def test_random_models_meet_the_conditions_of_an_optimum(seed, measure):
    asked = random_model(seed, measure)
    answer = least_departure(asked)
    totals, sums = asked.totals, asked.totals.sums(answer.amounts)
    assert (sums >= totals.lower - 1e-5).all()
    assert (sums <= totals.upper + 1e-5).all()
    # a price pushes only against the limit that binds
    assert np.all((answer.prices <= 1e-9) | (np.abs(sums - totals.lower) < 1e-5))
    assert np.all((answer.prices >= -1e-9) | (np.abs(sums - totals.upper) < 1e-5))
    price = (totals.matrix.T @ answer.prices)[totals.class_of].reshape(asked.baseline.shape)
    wished = asked.baseline * ((1 + price) if measure == "relative" else np.exp(price))
    assert np.allclose(answer.amounts, np.clip(wished, asked.lower, asked.upper), atol=1e-5)


@pytest.mark.parametrize("seed", range(12))
def test_pdlp_finds_the_same(seed):
    asked = random_model(seed, "relative")
    ours, theirs = least_departure(asked), judge.solve(asked)
    assert ours.size == pytest.approx(theirs.size, abs=1e-4, rel=1e-6)
    assert np.allclose(ours.amounts, theirs.amounts, atol=0.01)
    assert departure(asked, ours.amounts) == ours.size
