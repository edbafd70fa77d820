"""Whether rules name what there is: customers, reps, columns, lines and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.errors import Problem
from scenarios.filters import unreadable
from scenarios.naming import cells_told, near, no_such
from scenarios.overlays import CUSTOMER, REP
from scenarios.partial import NAMELESS, found_by, unless_broken, whole_rows
from scenarios.rules import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from scenarios.overlays import Overlay
    from scenarios.rules import EligibilityRule
    from scenarios.scenario import Scenario


def problems_of_rules(scenario: Scenario) -> list[Problem]:
    """List what does not fit in `[rules]`."""
    checks = (
        _rules_name_columns,
        _limits_name_reps,
        _accounts_name_customers_and_reps,
        _accounts_have_their_dates,
        _top_tiers_are_there,
    )
    return found_by(checks, scenario)


def problems_of_overlays(scenario: Scenario) -> list[Problem]:
    """List what does not fit in `[overlays]` and in `specialists.csv`; without overlays nobody reads it."""
    if not scenario.overlays.teams:
        return []
    return [
        *unless_broken(_specialists_are_of_overlays, scenario),
        *(
            problem
            for team in scenario.overlays.teams
            for problem in found_by((_lines_and_customers_of, _reps_of, _people_of), scenario, team)
        ),
    ]


def _specialists_are_of_overlays(scenario: Scenario) -> list[Problem]:
    names = [team.name for team in scenario.overlays.teams]
    of = whole_rows(scenario.specialists, "overlay")["overlay"]
    remedy = "no such overlay in scenario.toml, overlays.teams; correct it or take it out"
    return cells_told(of[~of.isin(names)], "specialists.csv", "overlay", remedy, names)


def _lines_and_customers_of(scenario: Scenario, team: Overlay) -> list[Problem]:
    place = _team_place(team)
    return [
        *(
            Problem(f"{place}, lines", line, no_such("product line", "products.csv", line, scenario.lines))
            for line in team.lines
            if line not in scenario.lines
        ),
        *problems_of_where(scenario.customers, "customers.csv", team.where, f"{place}, where"),
        *(
            problem
            for rule in team.eligibility
            for problem in _columns_of(rule, scenario.customers, scenario.specialists, "specialists", place)
        ),
    ]


def _reps_of(scenario: Scenario, team: Overlay) -> list[Problem]:
    known = [REP, CUSTOMER, *scenario.reps.columns]
    if team.one_per in known:
        return []
    remedy = f"give {REP}, {CUSTOMER} or a column of reps.csv{near(team.one_per, known)}"
    return [Problem(f"{_team_place(team)}, one_per", team.one_per, remedy)]


def _people_of(scenario: Scenario, team: Overlay) -> list[Problem]:
    if (scenario.specialists["overlay"] == team.name).any():
        return []
    remedy = "nobody in specialists.csv belongs to this overlay; add its people or take it out"
    return [Problem(_team_place(team), "", remedy)]


def _team_place(team: Overlay) -> str:
    return f"scenario.toml, overlays.teams '{team.name}'"


def problems_of_allowances(scenario: Scenario) -> list[Problem]:
    """List allowances that are called like a rule: costs are told by name."""
    rules = set(scenario.rules.names().values()) | set(RESERVED)
    remedy = "a rule has this name already; choose another"
    return [
        Problem("scenario.toml, allowances.rules, name", name, remedy)
        for name in scenario.allowances.names
        if name in rules
    ]


def problems_of_where(
    table: pd.DataFrame, file: str, where: Mapping[str, tuple[str, ...]], place: str
) -> list[Problem]:
    """List columns a filter names that a table does not have, and values that do not fit their columns."""
    return [
        *(
            Problem(place, column, no_such("column", file, column, map(str, table.columns)))
            for column in where
            if column not in table.columns and column != table.index.name
        ),
        *_names_nobody(table, file, where, place),
        *(Problem(f"{place}.{column}", value, remedy) for column, value, remedy in unreadable(table, where)),
    ]


def _names_nobody(
    table: pd.DataFrame, file: str, where: Mapping[str, tuple[str, ...]], place: str
) -> list[Problem]:
    """List names of rows that a table does not have; none where rows have lost theirs."""
    key, names = str(table.index.name), set(table.index)
    if any(str(name).startswith(NAMELESS) for name in names):
        return []
    return [
        Problem(f"{place}.{key}", name, no_such(key, file, name, names))
        for name in where.get(key, ())
        if name not in names
    ]


def rule_place(scenario: Scenario, kind: str, number: int) -> str:
    """Name a rule for messages: its list in scenario.toml and what it is called."""
    return f"scenario.toml, rules.{kind} '{scenario.rules.names()[kind, number]}'"


def _rules_name_columns(scenario: Scenario) -> list[Problem]:
    return [
        problem
        for number, rule in enumerate(scenario.rules.eligibility)
        for problem in _columns_of(
            rule, scenario.customers, scenario.reps, "reps", rule_place(scenario, "eligibility", number)
        )
    ]


def _columns_of(
    rule: EligibilityRule, customers: pd.DataFrame, servers: pd.DataFrame, name: str, place: str
) -> list[Problem]:
    sides = (("customer", rule.customer, customers, "customers"), ("rep", rule.rep, servers, name))
    return [
        Problem(f"{place}, {side}", column, no_such("column", f"{file}.csv", column, map(str, table.columns)))
        for side, column, table, file in sides
        if column not in table.columns
    ]


def _limits_name_reps(scenario: Scenario) -> list[Problem]:
    problems = []
    for number, rule in enumerate(scenario.rules.limits):
        place = rule_place(scenario, "limits", number)
        problems += _named(rule.reps, scenario.reps, f"{place}, reps", "rep")
        problems += problems_of_where(scenario.reps, "reps.csv", rule.reps_where, f"{place}, reps_where")
    return problems


def _accounts_name_customers_and_reps(scenario: Scenario) -> list[Problem]:
    problems = []
    for number, rule in enumerate(scenario.rules.accounts):
        place = rule_place(scenario, "accounts", number)
        problems += _named(rule.customers, scenario.customers, f"{place}, customers", "customer")
        problems += problems_of_where(scenario.customers, "customers.csv", rule.where, f"{place}, where")
        problems += _named(rule.reps, scenario.reps, f"{place}, reps", "rep")
        problems += problems_of_where(scenario.reps, "reps.csv", rule.reps_where, f"{place}, reps_where")
    return problems


def _named(keys: Iterable[str], table: pd.DataFrame, place: str, what: str) -> list[Problem]:
    return [
        Problem(place, key, no_such(what, f"{what}s.csv", key, map(str, table.index)))
        for key in keys
        if key not in table.index
    ]


def _accounts_have_their_dates(scenario: Scenario) -> list[Problem]:
    """Refuse rules on dates or deals of which the customers have none at all: a column was forgotten."""
    customers = scenario.customers
    known = {
        "renewal_within_days": ("renewal", customers["renewal"].notna().any()),
        "owner_changed_within_months": ("owner_since", customers["owner_since"].notna().any()),
        "open_deals_above": ("open_deals", bool((customers["open_deals"] > 0).any())),
    }
    return [
        Problem(
            f"{rule_place(scenario, 'accounts', number)}, {condition}",
            str(getattr(rule, condition)),
            f"no customer has a value in column {column} of customers.csv; fill it in or take the rule out",
        )
        for number, rule in enumerate(scenario.rules.accounts)
        for condition, (column, filled) in known.items()
        if getattr(rule, condition) is not None and not filled
    ]


def _top_tiers_are_there(scenario: Scenario) -> list[Problem]:
    counted = scenario.customers["tier"].isin(scenario.rules.top_tiers).any()
    if counted or len(scenario.customers) == 0:
        return []
    tiers = ", ".join(sorted(set(scenario.customers["tier"]) - {""}))
    remedy = f"no customer has a tier of rules.top_tiers ({', '.join(scenario.rules.top_tiers)}); "
    remedy += f"customers.csv has the tiers {tiers}" if tiers else "fill in the column tier of customers.csv"
    return [
        Problem(f"{rule_place(scenario, kind, number)}, measure", measure, remedy)
        for (kind, number), measure in scenario.rules.measures.items()
        if measure == "top_tier"
    ]
