"""Whether an assignment and its quotas keep the hard rules, checked from first principles."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.plan import Plan
from optimizer.score import book, moved
from optimizer.shares import amounts, fair_shares
from optimizer.workload import capacity_hours
from scenarios import Scenario

TOLERANCE = 1e-6
"""Relative departure from a limit that is taken for rounding."""


@dataclass(frozen=True)
class Violation:
    """A hard rule that a plan breaks, in words."""

    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def violations(scenario: Scenario, plan: Plan) -> list[Violation]:
    """List every hard rule that a plan breaks; empty when all hold."""
    owner = plan.owner
    return [
        *_every_customer_has_an_eligible_rep(scenario, owner),
        *_families_have_one_owner(scenario, owner),
        *_hours_fit_capacity(scenario, owner),
        *_hard_balance_holds(scenario, owner),
        *_moves_are_few_enough(scenario, owner),
        *_quotas_add_up_to_the_target(scenario, plan.quota),
    ]


def _every_customer_has_an_eligible_rep(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    found = [Violation("owner", f"customer {c} has no rep") for c in owner.index[owner == ""]]
    allowed = scenario.eligible
    rows = np.flatnonzero((owner != "").to_numpy())
    columns = allowed.columns.get_indexer(pd.Index(owner.iloc[rows]))
    fits = allowed.to_numpy()[rows, columns]
    return found + [
        Violation("eligibility", f"rep {owner.iloc[r]} may not serve customer {owner.index[r]}")
        for r in rows[~fits]
    ]


def _families_have_one_owner(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    family = scenario.customers["family"]
    owners = owner[family != ""].groupby(family[family != ""]).unique()
    return [
        Violation("family", f"family {name} is split over reps {', '.join(sorted(reps))}")
        for name, reps in owners.items()
        if len(reps) > 1
    ]


def _hours_fit_capacity(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    hours = book(amounts(scenario, "hours"), owner)
    limit = capacity_hours(scenario) * scenario.rules.utilization_limit
    over = hours > limit * (1 + TOLERANCE)
    return [
        Violation("hours", f"rep {rep} needs {hours[rep]:,.0f} hours, {limit[rep]:,.0f} are allowed")
        for rep in hours.index[over]
    ]


def _hard_balance_holds(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    found = []
    for rule in scenario.rules.balance:
        if not rule.hard:
            continue
        fair = fair_shares(scenario, rule.measure)
        load = book(amounts(scenario, rule.measure), owner)
        outside = (load - fair).abs() > rule.tolerance * fair + TOLERANCE * fair.sum()
        found += [
            Violation(
                f"balance of {rule.measure}",
                f"rep {rep} has {load[rep]:,.0f}, the fair share is {fair[rep]:,.0f}",
            )
            for rep in load.index[outside]
        ]
    return found


def _moves_are_few_enough(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    limit, count = scenario.rules.move_limit, int(moved(scenario, owner).sum())
    if limit is None or count <= limit:
        return []
    return [Violation("moves", f"{count} customers change their owner, {limit} may")]


def _quotas_add_up_to_the_target(scenario: Scenario, quota: pd.DataFrame) -> list[Violation]:
    total, target = float(quota.to_numpy().sum()), scenario.target_amount
    if abs(total - target) < scenario.target.rounding_unit / 2:
        return []
    return [Violation("quotas", f"they add up to {total:,.2f}, the target is {target:,.2f}")]
