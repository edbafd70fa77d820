"""Names that nothing has: how a message says so, with the names that come nearest."""

import difflib
from collections.abc import Iterable

import pandas as pd

from scenarios.errors import Problem, row_of
from scenarios.partial import NAMELESS, whole_rows

MOST, LIKE = 3, 0.6
"""Names suggested at most, and how like the one given they must be (1: equal)."""

MANY = 5_000
"""Names beyond which none are suggested, since looking takes too long."""

SHOWN = 20
"""Problems of one kind listed one by one; of the rest, the number."""


def no_such(what: str, file: str, name: str, known: Iterable[str]) -> str:
    """Say that a file has nothing of a name, and what may have been meant."""
    return f"no such {what} in {file}{near(name, known) or '; correct it or take it out'}"


def alike(
    name: str, known: Iterable[str], most: int = MOST, like: float = LIKE, among: int = MANY
) -> list[str]:
    """Give the names most like one, upper and lower case alike, best first; of very many, none.

    Of those equally like it, names that begin alike come first.

    Parameters
    ----------
    most, like
        How many at most, and how like the one given they must be (1: equal).
    among
        Of more names than these, none.
    """
    known = list(known)
    if len(known) > among:
        return []
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(str(one).casefold(), str(one))
    word = name.strip().casefold()
    found = difflib.get_close_matches(word, folded, most + MOST, like)
    found.sort(key=lambda one: (-difflib.SequenceMatcher(None, one, word).ratio(), one[:1] != word[:1]))
    return [folded[one] for one in found[:most]]


def near(name: str, known: Iterable[str], most: int = MOST) -> str:
    """Suggest names that are like one: "; did you mean 'a' or 'b'?", or nothing."""
    meant = alike(name, known, most)
    return "; did you mean " + " or ".join(f"'{one}'" for one in meant) + "?" if meant else ""


def unknown_keys(
    table: pd.DataFrame,
    column: str,
    known: Iterable[str],
    place: str,
    remedy: str,
    *,
    empty_ok: bool = False,
) -> list[Problem]:
    """List the cells of a column that name nothing there is, each with names that are like it.

    Where rows have lost their names, as many names may be theirs: nothing is said of those.

    Parameters
    ----------
    place
        Name of the file.
    empty_ok
        Whether a cell may be empty.
    """
    cells = whole_rows(table, column)[column]
    if cells.empty:
        return []
    names = set(known)
    wrong = ~cells.isin(names)
    if empty_ok:
        wrong &= cells != ""
    lost = sum(str(name).startswith(NAMELESS) for name in names) if wrong.any() else 0
    if cells[wrong].nunique() <= lost:
        return []
    return cells_told(cells[wrong], place, column, remedy, known)


def cells_told(
    cells: pd.Series, place: str, column: str, remedy: str, known: Iterable[str] = ()
) -> list[Problem]:
    """Make a problem of each cell, whose index is its position; of many, the first and how many more.

    Parameters
    ----------
    known
        Names that may have been meant.
    """
    is_date = pd.api.types.is_datetime64_any_dtype(cells)
    texts = cells.dt.strftime("%Y-%m-%d") if is_date else cells.astype("str")
    known = list(known)
    problems = [
        Problem(row_of(place, int(str(row)), column), text, remedy + near(text, known))
        for row, text in texts.iloc[:SHOWN].items()
    ]
    if len(cells) > SHOWN:
        problems.append(Problem(f"{place}, {column}", f"{len(cells) - SHOWN} more rows", remedy))
    return problems
