"""Yardsticks for plans and starts for searches: today's book, the cheapest rep with room."""

import numpy as np

from optimizer.core.assignment import Problem
from optimizer.plan import Plan
from optimizer.quotas import split_target
from scenarios import Scenario

TODAY = "today's book"
"""What the plan is called that leaves everything as it is."""


def todays_book(scenario: Scenario) -> Plan:
    """Take the owners as they are today, with quotas for them by the same rule as for any plan."""
    owner = scenario.customers["owner"].copy()
    return Plan(TODAY, scenario.digest, owner, split_target(scenario, owner))


def cheapest_with_room(problem: Problem, measure: str) -> np.ndarray:
    """Give each unit, largest first, its cheapest rep that still has room; none has room: the cheapest.

    Parameters
    ----------
    measure
        Name of the measure whose upper limits are the room.

    Returns
    -------
    Positions of the chosen pairs, by unit.
    """
    limits = next(m for m in problem.measures if m.name == measure)
    room = limits.upper.copy()
    bounds = np.searchsorted(problem.unit, np.arange(problem.units + 1))
    size = np.maximum.reduceat(limits.amount, bounds[:-1])
    chosen = np.empty(problem.units, dtype=np.intp)
    for unit in np.argsort(-size, kind="stable"):
        pairs = np.arange(bounds[unit], bounds[unit + 1])
        fits = room[problem.rep[pairs]] >= limits.amount[pairs]
        among = pairs[fits] if fits.any() else pairs
        best = among[np.argmin(problem.cost[among])]
        chosen[unit] = best
        room[problem.rep[best]] -= limits.amount[best]
    return chosen
