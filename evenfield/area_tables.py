"""Tables of geographic units: units, neighbors, barriers, centers and outlines; all problems at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field, create_model

from evenfield.plots.projection import views
from optimizer.areas.contiguity import Barrier
from optimizer.areas.units import Areas, with_barriers
from scenarios import InputError, Problem
from scenarios.reading import read_text
from scenarios.table import Row, Table, row_of

ALIASES = {
    "unit": ("unit", "geoid", "code", "code_county", "code_prefecture", "zip", "postcode", "id"),
    "name": ("name", "name_county", "name_prefecture", "title"),
    "latitude": ("latitude", "lat", "inside_lat", "centroid_lat"),
    "longitude": ("longitude", "lon", "lng", "long", "inside_lon", "centroid_lon"),
    "x_km": ("x_km", "x"),
    "y_km": ("y_km", "y"),
    "area_km2": ("area_km2", "land_km2"),
    "a": ("a", "from", "unit_a", "unit1", "source"),
    "b": ("b", "to", "unit_b", "unit2", "target"),
    "reason": ("reason", "why"),
}
"""Columns as they may be called, whatever their case; of several the first counts."""


class Edge(Row):
    """Two units that touch."""

    a: str = Field(min_length=1)
    b: str = Field(min_length=1)


class BarrierRow(Edge):
    """Two units that touch and yet are apart."""

    reason: str = ""


class Center(Row):
    """A unit that is the center of a territory."""

    unit: str = Field(min_length=1)


@dataclass(frozen=True, eq=False)
class Read:
    """What the files hold.

    Parameters
    ----------
    areas
        Units with their edges, barriers taken out.
    names
        What people call each unit.
    centers
        Names of the fixed centers; None where they are free.
    outlines
        Rings of each unit in kilometers on the map's plane, by unit; empty where not given.
    """

    areas: Areas
    names: tuple[str, ...]
    centers: tuple[str, ...] | None
    outlines: dict[str, list[np.ndarray]]


def read_areas(
    units: Path,
    edges: Path,
    *,
    measures: Sequence[str],
    weight: str | None,
    barriers: Path | None = None,
    centers: Path | None = None,
    shapes: Path | None = None,
) -> Read:
    """Read and check all files.

    Parameters
    ----------
    measures
        Columns of the units to balance by.
    weight
        Column that says what a kilometer counts; None: the first measure, or 1 for every unit.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    problems: list[Problem] = []
    wanted = list(dict.fromkeys([*measures, *([weight] if weight else [])]))
    table = _table(units, _unit_row(wanted), "unit", problems, extra=wanted)
    position: dict[str, int] = {}
    if table is not None:
        problems += _places_missing(table, units.name)
        position = {name: i for i, name in enumerate(table.index)}
    touching = _pairs(edges, Edge, position, problems)
    blocked = None if barriers is None else _pairs(barriers, BarrierRow, position, problems)
    chosen = None if centers is None else _table(centers, Center, "unit", problems)
    if chosen is not None and position:
        for row, name in enumerate(chosen.index):
            if name not in position:
                problems.append(_unknown(centers, row, "unit", name))
    features = {} if shapes is None else _features(shapes, problems)
    if problems or table is None or touching is None:
        raise InputError(problems)
    areas, project = _areas(table, touching, position, measures, weight)
    if blocked is not None:
        rows: Any = blocked.itertuples()
        areas = with_barriers(areas, tuple(Barrier(row.a, row.b, row.reason) for row in rows))
    names = tuple(name or unit for unit, name in zip(table.index, table["name"], strict=True))
    outlines = {u: [project(ring) for ring in rings] for u, rings in features.items() if u in position}
    return Read(areas, names, None if chosen is None else tuple(chosen.index), outlines)


def _unit_row(wanted: Sequence[str]) -> type[Row]:
    degrees: dict[str, Any] = {
        "unit": (Annotated[str, Field(min_length=1)], ...),
        "name": (str, ""),
        "latitude": (Annotated[float, Field(ge=-90, le=90)] | None, None),
        "longitude": (Annotated[float, Field(ge=-180, le=180)] | None, None),
        "x_km": (float | None, None),
        "y_km": (float | None, None),
        "area_km2": (Annotated[float, Field(gt=0)] | None, None),
    }
    numbers: dict[str, Any] = {name: (Annotated[float, Field(ge=0)], ...) for name in wanted}
    made: type[Row] = create_model("UnitRow", __base__=Row, **{**degrees, **numbers})
    return made


def _table(
    file: Path, row: type[Row], key: str, problems: list[Problem], extra: Sequence[str] = ()
) -> pd.DataFrame | None:
    """Read the columns that are meant, under whichever name they come; None with problems noted."""
    if not file.is_file():
        problems.append(Problem(str(file), "", "no such file; check the path"))
        return None
    text, found = read_text(file)
    if found:
        problems += found
        return None
    lower = {str(c).lower(): c for c in reversed(text.columns)}
    chosen: dict[str, str] = {name: name for name in extra if name in text.columns}
    for column in row.model_fields:
        if column in extra:
            continue
        called = next((lower[a] for a in ALIASES[column] if a in lower), None)
        if called is not None:
            chosen[column] = called
    cells = pd.DataFrame({column: text[called] for column, called in chosen.items()})
    table = Table(file.stem, row, key, True)
    parsed, found = table.parse(cells, file.name)
    problems += found
    return parsed


def _places_missing(table: pd.DataFrame, place: str) -> list[Problem]:
    """Find units without a place: all need latitude and longitude, or all x_km and y_km."""
    degrees = table[["latitude", "longitude"]].notna().all(axis=1).to_numpy()
    plane = table[["x_km", "y_km"]].notna().all(axis=1).to_numpy()
    if degrees.all() or plane.all():
        return []
    if not degrees.any() and not plane.any():
        remedy = "columns latitude and longitude (degrees), or x_km and y_km, are missing; add them"
        return [Problem(f"{place}, header", "", remedy)]
    pair, there = ("latitude, longitude", degrees) if degrees.any() else ("x_km, y_km", plane)
    return [
        Problem(row_of(place, int(i), pair), str(table.index[int(i)]), "this unit has no place; fill it in")
        for i in np.flatnonzero(~there)
    ]


def _pairs(
    file: Path, row: type[Row], position: dict[str, int], problems: list[Problem]
) -> pd.DataFrame | None:
    table = _table(file, row, "", problems)
    if table is not None and position:
        for column in ("a", "b"):
            for i, name in enumerate(table[column]):
                if name not in position:
                    problems.append(_unknown(file, i, column, name))
    return table


def _unknown(file: Path | None, row: int, column: str, name: str) -> Problem:
    place = "" if file is None else file.name
    return Problem(row_of(place, row, column), name, "no such unit; use a unit of the units' table")


def _areas(
    table: pd.DataFrame,
    touching: pd.DataFrame,
    position: dict[str, int],
    measures: Sequence[str],
    weight: str | None,
) -> tuple[Areas, Any]:
    """Make the units, and the function that lays degrees on their plane."""
    by_degrees = bool(table[["latitude", "longitude"]].notna().all(axis=None))
    longitude: np.ndarray | None = None
    latitude: np.ndarray | None = None
    if by_degrees:
        longitude, latitude = (table[c].to_numpy(dtype=float) for c in ("longitude", "latitude"))
        view = views(longitude, latitude)[0][0]
        x, y = view.project(longitude, latitude)
    else:
        x, y = (table[c].to_numpy(dtype=float) for c in ("x_km", "y_km"))

    def project(ring: np.ndarray) -> np.ndarray:
        return np.column_stack(view.project(ring[:, 0], ring[:, 1])) if by_degrees else ring

    counts = weight or (measures[0] if measures else None)
    edges = [(position[a], position[b]) for a, b in zip(touching["a"], touching["b"], strict=True)]
    areas = Areas(
        units=tuple(str(u) for u in table.index),
        x_km=x,
        y_km=y,
        weight=np.ones(len(table)) if counts is None else table[counts].to_numpy(dtype=float),
        measures={name: table[name].to_numpy(dtype=float) for name in measures},
        edges=np.array(edges, dtype=np.int64).reshape(-1, 2),
        latitude=latitude,
        longitude=longitude,
        size_km2=table["area_km2"].to_numpy(dtype=float) if table["area_km2"].notna().all() else None,
    )
    return areas, project


def _parts(shape: dict[str, Any]) -> list[Any] | None:
    """Give the polygons of a geometry, None where it has none."""
    if shape["type"] == "Polygon":
        return [shape["coordinates"]]
    return list(shape["coordinates"]) if shape["type"] == "MultiPolygon" else None


def _features(file: Path, problems: list[Problem]) -> dict[str, list[np.ndarray]]:
    """Read the rings of polygons from GeoJSON, by the unit named in a feature's id or properties."""
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        features = content["features"]
        found: dict[str, list[np.ndarray]] = {}
        for feature in features:
            shape = feature["geometry"] or {"type": "none"}
            parts = _parts(shape)
            properties = {str(k).lower(): v for k, v in (feature.get("properties") or {}).items()}
            name = feature.get("id", next((properties[a] for a in ALIASES["unit"] if a in properties), None))
            if parts is None or name is None:
                continue
            rings = [np.array(ring, dtype=float)[:, :2] for part in parts for ring in part]
            found.setdefault(str(name), []).extend(rings)
    except FileNotFoundError:
        problems.append(Problem(str(file), "", "no such file; check the path"))
        return {}
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        problems.append(Problem(file.name, "", f"not GeoJSON with features that are polygons ({error})"))
        return {}
    return found
