"""The quality of a quota plan: tests it should pass before it is handed out. Warnings, never violations."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from optimizer.quotas.drivers import served
from optimizer.quotas.laws import Law
from optimizer.score import known_owner
from scenarios import Scenario

DAYS_PER_YEAR = 365.25
GOOD, WARNING, UNKNOWN = "good", "warning", "not known"
FEWEST = 5
"""Reps below which no slope is told."""


@dataclass(frozen=True)
class Bands:
    """Within what a figure is good. Least and most, shares of 1.

    Parameters
    ----------
    at_quota
        Expected share of reps at quota: 50-70 % is what advisers of sales organizations recommend.
    accurate
        Expected share of reps within 20 % of quota. An assumption.
    excellent
        Expected share of reps at 120 % or more. An assumption, as the next ones.
    poor
        Expected share of reps under 70 %.
    slope
        Change of expected attainment over one standard deviation of an attribute that matters.
    top_fifth
        Share of all quotas that the largest fifth of them may be.
    """

    at_quota: tuple[float, float] = (0.5, 0.7)
    accurate: tuple[float, float] = (0.5, 1.0)
    excellent: tuple[float, float] = (0.1, 0.2)
    poor: tuple[float, float] = (0.0, 0.1)
    slope: float = 0.02
    top_fifth: tuple[float, float] = (0.0, 0.5)


ATTRIBUTES = {
    "potential": ("reps with much potential", "reps with little potential", "their customers' potential"),
    "growth": ("reps asked for much growth", "reps asked for little growth", "growth on last year's sales"),
    "quota": ("reps with large quotas", "reps with small quotas", "the size of their quota"),
    "tenure": ("reps who are there for long", "new reps", "their years in the seat"),
}
"""What quotas should not be harder or easier for: who has much of it, who little, and what it is."""


def attributes(scenario: Scenario, owner: pd.Series, quotas: np.ndarray) -> pd.DataFrame:
    """Give what quotas should not be biased by.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    quotas
        Money a year, [reps].

    Returns
    -------
    By rep: potential (of the rep's customers while the seat is filled, money a year), growth (quota over last
    year's sales of the book - 1; not a number where there were none), quota (money a year), tenure (years on
    the first day of the plan year; not a number where the start is not known).
    """
    owner = known_owner(scenario, owner)
    last_year = served(scenario, owner, scenario.last_year_sales.clip(lower=0.0))
    days = (pd.Timestamp(scenario.year.start) - scenario.reps["start"]).dt.days
    return pd.DataFrame(
        {
            "potential": served(scenario, owner, scenario.customers["potential"]),
            "growth": quotas / last_year.where(last_year > 0) - 1,
            "quota": np.asarray(quotas, dtype="float64"),
            "tenure": (days / DAYS_PER_YEAR).clip(lower=0.0),
        }
    )


def quality(law: Law, quotas: np.ndarray, known: pd.DataFrame, bands: Bands | None = None) -> pd.DataFrame:
    """Judge a quota plan.

    Chances, so the shares of reps at quota, near it, far above and far below it, come from the law. Bias is
    the slope of a least-squares line of expected attainment (expected sales / quota) on each attribute, in
    points of attainment for one standard deviation of it, with its interval at 95 % (Student's t).

    Parameters
    ----------
    law
        Of the reps.
    quotas
        Money a year, [reps]. Who is asked for nothing is left out.
    known
        As of `attributes`.
    bands
        Within what a figure is good.

    Returns
    -------
    Rows of tests: what, value, low, high (of a slope the interval), band (in words), verdict ("good",
    "warning" or "not known"), say.
    """
    bands = bands or Bands()
    rows = [*_shares(law, np.asarray(quotas, dtype="float64"), bands)]
    asked = np.asarray(quotas) > 0
    attainment = law.mean[asked] / np.asarray(quotas)[asked]
    rows += [_bias(name, attainment, known[name].to_numpy()[asked], bands.slope) for name in ATTRIBUTES]
    return pd.DataFrame(rows, columns=["what", "value", "low", "high", "band", "verdict", "say"])


Row = tuple[str, float, float, float, str, str, str]


def _shares(law: Law, quotas: np.ndarray, bands: Bands) -> Iterator[Row]:
    asked = quotas > 0

    def reach(times: float) -> float:
        return float(law.chance(quotas * times)[asked].mean()) if asked.any() else float("nan")

    at, near = reach(1.0), reach(0.8) - reach(1.2)
    yield _row("reps at quota", at, bands.at_quota, "{} of reps are expected to reach their quota")
    if at < bands.at_quota[0] and asked.any():
        yield _ease(law, quotas, bands.at_quota[0])
    yield _row("accuracy", near, bands.accurate, "{} of reps are expected within 20 % of their quota")
    yield _row("excellence", reach(1.2), bands.excellent, "{} of reps are expected at 120 % or more")
    yield _row("far below", 1 - reach(0.7), bands.poor, "{} of reps are expected under 70 % of quota")
    top = np.sort(quotas[asked])[::-1][: int(np.ceil(asked.sum() / 5))].sum() / max(quotas.sum(), 1e-300)
    share = float(top) if asked.any() else float("nan")
    yield _row("concentration", share, bands.top_fifth, "the largest fifth of quotas is {} of them all")


def _ease(law: Law, quotas: np.ndarray, wanted: float) -> Row:
    """Say which factor on all quotas would bring the wanted share to quota."""
    asked, low, high = quotas > 0, 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        enough = law.chance(quotas * middle)[asked].mean() >= wanted
        low, high = (middle, high) if enough else (low, middle)
    say = f"{wanted:.0%} of reps would be expected at quota if all quotas were {1 - low:.1%} lower"
    return ("quotas for that", low, np.nan, np.nan, "", WARNING, say)


def _row(what: str, value: float, band: tuple[float, float], words: str) -> Row:
    if np.isnan(value):
        return (what, value, np.nan, np.nan, _said(band), UNKNOWN, f"{what}: nobody has a quota")
    low, high = band
    say = words.format(f"{value:.0%}")
    if low <= value <= high:
        return (what, value, np.nan, np.nan, _said(band), GOOD, say)
    side = f"below {low:.0%}" if value < low else f"above {high:.0%}"
    return (what, value, np.nan, np.nan, _said(band), WARNING, f"{say}, {side}")


def _said(band: tuple[float, float]) -> str:
    low, high = band
    if low <= 0:
        return f"at most {high:.0%}"
    return f"at least {low:.0%}" if high >= 1 else f"{low:.0%} to {high:.0%}"


def _bias(name: str, attainment: np.ndarray, attribute: np.ndarray, least: float) -> Row:
    much, little, words = ATTRIBUTES[name]
    what, band = f"bias by {name}", f"within {least:.0%}, or 0 in the interval"
    here = np.isfinite(attribute)
    if here.sum() < FEWEST or np.ptp(attribute[here]) == 0:
        say = f"whether quotas are harder by {words} cannot be told: known of {here.sum()} reps"
        say += ", all alike" if here.sum() >= FEWEST else ""
        return (what, np.nan, np.nan, np.nan, band, UNKNOWN, say)
    points = attribute[here] / attribute[here].std(ddof=1)
    line = stats.linregress(points - points.mean(), attainment[here])
    reach = float(special.stdtrit(here.sum() - 2, 0.975)) * line.stderr
    slope, low, high = line.slope, line.slope - reach, line.slope + reach
    biased = abs(slope) > least and (low > 0 or high < 0)
    size = f"{100 * slope:+.1f} points of expected attainment for one standard deviation of {words}"
    say = f"{size} ({100 * low:+.1f} to {100 * high:+.1f})"
    if biased:
        say += f": quotas are easier for {much if slope > 0 else little}"
    return (what, slope, low, high, band, WARNING if biased else GOOD, say)
