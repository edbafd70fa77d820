"""The linter on Ann, who has 40,000 incentive on a quota of 4 x 250,000: every kind is found, and is true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payroll import paid

from scenarios.pay_curves import Cost, Factor, Step, Tier
from scenarios.pay_elements import (
    Bonus,
    Commission,
    Gate,
    Item,
    Multiplier,
    Penalty,
    Scorecard,
    Spiff,
    TeamBonus,
)
from scenarios.pay_terms import Draw, RolePay, Windfall
from scenarios.scheme import Scheme
from simulation.paying.linting.finding import KINDS
from simulation.paying.linting.linter import lint

STEEP = (Tier(at=0, rate=0.5), Tier(at=0.8, rate=2.5))
PERCENT = st.integers(1, 99)
SOME = settings(max_examples=20)


def tiers_of(most_at, most_rate):
    pairs = st.tuples(st.integers(1, most_at), st.integers(0, most_rate))
    return st.lists(pairs, min_size=1, max_size=3, unique_by=lambda pair: pair[0])


def scheme(*elements, **terms):
    return Scheme(elements={f"e{n}": element for n, element in enumerate(elements, 1)}, **terms)


def found(judged, kind=None):
    return [f for f in lint(judged).findings if kind in (None, f.kind)]


def faults(judged):
    return [f.kind for f in lint(judged).faults]


def of_the_year(judged, quarters):
    return float(paid(judged, quarters).incentive.sum()) / 100


@SOME
@given(
    st.lists(PERCENT, min_size=1, max_size=3).map(lambda parts: [p / sum(parts) for p in parts]),
    st.sampled_from(["month", "quarter", "half-year", "year"]),
    st.booleans(),
)
def test_a_linear_scheme_has_no_fault(weights, period, cumulative):
    measures = ("bookings", "invoices", "collections")
    weights = [round(w, 3) for w in weights[:-1]] + [1 - sum(round(w, 3) for w in weights[:-1])]
    parts = [
        Commission(weight=round(w, 6), measure=m, period=period, cumulative=cumulative)
        for w, m in zip(weights, measures, strict=False)
    ]
    assert faults(scheme(*parts)) == []
    (free,) = found(scheme(*parts), "no cap")
    assert free.facts["at_300"] == pytest.approx(120_000)


@SOME
@given(st.integers(2, 98))
def test_a_bonus_is_a_cliff_of_its_worth_and_a_fault_where_it_is_large(percent):
    judged = scheme(Commission(weight=1 - percent / 100), Bonus(weight=percent / 100))
    (cliff,) = found(judged, "cliff")
    assert cliff.elements == ("e2",)
    assert cliff.facts["sales"] == 250_000
    assert cliff.size == pytest.approx(10_000 * percent / 100)
    assert cliff.is_fault == (percent > 25)
    above, below = (of_the_year(judged, [x, 0, 0, 0]) for x in (250_000, 249_999.99))
    assert above - below == pytest.approx(cliff.size, abs=0.01)


@SOME
@given(tiers_of(30, 30))
def test_pay_falls_exactly_where_trying_everything_says_so(tiers):
    # Rates in tenths from attainments in twentieths on, paid from the first unit.
    steps = [Tier(at=0, rate=1)] + [Tier(at=at / 20, rate=rate / 10) for at, rate in sorted(tiers)]
    judged = scheme(Commission(weight=1, tiers=tuple(steps), retroactive=True))
    edges = np.arange(0, 750_001, 12_500)
    sales = np.unique(np.clip(np.concatenate([edges, edges - 0.01, edges + 6_250]), 0, None))
    year = np.stack([sales, *[0 * sales] * 3], axis=-1)
    pay = paid(judged, year[:, None]).incentive.sum(axis=(-1, -2)) / 100
    behind = float(np.max(np.maximum.accumulate(pay) - pay))
    drops = found(judged, "drop")
    assert bool(drops) == (behind > 2)
    for drop in drops:
        before, after = (
            of_the_year(judged, [250_000] * 3 + [drop.facts[x]]) for x in ("from_value", "to_value")
        )
        assert before - after == pytest.approx(drop.size, abs=0.02)
        assert drop.size >= behind - 0.02


@SOME
@given(
    tiers_of(15, 40),
    st.booleans(),
    st.integers(0, 60),
)
def test_gains_from_moving_a_deal_are_what_pay_says(tiers, retroactive, bonus):
    steps = (Tier(at=0, rate=1), *(Tier(at=at / 10, rate=rate / 10) for at, rate in sorted(tiers)))
    judged = scheme(
        Commission(weight=1 - bonus / 100, tiers=steps, retroactive=retroactive), Bonus(weight=bonus / 100)
    )
    for shift in found(judged, "shift"):
        facts = shift.facts
        assert facts["deal"] == 25_000
        sign = 1 if facts["way"] == "earlier" else -1
        if facts["over"] == "quarter":
            one, two = 250_000 * facts["first"], 250_000 * facts["second"]
            before = of_the_year(judged, [250_000, one, two, 250_000])
            after = of_the_year(judged, [250_000, one + sign * 25_000, two - sign * 25_000, 250_000])
        else:
            one, two = [250_000 * facts["first"]] * 4, [250_000 * facts["second"]] * 4
            before = of_the_year(judged, one) + of_the_year(judged, two)
            one[3] += sign * 25_000
            two[0] -= sign * 25_000
            after = of_the_year(judged, one) + of_the_year(judged, two)
        assert before == pytest.approx(facts["before"], abs=0.05)
        assert after == pytest.approx(facts["after"], abs=0.05)
        assert after - before == pytest.approx(shift.size, abs=0.05)
        assert shift.is_fault == (shift.size > 4_000)


def test_no_other_pair_of_quarters_gains_more_by_moving_a_deal():
    # A bonus of 3,000 and twice the rate above 110 %.
    tiers = (Tier(at=0, rate=1), Tier(at=1.1, rate=2))
    judged = scheme(Commission(weight=0.7, tiers=tiers), Bonus(weight=0.3))
    (shift,) = found(judged, "shift")
    levels = np.arange(50, 151) / 100
    pairs = [(a, b) for a in levels for b in levels]
    quarters = np.array([[250_000, 250_000 * a, 250_000 * b, 250_000] for a, b in pairs])
    moved = quarters + np.array([0, 25_000, -25_000, 0])
    before, after = (paid(judged, some[:, None]).incentive.sum(axis=(-1, -2)) for some in (quarters, moved))
    gain = (after - before) / 100
    # 3,000 for the bonus and 25,000 x 2.8 % more for what comes above 110 %: not both at once with 25,000.
    assert shift.size == pytest.approx(float(gain.max()), abs=0.05) == 3_000


def test_a_threshold_is_flat_and_a_fault_only_where_it_matters():
    low = scheme(Commission(weight=1, tiers=(Tier(at=0, rate=0), Tier(at=0.5, rate=2))))
    high = scheme(Commission(weight=1, tiers=(Tier(at=0, rate=0), Tier(at=0.9, rate=10))))
    for judged, to, is_fault in ((low, 0.5, False), (high, 0.9, True)):
        (flat,) = found(judged, "flat")
        assert (flat.facts["where"], flat.facts["from"], flat.is_fault) == ("start", 0, is_fault)
        assert flat.facts["to"] == pytest.approx(to, abs=1e-6)
        assert flat.facts["to_value"] == pytest.approx(1_000_000 * to, abs=1)


def test_a_cap_is_flat_from_there_on_and_no_pay_is_without_limit():
    (flat,) = found(scheme(Commission(weight=1, cap=1.5)), "flat")
    assert (flat.facts["where"], flat.facts["from"], flat.facts["paid"]) == ("end", 1.5, 60_000)
    assert not flat.is_fault
    assert found(scheme(Commission(weight=1, cap=1.5)), "no cap") == []
    assert faults(scheme(Commission(weight=1, cap=1.0))) == ["flat"]
    assert faults(scheme(Commission(weight=1), most_incentive=1.1)) == ["flat"]


def test_between_steps_nothing_is_earned():
    steps = (Step(at=0, pays=0.5), Step(at=0.9, pays=0.7), Step(at=1.0, pays=1.0), Step(at=1.5, pays=1.2))
    stretches = [
        (f.facts["where"], round(f.facts["from"], 4), round(f.facts["to"], 4), f.is_fault)
        for f in sorted(found(scheme(Bonus(weight=1, steps=steps)), "flat"), key=lambda f: f.facts["from"])
    ]
    assert stretches == [
        ("start", 0, 0.9, True),
        ("middle", 0.9, 1.0, True),
        ("middle", 1.0, 1.5, True),
        ("end", 1.5, 3.0, False),
    ]


def test_pay_at_100_percent_is_the_target_incentive_or_a_fault():
    # .8 x .5 + .2 x 2.5 = .9 of 40,000
    (off,) = found(scheme(Commission(weight=1, tiers=STEEP)), "target pay")
    assert off.is_fault
    assert off.size == pytest.approx(4_000)
    assert off.facts["paid"] == 36_000
    assert "target pay" not in faults(scheme(Bonus(amount=1_000)))


def test_weights_that_do_not_add_up():
    judged = Scheme.model_construct(elements={"a": Commission(weight=0.5), "b": Bonus(weight=0.2)})
    (off,) = found(judged, "weights")
    assert off.is_fault
    assert (off.size, off.facts["sum"], off.facts["paid"]) == (12_000, 0.7, 28_000)


def test_a_multiplier_that_falls_with_satisfaction():
    falls = Multiplier(measure="satisfaction", steps=(Factor(at=0.9, times=0.8),))
    (drop,) = found(scheme(Commission(weight=1, multipliers=(falls,))), "drop")
    assert drop.facts["measure"] == "satisfaction"
    assert (drop.facts["before"], drop.facts["after"], drop.facts["to_value"]) == (40_000, 32_000, 0.9)
    rises = falls.model_copy(update={"steps": (Factor(at=0.9, times=1.2),)})
    assert found(scheme(Commission(weight=1, multipliers=(rises,))), "drop") == []


def test_what_holds_beyond_any_cost_there_can_be_is_no_drop():
    steps = (Factor(up_to=1.02, times=1.1), Factor(up_to=1.05, times=1), Factor(up_to=99, times=0.8))
    dear = Multiplier(measure="cost", steps=steps)
    assert found(scheme(Commission(weight=1, period="year", multipliers=(dear,))), "drop") == []


def test_cost_had_better_be_small():
    good = Item(measure="cost", weight=1, steps=(Step(up_to=0.0, pays=1), Step(up_to=0.05, pays=0.5)))
    bad = Item(measure="cost", weight=1, steps=(Step(up_to=0.0, pays=0.5), Step(up_to=0.05, pays=1)))
    for item, count in ((good, 0), (bad, 1)):
        judged = scheme(Scorecard(weight=1, items=(item,), period="year"))
        assert len(found(judged, "drop")) == count
        assert [f.kind for f in found(judged, "not by sales")] == ["not by sales"]


@pytest.mark.parametrize(("parts", "gain"), [({}, 900), ({"most_pay": 300}, 200)])
def test_a_sum_for_each_deal_is_earned_ten_times_by_ten_deals(parts, gain):
    (split,) = found(scheme(Commission(weight=1), Spiff(per_deal=100, **parts)), "split")
    assert split.size == pytest.approx(gain)
    assert split.is_fault == (gain > 400)
    assert split.facts["after"] - split.facts["before"] == pytest.approx(gain)


def test_a_least_deal_rewards_joining_what_is_too_small():
    judged = scheme(Commission(weight=1), Spiff(per_deal=500, least_deal=20_000, most_pay=500))
    (merge,) = found(judged, "merge")
    assert merge.size == pytest.approx(500)
    assert merge.facts["amount"] >= 20_000 > merge.facts["part"]
    assert found(judged, "split") == []


def test_a_share_of_deals_is_the_same_in_parts():
    judged = scheme(Commission(weight=1), Spiff(share=0.01))
    assert found(judged, "split") == found(judged, "merge") == []


def test_a_spiff_of_a_line_and_a_month_is_found_as_well():
    spiff = Spiff(per_deal=100, lines=("Pipes",), first_day="2027-09-01", last_day="2027-09-30")
    (split,) = found(scheme(Commission(weight=1), spiff), "split")
    assert (split.size, split.facts["line"]) == (900, "Pipes")


def test_a_windfall_is_escaped_by_smaller_deals():
    # Beyond 100,000 nothing counts. Ten deals of 100,000 count 1,000,000 at 4 %, one of a million 100,000.
    (split,) = found(scheme(Commission(weight=1), windfall=Windfall(above=100_000)), "split")
    assert split.facts["amount"] == 1_000_000
    assert split.size == pytest.approx(0.04 * 900_000)
    assert split.is_fault


def test_the_same_dollar_in_two_commissions():
    apart = scheme(Commission(weight=0.5), Commission(weight=0.5, measure="collections"))
    (note,) = found(apart, "double pay")
    assert (note.is_fault, note.elements) == (False, ("e1", "e2"))
    assert note.facts["total"] == pytest.approx(0.04)
    twice = scheme(Commission(weight=1), Commission(tiers=(Tier(at=0, rate=0.03),)))
    (fault,) = found(twice, "double pay")
    assert fault.is_fault
    assert fault.facts["total"] == pytest.approx(0.07)
    new = Commission(measure="new_customer_bookings", tiers_in="amount", tiers=(Tier(at=0, rate=0.02),))
    (also,) = found(scheme(Commission(weight=1), new), "double pay")
    assert (also.is_fault, round(also.facts["total"], 6)) == (False, 0.06)


def test_a_rate_above_the_sale_itself():
    tiers = (Tier(at=0, rate=0.02), Tier(at=1.2, rate=1.1))
    (cost,) = found(scheme(Commission(tiers=tiers)), "cost")
    assert cost.is_fault
    assert cost.facts["costs"] == pytest.approx(1_100, abs=0.1)
    assert cost.facts["from"] == pytest.approx(1.2, abs=0.01)


def test_gates_nobody_can_miss_or_reach():
    gates = (
        Gate(measure="bookings", at_least=0.0),
        Gate(measure="satisfaction", at_least=1.2),
        Gate(measure="satisfaction", at_least=0.8),
        Gate(measure="visits_kept", at_most=1.0),
        Gate(measure="score:care", at_least=3, assumed=3),
        Gate(measure="bookings", at_least=0.9),
    )
    findings = found(scheme(Commission(weight=1, gates=gates)), "gate")
    told = {f.facts["number"]: f.facts["why"] for f in findings}
    assert told == {1: "missed", 2: "reached", 4: "missed"}


def test_a_gate_below_the_threshold_of_its_element_changes_nothing():
    tiers = (Tier(at=0, rate=0), Tier(at=0.5, rate=2))
    judged = scheme(Commission(weight=1, tiers=tiers, gates=(Gate(at_least=0.4),)))
    assert [f.facts["why"] for f in found(judged, "gate")] == ["missed"]


def test_penalties_that_cannot_bite():
    threshold = Commission(weight=1, tiers=(Tier(at=0, rate=0), Tier(at=0.6, rate=2.5)))
    low = Penalty(weight=0.1, steps=(Cost(up_to=0.5, costs=1),))
    high = Penalty(weight=0.1, steps=(Cost(up_to=0.8, costs=1),))
    unhappy = Penalty(weight=0.1, measure="satisfaction", steps=(Cost(up_to=0.5, costs=1),))
    assert [f.elements for f in found(scheme(threshold, low, high, unhappy), "penalty")] == [("e2",)]


def test_advances_above_the_target_incentive():
    (draw,) = found(scheme(Commission(weight=1), draws=(Draw(amount=3_400),)), "draw")
    assert (draw.is_fault, draw.size) == (True, 800)
    assert found(scheme(Commission(weight=1), draws=(Draw(amount=3_300),)), "draw") == []
    rich = {"rep": RolePay(on_target_earnings=200_000, base_share=0.5)}
    assert found(scheme(Commission(weight=1), draws=(Draw(amount=3_400),), pay=rich), "draw") == []


def test_advances_that_need_not_be_earned_make_the_start_flat():
    # 2,000 a month are 6,000 a quarter, what 60 % of the quota earns.
    (flat,) = found(scheme(Commission(weight=1), draws=(Draw(amount=2_000, recoverable=False),)), "flat")
    assert (flat.facts["where"], flat.facts["paid"]) == ("start", 24_000)
    assert flat.facts["to"] == pytest.approx(0.6, abs=1e-4)


def test_every_role_is_judged_by_itself():
    judged = scheme(
        Commission(weight=1),
        Commission(weight=0.8, roles=("manager",), of="team"),
        TeamBonus(weight=0.2, roles=("manager",)),
    )
    made = lint(judged)
    assert [it.subject.role for it in made.followed] == ["rep", "manager"]
    assert [(f.role, f.elements, f.size) for f in made.findings if f.kind == "cliff"] == [
        ("manager", ("e3",), 2_000.0)
    ]


def test_a_typical_quota_fits_the_goals_of_the_scheme():
    judged = scheme(Bonus(amount=5_000, goal=2_000_000, period="year"))
    assert lint(judged).followed[0].year.asked == 2_000_000_00
    assert lint(judged, quota=500_000).followed[0].year.asked == 500_000_00


def test_every_kind_has_an_order():
    assert len(set(KINDS)) == len(KINDS)


def test_what_weights_that_do_not_add_up_pay_is_paid_and_not_multiplied():
    # 40,000 of incentive: 0.9 of it would be 36,000, but of the bonus, 16,000, a half is paid at 100 %.
    half = Bonus(weight=0.4, steps=(Step(at=1.0, pays=0.5), Step(at=1.5, pays=1.0)))
    judged = Scheme.model_construct(elements={"a": Commission(weight=0.5), "b": half})
    (off,) = found(judged, "weights")
    assert (off.facts["sum"], off.facts["paid"]) == (0.9, 28_000)
