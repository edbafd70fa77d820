"""The simple year in salabim (van der Ham, JOSS 2018): a component an opportunity, a resource a rep."""

from collections.abc import Generator
from typing import Any

import salabim

from benchmarks.pipeline import Deal, Pipeline, Totals


def play(year: Pipeline) -> Totals:
    """Play a year."""
    salabim.yieldless(False)
    env, totals = salabim.Environment(trace=False), Totals()
    reps = [salabim.Resource(env=env, monitor=False) for _ in year.work_days]
    for deal in year.deals:
        _Opportunity(
            at=deal.day,
            suppress_trace=True,
            env=env,
            year=year,
            deal=deal,
            rep=reps[deal.seat],
            totals=totals,
        )
    env.run(till=year.end)
    return totals


class _Opportunity(salabim.Component):
    def setup(self, year: Pipeline, deal: Deal, rep: salabim.Resource, totals: Totals) -> None:
        self._year, self._deal, self._rep, self._totals = year, deal, rep, totals

    def process(self) -> Generator[Any, Any, None]:
        year, deal, totals, is_worked = self._year, self._deal, self._totals, self._deal.is_worked
        for stage in range(deal.stage, len(year.conversion)):
            if not is_worked:
                yield self.request(self._rep)
                yield self.hold(year.work_days[deal.seat][stage])
                self.release(self._rep)
                totals.work += 1
                yield self.hold(deal.days[stage])
            is_worked = False
            if deal.marks[stage] >= year.conversion[stage]:
                return
        totals.booked += deal.cents
        if not deal.never_pays:
            yield self.hold(deal.paid_after)
            totals.collected += deal.cents
