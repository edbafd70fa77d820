"""What reps expect of their quarters, and the effort they choose from it: one table for the whole year."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.compiling.workload import presence
from scenarios import Scenario
from simulation.behaving.closed_form import forward_looking
from simulation.behaving.effort import GRID, EffortTable, constant, pay_curve
from simulation.behaving.preferences import preferences_of
from simulation.luck.streams import Streams
from simulation.paying.pay import stakes
from simulation.world.service import Hands, Seats

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]

REACH = 3.0
"""Bookings up to so many times the quarter's quota, or expectation if larger, are tabulated."""


@dataclass(frozen=True)
class Decisions:
    """When effort is chosen: on the first day of each quarter and every seventh day after it.

    Parameters
    ----------
    day
        Days from the first day of the year.
    quarter
        Position of the quarter.
    weeks_left
        Weeks until the quarter ends.
    weeks_left_in_year
        Weeks until the year ends.
    """

    day: Numbers
    quarter: Positions
    weeks_left: Numbers
    weeks_left_in_year: Numbers


def decisions(quarter_ends: Numbers) -> Decisions:
    """Lay the year's decisions out, given the first day after each quarter."""
    starts = np.concatenate([[0.0], quarter_ends[:-1]])
    spans = [np.arange(a, b, 7.0) for a, b in zip(starts, quarter_ends, strict=True)]
    day = np.concatenate(spans)
    quarter = np.repeat(np.arange(len(spans)), [len(s) for s in spans])
    return Decisions(day, quarter, (quarter_ends[quarter] - day) / 7, (quarter_ends[-1] - day) / 7)


def effort_table(
    scenario: Scenario,
    quota: pd.DataFrame,
    seats: Seats,
    hands: Hands,
    streams: Streams,
    season: Numbers,
    quarter_ends: Numbers,
) -> EffortTable:
    """Tabulate the effort of every seat at every decision, by bookings of the quarter so far.

    A seat without quota or without demand in a quarter has nothing to answer and works at effort 1.
    """
    when = decisions(quarter_ends)
    behavior = scenario.market.effort
    if behavior.mode == "constant":
        return constant(len(seats.ids), len(when.day))
    asked = quota.loc[scenario.reps.index].to_numpy(dtype="float64")
    lengths = np.diff(quarter_ends, prepend=0.0)
    at_stake = stakes(scenario.scheme, scenario.reps, quota, presence(scenario).to_numpy(), lengths)
    mean, variance = _weekly_bookings(scenario, seats, hands, streams, season, quarter_ends)
    effort = np.ones((len(seats.ids), len(when.day), len(GRID)))
    largest = np.ones((len(seats.ids), len(when.day)))
    for seat, quarter in zip(*np.nonzero((asked > 0) & (mean[:-1] > 0)), strict=True):
        curve = pay_curve(
            scenario.scheme,
            asked[seat, quarter],
            at_stake.commission[seat, quarter],
            at_stake.quarterly_bonus[seat, quarter],
            at_stake.yearly_bonus[seat] / asked[seat].sum(),
        )
        here = when.quarter == quarter
        most = REACH * max(asked[seat, quarter], mean[seat, quarter] * when.weeks_left[here][0])
        largest[seat, here] = most
        effort[seat, here] = forward_looking(
            preferences_of(behavior),
            curve,
            mean[seat, quarter],
            variance[seat, quarter],
            when.weeks_left[here][:, None],
            when.weeks_left_in_year[here][:, None],
            GRID * most,
        )
    return EffortTable(effort, largest)


def _weekly_bookings(
    scenario: Scenario,
    seats: Seats,
    hands: Hands,
    streams: Streams,
    season: Numbers,
    quarter_ends: Numbers,
) -> tuple[Numbers, Numbers]:
    """Mean and variance of a week's bookings of each seat in each quarter, if all work is done in time.

    Won orders of a stream are a Poisson process: a week's amount has mean r a and variance r a^2 (1 + cv^2),
    with r orders a week of mean amount a.
    """
    market = scenario.market
    starts = np.concatenate([[0.0], quarter_ends[:-1]])
    mean = np.zeros((len(seats.ids), len(quarter_ends)))
    variance = np.zeros_like(mean)
    for quarter, (start, end) in enumerate(zip(starts, quarter_ends, strict=True)):
        hand = hands.at(streams.customer, (start + end) / 2)
        seat = hands.seat[streams.customer, hand]
        kept = 1 - hands.loss[streams.customer, hand] * ~streams.is_new
        won = streams.yearly * market.win_rate * streams.growth * kept
        won *= hands.skill[streams.customer, hand, streams.line]
        orders = won * season[int(start) : int(end)].mean() * 7 / len(season)
        mean[:, quarter] = np.bincount(seat, orders * streams.amount, len(seats.ids))
        squares = streams.amount**2 * (1 + market.order_value_cv**2)
        variance[:, quarter] = np.bincount(seat, orders * squares, len(seats.ids))
    return mean, variance
