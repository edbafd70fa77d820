"""What a rep has in view: the incentive of a quarter as a function of its sales, from the scheme itself.

Only elements on a person's own sales count; what depends on others, on several measures or on conditions is
taken as it stands: gates open, multipliers at 1. Of an element of some product lines a rep sees what their
share of its expected bookings brings, as if all bookings were mixed like what is expected. Elements of a
month are seen as if a quarter's sales came evenly; those of half a year and the year as an even step for each
unit sold, worth what they pay at their goal. A cumulative commission is seen as if the year so far were on
plan; `year_outlook.py` sees both by the sales of the year. `most_pay` ends what an element pays;
`most_incentive` ends what a quarter pays, at its part of the year's limit less what elements of half a year
and the year pay at their goals. `unseen` lists what reps do not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scenarios.pay_elements import (
    REP,
    AnyElement,
    Bonus,
    Commission,
    Contest,
    Element,
    Scorecard,
    Spiff,
    TeamBonus,
)
from scenarios.scheme import Scheme
from simulation.paying.elements import curves, point_curves, reads_own_sales, weights_of
from simulation.paying.exact import MILLION, Piece, Whole, ceiling, fraction
from simulation.paying.people import People, by_period, cents, periods
from simulation.paying.results import Account, Results, units_of

Cell = tuple[Piece, ...]
Numbers = NDArray[np.float64]
Shares = Mapping[tuple[str, ...], Numbers]
"""Share of some product lines in what each rep expects to book, [reps]."""


@dataclass(frozen=True)
class Outlook:
    """Incentive of a quarter by its sales: linear between kinks, with jumps at some; money.

    Parameters
    ----------
    kinks
        Sales at which slope or level changes, rising, [n].
    slopes
        Pay per unit of sales before, between and after the kinks, [n + 1].
    jumps
        What is paid at once on reaching a kink, [n].
    yearly
        Pay per unit of sales expected from elements of half a year and a year.
    """

    kinks: Numbers
    slopes: Numbers
    jumps: Numbers
    yearly: float = 0.0

    def levels(self) -> Numbers:
        """Pay at zero sales if each stretch's line were extended there, money, [n + 1]."""
        bends = self.jumps - np.diff(self.slopes) * self.kinks
        return np.concatenate([[0.0], np.cumsum(bends)])

    def on(self, kinks: Numbers) -> "Outlook":
        """Write the same incentive with more kinks, of which its own are some."""
        jumps = np.zeros(len(kinks))
        jumps[np.searchsorted(kinks, self.kinks)] = self.jumps
        middles = np.searchsorted(self.kinks, np.append(-np.inf, kinks), side="right")
        return Outlook(kinks, self.slopes[middles], jumps, self.yearly)

    def pay(self, sales: Numbers) -> Numbers:
        """Give the incentive of the quarter by its sales with the expected part of longer periods, money."""
        which = np.searchsorted(self.kinks, sales, side="right")
        found: Numbers = self.levels()[which] + (self.slopes[which] + self.yearly) * sales
        return found


def outlooks(
    scheme: Scheme,
    people: People,
    before: Mapping[Account, Whole] | None = None,
    shares: Shares | None = None,
) -> list[list[Outlook]]:
    """Give the outlook of each rep and quarter.

    Parameters
    ----------
    scheme, people
        What is paid for, to whom.
    before
        Accounts of the year before, as in `Results`.
    shares
        Share of some product lines in what reps expect to book; elements of lines not given are left out.
    """
    seen, yearly = by_quarter(scheme.elements, people, Results({}, before=before or {}), shares)
    if scheme.most_incentive is not None:
        _limit(fraction(scheme.most_incentive), people, seen, yearly)
    return [
        [outlook_of(seen[rep][quarter], float(yearly[rep])) for quarter in range(4)]
        for rep in range(people.reps)
    ]


def by_quarter(
    elements: Mapping[str, AnyElement], people: People, nothing: Results, shares: Shares | None = None
) -> tuple[list[list[list[Cell]]], Numbers]:
    """Give what pays by sales of a quarter, by rep and quarter, and the even step of longer periods."""
    yearly = np.zeros(people.reps)
    seen: list[list[list[Cell]]] = [[[] for _ in range(4)] for _ in range(people.reps)]
    for name, element in elements.items():
        cells = cells_of(element, people, nothing, shares)
        if cells is None or isinstance(element, Spiff | Contest):
            continue
        units = units_of(element, people, nothing, element.period)
        count = len(periods(element.period))
        for rep in np.flatnonzero(people.earning(element.roles)[: people.reps]).tolist():
            factor = factor_of(name, rep, people)
            own = list(cells[rep * count : (rep + 1) * count])
            if isinstance(element, Commission) and element.cumulative and count >= 4:
                own = _on_plan(own, units[rep])
            if element.most_pay is not None:
                own = [at_most(cell, cents(element.most_pay)) for cell in own]
            if count < 4:
                yearly[rep] += step(own, units[rep], factor)
                continue
            for quarter in range(4):
                several = own[quarter * count // 4 : (quarter + 1) * count // 4]
                seen[rep][quarter] += [stretched(cell, count // 4, factor) for cell in several]
    return seen, yearly


def factor_of(name: str, rep: int, people: People) -> Fraction:
    """Give what a rep's pay of an element is multiplied by where it works."""
    return Fraction(int(people.times[name][rep]), MILLION) if name in people.times else Fraction(1)


def _limit(most: Fraction, people: People, seen: list[list[list[Cell]]], yearly: NDArray[np.float64]) -> None:
    """End what quarters pay where the year's limit is, divided as quotas are."""
    for rep in range(people.reps):
        limit, asked = most * people.incentive_planned(rep), by_period(people.quota[rep], "quarter").tolist()
        total = sum(asked)
        if total:
            yearly[rep] = min(yearly[rep], float(limit / total))
        room = limit - fraction(float(yearly[rep])) * total
        for quarter in range(4):
            part = Fraction(asked[quarter], total) if total else Fraction(1, 4)
            if seen[rep][quarter]:
                seen[rep][quarter] = [at_most(added(seen[rep][quarter]), max(room, Fraction(0)) * part)]


def unseen(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """List what the outlook of reps leaves out.

    Returns
    -------
    By element that pays reps: the keys that make no difference to what reps see; empty where they see
    nothing of the element.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, element in scheme.for_role(REP).items():
        if not is_seen(element):
            found[name] = ()
        elif isinstance(element, Element) and (element.gates or element.multipliers):
            found[name] = tuple(key for key in UNSEEN_KEYS if getattr(element, key))
    return found


UNSEEN_KEYS = ("gates", "multipliers")
"""Of elements that reps see otherwise."""


def is_seen(element: AnyElement) -> bool:
    """Say whether a rep's own sales move it."""
    if isinstance(element, Scorecard):
        return any(reads_own_sales(item) for item in element.items)
    if isinstance(element, TeamBonus) or not isinstance(element, Commission | Bonus):
        return False
    return reads_own_sales(element.model_copy(update={"lines": ()}))


def cells_of(
    element: AnyElement, people: People, nothing: Results, shares: Shares | None = None
) -> Sequence[Cell] | None:
    """Give pay by own sales for each person and period, exactly; none where own sales decide nothing.

    Of some product lines only their `shares` of sales count, where they are known.
    """
    lines = () if isinstance(element, Spiff | Scorecard) else element.lines
    if not is_seen(element) or (lines and lines not in (shares or {})):
        return None
    if isinstance(element, Scorecard):
        return _through_the_score(element, people, nothing)
    assert isinstance(element, Commission | Bonus)
    if isinstance(element, Commission) and element.cumulative and len(periods(element.period)) < 4:
        element = element.model_copy(update={"cumulative": False})
    cells = curves(element, people, nothing).pieces
    if not lines or shares is None:
        return cells
    count = len(periods(element.period))
    whole = [fraction(round(float(share), 6)) for share in shares[lines]]
    whole += [Fraction(1)] * (len(people) - people.reps)
    return [in_part(cell, whole[number // count]) for number, cell in enumerate(cells)]


def in_part(cell: Cell, share: Fraction) -> Cell:
    """Give the pay of a part of sales as a function of all of them."""
    if share == 0:
        return (Piece(cell[0].start, at(cell, 0), Fraction(0)),)
    return tuple(
        Piece(
            ceiling(piece.start / share) if piece.start > 0 else piece.start, piece.level, piece.slope * share
        )
        for piece in cell
    )


def _on_plan(cells: Sequence[Cell], units: list[Fraction]) -> list[Cell]:
    """Give what is new in each period of curves of the year so far, if all before was just on plan."""
    found, sold, paid = [], 0, Fraction(0)
    for cell, unit in zip(cells, units, strict=True):
        moved = tuple(Piece(p.start - sold, p.level + p.slope * sold - paid, p.slope) for p in cell)
        found.append(_flipped(at_most(_flipped(moved), Fraction(0))))
        sold += ceiling(unit)
        paid = max(paid, at(cell, sold))
    return found


def _flipped(cell: Cell) -> Cell:
    return tuple(Piece(piece.start, -piece.level, -piece.slope) for piece in cell)


def at_most(cell: Cell, most: Fraction | int) -> Cell:
    """Give the smaller of a piecewise linear function and a constant, exact at whole arguments."""
    made: list[Piece] = []
    flat = Fraction(most)
    for piece, after in zip(cell, [*cell[1:], None], strict=True):
        cuts = [piece.start]
        if piece.slope:
            crossing = (flat - piece.level) / piece.slope
            cut = ceiling(crossing)
            if cut > piece.start and (after is None or cut < after.start):
                cuts.append(cut)
        for cut in cuts:
            is_above = piece.at(cut) > flat or (piece.at(cut) == flat and piece.slope > 0)
            next_one = Piece(cut, flat, Fraction(0)) if is_above else Piece(cut, piece.level, piece.slope)
            if not made or (made[-1].level, made[-1].slope) != (next_one.level, next_one.slope):
                made.append(next_one)
    return tuple(made)


def added(cells: Sequence[Cell]) -> Cell:
    """Add functions up to one."""
    starts = sorted({piece.start for cell in cells for piece in cell})
    first = max(cell[0].start for cell in cells)
    return tuple(Piece(start, *_total(cells, start)) for start in starts if start >= first)


def _through_the_score(element: Scorecard, people: People, nothing: Results) -> Sequence[Cell] | None:
    """Follow own sales through the score; all else brings the points of its goal, or of what is assumed."""
    moving = [item for item in element.items if reads_own_sales(item)]
    if not moving:
        return None
    outer = curves(element, people, nothing).pieces
    points = {id(item): point_curves(item, people, nothing, element.period).pieces for item in element.items}
    units = {id(item): units_of(item, people, nothing, element.period) for item in element.items}
    weights = {id(item): weight for item, weight in zip(element.items, weights_of(element), strict=True)}
    count = len(periods(element.period))
    found = []
    for number, pays in enumerate(outer):
        still = Fraction(0)
        for item in element.items:
            if not reads_own_sales(item):
                unit = units[id(item)][number // count][number % count]
                level = fraction(item.assumed) if item.assumed is not None else Fraction(1)
                still += weights[id(item)] * at(points[id(item)][number], -int(-unit * level // 1))
        inner = [
            tuple(_scaled(piece, weights[id(item)]) for piece in points[id(item)][number]) for item in moving
        ]
        found.append(_composed(pays, inner, still))
    return found


def _scaled(piece: Piece, factor: Fraction) -> Piece:
    return Piece(piece.start, piece.level * factor, piece.slope * factor)


def _composed(outer: Cell, inner: Sequence[Cell], still: Fraction) -> Cell:
    """Put a sum of curves into a curve: pieces of outer(still + sum of inner(x))."""
    starts = sorted({piece.start for cell in inner for piece in cell})
    made: list[Piece] = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        level, slope = _total(inner, start)
        level += still
        cuts = [start]
        if slope > 0:
            reached = (ceiling((piece.start - level) / slope) for piece in outer)
            cuts += sorted(x for x in reached if x > start and (end is None or x < end))
        for cut in cuts:
            holding = next(p for p in reversed(outer) if p.start <= level + slope * cut)
            made.append(Piece(cut, holding.level + holding.slope * level, holding.slope * slope))
    return tuple(made)


def step(cells: Sequence[Cell], units: list[Fraction], factor: Fraction) -> float:
    """Pay per cent of sales, when goals of a longer period are just reached."""
    paid = sum((at(cell, -int(-unit // 1)) for cell, unit in zip(cells, units, strict=True)), Fraction(0))
    asked = sum(units, Fraction(0))
    return float(factor * paid / asked) if asked else 0.0


def stretched(cell: Cell, times: int, factor: Fraction) -> Cell:
    """Give the pay of a part of a quarter as a function of the quarter's sales, cents."""
    return tuple(
        Piece(
            piece.start * times if piece.start > 0 else 0,
            piece.level * factor,
            piece.slope * factor / times,
        )
        for piece in cell
    )


def at(cell: Cell, x: int) -> Fraction:
    """Give the value of a piecewise function."""
    return next(piece.at(x) for piece in reversed(cell) if piece.start <= x)


def outlook_of(cells: Sequence[Cell], yearly: float) -> Outlook:
    """Add functions of sales in cents up to an outlook in money."""
    starts = sorted({piece.start for cell in cells for piece in cell if piece.start > 0})
    slopes, jumps = [_total(cells, 0)[1]], []
    for start in starts:
        level, slope = _total(cells, start)
        before_level, before_slope = _total(cells, start - 1)
        jumps.append((level + slope * start) - (before_level + before_slope * start))
        slopes.append(slope)
    return Outlook(
        kinks=np.array([start / 100 for start in starts]),
        slopes=np.array([float(slope) for slope in slopes]),
        jumps=np.array([float(jump / 100) for jump in jumps]),
        yearly=yearly,
    )


def _total(cells: Sequence[Cell], x: int) -> tuple[Fraction, Fraction]:
    """Level and slope of the sum of all pieces that hold at a value."""
    holding = [next(piece for piece in reversed(cell) if piece.start <= x) for cell in cells]
    return sum((p.level for p in holding), Fraction(0)), sum((p.slope for p in holding), Fraction(0))
