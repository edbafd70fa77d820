"""Many years: one answer for any number of workers, and what is finished when somebody interrupts."""

import dataclasses
import os

import numpy as np
import pytest
from joblib.parallel import get_active_backend

from scenarios import InputError, WorkerKilled
from scenarios.behavior import Effort
from scenarios.scheme import Commission, Scheme
from simulation import Controls, Outcome, journal, simulate, simulate_together
from simulation.accounting.measures import Measures
from simulation.replicating import replications as running
from simulation.replicating.blocks import BLOCK, OF_CONTENT, play_together
from simulation.replicating.precision import FIRST

CUSTOMERS = {f"c{i}": {"owner": "ann" if i % 2 else "bob", "visits_per_year": 4} for i in range(20)}
CAPPED = Scheme(name="capped", elements={"commission": Commission(weight=1, cap=0.5)})
MARKET = {"demand_noise": 0.2, "order_value_cv": 1.0, "turnover": {"yearly_quit_rate": 0.5}}


@pytest.fixture(autouse=True)
def processes_begin_at_once(monkeypatch):
    """Two workers are two processes here, however little there is to do."""
    monkeypatch.setattr(running, "WORTH_PROCESSES", -1.0)


@pytest.fixture
def case(company, plan_for):
    scenario = company(CUSTOMERS, ["ann", "bob"], MARKET, target=20_000.0)
    return scenario, plan_for(scenario)


def identical(one: Outcome, other: Outcome):
    same = one.years.equals(other.years) and np.array_equal(one.grades, other.grades)
    for name, moments in one.moments.items():
        same &= np.array_equal(moments.stacked(), other.moments[name].stacked(), equal_nan=True)
    for name, distribution in one.distributions.items():
        same &= np.array_equal(distribution.counts, other.distributions[name].counts)
    return same and one.digest == other.digest


def test_the_same_seed_is_the_same_outcome_and_another_is_not(case):
    one = simulate(*case, seed=5, replications=3)
    assert identical(one, simulate(*case, seed=5, replications=3))
    assert one.digest != simulate(*case, seed=6, replications=3).digest


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers_gives_the_same_to_the_last_bit(case, workers):
    count = 3 * BLOCK + 3
    assert identical(
        simulate(*case, replications=count), simulate(*case, replications=count, workers=workers)
    )


@pytest.mark.parametrize(("seconds", "elsewhere"), [(9.9, []), (10.1, [3]), (20.1, [3])])
def test_processes_begin_where_much_is_left_to_do(case, monkeypatch, seconds, elsewhere):
    # of three blocks two are left after the first: 19.8 seconds of work are not worth it, 20.2 are
    begun = []

    def watched(work, jobs, workers):
        begun.append(workers)
        yield from (work(*job) for job in jobs)

    def takes(*asked):
        return [dataclasses.replace(block, seconds=seconds) for block in play_together(*asked)]

    alone = simulate(*case, replications=3 * BLOCK)
    monkeypatch.setattr(running, "WORTH_PROCESSES", 20.0)
    monkeypatch.setattr(running, "play_together", takes)
    monkeypatch.setattr(running, "side_by_side", watched)
    assert simulate(*case, replications=3 * BLOCK, workers=3).digest == alone.digest
    assert begun == elsewhere


def test_where_blocks_come_in_lists_they_are_the_same(case, monkeypatch):
    # as with Ray, which gives no result before all of them
    backend = type(get_active_backend()[0])
    monkeypatch.setattr(running, "BLOCK", 4)
    alone = simulate(*case, replications=37)
    monkeypatch.setattr(backend, "supports_return_generator", False)
    assert identical(alone, simulate(*case, replications=37, workers=2))


def test_streamed_it_says_what_rows_say(case):
    count = 2 * BLOCK + 3
    found = simulate(*case, replications=count, rows=True)
    assert found.digest == simulate(*case, replications=count).digest
    assert simulate(*case, replications=count).rows is None
    rows = found.rows
    units = found.units()
    attained = rows.measures.bookings.sum(axis=2) / 40_000
    assert units["bookings"][:2].tolist() == pytest.approx(
        rows.measures.bookings.sum(axis=2).mean(axis=0).tolist()
    )
    assert units["pay"][:2].tolist() == pytest.approx(rows.pay.mean(axis=0).tolist())
    assert units["at_quota"][:2].tolist() == (attained >= 1).mean(axis=0).tolist()
    p90 = np.quantile(attained, 0.9, axis=0)
    assert units["attainment_p90"][:2].tolist() == pytest.approx(p90.tolist(), abs=0.001)
    deviation = rows.measures.hours_worked.std(axis=0, ddof=1)
    assert found.moments["hours_worked"].deviation[:2].tolist() == pytest.approx(deviation.tolist())


def test_every_measure_is_streamed_and_summed_up(case):
    found = simulate(*case, replications=3, rows=True)
    for field in dataclasses.fields(Measures):
        if field.name in OF_CONTENT:
            continue  # of these the ratio, below
        values = getattr(found.rows.measures, field.name)
        assert field.name in found.years
        of_units = values.shape[1:2] == (2,)
        assert found.moments[field.name].count.shape[:1] == ((3,) if of_units else values.shape[1:2])
    content, served = found.rows.measures.content, found.rows.measures.served
    mean = (content / served).mean(axis=0)
    assert found.moments["unit_satisfaction"].mean[:2] == pytest.approx(mean)
    visits = found.rows.measures.visits_made.sum(axis=1)
    assert found.years["visits_made"].tolist() == visits.tolist()


def test_more_years_begin_with_the_same(case):
    few, more = simulate(*case, replications=3), simulate(*case, replications=5)
    assert few.years.equals(more.years[:3])


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
    assert (stopped.replications, stopped.asked, stopped.stopped) == (2 * BLOCK, 10 * BLOCK, "interrupted")
    assert identical(stopped, simulate(*case, replications=2 * BLOCK))


def test_interrupted_before_anything_is_finished_it_stops(case, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "play_together", interrupt)
    with pytest.raises(KeyboardInterrupt):
        simulate(*case, replications=5)


def test_plans_together_are_what_they_are_alone_and_stop_at_the_same_year(case, plan_for):
    scenario = case[0]
    other = plan_for(scenario, {"c0": "ann"})
    sides = {"one": case, "other": (scenario, other)}

    def interrupt(name, done, total):
        if (name, done) == ("one", 2 * BLOCK):
            raise KeyboardInterrupt

    found = simulate_together(sides, replications=3 * BLOCK, progress=interrupt)
    assert [outcome.replications for outcome in found.values()] == [2 * BLOCK] * 2
    assert identical(found["one"], simulate(*case, replications=2 * BLOCK))
    assert identical(found["other"], simulate(scenario, other, replications=2 * BLOCK))


def test_a_run_stops_when_it_is_precise_enough_whoever_works(case):
    one = simulate(*case, precision=0.1)
    two = simulate(*case, precision=0.1, workers=2)
    assert identical(one, two)
    assert one.stopped == "precise enough"
    assert one.replications > FIRST
    found = one.estimates().loc["bookings"]
    assert (found["high"] - found["low"]) / 2 <= 0.1 * found["mean"]
    assert one.estimates().loc["reached_target", "high"] - one.p_target <= 0.1


def test_it_does_not_go_on_for_ever(case):
    found = simulate(*case, precision=0.0001, replications=FIRST + 5)
    assert (found.replications, found.stopped) == (FIRST + 5, "most years done")
    assert simulate(*case, precision=0.0001, replications=3).stopped == "most years done"


def test_plans_that_hardly_differ_are_told_apart_sooner(case, plan_for):
    # The same owners, other quotas: with constant effort bookings are the same, only pay differs
    scenario, _ = case
    sides = {"one": case, "other": (scenario, plan_for(scenario, quota={"ann": [9_000.0] * 4}))}
    paired = simulate_together(sides, precision=0.05, reference="one")
    alone = simulate(*case, precision=0.05)
    assert paired["one"].stopped == "precise enough"
    assert paired["one"].replications < alone.replications


def test_a_run_goes_on_where_another_ended(case, plan_for):
    sides = {"one": case, "other": (case[0], plan_for(case[0], {"c0": "ann"}))}
    whole = simulate_together(sides, replications=2 * BLOCK, rows=True)
    later = simulate_together(sides, replications=2 * BLOCK, since=BLOCK, rows=True)
    for name in sides:
        there, here = whole[name].years[BLOCK:], later[name].years
        assert np.array_equal(there.to_numpy(), here.to_numpy(), equal_nan=True)
        assert np.array_equal(whole[name].rows.pay[BLOCK:], later[name].rows.pay)


@pytest.mark.parametrize("wrong", [{"since": 5}, {"since": 2 * BLOCK}, {"since": BLOCK, "precision": 0.1}])
def test_a_run_goes_on_only_from_whole_blocks(case, wrong):
    with pytest.raises(InputError, match="since"):
        simulate_together({"one": case}, replications=2 * BLOCK, **wrong)


def test_schemes_played_under_one_drawn_luck_are_what_they_are_alone(case):
    scenario, plan = case
    effort = Effort(reference_commission=0.3)
    sides = {
        "straight": (scenario.answering(effort=effort), plan),
        "capped": (scenario.answering(scheme=CAPPED, effort=effort), plan),
    }
    together = simulate_together(sides, replications=BLOCK + 3)
    for name, pair in sides.items():
        assert identical(together[name], simulate(*pair, replications=BLOCK + 3))
    assert not identical(*together.values())


def orders(world, year):
    """Stand in for what is known of the luck: the number of opportunities of the year."""
    return np.array([float(np.log(len(year.records))), 1.0])


def known(world):
    return np.array([5.0, 1.0])


def test_controls_are_observed_in_every_year_by_any_worker(case):
    controls = Controls(("log of records", "constant"), orders, known)
    one = simulate(*case, replications=2 * BLOCK, controls=controls)
    assert one.controls.shape == (2 * BLOCK, 2)
    assert (one.controls[:, 1] == 1).all()
    assert one.estimates()["adjusted"].notna().any()
    assert one.summary()["intervals"]["bookings"]["adjusted"] != one.years["bookings"].mean()
    assert "adjusted" not in simulate(*case, replications=2).summary()["intervals"]["bookings"]


def test_a_run_goes_on_with_the_blocks_on_disk(case, tmp_path, monkeypatch):
    whole = simulate(*case, replications=3 * BLOCK + 5)
    part = simulate(*case, replications=2 * BLOCK, keep=tmp_path)
    assert (part.notes, len(list(tmp_path.iterdir()))) == ((), 2)
    played, play = [], running.play_together
    monkeypatch.setattr(
        running, "play_together", lambda jobs, first, last: played.append(first) or play(jobs, first, last)
    )
    found = simulate(*case, replications=3 * BLOCK + 5, keep=tmp_path)
    assert played == [2 * BLOCK, 3 * BLOCK]
    assert identical(found, whole)
    assert found.notes == (f"2 finished blocks of years taken from {tmp_path}.",)
    again = simulate(*case, replications=3 * BLOCK + 5, keep=tmp_path, workers=2)
    assert identical(again, whole)
    assert len(played) == 2
    next(iter(sorted(tmp_path.iterdir()))).write_bytes(b"damaged")
    assert identical(simulate(*case, replications=3 * BLOCK + 5, keep=tmp_path), whole)
    assert played[2:] == [0]


@pytest.mark.parametrize(
    ("asked", "least"), [({"replications": 0}, 1), ({"seed": -1}, 0), ({"workers": 0}, 1)]
)
def test_too_small_a_number_is_refused_by_name(case, asked, least):
    [(name, number)] = asked.items()
    with pytest.raises(InputError, match=rf"simulate, {name}: must be at least {least} \(found '{number}'\)"):
        simulate(*case, **asked)


def test_all_numbers_too_small_are_named_at_once(case):
    with pytest.raises(InputError) as refused:
        simulate(*case, seed=-1, replications=0, workers=0, precision=0.0)
    assert len(refused.value.problems) == 4
    with pytest.raises(InputError, match="journal, replication"):
        journal(*case, replication=-1)


def test_a_rep_who_starts_on_the_first_of_april_draws_base_pay_for_275_days(company, plan_for):
    reps = {"ann": {"start": "2026-04-01", "base_pay": 365_000, "target_incentive": 0}}
    scenario = company({"Ames": {"owner": "ann"}}, reps)
    outcome = simulate(scenario, plan_for(scenario), replications=2)
    assert outcome.years["pay"].tolist() == [275_000, 275_000]


def test_a_customer_nobody_serves_counts_its_promised_visits_as_missed(company, plan_for):
    # Ames is served and keeps its four visits; Boone has nobody for its one: 4 of 5 are made.
    customers = {"Ames": {"owner": "ann", "visits_per_year": 4}, "Boone": {"visits_per_year": 1}}
    scenario = company(customers, ["ann"], {"satisfaction": {"start": 0.8, "loss_per_missed_visit": 0.5}})
    outcome = simulate(scenario, plan_for(scenario), replications=5)
    assert outcome.years["unserved_visits"].tolist() == [1] * 5
    assert outcome.figures()["visits_kept"].tolist() == [0.8] * 5


def test_the_journal_is_that_of_the_replication(case):
    outcome = simulate(*case, seed=3, replications=3)
    booked = journal(*case, seed=3, replication=2).query("what == 'booking'")
    assert booked["amount"].sum() == pytest.approx(outcome.company[2])
    assert " ".join(booked.columns) == "date time kind what rep customer line opportunity hours amount"


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
    free, capped = (
        {"elements": {"commission": {"kind": "commission", "weight": 1, **cap}}} for cap in ({}, {"cap": 1.1})
    )
    answering = {"effort": {"mode": "forward-looking", "reference_commission": 2.0}}

    def outcome(market, scheme):
        scenario = company(customers, {"ann": {"hours_per_year": 9000}}, market, scheme)
        return simulate(scenario, plan_for(scenario, quota=quota), replications=10)

    answer_free, answer_capped = outcome(answering, free), outcome(answering, capped)
    assert answer_free.moments["effort"].mean[0] == pytest.approx(1.0, abs=1e-6)
    assert answer_capped.moments["effort"].mean[0] < 0.8
    assert answer_capped.company.mean() < 0.95 * answer_free.company.mean()
    constant_free, constant_capped = outcome({}, free), outcome({}, capped)
    assert np.array_equal(constant_free.company, constant_capped.company)
    assert (constant_capped.years["pay"] == 60_000 + 1.1 * 40_000).all()
    assert (constant_free.years["pay"] > constant_capped.years["pay"]).all()


def test_a_killed_worker_says_what_is_kept_and_the_rest_is_done_with_fewer(case, tmp_path):
    here = os.getpid()

    def dies_elsewhere(world, year):
        if os.getpid() != here:
            os._exit(9)
        return np.zeros(1)

    nothing = Controls(("nothing",), dies_elsewhere, lambda world: np.zeros(1))
    simulate(*case, replications=BLOCK, controls=nothing, keep=tmp_path)
    with pytest.raises(WorkerKilled, match=f"want of memory; {BLOCK} finished years are kept") as caught:
        simulate(*case, replications=3 * BLOCK, controls=nothing, keep=tmp_path, workers=2)
    assert caught.value.kept == BLOCK
    with pytest.raises(WorkerKilled, match="no finished years are kept"):
        simulate(*case, replications=3 * BLOCK, controls=nothing, workers=2)
    on = simulate(*case, replications=3 * BLOCK, controls=nothing, keep=tmp_path)
    assert on.notes == (f"1 finished block of years taken from {tmp_path}.",)
