"""What the company books in a year, over all simulated years, against its target."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from evenfield.money import short, symbol
from evenfield.plots import palette
from evenfield.plots.style import blank, literally
from simulation import Outcome

BINS = 36
ROW_HEIGHT = 96
HEAD = 0.34


def draw_bookings(outcomes: Mapping[str, Outcome], currency: str = "USD") -> go.Figure:
    """Draw one histogram a plan, one below the other; years that reach its target in color.

    Parameters
    ----------
    outcomes
        By name.
    currency
        ISO 4217 code.
    """
    figure = blank(ROW_HEIGHT * len(outcomes) + 66, left=8, right=8, top=22, bottom=44)
    company = np.concatenate([outcome.company for outcome in outcomes.values()])
    width = max(np.ptp(company) / BINS, abs(company).max() * 1e-4, 1e-9)
    for row, (name, outcome) in enumerate(outcomes.items()):
        _draw_row(figure, -row, outcome, width, currency)
        _draw_target(figure, -row, outcome.target)
        _describe(figure, -row, name, outcome, currency)
    targets = {outcome.target for outcome in outcomes.values()}
    words = (
        f"target {short(targets.pop(), currency)}" if len(targets) == 1 else "each row's line is its target"
    )
    top = next(iter(outcomes.values())).target
    figure.add_annotation(x=top, y=1, yref="paper", yanchor="bottom", text=words, showarrow=False)
    figure.update_yaxes(visible=False, range=[1 - len(outcomes), 1.02])
    shown = np.concatenate([company, list({outcome.target for outcome in outcomes.values()})])
    figure.update_xaxes(range=[shown.min() - width, shown.max() + width])
    figure.update_xaxes(title_text=f"bookings of the year, {symbol(currency).strip()}", tickformat="~s")
    figure.update_layout(barmode="overlay", bargap=0.06)
    return figure


def _draw_row(figure: go.Figure, floor: float, outcome: Outcome, width: float, currency: str) -> None:
    """Draw a histogram whose bins have the target for an edge, so that no bar is on both sides of it."""
    first = np.floor((outcome.company.min() - outcome.target) / width)
    last = max(np.floor((outcome.company.max() - outcome.target) / width), first) + 1
    edges = outcome.target + width * np.arange(first, last + 1)
    counts, _ = np.histogram(outcome.company, edges)
    middles = (edges[:-1] + edges[1:]) / 2
    reached = middles > outcome.target
    figure.add_trace(
        go.Bar(
            x=middles.tolist(),
            y=(counts / max(counts.max(), 1) * (1 - HEAD)).tolist(),
            base=[floor] * len(middles),
            width=width * 0.94,
            marker={"color": np.where(reached, palette.AFTER, palette.NOBODY).tolist(), "line": {"width": 0}},
            text=[
                f"{count} of {outcome.replications} years: {short(low, currency)} to {short(high, currency)}"
                for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
            ],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )
    )
    grounds = {"color": palette.RULE, "width": 1}
    figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=floor, y1=floor, line=grounds)


def _draw_target(figure: go.Figure, floor: float, target: float) -> None:
    line = {"color": palette.INK, "width": 1.4}
    figure.add_shape(type="line", x0=target, x1=target, y0=floor, y1=floor + 1, line=line)


def _describe(figure: go.Figure, floor: float, name: str, outcome: Outcome, currency: str) -> None:
    p10, p90 = np.quantile(outcome.company, [0.1, 0.9])
    mean = short(float(outcome.company.mean()), currency)
    spread = f"{short(float(p10), currency)} to {short(float(p90), currency)}"
    figure.add_annotation(
        xref="paper",
        x=0,
        xanchor="left",
        y=floor + 0.92,
        yanchor="top",
        align="left",
        showarrow=False,
        text=f"<b>{literally(name)}</b>  reaches the target in {outcome.p_target:.0%} of years"
        f"<br>mean {mean}, p10 to p90 {spread}",
        bgcolor="rgba(255,255,255,.8)",
    )
