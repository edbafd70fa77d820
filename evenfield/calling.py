"""What `evenfield calls` answers: the JSON, the files, and the tables for people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from evenfield.money import exact
from evenfield.plots.calls_map import draw_calls
from evenfield.report.page import standalone
from evenfield.terminal import answers, show_table
from optimizer.calls import CallPlan
from optimizer.frequencies import hours_for_visits
from scenarios import Scenario

CALLS_FILE, FREQUENCIES_FILE, MAP_FILE = "calls.csv", "frequencies.csv", "calls.html"


def calls_words(scenario: Scenario, owner: pd.Series, made: CallPlan, seed: int) -> dict[str, Any]:
    """Describe a call plan."""
    often = made.frequencies
    names = ("promised", "visits", "hours_promised", "hours", "sales_promised", "sales")
    return {
        "rep": made.rep,
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
        "customers": len(often),
        "hours_for_visits": hours_for_visits(scenario, owner, made.rep),
        **{f"{name}_a_year": float(often[name].sum()) for name in names},
        "tiers": _by_tier(often),
        "calls": made.calls,
        "days": made.days,
        "unserved": made.unserved,
    }


def save_calls(folder: Path, scenario: Scenario, made: CallPlan) -> None:
    """Write `calls.csv`, `frequencies.csv` and `calls.html`, a map of every day."""
    made.calls.to_csv(folder / CALLS_FILE, index=False, lineterminator="\n")
    made.frequencies.round(4).to_csv(folder / FREQUENCIES_FILE, lineterminator="\n")
    title = f"Calls of {scenario.reps['name'][made.rep] or made.rep}"
    standalone(draw_calls(scenario, made), title, folder / MAP_FILE)


def show_calls(scenario: Scenario, made: CallPlan, words: Mapping[str, Any]) -> None:
    """Show how often to call by tier, then the calls day by day."""
    money = scenario.currency
    rows = [
        [
            str(tier["tier"]) or "none",
            f"{tier['customers']:,}",
            f"{tier['promised']:,.0f}",
            f"{tier['visits']:,.0f}",
            f"{tier['hours_promised']:,.0f}",
            f"{tier['hours']:,.0f}",
            exact(tier["sales_promised"], money),
            exact(tier["sales"], money),
        ]
        for tier in words["tiers"]
    ]
    columns = ["tier", "customers", "visits promised", "best", "hours", "best", "expected sales", "best"]
    show_table(f"{made.rep}: how often to call, a year", columns, rows)
    answers.print(f"Hours for visits: {words['hours_for_visits']:,.0f} a year.")
    names = scenario.customers["name"]
    records: Any = made.calls.itertuples()
    lines = [
        [
            f"{call.week} {call.day} {call.order}",
            str(call.customer),
            str(names[call.customer]),
            call.arrive,
            call.leave,
            f"{call.drive_minutes} min",
            f"{call.km:,.0f} km",
        ]
        for call in records
    ]
    columns = ["week, day, order", "customer", "name", "arrive", "leave", "drive", "way"]
    show_table(f"{made.rep}: {len(made.calls)} calls", columns, lines)
    left: Any = made.unserved.itertuples()
    for item in left:
        answers.print(f"Not served in week {item.week}: {item.customer}: {item.reason}", markup=False)


def _by_tier(often: pd.DataFrame) -> list[dict[str, Any]]:
    columns = ["promised", "visits", "hours_promised", "hours", "sales_promised", "sales"]
    table = often.groupby("tier")[columns].sum()
    table.insert(0, "customers", often.groupby("tier").size())
    return [{"tier": str(tier), **table.loc[tier].to_dict()} for tier in table.index]
