"""The year of a rep: bookings piling up against the quota, what mattered marked, effort below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from evenfield.money import exact, symbol
from evenfield.plots import palette
from evenfield.plots.style import blank

HEIGHT = 470
BELOW = 0.2
"""Share of the height that effort has."""

MARKS = {
    "won": {"symbol": "circle", "size": 9, "color": palette.AFTER, "line": {"color": "white", "width": 1}},
    "waiting": {"symbol": "x", "size": 8, "color": palette.VERDICTS["worse"]},
    "refused": {"symbol": "x-thin-open", "size": 8, "color": palette.FAINT_INK, "line": {"width": 2}},
    "lost": {"symbol": "triangle-down", "size": 11, "color": palette.COLORS[4]},
}


@dataclass(frozen=True, eq=False)
class RepYear:
    """What such a figure shows.

    Parameters
    ----------
    start, days
        First day and length of the year.
    orders
        Day and amount of each order, in order of days.
    quarters
        Quota of each quarter, and the day on which it ends.
    effort
        Day and effort of each choice, 1 is usual; empty: no effort is drawn.
    marks
        Day, kind (a key of `MARKS`) and text, safe for plotly.
    empty, away
        First and last day of stretches with nobody in the seat, and of those in which somebody was away.
    """

    start: date
    days: int
    orders: pd.DataFrame
    quarters: pd.DataFrame
    effort: pd.DataFrame
    marks: pd.DataFrame
    empty: Sequence[tuple[float, float]] = ()
    away: Sequence[tuple[float, float]] = ()


def draw_rep_year(
    year: RepYear, words: Mapping[str, str], months: Sequence[str], currency: str = "USD"
) -> go.Figure:
    """Draw cumulative bookings against cumulative quota.

    Parameters
    ----------
    year
        What happened.
    words
        What "bookings", "quota", "effort", "empty", "away" and the kinds of marks are called.
    months
        Names of the twelve months of the year.
    currency
        ISO 4217 code.
    """
    has_effort = not year.effort.empty
    figure = blank(HEIGHT if has_effort else round(HEIGHT * (1 - BELOW)), left=8, right=16, top=58, bottom=36)
    total = year.orders["amount"].cumsum()
    height = max(float(total.max()) if len(total) else 0.0, float(year.quarters["quota"].sum()), 1.0)
    _shade(figure, year, year.empty, words["empty"], 0.55)
    _shade(figure, year, year.away, words["away"], 0.3)
    _draw_quota(figure, year, words["quota"], currency)
    _draw_bookings(figure, year, total, words["bookings"], currency)
    for kind, mark in MARKS.items():
        some = year.marks[year.marks["kind"] == kind]
        if not some.empty:
            reached = [
                float(year.orders.loc[year.orders["day"] <= day, "amount"].sum()) for day in some["day"]
            ]
            figure.add_trace(
                go.Scatter(
                    x=[_moment(year, day) for day in some["day"]],
                    y=reached,
                    mode="markers",
                    name=words[kind],
                    marker=mark,
                    text=some["text"].tolist(),
                    hovertemplate="%{text}<extra></extra>",
                    cliponaxis=False,
                )
            )
    floor = BELOW + 0.08 if has_effort else 0.0
    title = {"text": symbol(currency).strip(), "standoff": 6}
    figure.update_layout(
        yaxis={"domain": [floor, 1], "range": [0, 1.06 * height], "tickformat": "~s", "title": title}
    )
    if has_effort:
        _draw_effort(figure, year, words["effort"])
    first_days = [_month(year.start, number) for number in range(12)]
    ends = [year.start.isoformat(), (year.start + timedelta(days=year.days)).isoformat()]
    figure.update_xaxes(
        type="date", range=ends, tickvals=first_days, ticktext=list(months), ticklabelmode="period",
        anchor="free", position=0, showgrid=False,
    )  # fmt: skip
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(showlegend=True, legend=legend)
    return figure


def _shade(
    figure: go.Figure, year: RepYear, stretches: Sequence[tuple[float, float]], word: str, opacity: float
) -> None:
    for first, last in stretches:
        figure.add_vrect(
            x0=_moment(year, first), x1=_moment(year, last), fillcolor=palette.RULE, opacity=opacity,
            line_width=0, layer="below",
            annotation={"text": word, "font": {"color": palette.FAINT_INK}, "yanchor": "top"},
        )  # fmt: skip


def _draw_bookings(figure: go.Figure, year: RepYear, total: pd.Series, name: str, currency: str) -> None:
    days = [0.0, *year.orders["day"], float(year.days)]
    heights = [0.0, *total, float(total.iloc[-1]) if len(total) else 0.0]
    figure.add_trace(
        go.Scatter(
            x=[_moment(year, day) for day in days],
            y=heights,
            mode="lines",
            name=name,
            line={"shape": "hv", "color": palette.AFTER, "width": 2.4},
            text=[exact(height, currency) for height in heights],
            hovertemplate="%{x|%Y-%m-%d}: %{text}<extra></extra>",
        )
    )


def _draw_quota(figure: go.Figure, year: RepYear, name: str, currency: str) -> None:
    total = [0.0, *year.quarters["quota"].cumsum()]
    figure.add_trace(
        go.Scatter(
            x=[_moment(year, day) for day in [0.0, *year.quarters["end"]]],
            y=total,
            mode="lines+markers",
            name=name,
            line={"color": palette.INK, "width": 1.6, "dash": "dash"},
            marker={"size": 5},
            text=[exact(height, currency) for height in total],
            hovertemplate="%{x|%Y-%m-%d}: %{text}<extra></extra>",
        )
    )


def _draw_effort(figure: go.Figure, year: RepYear, name: str) -> None:
    """Draw a line that breaks where nobody sits in the seat."""
    chosen = list(zip(year.effort["day"], year.effort["effort"].tolist(), strict=True))
    points = sorted([*chosen, *((first, None) for first, _ in year.empty)], key=lambda point: point[0])
    figure.add_trace(
        go.Scatter(
            x=[_moment(year, day) for day, _ in points],
            y=[effort for _, effort in points],
            yaxis="y2",
            mode="lines",
            name=name,
            line={"shape": "hv", "color": palette.COLORS[2], "width": 1.8},
            hovertemplate="%{x|%Y-%m-%d}: %{y:.0%}<extra></extra>",
        )
    )
    low, high = min(0.75, float(year.effort["effort"].min())), max(1.25, float(year.effort["effort"].max()))
    figure.update_layout(
        yaxis2={
            "domain": [0.02, BELOW], "range": [low - 0.05, high + 0.05],
            "tickvals": [0.5, 1, 1.5, 2], "tickformat": ".0%", "gridcolor": palette.RULE,
            "zeroline": False, "automargin": True, "anchor": "x",
        }
    )  # fmt: skip


def _moment(year: RepYear, day: float) -> str:
    moment = pd.Timestamp(year.start) + pd.Timedelta(round(day * 86_400), unit="s")
    return str(moment.strftime("%Y-%m-%dT%H:%M:%S"))


def _month(start: date, number: int) -> str:
    months = start.month - 1 + number
    return date(start.year + months // 12, months % 12 + 1, 1).isoformat()
