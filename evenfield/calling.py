"""What `evenfield calls` answers: the JSON, the files, and the tables for people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from evenfield.answering import write_json
from evenfield.money import exact
from evenfield.options import Json, Seed, again, made_folder
from evenfield.plots.calls_map import draw_calls
from evenfield.plots.outlines import ATTRIBUTION
from evenfield.report.sheet import Part, Sheet, write_sheet
from evenfield.saving import load_plan
from evenfield.terminal import answers, print_json, say, show_table, told, working
from optimizer.calling.calls import CallPlan, call_plan
from optimizer.calling.frequencies import Keep, hours_for_visits
from optimizer.calling.service import day_named, days_of_weeks, service
from scenarios import Scenario

CALLS_FILE, FREQUENCIES_FILE, MAP_FILE = "calls.csv", "frequencies.csv", "calls.html"
TRIPS_FILE, UNSERVED_FILE = "trips.csv", "unserved.csv"

SHOWN = 15
"""Rows of a table on the screen; the page and the files hold all."""


def calls_command(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="The --out folder of an earlier `evenfield plan`")
    ],
    rep: Annotated[str, typer.Option("--rep", help="Whose calls: a key of reps.csv")],
    weeks: Annotated[int, typer.Option("--weeks", help="Weeks to plan", min=1)] = 1,
    first_week: Annotated[int, typer.Option("--first-week", help="First of them in the year", min=1)] = 1,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep", help="Hold the promised visits of this tier only; may be repeated [default: of all]"
        ),
    ] = None,
    let_go: Annotated[
        bool,
        typer.Option(
            "--let-go", help="Hold the promised visits of rules.top_tiers only, where hours bring most"
        ),
    ] = False,
    promised: Annotated[
        bool, typer.Option("--promised", help="Plan the promised visits, and no more where hours are left")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the results [default: PLAN/calls/REP]")
    ] = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Turn a rep's plan into calls: how often on whom, on which day, in which order, when."""
    with told(as_json):
        asked, decided = load_plan(plan)
        with working(f"planning the calls of {rep}"):
            made = call_plan(
                asked,
                decided.owner,
                rep,
                weeks=weeks,
                first_week=first_week,
                keep=_kept(asked, keep, let_go),
                promised=promised,
                seed=seed,
            )
        folder = made_folder(out or Path(plan) / "calls" / "".join(c if c.isalnum() else "-" for c in rep))
        words = calls_words(asked, decided.owner, made, seed)
        span = {"rep": rep, "weeks": weeks, "first_week": first_week}
        held = "".join(f" --keep {tier}" for tier in keep or []) + " --let-go" * let_go
        command = again("calls", plan, None, **span, seed=seed) + held + " --promised" * promised
        save_calls(folder, asked, made, words, command)
        write_json(folder / "calls.json", words)
        if as_json:
            print_json(words)
        else:
            show_calls(asked, made, words)
        say(f"Saved in {folder}")


def _kept(scenario: Scenario, keep: list[str] | None, let_go: bool) -> Keep:
    """Say whose promised visits are held."""
    if keep is not None:
        return tuple(keep)
    return scenario.rules.top_tiers if let_go else "all"


def calls_words(scenario: Scenario, owner: pd.Series, made: CallPlan, seed: int) -> dict[str, Any]:
    """Describe a call plan."""
    often = made.frequencies
    names = ("promised", "visits", "hours_promised", "hours", "sales_promised", "sales")
    fewer = often[often["why"] != ""]
    columns = ["tier", "promised", "visits", "why", "worth_left_out"]
    return {
        "rep": made.rep,
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
        "customers": len(often),
        "hours_for_visits": hours_for_visits(scenario, owner, made.rep),
        "presence": _presence(scenario, owner, made),
        **{f"{name}_a_year": float(often[name].sum()) for name in names},
        "tiers": _by_tier(often),
        "fewer_than_promised": _counted(fewer[columns].rename_axis("customer").reset_index()),
        "calls": made.calls,
        "days": made.days,
        "trips": made.trips,
        "unserved": made.unserved,
        "extras_left": made.extras_left,
    }


def _presence(scenario: Scenario, owner: pd.Series, made: CallPlan) -> dict[str, Any]:
    """Say when the seat is filled in the plan year, and whom it serves until colleagues start."""
    served = service(scenario, owner, made.rep)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], served.filled.astype(int), [0]])))
    held = [
        {
            "rep": str(rep),
            "name": str(scenario.reps["name"][str(rep)] or rep),
            "starts": day_named(scenario, served.until[customers].iloc[0]),
            "customers": len(customers),
            "visit_hours": float(made.frequencies.loc[customers, "hours"].sum()),
        }
        for rep, customers in owner[served.held].groupby(owner[served.held]).groups.items()
    ]
    weeks = served.filled[days_of_weeks(scenario)].any(axis=1)
    return {
        "filled": [
            {"from": day_named(scenario, first), "to": day_named(scenario, beyond - 1)}
            for first, beyond in edges.reshape(-1, 2).tolist()
        ],
        "days_filled": int(served.filled.sum()),
        "days_of_the_year": len(served.filled),
        "first_week": int(weeks.argmax()) + 1 if weeks.any() else None,
        "weeks_without_calls": list(made.idle_weeks),
        "held_over": held,
    }


def save_calls(
    folder: Path, scenario: Scenario, made: CallPlan, words: Mapping[str, Any], command: str
) -> None:
    """Write calls, trips, frequencies and unserved customers as CSV, and a page with a map of every day."""
    made.calls.to_csv(folder / CALLS_FILE, index=False, lineterminator="\n")
    made.trips.to_csv(folder / TRIPS_FILE, index=False, lineterminator="\n")
    made.unserved.to_csv(folder / UNSERVED_FILE, index=False, lineterminator="\n")
    often = _counted(made.frequencies.round(4))
    often.to_csv(folder / FREQUENCIES_FILE, lineterminator="\n")
    write_sheet(calls_sheet(scenario, made, words, command), folder / MAP_FILE, scenario.currency)


def show_calls(scenario: Scenario, made: CallPlan, words: Mapping[str, Any]) -> None:
    """Show how often to call by tier, who gets fewer visits than promised, and the calls day by day."""
    for sentence in _answer(made, words):
        answers.print(sentence, markup=False)
    for part in _tables(scenario, made, words):
        show_table(part.title, list(part.columns), [list(row) for row in part.rows[:SHOWN]])
        if len(part.rows) > SHOWN:
            answers.print(f"... and {len(part.rows) - SHOWN} more in the files.")
    calls = _calls(scenario, made)
    show_table(calls.title, list(calls.columns), [list(row) for row in calls.rows])


def calls_sheet(scenario: Scenario, made: CallPlan, words: Mapping[str, Any], command: str) -> Sheet:
    """Write a call plan as a page: a map of every day where there are calls, then the tables."""
    drawn = []
    if not made.calls.empty:
        drawn = [Part("Where, day by day", (ATTRIBUTION,), draw_calls(scenario, made), is_map=True)]
    title = f"Calls of {scenario.reps['name'][made.rep] or made.rep}"
    over = f"{scenario.title or scenario.name} · plan year from {scenario.year.start:%B %Y}"
    parts = (*drawn, *_tables(scenario, made, words), _calls(scenario, made))
    return Sheet(title, over, tuple(_answer(made, words)), command, parts)


def _answer(made: CallPlan, words: Mapping[str, Any]) -> list[str]:
    said = [
        f"{len(made.calls)} calls. Visits take {words['hours_a_year']:,.0f} of the "
        f"{words['hours_for_visits']:,.0f} hours of the plan year there are for them; the promised ones "
        f"alone take {words['hours_promised_a_year']:,.0f}.",
        *_when_served(made, words["presence"]),
    ]
    fewer = len(words["fewer_than_promised"])
    if fewer:
        said.append(
            f"{_customers(fewer)} fewer visits than promised; --promised plans the promised visits and no "
            "more, --keep TIER holds those of a tier."
        )
    else:
        said.append("Nobody gets fewer visits a year than promised; --let-go shows what that costs.")
    if not made.unserved.empty:
        missing = int(made.unserved["missing"].sum())
        many = "1 promised visit" if missing == 1 else f"{missing} promised visits"
        said.append(f"Not made in these weeks: {many}; the table says what is missing.")
    if made.extras_left:
        many = "1 visit" if made.extras_left == 1 else f"{made.extras_left} visits"
        said.append(f"{many} beyond the promised ones found no room.")
    return said


def _when_served(made: CallPlan, presence: Mapping[str, Any]) -> list[str]:
    """Say when the seat is filled, where that is not all year, and who is served for colleagues."""
    said = []
    if presence["days_filled"] < presence["days_of_the_year"]:
        times = " and ".join(f"from {part['from']} to {part['to']}" for part in presence["filled"])
        said.append(
            f"In the plan year the seat is filled {times or 'on no day'}: the hours are those of these "
            f"{presence['days_filled']} of {presence['days_of_the_year']} days; visits and sales are told "
            "for a full year."
        )
    if made.idle_weeks:
        many = len(made.idle_weeks)
        weeks = "1 of the weeks asked for has" if many == 1 else f"{many} of the weeks asked for have"
        first = presence["first_week"]
        hint = "" if first is None else f"; the first week with calls is {first}: --first-week {first}"
        said.append(f"{weeks} no calls, as the seat is not filled then{hint}.")
    for held in presence["held_over"]:
        who = "1 customer" if held["customers"] == 1 else f"{held['customers']} customers"
        said.append(
            f"{who} of {held['name']} will be called on until {held['name']} starts on {held['starts']}: "
            f"{held['visit_hours']:,.0f} of the hours, as promised and no more."
        )
    return said


def _customers(count: int) -> str:
    return "1 customer gets" if count == 1 else f"{count} customers get"


def _tables(scenario: Scenario, made: CallPlan, words: Mapping[str, Any]) -> list[Part]:
    """Lay out how often to call, who gets fewer visits than promised, trips away and what is not served."""
    parts = [_how_often(scenario, words)]
    fewer, names, money = words["fewer_than_promised"], scenario.customers["name"], scenario.currency
    if not fewer.empty:
        records: Any = fewer.itertuples()
        fewer_rows = [
            (
                f"{row.customer} {names[row.customer]}".strip(), row.tier or "none", f"{row.promised:g}",
                f"{row.visits:g}", f"{row.why} ({exact(row.worth_left_out, money)} a year)",
            )
            for row in records
        ]  # fmt: skip
        fewer_columns = (
            "customer",
            "tier",
            "promised",
            "planned",
            "why (what the visits left out would bring)",
        )
        parts.append(Part("Fewer visits a year than promised", (), None, fewer_columns, tuple(fewer_rows)))
    if not made.trips.empty:
        trips: Any = made.trips.itertuples()
        trip_rows = [
            (
                f"week {trip.week}, {trip.from_day} to {trip.to_day}", trip.trip, f"{trip.calls}",
                f"{trip.nights}", f"{trip.travel_hours:.1f}", f"{trip.call_hours:.1f}", f"{trip.hours:.1f}",
            )
            for trip in trips
        ]  # fmt: skip
        trip_columns = ("when", "trip", "calls", "nights", "hours of travel", "of calls", "in all")
        parts.append(Part("Trips with nights away or by plane", (), None, trip_columns, tuple(trip_rows)))
    if not made.unserved.empty:
        left: Any = made.unserved.itertuples()
        left_rows = [
            (
                f"{item.customer} {names[item.customer]}".strip(), f"{item.made} of {item.due}",
                f"{item.week}", item.reason,
            )
            for item in left
        ]  # fmt: skip
        left_columns = ("customer", "visits made", "last tried in week", "what is missing")
        parts.append(Part("Promised visits that are not made", (), None, left_columns, tuple(left_rows)))
    return parts


def _how_often(scenario: Scenario, words: Mapping[str, Any]) -> Part:
    money = scenario.currency
    rows = [
        (
            str(tier["tier"]) or "none", f"{tier['customers']:,}", f"{tier['promised']:,g}",
            f"{tier['visits']:,g}", f"{tier['hours_promised']:,.0f}", f"{tier['hours']:,.0f}",
            exact(tier["sales_promised"], money), exact(tier["sales"], money),
        )
        for tier in words["tiers"]
    ]  # fmt: skip
    planned = ("visits promised", "planned", "hours", "planned", "expected sales", "planned")
    return Part("How often to call, a year", (), None, ("tier", "customers", *planned), tuple(rows))


def _calls(scenario: Scenario, made: CallPlan) -> Part:
    names = scenario.customers["name"]
    records: Any = made.calls.itertuples()
    rows = [
        (
            f"{call.week} {call.day} {call.order}", str(call.customer), str(names[call.customer]),
            call.arrive, call.leave, f"{call.travel_minutes} min", f"{call.km:,.0f} km by {call.by}",
        )
        for call in records
    ]  # fmt: skip
    columns = ("week, day, order", "customer", "name", "arrive", "leave", "travel", "way")
    return Part(f"{made.rep}: {len(made.calls)} calls", (), None, columns, tuple(rows))


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """Write visits as whole numbers where they are."""
    whole = [name for name in ("promised", "visits") if (table[name] % 1 == 0).all()]
    return table.astype(dict.fromkeys(whole, "int64"))


def _by_tier(often: pd.DataFrame) -> list[dict[str, Any]]:
    columns = ["promised", "visits", "hours_promised", "hours", "sales_promised", "sales"]
    table = _counted(often).groupby("tier")[columns].sum().astype(object)
    table.insert(0, "customers", often.groupby("tier").size())
    return [{"tier": str(tier), **table.loc[tier].to_dict()} for tier in table.index]
