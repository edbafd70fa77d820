"""A sheet: a short page of sentences, figures and tables about one question; one file, loads nothing."""

from dataclasses import dataclass, field
from pathlib import Path

import plotly.graph_objects as go

from evenfield.phrases import Language
from evenfield.report import contents
from evenfield.report.page import DRAWING_LIBRARY, environment, verbatim


@dataclass(frozen=True, eq=False)
class Part:
    """A section of a sheet.

    Parameters
    ----------
    title, words
        Its heading and sentences.
    figure
        A figure, if any; a button beside it saves it as a picture.
    columns, rows
        A table, if any; the first `texts` columns are text, the others are numbers in words.
    is_map
        Whether the figure is a map, with buttons that zoom.
    """

    title: str
    words: tuple[str, ...] = ()
    figure: go.Figure | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_map: bool = False
    texts: int = 1


@dataclass(frozen=True, eq=False)
class Sheet:
    """What such a page says.

    Parameters
    ----------
    title, over
        Heading, and the line above it.
    answer
        The answer in a few sentences.
    command
        What makes it again.
    parts
        Sections.
    language
        What it is written in.
    """

    title: str
    over: str
    answer: tuple[str, ...]
    command: str
    parts: tuple[Part, ...] = field(default=())
    language: Language = "en"


def write_sheet(sheet: Sheet, path: str | Path, currency: str) -> Path:
    """Write a sheet as HTML.

    Returns
    -------
    The path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (
        environment(currency)
        .get_template("sheet.html.jinja")
        .render(
            sheet=sheet,
            version=contents.versions()["evenfield"],
            style=verbatim("page.css"),
            script=verbatim("page.js"),
            drawing_library=verbatim(DRAWING_LIBRARY) if any(part.figure for part in sheet.parts) else "",
        )
    )
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
