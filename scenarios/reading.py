"""Scenarios in: a folder with `scenario.toml` and tables, or the name of one in the library."""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from scenarios.building import Source, build
from scenarios.errors import InputError, Problem
from scenarios.scenario import TABLES, Scenario

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
    folder = locate(where)
    raw = read_toml(folder / "scenario.toml")
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table in TABLES:
        file = folder / table.file
        if file.exists():
            text, found = read_text(file)
            tables[table.name] = text
            problems += found
    if problems:
        raise InputError(problems)
    return build(Source(folder.name, raw, tables))


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
