"""What somebody may have meant who wrote a key that is not there."""

from collections.abc import Sequence

import pandas as pd

from scenarios import Problem
from scenarios.naming import alike

FEW = 3
"""Suggestions."""

LISTED = 20
"""Keys up to which all are named where none is alike."""


def unknown(what: str, key: str, table: pd.DataFrame, place: str = "") -> Problem:
    """Say that a table has no row of that key, and which the user may have meant.

    Parameters
    ----------
    what
        What a row is called: customer or rep.
    table
        Index the keys, column name what people call them.
    place
        Where the key was given; usually what it names.
    """
    names = table["name"].astype("str")
    called = [str(k) for k in table.index[names.str.casefold() == key.strip().casefold()]]
    close = called[:FEW] or near(key, [str(k) for k in table.index])
    if not close:
        owners = near(key, list(dict.fromkeys(n for n in names if n)))
        close = [str(k) for k in table.index[names.isin(owners)][:FEW]]
    listed = f": {', '.join(map(str, table.index))}" if len(table) <= LISTED else ""
    meant = (
        f"did you mean {' or '.join(close)}?"
        if close
        else f"name one of the {len(table):,} keys of {what}s{listed}"
    )
    return Problem(place or what, key, f"no such {what} in the scenario; {meant}")


def near(word: str, words: Sequence[str]) -> list[str]:
    """Give the words most like one, upper and lower case alike, best first."""
    return alike(word, words, FEW, among=len(words))
