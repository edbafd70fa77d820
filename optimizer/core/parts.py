"""A plan in parts: groups of reps that exchange units among themselves, everything else as it is.

Parts of one division share no rep and hence no limit but the budgets and what a pair adds to another rep's
book, so that they can be annealed side by side, on other processes or machines as well. What lies across a
border today lies inside a part of the next division.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse

from optimizer.core.rows import Rows


@dataclass(frozen=True, eq=False)
class Part:
    """Some units' pairs as a problem of their own.

    Parameters
    ----------
    rows
        These pairs alone; limits less what the rest of the plan takes of them.
    first
        The chosen pairs as they are, one a unit, by position in this part.
    pair, unit, row
        What each of the part's pairs, units and rows is in the whole.
    """

    rows: Rows
    first: np.ndarray
    pair: np.ndarray
    unit: np.ndarray
    row: np.ndarray

    def put(self, chosen: np.ndarray, choice: np.ndarray) -> None:
        """Write the part's choice into the whole one."""
        chosen[self.unit] = self.pair[choice]


def part_of(rows: Rows, unit_of: np.ndarray, chosen: np.ndarray, load: np.ndarray, pairs: np.ndarray) -> Part:
    """Cut out some pairs.

    Parameters
    ----------
    unit_of
        The unit of each of all pairs.
    chosen, load
        The plan as it is: a pair for each unit, and the activity of each row.
    pairs
        Positions, sorted, the chosen ones of their units among them.
    """
    unit, owner = np.unique(unit_of[pairs], return_inverse=True)
    length = rows.entries[pairs + 1] - rows.entries[pairs]
    entries = np.concatenate(([0], np.cumsum(length)))
    entry = np.repeat(rows.entries[pairs] - entries[:-1], length) + np.arange(entries[-1])
    touched, row = np.unique(rows.row[entry], return_inverse=True)
    small = replace(
        rows, starts=np.searchsorted(owner, np.arange(len(unit) + 1)), cost=rows.cost[pairs],
        rep=np.unique(rows.rep[pairs], return_inverse=True)[1], entries=entries, row=row.astype(np.int32),
        amount=rows.amount[entry], lower=rows.lower[touched], upper=rows.upper[touched],
        price=rows.price[touched], scale=rows.scale[touched], source=rows.source[touched],
        seat=rows.seat[touched],
    )  # fmt: skip
    first = np.searchsorted(pairs, chosen[unit])
    rest = load[touched] - small.activity(first)
    small = replace(small, lower=small.lower - rest, upper=small.upper - rest)
    return Part(small, first, pairs, unit, touched)


def group(shared: scipy.sparse.csr_array, size: int, centers: np.ndarray) -> list[np.ndarray]:
    """Gather reps that share many units in groups of at most `size`, no rep in two of them.

    Where nobody near is left, a group goes on from the next center: budgets may be traded between regions.

    Parameters
    ----------
    shared
        Number of units that two reps share (reps x reps), as of `neighborhoods.neighbors`.
    centers
        The reps to begin with, in this order, where they are in no group yet.
    """
    taken = np.zeros(shared.shape[0], dtype=bool)
    groups = []
    mine: list[int] = []
    for center in centers:
        if taken[center]:
            continue
        near = {int(center): 0.0}
        while near and len(mine) < size:
            nearest = max(near, key=near.__getitem__)
            del near[nearest]
            mine.append(nearest)
            taken[nearest] = True
            for at in range(shared.indptr[nearest], shared.indptr[nearest + 1]):
                other = int(shared.indices[at])
                if not taken[other]:
                    near[other] = near.get(other, 0.0) + float(shared.data[at])
        if len(mine) == size:
            groups.append(np.sort(np.array(mine)))
            mine = []
    return [*groups, np.sort(np.array(mine))] if mine else groups


def divide(
    rows: Rows, unit_of: np.ndarray, keep: np.ndarray, chosen: np.ndarray, groups: list[np.ndarray]
) -> list[np.ndarray]:
    """Give the pairs in question within each group, sorted, for units with several of them.

    Parameters
    ----------
    keep
        Which pairs are in question, one entry a pair; chosen ones always are.
    groups
        Reps of each group; units are where their chosen rep is, those of reps in no group stay.
    """
    group_of = np.full(int(rows.rep.max(initial=-1)) + 1, -1)
    for number, reps in enumerate(groups):
        group_of[reps[reps < len(group_of)]] = number
    home = group_of[rows.rep[chosen]]
    inside = keep.copy()
    inside[chosen] = True
    inside &= (group_of[rows.rep] == home[unit_of]) & (home[unit_of] >= 0)
    pairs = np.flatnonzero(inside)
    several = np.bincount(unit_of[pairs], minlength=rows.units) > 1
    pairs = pairs[several[unit_of[pairs]]]
    number = home[unit_of[pairs]]
    order = np.argsort(number, kind="stable")
    cuts = np.searchsorted(number[order], np.arange(len(groups) + 1))
    return [pairs[order[cuts[i] : cuts[i + 1]]] for i in range(len(groups)) if cuts[i] < cuts[i + 1]]


def fairly(rows: Rows, load: np.ndarray, parts: list[Part]) -> list[Part]:
    """Divide the room inside limits that several parts touch, such as budgets, by the units of each."""
    touched = np.zeros(rows.count)
    for part in parts:
        touched[part.row] += len(part.unit)
    shared = []
    for part in parts:
        used, mine = part.rows.activity(part.first), len(part.unit) / touched[part.row]
        upper = used + (rows.upper - load)[part.row] * mine
        lower = used + (rows.lower - load)[part.row] * mine
        shared.append(replace(part, rows=replace(part.rows, lower=lower, upper=upper)))
    return shared
