"""Who wins and who loses pay under another scheme: a dot a rep, in order."""

import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from evenfield.comparison import CONFIDENCE
from evenfield.money import short
from evenfield.plots import palette
from evenfield.plots.style import blank

LOOKS = {
    **{"wins": "better", "newly paid": "better", "loses": "worse", "left unpaid": "worse"},
    "not distinguishable yet": "not distinguishable yet",
}
ROW = 20
MOST = 60
"""Reps drawn; of more, those who win or lose most."""


def draw_people(people: pd.DataFrame, currency: str) -> go.Figure:
    """Draw the mean difference of pay a year and its 99 % interval, a row a rep.

    Parameters
    ----------
    people
        rep, difference, standard_error (money) and verdict, in the order to show them.
    currency
        ISO 4217 code.
    """
    if len(people) > MOST:
        people = pd.concat([people.head(MOST // 2), people.tail(MOST // 2)])
    page = blank(ROW * len(people) + 112, left=150, right=30, top=32, bottom=50)
    reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * people["standard_error"]
    page.add_trace(
        go.Scatter(
            x=people["difference"],
            y=people["rep"],
            mode="markers",
            marker={"size": 9, "color": [palette.VERDICTS[LOOKS[v]] for v in people["verdict"]]},
            error_x={
                "type": "data",
                "array": reach,
                "thickness": 1.2,
                "width": 0,
                "color": palette.FAINT_INK,
            },
            text=[short(value, currency) for value in people["difference"]],
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    page.add_vline(x=0, line={"color": palette.INK, "width": 1.2})
    page.update_yaxes(range=[len(people) - 0.4, -0.6], showgrid=False, type="category")
    page.update_xaxes(title="Pay a year against the reference")
    return page
