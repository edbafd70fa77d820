"""Pools of helpers that all reps share: slots granted at the start of each week, first come first served."""

import itertools
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from simulation.company.clock import Clock, Rank
from simulation.seats.codes import ASKED, ASKS
from simulation.seats.customers import are_granted
from simulation.seats.heaps import WHOM
from simulation.seats.state import State

DAYS_PER_WEEK = 7.0


class Pools:
    """The pools of one replication.

    Parameters
    ----------
    clock
        The clock, in days.
    slots
        Stages each pool can help with in a week.
    now
        What the kernel works on.
    """

    def __init__(self, clock: Clock, slots: list[int], now: State) -> None:
        self._clock, self._now = clock, now
        self._slots = [simpy.Container(clock, capacity=count, init=count) for count in slots]
        self._codes = np.zeros(0, dtype=np.int64)
        self._since = np.zeros(0)
        self._noted = 0

    def work(self, catch_up: Callable[[], None]) -> Generator[simpy.Event, Any, None]:
        """Grant slots on the first day of each week, once everybody has caught up."""
        for week in itertools.count():
            yield self._clock.at(week * DAYS_PER_WEEK, Rank.GRANTS)
            catch_up()
            self._line_up()
            for pool, slots in enumerate(self._slots):
                if slots.level < slots.capacity:
                    yield slots.put(slots.capacity - slots.level)
                first = self._first_in_line(pool, int(slots.level))
                if len(first):
                    yield slots.get(len(first))
                    are_granted(self._now, self._codes[first], self._since[first])

    def _line_up(self) -> None:
        """Put those who ask and still need help in line, by day and position."""
        last, self._noted = self._noted, int(self._now.counts[ASKED])
        codes = np.concatenate([self._codes, self._now.asked[last : self._noted]])
        since = np.concatenate([self._since, self._now.asked_since[last : self._noted]])
        deals, which = self._now.deals, codes // WHOM
        ask = np.flatnonzero((deals["doing"][which] == ASKS) & (deals["stage"][which] == codes % WHOM))
        line = ask[np.lexsort((codes[ask], since[ask]))]
        self._codes, self._since = codes[line], since[line]

    def _first_in_line(self, pool: int, count: int) -> Any:
        """Give the places of those who are first in line for a pool."""
        return np.flatnonzero(self._now.stages["pool"][self._codes % WHOM] == pool)[:count]
