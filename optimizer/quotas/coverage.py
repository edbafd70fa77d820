"""Whether each quota can be sold: hours, potential of the customers, open opportunities, and the odds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.compiling.costs import expected_sales
from optimizer.compiling.workload import capacity_hours, held_over_share, selling_work, service_share
from optimizer.quotas.drivers import served
from optimizer.quotas.laws import Law
from optimizer.score import known_owner, measured
from scenarios import Scenario


@dataclass(frozen=True)
class Doubts:
    """When a quota is doubted. All are assumptions but the hours, of which the rules speak.

    Parameters
    ----------
    chance
        Least chance of reaching it.
    of_potential
        Largest quota as a share of what known customers are expected to buy; the rest has to come from
        customers nobody knows yet.
    """

    chance: float = 0.25
    of_potential: float = 1.5


def feasibility(
    scenario: Scenario, owner: pd.Series, quotas: np.ndarray, law: Law, doubts: Doubts | None = None
) -> pd.DataFrame:
    """Hold each rep's quota against hours, potential, open opportunities and odds.

    Hours to sell and serve a quota are the promised visits with their travel, and the hours of selling in
    proportion to quota over expected sales. They are doubted above the share of the hours that the rules
    allow to be filled. Coverage is what open opportunities that close in the plan year are worth on average,
    over quota; a year's sales are mostly not yet open when it is planned, so a small one is no doubt.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    quotas
        Money a year, [reps].
    law
        Of the reps.
    doubts
        When a quota is doubted.

    Returns
    -------
    By rep: quota, expected (sales, money a year), chance, hours (to sell and serve the quota), capacity
    (hours), utilization, potential (what known customers are expected to buy while they are served, money a
    year), of_potential (quota over it), pipeline (worth of open opportunities, money; not a number where the
    scenario has none), coverage (pipeline over quota), verdict ("good" or "warning"), say.

    Raises
    ------
    InputError
        If an owner is no rep of the scenario.
    """
    owner, doubts = known_owner(scenario, owner), doubts or Doubts()
    table = pd.DataFrame(index=scenario.reps.index)
    table["quota"] = np.asarray(quotas, dtype="float64")
    table["expected"] = law.mean
    table["chance"] = law.chance(table["quota"].to_numpy())
    selling = _selling(scenario, owner)
    stretch = (table["quota"] / table["expected"].where(table["expected"] > 0)).fillna(0.0)
    table["hours"] = measured(scenario, "hours", owner) + selling * (stretch - 1)
    table["capacity"] = capacity_hours(scenario)
    table["utilization"] = table["hours"] / table["capacity"].where(table["capacity"] > 0)
    table["potential"] = served(scenario, owner, expected_sales(scenario))
    table["of_potential"] = table["quota"] / table["potential"].where(table["potential"] > 0)
    table["pipeline"] = pipeline(scenario).groupby(owner).sum().reindex(table.index, fill_value=0.0)
    if scenario.opportunities.empty:
        table["pipeline"] = np.nan
    table["coverage"] = table["pipeline"] / table["quota"].where(table["quota"] > 0)
    said = [_doubted(row, doubts, scenario.rules.utilization_limit) for _, row in table.iterrows()]
    table["verdict"] = ["warning" if doubted else "good" for doubted in said]
    table["say"] = ["; ".join(doubted) for doubted in said]
    return table


def pipeline(scenario: Scenario) -> pd.Series:
    """Give the expected amount won of each customer's open opportunities that close in the plan year, money.

    An opportunity counts with its probability, else with the share that passes its stage and all after.
    """
    table, year = scenario.opportunities, scenario.year
    inside = (table["close_date"] >= pd.Timestamp(year.start)) & (
        table["close_date"] < pd.Timestamp(year.end)
    )
    chance = table["probability"].fillna(table["stage"].map(chance_by_stage(scenario)))
    won = (table["amount"] * chance)[inside].groupby(table["customer"][inside]).sum()
    return won.reindex(scenario.customers.index, fill_value=0.0).rename("pipeline").astype("float64")


def chance_by_stage(scenario: Scenario) -> dict[str, float]:
    """Give the chance to be won of an opportunity in each stage: it has to pass that one and all after."""
    stages = scenario.market.stages
    chances = np.cumprod([stage.conversion for stage in reversed(stages)])[::-1]
    return {stage.name: float(chance) for stage, chance in zip(stages, chances, strict=True)}


def _selling(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Hours of selling that each rep's book takes while the seat is filled, what is held over included."""
    book = owner[owner != ""]
    work, reps = selling_work(scenario).to_numpy(), scenario.reps.index
    rows, to = scenario.customers.index.get_indexer(book.index), reps.get_indexer(pd.Index(book))
    hours = pd.Series(work[rows, to], book.index)
    own = (hours * service_share(scenario)[book].to_numpy()).groupby(book.to_numpy()).sum()
    today = scenario.customers.loc[book.index, "owner"]
    before = held_over_share(scenario).to_numpy()[rows, to]
    hours = pd.Series(work[rows, reps.get_indexer(pd.Index(today))], book.index)
    held = (hours * before).groupby(today.to_numpy()).sum()
    return own.add(held, fill_value=0.0).reindex(reps, fill_value=0.0)


def _doubted(row: pd.Series, doubts: Doubts, limit: float) -> list[str]:
    if not row["quota"] > 0:
        return []
    said = []
    if row["chance"] < doubts.chance:
        said.append(f"reached with a chance of {row['chance']:.0%} only")
    if np.isnan(row["utilization"]):
        said.append("the seat gives no hours in the plan year")
    elif row["utilization"] > limit + 1e-9:
        said.append(f"takes {row['hours']:,.0f} hours, {row['utilization']:.0%} of those there are")
    if np.isnan(row["of_potential"]):
        said.append("known customers are expected to buy nothing")
    elif row["of_potential"] > doubts.of_potential + 1e-9:
        said.append(f"is {row['of_potential']:.0%} of what known customers are expected to buy")
    return said
