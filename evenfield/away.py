"""When a rep is away: the absences of a scenario within its year, and the usual leave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.compiling.workload import days_from
from scenarios import Scenario


@dataclass(frozen=True)
class Away:
    """An absence, as far as it lies in the year.

    Parameters
    ----------
    first, last
        First day away and first day back, counted from the first day of the year.
    workdays
        Working days of the calendar among them.
    reason
        As written; "" for none.
    """

    first: int
    last: int
    workdays: int
    reason: str


def absences_of(scenario: Scenario, rep: str, empty: Sequence[tuple[float, float]]) -> tuple[Away, ...]:
    """List a rep's absences in order of days, but those in which nobody sat in the seat anyway.

    Parameters
    ----------
    empty
        First and last day of stretches with nobody in the seat.
    """
    table, days = scenario.absences, scenario.year.days
    works = scenario.calendar.works(scenario.year)
    found = []
    ends = (days_from(scenario, table[column], 0.0).clip(0, days).astype(int) for column in ("start", "end"))
    for who, reason, first, last in zip(table["rep"], table["reason"], *ends, strict=True):
        unseen = any(since <= first and last <= until for since, until in empty)
        if who == rep and first < last and not unseen:
            found.append(Away(int(first), int(last), int(works[first:last].sum()), str(reason).strip()))
    return tuple(sorted(found, key=lambda away: away.first))


def leave_by_month(scenario: Scenario) -> np.ndarray:
    """Give days of usual leave by month, no more than the month's working days, [12]."""
    staffing, year = scenario.market.staffing, scenario.year
    first = np.array([(year.month(number) - year.start).days for number in range(12)])
    workdays = np.add.reduceat(scenario.calendar.works(year).astype("float64"), first)
    return np.minimum(staffing.leave_days * np.array(staffing.leave_by_month), workdays)
