"""How surely people quit, by what they sell; compiled, without numba plain Python."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.seats.compiled import compiled
from simulation.seats.customers import productivity

Numbers = NDArray[np.float64]

ON_PLAN = 0.25
"""Years' quota that everybody is taken to have reached before the time that counts.

A record of days says little: one order is ten times what the first week asks for, none is nothing of it. A
quarter is the time by which people are measured, so after a quarter of one's own it counts as much as that.
"""


class Crowd(NamedTuple):
    """The patience of those who sit on seats.

    Parameters
    ----------
    rate
        Of quitting, a day, [reps].
    left
        What their rate may still add up to before they quit, [reps].
    there
        Whether anybody is, [reps].
    quits_on
        Day on which they quit, as far as they know already; infinite if not, [reps].
    factor
        Of shocks on the rate, by day, [seats, days] or [1, days].
    even
        Whether the factor is 1 on all days.
    usual, effect
        The rate at quota, and how much its logarithm rises for each share of quota that is missing.
    before
        What the seat had booked in the year when its holder came, cents, [seats].
    counted
        Day up to which the holder's time is counted, [seats].
    productive
        That time in days at full productivity, [seats, quarters].
    """

    rate: Numbers
    left: Numbers
    there: NDArray[np.bool_]
    quits_on: Numbers
    factor: Numbers
    even: bool
    usual: float
    effect: float
    before: NDArray[np.int64]
    counted: Numbers
    productive: Numbers

    def is_joined(self, seat: int, day: float, booked: int) -> None:
        """Let somebody begin without a record, on a seat that has booked so many cents this year."""
        self.rate[seat], self.before[seat], self.counted[seat] = self.usual, booked, day
        self.productive[seat] = 0.0


@compiled
def weigh(now, crowd, quota, meant_for, quarter, day):
    """Set the rate of quitting of all who are there by what they booked over what was asked of them.

    Parameters
    ----------
    now
        See `simulation.seats.state.State`.
    crowd
        Whose rate is set.
    quota, meant_for
        See `World`.
    quarter
        In which the days lie that are not counted yet.
    day
        Up to which they count.
    """
    for seat in range(len(crowd.rate)):
        if crowd.there[seat]:
            count_days(now, crowd, seat, quarter, day)
            attained = attainment(now, crowd, seat, quota, meant_for)
            crowd.rate[seat] = crowd.usual * math.exp(crowd.effect * (1.0 - attained))


@compiled
def count_days(now, crowd, seat, quarter, day):
    """Count the days of a holder up to one, those of a ramp by the productivity in their midst."""
    since = crowd.counted[seat]
    if since < day:
        crowd.productive[seat, quarter] += (day - since) * productivity(now, seat, (since + day) / 2.0)
        crowd.counted[seat] = day


@compiled
def attainment(now, crowd, seat, quota, meant_for):
    """Give what a holder booked over what was asked in that time, drawn towards 1; 1 if nothing was."""
    cents, asked, yearly = -crowd.before[seat], 0.0, 0.0
    for quarter in range(quota.shape[1]):
        cents += now.booked[seat, quarter]
        share = crowd.productive[seat, quarter] / meant_for[seat, quarter]
        asked += quota[seat, quarter] * min(share, 1.0)
        yearly += quota[seat, quarter]
    if asked <= 0.0:
        return 1.0
    return (cents / 100 + ON_PLAN * yearly) / (asked + ON_PLAN * yearly)


@compiled
def spend(crowd, seat, start, end):
    """Spend a holder's patience from one day to another, and find the day on which it is used up."""
    left, rate = crowd.left[seat], crowd.rate[seat]
    table = crowd.factor[min(seat, len(crowd.factor) - 1)]
    quits_on = np.inf
    while start < end and quits_on == np.inf:
        upto = end if crowd.even else min(float(int(start)) + 1.0, end)
        hazard = rate if crowd.even else rate * table[int(start)]
        if hazard * (upto - start) > left:
            quits_on = start + left / hazard
            left = 0.0
        else:
            left -= hazard * (upto - start)
            start = upto
    crowd.left[seat] = left
    crowd.quits_on[seat] = quits_on
