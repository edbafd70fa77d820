"""How the largest tables of a year are filled, row by row as they are read; without numba plain Python."""

import numpy as np
from numba import njit

NEVER = -1


@njit(cache=True)
def fill_deals(
    rows,
    customer,
    line,
    arises,
    height,
    limit,
    is_new,
    amount,
    unattended,
    win,
    delivery_days,
    payment_days,
    never_pays,
):
    """Write opportunities as rows with nothing begun; row by row, as it is read."""
    for o in range(len(rows)):
        row = rows[o]
        row["customer"], row["line"], row["arises"] = customer[o], line[o], arises[o]
        row["height"], row["limit"], row["is_new"] = height[o], limit[o], is_new[o]
        row["amount"], row["unattended"], row["win"] = amount[o], unattended[o], win[o]
        row["delivery_days"], row["payment_days"] = delivery_days[o], payment_days[o]
        row["never_pays"] = never_pays[o]
        row["doing"], row["stage"], row["booked_by"], row["held_next"] = 0, 0, NEVER, NEVER


@njit(cache=True)
def fill_steps(rows, mark, days, patience):
    """Write the luck of stages as rows."""
    for o in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            row = rows[o, k]
            row["mark"], row["days"], row["patience"] = mark[o, k], days[o, k], patience[o, k]


@njit(cache=True)
def room_for(seat, entries, seats):
    """Add up the entries of all customers who may ever be in a seat's hands, [seats]."""
    room = np.zeros(seats, dtype=np.int64)
    for c in range(seat.shape[0]):
        for h in range(seat.shape[1]):
            again = False
            for earlier in range(h):
                again = again or seat[c, earlier] == seat[c, h]
            if not again:
                room[seat[c, h]] += entries[c]
    return room
