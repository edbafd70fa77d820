"""What a pair of customer and rep costs, term by term, money a year."""

import numpy as np
import pandas as pd

from optimizer.compiling.travel import travel_cost
from optimizer.compiling.workload import (
    DAYS_PER_YEAR,
    daily_presence,
    demand_by_day,
    held_over,
    journeys,
    service_share,
)
from scenarios import Scenario, permissions
from scenarios.overlays import made_good
from scenarios.reps import listed

TERMS = ("travel", "disruption", "fit", "ramp", "vacancy", "wishes")


def losses(scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Give each cost term for every pair, eligible or not, money a year, customers x reps, >= 0.

    - travel: journeys x (travel hours x cost of an hour + nights away x cost of a night), while the seat is
      filled; journeys are promised visits, selling done at the customer and calls for service on site;
    - disruption: expected sales x share lost when the owner changes (see `relationship_loss`) x contribution
      margin;
    - fit: expected sales x share lost where the rep lacks a line's skill or the seniority (see `fit`) x
      contribution margin;
    - ramp: expected sales x share of the year's demand that a rep new to the job loses x contribution margin;
    - vacancy: expected sales x share of the year's demand with nobody there x share that does not buy
      unattended x contribution margin;
    - wishes: the prices of rules of accounts that the pair is against.
    """
    worth = expected_sales(scenario) * scenario.market.contribution_margin
    deserted = 1 - scenario.market.unattended_share
    return {
        "travel": _travel(scenario),
        "disruption": relationship_loss(scenario).mul(worth, axis=0),
        "fit": (1 - fit(scenario)).mul(worth, axis=0),
        "ramp": _for_all(scenario, ramp_loss(scenario)).mul(worth, axis=0),
        "vacancy": vacancy(scenario).mul(worth * deserted, axis=0),
        "wishes": pd.DataFrame(permissions.wishes(scenario), scenario.customers.index, scenario.reps.index),
    }


def best_possible(scenario: Scenario) -> pd.Series:
    """Cost of each customer's cheapest eligible rep, all terms together, money a year; 0 where there is none.

    The objective counts what is lost against this.
    """
    total = sum(losses(scenario).values()).where(scenario.eligible)  # type: ignore[union-attr]
    return total.min(axis=1).fillna(0.0)


def expected_sales(scenario: Scenario) -> pd.Series:
    """Sales expected of each customer in a usual plan year: potential x (1 + growth), money."""
    return scenario.customers["potential"] * (1 + scenario.market.growth)


def expected_new_sales(scenario: Scenario) -> pd.Series:
    """Sales expected of customers won for the first time, by the customer they are near to, money a year.

    Newcomers arise evenly near all whole customers; parts of a split customer share them by potential.
    """
    customers, market = scenario.customers, scenario.market
    whole = customers["part_of"].where(customers["part_of"] != "", customers.index.to_series())
    potential = customers["potential"].groupby(whole)
    share = (customers["potential"] / potential.transform("sum")).fillna(1 / potential.transform("size"))
    return share * market.new_customers_per_year * market.new_customer_value / whole.nunique()


def fit(scenario: Scenario) -> pd.DataFrame:
    """Share of a customer's sales that each rep's skills and seniority can win, customers x reps."""
    whole = pd.DataFrame(0.0, index=scenario.customers.index, columns=scenario.reps.index)
    for line in scenario.lines:
        whole += winning_share(scenario, line).mul(scenario.line_mix[line], axis=0)
    return whole


def winning_share(scenario: Scenario, line: str) -> pd.DataFrame:
    """Share of a line's sales each rep can win, less where skill or seniority lacks; customers x reps.

    Where a specialist supports a customer in the line, that makes lack of skill good.
    """
    market, reps = scenario.market, scenario.reps
    lists = [listed(cell) for cell in reps["skills"]]
    able = [1.0 - market.skill_gap * (bool(skills) and line not in skills) for skills in lists]
    seniority = [1.0 - market.seniority_gap.get(level, 0.0) for level in reps["seniority"]]
    if scenario.overlays.teams:
        saved = made_good(scenario, line)[:, None]
        table = (saved + (1 - saved) * np.array(able)) * np.array(seniority)
        return pd.DataFrame(table, index=scenario.customers.index, columns=reps.index)
    return _for_all(scenario, pd.Series(np.multiply(able, seniority), index=reps.index))


def relationship_loss(scenario: Scenario) -> pd.DataFrame:
    """Share of a customer's yearly sales lost if a rep takes over from today's owner, customers x reps.

    What is at stake (see `at_stake`), times the factors of `[market.relationships]` where the rep is of the
    owner's team, and where he or she starts within the plan year; at most 1.

    Returns
    -------
    0 for today's owner and where nobody serves the customer today.
    """
    reps, relationships = scenario.reps, scenario.market.relationships
    team = reps["team"].to_numpy(dtype=str)
    owners_team = scenario.customers["owner"].map(reps["team"]).fillna("").to_numpy(dtype=str)
    same = (team != "") & (owners_team[:, None] == team[None, :])
    year = scenario.year
    hired = (reps["start"] >= pd.Timestamp(year.start)) & (reps["start"] < pd.Timestamp(year.end))
    factor = np.where(same, relationships.same_team, 1.0) * np.where(hired, relationships.new_hire, 1.0)
    return (_leaves(scenario).mul(at_stake(scenario), axis=0) * factor).clip(upper=1.0)


def at_stake(scenario: Scenario) -> pd.Series:
    """Share of yearly sales that hangs on the relationship with today's owner, by customer.

    relationship_risk x min(1, years with today's owner at the start of the plan year / full_after_years).
    Where `owner_since` is empty, all is at stake.
    """
    market, since = scenario.market, scenario.customers["owner_since"]
    years = (pd.Timestamp(scenario.year.start) - since).dt.days / DAYS_PER_YEAR
    full = market.relationships.full_after_years
    known = (years / full).clip(0.0, 1.0).fillna(1.0) if full > 0 else pd.Series(1.0, index=since.index)
    return (known * market.relationship_risk).rename("at_stake")


def ramp_loss(scenario: Scenario) -> pd.Series:
    """Share of a year's demand that a new holder of a seat cannot win yet, by rep."""
    lost = daily_presence(scenario) - daily_presence(scenario, ramped=True)
    return pd.Series(lost @ demand_by_day(scenario), index=scenario.reps.index)


def vacancy(scenario: Scenario) -> pd.DataFrame:
    """Share of a year's demand with nobody there: the seat empty, nobody holding over; customers x reps."""
    weight = demand_by_day(scenario)
    empty = pd.Series((1 - daily_presence(scenario)) @ weight, index=scenario.reps.index)
    return (_for_all(scenario, empty) - held_over(scenario, weight)).clip(lower=0.0)


def _for_all(scenario: Scenario, by_rep: pd.Series) -> pd.DataFrame:
    rows = np.repeat(by_rep.reindex(scenario.reps.index).to_numpy()[None, :], len(scenario.customers), axis=0)
    return pd.DataFrame(rows, index=scenario.customers.index, columns=scenario.reps.index)


def _travel(scenario: Scenario) -> pd.DataFrame:
    cost = travel_cost(scenario).mul(journeys(scenario), axis=0)
    return cost.mul(service_share(scenario), axis=1)


def _leaves(scenario: Scenario) -> pd.DataFrame:
    owner = scenario.customers["owner"].to_numpy()[:, None]
    changes = (owner != "") & (owner != scenario.reps.index.to_numpy()[None, :])
    table = pd.DataFrame(changes, index=scenario.customers.index, columns=scenario.reps.index)
    return table.astype("float64")
