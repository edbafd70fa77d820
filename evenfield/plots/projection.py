"""From degrees to a flat map: which parts of the world to show, and how to lay each of them flat.

A company's customers may sit on three continents. Points are grouped so that no group has a gap wider than an
ocean; each group is a view with its own conic equal-area projection, so that every view is undistorted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

Array = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0
OCEAN_KM = 2500.0
LEAST_EXTENT_DEGREES = 1.5


@dataclass(frozen=True)
class View:
    """A part of the world laid flat.

    Parameters
    ----------
    middle
        Longitude of the central meridian, degrees.
    west, east
        Longitudes of the outermost points, in degrees from the central meridian.
    south, north
        Latitudes of the outermost points, degrees.
    """

    middle: float
    west: float
    east: float
    south: float
    north: float

    def from_middle(self, longitude: Array) -> Array:
        """Give longitudes as degrees east of the central meridian, in [-180, 180)."""
        return (np.asarray(longitude) - self.middle + 180.0) % 360.0 - 180.0

    def project(self, longitude: Array, latitude: Array) -> tuple[Array, Array]:
        """Lay points flat.

        Albers' conic equal-area projection on the sphere (Snyder 1987, Map projections: a working manual,
        USGS 1395, equations 14-1 to 14-6) with the standard parallels a sixth of the height from the edges;
        near the equator, where the cone opens to a plane, equidistant cylindrical.

        Parameters
        ----------
        longitude, latitude
            Degrees, same shape.

        Returns
        -------
        x, y
            Kilometers east and north of the middle of the view.
        """
        away = np.radians(self.from_middle(longitude))
        phi, center = np.radians(latitude), np.radians((self.south + self.north) / 2)
        height = np.radians(self.north - self.south)
        lower, upper = center - height / 3, center + height / 3
        n = float(np.sin(lower) + np.sin(upper)) / 2
        if abs(n) < 0.1:
            return EARTH_RADIUS_KM * away * np.cos(center), EARTH_RADIUS_KM * (phi - center)
        c = np.cos(lower) ** 2 + 2 * n * np.sin(lower)
        rho = np.sqrt(np.maximum(c - 2 * n * np.sin(phi), 0)) / n
        rho_center = np.sqrt(c - 2 * n * np.sin(center)) / n
        return EARTH_RADIUS_KM * rho * np.sin(n * away), EARTH_RADIUS_KM * (
            rho_center - rho * np.cos(n * away)
        )


def views(longitude: Array, latitude: Array) -> tuple[list[View], NDArray[np.intp]]:
    """Find the parts of the world that hold all points.

    Parameters
    ----------
    longitude, latitude
        Degrees, shape (points,), finite, at least one.

    Returns
    -------
    views
        The one with most points first.
    part
        Shape (points,): which view a point is in.
    """
    group = _groups_apart_by_an_ocean(longitude, latitude)
    order = np.argsort(-np.bincount(group), kind="stable")
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    part = rank[group]
    return [_view_of(longitude[part == i], latitude[part == i]) for i in range(len(order))], part


def _groups_apart_by_an_ocean(longitude: Array, latitude: Array) -> NDArray[np.intp]:
    places, place = np.unique(np.round(np.column_stack([longitude, latitude])), axis=0, return_inverse=True)
    if len(places) == 1:
        return np.zeros(len(longitude), dtype=np.intp)
    lam, phi = np.radians(places).T
    on_sphere = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    chord = 2 * np.sin(OCEAN_KM / EARTH_RADIUS_KM / 2)
    tree = linkage(on_sphere, method="single")
    return np.asarray(fcluster(tree, chord, criterion="distance") - 1, dtype=np.intp)[place.ravel()]


def _view_of(longitude: Array, latitude: Array) -> View:
    """Make the smallest view that holds the points, turned so that no point lies across the date line."""
    lam = np.radians(longitude)
    mean = np.degrees(np.arctan2(np.sin(lam).mean(), np.cos(lam).mean()))
    away = (longitude - mean + 180.0) % 360.0 - 180.0
    middle = float(mean + (away.min() + away.max()) / 2)
    width = max(float(away.max() - away.min()), LEAST_EXTENT_DEGREES) / 2
    center, height = (
        (latitude.min() + latitude.max()) / 2,
        max(float(np.ptp(latitude)), LEAST_EXTENT_DEGREES) / 2,
    )
    return View(middle, -width, width, float(center - height), float(center + height))
