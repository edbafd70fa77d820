"""People come and go: starts and ends as planned, quits by chance, successors after a vacancy."""

from collections.abc import Generator
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.clock import Clock, Rank
from simulation.company.quitting import spend, weigh
from simulation.luck.events import hired_on
from simulation.luck.fate import Fate
from simulation.world.world import World

DAYS_PER_YEAR = 365.25


class Office(Protocol):
    """What people need of the year they live in."""

    def joins(self, seat: int, since: float, *, is_new: bool) -> None:
        """Let somebody take an empty seat, on the job since a day, perhaps new to the customers."""

    def leaves(self, seat: int, why: What) -> None:
        """Let the holder go."""

    def is_given_up(self, seat: int) -> None:
        """Take note that nobody will fill a seat again."""

    def booked(self) -> NDArray[np.int64]:
        """Bookings of every seat in the year so far, cents, [seats, quarters]."""


class People:
    """Who sits where in one replication.

    Parameters
    ----------
    clock
        The clock, in days.
    world, fate
        What all replications have in common, and what luck decided.
    office
        Where people work.
    """

    def __init__(self, clock: Clock, world: World, fate: Fate, office: Office) -> None:
        self._clock, self._world, self._fate, self._office = clock, world, fate, office
        self._turnover = world.market.turnover
        self._even = bool((fate.quitting == 1.0).all())
        seats = len(world.reps)
        self._holders = [0] * seats
        self._rate = np.full(seats, self._turnover.yearly_quit_rate / DAYS_PER_YEAR)
        self._left = np.full(seats, np.inf)
        self._goes = [clock.event() for _ in range(seats)]
        self._there = np.zeros(seats, dtype=np.bool_)
        self._may_go = np.zeros(seats, dtype=np.bool_)
        self._next_thought = world.days

    def work(self) -> None:
        """Let everybody come and go."""
        if self._turnover.attainment_effect > 0 and self._turnover.yearly_quit_rate > 0:
            self._next_thought = 0.0
            self._clock.process(self._think_it_over())
        for seat in range(len(self._world.reps)):
            self._clock.process(self._hold(seat))

    def _hold(self, seat: int) -> Generator[simpy.Event, Any, None]:
        """Fill a seat as planned, empty it by plan or chance, and fill it again where that is planned."""
        seats, clock = self._world.seats, self._clock
        since, leaves, is_new = float(seats.start[seat]), float(seats.end[seat]), False
        left = leaves
        while True:
            if leaves > max(since, 0.0):
                if since > clock.now:
                    yield clock.at(since, Rank.PEOPLE)
                self._sits_down(seat, since, is_new=is_new)
                goes = self._goes[seat]
                yield goes if leaves == np.inf else goes | clock.at(leaves, Rank.PEOPLE)
                self._there[seat] = False
                self._office.leaves(seat, What.QUITS if goes.triggered else What.LEAVES)
                left = clock.now
            if not seats.backfill[seat]:
                self._office.is_given_up(seat)
                return
            since = hired_on(self._fate.freezes, left + self._turnover.vacancy_days)
            leaves, is_new = np.inf, True

    def _sits_down(self, seat: int, since: float, *, is_new: bool) -> None:
        self._office.joins(seat, since, is_new=is_new)
        self._goes[seat], self._there[seat] = self._clock.event(), True
        self._left[seat] = self._fate.stays[seat, self._holders[seat]]
        self._holders[seat] += 1
        self._may_quit(seat)

    def _think_it_over(self) -> Generator[simpy.Event, Any, None]:
        """Let everybody weigh staying, on the days effort is chosen, in view of the year so far.

        Who joins in between takes the seat's record as it was on the last such day.
        """
        usual, effect = self._turnover.yearly_quit_rate / DAYS_PER_YEAR, self._turnover.attainment_effect
        days = [*self._world.decisions.day.tolist(), self._world.days]
        for number, day in enumerate(days[:-1]):
            yield self._clock.at(day, Rank.TURNOVER)
            self._next_thought = days[number + 1]
            asked = asked_until_decisions(self._world)[number]
            weigh(self._rate, self._office.booked(), asked, usual, effect)
            for seat in self._who_may_quit():
                self._may_quit(seat)

    def _who_may_quit(self) -> list[int]:
        """List who may quit before the next time of thinking it over; others spend patience until then."""
        if not self._even:
            return np.flatnonzero(self._there).tolist()
        ahead = self._next_thought - self._clock.now
        anybody = spend(self._may_go, self._there, self._left, self._rate, ahead)
        return np.flatnonzero(self._may_go).tolist() if anybody else []

    def _may_quit(self, seat: int) -> None:
        """Find out whether the holder quits before the next time of thinking it over, and on which day."""
        day, self._left[seat] = self._spent(seat, self._clock.now, self._next_thought)
        if day < self._next_thought:
            self._clock.process(self._quits_on(seat, day, self._holders[seat]))

    def _spent(self, seat: int, start: float, end: float) -> tuple[float, float]:
        """Spend a holder's patience; give the day it is used up (or infinity) and the rest."""
        left, rate = float(self._left[seat]), float(self._rate[seat])
        table = self._fate.quitting[min(seat, len(self._fate.quitting) - 1)]
        while start < end:
            upto = end if self._even else min(float(int(start)) + 1, end)
            hazard = rate if self._even else rate * float(table[int(start)])
            if hazard * (upto - start) > left:
                return start + left / hazard, 0.0
            left -= hazard * (upto - start)
            start = upto
        return np.inf, left

    def _quits_on(self, seat: int, day: float, holder: int) -> Generator[simpy.Event, Any, None]:
        yield self._clock.at(day, Rank.PEOPLE)
        if self._there[seat] and self._holders[seat] == holder and not self._goes[seat].triggered:
            self._goes[seat].succeed()


@lru_cache(maxsize=4)
def asked_until_decisions(world: World) -> NDArray[np.float64]:
    """Add up quotas until each choice of effort, the present quarter by its days, [choices, reps]."""
    ends = world.quarter_ends
    begins = np.concatenate([[0.0], ends[:-1]])
    asked = np.zeros((len(world.decisions.day), len(world.quota)))
    for number, day in enumerate(world.decisions.day):
        for quarter, share in enumerate(np.clip((day - begins) / (ends - begins), 0.0, 1.0)):
            asked[number] += world.quota[:, quarter] * share
    return asked
