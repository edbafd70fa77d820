"""A trade-off: every plan a dot, what may still be better a line beside it, today's book among them."""

import plotly.graph_objects as go

from evenfield.money import exact, symbol
from evenfield.plots import palette
from evenfield.plots.style import blank
from optimizer.tradeoffs import Compromise, Name, TradeOffs

SIZE = 430


def draw_frontier(found: TradeOffs, currency: str = "USD") -> go.Figure:
    """Draw a trade-off: the goal made least to the right, the first one held upward, both better when small.

    The gray line of a dot ends at its bound: no plan as good in what is held lies to the left of it. With
    three goals, points at one level of the second held goal are joined and share a color.

    Parameters
    ----------
    found
        What was found.
    currency
        ISO 4217 code.
    """
    across, up = found.least, found.over[0]
    figure = blank(SIZE, left=8, right=24, top=34, bottom=52)
    for number, (label, points) in enumerate(_lines(found, currency).items()):
        color = palette.AFTER if len(found.over) == 2 else palette.COLORS[number % len(palette.COLORS)]
        x, y = [p.figures[across] for p in points], [p.figures[up] for p in points]
        apart = [max(p.figures[across] - p.bound, 0.0) for p in points]
        reach = {"type": "data", "symmetric": False, "array": [0.0] * len(x), "arrayminus": apart}
        figure.add_trace(
            go.Scatter(
                x=x,
                y=y,
                mode="lines+markers",
                name=label,
                line={"color": color, "width": 1.2},
                marker={"size": 8, "color": color},
                error_x={**reach, "color": palette.BEFORE, "thickness": 3, "width": 0},
                text=[_words(point, found, currency) for point in points],
                hovertemplate="%{text}<extra></extra>",
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
    figure.update_layout(showlegend=True, legend=legend)
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


def _lines(found: TradeOffs, currency: str) -> dict[str, list[Compromise]]:
    """Group points that are joined: all, or those at one level of the second held goal."""
    lines: dict[str, list[Compromise]] = {}
    for point in sorted(found.points, key=lambda p: [*reversed(p.levels.values())]):
        label = "plans"
        if len(found.over) == 3:
            second = found.over[1]
            label = f"{second} at most {write_figure(second, point.levels[second], currency)}"
        lines.setdefault(label, []).append(point)
    return lines


def _words(point: Compromise, found: TradeOffs, currency: str) -> str:
    rows = [f"<b>{point.plan.name}</b>"]
    rows += [f"{name}: {write_figure(name, point.figures[name], currency)}" for name in found.over]
    rows.append(f"no plan so tight is under {write_figure(found.least, point.bound, currency)}")
    return "<br>".join(rows)


def _ticks(name: str) -> str:
    return {"balance": ".0%", "moves": ",d"}.get(name, "~s")


def _line(color: str, width: float) -> dict[str, object]:
    return {"color": color, "width": width}
