"""Hours there are, hours worked and hours asked for that nobody had, month by month."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from evenfield.plots import palette
from evenfield.plots.style import blank, literally

HEIGHT = 380


def draw_capacity(
    months: Sequence[str], capacity: ArrayLike, worked: ArrayLike, unserved: ArrayLike
) -> go.Figure:
    """Draw bars of the hours asked for, worked below and unserved on top, and a line of the hours there are.

    Parameters
    ----------
    months
        Names of the months.
    capacity, worked, unserved
        Hours of each month: of filled seats; of work done; of work asked for that nobody had time for.
    """
    names = [literally(month) for month in months]
    had, done, left = (np.asarray(hours, dtype=float) for hours in (capacity, worked, unserved))
    figure = blank(HEIGHT, left=8, right=16, top=34, bottom=48)
    told = [
        f"{name}: {a + b:,.0f} h asked for, {a:,.0f} h worked, {b:,.0f} h unserved, {c:,.0f} h there"
        for name, a, b, c in zip(names, done, left, had, strict=True)
    ]
    for hours, label, color in (
        (done, "worked", palette.QUARTERS[2]),
        (left, "asked for, nobody had time", palette.VERDICTS["worse"]),
    ):
        figure.add_trace(
            go.Bar(
                x=names,
                y=hours.tolist(),
                name=label,
                marker={"color": color},
                text=told,
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )
    line = {"color": palette.INK, "width": 2, "shape": "hvh"}
    figure.add_trace(
        go.Scatter(
            x=names,
            y=had.tolist(),
            name="hours of filled seats",
            mode="lines",
            line=line,
            text=told,
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(title={"text": "hours a month", "standoff": 8}, tickformat="~s", rangemode="tozero")
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(barmode="stack", bargap=0.35, showlegend=True, legend=legend)
    return figure
