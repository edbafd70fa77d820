"""Hours needed against hours to be had by month, and what the next seats save against their pay."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from evenfield.money import exact, symbol
from evenfield.plots import palette
from evenfield.plots.style import blank, literally
from optimizer.staffing.siting import Siting

HEIGHT = 380


def draw_months(months: pd.DataFrame) -> go.Figure:
    """Draw bars of the hours needed, visits below and selling on top, and lines of the hours to be had.

    Parameters
    ----------
    months
        As of `optimizer.staffing.headcount.need`.
    """
    figure = blank(HEIGHT, left=8, right=16, top=34, bottom=48)
    names = list(months.index)
    for column, label, color in (
        ("visit_hours", "visits, with travel", palette.QUARTERS[2]),
        ("selling_hours", "selling", palette.QUARTERS[3]),
    ):
        figure.add_trace(
            go.Bar(x=names, y=months[column].round(1).tolist(), name=label, marker={"color": color})
        )
    for column, label, dash in (
        ("capacity_hours", "seats filled as planned", "dot"),
        ("productive_hours", "less quits and ramp", "solid"),
    ):
        line = {"color": palette.INK, "width": 2, "dash": dash}
        figure.add_trace(
            go.Scatter(x=names, y=months[column].round(1).tolist(), name=label, mode="lines", line=line)
        )
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(title={"text": "hours a month", "standoff": 8}, tickformat="~s", rangemode="tozero")
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(barmode="stack", bargap=0.35, showlegend=True, legend=legend)
    return figure


def draw_next_seats(found: Siting, currency: str = "USD") -> go.Figure:
    """Draw what each further seat saves, with the interval that is proved, and the pay it has to earn.

    Parameters
    ----------
    found
        What was found.
    currency
        ISO 4217 code.
    """
    figure = blank(HEIGHT, left=8, right=16, top=34, bottom=48)
    names = [f"{n}. {literally(hire.place)}" for n, hire in enumerate(found.hires, 1)]
    saving = [hire.saving for hire in found.hires]
    figure.add_trace(
        go.Bar(
            x=names,
            y=[s.estimate for s in saving],
            name="saved a year, with what is proved",
            width=0.45,
            marker={"color": palette.AFTER},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [s.high - s.estimate for s in saving],
                "arrayminus": [s.estimate - s.low for s in saving],
                "color": palette.INK,
                "thickness": 1.5,
            },
            text=[f"{exact(s.estimate, currency)}: {exact(s.low, currency)} to {exact(s.high, currency)}"
                  for s in saving],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    line = {"color": palette.VERDICTS["worse"], "width": 2, "dash": "dash"}
    figure.add_trace(
        go.Scatter(x=names, y=[found.pay] * len(names), name="pay of a seat", mode="lines+markers", line=line)
    )
    top = max([found.pay, *(s.high for s in saving if np.isfinite(s.high))], default=1.0)
    figure.update_xaxes(type="category", showgrid=False)
    title = {"text": f"{symbol(currency).strip()} a year", "standoff": 8}
    figure.update_yaxes(title=title, tickformat="~s", range=[0, 1.12 * max(top, 1.0)])
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
    figure.update_layout(showlegend=True, legend=legend)
    return figure
