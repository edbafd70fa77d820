"""To whom deals count, and how much: from orders to accounts by person and month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scenarios.pay_elements import Spiff
from scenarios.scheme import Scheme
from simulation.paying.exact import Whole, held, millionths, part_of, times
from simulation.paying.people import YEAR, People, cents
from simulation.paying.results import Account, accounts_of

Positions = NDArray[np.int64]

BOOKED, INVOICED, COLLECTED, WRITTEN_OFF = range(4)
"""Moments of an order."""

MOMENT = {
    "bookings": BOOKED,
    "invoices": INVOICED,
    "collections": COLLECTED,
    "new_customer_bookings": BOOKED,
    "new_customers": BOOKED,
}


@dataclass(frozen=True, eq=False)
class Ledger:
    """What happened to orders, one entry an order and moment.

    Parameters
    ----------
    day
        Days from the first day of the year.
    moment
        BOOKED, INVOICED, COLLECTED or WRITTEN_OFF.
    person
        Position of whose order it is; -1: nobody's.
    customer, line
        Positions; a line of -1 is unknown.
    amount
        Cents.
    is_new
        Whether the customer is new in this year.
    order
        Which order; its entries have one number, 0 or more.
    """

    day: NDArray[np.float64]
    moment: Positions
    person: Positions
    customer: Positions
    line: Positions
    amount: Whole
    is_new: NDArray[np.bool_]
    order: Positions

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Ledger":
        """Give some entries."""
        return Ledger(**{name: values[which] for name, values in vars(self).items()})

    @property
    def booked(self) -> NDArray[np.float64]:
        """Day on which the order of each entry was booked; of earlier years' orders their first day."""
        return self.day[self.first]

    @property
    def first(self) -> Positions:
        """The entry at which the order of each was booked; where that lies before the ledger, its first."""
        turn = np.lexsort((self.day, self.moment != BOOKED, self.order))
        orders, begins = np.unique(self.order[turn], return_index=True)
        return turn[begins][np.searchsorted(orders, self.order)]

    @property
    def opens(self) -> NDArray[np.bool_]:
        """Whether an entry is the first of its order's booking, however many lines the order has."""
        made = np.flatnonzero(self.moment == BOOKED)
        found = np.zeros(len(self.order), bool)
        found[made[np.unique(self.order[made], return_index=True)[1]]] = True
        return found


@dataclass(frozen=True, eq=False)
class Sharing:
    """Who else has a part in a customer's orders.

    Parameters
    ----------
    splits
        By customer's position: persons and the millionths that count for each instead of the owner.
    moved
        Planned changes of hands in order of days: day, customer and the person before, -1 where nobody.
    supported
        Position of the specialist of a customer and line, [customers, lines]; -1: none.
    """

    splits: Mapping[int, Sequence[tuple[int, int]]]
    moved: Sequence[tuple[float, int, int]]
    supported: Positions

    @classmethod
    def none(cls, customers: int, lines: int) -> "Sharing":
        """Nobody shares anything."""
        return cls({}, (), np.full((customers, lines), -1, np.int64))


@dataclass(frozen=True, eq=False)
class Credits:
    """What counts for whom: a line an entry of the ledger and person.

    Parameters
    ----------
    entry
        Position in the ledger.
    person
        For whom it counts.
    amount
        Cents that count.
    why
        Position in `WHY`.
    """

    entry: Positions
    person: Positions
    amount: Whole
    why: Positions


WHY = ("own customer", "split", "customer before it moved", "supported by a specialist")
OWN, SPLIT, BEFORE, SUPPORTED = range(4)


def credits_of(scheme: Scheme, people: People, ledger: Ledger, sharing: Sharing) -> Credits:
    """Say for whom each entry counts, and how much: windfalls first, then parts of others, then double
    credit. Payments and losses of an order count for those for whom its booking did.
    """
    entry = np.flatnonzero(ledger.person >= 0)
    counted = without_windfall(scheme, people, ledger)
    found = Credits(entry, ledger.person[entry], counted[entry], np.full(len(entry), OWN))
    found = _handed_over(scheme, ledger, sharing, found)
    found = _split(ledger, sharing, found)
    return _supported(scheme, ledger, counted, sharing, found)


def accounts(
    scheme: Scheme,
    people: People,
    ledger: Ledger,
    credit: Credits,
    month_ends: NDArray[np.float64],
    lines: tuple[str, ...],
) -> dict[Account, Whole]:
    """Add up credits by account, person and month, [people, 12].

    Parameters
    ----------
    month_ends
        First day after each month, counted from the first day of the year.
    lines
        Names of the product lines.
    """
    cell = credit.person * YEAR + months_of(ledger, credit, month_ends)
    return {
        account: _summed(cell, added(scheme, account, ledger, credit, lines), len(people))
        for account in accounts_of(scheme)
    }


def added(scheme: Scheme, account: Account, ledger: Ledger, credit: Credits, lines: tuple[str, ...]) -> Whole:
    """Say what each line of credit adds to an account, cents or a count; below 0 what is taken back."""
    moment = ledger.moment[credit.entry]
    concerned = _of_lines(ledger, account.lines, lines)[credit.entry]
    if account.measure.startswith("new_"):
        concerned &= ledger.is_new[credit.entry]
    meant = concerned & (moment == MOMENT[account.measure])
    if account.measure == "new_customers":
        return (meant & (credit.why == OWN) & ledger.opens[credit.entry]).astype(np.int64)
    found = np.where(meant, credit.amount, 0)
    if scheme.clawback is not None and MOMENT[account.measure] in (BOOKED, INVOICED):
        lost = concerned & (moment == WRITTEN_OFF)
        found[lost] = -times(credit.amount[lost], millionths(scheme.clawback.share))
    return found


def months_of(ledger: Ledger, credit: Credits, month_ends: NDArray[np.float64]) -> Positions:
    """Say in which month of the year each line of credit counts."""
    month = np.searchsorted(month_ends, ledger.day[credit.entry], side="right")
    return np.minimum(month, YEAR - 1).astype(np.int64)


def spiffs(
    scheme: Scheme,
    people: People,
    ledger: Ledger,
    credit: Credits,
    month_ends: NDArray[np.float64],
    lines: tuple[str, ...],
    start: date,
) -> dict[str, Whole]:
    """Add up what spiffs pay, before their limits, by person and month, [people, 12]."""
    cell = credit.person * YEAR + months_of(ledger, credit, month_ends)
    return {
        name: _summed(cell, spiff_pay(spiff, people, ledger, credit, lines, start), len(people))
        for name, spiff in scheme.elements.items()
        if isinstance(spiff, Spiff)
    }


def spiff_pay(
    spiff: Spiff, people: People, ledger: Ledger, credit: Credits, lines: tuple[str, ...], start: date
) -> Whole:
    """Say what a spiff pays for each line of credit, before its limit, cents: to its owner and, for what
    counts for him or her, to the specialist who supports it; whoever has another role earns none.
    """
    meant = spiff_entries(spiff, ledger, lines, start)[credit.entry] & np.isin(credit.why, (OWN, SUPPORTED))
    meant &= people.earning(spiff.roles)[credit.person]
    return np.where(meant, cents(spiff.per_deal) + times(credit.amount, millionths(spiff.share)), 0)


def spiff_entries(spiff: Spiff, ledger: Ledger, lines: tuple[str, ...], start: date) -> NDArray[np.bool_]:
    """Say which entries of a ledger a spiff pays for."""
    meant = (ledger.moment == MOMENT[spiff.measure]) & (ledger.amount >= cents(spiff.least_deal))
    meant &= (ledger.amount > 0) & _of_lines(ledger, spiff.lines, lines)
    if spiff.new_customers_only:
        meant &= ledger.is_new
    if spiff.first_day is not None:
        meant &= ledger.day >= (spiff.first_day - start).days
    if spiff.last_day is not None:
        meant &= ledger.day < (spiff.last_day - start).days + 1
    return meant


def _of_lines(ledger: Ledger, wanted: tuple[str, ...], lines: tuple[str, ...]) -> NDArray[np.bool_]:
    if not wanted:
        return np.ones(len(ledger.line), bool)
    return np.isin(ledger.line, [lines.index(name) for name in wanted if name in lines])


def _summed(cell: Positions, amount: Whole, people: int) -> Whole:
    """Add up amounts by cell; floating point is exact up to the most that can be held."""
    total = np.bincount(cell, weights=amount.astype(np.float64), minlength=people * YEAR)
    return held(np.rint(total)).reshape(people, YEAR)


def without_windfall(scheme: Scheme, people: People, ledger: Ledger) -> Whole:
    """Give what counts of each entry's amount, cents.

    It is decided once for each order, at its booking: by all of its lines together, against the quota that
    its owner of then has in that quarter. The same part counts of each of its lines, payments and losses.
    """
    rule = scheme.windfall
    if rule is None:
        return ledger.amount
    first = ledger.first
    whole = _booked_amount(ledger, first)
    if rule.above is not None:
        limit = np.full(len(whole), cents(rule.above))
    else:
        quarter_of_month = people.quota.reshape(len(people), 4, -1).sum(axis=-1)
        ends = np.cumsum(people.days.reshape(4, -1).sum(axis=-1))
        quarter = np.minimum(np.searchsorted(ends, ledger.day[first], side="right"), 3)
        quota = quarter_of_month[ledger.person[first], quarter]
        limit = times(quota, millionths(rule.above_quota_share or 0))
    beyond = np.maximum(whole - limit, 0)
    counts = whole - beyond + times(beyond, millionths(rule.counts))
    divided = np.maximum(whole, 1)
    part = part_of(ledger.amount, counts, divided, divided // 2)
    return np.where(beyond > 0, part, ledger.amount)


def _booked_amount(ledger: Ledger, first: Positions) -> Whole:
    """Give the amount of the order of each entry: of all lines, at the moment and on the day of its first."""
    meant = (ledger.moment == ledger.moment[first]) & (ledger.day == ledger.day[first])
    found = np.zeros(len(first), np.int64)
    np.add.at(found, first[meant], ledger.amount[meant])
    return found[first]


def _handed_over(scheme: Scheme, ledger: Ledger, sharing: Sharing, found: Credits) -> Credits:
    terms = scheme.crediting
    if not terms.handover_days or not sharing.moved:
        return found
    former = np.full(len(found.entry), -1)
    day, customer = ledger.booked[found.entry], ledger.customer[found.entry]
    for moved_on, who, before in sharing.moved:
        recent = (customer == who) & (day >= moved_on) & (day < moved_on + terms.handover_days)
        former[recent] = before
    shared = np.flatnonzero((former >= 0) & (former != found.person))
    return _given(found, shared, former[shared], millionths(terms.handover_share), BEFORE)


def _split(ledger: Ledger, sharing: Sharing, found: Credits) -> Credits:
    if not sharing.splits:
        return found
    customer = ledger.customer[found.entry]
    whole = found.amount
    for who, parts in sharing.splits.items():
        for person, share in parts:
            shared = np.flatnonzero((customer == who) & (found.person[: len(customer)] != person))
            taken = times(whole[shared], share)
            found = _moved(found, shared, np.full(len(shared), person), taken, SPLIT)
    return found


def _supported(scheme: Scheme, ledger: Ledger, counted: Whole, sharing: Sharing, found: Credits) -> Credits:
    share = millionths(scheme.crediting.overlay_share)
    if not share or not (sharing.supported >= 0).any():
        return found
    entry = np.flatnonzero(ledger.person >= 0)
    specialist = np.where(
        ledger.line[entry] >= 0, sharing.supported[ledger.customer[entry], ledger.line[entry]], -1
    )
    entry, specialist = entry[specialist >= 0], specialist[specialist >= 0]
    extra = Credits(entry, specialist, times(counted[entry], share), np.full(len(entry), SUPPORTED))
    return _joined(found, extra)


def _given(found: Credits, which: Positions, person: Positions, share: int, why: int) -> Credits:
    return _moved(found, which, person, times(found.amount[which], share), why)


def _moved(found: Credits, which: Positions, person: Positions, taken: Whole, why: int) -> Credits:
    """Take amounts from some lines and write them to others' names."""
    left = found.amount.copy()
    left[which] -= taken
    extra = Credits(found.entry[which], person, taken, np.full(len(which), why))
    return _joined(replace(found, amount=left), extra)


def _joined(some: Credits, more: Credits) -> Credits:
    return Credits(*(np.concatenate([getattr(some, f), getattr(more, f)]) for f in vars(some)))
