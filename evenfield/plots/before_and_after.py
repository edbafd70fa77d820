"""Rows of a hollow dot (before), a full dot (after) and a tick (what it is measured against)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from evenfield.plots import palette
from evenfield.plots.style import blank

ROW_HEIGHT = 26


@dataclass(frozen=True)
class Rows:
    """What such a figure shows.

    Parameters
    ----------
    names
        Label of each row, top first; safe for plotly.
    before, after, mark
        Numbers by row, NaN where there is none.
    words
        What the three are called, e.g. `("today's book", "plan", "capacity")`.
    write
        Writes a number for the hover text.
    """

    names: Sequence[str]
    before: pd.Series
    after: pd.Series
    mark: pd.Series
    words: tuple[str, str, str]
    write: Callable[[float], str]


def draw(rows: Rows, title: str, tick_format: str = ",.3~s") -> go.Figure:
    """Draw one row for each name.

    Parameters
    ----------
    title
        Of the axis, with its unit.
    tick_format
        Of the axis, in d3's language.
    """
    figure = blank(ROW_HEIGHT * len(rows.names) + 84, top=30, bottom=48)
    heights = list(range(len(rows.names)))
    _link(figure, rows, heights)
    _dots(
        figure, rows, heights, rows.mark, 2, {"symbol": "line-ns", "size": 16, "line": _line(palette.INK, 2)}
    )
    hollow = {"size": 9, "color": "white", "line": _line(palette.BEFORE, 2)}
    _dots(figure, rows, heights, rows.before, 0, hollow)
    _dots(
        figure, rows, heights, rows.after, 1, {"size": 10, "color": palette.AFTER, "line": _line("white", 1)}
    )
    figure.update_yaxes(
        tickvals=heights, ticktext=list(rows.names), range=[len(heights) - 0.4, -0.6], showgrid=False
    )
    widest = max((v for s in (rows.before, rows.after, rows.mark) for v in s.dropna()), default=1.0)
    figure.update_xaxes(title={"text": title, "standoff": 8}, tickformat=tick_format)
    figure.update_xaxes(range=[-0.025 * widest, 1.06 * widest])
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12}},
    )
    return figure


def _line(color: str, width: float) -> dict[str, object]:
    return {"color": color, "width": width}


def _link(figure: go.Figure, rows: Rows, heights: list[int]) -> None:
    x = np.column_stack([rows.before, rows.after, np.full(len(heights), np.nan)]).ravel()
    figure.add_trace(
        go.Scatter(
            x=[None if np.isnan(v) else v for v in x.tolist()],
            y=np.repeat(heights, 3).tolist(),
            mode="lines",
            line={"color": palette.RULE, "width": 4},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _dots(
    figure: go.Figure, rows: Rows, heights: list[int], values: pd.Series, word: int, marker: dict[str, object]
) -> None:
    there = np.flatnonzero(values.notna()).tolist()
    figure.add_trace(
        go.Scatter(
            x=values.iloc[there].tolist(),
            y=[heights[i] for i in there],
            mode="markers",
            marker=marker,
            name=rows.words[word],
            text=[f"{rows.names[i]}, {rows.words[word]}: {rows.write(float(values.iloc[i]))}" for i in there],
            hovertemplate="%{text}<extra></extra>",
        )
    )
