"""The bound of territories with free centers: no division that keeps one measure's limits costs less.

Lagrangian relaxation of "every unit has one territory" (S. Hess and others, Operations Research 13, 1965, have
the model; H. Validi, A. Buchanan, E. Lykhovyd, Operations Research 70, 2022, fix its variables so). With prices
of the units every center's cheapest book is a continuous knapsack, and the cheapest centers are taken. The
prices climb by subgradients; any prices prove a bound. Contiguity counts only where a way between two units
would be too heavy for one territory.
"""

from dataclasses import dataclass

import numpy as np

from optimizer import area_bound_kernels as kernels
from optimizer.area_model import Model
from optimizer.stopping import Watch

FLOATING = 1e-12
"""Share of all that is added up by which sums may be off: taken off the bound."""

FIRST, PATIENCE, SHRINK, SHORTEST = 0.3, 20, 0.7, 1e-4
"""The first length of a step as a share of Polyak's; steps without a better bound after which they get shorter,
by how much, and when they are too short."""

PARTIAL = 600
"""Units from which most steps look only at the centers that mattered lately."""

EVERY = 10
"""Then all centers are looked at again after so many steps."""


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
        if np.isfinite(upper[0]) and not model.loose.any():
            open_ &= kernels.ways(model.graph.start, model.graph.near, amount, float(upper[0]) * (1 + 1e-9))
    return np.ascontiguousarray(open_)


def bound_centers(
    model: Model, open_: np.ndarray, best: float, watch: Watch, *, steps: int, price: np.ndarray | None = None
) -> CenterBound:
    """Climb with the prices until steps are short.

    Parameters
    ----------
    open_
        Pairs of unit and center that are allowed.
    best
        Cost of a known division, inf where there is none: says how long steps may be.
    steps
        At most.
    price
        To begin with.
    """
    scale = model.amount[0] + 0.1 * model.amount[0].mean()
    scale /= scale.mean()
    if price is None:
        level = evaluate(model, open_, np.zeros(model.units)).value
        level = best if np.isfinite(best) else 2.0 * level
        price = model.amount[0] / model.territories * (level if np.isfinite(level) else 0.0)
    top = evaluate(model, open_, price)
    length, vain = FIRST, 0
    direction = np.zeros(model.units)
    candidates = np.flatnonzero(np.diag(open_))
    for number in range(steps):
        if watch.verdict() is not None or not np.isfinite(top.value) or length < SHORTEST:
            break
        if best - top.value <= 1e-9 * abs(best):
            break
        some = candidates
        if model.units >= PARTIAL and number % EVERY:
            some = _promising(model, candidates, worth)
        worth, _ = _books(model, open_, price, some)
        chosen = np.argsort(worth, kind="stable")[: model.territories]
        value = float(price.sum() + worth[chosen].sum())
        if len(some) == len(candidates):
            whole = worth
        elif value > top.value:
            # What was left aside may be worth more by now.
            worth, _ = _books(model, open_, price, candidates)
            chosen = np.argsort(worth, kind="stable")[: model.territories]
            value = float(price.sum() + worth[chosen].sum())
        if value > top.value:
            top, vain = evaluate(model, open_, price), 0
            watch.tell(bound=top.value)
        else:
            vain += 1
        if vain >= PATIENCE:
            length, vain, price = length * SHRINK, 0, top.price.copy()
            direction[:] = 0.0
            continue
        slope = 1.0 - _served(model, open_, price, chosen)
        direction = 0.7 * direction + 0.3 * slope if direction.any() else slope
        square = float(direction @ (scale * direction))
        if square < 1e-18:
            break
        goal = min(best, top.value + 0.1 * abs(top.value)) if np.isfinite(best) else 1.05 * abs(top.value)
        price = price + length * max(goal - value, 1e-6 * abs(value)) / square * scale * direction
        watch.work += len(some)
    return top


def evaluate(model: Model, open_: np.ndarray, price: np.ndarray) -> CenterBound:
    """Give the bound that some prices prove."""
    candidates = np.flatnonzero(np.diag(open_))
    worth, paid = _books(model, open_, price, candidates)
    cheapest = np.sort(worth)[: model.territories]
    if len(cheapest) < model.territories or not np.isfinite(cheapest[-1]):
        return CenterBound(np.inf, price.copy(), worth, paid)
    blur = FLOATING * float(np.abs(price).sum() + np.abs(cheapest).sum())
    return CenterBound(float(price.sum() + cheapest.sum()) - blur, price.copy(), worth, paid)


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


def _promising(model: Model, candidates: np.ndarray, worth: np.ndarray) -> np.ndarray:
    order = candidates[np.argsort(worth[candidates], kind="stable")]
    return np.sort(order[: max(6 * model.territories, 100)])


def _books(
    model: Model, open_: np.ndarray, price: np.ndarray, some: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    low, high = float(model.lower[0, 0]), float(model.upper[0, 0])
    return kernels.books(model.cost, open_, price, model.amount[0], low, high, some)


def _served(model: Model, open_: np.ndarray, price: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    low, high = float(model.lower[0, 0]), float(model.upper[0, 0])
    return kernels.served(model.cost, open_, price, model.amount[0], low, high, chosen)
