"""Distributions gathered as years go by: moments and counts, without the years themselves.

Blocks of years are merged in order, so that the answer is the same to the last bit whoever did which block.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Codes = NDArray[np.uint16]

BINS = 2000
"""Classes between 0 and `BINS` / `PER_UNIT`, that is 400 %."""

PER_UNIT = 500
"""Classes per unit: each is 0.2 points wide."""

SLACK = 1e-9
"""Part of a class by which values count as reaching its border; rounding falls short of it by less."""

NONE = 65535
"""Code of what is not a number."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Number, mean and spread of values, cell by cell; what is not a number does not count.

    Parameters
    ----------
    count
        Of values.
    mean
        Not a number where there are none.
    squares
        Sum of squared differences from the mean.
    least, most
        Of all values.
    """

    count: Counts
    mean: Numbers
    squares: Numbers
    least: Numbers
    most: Numbers

    @classmethod
    def of(cls, values: Numbers) -> "Moments":
        """Gather values, [years, ...]."""
        there = ~np.isnan(values)
        count = there.sum(axis=0)
        total = np.where(there, values, 0.0).sum(axis=0)
        mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
        away = np.where(there, values - mean, 0.0)
        least = np.where(there, values, np.inf).min(axis=0, initial=np.inf)
        most = np.where(there, values, -np.inf).max(axis=0, initial=-np.inf)
        return cls(count, mean, (away * away).sum(axis=0), least, most)

    def stacked(self) -> Numbers:
        """Put all into one array, the moments first; counts are exact up to 2^53."""
        return np.stack([self.count.astype("float64"), self.mean, self.squares, self.least, self.most])

    @classmethod
    def unstacked(cls, stack: Numbers) -> "Moments":
        """Take them out of what `stacked` gave."""
        return cls(stack[0].astype(np.int64), *stack[1:])

    def merged(self, other: "Moments") -> "Moments":
        """Put two sets of values together.

        Updating formulas of T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242-247.
        """
        count = self.count + other.count
        step = np.where(other.count > 0, other.mean, 0.0) - np.where(self.count > 0, self.mean, 0.0)
        share = np.divide(other.count, count, out=np.zeros(count.shape), where=count > 0)
        mean = np.where(self.count > 0, self.mean + step * share, other.mean)
        mean = np.where(other.count > 0, mean, self.mean)
        both = (self.count > 0) & (other.count > 0)
        squares = self.squares + other.squares + np.where(both, step * step * self.count * share, 0.0)
        return Moments(
            count, mean, squares, np.minimum(self.least, other.least), np.maximum(self.most, other.most)
        )

    @property
    def deviation(self) -> Numbers:
        """Standard deviation; not a number where there are fewer than two values."""
        nothing = np.full(self.count.shape, np.nan)
        return np.sqrt(np.divide(self.squares, self.count - 1, out=nothing, where=self.count > 1))


def codes_of(values: Numbers) -> Codes:
    """Sort values into classes: 0 below zero, then `BINS` classes, `BINS` + 1 above them, `NONE` for none."""
    with np.errstate(invalid="ignore"):
        number = np.clip(np.floor(values * PER_UNIT + SLACK), -1, BINS) + 1
    return np.where(np.isnan(number), NONE, number).astype(np.uint16)


class Tally:
    """Counts of values in classes, cell by cell, while years are still coming in."""

    def __init__(self, cells: tuple[int, ...]) -> None:
        self.counts = np.zeros((*cells, BINS + 2), dtype=np.int32)

    def add(self, codes: Codes) -> None:
        """Count values, given as codes, [years, ...]."""
        flat = codes.reshape(len(codes), -1)
        cell = np.broadcast_to(np.arange(flat.shape[1]), flat.shape)
        there = flat != NONE
        np.add.at(self.counts.reshape(-1, BINS + 2), (cell[there], flat[there]), 1)


@dataclass(frozen=True, eq=False)
class Distribution:
    """A distribution of values such as attainment, cell by cell.

    Parameters
    ----------
    moments
        Number, mean, spread and ends.
    counts
        Values in classes: below 0, `BINS` classes, above; [..., BINS + 2].
    """

    moments: Moments
    counts: NDArray[np.int32]

    def quantile(self, probability: float) -> Numbers:
        """Give the value that a share of the values stays below; not a number where there are none.

        A line between order statistics, each in the middle of its class and within the ends: at most 0.1
        points off. Beyond the classes (above 400 %, below 0) the value is only known to lie between their
        border and the end; the middle is given.
        """
        place = probability * np.maximum(self.moments.count - 1, 0)
        below = np.floor(place).astype(np.int64)
        low = self._ordered(below)
        high = self._ordered(np.minimum(below + 1, np.maximum(self.moments.count - 1, 0)))
        with np.errstate(invalid="ignore"):
            found = low + (high - low) * (place - below)
        return np.where(self.moments.count > 0, found, np.nan)

    def share_from(self, threshold: float) -> Numbers:
        """Give the share of values that reach a threshold; exact for whole multiples of 0.2 points."""
        first = int(np.clip(np.rint(threshold * PER_UNIT), 0, BINS)) + 1
        reached = self.counts[..., first:].sum(axis=-1)
        nothing = np.full(reached.shape, np.nan)
        return np.divide(reached, self.moments.count, out=nothing, where=self.moments.count > 0)

    def _ordered(self, place: Counts) -> Numbers:
        """Give the value at a place of the order, counted from 0."""
        code = (np.cumsum(self.counts, axis=-1) <= place[..., None]).sum(axis=-1)
        least, most = self.moments.least, self.moments.most
        with np.errstate(invalid="ignore"):
            above, under = (BINS / PER_UNIT + most) / 2, least / 2
        inside = np.where(code > BINS, above, np.where(code == 0, under, (code - 0.5) / PER_UNIT))
        return np.clip(inside, least, most)
