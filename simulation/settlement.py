"""From booking to cash: invoices after delivery, payments after terms and delay, or never."""

from collections.abc import Generator
from enum import IntEnum
from heapq import heappop, heappush
from typing import Any

import simpy

from simulation.demand import Opportunities
from simulation.journal import Journal, What
from simulation.world import World


class Step(IntEnum):
    """What the back office waits for."""

    DELIVERY = 0
    PAYMENT = 1


class BackOffice:
    """Sends invoices and books payments in one replication.

    Parameters
    ----------
    env
        The clock, in days.
    world
        What all replications have in common.
    demand
        The opportunities of this replication.
    journal
        Where everything is written down.
    """

    def __init__(self, env: simpy.Environment, world: World, demand: Opportunities, journal: Journal) -> None:
        self._env, self._journal = env, journal
        self._delivery_days = world.market.delivery_days
        self._terms: list[float] = world.payment_days[demand.customer].tolist()
        self._late: list[float] = demand.late_days.tolist()
        self._never: list[bool] = demand.never_pays.tolist()
        self._due: list[tuple[float, Step, int, int, float]] = []

    def receives(self, day: float, seat: int, opportunity: int, amount: float) -> None:
        """Take an order that a seat (or the house) booked on a day."""
        heappush(self._due, (day + self._delivery_days, Step.DELIVERY, opportunity, seat, amount))

    def work(self) -> Generator[simpy.Event, Any, None]:
        """Go through what fell due, once a week; everything carries its own date."""
        while True:
            yield self._env.timeout(7)
            self.catch_up()

    def catch_up(self) -> None:
        """Send the invoices and book the payments due by now."""
        while self._due and self._due[0][0] <= self._env.now:
            day, step, opportunity, seat, amount = heappop(self._due)
            if step == Step.DELIVERY:
                self._journal.note(day, What.INVOICE, seat, opportunity, 0.0, amount)
                paid = day + self._terms[opportunity] + self._late[opportunity]
                heappush(self._due, (paid, Step.PAYMENT, opportunity, seat, amount))
            else:
                what = What.BAD_DEBT if self._never[opportunity] else What.PAYMENT
                self._journal.note(day, what, seat, opportunity, 0.0, amount)
