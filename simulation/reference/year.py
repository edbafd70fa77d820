"""The year by the book: everything that goes its own way is a process, and the clock sees to the order."""

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from simulation.accounting.journal import What
from simulation.company.clock import Rank
from simulation.luck.fate import Fate
from simulation.reference.company import Company, Record
from simulation.reference.contacts import close_visits, promised_visits, service_call
from simulation.reference.customers import Customer
from simulation.reference.money import settle_from_before
from simulation.reference.opportunities import Opportunity
from simulation.reference.people import choose_effort, hold_the_seat, starts
from simulation.reference.pools import grant_slots
from simulation.world.world import World


def live_by_the_book(world: World, fate: Fate) -> list[Record]:
    """Play one replication of the year as `docs/simulation.md` tells it.

    Parameters
    ----------
    world
        Scenario and plan.
    fate
        The replication's luck.

    Returns
    -------
    Records in any order: day, what, seat, subject (opportunity, customer or call; -1 where none), hours,
    amount (cents; satisfaction after visits made or missed and calls unanswered; effort chosen; hours on
    the road of work and service).
    """
    company = Company(world, fate)
    _begin(company)
    company.clock.run(until=world.days)
    _end(company)
    return company.records


def _begin(company: Company) -> None:
    """Start a process for everything that goes its own way."""
    start, fate = company.clock.process, company.fate
    for seat in company.seats[:-1]:
        start(hold_the_seat(company, seat))
        start(seat.work())
    start(_planned_moves(company))
    start(choose_effort(company))
    for pool in company.pools.values():
        start(grant_slots(company, pool))
    for customer in company.customers:
        start(_stays_a_customer(company, customer))
        start(promised_visits(company, customer))
    for call in range(len(fate.calls.day)):
        start(service_call(company, call))
    for number, stage, day in zip(fate.pending, fate.pending_stage, fate.pending_day, strict=True):
        start(Opportunity(company, int(number)).awaits_a_decision(int(stage), float(day)))
    for number, day in zip(fate.coming, fate.coming_day, strict=True):
        start(Opportunity(company, int(number)).will_be_bought(float(day)))
    for number in fate.opportunities.still_open:
        start(settle_from_before(company, int(number)))
    for number in np.flatnonzero(fate.opportunities.arises >= 0):
        start(Opportunity(company, int(number)).lives())


def _planned_moves(company: Company) -> Generator[simpy.Event, Any, None]:
    """Let customers change hands as planned, or when who was to take them over is there after all."""
    hands = company.world.hands
    planned = zip(hands.day.tolist(), hands.customer.tolist(), hands.hand.tolist(), strict=True)
    moves = [(_put_off(company, day, number, hand), number, hand) for day, number, hand in planned]
    overtaken = {
        at
        for at, ((day, number, _), was) in enumerate(zip(moves, hands.day.tolist(), strict=True))
        if day > was and any(other == number and then <= day for then, other, _ in moves[at + 1 :])
    }
    left = [move for at, move in enumerate(moves) if at not in overtaken]
    for day, number, hand in sorted(left, key=lambda move: move[0]):
        yield company.clock.at(max(day, 0.0), Rank.MOVES)
        company.changes_hands(company.customers[number], hand)


def _put_off(company: Company, day: float, customer: int, hand: int) -> float:
    """Put a change of hands off while a hiring freeze keeps the new seat's first holder away."""
    seats, seat = company.world.seats, int(company.world.hands.seat[customer, hand])
    start = float(seats.start[seat])
    comes = starts(company, start)
    if not start <= day < comes:
        return day
    return math.inf if comes >= seats.end[seat] and not seats.backfill[seat] else comes


def _stays_a_customer(company: Company, customer: Customer) -> Generator[simpy.Event, Any, None]:
    yield from customer.is_lost_some_day()
    company.note(What.CUSTOMER_LOST, customer.seat, customer.number)


def _end(company: Company) -> None:
    """Write down what is still open."""
    for number in sorted(company.under_way):
        customer = company.customers[company.fate.opportunities.customer[number]]
        company.note(What.OPEN, customer.seat, number)
    for number in sorted(company.coming):
        company.note(What.OPEN, company.house, number)
    for customer in company.customers:
        close_visits(company, customer)
