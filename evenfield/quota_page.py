"""`quotas.html`: who is asked for what, what reps may sell, what edits do, as a page that opens offline."""

import math
from collections.abc import Mapping
from typing import Any

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

ACTUALS = ("Rep", "Sales", "Of quota", "Grade", "Cost", "Against budget", "Cost grade")
"""Columns of actuals against quotas and budget."""

Rows = tuple[tuple[str, ...], ...]


def quota_sheet(
    found: Quotas,
    law: Law,
    told_of: OverAssignment,
    effects: pd.DataFrame,
    judged: dict[str, pd.DataFrame],
    kinds: dict[str, pd.DataFrame],
    command: str,
) -> Sheet:
    """Lay out the page of quotas."""
    scenario = found.scenario
    parts = [
        _asked(found),
        _odds(found, law),
        *_edits(found, effects),
        *_to_know(found, judged),
        _nodes(found),
        *_lines(found),
        _kinds(found, kinds),
        *_forecast(found, judged),
        *_actuals(found, judged),
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
            f"{_called(found, e['most'])} {exact(e['by'], money)}" if e["most"] else "",
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
            _indented(found, node),
            *(exact(cube.total(node, 0, k) * cube.unit, money) for k in periods),
            exact(cube.total(node) * cube.unit, money),
            exact(float(found.padded[node].sum()) * cube.unit, money),
        )
        for node in range(len(tree))
    )
    columns = ("Who", *(cube.periods.names[k] for k in periods), "Year", "Padded")
    words = ["Every node is the sum of those under it; reconciliation.csv proves it."]
    if (found.factor != 1).any():
        words.append(
            "The quota is the base layer, that of the quarters and the year: odds, pay and the simulated "
            "year use it. Padded is what is handed down, base times padding; it does not add up."
        )
    return Part("All nodes", tuple(words), columns=columns, rows=rows)


def _to_know(found: Quotas, judged: dict[str, pd.DataFrame]) -> list[Part]:
    """Say what the terminal says beside the tables: notes, doubts, the largest gaps from below."""
    reps = judged["Feasibility"]
    doubts = tuple(
        f"{_called(found, r['rep'])}: {r['say']}"
        for r in reps[reps["verdict"] == "warning"].to_dict("records")
    )
    told = {
        "Notes": notes(found),
        "Doubts about single quotas": doubts,
        "Seen from below": largest_gaps(judged),
    }
    return [Part(title, tuple(f"{line}." for line in lines)) for title, lines in told.items() if lines]


def notes(found: Quotas) -> tuple[str, ...]:
    """Say all notices in words."""
    said = []
    for notice in found.notices.to_dict("records"):
        about = " ".join(part for part in (notice["node"], notice["line"]) if part)
        amount = exact(notice["amount"], found.scenario.currency) if notice["amount"] else ""
        said.append(
            " ".join(part for part in (f"{about}:" if about else "", amount, notice["words"]) if part)
        )
    return tuple(said)


def largest_gaps(judged: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    """Say where the plan and what comes from below are furthest apart, three nodes at most."""
    below = judged["From below"].sort_values("rank")
    return tuple(below.loc[below["say"] != "", "say"].head(3))


def forecast_of_whom(row: Mapping[Any, Any]) -> str:
    """Name what a row of the forecast is about."""
    return "company" if row["by"] == "company" else f"{row['by']} {row['name']}"


def _called(found: Quotas, node: str) -> str:
    """Name a rep by name and key, as figures and tables do, anybody else by the node."""
    name = found.scenario.reps["name"].get(node, "")
    return f"{name} ({node})" if name and name != node else node


def _indented(found: Quotas, node: int) -> str:
    tree = found.cube.people
    return "\u2003" * int(tree.depth[node]) + _called(found, tree.names[node])


def _lines(found: Quotas) -> list[Part]:
    """Split the year by line, where there are some."""
    cube, money = found.cube, found.scenario.currency
    if len(cube.lines.leaves) < 2:
        return []
    rows: Rows = tuple(
        (
            _indented(found, node),
            *(exact(cube.total(node, int(line)) * cube.unit, money) for line in cube.lines.leaves),
        )
        for node in range(len(cube.people))
    )
    columns = ("Who", *(cube.lines.names[line] for line in cube.lines.leaves))
    return [Part("The year by line", ("The base layer, after edits.",), columns=columns, rows=rows)]


def _kinds(found: Quotas, kinds: dict[str, pd.DataFrame]) -> Part:
    money, won = kinds["collections"].drop(columns="later").sum(axis=1), kinds["new customers"].sum(axis=1)
    rows: Rows = tuple(
        (_called(found, str(rep)), exact(float(money[rep]), found.scenario.currency), f"{won[rep]:,.0f}")
        for rep in money.index
    )
    words = (
        "They cannot be edited: money to collect follows the quotas of bookings, with their edits; customers "
        "to win follow the customers near a rep. By period in other_quotas.csv.",
    )
    columns = ("Who", "To collect in the year", "Customers to win")
    return Part("Other quotas", words, columns=columns, rows=rows)


def _actuals(found: Quotas, judged: dict[str, pd.DataFrame]) -> list[Part]:
    if "Actuals" not in judged:
        return []
    money = found.scenario.currency
    rows: Rows = tuple(
        (
            _called(found, r["rep"]),
            exact(r["sales"], money),
            share(r["attainment"]),
            r["sales_grade"],
            exact(r["cost"], money),
            share(r["deviation"]),
            r["cost_grade"],
        )
        for r in judged["Actuals"].to_dict("records")
    )
    return [Part("Actuals against quotas and budget", columns=ACTUALS, rows=rows)]


def share(value: float) -> str:
    """Write a share in percent; nothing where there is none."""
    return f"{value:.1%}" if math.isfinite(value) else ""


def _forecast(found: Quotas, judged: dict[str, pd.DataFrame]) -> list[Part]:
    if "Forecast" not in judged:
        return []
    money, table = found.scenario.currency, judged["Forecast"]
    rows: Rows = tuple(
        (
            f"{forecast_of_whom(r)}, {r['period']}",
            *(exact(r[k], money) for k in ("last_year", "forecast", "low", "high")),
        )
        for r in table.to_dict("records")
    )
    words = (
        "From the past alone; sales lie between low and high with a chance of 80 %.",
        "Lines and regions add up to the company for the year; each quarter is forecast by itself, so "
        "quarters do not add up to the year, nor lines and regions to the company's quarters.",
    )
    columns = ("Of", "A year before", "Forecast", "Low", "High")
    return [Part("Forecast", words, columns=columns, rows=rows)]
