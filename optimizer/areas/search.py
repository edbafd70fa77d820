"""Good territories fast: grown from many centers, then annealed unit by unit without falling apart."""

from dataclasses import dataclass

import numpy as np

from optimizer.areas import kernels
from optimizer.areas.model import Model
from optimizer.areas.recombining import recombine
from optimizer.core.stopping import Watch

ROUNDS = 40
"""Rounds of growing, pricing and centering before annealing."""

LEVELS = 80
"""Temperatures of an annealing, each the same share below the one before."""

COLDEST = 1e-3
"""The last temperature, as a share of the first."""

WARM = 0.02
HEATS = (WARM, 1.0, 30.0, 1.0, 3.0)
"""First temperatures, as shares of what an average unit costs: from a good start, and in turns to look
elsewhere, the hotter the larger units are for their territory."""

SLICE = 200_000
"""Steps between two looks at the clock."""

CHAINS = 0.5
"""Share of refused moves that are tried again as the first of a chain."""

ENOUGH = 0.3
"""Share of steps without excess from which limits get cheaper; below half of it they get dearer."""


@dataclass
class Found:
    """The best division so far: its territories, or None, and its cost."""

    owner: np.ndarray | None = None
    cost: float = np.inf

    def offer(self, owner: np.ndarray, cost: float) -> bool:
        """Keep a division if it is better."""
        if cost < self.cost - 1e-12 * abs(cost):
            self.owner, self.cost = owner.copy(), cost
            return True
        return False


def start_from(
    model: Model, centers: np.ndarray, *, rounds: int = ROUNDS, price: np.ndarray | None = None
) -> np.ndarray:
    """Let territories grow from centers, with prices that even loads out and centers that follow.

    Parameters
    ----------
    price
        Prices of load to begin with, [measures, territories].

    Returns
    -------
    The territory of each unit of the round with the least excess over the limits (of equals the cheapest).
    """
    graph, k = model.graph, model.territories
    centers = np.array(centers, dtype=np.int64)
    price = np.zeros((len(model.amount), k)) if price is None else price.copy()
    best, least = None, (np.inf, np.inf)
    for number in range(rounds):
        columns = model.columns(centers)
        paid = price.T @ model.amount
        owner = kernels.grow(graph.start, graph.near, columns, centers, paid, model.loose)
        load = model.loads(owner)
        over = np.maximum(load - model.upper, 0).sum() + np.maximum(model.lower - load, 0).sum()
        value = float(columns[np.arange(model.units), owner].sum())
        if (float(over), value) < least:
            best, least = owner, (float(over), value)
        step = 0.6 * 0.94**number * value / k
        middle = np.clip(1.0, model.lower, model.upper)
        price += step * np.clip(load - middle, -1.0, 1.0)
        if not model.fixed and number % 2 == 1:
            centers = kernels.best_centers(model.cost, owner, centers, model.allowed)
    assert best is not None
    return best


def draw_centers(model: Model, rng: np.random.Generator) -> np.ndarray:
    """Draw centers far from one another (k-means++: D. Arthur, S. Vassilvitskii, SODA 2007).

    Every connected component gets as many as its share of the first measure asks for.
    """
    if model.seats is not None:
        return model.seats
    chosen: list[int] = []
    for part, count in enumerate(shares_of_parts(model)):
        inside = np.flatnonzero((model.part == part) & model.allowed)
        nearest = np.full(len(inside), np.inf)
        for number in range(count):
            weight = model.amount[0][inside] + 1e-12 if number == 0 else nearest + 1e-300
            at = int(rng.choice(len(inside), p=weight / weight.sum()))
            chosen.append(int(inside[at]))
            nearest = np.minimum(nearest, model.cost[inside, inside[at]])
            nearest[np.isin(inside, chosen)] = 0.0
    return np.array(chosen, dtype=np.int64)


def shares_of_parts(model: Model) -> list[int]:
    """Say how many territories each component gets: as its load asks for, by largest remainders.

    Only components with units that have to be connected count.
    """
    parts = int(model.part.max(initial=0)) + 1
    weight = np.bincount(model.part[model.part >= 0], model.amount[0][model.part >= 0], parts)
    room = np.bincount(model.part[(model.part >= 0) & model.allowed], minlength=parts)
    wanted = weight / max(weight.sum(), 1e-300) * model.territories
    count = np.minimum(np.maximum(np.floor(wanted + 1e-9), 1), room).astype(int)
    while count.sum() < model.territories:
        count[int(np.where(count < room, wanted - count, -np.inf).argmax())] += 1
    while count.sum() > model.territories:
        count[int(np.where(count > 1, count - wanted, -np.inf).argmax())] -= 1
    return [int(c) for c in count]


def anneal(
    model: Model,
    owner: np.ndarray,
    found: Found,
    watch: Watch,
    *,
    steps: int,
    heat: float,
    seed: int,
) -> np.ndarray:
    """Anneal a division; what is found on the way without excess over limits is offered to `found`.

    Parameters
    ----------
    steps
        Moves to try in all.
    heat
        First temperature, as a share of what a unit costs on average.

    Returns
    -------
    The division at the end, whatever its excess.
    """
    owner = owner.copy()
    k, graph = model.territories, model.graph
    state = kernels.seat(model.cost, model.amount, owner, k, model.fixed, model.allowed)
    members, place, size, reach, spent, load = state
    pinned = np.zeros(model.units, dtype=bool)
    if model.seats is not None:
        pinned[model.seats] = True
    total = float(spent.sum())
    if not np.isfinite(total):
        return owner
    temperature, price = heat * total / model.units, 2.0 * max(1.0, heat) * total / k
    if model.keeps(owner) and found.offer(owner, total):
        watch.tell(best=found.cost)
    luck = np.array([np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] | np.uint64(1)])
    best, cost = owner.copy(), np.inf
    each = max(steps // LEVELS, 1)
    for _ in range(LEVELS):
        left = each
        while left > 0 and not _over(watch):
            now = min(left, SLICE)
            cost, kept = kernels.anneal(
                graph.start, graph.near, model.close, model.loose, pinned, model.allowed, model.cost,
                model.amount, model.lower, model.upper, model.fixed, owner, members, place, size, reach,
                spent, load, best, cost, luck, now, temperature, price, CHAINS,
            )  # fmt: skip
            left -= now
            watch.work += now
            if kept < ENOUGH / 2 * now:
                price *= 1.1
            elif kept > ENOUGH * now:
                price /= 1.05
        if cost < found.cost and model.connected(best) and found.offer(best, model.objective(best)):
            watch.tell(best=found.cost)
        if _over(watch):
            break
        temperature *= COLDEST ** (1 / LEVELS)
    return owner


def _over(watch: Watch) -> bool:
    return watch.verdict() is not None


class Search:
    """Many starts, of which the best are annealed longer and longer.

    Parameters
    ----------
    model
        What to divide.
    found
        Where the best goes.
    seed
        Seed of all starts.
    """

    def __init__(self, model: Model, found: Found, seed: int) -> None:
        self.model, self.found = model, found
        self.rng = np.random.default_rng(seed)
        self.turn = 0

    def run(self, watch: Watch, *, starts: int, steps: int, suggested: np.ndarray | None = None) -> None:
        """Try some starts; the first with the suggested centers, if there are any."""
        for number in range(starts):
            if _over(watch):
                return
            centers = (
                suggested if suggested is not None and number == 0 else draw_centers(self.model, self.rng)
            )
            owner = start_from(self.model, centers)
            watch.work += ROUNDS * self.model.units
            self._anneal(owner, watch, steps, HEATS[self.turn % len(HEATS)])

    def begin(self, owner: np.ndarray, watch: Watch, *, steps: int) -> None:
        """Begin with a division, whatever its loads; one in pieces is no beginning."""
        if self.model.connected(owner):
            self._anneal(owner, watch, steps, WARM)

    def improve(self, watch: Watch, *, steps: int) -> None:
        """Anneal the best again, from in turns other temperatures; from a new start where there is none."""
        if self.found.owner is None:
            self.run(watch, starts=1, steps=steps)
            return
        self._anneal(self.found.owner, watch, steps, HEATS[self.turn % len(HEATS)])

    def _anneal(self, owner: np.ndarray, watch: Watch, steps: int, heat: float) -> None:
        self.turn += 1
        seed = int(self.rng.integers(2**62))
        owner = anneal(self.model, owner, self.found, watch, steps=steps, heat=heat, seed=seed)
        if self.found.owner is None:
            self._mend(owner, watch, steps, seed)

    def _mend(self, owner: np.ndarray, watch: Watch, steps: int, seed: int) -> None:
        """Bring a division within its limits by cutting territories anew, and make it compact again."""
        mended = recombine(self.model, owner, watch, seed=seed)
        if self.model.keeps(mended):
            anneal(self.model, mended, self.found, watch, steps=steps, heat=WARM, seed=seed)
