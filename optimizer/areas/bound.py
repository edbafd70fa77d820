"""The bound of territories with free centers: no division that keeps one measure's limits costs less.

Lagrangian relaxation of "every unit has one territory" (S. Hess and others, Operations Research 13, 1965,
have the model; H. Validi, A. Buchanan, E. Lykhovyd, Operations Research 70, 2022, fix its variables so).
With prices of the units every center's cheapest book is a continuous knapsack, and the cheapest centers are
taken. The prices climb by subgradients; any prices prove a bound. Contiguity counts only where a way between
two units would be too heavy for one territory.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.areas import bound_kernels as kernels
from optimizer.areas.model import Model
from optimizer.core.stopping import Watch

FLOATING = 1e-12
"""Share of all that is added up by which sums may be off: taken off the bound."""

FIRST, PATIENCE, SHRINK, SHORTEST = 0.1, 20, 0.7, 1e-4
"""The first length of a step as a share of Polyak's; steps without a better bound after which they get
shorter, by how much, and when they are too short."""

MOST_FOR_WAYS = 600
"""Units up to which the lightest ways between all pairs are worth their time."""

LISTED, SMALL = 2.0, 300
"""While prices climb, a center looks only at units that cost less there than so often their price; with so
few units at all of them. Bounds that are given out look at all."""

NEW_LISTS, LEAST_PRICE = 0.8, 0.1
"""Lists are made anew when a price comes so near to where they end; a price counts for at least so much of
the median of all."""

NOBODY = np.empty(0)
"""Where nobody asks what books hold."""

FIRST_BOOKS = 3
"""Centers, in territories, whose books are filled before others are left out."""

FIRST_FACTORS = 2.0 ** np.arange(-3, 9, 0.5)
"""Prices to begin with, in usual costs of a unit of load."""


@dataclass(frozen=True, eq=False)
class CenterBound:
    """A bound, the prices that prove it, and what a choice would lift it to.

    Parameters
    ----------
    value
        No division costs less; inf where the limits contradict each other.
    price
        Of each unit.
    worth
        Of each center's cheapest book; inf where it has none.
    paid
        Price of the load of each center's book.
    """

    value: float
    price: np.ndarray
    worth: np.ndarray
    paid: np.ndarray

    @property
    def centers(self) -> np.ndarray:
        """Centers from the most worthwhile on."""
        return np.argsort(self.worth, kind="stable")


def possible_pairs(model: Model) -> np.ndarray:
    """Say which unit may be with which center, [units, units]: allowed, and no way between them too heavy."""
    open_ = np.isfinite(model.cost) & model.allowed[None, :]
    for amount, upper in zip(model.amount, model.upper, strict=True):
        if np.isfinite(upper[0]) and not model.loose.any() and model.units <= MOST_FOR_WAYS:
            open_ &= kernels.ways(model.graph.start, model.graph.near, amount, float(upper[0]) * (1 + 1e-9))
    return np.ascontiguousarray(open_)


def bound_centers(model: Model, open_: np.ndarray, best: float, watch: Watch, *, steps: int) -> CenterBound:
    """Climb with the prices until steps are short.

    Parameters
    ----------
    open_
        Pairs of unit and center that are allowed.
    best
        Cost of a known division, inf where there is none: says how long steps may be.
    steps
        At most.
    """
    books = _Books(model, open_)
    price = _even_price(model, books)
    scale = model.amount[0] + 0.1 * model.amount[0].mean()
    scale /= scale.mean()
    length, vain, direction = FIRST, 0, np.zeros(model.units)
    value, chosen = books.value(price)
    high, best_price = value, price
    for _ in range(steps):
        if watch.verdict() is not None or length < SHORTEST or not np.isfinite(value):
            break
        if best - high <= 1e-10 * abs(best):
            break
        slope = 1.0 - books.served(price, chosen)
        direction = 0.7 * direction + 0.3 * slope if direction.any() else slope
        square = float(direction @ (scale * direction))
        if square < 1e-18:
            break
        goal = best if np.isfinite(best) else 1.05 * abs(high)
        price = price + length * max(goal - value, 1e-6 * abs(value)) / square * scale * direction
        value, chosen = books.value(price)
        watch.work += model.units
        vain += 1
        if value > high:
            high, best_price, vain = value, price, 0
        elif vain >= PATIENCE:
            length, vain, price = length * SHRINK, 0, best_price
            direction = np.zeros(model.units)
            books.look_around(price)
            value, chosen = books.value(price)
            high = value
    return books.evaluate(best_price)


def still_open(model: Model, open_: np.ndarray, bound: CenterBound, best: float) -> np.ndarray:
    """Leave the pairs that a division cheaper than `best` may have.

    A center beyond the cheapest lifts the bound by what its book is worth less than the last of them; a unit
    that is not in a center's book by what it does not pay for its cost and load there.
    """
    if not np.isfinite(best) or not np.isfinite(bound.value):
        return open_
    last = np.sort(bound.worth)[model.territories - 1]
    lifted = bound.value + np.maximum(bound.worth - last, 0.0)
    reduced = model.cost - bound.price[:, None] - np.outer(model.amount[0], bound.paid)
    np.fill_diagonal(reduced, 0.0)
    with np.errstate(invalid="ignore"):
        kept = lifted[None, :] + np.maximum(reduced, 0.0) <= best + 1e-9 * abs(best)
    kept &= np.diag(kept)[None, :]
    return np.ascontiguousarray(open_ & kept)


def _even_price(model: Model, books: "_Books") -> np.ndarray:
    """Give the best prices of those that are the same for every unit of load; their bound is concave."""
    usual = float(np.median(np.sort(model.cost, axis=1)[:, model.units // model.territories // 2]))
    unit = model.amount[0] / model.amount[0].mean() * max(usual, 1e-12)
    price, high = FIRST_FACTORS[0] * unit, -np.inf
    for factor in FIRST_FACTORS:
        value, _ = books.value(factor * unit)
        if value < high:
            break
        price, high = factor * unit, value
    return np.asarray(price)


class _Books:
    """The books of all centers, costs laid out by center as the kernels loop over them."""

    def __init__(self, model: Model, open_: np.ndarray) -> None:
        self.territories, self.amount = model.territories, model.amount[0]
        self.cost, self.open_ = np.ascontiguousarray(model.cost.T), np.ascontiguousarray(open_.T)
        self.own = np.diag(self.cost).copy()
        self.limits = float(model.lower[0, 0]), float(model.upper[0, 0])
        self.candidates = np.flatnonzero(np.diag(open_))
        self.ceiling = np.full(model.units, -np.inf)
        self.listed = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0))

    def look_around(self, price: np.ndarray) -> None:
        """List anew the units that centers look at while prices are about these."""
        counted = np.maximum(price, LEAST_PRICE * float(np.median(price)))
        self.ceiling = LISTED * counted if len(price) > SMALL else np.full(len(price), np.inf)
        self.listed = kernels.lists(self.cost, self.open_, self.ceiling)

    def value(self, price: np.ndarray) -> tuple[float, np.ndarray]:
        """Give the bound of some prices by the listed units, and the centers that are chosen."""
        if (price > NEW_LISTS * self.ceiling).any():
            self.look_around(price)
        least = kernels.worth_without_limits(*self.listed, self.own, price)[self.candidates]
        order = np.argsort(least, kind="stable")
        first, k = order[: FIRST_BOOKS * self.territories], self.territories
        worth = self._fill(price, self.candidates[first], NOBODY)
        last = np.partition(worth, k - 1)[k - 1]
        # Only centers that could be worth more than the last of those chosen are filled as well.
        rest = order[len(first) :]
        rest = rest[least[rest] < last]
        worth = np.minimum(worth, self._fill(price, self.candidates[rest], NOBODY))
        chosen = np.argsort(worth, kind="stable")[:k]
        return float(price.sum() + worth[chosen].sum()), chosen

    def served(self, price: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Give how often the chosen books hold each unit."""
        served = np.zeros(len(price))
        self._fill(price, chosen, served)
        return served

    def _fill(self, price: np.ndarray, centers: np.ndarray, served: np.ndarray) -> np.ndarray:
        begin, near, paid = self.listed
        return np.asarray(
            kernels.books(
                begin, near, paid, self.own, price, self.amount, *self.limits, centers, served,
            )
        )  # fmt: skip

    def evaluate(self, price: np.ndarray) -> CenterBound:
        """Give the bound that some prices prove."""
        worth, paid = kernels.books_of_all(
            self.cost, self.open_, self.own, price, self.amount, *self.limits, self.candidates
        )
        cheapest = np.sort(worth)[: self.territories]
        if not np.isfinite(cheapest[-1]):
            return CenterBound(np.inf, price.copy(), worth, paid)
        blur = FLOATING * float(np.abs(price).sum() + np.abs(cheapest).sum())
        return CenterBound(float(price.sum() + cheapest.sum()) - blur, price.copy(), worth, paid)
