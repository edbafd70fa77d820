"""What each element of a scheme pays each person in each of its periods, in cents, step by step."""

from fractions import Fraction
from weakref import WeakKeyDictionary

import numpy as np

from scenarios.pay_elements import (
    AnyElement,
    Bonus,
    Commission,
    Contest,
    Element,
    Item,
    Penalty,
    Scorecard,
    Spiff,
    TeamBonus,
    Worth,
)
from scenarios.pay_measures import MONEY, QUOTA, Gauge
from simulation.paying import shapes
from simulation.paying.conditions import (
    ANEW,
    CURVE,
    DEALS,
    DIFFERENTIAL,
    MOST,
    PRIZE,
    ROLE,
    SHARE,
    Stage,
    on_conditions,
)
from simulation.paying.exact import Curves, Whole, floor_of_sum, fraction, times
from simulation.paying.people import YEAR, People, by_period, cents, periods
from simulation.paying.results import Results, units_of, value_of
from simulation.paying.tables import Cell, Cells, millions, step_table, table
from simulation.paying.together import prizes, shared, team_pots


def earned(name: str, element: AnyElement, people: People, results: Results) -> Whole:
    """Compute what an element pays (of a penalty: takes), cents, [..., people, periods].

    Whoever does not have one of its roles gets nothing. Territory differentials are in it.
    """
    if not people.earning(element.roles).any():
        count = YEAR if isinstance(element, Spiff) else len(periods(element.period))
        return np.zeros((*results.leading, len(people), count), np.int64)
    return course(name, element, people, results)[-1].paid


def course(name: str, element: AnyElement, people: People, results: Results) -> list[Stage]:
    """Say step by step what an element comes to; the last step is what it pays."""
    if isinstance(element, Spiff):
        nothing = np.zeros((*results.leading, len(people), YEAR), np.int64)
        stages = [Stage(DEALS, 0, results.spiffs.get(name, nothing))]
    elif isinstance(element, Contest):
        count = len(periods(element.period))
        pots = prizes(element, people, results)
        shape = (*results.leading, len(people), count)
        stages = [Stage(PRIZE, 0, shared(pots, element, people, results, shape))]
    elif isinstance(element, TeamBonus):
        pots = team_pots(element, people, results, worth(element, people))
        shape = (*results.leading, len(people), len(periods(element.period)))
        stages = [Stage(SHARE, 0, shared(pots, element, people, results, shape))]
    else:
        stages = _by_curve(element, people, results)
    if isinstance(element, Element):
        stages += on_conditions(element, stages[-1].paid, people, results)
    if not isinstance(element, Contest | TeamBonus):
        stages.append(Stage(ROLE, 0, np.where(people.earning(element.roles)[:, None], stages[-1].paid, 0)))
    factor = people.times.get(name)
    if factor is not None:
        stages.append(Stage(DIFFERENTIAL, 0, times(stages[-1].paid, factor[:, None])))
    if not isinstance(element, Contest) and element.most_pay is not None:
        stages.append(Stage(MOST, 0, _at_most(cents(element.most_pay), element, stages[-1].paid)))
    return stages


def _at_most(most: int, element: AnyElement, paid: Whole) -> Whole:
    """Limit pay: of a spiff altogether, of others in each period."""
    if not isinstance(element, Spiff):
        return np.minimum(paid, most)
    return np.diff(np.minimum(np.cumsum(paid, axis=-1), most), axis=-1, prepend=0)


def curves(element: Commission | Bonus | Penalty | Scorecard, people: People, results: Results) -> Curves:
    """Give what an element pays by the value of its measure (of a scorecard: by the score), for each person
    and period, without conditions.
    """
    known = _KNOWN.setdefault(people, {})
    key = (id(element), id(results.before))
    if key not in known:
        known[key] = (_curves(element, people, results), element, results.before)
    return known[key][0]


_KNOWN: WeakKeyDictionary[People, dict[tuple[int, int], tuple[Curves, object, object]]] = WeakKeyDictionary()
"""Curves by element and year before: they are the same whatever was sold. What they were made of is kept with
them, so that no other object takes its identity."""


def _curves(element: Commission | Bonus | Penalty | Scorecard, people: People, results: Results) -> Curves:
    worths = worth(element, people)
    if isinstance(element, Scorecard):
        units = millions(worths)
        if not element.steps:
            return table(units, worths, lambda unit, whole: shapes.straight(unit, whole, None))
    else:
        units = units_of(element, people, results, element.period)
    if isinstance(element, Commission):
        if element.cumulative:
            units, worths = running(units), running(worths)
        if element.tiers_in == "amount" and not _has_worth(element):
            units = [[Fraction(1)] * len(row) for row in units]
        return table(units, worths, lambda unit, whole: _commission(element, unit, whole))
    return step_table(
        element.steps, units, worths, line=not isinstance(element, Penalty) and element.between == "line"
    )


def worth(element: Worth, people: People) -> list[list[Fraction]]:
    """Say what an element is worth when its goal is just reached, cents by person and period.

    A weight's year is divided over the periods of a commission on quota in proportion to them, so that money
    earns the same in each; of others evenly; and in proportion to the time that a person is planned to be
    there.
    """
    whole = periods(element.period)
    asked_of = by_period(people.asked(element.of), element.period).tolist()
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
            asked = asked_of[person]
            total = sum(asked)
            found.append([year * part / total if total else Fraction(0) for part in asked])
        elif len(whole) == 1:
            found.append([year * there[0]])
        else:
            found.append([year * share / len(whole) for share in there])
    return found


def _by_curve(
    element: Commission | Bonus | Penalty | Scorecard, people: People, results: Results
) -> list[Stage]:
    curve, value = curves(element, people, results), argument_of(element, people, results)
    paid = np.maximum(curve(value), 0)
    if not (isinstance(element, Commission) and element.cumulative):
        return [Stage(CURVE, 0, paid)]
    so_far = np.maximum.accumulate(paid, axis=-1)
    return [Stage(CURVE, 0, paid), Stage(ANEW, 0, np.diff(so_far, axis=-1, prepend=0))]


def argument_of(element: Commission | Bonus | Penalty | Scorecard, people: People, results: Results) -> Whole:
    """Give what an element's curve is read at: its measure, of the year so far where it is cumulative, or its
    score.
    """
    if isinstance(element, Scorecard):
        return score_of(element, people, results)
    value = value_of(element, people, results, element.period)
    return np.cumsum(value, axis=-1) if isinstance(element, Commission) and element.cumulative else value


def _has_worth(element: Worth) -> bool:
    return element.weight is not None or element.amount is not None


def _commission(element: Commission, unit: Fraction, whole: Fraction) -> Cell:
    per_unit = whole / unit if _has_worth(element) else Fraction(1)
    edge = unit if element.tiers_in == "attainment" else Fraction(100 if element.measure in MONEY else 1)
    return shapes.tiers(element.tiers, edge, per_unit, element.cap, retroactive=element.retroactive)


def running(cells: Cells) -> Cells:
    """Add up the periods so far."""
    return [[sum(row[: n + 1], Fraction(0)) for n in range(len(row))] for row in cells]


def score_of(element: Scorecard, people: People, results: Results) -> Whole:
    """Add up the weighted points of a scorecard, millionths, rounded down once, [..., people, periods]."""
    return floor_of_sum(*_items(element, people, results))


def scores_of(element: Scorecard, people: People, results: Results) -> list[Whole]:
    """Give the score of the first item, of the first two and so on, as `score_of`."""
    curve, value, weights = _items(element, people, results)
    return [floor_of_sum(curve[:n], value[:n], weights[:n]) for n in range(1, len(curve) + 1)]


def _items(
    element: Scorecard, people: People, results: Results
) -> tuple[list[Curves], list[Whole], list[Fraction]]:
    """Give the points of each item by its value, its value and its weight."""
    curve = [point_curves(item, people, results, element.period) for item in element.items]
    value = [value_of(item, people, results, element.period) for item in element.items]
    return curve, value, weights_of(element)


def weights_of(element: Scorecard) -> list[Fraction]:
    """Give the weights of a scorecard's items, as written, so that they add up to exactly 1."""
    written = [fraction(item.weight) for item in element.items]
    return [weight / sum(written) for weight in written]


def points_of(item: Item, people: People, results: Results, period: str) -> Whole:
    """Give the points of an item before its weight, millionths, rounded down, [..., people, periods]."""
    curve = point_curves(item, people, results, period)
    return floor_of_sum([curve], [value_of(item, people, results, period)], [Fraction(1)])


def point_curves(item: Item, people: People, results: Results, period: str) -> Curves:
    """Give the points of an item, in millionths, by its value, for each person and period."""
    units = units_of(item, people, results, period)
    if item.steps:
        return step_table(item.steps, units, millions(units), line=item.between == "line")
    return table(units, millions(units), lambda unit, whole: shapes.straight(unit, whole, item.most))


def reads_own_sales(gauge: Gauge) -> bool:
    """Say whether a gauge reads what a person books, is invoiced or collects, of all lines."""
    return gauge.of == "own" and gauge.measure in ("bookings", "invoices", "collections") and not gauge.lines
