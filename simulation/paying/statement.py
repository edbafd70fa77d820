"""A statement of pay: the nouns of a trace, from credit to the total."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.pay_elements import AnyElement, Item
from scenarios.pay_measures import Gauge
from simulation.paying.crediting import Credits, Ledger
from simulation.paying.payroll import Payroll
from simulation.paying.results import Account, Results
from simulation.paying.together import Pot


@dataclass(frozen=True, eq=False)
class Books:
    """A year of credit, with everything behind it.

    Parameters
    ----------
    roll, results
        What is paid for, and what was credited in one year (no axes in front of people).
    ledger, credit
        What happened to orders, and for whom each counts.
    start, month_ends
        First day of that year, and first days after its months, counted from it.
    lines, customers
        Names.
    """

    roll: Payroll
    results: Results
    ledger: Ledger
    credit: Credits
    start: date
    month_ends: NDArray[np.float64]
    lines: tuple[str, ...]
    customers: tuple[str, ...]


class Reading(NamedTuple):
    """A measure as it was read: smallest units, and the goal in them; None where there is none."""

    gauge: Gauge
    value: int
    goal: Fraction | None

    @property
    def attainment(self) -> Fraction | None:
        """Value over goal; None without a goal."""
        return self.value / self.goal if self.goal else None


class Stretch(NamedTuple):
    """A part of a curve: from one value to another, at a rate (cents a unit), and what it brings, cents."""

    start: int
    end: int
    rate: Fraction
    amount: int


class Step(NamedTuple):
    """What a step of `conditions.Stage` made of an amount, cents.

    `factor`: millionths, of multipliers and differentials; `is_open`: of gates; `reading`: of both.
    """

    what: str
    number: int
    before: int
    after: int
    factor: int | None
    is_open: bool | None
    reading: Reading | None


class Scored(NamedTuple):
    """An item of a scorecard: its reading, points and points times weight, millionths."""

    item: Item
    reading: Reading
    points: int
    weighted: int


@dataclass(frozen=True, eq=False)
class Payment:
    """What an element comes to for a person in a period; of a penalty what it would take.

    Parameters
    ----------
    name, element
        The element.
    number, months, quarter
        Which period, its months and the quarter that pays it, all from 0.
    reading
        Of its measure; None of scorecards and spiffs.
    argument, goal
        What its curve is read at, and what 100 % is there, smallest units: its measure, that of the year so
        far, or the score.
    worth
        Cents at 100 %, of a team bonus the person's share; None where rates are shares of money, or where
        what each brings decides.
    stretches
        Of the curve, up to the argument: all where each pays for itself, else the one reached.
    items
        Of a scorecard.
    pot, members
        What is shared and by whom, of team bonuses and contests of teams.
    part, days
        Of the pot: the person's weight and that of all, as `together.parts_of`, and the days of the period.
    steps
        After the curve, in their order.
    amount
        Cents.
    """

    name: str
    element: AnyElement
    number: int
    months: slice
    quarter: int
    reading: Reading | None
    argument: int
    goal: Fraction | None
    worth: Fraction | None
    stretches: tuple[Stretch, ...]
    items: tuple[Scored, ...]
    pot: Pot | None
    members: tuple[str, ...]
    part: tuple[int, int]
    days: int
    steps: tuple[Step, ...]
    amount: int


class Settlement(NamedTuple):
    """A quarter of a person, cents: `earned` by element; then what penalties, the limit of the year,
    guarantees and advances add, each with its sign; the advance, what is owed after it, and what is paid.
    """

    earned: dict[str, int]
    penalties: int
    limit: int
    guarantee: int
    draw: int
    advance: int
    owing: int
    paid: int


@dataclass(frozen=True, eq=False)
class Statement:
    """A person's pay of a year.

    Parameters
    ----------
    person, name, role, team
        Position and key.
    lines
        Credit behind the pay, see `Tracer.lines`: the person's own and the team's, as elements ask; the
        company's where they ask for nothing else.
    accounts
        By measure and whose (own, team, company): cents or counts by month.
    counted
        By "own", "team", "company": whose results these are.
    payments, settlements
        By element and period, and by quarter.
    base, total
        Cents.
    """

    person: int
    name: str
    role: str
    team: str
    lines: pd.DataFrame
    accounts: dict[tuple[Account, str], NDArray[np.int64]]
    counted: dict[str, tuple[str, ...]]
    payments: tuple[Payment, ...]
    settlements: tuple[Settlement, ...]
    base: int
    total: int
