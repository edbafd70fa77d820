"""What a search for a scheme found: a dot a candidate by pay and bookings, the best a star."""

from collections.abc import Hashable, Sequence
from typing import Any

import plotly.graph_objects as go

from evenfield.figures import figure
from evenfield.plots import palette
from evenfield.plots.style import blank, literally
from evenfield.scheme_search import Search
from evenfield.scheme_words import setting_in_words

LOOKS = {"yes": "better", "no": "worse", "unsure": "not distinguishable yet"}
"""Verdict whose color says whether pay is within the budget."""


def draw_candidates(found: Search, currency: str = "USD") -> go.Figure:
    """Draw mean pay and bookings a year: filled and numbered is what nothing beats, orange what is above
    the budget, gray what may be.

    Parameters
    ----------
    found
        What was found.
    currency
        ISO 4217 code.
    """
    table = found.candidates
    varied = [str(name) for name in table.columns[: table.columns.get_loc("years")]]
    page = blank(380, left=80, right=20, top=20, bottom=60)
    page.add_trace(
        go.Scatter(
            x=table["pay"],
            y=table["bookings"],
            mode="markers+text",
            marker={
                "size": [16 if best else 10 for best in table["best"]],
                "symbol": [
                    "star" if best else "circle" if front else "circle-open"
                    for best, front in zip(table["best"], table["on_frontier"], strict=True)
                ],
                "color": [palette.VERDICTS[LOOKS[one]] for one in table["within"]],
            },
            text=[
                str(number + 1) if front or best else ""
                for number, front, best in zip(table.index, table["on_frontier"], table["best"], strict=True)
            ],
            textposition="top center",
            hovertext=[_words(row, varied, currency) for row in table.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    page.update_xaxes(title="Pay a year")
    page.update_yaxes(title="Bookings a year")
    return page


def _words(row: dict[Hashable, Any], varied: Sequence[str], currency: str) -> str:
    settings = [f"{literally(name)} = {setting_in_words(row[name])}" for name in varied]
    figures = [
        f"{figure(name).label} {figure(name).write(row[name], currency)}"
        for name in ("pay", "bookings", "margin_after_pay")
    ]
    return "<br>".join([*settings, *figures])
