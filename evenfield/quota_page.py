"""`quotas.html`: who is asked for what, what reps may sell, what edits do, as a page that opens offline."""

import pandas as pd

from evenfield.money import exact
from evenfield.plots.quota_odds import draw_quota_odds
from evenfield.plots.quotas import draw_quotas
from evenfield.plots.style import labels
from evenfield.quota_judgement import yearly
from evenfield.report.sheet import Part, Sheet
from optimizer.quotas import Quotas, by_quarter
from optimizer.quotas.laws import Law
from optimizer.quotas.over_assignment import OverAssignment

Rows = tuple[tuple[str, ...], ...]


def quota_sheet(
    found: Quotas,
    law: Law,
    told_of: OverAssignment,
    effects: pd.DataFrame,
    judged: dict[str, pd.DataFrame],
    command: str,
) -> Sheet:
    """Lay out the page of quotas."""
    scenario = found.scenario
    parts = [
        _asked(found),
        _odds(found, law),
        *_edits(found, effects),
        _nodes(found),
        *_forecast(found, judged),
    ]
    doubts = judged["Quality"]
    warned = tuple(doubts.loc[doubts["verdict"] == "warning", "say"])
    asked = exact(found.asked, scenario.currency)
    proof = "every sum is proved" if found.checks["ok"].all() else "some sums do not add up"
    answer = (f"{asked} is asked of {len(scenario.reps)} reps; {proof}.", told_of.say, *warned)
    return Sheet("Who is asked for what", scenario.title or scenario.name, answer, command, tuple(parts))


def _asked(found: Quotas) -> Part:
    scenario = found.scenario
    figure = draw_quotas(by_quarter(scenario, found.cube), labels(scenario.reps), scenario.currency)
    return Part("Quotas by quarter", ("The base layer, after edits.",), figure)


def _odds(found: Quotas, law: Law) -> Part:
    scenario, quotas = found.scenario, yearly(found.scenario, found.cube)
    table = pd.DataFrame(
        {
            "low": law.quantile(0.1),
            "high": law.quantile(0.9),
            "expected": law.mean,
            "quota": quotas.to_numpy(),
            "chance": law.chance(quotas.to_numpy()),
        },
        index=scenario.reps.index,
    )
    words = (
        "A quota right of the bar is reached in fewer than one of ten years, left of it in more than nine.",
        "What reps sell does not answer the quota here; the simulated year knows that.",
    )
    return Part("What reps may sell", words, draw_quota_odds(table, labels(scenario.reps), scenario.currency))


def _edits(found: Quotas, effects: pd.DataFrame) -> list[Part]:
    if effects.empty:
        return []
    money = found.scenario.currency
    rows: Rows = tuple(
        (
            f"{e['edit']}: {e['says']}",
            exact(e["moves"], money),
            f"{e['most']} {exact(e['by'], money)}" if e["most"] else "",
            "" if pd.isna(e["at_quota"]) else f"{100 * e['at_quota']:+.1f} points",
        )
        for e in effects.to_dict("records")
    )
    columns = ("Edit", "Others have more or less by", "Most of all", "Reps at quota")
    return [Part("What each edit does", ("All other edits kept.",), columns=columns, rows=rows)]


def _nodes(found: Quotas) -> Part:
    cube, tree, money = found.cube, found.cube.people, found.scenario.currency
    periods = [k for k in range(len(cube.periods)) if cube.periods.depth[k] == 1]
    rows: Rows = tuple(
        (
            "\u2003" * int(tree.depth[node]) + tree.names[node],
            *(exact(cube.total(node, 0, k) * cube.unit, money) for k in periods),
            exact(cube.total(node) * cube.unit, money),
            exact(float(found.padded[node].sum()) * cube.unit, money),
        )
        for node in range(len(tree))
    )
    columns = ("Who", *(cube.periods.names[k] for k in periods), "Year", "Padded")
    words = ("Every node is the sum of those under it; reconciliation.csv proves it.",)
    return Part("All nodes", words, columns=columns, rows=rows)


def _forecast(found: Quotas, judged: dict[str, pd.DataFrame]) -> list[Part]:
    if "Forecast" not in judged:
        return []
    money, table = found.scenario.currency, judged["Forecast"]
    rows: Rows = tuple(
        (
            f"{r['by']} {r['name']}, {r['period']}",
            *(exact(r[k], money) for k in ("last_year", "forecast", "low", "high")),
        )
        for r in table.to_dict("records")
    )
    words = ("From the past alone; sales lie between low and high with a chance of 80 %.",)
    columns = ("Of", "A year before", "Forecast", "Low", "High")
    return [Part("Forecast", words, columns=columns, rows=rows)]
