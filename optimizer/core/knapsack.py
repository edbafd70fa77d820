"""A second bound, for lumpy customers: every rep's book is whole and keeps one measure's hard limits.

The linear relaxation divides a customer too large for any rep's room; here no book may. Lagrangian relaxation
of the generalized assignment problem that keeps the knapsacks (M. Fisher, R. Jaikumar, L. Van Wassenhove,
Management Science 32, 1986; S. Martello, P. Toth, Knapsack Problems, 1990, chapter 7).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.core.assignment import Problem
from optimizer.core.books import Books, compile_books
from optimizer.core.bound import Bound, value_of
from optimizer.core.certificate import Certificate, UnitPrices
from optimizer.core.knapsack_kernels import slope
from optimizer.core.rows import Rows, compile_rows

MOST_STEPS = 1000
"""Steps at most."""

STEP, SHORTER, PATIENCE, LONGER = 0.05, 0.66, 10, 1.1
"""First step as a share of Polyak's, what is left of it after so many steps in vain, and what it grows by
after a step that could have gone further (to 1 at most: without a plan, prices would run away)."""

NEWEST, LEAST_NEWEST = 0.1, 0.01
"""Most and least weight of the newest slope in the direction."""

SLOW, WINDOW = 1e-6, 60
"""Stop where so many steps lift the bound by less than this share of it."""

REACH = 0.003
"""Steps aim at the best plan's cost, or at this share of the bound above it, whichever is less."""

PAIR_WORK = 50
"""What a step counts for each pair, in cells of dynamic programming."""


def knapsack_bound(
    problem: Problem,
    bound: Bound,
    *,
    best: float = np.inf,
    time_limit: float = np.inf,
    work_limit: float = np.inf,
    progress: Callable[[float], None] | None = None,
) -> Bound | None:
    """Lift a bound by prices of units under which every rep's book is whole.

    Of several measures it keeps the limits of the one whose knapsacks lift the bound most at once.

    Parameters
    ----------
    bound
        The linear relaxation's, whose prices are the start.
    best
        Cost of the best plan known, if any: how far the bound may rise at most.
    time_limit
        Seconds of wall time. Compiling at the very first use counts.
    work_limit
        Cells of dynamic programming, about a nanosecond each; the same answer on every machine.
    progress
        Told the best bound so far after each step.

    Returns
    -------
    A higher bound whose certificate has prices of units, or None where no measure has knapsacks of a sensible
    size (`optimizer.core.books.compile_books`) or they lift nothing. It is inf where a rep has no book within
    the limits, so no plan exists. Reduced costs at the rows' prices belong to the bound of those prices
    alone: to rule pairs out, do not add them to this one.
    """
    began = time.perf_counter()
    every = [books for m in problem.measures if (books := compile_books(problem, m)) is not None]
    if not every or not problem.units:
        return None
    rows = compile_rows(problem)
    climbs: list[_Climb] = []
    for books in every:
        if not climbs or time.perf_counter() - began < time_limit:
            climbs.append(_Climb(problem, rows, books, bound.certificate))
    climb = max(climbs, key=lambda one: one.top.value)
    climb.work = sum(one.work for one in climbs)
    since = climb.top.value
    for step in range(1, MOST_STEPS):
        if time.perf_counter() - began >= time_limit or climb.work >= work_limit:
            break
        if climb.top.value >= best or not climb.step(best):
            break
        if progress is not None:
            progress(max(climb.top.value, bound.value))
        if step % WINDOW == 0:
            if climb.top.value - since < SLOW * abs(since):
                break
            since = climb.top.value
    certificate = climb.certificate()
    value = value_of(problem, certificate)
    return Bound(value, certificate, bound.share) if value > bound.value else None


def still_open(problem: Problem, certificate: Certificate, best: float) -> np.ndarray:
    """Say of each pair whether a plan that costs at most `best` may have it, one entry a pair.

    Choosing a pair puts its unit into that rep's book and takes it out of all others; what each book loses by
    that at least, beyond what its best one lost already against divisible units, adds up.
    """
    units = certificate.units
    books = None if units is None else compile_books(problem, problem.measure(units.measure))
    if units is None or books is None:
        return np.ones(len(problem.cost), dtype=bool)
    rows = compile_rows(problem)
    dual = rows.prices(problem, certificate)
    dual[rows.source == [m.name for m in problem.measures].index(books.measure)] = 0.0
    pair = np.repeat(np.arange(len(rows.cost)), np.diff(rows.entries))
    reduced = rows.cost + np.bincount(pair, dual[rows.row] * rows.amount, len(rows.cost))
    worth = units.price[problem.unit] - reduced
    books.best(worth)
    into, out = np.full(len(rows.cost), np.inf), np.zeros(len(rows.cost))
    for rep in range(problem.reps):
        mine = slice(books.first[rep], books.first[rep + 1])
        gain, amount = worth[books.pair[mine]], books.amount[mine]
        gain = gain - slope(gain, amount, books.lower[rep], books.upper[rep]) * amount
        loses = np.maximum(np.abs(gain) - max(books.loss[rep], 0.0), 0.0)
        into[books.pair[mine]] = np.where(gain < 0, loses, 0.0)
        out[books.pair[mine]] = np.where(gain > 0, loses, 0.0)
    of_unit = np.bincount(problem.unit, out, problem.units)
    rise = into + of_unit[problem.unit] - out
    room = best - value_of(problem, certificate)
    return rise <= room + 1e-9 * max(1.0, abs(best))


@dataclass(frozen=True, eq=False)
class _Point:
    """Prices of units, then of rows (scaled, 0 for the kept ones); the bound they prove, and its slope."""

    price: np.ndarray
    value: float
    slope: np.ndarray


class _Climb:
    """The volume algorithm (F. Barahona, R. Anbil, Mathematical Programming 87, 2000): steps from the best
    point along a running mean of slopes.
    """

    def __init__(self, problem: Problem, rows: Rows, books: Books, certificate: Certificate) -> None:
        self.problem, self.rows, self.books, self.start = problem, rows, books, certificate
        self.pair = np.repeat(np.arange(len(rows.cost)), np.diff(rows.entries))
        self.least = sum(fair.least() for fair in problem.fairness)
        self.work = 0.0
        kept = rows.source == [m.name for m in problem.measures].index(books.measure)
        self.lowest = np.where(np.isfinite(rows.lower) & ~kept, -rows.price, 0.0)
        self.highest = np.where(np.isfinite(rows.upper) & ~kept, rows.price, 0.0)
        dual = rows.prices(problem, certificate)
        units = np.minimum.reduceat(self._reduced(dual), rows.starts[:-1])
        self.top = self._at(np.concatenate((units, np.clip(dual, self.lowest, self.highest))))
        self.mean, self.share, self.vain = self.top.slope, STEP, 0

    def step(self, best: float) -> bool:
        """Go one step; False where there is nowhere to go."""
        top, size = self.top, float(self.mean @ self.mean)
        if not np.isfinite(top.value) or size <= 1e-12:
            return False
        length = self.share * min(best - top.value, REACH * max(abs(top.value), 1e-9)) / size
        price = top.price + length * self.mean
        price[self.problem.units :] = np.clip(price[self.problem.units :], self.lowest, self.highest)
        point = self._at(price)
        self.vain += 1
        if point.value > top.value:
            self.top, self.vain = point, 0
            if point.slope @ self.mean >= 0:
                self.share = min(self.share * LONGER, 1.0)
        elif self.vain >= PATIENCE:
            self.share, self.vain = self.share * SHORTER, 0
        # The mean becomes as short as these weights can make it: at the optimum it vanishes.
        change = point.slope - self.mean
        weight = -float(self.mean @ change) / max(float(change @ change), 1e-12)
        self.mean = self.mean + min(max(weight, LEAST_NEWEST), NEWEST) * change
        return True

    def certificate(self) -> Certificate:
        """Give the prices that prove the best bound; those of the kept measure as they were."""
        units, dual = np.split(self.top.price, [self.problem.units])
        found = self.rows.certificate(self.problem, dual)
        name = self.books.measure
        measures = {**found.measures, name: self.start.measures[name]}
        return replace(found, measures=measures, units=UnitPrices(name, units))

    def _reduced(self, dual: np.ndarray) -> np.ndarray:
        rows = self.rows
        return rows.cost + np.bincount(self.pair, dual[rows.row] * rows.amount, len(rows.cost))

    def _at(self, price: np.ndarray) -> _Point:
        rows = self.rows
        units, dual = np.split(price, [self.problem.units])
        choice = self.books.best(units[self.problem.unit] - self._reduced(dual))
        self.work += choice.cells + PAIR_WORK * len(rows.cost)
        limit = np.where(dual > 0, rows.upper, np.where(dual < 0, rows.lower, 0.0))
        value = units.sum() - choice.worth - (dual * limit).sum() + self.least
        missing = 1.0 - np.bincount(self.problem.unit[choice.pairs], minlength=self.problem.units)
        load = rows.activity(choice.pairs)
        beyond = np.where(dual == 0, load - np.clip(load, rows.lower, rows.upper), load - limit)
        beyond[(self.lowest == 0) & (self.highest == 0)] = 0.0
        return _Point(price, float(value), np.concatenate((missing, beyond)))
