"""What each element of a scheme pays each person in each of its periods, in cents."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from scipy.stats import rankdata

from scenarios.pay_curves import Edge
from scenarios.pay_elements import (
    AnyElement,
    Bonus,
    Commission,
    Contest,
    Element,
    Item,
    Multiplier,
    Penalty,
    Scorecard,
    Spiff,
    TeamBonus,
    Worth,
)
from scenarios.pay_measures import MONEY, QUOTA, Gauge
from simulation.paying import shapes
from simulation.paying.exact import MILLION, Curves, Piece, Whole, fraction, millionths, times
from simulation.paying.people import YEAR, People, cents, in_millionths, periods, spread
from simulation.paying.results import Results, units_of, value_of

Cell = tuple[Piece, ...]


def earned(name: str, element: AnyElement, people: People, results: Results) -> Whole:
    """Compute what an element pays (of a penalty: takes), cents, [..., people, periods].

    Whoever does not have one of its roles gets nothing. Territory differentials are in it.
    """
    if not people.earning(element.roles).any():
        count = YEAR if isinstance(element, Spiff) else len(periods(element.period))
        return np.zeros((*results.leading, len(people), count), np.int64)
    if isinstance(element, Spiff):
        paid = _spiff(name, element, people, results)
    elif isinstance(element, Contest):
        paid = _contest(element, people, results)
    elif isinstance(element, TeamBonus):
        paid = _team_bonus(element, people, results)
    else:
        paid = _by_curve(element, people, results)
    paid = np.where(people.earning(element.roles)[:, None], paid, 0)
    factor = people.times.get(name)
    return paid if factor is None else times(paid, factor[:, None])


def curves(element: Commission | Bonus | Penalty, people: People, results: Results) -> Curves:
    """Give what an element pays by the value of its measure, for each person and period, without
    conditions.
    """
    units = units_of(element, people, results, element.period)
    worths = worth(element, people)
    if isinstance(element, Commission):
        if element.cumulative:
            units, worths = _running(units), _running(worths)
        return _table(units, worths, lambda unit, whole: _commission(element, unit, whole))
    return _step_table(element, units, worths)


def _step_table(
    element: Bonus | Penalty, units: list[list[Fraction]], worths: list[list[Fraction]]
) -> Curves:
    line = isinstance(element, Bonus) and element.between == "line"
    return _table(units, worths, lambda unit, whole: _steps(element.steps, unit, whole, line=line))


def worth(element: Worth, people: People) -> list[list[Fraction]]:
    """Say what an element is worth when its goal is just reached, cents by person and period.

    A weight's year is divided over the periods of a commission on quota in proportion to them, so that money
    earns the same in each; of others evenly; and in proportion to the time that a person is planned to be
    there.
    """
    whole = periods(element.period)
    found = []
    for person in range(len(people)):
        there = [people.planned(person, months) for months in whole]
        if element.weight is None:
            amount = fraction(element.amount or 0) * 100
            found.append([amount * share for share in there])
            continue
        year = fraction(element.weight) * people.incentive[person]
        if isinstance(element, Commission) and element.held_against == QUOTA:
            year *= people.planned(person, slice(0, 12))
            asked = [int(people.asked(element.of)[person, months].sum()) for months in whole]
            total = sum(asked)
            found.append([year * part / total if total else Fraction(0) for part in asked])
        elif len(whole) == 1:
            found.append([year * there[0]])
        else:
            found.append([year * share / len(whole) for share in there])
    return found


def _by_curve(element: Commission | Bonus | Penalty | Scorecard, people: People, results: Results) -> Whole:
    if isinstance(element, Scorecard):
        paid = _scorecard(element, people, results)
    else:
        value, table = value_of(element, people, results, element.period), curves(element, people, results)
        if isinstance(element, Commission) and element.cumulative:
            so_far = np.maximum.accumulate(np.maximum(table(np.cumsum(value, axis=-1)), 0), axis=-1)
            paid = np.diff(so_far, axis=-1, prepend=0)
        else:
            paid = table(value)
    paid = np.maximum(paid, 0)
    return _limited(element, _on_conditions(element, paid, people, results))


def _commission(element: Commission, unit: Fraction, whole: Fraction) -> Cell:
    by_worth = element.weight is not None or element.amount is not None
    per_unit = whole / unit if by_worth else Fraction(1)
    edge = unit if element.tiers_in == "attainment" else Fraction(100 if element.measure in MONEY else 1)
    return shapes.tiers(element.tiers, edge, per_unit, element.cap, retroactive=element.retroactive)


def _steps(steps: Sequence[Edge], unit: Fraction, whole: Fraction, *, line: bool, before: int = 0) -> Cell:
    return shapes.steps(steps, unit, whole, line=line, before=Fraction(before))


def _table(
    units: list[list[Fraction]], worths: list[list[Fraction]], make: Callable[[Fraction, Fraction], Cell]
) -> Curves:
    """Make the curve of each person and period; of those who are asked for nothing, none."""
    cells = [
        make(unit, whole) if unit > 0 else shapes.NOTHING
        for row, wholes in zip(units, worths, strict=True)
        for unit, whole in zip(row, wholes, strict=True)
    ]
    return Curves.of(cells, (len(units), len(units[0]) if units else 0))


def _running(table: list[list[Fraction]]) -> list[list[Fraction]]:
    return [[sum(row[: n + 1], Fraction(0)) for n in range(len(row))] for row in table]


def _on_conditions(element: Element, paid: Whole, people: People, results: Results) -> Whole:
    for multiplier in element.multipliers:
        paid = times(paid, factor_of(multiplier, people, results, element.period))
    for gate in element.gates:
        value, units = (
            value_of(gate, people, results, element.period),
            units_of(gate, people, results, element.period),
        )
        least = gate.at_least is not None
        edge = fraction(gate.at_least if gate.at_least is not None else gate.at_most or 0)
        bar = np.array([[_bar(edge * unit, least=least) for unit in row] for row in units], np.int64)
        opens = value >= bar if least else value <= bar
        paid = np.where(opens, paid, times(paid, millionths(gate.otherwise)))
    return paid


def _bar(edge: Fraction, *, least: bool) -> int:
    return -int(-edge // 1) if least else int(edge // 1)


def factor_of(multiplier: Multiplier, people: People, results: Results, period: str) -> Whole:
    """Give what a multiplier multiplies by, millionths, [..., people, periods]; 1 below its first step."""
    units = units_of(multiplier, people, results, period)
    million = [[Fraction(MILLION)] * len(row) for row in units]
    line = multiplier.between == "line"
    table = _table(
        units, million, lambda unit, whole: _steps(multiplier.steps, unit, whole, line=line, before=1)
    )
    return table(value_of(multiplier, people, results, period))


def _limited(element: Element, paid: Whole) -> Whole:
    return paid if element.most_pay is None else np.minimum(paid, cents(element.most_pay))


def _scorecard(element: Scorecard, people: People, results: Results) -> Whole:
    return score_curves(element, people)(score_of(element, people, results))


def score_curves(element: Scorecard, people: People) -> Curves:
    """Give what a scorecard pays by its score in millionths, for each person and period."""
    worths = worth(element, people)
    units = [[Fraction(MILLION)] * len(row) for row in worths]
    if not element.steps:
        return _table(units, worths, lambda unit, whole: shapes.straight(unit, whole, None))
    line = element.between == "line"
    return _table(units, worths, lambda unit, whole: _steps(element.steps, unit, whole, line=line))


def score_of(element: Scorecard, people: People, results: Results) -> Whole:
    """Add up the weighted points of a scorecard, millionths, [..., people, periods]."""
    each = [
        times(points_of(item, people, results, element.period), millionths(item.weight))
        for item in element.items
    ]
    total: Whole = sum(each[1:], start=each[0])
    return total


def points_of(item: Item, people: People, results: Results, period: str) -> Whole:
    """Give the points of an item before its weight, millionths, [..., people, periods]."""
    return point_curves(item, people, results, period)(value_of(item, people, results, period))


def point_curves(item: Item, people: People, results: Results, period: str) -> Curves:
    """Give the points of an item, in millionths, by its value, for each person and period."""
    units = units_of(item, people, results, period)
    million = [[Fraction(MILLION)] * len(row) for row in units]
    if not item.steps:
        return _table(units, million, lambda unit, whole: shapes.straight(unit, whole, item.most))
    line = item.between == "line"
    return _table(units, million, lambda unit, whole: _steps(item.steps, unit, whole, line=line))


def _spiff(name: str, element: Spiff, people: People, results: Results) -> Whole:
    paid = results.spiffs.get(name, np.zeros((*results.leading, len(people), 12), np.int64))
    if element.most_pay is None:
        return paid
    so_far = np.minimum(np.cumsum(paid, axis=-1), cents(element.most_pay))
    return np.diff(so_far, axis=-1, prepend=0)


def _team_bonus(element: TeamBonus, people: People, results: Results) -> Whole:
    """Pay each team its sum by the team's result, and divide it among its members."""
    takes_part = people.earning(element.roles)
    units, each = units_of(element, people, results, element.period), worth(element, people)
    value = value_of(element, people, results, element.period)
    paid = np.zeros(value.shape, np.int64)
    for members in _teams(people, takes_part, whole=element.of == "company"):
        if element.weight is None:
            pot = [fraction(element.amount or 0) * 100] * value.shape[-1]
        else:
            pot = [sum((each[m][n] for m in members), Fraction(0)) for n in range(value.shape[-1])]
        first = members[0]
        table = _step_table(element, [units[first]], [pot])
        paid = _shared(
            paid,
            table(value[..., [first], :])[..., 0, :],
            members,
            element.shared,
            element,
            people,
            results,
        )
    return _limited(element, _on_conditions(element, paid, people, results))


def _teams(people: People, takes_part: np.ndarray, *, whole: bool) -> list[list[int]]:
    """List the members of each team, by position; all together where the whole company is one."""
    if whole:
        members = [int(m) for m in np.flatnonzero(takes_part)]
        return [members] if members else []
    names = [team for team in dict.fromkeys(people.teams) if team]
    teams = [[m for m, team in enumerate(people.teams) if team == name and takes_part[m]] for name in names]
    return [members for members in teams if members]


def _shared(
    paid: Whole,
    pot: Whole,
    members: list[int],
    how: str,
    gauge: Gauge,
    people: People,
    results: Results,
) -> Whole:
    """Divide pots, [..., periods], among members, to the cent."""
    period = gauge.period  # type: ignore[attr-defined]
    if how == "by measure":
        own = value_of(gauge.model_copy(update={"of": "own"}), people, results, period)[..., members, :]
        weights = np.maximum(own, 0)
        total = weights.sum(axis=-2, keepdims=True)
        even = np.ones_like(weights)
        weights = np.where(total > 0, weights * MILLION // np.maximum(total, 1), even)
        running = pot[..., None, :] * np.cumsum(weights, axis=-2) // weights.sum(axis=-2, keepdims=True)
        paid[..., members, :] += np.diff(running, axis=-2, prepend=0)
        return paid
    if how == "by quota":
        parts = people.quota[members].sum(axis=1)
    elif how == "by target incentive":
        parts = np.array([people.incentive[m] for m in members], np.int64)
    else:
        parts = np.ones(len(members), np.int64)
    parts = in_millionths(parts if parts.sum() > 0 else np.ones_like(parts))
    paid[..., members, :] += np.swapaxes(spread(pot, parts), -1, -2)
    return paid


def _contest(element: Contest, people: People, results: Results) -> Whole:
    takes_part = people.earning(element.roles)
    value = value_of(element, people, results, element.period)
    units = units_of(element, people, results, element.period)
    one = [[Fraction(MILLION)] * len(row) for row in units]
    if element.ranked_by == "attainment":
        value = _table(units, one, lambda unit, whole: shapes.straight(unit, whole, None))(value)
        bar = millionths(element.at_least)
    else:
        bar = int(fraction(element.at_least) * (100 if element.measure in MONEY else 1))
    if element.between == "people":
        entrants = [[m] for m in np.flatnonzero(takes_part).tolist()]
    else:
        entrants = _teams(people, takes_part, whole=False)
    paid = np.zeros(value.shape, np.int64)
    if not entrants:
        return paid
    results_of = np.stack([value[..., members[0], :] for members in entrants], axis=-2)
    won = _prizes(results_of, bar, [cents(prize) for prize in element.prizes])
    for number, members in enumerate(entrants):
        paid = _shared(paid, won[..., number, :], members, element.shared, element, people, results)
    return paid


def _prizes(value: Whole, bar: int, prizes: Sequence[int]) -> Whole:
    """Give the prizes of a ranking: whoever is level shares, a cent that cannot be divided is kept.

    Parameters
    ----------
    value
        What is ranked, [..., entrants, periods].
    bar
        The least that can win; and more than nothing.
    """
    able = (value >= bar) & (value > 0)
    ranked = np.where(able, value, -1)
    first = rankdata(-ranked, method="min", axis=-2).astype(np.int64) - 1
    last = rankdata(-ranked, method="max", axis=-2).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(prizes)])
    upto = np.minimum(np.stack([first, last]), len(prizes))
    return np.where(able, (running[upto[1]] - running[upto[0]]) // (last - first), 0)


def reads_own_sales(gauge: Gauge) -> bool:
    """Say whether a gauge reads what a person books, is invoiced or collects, of all lines."""
    return gauge.of == "own" and gauge.measure in ("bookings", "invoices", "collections") and not gauge.lines
