"""Whether the settings of target and quotas fit the tables; every problem found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.errors import Problem, row_of
from scenarios.naming import alike
from scenarios.partial import found_by, whole_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scenarios.scenario import Scenario

COMPANY = "Company"
"""The node that holds everybody, whatever the scenario is called."""

SEPARATOR = "/"
"""Stands between the names of a path."""

MOST_NAMES = 8
"""Names that a message lists at most."""

DRIVERS = ("history", "expected", "potential", "customers", "equal", "odds")
"""Drivers of a baseline that come from the scenario's own tables."""


def problems_of_quotas(scenario: Scenario) -> list[Problem]:
    """List what settings of target and quotas name and what is not there."""
    checks = (
        _levels_are_columns,
        _blends_name_drivers,
        _drivers_name_reps,
        _drivers_name_lines,
        _parts_name_what_is_there,
        _routes_lead_somewhere,
        _skills_need_lines,
    )
    return found_by(checks, scenario)


def lines_of(scenario: Scenario) -> tuple[str, ...]:
    """What quotas are split by besides people and periods: lines, segments, or one name for all."""
    if scenario.quotas.lines == "product_line":
        return scenario.lines
    if scenario.quotas.lines == "segment":
        return tuple(sorted(scenario.customers["segment"].unique()))
    return ("",)


def nodes_of(scenario: Scenario) -> set[str]:
    """Names of all nodes of the people's tree, reps by their keys."""
    columns = [c for c in scenario.quotas.hierarchy if c in scenario.reps]
    return {*scenario.reps.index, *(str(name) for c in columns for name in scenario.reps[c])} - {""}


def periods_of(scenario: Scenario) -> list[str]:
    """Names of the quarters and, where quotas are by month, of the months."""
    months = scenario.year.months if scenario.quotas.periods == "month" else ()
    return [*(quarter.name for quarter in scenario.year.quarters), *months]


def problems_of_edits(scenario: Scenario, content: Mapping[str, Any], file: str) -> list[Problem]:
    """List what edits, as written, name and what is not there: nodes, lines, periods.

    Parameters
    ----------
    content
        Of the file: by kind of edit, a list of them; what is no such list is passed over.
    file
        What the file is called.
    """
    problems = []
    lines, periods = {*lines_of(scenario), "all lines"} - {""}, {*periods_of(scenario), "year"}
    for kind, edits in content.items():
        for number, edit in enumerate(edits if isinstance(edits, list) else (), start=1):
            if not isinstance(edit, dict):
                continue
            place = f"{file}, {kind} {number}"
            for key in ("node", "from", "to", "absorb", "spare"):
                for name in _names(edit.get(key), key):
                    problems += unknown_node(scenario, name, f"{place}, {key}")
            for key, known in (("lines", lines), ("periods", periods)):
                for name in _names(edit.get(key), key):
                    what = (
                        "a line that quotas are split by (see quotas.lines)" if key == "lines" else "a period"
                    )
                    problems += _unknown(name, known, f"{place}, {key}", what)
    return problems


def _names(given: object, key: str) -> list[str]:
    """Names that a key of an edit gives: one, a list, or those that take parts."""
    if isinstance(given, str) and given:
        words = {"absorb": ("siblings", "company", "nobody"), "to": ("siblings",)}
        return [] if given in words.get(key, ()) or key in ("lines", "periods") else [given]
    return (
        [name for name in given if isinstance(name, str) and name] if isinstance(given, list | dict) else []
    )


def _unknown(name: str, known: Iterable[str], place: str, what: str) -> list[Problem]:
    known = sorted(known)
    if name in known:
        return []
    near = alike(name, known, like=0.5)
    hint = f"perhaps {' or '.join(near)}" if near else f"there are {some_of(known)}"
    return [Problem(place, name, f"name {what}; {hint}")]


def some_of(names: Sequence[str]) -> str:
    """List names for a message; of many, the first, and how many more there are."""
    if len(names) <= MOST_NAMES:
        return ", ".join(names) or "none"
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def unknown_node(scenario: Scenario, name: str, place: str) -> list[Problem]:
    """Say what is wrong with the name of a node of the people's tree; a rep is named by its key.

    Paths, such as East/Team 2, are left to the tree.
    """
    name = name.strip()
    if SEPARATOR in name or name in nodes_of(scenario) or name == COMPANY:
        return []
    called = list(scenario.reps.index[scenario.reps["name"].str.strip().str.lower() == name.lower()])
    if called:
        return [Problem(place, name, f"name a rep by the key in reps.csv: {' or '.join(called)}")]
    return _unknown(name, nodes_of(scenario) | {COMPANY}, place, "a rep or a node of the hierarchy")


def _levels_are_columns(scenario: Scenario) -> list[Problem]:
    quotas, columns = scenario.quotas, [str(c) for c in scenario.reps.columns]
    problems = [
        problem
        for level in quotas.hierarchy
        for problem in _unknown(level, columns, "scenario.toml, quotas.hierarchy", "a column of reps.csv")
    ]
    for key, given in (("level_blends", quotas.level_blends), ("padding", quotas.padding)):
        for level in given:
            place, what = f"scenario.toml, quotas.{key}", "a level below the company"
            problems += _unknown(level, quotas.levels[1:], place, what)
    return problems


def _blends_name_drivers(scenario: Scenario) -> list[Problem]:
    known, quotas = {*DRIVERS, *scenario.drivers["driver"]}, scenario.quotas
    named = [("quotas.blend", quotas.blend)]
    named += [(f"quotas.level_blends.{level}", blend) for level, blend in quotas.level_blends.items()]
    return [
        problem
        for key, blend in named
        for driver in blend
        for problem in _unknown(driver, known, f"scenario.toml, {key}", "a driver")
    ]


def _drivers_name_reps(scenario: Scenario) -> list[Problem]:
    known = scenario.reps.index
    return [
        problem
        for row, rep in whole_rows(scenario.drivers, "rep")["rep"].items()
        for problem in _unknown(rep, known, row_of("drivers.csv", int(str(row)), "rep"), "a rep")
    ]


def _drivers_name_lines(scenario: Scenario) -> list[Problem]:
    lines = {*lines_of(scenario), ""}
    what = "a line that quotas are split by (see quotas.lines), or nothing"
    return [
        problem
        for row, line in whole_rows(scenario.drivers, "line")["line"].items()
        if line not in lines
        for problem in _unknown(line, lines - {""}, row_of("drivers.csv", int(str(row)), "line"), what)
    ]


def _parts_name_what_is_there(scenario: Scenario) -> list[Problem]:
    problems: list[Problem] = []
    periods = periods_of(scenario)
    titles: set[str] = set()
    for number, part in enumerate(scenario.target.parts, start=1):
        place = f"scenario.toml, target.parts {number}"
        if part.title in titles:
            problems.append(Problem(place, part.title, "this part already has a target; keep one"))
        titles.add(part.title)
        if part.node:
            problems += unknown_node(scenario, part.node, f"{place}, node")
        if part.line:
            what = "a line that quotas are split by (see quotas.lines)"
            problems += _unknown(part.line, set(lines_of(scenario)) - {""}, f"{place}, line", what)
        if part.period:
            problems += _unknown(part.period, periods, f"{place}, period", "a period")
    return problems


def _routes_lead_somewhere(scenario: Scenario) -> list[Problem]:
    problems = []
    for line, node in scenario.quotas.route.items():
        place = f"scenario.toml, quotas.route.{line}"
        problems += _unknown(line, set(lines_of(scenario)) - {""}, place, "a line that quotas are split by")
        problems += unknown_node(scenario, node, place)
    return problems


def _skills_need_lines(scenario: Scenario) -> list[Problem]:
    if not scenario.quotas.entitled_by_skills or scenario.quotas.lines == "product_line":
        return []
    remedy = 'skills are product lines; say lines = "product_line"'
    return [Problem("scenario.toml, quotas.entitled_by_skills", "true", remedy)]
