"""The year of a rep as a picture: steps of bookings, the quota, marks where they happened."""

from datetime import date

import pandas as pd

from evenfield.plots import RepYear, draw_rep_year
from evenfield.plots.rep_year import MARKS

WORDS = {"bookings": "签约", **{k: k for k in ("quota", "effort", "empty", "away", *MARKS)}}
MONTHS = [str(n) for n in range(1, 13)]


def year(**changes):
    usual = {
        "start": date(2026, 4, 1),
        "days": 365,
        "orders": pd.DataFrame({"day": [10.0, 20.5], "amount": [30.0, 50.0]}),
        "quarters": pd.DataFrame({"quota": [100.0, 100.0, 0.0, 50.0], "end": [91, 183, 275, 365]}),
        "effort": pd.DataFrame({"day": [0.0, 7.0], "effort": [1.0, 1.4]}),
        "marks": pd.DataFrame({"day": [20.5, 15.0], "kind": ["won", "waiting"], "text": ["a", "b"]}),
        "empty": [(100.0, 130.0)],
    }
    return RepYear(**{**usual, **changes})


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_bookings_step_up_and_marks_stand_on_them():
    figure = draw_rep_year(year(), WORDS, MONTHS)
    drawn = traces(figure)
    assert list(drawn["签约"].y) == [0, 30, 80, 80]
    assert drawn["签约"].x[2] == "2026-04-21T12:00:00"  # day 20.5 from 1 April
    assert list(drawn["quota"].y) == [0, 100, 200, 200, 250]
    assert list(drawn["won"].y) == [80]
    assert list(drawn["waiting"].y) == [30]
    assert "refused" not in drawn
    assert list(drawn["effort"].y) == [1, 1.4, None]
    assert figure.layout.shapes[0].x0 == "2026-07-10T00:00:00"
    assert figure.layout.xaxis.tickvals[9] == "2027-01-01"


def test_without_orders_or_effort_there_is_still_a_picture():
    none = pd.DataFrame({"day": [], "amount": []})
    figure = draw_rep_year(year(orders=none, effort=pd.DataFrame({"day": [], "effort": []})), WORDS, MONTHS)
    assert list(traces(figure)["签约"].y) == [0, 0]
    assert "effort" not in traces(figure)
    assert figure.layout.yaxis.domain[0] == 0
