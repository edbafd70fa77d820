"""People come and go: starts and ends as planned, quits by chance, successors after a vacancy."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import simpy

from optimizer.compiling.workload import DAYS_PER_MONTH
from scenarios.market import Turnover
from simulation.journal import What
from simulation.luck import Purpose, exponential, uniforms
from simulation.world import World

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Person:
    """Whoever sits in a seat.

    Parameters
    ----------
    since
        Day of joining, counted from the first day of the year; minus infinity for long ago.
    is_new
        Whether the seat's customers face somebody they do not know.
    turnover
        How productivity grows.
    """

    since: float
    is_new: bool
    turnover: Turnover

    def productivity(self, day: float) -> float:
        """Give the productivity on a day: rises in a line from its start to 1 over the ramp."""
        ramp, first = self.turnover.ramp_months * DAYS_PER_MONTH, self.turnover.starting_productivity
        if day >= self.since + ramp:
            return 1.0
        return first + (1 - first) * (day - self.since) / ramp


class Chair(Protocol):
    """What people need of a seat."""

    def joins(self, person: Person) -> None:
        """Let somebody take the empty seat."""

    def leaves(self, why: What) -> None:
        """Let the holder go."""


def hold_the_seat(
    env: simpy.Environment, world: World, number: int, chair: Chair, quits_after: Iterator[float]
) -> Generator[simpy.Event, Any, None]:
    """Fill a seat as planned, empty it by plan or chance, and fill it again where that is planned.

    Parameters
    ----------
    env
        The clock, in days.
    world
        What all replications have in common.
    number, chair
        The seat.
    quits_after
        Days each holder in turn stays at most, from joining or the first day of the year; the last for ever.
    """
    turnover, seats = world.market.turnover, world.seats
    joins, leaves = float(seats.start[number]), float(seats.end[number])
    person = Person(joins, False, turnover)
    while True:
        if joins > env.now:
            yield env.timeout(joins - env.now)
        if leaves > env.now:
            chair.joins(person)
            quits = env.now + next(quits_after)
            yield env.timeout(min(quits, leaves) - env.now)
            chair.leaves(What.QUITS if quits < leaves else What.LEAVES)
        if not seats.backfill[number]:
            return
        joins, leaves = min(leaves, env.now) + turnover.vacancy_days, float("inf")
        person = Person(joins, True, turnover)


def quits(world: World, number: int, seed: int, replication: int) -> Iterator[float]:
    """Draw how many days each holder stays if no end is planned; at last somebody stays for ever."""
    rate = world.market.turnover.yearly_quit_rate / DAYS_PER_YEAR
    if rate > 0:
        # As many as hardly ever leave one seat within a year.
        count = 10 + int(10 * world.market.turnover.yearly_quit_rate)
        own = world.seats.ids[number : number + 1]
        yield from exponential(
            uniforms(seed, replication, Purpose.QUITTING, own, count)[0], 1 / rate
        ).tolist()
    while True:
        yield float("inf")
