"""Hours: what customers need a year, and what seats can give."""

import itertools

import numpy as np
import pandas as pd

from optimizer.compiling.travel import travel_hours
from scenarios import Scenario

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def selling_hours(scenario: Scenario) -> pd.Series:
    """Expected hours a year spent on a customer's opportunities, besides promised visits and the road.

    Won orders a year = potential x (1 + growth) x share of the line / mean order amount of the line;
    opportunities = won orders / win rate; each takes the expected hours of its stages.
    """
    market = scenario.market
    return (_orders(scenario) / market.win_rate * market.hours_per_opportunity).rename("selling_hours")


def calls_per_year(scenario: Scenario) -> pd.Series:
    """Expected calls for service a year, by customer: its own number, else that of all customers."""
    own = scenario.customers["service_calls_per_year"]
    return own.fillna(scenario.market.service.calls_per_year).rename("calls_per_year")


def service_hours(scenario: Scenario) -> pd.Series:
    """Expected hours a year spent on a customer's calls for service, without the road."""
    return (calls_per_year(scenario) * scenario.market.service.hours).rename("service_hours")


def selling_journeys(scenario: Scenario) -> pd.Series:
    """Expected journeys a year to sell: stages of opportunities done at the customer, as often as reached."""
    market = scenario.market
    if not any(stage.at_customer for stage in market.stages):
        return pd.Series(0.0, index=scenario.customers.index, name="selling_journeys")
    opportunities = _orders(scenario) / market.win_rate
    return (opportunities * market.journeys_per_opportunity).rename("selling_journeys")


def service_journeys(scenario: Scenario) -> pd.Series:
    """Expected journeys a year to serve: calls for service, where the rep goes there for them."""
    return (calls_per_year(scenario) * float(scenario.market.service.on_site)).rename("service_journeys")


def journeys(scenario: Scenario) -> pd.Series:
    """Expected journeys a year to each customer: promised visits, selling done there, calls for service."""
    beside = selling_journeys(scenario) + service_journeys(scenario)
    return (scenario.customers["visits_per_year"] + beside).rename("journeys")


def selling_work(scenario: Scenario) -> pd.DataFrame:
    """Expected hours a year of selling with the road to what is done at the customer, customers x reps.

    A journey takes as long as that of a visit.
    """
    road = travel_hours(scenario).mul(selling_journeys(scenario), axis=0)
    return road.add(selling_hours(scenario), axis=0)


def service_work(scenario: Scenario) -> pd.DataFrame:
    """Expected hours a year of calls for service, with the road where they are on site, customers x reps."""
    road = travel_hours(scenario).mul(service_journeys(scenario), axis=0)
    return road.add(service_hours(scenario), axis=0)


def hours_beside_visits(scenario: Scenario) -> pd.DataFrame:
    """Hours a year each customer takes of each rep beside promised visits: selling and calls for service.

    Returns
    -------
    Customers x reps.
    """
    return selling_work(scenario) + service_work(scenario)


def workload(scenario: Scenario) -> pd.DataFrame:
    """Hours a year each customer takes of each rep, customers x reps.

    Visits x (call + travel), and what comes beside them: see `hours_beside_visits`.
    """
    visits = scenario.customers["visits_per_year"]
    per_visit = travel_hours(scenario).add(scenario.customers["hours_per_visit"], axis=0)
    return per_visit.mul(visits, axis=0) + hours_beside_visits(scenario)


def hours_in_service(scenario: Scenario) -> pd.DataFrame:
    """Hours of the year a customer takes of a rep: workload while the seat is filled, customers x reps."""
    return workload(scenario).mul(service_share(scenario), axis=1)


def held_over_hours(scenario: Scenario) -> pd.DataFrame:
    """Hours a customer takes of today's owner where it goes to a rep who starts later, customers x reps."""
    share = held_over_share(scenario)
    reps = scenario.reps.index
    owner = reps.get_indexer(pd.Index(scenario.customers["owner"]))
    own = np.where(owner >= 0, workload(scenario).to_numpy()[np.arange(len(owner)), owner], 0.0)
    return share * own[:, None]


def held_over_share(scenario: Scenario) -> pd.DataFrame:
    """Share of the year today's owner still serves a customer that goes to a rep who starts later.

    Returns
    -------
    Customers x reps (the one it goes to); 0 where nobody serves today or the owner stays.
    """
    return held_over(scenario, np.full(scenario.year.days, 1 / scenario.year.days))


def held_over(scenario: Scenario, weight: np.ndarray) -> pd.DataFrame:
    """Like `held_over_share`, with a weight for each day of the plan year."""
    filled = daily_presence(scenario)
    start = days_from(scenario, scenario.reps["start"], -np.inf)
    before = (np.arange(scenario.year.days)[None, :] < start[:, None]).astype("float64")
    overlap = (filled * weight) @ before.T
    np.fill_diagonal(overlap, 0.0)
    owner = scenario.reps.index.get_indexer(pd.Index(scenario.customers["owner"]))
    share = np.where(owner[:, None] >= 0, overlap[owner], 0.0)
    return pd.DataFrame(share, index=scenario.customers.index, columns=scenario.reps.index)


def service_share(scenario: Scenario) -> pd.Series:
    """Share of the year's days on which each seat is filled, by plan."""
    return pd.Series(daily_presence(scenario).mean(axis=1), index=scenario.reps.index)


def capacity_hours(scenario: Scenario) -> pd.Series:
    """Hours each seat can give in the plan year, by rep."""
    return (scenario.reps["hours_per_year"] * service_share(scenario)).rename("capacity_hours")


def presence(scenario: Scenario) -> pd.DataFrame:
    """Share of each quarter in which a seat is filled, by plan; reps x Q1..Q4.

    Known starts and ends count; a seat with backfill is filled again `vacancy_days` after its holder's end.
    """
    return _by_quarter(scenario, daily_presence(scenario))


def daily_presence(scenario: Scenario, *, ramped: bool = False) -> np.ndarray:
    """Say of each seat and day of the plan year whether it is filled, 0 or 1; ramped: how productively."""
    day = np.arange(scenario.year.days) + 0.5
    start = days_from(scenario, scenario.reps["start"], -np.inf)
    end = days_from(scenario, scenario.reps["end"], np.inf)
    vacancy = scenario.market.turnover.vacancy_days
    again = np.where(scenario.reps["backfill"], end + vacancy, np.inf)
    first = _productivity(scenario, day, start, ramped=ramped) * (day < end[:, None])
    return first + _productivity(scenario, day, again, ramped=ramped)


def demand_by_day(scenario: Scenario) -> np.ndarray:
    """Share of the year's demand on each day of the plan year, by season; adds up to 1."""
    starts = [(scenario.year.month(m) - scenario.year.start).days for m in range(13)]
    days = np.diff(starts)
    return np.repeat(np.array(scenario.market.seasonality) / days, days)


def _orders(scenario: Scenario) -> pd.Series:
    """Orders expected to be won a year, by customer."""
    market = scenario.market
    orders_per_money = scenario.line_mix @ pd.Series(
        {line: 1 / market.order_values[line] for line in scenario.lines}
    )
    return scenario.customers["potential"] * (1 + market.growth) * orders_per_money


def _by_quarter(scenario: Scenario, daily: np.ndarray) -> pd.DataFrame:
    year = scenario.year
    bounds = [(q.start - year.start).days for q in year.quarters] + [year.days]
    shares = [daily[:, a:b].mean(axis=1) for a, b in itertools.pairwise(bounds)]
    names = [q.name for q in year.quarters]
    return pd.DataFrame(np.stack(shares, axis=1), index=scenario.reps.index, columns=names)


def days_from(scenario: Scenario, dates: pd.Series, missing: float) -> np.ndarray:
    """Count days from the first of the plan year to dates; `missing` where there is none."""
    days = (dates - pd.Timestamp(scenario.year.start)).dt.days.astype("float64")
    return days.fillna(missing).to_numpy()


def _productivity(scenario: Scenario, day: np.ndarray, start: np.ndarray, *, ramped: bool) -> np.ndarray:
    turnover = scenario.market.turnover
    since = day[None, :] - start[:, None]
    here = (since >= 0).astype("float64")
    if not ramped:
        return here
    ramp = np.array([turnover.ramp_of(level) for level in scenario.reps["seniority"]]) * DAYS_PER_MONTH
    to_learn = 1 - turnover.starting_productivity
    learned = np.full_like(since, to_learn)
    np.divide(to_learn * since, ramp[:, None], out=learned, where=ramp[:, None] > 0)
    return here * np.clip(turnover.starting_productivity + learned, 0.0, 1.0)
