"""What customers want besides buying: the visits they are promised, and the service they call for."""

import itertools
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simulation.accounting.journal import What
from simulation.company.clock import Rank
from simulation.reference.customers import Customer
from simulation.reference.seats import Piece

if TYPE_CHECKING:
    from simulation.reference.company import Company

Process = Generator[simpy.Event, Any, None]


def promised_visits(company: "Company", customer: Customer) -> Process:
    """Let a customer's visits fall due one by one; one that still waits when the next does is missed."""
    phase, apart = company.fate.visits.phase[customer.number], company.fate.visits.apart[customer.number]
    for n in itertools.count():
        due = float((n + phase) * apart)
        yield company.clock.at(due, Rank.DUE)
        if customer.is_lost:
            return
        if customer.awaited_visit is not None:
            company.withdraws(customer.awaited_visit)
            _is_missed(company, customer)
        code = len(company.fate.opportunities.arises) + customer.number
        hours = float(company.world.hours_per_visit[customer.number])
        visit = company.asks_for_work("visits", code, customer, due, hours, travels=True)
        customer.awaited_visit = visit
        company.clock.process(_visit(company, customer, visit))


def _visit(company: "Company", customer: Customer, visit: Piece) -> Process:
    """Wait for the rep and be made; one that is missed waits in vain."""
    goes = yield visit.taken
    customer.awaited_visit = None
    if not goes:
        return
    customer.visits_in_hand += 1
    yield visit.done
    customer.visits_in_hand -= 1
    customer.was_visited = True
    customer.is_pleased(company.seats[visit.seat].care(company.world.market.effort.neglect))
    company.note(What.VISIT, visit.seat, customer.number, visit.worked, customer.satisfaction)


def _is_missed(company: "Company", customer: Customer) -> None:
    """Note that nobody came, and what that does to satisfaction."""
    if customer.awaited_visit is not None:
        hours = customer.awaited_visit.hours_now
        customer.is_let_down(company.world.market.satisfaction.loss_per_missed_visit)
        company.note(What.MISSED_VISIT, customer.seat, customer.number, hours, customer.satisfaction)


def close_visits(company: "Company", customer: Customer) -> None:
    """Say at the year's end of visits that wait or are in hand whether they are missed or still due."""
    waiting = customer.awaited_visit
    if waiting is not None and not customer.is_lost:
        half = company.fate.visits.apart[customer.number] / 2
        if company.clock.now - waiting.since > half or not customer.was_visited:
            _is_missed(company, customer)
        else:
            company.note(What.OPEN_VISIT, customer.seat, customer.number)
    for _ in range(customer.visits_in_hand):
        company.note(What.OPEN_VISIT, customer.seat, customer.number)


def service_call(company: "Company", number: int) -> Process:
    """Come as a call for service, wait for the rep as long as the customer does, and be served."""
    calls, service = company.fate.calls, company.world.market.service
    day, customer = float(calls.day[number]), company.customers[calls.customer[number]]
    yield company.clock.at(day, Rank.DUE)
    if customer.is_lost:
        return
    company.note(What.CALL, customer.seat, number)
    code = len(company.fate.opportunities.arises) + len(company.customers) + number
    call = company.asks_for_work("service", code, customer, day, service.hours, travels=service.on_site)
    yield call.taken | company.clock.at(day + float(calls.patience[number]), Rank.DUE)
    if not call.taken.triggered:
        company.withdraws(call)
        if not customer.is_lost:
            customer.is_let_down(company.world.market.satisfaction.loss_per_unserved_call)
            company.note(What.UNSERVED, customer.seat, number, call.hours_now, customer.satisfaction)
    elif call.taken.value:
        yield call.done
        company.note(What.SERVED, call.seat, number, call.worked, call.worked - call.hours)
