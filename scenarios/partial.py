"""What is whole of an input that is wrong in parts, so that checks of all the rest go on.

A part that is wrong is absent, and looking at it raises `Broken`. So a check that needs it says nothing, and
a check that does not is as good as ever; no check has to declare what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

if TYPE_CHECKING:
    from scenarios.errors import Problem


NAMELESS = "(nameless row)"
"""Begins what stands for a key that is empty or comes again."""


class Broken(Exception):
    """What somebody looks at is wrong; that has been said already."""


class Checked(BaseModel):
    """A model of which some fields may be absent since they are wrong; whoever looks at one is told."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise Broken(name)
            return super().__getattr__(name)

    def without(self, names: Collection[str]) -> None:
        """Take fields away that are wrong; for those who assemble it."""
        for name in names:
            self.__dict__.pop(name, None)


class Partial(pd.DataFrame):
    """A table some of whose cells are wrong; `wrong` says by column in which rows."""

    _metadata = ("wrong",)

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return Partial

    def __getitem__(self, key: Any) -> Any:
        asked = [key] if isinstance(key, str) else key if isinstance(key, list) else []
        if any(one in (self.__dict__.get("wrong") or {}) for one in asked if isinstance(one, str)):
            raise Broken(key)
        return super().__getitem__(key)


def partial(table: pd.DataFrame, wrong: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Give a table in which some cells are wrong.

    Parameters
    ----------
    table
        Anything may stand in wrong cells.
    wrong
        By column, in which rows.
    """
    made = Partial(table)
    made.__dict__["wrong"] = dict(wrong)
    return made


def whole_rows(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Give some columns of the rows in which none of them is wrong, by position in the table."""
    wrong: Mapping[str, np.ndarray] = table.__dict__.get("wrong") or {}
    rows = np.ones(len(table), dtype=bool)
    for column in columns:
        rows &= ~wrong.get(column, np.zeros(len(table), dtype=bool))
    plain = pd.DataFrame(table)
    plain.__dict__.pop("wrong", None)
    return plain[list(columns)].reset_index(drop=True)[rows]


def unless_broken(check: Callable[..., list[Problem]], *given: Any) -> list[Problem]:
    """Ask a check what it finds; nothing where it looks at what is wrong."""
    try:
        return check(*given)
    except Broken:
        return []


def whole_or(part: Callable[[], Any], otherwise: Any) -> Any:
    """Give a part, or something else where it is wrong."""
    try:
        return part()
    except Broken:
        return otherwise


def found_by(checks: Iterable[Callable[..., list[Problem]]], *given: Any) -> list[Problem]:
    """Ask some checks what they find, each by itself."""
    return [problem for check in checks for problem in unless_broken(check, *given)]
