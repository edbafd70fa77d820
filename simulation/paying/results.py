"""What people are paid for: results by person and month, in smallest units, and how a gauge reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from scenarios.pay_elements import AnyElement, Element, Scorecard, Spiff
from scenarios.pay_measures import QUOTA, SCORE, Gauge, finest
from scenarios.scheme import Scheme
from simulation.paying.exact import Whole, fraction, millionths
from simulation.paying.people import YEAR, People, by_period, periods


class Account(NamedTuple):
    """What is added up: a measure, of some product lines or of all."""

    measure: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Results:
    """What was credited to people; any axes, such as years, may stand in front.

    Parameters
    ----------
    accounts
        Cents or counts, [..., people, 12].
    shares
        By measure: values in millionths times weights, and weights, [..., people, 12] each. Of a period
        counts the sum over its months; of satisfaction its last month.
    spiffs
        Cents that a spiff pays, before its limit, by element, [..., people, 12].
    before
        Accounts of the twelve months before, [people, 12].
    filled
        Share of each quarter in which the person was there, [..., people, 4]; as planned where not given.
    """

    accounts: Mapping[Account, Whole]
    shares: Mapping[str, tuple[Whole, Whole]] = field(default_factory=dict)
    spiffs: Mapping[str, Whole] = field(default_factory=dict)
    before: Mapping[Account, Whole] = field(default_factory=dict)
    filled: np.ndarray | None = None

    @property
    def leading(self) -> tuple[int, ...]:
        """Sizes of the axes in front of people."""
        every = [
            *self.accounts.values(),
            *(pair[0] for pair in self.shares.values()),
            *self.spiffs.values(),
        ]
        return every[0].shape[:-2] if every else ()


def gauges(element: AnyElement) -> tuple[Gauge, ...]:
    """List everything an element reads."""
    if isinstance(element, Spiff):
        return ()
    parts: tuple[Gauge, ...] = (*element.gates, *element.multipliers) if isinstance(element, Element) else ()
    items = element.items if isinstance(element, Scorecard) else ()
    own = () if items else (element,)
    return (*own, *items, *parts)


def accounts_of(scheme: Scheme) -> tuple[Account, ...]:
    """List the accounts that a scheme reads, each once."""
    read = [Account(g.measure, g.lines) for e in scheme.elements.values() for g in gauges(e) if g.adds_up]
    return tuple(dict.fromkeys(read))


def shares_of(scheme: Scheme) -> tuple[str, ...]:
    """List the measures that are shares or scores that a scheme reads, each once."""
    read = [g.measure for e in scheme.elements.values() for g in gauges(e) if not g.adds_up]
    return tuple(dict.fromkeys(read))


def value_of(gauge: Gauge, people: People, results: Results, period: str) -> Whole:
    """Read a gauge: smallest units of its measure, [..., people, periods]."""
    counted = people.counts[gauge.of]
    if gauge.adds_up:
        zero = np.zeros((*results.leading, len(people), YEAR), np.int64)
        monthly = results.accounts.get(Account(gauge.measure, gauge.lines), zero)
        return counted @ by_period(monthly, period)
    weighted, weights = (_of_period(gauge.measure, part, period) for part in results.shares[gauge.measure])
    if gauge.of == "own" and gauge.measure.startswith(SCORE):
        counted = np.eye(len(people), dtype=np.int64)  # whoever is scored, not whom he or she supports
    weighted, weights = counted @ weighted, counted @ weights
    assumed = 0 if gauge.assumed is None else millionths(gauge.assumed)
    known = weights > 0
    return np.where(known, weighted // np.where(known, weights, 1), assumed)


def units_of(gauge: Gauge, people: People, results: Results, period: str) -> list[list[Fraction]]:
    """Say what 1 of a gauge's edges is in smallest units: its goal, or one of its measure.

    Returns
    -------
    By person and period; 0 where nothing is asked.
    """
    against = gauge.held_against
    whole = periods(period)
    if against is None:
        return [[Fraction(finest(gauge.measure))] * len(whole) for _ in range(len(people))]
    if not isinstance(against, str):
        goal = fraction(against) * finest(gauge.measure)
        by_time = gauge.adds_up and gauge.of == "own"
        return [
            [goal * people.planned(person, months) if by_time else goal for months in whole]
            for person in range(len(people))
        ]
    table = people.asked(gauge.of) if against == QUOTA else _before(gauge, people, results)
    share = fraction(gauge.goal_share)
    return [[share * int(goal) for goal in row] for row in by_period(table, period)]


def _of_period(measure: str, monthly: Whole, period: str) -> Whole:
    if measure == "satisfaction":
        return monthly[..., [months.stop - 1 for months in periods(period)]]
    return by_period(monthly, period)


def _before(gauge: Gauge, people: People, results: Results) -> Whole:
    nothing = np.zeros((len(people), YEAR), np.int64)
    return people.counts[gauge.of] @ results.before.get(Account(gauge.measure, gauge.lines), nothing)
