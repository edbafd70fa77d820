"""Which rows a rule means: values asked for by column, of numbers and dates also comparisons and ranges."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from scenarios.reps import listed

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": np.greater_equal,
    "<=": np.less_equal,
    ">": np.greater,
    "<": np.less,
}
FORM = re.compile(r"\s*(>=|<=|>|<)?\s*(\S+)\s*$")
RANGE = re.compile(r"\s*(\S+)\s+to\s+(\S+)\s*$")

FORMS = "a value, a comparison such as '>= {0}' or a range such as '{0} to {1}'"


def fits(table: pd.DataFrame, where: Mapping[str, tuple[str, ...]]) -> np.ndarray:
    """Say which rows have one of the values asked for in each column; the key's name means the rows' names.

    A list cell may hold several values. Numbers and dates are compared as such: a value may be a number, a
    comparison such as ">= 1000" or a range such as "1000 to 2000", both ends included.
    """
    fit = np.ones(len(table), dtype=bool)
    for column, values in where.items():
        cells = table.index.to_series() if column == table.index.name else table[column]
        if _is_ordered(cells):
            tests = [_test(cells, value) for value in values]
            fit &= np.any([test for test in tests if test is not None], axis=0) if values else False
        else:
            fit &= _has(cells, values)
    return fit


def unreadable(table: pd.DataFrame, where: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """List the values that cannot be compared with their columns: column, value, what is asked for."""
    found = []
    for column, values in where.items():
        if column not in table.columns or not _is_ordered(table[column]):
            continue
        dates = pd.api.types.is_datetime64_any_dtype(table[column])
        form = FORMS.format(*(("2026-01-31", "2026-06-30") if dates else ("1000", "2000")))
        kind = "dates" if dates else "numbers"
        for value in values:
            if _test(table[column], value) is None:
                found.append((column, value, f"column {column} holds {kind}: give {form}"))
    return found


def _is_ordered(cells: pd.Series) -> bool:
    return not pd.api.types.is_bool_dtype(cells) and (
        pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells)
    )


def _has(cells: pd.Series, values: Iterable[str]) -> np.ndarray:
    if pd.api.types.is_bool_dtype(cells):
        cells = cells.map({True: "true", False: "false"})
    wanted = set(values)
    codes, texts = pd.factorize(cells.astype("str").fillna(""))
    has = np.array([bool(wanted & {text, *listed(text)}) for text in texts], dtype=bool)
    found: np.ndarray = has[codes] if len(texts) else np.zeros(len(cells), dtype=bool)
    return found


def _test(cells: pd.Series, value: str) -> np.ndarray | None:
    """Compare numbers or dates with one value; none where it cannot be read. Empty: no entry."""
    if not value.strip():
        return cells.isna().to_numpy()
    among, compared = RANGE.match(value), FORM.match(value)
    if among is not None:
        low, high = (_read(cells, end) for end in among.groups())
        return None if low is None or high is None else ((cells >= low) & (cells <= high)).to_numpy()
    limit = None if compared is None else _read(cells, compared[2])
    if compared is None or limit is None:
        return None
    if compared[1] is None:
        return (cells == limit).to_numpy()
    return np.asarray(COMPARISONS[compared[1]](cells, limit), dtype=bool)


def _read(cells: pd.Series, text: str) -> Any:
    try:
        if pd.api.types.is_datetime64_any_dtype(cells):
            return pd.Timestamp(date.fromisoformat(text))
        return float(text)
    except ValueError:
        return None
