"""From booking to cash: credit limits, invoices after delivery, payments or bad debts."""

from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simulation.accounting.journal import What
from simulation.company.clock import Clock, Rank

if TYPE_CHECKING:
    from simulation.reference.company import Company


class Account:
    """What a customer with a credit limit owes, and its orders on hold. Amounts are cents.

    Parameters
    ----------
    clock
        The year's.
    limit
        Of what it may owe.
    """

    def __init__(self, clock: Clock, limit: float) -> None:
        self._clock, self._limit = clock, limit
        self._owes = 0
        self._on_hold: deque[tuple[int, simpy.Event]] = deque()

    def takes(self, amount: int) -> bool:
        """Owe an order, if it fits: a customer that owes nothing may order anything."""
        fits = self._owes == 0 or self._owes + amount <= self._limit
        if fits:
            self._owes += amount
        return fits

    def has_ordered(self, amount: int) -> None:
        """Owe an order of before the year."""
        self._owes += amount

    def holds(self, amount: int) -> simpy.Event:
        """Put an order on hold; what is given back happens when it is released and owed."""
        released = self._clock.event()
        self._on_hold.append((amount, released))
        return released

    def is_paid(self, amount: int) -> None:
        """Owe less, and release orders first come first served while the first of them fits."""
        self._owes -= amount
        while self._on_hold and self.takes(self._on_hold[0][0]):
            _, released = self._on_hold.popleft()
            released.succeed()


def settle(company: "Company", deal: int, seat: int, amount: int) -> Generator[simpy.Event, Any, None]:
    """Follow an order (cents) from its booking by a seat to its payment."""
    clock, chances = company.clock, company.fate.opportunities
    account = company.customers[chances.customer[deal]].account
    if account is not None and not account.takes(amount):
        company.note(What.HOLD, seat, deal, amount=amount)
        yield account.holds(amount)
        company.note(What.RELEASE, seat, deal, amount=amount)
    yield clock.at(clock.now + float(chances.delivery_days[deal]), Rank.DUE)
    company.note(What.INVOICE, seat, deal, amount=amount)
    yield clock.at(clock.now + float(chances.payment_days[deal]), Rank.DUE)
    if chances.never_pays[deal]:
        company.note(What.BAD_DEBT, seat, deal, amount=amount)
        return
    company.note(What.PAYMENT, seat, deal, amount=amount)
    if account is not None:
        account.is_paid(amount)


def settle_from_before(company: "Company", deal: int) -> Generator[simpy.Event, Any, None]:
    """Follow an order of before the year that is not paid when it begins."""
    clock, chances = company.clock, company.fate.opportunities
    account = company.customers[chances.customer[deal]].account
    seat, amount = int(chances.booked_by[deal]), int(chances.amount[deal])
    if account is not None:
        account.has_ordered(amount)
    invoice = float(chances.arises[deal]) + float(chances.delivery_days[deal])
    if invoice >= 0:
        yield clock.at(invoice, Rank.DUE)
        company.note(What.INVOICE, seat, deal, amount=amount)
    yield clock.at(invoice + float(chances.payment_days[deal]), Rank.DUE)
    if chances.never_pays[deal]:
        company.note(What.BAD_DEBT, seat, deal, amount=amount)
        return
    company.note(What.PAYMENT, seat, deal, amount=amount)
    if account is not None:
        account.is_paid(amount)
