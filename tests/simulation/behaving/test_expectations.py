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


def test_a_yearly_rate_counts_more_the_nearer_the_year_end(chosen):
    yearly = {"elements": {"rate": {"kind": "commission", "weight": 1, "period": "year"}}}
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


@pytest.fixture
def world(company, plan_for):
    """World of ann alone with 400,000 of demand, 100,000 of quota a quarter, and an engine."""

    def make(mode, scheme, amount=100.0, cv=0.0, patience=0.97):
        market = {
            "effort": {"mode": mode, "reference_commission": 0.1, "weekly_patience": patience},
            "order_values": {"": amount},
            "order_value_cv": cv,
        }
        scenario = company({"Ames": {"owner": "ann", "potential": 400_000}}, ["ann"], market, scheme)
        return world_of(scenario, plan_for(scenario, quota={"ann": [100_000.0] * 4}))

    return make


BONUS = {"elements": {"bonus": {"kind": "bonus", "weight": 1}}}
CAPPED = {
    "elements": {
        "commission": {"kind": "commission", "weight": 0.5, "cap": 1.02},
        "yearly": {"kind": "commission", "weight": 0.5, "period": "year"},
    }
}


@pytest.mark.parametrize("mode", ["closed form", "dynamic"])
def test_a_rate_on_one_of_two_lines_counts_by_its_share_of_what_is_expected(mode, company, plan_for):
    # Demand is the same in both lines: half of 10 % a unit booked, .5 + 5 x .05 = .75.
    market = {
        "effort": {"mode": mode, "reference_commission": 0.1},
        "order_values": {"Bolts": 100.0, "Nuts": 100.0},
    }
    scheme = {"elements": {"bolts": {"kind": "commission", "weight": 1, "lines": ["Bolts"]}}}
    rows = {"Ames": {"owner": "ann", "potential": 400_000}}
    scenario = company(rows, ["ann"], market, scheme, lines=("Bolts", "Nuts"))
    world = world_of(scenario, plan_for(scenario, quota={"ann": [100_000.0] * 4}))
    assert world.effort.chosen(0, 5, 30_000.0) == pytest.approx(0.75, abs=1e-3)


def test_the_usual_name_is_the_closed_form(world):
    usual, named = world("forward-looking", BONUS, cv=1.0), world("closed form", BONUS, cv=1.0)
    assert np.array_equal(usual.effort.effort, named.effort.effort)


def test_with_many_small_orders_the_program_is_the_closed_form(world):
    # 77 orders of 100 a week are nearly normal; commission to 102 % of quota, and a yearly one.
    # Patient reps: who is not weighs commission that the cap will take later less than the closed form does.
    closed, program = (
        world(mode, CAPPED, cv=3.0, patience=1.0).effort for mode in ("closed form", "dynamic")
    )
    for decision in (0, 8, 12, 20, 50):
        for booked in (0.0, 40_000.0, 70_000.0, 90_000.0, 99_000.0, 110_000.0):
            assert program.chosen(0, decision, booked) == pytest.approx(
                closed.chosen(0, decision, booked), abs=0.02
            )


def test_the_program_counts_single_orders(world):
    # Six days before the quarter's end 90,000 are booked; any order of 20,000 brings the bonus of 10,000. Six
    # days have n = .3288 (1 + .34 (e - 1)) orders; e is best for .97^(6/7) 10,000 (1 - exp(-n)) - cost
    table = world("dynamic", BONUS, 20_000.0).effort
    efforts = np.linspace(0.5, 2.5, 200_001)
    orders = 400_000 / 20_000 / 365 * 6
    number = orders * (1 + 0.34 * (efforts - 1))
    cost = 0.34 * orders * 20_000 * 0.1 / 0.5 * (efforts - 0.5) ** 2 / 2
    worth = 0.97 ** (6 / 7) * 10_000 * (1 - np.exp(-number)) - cost
    assert table.chosen(0, 12, 90_000.0) == pytest.approx(efforts[worth.argmax()], abs=2e-3)
    # 70,000 lack two orders, 102,000 none.
    assert table.chosen(0, 12, 70_000.0) < table.chosen(0, 12, 90_000.0) - 0.5
    assert table.chosen(0, 12, 105_000.0) == pytest.approx(0.5, abs=1e-3)


def test_a_year_is_played_with_the_program(lived):
    # Who chases a bonus changes effort from week to week, and looks it up in the table.
    market = {
        "effort": {"mode": "dynamic", "reference_commission": 0.1},
        "order_values": {"": 5_000.0},
    }
    [year] = lived(
        {"Ames": {"owner": "ann", "potential": 400_000}},
        market=market,
        quota={"ann": [100_000.0] * 4},
        scheme=BONUS,
    )
    chosen = year.query("what == 'effort chosen'")["amount"]
    assert len(chosen) == 54
    assert chosen.nunique() > 20
    assert chosen.between(0.5, 2.5).all()


def test_what_a_quarter_is_worth_leads_to_the_effort_chosen(company, plan_for):
    """Effort follows what the next order adds, without impatience: e = least + gain (V(x + v) - V(x)) / v."""
    effort = {"mode": "dynamic", "reference_commission": 0.1, "weekly_patience": 1.0}
    market = {"effort": effort, "timing": {"window_days": 21}, "order_values": {"": 5_000.0}}
    scheme = {"elements": {"bonus": {"kind": "bonus", "weight": 1, "steps": [{"at": 1.0, "pays": 1.0}]}}}
    scenario = company({"Ames": {"owner": "ann", "potential": 400_000}}, ("ann",), market, scheme)
    world = world_of(scenario, plan_for(scenario, quota={"ann": [100_000.0] * 4}))
    table, first = world.effort, 6
    for booked in (20_000.0, 50_000.0, 70_000.0):
        added = table.worth(0, first, booked + 5_000.0) - table.worth(0, first, booked)
        expected = min(0.5 + 0.5 / 0.1 * added / 5_000.0, 2.5)
        assert table.chosen(0, first, booked) == pytest.approx(expected, abs=0.02)


def test_what_an_order_is_worth_is_the_program_s_whatever_effort_is_chosen_by(company, plan_for):
    """An accelerator so steep that the closed form counts on efforts far beyond the largest."""
    tiers = [{"at": 0.0, "rate": 0.5}, {"at": 1.0, "rate": 10.0}]
    scheme = {"elements": {"commission": {"kind": "commission", "weight": 1, "tiers": tiers}}}
    tables = []
    for mode in ("closed form", "dynamic"):
        market = {"effort": {"mode": mode, "reference_commission": 0.1}, "timing": {"window_days": 21}}
        scenario = company({"Ames": {"owner": "ann", "potential": 400_000}}, ("ann",), market, scheme)
        tables.append(world_of(scenario, plan_for(scenario, quota={"ann": [100_000.0] * 4})).effort)
    closed, program = tables
    assert np.array_equal(closed.value, program.value)
    assert not np.array_equal(closed.effort, program.effort)


@pytest.mark.parametrize("mode", ["closed form", "dynamic"])
def test_straight_commission_makes_an_order_worth_the_same_whenever_it_comes(mode, company, plan_for):
    effort = {"mode": mode, "reference_commission": 0.1}
    scheme = {"elements": {"commission": {"kind": "commission", "weight": 1}}}
    market = {"effort": effort, "timing": {"window_days": 21}}
    scenario = company({"Ames": {"owner": "ann", "potential": 400_000}}, ("ann",), market, scheme)
    world = world_of(scenario, plan_for(scenario, quota={"ann": [100_000.0] * 4}))
    # 40,000 of incentive for 400,000 of quota: 1,000 more bring 100, also far beyond what is tabulated.
    for booked in (0.0, 60_000.0, 1_000_000.0):
        for decision in (0, 8, 30):
            gained = world.effort.worth(0, decision, booked + 1000) - world.effort.worth(0, decision, booked)
            assert gained == pytest.approx(100.0, rel=1e-6)


def test_reps_who_do_not_play_with_time_have_no_table_of_worth(company, plan_for):
    scenario = company({"Ames": {"owner": "ann"}}, ("ann",), {"effort": {"mode": "closed form"}})
    assert world_of(scenario, plan_for(scenario)).effort.value.size == 0


def test_after_the_last_quarter_comes_one_like_the_first():
    when = decisions(ENDS)
    assert when.next_quarter[[0, 12, 13, 39, 53]].tolist() == [13, 13, 26, 40, 0]
