"""The shape of a territory, round, oval or wedge, by its moments, and the way that shape implies.

With one home for one rep, a round territory has it in the middle, an oval one along an axis, and a wedge at
its tip, as where several territories meet in one city. For equal areas the mean way grows in that order; the
formulas are derived in docs/model.md.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ellipe

from optimizer.areas.units import Areas, Division

Kind = Literal["round", "oval", "wedge"]

OVAL = 1.5
"""Ratio of the axes from which a territory counts as oval."""

WEDGE = 2 * np.sqrt(2) / 3 * 2 / np.pi
"""How far the middle lies from home, in root mean square distances from home, from which a territory counts
as a wedge: as in a half disc with its home in the middle of the straight side, .6. In a narrow wedge it is
.943."""


@dataclass(frozen=True)
class Shape:
    """The shape of one territory.

    Parameters
    ----------
    kind
        "wedge" where home lies at or outside the edge, else "oval" from an elongation of 1.5, else "round".
    elongation
        Ratio of the longer to the shorter axis of the ellipse with the same second moments of area, >= 1; inf
        for units in a line.
    elongation_by_weight
        The same with units counted by weight instead of area.
    offset
        Distance from home to the middle of the area, as a share of the root mean square distance from home.
    opening_degrees
        Angle of the circular sector with this offset from its tip: 360 for a disc with its home in the
        middle.
    compactness
        What the variance of places would be in a disc of this area, by what it is: 1 for a disc, less for
        all else (J. Weaver, S. Hess, A procedure for nonpartisan districting, Yale Law Journal 73, 1963).
    area_km2
        Of its units; where not known, a unit counts the mean square of the way to its neighbors.
    implied_km
        Mean way from home to a place of a uniform disc, ellipse or sector of this area.
    actual_km
        Mean way from the center to the units, by weight, straight or great circle.
    """

    kind: Kind
    elongation: float
    elongation_by_weight: float
    offset: float
    opening_degrees: float
    compactness: float
    area_km2: float
    implied_km: float
    actual_km: float


def shapes(areas: Areas, division: Division) -> tuple[Shape, ...]:
    """Give the shape of every territory, its center as the home."""
    distance = areas.distance_km(division.center)
    found = []
    for t in range(division.territories):
        members = np.flatnonzero(division.owner == t)
        found.append(_shape(areas, members, int(division.center[t]), distance[members, t]))
    return tuple(found)


def mean_km_of_disc(area_km2: float) -> float:
    """Give the mean distance from the center of a disc, km: 2/3 of the radius."""
    return float(2 / 3 * np.sqrt(area_km2 / np.pi))


def mean_km_of_ellipse(area_km2: float, elongation: float) -> float:
    """Give the mean distance from the center of an ellipse, km; `elongation` is the ratio of its axes, >= 1.

    4 a E(1 - 1 / elongation^2) / (3 pi) with the longer half axis a and the complete elliptic integral E.
    """
    longer = np.sqrt(area_km2 * elongation / np.pi)
    return float(4 * longer * ellipe(1 - elongation**-2.0) / (3 * np.pi))


def mean_km_of_sector(area_km2: float, opening_degrees: float) -> float:
    """Give the mean distance from the tip of a circular sector, km: 2/3 of its radius."""
    return float(2 / 3 * np.sqrt(2 * area_km2 / np.radians(opening_degrees)))


def opening_of(offset: float) -> float:
    """Give the angle, degrees, of the sector whose middle is so many root mean square distances off its tip.

    The middle of a sector of radius R and angle 2 a is 2 R sin(a) / (3 a) off its tip, the root mean square
    distance R / sqrt(2).
    """
    wanted = offset * 3 / (2 * np.sqrt(2))
    if wanted <= 0:
        return 360.0
    if wanted >= np.sinc(1e-3):
        return float(np.degrees(2e-3 * np.pi))
    return float(np.degrees(2 * np.pi * brentq(lambda share: np.sinc(share) - wanted, 1e-3, 1.0)))


def _shape(areas: Areas, members: np.ndarray, home: int, distance: np.ndarray) -> Shape:
    at = np.column_stack([areas.x_km[members], areas.y_km[members]])
    size = _sizes(areas)[members]
    weight = np.asarray(areas.weight, dtype=float)[members]
    weight = weight if weight.sum() > 0 else np.ones(len(members))
    middle, axes = _moments(at, size, own=True)
    _, heavy = _moments(at, weight, own=False)
    elongation = _ratio(axes)
    area = float(size.sum())
    off = float(np.hypot(*(middle - (areas.x_km[home], areas.y_km[home]))))
    mean_square = off**2 + float(axes.sum())
    offset = off / np.sqrt(mean_square) if mean_square > 0 else 0.0
    opening = opening_of(offset)
    kind: Kind = "wedge" if offset >= WEDGE else "oval" if elongation >= OVAL else "round"
    if kind == "wedge":
        implied = mean_km_of_sector(area, opening)
    elif kind == "oval" and np.isfinite(elongation):
        implied = mean_km_of_ellipse(area, elongation)
    else:
        implied = mean_km_of_disc(area)
    return Shape(
        kind=kind,
        elongation=elongation,
        elongation_by_weight=_ratio(heavy),
        offset=float(offset),
        opening_degrees=opening,
        compactness=min(area / (2 * np.pi * float(axes.sum())), 1.0) if axes.sum() > 0 else 1.0,
        area_km2=area,
        implied_km=implied,
        actual_km=float(weight @ distance / weight.sum()),
    )


def _sizes(areas: Areas) -> np.ndarray:
    """Give the units' areas, km2; where unknown, the mean square of the way to their neighbors."""
    if areas.size_km2 is not None:
        return areas.size_km2
    a, b = areas.graph.ends
    square = (areas.x_km[a] - areas.x_km[b]) ** 2 + (areas.y_km[a] - areas.y_km[b]) ** 2
    count = np.bincount(a, minlength=len(areas.units))
    total = np.bincount(a, square, len(areas.units))
    alone = float(total.sum() / max(count.sum(), 1)) or 1.0
    return np.where(count > 0, total / np.maximum(count, 1), alone)


def _moments(at: np.ndarray, size: np.ndarray, *, own: bool) -> tuple[np.ndarray, np.ndarray]:
    """Give the middle and the variances along the main axes, the larger first.

    `own`: sizes are areas, and each unit counts as a disc, whose own variance is area / (4 pi).
    """
    total = size.sum()
    if not total > 0:
        size, total = np.ones(len(size)), float(len(size))
    middle = size @ at / total
    apart = at - middle
    second = (apart * size[:, None]).T @ apart / total
    if own:
        second = second + np.eye(2) * float(size @ size) / total / (4 * np.pi)
    return middle, np.maximum(np.linalg.eigvalsh(second)[::-1], 0.0)


def _ratio(axes: np.ndarray) -> float:
    if axes[0] <= 0:
        return 1.0
    return float(np.sqrt(axes[0] / axes[1])) if axes[1] > 1e-12 * axes[0] else float("inf")
