"""What people are paid for their results: one exact, vectorized function for simulation, statements and
what-ifs.

All amounts are whole cents. Elements pay after each of their periods; the sums of a quarter, less penalties,
are limited by the most a year may bring, raised to guarantees and set off against draws. What a curve says is
rounded to the cent, half a cent up, and so is each multiplier, gate and differential after it: the parts of a
statement add up. Guarantees and advances are for filled seats: of a quarter, the share of its planned time in
which somebody was there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from scenarios.pay_elements import Penalty
from scenarios.pay_terms import Draw, Guarantee
from scenarios.scheme import Scheme
from simulation.paying.elements import earned
from simulation.paying.exact import Numbers, Whole, fraction, half_up
from simulation.paying.people import YEAR, People, cents
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
        What draws advance by quarter, [..., people, 4].
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
    return settled(scheme, people, results, every, year, starts)


def settled(
    scheme: Scheme,
    people: People,
    results: Results,
    every: Mapping[str, Whole],
    year: date | None = None,
    starts: tuple[date | None, ...] = (),
) -> Pay:
    """Compute pay from what elements come to.

    Parameters
    ----------
    every
        What each element pays, of a penalty: takes, cents, [..., people, periods].
    scheme, people, results, year, starts
        As in `pay`.
    """
    taken = {name for name, element in scheme.elements.items() if isinstance(element, Penalty)}
    shape = (*results.leading, len(people), QUARTERS)
    gained, lost = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for name, paid in every.items():
        (lost if name in taken else gained)[...] += by_quarter(paid)
    penalties = -np.minimum(lost, gained)
    after = gained + penalties
    limit = _limit(scheme, people, after) - after
    there = _kept(people, results)
    least = _scaled(_least(scheme.guarantees, people, year, starts), there)
    guarantees = np.maximum(after + limit, least) - after - limit
    draws, advances, owing = _draws(scheme.draws, people, after + limit + guarantees, there)
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
    most = np.array([_most(scheme.most_incentive, people, n) for n in range(len(people))], np.int64)
    so_far = np.minimum(np.cumsum(gained, axis=-1), most[:, None])
    return np.diff(so_far, axis=-1, prepend=0)


def _most(times: float, people: People, person: int) -> int:
    """Give the most of a year, by the planned days; there is none for people without a target incentive."""
    if not people.incentive[person]:
        return np.iinfo(np.int64).max
    return half_up(fraction(times) * people.incentive_planned(person))


def _kept(people: People, results: Results) -> Numbers | None:
    """Say which share of the planned time of a quarter a person was there, [..., people, 4]."""
    if results.filled is None:
        return None
    planned = by_quarter(people.present) / by_quarter(people.days)
    kept: Numbers = np.clip(results.filled / np.where(planned > 0, planned, 1), 0, 1)
    return kept


def _scaled(amount: Whole, share: Numbers | None) -> Whole:
    """Take a share of amounts, to the cent."""
    if share is None:
        return amount
    part: Whole = np.floor(amount * share + 0.5 + 1e-6).astype(np.int64)
    return part


def _least(
    guarantees: tuple[Guarantee, ...], people: People, year: date | None, starts: tuple[date | None, ...]
) -> Whole:
    """Give the least incentive of each person and quarter: of each month the largest that is guaranteed."""
    least = np.zeros((len(people), YEAR), np.int64)
    for guarantee in guarantees:
        amount = cents(guarantee.amount)
        for person in np.flatnonzero(people.earning(guarantee.roles)):
            for month in range(YEAR):
                if people.present[person, month] and _is_guaranteed(
                    guarantee, month, year, starts, int(person)
                ):
                    least[person, month] = max(least[person, month], amount)
    return by_quarter(least)


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


def _draws(
    draws: tuple[Draw, ...], people: People, gained: Whole, there: Numbers | None
) -> tuple[Whole, Whole, Whole]:
    """Set advances off: what is paid is never less than the advances; what was not earned may be owed.

    Of a quarter, whoever has both kinds keeps what was earned or, if that is more, the advance that may be
    kept; the rest of what was paid is owed.

    Returns
    -------
    What advances add, the advances, and what is owed after each quarter.
    """
    owed, free = (_advanced(draws, people, there, recoverable=kind) for kind in (True, False))
    advances = owed + free
    added, owing = np.zeros_like(gained), np.zeros_like(gained)
    balance = np.zeros(gained.shape[:-1], np.int64)
    for quarter in range(QUARTERS):
        advance = advances[..., quarter]
        left = gained[..., quarter] - advance - balance
        added[..., quarter] = advance + np.maximum(left, 0) - gained[..., quarter]
        balance = np.minimum(np.maximum(-left, 0), owed[..., quarter] + balance)
        owing[..., quarter] = balance
    return added, advances, owing


def _advanced(draws: tuple[Draw, ...], people: People, there: Numbers | None, *, recoverable: bool) -> Whole:
    """Add up the advances of a kind, cents, [..., people, 4]."""
    monthly = np.zeros((len(people), YEAR), np.int64)
    for draw in draws:
        if draw.recoverable is recoverable:
            mine = (people.present > 0) & people.earning(draw.roles)[:, None]
            monthly += np.where(mine, cents(draw.amount), 0)
    return _scaled(by_quarter(monthly), there)
