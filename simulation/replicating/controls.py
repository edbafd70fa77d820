"""Control variates: what is known of the luck that was drawn corrects the means of what came of it.

A year's luck has parts whose means are known in advance, such as the number and the value of the
opportunities that may arise. Years that happened to have more of them than usual say more than usual of
bookings, and a regression says by how much. Factors for each year come from the other years, so that a mean
stays unbiased however few years there are (splitting: A. Avramidis, J. Wilson, Operations Research 41, 1993).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simulation.company.year import Year
from simulation.world.world import World

Numbers = NDArray[np.float64]

FOLDS = 8
"""Parts of the years; the factors of one come from the others."""

YEARS_PER_CONTROL = 10
"""Years there must be for each control, and as many more."""


@dataclass(frozen=True)
class Controls:
    """What to observe in each year beside its measures. Functions must be importable by name, for workers.

    Parameters
    ----------
    names
        Of the controls.
    values
        Gives their values in a year, [controls].
    means
        Gives their means over all luck, [controls].
    """

    names: tuple[str, ...]
    values: Callable[[World, Year], Numbers]
    means: Callable[[World], Numbers]


def adjusted(
    values: Numbers, controls: Numbers, known: Numbers, level: float
) -> tuple[float, float, float] | None:
    """Give a mean corrected by controls, and the ends of its interval.

    mean of y - b'(c - known), with the b of least squares on the other parts of the years; the interval is
    Student's t on these corrected values, with a degree of freedom less for each control.

    Parameters
    ----------
    values
        A figure, [years].
    controls
        [years, controls].
    known
        Means over all luck, [controls].
    level
        Of the interval.

    Returns
    -------
    None where there are too few years, or the figure is not a number in some, or is yes or no and almost
    always the same (fewer than ten years on either side).
    """
    years, count = controls.shape
    if not count or years < YEARS_PER_CONTROL * (count + 1) or np.isnan(values).any():
        return None
    if set(np.unique(values)) <= {0.0, 1.0} and not 10 <= values.sum() <= years - 10:
        return None
    away = controls - known
    scale = away.std(axis=0)
    away = np.divide(away, scale, out=np.zeros_like(away), where=scale > 0)
    part = np.arange(years) % FOLDS
    corrected = np.empty(years)
    for fold in range(FOLDS):
        others, mine = part != fold, part == fold
        corrected[mine] = values[mine] - away[mine] @ _factors(values[others], away[others])
    mean = float(corrected.mean())
    error = float(corrected.std(ddof=1)) / np.sqrt(years)
    reach = error * float(stats.t.ppf((1 + level) / 2, years - 1 - count))
    return mean, mean - reach, mean + reach


def _factors(values: Numbers, controls: Numbers) -> Numbers:
    centered = controls - controls.mean(axis=0)
    found: Numbers = np.linalg.lstsq(centered, values - values.mean(), rcond=1e-9)[0]
    return found
