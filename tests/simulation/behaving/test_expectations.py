"""What reps expect of their quarters."""

import numpy as np
import pytest

from simulation.behaving.expectations import decisions
from simulation.world.world import world_of

ENDS = np.array([90.0, 181, 273, 365])


def test_effort_is_chosen_on_the_first_day_of_each_quarter_and_weekly_after():
    when = decisions(ENDS)
    assert when.day[:3].tolist() == [0, 7, 14]
    assert when.day[when.quarter == 1][:2].tolist() == [90, 97]
    assert np.bincount(when.quarter).tolist() == [13, 13, 14, 14]
    assert when.weeks_left[0] == 90 / 7
    assert when.weeks_left_in_year[0] == 365 / 7
    assert when.weeks_left.min() > 0


@pytest.fixture
def chosen(company, plan_for):
    """Effort of ann (and bob) at the first decision of each quarter, nothing booked yet."""

    def choose(quota=None, market=None, scheme=None, reps=("ann", "bob"), owner="ann"):
        effort = {"mode": "forward-looking", "reference_commission": 0.1}
        scenario = company(
            {"Ames": {"owner": owner, "potential": 400_000}},
            reps,
            {"effort": effort, **(market or {})},
            scheme,
        )
        world = world_of(scenario, plan_for(scenario, quota=quota))
        firsts = [int(np.flatnonzero(world.decisions.quarter == q)[0]) for q in range(4)]
        return [[world.effort.chosen(seat, d, 0.0) for d in firsts] for seat in range(2)]

    return choose


def test_a_quota_at_the_reference_commission_makes_normal_effort(chosen):
    # 40,000 of incentive for 400,000 of quota is 10 %.
    [ann, bob] = chosen({"ann": [100_000.0] * 4})
    assert ann == pytest.approx([1] * 4)
    assert bob == [1] * 4  # has no customers, nothing to weigh


def test_half_the_quota_pays_twice_and_makes_more_effort(chosen):
    # .5 + .5 / .1 x .2 = 1.5
    assert chosen({"ann": [50_000.0] * 4})[0] == pytest.approx([1.5] * 4)


def test_without_a_quota_there_is_nothing_to_answer(chosen):
    assert chosen({"ann": [0.0] * 4})[0] == [1] * 4
    assert chosen({"ann": [0.0, 0.0, 200_000, 200_000]})[0][:2] == [1, 1]


def test_constant_reps_do_not_answer(chosen):
    assert chosen({"ann": [50_000.0] * 4}, {"effort": {"mode": "constant"}})[0] == [1] * 4


def test_a_bonus_out_of_reach_is_given_up(chosen):
    bonus = {"elements": {"bonus": {"kind": "bonus", "weight": 1}}}
    near, far = chosen({"ann": [100_000.0] * 4}, scheme=bonus), chosen({"ann": [300_000.0] * 4}, scheme=bonus)
    assert near[0][0] > 0.8
    assert far[0][0] < 0.51


def test_a_yearly_bonus_counts_more_the_nearer_the_year_end(chosen):
    yearly = {"elements": {"bonus": {"kind": "bonus", "weight": 1, "period": "year"}}}
    [ann, _] = chosen({"ann": [100_000.0] * 4}, scheme=yearly)
    # 10 % of every unit booked, discounted by .97 a week: .5 + 5 x .1 x .97 ^ weeks
    assert ann == pytest.approx([0.5 + 0.5 * 0.97 ** ((365 - d) / 7) for d in (0, 90, 181, 273)], abs=1e-6)


def test_who_lacks_a_skill_or_took_over_expects_less(company, plan_for):
    # Less is expected of the same noise, so the bonus looks farther away from the first day on.
    row = {"Ames": {"owner": "bob", "potential": 40_000}}
    effort = {"mode": "forward-looking", "reference_commission": 1.0}
    market = {"effort": effort, "relationship_risk": 0.5}
    bonus = {"elements": {"bonus": {"kind": "bonus", "weight": 1}}}
    scenario = company(row, ["ann", "bob"], market, bonus)
    first = []
    for owner in ("bob", "ann"):
        world = world_of(scenario, plan_for(scenario, {"Ames": owner}))
        first.append(world.effort.chosen(0 if owner == "ann" else 1, 0, 0.0))
    assert first[1] < first[0]
