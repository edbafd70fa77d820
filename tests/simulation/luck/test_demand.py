"""The luck of demand: rates, seasons, shocks, and who is touched by what."""

import numpy as np
import pytest

from simulation.luck.demand import draw_demand
from simulation.luck.demand_kernels import may_be_open
from simulation.luck.events import events_of
from simulation.luck.keyed import Purpose, exponential, key_of, stable_ids, uniforms
from simulation.world.world import world_of

NAMES = [f"customer {i}" for i in range(200)]
TOWNS = {name: {"owner": "ann", "region": "West" if i % 2 else "East"} for i, name in enumerate(NAMES)}
# 200 customers with 20 opportunities a year each.
RATE = 20 * len(NAMES)


@pytest.fixture
def drawn(company, plan_for):
    def draw(market=None, customers=TOWNS, replications=1, seed=1):
        scenario = company(customers, ["ann"], market)
        world = world_of(scenario, plan_for(scenario))
        return [draw_demand(world, events_of(world.shocks, seed, r), seed, r) for r in range(replications)]

    return draw


def arising(demand, start=0.0, end=365.0):
    """Days on which opportunities of the year arise at normal satisfaction."""
    days = demand.arises[demand.height < demand.limit]
    return days[(days >= start) & (days < end)]


def z(count, expected):
    return (count - expected) / np.sqrt(expected)


def test_opportunities_come_at_the_rate_of_demand(drawn):
    counts = [len(arising(d)) for d in drawn(replications=10)]
    assert abs(z(sum(counts), 10 * RATE)) < 4
    assert abs(z(sum(counts), 10 * RATE * 1.03)) > 4  # 3 % more demand would have been noticed
    scatter = np.var(counts, ddof=1) / RATE
    assert 0.1 < scatter < 3  # of a Poisson law: 1; 9 degrees of freedom


def test_growth_adds_at_the_edge_and_leaves_the_rest(drawn):
    [before], [after] = drawn(), drawn({"growth": 0.1})
    early, late = set(arising(before)), set(arising(after))
    assert early < late
    assert abs(z(len(late) - len(early), 0.1 * RATE)) < 4


def test_even_doubled_demand_keeps_every_old_opportunity(drawn):
    [before], [after] = drawn(), drawn({"growth": 1.3})
    assert set(arising(before)) < set(arising(after))


def test_seasons_divide_the_year_and_keep_its_sum(drawn):
    shares = (0.02, 0.02, 0.02, 0.03, 0.05, 0.06, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2)
    counts = np.zeros(12)
    for demand in drawn({"seasonality": shares}, replications=10):
        counts += np.histogram(arising(demand), [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365])[
            0
        ]
    assert (np.abs(z(counts, 10 * RATE * np.array(shares))) < 4).all()


def test_opportunities_begin_earlier_by_the_time_customers_take(drawn):
    # Customers buy in December only and take 31 days, so opportunities arise in November.
    shares = (0,) * 11 + (1,)
    stages = [{"name": "deal", "hours": 0.1, "conversion": 0.5, "days": 31.0}]
    [demand] = drawn({"seasonality": shares, "stages": stages})
    days = arising(demand, -365)
    assert ((days % 365 >= 303) & (days % 365 < 334)).all()
    assert abs(z(len(arising(demand)), RATE)) < 4


def test_the_market_has_one_level_a_year_with_mean_one(drawn):
    levels = np.array([d.limit[0] for d in drawn({"demand_noise": 0.3}, replications=60)])
    assert abs(levels.mean() - 1) < 4 * 0.3 / np.sqrt(60)
    assert 0.2 < np.log(levels).std() < 0.4


def test_a_shock_strikes_its_customers_between_its_days(drawn):
    shock = {"name": "flood", "start": "2026-04-01", "end": "2026-07-01", "demand": 0.5}
    [calm], [struck] = drawn(), drawn({"shocks": [{**shock, "where": {"region": ["West"]}}]})
    lost = np.array(sorted(set(arising(calm)) - set(arising(struck))))
    assert ((lost >= 90) & (lost < 181)).all()
    assert abs(z(len(lost), RATE / 2 * 91 / 365 / 2)) < 4


def test_a_boom_adds_and_an_unlikely_shock_happens_now_and_then(drawn):
    boom = {"name": "boom", "start": "2026-01-01", "end": "2027-01-01", "demand": 2.0, "probability": 0.3}
    counts = np.array([len(arising(d)) for d in drawn({"shocks": [boom]}, replications=40)])
    happened = counts > 1.5 * RATE
    assert 4 <= happened.sum() <= 22  # binomial, 40 x .3 = 12 +- 2.9
    assert abs(counts[happened].mean() / RATE - 2) < 0.1


def test_nobody_feels_a_new_customer_or_another_order_of_rows(drawn):
    [before] = drawn()
    more = dict(reversed(list({**TOWNS, "newcomer": {"owner": "ann"}}.items())))
    [after] = drawn(customers=more)
    names, more_names = list(TOWNS), list(more)
    for name in ("customer 0", "customer 7", "customer 199"):
        mine = before.customer == names.index(name)
        theirs = after.customer == more_names.index(name)
        for field in ("arises", "height", "amount", "mark", "days", "patience", "unattended", "payment_days"):
            assert (getattr(before, field)[mine] == getattr(after, field)[theirs]).all()


def test_another_replication_and_another_seed_are_other_years(drawn):
    one, other = drawn(replications=2)
    [elsewhere] = drawn(seed=2)
    assert not set(one.arises) & set(other.arises)
    assert not set(one.arises) & set(elsewhere.arises)


def test_amounts_and_times_have_the_means_believed(drawn):
    stages = [{"name": "a", "hours": 0, "conversion": 0.5, "days": 9.0}]
    beliefs = {"order_value_cv": 1.0, "patience_days": 30.0, "late_days": 5.0, "bad_debt": 0.1}
    [demand] = drawn({"stages": stages, **beliefs})
    n = len(demand.amount)
    assert abs(demand.amount.mean() - 10_000) < 4 * 10_000 / np.sqrt(n)  # cents
    for days, mean in ((demand.days, 9), (demand.patience, 30), (demand.payment_days - 30, 5)):
        assert abs(days.mean() - mean) < 4 * mean / np.sqrt(n)
    assert abs(demand.never_pays.mean() - 0.1) < 4 * np.sqrt(0.09 / n)


def test_amounts_are_whole_cents_halves_rounded_up(drawn):
    [demand] = drawn({"order_values": {"": 33.335}})
    assert set(demand.amount) == {3334}


@pytest.mark.parametrize("day", [-400.0, -150.0, -60.0, -20.0, -10.0, 0.0])
def test_what_is_open_on_the_first_day_is_what_customers_take_so_long_for(day):
    means, names = np.array([10.0, 30.0, 5.0]), stable_ids(NAMES)
    lasts = exponential(uniforms(1, 0, Purpose.CUSTOMER_TIME, names, 3), means).sum(axis=1)
    key = key_of(1, 0, Purpose.CUSTOMER_TIME)
    with np.errstate(over="ignore"):
        found = [may_be_open(key, name, day, means) for name in names]
    assert found == (lasts >= -day).tolist()
    assert (0 < sum(found) < len(found)) == (day in (-150.0, -60.0, -20.0, -10.0))
