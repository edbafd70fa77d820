"""Working time: how a seat's hours lie in the year, and when work begun at some moment is done."""

import numpy as np
from numpy.typing import NDArray

from optimizer.compiling.workload import days_from
from scenarios import Scenario
from simulation.seats.compiled import compiled

Numbers = NDArray[np.float64]


def hours_by_day(scenario: Scenario) -> Numbers:
    """Divide the hours of every seat among the days of the year, hours, [reps, days].

    A working day is one of the calendar's; it counts 1 less the month's share of leave. The hours of the year
    are divided in that proportion, and those of days of absence are lost.
    """
    weight = _weight_of_days(scenario)
    whole = scenario.reps["hours_per_year"].to_numpy(dtype="float64")
    hours: Numbers = np.outer(whole, weight / weight.sum())
    row = {rep: number for number, rep in enumerate(scenario.reps.index)}
    away = scenario.absences
    starts, ends = (days_from(scenario, away[column], 0.0).clip(0).astype(int) for column in ("start", "end"))
    for rep, start, end in zip(away["rep"], starts, ends, strict=True):
        hours[row[rep], start:end] = 0.0
    return hours


def passed(hours: Numbers) -> Numbers:
    """Add up hours by day: those before each day's first moment and those of the year, [seats, days + 1]."""
    total: Numbers = np.zeros((len(hours), hours.shape[1] + 1))
    np.cumsum(hours, axis=1, out=total[:, 1:])
    return total


def _weight_of_days(scenario: Scenario) -> Numbers:
    staffing, year = scenario.market.staffing, scenario.year
    works = scenario.calendar.works(year)
    month = np.repeat(np.arange(12), [(year.month(m + 1) - year.month(m)).days for m in range(12)])
    workdays = np.bincount(month, works, 12)
    leave = staffing.leave_days * np.array(staffing.leave_by_month)
    kept = np.divide(np.maximum(workdays - leave, 0.0), workdays, out=np.zeros(12), where=workdays > 0)
    weight: Numbers = works.astype("float64") * kept[month]
    return weight if weight.sum() > 0 else np.ones(year.days)


@compiled
def done_at(passed, day, hours):
    """Say when work is done: the day on which `hours` of a seat have passed since `day`; infinite if none.

    Parameters
    ----------
    passed
        Hours of the seat before each day and in all, [days + 1].
    day
        When it is begun, within the year.
    hours
        Hours it takes, >= 0.
    """
    last = len(passed) - 1
    number = int(day)
    wanted = passed[number] + (day - number) * (passed[number + 1] - passed[number]) + hours
    while number < last and passed[number + 1] < wanted:
        number += 1
    if number == last:
        return np.inf
    rate = passed[number + 1] - passed[number]
    if rate == 0.0:
        return day
    return max(day, number + (wanted - passed[number]) / rate)


@compiled
def opens_at(passed, day):
    """Give the first moment from `day` on of a day on which the seat has hours; infinite if there is none."""
    last = len(passed) - 1
    number = int(day)
    while number < last and passed[number + 1] <= passed[number]:
        number += 1
    if number == last:
        return np.inf
    return max(day, float(number))
