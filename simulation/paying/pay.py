"""What people are paid for their results: one exact, vectorized function for simulation, statements and
what-ifs.

All amounts are whole cents. Elements pay after each of their periods; the sums of a quarter, less penalties,
are limited by the most a year may bring, raised to guarantees and set off against draws. What a curve says is
rounded to the cent, half a cent up, and so is each multiplier, gate and differential after it: the parts of a
statement add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from scenarios.pay_elements import Penalty
from scenarios.pay_terms import Draw, Guarantee
from scenarios.scheme import Scheme
from simulation.paying.elements import earned
from simulation.paying.exact import Whole, fraction, half_up
from simulation.paying.people import People, cents
from simulation.paying.results import Results

QUARTERS = 4


@dataclass(frozen=True, eq=False)
class Pay:
    """What people are paid, cents; axes such as years may stand in front.

    Parameters
    ----------
    base
        [..., people].
    elements
        What each element pays after each of its periods, [..., people, periods]; penalties stand apart.
    penalties, limit, guarantees, draws
        What penalties take (at most what was earned), what the limit of the year takes, what guarantees add
        and what advances add to or take from the quarter, each with its sign, [..., people, 4].
    advances
        What draws advance by quarter, [people, 4].
    owing
        Advances that are not yet earned after each quarter, [..., people, 4].
    """

    base: Whole
    elements: Mapping[str, Whole]
    penalties: Whole
    limit: Whole
    guarantees: Whole
    draws: Whole
    advances: Whole
    owing: Whole

    @property
    def incentive(self) -> Whole:
        """Incentive paid out by quarter, [..., people, 4]."""
        adjusted = self.penalties + self.limit + self.guarantees + self.draws
        return sum((by_quarter(paid) for paid in self.elements.values()), start=adjusted)

    @property
    def owed(self) -> Whole:
        """Advances that are not yet earned at the end of the year, [..., people]."""
        return self.owing[..., -1]

    @property
    def total(self) -> Whole:
        """Base pay and incentive of the year, [..., people]."""
        whole: Whole = self.base + self.incentive.sum(axis=-1)
        return whole


def pay(
    scheme: Scheme,
    people: People,
    results: Results,
    year: date | None = None,
    starts: tuple[date | None, ...] = (),
) -> Pay:
    """Compute pay.

    Parameters
    ----------
    scheme
        What is paid for.
    people
        Who is paid.
    results
        For what.
    year, starts
        First day of the year and first days of work of the people; needed for guarantees.
    """
    every = {name: earned(name, element, people, results) for name, element in scheme.elements.items()}
    taken = {name for name, element in scheme.elements.items() if isinstance(element, Penalty)}
    shape = (*results.leading, len(people), QUARTERS)
    gained, lost = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for name, paid in every.items():
        (lost if name in taken else gained)[...] += by_quarter(paid)
    penalties = -np.minimum(lost, gained)
    after = gained + penalties
    limit = _limit(scheme, people, after) - after
    least = _least(scheme.guarantees, people, year, starts)
    guarantees = np.maximum(after + limit, least) - after - limit
    draws, advances, owing = _draws(scheme.draws, people, after + limit + guarantees)
    return Pay(
        base=_base(people, results),
        elements={name: paid for name, paid in every.items() if name not in taken},
        penalties=penalties,
        limit=limit,
        guarantees=np.broadcast_to(guarantees, shape),
        draws=draws,
        advances=advances,
        owing=owing,
    )


def by_quarter(paid: Whole) -> Whole:
    """Say in which quarter each period is paid: the one it ends in; [..., periods] to [..., 4]."""
    count = paid.shape[-1]
    if count >= QUARTERS:
        return paid.reshape(*paid.shape[:-1], QUARTERS, -1).sum(axis=-1)
    found = np.zeros((*paid.shape[:-1], QUARTERS), np.int64)
    found[..., QUARTERS // count - 1 :: QUARTERS // count] = paid
    return found


def _base(people: People, results: Results) -> Whole:
    """Base pay by the days a person was there."""
    lengths = people.days.reshape(QUARTERS, -1).sum(axis=-1)
    if results.filled is None:
        days = int(lengths.sum())
        paid = [
            half_up(fraction(b) * int(p.sum()) / days)
            for b, p in zip(people.base, people.present, strict=True)
        ]
        return np.broadcast_to(np.array(paid, np.int64), (*results.leading, len(people)))
    there = np.average(results.filled, axis=-1, weights=lengths)
    whole: Whole = np.floor(np.array(people.base) * there + 0.5 + 1e-6).astype(np.int64)
    return whole


def _limit(scheme: Scheme, people: People, gained: Whole) -> Whole:
    if scheme.most_incentive is None:
        return gained
    most = np.array([half_up(fraction(scheme.most_incentive) * incentive) for incentive in people.incentive])
    so_far = np.minimum(np.cumsum(gained, axis=-1), most[:, None])
    return np.diff(so_far, axis=-1, prepend=0)


def _least(
    guarantees: tuple[Guarantee, ...], people: People, year: date | None, starts: tuple[date | None, ...]
) -> Whole:
    """Give the least incentive of each person and quarter: so much for each guaranteed month."""
    least = np.zeros((len(people), QUARTERS), np.int64)
    for guarantee in guarantees:
        amount = cents(guarantee.amount)
        for person in np.flatnonzero(people.earning(guarantee.roles)):
            for month in range(12):
                if people.present[person, month] and _is_guaranteed(
                    guarantee, month, year, starts, int(person)
                ):
                    least[person, month // 3] += amount
    return least


def _is_guaranteed(
    guarantee: Guarantee, month: int, year: date | None, starts: tuple[date | None, ...], person: int
) -> bool:
    if year is None:
        return False
    index = 12 * year.year + year.month - 1 + month
    if guarantee.until is not None:
        return index <= 12 * guarantee.until.year + guarantee.until.month - 1
    began = starts[person] if starts else None
    return began is not None and 0 <= index - (12 * began.year + began.month - 1) < guarantee.months


def _draws(draws: tuple[Draw, ...], people: People, gained: Whole) -> tuple[Whole, Whole, Whole]:
    """Set advances off: what is paid is never less than the advance; what was not earned may be owed.

    Returns
    -------
    What advances add, the advances, and what is owed after each quarter.
    """
    added, owing = np.zeros_like(gained), np.zeros_like(gained)
    advances = np.zeros((len(people), QUARTERS), np.int64)
    for draw in draws:
        monthly = np.where(people.present > 0, cents(draw.amount), 0) * people.earning(draw.roles)[:, None]
        advance = by_quarter(monthly)
        advances = np.maximum(advances, advance)
        balance = np.zeros(gained.shape[:-1], np.int64)
        for quarter in range(QUARTERS):
            earned_now, paid_before = gained[..., quarter] + added[..., quarter], advance[:, quarter]
            left = earned_now - paid_before - balance
            added[..., quarter] += paid_before + np.maximum(left, 0) - earned_now
            balance = np.maximum(-left, 0) if draw.recoverable else np.zeros_like(balance)
            owing[..., quarter] += balance
    return added, advances, owing
