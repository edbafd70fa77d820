"""Territories from geographic units beside published optima: python -m benchmarks.areas --data FOLDER.

FOLDER holds `us_counties` (county graphs and populations of the 2010 census with the compactness optima that
H. Validi, A. Buchanan and E. Lykhovyd published) and `china_divisions`. Distances are planar, as theirs: a
Lambert conformal conic on the ellipsoid for each state, with standard parallels a sixth of its height from
its edges. Objectives, loads and pieces are recomputed from the tables. Tables come as Markdown.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import Delaunay

from optimizer.areas.division import divide
from optimizer.areas.rules import objective, violations
from optimizer.areas.units import Areas, Compactness, Limits, join_islands
from scenarios.errors import NoPlanExists, NoPlanFoundInTime

A_KM, ECCENTRICITY_SQUARED = 6378.137, 0.00669438002
"""Half axis, km, and squared eccentricity of the GRS 80 ellipsoid."""


def lambert_conformal(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay places flat, kilometers.

    J. Snyder, Map projections: a working manual, USGS 1395, 1987, equations 14-15 and 15-1 to 15-8.
    """
    e = np.sqrt(ECCENTRICITY_SQUARED)
    low, high = np.radians(latitude.min()), np.radians(latitude.max())
    first, second = low + (high - low) / 6, high - (high - low) / 6

    def m(phi: np.ndarray) -> np.ndarray:
        return np.cos(phi) / np.sqrt(1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2)

    def t(phi: np.ndarray) -> np.ndarray:
        return np.tan(np.pi / 4 - phi / 2) / ((1 - e * np.sin(phi)) / (1 + e * np.sin(phi))) ** (e / 2)

    n = (np.log(m(first)) - np.log(m(second))) / (np.log(t(first)) - np.log(t(second)))
    radius = A_KM * m(first) / (n * t(first) ** n) * t(np.radians(latitude)) ** n
    angle = n * np.radians(longitude - (longitude.min() + longitude.max()) / 2)
    return radius * np.sin(angle), -radius * np.cos(angle)


def read_state(folder: Path, state: str) -> Areas:
    """Read the counties of a state."""
    nodes = pd.read_csv(folder / "county_nodes.csv")
    nodes = nodes[nodes["state"] == state].sort_values("index")
    edges = pd.read_csv(folder / "county_edges.csv")
    people = nodes["pop10"].to_numpy(dtype=float)
    x, y = lambert_conformal(nodes["lat"].to_numpy(dtype=float), nodes["lon"].to_numpy(dtype=float))
    touching = edges.loc[edges["state"] == state, ["a", "b"]].to_numpy()
    names = tuple(nodes["geoid"].astype(str))
    return Areas(names, x, y, people, {"people": people}, touching, size_km2=nodes["land_km2"].to_numpy())


def read_china(folder: Path) -> Areas:
    """Read the Chinese counties with a population, islands joined by the shortest links."""
    table = pd.read_csv(folder / "counties.csv")
    table = table[table["Pop_2010"].notna()].reset_index(drop=True)
    position = {unit: i for i, unit in enumerate(table["unit"].astype(str))}
    pairs = pd.read_csv(folder / "counties_adjacency.csv").astype(str)
    edges = [(position[a], position[b]) for a, b in zip(pairs["a"], pairs["b"], strict=True)
             if a in position and b in position]  # fmt: skip
    people = table["Pop_2010"].to_numpy(dtype=float)
    latitude, longitude = (table[f"inside_{c}"].to_numpy(dtype=float) for c in ("lat", "lon"))
    return join_islands(
        Areas(
            tuple(position), longitude, latitude, people, {"people": people}, np.array(edges),
            latitude=latitude, longitude=longitude, size_km2=table["area_km2"].to_numpy(dtype=float),
        )
    )  # fmt: skip


def delaunay_units(units: int, territories: int, seed: int) -> tuple[Areas, tuple[str, ...]]:
    """Make random places in a square of 1,000 km, their Delaunay neighbors, and centers drawn among them."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 1000, (units, 2))
    first, near = Delaunay(at).vertex_neighbor_vertices
    edges = np.column_stack([np.repeat(np.arange(units), np.diff(first)), near])
    weight = rng.lognormal(0, 0.5, units)
    names = tuple(f"u{i}" for i in range(units))
    centers = tuple(names[i] for i in rng.choice(units, territories, replace=False))
    areas = Areas(names, at[:, 0], at[:, 1], weight, {"work": weight}, edges[edges[:, 0] < edges[:, 1]])
    return areas, centers


def compare_states(folder: Path, states: Sequence[str], time_limit: float, seed: int) -> Iterable[str]:
    """Divide states as published."""
    yield "| state | counties | k | published | ours | off | bound | gap | s | CPU s | violations | status |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
    table = pd.read_csv(folder / "best_known_hess_counties.csv")
    rows: Iterable = table.itertuples()
    for row in rows:
        if row.k == 1 or row.n > 120 or (states and row.state not in states):
            continue
        areas = read_state(folder, row.state)
        limits: dict[str, Limits] = {"people": (float(row.L), float(row.U))}
        exists = row.obj_contiguity == row.obj_contiguity
        published = f"{row.obj_contiguity:,.2f}" if exists else "none exists"
        began, worked = time.perf_counter(), time.process_time()
        head = f"| {row.state} | {row.n} | {row.k} | {published} "
        try:
            found = divide(areas, int(row.k), balance=limits, time_limit=time_limit, gap=1e-4, seed=seed)
        except (NoPlanExists, NoPlanFoundInTime) as error:
            said = "none exists (proved)" if isinstance(error, NoPlanExists) else "none found in time"
            yield f"{head}| {said} | | | | {_seconds(began, worked)} | | |"
            continue
        seconds = _seconds(began, worked)
        value = objective(areas, found) / 1e6
        off = f"{value / row.obj_contiguity - 1:+.3%}" if exists else ""
        broken = violations(areas, found, int(row.k), balance=limits)
        yield (
            f"{head}| {value:,.2f} | {off} | {found.bound / 1e6:,.2f} | {found.gap:.2%} | {seconds} "
            f"| {len(broken)} | {found.status} |"
        )


def divide_large(
    name: str, areas: Areas, k: int, share: float, compactness: Compactness, time_limit: float, seed: int,
    centers: tuple[str, ...] | None = None,
) -> str:  # fmt: skip
    """Divide a large graph and give its row."""
    limits: dict[str, Limits] = {next(iter(areas.measures)): share}
    began, worked = time.perf_counter(), time.process_time()
    kind = "fixed" if centers else "free"
    head = f"| {name} | {len(areas.units):,} | {k} | {kind} | {share:.0%} | {compactness} "
    try:
        found = divide(
            areas, k, balance=limits, compactness=compactness, centers=centers, time_limit=time_limit,
            gap=1e-4, seed=seed,
        )  # fmt: skip
    except (NoPlanExists, NoPlanFoundInTime) as error:
        return f"{head}| {str(error).splitlines()[0]} | | | {_seconds(began, worked)} | |"
    seconds = _seconds(began, worked)
    broken = violations(areas, found, k, balance=limits, centers=centers)
    value = objective(areas, found, compactness)
    return f"{head}| {value:,.6g} | {found.bound:,.6g} | {found.gap:.2%} | {seconds} | {len(broken)} |"


def _seconds(began: float, worked: float) -> str:
    """Give two cells: seconds of wall time and of CPU since then."""
    return f"{time.perf_counter() - began:.0f} | {time.process_time() - worked:.0f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.areas", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the tables")
    parser.add_argument("--states", nargs="*", help="states to divide; all where none is named")
    parser.add_argument("--synthetic", action="store_true", help="3,000 units x 60 territories")
    parser.add_argument("--china", action="store_true", help="the Chinese counties into 30 and 100")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each (60)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    limit, seed = options.time_limit, options.seed
    # Kernels are compiled before any clock runs.
    divide(delaunay_units(30, 2, 1)[0], 2, time_limit=1.0)
    if options.states is not None or not (options.synthetic or options.china):
        for line in compare_states(options.data / "us_counties", options.states or [], limit, seed):
            print(line, flush=True)
    if options.synthetic or options.china:
        columns = "graph, units, k, centers, within, compactness, ours, bound, gap, s, CPU s, violations"
        print(f"| {' | '.join(columns.split(', '))} |")
        print("|---|--:|--:|---|--:|---|--:|--:|--:|--:|--:|--:|")
    if options.synthetic:
        areas, centers = delaunay_units(3000, 60, seed)
        for seats in (centers, None):
            print(divide_large("random", areas, 60, 0.05, "median", limit, seed, seats), flush=True)
    if options.china:
        china = read_china(options.data / "china_divisions")
        for k, share in ((30, 0.05), (100, 0.05)):
            print(divide_large("China", china, k, share, "inertia", limit, seed), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
