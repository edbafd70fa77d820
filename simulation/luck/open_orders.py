"""When orders of before the year are paid in it, or whether they never are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.luck.events import Events
from simulation.luck.keyed import Purpose, exponential, uniforms
from simulation.luck.opportunities import Rows
from simulation.world.open_orders import OpenOrders
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Owed:
    """Orders of before the year that are not paid when it begins, one entry each.

    Parameters
    ----------
    which
        Positions among `World.open_orders`.
    delivery_days, payment_days, never_pays
        See `simulation.luck.opportunities`.
    """

    which: Positions
    delivery_days: Numbers
    payment_days: Numbers
    never_pays: NDArray[np.bool_]


def draw_open_orders(world: World, events: Events, seed: int, replication: int) -> Owed:
    """Draw when what was ordered before the year is paid, as of opportunities that arose on those days.

    What is paid before the year is left out; what is known to be paid on a day is.
    """
    orders = world.open_orders
    where = (orders.day, orders.customer, orders.line)
    mark = uniforms(seed, replication, Purpose.PAYMENT, orders.ids, 2)
    late = world.late_days[orders.customer] * events.factor("late_payment", *where)
    delivery = world.market.delivery_days + events.delay("delivery_delay_days", *where)
    payment = world.payment_days[orders.customer] + exponential(mark[:, 0], late)
    never = mark[:, 1] < orders.bad_debt * events.factor("bad_debt", *where)
    known = ~np.isnan(orders.paid)
    delivery = np.where(known, np.minimum(delivery, orders.paid - orders.day), delivery)
    invoice = orders.day + delivery
    payment = np.where(known, _until(invoice, orders.paid), payment)
    which = np.flatnonzero(invoice + payment >= 0)
    return Owed(which, delivery[which], payment[which], never[which])


def _until(begin: Numbers, end: Numbers) -> Numbers:
    """Give the days between two moments, no less than what added to the first makes the second."""
    days = end - begin
    short = begin + days < end
    more: Numbers = days + np.where(short, np.spacing(np.maximum(np.abs(begin), np.abs(end))), 0.0)
    return more


def write(orders: OpenOrders, owed: Owed, rows: Rows, steps: Rows) -> None:
    """Write them as opportunities in which nothing is left to be decided: they never arise again."""
    which = owed.which
    rows[...], steps[...] = np.zeros(1, rows.dtype), np.zeros(1, steps.dtype)
    for name in ("customer", "line", "amount"):
        rows[name] = getattr(orders, name)[which]
    rows["arises"], rows["height"] = orders.day[which], np.inf
    rows["booked_by"] = rows["held_next"] = -1
    for name in ("delivery_days", "payment_days", "never_pays"):
        rows[name] = getattr(owed, name)
