"""What other results would have paid: more sales, and the next step of each element."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.pay_elements import Scorecard, TeamBonus
from scenarios.pay_measures import MONEY
from simulation.paying.exact import Piece, half_up, millionths, times
from simulation.paying.pay import pay
from simulation.paying.results import Account, Results, gauges
from simulation.paying.statement import Payment, Statement
from simulation.paying.tracing import ByCurve, Tracer


class NextStep(NamedTuple):
    """The next step of an element in a period, and what is missing to it.

    Parameters
    ----------
    payment
        Where.
    at
        Where the step begins: attainment, or smallest units where there is no goal.
    missing
        Smallest units.
    gain
        What the year would have paid more, everything else the same, cents.
    own
        What of it the curve of the element says, cents.
    """

    payment: Payment
    at: Fraction
    missing: int
    gain: int
    own: int


def more_sales(tracer: Tracer, person: int, share: float) -> int:
    """Compute a person's pay of the year, cents, if all whose results count for it had sold so much more.

    Every account of money grows by the share, in every month.
    """
    who, factor = _whose(tracer, person), millionths(1 + share)
    found = dict(tracer.results.accounts)
    for account, table in found.items():
        if account.measure in MONEY:
            found[account] = np.where(who[:, None], times(table, factor), table)
    return _total(tracer, replace(tracer.results, accounts=found), person)


def _whose(tracer: Tracer, person: int) -> NDArray[np.bool_]:
    """Say whose results count for a person's pay, [people]."""
    people = tracer.people
    read = {
        gauge.of
        for element in tracer.scheme.for_role(people.roles[person]).values()
        for gauge in gauges(element)
    }
    counted = np.stack([people.counts[of][person] for of in sorted(read | {"own"})])
    return np.asarray(counted.any(axis=0))


def next_steps(tracer: Tracer, statement: Statement) -> list[NextStep]:
    """Find the next step of each element and period on sales or customers, the nearest one first.

    A step is where a curve jumps or gets another rate. Only those that pay something more are listed.
    """
    found = []
    for payment, element, start in _ahead(tracer, statement):
        account, missing = Account(element.measure, element.lines), start - payment.argument
        table = np.array(tracer.results.accounts[account])
        table[_seller(tracer, statement.person, element.of), payment.months.stop - 1] += missing
        results = replace(tracer.results, accounts={**tracer.results.accounts, account: table})
        gain = _total(tracer, results, statement.person) - statement.total
        if gain > 0:
            cell = tracer.cell(element, statement.person, payment.number)
            at = start / payment.goal if payment.goal else Fraction(start)
            found.append(NextStep(payment, at, missing, gain, _at(cell, start) - _at(cell, payment.argument)))
    return sorted(found, key=lambda step: (_distance(step), -step.own))


def _seller(tracer: Tracer, person: int, of: str) -> int:
    """Name somebody whose sales count: the person, of a team's or the company's result a colleague."""
    counted = np.flatnonzero(tracer.people.counts[of][person])
    if of == "own" or not len(counted):
        return person
    return int(next((colleague for colleague in counted if colleague != person), counted[0]))


def _ahead(tracer: Tracer, statement: Statement) -> Iterator[tuple[Payment, ByCurve, int]]:
    """Find where each curve read at sales or customers next changes."""
    for payment in statement.payments:
        element = payment.element
        if not isinstance(element, ByCurve) or isinstance(element, Scorecard | TeamBonus):
            continue
        if not element.adds_up:
            continue
        cell = tracer.cell(element, statement.person, payment.number)
        start = next((piece.start for piece in cell if piece.start > max(payment.argument, 0)), None)
        if start is not None:
            yield payment, element, start


def _at(cell: tuple[Piece, ...], argument: int) -> int:
    return half_up([piece for piece in cell if piece.start <= argument][-1].at(argument))


def _distance(step: NextStep) -> Fraction:
    """Say how far it is: missing over where it begins."""
    return Fraction(step.missing, step.missing + max(step.payment.argument, 0))


def _total(tracer: Tracer, results: Results, person: int) -> int:
    roll = tracer.books.roll
    return int(pay(roll.scheme, roll.people, results, roll.year, roll.starts).total[person])
