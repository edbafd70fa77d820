"""What luck decides beforehand: the pipeline of the first day, visits and calls, who is lost, who leaves."""

import numpy as np
import pytest

from simulation.luck.fate import draw
from simulation.world.world import world_of

TWO_STAGES = [
    {"name": "talk", "hours": 0, "conversion": 0.5, "days": 20.0},
    {"name": "deal", "hours": 0, "conversion": 0.5, "days": 30.0},
]


@pytest.fixture
def drawn(company, plan_for):
    def make(customers, reps=("ann",), market=None, owner=None, replications=1):
        scenario = company(customers, reps, market)
        world = world_of(scenario, plan_for(scenario, owner))
        return world, [draw(world, 1, r) for r in range(replications)]

    return make


@pytest.mark.parametrize(("days", "agrees"), [(20.0, True), (20.6, False)])
def test_the_year_begins_with_the_pipeline_of_a_steady_flow(drawn, days, agrees):
    # 40,000 opportunities a year; two stages of 20 and 30 days, half pass the first: an M/G/infinity pipeline
    # with 40,000 x 20 / 365 = 2,192 and 40,000 x .5 x 30 / 365 = 1,644 under way. 3 % more time in the first
    # stage is seen in (7.09 / .03)^2 / 2,192 = 26 years.
    stages = [{**TWO_STAGES[0], "days": days}, TWO_STAGES[1]]
    customers = {f"customer {i}": {"owner": "ann", "potential": 20_000} for i in range(50)}
    _, fates = drawn(customers, market={"stages": stages}, replications=26)
    counts = sum(np.bincount(fate.pending_stage, minlength=2) for fate in fates)
    expected = 26 * 40_000 / 365 * np.array([20, 15])
    z = np.abs(counts - expected) / np.sqrt(expected)
    assert (z[0] < 4) == agrees
    assert z[1] < 4
    for number, mean in enumerate((days, 30)):  # memoryless: what is left takes as long as the whole
        left = np.concatenate([fate.pending_day[fate.pending_stage == number] for fate in fates])
        assert abs(left.mean() - mean) < 4 * mean / np.sqrt(len(left))
    assert all(len(set(fate.pending)) == len(fate.pending) for fate in fates)


def test_what_is_under_way_where_nobody_serves_is_bought_by_its_share(drawn):
    # Of those under way a share of .4 that would buy; nobody else waits for anything.
    market = {"stages": TWO_STAGES, "unattended_share": 0.4}
    customers = {f"customer {i}": {"potential": 20_000} for i in range(50)}
    _, [fate] = drawn(customers, market=market)
    # A quarter of 40,000 a year buys, each 50 days after arising on average: 40,000 / 365 x 50 x .25 x .4.
    expected = 40_000 / 365 * 50 * 0.25 * 0.4
    assert abs(len(fate.coming) - expected) < 4 * np.sqrt(expected)
    assert len(fate.pending) == 0
    assert (fate.coming_day >= 0).all()


def test_visits_are_spread_evenly_over_the_year_from_a_random_day_on(drawn):
    world, [fate] = drawn({f"c{i}": {"visits_per_year": 5} for i in range(400)})
    assert (fate.visits.apart == 73).all()
    assert abs(fate.visits.phase.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 400)
    assert world.days / fate.visits.apart[0] == 5


def test_where_no_visit_is_promised_none_falls_due(drawn):
    _, [fate] = drawn(["Ames"])
    assert fate.visits.apart.tolist() == [np.inf]


@pytest.mark.parametrize(("rate", "agrees"), [(30.0, True), (30.9, False)])
def test_calls_for_service_are_a_poisson_process_each(drawn, rate, agrees):
    # 2,000 customers call 30 times a year: 60,000 calls show 3 % more; their counts scatter like their mean.
    names = {f"c{i}": {"potential": 0} for i in range(2000)}
    _, [fate] = drawn(names, market={"service": {"calls_per_year": rate, "patience_days": 5.0}})
    counts = np.diff(fate.calls.first)
    assert (abs(counts.sum() - 60_000) < 4 * np.sqrt(60_000)) == agrees
    assert abs(counts.var() / counts.mean() - 1) < 4 * np.sqrt(2 / 2000)
    assert abs(fate.calls.day.mean() - 182.5) < 4 * 365 / np.sqrt(12 * 60_000)
    assert abs(fate.calls.patience.mean() - 5) < 4 * 5 / np.sqrt(60_000)
    inside = np.diff(fate.calls.day)[np.diff(fate.calls.customer) == 0]
    assert (inside >= 0).all()


@pytest.mark.parametrize(("rate", "agrees"), [(0.2, True), (0.206, False)])
def test_customers_are_lost_at_the_rate_believed(drawn, rate, agrees):
    # Over 365 days 1 - exp(-.2 x 365 / 365.25) = 18.1 %, of 280,000 customers: (7.09 / .03)^2 x .819 / .181.
    names = {f"c{i}": {"potential": 0} for i in range(2000)}
    world, fates = drawn(names, market={"churn": {"yearly_rate": rate}}, replications=140)
    gone = np.array([(fate.churns_at < rate / 365.25 * world.days).mean() for fate in fates]).mean()
    expected = 1 - np.exp(-0.2 * 365 / 365.25)
    assert (abs(gone - expected) < 4 * np.sqrt(expected * (1 - expected) / 280_000)) == agrees


def luck_of(world, fate, name):
    """Everything luck decides of a customer."""
    c = world.customers.index(name)
    deals = slice(*fate.opportunities.first[c : c + 2])
    calls = slice(*fate.calls.first[c : c + 2])
    fields = ("arises", "height", "limit", "amount", "mark", "days", "patience", "unattended", "payment_days")
    mine = [getattr(fate.opportunities, field)[deals] for field in fields]
    return [*mine, fate.calls.day[calls], fate.calls.patience[calls], fate.visits.phase[c], fate.churns_at[c]]


RICH = {
    "service": {"calls_per_year": 6.0},
    "churn": {"yearly_rate": 0.1},
    "turnover": {"yearly_quit_rate": 0.5},
    "demand_noise": 0.2,
    "order_value_cv": 1.0,
    "stages": TWO_STAGES,
    "new_customers_per_year": 0.0,
}
MANY = {f"c{i}": {"owner": "ann" if i % 2 else "bob", "visits_per_year": 4} for i in range(20)}


def test_nobody_feels_a_new_customer_another_order_of_rows_or_another_plan(drawn):
    here, [before] = drawn(MANY, ["ann", "bob"], RICH)
    more = {**dict(reversed(MANY.items())), "newcomer": {"owner": "ann", "potential": 99_000}}
    there, [after] = drawn(more, ["zoe", "bob", "ann"], RICH, owner=dict.fromkeys(MANY, "zoe"))
    for name in MANY:
        for mine, theirs in zip(luck_of(here, before, name), luck_of(there, after, name), strict=True):
            assert np.array_equal(mine, theirs)
    for rep in ("ann", "bob"):
        stays = [f.stays[w.reps.index(rep)] for w, f in ((here, before), (there, after))]
        assert np.array_equal(*stays)
    others = luck_of(there, after, "newcomer")
    assert not np.isin(others[0], before.opportunities.arises).any()
