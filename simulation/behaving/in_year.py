"""What the year so far does to effort, where pay depends on it: tables that the year looks up.

In closed form (`closed_form.pushed_by_the_year`) the year's pay comes on top of the quarter's, each solved as
if the other were an even step. By dynamic programming (`whole_year.py`) quarters are solved one inside the
other, by kinds of reps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.behaving.closed_form import pushed_by_the_year
from simulation.behaving.dynamic import Deals, Grid, Period
from simulation.behaving.effort import GRID, YearTable, no_year
from simulation.behaving.preferences import Preferences
from simulation.behaving.whole_year import Year, respond_in_year
from simulation.paying.outlook import Outlook
from simulation.paying.year_outlook import YearView

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

FINER = 2
"""Cells of the dynamic program's grid in one of the table's."""

YEAR_GRID = np.linspace(0.0, 1.0, 241)
"""Where the year's part is tabulated, as shares of the largest tabulated bookings."""

YEAR_REACH = 2.0
"""Bookings up to so many times the year's quota, or expectation if larger, are tabulated."""

STARTS = 49
"""Bookings of the year before a quarter from which it is solved."""

AROUND = (0.83, 1.25, 4.0)
"""They lie between these shares of what is expected until then, and so many standard deviations beyond."""

NOTHING = 1e-6
"""Stands for bookings of a quarter in which none are expected, as a share of the largest tabulated."""


@dataclass(frozen=True)
class Ahead:
    """What seats expect of the year, and what they are paid for it.

    Parameters
    ----------
    views
        What each rep has in view; none: its pay does not depend on the year.
    curves
        Incentive by quarter with what reps fear, the even step that of elements of half a year alone, by seat
        and quarter; for those who have the year in view.
    asked
        Quotas, money, [reps, quarters].
    mean, variance, orders
        Of weekly bookings at effort 1, [seats, quarters].
    largest
        Bookings of the quarter's last point, money, [seats, decisions].
    quarter, weeks_left
        Of the decisions.
    """

    views: list[YearView | None]
    curves: dict[tuple[int, int], Outlook]
    asked: Numbers
    mean: Numbers
    variance: Numbers
    orders: Numbers
    largest: Numbers
    quarter: Positions
    weeks_left: Numbers

    @property
    def seats(self) -> list[int]:
        """Who has the year in view and something to sell in it."""
        return sorted({seat for seat, _ in self.curves})

    @property
    def weeks(self) -> Numbers:
        """Length of each quarter, weeks."""
        lengths: Numbers = self.weeks_left[np.searchsorted(self.quarter, np.arange(self.asked.shape[1]))]
        return lengths

    def answers(self, seat: int) -> NDArray[np.bool_]:
        """Say at which decisions a seat answers its pay, [decisions]."""
        return ((self.asked[seat] > 0) & (self.mean[seat] > 0))[self.quarter]

    def left(self, weekly: Numbers) -> Numbers:
        """Add up what is left of the year at each decision, of an amount a week by quarter, [decisions]."""
        after = np.append(np.cumsum((weekly * self.weeks)[::-1])[::-1], 0.0)
        ahead: Numbers = weekly[self.quarter] * self.weeks_left + after[self.quarter + 1]
        return ahead


def pushes(ahead: Ahead, preferences: Preferences) -> YearTable:
    """Tabulate what the year's pay adds to effort in closed form, by bookings of the year so far."""
    seats = len(ahead.mean)
    push = np.zeros((seats, len(ahead.quarter), len(YEAR_GRID)))
    largest = np.ones(seats)
    weeks_left = ahead.left(np.ones(ahead.asked.shape[1]))
    for seat in ahead.seats:
        view, asked, mean = ahead.views[seat], ahead.asked[seat], ahead.mean[seat]
        assert view is not None
        here = ahead.answers(seat)
        largest[seat] = YEAR_REACH * max(float(asked.sum()), float(mean @ ahead.weeks))
        quarters = np.flatnonzero((asked > 0) & (mean > 0)).tolist()
        paid = [float(ahead.curves[seat, quarter].pay(asked[quarter])) for quarter in quarters]
        push[seat, here] = pushed_by_the_year(
            preferences,
            view.at_once,
            view.at_end,
            sum(paid) / float(asked[quarters].sum()),
            ahead.left(mean)[here, None],
            ahead.left(ahead.variance[seat])[here, None],
            weeks_left[here, None],
            YEAR_GRID * largest[seat],
        )
    kind = np.full((seats, len(ahead.quarter)), -1)
    return no_year()._replace(
        kind=kind, push=push, largest=largest, least=preferences.least, most=preferences.most
    )


def programmed(ahead: Ahead, preferences: Preferences, incentive: Numbers) -> YearTable:
    """Tabulate effort by dynamic programming, by bookings of the year before a quarter and of the quarter.

    Parameters
    ----------
    ahead
        What seats expect.
    preferences
        How they weigh it.
    incentive
        At the year's quotas, money, [reps]: by it reps of one kind are recognized.
    """
    seats = np.array(ahead.seats)
    first = np.searchsorted(ahead.quarter, np.arange(ahead.asked.shape[1]))
    unit = ahead.largest[seats][:, first]
    year = _year(ahead, seats, unit, incentive[seats], preferences)
    starts = _starts(ahead, seats, unit)
    response = respond_in_year(year, preferences, _grid(), so_far=starts)
    effort = np.concatenate([part.transpose(0, 2, 1, 3)[..., ::FINER] for part in response.effort], axis=1)
    shape = ahead.largest.shape
    kind, low, apart = np.full(shape, -1), np.zeros(shape), np.ones(shape)
    for number, seat in enumerate(seats.tolist()):
        own = response.kind[number]
        kind[seat, ahead.answers(seat)] = own
        points = (response.so_far[own] * unit[number].sum())[ahead.quarter]
        low[seat], apart[seat] = points[:, 0], points[:, 1] - points[:, 0]
    return no_year()._replace(kind=kind, effort=np.ascontiguousarray(effort), first=low, apart=apart)


def _grid() -> Grid:
    cells = FINER * (len(GRID) - 1)
    return Grid(0.0, 1 / cells, cells + 1)


def _year(
    ahead: Ahead, seats: Positions, unit: Numbers, incentive: Numbers, preferences: Preferences
) -> Year:
    """Lay the year of some seats out in units of the largest tabulated bookings, [seats, quarters]."""
    grid, quarters = _grid(), unit.shape[1]
    whole = Grid(0.0, grid.cell / quarters, quarters * (grid.points - 1) + 1)
    weeks_after = np.append(np.cumsum(ahead.weeks[::-1])[::-1][1:], 0.0)
    nobody = np.zeros((len(seats), grid.points))
    periods = []
    for quarter in range(quarters):
        left = ahead.weeks_left[ahead.quarter == quarter]
        steps = left - np.append(left[1:], 0.0)
        mean = np.maximum(ahead.mean[seats, quarter], NOTHING * unit[:, quarter])
        once, end = nobody.copy(), nobody.copy()
        for number, seat in enumerate(seats.tolist()):
            curve = ahead.curves.get((seat, quarter))
            if curve is not None:
                even = curve.yearly * preferences.weekly_patience ** weeks_after[quarter]
                once[number], end[number] = _both(curve, even, grid, unit[number, quarter])
        periods.append(
            Period(
                quota=unit[:, quarter],
                bookings=mean[:, None] * steps,
                weeks=steps,
                at_once=once,
                at_end=end,
                target_incentive=np.maximum(incentive / quarters, 1.0),
                luck=_deals(ahead, seats, quarter, unit),
            )
        )
    at_end, running = np.zeros((2, len(seats), whole.points))
    for number, seat in enumerate(seats.tolist()):
        view = ahead.views[seat]
        assert view is not None
        scale = unit[number].sum()
        running[number], jumps = _both(view.at_once, 0.0, whole, scale)
        at_end[number] = jumps + sum(_both(view.at_end, 0.0, whole, scale))
    return Year(tuple(periods), whole, at_end, running)


def _both(curve: Outlook, even: float, grid: Grid, unit: float) -> tuple[Numbers, Numbers]:
    """Give what a curve credits with bookings, and at the end with an even step, by shares of a unit."""
    commission = Outlook(curve.kinks, curve.slopes, 0 * curve.jumps)
    jumps = Outlook(curve.kinks, 0 * curve.slopes, curve.jumps, even)
    return grid.averaged(lambda x: commission.pay(x * unit)), grid.averaged(lambda x: jumps.pay(x * unit))


def _deals(ahead: Ahead, seats: Positions, quarter: int, unit: Numbers) -> Deals:
    """Orders of a quarter; where none are expected, certain ones of hardly anything."""
    mean, variance, orders = (a[seats, quarter] for a in (ahead.mean, ahead.variance, ahead.orders))
    some = mean > 0
    number = np.where(some, orders, 1.0)
    amount = np.where(some, mean / number, NOTHING * unit[:, quarter])
    spread = np.where(some, variance / np.where(some, number * amount**2, 1.0) - 1, 0.0)
    return Deals(amount, np.sqrt(np.maximum(spread, 0.0)))


def _starts(ahead: Ahead, seats: Positions, unit: Numbers) -> Numbers:
    """Choose from where quarters are solved, shares of the year's unit, [seats, quarters, STARTS]."""
    least, most, deviations = AROUND
    before = np.cumsum(ahead.mean[seats] * ahead.weeks, axis=1) - ahead.mean[seats] * ahead.weeks
    square = np.cumsum(ahead.variance[seats] * ahead.weeks, axis=1) - ahead.variance[seats] * ahead.weeks
    whole, spread = unit.sum(axis=1, keepdims=True), deviations * np.sqrt(square)
    low = np.maximum(least * before - spread, 0.0) / whole
    high = np.maximum((most * before + spread) / whole, low + 1e-3)
    return np.linspace(low, high, STARTS, axis=-1)
