"""What happens to pay between its curve and the pay slip: multipliers and gates, one after the other.

Each step is rounded to the cent, half a cent up, so that a statement can show it.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from scenarios.pay_elements import Element, Gate, Multiplier
from simulation.paying.exact import MILLION, Piece, Whole, fraction, millionths, times
from simulation.paying.people import People
from simulation.paying.results import Results, units_of, value_of
from simulation.paying.shapes import LOWEST
from simulation.paying.tables import millions, step_table

ONE = (Piece(LOWEST, Fraction(MILLION), Fraction(0)),)

CURVE, ANEW, SHARE, PRIZE, DEALS = "curve", "new", "share", "prize", "deals"
MULTIPLIER, GATE, MOST, ROLE, DIFFERENTIAL = "multiplier", "gate", "most", "role", "differential"


class Stage(NamedTuple):
    """A step on the way to what an element pays.

    Parameters
    ----------
    what
        One of the words above: what the curve says; what of it is new since the period before; the share of
        a pot; the prize; what deals bring; then what multipliers, gates, the role, the differential and the
        limit leave of it.
    number
        Of the multiplier or gate, counted from 0.
    paid
        Cents after it, [..., people, periods].
    """

    what: str
    number: int
    paid: Whole


def on_conditions(element: Element, paid: Whole, people: People, results: Results) -> list[Stage]:
    """Apply multipliers, then gates."""
    stages = []
    for number, multiplier in enumerate(element.multipliers):
        paid = times(paid, factor_of(multiplier, people, results, element.period))
        stages.append(Stage(MULTIPLIER, number, paid))
    for number, gate in enumerate(element.gates):
        opened = opens(gate, people, results, element.period)
        paid = np.where(opened, paid, times(paid, millionths(gate.otherwise)))
        stages.append(Stage(GATE, number, paid))
    return stages


def opens(gate: Gate, people: People, results: Results, period: str) -> np.ndarray:
    """Say where a gate is open, [..., people, periods]; a goal of nothing is reached."""
    value, units = value_of(gate, people, results, period), units_of(gate, people, results, period)
    least = gate.at_least is not None
    edge = fraction(gate.at_least if gate.at_least is not None else gate.at_most or 0)
    bar = np.array([[_bar(edge * unit, least=least) for unit in row] for row in units], np.int64)
    return value >= bar if least else value <= bar


def _bar(edge: Fraction, *, least: bool) -> int:
    return -int(-edge // 1) if least else int(edge // 1)


def factor_of(multiplier: Multiplier, people: People, results: Results, period: str) -> Whole:
    """Give what a multiplier multiplies by, millionths, [..., people, periods].

    1 below its first step, and where nothing is asked.
    """
    units = units_of(multiplier, people, results, period)
    line = multiplier.between == "line"
    factors = step_table(multiplier.steps, units, millions(units), line=line, before=1, unasked=ONE)
    return factors(value_of(multiplier, people, results, period))
