"""A year of the sales force: seats at work, people coming and going, effort chosen weekly, orders settled."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.agenda import Agenda, agendas
from simulation.customers import Customers
from simulation.demand import Opportunities, draw_demand
from simulation.journal import Journal, What
from simulation.people import hold_the_seat, quits
from simulation.seat import Deals, Seat
from simulation.settlement import BackOffice
from simulation.world import World

MOMENT = 1e-6
"""Days the clock runs on after the year, so that what falls on its last instant still happens."""


@dataclass(frozen=True)
class Year:
    """A year that was lived through.

    Parameters
    ----------
    demand
        The opportunities that could arise.
    records
        The journal in order of days, [records, 6].
    """

    demand: Opportunities
    records: NDArray[np.float64]


def live_a_year(world: World, seed: int, replication: int) -> Year:
    """Simulate one replication.

    Parameters
    ----------
    world
        Scenario and plan.
    seed, replication
        Together they are the year's luck.
    """
    env, journal = simpy.Environment(), Journal()
    demand = draw_demand(world, seed, replication)
    customers, deals = Customers(world), Deals(demand)
    office = BackOffice(env, world, demand, journal)
    books = agendas(world, seed, replication, demand)
    _note_what_is_under_way(books, journal)
    seats = [
        Seat(env, world, number, agenda, deals, customers, journal, office)
        for number, agenda in enumerate(books)
    ]
    for number, seat in enumerate(seats[:-1]):
        env.process(hold_the_seat(env, world, number, seat, quits(world, number, seed, replication)))
        env.process(seat.work())
    env.process(_choose_effort(env, world, seats))
    env.process(office.work())
    env.process(_close_the_year(env, world, seats, office))
    env.run(until=world.days + MOMENT)
    return Year(demand, journal.records())


def _choose_effort(
    env: simpy.Environment, world: World, seats: list[Seat]
) -> Generator[simpy.Event, Any, None]:
    """Let everybody choose effort on the first day of each quarter and every seventh day after it."""
    for decision, day in enumerate(world.decisions.day.tolist()):
        yield env.timeout(day - env.now)
        for seat in seats:
            seat.chooses_effort(decision)


def _close_the_year(
    env: simpy.Environment, world: World, seats: list[Seat], office: BackOffice
) -> Generator[simpy.Event, Any, None]:
    """Take up what has fallen due by the last day, and write down what is still open."""
    yield env.timeout(world.days)
    yield env.timeout(0.0)  # after the work that is done at this very instant
    for seat in seats:
        seat.closes_the_year()
    office.catch_up()


def _note_what_is_under_way(books: list[Agenda], journal: Journal) -> None:
    for seat, agenda in enumerate(books):
        for deal in agenda.open_opportunities():
            journal.note(0.0, What.UNDER_WAY, seat, deal)
