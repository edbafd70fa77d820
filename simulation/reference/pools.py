"""Helpers whom all seats share: slots of a week are granted on its first day, first come first served."""

import itertools
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simulation.company.clock import Rank

if TYPE_CHECKING:
    from simulation.reference.company import Company

DAYS_PER_WEEK = 7.0


def grant_slots(company: "Company", pool: simpy.Resource) -> Generator[simpy.Event, Any, None]:
    """Take back the slots of the week before and grant those of the week; close what nobody asked for.

    Who asks within the week finds no slot free and waits in the pool's queue for the next week.
    """
    _close(pool)
    for week in itertools.count():
        yield company.clock.at(week * DAYS_PER_WEEK, Rank.GRANTS)
        for slot in list(pool.users):
            yield pool.release(slot)
        _close(pool)


def _close(pool: simpy.Resource) -> None:
    """Take all slots that are still free."""
    while pool.count < pool.capacity:
        pool.request()
