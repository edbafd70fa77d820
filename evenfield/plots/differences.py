"""How alternatives differ from a reference: paired differences, what luck could have made of it, verdicts."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from evenfield.comparison import BETTER, CONFIDENCE
from evenfield.figures import figure as in_words
from evenfield.figures import in_order
from evenfield.plots import palette
from evenfield.plots.style import blank, literally
from evenfield.scheme_study import BETTER as BETTER_SCHEMES

ROW_HEIGHT = 22
GAP = 0.6
"""Between figures, in rows."""


def draw_differences(rows: pd.DataFrame, replications: int, currency: str = "USD") -> go.Figure:
    """Draw one row for each figure and alternative: the difference and its 99 % interval; better is right.

    Every figure has its own scale, so only the numbers at the right compare across figures.

    Parameters
    ----------
    rows
        As of `evenfield.comparison.compare`, or of a comparison of schemes.
    replications
        Simulated years behind them.
    currency
        ISO 4217 code.
    """
    lines = _marks(rows.rename(columns={"scheme": "scenario"}), replications, currency)
    marks = [line for line in lines if math.isfinite(line.middle)]
    height = max((line.height for line in lines), default=0.0)
    page = blank(int(ROW_HEIGHT * (height + 1)) + 62, right=210, top=26, bottom=36)
    page.add_vline(x=0, line={"color": palette.INK, "width": 1.2})
    for mark in marks:
        page.add_shape(
            type="line", x0=mark.low, x1=mark.high, y0=mark.height, y1=mark.height, line=_line(mark, 3)
        )
        page.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=mark.height, text=mark.text, showarrow=False
        )
    page.add_trace(
        go.Scatter(
            x=[mark.middle for mark in marks],
            y=[mark.height for mark in marks],
            mode="markers",
            marker={"size": 9, "color": [palette.VERDICTS[mark.verdict] for mark in marks]},
            text=[mark.hover for mark in marks],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    for x, text in ((-0.5, "← worse"), (0.5, "better →")):
        page.add_annotation(
            x=x, y=1, yref="paper", yanchor="bottom", text=text, showarrow=False, font_color=palette.FAINT_INK
        )
    page.update_yaxes(
        tickvals=[line.height for line in lines],
        ticktext=[line.label for line in lines],
        range=[height + 0.7, -0.7],
        showgrid=False,
    )
    page.update_xaxes(range=[-1.08, 1.08], showticklabels=False, showgrid=False)
    return page


@dataclass(frozen=True)
class _Mark:
    """A row of the figure; positions are shares of its scale, better at the right; a heading has none."""

    height: float
    label: str
    low: float = math.nan
    middle: float = math.nan
    high: float = math.nan
    verdict: str = ""
    text: str = ""
    hover: str = ""


def _line(mark: _Mark, width: float) -> dict[str, object]:
    return {"color": palette.VERDICTS[mark.verdict], "width": width}


def _marks(rows: pd.DataFrame, replications: int, currency: str) -> list[_Mark]:
    reach = rows["standard_error"] * (
        stats.t.ppf((1 + CONFIDENCE) / 2, replications - 1) if replications > 1 else math.inf
    )
    known = rows.assign(reach=reach.fillna(0.0))
    names = in_order(set(known["figure"]))
    several = len(set(known["scenario"])) > 1
    marks: list[_Mark] = []
    height = 0.0
    for name in names:
        of_figure = known[known["figure"] == name]
        scale = float((of_figure["difference"].abs() + of_figure["reach"]).max()) or 1.0
        if several:
            marks.append(_Mark(height, f"<b>{in_words(name).label}</b>"))
            height += 1
        for row in of_figure.to_dict("records"):
            label = literally(row["scenario"]) if several else in_words(name).label
            marks.append(_mark(row, name, height, scale, label, currency))
            height += 1
        height += GAP if several else 0.0
    return marks


def _mark(
    row: dict[Hashable, Any], name: str, height: float, scale: float, label: str, currency: str
) -> _Mark:
    sign = 1 if (BETTER_SCHEMES | BETTER).get(name, "higher") == "higher" else -1
    middle, reach = sign * row["difference"] / scale, row["reach"] / scale
    words = in_words(name)
    difference = words.write_difference(row["difference"], currency)
    apart = f" ± {words.write_difference(row['reach'], currency)[1:]}" if row["reach"] else ""
    hover = (
        f"<b>{words.label}</b>, {literally(row['scenario'])}<br>{words.write(row['reference'], currency)} → "
        f"{words.write(row['other'], currency)}<br>{difference}{apart}<br>{row['verdict']}"
    )
    text = f"{difference}<span style='color:{palette.FAINT_INK}'>{apart}</span>"
    return _Mark(height, label, middle - reach, middle, middle + reach, str(row["verdict"]), text, hover)
