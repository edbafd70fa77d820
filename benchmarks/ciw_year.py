"""The simple year in ciw (Palmer and others, Journal of Simulation 2019): a node a rep, and one for waiting.

All opportunities arrive at the waiting node, which has servers without end; there they wait for the customer
to decide. Nodes of reps have one server. At every event ciw looks at all nodes and at all who wait, so one
waiting node is quicker than one a rep; for the same reason nobody waits there for payments, which are added
up at the booking if they come within the year.
"""

import math
from typing import Any

import ciw

from benchmarks.pipeline import Deal, Pipeline, Totals


def play(year: Pipeline) -> Totals:
    """Play a year."""
    totals = Totals()
    reps = len(year.work_days)
    network = ciw.create_network(
        arrival_distributions=[_Arrivals(year.deals), *[None] * reps],
        service_distributions=[_Decision(), *map(_Work, year.work_days)],
        number_of_servers=[math.inf, *[1] * reps],
        routing=_Route(year, totals),
    )
    ciw.Simulation(network).simulate_until_max_time(year.end)
    return totals


class _Arrivals(ciw.dists.Distribution):
    def __init__(self, deals: list[Deal]) -> None:
        self._days = iter([deal.day for deal in deals])

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Arrivals":
        return self

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return next(self._days, math.inf) - (t or 0.0)


class _Decision(ciw.dists.Distribution):
    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return ind.deal.days[ind.stage] if ind.is_worked else 0.0


class _Work(ciw.dists.Distribution):
    def __init__(self, work_days: list[float]) -> None:
        self._work_days = work_days

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return self._work_days[ind.stage]


class _Route(ciw.routing.NetworkRouting):
    """Where an opportunity goes next: to work, to the customer, or out; those under way first to decide."""

    def __init__(self, year: Pipeline, totals: Totals) -> None:
        self._year, self._totals, self._deals = year, totals, iter(year.deals)

    def initialise(self, simulation: Any) -> None:
        self._simulation = simulation

    def initialise_individual(self, ind: Any) -> None:
        ind.deal = next(self._deals)
        ind.stage, ind.is_worked, ind.is_decided = ind.deal.stage, False, ind.deal.is_worked

    def next_node(self, ind: Any, node_id: int) -> Any:
        nodes = self._simulation.nodes
        if node_id > 1:
            self._totals.work += 1
            ind.is_worked = ind.is_decided = True
            return nodes[1]
        if ind.is_decided and not self._goes_on(ind, ind.deal):
            return nodes[-1]
        return nodes[2 + ind.deal.seat]

    def _goes_on(self, ind: Any, deal: Deal) -> bool:
        if deal.marks[ind.stage] >= self._year.conversion[ind.stage]:
            return False
        ind.stage += 1
        if ind.stage < len(self._year.conversion):
            return True
        self._totals.booked += deal.cents
        if not deal.never_pays and self._simulation.current_time + deal.paid_after < self._year.end:
            self._totals.collected += deal.cents
        return False
