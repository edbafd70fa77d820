"""Whether the settings of target and quotas fit the tables; every problem found."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from scenarios.errors import Problem
from scenarios.table import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenarios.scenario import Scenario

DRIVERS = ("history", "expected", "potential", "customers", "equal", "odds")
"""Drivers of a baseline that come from the scenario's own tables."""


def problems_of_quotas(scenario: Scenario) -> list[Problem]:
    """List what settings of target and quotas name and what is not there."""
    return [
        *_levels_are_columns(scenario),
        *_blends_name_drivers(scenario),
        *_drivers_name_reps_and_lines(scenario),
        *_parts_name_what_is_there(scenario),
        *_routes_lead_somewhere(scenario),
        *_skills_need_lines(scenario),
    ]


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


def _unknown(name: str, known: Iterable[str], place: str, what: str) -> list[Problem]:
    known = sorted(known)
    if name in known:
        return []
    near = get_close_matches(name, known, 3, 0.5)
    hint = f"perhaps {' or '.join(near)}" if near else f"there are {', '.join(known[:8]) or 'none'}"
    return [Problem(place, name, f"name {what}; {hint}")]


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


def _drivers_name_reps_and_lines(scenario: Scenario) -> list[Problem]:
    problems, lines = [], {*lines_of(scenario), ""}
    for row, (rep, line) in enumerate(zip(scenario.drivers["rep"], scenario.drivers["line"], strict=True)):
        problems += _unknown(rep, scenario.reps.index, row_of("drivers.csv", row, "rep"), "a rep")
        if line not in lines:
            what = "a line that quotas are split by (see quotas.lines), or nothing"
            problems += _unknown(line, lines - {""}, row_of("drivers.csv", row, "line"), what)
    return problems


def _parts_name_what_is_there(scenario: Scenario) -> list[Problem]:
    year, problems = scenario.year, []
    periods = [q.name for q in year.quarters]
    periods += year.months if scenario.quotas.periods == "month" else ()
    titles: set[str] = set()
    for number, part in enumerate(scenario.target.parts, start=1):
        place = f"scenario.toml, target.parts {number}"
        if part.title in titles:
            problems.append(Problem(place, part.title, "this part already has a target; keep one"))
        titles.add(part.title)
        if part.node and "/" not in part.node:
            problems += _unknown(part.node, nodes_of(scenario), f"{place}, node", "a node of the hierarchy")
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
        if "/" not in node:
            problems += _unknown(node, nodes_of(scenario), place, "a node of the hierarchy")
    return problems


def _skills_need_lines(scenario: Scenario) -> list[Problem]:
    if not scenario.quotas.entitled_by_skills or scenario.quotas.lines == "product_line":
        return []
    remedy = 'skills are product lines; say lines = "product_line"'
    return [Problem("scenario.toml, quotas.entitled_by_skills", "true", remedy)]
