"""Scenarios in: a folder with `scenario.toml` and tables, or the name of one in the library."""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from scenarios.building import Source, draft
from scenarios.errors import InputError, Problem
from scenarios.scenario import TABLES, Scenario
from scenarios.structure import as_organized

LIBRARY = Path(__file__).parent / "library"
"""Folder of the cases that come with Evenfield."""


def read(where: str | Path) -> Scenario:
    """Read a scenario and check it.

    Parameters
    ----------
    where
        A folder, or the name of a case in the library, e.g. "superstore".

    Raises
    ------
    InputError
        With every problem of every file.
    """
    scenario, problems = drafted(where)
    if problems:
        raise InputError(problems)
    return as_organized(scenario)


def drafted(where: str | Path) -> tuple[Scenario, list[Problem]]:
    """Read as much of a scenario as can be read, and say everything that is wrong.

    Returns
    -------
    As of `building.draft`.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    folder = locate(where)
    raw: dict[str, Any] = {}
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    unread: set[str] = set()
    try:
        raw = read_toml(folder / "scenario.toml")
    except InputError as error:
        problems += error.problems
        unread.add("settings")
    for table in TABLES:
        file = folder / table.file
        if file.exists():
            text, found = read_text(file)
            tables[table.name] = text
            problems += found
            unread |= {table.name} if found else set()
    scenario, found = draft(Source(folder.name, raw, tables), unread=unread)
    return scenario, problems + found


def locate(where: str | Path) -> Path:
    """Find a scenario's folder.

    Raises
    ------
    InputError
        If neither a folder nor a library case has that name.
    """
    path = Path(where)
    for folder in (path, LIBRARY / path):
        if (folder / "scenario.toml").is_file():
            return folder.resolve()
    cases = ", ".join(sorted(p.parent.name for p in LIBRARY.glob("*/scenario.toml")))
    remedy = f"not a folder with a scenario.toml; give such a folder or a library case ({cases})"
    raise InputError([Problem("scenario", str(where), remedy)])


def read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        If it is missing or not TOML; the message names line and column.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError([Problem(str(file), "", "no such file; check the path")]) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(file.name, "", f"not valid TOML: {error}")]) from None
    except UnicodeDecodeError:
        raise InputError([Problem(file.name, "", "not UTF-8 text; save it as UTF-8")]) from None


def read_text(file: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV as text cells; UTF-8 with or without BOM, or GB18030 as Excel in China saves it.

    Cells may be separated by commas, or by semicolons as Excel in much of Europe does.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            head = file.read_text(encoding=encoding).split("\n", 1)[0]
            apart = ";" if ";" in head and "," not in head else ","
            cells = pd.read_csv(
                file, dtype="str", keep_default_na=False, encoding=encoding, header=None, sep=apart
            )
            break
        except UnicodeDecodeError:
            continue
        except pd.errors.EmptyDataError:
            return pd.DataFrame(), [Problem(file.name, "", "the file is empty; it needs at least a header")]
        except pd.errors.ParserError as error:
            remedy = f"a row has more cells than the header; put texts with commas in quotes ({error})"
            return pd.DataFrame(), [Problem(file.name, "", remedy)]
    else:
        return pd.DataFrame(), [Problem(file.name, "", "neither UTF-8 nor GB18030 text; save it as UTF-8")]
    text = cells.iloc[1:].reset_index(drop=True)
    text.columns = pd.Index([str(c).strip() for c in cells.iloc[0]])
    return text, []
