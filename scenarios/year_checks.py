"""Whether what happens within the plan year fits the rest: shocks, working days, absences and moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scenarios.errors import Problem
from scenarios.filters import fits
from scenarios.naming import SHOWN, no_such, unknown_keys
from scenarios.rule_checks import problems_of_where
from scenarios.shocks import OF_CUSTOMERS, OF_ORDERS, OF_REPS
from scenarios.table import row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.scenario import Scenario
    from scenarios.shocks import Shock

TWICE = "two shocks have this name and would share their luck; give each its own name"
ABSENCES, MOVES = "absences.csv", "moves.csv"


def problems_of_the_year(scenario: Scenario) -> list[Problem]:
    """List what does not fit in shocks, the calendar, absences and moves."""
    return [
        *problems_of_shocks(scenario, scenario.market.shocks, "scenario.toml, market.shocks"),
        *problems_of_names((), scenario.market.shocks, "scenario.toml, market.shocks"),
        *_somebody_works_on_some_day(scenario),
        *_absences_are_of_reps_and_the_year(scenario),
        *_absences_of_a_rep_lie_apart(scenario),
        *_moves_are_of_customers_to_reps_in_the_year(scenario),
        *_a_customer_moves_once_a_day(scenario),
    ]


def problems_of_shocks(scenario: Scenario, shocks: Sequence[Shock], place: str) -> list[Problem]:
    """List what does not fit the scenario in some shocks.

    Parameters
    ----------
    place
        Where the shocks stand, for messages.
    """
    return [
        problem
        for shock in shocks
        for check in (_concerns_somebody, _lies_in_the_year, _does_something, _limits_what_it_does)
        for problem in check(scenario, shock, f"{place} '{shock.name}'")
    ]


def problems_of_names(there: Sequence[Shock], more: Sequence[Shock], place: str) -> list[Problem]:
    """List names of shocks used twice: whether and when a shock happens is drawn by its name.

    Parameters
    ----------
    there
        Shocks that the scenario has.
    more
        Those that come on top.
    place
        Where these stand, for messages.
    """
    before, among = {shock.name for shock in there}, [shock.name for shock in more]
    taken = "the scenario has a shock of this name already; give each its own name, or take one out"
    return [
        Problem(f"{place} '{name}'", name, taken if name in before else TWICE)
        for name in dict.fromkeys(among)
        if name in before or among.count(name) > 1
    ]


def _does_something(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    if not shock.effects:
        remedy = f"does nothing; give one of {', '.join((*OF_ORDERS, *OF_CUSTOMERS, *OF_REPS))}"
        return [Problem(place, "", remedy)]
    hours = scenario.travel.hours_per_day * (shock.end - shock.start).days
    if shock.training_hours > hours:
        remedy = f"so long a training does not fit into its days; give at most {hours:g}, or a later end"
        return [Problem(f"{place}, training_hours", f"{shock.training_hours:g}", remedy)]
    return []


def _lies_in_the_year(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    year = scenario.year
    if shock.end <= year.start or shock.start >= year.end:
        remedy = f"lies outside the plan year {year.start} to {year.end}; correct the dates"
        return [Problem(place, f"{shock.start} to {shock.end}", remedy)]
    problems = []
    if shock.latest_start is not None and shock.latest_start >= year.end:
        remedy = f"must lie before the plan year ends on {year.end}"
        problems.append(Problem(f"{place}, latest_start", str(shock.latest_start), remedy))
    if shock.productivity != 1 and shock.end >= year.end:
        remedy = f"works from the end of the shock on; end it before the plan year ends on {year.end}"
        problems.append(Problem(f"{place}, productivity", f"{shock.productivity:g}", remedy))
    return problems


def _limits_what_it_does(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    """Refuse limits that none of the effects heeds: somebody expects something else of them."""
    of_customers = "where and largest limit what customers do"
    limits: dict[str, tuple[Any, tuple[str, ...], str]] = {
        "where": (shock.where, (*OF_ORDERS, *OF_CUSTOMERS), of_customers),
        "largest": (shock.largest, (*OF_ORDERS, *OF_CUSTOMERS), of_customers),
        "lines": (shock.lines, OF_ORDERS, "lines limit orders"),
        "reps": (shock.reps, OF_REPS, "reps limits what happens to people"),
    }
    return [
        Problem(
            f"{place}, {name}",
            str(given),
            f"{why}, but the shock has none of {', '.join(effects)}; add one or take {name} out",
        )
        for name, (given, effects, why) in limits.items()
        if given and shock.effects and not set(effects) & set(shock.effects)
    ]


def _concerns_somebody(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    problems = [
        Problem(f"{place}, lines", line, no_such("product line", "products.csv", line, scenario.lines))
        for line in shock.lines
        if line not in scenario.lines
    ]
    for key, where, table, name in (
        ("where", shock.where, scenario.customers, "customers"),
        ("reps", shock.reps, scenario.reps, "reps"),
    ):
        wrong = problems_of_where(table, f"{name}.csv", where, f"{place}, {key}")
        problems += wrong
        if wrong or not where:
            continue
        count = int(fits(table, where).sum())
        if count == 0:
            remedy = f"none of the {name} is so; correct the values"
            problems.append(Problem(f"{place}, {key}", str(_written(where)), remedy))
        elif key == "where" and shock.largest is not None and shock.largest > count:
            remedy = f"only {count} of the customers fit `where`; give at most {count}, or take largest out"
            problems.append(Problem(f"{place}, largest", str(shock.largest), remedy))
    return problems


def _written(where: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{column} = {', '.join(values)}" for column, values in where.items())


def _somebody_works_on_some_day(scenario: Scenario) -> list[Problem]:
    if scenario.calendar.works(scenario.year).any():
        return []
    remedy = "leave no day of the plan year to work; name more weekdays or fewer holidays"
    return [Problem("scenario.toml, calendar", "", remedy)]


def _absences_are_of_reps_and_the_year(scenario: Scenario) -> list[Problem]:
    table, year = scenario.absences, scenario.year
    remedy = "no such rep in reps.csv; correct or remove the row"
    problems = unknown_keys(table["rep"], scenario.reps.index, ABSENCES, "rep", remedy)
    remedy = f"lies outside the plan year {year.start} to {year.end}; correct or remove the row"
    outside = (table["end"] <= pd.Timestamp(year.start)) | (table["start"] >= pd.Timestamp(year.end))
    return problems + _rows(outside, table["start"], ABSENCES, "start", remedy)


def _absences_of_a_rep_lie_apart(scenario: Scenario) -> list[Problem]:
    """Find absences that begin before an earlier one of the rep has ended: those hours would count twice."""
    table = scenario.absences
    columns = (table["rep"].tolist(), table["start"].tolist(), table["end"].tolist(), range(len(table)))
    until: dict[str, tuple[pd.Timestamp, int]] = {}
    problems = []
    for rep, start, end, row in sorted(zip(*columns, strict=True), key=lambda absence: absence[:2]):
        before, earlier = until.get(rep, (start, row))
        if start < before:
            remedy = f"begins before the absence of row {earlier + 2} ends; make one row of both"
            problems.append(Problem(row_of(ABSENCES, row, "start"), f"{rep}, {start:%Y-%m-%d}", remedy))
        if end > before:
            until[rep] = (end, row)
    return problems[:SHOWN]


def _moves_are_of_customers_to_reps_in_the_year(scenario: Scenario) -> list[Problem]:
    table, year, problems = scenario.moves, scenario.year, []
    for column, known in (("customer", scenario.customers.index), ("rep", scenario.reps.index)):
        remedy = f"no such {column} in {column}s.csv; correct or remove the row"
        problems += unknown_keys(table[column], known, MOVES, column, remedy)
    remedy = f"lies outside the plan year {year.start} to {year.end}; correct or remove the row"
    outside = (table["day"] < pd.Timestamp(year.start)) | (table["day"] >= pd.Timestamp(year.end))
    return problems + _rows(outside, table["day"], MOVES, "day", remedy)


def _a_customer_moves_once_a_day(scenario: Scenario) -> list[Problem]:
    table = scenario.moves
    remedy = "this customer moves on that day already; keep one row"
    return _rows(table.duplicated(["customer", "day"]), table["customer"], MOVES, "customer", remedy)


def _rows(wrong: pd.Series, cells: pd.Series, file: str, column: str, remedy: str) -> list[Problem]:
    rows = np.flatnonzero(wrong.to_numpy())
    values = cells.dt.strftime("%Y-%m-%d") if pd.api.types.is_datetime64_any_dtype(cells) else cells
    problems = [Problem(row_of(file, int(r), column), str(values.iloc[r]), remedy) for r in rows[:SHOWN]]
    if len(rows) > SHOWN:
        problems.append(Problem(f"{file}, {column}", f"{len(rows) - SHOWN} more rows", remedy))
    return problems
