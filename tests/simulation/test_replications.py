"""Many years: one answer for any number of workers, and what is finished when somebody interrupts."""

import dataclasses

import numpy as np
import pytest

from scenarios import InputError
from simulation import Outcome, journal, simulate
from simulation.measures import Measures
from simulation.replications import BLOCK

CUSTOMERS = {f"c{i}": {"owner": "ann" if i % 2 else "bob", "visits_per_year": 4} for i in range(20)}
MARKET = {"demand_noise": 0.2, "order_value_cv": 1.0, "turnover": {"yearly_quit_rate": 0.5}}


@pytest.fixture
def case(company, plan_for):
    scenario = company(CUSTOMERS, ["ann", "bob"], MARKET, target=20_000.0)
    return scenario, plan_for(scenario)


def identical(one: Outcome, other: Outcome):
    measured = [field.name for field in dataclasses.fields(Measures)] + ["pay"]
    same = all(np.array_equal(getattr(one, f), getattr(other, f), equal_nan=True) for f in measured)
    return same and one.digest == other.digest


def test_the_same_seed_is_the_same_outcome_and_another_is_not(case):
    one = simulate(*case, seed=5, replications=3)
    assert identical(one, simulate(*case, seed=5, replications=3))
    assert one.digest != simulate(*case, seed=6, replications=3).digest


def test_one_worker_or_two_give_the_same_to_the_last_bit(case):
    count = 2 * BLOCK + 3
    assert identical(simulate(*case, replications=count), simulate(*case, replications=count, workers=2))


def test_blocks_of_any_size_give_the_same(case, monkeypatch):
    one = simulate(*case, replications=7)
    monkeypatch.setattr("simulation.replications.BLOCK", 2)
    assert identical(one, simulate(*case, replications=7))


def test_more_years_begin_with_the_same(case):
    few, more = simulate(*case, replications=3), simulate(*case, replications=5)
    assert np.array_equal(few.bookings, more.bookings[:3])


def test_progress_is_told_block_by_block(case):
    told = []
    simulate(*case, replications=BLOCK + 5, progress=lambda done, total: told.append((done, total)))
    assert told == [(BLOCK, BLOCK + 5), (BLOCK + 5, BLOCK + 5)]


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_it_keeps_the_blocks_that_are_finished(case, workers):
    def interrupt(done, total):
        if done == 2 * BLOCK:
            raise KeyboardInterrupt

    stopped = simulate(*case, replications=10 * BLOCK, workers=workers, progress=interrupt)
    assert (stopped.replications, stopped.asked) == (2 * BLOCK, 10 * BLOCK)
    assert np.array_equal(stopped.bookings, simulate(*case, replications=2 * BLOCK).bookings)


def test_interrupted_before_anything_is_finished_it_stops(case, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("simulation.replications._block", interrupt)
    with pytest.raises(KeyboardInterrupt):
        simulate(*case, replications=5)


@pytest.mark.parametrize(
    ("asked", "least"), [({"replications": 0}, 1), ({"seed": -1}, 0), ({"workers": 0}, 1)]
)
def test_too_small_a_number_is_refused_by_name(case, asked, least):
    [(name, number)] = asked.items()
    with pytest.raises(InputError, match=rf"simulate, {name}: must be at least {least} \(found '{number}'\)"):
        simulate(*case, **asked)


def test_all_numbers_too_small_are_named_at_once(case):
    with pytest.raises(InputError) as refused:
        simulate(*case, seed=-1, replications=0, workers=0)
    assert len(refused.value.problems) == 3
    with pytest.raises(InputError, match="journal, replication"):
        journal(*case, replication=-1)


def test_a_rep_who_starts_on_the_first_of_april_draws_base_pay_for_275_days(company, plan_for):
    reps = {"ann": {"start": "2026-04-01", "base_pay": 365_000, "target_incentive": 0}}
    scenario = company({"Ames": {"owner": "ann"}}, reps)
    assert simulate(scenario, plan_for(scenario), replications=2).pay.tolist() == [[275_000], [275_000]]


def test_a_customer_nobody_serves_counts_its_promised_visits_as_missed(company, plan_for):
    # Ames is served and keeps its four visits; Boone has nobody for its one: 4 of 5 are made.
    customers = {"Ames": {"owner": "ann", "visits_per_year": 4}, "Boone": {"visits_per_year": 1}}
    scenario = company(customers, ["ann"], {"satisfaction": {"start": 0.8, "loss_per_missed_visit": 0.5}})
    outcome = simulate(scenario, plan_for(scenario), replications=5)
    assert outcome.unserved_visits.tolist() == [1] * 5
    assert outcome.figures()["visits_kept"].tolist() == [0.8] * 5


def test_the_journal_is_that_of_the_replication(case):
    outcome = simulate(*case, seed=3, replications=3)
    booked = journal(*case, seed=3, replication=2).query("what == 'booking'")
    assert booked["amount"].sum() == pytest.approx(outcome.company[2])
    assert " ".join(booked.columns) == "time what rep customer line opportunity hours amount"


def test_a_plan_is_compared_under_the_same_luck(company, plan_for):
    # One customer of 20 moves: the difference scatters much less than under independent luck.
    scenario = company(CUSTOMERS, ["ann", "bob"], {**MARKET, "relationship_risk": 0.5})
    stays = simulate(scenario, plan_for(scenario), replications=20).company
    moves = simulate(scenario, plan_for(scenario, {"c0": "ann"}), replications=20).company
    assert np.var(moves - stays) * 30 < np.var(moves) + np.var(stays)


def test_a_cap_lowers_effort_where_reps_answer_and_pay_where_they_do_not(company, plan_for):
    # Ann can sell twice her quota of 5,000 a quarter; her commission stops at 110 % of it.
    quota = {"ann": [5_000.0] * 4}
    customers = {f"c{i}": {"owner": "ann", "potential": 2000} for i in range(20)}
    free, capped = {}, {"cap": 1.1}
    answering = {"effort": {"mode": "forward-looking", "reference_commission": 2.0}}

    def outcome(market, scheme):
        scenario = company(customers, {"ann": {"hours_per_year": 9000}}, market, scheme)
        return simulate(scenario, plan_for(scenario, quota=quota), replications=10)

    answer_free, answer_capped = outcome(answering, free), outcome(answering, capped)
    assert answer_free.effort.mean() == pytest.approx(1.0, abs=1e-6)
    assert answer_capped.effort.mean() < 0.8
    assert answer_capped.company.mean() < 0.95 * answer_free.company.mean()
    constant_free, constant_capped = outcome({}, free), outcome({}, capped)
    assert np.array_equal(constant_free.bookings, constant_capped.bookings)
    assert (constant_capped.pay == 60_000 + 1.1 * 40_000).all()
    assert (constant_free.pay > constant_capped.pay).all()
