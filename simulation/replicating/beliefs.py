"""What reps believe their effort brings, learned in pilot years until it is what they then see."""

import numpy as np
from numpy.typing import NDArray

from optimizer import Plan
from scenarios import Scenario
from simulation.accounting.measures import measure
from simulation.behaving.expectations import weekly_bookings
from simulation.behaving.own_rule import Rule
from simulation.company.year import live_a_year
from simulation.world.world import World, world_of

Numbers = NDArray[np.float64]

ROUNDS = 6
CLOSE = 0.02
"""Rounds of pilot years at most, and how near belief and bookings must be for the rounds to end, as a
share.
"""

PILOT = 1 << 40
"""Added to the seed: the luck of pilot years is not that of the years that count."""


def learned_world(scenario: Scenario, plan: Plan, seed: int, rule: Rule | None = None) -> World:
    """Compile a scenario and a plan with reps who know what their effort brings.

    Expected bookings at effort 1 leave out what nobody has time for, empty seats, churn and all else that
    the year has in store. In pilot years reps see what they booked for the effort they gave: with elasticity
    eta and mean effort e, bookings are m (1 + eta (e - 1)). They move half the way towards it, as long as
    the largest gap is above 2 %; then they give other effort, and see again.

    Parameters
    ----------
    seed
        Of the years to come; the pilot years follow from it.
    rule
        A user's own rule of effort; there is nothing to learn for it.
    """
    world = world_of(scenario, plan, rule=rule)
    behavior = scenario.market.effort
    if rule is not None or behavior.mode == "constant" or behavior.pilot_years == 0:
        return world
    expected = _expected(scenario, world)
    belief = np.ones(len(expected))
    for _ in range(ROUNDS):
        seen = _seen(world, seed, behavior.pilot_years, behavior.elasticity)
        there = (expected > 0) & (seen > 0)
        found = np.where(there, np.divide(seen, expected, out=np.ones_like(seen), where=there), belief)
        gap = np.abs(found / belief - 1)[there]
        if gap.size == 0 or gap.max() < CLOSE:
            break
        belief = np.sqrt(belief * found)
        world = world_of(scenario, plan, np.append(belief, 1.0))
    return world


def _expected(scenario: Scenario, world: World) -> Numbers:
    """Bookings of the year at effort 1 if all work is done in time, money, [reps]."""
    mean = weekly_bookings(
        scenario, world.seats, world.hands, world.streams, world.season, world.quarter_ends
    ).mean[:-1]
    weeks = np.diff(world.quarter_ends, prepend=0.0) / 7
    return mean @ weeks


def _seen(world: World, seed: int, years: int, elasticity: float) -> Numbers:
    """Bookings of a year at effort 1, as pilot years show them, money, [reps]."""
    measures = [measure(world, live_a_year(world, seed + PILOT, number)) for number in range(years)]
    booked = np.mean([one.bookings.sum(axis=1) for one in measures], axis=0)
    effort = np.array([one.effort for one in measures])
    known = ~np.isnan(effort)
    mean = np.divide(
        np.where(known, effort, 0.0).sum(axis=0), known.sum(axis=0), out=np.ones(effort.shape[1]),
        where=known.any(axis=0),
    )  # fmt: skip
    seen: Numbers = booked / (1 + elasticity * (mean - 1))
    return seen
