"""What is earned by what is sold: pay of the year, and what the next unit of sales pays."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from evenfield.money import exact
from evenfield.plots import palette
from evenfield.plots.style import blank
from simulation.paying.linting.pay_by_sales import Trace

HEIGHT = 300
WORDS = {
    "en": {
        "sales": "sales of the year, of what is asked",
        "pay": "incentive of the year",
        "rate": "of the next sale",
    },
    "zh": {"sales": "全年销售额占目标的比例", "pay": "全年奖金", "rate": "下一笔销售计奖比例"},
}


def draw_pay(trace: Trace, target: float, currency: str, language: str = "en") -> go.Figure:
    """Draw the incentive of a year by its sales; vertical parts are jumps.

    Parameters
    ----------
    trace
        Pay by sales.
    target
        Target incentive, money; drawn as a line.
    """
    words = WORDS[language]
    figure = _axes(words, "pay")
    pay = trace.total / 100
    figure.add_trace(
        go.Scatter(
            x=trace.attainment.tolist(),
            y=pay.tolist(),
            mode="lines",
            line={"color": palette.AFTER, "width": 2.4},
            text=[f"{a:.1%}: {exact(p, currency)}" for a, p in zip(trace.attainment, pay, strict=True)],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    if target:
        figure.add_hline(y=target, line={"color": palette.NOBODY, "width": 1.2, "dash": "dot"})
    figure.update_yaxes(tickformat="~s", rangemode="tozero")
    return figure


def draw_rates(trace: Trace, language: str = "en") -> go.Figure:
    """Draw what the next unit of sales pays, a share of it, by the sales of the year; jumps are left out."""
    words: Mapping[str, str] = WORDS[language]
    figure = _axes(words, "rate")
    slopes = trace.slopes()
    known = np.isfinite(slopes)
    ends = np.stack([trace.attainment[:-1][known], trace.attainment[1:][known]], axis=1).ravel()
    rates = np.repeat(slopes[known], 2)
    figure.add_trace(
        go.Scatter(
            x=ends.tolist(),
            y=rates.tolist(),
            mode="lines",
            line={"color": palette.COLORS[2], "width": 2.4},
            text=[f"{a:.1%}: {r:.2%}" for a, r in zip(ends, rates, strict=True)],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.update_yaxes(tickformat=".3~%", rangemode="tozero")
    return figure


def _axes(words: Mapping[str, str], what: str) -> go.Figure:
    figure = blank(HEIGHT, left=8, right=16, top=30, bottom=44)
    figure.add_vline(x=1, line={"color": palette.NOBODY, "width": 1.2, "dash": "dot"})
    figure.update_xaxes(title_text=words["sales"], tickformat=".0%")
    figure.add_annotation(
        xref="paper", yref="paper", x=0, y=1, xanchor="left", yanchor="bottom", text=words[what],
        showarrow=False, font={"color": palette.FAINT_INK},
    )  # fmt: skip
    return figure
