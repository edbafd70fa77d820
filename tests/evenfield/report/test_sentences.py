from dataclasses import replace

import numpy as np

from evenfield.comparison import compare
from evenfield.report import answer
from evenfield.report.sentences import at_risk, chance


def booked(outcome, company):
    """Give an outcome whose company booked something else."""
    reached = (company >= outcome.target).astype("float64")
    changed = {"bookings": company, "reached_target": reached, "attainment": company / outcome.target}
    return replace(outcome, years=outcome.years.assign(**changed))


def with_bookings(study, factor):
    """Give the study with the plan's bookings changed and compared again."""
    other = booked(study.outcomes["plan"], study.outcomes["plan"].company * factor)
    outcomes = {**study.outcomes, "plan": other}
    return replace(study, outcomes=outcomes, rows=compare(outcomes, study.reference))


def test_the_first_sentence_is_target_chance_and_verdict(done):
    sure, hopeless = with_bookings(done, 100.0), with_bookings(done, 0.01)
    assert (
        "reaches the target of $1.20 million (+25% on last year's sales) in 100% of simulated years"
        in answer(sure)[0]
    )
    assert "The plan reaches" in answer(hopeless)[0]
    assert " in 0% of simulated years" in answer(hopeless)[0]
    assert answer(sure)[0] != answer(hopeless)[0]


def test_two_that_do_the_same_are_not_told_apart(done):
    same = dict.fromkeys(done.outcomes, done.outcomes["plan"])
    study = replace(done, outcomes=same, rows=compare(same, done.reference))
    assert "the same in every year under the same luck" in answer(study)[0]
    assert "the same as today's book in every year" in answer(study)[0]
    assert "(the same)" in answer(study)[2]


def test_the_second_sentence_counts_who_moves(done):
    assert answer(done)[1].startswith("3 of 6 customers change their rep")
    nobody = replace(done, plans={**done.plans, "plan": done.plans["today's book"]})
    assert answer(nobody)[1].startswith("All 6 customers keep their rep; ")


def test_customers_without_a_rep_get_one_and_are_not_called_moved(done):
    scenario = done.scenarios["plan"]
    loose = scenario.replace(customers=scenario.customers.assign(owner=["", "", "west", "", "", "west"]))
    study = replace(done, scenarios={**done.scenarios, "plan": loose})
    assert answer(study)[1].startswith(
        "1 of 6 customers change their rep, with $240 thousand of last year's sales; 4 that"
    )


def test_the_third_sentence_is_risk_and_pay(done):
    assert at_risk(done) == 600_000 * 0.1  # the potential of one town, a tenth of it at risk
    assert "puts $60.0 thousand of sales at risk" in answer(done)[2]
    assert f"{done.outcomes['plan'].figures()['cost_of_sales'].mean():.1%} of bookings" in answer(done)[2]


def test_the_interval_of_a_chance_is_wilsons(done):
    # 12 of 24 years at 99 %: z = 2.5758, z^2 = 6.635, center (12 + 3.317) / (24 + 6.635) = .5,
    # half width 2.5758 / 30.635 * sqrt(24 * .25 + 6.635 / 4) = .2327
    outcome = done.outcomes["plan"]
    half = np.zeros_like(outcome.company)
    half[:12] = outcome.target
    share, low, high = chance(booked(outcome, half))
    assert (share, round(low, 4), round(high, 4)) == (0.5, 0.2673, 0.7327)
