"""Land under the dots of a map: the outlines that fall into a view, cut to it and laid flat."""

import numpy as np
from numpy.typing import NDArray

from evenfield.plots import outlines
from evenfield.plots.projection import View

Array = NDArray[np.float64]

KM_PER_DEGREE = 111.2
LONGEST_EDGE_DEGREES = 2.0


def land(view: View, wide: float, high: float) -> tuple[Array, Array]:
    """Lay the outlines within a frame flat.

    Parameters
    ----------
    view
        Where the map is.
    wide, high
        The frame, kilometers. Land is drawn a quarter of it beyond each side, so that a reader may pull the
        map about.

    Returns
    -------
    x, y
        Kilometers, rings separated by NaN, to be drawn as filled lines.
    """
    narrowest = np.cos(np.radians(min(max(abs(view.south), abs(view.north)) + high / KM_PER_DEGREE, 80.0)))
    half = 0.75 * wide / KM_PER_DEGREE / narrowest, 0.75 * high / KM_PER_DEGREE
    flat = []
    for area in outlines.read():
        for ring in area.rings:
            inside = _cut(_around_the_middle(ring, view), view, half)
            if len(inside) > 2:
                edge = _with_short_edges(inside)
                flat.append(np.column_stack(view.project(edge[:, 0] + view.middle, edge[:, 1])))
                flat.append(np.full((1, 2), np.nan))
    x, y = np.concatenate(flat).T if flat else np.empty((2, 0))
    return x, y


def _around_the_middle(ring: Array, view: View) -> Array:
    """Give a ring's longitudes from the view's meridian, without a jump where the ring crosses the far side
    of the globe.
    """
    away = np.unwrap(view.from_middle(ring[:, 0]), period=360.0)
    away -= 360.0 * np.round(away.mean() / 360.0)
    return np.column_stack([away, ring[:, 1]])


def _cut(ring: Array, view: View, half: tuple[float, float]) -> Array:
    """Cut a ring to `half` degrees around the view's center, side by side (Sutherland and Hodgman 1974)."""
    center = (view.south + view.north) / 2
    sides = (
        (0, 1.0, max(-half[0], -179.0)),
        (0, -1.0, -min(half[0], 179.0)),
        (1, 1.0, max(center - half[1], -89.0)),
        (1, -1.0, -min(center + half[1], 89.0)),
    )
    for axis, sign, limit in sides:
        ring = _cut_one_side(ring, axis, sign, limit)
    return ring


def _cut_one_side(ring: Array, axis: int, sign: float, limit: float) -> Array:
    """Keep what has sign * coordinate >= limit, with a point where the ring crosses the limit."""
    if not len(ring):
        return ring
    beyond = sign * ring[:, axis] - limit
    following, next_beyond = np.roll(ring, -1, axis=0), np.roll(beyond, -1)
    crosses = (beyond < 0) != (next_beyond < 0)
    share = np.where(crosses, beyond / np.where(crosses, beyond - next_beyond, 1.0), 0.0)
    crossing = ring + share[:, None] * (following - ring)
    both = np.stack([ring, crossing], axis=1).reshape(-1, 2)
    kept: Array = both[np.stack([beyond >= 0, crosses], axis=1).ravel()]
    return kept


def _with_short_edges(ring: Array) -> Array:
    """Put points into long edges, since a parallel is a curve on a conic map, and close the ring."""
    closed = np.concatenate([ring, ring[:1]])
    steps = np.maximum(np.ceil(np.abs(np.diff(closed, axis=0)).max(axis=1) / LONGEST_EDGE_DEGREES), 1)
    position = np.concatenate([[0.0], np.cumsum(steps)])
    fine = np.arange(position[-1] + 1)
    return np.column_stack([np.interp(fine, position, closed[:, 0]), np.interp(fine, position, closed[:, 1])])
