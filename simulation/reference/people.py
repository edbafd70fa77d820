"""People come and go: starts and ends as planned, quits by chance, successors after a vacancy."""

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simulation.accounting.journal import What
from simulation.company.clock import Rank
from simulation.reference.customers import DAYS_PER_YEAR
from simulation.reference.seats import Person, Seat

if TYPE_CHECKING:
    from simulation.reference.company import Company


def hold_the_seat(company: "Company", seat: Seat) -> Generator[simpy.Event, Any, None]:
    """Fill a seat as planned, empty it by plan or chance, and fill it again where that is planned."""
    clock, seats, number = company.clock, company.world.seats, seat.number
    since, leaves = float(seats.start[number]), float(seats.end[number])
    stays = iter(company.fate.stays[number].tolist())
    is_successor, left = False, leaves
    while True:
        joins = max(since, 0.0)
        if leaves > joins:
            yield clock.at(joins, Rank.PEOPLE)
            _joins(company, seat, since, is_successor=is_successor)
            yield from _stays(company, seat, next(stays), leaves)
            left = clock.now
        if not seats.backfill[number]:
            yield from company.gives_up(seat)
            return
        since = _hired_on(company, left + company.world.market.turnover.vacancy_days)
        is_successor, leaves = True, math.inf


def _joins(company: "Company", seat: Seat, since: float, *, is_successor: bool) -> None:
    """Let somebody sit down, whom the customers of the seat have to get to know if it is a successor."""
    ramp = float(company.world.seats.ramp_days[seat.number])
    seat.is_taken_by(Person(since, ramp, company.world.market.turnover))
    company.note(What.JOINS, seat.number)
    if is_successor:
        for customer in company.customers_of(seat.number):
            customer.faces_a_loss(float(company.world.hands.new_hire_loss[customer.number]))


def _stays(
    company: "Company", seat: Seat, threshold: float, leaves: float
) -> Generator[simpy.Event, Any, None]:
    """Stay until the planned end, or until the rate of quitting has added up to the threshold."""
    clock, missing = company.clock, threshold
    while True:
        yield clock.at(clock.now, Rank.TURNOVER)
        rate, until = _quit_rate(company, seat), min(_rate_changes(company), leaves)
        quits = clock.now + max(missing, 0.0) / rate if rate > 0 else math.inf
        if quits < until:
            yield clock.at(quits, Rank.PEOPLE)
            why = What.QUITS
            break
        missing -= rate * (until - clock.now)
        yield clock.at(until, Rank.PEOPLE)
        if until == leaves:
            why = What.LEAVES
            break
    seat.is_left()
    company.note(why, seat.number)


def _quit_rate(company: "Company", seat: Seat) -> float:
    """Quits a day of the seat's holder today."""
    turnover = company.world.market.turnover
    usual = turnover.yearly_quit_rate / DAYS_PER_YEAR
    answer = math.exp(turnover.attainment_effect * (1 - seat.attainment))
    return usual * answer * company.on_seat(company.fate.quitting, seat.number)


def _rate_changes(company: "Company") -> float:
    """Give the first day from tomorrow on from which the rate of quitting may be another."""
    today, turnover = company.clock.now, company.world.market.turnover
    if (company.fate.quitting != 1.0).any():
        return math.floor(today) + 1.0
    decided = company.world.decisions.day
    later: list[float] = decided[decided > today].tolist() if turnover.attainment_effect > 0 else []
    return float(min(later, default=company.world.days))


def _hired_on(company: "Company", day: float) -> float:
    """Put the day on which somebody joins off to the end of hiring freezes."""
    freezes = company.fate.freezes.tolist()
    while True:
        ends = [end for begin, end in freezes if begin <= day < end]
        if not ends:
            return day
        day = max(ends)


def choose_effort(company: "Company") -> Generator[simpy.Event, Any, None]:
    """Let everybody choose effort for the days until the next decision, and take stock of the year so far."""
    when = company.world.decisions
    for decision, (day, quarter) in enumerate(zip(when.day.tolist(), when.quarter.tolist(), strict=True)):
        yield company.clock.at(day, Rank.EFFORT)
        for seat in company.seats[:-1]:
            seat.attainment = _attainment(company, seat, day)
            if seat.is_filled:
                booked, before = seat.booked[quarter] / 100, sum(seat.booked[:quarter]) / 100
                seat.effort = company.world.effort.chosen(seat.number, decision, booked, before)
                company.note(What.EFFORT, seat.number, amount=seat.effort)


def _attainment(company: "Company", seat: Seat, day: float) -> float:
    """Bookings of the year over the quota of its quarters so far, the present one by its share of days."""
    asked, start = 0.0, 0.0
    for quota, end in zip(company.world.quota[seat.number], company.world.quarter_ends, strict=True):
        asked += float(quota) * min(max((day - start) / (end - start), 0.0), 1.0)
        start = end
    return sum(seat.booked) / 100 / asked if asked > 0 else 1.0
