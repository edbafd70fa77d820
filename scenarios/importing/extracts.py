"""Reading a company's extracts: only the columns asked for, everything as text, all problems at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from scenarios.errors import InputError, Problem, row_of


def read_extracts(folder: str | Path, wanted: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """Read columns of CSV files as text.

    Columns that are not asked for never reach memory as a frame: what a file knows of the future stays in the
    file.

    Parameters
    ----------
    folder
        Where the files are.
    wanted
        Columns by file name.

    Returns
    -------
    A frame of text cells by file name.

    Raises
    ------
    InputError
        With every missing file and column.
    """
    problems: list[Problem] = []
    frames: dict[str, pd.DataFrame] = {}
    for name, columns in wanted.items():
        file = Path(folder) / name
        if not file.is_file():
            problems.append(Problem(str(file), "", "no such file; give the folder that holds the extracts"))
            continue
        try:
            header = pd.read_csv(file, dtype="str", nrows=0, encoding="utf-8-sig").columns
        except (pd.errors.EmptyDataError, UnicodeDecodeError):
            problems.append(
                Problem(str(file), "", "not a UTF-8 table with a header; is this the right extract?")
            )
            continue
        missing = [c for c in columns if c not in header]
        problems += [
            Problem(f"{name}, header", c, "required column is missing; is this the right extract?")
            for c in missing
        ]
        if not missing:
            frames[name] = pd.read_csv(
                file, dtype="str", keep_default_na=False, usecols=list(columns), encoding="utf-8-sig"
            )
    if problems:
        raise InputError(problems)
    return frames


def numbers(frame: pd.DataFrame, columns: Sequence[str], place: str) -> pd.DataFrame:
    """Give text columns as numbers.

    Parameters
    ----------
    frame
        Text cells; the index counts the rows of the file from 0.
    columns
        The columns to turn into numbers.
    place
        File name for messages.

    Raises
    ------
    InputError
        With every cell that is not a number.
    """
    made = {c: pd.to_numeric(frame[c], errors="coerce") for c in columns}
    return _converted(frame, made, place, "must be a number")


def dates(frame: pd.DataFrame, columns: Sequence[str], place: str) -> pd.DataFrame:
    """Give text columns as dates; as `numbers` otherwise."""
    made = {c: pd.to_datetime(frame[c], format="%Y-%m-%d", errors="coerce") for c in columns}
    return _converted(frame, made, place, "must be a date such as 2026-01-31")


def _converted(frame: pd.DataFrame, made: Mapping[str, pd.Series], place: str, remedy: str) -> pd.DataFrame:
    problems = [
        Problem(row_of(place, int(row), column), str(frame.loc[row, column]), remedy)
        for column, values in made.items()
        for row in frame.index[values.isna()]
    ]
    if problems:
        raise InputError(problems)
    return frame.assign(**made)
