"""Effort where pay depends on quarters and on the year: quarters solved one inside the other, reps by kinds.

What a quarter's end is worth depends on what the year has brought so far: it is the quarter's own pay and
what the next quarter is worth from there, and after the last one the yearly pay. So each quarter is solved
(`dynamic.py`) from a number of credits of the year so far; between them the worth of the next quarter is
interpolated monotonously. Many reps are alike but for the size of their numbers: those are solved once and
read by attainment.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from simulation.behaving.dynamic import EFFORTS, Deals, Grid, Period, solve_ends
from simulation.behaving.preferences import Preferences

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Worth = Callable[[Numbers], Numbers]

SO_FAR = np.linspace(0.0, 2.0, 41)
"""Credits of the year so far from which quarters are solved, as shares of the year's quota."""

KINDS = 24
"""Kinds of reps, at most, that are told apart."""

POTENTIAL_COUNTS, INCENTIVE_COUNTS = 2.0, 0.5
"""Weight of the logarithms of potential and incentive beside scatter as a share of quota."""

MOVES = 20
"""How often the middles of kinds move."""

READINGS = 25
"""Points at which two reps' pay is compared."""


@dataclass(frozen=True)
class Year:
    """A year as reps see it at its beginning.

    Parameters
    ----------
    quarters
        Its periods, with the pay each of them brings.
    grid
        Attainments of the year.
    at_end
        Pay that comes at the year's end by its attainment, money, [reps, points of grid].
    running
        Pay by the year's attainment that is credited along with it, as `at_end`; none where not given.
    """

    quarters: tuple[Period, ...]
    grid: Grid
    at_end: Numbers
    running: Numbers | None = None

    @property
    def quota(self) -> Numbers:
        """Quota of the year, money, [reps]."""
        whole: Numbers = np.sum([quarter.quota for quarter in self.quarters], axis=0)
        return whole


@dataclass(frozen=True)
class YearResponse:
    """How reps answer over the year.

    Parameters
    ----------
    grid
        Attainments of a quarter.
    so_far
        Credits of the year at the beginning of a quarter, shares of the year's quota, [kinds, quarters, so
        far].
    effort
        Of each kind by quarter, [kinds, so far, steps, points].
    value
        Of each kind at the beginning of each quarter, and at the year's end, discounted, money of its
        example, [kinds, quarters + 1, so far].
    kind
        Kind of each rep, [reps].
    example
        The rep that was solved for each kind, [kinds].
    """

    grid: Grid
    so_far: Numbers
    effort: tuple[NDArray[np.float32], ...]
    value: Numbers
    kind: Positions
    example: Positions

    def chosen(self, rep: int, quarter: int, step: int, so_far: float, attainment: Numbers) -> Numbers:
        """Look effort up by the year before this quarter and the quarter's attainment, linear in between."""
        table = self.effort[quarter][self.kind[rep], :, step]
        known = self.so_far[self.kind[rep], quarter]
        place = np.interp(so_far, known, np.arange(len(known)))
        left = min(int(place), len(known) - 2)
        row = table[left] * (left + 1 - place) + table[left + 1] * (place - left)
        effort: Numbers = np.interp(attainment, self.grid.attainment, row)
        return effort


def respond_in_year(
    year: Year,
    preferences: Preferences,
    grid: Grid,
    kinds: int = KINDS,
    so_far: Numbers = SO_FAR,
    efforts: int = EFFORTS,
) -> YearResponse:
    """Solve the year of each kind of rep.

    A present bias does not weaken what comes a week or less before a quarter's end, later quarters included.

    Parameters
    ----------
    year
        What reps face.
    preferences
        How they weigh it.
    grid
        Attainments of a quarter.
    kinds
        How many kinds are told apart, at most.
    so_far
        Credits of the year before a quarter, shares of the year's quota, rising, [so far] from 0 or [reps,
        quarters, so far]; before the first quarter there are none.
    efforts
        How many efforts are tried.
    """
    kind, example = kinds_of(year, kinds)
    places = np.broadcast_to(so_far, (len(kind), len(year.quarters), so_far.shape[-1]))[example]
    shape = (len(example), so_far.shape[-1])
    effort = tuple(
        np.empty((*shape, len(quarter.weeks), grid.points), dtype=np.float32) for quarter in year.quarters
    )
    value = np.empty((shape[0], len(year.quarters) + 1, shape[1]))
    for number, rep in enumerate(example):
        tables = [e[number] for e in effort]
        _solve(year, int(rep), preferences, grid, places[number], efforts, tables, value[number])
    return YearResponse(grid, places, effort, value, kind, example)


def kinds_of(year: Year, most: int) -> tuple[Positions, Positions]:
    """Tell reps apart by what they face in shares of quota and target incentive.

    Middles of kinds begin far from each other (the rep nearest the middle of all, then again and again who is
    farthest from the middles so far) and move to the mean of those who are nearest to them (S. Lloyd, IEEE
    Transactions on Information Theory 28, 1982) a few times; a kind's example is the rep nearest its middle.

    Returns
    -------
    Kind of each rep, [reps], and the rep that is its example, [kinds].
    """
    traits = _traits(year)
    middles = traits[_far_apart(traits, most)]
    for _ in range(MOVES):
        kind = _nearest(middles, traits)
        for number in np.unique(kind):
            middles[number] = traits[kind == number].mean(axis=0)
    example = np.unique(_nearest(traits, middles))
    return _nearest(traits[example], traits), example


def _far_apart(traits: Numbers, most: int) -> list[int]:
    chosen = [int(np.linalg.norm(traits - traits.mean(axis=0), axis=1).argmin())]
    away = np.linalg.norm(traits - traits[chosen[0]], axis=1)
    while len(chosen) < most and away.max() > 1e-9:
        chosen.append(int(away.argmax()))
        away = np.minimum(away, np.linalg.norm(traits - traits[chosen[-1]], axis=1))
    return chosen


def _nearest(choices: Numbers, traits: Numbers) -> Positions:
    """Say which of the choices is nearest to each row."""
    squares = (choices**2).sum(axis=1) - 2 * traits @ choices.T
    return squares.argmin(axis=1)


def _traits(year: Year) -> Numbers:
    """What decides on effort, free of units, [reps, traits]; what moves it more counts more."""
    incentive = np.sum([quarter.target_incentive for quarter in year.quarters], axis=0)
    traits = [INCENTIVE_COUNTS * np.log(year.quota / incentive)]
    for quarter in year.quarters:
        traits.append(POTENTIAL_COUNTS * np.log(quarter.bookings.sum(axis=1) / quarter.quota))
        traits.append(np.sqrt(_variance(quarter)) / quarter.quota)
        traits.append(POTENTIAL_COUNTS * np.log(quarter.quota / year.quota))
        traits += list(np.log(quarter.bookings / quarter.bookings.mean(axis=1, keepdims=True)).T)
        traits += _readings((quarter.at_once + quarter.at_end) / incentive[:, None])
    traits += _readings(year.at_end / incentive[:, None])
    if year.running is not None:
        traits += _readings(year.running / incentive[:, None])
    return np.column_stack(traits)


def _variance(quarter: Period) -> Numbers:
    """Of a quarter's bookings, money squared, [reps]."""
    if isinstance(quarter.luck, Deals):
        variance: Numbers = quarter.bookings.sum(axis=1) * quarter.luck.amount * (1 + quarter.luck.cv**2)
        return variance
    return quarter.luck.weekly_variance * quarter.weeks.sum()


def _readings(pay: Numbers) -> list[Numbers]:
    places = np.linspace(0, pay.shape[1] - 1, READINGS).astype(np.int64)
    return list(pay[:, places].T)


def _solve(
    year: Year,
    rep: int,
    preferences: Preferences,
    grid: Grid,
    so_far: Numbers,
    efforts: int,
    effort: list[NDArray[np.float32]],
    value: Numbers,
) -> None:
    """Solve a rep's quarters from the last to the first, the first from credit 0 alone."""
    ahead = _on_grid(year.grid, year.at_end[rep])
    running = None if year.running is None else _on_grid(year.grid, year.running[rep])
    value[-1] = ahead(so_far[-1])
    for number in range(len(year.quarters) - 1, -1, -1):
        quarter = year.quarters[number]
        starts = so_far[number] if number else np.zeros(1)
        share = quarter.quota[rep] / year.quota[rep]
        reached_by_then = starts[:, None] + share * grid.attainment
        ends = quarter.at_end[rep] + ahead(reached_by_then)
        at_once = quarter.at_once[rep] + (0.0 if running is None else running(reached_by_then))
        chosen = np.empty((len(starts), len(quarter.weeks), grid.points))
        reached = np.empty((len(starts), len(quarter.weeks) + 1, grid.points))
        solve_ends(quarter, rep, at_once, ends, preferences, grid, efforts, chosen, reached)
        effort[number][:] = chosen
        value[number] = [np.interp(0.0, grid.attainment, row[0]) for row in reached]
        if number:
            ahead = _continued(PchipInterpolator(starts, value[number]), starts, value[number])


def _on_grid(grid: Grid, pay: Numbers) -> Worth:
    return _continued(lambda x: np.interp(x, grid.attainment, pay), grid.attainment, pay)


def _continued(inside: Worth, places: Numbers, worth: Numbers) -> Worth:
    """Continue a function in a line beyond both ends of where it is known."""
    low, high = (np.diff(worth) / np.diff(places))[[0, -1]]

    def read(x: Numbers) -> Numbers:
        over, under = np.maximum(x - places[-1], 0.0), np.minimum(x - places[0], 0.0)
        read: Numbers = inside(np.clip(x, places[0], places[-1])) + high * over + low * under
        return read

    return read
