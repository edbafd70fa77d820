"""The least departure from a baseline that keeps limits on cells and on their sums: a dual Newton method.

With one price a row, every cell answers by itself: q = b (1 + p), or b exp(p), cut to its limits, where p
adds up the prices of the rows it counts in. The dual is smooth but for kinks, piecewise quadratic in the
first case, and has as many unknowns as rows, however large the cube. A semismooth Newton method finds its
maximum (L. Qi and J. Sun, Mathematical Programming 58, 1993); sums over cells run over classes of cells that
count in the same rows.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from optimizer.quotas.totals import Totals

Measure = Literal["relative", "entropy", "absolute"]

STEPS = 100
"""Newton steps before a model is given to a general solver."""

TOLERANCE = 1e-12
"""Of a row's size: how well its limit is met."""

DENSE = 400
"""Rows up to which a dense factorization is the faster one."""


@dataclass(frozen=True, eq=False)
class Model:
    """What is asked of the cube: stay close to the baseline, keep all limits.

    Parameters
    ----------
    baseline
        Units, [people, lines, periods], >= 0. Where it is 0, a cell stays 0 or at its lower limit.
    lower, upper
        Limits of each cell, whole units, same shape; upper may be inf.
    totals
        Limits on sums.
    measure
        "relative": sum (q - b)^2 / (2 b), so that one binding total is met in exact proportion. "entropy":
        sum q ln (q / b) - q + b, which keeps cross ratios. "absolute": sum |q - b|.
    """

    baseline: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    totals: Totals
    measure: Measure = "relative"


@dataclass(frozen=True, eq=False)
class Departure:
    """The answer to a model.

    Parameters
    ----------
    amounts
        Units, not yet whole, [people, lines, periods].
    prices
        By row: how much the departure would fall if the row's sum had to be one unit larger. [rows]
    size
        The departure itself.
    steps
        Newton steps taken; 0 where a general solver answered.
    """

    amounts: np.ndarray
    prices: np.ndarray
    size: float
    steps: int


class NotSettled(Exception):
    """The method did not meet all limits in its steps: they clash, or the model is badly scaled."""


class Infeasible(NotSettled):
    """The limits of a model cannot be kept together."""


def least_departure(model: Model, steps: int = STEPS) -> Departure:
    """Find the least departure by the dual Newton method.

    Parameters
    ----------
    steps
        After how many to give up.

    Raises
    ------
    NotSettled
        If limits are not met after these steps.
    ValueError
        If the measure is "absolute", which has no unique answer; `judge.solve` gives one.
    """
    if model.measure == "absolute":
        raise ValueError("absolute departures are a linear program")
    dual = _Dual(model)
    prices = np.zeros(len(dual.lower))
    for step in range(steps):
        state = dual.at(prices)
        wanted = dual.residual(prices, state)
        if (np.abs(wanted) <= dual.tolerance).all():
            amounts = dual.spread(state.amounts)
            return Departure(amounts, prices, departure(model, amounts), step)
        try:
            move = _direction(dual, prices, state.slope, wanted)
        except (np.linalg.LinAlgError, RuntimeError):  # a singular system of limits that clash
            raise NotSettled from None
        if not np.isfinite(move).all():
            raise NotSettled
        prices = dual.stopped(prices, prices + _length(dual, prices, move) * move)
    raise NotSettled


def departure(model: Model, amounts: np.ndarray) -> float:
    """Measure how far amounts are from the baseline, as the model does it."""
    base, found = model.baseline.ravel(), amounts.ravel()
    asked = base > 0
    base, found = base[asked], found[asked]
    if model.measure == "relative":
        return float(((found - base) ** 2 / (2 * base)).sum())
    if model.measure == "absolute":
        return float(np.abs(found - base).sum())
    log = np.log(np.where(found > 0, found, base) / base)
    return float((found * log - found + base).sum())


@dataclass(frozen=True, eq=False)
class _State:
    amounts: np.ndarray
    slope: np.ndarray
    sums: np.ndarray


class _Dual:
    """The model as its dual sees it: cells that may change, in classes."""

    def __init__(self, model: Model) -> None:
        totals, base = model.totals, model.baseline.ravel()
        self.shape, self.matrix = model.baseline.shape, totals.matrix
        self.lower, self.upper = totals.lower, totals.upper
        self.binding = self.lower == self.upper
        self.low, self.high = model.lower.ravel(), model.upper.ravel()
        counted = np.asarray(self.matrix.sum(axis=0)).ravel() > 0
        stays = (base <= 0) | (self.low >= self.high) | ~counted[totals.class_of]
        self.still = np.clip(base, self.low, self.high)
        self.free = np.flatnonzero(~stays)
        self.base, self.low, self.high = base[self.free], self.low[self.free], self.high[self.free]
        self.of = totals.class_of[self.free]
        self.entropy = model.measure == "entropy"
        fixed = np.where(stays, self.still, 0.0)
        self.fixed = self.matrix @ np.bincount(totals.class_of, fixed, minlength=self.matrix.shape[1])
        self.bulk = self.matrix @ self._by_class(self.base)
        size = np.where(np.isfinite(self.lower), np.abs(self.lower), np.abs(self.upper))
        self.tolerance = 1e-7 + TOLERANCE * np.where(np.isfinite(size), size, 0.0)

    def _by_class(self, amounts: np.ndarray) -> np.ndarray:
        return np.bincount(self.of, amounts, minlength=self.matrix.shape[1]).astype("float64")

    def at(self, prices: np.ndarray) -> _State:
        """Let every cell answer to prices."""
        price = (self.matrix.T @ prices)[self.of]
        if self.entropy:
            wished = self.base * np.exp(np.minimum(price, 500.0))
            slope = wished
        else:
            wished, slope = self.base * (1 + price), self.base
        amounts = np.clip(wished, self.low, self.high)
        inside = (wished > self.low) & (wished < self.high)
        return _State(
            amounts, np.where(inside, slope, 0.0), self.fixed + self.matrix @ self._by_class(amounts)
        )

    def residual(self, prices: np.ndarray, state: _State) -> np.ndarray:
        """How much each row's sum has to rise (above 0) or fall; 0 for a limit that does not bind."""
        below, above = self.lower - state.sums, self.upper - state.sums
        slack = np.where(below > self.tolerance, below, np.where(above < -self.tolerance, above, 0.0))
        return np.where(self.binding | (prices > 0), below, np.where(prices < 0, above, slack))

    def stopped(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Set prices to 0 of limits that would change sides, or that have no side there."""
        crosses = before * after < 0
        nothing = ((after > 0) & np.isinf(self.lower)) | ((after < 0) & np.isinf(self.upper))
        return np.where(~self.binding & (crosses | nothing), 0.0, after)

    def newton(self, slope: np.ndarray, active: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """Solve for the change of prices of the active rows that gives what is wanted, all else linear."""
        rows = self.matrix[active]
        curvature = (rows @ sparse.diags(self._by_class(slope)) @ rows.T).tocsc()
        stuck = curvature.diagonal() <= 1e-12 * self.bulk[active]
        ridge = np.where(
            stuck, np.maximum(self.bulk[active], 1.0), 1e-13 * np.maximum(self.bulk[active], 1.0)
        )
        if len(wanted) <= DENSE:
            found: np.ndarray = np.linalg.solve(curvature.toarray() + np.diag(ridge), wanted)
            return found
        factor = splu(
            (curvature + sparse.diags(ridge)).tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            options={"SymmetricMode": True},
        )
        solved: np.ndarray = factor.solve(wanted)
        return solved

    def spread(self, amounts: np.ndarray) -> np.ndarray:
        """Put the answers of free cells back into the cube."""
        whole = self.still.copy()
        whole[self.free] = amounts
        return whole.reshape(self.shape)


def _direction(dual: _Dual, prices: np.ndarray, slope: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Give the Newton step over the limits that bind; one that would take up the wrong side stays out."""
    active = dual.binding | (prices != 0) | (np.abs(wanted) > dual.tolerance)
    while True:
        move = np.zeros_like(prices)
        move[active] = dual.newton(slope, active, wanted[active])
        wrong = active & ~dual.binding & (prices == 0) & (move * wanted < 0)
        if not wrong.any():
            return move
        active &= ~wrong


def _length(dual: _Dual, prices: np.ndarray, move: np.ndarray) -> float:
    """Give the length of a step to where the dual stops rising along it, by bisection on its slope."""

    def rise(length: float) -> float:
        there = dual.stopped(prices, prices + length * move)
        going = (there != 0) | dual.binding | (length == 0)
        return float(move[going] @ dual.residual(there, dual.at(there))[going])

    start = rise(0.0)
    low, high = 0.0, 1.0
    for _ in range(60):
        now = rise(high)
        if abs(now) <= 0.5 * abs(start):
            return high
        if now < 0:
            break
        low, high = high, 4 * high
    for _ in range(60):
        middle = (low + high) / 2
        now = rise(middle)
        if abs(now) <= 0.5 * abs(start):
            return middle
        low, high = (middle, high) if now > 0 else (low, middle)
    return (low + high) / 2
