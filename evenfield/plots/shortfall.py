"""The chance to fall short of a target: of the company by quarter, of each team by quarter, and how far."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.proportion import proportion_confint

from evenfield.money import exact, short, symbol
from evenfield.plots import palette
from evenfield.plots.before_and_after import ROW_HEIGHT
from evenfield.plots.style import blank, literally

HEIGHT = 330
LOOKS = (palette.AFTER, palette.BEFORE, *palette.COLORS[1:])
SCALE = ((0.0, "#f4f6f8"), (0.5, "#f0c8a4"), (1.0, palette.VERDICTS["worse"]))
"""Colors of chances from 0 to 1."""

DARK = 0.8
"""Chance from which the ink in a cell is white."""

TAILS = (0.1, 0.05)
"""Shares of the years that are worst."""


def draw_shortfall(missed: pd.DataFrame, years: int, confidence: float = 0.95) -> go.Figure:
    """Draw the chance to miss the target in each quarter, a bar a plan, with its confidence interval.

    Parameters
    ----------
    missed
        Index quarter (the year may be one, too), a column a plan: years in which the target was missed.
    years
        Years simulated.
    confidence
        Of the intervals (Wilson's).
    """
    figure = blank(HEIGHT, left=8, right=16, top=34, bottom=40)
    names = [literally(quarter) for quarter in missed.index]
    for number, plan in enumerate(missed.columns):
        count = missed[plan].to_numpy(dtype=float)
        low, high = proportion_confint(count, years, alpha=1 - confidence, method="wilson")
        chance = count / years
        figure.add_trace(
            go.Bar(
                x=names,
                y=chance.tolist(),
                name=literally(plan),
                marker={"color": LOOKS[number % len(LOOKS)]},
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": np.clip(high - chance, 0, None).tolist(),
                    "arrayminus": np.clip(chance - low, 0, None).tolist(),
                    "color": palette.INK,
                    "thickness": 1.2,
                },
                text=[
                    f"{name}, {literally(plan)}: missed in {n:.0f} of {years} years, "
                    f"{p:.0%} ({a:.0%} to {b:.0%})"
                    for name, n, p, a, b in zip(names, count, chance, low, high, strict=True)
                ],
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )
    figure.update_xaxes(type="category", showgrid=False)
    title = {"text": "chance to miss the target", "standoff": 8}
    figure.update_yaxes(title=title, tickformat=".0%", range=[0, 1.02], dtick=0.25)
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
    figure.update_layout(bargap=0.35, bargroupgap=0.08, showlegend=True, legend=legend)
    return figure


def draw_misses(chance: pd.DataFrame, names: Mapping[str, str] | None = None) -> go.Figure:
    """Draw who misses which quarter how often: a cell a team (or rep) and quarter, its chance written in it.

    Parameters
    ----------
    chance
        Index team, a column a quarter: chance to miss, 0 to 1; nan where nothing is asked. The likeliest to
        miss, by their mean, come first.
    names
        Label by team, safe for plotly; without it the id stands.
    """
    sorted_ = chance.loc[chance.mean(axis=1).sort_values(ascending=False, kind="stable").index]
    labels = [(names or {}).get(str(team), literally(team)) for team in sorted_.index]
    columns = [literally(quarter) for quarter in sorted_.columns]
    values = sorted_.to_numpy(dtype=float)
    figure = blank((ROW_HEIGHT + 4) * len(labels) + 44, left=8, right=8, top=34, bottom=8)
    figure.add_trace(
        go.Heatmap(
            z=[[None if np.isnan(p) else float(p) for p in row] for row in values],
            x=columns,
            y=list(range(len(labels))),
            zmin=0,
            zmax=1,
            colorscale=SCALE,
            showscale=False,
            xgap=2,
            ygap=2,
            text=[
                ["nothing is asked" if np.isnan(p) else f"{label}, {quarter}: misses in {p:.0%} of years"
                 for quarter, p in zip(columns, row, strict=True)]
                for label, row in zip(labels, values, strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    for height, row in enumerate(values):
        for column, p in zip(columns, row, strict=True):
            ink = palette.FAINT_INK if np.isnan(p) else "white" if p >= DARK else palette.INK
            words = "—" if np.isnan(p) else f"{p:.0%}"
            figure.add_annotation(x=column, y=height, text=words, showarrow=False, font={"color": ink})
    figure.update_xaxes(type="category", side="top", showgrid=False)
    figure.update_yaxes(
        tickvals=list(range(len(labels))), ticktext=labels, range=[len(labels) - 0.5, -0.5], showgrid=False
    )
    return figure


def tail_mean(values: ArrayLike, share: float) -> float:
    """Give the mean of the worst years: the least values that make up a share of all, the last one in part.

    The expected shortfall of Acerbi and Tasche, "On the coherence of expected shortfall", Journal of Banking
    & Finance 26 (2002), of years that are equally likely.

    Parameters
    ----------
    values
        One a year, in any order.
    share
        Over 0, at most 1.

    Examples
    --------
    >>> tail_mean([4, 1, 2, 3], 0.5)
    1.5
    >>> round(tail_mean([4, 1, 2, 3], 0.375), 4)
    1.3333
    """
    worst: NDArray[np.float64] = np.sort(np.asarray(values, dtype=float))
    weight = np.clip(share * len(worst) - np.arange(len(worst)), 0.0, 1.0)
    return float(worst @ weight / weight.sum())


def draw_tails(
    years: Mapping[str, ArrayLike], target: float, currency: str = "USD", tails: Sequence[float] = TAILS
) -> go.Figure:
    """Draw how far the worst years end below the target, a row a plan.

    Parameters
    ----------
    years
        Bookings of the company in each simulated year, by plan.
    target
        Of the year, money.
    currency
        ISO 4217 code.
    tails
        Shares of the years that are worst, largest first.
    """
    figure = blank((ROW_HEIGHT + 16) * len(years) + 92, left=8, right=170, top=34, bottom=48)
    plans = list(years)
    middle = {plan: float(np.median(np.asarray(years[plan], dtype=float))) for plan in plans}
    means = {share: [tail_mean(years[plan], share) for plan in plans] for share in tails}
    worst = {plan: float(np.min(np.asarray(years[plan], dtype=float))) for plan in plans}
    for row, plan in enumerate(plans):
        line = {"color": palette.RULE, "width": 3}
        ends = [worst[plan] - target, middle[plan] - target]
        figure.add_trace(
            go.Scatter(x=ends, y=[row, row], mode="lines", line=line, hoverinfo="skip", showlegend=False)
        )
    looks = [
        ("middle year", [middle[plan] for plan in plans], {"symbol": "circle-open", "color": palette.INK}),
        *(
            (f"mean of the worst {share:.0%}", means[share], {"symbol": "diamond", "color": color})
            for share, color in zip(
                tails, ("#e0a26b", palette.VERDICTS["worse"], *palette.COLORS), strict=False
            )
        ),
        ("worst year", [worst[plan] for plan in plans], {"symbol": "line-ns-open", "color": palette.INK}),
    ]
    for name, values, mark in looks:
        figure.add_trace(
            go.Scatter(
                x=[value - target for value in values],
                y=list(range(len(plans))),
                mode="markers",
                name=name,
                marker={"size": 11, **mark},
                text=[
                    f"{literally(plan)}, {name}: {exact(value, currency)}, "
                    f"{_against(value - target, currency)}"
                    for plan, value in zip(plans, values, strict=True)
                ],
                hovertemplate="%{text}<extra></extra>",
                cliponaxis=False,
            )
        )
    for row in range(len(plans)):
        loss = means[tails[-1]][row] - target
        figure.add_annotation(
            xref="paper", x=1, xanchor="left", y=row, showarrow=False,
            text=f"  worst {tails[-1]:.0%}: {short(loss, currency)}",
            font={"color": palette.INK},
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": palette.INK, "width": 1.2})
    ticks = [literally(plan) for plan in plans]
    figure.update_yaxes(
        tickvals=list(range(len(plans))), ticktext=ticks, range=[len(plans) - 0.5, -0.5], showgrid=False
    )
    words = f"bookings of the year above or below the target of {short(target, currency)}, {symbol(currency)}"
    figure.update_xaxes(title_text=words.strip(), tickformat="~s")
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(showlegend=True, legend=legend)
    return figure


def _against(difference: float, currency: str) -> str:
    where = "below" if difference < 0 else "above"
    return f"{exact(abs(difference), currency)} {where} the target"
