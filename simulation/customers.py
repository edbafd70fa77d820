"""Customers in one replication: how satisfied they are, and the visits they wait for."""

import numpy as np

from scenarios.market import Satisfaction
from simulation.world import World

NONE = -1


class Customers:
    """All customers of a replication, by position.

    Parameters
    ----------
    world
        What all replications have in common.
    """

    def __init__(self, world: World) -> None:
        self._belief = world.market.satisfaction
        self._from_day = world.service.from_day.tolist()
        self._visit_hours = world.service.visit_hours.tolist()
        self._grace = _grace(world)
        self._was_visited = [False] * len(world.customers)
        self.visit_rank: list[int] = world.visit_rank.tolist()
        self.satisfaction = [self._belief.start] * len(world.customers)
        self.awaited = [NONE] * len(world.customers)

    def visit_hours(self, customer: int, due: float) -> float:
        """Give the hours of the visit due on a day, with travel of the seat that serves then."""
        return self._visit_hours[customer][due >= self._from_day[customer]]

    def demand(self, customer: int) -> float:
        """Give the factor that satisfaction puts on demand; 1 at the satisfaction of the first day."""
        return demand_at(self._belief, self.satisfaction[customer])

    def is_visited(self, customer: int) -> float:
        """Take note of a promised visit made; give the satisfaction after it."""
        self._was_visited[customer] = True
        before = self.satisfaction[customer]
        self.satisfaction[customer] = before + self._belief.gain_per_visit * (1 - before)
        return self.satisfaction[customer]

    def waits_in_vain(self, customer: int) -> float:
        """Take note of a promised visit missed; give the satisfaction after it."""
        self.satisfaction[customer] *= 1 - self._belief.loss_per_missed_visit
        return self.satisfaction[customer]

    def waits_too_long(self, customer: int, due: float, day: float) -> bool:
        """Say whether a visit due on one day and not made by another, the year's last, counts as missed.

        It does if more than half the time between two visits has gone by, or if nobody came all year.
        """
        return day - due > self._grace[customer] or not self._was_visited[customer]


def _grace(world: World) -> list[float]:
    """Give half the days between two promised visits of each customer; infinite where none is promised."""
    visits = world.visits_per_year
    half = np.full(len(visits), np.inf)
    np.divide(world.days / 2, visits, out=half, where=visits > 0)
    grace: list[float] = half.tolist()
    return grace


def demand_at(belief: Satisfaction, satisfaction: float) -> float:
    """Give the factor on demand of a customer so satisfied."""
    return max(0.0, 1 + belief.sensitivity * (satisfaction - belief.start))
