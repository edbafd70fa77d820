"""What a rep has in view of the whole year: pay that depends on more than a quarter's sales.

Elements of the year pay at its end. A cumulative commission is seen as its last period's curve, which says
what all periods come to: what it pays on the way is an advance on that, so its rates count at once. That is
exact unless a later period takes attainment back below a rate that was paid. Elements of half a year stay an
even step for each unit sold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scenarios.pay_elements import AnyElement, Commission, Element
from scenarios.scheme import Scheme
from simulation.paying.elements import curves
from simulation.paying.exact import Whole, fraction
from simulation.paying.outlook import (
    Cell,
    Outlook,
    Shares,
    added,
    at,
    at_most,
    by_quarter,
    cells_of,
    factor_of,
    in_part,
    is_seen,
    outlook_of,
    stretched,
)
from simulation.paying.people import People, by_period, cents, periods
from simulation.paying.results import Account, Results

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class YearView:
    """What a rep is paid by the sales of its quarters and by those of the year.

    Parameters
    ----------
    quarters
        Incentive of each quarter by its own sales; the even step is that of elements of half a year.
    at_once
        Incentive by the sales of the year that is credited along with them.
    at_end
        Incentive by the sales of the year that comes at its end.
    step
        What both pay at the year's quota, as an even step, pay per unit of sales.
    """

    quarters: tuple[Outlook, ...]
    at_once: Outlook
    at_end: Outlook
    step: float


def depends_on_the_year(element: AnyElement) -> bool:
    """Say whether an element pays by the sales of the year so far, or of all of it."""
    if not isinstance(element, Element):
        return False
    return element.period == "year" or (isinstance(element, Commission) and element.cumulative)


def year_views(
    scheme: Scheme,
    people: People,
    before: Mapping[Account, Whole] | None = None,
    shares: Shares | None = None,
) -> list[YearView | None]:
    """Give what each rep has in view of the year, by rep; none where nothing depends on the year's sales.

    Parameters as for `outlooks`.
    """
    nothing = Results({}, before=before or {})
    seen = {name: element for name, element in scheme.elements.items() if is_seen(element)}
    long = {name: element for name, element in seen.items() if depends_on_the_year(element)}
    short = {name: element for name, element in seen.items() if name not in long}
    if not long:
        return [None] * people.reps
    quarterly, steps = by_quarter(short, people, nothing, shares)
    views: list[YearView | None] = []
    for rep in range(people.reps):
        once, end = _cells_of_year(long, rep, people, nothing, shares)
        asked = int(people.quota[rep].sum())
        if not asked or not once + end:
            views.append(None)
            continue
        own, step = quarterly[rep], float(steps[rep])
        if scheme.most_incentive is not None:
            limit = fraction(scheme.most_incentive) * people.incentive[rep]
            own, once, end = _within(limit, by_period(people.quota[rep], "quarter"), own, step, once, end)
        at_once, at_end = outlook_of(once, 0.0), outlook_of(end, 0.0)
        views.append(
            YearView(
                tuple(outlook_of(cells, step) for cells in own),
                at_once,
                at_end,
                float((_paid(once, asked) + _paid(end, asked)) / asked),
            )
        )
    return views


def _cells_of_year(
    elements: Mapping[str, AnyElement], rep: int, people: People, nothing: Results, shares: Shares | None
) -> tuple[list[Cell], list[Cell]]:
    """Give a rep's pay by the sales of the year: credited along with them, and at the end."""
    once: list[Cell] = []
    end: list[Cell] = []
    for name, element in elements.items():
        if people.roles[rep] not in element.roles:
            continue
        count = len(periods(element.period)) if isinstance(element, Element) else 1
        if count > 1:
            assert isinstance(element, Commission)
            if element.lines and element.lines not in (shares or {}):
                continue
            cell = curves(element, people, nothing).pieces[(rep + 1) * count - 1]
            if element.lines and shares is not None:
                cell = in_part(cell, fraction(round(float(shares[element.lines][rep]), 6)))
        else:
            found = cells_of(element, people, nothing, shares)
            if found is None:
                continue
            cell = found[rep]
        if isinstance(element, Element) and element.most_pay is not None:
            cell = at_most(cell, count * cents(element.most_pay))
        (once if count > 1 else end).append(stretched(cell, 1, factor_of(name, rep, people)))
    return once, end


def _within(
    limit: Fraction, asked: Whole, own: list[list[Cell]], step: float, once: list[Cell], end: list[Cell]
) -> tuple[list[list[Cell]], list[Cell], list[Cell]]:
    """End each part of pay where the limit leaves no room beside what the others pay at their goals."""
    year = int(asked.sum())
    short = fraction(step) * year + sum(_paid(cells, int(a)) for cells, a in zip(own, asked, strict=True))
    at_once, at_end = _paid(once, year), _paid(end, year)
    room = max(limit - fraction(step) * year - at_once - at_end, Fraction(0))
    quarters = [
        [at_most(added(cells), room * Fraction(int(a), year))] if cells else []
        for cells, a in zip(own, asked, strict=True)
    ]
    return quarters, _limited(once, limit - short - at_end), _limited(end, limit - short - at_once)


def _limited(cells: list[Cell], room: Fraction) -> list[Cell]:
    return [at_most(added(cells), max(room, Fraction(0)))] if cells else []


def _paid(cells: list[Cell], sales: int) -> Fraction:
    return sum((at(cell, sales) for cell in cells), Fraction(0))
