"""What is measured of a year: functions of its journal, nothing else."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulation.accounting.contentment import contentment, weighted
from simulation.accounting.journal import What
from simulation.company.year import Year
from simulation.world.world import World

Numbers = NDArray[np.float64]

LATE_DAYS = 14
"""The last days of a quarter, in which bookings pile up where reps hurry."""


@dataclass(frozen=True)
class Measures:
    """Measures of one year, or of many with one more axis in front.

    Parameters
    ----------
    bookings, collected
        Credited to the seats, money, [..., reps, quarters]; collected is what was paid in the year, of its
        bookings and of those before.
    house_bookings, house_collected
        What nobody's rep made, money, [..., quarters].
    invoiced, bad_debt
        Of the company, money, [...].
    visits_due, visits_made
        Promised visits that were made or missed, and those made, [..., reps]. Those still due at the year's
        end, by the rule of `simulation.seats.selling.end`, are in neither.
    unserved_visits
        Promised visits missed where nobody serves, [...].
    calls, calls_served
        Calls for service, and those answered, [...].
    hours_worked, road_hours
        Hours on the road included, and these alone, [..., reps].
    capacity_by_month, worked_by_month, unserved_by_month
        Hours of filled seats, hours worked, and hours of what was lost or missed because nobody had time, of
        the company, [..., months].
    filled
        Share of the quarter in which the seat was filled, [..., reps, quarters].
    effort
        Mean of the efforts chosen, [..., reps]; not a number where the seat was empty all year.
    quits
        [..., reps].
    satisfaction
        Mean over customers still there at the end of the year, weighted with potential, [...]; not a number
        where all are lost.
    content, served, house_content, house_served
        Satisfaction of customers at the end of each quarter times their potential, and their potential, of
        those still there, by who serves them then, [..., reps, quarters] and [..., quarters].
    lost_waiting
        Amount of opportunities that would have been won, had somebody had time, money, [...].
    late_bookings
        Booked in the last fourteen days of quarters, house included, money, [...].
    new_customers
        Newcomers won, [...].
    customers_lost
        For good, [...].
    held, pulled_in, discounts, lost_by_timing
        Of reps who play with time, money, [..., reps, quarters]: held back from the quarter, booked in it by
        asking customers to decide early (after the discount), discounts for that, and lost in it because
        customers were put off or pressed.
    """

    bookings: Numbers
    collected: Numbers
    house_bookings: Numbers
    house_collected: Numbers
    invoiced: Numbers
    bad_debt: Numbers
    visits_due: Numbers
    visits_made: Numbers
    unserved_visits: Numbers
    calls: Numbers
    calls_served: Numbers
    hours_worked: Numbers
    road_hours: Numbers
    capacity_by_month: Numbers
    worked_by_month: Numbers
    unserved_by_month: Numbers
    filled: Numbers
    effort: Numbers
    quits: Numbers
    satisfaction: Numbers
    content: Numbers
    served: Numbers
    house_content: Numbers
    house_served: Numbers
    lost_waiting: Numbers
    late_bookings: Numbers
    new_customers: Numbers
    customers_lost: Numbers
    held: Numbers
    pulled_in: Numbers
    discounts: Numbers
    lost_by_timing: Numbers

    @classmethod
    def stacked(cls, years: Sequence[Self]) -> Self:
        """Put years side by side, in order, along a new first axis."""
        return cls(**{f: np.stack([getattr(y, f) for y in years]) for f in _fields(cls)})

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Put blocks of years one after the other along the first axis."""
        return cls(**{f: np.concatenate([getattr(b, f) for b in blocks]) for f in _fields(cls)})


def measure(world: World, year: Year) -> Measures:
    """Compute all measures of a year."""
    seats, quarters = len(world.seats.ids), len(world.quarters)
    money = np.zeros((len(MONEY), seats, quarters), dtype=np.int64)
    counts = np.zeros((len(COUNTED), seats), dtype=np.int64)
    sums = np.zeros((len(SUMS), seats))
    hours = np.zeros((3, len(world.month_ends)))
    filled, early = np.zeros((seats, quarters)), np.zeros((seats, quarters), dtype=np.int64)
    quarter_of = by_day(world.quarter_ends)
    deals = year.fate.opportunities
    newcomers, lost_waiting, late = tally(
        year.journal,
        *(quarter_of, by_day(world.month_ends)),
        *(world.quarter_ends, world.month_ends, year.fate.passed, world.hours_per_visit),
        *(deals.is_new, money, early, counts, sums, hours, filled),
    )
    level, seat = contentment(world, year, quarter_of, quarters)
    content, served = weighted(level, seat, world.potential, seats)
    cents = {what: money[place] for place, what in enumerate(MONEY)}
    booked, collected = cents[What.WON] / 100, cents[What.PAYMENT] / 100
    count = {what: counts[place].astype(np.float64) for place, what in enumerate(COUNTED)}
    chosen, effort = count[What.EFFORT], sums[EFFORT]
    due = count[What.VISIT] + count[What.MISSED_VISIT]
    return Measures(
        bookings=booked[:-1],
        collected=collected[:-1],
        house_bookings=booked[-1],
        house_collected=collected[-1],
        invoiced=cents[What.INVOICE].sum() / 100,
        bad_debt=cents[What.BAD_DEBT].sum() / 100,
        visits_due=due[:-1],
        visits_made=count[What.VISIT][:-1],
        unserved_visits=count[What.MISSED_VISIT][-1],
        calls=count[What.CALL].sum(),
        calls_served=count[What.SERVED].sum(),
        hours_worked=sums[HOURS][:-1],
        road_hours=sums[ROAD][:-1],
        capacity_by_month=hours[0],
        worked_by_month=hours[1],
        unserved_by_month=hours[2],
        filled=filled[:-1],
        effort=np.divide(effort, chosen, out=np.full(seats, np.nan), where=chosen > 0)[:-1],
        quits=count[What.QUITS][:-1],
        satisfaction=_mean(content[:, -1], served[:, -1]),
        content=content[:-1],
        served=served[:-1],
        house_content=content[-1],
        house_served=served[-1],
        lost_waiting=np.asarray(lost_waiting / 100),
        late_bookings=np.asarray(late / 100),
        new_customers=np.asarray(float(newcomers)),
        customers_lost=count[What.CUSTOMER_LOST].sum(),
        held=cents[What.HELD_BACK][:-1] / 100,
        pulled_in=early[:-1] / 100,
        discounts=cents[What.DISCOUNT][:-1] / 100,
        lost_by_timing=(cents[What.LOST_HELD] + cents[What.LOST_PRESSED])[:-1] / 100,
    )


def by_day(ends: Numbers) -> NDArray[np.int64]:
    """Give the number of the quarter or month of each day, from the first day after each."""
    return np.searchsorted(ends, np.arange(int(ends[-1])), side="right").astype(np.int64)


def _mean(content: Numbers, served: Numbers) -> Numbers:
    weight = served.sum()
    return np.asarray(content.sum() / weight if weight > 0 else np.nan)


def _fields(cls: type[Measures]) -> list[str]:
    return [f.name for f in dataclasses.fields(cls)]


def _place(whats: Sequence[What]) -> NDArray[np.int64]:
    place = np.full(len(What), -1)
    place[[int(what) for what in whats]] = np.arange(len(whats))
    return place


MONEY = (
    *(What.WON, What.INVOICE, What.PAYMENT, What.BAD_DEBT),
    *(What.HELD_BACK, What.DISCOUNT, What.LOST_HELD, What.LOST_PRESSED),
)
COUNTED = (
    *(What.VISIT, What.MISSED_VISIT, What.CALL, What.SERVED, What.EFFORT),
    *(What.QUITS, What.CUSTOMER_LOST),
)
SUMS = HOURS, ROAD, EFFORT = range(3)
MONEY_PLACE, COUNT_PLACE = _place(MONEY), _place(COUNTED)
WON, WORK, SERVED, VISIT = int(What.WON), int(What.WORK), int(What.SERVED), int(What.VISIT)
MISSED, UNSERVED, LOST_WAITING = int(What.MISSED_VISIT), int(What.UNSERVED), int(What.LOST_WAITING)
CHOICE, JOINS, LEAVES, QUITS = int(What.EFFORT), int(What.JOINS), int(What.LEAVES), int(What.QUITS)
PULLED_IN = int(What.PULLED_IN)


@njit(cache=True)
def tally(
    journal,
    quarter_of,
    month_of,
    quarter_ends,
    month_ends,
    passed,
    hours_per_visit,
    is_new,
    money,
    early,
    counts,
    sums,
    by_month,
    filled,
):
    """Go once through the records, those of a customer being in order of days, and add up.

    Parameters
    ----------
    journal
        The records.
    quarter_of, month_of
        By day.
    quarter_ends, month_ends, passed, hours_per_visit
        Of the world; passed of the fate.
    is_new
        Of opportunities.
    money, early, counts, sums, by_month, filled
        What is added up: cents by `MONEY`, seat and quarter, and of them those booked of customers who were
        asked to decide early, by seat and quarter; numbers by `COUNTED` and seat; `SUMS` by seat; hours of
        capacity, worked and not served by month; share filled by seat and quarter.

    Returns
    -------
    Newcomers won, cents of opportunities lost waiting, and cents booked in the last days of quarters.
    """
    newcomers, lost_waiting, late = 0, 0.0, 0.0
    hurried = np.zeros(len(is_new), dtype=np.bool_)
    for r in range(len(journal)):
        record = journal[r]
        w, s, d, who = record["what"], record["by"], record["day"], record["subject"]
        number = min(int(d), len(quarter_of) - 1)
        quarter, month = quarter_of[number], month_of[number]
        if MONEY_PLACE[w] >= 0:
            money[MONEY_PLACE[w], s, quarter] += np.int64(record["amount"])
        if COUNT_PLACE[w] >= 0:
            counts[COUNT_PLACE[w], s] += 1
        if w == WON:
            newcomers += is_new[who]
            if d >= quarter_ends[quarter] - LATE_DAYS:
                late += record["amount"]
            if hurried[who]:
                early[s, quarter] += np.int64(record["amount"])
        elif w == PULLED_IN:
            hurried[who] = True
        elif w in (WORK, SERVED):
            sums[HOURS, s] += record["hours"]
            sums[ROAD, s] += record["amount"]
            by_month[1, month] += record["hours"]
        elif w == VISIT:
            sums[HOURS, s] += record["hours"]
            sums[ROAD, s] += record["hours"] - hours_per_visit[who]
            by_month[1, month] += record["hours"]
        elif w in (MISSED, UNSERVED):
            by_month[2, month] += record["hours"]
        elif w == LOST_WAITING:
            by_month[2, month] += record["hours"]
            lost_waiting += record["amount"]
        elif w == CHOICE:
            sums[EFFORT, s] += record["amount"]
        elif w in (JOINS, LEAVES, QUITS):
            sign = 1.0 if w == JOINS else -1.0
            add_from(d, sign, s, quarter_ends, month_ends, passed, by_month, filled)
    return newcomers, lost_waiting, late


@njit(cache=True)
def add_from(day, sign, seat, quarter_ends, month_ends, passed, by_month, filled):
    """Add days and hours of a seat from a day on, by quarter and month."""
    start = 0.0
    for q in range(len(quarter_ends)):
        rest = quarter_ends[q] - max(day, start)
        if rest > 0.0:
            filled[seat, q] += sign * rest / (quarter_ends[q] - start)
        start = quarter_ends[q]
    before = hours_before(passed[seat], day)
    for m in range(len(month_ends)):
        upto = passed[seat, int(month_ends[m])]
        if upto > before:
            by_month[0, m] += sign * (upto - before)
            before = upto


@njit(cache=True)
def hours_before(passed, day):
    """Give the hours of a seat before a moment."""
    number = min(int(day), len(passed) - 2)
    return passed[number] + (day - number) * (passed[number + 1] - passed[number])
