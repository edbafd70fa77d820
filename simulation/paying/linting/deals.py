"""What is found by cutting a deal in parts, joining deals, and moving one over the end of a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from scenarios.pay_elements import Spiff
from simulation.paying.crediting import (
    BOOKED,
    COLLECTED,
    INVOICED,
    Ledger,
    Sharing,
    accounts,
    credits_of,
    spiffs,
)
from simulation.paying.exact import Whole
from simulation.paying.linting.finding import DEAL, SHIFT, SMALL, SPLIT, Fact, Finding
from simulation.paying.linting.paying import SALES, Payer, edges_of
from simulation.paying.linting.slopes import Followed
from simulation.paying.results import Account, gauges

LEVELS = (1.0, 0.9, 1.1, 0.7, 0.5, 1.5)
"""Attainments at which deals are cut and joined."""

SIZES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Sizes of these deals, in quotas of a quarter."""

PARTS = (2, 10)
"""Into how many parts they are cut."""

GRID = tuple(n / 20 for n in range(10, 31))
"""Attainments of the quarters, and years, between which a deal is moved."""

MARCH, APRIL, JUNE, JULY = 2, 3, 5, 6


@dataclass(frozen=True)
class Deal:
    """A deal, whole or in equal parts.

    Parameters
    ----------
    amount
        Of all parts together, cents.
    parts
        How many.
    line
        Product line; empty: none.
    day
        In the year, from 0.
    is_new
        Whether its first part is the first deal of a new customer.
    """

    amount: int
    parts: int
    line: str
    day: int
    is_new: bool


def cuts(it: Followed) -> list[Finding]:
    """Find deals that earn more in parts, or joined, than as they are."""
    scheme = it.subject.scheme
    if scheme.windfall is None and not any(isinstance(e, Spiff) for e in it.subject.elements.values()):
        return []
    best: dict[str, tuple[float, dict[str, Fact]]] = {}
    base = it.payer.even(LEVELS)
    for deal in _deals(it):
        whole = _paid_with(it.payer, base, deal)
        for parts in PARTS:
            cut = Deal(deal.amount - deal.amount % parts, parts, deal.line, deal.day, deal.is_new)
            same = whole if deal.amount % parts == 0 else _paid_with(it.payer, base, _whole(cut))
            more_in_parts = _paid_with(it.payer, base, cut) - same
            ways = (("split", more_in_parts, same), ("merge", -more_in_parts, same + more_in_parts))
            for kind, more, before in ways:
                at = int(np.argmax(more))
                if more[at] > best.get(kind, (0.0, {}))[0] + 1:
                    best[kind] = (
                        float(more[at]),
                        {
                            "amount": cut.amount / 100,
                            "parts": float(parts),
                            "part": cut.amount / parts / 100,
                            "level": LEVELS[at],
                            "before": float(before[at]) / 100,
                            "after": float(before[at] + more[at]) / 100,
                            "gain": float(more[at]) / 100,
                            "line": cut.line,
                        },
                    )
    found = []
    for kind, (gain, facts) in best.items():
        which = tuple(n for n, e in it.subject.elements.items() if isinstance(e, Spiff))
        names = (*which, *(("windfall",) if scheme.windfall is not None else ()))
        is_fault = gain > SPLIT * it.yardstick
        found.append(Finding(kind, is_fault, it.subject.role, it.subject.name, names, gain / 100, facts))
    return found


def shifts(it: Followed) -> list[Finding]:
    """Find what is gained by moving a deal over the end of a period, in the worst case."""
    quarter = int(it.subject.quota[3:6].sum())
    deal = int(quarter * DEAL)
    if deal < 1:
        return []
    levels = _levels(it, deal / quarter)
    found: list[Finding] = []
    for over, (gain, facts) in {
        "quarter": _between_quarters(it.payer, levels, deal),
        "year": _between_years(it.payer, levels, deal),
    }.items():
        worse = gain > SMALL * it.yardstick and all(gain > 105 * f.size for f in found)
        if worse:
            facts |= {"over": over, "deal": deal / 100, "gain": gain / 100, "share": gain / it.yardstick}
            is_fault = gain > SHIFT * it.yardstick
            found.append(Finding("shift", is_fault, it.subject.role, it.subject.name, (), gain / 100, facts))
    return found


def _between_quarters(payer: Payer, levels: np.ndarray, deal: int) -> tuple[float, dict[str, Fact]]:
    """Move a deal from June to July or back, wherever the second and the third quarter stand."""
    one, two = (grid.ravel() for grid in np.meshgrid(levels, levels, indexing="ij"))
    second, third = payer.even(one, slice(3, 6)), payer.even(two, slice(6, 9))
    sales = second.copy()
    sales[..., 6:9] = third[..., 6:9]
    before = payer.total(payer.results(sales))
    best: float = 0.0
    facts: dict[str, Fact] = {}
    for way, out, into in (("later", JUNE, JULY), ("earlier", JULY, JUNE)):
        moved, able = _moved(payer, sales, out, into, deal)
        gain = np.where(able, payer.total(payer.results(moved)) - before, 0)
        off = np.abs(one - 1) + np.abs(two - 1)
        at = int(np.argmin(np.where(gain >= gain.max() - 1, off, np.inf)))
        if gain[at] > best:
            best = float(gain[at])
            facts = {"way": way, "first": float(one[at]), "second": float(two[at])}
            facts |= {"before": float(before[at]) / 100, "after": float(before[at] + gain[at]) / 100}
    return best, facts


def _between_years(payer: Payer, levels: np.ndarray, deal: int) -> tuple[float, dict[str, Fact]]:
    """Move a deal from December to January or back, wherever both years stand."""
    sales = payer.even(levels)
    before = payer.total(payer.results(sales))
    best: float = 0.0
    facts: dict[str, Fact] = {}
    for way, sign in (("later", -1), ("earlier", 1)):
        changes = []
        for month, by in ((11, sign * deal), (0, -sign * deal)):
            changed = sales.copy()
            changed[:, payer.subject.sellers[0], month] += by
            able = changed[:, payer.subject.sellers[0], month] >= 0
            more = payer.total(payer.results(changed)) - before
            changes.append(np.where(able, more, -(10**15)))
        off = np.abs(levels - 1)
        one, two = (int(np.argmin(np.where(c >= c.max() - 1, off, np.inf))) for c in changes)
        gain = float(changes[0][one] + changes[1][two])
        if gain > best:
            best = gain
            paid = float(before[one] + before[two])
            facts = {"way": way, "first": float(levels[one]), "second": float(levels[two])}
            facts |= {"before": paid / 100, "after": (paid + gain) / 100}
    return best, facts


def _moved(payer: Payer, sales: Whole, out: int, into: int, deal: int) -> tuple[Whole, np.ndarray]:
    seller = payer.subject.sellers[0]
    moved = sales.copy()
    moved[:, seller, out] -= deal
    moved[:, seller, into] += deal
    return moved, moved[:, seller, out] >= 0


def _levels(it: Followed, deal: float) -> np.ndarray:
    """Take a grid of attainments, and those from which a deal just reaches an edge of an element."""
    edges = {
        edge * gauge.goal_share
        for e in it.subject.elements.values()
        for gauge in gauges(e)
        if gauge.measure in SALES and isinstance(gauge.held_against, str)
        for edge in edges_of(gauge)
    }
    near = {edge + by for edge in edges for by in (0.0, -deal, deal)}
    return np.array(sorted({*GRID, *(round(x, 6) for x in near if GRID[0] <= x <= GRID[-1])}))


def _deals(it: Followed) -> Iterator[Deal]:
    """List whole deals that may earn more in parts: of many sizes, of every line and time that is paid."""
    scheme, quarter = it.subject.scheme, int(it.subject.quota[3:6].sum())
    amounts = {int(size * quarter) for size in SIZES}
    if scheme.windfall is not None:
        limit = scheme.windfall.above
        edge = (
            int(limit * 100) if limit is not None else int((scheme.windfall.above_quota_share or 0) * quarter)
        )
        amounts |= {2 * edge, 10 * edge}
    lines, days, new = {""}, {45}, {False}
    for element in it.subject.elements.values():
        if isinstance(element, Spiff):
            least = int(element.least_deal * 100)
            amounts |= {least, 2 * least, 10 * least}
            lines |= set(element.lines)
            new.add(element.new_customers_only)
            if element.first_day is not None:
                days.add(_day(it, element.first_day))
            elif element.last_day is not None:
                days.add(_day(it, element.last_day))
    for amount in sorted(amounts - {0}):
        for line in sorted(lines):
            for day in sorted(days):
                for is_new in sorted(new):
                    yield Deal(amount, 1, line, day, is_new)


def _whole(deal: Deal) -> Deal:
    return Deal(deal.amount, 1, deal.line, deal.day, deal.is_new)


def _start(it: Followed) -> date:
    """Give the first day of the year: of the scenario, or of the one in which spiffs are paid."""
    if it.subject.year is not None:
        return it.subject.year
    days = [
        day
        for e in it.subject.elements.values()
        if isinstance(e, Spiff)
        for day in (e.first_day, e.last_day)
        if day is not None
    ]
    return date(days[0].year if days else 2001, 1, 1)


def _day(it: Followed, day: date) -> int:
    return min(max((day - _start(it)).days, 0), 364)


def _paid_with(payer: Payer, base: Whole, deal: Deal) -> Whole:
    """Pay the subject for what it sells and a deal besides, cents, [points]."""
    extra, more = _credited(payer, deal)
    shape = base.shape
    wide: Mapping[str, Whole] = {name: np.broadcast_to(paid, shape).copy() for name, paid in more.items()}
    return payer.total(payer.results(base, spiffs=wide, extra=extra))


def _credited(payer: Payer, deal: Deal) -> tuple[dict[Account, Whole], dict[str, Whole]]:
    """Say what a deal counts for everybody, by account and by spiff, [people, 12]."""
    subject = payer.subject
    scheme, people = subject.scheme, subject.people
    lines = tuple(sorted({line for e in scheme.elements.values() for line in _lines(e)}))
    size = 3 * deal.parts
    moment = np.repeat([BOOKED, INVOICED, COLLECTED], deal.parts)
    ledger = Ledger(
        day=np.full(size, float(deal.day)),
        moment=moment,
        person=np.full(size, subject.sellers[0]),
        customer=np.zeros(size, np.int64),
        line=np.full(size, lines.index(deal.line) if deal.line in lines else -1),
        amount=np.full(size, deal.amount // deal.parts, np.int64),
        is_new=np.tile(np.arange(deal.parts) == 0, 3) & deal.is_new,
        order=np.tile(np.arange(deal.parts), 3),
    )
    credit = credits_of(scheme, people, ledger, Sharing.none(1, max(len(lines), 1)))
    ends = np.cumsum(people.days).astype(np.float64)
    shared = (scheme, people, ledger, credit, ends, lines)
    return accounts(*shared), spiffs(*shared, _start(Followed(payer, {})))


def _lines(element: object) -> tuple[str, ...]:
    if isinstance(element, Spiff):
        return element.lines
    return tuple(line for gauge in gauges(element) for line in gauge.lines)  # type: ignore[arg-type]
