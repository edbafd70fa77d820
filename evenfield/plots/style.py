"""The look all figures share: quiet axes, direct labels, room for them, and text that stays text."""

import html
from collections import Counter

import pandas as pd
import plotly.graph_objects as go

from evenfield.plots import palette


def blank(height: int, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 40) -> go.Figure:
    """Make an empty figure in the house style.

    Parameters
    ----------
    height
        Pixels. The width is the page's.
    left, right, top, bottom
        Margins in pixels.
    """
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": left, "r": right, "t": top, "b": bottom},
        font={"family": palette.FONT, "size": 12, "color": palette.INK},
        paper_bgcolor="white",
        plot_bgcolor="white",
        showlegend=False,
        hoverlabel={
            "bgcolor": "white",
            "bordercolor": palette.RULE,
            "font": {"family": palette.FONT, "size": 12},
        },
    )
    figure.update_xaxes(gridcolor=palette.RULE, zeroline=False, ticks="", automargin=True)
    figure.update_yaxes(gridcolor=palette.RULE, zeroline=False, ticks="", automargin=True)
    return figure


def literally(text: object) -> str:
    """Make a text of the user's safe for plotly, which would take tags in it for its own.

    Examples
    --------
    >>> literally("<b>Smith & Sons</b>")
    '&lt;b&gt;Smith &amp; Sons&lt;/b&gt;'
    """
    return html.escape(str(text), quote=False)


def labels(reps: pd.DataFrame) -> dict[str, str]:
    """Name every rep so that no two share a label.

    Parameters
    ----------
    reps
        Index `rep`, column name.

    Returns
    -------
    dict
        By rep: the name, with the id behind it where two have the same name; the id where there is no name.
        Safe for plotly.
    """
    names = {str(rep): str(name).strip() or str(rep) for rep, name in reps["name"].items()}
    count = Counter(names.values())
    return {rep: literally(f"{name} ({rep})" if count[name] > 1 else name) for rep, name in names.items()}
