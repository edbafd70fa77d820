"""Beliefs: pilot years teach reps what their effort brings."""

import numpy as np
import pytest

from scenarios.scheme import Scheme
from simulation import journal, simulate
from simulation.accounting.measures import measure
from simulation.company.year import live_a_year
from simulation.replicating.beliefs import CLOSE, LEARNING, PILOT, Beliefs, learned_world
from simulation.world.world import world_of

ANSWERS = {"mode": "forward-looking", "reference_commission": 0.5}
SCHEME = {"elements": {"bonus": {"kind": "bonus", "weight": 1}}}

STAGE = {"name": "deal", "hours": 1.0, "conversion": 0.5, "days": 0.0}


@pytest.fixture
def busy(company, plan_for):
    """Ann would need 1,600 hours for the 1,600 opportunities behind 80,000 of potential, at 100 each."""

    def make(pilot_years, hours=800.0):
        customers = {f"c{i}": {"owner": "ann", "potential": 4_000} for i in range(20)}
        market = {"effort": {**ANSWERS, "pilot_years": pilot_years}, "patience_days": 5.0, "stages": [STAGE]}
        scenario = company(customers, {"ann": {"hours_per_year": hours}}, market, SCHEME)
        return scenario, plan_for(scenario, quota={"ann": [12_000.0] * 4})

    return make


def effort_at_the_start(world):
    return world.effort.chosen(0, 0, 0.0)


def test_who_has_no_time_learns_that_the_bonus_is_far(busy):
    # By potential the bonus looks safe; in the year a part of it comes true.
    naive, learned = world_of(*busy(0)), learned_world(*busy(16), 1)
    sold = simulate(*busy(0), replications=32).moments["bookings"].mean[0].sum()
    assert sold < 0.8 * 80_000
    assert effort_at_the_start(learned) != pytest.approx(effort_at_the_start(naive), abs=0.02)


def test_in_the_end_belief_and_bookings_agree(busy):
    # Learned in 32 years, held against 128 others; the belief may be off by CLOSE and both by chance.
    scenario, plan = busy(32)
    world = learned_world(scenario, plan, 1)
    again = learned_world(scenario, plan, 1)
    assert np.array_equal(world.effort.effort, again.effort.effort)
    other = learned_world(scenario, plan, 2)
    assert effort_at_the_start(other) == pytest.approx(effort_at_the_start(world), abs=0.1 + CLOSE)


def test_without_pilot_years_nobody_learns(busy):
    assert np.array_equal(learned_world(*busy(0), 1).effort.effort, world_of(*busy(0)).effort.effort)


def test_the_journal_of_a_year_is_that_of_reps_who_learned(busy):
    scenario, plan = busy(8)
    booked = journal(scenario, plan, seed=3, replication=1)
    total = booked.loc[booked["what"] == "booking", "amount"].sum()
    years = simulate(scenario, plan, seed=3, replications=2).years
    assert years["bookings"][1] == pytest.approx(total)


OTHER = Scheme.model_validate({"elements": {"commission": {"kind": "commission", "weight": 1}}})


def under_two_schemes(busy):
    scenario, plan = busy(8)
    return {"bonus": (scenario, plan), "commission": (scenario.answering(scheme=OTHER), plan)}


def efforts(world):
    return world.effort.effort


def test_what_was_learned_before_changes_nothing(busy):
    sides = under_two_schemes(busy)
    alone = {name: learned_world(*pair, 1) for name, pair in sides.items()}
    together = Beliefs()
    for names in (["commission"], ["bonus", "commission"], ["commission", "bonus"]):
        found = together.worlds({name: sides[name] for name in names}, 1)
        assert list(found) == names
        for name in names:
            assert np.array_equal(efforts(found[name]), efforts(alone[name]))


def test_any_number_of_workers_learns_the_same(busy):
    sides = under_two_schemes(busy)
    one, two = (Beliefs().worlds(sides, 1, workers) for workers in (1, 2))
    assert all(np.array_equal(efforts(one[name]), efforts(two[name])) for name in sides)


def test_pilot_years_are_counted_and_lived_once(busy):
    told = []
    beliefs, sides = Beliefs(), under_two_schemes(busy)
    beliefs.worlds(sides, 1, progress=lambda *what: told.append(what))
    assert {name for name, _, _ in told} == {LEARNING}
    # 8 years at effort 1 that both begin with, then 8 of each at least
    assert told[-1][1] == told[-1][2] >= 8 + 2 * 8
    told.clear()
    beliefs.worlds(sides, 1, progress=lambda *what: told.append(what))
    assert not told


def test_what_reps_see_in_the_end_is_what_they_believe(busy):
    scenario, plan = busy(16)
    beliefs = Beliefs()
    [world] = beliefs.worlds({"": (scenario, plan)}, 1).values()
    [known] = beliefs._known
    years = [measure(world, live_a_year(world, 1 + PILOT, number)) for number in range(16)]
    sold = np.mean([year.bookings.sum() for year in years])
    effort = np.mean([year.effort[0] for year in years])
    # All work done in time would bring 80,000; effort e brings 1 + 0.34 (e - 1) of that.
    seen = sold / (1 + 0.34 * (effort - 1)) / 80_000
    assert seen == pytest.approx(known.belief[0], rel=CLOSE)
    assert known.belief[0] < 0.8


def test_without_learning_schemes_share_all_but_pay(busy):
    scenario, plan = busy(0)
    sides = {"bonus": (scenario, plan), "commission": (scenario.answering(scheme=OTHER), plan)}
    found = Beliefs().worlds(sides, 1)
    assert found["bonus"].streams is found["commission"].streams
    for name, pair in sides.items():
        apart = world_of(*pair)
        assert np.array_equal(efforts(found[name]), efforts(apart))
        assert np.array_equal(found[name].hands.skill, apart.hands.skill)
        assert found[name].market == apart.market
