"""How surely people quit, by what they sell; compiled, without numba plain Python."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.seats.compiled import compiled

Numbers = NDArray[np.float64]


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
    """

    rate: Numbers
    left: Numbers
    there: NDArray[np.bool_]
    quits_on: Numbers
    factor: Numbers
    even: bool
    usual: float
    effect: float


@compiled
def weigh(crowd, booked, asked):
    """Set everybody's rate of quitting by bookings over the quota of the year so far; 1 without quota.

    Parameters
    ----------
    crowd
        Whose rate is set.
    booked
        Cents, [seats, quarters].
    asked
        Money, [reps].
    """
    for seat in range(len(crowd.rate)):
        cents = 0
        for quarter in range(booked.shape[1]):
            cents += booked[seat, quarter]
        attained = cents / 100 / asked[seat] if asked[seat] > 0.0 else 1.0
        crowd.rate[seat] = crowd.usual * math.exp(crowd.effect * (1.0 - attained))


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
