"""Whom a rep calls on and on which days: while the seat is filled, and for colleagues who start later."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from optimizer.compiling.workload import daily_presence, days_from, held_over_hours, hours_beside_visits
from scenarios import Scenario

WEEKS_PER_YEAR, DAYS_PER_WEEK = 52, 5
"""Weeks of calls in a plan year, and working days of each."""


@dataclass(frozen=True, eq=False)
class Service:
    """Whom a rep serves in the plan year.

    Parameters
    ----------
    own
        The rep's customers by plan.
    held
        Customers of today that go to a colleague who starts later: served until then.
    held_hours, held_beside
        Hours of the plan year that each of those takes in all, and beside visits: for selling and service.
    filled
        Whether the seat is filled, by day of the plan year.
    until
        Day of the plan year on which the colleague starts, from 0; by customer held.
    """

    own: pd.Index
    held: pd.Index
    held_hours: pd.Series
    held_beside: pd.Series
    filled: np.ndarray
    until: pd.Series

    @property
    def share(self) -> float:
        """Share of the year's days on which the seat is filled."""
        return float(self.filled.mean())

    def days(self, customers: pd.Index) -> np.ndarray:
        """Say on which days of the plan year each of some customers is served, [customers, days]."""
        until = self.until.reindex(customers).fillna(np.inf).to_numpy()
        return np.asarray(self.filled & (np.arange(len(self.filled)) < until[:, None]))


def service(scenario: Scenario, owner: pd.Series, rep: str) -> Service:
    """Find whom a rep serves; `owner` is the rep by customer of the plan."""
    customers = scenario.customers
    to = scenario.reps.index.get_indexer(pd.Index(owner.reindex(customers.index)))
    filled = daily_presence(scenario)[scenario.reps.index.get_loc(rep)] > 0
    rows = np.flatnonzero((customers["owner"] == rep).to_numpy() & (to >= 0))
    start = days_from(scenario, scenario.reps["start"], -np.inf)[to[rows]]
    rows, start = rows[start > 0], start[start > 0]
    hours = held_over_hours(scenario).to_numpy()[rows, to[rows]]
    rows, start, hours = rows[hours > 0], start[hours > 0], hours[hours > 0]
    held = customers.index[rows]
    until = pd.Series(start, index=held)
    share = (filled & (np.arange(len(filled)) < start[:, None])).mean(axis=1)
    return Service(
        own=customers.index[to == scenario.reps.index.get_loc(rep)],
        held=held,
        held_hours=pd.Series(hours, index=held),
        held_beside=hours_beside_visits(scenario).loc[held, rep] * share,
        filled=filled,
        until=until,
    )


def days_of_weeks(scenario: Scenario) -> np.ndarray:
    """Give the day of the plan year, from 0, of Monday to Friday of each week, [weeks, days].

    The first week begins on the Monday nearest to the first of the year; days outside it count as its ends.
    """
    start = scenario.year.start
    first = -((start.weekday() + 3) % 7 - 3)
    weeks, days = np.arange(WEEKS_PER_YEAR)[:, None], np.arange(DAYS_PER_WEEK)
    return np.clip(first + 7 * weeks + days, 0, scenario.year.days - 1)


def day_named(scenario: Scenario, day: int) -> str:
    """Write a day of the plan year as a date."""
    return f"{scenario.year.start + timedelta(days=int(day)):%Y-%m-%d}"


def first_and_last(served: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the first and the last day of the first run of days served in a week, from 0, [customers, days].

    Where there is none, the first lies beyond the week.
    """
    there = served.any(axis=1)
    first = np.where(there, served.argmax(axis=1), served.shape[1])
    gone = ~served & (np.arange(served.shape[1]) > first[:, None])
    last = np.where(gone.any(axis=1), gone.argmax(axis=1) - 1, served.shape[1] - 1)
    return first, last
