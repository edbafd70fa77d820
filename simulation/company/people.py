"""People come and go: starts and ends as planned, quits by chance, successors after a vacancy."""

from collections.abc import Generator
from functools import partial
from typing import Any, Protocol

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.clock import Clock, Rank
from simulation.company.quitting import Crowd, spend
from simulation.luck.events import hired_on, starts_on
from simulation.luck.fate import Fate
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

DAYS_PER_YEAR = 365.25


def moves_of(world: World, fate: Fate) -> tuple[Numbers, Positions, Positions]:
    """Give planned changes of hands in order of days: day, customer and hand.

    Where a hiring freeze puts a start off, customers who were to go there then or while it lasts come when
    that holder does, unless they have gone elsewhere by then; never if nobody will come.
    """
    hands, seats = world.hands, world.seats
    to = hands.seat[hands.customer, hands.hand]
    comes = np.array([starts_on(fate.freezes, day) for day in seats.start.tolist()])
    never = (comes > seats.start) & (comes >= seats.end) & ~seats.backfill
    waits = (hands.day >= seats.start[to]) & (hands.day < comes[to])
    day = np.where(waits, np.where(never, np.inf, comes)[to], hands.day)
    for move in np.flatnonzero(waits).tolist():
        later = hands.customer[move + 1 :] == hands.customer[move]
        if (day[move + 1 :][later] <= day[move]).any():
            day[move] = np.inf
    order = np.argsort(day, kind="stable")
    return day[order], hands.customer[order], hands.hand[order]


class Office(Protocol):
    """What people need of the year they live in."""

    def joins(self, seat: int, since: float, *, is_new: bool) -> None:
        """Let somebody take an empty seat, on the job since a day, perhaps new to the customers."""

    def leaves(self, seat: int, why: What) -> None:
        """Let the holder go."""

    def is_given_up(self, seat: int) -> None:
        """Take note that nobody will fill a seat again."""

    def next_thought(self) -> float:
        """Give the day until which those who join now know what they do."""


def crowd_of(world: World, fate: Fate) -> Crowd:
    """Give the patience of a crowd of which nobody is there yet."""
    seats, turnover = len(world.reps), world.market.turnover
    usual = turnover.yearly_quit_rate / DAYS_PER_YEAR
    return Crowd(
        rate=np.full(seats, usual),
        left=np.full(seats, np.inf),
        there=np.zeros(seats, dtype=np.bool_),
        quits_on=np.full(seats, np.inf),
        factor=fate.quitting,
        even=bool((fate.quitting == 1.0).all()),
        usual=usual,
        effect=turnover.attainment_effect,
        before=np.zeros(seats, dtype=np.int64),
        counted=np.zeros(seats),
        productive=np.zeros((seats, len(world.quarters))),
    )


class People:
    """Who sits where in one replication.

    Parameters
    ----------
    clock
        The clock, in days.
    world, fate
        What all replications have in common, and what luck decided.
    crowd
        The patience of those who are there.
    office
        Where people work.
    """

    def __init__(self, clock: Clock, world: World, fate: Fate, crowd: Crowd, office: Office) -> None:
        self._clock, self._world, self._fate, self._office = clock, world, fate, office
        self._turnover = world.market.turnover
        self._crowd = crowd
        self._holders = [0] * len(world.reps)
        self._goes: dict[int, simpy.Event] = {}

    def work(self) -> None:
        """Let everybody come and go."""
        for seat in range(len(self._world.reps)):
            self._clock.process(self._hold(seat))

    def _hold(self, seat: int) -> Generator[simpy.Event, Any, None]:
        """Fill a seat as planned, empty it by plan or chance, and fill it again where that is planned."""
        seats, clock = self._world.seats, self._clock
        since, leaves = starts_on(self._fate.freezes, float(seats.start[seat])), float(seats.end[seat])
        is_new, left = False, leaves
        while True:
            if leaves > max(since, 0.0):
                if since > clock.now:
                    yield clock.at(since, Rank.PEOPLE)
                self._sits_down(seat, since, is_new=is_new)
                goes = self._goes[seat]
                yield goes if leaves == np.inf else goes | clock.at(leaves, Rank.PEOPLE)
                self._crowd.there[seat] = False
                self._office.leaves(seat, What.QUITS if goes.triggered else What.LEAVES)
                left = clock.now
            elif leaves > clock.now:
                yield clock.at(leaves, Rank.PEOPLE)
            if not seats.backfill[seat]:
                self._office.is_given_up(seat)
                return
            since = hired_on(self._fate.freezes, left + self._turnover.vacancy_days)
            leaves, is_new = np.inf, True

    def _sits_down(self, seat: int, since: float, *, is_new: bool) -> None:
        self._office.joins(seat, since, is_new=is_new)
        self._goes[seat], self._crowd.there[seat] = self._clock.event(), True
        self._crowd.left[seat] = self._fate.stays[seat, self._holders[seat]]
        self._holders[seat] += 1
        until = self._office.next_thought()
        spend(self._crowd, seat, float(self._clock.now), until)
        if self._crowd.quits_on[seat] < until:
            self._gives_notice(seat)

    def quit(self, until: float) -> None:
        """Let those quit who have found that they do before a day."""
        for seat in np.flatnonzero(self._crowd.quits_on < until).tolist():
            self._gives_notice(seat)

    def _gives_notice(self, seat: int) -> None:
        day = float(self._crowd.quits_on[seat])
        self._crowd.quits_on[seat] = np.inf
        then = partial(self._quits, seat, self._holders[seat])
        self._clock.at(day, Rank.PEOPLE).callbacks.append(then)

    def _quits(self, seat: int, holder: int, _: simpy.Event) -> None:
        if self._crowd.there[seat] and self._holders[seat] == holder and not self._goes[seat].triggered:
            self._goes[seat].succeed()
