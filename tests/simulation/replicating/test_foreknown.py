"""What is known of the luck: means that are exact, and years they save."""

import numpy as np
import pytest

from simulation import FOREKNOWN, simulate
from simulation.replicating.foreknown import NAMES, observed
from simulation.replicating.replications import live_a_year
from simulation.world.world import world_of

TOWNS = {f"customer {n}": {"owner": "ann", "potential": 2_000} for n in range(40)}
MARKET = {
    "demand_noise": 0.2,
    "order_value_cv": 1.0,
    "stages": [{"name": "deal", "hours": 0.1, "conversion": 0.5, "days": 20.5}],
    "seasonality": (0.02, 0.02, 0.02, 0.03, 0.05, 0.06, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2),
    "shocks": [
        {"name": "boom", "start": "2026-03-01", "end": "2026-06-01", "demand": 1.5, "probability": 0.5},
        {
            "name": "bust",
            "start": "2026-05-01",
            "end": "2026-09-01",
            "latest_start": "2026-07-01",
            "demand": 0.6,
            "price": 0.8,
        },
    ],
}


@pytest.fixture(scope="module")
def years():
    return 400


@pytest.fixture
def world(company, plan_for):
    scenario = company(TOWNS, ["ann"], MARKET)
    return world_of(scenario, plan_for(scenario))


def test_what_is_observed_has_the_mean_that_is_known(world, years):
    seen = np.array([observed(world, live_a_year(world, 1, r)) for r in range(years)])
    error = seen.std(axis=0, ddof=1) / np.sqrt(years)
    assert (np.abs(seen.mean(axis=0)) < 4 * error).all()
    assert (seen.std(axis=0) > 0).all()
    # Were the means of opportunities 3 % off, it would have been noticed.
    off = np.abs((1 + seen.mean(axis=0)) / 1.03 - 1) / error
    assert off[NAMES.index("opportunities")] > 4


def test_years_are_saved(company, plan_for):
    scenario = company(TOWNS, ["ann"], MARKET)
    outcome = simulate(scenario, plan_for(scenario), replications=160, controls=FOREKNOWN)
    bookings = outcome.estimates().loc["bookings"]
    plain, adjusted = bookings.high - bookings.low, bookings.adjusted_high - bookings.adjusted_low
    assert (plain / adjusted) ** 2 > 4
