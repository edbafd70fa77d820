"""What is known of a year's luck before it is drawn: control variates that any world has.

Their means are exact. Surprises (`surprises.py`) are 0 on average by construction. Given the market's level
and the shocks that happen, opportunities that may arise at usual goodwill are a Poisson process of known
mean, and so is the sum of their amounts; the level has mean 1, and a shock happens with its probability.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.company.year import Year
from simulation.luck.demand import market_level, pipeline_days
from simulation.luck.events import Events
from simulation.replicating import surprises
from simulation.replicating.controls import Controls
from simulation.world.world import World

Numbers = NDArray[np.float64]

NAMES = ("opportunities", "their amounts", "market level", "shocks", *surprises.NAMES)


def observed(world: World, year: Year) -> Numbers:
    """Give by how much a year's luck differs from what was to be expected, [6].

    Opportunities that may arise and their amounts, over their means given level and shocks, less 1; the
    market level less 1; the shocks that happen, each by what it may do to sales, less their mean; and the
    surprises of the year, which are the plan's own.
    """
    deals, events = year.fate.opportunities, year.fate.events
    level = market_level(world, year.fate.seed, year.fate.replication)
    arise = (deals.arises >= 0) & (deals.height < deals.limit)
    count, amount = _expected(world, events, level)
    worth = _worth(world)
    happening = np.bincount(events.which, minlength=len(worth))
    return np.array(
        [
            arise.sum() / count - 1 if count > 0 else 0.0,
            deals.amount[arise].sum() / 100 / amount - 1 if amount > 0 else 0.0,
            level - 1,
            float((worth * (happening - world.shocks.probability)).sum()),
            *surprises.observed(world, year),
        ]
    )


def expected(world: World) -> Numbers:
    """Give the means of what is observed: nothing, [6]."""
    return np.zeros(len(NAMES))


FOREKNOWN = Controls(NAMES, observed, expected)


def _expected(world: World, events: Events, level: float) -> tuple[float, float]:
    """Opportunities of the year that may be expected at usual goodwill, and their amounts in money."""
    streams, shocks = world.streams, events.shocks
    hit = shocks.hits[events.which][:, streams.customer] & shocks.lines[events.which][:, streams.line]
    patterns, which = np.unique(hit, axis=1, return_inverse=True)
    season = _season_of_days(world)
    mean = np.empty((2, patterns.shape[1]))
    for number, pattern in enumerate(patterns.T):
        demand, price = season.copy(), np.ones(len(season))
        for event in np.flatnonzero(pattern):
            lasts = events.during(int(event), np.arange(len(season), dtype=np.float64))
            demand[lasts] *= shocks.effect["demand"][events.which[event]]
            price[lasts] *= shocks.effect["price"][events.which[event]]
        mean[:, number] = demand.mean(), (demand * price).mean()
    yearly = streams.yearly * streams.growth * level
    by_stream = mean[:, which.reshape(-1)]
    return float((yearly * by_stream[0]).sum()), float((yearly * streams.amount * by_stream[1]).sum())


def _season_of_days(world: World) -> Numbers:
    """Mean season of what arises on each day: that of the days on which it will be bought."""
    ahead = pipeline_days(world)
    whole = int(np.floor(ahead))
    first, second = np.roll(world.season, -whole), np.roll(world.season, -whole - 1)
    return first * (1 - (ahead - whole)) + second * (ahead - whole)


def _worth(world: World) -> Numbers:
    """Share of a year's sales each shock may add or take, roughly; only its proportions matter."""
    effect = world.shocks.effect
    change = effect["demand"] * effect["price"] * effect["win"] - 1
    return change * np.minimum(world.shocks.length / world.days, 1.0)
