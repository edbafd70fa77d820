"""What an assignment costs and loads, recomputed from the scenario's tables without a solver."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.costs import TERMS, losses
from optimizer.shares import amounts, fair_shares
from optimizer.travel import travel_hours
from optimizer.workload import capacity_hours
from scenarios import Scenario


@dataclass(frozen=True)
class Score:
    """An objective in its terms, money lost a year.

    Parameters
    ----------
    terms
        By name: travel, disruption, fit, and "balance of ..." for every priced balance rule.
    """

    terms: dict[str, float]

    @property
    def objective(self) -> float:
        """Sum of all terms."""
        return sum(self.terms.values())


def score(scenario: Scenario, owner: pd.Series) -> Score:
    """Compute every term of the objective for an assignment.

    Customers without an owner cost nothing here; that they have none is a violation.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    """
    terms = {name: _picked_sum(loss, owner) for name, loss in losses(scenario).items()}
    assert tuple(terms) == TERMS
    for rule in scenario.rules.balance:
        if rule.price is not None:
            fair = fair_shares(scenario, rule.measure)
            load = book(amounts(scenario, rule.measure), owner)
            outside = ((load - fair).abs() - rule.tolerance * fair).clip(lower=0)
            terms[f"balance of {rule.measure}"] = float(outside.sum()) * rule.price
    return Score(terms)


def book(amount: pd.DataFrame, owner: pd.Series) -> pd.Series:
    """Add up an amount (customers x reps) over each rep's customers."""
    served = owner[owner != ""]
    picked = _picked(amount, served)
    return picked.groupby(served.to_numpy()).sum().reindex(amount.columns, fill_value=0.0)


def loads(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Describe each rep's book.

    Returns
    -------
    By rep: customers, hours, capacity_hours, utilization, travel_hours (a year), potential, fair_potential,
    sales (last year's), moved_in, moved_out (customers, against today's book).
    """
    visits = scenario.customers["visits_per_year"]
    capacity = capacity_hours(scenario)
    table = pd.DataFrame(index=scenario.reps.index)
    table["customers"] = book(amounts(scenario, "customers"), owner).astype(int)
    table["hours"] = book(amounts(scenario, "hours"), owner)
    table["capacity_hours"] = capacity
    table["utilization"] = table["hours"] / capacity.where(capacity > 0)
    table["travel_hours"] = book(travel_hours(scenario).mul(visits, axis=0), owner)
    table["potential"] = book(amounts(scenario, "potential"), owner)
    table["fair_potential"] = fair_shares(scenario, "potential")
    table["sales"] = book(amounts(scenario, "sales"), owner)
    today = scenario.customers["owner"]
    changed = (owner != today).to_numpy()
    table["moved_in"] = owner[changed].value_counts().reindex(table.index, fill_value=0)
    table["moved_out"] = today[changed].value_counts().reindex(table.index, fill_value=0)
    return table


def moved(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Say of each customer whether it leaves the owner it has today; first owners are no moves."""
    today = scenario.customers["owner"]
    return (today != "") & (owner != today)


def duplicate_visits(scenario: Scenario, owner: pd.Series) -> float:
    """Count visits a year to places where another rep goes more often.

    At each site the visits of all reps but the one who visits it most: what a single rep could have spared.
    """
    site = scenario.customers["site"].where(
        scenario.customers["site"] != "", scenario.customers.index.to_series()
    )
    table = pd.DataFrame({"site": site, "rep": owner, "visits": scenario.customers["visits_per_year"]})
    by_rep = table[table["rep"] != ""].groupby(["site", "rep"])["visits"].sum()
    by_site = by_rep.groupby("site")
    return float((by_site.sum() - by_site.max()).sum())


def _picked(amount: pd.DataFrame, served: pd.Series) -> pd.Series:
    rows = amount.index.get_indexer(served.index)
    columns = amount.columns.get_indexer(pd.Index(served))
    return pd.Series(amount.to_numpy()[rows, columns], index=served.index)


def _picked_sum(amount: pd.DataFrame, owner: pd.Series) -> float:
    picked = _picked(amount, owner[owner != ""])
    return float(np.nansum(picked.to_numpy()))
