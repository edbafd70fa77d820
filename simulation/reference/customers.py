"""A customer: who serves it, how satisfied it is, whether it is lost."""

import math
from collections.abc import Generator
from typing import Any

import simpy

from simulation.company.clock import Clock, Rank
from simulation.luck.demand import demand_at
from simulation.luck.fate import Fate
from simulation.reference.money import Account
from simulation.reference.seats import Piece
from simulation.world.world import World

DAYS_PER_YEAR = 365.25


class Customer:
    """A customer in one replication.

    Parameters
    ----------
    clock
        The year's.
    world, fate
        Beliefs and luck.
    number
        Position of the customer.
    """

    def __init__(self, clock: Clock, world: World, fate: Fate, number: int) -> None:
        self._clock, self._world, self._fate = clock, world, fate
        self.number = number
        self.hand = 0
        self.loss = float(world.hands.loss[number, 0])
        self.satisfaction = world.market.satisfaction.start
        self.is_lost = False
        self.was_visited = False
        self.awaited_visit: Piece | None = None
        self.visits_in_hand = 0
        limit = float(world.credit_limit[number])
        self.account = Account(clock, limit) if math.isfinite(limit) else None
        self._satisfaction_changes = clock.event()

    @property
    def seat(self) -> int:
        """Position of the seat that serves it now."""
        return int(self._world.hands.seat[self.number, self.hand])

    @property
    def road_hours(self) -> float:
        """Hours on the road of a visit by the seat that serves it now."""
        return float(self._world.hands.road_hours[self.number, self.hand])

    @property
    def potential(self) -> float:
        """Money a year."""
        return float(self._world.potential[self.number])

    @property
    def goodwill(self) -> float:
        """Factor on demand by satisfaction and by what changes of hands have cost."""
        return demand_at(self._world.market.satisfaction, self.satisfaction) * (1 - self.loss)

    def passes_to(self, hand: int) -> None:
        """Get another hand."""
        self.hand = hand
        self.faces_a_loss(float(self._world.hands.loss[self.number, hand]))

    def faces_a_loss(self, share: float) -> None:
        """Lose at least a share of demand."""
        self.loss = max(self.loss, share)

    def is_pleased(self, care: float) -> None:
        """Become more satisfied by a visit made with so much care."""
        gain = min(1.0, self._world.market.satisfaction.gain_per_visit * care)
        self._is_now(self.satisfaction + gain * (1 - self.satisfaction))

    def is_let_down(self, share: float) -> None:
        """Lose a share of satisfaction."""
        self._is_now(self.satisfaction * (1 - share))

    def _is_now(self, satisfaction: float) -> None:
        if not self.is_lost:
            self.satisfaction = satisfaction
            if not self._satisfaction_changes.triggered:
                self._satisfaction_changes.succeed()

    def is_lost_some_day(self) -> Generator[simpy.Event, Any, None]:
        """Wait until the rate of churn has added up to the customer's threshold, or a shock costs it."""
        clock, reached = self._clock, 0.0
        while not self.is_lost:
            since, rate = clock.now, self._churn_rate()
            missing = max(float(self._fate.churns_at[self.number]) - reached, 0.0)
            by_churn = since + missing / rate if rate > 0 else math.inf
            day = min(by_churn, float(self._fate.lost_from[self.number]))
            self._satisfaction_changes = clock.event()
            yield clock.at(day, Rank.LOSS) | self._satisfaction_changes
            reached += rate * (clock.now - since)
            self.is_lost = clock.now >= day

    def _churn_rate(self) -> float:
        """Losses a day at the present satisfaction."""
        churn, start = self._world.market.churn, self._world.market.satisfaction.start
        usual = churn.yearly_rate / DAYS_PER_YEAR
        return usual * math.exp(churn.sensitivity * (start - self.satisfaction))
