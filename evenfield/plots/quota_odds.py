"""What each rep may sell, and where the quota lies in it."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from evenfield.money import exact, symbol
from evenfield.plots import palette
from evenfield.plots.before_and_after import ROW_HEIGHT
from evenfield.plots.style import blank


def draw_quota_odds(table: pd.DataFrame, names: Mapping[str, str], currency: str = "USD") -> go.Figure:
    """Draw a bar from low to high for each rep, expected sales in it, and the quota with its chance.

    Parameters
    ----------
    table
        Index rep; columns low, high, expected, quota (money) and chance.
    names
        Label by rep, safe for plotly.
    currency
        ISO 4217 code.
    """
    figure = blank(ROW_HEIGHT * len(table) + 84, top=30, bottom=48)
    heights, labels = list(range(len(table))), [names.get(rep, rep) for rep in table.index]
    money = {c: [exact(float(v), currency) for v in table[c]] for c in ("low", "high", "expected", "quota")}
    told = [
        f"{label}: {money['low'][k]} to {money['high'][k]}, expected {money['expected'][k]}; "
        f"quota {money['quota'][k]}, reached with a chance of {float(table['chance'].iloc[k]):.0%}"
        for k, label in enumerate(labels)
    ]
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=heights,
            base=table["low"].tolist(),
            x=(table["high"] - table["low"]).tolist(),
            name="sales in 8 of 10 years",
            marker={"color": palette.QUARTERS[-1]},
            text=told,
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )
    )
    for column, name, mark in (
        ("expected", "expected sales", {"symbol": "line-ns-open", "size": 14, "color": palette.INK}),
        (
            "quota",
            "quota, with its chance",
            {"symbol": "diamond", "size": 10, "color": palette.VERDICTS["worse"]},
        ),
    ):
        figure.add_trace(
            go.Scatter(
                x=table[column].tolist(),
                y=heights,
                mode="markers+text" if column == "quota" else "markers",
                name=name,
                marker=mark,
                text=[f"  {c:.0%}" for c in table["chance"]] if column == "quota" else None,
                textposition="middle right",
                textfont={"size": 12, "color": palette.INK},
                customdata=told,
                hovertemplate="%{customdata}<extra></extra>",
                cliponaxis=False,
            )
        )
    figure.update_yaxes(tickvals=heights, ticktext=labels, range=[len(table) - 0.4, -0.6], showgrid=False)
    figure.update_xaxes(title_text=f"a year, {symbol(currency).strip()}", tickformat="~s", rangemode="tozero")
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(bargap=0.55, showlegend=True, legend=legend)
    return figure
