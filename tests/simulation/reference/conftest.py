"""A company for years by the book: eight hours on each of 365 days, so an hour is 1/8 of a day."""

import pytest

from simulation.world.world import world_of

EIGHT_A_DAY = {"hours_per_year": 8 * 365}
EVERY_DAY = {"weekdays": [1, 2, 3, 4, 5, 6, 7]}
MARKET = {
    "stages": [{"name": "deal", "hours": 4.0, "conversion": 0.5, "days": 0.0}],
    "staffing": {"leave_days": 0.0},
}


@pytest.fixture
def world(company, plan_for):
    """Make a world in which nothing comes of itself: no demand, no visits, no calls."""

    def make(customers=("Ames",), reps=("ann",), owner=None, quota=None, **market):
        customers = _rows(customers, {"potential": 0, "owner": "ann"})
        settings = {"calendar": market.pop("calendar", EVERY_DAY)}
        scenario = company(customers, _rows(reps, EIGHT_A_DAY), {**MARKET, **market}, **settings)
        return world_of(scenario, plan_for(scenario, owner, quota))

    return make


def _rows(named, usual):
    return {name: {**usual, **(named[name] if isinstance(named, dict) else {})} for name in named}
