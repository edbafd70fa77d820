"""How much of its quota every rep reaches, over all simulated years."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from evenfield.plots import palette
from evenfield.plots.before_and_after import ROW_HEIGHT
from evenfield.plots.style import blank, literally
from simulation import Outcome

LOOKS = (palette.AFTER, palette.BEFORE)


def draw_attainment(
    outcomes: Mapping[str, Outcome], names: Mapping[str, str] | None = None, *, at_most: int = 2
) -> go.Figure:
    """Draw a box a rep and plan: the middle half of all years, the median, and whiskers to p10 and p90.

    The axis ends at three times the middle p90 at most; a box beyond is not seen.

    Parameters
    ----------
    outcomes
        By name; the first is drawn in color, the second in gray below it.
    names
        Label by rep, safe for plotly; without it the id stands.
    at_most
        How many outcomes are drawn.
    """
    shown = dict(list(outcomes.items())[:at_most])
    reps = list(dict.fromkeys(rep for outcome in shown.values() for rep in outcome.reps))
    heights = {rep: i for i, rep in enumerate(reps)}
    figure = blank((ROW_HEIGHT + 8 * len(shown)) * len(reps) + 84, top=30, bottom=48)
    for i, (name, outcome) in enumerate(shown.items()):
        away = (i - (len(shown) - 1) / 2) * 0.38
        p10, p25, p50, p75, p90 = _quantiles(outcome)
        asked = np.isfinite(p50)
        rows = [heights[rep] + away for rep, there in zip(outcome.reps, asked, strict=True) if there]
        figure.add_trace(
            go.Box(
                orientation="h",
                name=literally(name),
                y=rows,
                lowerfence=p10[asked].tolist(),
                q1=p25[asked].tolist(),
                median=p50[asked].tolist(),
                q3=p75[asked].tolist(),
                upperfence=p90[asked].tolist(),
                width=0.3,
                whiskerwidth=0.5,
                line={"color": LOOKS[i % len(LOOKS)], "width": 1.5},
                fillcolor="rgba(31,95,168,.18)" if i == 0 else "rgba(154,163,173,.18)",
                hoverinfo="x",
                xhoverformat=".0%",
            )
        )
    figure.add_vline(x=1, line={"color": palette.INK, "width": 1.2})
    furthest = _end_of_axis(shown)
    figure.update_xaxes(range=[0, furthest])
    ticks = [(names or {}).get(rep, rep) for rep in reps]
    figure.update_yaxes(
        tickvals=list(range(len(reps))), ticktext=ticks, range=[len(reps) - 0.4, -0.6], showgrid=False
    )
    figure.update_xaxes(
        title_text="attainment of the yearly quota: p10, quarter, median, quarter, p90", tickformat=".0%"
    )
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
    figure.update_layout(showlegend=True, legend=legend, boxmode="overlay")
    return figure


def _end_of_axis(outcomes: Mapping[str, Outcome]) -> float:
    """End the axis at the largest p90, but not so far out that one tiny quota flattens all other boxes."""
    p90 = np.concatenate([_quantiles(outcome)[4] for outcome in outcomes.values()])
    p90 = p90[np.isfinite(p90)]
    if not len(p90):
        return 1.5
    return float(max(1.2, 1.04 * min(p90.max(), 3 * np.median(p90))))


def _quantiles(outcome: Outcome) -> np.ndarray:
    """Give five quantiles of every rep's year, shape (5, reps); NaN for a rep without a quota."""
    reps = len(outcome.reps)
    found = [outcome.attainment.quantile(place)[:reps, -1] for place in (0.1, 0.25, 0.5, 0.75, 0.9)]
    return np.round(np.stack(found), 4)
