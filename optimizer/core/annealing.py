"""Simulated annealing over relocations and ejection chains, compiled.

A step proposes to give one customer to another rep. Refused, it may be the first link of a chain: the rep
that got the customer hands on whichever of its customers costs least, and so on; a swap is a chain of two
that comes back. (Ejection chains for assignment: M. Yagiura, T. Ibaraki and F. Glover, INFORMS J. on
Computing 16, 2004.)
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.core import kernels
from optimizer.core.rows import Rows

HARDEN = 1000.0
"""How much dearer hard limits are at the end of a schedule than at first."""


@dataclass(eq=False)
class Walk:
    """Where the annealing stands: the one thing here that changes.

    Parameters
    ----------
    rows
        The pairs that may be chosen, as rows.
    free
        Units with more than one pair.
    chosen, load
        The chosen pair of each unit and the activity of each row.
    members, first, size, where
        The free units of each rep: rep j's are members[first[j] : first[j] + size[j]], unit u is at where[u].
    luck
        State of the random numbers.
    """

    rows: Rows
    free: np.ndarray
    chosen: np.ndarray
    load: np.ndarray
    members: np.ndarray
    first: np.ndarray
    size: np.ndarray
    where: np.ndarray
    luck: np.ndarray

    @classmethod
    def begin(cls, rows: Rows, chosen: np.ndarray, seed: int) -> "Walk":
        """Start from a choice of pairs."""
        free = np.flatnonzero(np.diff(rows.starts) > 1)
        unit = np.repeat(np.arange(rows.units), np.diff(rows.starts))
        movable = np.zeros(rows.units, dtype=bool)
        movable[free] = True
        reps = int(rows.rep.max(initial=-1)) + 1
        room = np.bincount(rows.rep[movable[unit]], minlength=reps)
        first = np.concatenate(([0], np.cumsum(room)))
        members, where, size = kernels.seat(rows.rep, chosen, free, first)
        luck = np.array([np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] | np.uint64(1)])
        return cls(rows, free, chosen.copy(), rows.activity(chosen), members, first, size, where, luck)

    def anneal(self, steps: int, temperature: float, price: np.ndarray, chains: float) -> None:
        """Take steps at one temperature, limits at these prices a unit of each row (both in the rows' scale).

        Parameters
        ----------
        chains
            Share of refused relocations that are tried as the first link of a chain.
        """
        rows = self.rows
        if len(self.free) == 0:
            return
        kernels.anneal(
            rows.starts, rows.rep, rows.cost, rows.entries, rows.row, rows.amount, rows.lower, rows.upper,
            price, self.free, self.chosen, self.load, self.members, self.first, self.size, self.where,
            self.luck, steps, temperature, chains,
        )  # fmt: skip

    def recount(self) -> None:
        """Add up the loads anew, so that rounding of many small changes does not build up."""
        self.load[:] = self.rows.activity(self.chosen)


def schedule(
    rows: Rows, weight: np.ndarray, hot: float, cold: float, blocks: int
) -> Iterator[tuple[float, np.ndarray]]:
    """Go from hot to cold in even ratios; over the second half hard limits become dearer and dearer.

    Parameters
    ----------
    weight
        What a unit outside each hard limit costs at first, in its row's scale. Twice the limit's price in the
        bound and a little makes both sides of the limit alike: short of it the price is lost, beyond it as
        much.
    hot, cold
        First and last temperature, in money.
    blocks
        Number of temperatures.

    Yields
    ------
    Temperature, and the price of each row.
    """
    soft = np.where(np.isinf(rows.price), 0.0, rows.price)
    hard = np.where(np.isinf(rows.price), weight, 0.0)
    for block in range(blocks):
        done = block / max(blocks - 1, 1)
        yield hot * (cold / hot) ** done, soft + hard * HARDEN ** max(0.0, 2 * done - 1)


@dataclass(frozen=True)
class Heat:
    """How far and how long to anneal.

    Parameters
    ----------
    hot, cold
        First and last temperature, in money.
    steps
        Steps for each free unit.
    chains
        Share of refused relocations that are tried as the first link of a chain.
    blocks
        Number of temperatures.
    """

    hot: float
    cold: float
    steps: int
    chains: float
    blocks: int = 100


def anneal(
    rows: Rows, first: np.ndarray, weight: np.ndarray, heat: Heat, seed: int, seconds: float = np.inf
) -> tuple[np.ndarray, int]:
    """Anneal from a choice of pairs.

    Parameters
    ----------
    first
        The chosen pair of each unit to begin with.
    weight
        As in `schedule`.
    seconds
        Where this is less than the steps need, temperatures are left out.

    Returns
    -------
    The better of the first and the last choice, and the number of steps taken.
    """
    walk = Walk.begin(rows, first, seed)
    steps = max(heat.steps * len(walk.free) // heat.blocks, 1)
    began, taken, due = time.perf_counter(), 0, 0
    for block, (temperature, price) in enumerate(schedule(rows, weight, heat.hot, heat.cold, heat.blocks)):
        if block < due:
            continue
        walk.anneal(steps, temperature, price, heat.chains)
        taken += steps
        due = block + 1
        if np.isfinite(seconds):
            spent = time.perf_counter() - began
            room = max(seconds - spent, 1e-9) / max(spent * steps / taken, 1e-9)
            due = block + max(1, int(np.ceil((heat.blocks - 1 - block) / max(room, 1.0))))
    return (walk.chosen if rows.merit(walk.chosen) < rows.merit(first) else first), taken
