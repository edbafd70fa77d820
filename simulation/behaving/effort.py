"""How reps answer a scheme: effort, chosen weekly, where 1 is normal, as a table that the year looks up.

A constant rep always gives 1, the null model. A forward-looking rep weighs what more effort is likely to
bring at the end of the quarter against what it costs: in closed form (`closed_form.py`) or by dynamic
programming (`dynamic.py`). Bookings of deals already open are not foreseen one by one, and a rep takes every
booked unit as an even step towards the yearly bonus.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

GRID = np.linspace(0.0, 1.0, 161)
"""Where effort is tabulated, as shares of the largest tabulated bookings; linear in between."""


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
    """

    effort: Numbers
    largest: Numbers
    value: Numbers = field(default_factory=lambda: np.zeros((0, 0, 0)))

    def chosen(self, seat: int, decision: int, booked: float) -> float:
        """Look up the effort of a seat that has booked so much in the quarter of this decision."""
        row = self.effort[seat, decision]
        position = min(booked / self.largest[seat, decision], 1.0) * (len(row) - 1)
        left = min(int(position), len(row) - 2)
        share = position - left
        return float(row[left] * (1 - share) + row[left + 1] * share)

    def worth(self, seat: int, decision: int, booked: float) -> float:
        """Look up what the quarter is worth to a seat that has booked so much in it, money.

        Beyond the last point it goes on in a line.
        """
        row = self.value[seat, decision]
        position = booked / self.largest[seat, decision] * (len(row) - 1)
        left = min(int(position), len(row) - 2)
        share = position - left
        return float(row[left] * (1 - share) + row[left + 1] * share)


def constant(seats: int, decisions: int) -> EffortTable:
    """Make the table of reps who always give effort 1, whatever that is worth to them."""
    shape = (seats, decisions, 2)
    return EffortTable(np.ones(shape), np.ones((seats, decisions)), np.zeros(shape))
