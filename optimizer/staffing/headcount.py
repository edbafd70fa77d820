"""How many reps the year needs, month by month: hours of visits and selling against those to be had."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import norm

from optimizer.compiling.costs import expected_new_sales, expected_sales
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import (
    daily_presence,
    selling_hours,
    selling_journeys,
    service_hours,
    service_journeys,
)
from optimizer.staffing.attrition import Seats, seats
from scenarios import Scenario


@dataclass(frozen=True, eq=False)
class Need:
    """Hours needed and hours to be had.

    Parameters
    ----------
    months, quarters
        A row a period. Hours: visit_hours (promised visits and calls for service), selling_hours (by season),
        both with their travel, hours_needed (their sum), capacity_hours (seats filled as planned),
        expected_hours (less what quits empty), productive_hours (an hour of somebody new counts by
        productivity). Seats: seats (filled as planned), reps_needed (seats on the payroll whose productive
        hours cover the need; NaN where there is nobody to go by), missing_reps. shortfall_probability: that
        needed hours exceed productive ones.
        Money: target, expected_sales, sales_in_reach (less what hours short do not sell).
    hour_value
        What an hour of work not done loses, money: see `hour_value`.
    """

    months: pd.DataFrame
    quarters: pd.DataFrame
    hour_value: float


def need(scenario: Scenario, owner: pd.Series) -> Need:
    """Set the hours that customers need against those that seats give, by month and quarter.

    Visits and calls for service fall evenly on the days of the year, selling follows the season; seats give
    their hours by working days of the calendar less leave. People quit and are replaced as in
    `optimizer.staffing.attrition`. Hours short lose sales at the rate of `hour_value`.

    The probability takes needed less productive hours as normal: variances of every seat's time filled and of
    the market's level (`demand_noise`, on selling) are exact, seats are independent. With few seats it is
    rough.

    Parameters
    ----------
    owner
        Who serves whom, for the travel; "" counts the nearest eligible rep's.
    """
    days = [(scenario.year.month(m) - scenario.year.start).days for m in range(13)]
    months = [slice(a, b) for a, b in pairwise(days)]
    quarters = [slice(days[3 * q], days[3 * q + 3]) for q in range(4)]
    daily = _Daily(scenario, owner)
    names = [scenario.year.month(m).strftime("%Y-%m") for m in range(12)]
    by_month = daily.table(names, months)
    by_quarter = daily.table([q.name for q in scenario.year.quarters], quarters)
    return Need(by_month, by_quarter, hour_value(scenario))


def hour_value(scenario: Scenario) -> float:
    """Give what an hour of promised work or selling not done loses on average, money.

    Expected sales x contribution margin x (1 - unattended_share) / hours of all customers at their nearest
    eligible reps. An average: the first hours left out are worth less where reps leave out the least.
    """
    market = scenario.market
    hours = float(np.sum(least_hours(scenario)))
    lost = float(expected_sales(scenario).sum()) * market.contribution_margin * (1 - market.unattended_share)
    return lost / hours if hours > 0 else 0.0


def least_hours(scenario: Scenario) -> np.ndarray:
    """Give the hours a year each customer takes of the eligible rep with the least travel to it."""
    visits, selling = _hours_by_customer(scenario, pd.Series("", index=scenario.customers.index))
    return visits + selling


def working_days(scenario: Scenario) -> np.ndarray:
    """Count working days less leave by month of the plan year, at least 0.

    Working days are those of the calendar.
    """
    staffing, year = scenario.market.staffing, scenario.year
    firsts = [(year.month(m) - year.start).days for m in range(12)]
    count = np.add.reduceat(scenario.calendar.works(year).astype(float), firsts)
    return np.maximum(count - staffing.leave_days * np.array(staffing.leave_by_month), 0.0)


def _hours_by_customer(scenario: Scenario, owner: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Hours a year of each customer that fall evenly (visits, calls for service) and by season (selling)."""
    evenly, by_season = [], []
    for part in scenario.parts():
        way = travel_hours(part)
        own = part.reps.index.get_indexer(pd.Index(owner[part.customers.index]))
        nearest = way.where(part.eligible).min(axis=1).fillna(way.min(axis=1)).to_numpy()
        travel = np.where(own >= 0, way.to_numpy()[np.arange(len(own)), own], nearest)
        visits = part.customers["hours_per_visit"].to_numpy() + travel
        service = service_hours(part).to_numpy() + service_journeys(part).to_numpy() * travel
        evenly.append(visits * part.customers["visits_per_year"].to_numpy() + service)
        by_season.append(selling_hours(part).to_numpy() + selling_journeys(part).to_numpy() * travel)
    return np.concatenate(evenly), np.concatenate(by_season)


class _Daily:
    """Needs and capacities of every day of the plan year."""

    def __init__(self, scenario: Scenario, owner: pd.Series) -> None:
        self.scenario = scenario
        self.seats: Seats = seats(scenario)
        self.planned = daily_presence(scenario)
        visits, selling = _hours_by_customer(scenario, owner)
        year, market = scenario.year, scenario.market
        lengths = np.diff([(year.month(m) - year.start).days for m in range(13)])
        self.visits = np.full(year.days, visits.sum() / year.days)
        self.season = np.repeat(np.array(market.seasonality) / lengths, lengths)
        self.selling = selling.sum() * self.season
        # A seat's hours of a day, on average over the month's days.
        worked = working_days(scenario)
        even = worked / worked.sum() if worked.sum() > 0 else lengths / year.days
        usable = scenario.reps["hours_per_year"].to_numpy() * scenario.rules.utilization_limit
        self.hours = np.outer(usable, np.repeat(even / lengths, lengths))
        self.sales = float(expected_sales(scenario).sum() + expected_new_sales(scenario).sum())

    def table(self, names: list[str], periods: list[slice]) -> pd.DataFrame:
        """Sum up periods."""
        table = pd.DataFrame([self._period(days) for days in periods], index=names)
        table.index.name = "period"
        return table

    def _period(self, days: slice) -> dict[str, float]:
        hours, scenario = self.hours[:, days], self.scenario
        visits, selling = float(self.visits[days].sum()), float(self.selling[days].sum())
        needed = visits + selling
        capacity = float((hours * self.planned[:, days]).sum())
        expected = float((hours * self.seats.filled[:, days]).sum())
        productive = float((hours * self.seats.productive[:, days]).sum())
        planned = float(self.planned[:, days].mean(axis=1).sum())
        each = productive / planned if planned > 0 else 0.0
        reps_needed = needed / each if each > 0 else np.nan
        season = float(self.season[days].sum())
        short = self._short(days, needed, productive, selling)
        share = short.expected / needed if needed > 0 else 0.0
        sales = self.sales * season
        return {
            "visit_hours": visits,
            "selling_hours": selling,
            "hours_needed": needed,
            "capacity_hours": capacity,
            "expected_hours": expected,
            "productive_hours": productive,
            "seats": planned,
            "reps_needed": reps_needed,
            "missing_reps": max(reps_needed - planned, 0.0),
            "shortfall_probability": short.probability,
            "target": scenario.target_amount * season,
            "expected_sales": sales,
            "sales_in_reach": sales * (1 - (1 - scenario.market.unattended_share) * min(share, 1.0)),
        }

    def _short(self, days: slice, needed: float, productive: float, selling: float) -> "_Short":
        """Give the normal law's probability and mean of needed hours beyond productive ones."""
        hours = (self.hours[:, days] * self.seats.productive[:, days]).sum(axis=1)
        filled = self.seats.filled[:, days].mean(axis=1)
        full = np.divide(hours, filled, out=np.zeros_like(hours), where=filled > 0)
        variance = float((full**2 * self.seats.variance(days)).sum())
        variance += (selling * self.scenario.market.demand_noise) ** 2
        over, spread = needed - productive, np.sqrt(variance)
        if spread <= 1e-9 * max(needed, 1.0):
            return _Short(float(over > 1e-9 * max(needed, 1.0)), max(over, 0.0))
        return _Short(
            float(norm.cdf(over / spread)),
            float(over * norm.cdf(over / spread) + spread * norm.pdf(over / spread)),
        )


@dataclass(frozen=True)
class _Short:
    probability: float
    expected: float
