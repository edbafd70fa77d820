"""Reps whose pay depends on the year so far: 100,000 of quota a quarter, and the year's part on top."""

import numpy as np
import pytest

from simulation.accounting.journal import table
from simulation.behaving.closed_form import forward_looking, pushed_by_the_year
from simulation.behaving.preferences import Preferences
from simulation.company.year import live_a_year
from simulation.paying.outlook import Outlook
from simulation.world.world import world_of

BOTH = pytest.mark.parametrize("mode", ["closed form", "dynamic"])
YEARLY = {"yearly": {"kind": "bonus", "weight": 1, "period": "year"}}
EVEN = {"kind": "commission", "weight": 0.5}
NOTHING = Outlook(np.zeros(0), np.zeros(1), np.zeros(0))
IN_NOVEMBER, LAST_WEEKS = 46, 51


@pytest.fixture
def world(company, plan_for):
    """World of ann, of whom 400,000 are expected in single orders of 5,000."""

    def make(elements, mode="closed form", quota=(100_000.0,) * 4, reps=("ann",), **effort):
        market = {
            "effort": {"mode": mode, "reference_commission": 0.1, "weekly_patience": 1.0, **effort},
            "order_values": {"": 5_000.0},
            "order_value_cv": 1.0,
        }
        rows = {"Ames": {"owner": "ann", "potential": 400_000}}
        scenario = company(rows, reps, market, {"elements": elements})
        return world_of(scenario, plan_for(scenario, quota={"ann": list(quota)}))

    return make


@BOTH
def test_who_has_the_year_in_the_bag_rests_and_who_is_just_below_works_hard(mode, world):
    effort = world(YEARLY, mode).effort
    sure = effort.chosen(0, IN_NOVEMBER, 30_000.0, before=450_000.0)
    near = effort.chosen(0, IN_NOVEMBER, 30_000.0, before=300_000.0)
    lost = effort.chosen(0, IN_NOVEMBER, 30_000.0, before=100_000.0)
    assert sure == pytest.approx(0.5, abs=1e-3)
    assert near > 1.2
    assert lost == pytest.approx(0.5, abs=1e-3)
    # The quarter itself does not matter: 60,000 more now are as good as 60,000 more before.
    assert effort.chosen(0, IN_NOVEMBER, 90_000.0, before=240_000.0) == pytest.approx(near, abs=0.1)


@BOTH
def test_a_quarterly_scheme_knows_no_year(mode, world):
    effort = world({"quarterly": {"kind": "bonus", "weight": 1}}, mode).effort
    assert len(effort.year.kind) == len(effort.year.push) == len(effort.year.effort) == 0
    far, near = (effort.chosen(0, IN_NOVEMBER, 50_000.0, before) for before in (0.0, 400_000.0))
    assert far == near


@BOTH
def test_even_pay_of_the_year_is_even_effort_whatever_was_booked(mode, world):
    # 20,000 by quarters and 20,000 by the year for 400,000: 5 % and 5 % are the reference commission.
    effort = world({"c": EVEN, "y": {**EVEN, "period": "year"}}, mode).effort
    states = [(0, 0.0, 0.0), (20, 50_000.0, 60_000.0), (LAST_WEEKS, 20_000.0, 500_000.0)]
    assert [effort.chosen(0, *state) for state in states] == pytest.approx([1, 1, 1], abs=2e-3)


@BOTH
def test_an_accelerator_of_the_year_waits_until_the_year_is_reached(mode, world):
    # Half the rate to the year's quota, double beyond it: .5 + .5 / .1 x .05 = .75, and .5 + 5 x .2 = 1.5.
    tiers = [{"at": 0, "rate": 0.5}, {"at": 1, "rate": 2.0}]
    for kind in ({"period": "year"}, {"cumulative": True}, {"cumulative": True, "period": "month"}):
        effort = world({"c": {"kind": "commission", "weight": 1, "tiers": tiers, **kind}}, mode).effort
        below, above = (effort.chosen(0, LAST_WEEKS, 20_000.0, before) for before in (200_000.0, 480_000.0))
        assert [below, above] == pytest.approx([0.75, 1.5], abs=5e-3)


def test_both_ways_agree_where_no_limit_of_effort_binds(world):
    # Orders are few, and more of them scatter more, which the closed form leaves out.
    tiers = [{"at": 0, "rate": 0.5}, {"at": 1, "rate": 2.0}]
    elements = {"c": EVEN, "y": {**EVEN, "period": "year", "tiers": tiers}}
    closed, program = (world(elements, mode).effort for mode in ("closed form", "dynamic"))
    for decision, before in ((0, 0), (20, 90_000), (20, 120_000), (35, 200_000), (IN_NOVEMBER, 310_000)):
        for booked in (10_000.0, 50_000.0, 90_000.0):
            state = (0, decision, booked, float(before))
            assert program.chosen(*state) == pytest.approx(closed.chosen(*state), abs=0.03)


def test_pay_of_the_year_alone_is_one_long_period():
    # 52 weeks of one bonus, solved as a single period, whatever was left to quarters.
    likes = Preferences(weekly_patience=0.98)
    bonus = Outlook(np.array([400.0]), np.array([0.02, 0.05]), np.array([30.0]))
    left, booked = np.array([[52.0], [30.0], [4.0]]), np.array([0.0, 150.0, 380.0])
    facts = (8.0, 20.0)
    commission = Outlook(bonus.kinks, bonus.slopes, 0 * bonus.jumps)
    jump = Outlook(bonus.kinks, 0 * bonus.slopes, bonus.jumps)
    push = pushed_by_the_year(likes, commission, jump, 0.0, 8.0 * left, 20.0 * left, left, booked)
    alone = forward_looking(likes, bonus, *facts, left, left, booked)
    assert np.clip(likes.least + push, likes.least, likes.most) == pytest.approx(alone)


def test_what_quarters_pay_evenly_helps_to_reach_the_year():
    # 5 % all year long bring effort .5 + .5 / .08 x .05 = .8125: the year looks the nearer.
    likes = Preferences()
    jump = Outlook(np.array([400.0]), np.zeros(2), np.array([10.0]))
    left, booked = np.array([[20.0]]), np.array([180.0])
    facts = (8.0 * left, 20.0 * left, left)
    alone, helped = (
        pushed_by_the_year(likes, NOTHING, jump, others, *facts, booked) for others in (0.0, 0.05)
    )
    moved = booked + 8.0 * 20 * likes.elasticity * 0.05 * likes.gain
    as_if = pushed_by_the_year(likes, NOTHING, jump, 0.0, *facts, moved)
    assert helped == pytest.approx(as_if)
    assert helped > alone


@BOTH
def test_a_quarter_without_quota_has_nothing_to_answer(mode, world):
    effort = world(YEARLY, mode, quota=(0.0, 0.0, 200_000.0, 200_000.0)).effort
    assert [effort.chosen(0, decision, 10_000.0, 0.0) for decision in (0, 20)] == [1.0, 1.0]
    assert effort.chosen(0, IN_NOVEMBER, 30_000.0, before=450_000.0) == pytest.approx(0.5, abs=1e-3)


@BOTH
def test_the_year_in_sight_shows_in_a_year_that_is_played(mode, world):
    here = world(YEARLY, mode)
    year = live_a_year(here, 1, 0)
    told = table(here, year.fate, year.records)
    told = told[told["rep"] == "ann"]
    won, efforts = (told[told["what"] == what] for what in ("booking", "effort chosen"))
    ends = np.array([90, 181, 273, 365])
    assert len(efforts) == 54
    for decision, (day, chosen) in enumerate(zip(efforts["time"], efforts["amount"], strict=True)):
        start = np.append(0, ends)[np.searchsorted(ends, day, side="right")]
        amounts = won.loc[won["time"] < day, ["time", "amount"]]
        before = amounts.loc[amounts["time"] < start, "amount"].sum()
        booked = amounts["amount"].sum() - before
        assert chosen == pytest.approx(here.effort.chosen(0, decision, booked, before))
    assert efforts["amount"].nunique() > 20
