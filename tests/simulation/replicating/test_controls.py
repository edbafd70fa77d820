"""Control variates: narrower where luck explains a figure, never biased, and silent where they cannot say."""

import numpy as np
import pandas as pd
import pytest

from simulation.replicating.controls import adjusted, corrected
from simulation.replicating.precision import estimates, widths


def test_what_is_explained_is_taken_away():
    # bookings = 100 + 10 (leads - 50): years with 52 leads on average say 120 where the truth is 100
    leads = np.array([[51.0], [52.0], [53.0]] * 20)
    mean, low, high = adjusted(100 + 10 * (leads[:, 0] - 50), leads, np.array([50.0]), 0.95)
    assert (mean, low, high) == pytest.approx((100, 100, 100))


def draw(rng, years):
    """Sales of which leads explain much, not in a line, and a control that says nothing."""
    leads = rng.poisson(30, years).astype("float64")
    sales = 4.0 * leads + 0.1 * (leads - 30) ** 2 + rng.normal(5, 2, years)
    truth = 120 + 0.1 * 30 + 5
    return sales, np.stack([leads, rng.normal(0, 1, years)], axis=1), truth


def test_it_is_unbiased_however_few_years_there_are():
    rng = np.random.default_rng(7)
    found, plain = [], []
    for _ in range(2000):
        sales, controls, truth = draw(rng, 40)
        found.append(adjusted(sales, controls, np.array([30.0, 0.0]), 0.95)[0] - truth)
        plain.append(sales.mean() - truth)
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(2000)
    assert np.var(plain) > 10 * np.var(found)


def test_its_interval_holds_as_often_as_it_says():
    # two standard errors of a share of .95 in 2,000 runs are .0097
    rng = np.random.default_rng(8)
    held = []
    for _ in range(2000):
        controls = rng.normal(0, 1, (40, 2))
        sales = 4 * controls[:, 0] + rng.normal(0, 2, 40)
        _, low, high = adjusted(sales, controls, np.zeros(2), 0.95)
        held.append(low <= 0 <= high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.0097)


def test_too_few_years_or_hardly_any_yes_says_nothing():
    rng = np.random.default_rng(1)
    sales, controls, _ = draw(rng, 29)
    known = np.array([30.0, 0.0])
    assert adjusted(sales, controls, known, 0.95) is None
    sales, controls, _ = draw(rng, 100)
    assert adjusted(sales, controls, known, 0.95) is not None
    assert adjusted((np.arange(100) < 9).astype("float64"), controls, known, 0.95) is None
    assert adjusted(np.where(np.arange(100) < 1, np.nan, sales), controls, known, 0.95) is None
    assert adjusted(sales, np.empty((100, 0)), np.empty(0), 0.95) is None


def test_a_control_that_never_varies_changes_nothing():
    rng = np.random.default_rng(2)
    sales, controls, _ = draw(rng, 80)
    constant = np.column_stack([controls[:, 0], np.full(80, 3.0)])
    both = adjusted(sales, constant, np.array([30.0, 3.0]), 0.95)
    alone = adjusted(sales, controls[:, :1], np.array([30.0]), 0.95)
    assert both[0] == pytest.approx(alone[0])


def test_controls_that_never_vary_ask_for_no_years():
    rng = np.random.default_rng(5)
    control, sales = rng.normal(0, 1, 20), rng.normal(0, 1, 20)
    nine = np.column_stack([control, np.full((20, 9), 3.0)])
    assert corrected(sales, nine, np.append(0.0, np.full(9, 3.0))) == pytest.approx(
        corrected(sales, control[:, None], np.zeros(1))
    )
    assert corrected(sales, nine[:, 1:], np.full(9, 3.0)) is None


def test_what_is_hardly_ever_another_says_nothing():
    rng = np.random.default_rng(6)
    control = rng.normal(0, 1, (100, 1))
    assert corrected(np.where(np.arange(100) < 9, 2.5, 0.0), control, np.zeros(1)) is None
    assert corrected(np.where(np.arange(100) < 10, 2.5, 0.0), control, np.zeros(1)) is not None


def test_estimates_show_both_and_the_run_is_judged_by_the_adjusted_one():
    rng = np.random.default_rng(3)
    sales, controls, truth = draw(rng, 200)
    years = pd.DataFrame({"bookings": sales})
    plain, better = estimates(years), estimates(years, controls, np.array([30.0, 0.0]))
    assert better.loc["bookings", "mean"] == plain.loc["bookings", "mean"]
    assert np.isnan(plain.loc["bookings", "adjusted"])
    row = better.loc["bookings"]
    assert row["adjusted_low"] <= truth <= row["adjusted_high"]
    assert widths(better)["bookings"] < 0.4 * widths(plain)["bookings"]
