"""Who serves whom, on a map: customers as dots in their rep's color, reps' homes by name.

Needs no tile server and no network.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from evenfield.lettering import width as text_width
from evenfield.money import exact
from evenfield.plots import palette
from evenfield.plots.backdrop import land
from evenfield.plots.placing import place
from evenfield.plots.projection import View, views
from evenfield.plots.style import blank, labels, literally
from scenarios import Scenario

Array = NDArray[np.float64]

SEA, LAND, BORDER = "#eaf0f4", "#fbfaf7", "#c9ced3"
LEGEND_HEIGHT = 64
MOST_OF_THE_PAGE, GAP_BETWEEN_VIEWS, ROOM_AROUND = 0.64, 0.012, 1.12
LARGEST_DOT, SMALLEST_DOT = 19.0, 4.5
NOBODY = palette.Look(palette.NOBODY, "circle-open")
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
PIXELS_PER_LETTER, LABEL_HEIGHT = 6.2, 15.0


def draw_territory_map(
    scenario: Scenario, owner: pd.Series, was: pd.Series | None = None, *, width: int = 560, height: int = 460
) -> go.Figure:
    """Draw who serves whom.

    Parameters
    ----------
    scenario
        Customers (places, potential) and reps (homes, names).
    owner
        Index customer, value rep id or `""`: the book to draw.
    was
        The book before. Where given, customers whose rep differs get a dark ring, and the hover text says who
        had them.
    width, height
        In pixels. The figure follows the page's width; `width` is what names are placed for.

    Returns
    -------
    go.Figure
        One panel for each part of the world; one trace for each rep and panel, so that a click in the legend
        hides or shows a rep.
    """
    figure = blank(height, left=0, right=0, top=0, bottom=LEGEND_HEIGHT)
    figure.update_layout(
        plot_bgcolor=SEA,
        dragmode="pan",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -0.015, "yanchor": "top", "itemsizing": "constant"},
    )
    figure.update_layout(legend_font_size=11, legend_tracegroupgap=0)
    dots = _dots(scenario, owner, was)
    _add_legend(figure, dots, scenario)
    homes = scenario.reps[["longitude", "latitude"]]
    places = pd.concat([dots, homes])[["longitude", "latitude"]].to_numpy(dtype=float)
    page = width, height - LEGEND_HEIGHT
    parts, part = views(*places.T)
    for i, (view, domain) in enumerate(zip(parts, _arranged(parts, page), strict=True)):
        panel = _panel(figure, view, i, domain, page)
        _draw_land(panel)
        _draw_customers(panel, dots[part[: len(dots)] == i], scenario)
        _draw_homes(panel, homes[part[len(dots) :] == i], dots[part[: len(dots)] == i], scenario)
    return figure


def _add_legend(figure: go.Figure, dots: pd.DataFrame, scenario: Scenario) -> None:
    """Name every rep with customers once, by markers of one size; a click there acts on all its dots."""
    names = labels(scenario.reps)
    for rep, look in {**palette.looks(scenario.reps), "": NOBODY}.items():
        if (dots["rep"] == rep).any():
            marker = {"color": look.color, "symbol": look.symbol, "size": 9}
            figure.add_trace(
                go.Scatter(
                    x=[None],
                    y=[None],
                    mode="markers",
                    marker=marker,
                    name=names.get(rep, "nobody"),
                    legendgroup=rep or "nobody",
                    hoverinfo="skip",
                )
            )


@dataclass(frozen=True)
class _Panel:
    """A part of the world in its place on the page."""

    figure: go.Figure
    view: View
    axes: dict[str, str]
    size: tuple[float, float]
    """Width and height, pixels."""
    km: float
    """What a pixel spans."""


@dataclass(frozen=True)
class _Domain:
    """Where a panel stands, as shares of the figure's width and height."""

    left: float
    right: float
    bottom: float
    top: float


def _arranged(parts: list[View], page: tuple[float, float]) -> list[_Domain]:
    """Give the first part of the world most of the page, the others a column or a row beside it.

    Whichever shows the first part larger.
    """
    if len(parts) == 1:
        return [_Domain(0, 1, 0, 1)]
    near, far = MOST_OF_THE_PAGE - GAP_BETWEEN_VIEWS / 2, MOST_OF_THE_PAGE + GAP_BETWEEN_VIEWS / 2
    ends = np.linspace(0, 1, len(parts)).tolist()
    spans = [(start + GAP_BETWEEN_VIEWS * (start > 0), end) for start, end in itertools.pairwise(ends)]
    in_column = [_Domain(0, near, 0, 1), *(_Domain(far, 1, 1 - end, 1 - start) for start, end in spans)]
    in_row = [_Domain(0, 1, 1 - near, 1), *(_Domain(start, end, 0, 1 - far) for start, end in spans)]
    return min(in_column, in_row, key=lambda domains: _km_per_pixel(parts[0], domains[0], page))


def _km_per_pixel(view: View, domain: _Domain, page: tuple[float, float]) -> float:
    width, height = page[0] * (domain.right - domain.left), page[1] * (domain.top - domain.bottom)
    x, y = view.project(*_frame(view))
    return float(ROOM_AROUND * max(np.ptp(x) / width, np.ptp(y) / height))


def _panel(figure: go.Figure, view: View, number: int, domain: _Domain, page: tuple[float, float]) -> _Panel:
    size = page[0] * (domain.right - domain.left), page[1] * (domain.top - domain.bottom)
    x, y = view.project(*_frame(view))
    km = _km_per_pixel(view, domain, page)
    tail = "" if number == 0 else str(number + 1)
    for axis, values, pixels, ends in (
        ("x", x, size[0], [domain.left, domain.right]),
        ("y", y, size[1], [domain.bottom, domain.top]),
    ):
        middle = (values.max() + values.min()) / 2
        figure.layout[f"{axis}axis{tail}"] = {
            "visible": False,
            "domain": ends,
            "range": [middle - km * pixels / 2, middle + km * pixels / 2],
            "anchor": ("y" if axis == "x" else "x") + tail,
        }
    figure.layout[f"yaxis{tail}"].scaleanchor = f"x{tail}"
    return _Panel(figure, view, {"xaxis": f"x{tail}", "yaxis": f"y{tail}"}, size, km)


def _frame(view: View) -> tuple[Array, Array]:
    """Walk around the edges of a view, in degrees."""
    along = np.linspace(0, 1, 20)
    x = view.middle + view.west + (view.east - view.west) * np.concatenate([along, along])
    y = np.concatenate([np.full(20, view.south), np.full(20, view.north)])
    return x, y


def _dots(scenario: Scenario, owner: pd.Series, was: pd.Series | None) -> pd.DataFrame:
    customers = scenario.customers
    dots = customers[["longitude", "latitude", "potential", "name", "city"]].copy()
    dots["rep"] = owner.reindex(customers.index).fillna("")
    before = dots["rep"] if was is None else was.reindex(customers.index).fillna("")
    dots["moved"] = before != dots["rep"]
    names = {**labels(scenario.reps), "": "nobody"}
    dots["who"] = dots["rep"].map(names).fillna(dots["rep"])
    dots["before"] = before.map(names).fillna(before).where(dots["moved"], "")
    largest = dots["potential"].max() or 1.0
    dots["size"] = np.maximum(np.sqrt(dots["potential"] / largest) * LARGEST_DOT, SMALLEST_DOT)
    return dots.sort_values("size", ascending=False, kind="stable")


def _draw_land(panel: _Panel) -> None:
    x, y = land(panel.view, panel.size[0] * panel.km, panel.size[1] * panel.km)
    panel.figure.add_trace(
        go.Scatter(
            x=_coordinates(x, panel.km),
            y=_coordinates(y, panel.km),
            mode="lines",
            fill="toself",
            fillcolor=LAND,
            line={"color": BORDER, "width": 0.8},
            hoverinfo="skip",
            showlegend=False,
            **panel.axes,
        )
    )


def _draw_customers(panel: _Panel, dots: pd.DataFrame, scenario: Scenario) -> None:
    x, y = _spread_out(panel, dots)
    look = palette.looks(scenario.reps)
    for rep in [*scenario.reps.index, ""]:
        for moved in (False, True):
            drawn = ((dots["rep"] == rep) & (dots["moved"] == moved)).to_numpy()
            if not drawn.any():
                continue
            book = dots[drawn]
            panel.figure.add_trace(
                go.Scatter(
                    x=_coordinates(x[drawn], panel.km),
                    y=_coordinates(y[drawn], panel.km),
                    mode="markers",
                    legendgroup=rep or "nobody",
                    showlegend=False,
                    marker=_marker(book, look.get(rep, NOBODY), moved),
                    text=_texts(book, scenario.currency),
                    hovertemplate="%{text}<extra></extra>",
                    **panel.axes,
                )
            )


def _marker(book: pd.DataFrame, look: palette.Look, moved: bool) -> dict[str, Any]:
    line = {"width": 1.1, "color": palette.INK} if moved else {"width": 0.5, "color": "#7b858f"}
    sizes = book["size"].round(1).tolist()
    return {"size": sizes, "color": look.color, "symbol": look.symbol, "opacity": 0.95, "line": line}


def _texts(book: pd.DataFrame, currency: str) -> list[str]:
    """Say on hovering who the customer is, whose it is and was."""
    columns = book[["name", "city", "potential", "who", "before"]].to_numpy(dtype=object)
    return [
        f"<b>{literally(name or customer)}</b><br>{literally(city)}<br>potential {exact(potential, currency)}"
        f"<br>{who}" + (f" (was: {before})" if before else "")
        for customer, (name, city, potential, who, before) in zip(book.index, columns, strict=True)
    ]


def _spread_out(panel: _Panel, dots: pd.DataFrame) -> tuple[Array, Array]:
    """Project customers, those of one place around it like the seeds of a sunflower."""
    x, y = panel.view.project(dots["longitude"].to_numpy(), dots["latitude"].to_numpy())
    number = dots.groupby(["longitude", "latitude"]).cumcount().to_numpy()
    away = np.sqrt(number) * 5.0 * panel.km
    return x + away * np.cos(number * GOLDEN_ANGLE), y + away * np.sin(number * GOLDEN_ANGLE)


def _draw_homes(panel: _Panel, homes: pd.DataFrame, dots: pd.DataFrame, scenario: Scenario) -> None:
    if homes.empty:
        return
    x, y = panel.view.project(homes["longitude"].to_numpy(), homes["latitude"].to_numpy())
    look, names = palette.looks(scenario.reps), labels(scenario.reps)
    colors = [look[rep].color for rep in homes.index]
    panel.figure.add_trace(
        go.Scatter(
            x=_coordinates(x, panel.km),
            y=_coordinates(y, panel.km),
            mode="markers",
            marker={
                "symbol": "square",
                "size": 9,
                "color": colors,
                "line": {"width": 2, "color": palette.INK},
            },
            text=[f"<b>{names[r]}</b><br>{literally(scenario.reps.loc[r, 'home'])}" for r in homes.index],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            **panel.axes,
        )
    )
    widths = [text_width(names[rep]) * PIXELS_PER_LETTER + 4 for rep in homes.index]
    covered = np.column_stack(_spread_out(panel, dots)) / panel.km
    axes = [panel.figure.layout[f"{axis}axis{panel.axes[axis + 'axis'][1:]}"] for axis in "xy"]
    edges = [edge / panel.km for axis in axes for edge in axis.range]
    centers = place(x / panel.km, y / panel.km, widths, LABEL_HEIGHT, gap=8.0, dots=covered, frame=edges)
    for i, rep in enumerate(homes.index):
        panel.figure.add_annotation(
            x=float(x[i]),
            y=float(y[i]),
            xref=panel.axes["xaxis"],
            yref=panel.axes["yaxis"],
            ax=round(centers[i, 0] - x[i] / panel.km),
            ay=round(y[i] / panel.km - centers[i, 1]),
            text=names[rep],
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=palette.INK,
            font={"size": 11, "color": palette.INK},
            bgcolor="rgba(255,255,255,0.85)",
            bordercolor=colors[i],
            borderwidth=1.5,
            borderpad=1,
        )


def _coordinates(values: Array, km: float) -> list[float | None]:
    """Round to a tenth of a pixel: what nobody sees need not be stored."""
    digits = max(0, int(np.ceil(1 - np.log10(km))))
    return [None if np.isnan(v) else v for v in np.round(values, digits).tolist()]
