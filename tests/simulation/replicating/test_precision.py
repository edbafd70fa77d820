"""Intervals by hand, and a stop rule that stops when it says and keeps its promise."""

import numpy as np
import pandas as pd
import pytest

from simulation.replicating.blocks import BLOCK
from simulation.replicating.precision import (
    FIRST,
    estimates,
    interval_of_chance,
    interval_of_mean,
    widths,
    widths_of_differences,
    years_needed,
    years_worth,
)


def test_the_interval_of_a_mean_is_students():
    # 1, 2, 3, 4: mean 2.5, deviation sqrt(5 / 3), error that / 2; t at 95 %, 3 degrees of freedom: 3.1824
    found = interval_of_mean(np.array([1.0, 2.0, np.nan, 3.0, 4.0]))
    assert found.mean == 2.5
    assert found.half == pytest.approx(3.1824 * np.sqrt(5 / 3) / 2, abs=1e-4)
    assert interval_of_mean(np.array([7.0])).half == np.inf


def test_the_interval_of_a_chance_is_wilsons():
    # 0 of 64: from 0 to z^2 / (64 + z^2), z = 1.96: never reached is not the same as impossible
    found = interval_of_chance(0, 64)
    assert (found.mean, found.low) == (0, pytest.approx(0, abs=1e-12))
    assert found.high == pytest.approx(3.8415 / 67.8415, abs=1e-4)


def figures(**columns):
    return pd.DataFrame({name: np.array(values, dtype="float64") for name, values in columns.items()})


def test_widths_are_relative_for_money_and_points_for_shares():
    # pay 90 or 110: mean 100, deviation 10.05 (of 100 years), t 1.984: 1.994 %
    years = figures(pay=[90, 110] * 50, reached_target=[0, 1] * 50, satisfaction=[0.9, 0.7] * 50)
    found = widths(estimates(years))
    assert found["pay"] == pytest.approx(0.01994, abs=1e-4)
    assert found["satisfaction"] == pytest.approx(0.1 * 0.1994, abs=1e-4)
    # 50 of 100: 1.96 sqrt(25 + .9604) / 103.84 = .0962
    assert found["reached_target"] == pytest.approx(0.0962, abs=1e-4)


def test_a_figure_that_is_not_judged_or_no_number_does_not_hold_a_run_up():
    years = figures(spread=[0, 100] * 10, cost_of_sales=[np.nan] * 20, bookings=[5] * 20)
    assert widths(estimates(years)).to_dict() == {"bookings": 0.0}


def test_half_the_width_is_worth_four_times_the_years():
    found = pd.DataFrame(
        {
            "low": [90.0, 90.0, 90.0, 5.0],
            "high": [110.0, 110.0, 110.0, 5.0],
            "adjusted_low": [95.0, 90.0, np.nan, 5.0],
            "adjusted_high": [105.0, 110.0, np.nan, 5.0],
        },
        index=["half", "same", "none", "sure"],
    )
    worth = years_worth(found, 50)
    assert worth[["half", "same"]].tolist() == [200, 50]
    assert worth[["none", "sure"]].isna().all()


def test_a_share_stays_between_0_and_1():
    found = estimates(figures(visits_kept=[0.0] * 9 + [0.5], bookings=[0.0] * 9 + [0.5]))
    assert found.loc["visits_kept", "low"] == 0
    assert found.loc["bookings", "low"] == 0
    assert found.loc["visits_kept", "high"] < 1


def test_no_interval_of_money_begins_below_zero_but_where_a_year_did():
    # of 0 and 100 the mean is 50 and its error 50, 12.7 of which are 635
    figures = pd.DataFrame({"bookings": [0.0, 100.0], "collected": [-1.0, 101.0]})
    found = estimates(figures)
    assert found.loc["bookings", ["mean", "low"]].tolist() == [50, 0]
    assert found.loc["bookings", "high"] == pytest.approx(50 + 12.706 * 50, rel=1e-4)
    assert found.loc["collected", "low"] == pytest.approx(50 - 12.706 * 51, rel=1e-4)


def test_differences_are_judged_in_pairs():
    # The years differ a lot, the difference hardly: 5 or 7 on a mean of 300
    base = figures(bookings=[100, 500] * 50, reached_target=[0, 1] * 50)
    other = figures(bookings=[105, 507] * 50, reached_target=[0, 1] * 50)
    found = widths_of_differences(other, base)
    assert found["bookings"] == pytest.approx(1.984 * 1.005 / 10 / 300, abs=1e-5)
    # no year differs; as if one more had for either side: deviation sqrt(2 / 101), error that / sqrt(102)
    assert found["reached_target"] == pytest.approx(1.9837 * np.sqrt(2 / 101 / 102), abs=1e-5)


def test_differences_are_judged_by_what_controls_leave_of_them():
    # The difference is 6, and 2 more for each surprise more: nothing is left to chance
    rng = np.random.default_rng(4)
    seen, base = rng.normal(0, 1, 100), rng.normal(300, 50, 100)
    theirs = figures(bookings=base, reached_target=[0, 1] * 50)
    ours = figures(bookings=base + 6 + 2 * seen, reached_target=[0, 1] * 50)
    plain, better = (
        widths_of_differences(ours, theirs, *known) for known in ((), (seen[:, None], np.zeros(1)))
    )
    assert plain["bookings"] == pytest.approx(1.984 * 2 * seen.std(ddof=1) / 10 / base.mean(), rel=1e-3)
    assert better["bookings"] == pytest.approx(0, abs=1e-12)
    assert better["reached_target"] == plain["reached_target"]


def test_years_needed_grow_with_the_square_and_at_most_double():
    wide = pd.Series({"pay": 0.012, "bookings": 0.004})
    assert years_needed(wide, FIRST - 1, 0.01) == FIRST
    assert years_needed(wide, 100, 0.01) == 159  # 1.1 x 100 x 1.2^2, up
    assert years_needed(wide, 100, 0.001) == 200
    assert years_needed(wide, 100, 0.012) == 100


def until_precise(draw, precision):
    """Play the stop rule on a figure; gives the values it stopped at."""
    values = draw(FIRST)
    while True:
        width = widths(estimates(pd.DataFrame({"bookings": values})))
        needed = years_needed(width, len(values), precision)
        if needed <= len(values):
            return values
        values = np.concatenate([values, draw(-(-needed // BLOCK) * BLOCK - len(values))])


def test_stopped_at_the_precision_the_interval_holds_as_often_as_it_says():
    # 1,000 runs of lognormal years with a deviation of a quarter, to 2 %: 2 x .0069 is two standard errors of
    # a share of .95 in 1,000
    rng = np.random.default_rng(5)
    sigma = np.sqrt(np.log1p(0.25**2))
    held = []
    for _ in range(1000):
        values = until_precise(lambda years: rng.lognormal(-(sigma**2) / 2, sigma, years), 0.02)
        found = interval_of_mean(values)
        assert found.half <= 0.02 * found.mean
        held.append(found.low <= 1 <= found.high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.021)
