"""Incentive schemes as files: of the library, of a scenario, or of one's own."""

from dataclasses import replace
from pathlib import Path

from scenarios.errors import InputError, Problem
from scenarios.filters import fits
from scenarios.naming import near
from scenarios.pay_checks import problems_of_scheme
from scenarios.reading import LIBRARY, read_toml
from scenarios.scenario import Scenario
from scenarios.scheme import Scheme
from scenarios.scheme_reading import Reading, reading_of, scheme_of

FOLDER = "schemes"
"""Of the library, and of a scenario that has its own."""


def read_scheme(where: str | Path, folder: Path | None = None) -> Scheme:
    """Read an incentive scheme: a TOML file with the keys of `[scheme]`, or a name.

    Parameters
    ----------
    where, folder
        As in `find_scheme`.

    Raises
    ------
    InputError
        If there is none, or with everything that is wrong in it.
    """
    file = find_scheme(where, folder)
    scheme, problems = scheme_of(_named(file), file.name)
    if scheme is None:
        raise InputError(problems)
    return scheme


def judged_scheme(where: str | Path, folder: Path | None = None) -> Reading:
    """Read a scheme whose weights need not add up, so that it can be judged nevertheless.

    Raises
    ------
    InputError
        As in `read_scheme`, but for weights.
    """
    file = find_scheme(where, folder)
    found = reading_of(_named(file), file.name)
    if found.problems:
        raise InputError([*found.problems, *found.weights])
    return found


def fitting_scheme(where: str | Path, scenario: Scenario, folder: Path | None = None) -> Reading:
    """Read a scheme for a scenario, with all that is wrong at once: in it, and between the two.

    Weights that do not add up are in the reading where nothing else is wrong. Of the library's schemes, what
    means none of the reps is left out, and noted.

    Raises
    ------
    InputError
        As in `read_scheme`, but for weights alone.
    """
    file = find_scheme(where, folder)
    found = reading_of(_named(file), file.name)
    if file.is_relative_to(LIBRARY):
        scheme, notes = without_strangers(scenario, found.scheme, f"{file.name}, ")
        found = replace(found, scheme=scheme, notes=tuple(notes))
    whole = not found.problems
    misfits = problems_of_scheme(scenario, found.scheme, f"{file.name}, ", whole=whole)
    if found.problems or misfits:
        raise InputError([*found.problems, *found.weights, *misfits])
    return found


def find_scheme(where: str | Path, folder: Path | None = None) -> Path:
    """Find a scheme's file: a path, or a name in the `schemes` folder of a scenario or in the library.

    Parameters
    ----------
    folder
        That of the scenario, if any.

    Raises
    ------
    InputError
        If there is none; the message has the names there are.
    """
    folders = [LIBRARY / FOLDER] if folder is None else [folder / FOLDER, LIBRARY / FOLDER]
    for file in [Path(where), *(each / f"{where}.toml" for each in folders)]:
        if file.is_file():
            return file
    names = sorted({file.stem for each in folders for file in each.glob("*.toml")})
    there = f"; there are {', '.join(names)}" if names else "; give the path of a TOML file"
    raise InputError([Problem("scheme", str(where), f"no such file{near(str(where), names) or there}")])


def _named(file: Path) -> dict[str, object]:
    """Read a file; a scheme without a name is called like its file."""
    raw = read_toml(file)
    return {"name": file.stem, **raw}


def without_strangers(scenario: Scenario, scheme: Scheme, place: str) -> tuple[Scheme, list[Problem]]:
    """Leave out differentials that mean none of the reps, for schemes not written for this company.

    Returns
    -------
    The scheme without them, and a note for each.
    """
    kept, notes = [], []
    for number, rule in enumerate(scheme.differentials, 1):
        known = all(column in scenario.reps for column in rule.where)
        if known and (not rule.where or fits(scenario.reps, rule.where).any()):
            kept.append(rule)
        else:
            said = "; ".join(f"{column} = {', '.join(values)}" for column, values in rule.where.items())
            spot = f"{place}differentials number {number}, where"
            notes.append(Problem(spot, said, "none of the reps is so; it is left out"))
    return (scheme.model_copy(update={"differentials": tuple(kept)}) if notes else scheme), notes
