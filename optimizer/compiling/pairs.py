"""Which pairs of customer and rep come into question, what each costs and how many hours it takes.

A large company is looked at in slices, and of each customer only the most promising reps are kept.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.compiling.costs import TERMS, losses
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import held_over_hours, hours_in_service
from scenarios import Scenario

MANY = 2_000_000
"""Pairs above which only some reps of each customer are kept."""

FEWEST = 12
"""Reps of a customer that are kept in any case, besides today's."""

NEAREST = 4
"""Of the reps kept, besides, the nearest on the road: a costly change of owner may still be a good one."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs in question, sorted by unit (a family, or a customer without one).

    Parameters
    ----------
    unit_of
        Unit of each customer.
    unit, rep
        Positions, one entry a pair.
    cost
        Money lost a year against each customer's best eligible rep.
    hours, held
        Hours a year for the rep; and for today's owner, where the rep starts later.
    terms
        What the cost is made of, money a year; what the best rep would cost anyway is not taken off here.
    log
        What was left out, if anything.
    """

    unit_of: pd.Series
    unit: np.ndarray
    rep: np.ndarray
    cost: np.ndarray
    hours: np.ndarray
    held: np.ndarray
    terms: dict[str, np.ndarray]
    log: tuple[str, ...] = ()

    def of_units(self, column: pd.Series) -> np.ndarray:
        """Add an amount of customers up by unit, one entry a pair."""
        return np.bincount(self.unit_of.to_numpy(), weights=column.to_numpy(dtype="float64"))[self.unit]

    def kept(self, column: pd.Series, owner: np.ndarray, reps: int) -> np.ndarray:
        """Add up what of a unit's amount its rep serves today already, one entry a pair.

        Parameters
        ----------
        column
            Amount by customer.
        owner
            Position of each customer's rep of today; -1: none.
        reps
            Number of reps.
        """
        owned = np.flatnonzero(owner >= 0)
        keys, place = np.unique(self.unit_of.to_numpy()[owned] * reps + owner[owned], return_inverse=True)
        sums = np.append(np.bincount(place, column.to_numpy(dtype="float64")[owned], len(keys)), 0.0)
        asked = self.unit * reps + self.rep
        at = np.searchsorted(keys, asked)
        found = np.append(keys, -1)[at] == asked
        return np.where(found, sums[at], 0.0)


def pairs_in_question(scenario: Scenario) -> Pairs:
    """List the eligible pairs; of a large company only each customer's most promising ones.

    Kept are the reps that cost least, the nearest ones and today's owner: of each customer as many as make
    `MANY` pairs in all.
    """
    unit_of = units_of(scenario)
    allowed = scenario.eligible.to_numpy()
    most = None if allowed.sum() <= MANY else max(MANY // (unit_of.max() + 1), FEWEST)
    by_unit = np.argsort(unit_of.to_numpy(), kind="stable")
    step = max(MANY // len(scenario.reps), 1)
    found, first = [], 0
    units = unit_of.to_numpy()[by_unit]
    while first < len(units):  # whole units only
        last = len(units) if first + step >= len(units) else int(np.searchsorted(units, units[first + step]))
        last = last if last > first else int(np.searchsorted(units, units[first], side="right"))
        whole = last - first == len(units)
        part = scenario if whole else scenario.part(by_unit[first:last])
        found.append(_pairs(part, unit_of.loc[part.customers.index].to_numpy(), most))
        first = last
    columns = (np.concatenate(column, axis=-1) for column in zip(*found, strict=True))
    unit, rep, cost, hours, held, terms = columns
    log = _left_out(scenario, int(allowed.sum()), len(unit), most)
    return Pairs(unit_of, unit, rep, cost, hours, held, dict(zip(TERMS, terms, strict=True)), log)


def units_of(scenario: Scenario) -> pd.Series:
    """Number the units, a family or a customer without one, by customer."""
    family = scenario.customers["family"].mask(scenario.customers["apart"], "")
    name = ("family " + family).where(family != "", "customer " + scenario.customers.index.to_series())
    return pd.Series(pd.factorize(name)[0], index=scenario.customers.index)


def _pairs(scenario: Scenario, unit_of: np.ndarray, most: int | None) -> tuple[np.ndarray, ...]:
    """Look at some units: unit, rep, cost, hours, held and terms of their pairs."""
    units, place = np.unique(unit_of, return_inverse=True)

    def together(table: pd.DataFrame | np.ndarray) -> np.ndarray:
        total = np.zeros((len(units), table.shape[1]))
        np.add.at(total, place, np.asarray(table, dtype="float64"))
        return total

    allowed = together(~scenario.eligible) == 0
    parts = losses(scenario)
    whole = sum(table.to_numpy() for table in parts.values())
    best = np.where(scenario.eligible, whole, np.inf).min(axis=1)
    cost = together(whole - np.where(np.isfinite(best), best, 0.0)[:, None])
    if most is not None:
        today = np.zeros_like(allowed)
        owner = scenario.reps.index.get_indexer(pd.Index(scenario.customers["owner"]))
        today[place[owner >= 0], owner[owner >= 0]] = True
        far = together(travel_hours(scenario))
        allowed &= today | _least(cost, allowed, most) | _least(far, allowed, NEAREST)
    unit, rep = np.nonzero(allowed)
    hours, held = together(hours_in_service(scenario)), together(held_over_hours(scenario))
    terms = np.stack([together(table)[unit, rep] for table in parts.values()])
    return units[unit], rep, cost[unit, rep], hours[unit, rep], held[unit, rep], terms


def _least(table: np.ndarray, allowed: np.ndarray, count: int) -> np.ndarray:
    """Say which cells are among the least of their row."""
    if count >= table.shape[1]:
        return np.ones_like(allowed)
    open_cells = np.where(allowed, table, np.inf)
    chosen = np.argpartition(open_cells, count - 1, axis=1)[:, :count]
    least = np.zeros_like(allowed)
    np.put_along_axis(least, chosen, True, axis=1)
    return least


def _left_out(scenario: Scenario, eligible: int, kept: int, most: int | None) -> tuple[str, ...]:
    if most is None:
        return ()
    return (
        f"{len(scenario.customers):,} customers, {len(scenario.reps):,} reps: of {eligible:,} eligible pairs "
        f"{kept:,} were kept: each customer's {most} cheapest reps, its {NEAREST} nearest and today's owner. "
        "Bound and gap speak of these.",
    )
