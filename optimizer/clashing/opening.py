"""A scenario whose rules clash, written without its rules about pairs."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from optimizer.clashing.contested import Contested, with_limits_of
from optimizer.clashing.waivers import waivers
from optimizer.compiling.pairs import Pairs, pairs_in_question
from optimizer.compiling.shares import fair_shares
from optimizer.core.assignment import Problem
from scenarios import Scenario

Write = Callable[[Scenario, Pairs], Problem]
"""Writes the core problem of a scenario and its pairs."""


def open_up(scenario: Scenario, problem: Problem, write: Write) -> Contested | None:
    """Write a scenario without its rules about pairs, and what those forbid.

    Parameters
    ----------
    problem
        The scenario's core problem: books are judged by its limits.

    Returns
    -------
    None where there are so many pairs then that some would be left out, and what is missing proved nothing.
    """
    rules = scenario.rules
    wishes = tuple(rule for rule in rules.accounts if rule.price is not None)
    free = scenario.relaxed(
        rules=rules.model_copy(update={"eligibility": (), "accounts": wishes}),
        customers=scenario.customers.assign(lock=False),
    )
    pairs = pairs_in_question(free)
    if pairs.log:
        return None
    tables = {name: table for name, table in waivers(scenario).items() if table.any()}
    reps, customers = [str(r) for r in scenario.reps.index], [str(c) for c in scenario.customers.index]

    def opened(free: Scenario, pairs: Pairs) -> Contested:
        whole = with_limits_of(problem, write(free, pairs))
        return Contested(whole, tables, pairs.unit_of.to_numpy(), reps, customers)

    apart = None
    if len(pairs.unit_of) > pairs.unit_of.nunique():
        single = free.relaxed(customers=free.customers.assign(apart=True))
        apart = opened(single, pairs_in_question(single))
    hard = any(rule.hard for rule in rules.balance)
    return replace(opened(free, pairs), apart=apart, judged=_fair_limits(scenario) if hard else None)


def _fair_limits(scenario: Scenario) -> Callable[[np.ndarray], dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Give the function that says what hard balance allows where others may serve whom (customers x reps)."""

    def limits(allowed: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        relaxed = scenario.relaxed()
        relaxed.__dict__["eligible"] = pd.DataFrame(
            allowed, index=scenario.customers.index, columns=scenario.reps.index
        )
        found = {}
        for number, rule in enumerate(scenario.rules.balance):
            if rule.hard:
                fair = fair_shares(relaxed, rule.measure).to_numpy()
                name = scenario.rules.names()["balance", number]
                found[name] = fair * (1 - rule.tolerance), fair * (1 + rule.tolerance)
        return found

    return limits
