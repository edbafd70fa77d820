"""Hours: what customers need a year, and what seats can give."""

import itertools

import numpy as np
import pandas as pd

from optimizer.travel import travel_hours
from scenarios import Scenario

DAYS_PER_MONTH = 365.25 / 12


def selling_hours(scenario: Scenario) -> pd.Series:
    """Expected hours a year spent on a customer's opportunities, besides promised visits.

    Won orders a year = potential x (1 + growth) x share of the line / mean order amount of the line;
    opportunities = won orders / win rate; each takes the expected hours of its stages.
    """
    market = scenario.market
    orders_per_money = scenario.line_mix @ pd.Series(
        {line: 1 / market.order_values[line] for line in scenario.lines}
    )
    orders = scenario.customers["potential"] * (1 + market.growth) * orders_per_money
    return (orders / market.win_rate * market.hours_per_opportunity).rename("selling_hours")


def workload(scenario: Scenario) -> pd.DataFrame:
    """Hours a year each customer takes of each rep: visits x (call + travel) + selling; customers x reps."""
    visits = scenario.customers["visits_per_year"]
    per_visit = travel_hours(scenario).add(scenario.customers["hours_per_visit"], axis=0)
    return per_visit.mul(visits, axis=0).add(selling_hours(scenario), axis=0)


def presence(scenario: Scenario) -> pd.DataFrame:
    """Share of each quarter in which a seat is filled, by plan; reps x Q1..Q4.

    Known starts and ends count; a seat with backfill is filled again `vacancy_days` after its holder's end.
    """
    return _by_quarter(scenario, ramped=False)


def ramped_presence(scenario: Scenario) -> pd.DataFrame:
    """Like `presence`, each day weighted with the productivity of a new rep while he or she ramps up."""
    return _by_quarter(scenario, ramped=True)


def capacity_hours(scenario: Scenario) -> pd.Series:
    """Hours each seat can give in the plan year, by rep."""
    quarters = scenario.year.quarters
    days = np.array([(q.end - q.start).days for q in quarters])
    share = presence(scenario).to_numpy() @ days / days.sum()
    return (scenario.reps["hours_per_year"] * share).rename("capacity_hours")


def _by_quarter(scenario: Scenario, *, ramped: bool) -> pd.DataFrame:
    year, turnover = scenario.year, scenario.market.turnover
    day = np.arange(year.days) + 0.5
    start = _days_from(scenario, scenario.reps["start"], -np.inf)
    end = _days_from(scenario, scenario.reps["end"], np.inf)
    again = np.where(scenario.reps["backfill"], end + turnover.vacancy_days, np.inf)
    first = _productivity(scenario, day, start, ramped=ramped) * (day < end[:, None])
    daily = first + _productivity(scenario, day, again, ramped=ramped)
    bounds = [(q.start - year.start).days for q in year.quarters] + [year.days]
    shares = [daily[:, a:b].mean(axis=1) for a, b in itertools.pairwise(bounds)]
    names = [q.name for q in year.quarters]
    return pd.DataFrame(np.stack(shares, axis=1), index=scenario.reps.index, columns=names)


def _days_from(scenario: Scenario, dates: pd.Series, missing: float) -> np.ndarray:
    days = (dates - pd.Timestamp(scenario.year.start)).dt.days.astype("float64")
    return days.fillna(missing).to_numpy()


def _productivity(scenario: Scenario, day: np.ndarray, start: np.ndarray, *, ramped: bool) -> np.ndarray:
    turnover = scenario.market.turnover
    since = day[None, :] - start[:, None]
    here = (since >= 0).astype("float64")
    ramp = turnover.ramp_months * DAYS_PER_MONTH
    if not ramped or ramp == 0:
        return here
    grown = turnover.starting_productivity + (1 - turnover.starting_productivity) * since / ramp
    return here * np.clip(grown, 0.0, 1.0)
