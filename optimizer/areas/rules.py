"""What a division breaks, found from the units and the graph alone, whatever an engine said."""

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np

from optimizer.areas.units import Areas, Compactness, Division, Limits
from optimizer.core.assignment import CLOSE_ENOUGH


def violations(
    areas: Areas,
    division: Division,
    territories: int,
    *,
    balance: Mapping[str, Limits] | None = None,
    contiguous: bool = True,
    centers: Sequence[str] | None = None,
    exempt: Sequence[str] = (),
) -> tuple[str, ...]:
    """Say in words which rules a division breaks: every unit once, loads, pieces, centers.

    Parameters
    ----------
    areas
        The units, with the links that were made (`join_islands`).
    exempt
        Names of units that need not be connected.
    """
    owner, broken = division.owner, []
    if owner.shape != (len(areas.units),) or not ((owner >= 0) & (owner < territories)).all():
        return (f"every unit needs one of {territories} territories",)
    counts = np.bincount(owner, minlength=territories)
    broken += [f"territory {t} has no units" for t in np.flatnonzero(counts == 0)]
    for name, limits in (balance or {}).items():
        amount = areas.measures[name]
        share = sum(amount) / territories
        low, high = limits if isinstance(limits, tuple) else (share * (1 - limits), share * (1 + limits))
        for t in range(territories):
            load = sum(amount[i] for i in range(len(owner)) if owner[i] == t)
            if load < low - CLOSE_ENOUGH * share or load > high + CLOSE_ENOUGH * share:
                broken.append(
                    f"territory {t} has {load:,.10g} {name}, allowed are {low:,.10g} to {high:,.10g}"
                )
    if contiguous:
        free = set(exempt)
        firm = [i for i, name in enumerate(areas.units) if name not in free]
        for t in range(territories):
            pieces = _pieces(areas, {i for i in firm if owner[i] == t})
            if pieces > 1:
                broken.append(f"territory {t} is in {pieces} pieces")
    for t, c in enumerate(division.center):
        if owner[c] != t:
            broken.append(f"the center of territory {t}, {areas.units[c]}, is in territory {owner[c]}")
    for t, name in enumerate(centers or ()):
        if areas.units[division.center[t]] != name:
            broken.append(f"the center of territory {t} is {areas.units[division.center[t]]}, not {name}")
    return tuple(broken)


def objective(areas: Areas, division: Division, compactness: Compactness = "inertia") -> float:
    """Add up weight x distance (km, or km squared) of every unit to its territory's center."""
    distance = areas.distance_km(division.center)
    own = distance[np.arange(len(areas.units)), division.owner]
    return float(areas.weight @ (own**2 if compactness == "inertia" else own))


def _pieces(areas: Areas, members: set[int]) -> int:
    """Count the connected pieces of some units by walking through them."""
    near: dict[int, list[int]] = {i: [] for i in members}
    for a, b in areas.edges.tolist():
        if a in members and b in members:
            near[a].append(b)
            near[b].append(a)
    pieces, left = 0, set(members)
    while left:
        pieces += 1
        queue = deque([left.pop()])
        while queue:
            for other in near[queue.popleft()]:
                if other in left:
                    left.remove(other)
                    queue.append(other)
    return pieces
