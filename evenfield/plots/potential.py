"""How much every rep's customers could buy, before and after, against a fair share of it."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from evenfield.money import short, symbol
from evenfield.plots import before_and_after
from evenfield.plots.hours import rep_order


def draw_potential(
    loads: pd.DataFrame,
    before: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    currency: str = "USD",
    words: tuple[str, str] = ("plan", "today's book"),
) -> go.Figure:
    """Draw the potential of every rep's book.

    Parameters
    ----------
    loads
        Index rep; columns potential and fair_potential, money a year, as `optimizer.loads` gives them.
    before
        The same for the book before; none: only the plan is drawn.
    names
        Label by rep, safe for plotly; without it the id stands.
    currency
        ISO 4217 code.
    words
        What plan and book before are called.
    """
    reps = rep_order(loads, before)
    old = loads.iloc[:0] if before is None else before
    fair = loads["fair_potential"].reindex(reps).fillna(old["fair_potential"].reindex(reps))
    rows = before_and_after.Rows(
        names=[(names or {}).get(rep, rep) for rep in reps],
        before=old["potential"].reindex(reps),
        after=loads["potential"].reindex(reps),
        mark=fair,
        words=(words[1], words[0], "fair share"),
        write=lambda amount: short(amount, currency),
    )
    return before_and_after.draw(rows, f"potential a year, {symbol(currency).strip()}", "~s")
