"""What commands have in common: their arguments and options, the folder for results, leaving early."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from evenfield.phrases import Language
from evenfield.terminal import INTERRUPTED, Exit, say
from optimizer.core.engines import Engine
from scenarios import InputError, Problem

SCENARIO_HELP = "A folder with scenario.toml and tables, or a case of the library, e.g. superstore"
PLAN_HELP = f"{SCENARIO_HELP}; or the --out folder of an earlier `evenfield plan`"

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help=SCENARIO_HELP)]
PlanArgument = Annotated[str, typer.Argument(metavar="SCENARIO|PLAN", help=PLAN_HELP)]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--change",
        help="A what-if: a TOML file, or a name in the scenario's changes folder; may be repeated",
    ),
]
Shocks = Annotated[
    list[str] | None,
    typer.Option(
        "--shock",
        help=(
            "A shock: one of `evenfield shocks`, a name in the scenario's shocks folder, or a TOML file; "
            "several joined by + happen together; may be repeated"
        ),
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results [default: out/NAME]")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, for other programs")
]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="Of sentences: en (English) or zh (Chinese)")
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of all luck and search", min=0)]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", help="Seconds to plan [default: 60; none beside --work-limit]", min=0),
]
AnewLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        help=(
            "Seconds to plan anew, where --rep, --rule or --solve asks for it; the rest takes as long as it"
            " takes [default: 60; none beside --work-limit]"
        ),
        min=0,
    ),
]
AllTimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        help=(
            "Seconds for all plans together, shared among them; more time means smaller gaps, and fewer "
            "levels without a plan [default: 60; none beside --work-limit]"
        ),
        min=0,
    ),
]
WorkLimit = Annotated[
    int | None,
    typer.Option("--work-limit", help="Steps of the search, the same on every machine", min=0),
]
EngineOption = Annotated[
    Engine,
    typer.Option("--engine", help="How to plan: auto (by size), exact (MIP solver) or search (local search)"),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Tell what the engine did and why")]
Replications = Annotated[
    int | None,
    typer.Option("--replications", help="Years to simulate; with --precision the most", min=2),
]
ControlVariates = Annotated[
    bool,
    typer.Option(
        "--control-variates",
        help=(
            "Correct means and differences by what is known of the luck drawn: fewer years for the same "
            "precision"
        ),
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        "--precision",
        help="Stop when all figures are known this well, at 95 %: 0.01 is 1 % of money, 1 point of chances",
        min=0.0001,
        max=0.9999,
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        help="Folder where finished years are kept, so that a killed run goes on [default: OUT/years]",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        help="Processes at most, begun where they save time; the answer is the same for any number",
        min=1,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", help="Work on a Dask cluster instead, tcp://HOST:PORT, or on Ray: ray, ray://HOST:PORT"
    ),
]

CORES = os.cpu_count() or 1


def made_folder(folder: Path) -> Path:
    """Make the folder for the results before the work, so that none is lost."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = f"this folder cannot be made ({error.strerror}); name another"
        raise InputError([Problem("--out", str(folder), remedy)]) from None
    return folder


def again(command: str, scenario: str, changes: list[str] | None, **options: object) -> str:
    """Write the command that makes a page again; options that are None are left out."""
    given = "".join(
        f" --{name.replace('_', '-')} {value:g}" if isinstance(value, float) else
        f" --{name.replace('_', '-')} {value}"
        for name, value in options.items()
        if value is not None
    )  # fmt: skip
    what = "".join(f" --change {name}" for name in changes or [])
    return f"evenfield {command} {scenario}{what}{given}"


def leave_if_interrupted(interrupted: bool) -> None:
    """Leave with the exit code of an interrupt, what was found being saved."""
    if interrupted:
        say("Interrupted; the best so far is saved.")
        raise Exit(INTERRUPTED)


def free_folder(folder: Path, file: str, question: str, asked: Path | None) -> Path:
    """Give the folder of a question, numbered where another question's answer is there already.

    Parameters
    ----------
    folder, asked
        The usual one; the one that was asked for, which is taken as it is.
    file
        What holds the answer, JSON with its `question`.
    """
    if asked is not None:
        return asked
    number, here = 1, folder
    while (here / file).is_file() and _question_of(here / file) != question:
        number += 1
        here = folder.with_name(f"{folder.name}-{number}")
    return here


def _question_of(file: Path) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8")).get("question", ""))
    except (OSError, ValueError, AttributeError):
        return ""
