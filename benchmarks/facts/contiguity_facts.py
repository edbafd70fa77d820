"""What it costs that territories have to be in one piece, centers being free."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from benchmarks.areas import read_china, read_state
from benchmarks.facts.fact import Fact, Maker, Row, within
from optimizer.areas.division import divide
from optimizer.areas.rules import violations
from optimizer.areas.units import Areas, Limits, join_islands
from scenarios.errors import NoPlanExists, NoPlanFoundInTime

DATA = Path("../shared/data")
UNITS_PER_TERRITORY, WITHIN = 50, 0.005
GRAINS = 6
"""Grains that grow together to a unit, on average."""

GAP, SECONDS = 1e-4, 60.0
"""To which optima are proved, and the time limit of each."""


def contiguity(thorough: bool) -> Fact:
    """F19: with free centers and many units a territory, contiguity costs next to nothing."""
    made = ((grown(50 * k, seed), k) for k, seed in (MADE if thorough else MADE[:2]))
    pairs = list(_compared(made))
    known = DATA.exists() and thorough
    if known:
        pairs += _compared(_provinces())
    price, apart = np.array(pairs).T
    rows = [
        within("price of contiguity, median", "< .05 %", (-2 * GAP, 5e-4), float(np.median(price))),
        within("price of contiguity, largest", "< .5 %", (-2 * GAP, 5e-3), float(price.max())),
        within(
            "optima without the rule that are not in one piece each, share",
            "15 of 21 (.71)",
            (0.5, 1.0),
            float(apart.mean()),
            "few territories, few borders; see below",
        ),
        Row("instances", "21", None, len(pairs), True),
    ]
    if not thorough:
        rows = [row for row in rows if not row.figure.startswith("optima")]
    if known:
        rows += _counties()
    return Fact(
        "F19",
        "The most compact territories often fall apart a little, and mending that costs next to nothing",
        "H. Validi, A. Buchanan, E. Lykhovyd, *Imposing contiguity constraints in political districting "
        "models*, Operations Research 70 (2022).",
        "Least inertia (weight x km squared) with free centers, loads within .5 %, with and without "
        f"contiguity, by `divide`, each proved to {GAP:.2%} where {SECONDS:.0f} seconds suffice: made-up "
        "planar graphs of irregular units and (where the data are there) the counties of Chinese "
        f"provinces, {UNITS_PER_TERRITORY} units a territory at least. Last rows: US counties by state, as "
        "published with the same study, 5 to 22 units a territory. Where the seconds do not suffice, the "
        "price is that of the best that was found.",
        tuple(rows),
        WHY,
    )


WHY = """\
The price comes out. That *most* optima fall apart does not on graphs with two or three territories: nearly
all units lie within a convex cell around their center, and only at the few borders does the last half percent
of load ask for a unit on the other side. The published graphs are census tracts of whole states, with more
borders and with cities where tracts are tiny and crooked; those graphs are not among the data here."""

MADE = tuple((k, seed) for k in (2, 3) for seed in range(1, 6))
"""Territories and seed of made-up graphs."""


def grown(units: int, seed: int) -> Areas:
    """Make a planar graph of irregular units: random grains in a square of 100 km grown together.

    Grains lie at random; a unit grows from a random grain over the neighbors of a Delaunay triangulation,
    each step taking an exponential time, and reaches what no other reaches sooner. Units are at the middle of
    their grains and touch where grains do.
    """
    rng = np.random.default_rng([seed, units])
    at = rng.uniform(0.0, 100.0, (GRAINS * units, 2))
    first, near = Delaunay(at).vertex_neighbor_vertices
    one = np.repeat(np.arange(len(at)), np.diff(first))
    # Long edges lie along the hull and link what is far apart.
    short = np.hypot(*(at[one] - at[near]).T) < 3 * 100.0 / np.sqrt(len(at))
    one, near = one[short & (one < near)], near[short & (one < near)]
    steps = coo_array((rng.exponential(1.0, len(one)), (one, near)), shape=(len(at),) * 2)
    seeds = rng.choice(len(at), units, replace=False)
    unit = dijkstra(steps, directed=False, indices=seeds).argmin(axis=0)
    grains = np.bincount(unit, minlength=units)
    x, y = (np.bincount(unit, at[:, axis], units) / grains for axis in (0, 1))
    touching = np.unique(np.sort(np.column_stack([unit[one], unit[near]]), axis=1), axis=0)
    weight = rng.lognormal(0.0, 0.5, units)
    names = tuple(f"u{number}" for number in range(units))
    edges = touching[touching[:, 0] != touching[:, 1]]
    return join_islands(Areas(names, x, y, weight, {"people": weight}, edges))


def _compared(instances: Iterable[tuple[Areas, int]]) -> Iterator[tuple[float, bool]]:
    """Give what contiguity costs of each, as a share, and whether the optimum without it falls apart."""
    for areas, k in instances:
        free = divide(areas, k, balance={"people": WITHIN}, contiguous=False, time_limit=SECONDS, gap=GAP)
        whole = divide(areas, k, balance={"people": WITHIN}, time_limit=SECONDS, gap=GAP)
        apart = bool(violations(areas, free, k, balance={"people": WITHIN}))
        yield whole.objective / free.objective - 1, apart


def _provinces() -> Iterator[tuple[Areas, int]]:
    """Give the Chinese provinces that have counties for two territories."""
    folder = DATA / "china_divisions"
    china = read_china(folder)
    code = pd.read_csv(folder / "counties.csv").astype({"unit": str}).set_index("unit")["Code_Province"]
    province = code.reindex(list(china.units)).to_numpy()
    assert china.latitude is not None
    assert china.longitude is not None
    for name in np.unique(province):
        own = np.flatnonzero(province == name)
        if len(own) < 2 * UNITS_PER_TERRITORY:
            continue
        position = np.full(len(province), -1)
        position[own] = np.arange(len(own))
        edges = position[china.edges]
        people = china.weight[own]
        areas = Areas(
            tuple(china.units[i] for i in own),
            china.x_km[own],
            china.y_km[own],
            people,
            {"people": people},
            edges[(edges >= 0).all(axis=1)],
            latitude=china.latitude[own],
            longitude=china.longitude[own],
        )
        yield join_islands(areas), len(own) // UNITS_PER_TERRITORY


def _counties() -> list[Row]:
    """Count the states whose optimum without contiguity falls apart: ours, and as published."""
    folder = DATA / "us_counties"
    known = pd.read_csv(folder / "best_known_hess_counties.csv")
    known = known[(known["k"] > 1) & (known["n"] <= 64)]
    solved = ours = published = 0
    rows: Iterable = known.itertuples()
    for row in rows:
        areas = read_state(folder, row.state)
        limits: dict[str, Limits] = {"people": (float(row.L), float(row.U))}
        try:
            free = divide(
                areas, int(row.k), balance=limits, contiguous=False, time_limit=SECONDS / 3, gap=GAP
            )
        except (NoPlanExists, NoPlanFoundInTime):
            continue
        if free.gap > GAP:
            continue
        solved += 1
        ours += bool(violations(areas, free, int(row.k), balance=limits))
        published += not row.obj_contiguity <= row.obj_no_contiguity * (1 + GAP)
    return [
        within(
            f"of {solved} states with at most 64 counties, optimum proved: it falls apart",
            f"{published}",
            (published, published),
            ours,
        )
    ]


FACTS: Mapping[str, Maker] = {"F19": contiguity}
