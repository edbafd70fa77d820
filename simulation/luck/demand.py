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

from scenarios.market import Satisfaction
from simulation.luck.demand_kernels import counts_of, points_of
from simulation.luck.events import Events
from simulation.luck.keyed import Ids, Purpose, exponential, key_of, lognormal, stable_ids, uniforms
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

MEMORY = 6.0
"""Mean pipeline lengths looked back: of exponential times, exp(-6) = 0.25 % at most last longer."""


@dataclass(frozen=True)
class Opportunities:
    """Opportunities that may arise in a year, one entry each, by customer and within by day.

    Parameters
    ----------
    customer, line
        Positions.
    arises
        Day, counted from the first day of the year; negative for what is under way then.
    height, limit
        It arises if its height is below the limit times the customer's goodwill.
    is_new
        Whether it is a prospect near the customer, not the customer.
    amount
        Cents, if won.
    mark
        It passes a stage if its mark is below the conversion, [opportunities, stages].
    days
        Time the customer takes after each stage's work, [opportunities, stages].
    patience
        Days it waits for each stage's work before it is lost, [opportunities, stages].
    unattended
        Mark: buys without being served if below the unattended share.
    win
        Factor of shocks on the last conversion.
    delivery_days
        From booking to invoice.
    payment_days
        From invoice to payment, or to giving it up: terms and delay.
    never_pays
        Whether the invoice, if it comes to one, is never paid.
    answers
        Marks: keeps to its word if put off, if below `keeps`, and accepts to decide early,
        [opportunities, 2]; [0, 2] where reps do not play with time.
    first
        Position of each customer's first opportunity, and of the end, [customers + 1].
    """

    customer: Positions
    line: Positions
    arises: Numbers
    height: Numbers
    limit: Numbers
    is_new: Flags
    amount: Positions
    mark: Numbers
    days: Numbers
    patience: Numbers
    unattended: Numbers
    win: Numbers
    delivery_days: Numbers
    payment_days: Numbers
    never_pays: Flags
    answers: Numbers
    first: Positions


def demand_at(belief: Satisfaction, satisfaction: float) -> float:
    """Give the factor on demand of a customer so satisfied."""
    return max(0.0, 1 + belief.sensitivity * (satisfaction - belief.start))


def draw_demand(world: World, events: Events, seed: int, replication: int) -> Opportunities:
    """Draw the opportunities of one replication."""
    ids, stream, arises, height, limit = _points(world, events, seed, replication)
    streams, market, stages = world.streams, world.market, len(world.market.stages)
    customer, line = streams.customer[stream], streams.line[stream]

    def uniform(purpose: Purpose, count: int) -> Numbers:
        return uniforms(seed, replication, purpose, ids, count)

    def factor(effect: str) -> Numbers:
        return events.factor(effect, arises, customer, line)

    payment = uniform(Purpose.PAYMENT, 2)
    value = lognormal(uniform(Purpose.VALUE, 1)[:, 0], streams.amount[stream], market.order_value_cv)
    days = exponential(uniform(Purpose.CUSTOMER_TIME, stages), [stage.days for stage in market.stages])
    days[:, -1] += events.delay("decision_delay_days", arises, customer, line)
    late = exponential(payment[:, 0], world.late_days[customer] * factor("late_payment"))
    return Opportunities(
        customer=customer,
        line=line,
        arises=arises,
        height=height,
        limit=limit,
        is_new=streams.is_new[stream],
        amount=np.floor(value * factor("price") * 100 + 0.5).astype(np.int64),
        mark=uniform(Purpose.CONVERSION, stages),
        days=days,
        patience=exponential(uniform(Purpose.PATIENCE, stages), market.patience_days),
        unattended=uniform(Purpose.UNATTENDED, 1)[:, 0],
        win=factor("win"),
        delivery_days=market.delivery_days + events.delay("delivery_delay_days", arises, customer, line),
        payment_days=world.payment_days[customer] + late,
        never_pays=payment[:, 1] < world.bad_debt[customer] * factor("bad_debt"),
        answers=uniform(Purpose.TIMING, 2) if market.timing.window_days > 0 else np.empty((0, 2)),
        first=np.searchsorted(customer, np.arange(len(world.customers) + 1)),
    )


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
