"""Tables of geographic units: units, neighbors, barriers, centers and outlines; all problems at once."""

import json
import re
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
from scenarios.errors import row_of
from scenarios.naming import alike
from scenarios.reading import read_text
from scenarios.table import Row, Table

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
    "territory": ("territory", "district", "region", "rep", "owner"),
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


class TodayRow(Center):
    """A unit's territory today."""

    territory: str = ""


CODES = ("index", "id", "code", "fips", "no", "number", "year", "state")
"""Words of columns whose numbers are no amounts."""

USUAL = ("population", "people", "pop", "potential", "customers", "visits", "hours", "workload", "sales")
"""Words of columns that territories are usually balanced by: such a column comes before others."""


@dataclass(frozen=True)
class Files:
    """Where the tables are; see docs/areas.md."""

    units: Path
    edges: Path
    barriers: Path | None = None
    centers: Path | None = None
    shapes: Path | None = None
    today: Path | None = None


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
    today
        Each unit's territory today, "" where it has none; None where not given.
    """

    areas: Areas
    names: tuple[str, ...]
    centers: tuple[str, ...] | None
    outlines: dict[str, list[np.ndarray]]
    today: tuple[str, ...] | None = None


def read_areas(files: Files, *, measures: Sequence[str] | None, weight: str | None) -> Read:
    """Read and check all files.

    Parameters
    ----------
    measures
        Columns of the units to balance by; None: the first column of amounts, if there is one.
    weight
        Column that says what a kilometer counts; None: the first measure, or 1 for every unit.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    problems: list[Problem] = []
    text = _text(files.units, problems)
    table, measures = (None, ()) if text is None else _units(text, files.units, measures, weight, problems)
    position = {} if text is None else _positions(text)
    touching = _pairs(files.edges, Edge, position, problems)
    blocked = None if files.barriers is None else _pairs(files.barriers, BarrierRow, position, problems)
    chosen = _of_units(files.centers, Center, position, problems)
    before = _of_units(files.today, TodayRow, position, problems)
    features = {} if files.shapes is None else _features(files.shapes, problems)
    if problems or table is None or touching is None:
        raise InputError(problems)
    areas, project = _areas(table, touching, position, measures, weight)
    if blocked is not None:
        rows: Any = blocked.itertuples()
        areas = with_barriers(areas, tuple(Barrier(row.a, row.b, row.reason) for row in rows))
    return Read(
        areas=areas,
        names=tuple(name or unit for unit, name in zip(table.index, table["name"], strict=True)),
        centers=None if chosen is None else tuple(chosen.index),
        outlines={u: [project(ring) for ring in rings] for u, rings in features.items() if u in position},
        today=None if before is None else tuple(before["territory"].reindex(areas.units, fill_value="")),
    )


def amount_columns(text: pd.DataFrame) -> list[str]:
    """Name the columns that hold amounts, the usual ones first: numbers >= 0, neither places nor codes."""
    whole = [column for column in _neither_place_nor_code(text) if _amounts(text[column]).all()]
    return sorted(whole, key=lambda column: not _words(column) & set(USUAL))


def meant_amounts(text: pd.DataFrame) -> tuple[str, ...]:
    """Name the column to balance by where nobody said: whole, or meant where a cell is wrong.

    A column of a usual name that holds some amounts comes before whole columns of other names; others count
    as amounts where more than half of their cells are.
    """
    ranked = []
    for column in _neither_place_nor_code(text):
        good, usual = _amounts(text[column]), bool(_words(column) & set(USUAL))
        if good.mean() > (0.0 if usual else 0.5):
            ranked.append((not usual, not good.all(), column))
    return tuple(column for *_, column in sorted(ranked, key=lambda rank: rank[:2])[:1])


def _neither_place_nor_code(text: pd.DataFrame) -> list[str]:
    known = {alias for aliases in ALIASES.values() for alias in aliases}
    columns = map(str, text.columns)
    return [name for name in columns if name.lower() not in known and not _words(name) & set(CODES)]


def _words(column: str) -> set[str]:
    return set(re.findall("[a-z]+", column.lower()))


def _amounts(cells: pd.Series) -> pd.Series:
    """Say which cells hold a number >= 0."""
    return pd.to_numeric(cells.str.strip(), errors="coerce") >= 0


def _positions(text: pd.DataFrame) -> dict[str, int]:
    """Number the units; none where there is no column of units."""
    lower = {str(c).lower(): c for c in reversed(text.columns)}
    called = next((lower[a] for a in ALIASES["unit"] if a in lower), None)
    return {} if called is None else {str(name).strip(): i for i, name in enumerate(text[called])}


def _units(
    text: pd.DataFrame,
    file: Path,
    measures: Sequence[str] | None,
    weight: str | None,
    problems: list[Problem],
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Read the units and the columns that are asked for; say by which they are balanced."""
    amounts = amount_columns(text)
    chosen = meant_amounts(text) if measures is None else tuple(measures)
    asked = dict.fromkeys(chosen, "--balance") | ({} if weight is None else {weight: "--weight"})
    wanted = [name for name in asked if name in text.columns]
    for name, option in asked.items():
        if name not in text.columns:
            near = alike(name, map(str, text.columns), 1)
            hint = f"did you mean {near[0]}? " if near else ""
            listed = ", ".join(amounts) or "none; add one"
            problems.append(
                Problem(
                    option, name, f"no such column in {file.name}; {hint}Its columns of amounts: {listed}"
                )
            )
    table = _parsed(text, file, _unit_row(wanted), "unit", problems, extra=wanted)
    if table is not None:
        problems += _places_missing(table, file.name)
    return table, chosen


def _of_units(
    file: Path | None, row: type[Row], position: dict[str, int], problems: list[Problem]
) -> pd.DataFrame | None:
    """Read a table with a row for some of the units."""
    table = None if file is None else _table(file, row, "unit", problems)
    if table is not None and position:
        for at, name in enumerate(table.index):
            if name not in position:
                problems.append(_unknown(file, at, "unit", name))
    return table


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


def _text(file: Path, problems: list[Problem]) -> pd.DataFrame | None:
    """Read a file's cells as text; None with problems noted."""
    if not file.is_file():
        problems.append(Problem(str(file), "", "no such file; check the path"))
        return None
    text, found = read_text(file)
    problems += found
    return None if found else text


def _table(file: Path, row: type[Row], key: str, problems: list[Problem]) -> pd.DataFrame | None:
    text = _text(file, problems)
    return None if text is None else _parsed(text, file, row, key, problems)


def _parsed(
    text: pd.DataFrame,
    file: Path,
    row: type[Row],
    key: str,
    problems: list[Problem],
    extra: Sequence[str] = (),
) -> pd.DataFrame | None:
    """Read the columns that are meant, under whichever name they come; None with problems noted."""
    lower = {str(c).lower(): c for c in reversed(text.columns)}
    chosen: dict[str, str] = {name: name for name in extra}
    for column in row.model_fields:
        if column in extra:
            continue
        called = next((lower[a] for a in ALIASES[column] if a in lower), None)
        if called is not None:
            chosen[column] = called
    cells = pd.DataFrame({column: text[called] for column, called in chosen.items()})
    parsed, found = Table(file.stem, row, key, True).parse(cells, file.name)
    problems += found
    return None if found else parsed


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
