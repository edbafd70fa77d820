"""One table on one sheet as planners expect it: header that stays, filters, widths, formats."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evenfield.lettering import width
from evenfield.money import symbol

Kind = Literal["text", "money", "whole", "number", "share", "fine share", "grade"]

NARROWEST, WIDEST = 7, 46
INK, HEAD, MOVED = "#1F2933", "#E8EDF2", "#FDE9D3"


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Parameters
    ----------
    title
        Its header.
    values
        From the first row down; NaN and None stay empty.
    kind
        How they are written: all alike, or each by its own.
    """

    title: str
    values: Sequence[Any]
    kind: Kind | Sequence[Kind] = "text"

    def kinds(self) -> list[Kind]:
        """Say of each value how it is written."""
        kind: list[Kind] = [self.kind] * len(self.values) if isinstance(self.kind, str) else list(self.kind)
        return kind


@dataclass(frozen=True)
class Block:
    """One of several tables on a sheet.

    Parameters
    ----------
    title
        What stands above it.
    columns
        Of equal length, with different titles.
    """

    title: str
    columns: Sequence[Column]


Look = Literal["", "sum", "fact"]
"""Where a cell stands: in a table, in its sum, or as a fact beside its label, on as many lines as needed."""


@dataclass
class Book:
    """A workbook and its formats. Texts stay texts: nothing a user wrote becomes a formula or a link.

    Parameters
    ----------
    path
        The file.
    currency
        ISO 4217 code.
    """

    path: str
    currency: str
    file: xlsxwriter.Workbook = field(init=False)
    formats: dict[str, Format] = field(init=False)

    def __post_init__(self) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file = xlsxwriter.Workbook(self.path, plain)
        sign = symbol(self.currency).replace('"', "")
        numbers = {
            "text": "@",
            "money": f'"{sign}"#,##0;[Red]-"{sign}"#,##0',
            "whole": "#,##0",
            "number": "#,##0.0##",
            "share": "0.0%",
            "fine share": "0.00%",
            "grade": "0.0000",
        }
        self.formats = {kind: self.file.add_format({"num_format": code}) for kind, code in numbers.items()}
        for kind, code in numbers.items():
            self.formats[f"sum {kind}"] = self.file.add_format({"num_format": code, "bold": True, "top": 1})
            self.formats[f"fact {kind}"] = self.file.add_format(
                {"num_format": code, "align": "left", "valign": "top", "text_wrap": True}
            )
        self.formats["head"] = self.file.add_format(
            {"bold": True, "bg_color": HEAD, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.formats["bold"] = self.file.add_format({"bold": True, "num_format": "@"})
        self.formats["title"] = self.file.add_format({"bold": True, "font_size": 16, "font_color": INK})
        self.formats["prose"] = self.file.add_format({"text_wrap": True, "valign": "top", "font_size": 12})
        self.formats["quiet"] = self.file.add_format(
            {"font_color": "#66707A", "num_format": "@", "valign": "top"}
        )
        self.formats["moved"] = self.file.add_format({"bg_color": MOVED})

    def add_table(
        self, name: str, columns: Sequence[Column], *, frozen: int = 1, sums: bool = False
    ) -> Worksheet:
        """Add a sheet that is one table.

        Parameters
        ----------
        name
            Of the sheet.
        columns
            Of equal length.
        frozen
            Columns that stay in sight.
        sums
            Whether the last row is a sum: set apart, and left out of the filter.
        """
        sheet = self.file.add_worksheet(name)
        rows = len(columns[0].values)
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column.title, self.formats["head"])
            for row, (value, kind) in enumerate(zip(column.values, column.kinds(), strict=True), 1):
                self.write(sheet, row, number, value, kind, look="sum" if sums and row == rows else "")
            sheet.set_column(number, number, self._width(column))
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, max(rows - int(sums), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def add_tables(self, name: str, blocks: Sequence[Block], *, frozen: int = 1) -> Worksheet:
        """Add a sheet of tables one below the other, each with a title and filters of its own.

        Parameters
        ----------
        name
            Of the sheet.
        blocks
            From the top down; those without a row are left out.
        frozen
            Columns that stay in sight.
        """
        sheet = self.file.add_worksheet(name)
        widths: dict[int, float] = {}
        top = 0
        for block in blocks:
            rows = len(block.columns[0].values)
            if not rows:
                continue
            sheet.write_string(top, 0, block.title, self.formats["bold"])
            heads = [
                {"header": column.title, "header_format": self.formats["head"]} for column in block.columns
            ]
            place = (top + 1, 0, top + 1 + rows, len(heads) - 1)
            sheet.add_table(*place, {"columns": heads, "style": None})
            for number, column in enumerate(block.columns):
                for row, (value, kind) in enumerate(zip(column.values, column.kinds(), strict=True), top + 2):
                    self.write(sheet, row, number, value, kind)
                widths[number] = max(widths.get(number, 0), self._width(column))
            top += rows + 3
        for number, width_ in widths.items():
            sheet.set_column(number, number, width_)
        sheet.freeze_panes(0, frozen)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(
        self, sheet: Worksheet, row: int, column: int, value: Any, kind: Kind, *, look: Look = ""
    ) -> None:
        """Write one cell; a missing value leaves it empty."""
        style = self.formats[f"{look} {kind}".strip()]
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            sheet.write_blank(row, column, None, style)
        elif kind == "text":
            sheet.write_string(row, column, str(value), style)
        else:
            sheet.write_number(row, column, float(value), style)

    def _width(self, column: Column) -> float:
        cells = zip(column.values, column.kinds(), strict=True)
        longest = max((width(self._shown(value, kind)) for value, kind in cells), default=0)
        word = max((width(word) for word in column.title.split()), default=0)
        return min(max(longest + 2, word + 3, NARROWEST), WIDEST)

    def _shown(self, value: Any, kind: Kind) -> str:
        if kind == "text" or value is None or not math.isfinite(value):
            return "" if value is None else str(value)
        return f"{symbol(self.currency)}{value:,.0f}" if kind == "money" else f"{value:,.1f}"
