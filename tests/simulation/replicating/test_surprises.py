"""Surprises: by hand, 0 on average in any company, and the chances behind them those of the year itself."""

import numpy as np
import pytest
from fates import fate_of
from random_years import any_company

from simulation.accounting.journal import What
from simulation.company.year import live_a_year, play
from simulation.replicating import surprises
from simulation.replicating.surprises import begun, decisions, lost_on, observed, steps_of
from simulation.world.working_time import done_at, opens_at, passed
from simulation.world.world import world_of

AN_HOUR_A_DAY = {"ann": {"hours_per_year": 365}}


@pytest.fixture
def surprise(company, plan_for):
    """Play a year without luck of a customer that is worth 100 an order; give its surprises in money."""

    def play_it(deals, market=None):
        scenario = company({"acme": {"owner": "ann", "potential": 0}}, AN_HOUR_A_DAY, market)
        world = world_of(scenario, plan_for(scenario))
        year = play(world, fate_of(world, [{"customer": "acme", **deal} for deal in deals]))
        money, over_quota = observed(world, year)
        assert over_quota == pytest.approx(money / 40_000)  # ann has to sell 10,000 a quarter
        return money

    return play_it


def test_a_yes_at_even_odds_is_worth_half_an_order_and_a_larger_order_the_rest(surprise):
    # (1 - .5) x 100 for the yes, 120 - 100 for the order of 120
    assert surprise([{"arises": 10.0, "mark": (0.4,), "amount": 12_000}]) == pytest.approx(50 + 20)
    assert surprise([{"arises": 10.0, "mark": (0.6,), "amount": 12_000}]) == pytest.approx(-50)


def test_who_waits_and_stays_is_a_good_surprise_and_who_leaves_a_bad_one(surprise):
    # The first takes four hours, four days; the other waits. Both say no: -50 each time they are asked.
    work = {"stages": [{"name": "deal", "hours": 4.0, "conversion": 0.5, "days": 0.0}], "patience_days": 10.0}
    no = {"mark": (0.6,)}
    first, stays = {"arises": 10.0, **no}, {"arises": 11.0, **no}
    # three days of ten, of 50
    assert surprise([first, stays], work) == pytest.approx(-50 - 50 + 0.3 * 50)
    # gone after two days: two of ten, and all of it lost
    leaves = {**stays, "patience": (2.0,)}
    assert surprise([first, leaves], work) == pytest.approx(-50 + 0.2 * 50 - 50)


def test_an_early_stage_counts_by_what_may_come_of_it_in_time(surprise):
    # Passing the first stage is worth .25 x 100 if the rest can be over within the year: on average 20 days
    stages = [
        {"name": "meet", "hours": 0.0, "conversion": 0.5, "days": 0.0},
        {"name": "close", "hours": 0.0, "conversion": 0.25, "days": 20.0},
    ]
    deal = {"mark": (0.4, 0.9), "days": (0.0, 5.0), "amount": 10_000}
    early = surprise([{"arises": 10.0, **deal}], {"stages": stages})
    assert early == pytest.approx(0.5 * 25 - 25, abs=1e-4)
    late = surprise([{"arises": 355.0, **deal}], {"stages": stages})
    assert late == pytest.approx(0.5 * 25 * (1 - np.exp(-10 / 20)) - 25)


def test_chances_are_those_of_the_year_itself():
    """Whoever was there, however able, tried or new: who passed is who was below the chance."""
    asked = 0
    for number in range(30):
        scenario, plan = any_company(number)
        world = world_of(scenario, plan)
        year = live_a_year(world, number, 0)
        steps = steps_of(year)
        found = decisions(world, year, steps, lost_on(world, year))
        mark = year.fate.opportunities.mark[steps.deal[found.at], steps.stage[found.at]]
        said_yes = np.isin(steps.what[found.at], (What.PASSES, What.WON))
        assert ((mark < found.chance) == said_yes).all(), number
        asked += len(mark)
    assert asked > 1_000


def standardized_mean(companies, years):
    """Add up means of companies, each with luck of its own, in their standard errors: deviation 1."""
    scores = []
    for number in range(companies):
        scenario, plan = any_company(number)
        world = world_of(scenario, plan)
        seen = np.array([observed(world, live_a_year(world, number, year))[0] for year in range(years)])
        if seen.std() > 0:
            scores.append(seen.mean() / (seen.std(ddof=1) / np.sqrt(years)))
    return np.sum(scores) / np.sqrt(len(scores))


def test_surprises_are_nothing_on_average(monkeypatch):
    assert abs(standardized_mean(20, 40)) < 4
    # Were orders a fifth larger than is expected of them, it would have been noticed.
    usual = surprises._mean_amounts
    monkeypatch.setattr(surprises, "_mean_amounts", lambda *of: usual(*of) / 1.2)
    assert standardized_mean(20, 40) > 4


def test_when_work_was_begun_follows_from_when_it_was_done():
    """Days without hours in between, work of no length, and work waiting over free days."""
    luck = np.random.default_rng(3)
    hours = luck.uniform(0.1, 9, (3, 60)) * (luck.random((3, 60)) < 0.6)
    table = passed(hours)
    for _ in range(400):
        seat, asked = int(luck.integers(3)), float(luck.uniform(0, 55))
        asked = float(int(asked)) if luck.random() < 0.3 else asked
        start, length = opens_at(table[seat], asked), float(luck.choice([0.0, 0.5, 7.0]))
        done = done_at(table[seat], start, length) if np.isfinite(start) else np.inf
        if done < 60:
            found = begun(table, np.array([seat]), np.array([done]), np.array([length]))[0]
            assert found == pytest.approx(start, abs=1e-4)
