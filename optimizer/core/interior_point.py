"""The linear relaxation by an interior-point method that uses the problem's structure.

Mehrotra's predictor-corrector method (S. Mehrotra, SIAM J. Optimization 2, 1992). Each unit's "exactly one
rep" row is eliminated by hand, so what remains to factor is one symmetric matrix of rows x rows: measures x
reps, whatever the number of customers. Soft limits may be passed at their price; where hard ones leave
nothing, the bound grows beyond what any choice costs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg
from threadpoolctl import threadpool_limits

from optimizer.core import kernels
from optimizer.core.rows import Rows

Solver = Callable[[np.ndarray], np.ndarray]

MOST_DENSE_ROWS = 2500
"""Up to here the matrix of rows x rows is factored dense; beyond, few of its entries are other than zero."""

HARD = 1e3
"""Price of a hard limit without room inside, in what is at stake a unit: far above what keeping it should
cost."""

LEAST_SPREAD = 1e-3
"""What is at stake a unit, at least, where all pairs cost the same."""

NARROW = 1e-6
"""Limits nearer to each other than this are given a price even if hard: between them is no room for an
interior."""

MOST_ITERATIONS = 150
MOST_STALLED = 60

KEEP_AWAY = 0.9995
"""Share of the way to the boundary that one step may go."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Where the method stopped.

    Parameters
    ----------
    bound
        The Lagrangian value at `dual`: no choice of pairs costs less, whatever the method did.
    dual
        Price of each row, in the rows' scale.
    share
        Fraction of each unit given to each of its pairs.
    cost
        Objective of `share` itself, limits counted at their prices.
    iterations
        Steps taken.
    """

    bound: float
    dual: np.ndarray
    share: np.ndarray
    cost: float
    iterations: int


def relax(
    rows: Rows,
    *,
    tolerance: float = 1e-6,
    enough: float = np.inf,
    progress: Callable[[float], None] | None = None,
) -> Relaxation:
    """Solve the linear relaxation.

    Parameters
    ----------
    rows
        The problem. A hard limit is held by a price far above what any pair costs.
    tolerance
        Stop when complementarity is below this fraction of the bound.
    enough
        Stop when the bound is above this.
    progress
        Told the best bound after each step.
    """
    # What overflows or vanishes at the very end of floating point ends the method, not the user's patience.
    with threadpool_limits(limits=1, user_api="blas"), np.errstate(all="ignore"):
        return _Method(rows).solve(tolerance, enough, progress)


@dataclass(eq=False)
class _Side:
    """One side of all limits: slack s with its price z, and what lies outside, o, with what is left of its
    price, w.

    Signs are those of an upper limit: load + s - o = limit. For lower limits load and limit are negated.
    """

    there: np.ndarray
    limit: np.ndarray
    sign: float
    price: np.ndarray
    elastic: np.ndarray
    s: np.ndarray
    z: np.ndarray
    o: np.ndarray

    @classmethod
    def begin(cls, sign: float, limit: np.ndarray, price: np.ndarray, load: np.ndarray, mu: float) -> "_Side":
        """Start inside, every product of a pair near mu."""
        there = np.isfinite(limit)
        limit = sign * np.where(there, limit, 0.0)
        s = np.maximum(limit - sign * load, 0.05 * np.maximum(np.abs(load), 1.0))
        z = np.where(there, np.minimum(mu / s, price / 2), 0.0)
        elastic = there & np.isfinite(price)
        o = np.where(elastic, mu / np.where(elastic, price - z, 1.0), 0.0)
        return cls(there, limit, sign, np.where(elastic, price, 0.0), elastic, s, z, o)

    @property
    def w(self) -> np.ndarray:
        """What is left of the price."""
        return np.where(self.elastic, np.maximum(self.price - self.z, 1e-14 * self.price), 1.0)

    def short(self, load: np.ndarray) -> np.ndarray:
        """By how much load + s - o misses the limit."""
        return np.where(self.there, self.limit - self.sign * load - self.s + self.o, 0.0)

    def products(self) -> float:
        """Sum of s z and o w."""
        return float((self.s * self.z)[self.there].sum() + (self.o * self.w)[self.elastic].sum())

    def give(self) -> np.ndarray:
        """How much s - o gives way for one unit of price."""
        return np.where(self.there, self.s / np.where(self.there, self.z, 1.0) + self.o / self.w, np.inf)


@dataclass(eq=False)
class _Turn:
    """How a side changes along a direction, and what its products should still gain or lose."""

    side: _Side
    cross_s: np.ndarray
    cross_o: np.ndarray
    ds: np.ndarray
    do: np.ndarray
    dz: np.ndarray

    def wish(self, target: float) -> np.ndarray:
        """Give the change of s - o that would bring all products to the target with the price as it is."""
        side = self.side
        s = np.where(side.there, (target - self.cross_s) / np.where(side.there, side.z, 1.0) - side.s, 0.0)
        return s - np.where(side.elastic, (target - self.cross_o) / side.w - side.o, 0.0)

    def follow(self, target: float, dz: np.ndarray) -> "_Turn":
        """Give the turn whose price changes by dz."""
        side = self.side
        z = np.where(side.there, side.z, 1.0)
        ds = np.where(side.there, (target - self.cross_s) / z - side.s - side.s / z * dz, 0.0)
        do = np.where(side.elastic, (target - self.cross_o) / side.w - side.o + side.o / side.w * dz, 0.0)
        return _Turn(side, self.cross_s, self.cross_o, ds, do, dz)

    def products(self, a: float, b: float) -> float:
        """Sum of the side's products after a step."""
        side = self.side
        inside = (side.s + a * self.ds) * (side.z + b * self.dz)
        outside = (side.o + a * self.do) * (side.w - b * self.dz)
        return float(inside[side.there].sum() + outside[side.elastic].sum())

    def most(self) -> tuple[float, float]:
        """How far primal and dual may go."""
        side = self.side
        dw = np.where(side.elastic, -self.dz, 0.0)
        return min(_most(side.s, self.ds), _most(side.o, self.do)), min(
            _most(side.z, self.dz), _most(side.w, dw)
        )

    def second_order(self) -> "_Turn":
        """Note the products of the changes themselves, which the linear step leaves out."""
        return _Turn(self.side, self.ds * self.dz, -self.do * self.dz, self.ds, self.do, self.dz)

    def go(self, a: float, b: float) -> None:
        """Take the step."""
        self.side.s = self.side.s + a * self.ds
        self.side.o = self.side.o + a * self.do
        self.side.z = self.side.z + b * self.dz


@dataclass(eq=False)
class _Direction:
    """A direction in all variables, and how far it may be followed."""

    dx: np.ndarray
    drc: np.ndarray
    dv: np.ndarray
    up: _Turn
    lo: _Turn
    a: float
    b: float


class _Method:
    """The state of the method: shares x and reduced costs rc of pairs, price v of units, both sides of
    limits.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        spread = max(kernels.spread(rows.starts, rows.cost), LEAST_SPREAD)
        tight = rows.upper - rows.lower <= NARROW * np.maximum(np.abs(rows.upper), 1.0)
        price = np.where(np.isinf(rows.price) & tight, HARD * spread, rows.price)
        count = np.diff(rows.starts)
        self.x = np.repeat(1.0 / count, count)
        self.v = np.minimum.reduceat(rows.cost, rows.starts[:-1]) - spread
        self.rc = rows.cost - np.repeat(self.v, count)
        load = self._load()
        mu = spread * float(self.x.mean())
        self.up = _Side.begin(1.0, rows.upper, price, load, mu)
        self.lo = _Side.begin(-1.0, rows.lower, price, load, mu)
        self.sizes = len(rows.cost) + sum(int(s.there.sum() + s.elastic.sum()) for s in (self.up, self.lo))
        self.matrix: _Dense | _Sparse = _Dense(rows) if rows.count <= MOST_DENSE_ROWS else _Sparse(rows)

    def solve(self, tolerance: float, enough: float, progress: Callable[[float], None] | None) -> Relaxation:
        best, best_dual, stalled, steps = -np.inf, np.zeros(self.rows.count), 0, 0
        most = self._most_cost()
        while steps < MOST_ITERATIONS:
            steps += 1
            dual = self.up.z - self.lo.z
            value = lagrangian(self.rows, dual)
            if not np.isfinite(value):
                break
            stalled = 0 if value > best + 1e-7 * abs(best) else stalled + 1
            if value > best:
                best, best_dual = value, dual
            if progress is not None:
                progress(best)
            load = self._load()
            short = (self.up.short(load), self.lo.short(load))
            products = float(self.x @ self.rc) + self.up.products() + self.lo.products()
            done = products < tolerance * max(abs(best), LEAST_SPREAD) and max(map(_largest, short)) < 1e-3
            most_of_all = min(enough, most + 1e-3 * abs(most) + LEAST_SPREAD)
            if done or stalled >= MOST_STALLED or best > most_of_all:
                break
            try:
                self._advance(short, products)
            except np.linalg.LinAlgError:
                break  # as far as floating point goes
        share = np.nan_to_num(self.x)
        return Relaxation(best, best_dual, share, float(self.rows.cost @ share), steps)

    def _advance(self, short: tuple[np.ndarray, np.ndarray], products: float) -> None:
        """Take one step: where all products would vanish, how far that way is open, then toward their
        middle.
        """
        theta = 1.0 / (1.0 / self.up.give() + 1.0 / self.lo.give())
        solver = self.matrix.factor(self.x, self.rc, theta)
        zero = np.zeros(self.rows.count)
        up, lo = (_Turn(side, zero, zero, zero, zero, zero) for side in (self.up, self.lo))
        way = self._direction(solver, theta, short, 0.0, np.zeros(0), up, lo)
        after = kernels.product(self.x, way.dx, self.rc, way.drc, way.a, way.b)
        after += way.up.products(way.a, way.b) + way.lo.products(way.a, way.b)
        target = min(max(after, 0.0) / products, 1.0) ** 3 * products / self.sizes
        cross = way.dx * way.drc
        way = self._direction(
            solver, theta, short, target, cross, way.up.second_order(), way.lo.second_order()
        )
        a, b = min(KEEP_AWAY * way.a, 1.0), min(KEEP_AWAY * way.b, 1.0)
        self.x += a * way.dx
        self.rc += b * way.drc
        self.v += b * way.dv
        way.up.go(a, b)
        way.lo.go(a, b)

    def _direction(
        self, solver: Solver, theta: np.ndarray, short: tuple[np.ndarray, np.ndarray], target: float,
        cross: np.ndarray, up: _Turn, lo: _Turn,
    ) -> _Direction:  # fmt: skip
        rows = self.rows
        wish_up, wish_lo = up.wish(target) - short[0], lo.wish(target) - short[1]
        give_up, give_lo = self.up.give(), self.lo.give()
        pull = wish_up / give_up - wish_lo / give_lo
        arrays = (rows.starts, rows.entries, rows.row, rows.amount, rows.cost, self.x, self.rc, self.v)
        dual = self.up.z - self.lo.z
        right = np.zeros(rows.count)
        kernels.right_side(*arrays, dual, target, cross, right)
        step = solver(right + theta * pull)
        dy = theta * (step - pull)
        dx, drc, dv, most_x, most_rc = kernels.step(*arrays, dual, target, cross, step)
        up = up.follow(target, np.where(self.up.there, (dy + wish_up) / give_up, 0.0))
        lo = lo.follow(target, np.where(self.lo.there, (wish_lo - dy) / give_lo, 0.0))
        a = min(most_x, up.most()[0], lo.most()[0], 1.0)
        b = min(most_rc, up.most()[1], lo.most()[1], 1.0)
        return _Direction(dx, drc, dv, up, lo, a, b)

    def _load(self) -> np.ndarray:
        rows = self.rows
        return kernels.activity(rows.entries, rows.row, rows.amount, self.x, rows.count)

    def _most_cost(self) -> float:
        """Give what no choice that keeps the hard limits can cost; a bound above it says there is none."""
        rows = self.rows
        most = float(np.maximum.reduceat(rows.cost, rows.starts[:-1]).sum())
        reach = np.bincount(rows.row, np.abs(rows.amount), rows.count)
        limits = np.where(self.up.there, np.abs(rows.upper), 0.0) + np.where(
            self.lo.there, np.abs(rows.lower), 0.0
        )
        soft = np.isfinite(rows.price)
        return most + float((rows.price[soft] * (reach + limits)[soft]).sum())


def lagrangian(rows: Rows, dual: np.ndarray) -> float:
    """Bound from prices alone: every unit takes its cheapest pair, limits are paid for at their prices.

    Prices beyond what a soft limit costs are cut back first. True for any prices (weak duality).
    """
    dual = np.clip(dual, -rows.price, rows.price)
    dual = np.where(np.isfinite(rows.upper), dual, np.minimum(dual, 0.0))
    dual = np.where(np.isfinite(rows.lower), dual, np.maximum(dual, 0.0))
    limits = np.where(dual > 0, rows.upper, np.where(dual < 0, rows.lower, 0.0))
    least = kernels.least(rows.starts, rows.entries, rows.row, rows.amount, rows.cost, dual)
    return float(least - np.sum(dual * limits))


class _Dense:
    """The matrix of rows x rows, all of it."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.half = np.zeros((rows.count, rows.count))

    def factor(self, x: np.ndarray, rc: np.ndarray, theta: np.ndarray) -> Solver:
        rows = self.rows
        self.half[:] = 0.0
        kernels.assemble(rows.starts, rows.entries, rows.row, rows.amount, x, rc, self.half)
        full = self.half + self.half.T
        full[np.diag_indices(rows.count)] += theta + 1e-12 * full.diagonal()
        if rows.count == 0:
            return lambda right: right
        try:
            factor = scipy.linalg.cho_factor(full, lower=True, overwrite_a=True, check_finite=False)
        except np.linalg.LinAlgError:
            full = self.half + self.half.T
            full[np.diag_indices(rows.count)] += theta + 1e-7 * full.diagonal() + 1e-12
            factor = scipy.linalg.cho_factor(full, lower=True, overwrite_a=True, check_finite=False)
        return lambda right: scipy.linalg.cho_solve(factor, right, check_finite=False)


class _Sparse:
    """The matrix of rows x rows where it is sparse: rows of reps that share no customer do not meet."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        unit_of_pair = np.repeat(np.arange(rows.units), np.diff(rows.starts))
        unit = np.repeat(unit_of_pair, np.diff(rows.entries))
        touch = scipy.sparse.csr_array(
            (np.ones(len(rows.row), dtype=np.int32), (unit, rows.row)), shape=(rows.units, rows.count)
        )
        meet = (touch.T @ touch).tocsr() + scipy.sparse.eye_array(rows.count, dtype=np.int32, format="csr")
        meet = scipy.sparse.csr_array(meet)
        meet.sort_indices()
        self.pattern = scipy.sparse.csr_array(
            (np.zeros(meet.nnz), meet.indices, meet.indptr), shape=meet.shape
        )

    def factor(self, x: np.ndarray, rc: np.ndarray, theta: np.ndarray) -> Solver:
        rows, half = self.rows, self.pattern
        half.data[:] = 0.0
        kernels.assemble_sparse(
            rows.starts, rows.entries, rows.row, rows.amount, x, rc, half.indptr, half.indices, half.data
        )
        full = (half + half.T).tocsc()
        full = full + scipy.sparse.diags_array(theta + 1e-12 * full.diagonal(), format="csc")
        return scipy.sparse.linalg.splu(
            full, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
        ).solve


def _largest(value: np.ndarray) -> float:
    return float(np.abs(value).max(initial=0.0))


def _most(value: np.ndarray, change: np.ndarray) -> float:
    falls = change < 0
    return float(np.min(-value[falls] / change[falls], initial=np.inf))
