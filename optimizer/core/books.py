"""The best book of every rep on its own: a 0-1 knapsack within one measure's hard limits, solved exactly in
whole amounts.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.core.assignment import CLOSE_ENOUGH, Measure, Problem
from optimizer.core.knapsack_kernels import best_books

MOST_DIGITS = 3
"""Digits after the point that an amount may have."""

MOST_CELLS, MOST_CHOICES = 50_000, 3 * 10**8
"""Largest limit of a rep in common units, and that times the units it may serve."""

WHOLE = 1e-9
"""Share of an amount by which it may miss a multiple of the common unit: floating point."""


@dataclass(frozen=True, eq=False)
class Choice:
    """The best book of every rep.

    Parameters
    ----------
    worth
        Of all of them together; -inf where a rep has none within its limits.
    pairs
        Positions of the chosen pairs, sorted; a unit may be in several books, or in none.
    cells
        Cells of dynamic programming gone through.
    """

    worth: float
    pairs: np.ndarray
    cells: int


@dataclass(eq=False)
class Books:
    """The knapsacks of all reps over one measure.

    Parameters
    ----------
    measure
        Its name.
    pair
        Positions of the pairs, rep by rep; those too large for the rep's limit are left out.
    first
        Each rep's first of them, and their number.
    unit
        What amounts and limits are counted in: the common unit of all amounts.
    amount
        Of each pair in `pair`, in that unit.
    lower, upper
        Whole limits by rep in that unit, within which all loads are that count as keeping the limits.
    loss
        By rep: how much less its last book was worth than one of divisible units; -1: not known. Where the
        next search begins, so it is faster for similar prices; the answer is the same.
    """

    measure: str
    pair: np.ndarray
    first: np.ndarray
    unit: float
    amount: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    loss: np.ndarray

    def best(self, worth: np.ndarray) -> Choice:
        """Choose every rep's best book.

        Parameters
        ----------
        worth
            Of each pair of the problem, any sign.
        """
        take = np.zeros(len(self.pair), dtype=bool)
        total, cells = best_books(
            self.first, worth[self.pair], self.amount, self.lower, self.upper, self.loss, take
        )
        return Choice(float(total), np.sort(self.pair[take]), int(cells))


def compile_books(problem: Problem, measure: Measure) -> Books | None:
    """Write down every rep's knapsack.

    Returns
    -------
    None where there are no such knapsacks, or none of a sensible size: the limits are soft or missing, a pair
    adds to another rep's book, amounts are below 0 or have no common unit of up to three digits, or there are
    more than 50,000 such units to a limit.
    """
    if np.isfinite(measure.price) or measure.other is not None:
        return None
    found = _common_unit(measure.amount)
    if found is None:
        return None
    unit, amount = found
    total = np.bincount(problem.rep, amount, problem.reps)
    lower = np.maximum(np.ceil((measure.lower - _room(measure.lower)) / unit), 0.0)
    upper = np.minimum(np.floor((measure.upper + _room(measure.upper)) / unit), total)
    limited = (lower > 0) | (upper < total)
    cells = np.where(limited, np.maximum(upper, 0.0), 0.0)
    choices = cells * np.bincount(problem.rep, minlength=problem.reps)
    if not limited.any() or cells.max() > MOST_CELLS or choices.max() > MOST_CHOICES:
        return None
    lower = np.minimum(lower, total + 1)  # as far out of reach, and a whole number
    order = np.argsort(problem.rep, kind="stable")
    order = order[amount[order] <= upper[problem.rep[order]]]
    return Books(
        measure.name,
        order,
        np.searchsorted(problem.rep[order], np.arange(problem.reps + 1)),
        unit,
        amount[order].astype(np.int64),
        lower.astype(np.int64),
        np.maximum(upper, -1.0).astype(np.int64),
        np.full(problem.reps, -1.0),
    )


def _common_unit(amount: np.ndarray) -> tuple[float, np.ndarray] | None:
    """Give the largest unit all amounts are multiples of, and the multiples."""
    if not len(amount) or not np.isfinite(amount).all() or amount.min() < 0 or amount.max() > 1e12:
        return None
    for scale in 10.0 ** np.arange(MOST_DIGITS + 1):
        whole = np.rint(amount * scale)
        if (np.abs(whole - amount * scale) <= WHOLE * whole).all():
            common = float(np.gcd.reduce(whole.astype(np.int64)))
            return (common / scale, whole / common) if common else None
    return None


def _room(limit: np.ndarray) -> np.ndarray:
    """Give by how much a load may pass a limit and still count as keeping it, and a little more."""
    return np.where(np.isfinite(limit), 2 * CLOSE_ENOUGH * np.maximum(np.abs(limit), 1.0), 0.0)
