"""What reps with less even territories are paid beside the scheme: for long ways, or for little potential."""

import numpy as np
import pandas as pd

from optimizer.compiling.pairs import Pairs
from optimizer.compiling.shares import fair_shares
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import journeys, selling_hours, service_hours, service_share
from optimizer.core.assignment import Measure
from scenarios import Scenario
from scenarios.allowances import Allowance


def allowances(scenario: Scenario, travel: pd.Series, potential: pd.Series) -> pd.DataFrame:
    """Say what each rep is paid for its territory, money a year.

    Parameters
    ----------
    travel, potential
        Hours on the road a year and potential of each rep's book, by rep.

    Returns
    -------
    By rep, a column for each allowance.
    """
    table = pd.DataFrame(index=scenario.reps.index)
    for name, rule in zip(scenario.allowances.names, scenario.allowances.rules, strict=True):
        if rule.measure == "travel":
            beyond = travel - free_hours(scenario, rule)
        else:
            beyond = fair_shares(scenario, "potential") * (1 - rule.tolerance) - potential
        table[name] = rule.rate * beyond.clip(lower=0.0)
    return table


def free_hours(scenario: Scenario, rule: Allowance) -> float:
    """Give the hours on the road a year that earn nothing.

    Where the rule names none: the mean of the reps if each customer had the eligible rep with least travel.
    It depends on no plan, so nobody's pay depends on colleagues' books.
    """
    if rule.free_hours is not None:
        return rule.free_hours
    if "usual travel" not in scenario.memory:
        least = [
            _travel_of(part).where(part.eligible).min(axis=1).fillna(0.0).sum() for part in scenario.parts()
        ]
        scenario.memory["usual travel"] = float(sum(least)) / len(scenario.reps)
    kept: float = scenario.memory["usual travel"]
    return kept


def allowances_as_limits(scenario: Scenario, pairs: Pairs) -> list[Measure]:
    """Write the allowances that are part of the cost: an amount beyond its limit costs the rate."""
    measures = []
    none = np.full(len(scenario.reps), np.inf)
    for name, rule in zip(scenario.allowances.names, scenario.allowances.rules, strict=True):
        if not rule.in_cost:
            continue
        if rule.measure == "travel":
            limit = np.full(len(scenario.reps), free_hours(scenario, rule))
            measures.append(Measure(name, _travel_of_pairs(scenario, pairs), -none, limit, rule.rate))
        else:
            least = fair_shares(scenario, "potential").to_numpy() * (1 - rule.tolerance)
            amount = pairs.of_units(scenario.customers["potential"])
            measures.append(Measure(name, amount, least, none, rule.rate))
    return measures


def _travel_of(scenario: Scenario) -> pd.DataFrame:
    """Hours on the road a year, customers x reps, while the seat is filled."""
    hours = travel_hours(scenario).mul(journeys(scenario), axis=0)
    return hours * service_share(scenario)


def _travel_of_pairs(scenario: Scenario, pairs: Pairs) -> np.ndarray:
    """Take the time with customers off a pair's hours."""
    customers = scenario.customers
    work = customers["visits_per_year"] * customers["hours_per_visit"] + selling_hours(scenario)
    work = work + service_hours(scenario)
    there = pairs.of_units(work) * service_share(scenario).to_numpy()[pairs.rep]
    on_the_road: np.ndarray = np.maximum(pairs.hours - there, 0.0)
    return on_the_road
