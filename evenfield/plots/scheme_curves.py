"""What a quarter pays by attainment, a line a scheme."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from evenfield.plots import palette
from evenfield.plots.style import blank

Numbers = NDArray[np.float64]


def draw_curves(lines: Mapping[str, tuple[Numbers, Numbers]]) -> go.Figure:
    """Draw pay by attainment.

    Parameters
    ----------
    lines
        Attainment and pay over the quarter's target incentive, by name of the scheme.
    """
    page = blank(360, left=70, right=20, top=20, bottom=80)
    for number, (name, (at, paid)) in enumerate(lines.items()):
        page.add_trace(
            go.Scatter(
                x=at,
                y=paid,
                mode="lines",
                name=name,
                line={"color": palette.COLORS[number % len(palette.COLORS)], "width": 2.5},
                hovertemplate="%{x:.0%} of quota pays %{y:.2f}<extra>" + name + "</extra>",
            )
        )
    page.add_vline(x=1, line={"color": palette.FAINT_INK, "width": 1, "dash": "dot"})
    page.update_xaxes(title="Attainment of the quarter's quota", tickformat=".0%")
    page.update_yaxes(title="Pay over target incentive", rangemode="tozero")
    page.update_layout(showlegend=True, legend={"orientation": "h", "y": -0.25})
    return page
