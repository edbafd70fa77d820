"""How satisfied customers are at the end of each quarter or month, and who serves them then."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.year import Year
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

GONE = -1
"""Seat of customers that are lost for good: they are nobody's any more, and nobody asks them."""

VISIT, MISSED, UNSERVED = int(What.VISIT), int(What.MISSED_VISIT), int(What.UNSERVED)
LOST_WAITING, MOVES, CUSTOMER_LOST = int(What.LOST_WAITING), int(What.MOVES), int(What.CUSTOMER_LOST)


def contentment(world: World, year: Year, period_of: Positions, periods: int) -> tuple[Numbers, Positions]:
    """Follow the satisfaction of customers through a year.

    Parameters
    ----------
    period_of
        Number of the quarter or month of each day.
    periods
        How many there are.

    Returns
    -------
    At the end of each period the satisfaction of each customer and the seat that serves it, `GONE` once it is
    lost, [customers, periods] each.
    """
    deals, content = year.fate.opportunities, world.market.satisfaction
    level = np.full((len(world.customers), periods), np.nan)
    seat = np.full(level.shape, np.iinfo(np.int64).min)
    follow(
        year.journal,
        *(period_of, world.hands.seat[:, 0], deals.customer, deals.is_new, year.fate.calls.customer),
        *(content.start, 1 - content.loss_per_lost_opportunity, level, seat),
    )
    return level, seat


def weighted(level: Numbers, seat: Positions, potential: Numbers, seats: int) -> tuple[Numbers, Numbers]:
    """Add up satisfaction times potential, and potential, of those still there; all alike where none has any.

    Returns
    -------
    By seat, the house last, and period, [seats, periods] each.
    """
    weight = potential if potential.sum() > 0 else np.ones_like(potential)
    there = seat != GONE
    cell = (seat * level.shape[1] + np.arange(level.shape[1]))[there]
    each = np.broadcast_to(weight[:, None], level.shape)
    size = (seats, level.shape[1])
    content = np.bincount(cell, (each * level)[there], seats * size[1]).reshape(size)
    served = np.bincount(cell, each[there], seats * size[1]).reshape(size)
    return content.astype(np.float64), served.astype(np.float64)


@njit(cache=True)
def follow(journal, period_of, first_seat, customer, is_new, call_customer, start, kept, level, seat):
    """Go once through the records, those of a customer being in order of days.

    Parameters
    ----------
    journal
        The records.
    period_of
        By day.
    first_seat
        Who serves each customer on the first day.
    customer, is_new, call_customer
        Of opportunities and of calls.
    start, kept
        Satisfaction on the first day, and the share of it that a lost opportunity leaves.
    level, seat
        What is written, see `contentment`; not a number, and the least of all, where nothing happened.
    """
    now, nothing = np.full(len(level), start), np.iinfo(np.int64).min
    for r in range(len(journal)):
        record = journal[r]
        w, who = record["what"], record["subject"]
        period = period_of[min(int(record["day"]), len(period_of) - 1)]
        c = -1
        if w in (VISIT, MISSED):
            c = who
            now[c] = record["amount"]
        elif w == UNSERVED:
            c = call_customer[who]
            now[c] = record["amount"]
        elif w == LOST_WAITING and not is_new[who]:
            c = customer[who]
            now[c] *= kept
        elif w == CUSTOMER_LOST or (w == MOVES and seat[who, period] != GONE):
            seat[who, period] = GONE if w == CUSTOMER_LOST else record["by"]
        if c >= 0:
            level[c, period] = now[c]
    for c in range(len(level)):
        content, serves = start, first_seat[c]
        for period in range(level.shape[1]):
            if not np.isnan(level[c, period]):
                content = level[c, period]
            if seat[c, period] != nothing and serves != GONE:
                serves = seat[c, period]
            level[c, period], seat[c, period] = content, serves
