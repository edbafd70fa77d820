"""What an assignment costs and loads, recomputed from the scenario's tables, whatever an engine said."""

from dataclasses import dataclass

import pandas as pd

from optimizer.compiling.allowances import allowances
from optimizer.compiling.costs import TERMS, best_possible, losses
from optimizer.compiling.shares import fair_shares, limited_reps, of_customers, whole_of
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import (
    capacity_hours,
    held_over_hours,
    hours_in_service,
    journeys,
    service_share,
)
from optimizer.core.fairness import Fairness
from optimizer.overlays.support import SPECIALISTS, specialist_cost, specialist_visits
from scenarios import InputError, Problem, Scenario
from scenarios.rules import LimitRule, Measure

UNAVOIDABLE = "unavoidable"
"""Term that takes off what each customer's best eligible rep would cost anyway."""


@dataclass(frozen=True)
class Score:
    """An objective in its terms, money lost a year.

    Parameters
    ----------
    terms
        By name: travel, disruption, fit, ramp, vacancy (each >= 0), less what is unavoidable (<= 0), and of
        every priced rule "balance of ...", "limit 1 on ...", "fairness of ..., ...", "moves", "sales moved"
        or "customers kept"; "specialists", where there are overlays; and
        allowances that are part of the cost, by name.
    """

    terms: dict[str, float]

    @property
    def objective(self) -> float:
        """Sum of all terms: what is lost against giving every customer its best eligible rep."""
        return sum(self.terms.values())


def score(scenario: Scenario, owner: pd.Series, support: pd.DataFrame | None = None) -> Score:
    """Compute every term of the objective for an assignment, from the tables and not from an engine's arrays.

    Customers without an owner cost nothing here; that they have none is a violation.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    support
        Specialist by customer, a column for each overlay, as of a plan; not given: the reps alone.

    Raises
    ------
    InputError
        If it names reps the scenario does not have.
    """
    owner = known_owner(scenario, owner)
    terms = dict.fromkeys((*TERMS, UNAVOIDABLE), 0.0)
    for part in scenario.parts():
        served = owner[part.customers.index]
        served = served[served != ""]
        for name, loss in losses(part).items():
            terms[name] += float(_picked(loss, served).sum())
        terms[UNAVOIDABLE] -= float(best_possible(part)[served.index].sum())
    terms |= _priced_rules(scenario, owner) | _allowances_in_the_cost(scenario, owner)
    if support is not None and len(support.columns):
        terms[SPECIALISTS] = specialist_cost(scenario, support)
    return Score(terms)


def _priced_rules(scenario: Scenario, owner: pd.Series) -> dict[str, float]:
    rules, terms = scenario.rules, {}
    names = rules.names()
    for number, balance in enumerate(rules.balance):
        if balance.price is not None:
            fair = fair_shares(scenario, balance.measure)
            apart = (measured(scenario, balance.measure, owner) - fair).abs()
            outside = (apart - balance.tolerance * fair).clip(lower=0)
            terms[names["balance", number]] = float(outside.sum()) * balance.price
    for number, limit in enumerate(rules.limits):
        if limit.price is not None:
            short, over = outside_limit(scenario, limit, owner)
            terms[names["limits", number]] = float((short + over).sum()) * limit.price
    for number, fairness in enumerate(rules.fairness):
        fair = fair_shares(scenario, fairness.measure)
        term = Fairness(fairness.measure, fair.to_numpy(), fairness.notion, fairness.price)
        load = measured(scenario, fairness.measure, owner)
        terms[names["fairness", number]] = term.cost(load.to_numpy())
    leaves = moved(scenario, owner)
    value = rules.move_value_allowed(float(scenario.last_year_sales.sum()))
    if rules.move_limit is not None and rules.move_price is not None:
        terms["moves"] = max(float(leaves.sum()) - rules.move_limit, 0.0) * rules.move_price
    if value is not None and rules.move_value_price is not None:
        over_value = float(scenario.last_year_sales[leaves].sum()) - value
        terms["sales moved"] = max(over_value, 0.0) * rules.move_value_price
    if rules.move_limit_per_rep is not None and rules.move_price_per_rep is not None:
        left = scenario.customers["owner"][leaves].value_counts()
        beyond = (left - rules.move_limit_per_rep).clip(lower=0)
        terms["customers kept"] = float(beyond.sum()) * rules.move_price_per_rep
    return terms


def _allowances_in_the_cost(scenario: Scenario, owner: pd.Series) -> dict[str, float]:
    asked = scenario.allowances
    names = [name for name, rule in zip(asked.names, asked.rules, strict=True) if rule.in_cost]
    if not names:
        return {}
    paid = territory_allowances(scenario, owner)
    return {name: float(paid[name].sum()) for name in names}


def territory_allowances(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Say what each rep is paid for its territory, money a year: by rep, a column for each allowance."""
    owner = known_owner(scenario, owner)
    return allowances(scenario, _travel(scenario, owner), measured(scenario, "potential", owner))


def outside_limit(scenario: Scenario, rule: LimitRule, owner: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Say by how much each book falls short of a plain limit, and by how much it is over it.

    Returns
    -------
    Two series by rep, for the reps the rule is for, >= 0, in the unit of the measure.
    """
    meant = limited_reps(scenario, rule)
    load = measured(scenario, rule.measure, owner)[meant]
    if rule.share_of is None or rule.share_of == "all":
        whole = pd.Series(whole_of(scenario, rule), load.index)
    else:
        whole = measured(scenario, rule.share_of, owner)[meant]
    short = load * 0 if rule.at_least is None else rule.at_least * whole - load
    over = load * 0 if rule.at_most is None else load - rule.at_most * whole
    return short.clip(lower=0), over.clip(lower=0)


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
    if measure != "hours":
        served = owner[owner != ""]
        amount = of_customers(scenario, measure)[served.index].astype("float64")
        return amount.groupby(served.to_numpy()).sum().reindex(scenario.reps.index, fill_value=0.0)
    load = pd.Series(0.0, index=scenario.reps.index)
    for part in scenario.parts():
        served = owner[part.customers.index]
        served = served[served != ""]
        held = _picked(held_over_hours(part), served)
        today = part.customers.loc[served.index, "owner"].to_numpy()
        load += book(hours_in_service(part), served)
        load = load.add(held.groupby(today).sum().reindex(load.index, fill_value=0.0))
    return load


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
    moved_in, moved_out (customers, against today's book), allowance (money a year for the territory).
    """
    owner = known_owner(scenario, owner)
    capacity = capacity_hours(scenario)
    table = pd.DataFrame(index=scenario.reps.index)
    table["customers"] = measured(scenario, "customers", owner).astype(int)
    table["hours"] = measured(scenario, "hours", owner)
    table["capacity_hours"] = capacity
    table["utilization"] = table["hours"] / capacity.where(capacity > 0)
    table["travel_hours"] = _travel(scenario, owner)
    table["potential"] = measured(scenario, "potential", owner)
    table["fair_potential"] = fair_shares(scenario, "potential")
    table["sales"] = measured(scenario, "sales", owner)
    today = scenario.customers["owner"]
    changed = (owner != today).to_numpy()
    table["moved_in"] = owner[changed].value_counts().reindex(table.index, fill_value=0)
    table["moved_out"] = today[changed].value_counts().reindex(table.index, fill_value=0)
    table["allowance"] = allowances(scenario, table["travel_hours"], table["potential"]).sum(axis=1)
    return table


def moved(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Say of each customer whether it leaves the owner it has today; first owners are no moves."""
    today = scenario.customers["owner"]
    return (today != "") & (owner != today)


def duplicate_visits(scenario: Scenario, owner: pd.Series, support: pd.DataFrame | None = None) -> float:
    """Count visits a year to places where another rep goes more often.

    At each site the visits of all reps but the one who visits it most: what a single rep could have spared.
    Visits of specialists (`support`: by customer, a column for each overlay) count as those of one more rep.
    """
    table = pd.DataFrame(
        {"site": scenario.sites, "who": "\n" + owner, "visits": scenario.customers["visits_per_year"]}
    )[owner != ""]
    if support is not None and len(support.columns):
        table = pd.concat([table, specialist_visits(scenario, support)])
    by_rep = table.groupby(["site", "who"])["visits"].sum()
    by_site = by_rep.groupby("site")
    return float((by_site.sum() - by_site.max()).sum())


def _travel(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Hours on the road a year, by rep."""
    parts = [_travel_by_rep(part, owner) for part in scenario.parts()]
    total: pd.Series = sum(parts[1:], parts[0])
    return total


def _travel_by_rep(scenario: Scenario, owner: pd.Series) -> pd.Series:
    hours = travel_hours(scenario).mul(journeys(scenario), axis=0)
    return book(hours * service_share(scenario), owner[scenario.customers.index])


def _picked(amount: pd.DataFrame, served: pd.Series) -> pd.Series:
    rows = amount.index.get_indexer(served.index)
    columns = amount.columns.get_indexer(pd.Index(served))
    return pd.Series(amount.to_numpy()[rows, columns], index=served.index)
