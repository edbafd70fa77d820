"""Geographic units in arrays, as searches, bounds and programs for territories see them."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.areas.contiguity import Graph, components
from optimizer.areas.kernels import EMPTY

CLOSEST = 12
"""Nearest units whose territories a unit without a duty to be connected may join."""


@dataclass(frozen=True, eq=False)
class Model:
    """What to decide: a territory for each unit.

    Parameters
    ----------
    graph
        Who touches whom.
    cost
        What each unit (row) costs with each center (column): all units may be centers, or the columns are the
        fixed ones. inf where that may not be.
    territories
        How many.
    amount
        What units add to each measure, in shares of an average territory's load, [measures, units].
    lower, upper
        Limits in the same shares, [measures, territories]; without fixed centers the same for all.
    measures
        Names of the measures.
    loose
        Units that need no way to their center.
    allowed
        Units that may be centers.
    seats
        Units that are the fixed centers, in the order of the columns; None where centers are free.
    close
        The nearest other units of each, [units, up to 12].
    part
        The number of each unit's connected component, counting loose units as one of their own.
    """

    graph: Graph
    cost: np.ndarray
    territories: int
    amount: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    measures: tuple[str, ...]
    loose: np.ndarray
    allowed: np.ndarray
    seats: np.ndarray | None
    close: np.ndarray
    part: np.ndarray

    @property
    def units(self) -> int:
        """How many units there are."""
        return self.graph.units

    @property
    def fixed(self) -> bool:
        """Whether centers are given."""
        return self.seats is not None

    @property
    def contiguous(self) -> bool:
        """Whether any unit has to be connected with its center."""
        return not bool(self.loose.all())

    def centers(self, owner: np.ndarray) -> np.ndarray:
        """Give the cheapest center of each territory, as positions of units; ties go to the first."""
        if self.seats is not None:
            return self.seats
        found = np.zeros(self.territories, dtype=np.int64)
        for t in range(self.territories):
            members = np.flatnonzero(owner == t)
            may = members[self.allowed[members]]
            found[t] = may[int(self.cost[np.ix_(members, may)].sum(axis=0).argmin())]
        return found

    def columns(self, centers: np.ndarray) -> np.ndarray:
        """Give the costs with some centers, [units, territories]."""
        return np.ascontiguousarray(self.cost if self.fixed else self.cost[:, centers])

    def objective(self, owner: np.ndarray) -> float:
        """Add up what a division costs, each territory with its cheapest center."""
        return float(self.columns(self.centers(owner))[np.arange(self.units), owner].sum())

    def loads(self, owner: np.ndarray) -> np.ndarray:
        """Add up measures by territory, in shares of the average, [measures, territories]."""
        return np.array([np.bincount(owner, row, self.territories) for row in self.amount]).reshape(
            len(self.amount), self.territories
        )

    def connected(self, owner: np.ndarray) -> bool:
        """Say whether every territory is in one piece, loose units aside."""
        a, b = self.graph.ends
        inside = owner[a] == owner[b]
        same = Graph(np.searchsorted(a[inside], np.arange(self.units + 1)), b[inside])
        part = components(same, ~self.loose)
        firm = ~self.loose
        pieces = np.unique(np.column_stack([owner[firm], part[firm]]), axis=0)
        return len(pieces) == len(np.unique(owner[firm]))

    def keeps(self, owner: np.ndarray) -> bool:
        """Say whether a division uses all territories, keeps the limits and is connected."""
        load = self.loads(owner)
        inside = (load <= self.upper + EMPTY).all() and (load >= self.lower - EMPTY).all()
        used = len(np.unique(owner)) == self.territories
        return bool(inside and used and self.connected(owner))

    def in_pieces(self) -> "Model":
        """Give the same without any duty to be connected."""
        return replace(self, loose=np.ones(self.units, dtype=bool), part=np.zeros(self.units, dtype=np.int64))


def nearest_units(distance: np.ndarray) -> np.ndarray:
    """Give the nearest other units of each (of one alone: itself), as positions, the nearest first."""
    most = min(CLOSEST, max(len(distance) - 1, 1))
    order = np.argsort(distance + np.diag(np.full(len(distance), -1.0)), axis=1, kind="stable")
    return np.ascontiguousarray(order[:, 1 : most + 1] if len(distance) > 1 else order)
