"""A scenario and a plan as plain arrays, made once for all replications."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from optimizer.compiling.workload import daily_presence
from scenarios import Scenario
from scenarios.market import Market
from simulation.behaving.effort import EffortTable
from simulation.behaving.expectations import Decisions, decisions, effort_table
from simulation.behaving.own_rule import Rule, tabulated_rule
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
    quota, meant_for
        Money, and the days at full productivity the plan expects of the seat in the quarter, for which the
        quota is meant; where it expects none, all, [reps, quarters].
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
    meant_for: Numbers
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


def world_of(
    scenario: Scenario, plan: Plan, belief: Numbers | None = None, rule: Rule | None = None
) -> World:
    """Compile a scenario and a plan.

    Parameters
    ----------
    belief
        What reps have learned their effort brings, see `expectations.effort_table`.
    rule
        A user's own rule of effort, instead of what the scenario says.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have, or the rule gives
        what is no effort.
    """
    year, market = scenario.year, scenario.market
    seats, streams, season = seats_of(scenario), streams_of(scenario), _season(scenario)
    hands = hands_of(scenario, plan, seats)
    quarter_ends = np.array([float((quarter.end - year.start).days) for quarter in year.quarters])
    hours, when = hours_by_day(scenario), decisions(quarter_ends)
    if rule is None:
        effort = effort_table(scenario, plan.quota, seats, hands, streams, season, quarter_ends, belief)
    else:
        effort = tabulated_rule(rule, scenario, plan.quota, when.day, when.quarter, when.weeks_left)

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
        decisions=when,
        effort=effort,
        hours=hours,
        passed=passed(np.vstack([hours, np.zeros(year.days)])),
        quota=plan.quota.loc[scenario.reps.index].to_numpy(dtype="float64"),
        meant_for=_meant_for(scenario, quarter_ends),
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


def under_other_pay(world: World, scenario: Scenario, plan: Plan, belief: Numbers | None = None) -> World:
    """Compile a scenario that differs from that of a world in nothing but pay and the answers to it.

    Parameters
    ----------
    world
        Of the same plan; all but market and effort is taken from it.
    scenario, plan, belief
        As for `world_of`.
    """
    told = (world.seats, world.hands, world.streams, world.season, world.quarter_ends)
    effort = effort_table(scenario, plan.quota, *told, belief)
    return dataclasses.replace(world, market=scenario.market, effort=effort)


def with_one_luck(worlds: Sequence[World]) -> list[list[int]]:
    """Group worlds by whether the same seed gives them the very same luck; positions, in order.

    That is sure of worlds made by `under_other_pay` of one, if reps play with time in all or in none.
    """
    groups: list[list[int]] = []
    for number, world in enumerate(worlds):
        for group in groups:
            if _share_luck(worlds[group[0]], world):
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def _share_luck(one: World, other: World) -> bool:
    """Say whether worlds are made of the same, but for what luck knows nothing of."""
    if not all(
        getattr(one, field.name) is getattr(other, field.name)
        for field in dataclasses.fields(World)
        if field.name not in {"market", "effort"}
    ):
        return False
    if (one.market.timing.window_days > 0) != (other.market.timing.window_days > 0):
        return False
    answers = {"effort": other.market.effort, "timing": other.market.timing}
    return one.market.model_copy(update=answers) == other.market


def _meant_for(scenario: Scenario, quarter_ends: Numbers) -> Numbers:
    """Add up the days each seat is to be filled, new people by their ramp; all where there are none."""
    starts = np.concatenate([[0], quarter_ends[:-1]]).astype(np.int64)
    days = np.add.reduceat(daily_presence(scenario, ramped=True), starts, axis=1)
    return np.where(days > 0, days, np.diff(quarter_ends, prepend=0.0))


def _season(scenario: Scenario) -> Numbers:
    year = scenario.year
    lengths = np.array([(year.month(m + 1) - year.month(m)).days for m in range(12)])
    daily = np.array(scenario.market.seasonality) / lengths * year.days
    return np.repeat(daily, lengths)


def _visit_rank(tier: pd.Series) -> Positions:
    named = sorted(set(tier) - {""})
    order = {name: rank for rank, name in enumerate([*named, ""], start=1)}
    return tier.map(order).to_numpy(dtype=np.int64)
