"""Surprises: what came of every step of a year, less what was to be expected just before it.

When a customer decides, the sale is worth its chance; when an order comes, its mean amount; while an
opportunity waits, it may be lost every day at the rate of patience. What happens instead is a surprise.
Whatever plan is lived under and whatever was done before, the next one is 0 on average, and so are their sums
over a year: control variates whose means are known without any computing (martingales, as in S. Henderson,
P. Glynn, "Approximating martingales for variance reduction in Markov process simulation", Mathematics of
Operations Research 27, 2002). Each is weighed by what the sale is worth; another weight would help less and
be as true, as long as it is known before the surprise.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.year import Year
from simulation.replicating.staff import staff_of
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

NAMES = ("surprises", "surprises over quotas")

STEPS = np.isin(
    np.arange(max(What) + 1),
    [What.ARISES, What.WORK, What.PASSES, What.WON, What.LOST, What.LOST_WAITING, What.OPEN],
)
SAID = np.isin(np.arange(max(What) + 1), [What.PASSES, What.WON, What.LOST])

NO_TIME = 1e-6
"""Hours by which sums of hours may be off."""


@dataclass(frozen=True)
class Steps:
    """What happened to opportunities, one entry a record, by opportunity and within as it happened.

    Parameters
    ----------
    deal, what, day, seat, hours
        Of the records.
    stage
        In which the opportunity was.
    served
        Whether somebody was there for the opportunity when it began, or served its customer on day 0.
    """

    deal: Positions
    what: Positions
    day: Numbers
    seat: Positions
    hours: Numbers
    stage: Positions
    served: Flags


@dataclass(frozen=True)
class Surprises:
    """Surprises of one kind, one entry each: money, and the seats whose bookings they move (or the house)."""

    money: Numbers
    seat: Positions


def observed(world: World, year: Year) -> Numbers:
    """Add up a year's surprises, in money and over the quotas of the seats whose bookings they move, [2]."""
    steps, lost, amount = steps_of(year), lost_on(world, year), _mean_amounts(world, year)
    kinds = (
        _decided(world, year, steps, lost, amount),
        _amounts(year, steps, amount),
        _patience(world, year, steps, lost, amount),
    )
    quota = np.append(world.quota.sum(axis=1), 0.0)
    share = np.divide(1.0, quota, out=np.zeros_like(quota), where=quota > 0)
    return np.array(
        [
            sum(kind.money.sum() for kind in kinds),
            sum((kind.money * share[kind.seat]).sum() for kind in kinds),
        ]
    )


def steps_of(year: Year) -> Steps:
    """Put the records of opportunities in order and follow each through its stages."""
    fate = year.fate
    records = year.journal[STEPS[year.journal["what"]]]
    deal = records["subject"].astype(np.int64)
    order = np.argsort(deal, kind="stable")
    records, deal = records[order], deal[order]
    what = records["what"].astype(np.int64)
    count = len(fate.opportunities.customer)
    stage, served = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    stage[fate.pending], served[fate.pending] = fate.pending_stage, True
    served[deal[what == What.ARISES]] = True
    passed = what == What.PASSES
    by_deal = np.bincount(deal[passed], minlength=count)
    others = np.cumsum(by_deal) - by_deal
    return Steps(
        deal=deal,
        what=what,
        day=records["day"],
        seat=records["by"].astype(np.int64),
        hours=records["hours"],
        stage=stage[deal] + np.cumsum(passed) - passed - others[deal],
        served=served[deal],
    )


@dataclass(frozen=True)
class Decisions:
    """Decisions of customers, one entry each.

    Parameters
    ----------
    at
        Positions among the steps.
    chance
        Of a yes, as known just before.
    strength
        Factor on the last conversion.
    filled
        Whether somebody served the customer then.
    """

    at: Positions
    chance: Numbers
    strength: Numbers
    filled: Flags


def decisions(world: World, year: Year, steps: Steps, lost: Numbers) -> Decisions:
    """Find the decisions of customers who were not `lost` by then, and what their chances were."""
    deals, staff = year.fate.opportunities, staff_of(world, year)
    said = SAID[steps.what] & steps.served
    at = np.flatnonzero(said & (steps.day < lost[deals.customer[steps.deal]]))
    deal, stage, day, seat = steps.deal[at], steps.stage[at], steps.day[at], steps.seat[at]
    filled = staff.filled(seat, day)
    skill = _skill(world, deals.customer[deal], deals.line[deal], seat)
    strength = deals.win[deal] * np.where(filled, skill * staff.strength(seat, day), 1.0)
    conversion = _conversions(world)[0]
    last = stage == len(conversion) - 1
    chance = np.clip(conversion[stage] * np.where(last, strength, 1.0), 0.0, 1.0)
    return Decisions(at, chance, strength, filled)


def _decided(world: World, year: Year, steps: Steps, lost: Numbers, amount: Numbers) -> Surprises:
    """Give what customers said over what they were expected to say, by what a yes is worth."""
    found = decisions(world, year, steps, lost)
    deal, stage, day, seat = (row[found.at] for row in (steps.deal, steps.stage, steps.day, steps.seat))
    onward = _conversions(world)[1][stage + 1]
    last = stage == len(world.market.stages) - 1
    worth = amount[deal] * np.where(last, 1.0, onward * found.strength)
    worth *= _in_time(world)[stage + 1, (world.days - day).astype(np.int64)]
    passed = year.fate.opportunities.mark[deal, stage] < found.chance
    return Surprises((passed - found.chance) * worth, np.where(found.filled, seat, world.seats.house))


def _amounts(year: Year, steps: Steps, amount: Numbers) -> Surprises:
    """Give amounts of orders over what they were expected to be."""
    won = steps.what == What.WON
    deal = steps.deal[won]
    return Surprises(year.fate.opportunities.amount[deal] / 100 - amount[deal], steps.seat[won])


def _patience(world: World, year: Year, steps: Steps, lost: Numbers, amount: Numbers) -> Surprises:
    """Give what was lost by waiting over what was to be expected of so long a time; a loss counts negative.

    Patience is exponential, so each day of waiting costs the same chance. The last days of the year, in which
    work may begin that is not done before its end, do not count: nobody notes when that begins.
    """
    deals, passes = year.fate.opportunities, steps.what == What.PASSES
    begins = np.flatnonzero(passes | (steps.what == What.ARISES))
    then, deal = begins + 1, steps.deal[begins]
    until = np.minimum(_last_day_that_counts(world, year), lost[deals.customer[deal]])
    worked = steps.what[then] == What.WORK
    end = steps.day[then].copy()
    end[worked] = begun(
        year.fate.passed, steps.seat[then[worked]], steps.day[then[worked]], steps.hours[then[worked]]
    )
    waited = np.maximum(np.minimum(end, until) - steps.day[begins], 0.0)
    gone = (steps.what[then] == What.LOST_WAITING) & (end <= until)
    stage = steps.stage[begins] + passes[begins]
    worth = amount[deal] * _conversions(world)[1][stage] * deals.win[deal]
    worth *= _in_time(world)[stage, (world.days - steps.day[begins]).astype(np.int64)]
    return Surprises((waited / world.market.patience_days - gone) * worth, steps.seat[begins])


def begun(passed: Numbers, seat: Positions, done: Numbers, hours: Numbers) -> Numbers:
    """Say when work was begun that was done on a day; the reverse of `working_time.done_at`.

    Work begins on days with hours, so where nothing passes between two moments it was the later one.
    """
    days = passed.shape[1] - 1
    day = np.minimum(done.astype(np.int64), days - 1)
    wanted = passed[seat, day] + (done - day) * (passed[seat, day + 1] - passed[seat, day]) - hours
    apart = 2 * passed.max() + 1
    every = (passed + apart * np.arange(len(passed))[:, None]).reshape(-1)
    place = np.searchsorted(every, wanted + NO_TIME + apart * seat, side="right") - 1
    number = np.clip(place - seat * (days + 1), 0, days - 1)
    rate = passed[seat, number + 1] - passed[seat, number]
    over = np.maximum(wanted - passed[seat, number], 0.0)
    moment = number + np.divide(over, rate, out=np.zeros_like(over), where=rate > 0)
    return np.minimum(moment, done)


def _last_day_that_counts(world: World, year: Year) -> float:
    """Find the last day on which any work begun would be done within the year, whoever does it."""
    road = world.hands.road_hours.max(initial=0.0)
    longest = max(stage.hours + road * stage.at_customer for stage in world.market.stages) + NO_TIME
    works = [row for row in year.fate.passed if row[-1] > 0]
    days = [np.searchsorted(row, row[-1] - longest, side="right") - 1 for row in works]
    return float(max(min(days, default=0), 0))


def lost_on(world: World, year: Year) -> Numbers:
    """Give the day on which each customer was lost for good; infinite if it was not, [customers]."""
    noted = year.journal[year.journal["what"] == What.CUSTOMER_LOST]
    day = np.full(len(world.customers), np.inf)
    day[noted["subject"].astype(np.int64)] = noted["day"]
    return day


def _mean_amounts(world: World, year: Year) -> Numbers:
    """Give what each opportunity is expected to bring if it is won, money."""
    deals, market = year.fate.opportunities, world.market
    usual = np.array([market.order_values[line] for line in world.lines])[deals.line]
    price = year.fate.events.factor("price", deals.arises, deals.customer, deals.line)
    return np.where(deals.is_new, market.new_customer_value, usual) * price


def _skill(world: World, customer: Positions, line: Positions, seat: Positions) -> Numbers:
    """Give the share of sales in a line that a seat's skills can win; 1 of a seat that never serves it."""
    here = world.hands.seat[customer] == seat[:, None]
    skill: Numbers = world.hands.skill[customer, here.argmax(axis=1), line]
    return np.where(here.any(axis=1), skill, 1.0)


@lru_cache(maxsize=4)
def _conversions(world: World) -> tuple[Numbers, Numbers]:
    """Give the conversion of each stage, and that of it and all later ones, [stages] and [stages + 1]."""
    each = np.array([stage.conversion for stage in world.market.stages])
    return each, np.append(np.cumprod(each[::-1])[::-1], 1.0)


@lru_cache(maxsize=4)
def _in_time(world: World) -> Any:
    """Give the chance that customers are through from a stage on within days, [stages + 1, days + 1]."""
    days = np.arange(int(world.days) + 1, dtype=np.float64)
    chances = np.ones((len(world.market.stages) + 1, len(days)))
    for number, stage in reversed(list(enumerate(world.market.stages))):
        over = np.exp(-days / stage.days) if stage.days > 0 else np.zeros(len(days))
        ends = -np.diff(over, prepend=1.0)
        chances[number] = np.convolve(ends, chances[number + 1])[: len(days)]
    return chances
