"""How full every rep's year is, before and after, against the hours there are."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from evenfield.plots import before_and_after


def draw_hours(
    loads: pd.DataFrame,
    before: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    words: tuple[str, str] = ("plan", "today's book"),
) -> go.Figure:
    """Draw the hours that promised work takes.

    Parameters
    ----------
    loads
        Index rep; columns hours and capacity_hours, hours a year, as `optimizer.loads` gives them.
    before
        The same for the book before; none: only the plan is drawn.
    names
        Label by rep, safe for plotly; without it the id stands.
    words
        What plan and book before are called.
    """
    reps = rep_order(loads, before)
    old = loads.iloc[:0] if before is None else before
    capacity = loads["capacity_hours"].reindex(reps).fillna(old["capacity_hours"].reindex(reps))
    rows = before_and_after.Rows(
        names=[(names or {}).get(rep, rep) for rep in reps],
        before=old["hours"].reindex(reps),
        after=loads["hours"].reindex(reps),
        mark=capacity,
        words=(words[1], words[0], "hours there are"),
        write=lambda hours: f"{hours:,.0f} h",
    )
    return before_and_after.draw(rows, "hours a year, visits, travel and selling", ",.0f")


def rep_order(loads: pd.DataFrame, before: pd.DataFrame | None) -> list[str]:
    """List the reps of the plan, then those only the book before had."""
    gone = [] if before is None else [rep for rep in before.index if rep not in loads.index]
    return [*loads.index, *gone]
