"""Besides buying: the visits customers are promised, and the service they call for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.luck.demand_kernels import by_customer_and_day, counts_of
from simulation.luck.keyed import Purpose, exponential, key_of, offspring, uniforms
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Visits:
    """Promised visits; the n-th of a customer falls due at (n + phase) x apart, n = 0, 1, ...

    Parameters
    ----------
    phase
        Between 0 and 1, [customers].
    apart
        Days between two visits, [customers]; infinite where none is promised.
    """

    phase: Numbers
    apart: Numbers


@dataclass(frozen=True)
class Calls:
    """Calls for service, one entry each, by customer and within by day.

    Parameters
    ----------
    customer
        Positions.
    day
        When it comes.
    patience
        Days it waits for the rep's work.
    first
        Position of each customer's first call, and of the end, [customers + 1].
    """

    customer: Positions
    day: Numbers
    patience: Numbers
    first: Positions


def draw_visits(world: World, seed: int, replication: int) -> Visits:
    """Spread each customer's promised visits evenly over the year, from a random first day on."""
    phase = uniforms(seed, replication, Purpose.VISIT_CALENDAR, world.customer_ids, 1)[:, 0]
    apart = np.full(len(phase), np.inf)
    np.divide(world.days, world.visits_per_year, out=apart, where=world.visits_per_year > 0)
    return Visits(phase, apart)


def draw_calls(world: World, seed: int, replication: int) -> Calls:
    """Draw when customers call: a Poisson process each."""
    count = len(world.customers)
    if not world.calls_per_year.any():
        nobody = np.zeros(0, dtype=np.int64)
        return Calls(nobody, np.zeros(0), np.zeros(0), np.zeros(count + 1, dtype=np.int64))
    key = key_of(seed, replication, Purpose.SERVICE)
    with np.errstate(over="ignore"):
        names, counts = counts_of(key, world.customer_ids, world.calls_per_year, 1, 1)
    customer = np.repeat(np.arange(count), counts[:, 0])
    nth = np.arange(len(customer)) - np.repeat(np.cumsum(counts[:, 0]) - counts[:, 0], counts[:, 0])
    # Two numbers of each call's own, behind those of the counts.
    own = uniforms(
        seed, replication, Purpose.SERVICE, offspring(names[customer, 0], nth.astype(np.uint64)), 2
    )
    day = own[:, 0] * world.days
    order = by_customer_and_day(customer, day)
    return Calls(
        customer=customer,
        day=day[order],
        patience=exponential(own[order, 1], world.market.service.patience_days),
        first=np.searchsorted(customer, np.arange(count + 1)),
    )
