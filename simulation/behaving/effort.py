"""How reps answer a scheme: effort, chosen weekly, where 1 is normal, as a table that the year looks up.

A constant rep always gives 1, the null model. A forward-looking rep weighs what more effort is likely to
bring at the end of the quarter against what it costs: in closed form (`closed_form.py`) or by dynamic
programming (`dynamic.py`), and what it brings at the end of the year (`in_year.py`). Bookings of deals
already open are not foreseen one by one.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

GRID = np.linspace(0.0, 1.0, 161)
"""Where effort is tabulated, as shares of the largest tabulated bookings; linear in between."""


class YearTable(NamedTuple):
    """How effort depends on the year so far; nothing in it where it does not.

    Parameters
    ----------
    kind
        Row in `effort`, or -1 where the quarter's table holds, [seats, decisions].
    effort
        By bookings of the year before the quarter and of the quarter so far, [kinds, decisions, so far,
        points].
    first, apart
        Bookings of the year before the quarter at the first of `so far`, and from one to the next, money,
        [seats, decisions].
    push
        What comes on top of the quarter's table by bookings of the year so far, [seats, decisions, points].
    largest
        Bookings of the last point of `push`, money, [seats].
    least, most
        Limits of effort with what comes on top.
    """

    kind: Positions
    effort: NDArray[np.float32]
    first: Numbers
    apart: Numbers
    push: Numbers
    largest: Numbers
    least: float
    most: float


def no_year() -> YearTable:
    """Make the table of a year that makes no difference."""
    pairs = np.zeros((0, 0))
    tables = np.zeros((0, 0, 0))
    kinds = np.zeros((0, 0, 0, 0), np.float32)
    return YearTable(np.zeros((0, 0), np.int64), kinds, pairs, pairs, tables, np.zeros(0), 0.0, np.inf)


@dataclass(frozen=True)
class EffortTable:
    """Effort by seat, decision and bookings of the quarter so far.

    Parameters
    ----------
    effort
        [seats, decisions, points].
    largest
        Bookings of the last point, money, [seats, decisions].
    value
        What the quarter is worth to the rep from a decision on: commission on what is booked and what the
        rest will bring less its cost, weighted with patience, money, as `effort`; [0, 0, 0] where reps do not
        play with time.
    year
        What the year so far has to say.
    own
        Whether it is a user's own rule.
    """

    effort: Numbers
    largest: Numbers
    value: Numbers = field(default_factory=lambda: np.zeros((0, 0, 0)))
    year: YearTable = field(default_factory=no_year)
    own: bool = False

    def chosen(self, seat: int, decision: int, booked: float, before: float = 0.0) -> float:
        """Look up the effort of a seat.

        Parameters
        ----------
        seat, decision
            Whose, and when.
        booked
            In the quarter of the decision, money.
        before
            In the year before that quarter, money.
        """
        year = self.year
        progress = min(booked / self.largest[seat, decision], 1.0)
        if len(year.kind) and year.kind[seat, decision] >= 0:
            table = year.effort[year.kind[seat, decision], decision]
            place = (before - year.first[seat, decision]) / year.apart[seat, decision]
            place = min(max(place, 0.0), len(table) - 1.0)
            low = min(int(place), len(table) - 2)
            share = place - low
            return _read(table[low], progress) * (1 - share) + _read(table[low + 1], progress) * share
        effort = _read(self.effort[seat, decision], progress)
        if len(year.push):
            so_far = min((before + booked) / year.largest[seat], 1.0)
            effort = min(max(effort + _read(year.push[seat, decision], so_far), year.least), year.most)
        return effort

    def worth(self, seat: int, decision: int, booked: float) -> float:
        """Look up what the quarter is worth to a seat that has booked so much in it, money.

        Beyond the last point it goes on in a line.
        """
        row = self.value[seat, decision]
        position = booked / self.largest[seat, decision] * (len(row) - 1)
        left = min(int(position), len(row) - 2)
        share = position - left
        return float(row[left] * (1 - share) + row[left + 1] * share)


def _read(row: NDArray[np.floating], share: float) -> float:
    """Read a row at a share of its length, linear between points."""
    position = share * (len(row) - 1)
    left = min(int(position), len(row) - 2)
    rest = position - left
    return float(row[left]) * (1 - rest) + float(row[left + 1]) * rest


def constant(seats: int, decisions: int) -> EffortTable:
    """Make the table of reps who always give effort 1, whatever that is worth to them."""
    shape = (seats, decisions, 2)
    return EffortTable(np.ones(shape), np.ones((seats, decisions)), np.zeros(shape))
