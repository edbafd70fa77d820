"""What a division changes: which of today's territories goes on as which, and the units that move."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True, eq=False)
class Moves:
    """A division beside today's.

    Parameters
    ----------
    was
        The territory of today that each goes on as, "" for a new one.
    moved
        Whether each unit leaves its territory of today; one that had none does not.
    """

    was: tuple[str, ...]
    moved: np.ndarray


def moves(today: Sequence[str], owner: np.ndarray, territories: int, amount: np.ndarray) -> Moves:
    """Let territories go on as those of today with which they share most, and say which units move then.

    Parameters
    ----------
    today
        Each unit's territory today; "" where it has none.
    owner
        Each unit's territory from now on, from 0.
    territories
        How many there are from now on.
    amount
        What a unit counts, >= 0, such as people: as much as can be stays.
    """
    names = sorted(set(today) - {""})
    number = {name: s for s, name in enumerate(names)}
    shared = np.zeros((territories, max(len(names), 1)))
    # Units count a little by themselves, so that those without any amount decide where nothing else does.
    count = np.asarray(amount, dtype=float) + 1e-9 * max(float(np.max(amount, initial=0.0)), 1.0)
    for unit, name in enumerate(today):
        if name:
            shared[owner[unit], number[name]] += count[unit]
    was = [""] * territories
    for t, s in zip(*linear_sum_assignment(-shared), strict=True):
        if shared[t, s] > 0:
            was[t] = names[s]
    moved = [name != "" and was[owner[unit]] != name for unit, name in enumerate(today)]
    return Moves(tuple(was), np.array(moved, dtype=bool))
