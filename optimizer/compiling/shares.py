"""What is measured in a book, and the fair share of it each rep could have."""

import numpy as np
import pandas as pd

from optimizer.compiling.evenness import most_even_loads
from optimizer.compiling.workload import capacity_hours, hours_in_service
from scenarios import Scenario
from scenarios.filters import fits
from scenarios.rules import LimitRule, Measure


def amounts(scenario: Scenario, measure: Measure) -> pd.DataFrame:
    """Give what each customer adds to each rep's book, customers x reps; only hours depend on the rep."""
    if measure == "hours":
        return hours_in_service(scenario)
    column = of_customers(scenario, measure)
    spread = np.repeat(column.to_numpy(dtype="float64")[:, None], len(scenario.reps), axis=1)
    return pd.DataFrame(spread, index=scenario.customers.index, columns=scenario.reps.index)


def of_customers(scenario: Scenario, measure: Measure) -> pd.Series:
    """Give what each customer adds to a book, whoever's it is: all measures but hours."""
    return {
        "potential": scenario.customers["potential"],
        "sales": scenario.last_year_sales,
        "customers": pd.Series(1.0, index=scenario.customers.index),
        "top_tier": scenario.customers["tier"].isin(scenario.rules.top_tiers).astype("float64"),
    }[measure]


def limited_reps(scenario: Scenario, rule: LimitRule) -> np.ndarray:
    """Say which reps a plain limit is for."""
    named = scenario.reps.index.isin(rule.reps) if rule.reps else np.ones(len(scenario.reps), dtype=bool)
    return named & fits(scenario.reps, rule.reps_where)


def whole_of(scenario: Scenario, rule: LimitRule) -> float:
    """Give what a plain limit's numbers are multiplied by: 1, or what all customers have of the measure."""
    return float(of_customers(scenario, rule.measure).sum()) if rule.share_of == "all" else 1.0


def fair_shares(scenario: Scenario, measure: Measure) -> pd.Series:
    """Give each rep's fair share: the most even split, per hour of capacity, that eligibility allows.

    Balance is relative to what a rep is eligible for: the only rep of a country is fairly given all of it,
    however much that is. Shares add up to the whole; customers nobody may serve are left out. Hours, which
    depend on the rep, count as those of the eligible rep they are least for: what a good plan comes to.
    """
    allowed = scenario.eligible.to_numpy()
    amount = np.concatenate([_of_eligible(part, measure) for part in scenario.parts()])
    packed = np.ascontiguousarray(np.packbits(allowed, axis=1))
    _, first, group = np.unique(
        packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True, return_inverse=True
    )
    patterns = allowed[first]
    sums = np.bincount(group.ravel(), weights=amount, minlength=len(patterns))
    loads = most_even_loads(sums, patterns, capacity_hours(scenario).to_numpy())
    return pd.Series(loads, index=scenario.reps.index, name=measure)


def _of_eligible(scenario: Scenario, measure: Measure) -> np.ndarray:
    allowed = scenario.eligible
    if measure != "hours":
        return of_customers(scenario, measure).where(allowed.any(axis=1), 0.0).to_numpy(dtype="float64")
    return amounts(scenario, measure).where(allowed).min(axis=1).fillna(0.0).to_numpy()
