"""How unevenly a measure falls on the reps, under every notion people use: convex functions of the loads.

As a price in the core problem (`Fairness`), as linear rows for solvers (`linear_form`), and as the textbook
figures of a finished plan (`indices`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy import sparse

Notion = Literal["maximum deviation", "range", "mean deviation", "gini", "jain", "owa", "alpha", "response"]

CURVES: tuple[Notion, ...] = ("jain", "alpha", "response")
"""Notions that add up one curve a rep; the others are linear by pieces."""

ELASTICITY = 0.34
"""Percent more sales for one percent more calls: mean of studies (Albers, Mantrala, Sridhar 2010)."""

EMPTY = 0.01
"""Below this u "alpha" and "response" go on as lines, so that an empty territory has a price."""

RANGE = (0.25, 2.0)
"""Values of u between which tangents stand close and their error is stated."""

STEEPEST = 1e4
"""Slope beyond which no tangent outside the range is drawn: it would blur the others."""


@dataclass(frozen=True, eq=False)
class Fairness:
    """A price on unevenness: `price` times a convex function of u = load / share, 0 where every u is 1.

    With n reps, p = share / sum of shares and u(1) <= ... <= u(n):

    - maximum deviation: max |u - 1|;
    - range: max u - min u;
    - mean deviation: mean |u - 1|;
    - gini: sum over pairs |u_i - u_j| / n^2 = sum_k (2k - n - 1) u(k) / n^2. That is the index times the mean
      of u, so the index itself where that mean is 1; divided by a mean that varies it would not be convex;
    - jain: mean (u - 1)^2. Where the mean of u is 1 that is CV^2 = 1 / J - 1 with Jain's index J;
    - owa: sum_k weights_k d(k), deviations d = |u - 1| sorted, largest first (Yager 1988; Ogryczak 2003);
    - alpha: sum p (u - 1 - (u^(1-alpha) - 1) / (1 - alpha)), with log u at alpha = 1. Where loads add up to
      the shares, this is the alpha-fair welfare (Atkinson 1970; Mo and Walrand 2000), weighted by shares,
      that is lost against u = 1 for everybody;
    - response: (1 - eta) times "alpha" with alpha = eta. Territories with time T and potential A sell
      T^eta A^(1-eta) when reps spend their time best. With shares in proportion to time and loads that add
      up to the shares, this is the part of sales lost against the even split, 1 - sum p u^(1-eta).

    Where amounts depend on the rep, so that totals vary, "response" leaves the worth of a larger total to the
    cost of pairs: -price * (1 - eta) / (sum of shares) a unit of load makes both together exact.

    Parameters
    ----------
    measure
        Name of the problem's measure whose loads are compared.
    share
        The load of each rep that would be fair, all > 0.
    notion
        Which function of u.
    price
        Money for one unit of the function; with "response" the sales expected in all.
    weights
        "owa" only: one a rep, decreasing, >= 0. Unless given (2n - 1, 2n - 3, ..., 1) / n^2, in all 1.
    alpha
        "alpha" only: aversion to unevenness, above 0 and at most 5.
    eta
        "response" only: elasticity of sales to time, between 0 and 1.

    Raises
    ------
    ValueError
        If a parameter is not as described here.
    """

    measure: str
    share: np.ndarray
    notion: Notion
    price: float
    weights: np.ndarray | None = None
    alpha: float = 1.0
    eta: float = ELASTICITY

    def __post_init__(self) -> None:
        _check_share(self.share)
        if self.notion not in get_args(Notion):
            raise ValueError(f"notion must be one of {', '.join(get_args(Notion))}, got {self.notion!r}")
        if not 0 <= self.price < np.inf:
            raise ValueError(f"price must be a number >= 0, got {self.price}")
        if self.weights is not None:
            weights = np.asarray(self.weights, dtype=float)
            right = weights.shape == self.share.shape and bool(np.isfinite(weights).all())
            if not right or weights[-1] < 0 or (np.diff(weights) > 0).any():
                raise ValueError(
                    f"weights must be {len(self.share)} numbers >= 0 that decrease, got {weights}"
                )
        if not 0 < self.alpha <= 5:
            raise ValueError(f"alpha must be above 0 and at most 5, got {self.alpha}")
        if not 0 < self.eta < 1:
            raise ValueError(f"eta must be between 0 and 1, got {self.eta}")

    def value(self, load: np.ndarray) -> float:
        """Give the unevenness of loads, without price."""
        u = np.asarray(load, dtype=float) / self.share
        if self.notion in CURVES:
            return float(self._curve_weights() @ self._curve(u)[0])
        # The others grow in proportion to u - 1, which makes them equal to slope @ (u - 1).
        return float(self._slope(u) @ (u - 1))

    def gradient(self, load: np.ndarray) -> np.ndarray:
        """Give a subgradient of `value` by the loads.

        Returns
        -------
        g, one entry a rep in units of `value` by unit of load, with value(other) >= value(load) +
        g @ (other - load) for any other loads.
        """
        return self._slope(np.asarray(load, dtype=float) / self.share) / self.share

    def cost(self, load: np.ndarray) -> float:
        """Give the price of the unevenness of loads."""
        return self.price * self.value(load)

    def least(self) -> float:
        """Give the least cost any loads can have: 0, at the shares."""
        return 0.0

    def _slope(self, u: np.ndarray) -> np.ndarray:
        n, apart, slope = len(u), np.abs(u - 1), np.zeros(len(u))
        if self.notion == "maximum deviation":
            slope[apart.argmax()] = np.sign(u - 1)[apart.argmax()]
        elif self.notion == "range":
            slope[u.argmax()] += 1.0
            slope[u.argmin()] -= 1.0
        elif self.notion == "mean deviation":
            slope = np.sign(u - 1) / n
        elif self.notion == "gini":
            slope[np.argsort(-u, kind="stable")] = _gini_weights(n)
        elif self.notion == "owa":
            slope[np.argsort(-apart, kind="stable")] = self._owa_weights()
            slope *= np.sign(u - 1)
        else:
            slope = self._curve_weights() * self._curve(u)[1]
        return slope

    def _owa_weights(self) -> np.ndarray:
        n = len(self.share)
        return np.arange(2 * n - 1, 0, -2) / n**2 if self.weights is None else np.asarray(self.weights)

    def _curve_weights(self) -> np.ndarray:
        if self.notion == "jain":
            return np.full(len(self.share), 1 / len(self.share))
        return self.share / self.share.sum() * (1 - self.eta if self.notion == "response" else 1.0)

    def _curve(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the curve of one rep and its slope at each u."""
        if self.notion == "jain":
            return (u - 1) ** 2, 2 * (u - 1)
        alpha = self.eta if self.notion == "response" else self.alpha
        at = np.maximum(u, EMPTY)
        log = np.log(at)
        welfare = log if alpha == 1 else np.expm1((1 - alpha) * log) / (1 - alpha)
        slope = -np.expm1(-alpha * log)
        return np.maximum(at - 1 - welfare, 0.0) + slope * (u - at), slope


@dataclass(frozen=True, eq=False)
class LinearForm:
    """A fairness term in linear rows, with q columns w of its own beside the loads of its measure.

    The term's cost is the least cost @ w with lower <= w <= upper and row_lower <= on_load @ load +
    on_column @ w <= row_upper. Each load stands in one row, load / share - u = 0; these u come first in w.

    Parameters
    ----------
    cost, lower, upper
        Of the columns, [q].
    on_load, on_column
        Sparse matrices, [rows, reps] and [rows, q].
    row_lower, row_upper
        Of the rows, [rows].
    error
        Money by which the form may lie below the term's cost where all u are within `RANGE` (never above it);
        0 for notions that are linear by pieces.
    """

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    on_load: sparse.csr_array
    on_column: sparse.csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    error: float = 0.0


def linear_form(
    term: Fairness,
    least_load: np.ndarray | None = None,
    most_load: np.ndarray | None = None,
    tangents: int = 40,
) -> LinearForm:
    """Write a fairness term in linear rows.

    Ordered sums ("gini", "owa") go through a sorting network (Batcher 1968) whose comparators are relaxed to
    high >= a, high >= b, high + low = a + b. With decreasing weights that is exact (Goemans 2015, on the
    permutahedron) and takes n log^2 n columns where Ogryczak's sums of the k least take n^2.

    Parameters
    ----------
    least_load, most_load
        Loads a rep may have, [reps]; 0 and inf unless given. With finite ones every column has finite bounds,
        as a bound from prices needs.
    tangents
        How many tangents a rep stand for a curve ("jain", "alpha", "response") within `RANGE`.
    """
    n, gap, sheet = len(term.share), 0.0, _Sheet()
    least = (np.zeros(n) if least_load is None else least_load) / term.share
    most = (np.full(n, np.inf) if most_load is None else most_load) / term.share
    low, high = float(least.min()), float(most.max())
    u = [sheet.column(a, b) for a, b in zip(least, most, strict=True)]
    for j in u:
        sheet.row({j: -1.0}, 0.0, 0.0)
    if term.notion == "maximum deviation":
        worst = sheet.column(0.0, max(high - 1, 1 - low), 1.0)
        for j in u:
            _keep_apart_within(sheet, j, worst)
    elif term.notion == "range":
        top, bottom = sheet.column(low, high, 1.0), sheet.column(low, high, -1.0)
        for j in u:
            sheet.row({top: 1.0, j: -1.0}, 0.0)
            sheet.row({j: 1.0, bottom: -1.0}, 0.0)
    elif term.notion in ("mean deviation", "owa"):
        each = 1 / n if term.notion == "mean deviation" else 0.0
        apart = [sheet.column(0.0, max(b - 1, 1 - a), each) for a, b in zip(least, most, strict=True)]
        for j, d in zip(u, apart, strict=True):
            _keep_apart_within(sheet, j, d)
        if term.notion == "owa":
            sheet.price(_sort(sheet, apart, 0.0, max(high - 1, 1 - low)), term._owa_weights())
    elif term.notion == "gini":
        sheet.price(_sort(sheet, u, low, high), _gini_weights(n))
    else:
        points = _tangent_points(term, tangents)
        height, slope = term._curve(points)
        gap = _tangent_gap(term, points) * float(term._curve_weights().sum())
        ends = [term._curve(np.where(np.isfinite(end), end, 1.0))[0] for end in (least, most)]
        tops = np.where(np.isfinite(most), np.maximum(*ends), np.inf)
        for j, top, weight in zip(u, tops, term._curve_weights(), strict=True):
            curve = sheet.column(0.0, top, weight)
            for at, rise in zip(height - slope * points, slope, strict=True):
                sheet.row({curve: 1.0, j: -rise}, at)
    return sheet.form(term, gap)


class _Sheet:
    """Columns and rows as they are written down."""

    def __init__(self) -> None:
        self.columns: list[tuple[float, float, float]] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, lower: float, upper: float, cost: float = 0.0) -> int:
        self.columns.append((lower, upper, cost))
        return len(self.columns) - 1

    def price(self, columns: list[int], costs: np.ndarray) -> None:
        for j, cost in zip(columns, costs, strict=True):
            self.columns[j] = (*self.columns[j][:2], cost)

    def row(self, entries: dict[int, float], lower: float, upper: float = np.inf) -> None:
        self.rows.append((entries, lower, upper))

    def form(self, term: Fairness, gap: float) -> LinearForm:
        n, shape = len(term.share), (len(self.rows), len(self.columns))
        lower, upper, cost = np.array(self.columns, dtype=float).T
        row = np.repeat(np.arange(shape[0]), [len(entries) for entries, _, _ in self.rows])
        column = np.array([j for entries, _, _ in self.rows for j in entries])
        factor = np.array([v for entries, _, _ in self.rows for v in entries.values()], dtype=float)
        loads = sparse.coo_array((1 / term.share, (np.arange(n), np.arange(n))), (shape[0], n))
        return LinearForm(
            cost * term.price,
            lower,
            upper,
            sparse.csr_array(loads),
            sparse.csr_array(sparse.coo_array((factor, (row, column)), shape)),
            np.array([low for _, low, _ in self.rows]),
            np.array([high for _, _, high in self.rows]),
            gap * term.price,
        )


def _keep_apart_within(sheet: _Sheet, u: int, apart: int) -> None:
    sheet.row({apart: 1.0, u: -1.0}, -1.0)
    sheet.row({apart: 1.0, u: 1.0}, 1.0)


def _sort(sheet: _Sheet, columns: list[int], lower: float, upper: float) -> list[int]:
    """Sort columns, largest first, in new columns."""
    wires = list(columns)
    for a, b in _comparators(len(wires)):
        high, low = sheet.column(lower, upper), sheet.column(lower, upper)
        sheet.row({high: 1.0, wires[a]: -1.0}, 0.0)
        sheet.row({high: 1.0, wires[b]: -1.0}, 0.0)
        sheet.row({high: 1.0, low: 1.0, wires[a]: -1.0, wires[b]: -1.0}, 0.0, 0.0)
        wires[a], wires[b] = high, low
    return wires


def _comparators(n: int) -> Iterator[tuple[int, int]]:
    """Give Batcher's merge exchange for n wires (Knuth, volume 3, section 5.2.2, algorithm M)."""
    half = 1 << max((n - 1).bit_length() - 1, 0)
    p = half
    while p > 0:
        q, r, d = half, 0, p
        while d > 0:
            yield from ((i, i + d) for i in range(n - d) if i & p == r)
            d, q, r = q - p, q // 2, p
        p //= 2


def _tangent_points(term: Fairness, count: int) -> np.ndarray:
    """Place tangents so that all leave the same gap (as dense as the root of the curvature), one at u = 1."""
    fine = np.linspace(*RANGE, 4001)
    bend = np.sqrt(np.gradient(term._curve(fine)[1], fine))
    along = np.concatenate([[0.0], np.cumsum((bend[1:] + bend[:-1]) / 2)])
    near = np.interp(np.linspace(0.0, along[-1], max(count, 2)), along, fine)
    far = np.array([EMPTY, 0.05, 0.12, 3.0, 5.0, 10.0])
    far = far[np.abs(term._curve(far)[1]) <= STEEPEST]
    return np.unique(np.round(np.concatenate([near, [1.0], far]), 6))


def _tangent_gap(term: Fairness, points: np.ndarray) -> float:
    """Measure the largest gap within the range, where neighboring tangents meet."""
    height, slope = term._curve(points)
    start = height - slope * points
    meet = -np.diff(start) / np.diff(slope)
    meet = np.concatenate([meet[(meet > RANGE[0]) & (meet < RANGE[1])], RANGE])
    return float((term._curve(meet)[0] - (start + np.outer(meet, slope)).max(axis=1)).max())


def indices(
    load: np.ndarray, share: np.ndarray, alpha: float = 1.0, eta: float = ELASTICITY
) -> dict[str, float]:
    """Judge the same loads by all notions, in their textbook formulas on u = load / share.

    Parameters
    ----------
    load, share
        Loads >= 0 and fair loads > 0, [reps].
    alpha, eta
        Aversion of Atkinson's index; elasticity of sales to time, for the lost sales.

    Returns
    -------
    "least" and "most" u; "maximum deviation" max |u - 1|; "range"; "mean deviation" mean |u - 1|; "variation"
    sd(u) / mean(u), sd over n; "gini" sum_ij |u_i - u_j| / (2 n^2 mean(u)); "jain" (sum u)^2 / (n sum u^2);
    "atkinson" 1 - (mean u^(1-alpha))^(1/(1-alpha)) / mean(u), the part of the total that could go if the rest
    were even (the alpha-fair welfare in units of load); "lost sales" 1 - sum of p (u / m)^(1-eta) with
    p = share / sum of shares and m = sum p u. Indices relative to the mean are nan where all loads are 0.
    """
    _check_share(share)
    if load.shape != share.shape or not (np.isfinite(load).all() and (load >= 0).all()):
        raise ValueError(f"loads must be {len(share)} numbers >= 0, one a rep, got {load}")
    u, n = load / share, len(share)
    part, none = share / share.sum(), np.full(n, np.nan)
    even, reached = (u / u.mean(), u / (part @ u)) if load.any() else (none, none)
    return {
        "least": float(u.min()),
        "most": float(u.max()),
        "maximum deviation": float(np.abs(u - 1).max()),
        "range": float(u.max() - u.min()),
        "mean deviation": float(np.abs(u - 1).mean()),
        "variation": float(even.std()),
        "gini": float(_gini_weights(n) @ np.sort(even)[::-1]),
        "jain": float(1 / (even**2).mean()),
        "atkinson": 1 - _equal_equivalent(even, alpha),
        "lost sales": float(1 - part @ reached ** (1 - eta)),
    }


def _gini_weights(n: int) -> np.ndarray:
    """Weights of u, largest first, in sum over pairs |u_i - u_j| / n^2."""
    return np.arange(n - 1, -n, -2) / n**2


def _equal_equivalent(even: np.ndarray, alpha: float) -> float:
    if alpha >= 1 and (even == 0).any():
        return 0.0
    if alpha == 1:
        return float(np.exp(np.log(even).mean()))
    return float((even ** (1 - alpha)).mean() ** (1 / (1 - alpha)))


def _check_share(share: np.ndarray) -> None:
    if share.ndim != 1 or not len(share) or not (np.isfinite(share).all() and (share > 0).all()):
        raise ValueError(f"shares must be numbers > 0, one a rep, got {share}")
