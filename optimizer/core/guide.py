"""What the prices of a bound say of every pair: the guide of a search."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse

from optimizer.core.assignment import Problem
from optimizer.core.bound import Bound
from optimizer.core.neighborhoods import neighbors
from optimizer.core.rows import Rows, compile_rows

WIDE_CORE, NARROW_CORE, MANY = 0.5, 0.3, 3000
"""Pairs whose reduced cost is above this share of a unit's usual stake are left out; the second from so many
units."""

ALL = 300
"""Up to so many pairs all are in question."""


@dataclass(frozen=True, eq=False)
class Guide:
    """A problem as the prices of its bound see it.

    Parameters
    ----------
    rows
        The problem.
    dual
        Price of each row, in its scale.
    share
        Fraction of each unit that the relaxation gives to each of its pairs, one entry a pair.
    reduced
        What each pair costs above its unit's cheapest under the prices, one entry a pair.
    second
        What each unit loses with its second-best rep, one entry a unit; inf where there is one only.
    stake
        What that usually is: the scale of costs.
    core
        Reduced cost up to which a pair is in question.
    keep
        Which pairs are, one entry a pair.
    weight
        What a unit outside each hard limit costs a search at first, in the row's scale.
    unit_of
        The unit of each pair.
    shared
        Number of units in question that two reps share (reps x reps).
    """

    rows: Rows
    dual: np.ndarray
    share: np.ndarray
    reduced: np.ndarray
    second: np.ndarray
    stake: float
    core: float
    keep: np.ndarray
    weight: np.ndarray
    unit_of: np.ndarray
    shared: scipy.sparse.csr_array

    def losses(self, chosen: np.ndarray) -> np.ndarray:
        """Say by rep how far it stays from what the prices promise: reduced costs, and limits not used up."""
        rows, dual = self.rows, self.dual
        load = rows.activity(chosen)
        limit = np.where(dual > 0, rows.upper, rows.lower)
        unused = np.where(dual != 0, np.abs(dual * (load - np.where(dual != 0, limit, 0.0))), 0.0)
        loss = self.by_rep(unused)
        loss += np.bincount(rows.rep[chosen], self.reduced[chosen], minlength=len(loss))
        return loss + 1e-3 * loss.mean() + 1e-9

    def by_rep(self, of_row: np.ndarray) -> np.ndarray:
        """Add rows up by rep; a budget's counts for every rep."""
        seat, reps = self.rows.seat, self.shared.shape[0]
        total = np.bincount(seat[seat >= 0], of_row[seat >= 0], minlength=reps)
        return total + of_row[seat < 0].sum() / max(reps, 1)

    def largest_share(self) -> np.ndarray:
        """Choose each unit's pair with the largest share among those in question."""
        order = np.lexsort((-np.where(self.keep, self.share, -1.0), self.unit_of))
        return order[self.rows.starts[:-1]]


def make_guide(problem: Problem, bound: Bound) -> Guide:
    """See a problem as the prices of its bound do."""
    rows = compile_rows(problem)
    dual = rows.prices(problem, bound.certificate)
    reduced = reduced_costs(rows, dual)
    second = second_best(rows, reduced)
    stake = usual_stake(rows, second)
    middle = float(np.abs(dual).mean()) if rows.count else 0.0
    core = (WIDE_CORE if problem.units <= MANY else NARROW_CORE) * stake
    keep = reduced <= (core if len(reduced) > ALL else np.inf)
    return Guide(
        rows=rows,
        dual=dual,
        share=bound.share,
        reduced=reduced,
        second=second,
        stake=stake,
        core=core,
        keep=keep,
        weight=2 * np.abs(dual) + 0.5 * max(middle, 1e-2 * stake),
        unit_of=np.repeat(np.arange(rows.units), np.diff(rows.starts)),
        shared=neighbors(rows, keep, problem.reps),
    )


def reduced_costs(rows: Rows, dual: np.ndarray) -> np.ndarray:
    """Give what each pair costs above its unit's cheapest under the prices, one entry a pair, >= 0."""
    pair = np.repeat(np.arange(len(rows.cost)), np.diff(rows.entries))
    reduced = rows.cost + np.bincount(pair, weights=dual[rows.row] * rows.amount, minlength=len(rows.cost))
    least = np.minimum.reduceat(reduced, rows.starts[:-1])
    return reduced - np.repeat(least, np.diff(rows.starts))


def second_best(rows: Rows, reduced: np.ndarray) -> np.ndarray:
    """Give each unit's second-least reduced cost, inf where it has one pair only."""
    without_best = reduced.copy()
    order = np.lexsort((reduced, np.repeat(np.arange(rows.units), np.diff(rows.starts))))
    without_best[order[rows.starts[:-1]]] = np.inf
    return np.minimum.reduceat(without_best, rows.starts[:-1])


def usual_stake(rows: Rows, second: np.ndarray) -> float:
    """Give what a unit usually loses with its second-best rep under the prices: the scale of the search.

    Half as much again as the mean, so that the constants of the search are in about mean costs of a unit
    where reps share an area.
    """
    several = np.isfinite(second)
    mean = float(second[several].mean()) if several.any() else 0.0
    return max(1.5 * mean, 1e-3 * float(np.abs(rows.cost).mean()), 1e-9)
