"""Distances on the Earth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, km (IUGG)."""


def great_circle_km(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> NDArray[np.float64]:
    """Give great-circle distances, km, from every place (rows) to every other one (columns).

    The haversine formula, exact also for short ways.

    Parameters
    ----------
    latitude, longitude, to_latitude, to_longitude
        Places, degrees, one-dimensional.
    """
    lat1, lon1 = (np.radians(np.asarray(v, dtype="float64"))[:, None] for v in (latitude, longitude))
    lat2, lon2 = (np.radians(np.asarray(v, dtype="float64"))[None, :] for v in (to_latitude, to_longitude))
    chord = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))
