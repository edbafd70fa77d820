"""A user's own rule of effort."""

import re

import numpy as np
import pytest

from scenarios import InputError
from simulation import journal, simulate
from simulation.replicating.beliefs import learned_world

AMES = {"Ames": {"owner": "ann", "potential": 100_000}, "Bern": {"owner": "bob", "potential": 100_000}}


def late(week, weeks_left, attainment, rep):
    """Rest until four weeks before the quarter ends, then work as long as the quota is not reached."""
    return np.where((weeks_left <= 4) & (attainment < 1), 1.5, 0.7)


def lazy(week, weeks_left, attainment, rep):
    return 0.5


@pytest.fixture
def case(company, plan_for):
    scenario = company(AMES, ["ann", "bob"], {"effort": {"mode": "forward-looking", "pilot_years": 4}})
    return scenario, plan_for(scenario, quota={"ann": [25_000.0] * 4, "bob": [0.0, 50_000, 50_000, 50_000]})


def test_a_rule_is_looked_up_by_weeks_left_and_attainment(case):
    effort = learned_world(*case, 1, late).effort
    # Quarter one has 90 days: its decision of day 63 has 27 / 7 weeks left, that of day 56 more than four.
    assert effort.chosen(0, 8, 10_000.0) == 0.7
    assert effort.chosen(0, 9, 10_000.0) == 1.5
    assert effort.chosen(0, 9, 26_000.0) == 0.7
    assert effort.chosen(0, 9, 1e9) == 0.7


def test_a_rule_knows_the_week_and_the_rep_and_its_quota(case):
    asked = []

    def curious(week, weeks_left, attainment, rep):
        asked.append((week, weeks_left, attainment[-1], rep["rep"], rep["quota"], rep["base_pay"]))
        return 1.0

    effort = learned_world(*case, 1, curious).effort
    assert asked[0] == (0.0, pytest.approx(90 / 7), 3.0, "ann", 25_000.0, 60_000.0)
    # Bob is asked nothing in the first quarter, where he has no quota, and is at effort 1.
    assert min(row[0] for row in asked if row[3] == "bob") == pytest.approx(90 / 7)
    assert effort.chosen(1, 0, 0.0) == 1.0


def test_a_year_is_played_by_the_rule(case):
    year = journal(*case, effort=lazy)
    chosen = year[year["what"] == "effort chosen"]
    assert set(chosen.loc[chosen["rep"] == "ann", "amount"]) == {0.5}
    assert set(chosen.loc[(chosen["rep"] == "bob") & (chosen["time"] < 90), "amount"]) == {1.0}


def test_half_the_effort_sells_less_by_the_elasticity(case):
    rested, usual = (
        simulate(*case, replications=64, effort=rule).years["bookings"].mean()
        for rule in (lazy, lambda *_: 1.0)
    )
    # 1 + .34 (.5 - 1) = .83 of what effort 1 brings; in bob's first quarter nothing changes.
    assert rested / usual == pytest.approx(1 - 0.17 * 7 / 8, abs=0.02)


def test_any_number_of_workers_gives_the_same(case):
    one, two = (simulate(*case, replications=64, workers=w, effort=late).years for w in (1, 2))
    assert one.equals(two)


def test_blocks_of_another_rule_are_not_taken_for_ones_own(case, tmp_path):
    kept = [
        simulate(*case, replications=32, keep=tmp_path, effort=rule).years["bookings"].sum()
        for rule in (late, lazy, late, None)
    ]
    assert kept[0] == kept[2]
    assert len(set(kept)) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda a: a * np.nan, "found 'nan'"),
        (lambda a: 0.3 - a, "between 0 and 2.5"),
        (lambda _: 3.0, "market.effort.most"),
        (lambda a: a[:-1], "an array of 161, one for each attainment asked for (found 'shape (160,)')"),
        (lambda _: "much", "an effort is a number"),
        (lambda _: None, "must be a number"),
    ],
)
def test_what_is_no_effort_is_refused_in_words(case, answer, said):
    with pytest.raises(InputError, match="effort, rep ann, 0 weeks into the year") as told:
        simulate(*case, effort=lambda week, left, attainment, rep: answer(attainment))
    assert re.search(re.escape(said), str(told.value))
    assert [p.place.split(",")[1] for p in told.value.problems] == [" rep ann", " rep bob"]
