"""What every rep is asked for, quarter by quarter."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from evenfield.money import exact, short, symbol
from evenfield.plots import palette
from evenfield.plots.before_and_after import ROW_HEIGHT
from evenfield.plots.style import blank


def draw_quotas(
    quota: pd.DataFrame, names: Mapping[str, str] | None = None, currency: str = "USD"
) -> go.Figure:
    """Draw quotas as one bar a rep, a piece a quarter, the year's total behind it.

    Parameters
    ----------
    quota
        Index rep, a column a quarter, money.
    names
        Label by rep, safe for plotly; without it the id stands.
    currency
        ISO 4217 code.
    """
    figure = blank(ROW_HEIGHT * len(quota) + 84, top=30, bottom=48)
    labels = [(names or {}).get(rep, rep) for rep in quota.index]
    heights = list(range(len(quota)))
    for quarter, color in zip(quota.columns, palette.QUARTERS, strict=False):
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=heights,
                x=quota[quarter].tolist(),
                name=quarter,
                marker={"color": color, "line": {"color": "white", "width": 1}},
                text=[
                    f"{n}, {quarter}: {exact(q, currency)}"
                    for n, q in zip(labels, quota[quarter], strict=True)
                ],
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )
    totals = quota.sum(axis=1)
    figure.add_trace(
        go.Scatter(
            x=totals.tolist(),
            y=heights,
            mode="text",
            text=[f" {short(total, currency)}" for total in totals],
            textposition="middle right",
            textfont={"size": 12, "color": palette.INK},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    )
    figure.update_yaxes(tickvals=heights, ticktext=labels, range=[len(quota) - 0.4, -0.6], showgrid=False)
    figure.update_xaxes(title_text=f"quota, {symbol(currency).strip()}", tickformat="~s")
    figure.update_xaxes(range=[0, float(totals.max() or 1.0) * 1.18])
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(barmode="stack", bargap=0.3, showlegend=True, legend=legend)
    return figure
