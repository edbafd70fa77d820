"""The command `evenfield areas`: territories from geographic units, with tables and a map."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from evenfield.answering import write_json
from evenfield.area_tables import Read, read_areas
from evenfield.options import made_folder
from evenfield.plots.area_map import write_area_map
from evenfield.terminal import INTERRUPTED, Exit, planning, print_json, say, show_table, told
from optimizer.areas.contiguity import components
from optimizer.areas.division import Islands, divide
from optimizer.areas.rules import violations
from optimizer.areas.shape import shapes
from optimizer.areas.units import Areas, Compactness, Division, Limits, join_islands
from scenarios import InputError, Problem

File = Path | None


def areas_command(
    units: Annotated[Path, typer.Argument(metavar="UNITS.csv", help="Units with place and amounts")],
    edges: Annotated[Path, typer.Option("--edges", help="CSV with columns a and b: units that touch")],
    territories: Annotated[int, typer.Option("--territories", help="How many", min=1)],
    balance: Annotated[
        list[str] | None,
        typer.Option(
            "--balance",
            help="COLUMN=SHARE, e.g. population=.05, or COLUMN=LEAST:MOST; may be repeated",
        ),
    ] = None,
    weight: Annotated[
        str | None,
        typer.Option(
            "--weight", help="Column that says what a kilometer counts [default: the first balanced]"
        ),
    ] = None,
    compactness: Annotated[
        Compactness, typer.Option("--compactness", help="inertia: km squared; median: km")
    ] = "inertia",
    contiguous: Annotated[
        bool, typer.Option("--contiguous/--in-pieces", help="Whether territories hang together")
    ] = True,
    islands: Annotated[
        Islands, typer.Option("--islands", help="Units without a link: join, exempt or apart")
    ] = "join",
    centers: Annotated[
        File, typer.Option("--centers", help="CSV with column unit: the fixed centers")
    ] = None,
    barriers: Annotated[
        File, typer.Option("--barriers", help="CSV with columns a, b, reason: units that are apart")
    ] = None,
    shapes_file: Annotated[
        File, typer.Option("--shapes", help="GeoJSON with the units' outlines, for the map")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", help="Seconds [default: 60; none beside --work-limit]", min=0),
    ] = None,
    work_limit: Annotated[
        int | None,
        typer.Option("--work-limit", help="Steps of the search, the same on every machine", min=0),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the search", min=0)] = 1,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell what was done and why")] = False,
    out: Annotated[File, typer.Option("--out", help="Folder for the results [default: out/areas]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output")] = False,
) -> None:
    """Divide cities, counties or postal areas into compact, balanced, connected territories."""
    with told(as_json):
        limits, wrong = _limits(balance or [])
        try:
            read = read_areas(
                units, edges, measures=tuple(limits), weight=weight, barriers=barriers, centers=centers,
                shapes=shapes_file,
            )  # fmt: skip
        except InputError as error:
            raise InputError([*wrong, *error.problems]) from None
        if wrong:
            raise InputError(wrong)
        folder = made_folder(out or Path("out") / "areas")
        areas = join_islands(read.areas) if contiguous and islands == "join" else read.areas
        with planning() as begin:
            division = divide(
                areas, territories, balance=limits, compactness=compactness, contiguous=contiguous,
                centers=read.centers, islands=islands, time_limit=time_limit, work_limit=work_limit,
                seed=seed,
                progress=begin(f"{territories} territories", ""),
            )  # fmt: skip
        if verbose:
            for sentence in division.log:
                say(sentence)
        exempt = _exempt(areas) if islands == "exempt" else ()
        broken = violations(
            areas, division, territories, balance=limits, contiguous=contiguous, centers=read.centers,
            exempt=exempt,
        )  # fmt: skip
        summary = _summary(areas, division, read)
        words = _words(areas, division, summary, broken, compactness, seed)
        _save(folder, areas, division, read, summary, words)
        if as_json:
            print_json(words)
        else:
            _show(summary, words)
        say(f"Saved in {folder}")
        if division.status == "interrupted":
            say("Interrupted; the best so far is saved.")
            raise Exit(INTERRUPTED)


def _limits(given: Sequence[str]) -> tuple[dict[str, Limits], list[Problem]]:
    """Read COLUMN=SHARE and COLUMN=LEAST:MOST."""
    found: dict[str, Limits] = {}
    wrong = []
    for text in given:
        name, apart, value = text.partition("=")
        try:
            low, colon, high = value.partition(":")
            if not (apart and name.strip()):
                raise ValueError
            found[name.strip()] = (float(low), float(high)) if colon else float(low)
        except ValueError:
            remedy = "must be COLUMN=SHARE such as population=.05, or COLUMN=LEAST:MOST"
            wrong.append(Problem("--balance", text, remedy))
    return found, wrong


def _exempt(areas: Areas) -> tuple[str, ...]:
    """Name the units outside the largest component."""
    part = components(areas.graph)
    return tuple(areas.units[i] for i in np.flatnonzero(part != np.bincount(part).argmax()))


def _summary(areas: Areas, division: Division, read: Read) -> pd.DataFrame:
    """Make the table of territories: center, loads, shape, travel."""
    rows = []
    for t, shape in enumerate(shapes(areas, division)):
        center = int(division.center[t])
        loads = {name: float(division.loads(amount)[t]) for name, amount in areas.measures.items()}
        rows.append(
            {
                "territory": t + 1,
                "center": areas.units[center],
                "name": read.names[center],
                "units": int((division.owner == t).sum()),
                **loads,
                "shape": shape.kind,
                "elongation": round(shape.elongation, 3),
                "elongation_by_weight": round(shape.elongation_by_weight, 3),
                "offset": round(shape.offset, 3),
                "opening_degrees": round(shape.opening_degrees, 1),
                "area_km2": round(shape.area_km2, 1),
                "implied_km": round(shape.implied_km, 2),
                "actual_km": round(shape.actual_km, 2),
            }
        )
    return pd.DataFrame(rows)


def _words(
    areas: Areas,
    division: Division,
    summary: pd.DataFrame,
    broken: Sequence[str],
    compactness: Compactness,
    seed: int,
) -> dict[str, Any]:
    return {
        "units": len(areas.units),
        "territories": division.territories,
        "status": division.status,
        "objective": division.objective,
        "objective_unit": "weight x km^2" if compactness == "inertia" else "weight x km",
        "bound": division.bound,
        "bound_knows_contiguity": division.bound_knows_contiguity,
        "gap": division.gap,
        "seconds": division.seconds,
        "engine": division.engine,
        "seed": seed,
        "violations": list(broken),
        "barriers": [vars(b) for b in areas.barriers],
        "links": [vars(link) for link in areas.links],
        "log": list(division.log),
        "summary": summary,
    }


def _save(
    folder: Path, areas: Areas, division: Division, read: Read, summary: pd.DataFrame, words: dict[str, Any]
) -> None:
    frame = pd.DataFrame({"unit": areas.units, "territory": division.owner + 1})
    frame.to_csv(folder / "territories.csv", index=False, lineterminator="\n")
    summary.to_csv(folder / "territories_summary.csv", index=False, lineterminator="\n")
    title = f"{division.territories} territories from {len(areas.units):,} units"
    page = write_area_map(areas, division, names=read.names, title=title, outlines=read.outlines)
    (folder / "map.html").write_text(page, encoding="utf-8", newline="\n")
    write_json(folder / "summary.json", words)


def _show(summary: pd.DataFrame, words: dict[str, Any]) -> None:
    plain = summary.drop(columns=["elongation_by_weight", "offset", "opening_degrees"])
    rows = [
        [f"{value:,.6g}" if isinstance(value, float) else str(value) for value in row]
        for row in plain.itertuples(index=False)
    ]
    knows = "with" if words["bound_knows_contiguity"] else "without"
    show_table(
        f"{words['status']}: {words['objective']:,.6g} {words['objective_unit']}, at most {words['gap']:.2%} "
        f"above the best (bound {knows} contiguity)",
        [str(c).replace("_", " ") for c in plain.columns],
        rows,
    )
    for sentence in words["violations"]:
        say(f"Broken: {sentence}")
