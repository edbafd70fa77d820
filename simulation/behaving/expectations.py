"""What reps expect of their quarters, and the effort they choose from it: one table for the whole year."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios import Scenario
from simulation.behaving.closed_form import forward_looking, without_limits
from simulation.behaving.dynamic import Deals, Grid, Period, respond
from simulation.behaving.effort import GRID, EffortTable, constant
from simulation.behaving.in_year import FINER, Ahead, programmed, pushes
from simulation.behaving.preferences import Preferences, preferences_of
from simulation.luck.streams import Streams
from simulation.paying.outlook import Outlook, Shares, outlooks
from simulation.paying.payroll import payroll
from simulation.paying.year_outlook import year_views
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

    @property
    def next_quarter(self) -> Positions:
        """First decision of the quarter after that of each; after the last, the first of all."""
        first = np.flatnonzero(np.diff(self.quarter, prepend=-1))
        following: Positions = np.roll(first, -1)[self.quarter]
        return following


@dataclass(frozen=True)
class Choice:
    """What a seat does in a quarter, and what that is worth to it, [decisions, points].

    Parameters
    ----------
    effort
        Chosen.
    value
        As of `EffortTable`.
    """

    effort: Numbers
    value: Numbers


@dataclass(frozen=True)
class WeeklyBookings:
    """What a week brings at effort 1 if all work is done in time, [seats, quarters] or of one of them.

    Parameters
    ----------
    mean, variance
        Of bookings, money and money squared.
    orders
        Expected orders.
    """

    mean: Numbers
    variance: Numbers
    orders: Numbers

    def of(self, seat: int, quarter: int) -> "WeeklyBookings":
        """Give those of one seat and quarter."""
        return WeeklyBookings(*(a[seat, quarter] for a in (self.mean, self.variance, self.orders)))

    def times(self, share: Numbers) -> "WeeklyBookings":
        """Give those of so many times the orders."""
        return WeeklyBookings(*(a * share for a in (self.mean, self.variance, self.orders)))


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
    belief: Numbers | None = None,
) -> EffortTable:
    """Tabulate the effort of every seat at every decision, by bookings of the quarter so far.

    A seat without quota or without demand in a quarter has nothing to answer and works at effort 1.

    Parameters
    ----------
    belief
        What reps have learned their effort brings, over what all work done in time would, [seats]; 1 where
        not given.
    """
    when = decisions(quarter_ends)
    behavior = scenario.market.effort
    if behavior.mode == "constant":
        return constant(len(seats.ids), len(when.day))
    asked = quota.loc[scenario.reps.index].to_numpy(dtype="float64")
    roll = payroll(scenario, quota)
    shares = line_shares(scenario, hands, streams, len(scenario.reps))
    views = outlooks(scenario.scheme, roll.people, roll.before, shares)
    of_year = year_views(scenario.scheme, roll.people, roll.before, shares)
    expected = weekly_bookings(scenario, seats, hands, streams, season, quarter_ends)
    if belief is not None:
        expected = expected.times(belief[:, None])
    likes, is_program = preferences_of(behavior), behavior.mode == "dynamic"
    effort = np.ones((len(seats.ids), len(when.day), len(GRID)))
    plays = scenario.market.timing.window_days > 0
    value = np.zeros(effort.shape if plays else (0, 0, 0))
    largest = np.ones((len(seats.ids), len(when.day)))
    curves: dict[tuple[int, int], Outlook] = {}
    for seat, quarter in zip(*np.nonzero((asked > 0) & (expected.mean[:-1] > 0)), strict=True):
        ask, view = float(asked[seat, quarter]), of_year[seat]
        here = when.quarter == quarter
        left, left_in_year = when.weeks_left[here], when.weeks_left_in_year[here]
        most = REACH * max(ask, expected.mean[seat, quarter] * left[0])
        largest[seat, here] = most
        facts = (expected.of(seat, quarter), left, left_in_year, most)
        if view is None or plays:
            curve = feared(views[seat][quarter], ask, behavior.believed_rise, behavior.believed_fall)
            if not is_program:
                effort[seat, here] = by_closed_form(likes, curve, *facts)
            if is_program or plays:
                # The closed form counts on efforts without limit: only the program says what it is worth.
                choice = by_program(likes, curve, *facts)
                if is_program:
                    effort[seat, here] = choice.effort
                if plays:
                    value[seat, here] = choice.value
        if view is not None:
            beside = view.quarters[quarter]
            curve = replace(beside, yearly=beside.yearly + view.step)
            curve = feared(curve, ask, behavior.believed_rise, behavior.believed_fall)
            curves[seat, quarter] = replace(curve, yearly=beside.yearly)
            if not is_program:
                effort[seat, here] = beside_the_year(likes, curve, view.step, *facts)
    if not curves:
        return EffortTable(effort, largest, value)
    ahead = Ahead(
        of_year,
        curves,
        asked,
        *(expected.mean, expected.variance, expected.orders),
        largest,
        when.quarter,
        when.weeks_left,
    )
    incentive = np.array(roll.people.incentive[: roll.people.reps]) / 100
    in_year = programmed(ahead, likes, incentive) if is_program else pushes(ahead, likes)
    return EffortTable(effort, largest, value, in_year)


def line_shares(scenario: Scenario, hands: Hands, streams: Streams, reps: int) -> Shares:
    """Give the shares of lines that elements name in what reps expect of the customers they have at first.

    1 where a rep expects nothing.
    """
    named = {element.lines for element in scenario.scheme.elements.values() if getattr(element, "lines", ())}
    hand = hands.at(streams.customer, 0.0)
    seat = hands.seat[streams.customer, hand]
    skilled = hands.skill[streams.customer, hand, streams.line]
    money = streams.yearly * streams.growth * skilled * streams.amount
    total = np.bincount(seat, money, reps + 1)[:reps]
    shares = {}
    for lines in named:
        positions = [scenario.lines.index(line) for line in lines]
        part = np.bincount(seat, money * np.isin(streams.line, positions), reps + 1)[:reps]
        shares[lines] = np.divide(part, total, out=np.ones(reps), where=total > 0)
    return shares


def feared(curve: Outlook, quota: float, rise: float, fall: float) -> Outlook:
    """Take from a quarter's incentive what a rep fears the next quota takes.

    A next quota higher by the whole of this one would cost what this one pays at quota, so that sales are
    worth rise x that / quota less above the quota, and fall x that / quota less below (F9 of docs/facts.md).

    Parameters
    ----------
    curve
        Incentive of the quarter.
    quota
        Of the quarter, money > 0.
    rise, fall
        Shares of what is booked above, and of what lacks below, that reps believe the next quota follows.
    """
    if rise == 0 and fall == 0:
        return curve
    rate = float(curve.pay(np.array(quota))) / quota
    at = int(np.searchsorted(curve.kinks, quota))
    is_new = at == len(curve.kinks) or curve.kinks[at] != quota
    kinks = np.insert(curve.kinks, at, quota) if is_new else curve.kinks
    slopes = np.insert(curve.slopes, at, curve.slopes[at]) if is_new else curve.slopes
    jumps = np.insert(curve.jumps, at, 0.0) if is_new else curve.jumps
    less = np.where(np.arange(len(slopes)) > at, rise, fall) * rate
    return Outlook(kinks, slopes - less, jumps, curve.yearly)


def by_closed_form(
    preferences: Preferences,
    curve: Outlook,
    bookings: WeeklyBookings,
    left: Numbers,
    left_in_year: Numbers,
    most: float,
) -> Numbers:
    """Choose a seat's effort in a quarter by `closed_form.py`, [decisions, points].

    Parameters
    ----------
    preferences
        How it weighs effort and pay.
    curve
        Incentive of the quarter.
    bookings
        What a week brings at effort 1.
    left, left_in_year
        Weeks until the quarter's and the year's end at each decision, [decisions].
    most
        Bookings of the last tabulated point, money.
    """
    facts = (preferences, curve, float(bookings.mean), float(bookings.variance))
    return forward_looking(*facts, left[:, None], left_in_year[:, None], GRID * most)


def beside_the_year(
    preferences: Preferences,
    curve: Outlook,
    step: float,
    bookings: WeeklyBookings,
    left: Numbers,
    left_in_year: Numbers,
    most: float,
) -> Numbers:
    """Give what a quarter's pay makes a seat do, without limits, where the year's comes on top.

    What is left as an even step while the quarter is solved, and then taken out, is `step`; the others as of
    `by_closed_form`.
    """
    facts = (preferences, curve, float(bookings.mean), float(bookings.variance))
    effort = without_limits(*facts, left[:, None], left_in_year[:, None], GRID * most)
    bias = np.where(left_in_year > 1 + 1e-9, preferences.present_bias, 1.0)
    even = step * bias * preferences.weekly_patience**left_in_year
    beside: Numbers = effort - preferences.gain * even[:, None]
    return beside


def by_program(
    preferences: Preferences,
    curve: Outlook,
    bookings: WeeklyBookings,
    left: Numbers,
    left_in_year: Numbers,
    most: float,
) -> Choice:
    """Choose a seat's effort in a quarter by `dynamic.py`, and say what it is worth; as `by_closed_form`.

    Orders are taken as lognormal with the mean and variance of all that are expected.
    """
    grid = Grid(0.0, 1 / (FINER * (len(GRID) - 1)), FINER * (len(GRID) - 1) + 1)
    after = left_in_year[0] - left[0]
    jumps = Outlook(
        curve.kinks, 0 * curve.slopes, curve.jumps, curve.yearly * preferences.weekly_patience**after
    )
    commission = Outlook(curve.kinks, curve.slopes, 0 * curve.jumps)
    weeks = left - np.append(left[1:], 0.0)
    spread = bookings.variance * bookings.orders / bookings.mean**2 - 1
    period = Period(
        quota=np.array([most]),
        bookings=bookings.mean * weeks[None],
        weeks=weeks,
        at_once=grid.averaged(lambda share: commission.pay(share * most))[None],
        at_end=grid.averaged(lambda share: jumps.pay(share * most))[None],
        target_incentive=np.ones(1),
        luck=Deals(np.array([bookings.mean / bookings.orders]), np.sqrt(np.maximum([spread], 0.0))),
    )
    response = respond(period, preferences, grid)
    ahead = response.at_once[0] + response.value[0, :-1]
    return Choice(response.effort[0, :, ::FINER], ahead[:, ::FINER])


def weekly_bookings(
    scenario: Scenario,
    seats: Seats,
    hands: Hands,
    streams: Streams,
    season: Numbers,
    quarter_ends: Numbers,
) -> WeeklyBookings:
    """Sum what is expected of all streams up by seat and quarter.

    Won orders of a stream are a Poisson process: a week's amount has mean r a and variance r a^2 (1 + cv^2),
    with r orders a week of mean amount a.
    """
    market = scenario.market
    starts = np.concatenate([[0.0], quarter_ends[:-1]])
    mean = np.zeros((len(seats.ids), len(quarter_ends)))
    variance, number = np.zeros_like(mean), np.zeros_like(mean)
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
        number[:, quarter] = np.bincount(seat, orders, len(seats.ids))
    return WeeklyBookings(mean, variance, number)
