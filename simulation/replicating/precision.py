"""How precisely a run knows its figures, and how many more years it would take to know them better."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from simulation.replicating.controls import adjusted, corrected

Numbers = NDArray[np.float64]

LEVEL = 0.95
"""Of the intervals a run is stopped by."""

FIRST = 64
"""Years before a run is judged at all."""

JUDGED = (
    "bookings", "collected", "pay", "cost_of_sales", "reached_target", "share_at_quota", "visits_kept",
    "satisfaction",
)  # fmt: skip
"""Figures a run is judged by."""

SHARES = frozenset({"reached_target", "share_at_quota", "visits_kept", "satisfaction"})
"""Those whose precision is absolute (0.01 is a point); of the others it is relative."""

NEVER_BELOW_ZERO = SHARES | {"bookings", "collected", "attainment", "pay", "cost_of_sales", "spread"}
"""Those of which no mean is below 0, unless some year's value is: returns may be more than was collected."""

CHANCES = frozenset({"reached_target", "share_at_quota"})
"""Those that may be yes or no in a year; of a company of one rep the share at quota is."""


@dataclass(frozen=True)
class Interval:
    """A mean and the ends of its interval."""

    mean: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half the width, to the farther end where it is not even."""
        return max(self.high - self.mean, self.mean - self.low)


def interval_of_mean(values: Numbers, level: float = LEVEL) -> Interval:
    """Give the mean and its interval by Student's t; what is not a number does not count."""
    values = values[~np.isnan(values)]
    if not len(values):
        return Interval(np.nan, np.nan, np.nan)
    mean = float(values.mean())
    if len(values) == 1:
        return Interval(mean, -np.inf, np.inf)
    error = float(values.std(ddof=1)) / np.sqrt(len(values))
    reach = float(stats.t.ppf((1 + level) / 2, len(values) - 1)) * error
    return Interval(mean, mean - reach, mean + reach)


def interval_of_chance(reached: int, years: int, level: float = LEVEL) -> Interval:
    """Give a share of years and Wilson's score interval (E. Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    found = stats.binomtest(reached, years).proportion_ci(level, method="wilson")
    return Interval(reached / years, float(found.low), float(found.high))


def estimates(
    figures: pd.DataFrame, controls: Numbers | None = None, known: Numbers | None = None
) -> pd.DataFrame:
    """Give means of figures with 95 % intervals.

    Parameters
    ----------
    figures
        A row a year, as of `Outcome.figures`.
    controls
        What else was drawn in each year, [years, controls], of known means; see `controls.py`.
    known
        Those means, [controls].

    Returns
    -------
    By figure: mean, low, high; and adjusted, adjusted_low, adjusted_high, corrected by what is known of the
    luck that the years had; not a number without controls, or with too few years for them.
    """
    rows = {}
    for name in map(str, figures):
        values = figures[name].to_numpy(dtype="float64")
        plain = _interval(name, values)
        better = None if controls is None or known is None else adjusted(values, controls, known, LEVEL)
        by_luck = (np.nan,) * 3
        if better is not None:
            by_luck = (better[0], *_within(name, values, *better[1:]))
        rows[name] = (plain.mean, plain.low, plain.high, *by_luck)
    columns = ["mean", "low", "high", "adjusted", "adjusted_low", "adjusted_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def widths(found: pd.DataFrame) -> pd.Series:
    """Give half the width of each judged figure's interval, of means as a share of them.

    Where there is an adjusted interval, it is the one that counts.

    Parameters
    ----------
    found
        As of `estimates`.
    """
    judged = found.loc[[name for name in JUDGED if name in found.index and not np.isnan(found["mean"][name])]]
    mean = judged["adjusted"].fillna(judged["mean"])
    low = judged["adjusted_low"].fillna(judged["low"])
    high = judged["adjusted_high"].fillna(judged["high"])
    half = (high - mean).where(high - mean > mean - low, mean - low)
    size = mean.abs().where(~judged.index.isin(list(SHARES)), 1.0)
    return (half / size.where(size > 0)).fillna(0.0)


def years_worth(found: pd.DataFrame, years: int) -> pd.Series:
    """Say how many years without controls would give intervals as narrow as the adjusted ones.

    Widths fall with the root of the years: half the width is worth four times the years.

    Parameters
    ----------
    found
        As of `estimates`.
    years
        Those simulated.

    Returns
    -------
    By figure; not a number where nothing is adjusted, or where there is no width to compare with.
    """
    plain, better = found["high"] - found["low"], found["adjusted_high"] - found["adjusted_low"]
    return years * (plain / better.where(better > 0)) ** 2


def widths_of_differences(
    ours: pd.DataFrame, theirs: pd.DataFrame, controls: Numbers | None = None, known: Numbers | None = None
) -> pd.Series:
    """Give half the width of the interval around each judged paired difference.

    Parameters
    ----------
    ours, theirs
        Figures, a row a year, of the same years; differences of means count as a share of the means of
        `theirs`. Differences of yes and no are judged with two years more, one for either side (A. Agresti,
        Y. Min, Statistics in Medicine 24, 2005), so that no difference so far is not yet a proof of none.
    controls, known
        Differences of controls, [years, controls], and their means: differences other than of yes and no are
        corrected by them.
    """
    found = {}
    for name in (name for name in JUDGED if name in theirs):
        pairs = (ours[name] - theirs[name]).to_numpy(dtype="float64")
        if np.isnan(pairs).all():
            continue
        if name in CHANCES and np.isin(pairs, (-1.0, 0.0, 1.0)).all():
            pairs = np.concatenate([pairs, [1.0, -1.0]])
        elif controls is not None and known is not None:
            better = corrected(pairs, controls, known)
            pairs = pairs if better is None else better
        size = 1.0 if name in SHARES else abs(float(theirs[name].mean()))
        found[name] = interval_of_mean(pairs).half / size if size else 0.0
    return pd.Series(found, dtype="float64")


def years_needed(width: pd.Series, years: int, precision: float) -> int:
    """Say how many years a run should have before it is judged again; no more than it has if it is done.

    Widths fall with the root of the years. A tenth is added, since the guess is rough; the years at most
    double between two judgements, so that a lucky or unlucky start does not decide. It depends on the years
    alone and not on who simulates them.
    """
    if years < FIRST:
        return FIRST
    ratio = float(width.max()) / precision if len(width) else 0.0
    if ratio <= 1:
        return years
    return int(min(np.ceil(1.1 * years * ratio**2), 2 * years))


def _interval(name: str, values: Numbers) -> Interval:
    """Give the interval that fits a figure: yes or no is a chance, a share stays within 0 and 1, and what is
    never below 0 has no mean below it.
    """
    if name in CHANCES and np.isin(values, (0.0, 1.0)).all():
        return interval_of_chance(int(values.sum()), len(values))
    found = interval_of_mean(values)
    return Interval(found.mean, *_within(name, values, found.low, found.high))


def _within(name: str, values: Numbers, low: float, high: float) -> tuple[float, float]:
    """Keep the ends of an interval where a mean of the figure can be."""
    never_below = name in NEVER_BELOW_ZERO and not (values < 0).any()
    return max(low, 0.0) if never_below else low, min(high, 1.0) if name in SHARES else high
