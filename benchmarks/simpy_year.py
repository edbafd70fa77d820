"""The simple year in plain SimPy: a process a customer, a process an opportunity, a resource a rep."""

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.pipeline import Deal, Pipeline, Totals

Story = Generator[simpy.Event, Any, None]


def play(year: Pipeline) -> Totals:
    """Play a year."""
    env, totals = simpy.Environment(), Totals()
    reps = [simpy.Resource(env) for _ in year.work_days]
    for book in year.books:
        env.process(_customer(env, year, reps, book, totals))
    env.run(until=year.end)
    return totals


def _customer(
    env: simpy.Environment, year: Pipeline, reps: list[simpy.Resource], book: list[Deal], totals: Totals
) -> Story:
    for deal in book:
        yield env.timeout(deal.day - env.now)
        env.process(_opportunity(env, year, reps[deal.seat], deal, totals))


def _opportunity(
    env: simpy.Environment, year: Pipeline, rep: simpy.Resource, deal: Deal, totals: Totals
) -> Story:
    is_worked = deal.is_worked
    for stage in range(deal.stage, len(year.conversion)):
        if not is_worked:
            with rep.request() as turn:
                yield turn
                yield env.timeout(year.work_days[deal.seat][stage])
            totals.work += 1
            yield env.timeout(deal.days[stage])
        is_worked = False
        if deal.marks[stage] >= year.conversion[stage]:
            return
    totals.booked += deal.cents
    if not deal.never_pays:
        yield env.timeout(deal.paid_after)
        totals.collected += deal.cents
