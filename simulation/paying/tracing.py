"""Where pay comes from: every amount from orders to the total, computed by what computes the pay.

A trace reads the steps that `elements.course` and `pay` go through and adds nothing of its own, so its parts
add up to `Pay.total` to the cent.
"""

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.pay_elements import (
    MONTHS,
    AnyElement,
    Bonus,
    Commission,
    Contest,
    Element,
    Gate,
    Item,
    Multiplier,
    Penalty,
    Scorecard,
    Spiff,
    TeamBonus,
    Worth,
)
from scenarios.pay_measures import MONEY, Gauge
from simulation.paying.conditions import DIFFERENTIAL, GATE, MULTIPLIER, Stage, factor_of, opens
from simulation.paying.crediting import added, months_of, spiff_pay, without_windfall
from simulation.paying.elements import argument_of, course, curves, points_of, running, scores_of, worth
from simulation.paying.exact import MILLION, Curves, Piece, Whole, half_up
from simulation.paying.pay import QUARTERS, Pay, pay
from simulation.paying.people import People, periods
from simulation.paying.results import Account, Results, accounts_of, gauges, units_of, value_of
from simulation.paying.statement import (
    Books,
    Payment,
    Reading,
    Scored,
    Settlement,
    Statement,
    Step,
    Stretch,
)
from simulation.paying.tables import Cells
from simulation.paying.together import Pot, parts_of, prizes, team_pots

ByCurve = Commission | Bonus | Penalty | Scorecard


class Tracer:
    """Traces the pay of everybody in the same books.

    Parameters
    ----------
    books
        A year.
    """

    def __init__(self, books: Books) -> None:
        self.books = books
        self.scheme, self.people, self.results = books.roll.scheme, books.roll.people, books.results
        roll = books.roll
        self.pay: Pay = pay(roll.scheme, roll.people, self.results, roll.year, roll.starts)
        self._known: dict[tuple[Any, ...], Any] = {}
        self.lines = self._lines()

    def _once(self, make: Callable[..., Any], *of: Any) -> Any:
        """Compute something of all people once."""
        key = (make, *(id(part) for part in of))
        if key not in self._known:
            self._known[key] = make(*of, self.people, self.results)
        return self._known[key]

    def statement(self, person: int) -> Statement:
        """Trace the pay of a person, by position."""
        people, scheme = self.people, self.scheme
        role = people.roles[person]
        mine = scheme.for_role(role)
        payments = [
            payment for name, element in mine.items() for payment in self._paid(name, element, person)
        ]
        read = dict.fromkeys(
            (Account(gauge.measure, gauge.lines), gauge.of)
            for element in mine.values()
            for gauge in gauges(element)
            if gauge.adds_up
        )
        return Statement(
            person=person,
            name=people.names[person],
            role=role,
            team=people.teams[person],
            lines=self._lines_of(person, {of for _, of in read}),
            accounts={(a, of): people.counts[of][person] @ self.results.accounts[a] for a, of in read},
            counted={of: self._names(np.flatnonzero(people.counts[of][person])) for of in people.counts},
            payments=tuple(payments),
            settlements=tuple(self._settled(person, quarter, payments) for quarter in range(QUARTERS)),
            base=int(self.pay.base[person]),
            total=int(self.pay.total[person]),
        )

    def _lines_of(self, person: int, read: set[str]) -> pd.DataFrame:
        """Take the credit behind a person's pay: own and team's; the company's if nothing else is read."""
        wanted = read - {"company"} or read or {"own"}
        counted = np.stack([self.people.counts[of][person] for of in sorted(wanted)]).any(axis=0)
        return self.lines[self.lines["person"].isin(np.flatnonzero(counted))].reset_index(drop=True)

    def _names(self, positions: Sequence[int] | NDArray[np.intp]) -> tuple[str, ...]:
        return tuple(self.people.names[position] for position in positions)

    def _settled(self, person: int, quarter: int, payments: list[Payment]) -> Settlement:
        made = self.pay
        earned = {payment.name: 0 for payment in payments if payment.name in made.elements}
        for payment in payments:
            if payment.quarter == quarter and payment.name in earned:
                earned[payment.name] += payment.amount
        return Settlement(
            earned,
            penalties=int(made.penalties[person, quarter]),
            limit=int(made.limit[person, quarter]),
            guarantee=int(made.guarantees[person, quarter]),
            draw=int(made.draws[person, quarter]),
            advance=int(made.advances[person, quarter]),
            owing=int(made.owing[person, quarter]),
            paid=int(made.incentive[person, quarter]),
        )

    def _paid(self, name: str, element: AnyElement, person: int) -> list[Payment]:
        whole = periods("month" if isinstance(element, Spiff) else element.period)
        return [self._payment(name, element, person, *period) for period in enumerate(whole)]

    def _payment(self, name: str, element: AnyElement, person: int, number: int, months: slice) -> Payment:
        stages: list[Stage] = self._once(_course, name, element)
        argument, goal, reading, whole = 0, None, None, None
        parts: tuple[Stretch, ...] = ()
        if isinstance(element, ByCurve) and not isinstance(element, TeamBonus):
            argument, goal, parts = self._read(element, person, number)
        if not isinstance(element, Spiff | Scorecard):
            reading = self._reading(element, element.period, person, number)
        if isinstance(element, Worth) and (element.weight is not None or element.amount is not None):
            whole = self._once(_worth, element)[person][number]
        pot = self._pot(element, person, number)
        part = (0, 0) if pot is None else self._part(element, pot, person, number)
        if isinstance(element, TeamBonus):
            known = pot is not None and element.shared != "by measure"
            whole = pot.worth[0] * Fraction(*part) if pot is not None and known else None
        return Payment(
            name=name,
            element=element,
            number=number,
            months=months,
            quarter=(months.stop - 1) // 3,
            reading=reading,
            argument=argument,
            goal=goal,
            worth=whole,
            stretches=parts,
            items=self._scored(element, person, number) if isinstance(element, Scorecard) else (),
            pot=pot,
            members=() if pot is None else self._names(pot.members),
            part=part,
            days=int(self.people.days[months].sum()),
            steps=tuple(
                self._step(name, element, before, after, person, number)
                for before, after in itertools.pairwise(stages)
            ),
            amount=int(stages[-1].paid[person, number]),
        )

    def _read(
        self, element: ByCurve, person: int, number: int
    ) -> tuple[int, Fraction | None, tuple[Stretch, ...]]:
        """Read an element's curve: at what, what 100 % is there, and the stretches."""
        argument = int(self._once(argument_of, element)[person, number])
        goal: Fraction | None = None
        if isinstance(element, Scorecard):
            goal = Fraction(MILLION)
        elif element.held_against is not None:
            so_far = isinstance(element, Commission) and element.cumulative
            goal = self._once(_units_so_far if so_far else _units, element)[person][number]
        marginal = isinstance(element, Commission) and not element.retroactive
        return argument, goal, stretches(self.cell(element, person, number), argument, marginal=marginal)

    def cell(self, element: ByCurve, person: int, number: int) -> tuple[Piece, ...]:
        """Give the curve of a person's period."""
        return cell_of(self._once(curves, element), person, number)

    def _scored(self, card: Scorecard, person: int, number: int) -> tuple[Scored, ...]:
        found = []
        so_far = 0
        for item, score in zip(card.items, self._once(scores_of, card), strict=True):
            points = self._once(_points, item, card)[person, number]
            reading = self._reading(item, card.period, person, number)
            found.append(Scored(item, reading, int(points), int(score[person, number]) - so_far))
            so_far = int(score[person, number])
        return tuple(found)

    def _step(
        self, name: str, element: AnyElement, before: Stage, after: Stage, person: int, number: int
    ) -> Step:
        factor, is_open, reading = None, None, None
        if isinstance(element, Element) and after.what in (MULTIPLIER, GATE):
            gauge = (element.multipliers if after.what == MULTIPLIER else element.gates)[after.number]
            reading = self._reading(gauge, element.period, person, number)
            if after.what == MULTIPLIER:
                factor = int(self._once(_factor, gauge, element)[person, number])
            else:
                is_open = bool(self._once(_opens, gauge, element)[person, number])
        elif after.what == DIFFERENTIAL:
            factor = int(self.people.times[name][person])
        amounts = int(before.paid[person, number]), int(after.paid[person, number])
        return Step(after.what, after.number, *amounts, factor, is_open, reading)

    def _reading(self, gauge: Gauge, period: str, person: int, number: int) -> Reading:
        value = int(self._once(_value, gauge, _PERIODS[period])[person, number])
        if gauge.held_against is None:
            return Reading(gauge, value, None)
        return Reading(gauge, value, self._once(_goals, gauge, _PERIODS[period])[person][number])

    def _pot(self, element: AnyElement, person: int, number: int) -> Pot | None:
        """Find what a person shares or wins in a period."""
        if not isinstance(element, TeamBonus | Contest):
            return None
        for pot in self._once(_pots, element):
            if person in pot.members:
                one = slice(number, number + 1)
                place = None if pot.place is None else pot.place[..., one]
                return Pot(pot.members, pot.worth[one], pot.amount[..., one], place)
        return None

    def _part(self, element: AnyElement, pot: Pot, person: int, number: int) -> tuple[int, int]:
        """Give a member's weight in a pot, and that of all."""
        if not isinstance(element, TeamBonus | Contest):
            return 0, 0
        weights = parts_of(pot.members, element, self.people, self.results)[..., number]
        return int(weights[pot.members.index(person)]), int(weights.sum())

    def _lines(self) -> pd.DataFrame:
        """Lay out all credit that is read: who, when, what, of which order, how much and why.

        Returns
        -------
        Frame with `person` (position), `day`, `month`, `moment` and `why` (positions), `order`, `customer`,
        `line`, `amount` (of the order's line), `counts` (of it after the windfall limit), `credited` (with
        its sign), `accounts` (that it goes to, joined by "; "), `spiffs` (what spiffs pay for it), cents, and
        `is_new` (whether it is a new customer's).
        """
        books = self.books
        ledger, credit = books.ledger, books.credit
        entry = credit.entry
        to, credited = np.full(len(entry), "", dtype=object), np.zeros(len(entry), np.int64)
        for account in accounts_of(self.scheme):
            found = added(self.scheme, account, ledger, credit, books.lines)
            meant = found != 0
            to[meant] = [
                f"{before}; {written(account)}" if before else written(account) for before in to[meant]
            ]
            found = found if account.measure in MONEY else np.where(meant, credit.amount, 0)
            credited = np.where(credited == 0, found, credited)
        extra = np.zeros(len(entry), np.int64)
        for element in self.scheme.elements.values():
            if isinstance(element, Spiff):
                extra += spiff_pay(element, self.people, ledger, credit, books.lines, books.roll.year)
        credited = np.where((credited == 0) & (extra != 0), credit.amount, credited)
        lines, customers = (np.array([*names, ""], dtype=object) for names in (books.lines, books.customers))
        table = pd.DataFrame(
            {
                "person": credit.person,
                "day": ledger.day[entry],
                "month": months_of(ledger, credit, books.month_ends),
                "moment": ledger.moment[entry],
                "why": credit.why,
                "order": ledger.order[entry],
                "customer": customers[ledger.customer[entry]],
                "line": lines[ledger.line[entry]],
                "amount": ledger.amount[entry],
                "counts": without_windfall(self.scheme, self.people, ledger)[entry],
                "credited": credited,
                "accounts": pd.Series(to, dtype="str").str.removeprefix("; "),
                "spiffs": extra,
                "is_new": ledger.is_new[entry],
            }
        )
        read = (table["accounts"] != "") | (table["spiffs"] != 0)
        return table[read].sort_values(["day", "order"], kind="stable").reset_index(drop=True)


_PERIODS = {period: period for period in MONTHS}
"""One object a period, so that what is computed once is found again."""


def _course(name: str, element: AnyElement, people: People, results: Results) -> list[Stage]:
    return course(name, element, people, results)


def _worth(element: Worth, people: People, results: Results) -> Cells:
    return worth(element, people)


def _units(element: Commission | Bonus | Penalty, people: People, results: Results) -> Cells:
    return units_of(element, people, results, element.period)


def _units_so_far(element: Commission, people: People, results: Results) -> Cells:
    return running(units_of(element, people, results, element.period))


def _points(item: Item, card: Scorecard, people: People, results: Results) -> Whole:
    return points_of(item, people, results, card.period)


def _factor(multiplier: Multiplier, element: Element, people: People, results: Results) -> Whole:
    return factor_of(multiplier, people, results, element.period)


def _opens(gate: Gate, element: Element, people: People, results: Results) -> NDArray[np.bool_]:
    return opens(gate, people, results, element.period)


def _value(gauge: Gauge, period: str, people: People, results: Results) -> Whole:
    return value_of(gauge, people, results, period)


def _goals(gauge: Gauge, period: str, people: People, results: Results) -> Cells:
    return units_of(gauge, people, results, period)


def _pots(element: TeamBonus | Contest, people: People, results: Results) -> list[Pot]:
    if isinstance(element, TeamBonus):
        return team_pots(element, people, results, worth(element, people))
    return prizes(element, people, results)


def written(account: Account) -> str:
    """Name an account: its measure, and its product lines where it has some."""
    return account.measure + (f" ({', '.join(account.lines)})" if account.lines else "")


def cell_of(curve: Curves, person: int, number: int) -> tuple[Piece, ...]:
    """Give the pieces of a person's curve of a period."""
    return curve.pieces[person * curve.starts.shape[-2] + number]


def stretches(cell: Sequence[Piece], argument: int, *, marginal: bool) -> tuple[Stretch, ...]:
    """Take apart what a curve says at a value; amounts add up to it, rounded half up.

    Parameters
    ----------
    marginal
        True: each stretch up to the value pays for itself. False: the one reached pays for all.
    """
    reached = [piece for piece in cell if piece.start <= argument]
    if not marginal:
        last = reached[-1]
        return (Stretch(max(last.start, 0), argument, last.slope, max(half_up(last.at(argument)), 0)),)
    found, so_far = [], 0
    for piece, after in itertools.zip_longest(reached, reached[1:]):
        end = argument if after is None else after.start
        upto = max(half_up(piece.at(end)), 0)
        if end > 0:
            found.append(Stretch(max(piece.start, 0), end, piece.slope, upto - so_far))
        so_far = upto
    return tuple(stretch for stretch in found if stretch.end > stretch.start)
