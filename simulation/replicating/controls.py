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

FEWEST = 10
"""Years that must differ from the most usual value."""


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

    The interval is Student's t on the values as of `corrected`, with a degree of freedom less for each
    control.

    Parameters
    ----------
    values, controls, known
        As for `corrected`.
    level
        Of the interval.

    Returns
    -------
    None where `corrected` gives none.
    """
    better = corrected(values, controls, known)
    if better is None:
        return None
    mean = float(better.mean())
    error = float(better.std(ddof=1)) / np.sqrt(len(better))
    reach = error * float(stats.t.ppf((1 + level) / 2, len(better) - 1 - controls.shape[1]))
    return mean, mean - reach, mean + reach


def corrected(values: Numbers, controls: Numbers, known: Numbers) -> Numbers | None:
    """Take from each year's value what its controls explain: y - b'(c - known), b of least squares.

    Parameters
    ----------
    values
        A figure, or the difference of two plans' figures, [years].
    controls
        Of the same years, or their differences, [years, controls]. Those that never vary say nothing.
    known
        Means over all luck, [controls].

    Returns
    -------
    Values of which the mean is unbiased, since the factors of a year come from other parts of the years; None
    where there are too few years for the controls that vary, where the figure is not a number in some, or
    where it is the same in all but nine years or fewer.
    """
    years, away = len(values), controls - known
    away = away[:, np.ptp(away, axis=0) > 0] if years else away
    count = away.shape[1]
    if not count or years < YEARS_PER_CONTROL * (count + 1) or np.isnan(values).any():
        return None
    if np.unique(values, return_counts=True)[1].max() > years - FEWEST:
        return None
    away = away / away.std(axis=0)
    part = np.arange(years) % FOLDS
    better = np.empty(years)
    for fold in range(FOLDS):
        others, mine = part != fold, part == fold
        better[mine] = values[mine] - away[mine] @ _factors(values[others], away[others])
    return better


def _factors(values: Numbers, controls: Numbers) -> Numbers:
    centered = controls - controls.mean(axis=0)
    found: Numbers = np.linalg.lstsq(centered, values - values.mean(), rcond=1e-9)[0]
    return found
