"""What an assignment costs and loads, recomputed from the scenario's tables, whatever an engine said."""

from dataclasses import dataclass

import pandas as pd

from optimizer.costs import best_possible, losses
from optimizer.shares import amounts, fair_shares
from optimizer.travel import travel_hours
from optimizer.workload import capacity_hours, held_over_hours, service_share
from scenarios import InputError, Problem, Scenario
from scenarios.rules import Measure

UNAVOIDABLE = "unavoidable"
"""Term that takes off what each customer's best eligible rep would cost anyway."""


@dataclass(frozen=True)
class Score:
    """An objective in its terms, money lost a year.

    Parameters
    ----------
    terms
        By name: travel, disruption, fit, ramp, vacancy (each >= 0), less what is unavoidable (<= 0), and
        "balance of ..." for every priced balance rule.
    """

    terms: dict[str, float]

    @property
    def objective(self) -> float:
        """Sum of all terms: what is lost against giving every customer its best eligible rep."""
        return sum(self.terms.values())


def score(scenario: Scenario, owner: pd.Series) -> Score:
    """Compute every term of the objective for an assignment, from the tables and not from an engine's arrays.

    Customers without an owner cost nothing here; that they have none is a violation.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.

    Raises
    ------
    InputError
        If it names reps the scenario does not have.
    """
    owner = known_owner(scenario, owner)
    served = (owner != "").to_numpy()
    terms = {name: float(_picked(loss, owner[served]).sum()) for name, loss in losses(scenario).items()}
    terms[UNAVOIDABLE] = -float(best_possible(scenario)[served].sum())
    for rule in scenario.rules.balance:
        if rule.price is not None:
            fair = fair_shares(scenario, rule.measure)
            outside = ((measured(scenario, rule.measure, owner) - fair).abs() - rule.tolerance * fair).clip(
                lower=0
            )
            terms[f"balance of {rule.measure}"] = float(outside.sum()) * rule.price
    return Score(terms)


def known_owner(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Put owners in the scenario's order of customers, "" for those left out.

    Raises
    ------
    InputError
        If it names reps the scenario does not have.
    """
    strangers = sorted(set(owner) - set(scenario.reps.index) - {""})
    if strangers:
        raise InputError([Problem("owner", r, "no such rep in the scenario") for r in strangers])
    return owner.reindex(scenario.customers.index, fill_value="")


def measured(scenario: Scenario, measure: Measure, owner: pd.Series) -> pd.Series:
    """Add up a measure over each rep's book; hours with what is held over for reps who start later."""
    load = book(amounts(scenario, measure), owner)
    if measure != "hours":
        return load
    served = owner[owner != ""]
    held = _picked(held_over_hours(scenario), served)
    today = scenario.customers.loc[served.index, "owner"].to_numpy()
    return load.add(held.groupby(today).sum().reindex(load.index, fill_value=0.0))


def book(amount: pd.DataFrame, owner: pd.Series) -> pd.Series:
    """Add up an amount (customers x reps) over each rep's customers."""
    served = owner[owner != ""]
    picked = _picked(amount, served)
    return picked.groupby(served.to_numpy()).sum().reindex(amount.columns, fill_value=0.0)


def loads(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Describe each rep's book.

    Returns
    -------
    By rep: customers, hours (of the plan year, with what is held over for reps who start later),
    capacity_hours, utilization, travel_hours (a year), potential, fair_potential, sales (last year's),
    moved_in, moved_out (customers, against today's book).
    """
    owner = known_owner(scenario, owner)
    visits = scenario.customers["visits_per_year"]
    capacity = capacity_hours(scenario)
    table = pd.DataFrame(index=scenario.reps.index)
    table["customers"] = book(amounts(scenario, "customers"), owner).astype(int)
    table["hours"] = measured(scenario, "hours", owner)
    table["capacity_hours"] = capacity
    table["utilization"] = table["hours"] / capacity.where(capacity > 0)
    table["travel_hours"] = book(travel_hours(scenario).mul(visits, axis=0) * service_share(scenario), owner)
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
    table = pd.DataFrame(
        {"site": scenario.sites, "rep": owner, "visits": scenario.customers["visits_per_year"]}
    )
    by_rep = table[table["rep"] != ""].groupby(["site", "rep"])["visits"].sum()
    by_site = by_rep.groupby("site")
    return float((by_site.sum() - by_site.max()).sum())


def _picked(amount: pd.DataFrame, served: pd.Series) -> pd.Series:
    rows = amount.index.get_indexer(served.index)
    columns = amount.columns.get_indexer(pd.Index(served))
    return pd.Series(amount.to_numpy()[rows, columns], index=served.index)
