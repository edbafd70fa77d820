"""Sheets about quotas: the tree of nodes with live sums, its cells, the proof, the edits."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from evenfield.sheets import Book, Column
from optimizer.quotas import Quotas

MONEY = frozenset(
    [
        "quota",
        "expected",
        "potential",
        "pipeline",
        "field",
        "base_pay",
        "incentive",
        "travel",
        "other",
        "cost",
        "asked",
        "forecast",
        "committed",
        "from_below",
        "gap",
        "part",
        "low",
        "high",
        "last_year",
    ]
)
"""Columns of judgements that are money, but for shares of reps and slopes."""

MOST_CELLS = 200_000
"""Cells up to which every one is listed on a sheet."""


def write_quota_book(
    found: Quotas,
    effects: pd.DataFrame,
    kinds: Mapping[str, pd.DataFrame],
    judged: Mapping[str, pd.DataFrame],
    path: Path,
) -> Path:
    """Write the workbook of quotas: their tree, cells, other kinds, proof, edits, notices, and judgement.

    Returns
    -------
    The path.
    """
    book = Book(str(path), found.scenario.currency)
    add_quota_sheets(book, found, effects, kinds)
    for name, table in judged.items():
        _add_frame(book, name, table, set() if name == "Quality" else MONEY)
    book.file.close()
    return path


def add_quota_sheets(
    book: Book, found: Quotas, effects: pd.DataFrame, kinds: Mapping[str, pd.DataFrame], *, cells: bool = True
) -> None:
    """Add the sheets about quotas to a workbook, with or without every cell."""
    _add_tree(book, found)
    if cells and found.cube.units.size <= MOST_CELLS:
        _add_cells(book, found)
    for kind, table in kinds.items():
        money = set(table.columns) if kind == "collections" else set()
        _add_frame(book, kind.capitalize(), table.reset_index(names="rep"), money)
    _add_frame(book, "Reconciliation", found.checks, {"base", "below", "difference", "padded"})
    if len(effects):
        _add_frame(book, "Edits", effects.drop(columns="departure"), {"moves", "by"})
    if len(found.notices):
        _add_frame(book, "Notices", found.notices, {"amount"})


def _add_tree(book: Book, found: Quotas) -> None:
    """List nodes by period: a node's amount is a formula over those below it, a year over its periods."""
    cube, tree = found.cube, found.cube.people
    periods = [k for k in range(len(cube.periods)) if cube.periods.depth[k] == 1]
    amounts = np.array(
        [[cube.total(node, 0, k) * cube.unit for k in periods] for node in range(len(tree))], dtype="float64"
    )
    names = found.scenario.reps["name"].to_dict()
    leaves = {int(k): tree.paths[k][-1] for k in tree.leaves}
    columns = [
        Column("Node", ["   " * int(tree.depth[k]) + tree.names[k] for k in range(len(tree))]),
        Column("Name", [str(names.get(leaves.get(k, ""), "")) for k in range(len(tree))]),
        Column("Level", [tree.level_of(k) for k in range(len(tree))]),
        *(Column(cube.periods.names[k], amounts[:, i].tolist(), "money") for i, k in enumerate(periods)),
        Column("Year", amounts.sum(axis=1).tolist(), "money"),
        Column("Padding", found.factor.tolist(), "grade"),
        Column("Padded", (found.padded.sum(axis=(1, 2)) * cube.unit).tolist(), "money"),
    ]
    sheet, first, style = book.add_table("Quota tree", columns, frozen=3), 3, book.formats["money"]
    for node in range(len(tree)):
        children, row = tree.children(node), node + 1
        for i in range(len(periods)) if len(children) else ():
            cells = _ranges(_letter(first + i), (int(c) + 2 for c in children))
            sheet.write_formula(row, first + i, f"=SUM({cells})", style, amounts[node, i])
        year = f"{_letter(first)}{row + 1}:{_letter(first + len(periods) - 1)}{row + 1}"
        sheet.write_formula(row, first + len(periods), f"=SUM({year})", style, amounts[node].sum())


def _add_cells(book: Book, found: Quotas) -> None:
    tree = found.cube.people
    table = found.table[found.table["level"] == tree.level[-1]]
    _add_frame(book, "Quota cells", table, {"base", "padded"})


def _add_frame(book: Book, name: str, table: pd.DataFrame, money: Iterable[str]) -> None:
    in_money = set(money)
    columns = []
    for column in table.columns:
        values = table[column].tolist()
        if table[column].dtype == bool:
            columns.append(Column(_title(column), ["yes" if value else "no" for value in values]))
        elif column in in_money:
            columns.append(Column(_title(column), values, "money"))
        else:
            number = pd.api.types.is_numeric_dtype(table[column])
            columns.append(Column(_title(column), values, "grade" if number else "text"))
    book.add_table(name, columns)


def _title(column: str) -> str:
    words = {"ok": "Adds up", "below": "Sum of those below", "by": "Their change", "moves": "Others move by"}
    return words.get(column, column.replace("_", " ").capitalize())


def _ranges(letter: str, rows: Iterable[int]) -> str:
    """Name cells of a column, neighbors as ranges."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and parts[-1][1] == row - 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ",".join(_range(letter, part) for part in parts)


def _range(letter: str, part: Sequence[int]) -> str:
    return f"{letter}{part[0]}" if part[0] == part[1] else f"{letter}{part[0]}:{letter}{part[1]}"


def _letter(column: int) -> str:
    """Give the letters of a column, counted from 0."""
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return letters
