"""The laboratory of reps: bookings, luck and what is measured, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.facts.laboratory import DAILY, WEEKLY, WEEKLY_VARIANCE, Lives, Place, curve, live

DEALS = Place(deal=0.8), Place(ability=1.5, deal=2.0)


def always(effort):
    return lambda step, attainment: np.full_like(attainment, effort)


def test_bookings_follow_effort():
    # 13 weeks at 1 + .34 x .5 = 1.17 a week; twins have opposite luck, so means have no error.
    ours = live(always(1.5), WEEKLY, 1000)
    assert ours.booked[-1].mean() == pytest.approx(13 * 1.17)
    assert ours.sales == pytest.approx(1.17)
    assert ours.by_week == pytest.approx(np.full(13, 1.5))


@pytest.mark.parametrize("place", [WEEKLY, DAILY, Place(ability=0.6), *DEALS])
def test_bookings_scatter_as_they_should(place):
    # Normal: (.25 x 13 x ability)^2. Deals: 13 x ability / amount of them, each amount^2 x (1 + 1).
    ours = live(always(1.0), place, 40_000)
    expected = 13 * place.ability
    variance = WEEKLY_VARIANCE * 13 * place.ability**2 if place.deal is None else expected * place.deal * 2
    error = np.sqrt(variance / 40_000)
    assert ours.booked[-1].mean() == pytest.approx(expected, abs=4 * error)
    assert ours.booked[-1].var() == pytest.approx(variance, rel=0.06)


def test_a_seed_is_the_same_luck_under_any_policy():
    for place in (WEEKLY, replace(WEEKLY, deal=0.5)):
        one, other = live(always(1.0), place, 200, seed=7), live(always(1.0), place, 200, seed=8)
        again = live(always(1.0), place, 200, seed=7)
        assert np.array_equal(one.booked, again.booked)
        assert not np.array_equal(one.booked, other.booked)
    plus = live(always(2.0), WEEKLY, 200, seed=7)
    base = live(always(1.0), WEEKLY, 200, seed=7)
    assert plus.booked[-1] - base.booked[-1] == pytest.approx(np.full(200, 13 * 0.34))


def test_what_is_measured_of_three_reps():
    # Two weeks, quota 13: attainments 0.5, 1 and 1.5.
    booked = np.array([[0, 0, 0], [3.0, 6.0, 9.0], [6.5, 13.0, 19.5]])
    ours = Lives(np.array([[1.0, 1.0, 1.0], [0.5, 2.0, 1.1]]), booked, replace(WEEKLY, weeks=2))
    assert ours.attainment.tolist() == [0.5, 1, 1.5]
    assert [ours.share(1), ours.share(0.5, 1)] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert ours.by_week == pytest.approx([1, 1.2])
    assert ours.effort_ahead(week=1, lead=6.0) == pytest.approx((2.0 + 1.1) / 2)


def test_pay_is_written_in_attainments_and_target_incentives():
    # Linear to 8 % x 13 at quota, a bonus of half a target incentive there, double beyond.
    pay = curve([1], [1, 2], [0.5]).pay(np.array([6.5, 13, 26.0]))
    assert pay == pytest.approx([0.52, 1.04 + 0.52, 3.12 + 0.52])
