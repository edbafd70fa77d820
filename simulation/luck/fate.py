"""All that luck decides of one year, drawn beforehand: both engines play it out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.luck.contacts import Calls, Visits, draw_calls, draw_visits
from simulation.luck.demand import draw_demand
from simulation.luck.events import Events, Trainings, events_of, hired_on, starts_on
from simulation.luck.keyed import Purpose, exponential, uniforms
from simulation.luck.opportunities import Opportunities
from simulation.world.working_time import passed
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

MOST_HOLDERS = 500
"""Who leave one seat within a year are taken to be no more."""


@dataclass(frozen=True)
class Fate:
    """The luck of one replication.

    Parameters
    ----------
    seed, replication
        Together they are the year's luck.
    opportunities, visits, calls, events
        See there.
    pending, pending_stage, pending_day
        Opportunities under way on the first day that wait for the customer's decision: position, stage, day.
    coming, coming_day
        Opportunities under way on the first day that will be bought unattended: position, day.
    churns_at
        What the rate of churn adds up to when a customer is lost, [customers].
    lost_from
        Day from which on a shock has cost the customer; infinite if none does, [customers].
    stays
        What the rate of quitting adds up to when each holder in turn quits, [seats, holders]; infinite for
        the last.
    passed
        Hours of a seat before each day and in all, [seats and the house, days + 1].
    quitting
        Factor of shocks on the rate of quitting by day, [seats and the house, days], or [1, days] if the same
        for all.
    trainings
        What shocks do to the productivity of those who are there.
    freezes
        Times in which nobody is hired, [freezes, 2].
    """

    seed: int
    replication: int
    opportunities: Opportunities
    visits: Visits
    calls: Calls
    events: Events
    pending: Positions
    pending_stage: Positions
    pending_day: Numbers
    coming: Positions
    coming_day: Numbers
    churns_at: Numbers
    lost_from: Numbers
    stays: Numbers
    passed: Numbers
    quitting: Numbers
    trainings: Trainings
    freezes: Numbers


def draw(world: World, seed: int, replication: int) -> Fate:
    """Draw the luck of one replication."""
    events = events_of(world.shocks, seed, replication)
    demand = draw_demand(world, events, seed, replication)
    freezes = np.array(events.freezes(), dtype=np.float64).reshape(-1, 2)
    _count_open_orders(world, demand, freezes)
    pending, stage, day = _under_way(world, demand, freezes)
    coming, coming_day = _bought_unattended(world, demand, freezes)
    hours, days = events.hours(world.hours), len(world.season)
    return Fate(
        seed=seed,
        replication=replication,
        opportunities=demand,
        visits=draw_visits(world, seed, replication),
        calls=draw_calls(world, seed, replication),
        events=events,
        pending=pending,
        pending_stage=stage,
        pending_day=day,
        coming=coming,
        coming_day=coming_day,
        churns_at=exponential(uniforms(seed, replication, Purpose.CHURN, world.whole_ids, 1)[:, 0], 1.0),
        lost_from=events.lost_from(),
        stays=_stays(world, seed, replication),
        passed=world.passed if hours is world.hours else passed(_with_the_house(hours)),
        quitting=events.by_day("quits", days),
        trainings=events.trainings(),
        freezes=freezes,
    )


def _with_the_house(hours: Numbers) -> Numbers:
    return np.vstack([hours, np.zeros(hours.shape[1])])


def _stays(world: World, seed: int, replication: int) -> Numbers:
    """Draw how long holders stay: as many as hardly ever leave one seat within a year; the last for ever."""
    turnover, quits = world.market.turnover, world.shocks.effect["quits"]
    most = turnover.yearly_quit_rate * math.exp(turnover.attainment_effect) * np.maximum(quits, 1.0).prod()
    most = min(most, MOST_HOLDERS)
    count = min(10 + math.ceil(most + 10 * math.sqrt(most)), MOST_HOLDERS)
    stays = exponential(uniforms(seed, replication, Purpose.QUITTING, world.seats.ids[:-1], count), 1.0)
    return np.column_stack([stays, np.full(len(stays), np.inf)])


def _early(world: World, demand: Opportunities, freezes: Numbers, *, served: bool) -> Positions:
    """Find what arose before the year where somebody serves on the first day, or where nobody does."""
    early: Positions = np.flatnonzero((demand.arises < 0) & (demand.height < demand.limit))
    seat = world.hands.seat[demand.customer[early], 0]
    return early[_filled_on_the_first_day(world, freezes)[seat] == served]


def _count_open_orders(world: World, demand: Opportunities, freezes: Numbers) -> None:
    """Let orders of before the year count for who serves the customer on its first day, or for the house."""
    open_ = demand.still_open
    if len(open_):
        seat = world.hands.seat[demand.customer[open_], 0]
        there = _filled_on_the_first_day(world, freezes)[seat]
        demand.booked_by[open_] = np.where(there, seat, world.seats.house)


def _filled_on_the_first_day(world: World, freezes: Numbers) -> NDArray[np.bool_]:
    """Say where a holder has started and not left, or a successor has come, [seats and the house]."""
    seats, vacancy = world.seats, world.market.turnover.vacancy_days
    start = np.array([starts_on(freezes, day) for day in seats.start.tolist()])
    there: NDArray[np.bool_] = (start <= 0) & (seats.end > 0)
    for seat in np.flatnonzero((seats.end <= 0) & seats.backfill):
        there[seat] = hired_on(freezes, float(seats.end[seat]) + vacancy) <= 0
    return there


def _under_way(world: World, demand: Opportunities, freezes: Numbers) -> tuple[Positions, Positions, Numbers]:
    """Follow what arose before the year, worked on without delay, up to the first day."""
    early = _early(world, demand, freezes, served=True)
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


def _bought_unattended(world: World, demand: Opportunities, freezes: Numbers) -> tuple[Positions, Numbers]:
    """Find what arose before the year where nobody serves then, and will be bought all the same."""
    early = _early(world, demand, freezes, served=False)
    early = early[demand.unattended[early] < world.market.unattended_share]
    conversion = np.array([stage.conversion for stage in world.market.stages])
    chance = np.broadcast_to(conversion, (len(early), len(conversion))).copy()
    chance[:, -1] *= demand.win[early]
    early = early[(demand.mark[early] < chance).all(axis=1)]
    day = demand.arises[early] + demand.days[early].sum(axis=1)
    return early[day >= 0], day[day >= 0]
