"""Outlines of countries and of the states of the US: what lies under the dots of a map, for orientation only.

`areas.json` holds `[name, rings]` of every area; a ring is closed and counts in hundredths of a degree:
`[lon, lat, dlon, dlat, dlon, dlat, ...]`, its first point, then steps. `make.py` wrote it and says from what.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

__all__ = ["ATTRIBUTION", "Area", "read"]

ATTRIBUTION = (
    "Outlines: Natural Earth and US Census Bureau (public domain), by way of world-atlas and us-atlas (ISC)."
)


@dataclass(frozen=True)
class Area:
    """One country, or one state of the US.

    Parameters
    ----------
    name
        As the source has it, e.g. `"Ohio"`.
    rings
        Each of shape (points, 2): longitude and latitude in degrees, first point = last point.
    """

    name: str
    rings: tuple[NDArray[np.float64], ...]


@cache
def read() -> tuple[Area, ...]:
    """Read every outline there is: the states of the US and all other countries but Antarctica.

    Returns
    -------
    tuple of Area
        About 230 areas with 23,000 points.
    """
    content = json.loads(files(__name__).joinpath("areas.json").read_text(encoding="utf-8"))
    return tuple(Area(name, tuple(_degrees(ring) for ring in rings)) for name, rings in content)


def _degrees(steps: list[int]) -> NDArray[np.float64]:
    return np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 100
