"""Territories from geographic units: cities, counties or postal areas that touch one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from optimizer.areas.contiguity import Barrier, Graph, Link, components, graph_of, nearest_links
from optimizer.core.result import Status
from scenarios.distance import great_circle_km

Compactness = Literal["inertia", "median"]
"""What a unit's distance costs: weight x km squared ("moment of inertia") or weight x km ("p-median")."""

Limits = float | tuple[float, float]
"""A share by which loads may lie off an equal one, such as .05; or the least and the most they may be."""


@dataclass(frozen=True, eq=False)
class Areas:
    """Geographic units.

    Parameters
    ----------
    units
        Their names, no two alike.
    x_km, y_km
        Where they are on a plane, kilometers east and north of any point.
    weight
        What a kilometer to a unit counts: people, visits, potential; >= 0.
    measures
        What territories are balanced by, such as population or hours of work; by name, one number a unit.
    edges
        Pairs of positions of units that touch, shape (edges, 2).
    latitude, longitude
        Degrees; where given, distances are great circles, otherwise straight lines on the plane.
    size_km2
        Area of each unit, square kilometers, if known.
    barriers
        What was taken out of the edges, and why.
    links
        What was put into the edges to reach islands.
    """

    units: tuple[str, ...]
    x_km: np.ndarray
    y_km: np.ndarray
    weight: np.ndarray
    measures: Mapping[str, np.ndarray]
    edges: np.ndarray
    latitude: np.ndarray | None = None
    longitude: np.ndarray | None = None
    size_km2: np.ndarray | None = None
    barriers: tuple[Barrier, ...] = field(default=())
    links: tuple[Link, ...] = field(default=())

    @property
    def graph(self) -> Graph:
        """Who touches whom."""
        return graph_of(len(self.units), self.edges)

    def distance_km(self, columns: np.ndarray | None = None) -> np.ndarray:
        """Give distances, kilometers, from every unit (row) to some (columns; all where not given)."""
        to = np.arange(len(self.units)) if columns is None else columns
        if self.latitude is not None and self.longitude is not None:
            there = self.latitude[to], self.longitude[to]
            return great_circle_km(self.latitude, self.longitude, *there)
        return np.hypot(self.x_km[:, None] - self.x_km[to], self.y_km[:, None] - self.y_km[to])


@dataclass(frozen=True, eq=False)
class Division:
    """A territory for every unit.

    Parameters
    ----------
    owner
        Number of the territory of each unit, from 0.
    center
        Position of the unit that is each territory's center.
    objective
        Sum of weight x distance (km, or km squared) to the center.
    bound
        No division that keeps the rules costs less.
    bound_knows_contiguity
        Whether contiguity counted when the bound was proved; otherwise it holds for territories that may fall
        apart, and so for these.
    status, seconds, engine, log
        As in `optimizer.core.result.Result`.
    """

    owner: np.ndarray
    center: np.ndarray
    objective: float
    bound: float
    bound_knows_contiguity: bool
    status: Status
    seconds: float
    engine: str
    log: tuple[str, ...] = ()

    @property
    def territories(self) -> int:
        """How many territories there are."""
        return len(self.center)

    @property
    def gap(self) -> float:
        """(objective - bound) / objective, a fraction; 0 where the objective is 0."""
        return max(self.objective - self.bound, 0.0) / self.objective if self.objective > 0 else 0.0

    def loads(self, measure: Sequence[float] | np.ndarray) -> np.ndarray:
        """Add up an amount of the units by territory."""
        return np.bincount(self.owner, np.asarray(measure, dtype=float), self.territories)


def with_barriers(areas: Areas, barriers: tuple[Barrier, ...]) -> Areas:
    """Take the edges across barriers out; names that are no units, or that do not touch, change nothing."""
    position = {name: i for i, name in enumerate(areas.units)}
    cut = {frozenset((position.get(b.a, -1), position.get(b.b, -2))): b for b in barriers}
    crossed = [frozenset(edge) for edge in areas.edges.tolist()]
    kept = np.array([pair not in cut for pair in crossed], dtype=bool)
    effective = tuple(cut[pair] for pair in cut if pair in set(crossed))
    return replace(areas, edges=areas.edges[kept], barriers=(*areas.barriers, *effective))


def join_islands(areas: Areas) -> Areas:
    """Link components that do not touch to the rest, each by the shortest way; the links are in `links`.

    What a barrier cuts off is no island, and stays cut off.
    """
    position = {name: i for i, name in enumerate(areas.units)}
    barred = [(position[b.a], position[b.b]) for b in areas.barriers]
    touching = np.concatenate([areas.edges.reshape(-1, 2), np.array(barred, dtype=np.int64).reshape(-1, 2)])
    part = components(graph_of(len(areas.units), touching))
    if part.max(initial=0) == 0:
        return areas
    distance = areas.distance_km()
    pairs = nearest_links(part, distance)
    links = tuple(Link(areas.units[a], areas.units[b], float(distance[a, b])) for a, b in pairs)
    edges = np.concatenate([areas.edges.reshape(-1, 2), pairs])
    return replace(areas, edges=edges, links=(*areas.links, *links))
