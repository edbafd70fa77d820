"""The luck of one year's demand: all opportunities that may arise, drawn before anybody moves.

Opportunities of a stream are points of a Poisson process over time and height: layers of height one, one
above the other, each with the stream's normal rate. A point counts if it lies below the factor that growth,
season, the year's market level, shocks, lost relationships and satisfaction put on demand at its time. So a
change of any factor adds or removes points at the edge and leaves all others where they were.

The season says when customers buy, so opportunities begin earlier by the mean time customers take. Points of
the time before the year fill the pipeline with which the year begins.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scenarios.market import Satisfaction
from simulation.luck.deal_kernels import BY_OPPORTUNITY, EFFECTS, fill, marks_of
from simulation.luck.demand_kernels import counts_of, points_of
from simulation.luck.events import Events
from simulation.luck.keyed import Ids, Purpose, key_of, lognormal, stable_ids, uniforms
from simulation.luck.open_orders import draw_open_orders, write
from simulation.luck.opportunities import Opportunities, empty
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

MEMORY = 6.0
"""Mean pipeline lengths looked back: of exponential times, exp(-6) = 0.25 % at most last longer."""


def demand_at(belief: Satisfaction, satisfaction: float) -> float:
    """Give the factor on demand of a customer so satisfied."""
    return max(0.0, 1 + belief.sensitivity * (satisfaction - belief.start))


def draw_demand(world: World, events: Events, seed: int, replication: int) -> Opportunities:
    """Draw the opportunities of one replication."""
    ids, stream, *where = _points(world, events, seed, replication)
    market, streams, which = world.market, world.streams, events.which
    effect = events.shocks.effect
    mean = np.array([[stage.days, market.patience_days] for stage in market.stages]).reshape(-1, 2)
    keys = np.array([key_of(seed, replication, purpose) for purpose in BY_OPPORTUNITY])
    with np.errstate(over="ignore"):
        times, value = marks_of(keys, ids, len(mean))
        np.log1p(times, out=times)
        owed, count = draw_open_orders(world, events, seed, replication), len(ids)
        rows, steps = empty(count + len(owed.which), len(mean))
        write(world.open_orders, owed, rows[count:], steps[count:])
        drawn = (keys, ids, stream, *where, times, lognormal(value, 1.0, market.order_value_cv))
        usual = (market.delivery_days, world.payment_days, world.late_days, world.bad_debt)
        met = (events.begins, events.ends, events.shocks.hits[which], events.shocks.lines[which])
        sizes = np.stack([effect[name][which] for name in EFFECTS], axis=1)
        kinds = (streams.customer, streams.line, streams.is_new, streams.amount)
        fill(rows[:count], steps[:count], *(*drawn, *kinds, mean, *usual, *met, sizes))
    first = np.searchsorted(streams.customer[stream], np.arange(len(world.customers) + 1))
    plays = market.timing.window_days > 0
    answers = uniforms(seed, replication, Purpose.TIMING, ids, 2) if plays else np.empty((0, 2))
    return Opportunities(rows, steps, answers, first, world.open_orders.order[owed.which])


def pipeline_days(world: World) -> float:
    """Mean time customers take for all stages together, days."""
    return sum(stage.days for stage in world.market.stages)


def _points(
    world: World, events: Events, seed: int, replication: int
) -> tuple[Ids, Positions, Numbers, Numbers, Numbers]:
    """Draw the points that may arise: ids, streams, days, heights and limits, by customer and day."""
    streams, level = world.streams, market_level(world, seed, replication)
    demand = events.shocks.effect["demand"][events.which]
    most = demand_at(world.market.satisfaction, 1.0)
    highest = streams.growth.max(initial=0.0) * level * world.season.max() * np.maximum(demand, 1.0).prod()
    layers = max(1, math.ceil(highest * most))
    delays = events.shocks.effect["decision_delay_days"][events.which]
    years = 1 + math.ceil((MEMORY * pipeline_days(world) + delays.sum()) / world.days)
    with np.errstate(over="ignore"):
        cells, counts = counts_of(
            key_of(seed, replication, Purpose.COUNT), streams.ids, streams.yearly, years, layers
        )
        return points_of(
            key_of(seed, replication, Purpose.ARRIVAL),
            cells,
            counts,
            streams.customer,
            streams.line,
            streams.growth * level,
            world.season,
            pipeline_days(world),
            layers,
            most,
            demand,
            events.begins,
            events.ends,
            events.shocks.hits[events.which],
            events.shocks.lines[events.which],
            delays,
            key_of(seed, replication, Purpose.CUSTOMER_TIME),
            np.array([stage.days for stage in world.market.stages]),
        )


def market_level(world: World, seed: int, replication: int) -> float:
    """Draw the level of the year's market; its mean is 1."""
    cv = math.sqrt(math.expm1(world.market.demand_noise**2))
    mark = uniforms(seed, replication, Purpose.MARKET, stable_ids(["market"]), 1)
    return float(lognormal(mark, 1.0, cv)[0, 0])
