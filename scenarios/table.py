"""A table: rows of text checked against a row model, all problems at once, into a typed frame."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from scenarios.errors import Problem

EXTRA = "x_"
"""Columns that begin so are the user's own; they are kept as text and read by nothing."""


DATE = "must be a date such as 2026-01-31"


class Row(BaseModel):
    """A row of a table; its fields are the columns, with meaning and unit."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


@dataclass(frozen=True)
class Table:
    """A table of a scenario.

    Parameters
    ----------
    name
        Its name, that of the field of a scenario.
    row
        The row model.
    key
        The column that names a row, or "" where rows have no names.
    required
        Whether a scenario must have it.
    stem
        Name of the file without ending, where it is not that of the table.
    """

    name: str
    row: type[Row]
    key: str
    required: bool
    stem: str = ""

    @property
    def file(self) -> str:
        """Name of the file the table is kept in."""
        return f"{self.stem or self.name}.csv"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in their order, the key first."""
        return tuple(self.row.model_fields)

    def empty(self) -> pd.DataFrame:
        """Give the table without rows, typed."""
        return self._typed([], ())

    def parse(self, text: pd.DataFrame, place: str) -> tuple[pd.DataFrame | None, list[Problem]]:
        """Check a frame of text cells and give it typed.

        Parameters
        ----------
        text
            Cells as text, "" where nothing stands; one row a record.
        place
            File (and sheet) for messages.

        Returns
        -------
        The typed frame, or None with the problems found.
        """
        problems = self._problems_of_columns(text, place)
        text = text.loc[:, ~text.columns.duplicated()]
        problems += self._repeated_keys(text, place)
        problems += self._numbers_for_dates(text, place)
        known = [c for c in text.columns if c in self.row.model_fields]
        extra = tuple(c for c in text.columns if c.startswith(EXTRA))
        records = [{k: v for k, v in r.items() if v != ""} for r in text[known].to_dict("records")]
        try:
            rows = TypeAdapter(list[self.row]).validate_python(records)  # type: ignore[name-defined]
        except ValidationError as error:
            absent = set(self.columns) - set(text.columns)
            return None, problems + _problems_of_cells(error, place, absent)
        if problems:
            return None, problems
        frame = self._typed(rows, extra)
        for column in extra:
            frame[column] = text[column].astype("str").to_numpy()
        return frame, []

    def text(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give a typed frame as text cells, as they are written to a file. `parse` is the way back."""
        flat = frame.reset_index() if self.key else frame
        return pd.DataFrame({c: _as_text(flat[c]) for c in flat.columns}, dtype="str")

    def _typed(self, rows: Sequence[Row], extra: Sequence[str]) -> pd.DataFrame:
        columns = {c: [getattr(r, c) for r in rows] for c in self.columns}
        frame = pd.DataFrame({c: pd.Series(v, dtype=self._dtype(c)) for c, v in columns.items()})
        return frame.set_index(self.key) if self.key else frame

    def _dtype(self, column: str) -> Any:
        kind: Any = self.row.model_fields[column].annotation
        if get_args(kind):
            kind = get_args(kind)[0]
        return {float: "float64", bool: "bool", date: "datetime64[s]"}.get(kind, "str")

    def _problems_of_columns(self, text: pd.DataFrame, place: str) -> list[Problem]:
        problems = []
        for column in text.columns:
            if column in self.row.model_fields or column.startswith(EXTRA):
                continue
            near = difflib.get_close_matches(column, self.columns, 1)
            hint = f"did you mean '{near[0]}'? " if near else ""
            problems.append(
                Problem(
                    f"{place}, header",
                    column,
                    f"unknown column; {hint}name a column of your own '{EXTRA}{column}'",
                )
            )
        for name, count in text.columns.value_counts().items():
            if count > 1:
                problems.append(Problem(f"{place}, header", str(name), "column appears twice; keep one"))
        for column, field in self.row.model_fields.items():
            if field.is_required() and column not in text.columns:
                problems.append(Problem(f"{place}, header", column, "required column is missing; add it"))
        return problems

    def _numbers_for_dates(self, text: pd.DataFrame, place: str) -> list[Problem]:
        """Refuse plain numbers, which would be taken for seconds since 1970."""
        problems = []
        for column in self.columns:
            if column in text.columns and str(self._dtype(column)).startswith("datetime"):
                number = text[column].str.fullmatch(r"\s*\d+(\.\d*)?\s*").to_numpy()
                for row in np.flatnonzero(number):
                    problems.append(Problem(row_of(place, int(row), column), text[column].iloc[row], DATE))
        return problems

    def _repeated_keys(self, text: pd.DataFrame, place: str) -> list[Problem]:
        if not self.key or self.key not in text.columns:
            return []
        keys = text[self.key].str.strip()
        first: dict[str, int] = {}
        problems = []
        for position, key in enumerate(keys):
            if key in first:
                remedy = f"already used in row {first[key] + 2}; keys must be unique"
                problems.append(Problem(row_of(place, position, self.key), key, remedy))
            elif key:
                first[key] = position
        return problems


def row_of(place: str, position: int, column: str) -> str:
    """Name a cell for a message; rows count as in a spreadsheet, where the header is row 1."""
    return f"{place} row {position + 2}, {column}"


def _problems_of_cells(error: ValidationError, place: str, absent: set[str]) -> list[Problem]:
    problems = []
    for e in error.errors(include_url=False):
        row = int(e["loc"][0])
        column = str(e["loc"][1]) if len(e["loc"]) > 1 else "row"
        if e["type"] == "missing":
            if column not in absent:
                problems.append(
                    Problem(row_of(place, row, column), "", "required value is missing; fill it in")
                )
            continue
        value = "" if column == "row" else str(e["input"])
        problems.append(Problem(row_of(place, row, column), value, _remedy(e)))
    return problems


def _remedy(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "must")
    known = {
        "float_parsing": "must be a plain number such as 1234.5, without thousands separators",
        "bool_parsing": "must be true or false",
        "date_from_datetime_parsing": DATE,
        "date_parsing": DATE,
    }
    return known.get(error["type"], message)


def _as_text(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"}).astype("str")
    if pd.api.types.is_float_dtype(column):
        return pd.Series([_number(v) for v in column.tolist()], dtype="str")
    return column.fillna("").astype("str")


def _number(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
