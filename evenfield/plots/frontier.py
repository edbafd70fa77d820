"""A trade-off: every plan a dot, what may still be better a line beside it, today's book among them.

With three goals the third is the color, and a second picture draws every plan as a line over all goals.
"""

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from evenfield.money import exact, symbol
from evenfield.plots import palette
from evenfield.plots.style import blank
from optimizer.trading.tradeoffs import Compromise, Name, TradeOffs

SIZE = 430

LIGHT = "#e0a458"
"""The other end of a scale that begins dark blue; told apart in any color vision and in gray."""


def draw_frontier(found: TradeOffs, currency: str = "USD") -> go.Figure:
    """Draw a trade-off: the goal made least to the right, the first one held upward, both better when small.

    The gray line of a dot ends at its bound: no plan as good in what is held lies to the left of it. With
    three goals the color says where a plan stands in the second held one, and numbers name the plans.

    Parameters
    ----------
    found
        What was found.
    currency
        ISO 4217 code.
    """
    across, up = found.least, found.over[0]
    three = len(found.over) == 3
    figure = blank(SIZE, left=8, right=24, top=34, bottom=52)
    points = sorted(found.points, key=lambda p: p.figures[across])
    x, y = [p.figures[across] for p in points], [p.figures[up] for p in points]
    apart = [max(p.figures[across] - p.bound, 0.0) for p in points]
    reach = {"type": "data", "symmetric": False, "array": [0.0] * len(x), "arrayminus": apart}
    marker = {"size": 8, "color": palette.AFTER}
    if three:
        marker = {"size": 14, "color": [p.figures[found.over[1]] for p in points], **_scale(found, currency)}
    figure.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="markers+text" if three else "lines+markers",
            name="plans",
            line={"color": palette.AFTER, "width": 1.2},
            marker=marker,
            text=[_number(p) for p in points] if three else None,
            textposition="top center",
            error_x={**reach, "color": palette.BEFORE, "thickness": 3, "width": 0},
            hovertext=[_words(point, found, currency) for point in points],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[found.today[across]],
            y=[found.today[up]],
            mode="markers+text",
            name="today's book",
            text=["today's book"],
            textposition="top center" if found.today[across] > 0 else "middle right",
            marker={"size": 12, "symbol": "diamond", "color": "white", "line": _line(palette.INK, 2)},
            hovertemplate="%{text}<extra></extra>",
        )
    )
    for update, name in ((figure.update_xaxes, across), (figure.update_yaxes, up)):
        update(title={"text": axis_title(name, found, currency), "standoff": 8}, tickformat=_ticks(name))
    top = max([found.today[up], *(point.figures[up] for point in found.points)])
    figure.update_yaxes(range=[-0.04 * top, 1.1 * top] if top > 0 else [-0.1, 1])
    legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
    figure.update_layout(showlegend=not three, legend=legend)
    return figure


def draw_plans(found: TradeOffs, currency: str = "USD") -> go.Figure:
    """Draw every plan as a line over all goals, each goal a scale of its own with its best at the bottom.

    Lines that cross between two goals are plans of which one is better in the one goal, one in the other.

    Parameters
    ----------
    found
        What was found.
    currency
        ISO 4217 code.
    """
    figure = blank(SIZE, left=70, right=70, top=30, bottom=60)
    goals = list(found.over)
    values = {name: [p.figures[name] for p in found.points] for name in goals}
    spans = {name: (min(values[name]), max(values[name])) for name in goals}
    colors = _colors(values[goals[0]])
    for point, color in zip(found.points, colors, strict=True):
        figure.add_trace(
            go.Scatter(
                x=list(range(len(goals))),
                y=[_place(point.figures[name], spans[name]) for name in goals],
                mode="lines+markers+text",
                line={"color": color, "width": 2},
                marker={"size": 7, "color": color},
                text=[""] * (len(goals) - 1) + [f" {_number(point)}"],
                textposition="middle right",
                name=point.plan.name,
                hovertext=[_words(point, found, currency)] * len(goals),
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    for position, name in enumerate(goals):
        figure.add_vline(x=position, line={"color": palette.RULE, "width": 1}, layer="below")
        for end, y, side in ((0, 0.0, "top"), (1, 1.0, "bottom")):
            figure.add_annotation(
                x=position, y=y, yanchor=side, showarrow=False, yshift=-6 if side == "top" else 6,
                text=write_figure(name, spans[name][end], currency), font={"color": palette.FAINT_INK},
            )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(goals))), ticktext=[f"<b>{name}</b>" for name in goals], showgrid=False,
        range=[-0.15, len(goals) - 0.8],
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.12, 1.12])
    return figure


def write_figure(name: str, value: float, currency: str) -> str:
    """Write where a plan stands in a goal, with its unit."""
    if name == "balance":
        return f"{value:.1%}"
    return f"{value:,.0f}" if name == "moves" else exact(value, currency)


def axis_title(name: Name, found: TradeOffs, currency: str) -> str:
    """Say what an axis shows and in which unit."""
    money = symbol(currency).strip()
    return {
        "balance": f"balance: largest departure from the fair share of {found.measure.replace('_', ' ')}",
        "moves": "customers who change their owner",
        "disruption": f"at risk because owners change, {money} a year",
        "travel": f"travel, {money} a year",
        "value": f"lost against each customer's best rep, {money} a year",
    }[name]


def _scale(found: TradeOffs, currency: str) -> dict[str, object]:
    """Describe the colors of the second held goal, with its ends written out."""
    name = found.over[1]
    values = [point.figures[name] for point in found.points]
    ends = sorted({min(values), max(values)})
    bar = {
        "title": {"text": name, "side": "right"},
        "tickvals": ends,
        "ticktext": [write_figure(name, value, currency) for value in ends],
        "thickness": 12,
        "outlinewidth": 0,
    }
    return {"colorscale": [[0, palette.QUARTERS[0]], [1, LIGHT]], "showscale": True, "colorbar": bar}


def _colors(values: list[float]) -> list[str]:
    """Color plans by rank, dark to light."""
    order = sorted(values)
    steps = sample_colorscale(
        [palette.QUARTERS[0], LIGHT], [n / max(len(values) - 1, 1) for n in range(len(values))]
    )
    return [steps[order.index(value)] for value in values]


def _place(value: float, span: tuple[float, float]) -> float:
    return (value - span[0]) / (span[1] - span[0]) if span[1] > span[0] else 0.5


def _number(point: Compromise) -> str:
    return point.plan.name.split()[-1]


def _words(point: Compromise, found: TradeOffs, currency: str) -> str:
    rows = [f"<b>{point.plan.name}</b>"]
    rows += [f"{name}: {write_figure(name, point.figures[name], currency)}" for name in found.over]
    rows.append(f"no plan so tight is under {write_figure(found.least, point.bound, currency)}")
    return "<br>".join(rows)


def _ticks(name: str) -> str:
    return {"balance": ".0%", "moves": ",d"}.get(name, "~s")


def _line(color: str, width: float) -> dict[str, object]:
    return {"color": color, "width": width}
