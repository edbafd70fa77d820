"""Shocks as arrays, and which of them happen in one replication, when, to whom."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios import Scenario
from scenarios.filters import fits
from scenarios.shocks import Shock
from simulation.luck.keyed import Ids, Purpose, stable_ids, uniforms

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

FACTORS = ("demand", "price", "win", "late_payment", "bad_debt", "quits", "capacity", "productivity", "ramp")
DELAYS = ("decision_delay_days", "delivery_delay_days")


@dataclass(frozen=True)
class Shocks:
    """The shocks of a scenario, one entry each.

    Parameters
    ----------
    ids
        Stable ids of their names.
    start, latest, length
        First day it may begin on, the last one, and how long it lasts, days.
    probability
        Of happening in the year.
    hits, lines, seats
        Whether it concerns a customer [shocks, customers], a line, a seat (the house last).
    effect
        Effects by the names of the settings, [shocks] each: `FACTORS`, `DELAYS` and training_hours.
    loses, freezes
        Whether it costs the customers concerned, and whether nobody is hired.
    """

    ids: Ids
    start: Numbers
    latest: Numbers
    length: Numbers
    probability: Numbers
    hits: Flags
    lines: Flags
    seats: Flags
    effect: dict[str, Numbers]
    loses: Flags
    freezes: Flags


class Trainings(NamedTuple):
    """The trainings of a year in order of their ends, one entry each.

    Parameters
    ----------
    end
        First day after it: who sat there before and still does has been trained.
    seats
        Whom it concerns, [trainings, seats and the house].
    productivity, ramp
        Factors on productivity, and on what is then left of the ramp.
    """

    end: Numbers
    seats: Flags
    productivity: Numbers
    ramp: Numbers


@dataclass(frozen=True)
class Events:
    """The shocks that happen in one replication.

    Parameters
    ----------
    shocks
        All shocks of the scenario.
    which
        Positions of those that happen.
    begins, ends
        First day and first day after it, one entry each of those.
    """

    shocks: Shocks
    which: NDArray[np.int64]
    begins: Numbers
    ends: Numbers

    def during(self, number: int, day: Numbers) -> Flags:
        """Say whether the number-th that happens lasts on days."""
        inside: Flags = (day >= self.begins[number]) & (day < self.ends[number])
        return inside

    def factor(self, effect: str, day: Numbers, customer: Positions, line: Positions) -> Numbers:
        """Multiply an effect of all that last on the days and concern the customers and lines."""
        product = np.ones(len(day))
        for number, shock in enumerate(self.which):
            size = self.shocks.effect[effect][shock]
            if size != 1.0:
                met = self.during(number, day)
                met &= self.shocks.hits[shock, customer] & self.shocks.lines[shock, line]
                product[met] *= size
        return product

    def delay(self, effect: str, day: Numbers, customer: Positions, line: Positions) -> Numbers:
        """Add up a delay of all that last on the days and concern the customers and lines, days."""
        total = np.zeros(len(day))
        for number, shock in enumerate(self.which):
            size = self.shocks.effect[effect][shock]
            if size != 0.0:
                met = self.during(number, day)
                met &= self.shocks.hits[shock, customer] & self.shocks.lines[shock, line]
                total[met] += size
        return total

    def lost_from(self) -> Numbers:
        """Give the day on which each customer is lost by a shock; infinite if none costs it, [customers]."""
        first = np.full(self.shocks.hits.shape[1], np.inf)
        for number, shock in enumerate(self.which):
            if self.shocks.loses[shock]:
                hit = self.shocks.hits[shock]
                first[hit] = np.minimum(first[hit], max(self.begins[number], 0.0))
        return first

    def freezes(self) -> list[tuple[float, float]]:
        """List first day and first day after of the times in which nobody is hired."""
        return [
            (float(self.begins[n]), float(self.ends[n]))
            for n, shock in enumerate(self.which)
            if self.shocks.freezes[shock]
        ]

    def trainings(self) -> Trainings:
        """List those that change how productive people are who were there."""
        productivity, ramp = (self.shocks.effect[name][self.which] for name in ("productivity", "ramp"))
        found = np.flatnonzero((productivity != 1.0) | (ramp != 1.0))
        found = found[np.argsort(self.ends[found], kind="stable")]
        return Trainings(
            self.ends[found], self.shocks.seats[self.which[found]], productivity[found], ramp[found]
        )

    def by_day(self, effect: str, days: int) -> Numbers:
        """Multiply an effect on seats by day, while shocks last.

        Returns
        -------
        [seats, days]; [1, days] where nothing happens.
        """
        table = np.ones((1, days))
        day = np.arange(days, dtype=np.float64)
        for number, shock in enumerate(self.which):
            size = self.shocks.effect[effect][shock]
            if size != 1.0:
                there = np.outer(self.shocks.seats[shock], self.during(number, day))
                table = table * np.where(there, size, 1.0)
        return table

    def hours(self, usual: Numbers) -> Numbers:
        """Take illness and training off the hours of seats by day; the same array where there is none."""
        factor = self.by_day("capacity", usual.shape[1])
        hours = usual if factor.shape[0] == 1 else usual * factor[:-1]
        day = np.arange(usual.shape[1], dtype=np.float64)
        for number, shock in enumerate(self.which):
            training = self.shocks.effect["training_hours"][shock]
            if training > 0:
                lasting = hours * np.outer(self.shocks.seats[shock][:-1], self.during(number, day))
                there = lasting.sum(axis=1, keepdims=True)
                share = np.minimum(np.divide(training, there, out=np.zeros_like(there), where=there > 0), 1.0)
                hours = hours - lasting * share
        return hours


def shocks_of(scenario: Scenario) -> Shocks:
    """Compile the shocks of a scenario."""
    shocks = scenario.market.shocks
    start = np.array([_day(scenario, shock.start) for shock in shocks])
    return Shocks(
        ids=stable_ids(shock.name for shock in shocks),
        start=start,
        latest=np.array([_day(scenario, shock.latest_start or shock.start) for shock in shocks]),
        length=np.array([float((shock.end - shock.start).days) for shock in shocks]),
        probability=np.array([shock.probability for shock in shocks]),
        hits=_stack([_customers_hit(scenario, shock) for shock in shocks], len(scenario.customers)),
        lines=_stack([_lines_hit(scenario, shock) for shock in shocks], len(scenario.lines)),
        seats=_stack(
            [np.append(fits(scenario.reps, shock.reps), False) for shock in shocks], len(scenario.reps) + 1
        ),
        effect={
            name: np.array([float(getattr(shock, name)) for shock in shocks])
            for name in (*FACTORS, *DELAYS, "training_hours")
        },
        loses=np.array([shock.loses for shock in shocks], dtype=bool),
        freezes=np.array([shock.hiring_freeze for shock in shocks], dtype=bool),
    )


def events_of(shocks: Shocks, seed: int, replication: int) -> Events:
    """Draw which shocks happen in a replication, and from which day on."""
    marks = uniforms(seed, replication, Purpose.SHOCK, shocks.ids, 2)
    which = np.flatnonzero(marks[:, 0] < shocks.probability)
    window = shocks.latest[which] - shocks.start[which] + 1
    begins = shocks.start[which] + np.floor(marks[which, 1] * window)
    return Events(shocks, which, begins, begins + shocks.length[which])


def _stack(rows: list[Flags], width: int) -> Flags:
    return np.array(rows, dtype=bool).reshape(len(rows), width)


def _customers_hit(scenario: Scenario, shock: Shock) -> Flags:
    hit: Flags = fits(scenario.customers, shock.where)
    if shock.largest is not None:
        potential = scenario.customers["potential"].to_numpy(dtype="float64")
        largest = np.argsort(np.where(hit, -potential, np.inf), kind="stable")[: shock.largest]
        hit = hit & np.isin(np.arange(len(hit)), largest)
    return hit


def _lines_hit(scenario: Scenario, shock: Shock) -> Flags:
    return np.array([not shock.lines or line in shock.lines for line in scenario.lines], dtype=bool)


def _day(scenario: Scenario, date: datetime.date) -> float:
    return float((date - scenario.year.start).days)


def starts_on(freezes: Numbers, start: float) -> float:
    """Put a planned start off like a joining; one from before the year has happened."""
    return start if start < 0 else hired_on(freezes, start)


def hired_on(freezes: Numbers, day: float) -> float:
    """Put a joining off until no hiring freeze covers it; freezes as first days and first days after."""
    covering = [end for begin, end in freezes.tolist() if begin <= day < end]
    return hired_on(freezes, max(covering)) if covering else day
