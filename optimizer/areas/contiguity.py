"""Which units touch: neighbors, barriers, islands, and what keeps parts of a territory apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree


@dataclass(frozen=True)
class Barrier:
    """Two units that touch and yet are apart, such as across a river without a bridge.

    Parameters
    ----------
    a, b
        Names of the units.
    reason
        Why, for people.
    """

    a: str
    b: str
    reason: str


@dataclass(frozen=True)
class Link:
    """Two units that do not touch and yet are taken for neighbors, such as an island and its port.

    Parameters
    ----------
    a, b
        Names of the units.
    km
        How far apart they are, kilometers.
    """

    a: str
    b: str
    km: float


@dataclass(frozen=True, eq=False)
class Graph:
    """Who touches whom: the neighbors of unit i are near[start[i] : start[i + 1]], in ascending order.

    Parameters
    ----------
    start, near
        Positions, shapes (units + 1,) and (2 x edges,).
    """

    start: np.ndarray
    near: np.ndarray

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.start) - 1

    def of(self, unit: int) -> np.ndarray:
        """Give the neighbors of a unit."""
        return self.near[self.start[unit] : self.start[unit + 1]]

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of every edge, each edge twice."""
        return np.repeat(np.arange(self.units), np.diff(self.start)), self.near


def graph_of(units: int, edges: np.ndarray) -> Graph:
    """Make a graph of pairs of positions (edges x 2), in any order, repeated or not."""
    edges = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    both = np.concatenate([edges, edges[:, ::-1]])
    both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    start = np.searchsorted(both[:, 0], np.arange(units + 1))
    return Graph(start.astype(np.int64), both[:, 1].astype(np.int64))


def components(graph: Graph, among: np.ndarray | None = None) -> np.ndarray:
    """Number the connected parts.

    Parameters
    ----------
    among
        Which units there are, a truth value each; all where not given.

    Returns
    -------
    The number of each unit's part, from 0 in the order of their first units; -1 for those left out.
    """
    there = np.ones(graph.units, dtype=bool) if among is None else among
    a, b = graph.ends
    kept = there[a] & there[b]
    matrix = coo_array((np.ones(kept.sum()), (a[kept], b[kept])), shape=(graph.units, graph.units))
    part = connected_components(matrix, directed=False)[1].astype(np.int64)
    part[~there] = -1
    _, first = np.unique(part[there], return_index=True)
    order = part[there][np.sort(first)]
    rank = np.full(graph.units + 1, -1)
    rank[order] = np.arange(len(order))
    return np.where(there, rank[part], -1)


def nearest_links(part: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Join all parts to one whole by the shortest links (a minimum spanning tree of the parts).

    Parameters
    ----------
    part
        The number of each unit's part.
    distance
        Kilometers between units, [units, units].

    Returns
    -------
    Pairs of positions, one fewer than there are parts.
    """
    parts = int(part.max(initial=-1)) + 1
    members = [np.flatnonzero(part == p) for p in range(parts)]
    km, closest = np.zeros((parts, parts)), np.zeros((parts, parts, 2), dtype=np.int64)
    for p in range(parts):
        for q in range(p + 1, parts):
            block = distance[np.ix_(members[p], members[q])]
            row, column = np.unravel_index(int(block.argmin()), block.shape)
            # A tree of csgraph takes 0 for no edge: two places at one point are still apart by a little.
            km[p, q] = max(float(block[row, column]), 1e-9)
            closest[p, q] = members[p][row], members[q][column]
    tree = coo_array(minimum_spanning_tree(km))
    return closest[tree.row, tree.col].reshape(-1, 2)


def separator(graph: Graph, apart: np.ndarray, center: int) -> np.ndarray:
    """Find a smallest set of units in the way from a center to a connected part without it.

    The neighbors of the part that can be reached from the center without passing another neighbor: every way
    from the center into the part meets one of them, and none of them can be spared (M. Fischetti and others,
    Thinning out Steiner trees, Mathematical Programming Computation 9, 2017).

    Parameters
    ----------
    apart
        Positions of the part's units.
    center
        Position of the center, neither in the part nor next to it.
    """
    around = neighbors(graph, apart)
    open_ = np.ones(graph.units, dtype=bool)
    open_[around] = False
    part = components(graph, open_)
    mine = part == part[center]
    touches = [unit for unit in around if mine[graph.of(unit)].any()]
    return np.array(touches, dtype=np.int64)


def neighbors(graph: Graph, some: Sequence[int] | np.ndarray) -> np.ndarray:
    """Give the units that touch some others and are not among them, in ascending order."""
    inside = np.zeros(graph.units, dtype=bool)
    inside[some] = True
    a, b = graph.ends
    return np.unique(b[inside[a] & ~inside[b]])
