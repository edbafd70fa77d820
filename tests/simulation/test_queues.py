"""A seat as a queue: waits at a load of .8 against Pollaczek, Khinchine and Cobham, and queues that give up.

How many years are played follows from the cv of a year's mean and from the smallest fault to be seen:
n = ((4 + 3.09) cv / effect)^2 leaves it out of sight in one case of a thousand when four standard errors are
allowed. Every check also meets a year with that fault, and must refuse it.
"""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from simulation.accounting.journal import What
from simulation.company.year import live_a_year, play
from simulation.luck.fate import draw
from simulation.world.world import world_of

HOURS = 1000.0
DAYS_PER_HOUR = 365 / HOURS
COUNT = 400
"""Customers; each buys 20 times a year, 8,000 pieces of work of a tenth of an hour: a load of .8."""

SERVICE = 0.1
SETTLED = 30.0
"""Days after which it no longer matters that the year begins with an empty queue."""

LAWS = {
    "steady": np.full(COUNT, SERVICE),
    "lognormal .5": stats.lognorm(np.sqrt(np.log(1.25))),
    "exponential": stats.expon(),
    "lognormal 1": stats.lognorm(np.sqrt(np.log(2.0))),
}


def hours_by_customer(law):
    """Hours of work by customer: quantiles of a law, with its mean a tenth of an hour."""
    if isinstance(law, np.ndarray):
        return law
    quantiles = law.ppf((np.arange(COUNT) + 0.5) / COUNT)
    return quantiles / quantiles.mean() * SERVICE


@pytest.fixture
def queue(company, plan_for):
    """A world of one seat whose work takes the hours on the road to each customer, and nothing else."""

    def make(hours, calls=0.0, potential=10.0, **market):
        stage = {"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0, "at_customer": True}
        customers = {f"c{i}": {"owner": "ann", "potential": potential} for i in range(COUNT)}
        beliefs = {
            "order_values": {"": 1.0},
            "stages": [stage],
            "service": {"calls_per_year": calls, "hours": 0.2, "patience_days": 1e9},
        }
        scenario = company(customers, ["ann"], {**beliefs, **market})
        world = world_of(scenario, plan_for(scenario))
        road = np.repeat(hours[:, None], world.hands.seat.shape[1], axis=1)
        return dataclasses.replace(world, hands=dataclasses.replace(world.hands, road_hours=road))

    return make


def waits_of(journal, begin, work):
    """Hours from the beginning of each wait to the beginning of its work, once the queue has settled."""
    begins, works = (journal[journal["what"] == what] for what in (begin, work))
    since = np.full(int(journal["subject"].max()) + 1, np.nan)
    since[begins["subject"]] = np.where(begins["day"] >= SETTLED, begins["day"], np.nan)
    waits = (works["day"] - since[works["subject"]]) / DAYS_PER_HOUR - works["hours"]
    return waits[~np.isnan(waits)]


def yearly(world, years, begin=What.ARISES, work=What.WORK):
    return np.array([waits_of(live_a_year(world, 1, r).journal, begin, work).mean() for r in range(years)])


def agrees(sample, expected):
    return abs(sample.mean() - expected) < 4 * sample.std(ddof=1) / np.sqrt(len(sample))


@pytest.mark.parametrize("name", LAWS)
def test_waits_follow_pollaczek_and_khinchine(queue, name):
    # At load .8 and a service of 1 the mean wait is 2 (1 + cv^2): 2, 2.5, 4 and 4 services. A year's mean has
    # a cv of 8 to 14 %; 3 % more hours make it wait 20 % longer: n = (7.09 x .14 / .2)^2 = 25, doubled.
    hours = hours_by_customer(LAWS[name])
    load = 8000 * hours.mean() / HOURS
    expected = 8000 * (hours**2).mean() / (2 * HOURS * (1 - load))
    law = {"steady": 2.0, "lognormal .5": 2.5, "exponential": 4.0, "lognormal 1": 4.0}[name]
    assert expected / SERVICE == pytest.approx(law, rel=0.06)  # a law of 400 quantiles has shorter tails
    assert agrees(yearly(queue(hours), 50), expected)
    assert not agrees(yearly(queue(hours * 1.03), 50), expected)


def test_priorities_follow_cobham(queue):
    # Deals of .1 h at load .4 before calls of .2 h at load .4, none interrupted. What is found in hand takes
    # R = (4,000 x .01 + 2,000 x .04) / 2,000 = .06 h: deals wait R / .6, calls R / (.6 x .2), all of them
    # R / .2 without an order. A year's means have a cv of up to 14 %; 6 % more hours for deals make calls
    # wait 24 % longer: n = (7.09 x .14 / .24)^2 = 17, and more.
    def waits(hours, order, years=50):
        world = queue(hours, calls=5.0, potential=5.0, work_order=order)
        both = (What.ARISES, What.WORK), (What.CALL, What.SERVED)
        return [yearly(world, years, *kind) for kind in both]

    steady = np.full(COUNT, 0.1)
    deals, calls = waits(steady, ["deals", "service", "visits"])
    assert agrees(deals, 0.1)
    assert agrees(calls, 0.5)
    calls_first = waits(steady, ["service", "deals", "visits"])
    assert not agrees(calls_first[0], 0.1)
    assert agrees(calls_first[0], 0.5)
    assert agrees(calls_first[1], 0.1)
    as_they_come = waits(steady, [])
    assert agrees(as_they_come[0], 0.3)
    assert agrees(as_they_come[1], 0.3)
    slower = waits(steady * 1.06, ["deals", "service", "visits"])  # of the deals: load .824 in all
    assert not agrees(slower[1], 0.5)


def test_those_without_patience_leave_as_in_palms_queue(queue):
    # M/M/1+M: n in the seat with probability ~ prod load / (1 + (k - 1) share), share = service / patience.
    # With load 1.2 and patience of ten services. The share lost has a cv of 3 % a year, and 3 % more hours
    # lose 5 % more: n = (7.09 x .03 / .05)^2 = 18.
    hours = hours_by_customer(stats.expon())
    patience = {"patience_days": 10 * SERVICE * DAYS_PER_HOUR}
    steps = 1.2 / (1 + np.arange(500) / 10)
    empty = 1 / (1 + np.cumprod(steps).sum())
    expected = 1 - (1 - empty) / 1.2

    def lost(hours):
        shares, world = [], queue(hours, potential=15.0, **patience)
        for r in range(22):
            journal = live_a_year(world, 1, r).journal
            arises, gone = ((journal["what"] == what).sum() for what in (What.ARISES, What.LOST_WAITING))
            shares.append(gone / arises)
        return np.array(shares)

    assert agrees(lost(hours), expected)
    assert not agrees(lost(hours * 1.03), expected)


def test_littles_law_holds_on_every_path(queue):
    # All that waits over the year: the area under their number is the sum of their waits.
    world = queue(np.full(COUNT, 0.1))
    journal = play(world, draw(world, 1, 0)).journal
    arises, work = (journal[journal["what"] == what] for what in (What.ARISES, What.WORK))
    since = dict(zip(arises["subject"], arises["day"], strict=True))
    begins = work["day"] - work["hours"] * DAYS_PER_HOUR
    came = np.array([since[subject] for subject in work["subject"]])
    changes = np.concatenate([came, begins])
    order = np.argsort(changes, kind="stable")
    waiting = np.cumsum(np.repeat([1, -1], len(came))[order])[:-1]
    area = (waiting * np.diff(changes[order])).sum()
    waits = begins - came
    assert area == pytest.approx(waits.sum(), rel=1e-9)
    assert area != pytest.approx(np.delete(waits, waits.argmax()).sum(), rel=1e-9)  # one record less
    assert len(waits) > 7500
