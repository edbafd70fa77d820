"""A rep's calls on a map: every day on the road a line from stop to stop, a click in the legend hides it."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from evenfield.plots import palette
from evenfield.plots.backdrop import land
from evenfield.plots.projection import View
from evenfield.plots.style import blank, literally
from optimizer.calling.calls import DAY, CallPlan
from scenarios import Scenario

SEA, LAND, BORDER = "#eaf0f4", "#fbfaf7", "#c9ced3"
LEAST_DEGREES = 0.5


def draw_calls(scenario: Scenario, made: CallPlan, *, height: int = 620) -> go.Figure:
    """Draw the days of a call plan.

    Parameters
    ----------
    scenario
        Places of customers and of the rep's home.
    made
        The calls.
    height
        Pixels.

    Returns
    -------
    go.Figure
        A line for each day on the road, from where the day begins; the home as a star.
    """
    figure = blank(height, left=0, right=0, top=0, bottom=0)
    figure.update_layout(plot_bgcolor=SEA, dragmode="pan", showlegend=True, legend={"y": 0.94})
    home = scenario.reps.loc[made.rep, ["longitude", "latitude"]].to_numpy(dtype="float64")
    stops = scenario.customers.loc[made.calls["customer"], ["longitude", "latitude"]].to_numpy(
        dtype="float64"
    )
    view = _view(np.vstack([home[None, :], stops]))
    middle_x, middle_y = view.project(np.array([home[0]]), np.array([home[1]]))
    x, y = view.project(stops[:, 0], stops[:, 1])
    wide, high = (float(np.ptp(np.append(v, m))) * 1.2 + 20 for v, m in ((x, middle_x), (y, middle_y)))
    edge = land(view, max(wide, high), max(wide, high))
    figure.add_trace(
        go.Scatter(
            x=edge[0].round(1),
            y=edge[1].round(1),
            mode="lines",
            fill="toself",
            fillcolor=LAND,
            line={"color": BORDER, "width": 0.8},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    _add_days(figure, scenario, made, (x, y), (float(middle_x[0]), float(middle_y[0])))
    star = {"symbol": "star", "size": 13, "color": palette.INK}
    figure.add_trace(go.Scatter(x=middle_x, y=middle_y, mode="markers", marker=star, name="home"))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def _add_days(
    figure: go.Figure,
    scenario: Scenario,
    made: CallPlan,
    place: tuple[np.ndarray, np.ndarray],
    home: tuple[float, float],
) -> None:
    """Draw each day from home, or from where the night was spent, and back home where it ends there."""
    names: dict[Any, str] = scenario.customers["name"].to_dict()
    last = home
    for number, (week, day, trip, away) in enumerate(
        made.days[["week", "day", "trip", "away_overnight"]].itertuples(index=False)
    ):
        rows = np.flatnonzero(((made.calls["week"] == week) & (made.calls["day"] == day)).to_numpy())
        calls: pd.DataFrame = made.calls.iloc[rows]
        points = [last, *zip(place[0][rows], place[1][rows], strict=True)]
        last = points[-1] if away else home
        points += [] if away else [home]
        hover = [
            f"{c.order}. {literally(names[c.customer] or c.customer)}, {c.arrive}" for c in calls.itertuples()
        ]
        color = palette.COLORS[number % len(palette.COLORS)]
        figure.add_trace(
            go.Scatter(
                x=[point[0] for point in points],
                y=[point[1] for point in points],
                mode="lines+markers",
                line={"color": color, "width": 1.6},
                marker={"size": 7, "color": color},
                name=f"week {week}, {day}" + ("" if trip == DAY else f" ({trip})"),
                text=["", *hover, *([] if away else ["home"])],
                hoverinfo="text+name",
            )
        )


def _view(places: np.ndarray) -> View:
    """Make the view around a rep's home and stops; turned so that none lies across the date line."""
    away = (places[:, 0] - places[0, 0] + 180.0) % 360.0 - 180.0
    middle = float(places[0, 0] + (away.min() + away.max()) / 2)
    half = max(float(np.ptp(away)) / 2, LEAST_DEGREES)
    south, north = float(places[:, 1].min()), float(places[:, 1].max())
    spare = max(LEAST_DEGREES - (north - south) / 2, 0.0)
    return View(middle, -half, half, south - spare, north + spare)
