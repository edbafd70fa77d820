"""How surely people quit, by what they sell; compiled, without numba plain Python."""

import math

from simulation.seats.compiled import compiled


@compiled
def weigh(rate, booked, asked, usual, effect):
    """Set everybody's rate of quitting by bookings over the quota of the year so far; 1 without quota.

    Parameters
    ----------
    rate
        What is set, a day, [reps].
    booked
        Cents, [seats, quarters].
    asked
        Money, [reps].
    usual, effect
        The rate at quota, and how much its logarithm rises for each share of quota that is missing.
    """
    for seat in range(len(rate)):
        cents = 0
        for quarter in range(booked.shape[1]):
            cents += booked[seat, quarter]
        attained = cents / 100 / asked[seat] if asked[seat] > 0.0 else 1.0
        rate[seat] = usual * math.exp(effect * (1.0 - attained))


@compiled
def spend(may_go, there, left, rate, ahead):
    """Mark who may quit within the days ahead, and say whether anybody may; others spend patience."""
    anybody = False
    for seat in range(len(may_go)):
        spent = rate[seat] * ahead
        may_go[seat] = there[seat] and spent > left[seat]
        if there[seat] and not may_go[seat]:
            left[seat] -= spent
        anybody = anybody or may_go[seat]
    return anybody
