"""Bring territories within their limits: two that touch become one and are cut anew, again and again.

Recombination along random spanning trees: D. DeFord, M. Duchin, J. Solomon, Recombination: A family of Markov
chains for redistricting, Harvard Data Science Review 3.1, 2021. Theirs draws plans at random; here a cut has
to bring the two nearer to their limits, or not much further off, so that excess wanders from territory to
territory until it meets room.
"""

import numpy as np

from optimizer.areas import recombining_kernels as kernels
from optimizer.areas.kernels import EMPTY
from optimizer.areas.model import Model
from optimizer.core.stopping import Watch

SLICE, SLICES = 20, 40
"""Cuts a territory between two looks at the clock, and such rounds at most."""


def recombine(model: Model, owner: np.ndarray, watch: Watch, *, seed: int) -> np.ndarray:
    """Recombine territories until all keep their limits, or patience ends.

    Parameters
    ----------
    owner
        Territories in one piece each, loose units aside.
    seed
        Of all draws.

    Returns
    -------
    The territories with the least excess that were met, each in one piece.
    """
    owner = owner.copy()
    load = np.ascontiguousarray(model.loads(owner))
    seats = np.full(model.territories, -1) if model.seats is None else model.seats
    luck = np.array([np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] | np.uint64(1)])
    best, least = owner.copy(), np.inf
    middle = np.clip(1.0, model.lower, model.upper)
    for _ in range(SLICES):
        least = kernels.recombine(
            model.graph.start, model.graph.near, model.loose, seats, model.amount, model.lower, model.upper,
            middle, owner, load, best, least, luck, SLICE * model.territories,
        )  # fmt: skip
        watch.work += SLICE * model.units
        if least <= EMPTY or watch.verdict() is not None:
            break
    return best
