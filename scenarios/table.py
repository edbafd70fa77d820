"""A table: rows of text checked against a row model, all problems at once, into a typed frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import numpy as np
import pandas as pd
from pydantic import ConfigDict, TypeAdapter, ValidationError

from scenarios.errors import Problem, row_of
from scenarios.faults import DATE, assembled, read_field
from scenarios.naming import alike, near
from scenarios.partial import NAMELESS, Checked, partial

EXTRA = "x_"
"""Columns that begin so are the user's own; they are kept as text and read by nothing."""


EMPTY = "required value is missing; fill it in"
PLAIN = {"float_parsing": "must be a plain number such as 1234.5, without thousands separators"}


class Row(Checked):
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
        return self._typed({c: [] for c in self.columns})

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
        The typed frame, and the problems found; what is wrong is marked in it (`partial.Partial`). None where
        the column that names the rows is wrong.
        """
        problems, doubtful = self._problems_of_columns(text, place)
        wrong = {column: np.ones(len(text), dtype=bool) for column in doubtful}
        text = text.loc[:, ~text.columns.duplicated()]
        keys, repeated = self._repeated_keys(text, place)
        dates, found = self._numbers_for_dates(text, place)
        problems += repeated + found
        wrong = dates | wrong
        known = [c for c in text.columns if c in self.row.model_fields]
        extra = [c for c in text.columns if c.startswith(EXTRA)]
        records: list[dict[str, str]] = [
            {str(k): v for k, v in record.items() if v != ""} for record in text[known].to_dict("records")
        ]
        try:
            rows = TypeAdapter(list[self.row]).validate_python(records)  # type: ignore[name-defined]
        except ValidationError as error:
            problems += self._problems_of_cells(error, records, place, wrong)
            frame = self._typed_where_whole(records, wrong)
        else:
            frame = self._typed({c: [getattr(r, c) for r in rows] for c in self.columns})
        if self.key in doubtful:
            return None, problems
        if self.key and (repeated or self.key in wrong):
            frame.index = pd.Index(keys, name=self.key, dtype="str")
        for column in extra:
            frame[column] = text[column].astype("str").to_numpy()
        return (partial(frame, wrong) if problems else frame), problems

    def text(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give a typed frame as text cells, as they are written to a file. `parse` is the way back."""
        flat = frame.reset_index() if self.key else frame
        return pd.DataFrame({c: _as_text(flat[c]) for c in flat.columns}, dtype="str")

    def _typed(self, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
        frame = pd.DataFrame({c: pd.Series(list(v), dtype=self._dtype(c)) for c, v in columns.items()})
        return frame.set_index(self.key) if self.key else frame

    def _typed_where_whole(
        self, records: Sequence[Mapping[str, str]], wrong: Mapping[str, np.ndarray]
    ) -> pd.DataFrame:
        """Type the cells that can be; in the others stands anything."""
        columns: dict[str, list[Any]] = {}
        for column, field in self.row.model_fields.items():
            usual = None if field.is_required() else field.get_default()
            nothing = {"bool": False, "str": ""}.get(self._dtype(column))
            bad = wrong.get(column, np.zeros(len(records), dtype=bool)).tolist()
            columns[column] = [
                (
                    nothing
                    if is_bad
                    else read_field(self.row, column, record[column])
                    if column in record
                    else usual
                )
                for record, is_bad in zip(records, bad, strict=True)
            ]
        return self._typed(columns)

    def _dtype(self, column: str) -> Any:
        kind: Any = self.row.model_fields[column].annotation
        if get_args(kind):
            kind = get_args(kind)[0]
        return {float: "float64", bool: "bool", date: "datetime64[s]"}.get(kind, "str")

    def _problems_of_columns(self, text: pd.DataFrame, place: str) -> tuple[list[Problem], set[str]]:
        """Say what is wrong with the header, and which columns are doubtful for it."""
        problems, doubtful, fields = [], set(), self.row.model_fields
        for column in text.columns:
            if column in fields or column.startswith(EXTRA):
                continue
            meant = near(column, self.columns, 1)
            doubtful |= set(alike(column, self.columns, 1)) - set(text.columns)
            own = f"{meant or ';'} name a column of your own '{EXTRA}{column}'"
            problems.append(Problem(f"{place}, header", column, f"unknown column{own}"))
        for name, count in text.columns.value_counts().items():
            if count > 1:
                doubtful.add(str(name))
                problems.append(Problem(f"{place}, header", str(name), "column appears twice; keep one"))
        for column, field in fields.items():
            if field.is_required() and column not in text.columns:
                if column not in doubtful:
                    remedy = "required column is missing; add it"
                    problems.append(Problem(f"{place}, header", column, remedy))
                doubtful.add(column)
        return problems, doubtful & set(fields)

    def _numbers_for_dates(
        self, text: pd.DataFrame, place: str
    ) -> tuple[dict[str, np.ndarray], list[Problem]]:
        """Refuse plain numbers, which would be taken for seconds since 1970; say where they stand."""
        problems, wrong = [], {}
        for column in self.columns:
            if column in text.columns and str(self._dtype(column)).startswith("datetime"):
                number = text[column].str.fullmatch(r"\s*\d+(\.\d*)?\s*").to_numpy(dtype=bool, copy=True)
                for row in np.flatnonzero(number):
                    problems.append(Problem(row_of(place, int(row), column), text[column].iloc[row], DATE))
                if number.any():
                    wrong[column] = number
        return wrong, problems

    def _repeated_keys(self, text: pd.DataFrame, place: str) -> tuple[list[str], list[Problem]]:
        """Give keys none of which comes twice, and say which did."""
        if not self.key or self.key not in text.columns:
            return [], []
        first: dict[str, int] = {}
        keys, problems = [], []
        for position, key in enumerate(text[self.key].str.strip()):
            if key in first:
                remedy = f"already used in row {first[key] + 2}; keys must be unique"
                problems.append(Problem(row_of(place, position, self.key), key, remedy))
            is_new = bool(key) and key not in first
            keys.append(key if is_new else f"{NAMELESS} {position + 2}")
            if is_new:
                first[key] = position
        return keys, problems

    def _problems_of_cells(
        self,
        error: ValidationError,
        records: Sequence[Mapping[str, str]],
        place: str,
        wrong: dict[str, np.ndarray],
    ) -> list[Problem]:
        """Say what is wrong with cells and rows and note it in `wrong`; what is noted is not said again."""
        problems = []
        absent = {column for column, rows in wrong.items() if rows.all()}
        for row in dict.fromkeys(
            int(e["loc"][0]) for e in error.errors(include_url=False, include_context=False)
        ):
            for fault in assembled(self.row, records[row])[1]:
                column = ", ".join(map(str, fault.loc or fault.fields)) or "row"
                if column in absent or (column in wrong and wrong[column][row]):
                    continue
                for one in fault.loc or fault.fields:
                    wrong.setdefault(str(one), np.zeros(len(records), dtype=bool))[row] = True
                remedy = EMPTY if fault.kind == "missing" else PLAIN.get(fault.kind, fault.remedy)
                problems.append(Problem(row_of(place, row, column), fault.value, remedy))
        return problems


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
