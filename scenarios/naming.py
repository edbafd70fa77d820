"""Names that nothing has: how a message says so, with the names that come nearest."""

import difflib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from scenarios.errors import Problem
from scenarios.table import row_of

MOST, LIKE = 3, 0.6
"""Names suggested at most, and how like the one given they must be (1: equal)."""

MANY = 5_000
"""Names beyond which none are suggested, since looking takes too long."""

SHOWN = 20
"""Problems of one kind listed one by one; of the rest, the number."""


def no_such(what: str, file: str, name: str, known: Iterable[str]) -> str:
    """Say that a file has nothing of a name, and what may have been meant."""
    return f"no such {what} in {file}{near(name, known) or '; correct it or take it out'}"


def near(name: str, known: Iterable[str]) -> str:
    """Suggest names that are like one: "; did you mean 'a' or 'b'?", or nothing."""
    known = list(known)
    if len(known) > MANY:
        return ""
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(str(one).casefold(), str(one))
    like = difflib.get_close_matches(name.casefold(), folded, MOST, LIKE)
    if not like:
        return ""
    return "; did you mean " + " or ".join(f"'{folded[one]}'" for one in like) + "?"


def unknown_keys(
    cells: pd.Series, known: Iterable[str], place: str, column: str, remedy: str, *, empty_ok: bool = False
) -> list[Problem]:
    """List the cells of a column that name nothing there is, each with names that are like it.

    Parameters
    ----------
    place, column
        Name of the file and of the column.
    empty_ok
        Whether a cell may be empty.
    """
    if cells.empty:
        return []
    wrong = ~cells.isin(set(known))
    if empty_ok:
        wrong &= cells != ""
    rows = np.flatnonzero(wrong.to_numpy())
    problems = [
        Problem(row_of(place, int(r), column), str(cells.iloc[r]), remedy + near(str(cells.iloc[r]), known))
        for r in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        problems.append(Problem(f"{place}, {column}", f"{len(rows) - SHOWN} more rows", remedy))
    return problems
