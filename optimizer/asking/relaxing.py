"""A scenario without one of its rules: what a rule costs, and what would be possible without it."""

from typing import Any

from optimizer.asking.matches import near
from scenarios import InputError, Problem, Scenario
from scenarios.rules import Rules

HOURS, MOVES, SALES_MOVED, KEPT = "hours", "moves", "sales moved", "customers kept"
"""Rules that stand in a setting of their own."""

LOCK, FAMILY = "lock of ", "family "
"""How rules that stand in customers.csv are called: by customer, and by family."""


def rule_names(scenario: Scenario) -> list[str]:
    """List all rules of a scenario by name, those in customers.csv last."""
    rules, customers = scenario.rules, scenario.customers
    names = [HOURS, *rules.names().values()]
    names += [MOVES] if rules.move_limit is not None else []
    if rules.move_value_limit is not None or rules.move_value_share_limit is not None:
        names.append(SALES_MOVED)
    names += [KEPT] if rules.move_limit_per_rep is not None else []
    locked = customers["lock"] & (customers["owner"] != "")
    names += [f"{LOCK}{customer}" for customer in customers.index[locked]]
    together = customers["family"][(customers["family"] != "") & ~customers["apart"]].value_counts()
    return names + [f"{FAMILY}{family}" for family in sorted(together.index[together > 1])]


def without(scenario: Scenario, name: str) -> Scenario:
    """Take one rule out of a scenario; ways take as long as before (`Scenario.relaxed`).

    Raises
    ------
    InputError
        If it has no rule of that name.
    """
    names = rule_names(scenario)
    if name not in names:
        shown = ", ".join(names[:30]) + (" ..." if len(names) > 30 else "")
        close = near(name, names)
        meant = f"did you mean {' or '.join(close)}? " if close else ""
        raise InputError([Problem("rule", name, f"no such rule; {meant}the scenario has: {shown}")])
    if name.startswith(LOCK) and name.removeprefix(LOCK) in scenario.customers.index:
        customers = scenario.customers.copy()
        customers.loc[name.removeprefix(LOCK), "lock"] = False
        return scenario.relaxed(customers=customers)
    if name.startswith(FAMILY):
        customers = scenario.customers.copy()
        customers.loc[customers["family"] == name.removeprefix(FAMILY), "apart"] = True
        return scenario.relaxed(customers=customers)
    return scenario.relaxed(rules=_without(scenario.rules, name))


def _without(rules: Rules, name: str) -> Rules:
    settings: dict[str, dict[str, Any]] = {
        HOURS: {"utilization_limit": 1e6},
        MOVES: {"move_limit": None, "move_price": None},
        SALES_MOVED: {"move_value_limit": None, "move_value_share_limit": None, "move_value_price": None},
        KEPT: {"move_limit_per_rep": None, "move_price_per_rep": None},
    }
    if name in settings:
        return rules.model_copy(update=settings[name])
    names = rules.names()
    kind, place = next(where for where, called in names.items() if called == name)
    # What the others are called must not follow from their place among fewer.
    kept = tuple(
        rule.model_copy(update={"name": names[kind, number]})
        for number, rule in enumerate(getattr(rules, kind))
        if number != place
    )
    return rules.model_copy(update={kind: kept})
