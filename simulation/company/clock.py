"""The clock: exact days, and who comes first where several things happen at the very same moment."""

import math
from collections.abc import Generator
from enum import IntEnum
from heapq import heappush
from typing import Any

import simpy
from simpy.events import EventPriority

Story = Generator[simpy.Event, Any, Any]

AFTER_ALL = 1 << 62
"""No clock makes so many events."""


class Rank(IntEnum):
    """What comes first at one moment. SimPy's own consequences of an event (0 and 1) come before all else."""

    PEOPLE = 10
    MOVES = 11
    REASSIGNMENT = 12
    GRANTS = 13
    EFFORT = 14
    TURNOVER = 15
    LOSS = 20
    DONE = 21
    DUE = 22
    BEGIN = 30


class Clock(simpy.Environment):
    """A clock that counts days and rings at given ones.

    SimPy's timeouts say how long to wait; adding that to the present would round the day they end on.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stories: list[Story] = []

    def process(self, generator: Story) -> simpy.Process:
        """Let a process begin, and remember it until the clock stops."""
        self._stories.append(generator)
        return simpy.Process(self, generator)

    def stops(self) -> None:
        """End all processes wherever they are and forget what is to come, so that nothing holds tables."""
        for story in self._stories:
            story.close()
        self._queue.clear()

    def at(self, day: float, rank: Rank, turn: int | None = None) -> simpy.Event:
        """Give an event that happens on a day, not before now; infinite: never.

        At one moment and rank events without a turn come first, as they were made, then those with one.
        """
        return _Moment(self, day, rank, turn)

    def comes_next(self) -> tuple[float, float]:
        """Give day and rank of what happens next; infinite if nothing does."""
        return self._queue[0][:2] if self._queue else (math.inf, math.inf)

    def ring(self, event: simpy.Event, day: float, rank: Rank, turn: int | None = None) -> None:
        """Put an event into the calendar."""
        number = next(self._eid) if turn is None else AFTER_ALL + turn
        heappush(self._queue, (day, EventPriority(rank), number, event))


class _Moment(simpy.Event):
    """An event of a day that is known beforehand."""

    def __init__(self, clock: Clock, day: float, rank: Rank, turn: int | None) -> None:
        super().__init__(clock)
        self._ok = True
        self._value: Any = None
        clock.ring(self, day, rank, turn)
