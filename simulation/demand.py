"""The luck of one year's demand: all opportunities that may arise, drawn before anybody moves.

Opportunities of a stream are points of a Poisson process over time and height: layers of height one, one
above the other, each with the stream's normal rate. A point counts if it lies below the factor that growth,
season, the year's market level, shocks, lost relationships and satisfaction put on demand at its time. So a
change of any factor adds or removes points at the edge and leaves all others where they were.

The season says when customers buy, so opportunities begin earlier by the mean time customers take. Points of
the time before the year fill the pipeline with which the year begins.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.customers import demand_at
from simulation.luck import (
    Ids,
    Purpose,
    exponential,
    lognormal,
    offspring,
    poisson,
    stable_ids,
    uniforms,
)
from simulation.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

MEMORY = 6.0
"""Mean pipeline lengths looked back: of exponential times, exp(-6) = 0.25 % at most last longer."""


@dataclass(frozen=True)
class Opportunities:
    """Opportunities that may arise in a year, one entry each.

    Parameters
    ----------
    stream, customer, line
        Positions.
    arises
        Day, counted from the first day of the year; negative for what is under way then.
    height, limit
        It arises if its height is below the limit times the factor of the customer's satisfaction.
    seat
        Who serves the customer on that day.
    moved
        Whether that seat is new to the customer; the loss by it is in the limit.
    is_new
        Whether it is a prospect near the customer, not the customer.
    skill
        Factor on the last conversion that the seat's skills are.
    amount
        Money, if won.
    mark
        It passes a stage if its mark is below the conversion, [opportunities, stages].
    days
        Time the customer takes after each stage's work, [opportunities, stages].
    patience
        Days it waits for each stage's work before it is lost, [opportunities, stages].
    unattended
        Mark: buys without being served if below the unattended share.
    late_days
        Delay of payment, or of giving it up, after terms.
    never_pays
        Whether the invoice, if it comes to one, is never paid.
    """

    stream: Positions
    customer: Positions
    line: Positions
    arises: Numbers
    height: Numbers
    limit: Numbers
    seat: Positions
    moved: Flags
    is_new: Flags
    skill: Numbers
    amount: Numbers
    mark: Numbers
    days: Numbers
    patience: Numbers
    unattended: Numbers
    late_days: Numbers
    never_pays: Flags


@dataclass(frozen=True)
class Points:
    """Points over time and height, one entry each; fields as of `Opportunities`, with their stable ids."""

    stream: Positions
    ids: Ids
    arises: Numbers
    height: Numbers

    def those(self, chosen: Flags) -> "Points":
        """Give the chosen points only."""
        return Points(self.stream[chosen], self.ids[chosen], self.arises[chosen], self.height[chosen])


def draw_demand(world: World, seed: int, replication: int) -> Opportunities:
    """Draw the opportunities of one replication."""
    level = _market_level(world, seed, replication)
    happens = _shocks_that_happen(world, seed, replication)
    points = _points(world, seed, replication, _layers(world, level, happens))
    limit = _limit(world, level, happens, points)
    may_arise = points.height < limit * demand_at(world.market.satisfaction, 1.0)
    return _in_full(world, seed, replication, points.those(may_arise), limit[may_arise])


def _in_full(world: World, seed: int, replication: int, points: Points, limit: Numbers) -> Opportunities:
    """Give points all the luck an opportunity may need, however far it comes."""
    market, streams, service = world.market, world.streams, world.service
    customer, line = streams.customer[points.stream], streams.line[points.stream]
    hand = service.hand(customer, points.arises)
    seat = service.seat[customer, hand]
    is_new = streams.is_new[points.stream]

    def uniform(purpose: Purpose, count: int) -> Numbers:
        return uniforms(seed, replication, purpose, points.ids, count)

    payment, stages = uniform(Purpose.PAYMENT, 2), market.stages
    means = np.array([stage.days for stage in stages])
    return Opportunities(
        stream=points.stream,
        customer=customer,
        line=line,
        arises=points.arises,
        height=points.height,
        limit=limit,
        seat=seat,
        moved=service.moved[customer, hand] & ~is_new,
        is_new=is_new,
        skill=service.skill[customer, hand, line],
        amount=lognormal(
            uniform(Purpose.VALUE, 1)[:, 0], streams.amount[points.stream], market.order_value_cv
        ),
        mark=uniform(Purpose.CONVERSION, len(stages)),
        days=exponential(uniform(Purpose.CUSTOMER_TIME, len(stages)), means),
        patience=exponential(uniform(Purpose.PATIENCE, len(stages)), market.patience_days),
        unattended=uniform(Purpose.UNATTENDED, 1)[:, 0],
        late_days=exponential(payment[:, 0], market.late_days),
        never_pays=payment[:, 1] < market.bad_debt,
    )


def _limit(world: World, level: float, happens: Flags, points: Points) -> Numbers:
    streams, service = world.streams, world.service
    customer = streams.customer[points.stream]
    moved = service.moved[customer, service.hand(customer, points.arises)] & ~streams.is_new[points.stream]
    known = np.where(moved, 1 - world.market.relationship_risk, 1.0)
    shock = _shock(world, happens, customer, points.arises)
    return streams.growth[points.stream] * level * _season(world, points.arises) * shock * known


def _market_level(world: World, seed: int, replication: int) -> float:
    cv = math.sqrt(math.expm1(world.market.demand_noise**2))
    uniform = uniforms(seed, replication, Purpose.MARKET, stable_ids(["market"]), 1)
    return float(lognormal(uniform, 1.0, cv)[0, 0])


def _shocks_that_happen(world: World, seed: int, replication: int) -> Flags:
    marks = uniforms(seed, replication, Purpose.SHOCK, world.shocks.ids, 1)[:, 0]
    return marks < world.shocks.probability


def _layers(world: World, level: float, happens: Flags) -> int:
    surge = np.where(happens, np.maximum(world.shocks.demand, 1.0), 1.0).prod()
    growth = world.streams.growth.max(initial=0.0)
    return max(
        1, math.ceil(growth * level * world.season.max() * surge * demand_at(world.market.satisfaction, 1.0))
    )


def _pipeline_days(world: World) -> float:
    return sum(stage.days for stage in world.market.stages)


def _points(world: World, seed: int, replication: int, layers: int) -> Points:
    """Draw all points, year by year back and layer by layer up."""
    streams, days = world.streams, world.days
    years = 1 + math.ceil(MEMORY * _pipeline_days(world) / days)
    cell = np.arange(years * layers, dtype=np.uint64)
    year_back, layer = cell // np.uint64(layers), cell % np.uint64(layers)
    # Cells are numbered so that more layers or years leave the others' numbers alone.
    number = year_back * np.uint64(1 << 32) + layer
    cells = offspring(streams.ids[:, None], number)
    uniform = uniforms(seed, replication, Purpose.COUNT, cells, 1)[..., 0]
    counts = poisson(uniform, streams.yearly[:, None]).ravel()
    where = np.repeat(np.arange(counts.size), counts)
    within = np.arange(where.size) - np.repeat(np.cumsum(counts) - counts, counts)
    ids = offspring(cells.ravel()[where], within.astype(np.uint64))
    place = uniforms(seed, replication, Purpose.ARRIVAL, ids, 2)
    stream, column = np.divmod(where, cell.size)
    arises = (place[:, 0] - year_back[column]) * days
    return Points(stream, ids, arises, place[:, 1] + layer[column])


def _season(world: World, arises: Numbers) -> Numbers:
    bought = np.floor(arises + _pipeline_days(world)).astype(np.int64) % len(world.season)
    return world.season[bought]


def _shock(world: World, happens: Flags, customer: Positions, arises: Numbers) -> Numbers:
    shocks, factor = world.shocks, np.ones(len(arises))
    for number in np.flatnonzero(happens):
        during = (arises >= shocks.start[number]) & (arises < shocks.end[number])
        factor[during & shocks.hits[number, customer]] *= shocks.demand[number]
    return factor
