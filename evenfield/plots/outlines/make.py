"""Make `areas.json` from two npm packages. Needed only when the outlines shall change.

    npm pack us-atlas@3.0.1 world-atlas@2.0.2
    python -m evenfield.plots.outlines.make us-atlas-3.0.1.tgz world-atlas-2.0.2.tgz

us-atlas (ISC, Michael Bostock) carries the cartographic boundaries of the US Census Bureau, world-atlas (ISC,
Michael Bostock) those of Natural Earth; both data sets are in the public domain. Both files are TopoJSON:
borders are arcs which neighbors share, so thinning the arcs (Douglas and Peucker 1973) leaves no gaps between
neighbors.
"""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

STATES = ("package/states-10m.json", "states", 0.03)
COUNTRIES = ("package/countries-50m.json", "countries", 0.08)
LEFT_OUT = {"United States of America", "Antarctica"}


def main(us_atlas: str, world_atlas: str) -> None:
    """Write `areas.json` beside this file from the two packed packages."""
    areas = [*_areas(us_atlas, *STATES), *_areas(world_atlas, *COUNTRIES)]
    lines = [json.dumps(area, ensure_ascii=False, separators=(",", ":")) for area in areas]
    Path(__file__).with_name("areas.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def _areas(package: str, member: str, layer: str, tolerance: float) -> list[tuple[str, list[list[int]]]]:
    """Give name and rings of every area, thinned to a tolerance in degrees, without the smallest islets."""
    with tarfile.open(package) as archive:
        topology = json.load(archive.extractfile(member))  # type: ignore[arg-type]
    arcs = [thin(arc, tolerance) for arc in _arcs(topology)]
    areas = []
    for geometry in topology["objects"][layer]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
        rings = [_ring(ring, arcs) for polygon in polygons for ring in polygon]
        visible = [_steps(ring) for ring in rings if _area(ring) > 12 * tolerance**2]
        if visible and geometry["properties"]["name"] not in LEFT_OUT:
            areas.append((geometry["properties"]["name"], visible))
    return areas


def _arcs(topology: dict[str, Any]) -> list[Points]:
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]


def _ring(indices: list[int], arcs: list[Points]) -> Points:
    """Join arcs to a ring; index ~i means arc i backwards, and each arc begins where the one before ended."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def thin(points: Points, tolerance: float) -> Points:
    """Leave out points nearer than `tolerance` (degrees) to the line that remains.

    Parameters
    ----------
    points
        Shape (n, 2). A closed line is split at its farthest point first.

    Returns
    -------
    array, shape (m, 2), m <= n
    """
    if len(points) < 3:
        return points
    start, end = points[0], points[-1]
    along = end - start
    length = float(np.hypot(*along))
    offset = points - start
    away = (
        np.hypot(*offset.T)
        if length == 0
        else np.abs(along[0] * offset[:, 1] - along[1] * offset[:, 0]) / length
    )
    farthest = int(away.argmax())
    if away[farthest] <= tolerance:
        return points[[0, -1]]
    return np.concatenate([thin(points[: farthest + 1], tolerance)[:-1], thin(points[farthest:], tolerance)])


def _area(ring: Points) -> float:
    x, y = ring.T
    return abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1])) / 2


def _steps(ring: Points) -> list[int]:
    whole = np.rint(ring * 100).astype(int)
    return np.diff(whole, axis=0, prepend=[[0, 0]]).ravel().tolist()


if __name__ == "__main__":
    main(*sys.argv[1:])
