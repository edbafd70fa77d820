"""The command `evenfield areas`: territories from geographic units, with tables and a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from evenfield.area_answers import Answer, print_answer, save_answer, words_of
from evenfield.area_tables import Files, Read, read_areas
from evenfield.options import leave_if_interrupted, made_folder
from evenfield.terminal import planning, print_json, say, told
from optimizer.areas.contiguity import components
from optimizer.areas.division import Islands, band, divide
from optimizer.areas.moves import moves
from optimizer.areas.rules import violations
from optimizer.areas.units import Areas, Compactness, Limits, join_islands
from scenarios import InputError, NoPlanExists, Problem

File = Path | None

USUAL_SHARE = 0.05
"""How far off an equal load territories may be where nobody said."""

NOTHING = "none"
"""What `--balance` says where nothing is to be balanced."""


def areas_command(
    units: Annotated[Path, typer.Argument(metavar="UNITS.csv", help="Units with place and amounts")],
    edges: Annotated[Path, typer.Option("--edges", help="CSV with columns a and b: units that touch")],
    territories: Annotated[int, typer.Option("--territories", help="How many", min=1)],
    balance: Annotated[
        list[str] | None,
        typer.Option(
            "--balance",
            help="COLUMN=SHARE, e.g. population=.05, or COLUMN=LEAST:MOST; may be repeated; or none "
            "[default: the first column of amounts within .05]",
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
    today: Annotated[
        File,
        typer.Option(
            "--from", help="CSV with columns unit, territory: today's, for what moves and both maps"
        ),
    ] = None,
    keep_km: Annotated[
        float,
        typer.Option(
            "--keep-km",
            help="With --from: a unit that moves counts so many km on top; 0: moves are free",
            min=0,
        ),
    ] = 0.0,
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
    """Divide cities, counties or postal areas into compact, balanced, connected territories.

    docs/areas.md says what the files hold and what comes out.
    """
    with told(as_json):
        files = Files(units, edges, barriers, centers, shapes_file, today)
        read, limits = _read(files, balance, weight, keep_km)
        folder = made_folder(out or Path("out") / "areas")
        asked = Asked(
            territories, limits, compactness, contiguous, islands, keep_km, time_limit, work_limit, seed
        )
        answer = _answer(read, asked, unasked=balance is None)
        if verbose:
            for sentence in answer.division.log:
                say(sentence)
        save_answer(folder, answer)
        if as_json:
            print_json(words_of(answer))
        else:
            print_answer(answer)
        say(f"Saved in {folder}")
        leave_if_interrupted(answer.division.status == "interrupted")


@dataclass(frozen=True)
class Asked:
    """What is asked of the territories, as in `divide`."""

    territories: int
    limits: dict[str, Limits]
    compactness: Compactness
    contiguous: bool
    islands: Islands
    keep_km: float
    time_limit: float | None
    work_limit: int | None
    seed: int


def _read(
    files: Files, balance: Sequence[str] | None, weight: str | None, keep_km: float
) -> tuple[Read, dict[str, Limits]]:
    """Read files and limits; all problems of both at once."""
    limits, wrong = _limits(balance or [])
    if keep_km > 0 and files.today is None:
        wrong.append(
            Problem("--keep-km", f"{keep_km:g}", "give today's territories as well: --from FILE.csv")
        )
    try:
        read = read_areas(files, measures=None if balance is None else tuple(limits), weight=weight)
    except InputError as error:
        raise InputError([*wrong, *error.problems]) from None
    if wrong:
        raise InputError(wrong)
    if balance is None:
        limits = dict.fromkeys(read.areas.measures, USUAL_SHARE)
        _say_what_is_balanced(tuple(limits), files.units.name)
    return read, limits


def _limits(given: Sequence[str]) -> tuple[dict[str, Limits], list[Problem]]:
    """Read COLUMN=SHARE, COLUMN=LEAST:MOST and none."""
    found: dict[str, Limits] = {}
    wrong = []
    for text in given:
        name, apart, value = text.partition("=")
        try:
            if text.strip() == NOTHING and len(given) == 1:
                continue
            low, colon, high = value.partition(":")
            if not (apart and name.strip()):
                raise ValueError
            found[name.strip()] = (float(low), float(high)) if colon else float(low)
        except ValueError:
            remedy = f"must be COLUMN=SHARE such as population=.05, or COLUMN=LEAST:MOST, or {NOTHING} alone"
            wrong.append(Problem("--balance", text, remedy))
    return found, wrong


def _say_what_is_balanced(names: Sequence[str], file: str) -> None:
    if names:
        say(
            f"Balanced by {names[0]} within {USUAL_SHARE:.0%} of an equal share, as nothing else was asked "
            f"for: --balance COLUMN=SHARE says what and how far, --balance {NOTHING} balances nothing."
        )
    else:
        say(
            f"Nothing is balanced: {file} has no column of amounts. Territories may be of any size; add a "
            "column such as people and name it, e.g. --balance people=.05"
        )


def _answer(read: Read, asked: Asked, *, unasked: bool) -> Answer:
    """Divide, and recount what came of it from the tables."""
    joined = asked.contiguous and asked.islands == "join"
    areas = join_islands(read.areas) if joined else read.areas
    try:
        with planning() as begin:
            division = divide(
                areas, asked.territories, balance=asked.limits, compactness=asked.compactness,
                contiguous=asked.contiguous, centers=read.centers, islands=asked.islands, today=read.today,
                move_km=asked.keep_km, time_limit=asked.time_limit, work_limit=asked.work_limit,
                seed=asked.seed, progress=begin(f"{asked.territories} territories", ""),
            )  # fmt: skip
    except NoPlanExists as error:
        if not (unasked and asked.limits):
            raise
        hint = f"nobody asked for that balance: --balance COLUMN=.2 allows more, --balance {NOTHING} all"
        raise NoPlanExists([*error.reasons, hint]) from None
    broken = violations(
        areas, division, asked.territories, balance=asked.limits, contiguous=asked.contiguous,
        centers=read.centers, exempt=_exempt(areas) if asked.islands == "exempt" else (),
    )  # fmt: skip
    return Answer(
        areas=areas,
        division=division,
        read=read,
        bands={name: band(areas, asked.territories, name, given) for name, given in asked.limits.items()},
        compactness=asked.compactness,
        keep_km=asked.keep_km,
        seed=asked.seed,
        broken=broken,
        moves=None
        if read.today is None
        else moves(read.today, division.owner, asked.territories, areas.weight),
    )


def _exempt(areas: Areas) -> tuple[str, ...]:
    """Name the units outside the largest component."""
    part = components(areas.graph)
    return tuple(areas.units[i] for i in np.flatnonzero(part != np.bincount(part).argmax()))
