"""Notions of fairness against arithmetic on paper, and the laws they share."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.core.fairness import CURVES, RANGE, Fairness, Notion, indices, linear_form

NOTIONS = get_args(Notion)

# Three reps who should have 10, 10 and 20, and have 5, 15, 20: u = 0.5, 1.5, 1.
SHARE = np.array([10.0, 10.0, 20.0])
LOAD = np.array([5.0, 15.0, 20.0])


@pytest.mark.parametrize(
    ("notion", "value"),
    [
        ("maximum deviation", 0.5),
        ("range", 1.5 - 0.5),
        ("mean deviation", (0.5 + 0.5 + 0) / 3),
        # pairs differ by 1, 0.5 and 0.5
        ("gini", (1 + 0.5 + 0.5) / 3**2),
        ("jain", (0.25 + 0.25 + 0) / 3),
        # deviations 0.5, 0.5, 0 with weights 5/9, 3/9, 1/9
        ("owa", 0.5 * 5 / 9 + 0.5 * 3 / 9),
        # p = 1/4, 1/4, 1/2; loads add up to shares, so that only logarithms stay
        ("alpha", -(np.log(0.5) + np.log(1.5)) / 4),
        ("response", 1 - (0.5**0.66 + 1.5**0.66) / 4 - 1 / 2),
    ],
)
def test_each_notion_by_hand(notion, value):
    term = Fairness("hours", SHARE, notion, price=100.0)
    assert term.value(LOAD) == pytest.approx(value)
    assert term.cost(LOAD) == pytest.approx(100 * value)
    assert term.value(SHARE) == pytest.approx(0.0, abs=1e-15)
    assert term.least() == 0.0


def test_owa_holds_the_largest_and_the_mean_deviation():
    first = Fairness("hours", SHARE, "owa", 1.0, weights=np.array([1.0, 0.0, 0.0]))
    even = Fairness("hours", SHARE, "owa", 1.0, weights=np.full(3, 1 / 3))
    assert first.value(LOAD) == pytest.approx(0.5)
    assert even.value(LOAD) == pytest.approx(1 / 3)


def test_alpha_is_the_welfare_lost_against_the_even_split():
    # alpha = 2: welfare -sum p / u is -(2 + 2/3) / 4 - 1/2 = -7/6, and -1 where all u are 1
    assert Fairness("hours", SHARE, "alpha", 1.0, alpha=2.0).value(LOAD) == pytest.approx(1 / 6)


def test_the_response_is_the_share_of_sales_lost_when_reps_spend_time_best():
    # sales T^eta A^(1-eta), two reps with times 1 and 3 and potentials of 50 each, where 25 and 75 are even
    eta, time, potential = 0.34, np.array([1.0, 3.0]), np.array([50.0, 50.0])
    best = 4.0**eta * 100.0 ** (1 - eta)
    lost = 1 - (time**eta * potential ** (1 - eta)).sum() / best
    term = Fairness("potential", np.array([25.0, 75.0]), "response", price=best)
    assert term.value(potential) == pytest.approx(lost)
    # for small unevenness half eta (1 - eta) CV^2: CV 0.1 costs 0.11 %
    nearly = Fairness("potential", np.ones(2), "response", 1.0).value(np.array([0.9, 1.1]))
    assert nearly == pytest.approx(0.5 * 0.34 * 0.66 * 0.01, rel=0.01)


def test_with_a_total_that_varies_the_cost_of_pairs_makes_the_response_exact():
    # 60 and 60 where 50 and 50 were expected: more is sold, 1.2^0.66 times as much
    term = Fairness("potential", np.array([50.0, 50.0]), "response", price=1000.0)
    load = np.array([60.0, 60.0])
    worth = -1000.0 * 0.66 / 100 * (load.sum() - 100)
    assert term.cost(load) + worth == pytest.approx(1000 * (1 - 1.2**0.66))


def test_an_empty_territory_has_a_price():
    for alpha in (0.5, 1.0, 2.0):
        term = Fairness("hours", SHARE, "alpha", 1.0, alpha=alpha)
        empty, little = (term.value(np.array([x, 20.0, 20.0])) for x in (0.0, 0.1))
        assert np.isfinite(empty)
        assert empty > little


def test_the_same_plan_under_all_notions():
    # u = 0.5, 1.5, 1 with mean 1: sd = sqrt(0.5 / 3), sum of squares 3.5, geometric mean cbrt(0.75)
    found = indices(LOAD, SHARE)
    assert found == pytest.approx(
        {
            "least": 0.5,
            "most": 1.5,
            "maximum deviation": 0.5,
            "range": 1.0,
            "mean deviation": 1 / 3,
            "variation": np.sqrt(0.5 / 3),
            "gini": 2 * (1 + 0.5 + 0.5) / (2 * 9 * 1),
            "jain": 3**2 / (3 * 3.5),
            "atkinson": 1 - 0.75 ** (1 / 3),
            "lost sales": 1 - (0.5**0.66 + 1.5**0.66) / 4 - 1 / 2,
        }
    )
    twice = indices(2 * LOAD, SHARE)
    assert {k: twice[k] for k in ("gini", "jain", "variation", "atkinson", "lost sales")} == pytest.approx(
        {k: found[k] for k in ("gini", "jain", "variation", "atkinson", "lost sales")}
    )


def test_indices_at_the_ends():
    alone = indices(np.array([0.0, 0.0, 0.0, 8.0]), np.ones(4))
    assert alone["gini"] == pytest.approx(3 / 4)
    assert alone["jain"] == pytest.approx(1 / 4)
    assert alone["atkinson"] == 1.0
    nothing = indices(np.zeros(2), np.ones(2))
    assert np.isnan([nothing["gini"], nothing["jain"], nothing["atkinson"], nothing["lost sales"]]).all()
    assert nothing["maximum deviation"] == 1.0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"share": np.array([1.0, 0.0])}, "shares must be numbers > 0"),
        ({"share": np.array([])}, "shares must be numbers > 0"),
        ({"notion": "even"}, "notion must be one of"),
        ({"price": -1.0}, "price must be a number >= 0"),
        ({"price": np.inf}, "price must be a number >= 0"),
        ({"weights": np.array([1.0, 2.0])}, "weights must be 2 numbers >= 0 that decrease"),
        ({"weights": np.array([1.0])}, "weights must be 2 numbers"),
        ({"alpha": 0.0}, "alpha must be above 0"),
        ({"eta": 1.0}, "eta must be between 0 and 1"),
    ],
)
def test_says_what_is_wrong(wrong, message):
    with pytest.raises(ValueError, match=message):
        Fairness(**{"measure": "hours", "share": np.ones(2), "notion": "owa", "price": 1.0} | wrong)


def test_loads_have_to_be_amounts():
    with pytest.raises(ValueError, match="loads must be 2 numbers >= 0"):
        indices(np.array([1.0, -1.0]), np.ones(2))


@st.composite
def terms(draw, notions=NOTIONS):
    """Terms with two loads to compare, from nothing to three times the share."""
    reps = draw(st.integers(1, 9))
    share = np.array(draw(st.lists(st.floats(0.5, 50.0), min_size=reps, max_size=reps)))
    ratio = st.lists(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0.0, 3.0), min_size=reps, max_size=reps)
    weights = np.sort(draw(st.lists(st.floats(0.0, 1.0), min_size=reps, max_size=reps)))[::-1]
    term = Fairness(
        "hours",
        share,
        draw(st.sampled_from(notions)),
        draw(st.floats(0.1, 1000.0)),
        weights=weights if draw(st.booleans()) else None,
        alpha=draw(st.sampled_from([0.3, 1.0, 2.0, 5.0])),
        eta=draw(st.floats(0.1, 0.9)),
    )
    return term, np.array(draw(ratio)) * share, np.array(draw(ratio)) * share


@given(terms())
def test_the_tangent_plane_lies_below(case):
    term, load, other = case
    value = term.value(load)
    plane = value + term.gradient(load) @ (other - load)
    assert term.value(other) >= plane - 1e-9 * (1 + abs(plane) + value)
    assert value >= -1e-12


def least_of_form(term, load, **bounds):
    form = linear_form(term, **bounds)
    rows = form.on_column.toarray()
    fixed = form.on_load @ load
    lower, upper = form.row_lower - fixed, form.row_upper - fixed
    ends = [(a, None if np.isinf(b) else b) for a, b in zip(form.lower, form.upper, strict=True)]
    above, below = np.isfinite(upper), np.isfinite(lower)
    answer = linprog(
        form.cost / term.price,
        A_ub=np.concatenate([rows[above], -rows[below]]),
        b_ub=np.concatenate([upper[above], -lower[below]]),
        bounds=ends,
    )
    assert answer.status == 0
    return answer.fun * term.price, form


@settings(max_examples=60, deadline=None)
@given(terms([notion for notion in NOTIONS if notion not in CURVES]), st.booleans())
def test_linear_rows_cost_the_same(case, bounded):
    term, load, other = case
    ends = {"least_load": np.minimum(load, other), "most_load": np.maximum(load, other)} if bounded else {}
    least, form = least_of_form(term, load, **ends)
    assert least == pytest.approx(term.cost(load), rel=1e-6, abs=1e-6 * term.price)
    assert form.error == 0
    assert np.isfinite([form.lower, form.upper]).all() or not bounded


@settings(max_examples=40, deadline=None)
@given(terms(CURVES), st.booleans())
def test_tangents_cost_less_by_no_more_than_stated(case, bounded):
    term, load, other = case
    ends = {"least_load": np.minimum(load, other), "most_load": np.maximum(load, other)} if bounded else {}
    least, form = least_of_form(term, load, **ends)
    assert least <= term.cost(load) * (1 + 1e-6) + 1e-6 * term.price
    within = np.clip(load / term.share, *RANGE) * term.share
    least, form = least_of_form(term, within)
    assert least >= term.cost(within) - form.error - 1e-6 * term.price
    assert form.error > 0


@pytest.mark.parametrize("notion", CURVES)
def test_the_stated_error_is_small_and_falls_with_the_square_of_the_tangents(notion):
    term = Fairness("hours", np.ones(3), notion, 1.0)
    coarse, fine = (linear_form(term, tangents=count).error for count in (20, 40))
    assert fine < 1e-3
    assert coarse / fine == pytest.approx(4, rel=0.2)


def test_ordered_sums_take_few_columns():
    # Batcher's network for 20 wires has 97 comparators with two columns each; all pairs would be 190
    form = linear_form(Fairness("hours", np.ones(20), "gini", 1.0))
    assert len(form.cost) == 20 + 2 * 97
    assert (np.diff(form.on_load.tocsc().indptr) == 1).all()
