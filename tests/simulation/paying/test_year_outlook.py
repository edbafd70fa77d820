"""What a rep has in view of the year: 1,000,000 of quota, 40,000 of incentive."""

import numpy as np
import pytest
from payroll import people

from scenarios.scheme import Scheme
from simulation.paying.year_outlook import year_views

LINEAR = {"kind": "commission", "weight": 0.5}
BONUS = {"kind": "bonus", "weight": 0.5, "period": "year"}
TIERS = [{"at": 0, "rate": 1}, {"at": 1, "rate": 2}]


def seen(others=None, reps=None, **elements):
    scheme = Scheme.model_validate({"elements": elements, **(others or {})})
    return year_views(scheme, people(scheme, reps))[0]


def test_without_anything_of_the_year_there_is_no_view():
    assert seen(c={**LINEAR, "weight": 1.0}) is None
    assert seen(c=LINEAR, h={**LINEAR, "period": "half-year"}) is None


def test_a_yearly_bonus_comes_at_the_end_and_quarters_stay_what_they_are():
    view = seen(c=LINEAR, y=BONUS)
    assert view.at_end.pay(np.array([999_999.0, 1_000_000.0])).tolist() == [0, 20_000]
    assert view.at_once.pay(np.array([1_000_000.0])).tolist() == [0]
    assert view.quarters[2].pay(np.array([250_000.0])) == pytest.approx([5_000])
    assert view.step == pytest.approx(0.02)


def test_a_cumulative_commission_is_what_all_its_periods_come_to():
    for period in ("month", "quarter", "half-year"):
        view = seen(c={**LINEAR, "weight": 1.0, "cumulative": True, "period": period, "tiers": TIERS})
        # 4 % to a million, 8 % beyond; credited as it comes.
        assert view.at_once.pay(np.array([500_000.0, 1_000_000, 1_200_000])) == pytest.approx(
            [20_000, 40_000, 56_000]
        )
        assert view.at_end.pay(np.array([1_200_000.0])).tolist() == [0]
        assert view.quarters[0].pay(np.array([250_000.0])).tolist() == [0]


def test_limits_of_an_element_hold_for_the_year():
    by_quarter = {**LINEAR, "weight": 1.0, "cumulative": True, "most_pay": 5_000.0}
    assert seen(c=by_quarter).at_once.pay(np.array([2_000_000.0])) == pytest.approx([20_000])
    assert seen(c=LINEAR, y={**BONUS, "most_pay": 3_000.0}).at_end.pay(np.array([1e6])).tolist() == [3_000]


def test_most_incentive_leaves_each_part_what_the_other_does_not_take():
    # 32,000 in all; quarters pay 20,000 at their goals and the year 20,000, so 12,000 are left for each.
    view = seen({"most_incentive": 0.8}, c=LINEAR, y=BONUS)
    assert view.at_end.pay(np.array([1_000_000.0])).tolist() == [12_000]
    assert view.quarters[0].pay(np.array([250_000.0])) == pytest.approx([3_000])
    wide = seen({"most_incentive": 1.5}, c={**LINEAR, "cumulative": True}, y=BONUS)
    assert wide.at_once.pay(np.array([5_000_000.0])) == pytest.approx([40_000])


def test_of_some_lines_their_share_counts_in_the_year_as_well():
    lines = {"lines": ["Bolts"]}
    scheme = Scheme.model_validate(
        {"elements": {"c": {**LINEAR, **lines, "cumulative": True}, "y": {**BONUS, **lines}}}
    )
    [view] = year_views(scheme, people(scheme), shares={("Bolts",): np.array([0.5])})
    # A million of bolts are two million in all: the bonus, and half of 2 %.
    assert view.at_end.pay(np.array([1_999_999.0, 2_000_000.0])).tolist() == [0, 20_000]
    assert view.at_once.pay(np.array([1_000_000.0])) == pytest.approx([10_000])
    assert year_views(scheme, people(scheme)) == [None]


def test_who_does_not_earn_it_does_not_see_it():
    reps = {"ann": {"role": "helper"}, "bob": {}}
    scheme = Scheme.model_validate({"elements": {"c": LINEAR, "y": BONUS}})
    views = year_views(scheme, people(scheme, reps))
    assert views[0] is None
    assert views[1] is not None


def test_a_differential_raises_it():
    differential = {"where": {"team": ["far"]}, "times": 1.5, "elements": ["y"]}
    scheme = {"elements": {"c": LINEAR, "y": BONUS}, "differentials": [differential]}
    view = year_views(
        Scheme.model_validate(scheme), people(Scheme.model_validate(scheme), {"ann": {"team": "far"}})
    )[0]
    assert view.at_end.pay(np.array([1_000_000.0])).tolist() == [30_000]
