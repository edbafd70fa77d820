"""What awaits each seat, known before the year begins: opportunities that arise and visits that fall due."""

import math
from enum import IntEnum
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from simulation.demand import Opportunities
from simulation.luck import Purpose, uniforms
from simulation.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


class Item(IntEnum):
    """What may stand in an agenda."""

    ARISES = 0
    DECISION = 1
    VISIT = 2
    BUYS_UNATTENDED = 3


Entry = tuple[float, int, int, int]
"""Day, item, opportunity or customer, stage or number of the visit."""


class Agenda:
    """What awaits a seat: what is known before the year begins, and what comes up in it.

    Parameters
    ----------
    known
        Entries in order of days.
    """

    def __init__(self, known: list[Entry]) -> None:
        self._known = known[::-1]
        self._added: list[Entry] = []

    def add(self, day: float, item: Item, subject: int, number: int) -> None:
        """Enter something."""
        heappush(self._added, (day, item, subject, number))

    def take(self, day: float) -> Entry | None:
        """Take out the first entry due by a day, if there is one."""
        known, added = self._known, self._added
        if added and added[0][0] <= day and not (known and known[-1][0] < added[0][0]):
            return heappop(added)
        if known and known[-1][0] <= day:
            return known.pop()
        return None

    def first_day(self) -> float:
        """Give the day of the first entry; infinite if there is none."""
        days = [entries[i][0] for entries, i in ((self._known, -1), (self._added, 0)) if entries]
        return min(days, default=math.inf)

    def open_opportunities(self) -> list[int]:
        """List the opportunities under way that wait for a decision or a booking."""
        return [e[2] for e in self._known + self._added if e[1] in (Item.DECISION, Item.BUYS_UNATTENDED)]


def agendas(world: World, seed: int, replication: int, demand: Opportunities) -> list[Agenda]:
    """Lay out each seat's year; the last agenda is that of the house."""
    parts = [_opportunities(world, demand), _visits(world, seed, replication)]
    seat, day, item, subject, number = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((subject, item, day, seat))
    entries = list(zip(*(column[order].tolist() for column in (day, item, subject, number)), strict=True))
    ends = np.cumsum(np.bincount(seat, minlength=len(world.seats.ids))).tolist()
    return [Agenda(entries[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def under_way(world: World, demand: Opportunities) -> tuple[Positions, Positions, Numbers]:
    """Follow what arose before the year, worked on without delay, up to the first day.

    Returns
    -------
    Positions of the opportunities still open then, the stage whose outcome is awaited, and its day.
    """
    served = world.seats.start[demand.seat] <= 0
    early = np.flatnonzero((demand.arises < 0) & (demand.height < demand.limit) & served)
    day = demand.arises[early].copy()
    found: list[tuple[Positions, Positions, Numbers]] = []
    for number, stage in enumerate(world.market.stages):
        day = day + demand.days[early, number]
        open_ = day >= 0
        found.append((early[open_], np.full(open_.sum(), number), day[open_]))
        goes_on = ~open_ & (demand.mark[early, number] < stage.conversion)
        early, day = early[goes_on], day[goes_on]
    which, stages, days = (np.concatenate(column) for column in zip(*found, strict=True))
    return which, stages, days


def bought_unattended(world: World, demand: Opportunities) -> tuple[Positions, Numbers]:
    """Find what arose before the year where nobody serves on its first day, and will be bought all the same.

    Returns
    -------
    Positions of the opportunities, and the days of the bookings.
    """
    unserved = world.seats.start[demand.seat] > 0
    early = (demand.arises < 0) & (demand.height < demand.limit) & unserved
    early &= demand.unattended < world.market.unattended_share
    early &= (demand.mark < [stage.conversion for stage in world.market.stages]).all(axis=1)
    day = demand.arises + demand.days.sum(axis=1)
    which = np.flatnonzero(early & (day >= 0))
    return which, day[which]


def _opportunities(world: World, demand: Opportunities) -> list[Positions | Numbers]:
    later = np.flatnonzero(demand.arises >= 0)
    which, stage, day = under_way(world, demand)
    bought, booking_day = bought_unattended(world, demand)
    subject = np.concatenate([later, which, bought])
    items = [int(Item.ARISES), int(Item.DECISION), int(Item.BUYS_UNATTENDED)]
    return [
        demand.seat[subject],
        np.concatenate([demand.arises[later], day, booking_day]),
        np.repeat(items, [len(later), len(which), len(bought)]),
        subject,
        np.concatenate([np.zeros_like(later), stage, np.zeros_like(bought)]),
    ]


def _visits(world: World, seed: int, replication: int) -> list[Positions | Numbers]:
    """Spread each customer's promised visits evenly over the year, from a random first day on."""
    promised = np.flatnonzero(world.visits_per_year > 0)
    apart = world.days / world.visits_per_year[promised]
    phase = uniforms(seed, replication, Purpose.VISIT_CALENDAR, world.customer_ids[promised], 1)[:, 0]
    counts = np.ceil(world.visits_per_year[promised] - phase).astype(np.int64)
    row = np.repeat(np.arange(len(promised)), counts)
    number = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    day = (number + phase[row]) * apart[row]
    customer = promised[row]
    seat = world.service.seat[customer, world.service.hand(customer, day)]
    return [seat, day, np.full(len(row), int(Item.VISIT)), customer, number]
