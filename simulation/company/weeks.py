"""What comes on known days of the year, known from the start: pools grant help, people think it over.

The kernel passes through such moments on its own; only when somebody quits, comes, or changes hands does it
come back to SimPy. Compiled; without numba plain Python.
"""

from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.company.clock import Rank
from simulation.company.quitting import spend, weigh
from simulation.seats.compiled import compiled
from simulation.seats.customers import grant
from simulation.seats.selling import advance
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

DAYS_PER_WEEK = 7.0
GRANTS = int(Rank.GRANTS)


class Weeks(NamedTuple):
    """Moments of the year, in order.

    Parameters
    ----------
    day, rank
        When; `Rank.GRANTS` or `Rank.TURNOVER`.
    thought
        Number of the choice of effort with which people think it over, or -1.
    until
        Day until which they then know what they do.
    slots
        A week, by pool.
    quarter
        In which the days before each choice of effort lie, [choices].
    quota, meant_for
        See `World`.
    """

    day: Numbers
    rank: Positions
    thought: Positions
    until: Numbers
    slots: Positions
    quarter: Positions
    quota: Numbers
    meant_for: Numbers


class Calendar(NamedTuple):
    """What Python asks of the moments of the year again and again, as lists.

    Parameters
    ----------
    moments
        Day and rank of each.
    next_thought
        The first day from each moment on, and behind the last, on which people think it over, or infinity.
    """

    moments: list[tuple[float, int]]
    next_thought: list[float]

    def before(self, day: float, rank: float) -> int:
        """Count the moments that come before another."""
        return bisect_left(self.moments, (day, rank))


@lru_cache(maxsize=4)
def weeks_of(world: World) -> Weeks:
    """List the moments of a world's year."""
    pools, turnover = world.market.pools, world.market.turnover
    helps = any(stage.pool for stage in world.market.stages)
    thinks = turnover.attainment_effect > 0 and turnover.yearly_quit_rate > 0
    grants = np.arange(0.0, world.days, DAYS_PER_WEEK) if helps else np.zeros(0)
    thoughts = world.decisions.day if thinks else np.zeros(0)
    day = np.concatenate([grants, thoughts])
    rank = np.repeat([GRANTS, int(Rank.TURNOVER)], [len(grants), len(thoughts)])
    thought = np.concatenate([np.full(len(grants), -1), np.arange(len(thoughts))])
    until = np.concatenate([grants, thoughts[1:], [world.days][: len(thoughts)]])
    order = np.lexsort((rank, day))
    return Weeks(
        *(day[order], rank[order], thought[order], until[order]),
        slots=np.array([pool.slots_per_week for pool in pools], dtype=np.int64),
        quarter=np.concatenate([[0], world.decisions.quarter[:-1]]),
        quota=world.quota,
        meant_for=world.meant_for,
    )


@lru_cache(maxsize=4)
def calendar_of(world: World) -> Calendar:
    """List the same moments for Python."""
    weeks = weeks_of(world)
    following = [np.inf]
    for day, thought in zip(weeks.day[::-1].tolist(), weeks.thought[::-1].tolist(), strict=True):
        following.append(day if thought >= 0 else following[-1])
    return Calendar(list(zip(weeks.day.tolist(), weeks.rank.tolist(), strict=True)), following[::-1])


@compiled
def play_on(now, weeks, crowd, number, last, first_seat, last_seat, day):
    """Pass through the moments `number` to `last` - 1; after them let some seats reach a day.

    Parameters
    ----------
    now, weeks, crowd
        See `simulation.seats.state.State`, `Weeks` and `simulation.company.quitting.Crowd`.
    number, last
        Of moments.
    first_seat, last_seat, day
        Which seats play up to the day, behind moments that concern all.

    Returns
    -------
    Number of the moment that comes next: `last`, or the one behind that in which somebody decided to quit;
    seats have then not gone beyond.
    """
    while True:
        passes = number < last
        if passes:
            advance(now, 0, now.facts["house"], weeks.day[number])
        else:
            advance(now, first_seat, last_seat, day)
            return number
        thought = weeks.thought[number]
        number += 1
        if thought < 0:
            grant(now, weeks.slots)
        elif think_it_over(now, weeks, crowd, thought, weeks.day[number - 1], weeks.until[number - 1]):
            return number


@compiled
def think_it_over(now, weeks, crowd, thought, day, until):
    """Let all who are there weigh staying, by their time so far; say whether anybody quits before a day.

    Who joins in between has no record yet, and weighs it for the first time on the next such day.
    """
    weigh(now, crowd, weeks.quota, weeks.meant_for, weeks.quarter[thought], day)
    anybody = False
    for seat in range(len(crowd.there)):
        crowd.quits_on[seat] = np.inf
        if crowd.there[seat]:
            spend(crowd, seat, day, until)
            anybody = anybody or crowd.quits_on[seat] < until
    return anybody
