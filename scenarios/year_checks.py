"""Whether what happens within the plan year fits the rest: shocks, working days, absences and moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from scenarios.errors import Problem, row_of
from scenarios.filters import fits
from scenarios.naming import SHOWN, cells_told, no_such, unknown_keys
from scenarios.partial import found_by, whole_or, whole_rows
from scenarios.rule_checks import problems_of_where
from scenarios.shocks import OF_CUSTOMERS, OF_ORDERS, OF_REPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.scenario import Scenario
    from scenarios.shocks import Shock
    from scenarios.year import PlanYear

TWICE = "two shocks have this name and would share their luck; give each its own name"
ABSENCES, MOVES = "absences.csv", "moves.csv"


def problems_of_the_year(scenario: Scenario) -> list[Problem]:
    """List what does not fit in shocks, the calendar, absences and moves."""
    checks = (
        _shocks_of_the_market,
        _somebody_works_on_some_day,
        _absences_are_of_reps,
        _absences_are_of_the_year,
        _absences_of_a_rep_lie_apart,
        _moves_are_of_customers,
        _moves_are_to_reps,
        _moves_are_in_the_year,
        _a_customer_moves_once_a_day,
    )
    return found_by(checks, scenario)


def _shocks_of_the_market(scenario: Scenario) -> list[Problem]:
    place, shocks = "scenario.toml, market.shocks", scenario.market.shocks
    return problems_of_shocks(scenario, shocks, place) + problems_of_names((), shocks, place)


def problems_of_shocks(scenario: Scenario, shocks: Sequence[Shock], place: str) -> list[Problem]:
    """List what does not fit the scenario in some shocks.

    Parameters
    ----------
    place
        Where the shocks stand, for messages.
    """
    checks = (
        _names_lines,
        _concerns_customers,
        _concerns_reps,
        _lies_in_the_year,
        _does_something,
        _limits_what_it_does,
    )
    return [
        problem
        for number, shock in enumerate(shocks, 1)
        for problem in found_by(checks, scenario, shock, f"{place} {called(shock, number)}")
    ]


def called(shock: Shock, number: int) -> str:
    """Call a shock by its name, or where that is wrong by its number."""
    return str(whole_or(lambda: f"'{shock.name}'", f"number {number}"))


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
    before, among = set(_names(there)), _names(more)
    taken = "the scenario has a shock of this name already; give each its own name, or take one out"
    return [
        Problem(f"{place} '{name}'", name, taken if name in before else TWICE)
        for name in dict.fromkeys(among)
        if name in before or among.count(name) > 1
    ]


def _names(shocks: Sequence[Shock]) -> list[str]:
    """Give the names of shocks, of those that have one."""
    return [shock.name for shock in shocks if "name" in shock.__dict__]


def _does_something(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    if not shock.effects:
        remedy = f"does nothing; give one of {', '.join((*OF_ORDERS, *OF_CUSTOMERS, *OF_REPS))}"
        return [Problem(place, f"{shock.start} to {shock.end}", remedy)]
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
    remedy = f"works from the end of the shock on; end it before the plan year ends on {year.end}"
    problems += [
        Problem(f"{place}, {name}", f"{shock.effects[name]:g}", remedy)
        for name in ("productivity", "ramp")
        if name in shock.effects and shock.end >= year.end
    ]
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


def _names_lines(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    return [
        Problem(f"{place}, lines", line, no_such("product line", "products.csv", line, scenario.lines))
        for line in shock.lines
        if line not in scenario.lines
    ]


def _concerns_customers(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    count, problems = _count(scenario.customers, "customers", shock.where, f"{place}, where")
    if count and shock.largest is not None and shock.largest > count:
        remedy = f"only {count} of the customers fit `where`; give at most {count}, or take largest out"
        problems.append(Problem(f"{place}, largest", str(shock.largest), remedy))
    return problems


def _concerns_reps(scenario: Scenario, shock: Shock, place: str) -> list[Problem]:
    return _count(scenario.reps, "reps", shock.reps, f"{place}, reps")[1]


def _count(
    table: pd.DataFrame, name: str, where: dict[str, tuple[str, ...]], place: str
) -> tuple[int, list[Problem]]:
    """Count those a filter means; where it means nobody, say why."""
    problems = problems_of_where(table, f"{name}.csv", where, place)
    if problems or not where:
        return 0, problems
    count = int(fits(table, where).sum())
    if count:
        return count, []
    return 0, [Problem(place, _written(where), f"none of the {name} is so; correct the values")]


def _written(where: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{column} = {', '.join(values)}" for column, values in where.items())


def _somebody_works_on_some_day(scenario: Scenario) -> list[Problem]:
    if scenario.calendar.works(scenario.year).any():
        return []
    remedy = "leave no day of the plan year to work; name more weekdays or fewer holidays"
    given = scenario.calendar
    found = f"weekdays {', '.join(map(str, given.weekdays))}; {len(given.holidays)} holidays"
    return [Problem("scenario.toml, calendar", found, remedy)]


def _absences_are_of_reps(scenario: Scenario) -> list[Problem]:
    remedy = "no such rep in reps.csv; correct or remove the row"
    return unknown_keys(scenario.absences, "rep", scenario.reps.index, ABSENCES, remedy)


def _absences_are_of_the_year(scenario: Scenario) -> list[Problem]:
    table, year = whole_rows(scenario.absences, "start", "end"), scenario.year
    outside = (table["end"] <= pd.Timestamp(year.start)) | (table["start"] >= pd.Timestamp(year.end))
    return _outside(table["start"][outside], year, ABSENCES, "start")


def _outside(days: pd.Series, year: PlanYear, file: str, column: str) -> list[Problem]:
    remedy = f"lies outside the plan year {year.start} to {year.end}; correct or remove the row"
    return cells_told(days, file, column, remedy)


def _absences_of_a_rep_lie_apart(scenario: Scenario) -> list[Problem]:
    """Find absences that begin before an earlier one of the rep has ended: those hours would count twice."""
    table = whole_rows(scenario.absences, "rep", "start", "end")
    columns = (*(table[name].tolist() for name in ("rep", "start", "end")), table.index.tolist())
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


def _moves_are_of_customers(scenario: Scenario) -> list[Problem]:
    remedy = "no such customer in customers.csv; correct or remove the row"
    return unknown_keys(scenario.moves, "customer", scenario.customers.index, MOVES, remedy)


def _moves_are_to_reps(scenario: Scenario) -> list[Problem]:
    remedy = "no such rep in reps.csv; correct or remove the row"
    return unknown_keys(scenario.moves, "rep", scenario.reps.index, MOVES, remedy)


def _moves_are_in_the_year(scenario: Scenario) -> list[Problem]:
    days, year = whole_rows(scenario.moves, "day")["day"], scenario.year
    outside = (days < pd.Timestamp(year.start)) | (days >= pd.Timestamp(year.end))
    return _outside(days[outside], year, MOVES, "day")


def _a_customer_moves_once_a_day(scenario: Scenario) -> list[Problem]:
    table = whole_rows(scenario.moves, "customer", "day")
    remedy = "this customer moves on that day already; keep one row"
    return cells_told(table["customer"][table.duplicated()], MOVES, "customer", remedy)
