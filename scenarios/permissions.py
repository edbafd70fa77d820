"""Who may serve whom: what each rule about customers and reps forbids, pair by pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios.filters import fits
from scenarios.reps import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenarios.account_rules import AccountRule
    from scenarios.rules import EligibilityRule
    from scenarios.scenario import Scenario

LOCKS = "locks"
"""What the customers' column `lock` is called among the rules."""


def forbidden(scenario: Scenario) -> Iterator[tuple[str, np.ndarray]]:
    """Give each hard rule about pairs with the pairs it forbids.

    A locked customer has today's owner only, whatever eligibility says; rules of accounts bind it too.

    Yields
    ------
    The rule's name; true or false, customers x reps.
    """
    rules = scenario.rules
    names = rules.names()
    owned = _owned(scenario)
    locked = scenario.customers["lock"].to_numpy() & owned.any(axis=1)
    for number, eligibility in enumerate(rules.eligibility):
        against = ~_passes(scenario, eligibility)
        against[locked] = False
        yield names["eligibility", number], against
    for number, account in enumerate(rules.accounts):
        if account.price is None:
            yield names["accounts", number], against_rule(scenario, account)
    yield LOCKS, locked[:, None] & ~owned


def wishes(scenario: Scenario) -> np.ndarray:
    """Give what each pair costs by rules that may be broken at a price, money a year, customers x reps."""
    cost = np.zeros((len(scenario.customers), len(scenario.reps)))
    for rule in scenario.rules.accounts:
        if rule.price is not None:
            cost += rule.price * against_rule(scenario, rule)
    return cost


def eligible(scenario: Scenario) -> np.ndarray:
    """Say who may serve whom by all hard rules together, customers x reps."""
    allowed = np.ones((len(scenario.customers), len(scenario.reps)), dtype=bool)
    for _, against in forbidden(scenario):
        allowed &= ~against
    return allowed


def against_rule(scenario: Scenario, rule: AccountRule) -> np.ndarray:
    """Say which pairs are against a rule of accounts, customers x reps."""
    customers = meant_customers(scenario, rule)[:, None]
    if rule.kind == "only":
        return customers & ~meant_reps(scenario, rule)
    if rule.kind == "never":
        return customers & meant_reps(scenario, rule)
    owned = _owned(scenario)
    if rule.kind == "leave":
        return customers & owned
    may_stay = np.ones_like(owned)
    for eligibility in scenario.rules.eligibility:
        may_stay &= _passes(scenario, eligibility)
    stays = (owned & may_stay).any(axis=1)
    return customers & stays[:, None] & ~owned


def meant_customers(scenario: Scenario, rule: AccountRule) -> np.ndarray:
    """Say which customers a rule is for."""
    customers, year = scenario.customers, scenario.year
    meant = np.ones(len(customers), dtype=bool)
    if rule.customers:
        meant &= customers.index.isin(rule.customers)
    meant &= fits(customers, rule.where)
    if rule.open_deals_above is not None:
        meant &= (customers["open_deals"] > rule.open_deals_above).to_numpy()
    if rule.renewal_within_days is not None:
        days = (customers["renewal"] - pd.Timestamp(year.start)).dt.days
        meant &= ((days >= 0) & (days <= rule.renewal_within_days)).to_numpy()
    if rule.owner_changed_within_months is not None:
        first = pd.Timestamp(year.month(-rule.owner_changed_within_months))
        meant &= (customers["owner_since"] >= first).to_numpy()
    return meant


def meant_reps(scenario: Scenario, rule: AccountRule) -> np.ndarray:
    """Say which reps a rule is for."""
    reps = scenario.reps
    named = reps.index.isin(rule.reps) if rule.reps else np.ones(len(reps), dtype=bool)
    return named & fits(reps, rule.reps_where)


def _owned(scenario: Scenario) -> np.ndarray:
    return scenario.customers["owner"].to_numpy()[:, None] == scenario.reps.index.to_numpy()[None, :]


def _passes(scenario: Scenario, rule: EligibilityRule) -> np.ndarray:
    wanted, lists = scenario.customers[rule.customer], scenario.reps[rule.rep]
    codes, values = pd.factorize(wanted)
    offered = [set(listed(cell)) for cell in lists]
    if rule.levels:
        level = {value: number for number, value in enumerate(rule.levels)}
        most = [max((level.get(v, -1) for v in offer), default=-1) for offer in offered]
        passes = np.array([[v == "" or level.get(v, len(level)) <= m for m in most] for v in values], bool)
    else:
        passes = np.array([[v == "" or v in offer for offer in offered] for v in values], bool)
    return passes.reshape(len(values), len(offered))[codes]
