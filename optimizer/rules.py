"""Whether an assignment and its quotas keep the hard rules, checked from first principles."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.compiling.shares import fair_shares, whole_of
from optimizer.compiling.workload import capacity_hours
from optimizer.overlays.rules import broken_overlays
from optimizer.plan import Plan
from optimizer.quotas import yearly_limits
from optimizer.score import measured, moved, outside_limit
from scenarios import Scenario, permissions
from scenarios.rules import LimitRule, Measure

TOLERANCE = 1e-6
"""Relative departure from a limit that is taken for rounding."""

MEASURED: dict[Measure, str] = {
    "hours": "hours",
    "potential": "potential",
    "sales": "last year's sales",
    "customers": "customers",
    "top_tier": "top-tier customers",
}
"""What is limited, in words."""


@dataclass(frozen=True)
class Violation:
    """A hard rule that a plan breaks, in words."""

    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def violations(scenario: Scenario, plan: Plan) -> list[Violation]:
    """List every hard rule that a plan breaks; empty when all hold."""
    owner, found = _known(scenario, plan.owner)
    return [
        *found,
        *_every_customer_has_an_eligible_rep(scenario, owner),
        *_families_have_one_owner(scenario, owner),
        *_hours_fit_capacity(scenario, owner),
        *_hard_balance_holds(scenario, owner),
        *_hard_limits_hold(scenario, owner),
        *_moves_are_few_enough(scenario, owner),
        *_not_too_much_is_moved(scenario, owner),
        *_each_rep_keeps_enough(scenario, owner),
        *(Violation(*broken) for broken in broken_overlays(scenario, owner, plan.support)),
        *_quotas_are_whole_and_add_up(scenario, plan.quota),
        *_quotas_keep_floors_and_ceilings(scenario, owner, plan.quota),
    ]


def _known(scenario: Scenario, owner: pd.Series) -> tuple[pd.Series, list[Violation]]:
    """Put owners in the scenario's order, without those it does not know."""
    found = [
        Violation("owner", f"no such customer: {c}") for c in owner.index.difference(scenario.customers.index)
    ]
    owner = owner.reindex(scenario.customers.index, fill_value="")
    strange = ~owner.isin([*scenario.reps.index, ""])
    found += [Violation("owner", f"customer {c} has {r}, who is no rep") for c, r in owner[strange].items()]
    return owner.mask(strange, ""), found


def _every_customer_has_an_eligible_rep(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    found = [Violation("owner", f"customer {c} has no rep") for c in owner.index[owner == ""]]
    allowed = scenario.eligible
    rows = np.flatnonzero((owner != "").to_numpy())
    columns = allowed.columns.get_indexer(pd.Index(owner.iloc[rows]))
    fits = allowed.to_numpy()[rows, columns]
    if fits.all():
        return found
    broken: dict[tuple[int, int], list[str]] = {
        (int(r), int(c)): [] for r, c in zip(rows[~fits], columns[~fits], strict=True)
    }
    for name, against in permissions.forbidden(scenario):
        for pair, rules in broken.items():
            if against[pair]:
                rules.append(name)
    return found + [
        Violation(" and ".join(rules), f"rep {owner.iloc[row]} may not serve customer {owner.index[row]}")
        for (row, _), rules in broken.items()
    ]


def _families_have_one_owner(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    family = scenario.customers["family"].mask(scenario.customers["apart"], "")
    owners = owner[family != ""].groupby(family[family != ""]).unique()
    return [
        Violation("family", f"family {name} is split over reps {', '.join(sorted(reps))}")
        for name, reps in owners.items()
        if len(reps) > 1
    ]


def _hours_fit_capacity(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    hours = measured(scenario, "hours", owner)
    limit = capacity_hours(scenario) * scenario.rules.utilization_limit
    over = hours > limit * (1 + TOLERANCE)
    return [
        Violation("hours", f"rep {rep} needs {hours[rep]:,.0f} hours, {limit[rep]:,.0f} are allowed")
        for rep in hours.index[over]
    ]


def _hard_balance_holds(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    found = []
    names = scenario.rules.names()
    for number, rule in enumerate(scenario.rules.balance):
        if not rule.hard:
            continue
        fair = fair_shares(scenario, rule.measure)
        load = measured(scenario, rule.measure, owner)
        outside = (load - fair).abs() > rule.tolerance * fair + TOLERANCE * fair.sum()
        found += [
            Violation(
                names["balance", number],
                f"rep {rep} has {load[rep]:,.0f}, the fair share is {fair[rep]:,.0f}",
            )
            for rep in load.index[outside]
        ]
    return found


def _hard_limits_hold(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    found = []
    names = scenario.rules.names()
    for number, rule in enumerate(scenario.rules.limits):
        if rule.price is not None:
            continue
        load = measured(scenario, rule.measure, owner)
        slack = TOLERANCE * load.abs().clip(lower=1.0)
        short, over = outside_limit(scenario, rule, owner)
        for apart, least in ((short, True), (over, False)):
            for rep in apart.index[apart > slack[apart.index]]:
                what = _outside_in_words(scenario, rule, owner, str(rep), least=least)
                found.append(Violation(names["limits", number], what))
    return found


def _outside_in_words(scenario: Scenario, rule: LimitRule, owner: pd.Series, rep: str, *, least: bool) -> str:
    """Say what a book has and what it may have: amounts, or shares where the limits are shares."""
    limit = rule.at_least if least else rule.at_most
    load = float(measured(scenario, rule.measure, owner)[rep])
    if rule.share_of is None:
        plain = f"at least {limit:,.0f} are asked" if least else f"{limit:,.0f} are allowed"
        return f"rep {rep} has {load:,.0f}, {plain}"
    asked = f"at least {limit:.1%} are asked" if least else f"at most {limit:.1%} are allowed"
    if rule.share_of == "all":
        share = load / max(whole_of(scenario, rule), 1e-300)
        return f"rep {rep} has {share:.1%} of {MEASURED[rule.measure]} of all customers, {asked}"
    whole = float(measured(scenario, rule.share_of, owner)[rep])
    part = f"{load / whole:.1%} of" if whole > 0 else f"{load:,.0f} beside no"
    return f"rep {rep}: {MEASURED[rule.measure]} come to {part} its {MEASURED[rule.share_of]}, {asked}"


def _moves_are_few_enough(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    limit, count = scenario.rules.move_limit, int(moved(scenario, owner).sum())
    if limit is None or scenario.rules.move_price is not None or count <= limit:
        return []
    return [Violation("moves", f"{count} customers change their owner, {limit} may")]


def _not_too_much_is_moved(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    sales = scenario.last_year_sales
    limit, amount = (
        scenario.rules.move_value_allowed(float(sales.sum())),
        float(sales[moved(scenario, owner)].sum()),
    )
    if limit is None or scenario.rules.move_value_price is not None:
        return []
    if amount <= limit + TOLERANCE * max(amount, 1.0):
        return []
    what = f"customers with {amount:,.0f} of last year's sales change their owner, {limit:,.0f} may"
    return [Violation("sales moved", what)]


def _each_rep_keeps_enough(scenario: Scenario, owner: pd.Series) -> list[Violation]:
    limit = scenario.rules.move_limit_per_rep
    if limit is None or scenario.rules.move_price_per_rep is not None:
        return []
    left = scenario.customers["owner"][moved(scenario, owner)].value_counts()
    return [
        Violation("customers kept", f"{left[rep]} customers leave rep {rep}, {limit} may")
        for rep in scenario.reps.index.intersection(left.index[left > limit])
    ]


def _quotas_are_whole_and_add_up(scenario: Scenario, quota: pd.DataFrame) -> list[Violation]:
    unit, target = scenario.target.rounding_unit, scenario.target_amount
    cells = quota.to_numpy(dtype="float64")
    found = []
    if not np.isfinite(cells).all() or (cells < 0).any():
        found.append(Violation("quotas", "some are negative or missing"))
    elif (np.abs(cells / unit - np.round(cells / unit)) > TOLERANCE * np.maximum(cells / unit, 1)).any():
        found.append(Violation("quotas", f"some are no multiple of {unit:,g}"))
    strange = quota.index.symmetric_difference(scenario.reps.index)
    if len(strange):
        found.append(Violation("quotas", f"they are not those of the reps: {', '.join(map(str, strange))}"))
    total = float(np.nansum(cells))
    if abs(total - target) >= unit / 2:
        found.append(Violation("quotas", f"they add up to {total:,.2f}, the target is {target:,.2f}"))
    return found


def _quotas_keep_floors_and_ceilings(
    scenario: Scenario, owner: pd.Series, quota: pd.DataFrame
) -> list[Violation]:
    lower, upper = (limit * scenario.target.rounding_unit for limit in yearly_limits(scenario, owner))
    yearly = quota.sum(axis=1).reindex(scenario.reps.index, fill_value=0.0)
    slack = TOLERANCE * scenario.target_amount
    asked = zip(yearly.items(), lower, upper, strict=True)
    return [
        Violation("quotas", f"rep {rep} is asked for {amount:,.0f}, allowed are {low:,.0f} to {high:,.0f}")
        for (rep, amount), low, high in asked
        if amount < low - slack or amount > high + slack
    ]
