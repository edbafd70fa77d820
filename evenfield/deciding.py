"""How sure a comparison of schemes is: how many years would decide, and whether a verdict holds under other
assumptions.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from evenfield.comparison import CONFIDENCE, SAME, UNDECIDED

Numbers = NDArray[np.float64]

CHANCE = 0.8
"""With this chance the years said to be needed decide, if differences are what they look like."""

MANY = 20_000
"""From so many differing years on the sign test is as good as normal."""

ROUNDING = 1e-9
"""Differences below so many of their standard errors are what adding up in another order leaves."""

HOLDS, ALIKE, UNSURE, TURNS = "holds", "same sign", "unsure", "turns"


def years_needed(difference: float, error: float, years: int) -> int:
    """Say how many years would decide with a chance of 80 %, if the difference and its scatter are what they
    look like.

    With n years the difference is (z + 0.84) standard errors away from 0, z = 2.58 being what a verdict at
    99 % asks for and 0.84 the standard normal quantile of 80 %: n = years ((z + 0.84) error / difference)^2.

    Parameters
    ----------
    difference, error
        Mean of the pairs and its standard error.
    years
        Years they come from.

    Returns
    -------
    Years in all; 0 where the difference is nothing, so that no number would.
    """
    if not math.isfinite(difference) or error == 0 or abs(difference) < ROUNDING * error:
        return 0
    reach = float(stats.norm.ppf((1 + CONFIDENCE) / 2) + stats.norm.ppf(CHANCE))
    return max(years + 1, math.ceil(years * (reach * error / abs(difference)) ** 2))


def without_rounding(difference: pd.Series, error: pd.Series) -> pd.Series:
    """Make differences 0 that are nothing but rounding beside their standard errors."""
    return difference.mask(difference.abs() < ROUNDING * error, 0.0)


def years_for_yes_or_no(pairs: Numbers) -> int:
    """Say how many years would decide about a figure that is yes or no, by the exact sign test.

    As `years_needed`: if the share of years that differ, and of those the share on the larger side, are what
    they look like, so many years have a chance of 80 % that the sign test finds a difference at 99 %.

    Parameters
    ----------
    pairs
        Differences, -1, 0 or 1, [years].
    """
    up, down = int((pairs > 0).sum()), int((pairs < 0).sum())
    if up == down:
        return 0
    differing, larger = (up + down) / len(pairs), max(up, down) / (up + down)
    z, reach = stats.norm.ppf((1 + CONFIDENCE) / 2), stats.norm.ppf(CHANCE)
    about = ((z + 2 * reach * math.sqrt(larger * (1 - larger))) / (2 * larger - 1)) ** 2
    if about > MANY:
        return max(len(pairs) + 1, math.ceil(about / differing))
    count = np.arange(int(4 * about) + 100)
    least = stats.binom.isf((1 - CONFIDENCE) / 2, count, 0.5) + 1
    finds = stats.binom.sf(least - 1, count, larger)
    low, high = len(pairs), max(len(pairs) + 1, math.ceil(3 * (about + 10) / differing))
    while high - low > 1:
        middle = (low + high) // 2
        chance = float(stats.binom.pmf(count, middle, differing) @ finds)
        low, high = (low, middle) if chance >= CHANCE else (middle, high)
    return high


@dataclass(frozen=True)
class Holding:
    """Whether a verdict holds under other assumptions.

    Parameters
    ----------
    turns
        Assumptions under which a verdict for sure is the other way round.
    unsure
        Those under which the difference points the other way, or is none, without a verdict.
    decided
        Whether there is a verdict under the usual assumptions.
    alike
        Assumptions under which the difference points the same way, without a verdict.
    tried, years
        How many assumptions were tried, and in how many years each.
    """

    turns: tuple[str, ...]
    unsure: tuple[str, ...]
    decided: bool
    alike: tuple[str, ...] = ()
    tried: int = 0
    years: int = 0

    @property
    def word(self) -> str:
        """One of "turns", "unsure", "same sign" and "holds", which asks for a verdict everywhere."""
        if self.turns:
            return TURNS
        if self.unsure or not self.decided:
            return UNSURE
        return ALIKE if self.alike else HOLDS

    @property
    def said(self) -> str:
        """The same in a sentence."""
        if self.turns:
            return f"turns where {', '.join(self.turns)}"
        if not self.decided:
            return "unsure: there is no verdict under the usual assumptions either"
        if self.unsure:
            return f"unsure where {', '.join(self.unsure)}"
        if not self.alike:
            return f"holds: decided in all {self.tried}"
        return f"same sign in all {self.tried}, decided in {self.tried - len(self.alike)}"


def holdings(sensitivity: pd.DataFrame, rows: pd.DataFrame) -> dict[tuple[str, str], Holding]:
    """Say of each scheme and judged figure whether its verdict holds under the other assumptions.

    Parameters
    ----------
    sensitivity, rows
        As of `scheme_study.SchemeStudy`.
    """
    usual = {
        (str(scheme), str(figure)): (float(difference), str(verdict))
        for scheme, figure, difference, verdict in zip(
            *(rows[c] for c in ("scheme", "figure", "difference", "verdict")), strict=True
        )
    }
    found = {}
    for (scheme, figure), others in sensitivity.groupby(["scheme", "figure"], sort=False):
        difference, verdict = usual[str(scheme), str(figure)]
        turns: list[str] = []
        unsure: list[str] = []
        alike: list[str] = []
        columns = (others[c] for c in ("assumption", "value", "difference", "verdict"))
        for assumption, value, other, told in zip(*columns, strict=True):
            if told == verdict == SAME:
                continue
            if other * difference > 0:
                alike += [f"{assumption} = {value:g}"] if told == UNDECIDED else []
                continue
            is_sure = told not in (UNDECIDED, SAME) and verdict != UNDECIDED
            (turns if is_sure else unsure).append(f"{assumption} = {value:g}")
        found[str(scheme), str(figure)] = Holding(
            tuple(turns),
            tuple(unsure),
            verdict != UNDECIDED,
            tuple(alike),
            len(others),
            int(others["years"].max()),
        )
    return found
