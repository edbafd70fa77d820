"""Sums over the year against closed forms: funnels, compound Poisson bookings, ramps.

Sample sizes as in `test_queues`: ((4 + 3.09) cv / effect)^2, and every check meets a fault it must refuse.
"""

import numpy as np
import pytest

from simulation.accounting.journal import What
from simulation.company.year import play
from simulation.luck.fate import draw
from simulation.world.world import world_of

FUNNEL = [
    {"name": "talk", "hours": 0.0, "conversion": 0.4, "days": 0.0},
    {"name": "offer", "hours": 0.0, "conversion": 0.6, "days": 0.0},
    {"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0},
]
BUYERS = {f"c{i}": {"owner": "ann", "potential": 600} for i in range(400)}


@pytest.fixture
def years(company, plan_for):
    """Play years; give the journal and the customer of each opportunity."""

    def live(count, reps=("ann",), **market):
        scenario = company(BUYERS, reps, {"order_values": {"": 50.0}, **market})
        world = world_of(scenario, plan_for(scenario))
        for replication in range(count):
            fate = draw(world, 1, replication)
            yield play(world, fate).journal, fate.opportunities.customer

    return live


@pytest.mark.parametrize("factor", [1.0, 1.03])
def test_wins_are_a_thinned_poisson_process(years, factor):
    # 400 customers win 12 orders a year at .4 x .6 x .5 = .12. (7.09 / .03)^2 = 55,900 wins are 12 years.
    # Demand is made of the win rate believed, so a fault in conversion has to be slipped into the shocks.
    shocks = [{"name": "fault", "start": "2025-01-01", "end": "2027-01-01", "win": factor}]
    counts = np.zeros((12, 400))
    passed = np.zeros(2)
    for number, (journal, customer) in enumerate(
        years(12, stages=FUNNEL, shocks=shocks if factor > 1 else [])
    ):
        won = journal["subject"][journal["what"] == What.WON]
        counts[number] = np.bincount(customer[won], minlength=400)
        passed += [(journal["what"] == what).sum() for what in (What.ARISES, What.PASSES)]
    expected = 12 * 400 * 12
    assert (abs(counts.sum() - expected) < 4 * np.sqrt(expected)) == (factor == 1.0)
    # .4 pass the first stage and .24 the second; the counts of all three are sums of independent ones.
    arise, goes_on = passed
    assert abs(arise - expected / 0.12) < 4 * np.sqrt(expected / 0.12)
    assert abs(goes_on / arise - 0.64) < 4 * np.sqrt((0.4 * 0.36 + 0.24**2) * 3 / arise)
    # A Poisson law's variance is its mean: of 4,800 counts the ratio has an error of (2 / 4,800)^.5.
    ratio = counts.var() / counts.mean()
    assert abs(ratio - 1) < 4 * np.sqrt(2 / counts.size)


@pytest.mark.parametrize(("value", "cv"), [(50.0, 1.0), (51.5, 1.0), (50.0, 1.1)])
def test_bookings_are_a_compound_poisson_sum(years, value, cv):
    # 12 won orders a year of 50 (cv 1): mean 600, variance 12 x 50^2 x 2 = 60,000, cv .408. Amounts 3 % up
    # are seen in (7.09 x .408 / .03)^2 = 9,300 sums: 24 years of 400 customers.
    shocks = [{"name": "dearer", "start": "2025-01-01", "end": "2027-01-01", "price": value / 50}]
    market = {"order_value_cv": cv, "shocks": shocks if value != 50 else []}
    sums = []
    for journal, customer in years(24, **market):
        won = journal[journal["what"] == What.WON]
        sums.append(np.bincount(customer[won["subject"]], won["amount"] / 100, minlength=400))
    booked = np.concatenate(sums)
    assert (abs(z_of_mean(booked, 600)) < 4) == (value == 50)
    if value == 50:
        assert (abs(z_of_variance(booked, 60_000)) < 4) == (cv == 1)


def z_of_mean(sample, expected):
    return (sample.mean() - expected) / (sample.std(ddof=1) / np.sqrt(len(sample)))


def z_of_variance(sample, expected):
    squares = (sample - sample.mean()) ** 2
    return (squares.mean() - expected) / (squares.std(ddof=1) / np.sqrt(len(sample)))


@pytest.mark.parametrize(("start", "agrees"), [(0.5, True), (0.56, False)])
def test_a_ramp_sells_its_mean_productivity(years, start, agrees):
    # A year's ramp from .5 to 1, started on day 0, wins .5 + .5 x (365 / 365.25) / 2 of what others do.
    # From .56 on it wins 4 % more; 13 years of 3,600 wins show 3 %.
    turnover = {"ramp_months": 12.0, "starting_productivity": start}
    market = {"turnover": turnover, "stages": [{**FUNNEL[0], "conversion": 0.5}]}
    won = sum(
        (journal["what"] == What.WON).sum()
        for journal, _ in years(16, {"ann": {"start": "2026-01-01"}}, **market)
    )
    expected = 16 * 400 * 12 * (0.5 + 0.25 * 365 / 365.25)
    assert (abs(won - expected) < 4 * np.sqrt(expected)) == agrees
