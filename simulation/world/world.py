"""A scenario and a plan as plain arrays, made once for all replications."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from scenarios import Scenario
from scenarios.market import Market
from simulation.behaving.effort import EffortTable
from simulation.behaving.expectations import Decisions, decisions, effort_table
from simulation.luck.events import Shocks, shocks_of
from simulation.luck.keyed import Ids, stable_ids
from simulation.luck.streams import Streams, streams_of, wholes
from simulation.world.open_orders import OpenOrders, open_orders_of
from simulation.world.service import Hands, Seats, hands_of, seats_of
from simulation.world.working_time import hours_by_day, passed

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
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
    month_ends
        First day after each of the twelve months.
    market
        Beliefs about demand, people and money.
    seats, hands, streams, shocks, decisions, effort
        See there.
    hours, passed
        Hours of seats by day, [reps, days], and added up, [reps and the house, days + 1].
    quota
        Money, [reps, quarters].
    customer_ids, whole_ids
        Stable ids of the customers, and of the whole ones they are parts of.
    visits_per_year, hours_per_visit, payment_days, potential
        Columns of the customers.
    late_days, bad_debt, calls_per_year
        Columns of the customers, where empty what the market says.
    credit_limit
        Cents; infinite where there is none, [customers].
    visit_rank
        Order in which visits are made: 1 for the first tier of the alphabet, the last for customers of none.
    open_orders
        What was ordered before the year and may be paid in it.
    season
        Demand on each day of the year over that of an even year, [days].
    """

    customers: tuple[str, ...]
    reps: tuple[str, ...]
    lines: tuple[str, ...]
    quarters: tuple[str, ...]
    days: float
    quarter_ends: Numbers
    month_ends: Numbers
    market: Market
    seats: Seats
    hands: Hands
    streams: Streams
    shocks: Shocks
    decisions: Decisions
    effort: EffortTable
    hours: Numbers
    passed: Numbers
    quota: Numbers
    customer_ids: Ids
    whole_ids: Ids
    visits_per_year: Numbers
    hours_per_visit: Numbers
    payment_days: Numbers
    potential: Numbers
    late_days: Numbers
    bad_debt: Numbers
    calls_per_year: Numbers
    credit_limit: Numbers
    visit_rank: Positions
    open_orders: OpenOrders
    season: Numbers

    @property
    def closes(self) -> Numbers:
        """Last moment of each quarter, [quarters]."""
        return np.nextafter(self.quarter_ends, 0.0)

    @property
    def patience(self) -> Numbers:
        """Weight at each choice of effort of pay at the end of its quarter, [decisions]."""
        weights: Numbers = self.market.effort.weekly_patience**self.decisions.weeks_left
        return weights


def world_of(scenario: Scenario, plan: Plan, belief: Numbers | None = None) -> World:
    """Compile a scenario and a plan.

    Parameters
    ----------
    belief
        What reps have learned their effort brings, see `expectations.effort_table`.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have.
    """
    year, market = scenario.year, scenario.market
    seats, streams, season = seats_of(scenario), streams_of(scenario), _season(scenario)
    hands = hands_of(scenario, plan, seats)
    quarter_ends = np.array([float((quarter.end - year.start).days) for quarter in year.quarters])
    hours = hours_by_day(scenario)

    def column(name: str, otherwise: float = np.nan) -> Numbers:
        return scenario.customers[name].fillna(otherwise).to_numpy(dtype="float64")

    return World(
        customers=tuple(scenario.customers.index),
        reps=tuple(scenario.reps.index),
        lines=scenario.lines,
        quarters=tuple(quarter.name for quarter in year.quarters),
        days=float(year.days),
        quarter_ends=quarter_ends,
        month_ends=np.array([float((year.month(m + 1) - year.start).days) for m in range(12)]),
        market=market,
        seats=seats,
        hands=hands,
        streams=streams,
        shocks=shocks_of(scenario),
        decisions=decisions(quarter_ends),
        effort=effort_table(scenario, plan.quota, seats, hands, streams, season, quarter_ends, belief),
        hours=hours,
        passed=passed(np.vstack([hours, np.zeros(year.days)])),
        quota=plan.quota.loc[scenario.reps.index].to_numpy(dtype="float64"),
        customer_ids=stable_ids(scenario.customers.index),
        whole_ids=stable_ids(wholes(scenario)),
        visits_per_year=column("visits_per_year"),
        hours_per_visit=column("hours_per_visit"),
        payment_days=column("payment_days"),
        potential=column("potential"),
        late_days=column("late_days", market.late_days),
        bad_debt=column("bad_debt", market.bad_debt),
        calls_per_year=column("service_calls_per_year", market.service.calls_per_year),
        credit_limit=column("credit_limit", np.inf) * 100,
        visit_rank=_visit_rank(scenario.customers["tier"]),
        open_orders=open_orders_of(scenario),
        season=season,
    )


def _season(scenario: Scenario) -> Numbers:
    year = scenario.year
    lengths = np.array([(year.month(m + 1) - year.month(m)).days for m in range(12)])
    daily = np.array(scenario.market.seasonality) / lengths * year.days
    return np.repeat(daily, lengths)


def _visit_rank(tier: pd.Series) -> Positions:
    named = sorted(set(tier) - {""})
    order = {name: rank for rank, name in enumerate([*named, ""], start=1)}
    return tier.map(order).to_numpy(dtype=np.int64)
