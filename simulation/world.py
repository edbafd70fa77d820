"""A scenario and a plan as plain arrays, made once for all replications."""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from scenarios import Scenario
from scenarios.filters import fits
from scenarios.market import Market
from simulation.effort import EffortTable
from simulation.expectations import Decisions, decisions, effort_table
from simulation.luck import Ids, stable_ids
from simulation.service import Seats, Service, seats_of, service_of
from simulation.streams import Streams, streams_of

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Shocks:
    """The shocks of a scenario, one entry each.

    Parameters
    ----------
    ids
        Stable ids of their names.
    start, end
        First day and first day after it, counted from the first day of the year.
    demand
        Factor on demand while it lasts.
    probability
        Of happening in the year.
    hits
        Whether it concerns a customer, [shocks, customers].
    """

    ids: Ids
    start: Numbers
    end: Numbers
    demand: Numbers
    probability: Numbers
    hits: Flags


@dataclass(frozen=True)
class World:
    """What all replications of a plan in a scenario have in common. Positions refer to the names.

    Parameters
    ----------
    customers, reps, lines, quarters
        Names.
    days
        Length of the year.
    quarter_ends
        First day after each quarter, counted from the first day of the year.
    market
        Beliefs about demand, people and money.
    seats, service, streams, shocks, decisions, effort
        See there.
    customer_ids
        Stable ids of the customers.
    visits_per_year, payment_days, potential
        Columns of the customers.
    visit_rank
        Order in which visits are made: 1 for the first tier of the alphabet, the last for customers of none.
    season
        Demand on each day of the year over that of an even year, [days].
    """

    customers: tuple[str, ...]
    reps: tuple[str, ...]
    lines: tuple[str, ...]
    quarters: tuple[str, ...]
    days: float
    quarter_ends: Numbers
    market: Market
    seats: Seats
    service: Service
    streams: Streams
    shocks: Shocks
    decisions: Decisions
    effort: EffortTable
    customer_ids: Ids
    visits_per_year: Numbers
    payment_days: Numbers
    potential: Numbers
    visit_rank: Positions
    season: Numbers


def world_of(scenario: Scenario, plan: Plan) -> World:
    """Compile a scenario and a plan.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have.
    """
    year, customers = scenario.year, scenario.customers
    seats, streams, season = seats_of(scenario), streams_of(scenario), _season(scenario)
    service = service_of(scenario, plan, seats)
    quarter_ends = np.array([float((quarter.end - year.start).days) for quarter in year.quarters])
    effort = effort_table(scenario, plan.quota, seats, service, streams, season, quarter_ends)
    return World(
        customers=tuple(customers.index),
        reps=tuple(scenario.reps.index),
        lines=scenario.lines,
        quarters=tuple(quarter.name for quarter in year.quarters),
        days=float(year.days),
        quarter_ends=quarter_ends,
        market=scenario.market,
        seats=seats,
        service=service,
        streams=streams,
        shocks=_shocks(scenario),
        decisions=decisions(quarter_ends),
        effort=effort,
        customer_ids=stable_ids(customers.index),
        visits_per_year=customers["visits_per_year"].to_numpy(dtype="float64"),
        payment_days=customers["payment_days"].to_numpy(dtype="float64"),
        potential=customers["potential"].to_numpy(dtype="float64"),
        visit_rank=_visit_rank(customers["tier"]),
        season=season,
    )


def _season(scenario: Scenario) -> Numbers:
    year = scenario.year
    lengths = np.array([(year.month(m + 1) - year.month(m)).days for m in range(12)])
    daily = np.array(scenario.market.seasonality) / lengths * year.days
    return np.repeat(daily, lengths)


def _shocks(scenario: Scenario) -> Shocks:
    shocks = scenario.market.shocks
    hits = np.ones((len(shocks), len(scenario.customers)), dtype=bool)
    for number, shock in enumerate(shocks):
        hits[number] = fits(scenario.customers, shock.where)
    return Shocks(
        ids=stable_ids(shock.name for shock in shocks),
        start=np.array([_day(scenario, shock.start) for shock in shocks]),
        end=np.array([_day(scenario, shock.end) for shock in shocks]),
        demand=np.array([shock.demand for shock in shocks]),
        probability=np.array([shock.probability for shock in shocks]),
        hits=hits,
    )


def _day(scenario: Scenario, date: datetime.date) -> float:
    return float((date - scenario.year.start).days)


def _visit_rank(tier: pd.Series) -> Positions:
    named = sorted(set(tier) - {""})
    order = {name: rank for rank, name in enumerate([*named, ""], start=1)}
    return tier.map(order).to_numpy(dtype=np.int64)
