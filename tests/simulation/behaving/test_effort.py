"""Reps who answer: the closed form against quadrature, dynamic programming and published facts.

The seat sells 1 a week on average; a quarter has 13 weeks, its quota is 13 and its incentive 8 % of it. A
quarter's bookings scatter by a quarter of their mean.
"""

from dataclasses import replace

import numpy as np
import pytest
from payroll import view

from scenarios.market import Effort
from scenarios.scheme import Bonus, Commission, Scheme, Tier
from simulation.behaving.effort import EffortTable, constant, forward_looking
from simulation.paying.outlook import Outlook

WEEKS = 13
INCENTIVE = 0.08 * WEEKS
VARIANCE = (0.25 * WEEKS) ** 2 / WEEKS
PATIENT = Effort(weekly_patience=1.0)
LINEAR = view(Scheme(), WEEKS, INCENTIVE)
BONUS = view(Scheme(elements={"bonus": Bonus(weight=1)}), WEEKS, INCENTIVE)
CAPPED = view(Scheme(elements={"commission": Commission(weight=1, cap=1.1)}), WEEKS, INCENTIVE)
STEEP = Commission(
    weight=INCENTIVE / (INCENTIVE + 0.3),
    tiers=(Tier(at=0, rate=0), Tier(at=0.5, rate=1.2), Tier(at=1, rate=3)),
    cap=1.3,
)
BESIDE = Bonus(weight=0.3 / (INCENTIVE + 0.3))
ALL_AT_ONCE = view(Scheme(elements={"commission": STEEP, "bonus": BESIDE}), WEEKS, INCENTIVE + 0.3)


def effort(
    curve: Outlook, weeks_left: float, booked: float, behavior: Effort = PATIENT, variance: float = VARIANCE
) -> float:
    left = np.array(weeks_left)
    return float(forward_looking(behavior, curve, 1.0, variance, left, left + 13, np.array(booked)))


def test_a_pay_curve_is_the_scheme() -> None:
    # Nothing up to 6.5; 1.2 x 8 % from there; the bonus of .3 at 13; 3 x 8 % up to the cap at 16.9.
    sold = np.array([0, 6.5, 10, 12.999999, 13, 15, 16.9, 30])
    by_hand = [0, 0, 0.336, 0.624, 0.924, 1.404, 1.86, 1.86]
    assert ALL_AT_ONCE(sold) == pytest.approx(by_hand, abs=1e-6)


def test_the_reference_commission_makes_effort_one_at_any_time_and_pace() -> None:
    for weeks_left in (13, 7, 0.2):
        for booked in (0.0, 6.0, 13.0, 30.0):
            assert effort(LINEAR, weeks_left, booked, Effort()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("rate", "expected"), [(0.0, 0.5), (1.0, 1.0), (2.0, 1.5), (9.0, 2.5)])
def test_effort_is_proportional_to_commission_up_to_its_limit(rate: float, expected: float) -> None:
    curve = view(
        Scheme(elements={"c": Commission(weight=1, tiers=(Tier(at=0, rate=rate),))}), WEEKS, INCENTIVE
    )
    assert effort(curve, 5, 4) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("pace", "published"), [(0.5, 0.62), (0.7, 1.40), (0.85, 1.90), (1.0, 1.66), (1.1, 1.35), (1.3, 0.80)]
)
def test_a_bonus_is_chased_when_near_and_given_up_when_far(pace: float, published: float) -> None:
    # Quota-bonus response at the end of week 9 (inverted U), from an independent prototype of the same model.
    assert effort(BONUS, WEEKS - 9, pace * 9) == pytest.approx(published, abs=0.006)


def test_beyond_the_cap_a_rep_does_the_least() -> None:
    assert effort(CAPPED, 0.5, 17) == pytest.approx(0.5, abs=0.01)
    assert effort(CAPPED, 3, 3) > 0.99


def test_impatience_discounts_a_bonus_but_not_commission() -> None:
    assert effort(BONUS, 8, 5, Effort(weekly_patience=0.9)) < effort(BONUS, 8, 5) - 0.2
    assert effort(LINEAR, 8, 5, Effort(weekly_patience=0.9)) == pytest.approx(1.0)


def test_a_yearly_bonus_is_an_even_step_a_unit_discounted_to_the_year_end() -> None:
    curve = replace(LINEAR, yearly=0.02)
    # 3 and 16 weeks are left: e = .5 + .5 / .08 x (.08 + .02 x .97^16)
    expected = 0.5 + 0.5 / 0.08 * (0.08 + 0.02 * 0.97**16)
    assert effort(curve, 3, 5, Effort()) == pytest.approx(expected)


@pytest.mark.parametrize("curve", [LINEAR, BONUS, CAPPED, ALL_AT_ONCE], ids=["linear", "bonus", "cap", "all"])
@pytest.mark.parametrize("weeks_left", [9.0, 1.0])
@pytest.mark.parametrize("booked", [3.0, 9.0, 12.9, 15.0])
def test_the_closed_form_is_the_derivative_of_the_value(
    curve: Outlook, weeks_left: float, booked: float
) -> None:
    # F = ln E exp(mu w(M + S Z)) / mu on a fine grid of the normal law, differentiated through its density.
    mu = 0.34 * 0.5 / 0.08 / VARIANCE
    mean = booked + (1 - 0.34 * 0.5) * weeks_left
    spread = np.sqrt(VARIANCE * weeks_left)
    z = (np.arange(400_000) + 0.5) / 400_000 * 18 - 9
    mass = np.exp(mu * curve(mean + spread * z) - z * z / 2)
    slope = (mass * z).sum() / mass.sum() / spread / mu
    assert effort(curve, weeks_left, booked) == pytest.approx(
        np.clip(0.5 + 0.5 / 0.08 * slope, 0.5, 2.5), abs=1e-3
    )


def test_the_closed_form_agrees_with_dynamic_programming() -> None:
    # Backward from the end of the quarter, eight decisions a week, the best of 41 efforts at every pace.
    curve = view(Scheme(elements={"commission": STEEP.model_copy(update={"weight": 1.0})}), WEEKS, INCENTIVE)
    step, efforts = 0.125, np.linspace(0.5, 2.5, 41)
    pace = np.linspace(-5, 30, 701)
    cost = 0.34 * 0.08 / 0.5 * (efforts - 0.5) ** 2 / 2 * step
    drift = (1 + 0.34 * (efforts - 1)) * step
    noise = np.linspace(-5, 5, 31)
    chance = np.exp(-(noise**2) / 2) / np.exp(-(noise**2) / 2).sum()
    value = curve(pace)
    for _ in range(32):
        after = np.zeros((pace.size, efforts.size))
        for z, p in zip(noise, chance, strict=True):
            after += p * np.interp(pace[:, None] + drift + np.sqrt(VARIANCE * step) * z, pace, value)
        value = (after - cost).max(axis=1)
    marginal_value = np.gradient(value, pace)
    for booked in (4.0, 6.0, 8.0, 9.5, 11.0, 13.0, 15.0):
        program = 0.5 + 0.5 / 0.08 * float(np.interp(booked, pace, marginal_value))
        assert effort(curve, 4.0, booked) == pytest.approx(program, abs=0.02)


def mean_effort_by_week(behavior: Effort, curve: Outlook, agents: int) -> tuple[np.ndarray, np.ndarray]:
    """Let agents live through a quarter of normal bookings, deciding fifty times a week."""
    steps, rng = 50, np.random.default_rng(3)
    booked, means, errors = np.zeros(agents), [], []
    for k in range(WEEKS * steps):
        left = np.array(WEEKS - k / steps)
        chosen = forward_looking(behavior, curve, 1.0, VARIANCE, left, left, booked)
        if k % (steps * 3) == 0:
            means.append(chosen.mean())
            errors.append(chosen.std() / np.sqrt(agents))
        drift = (1 + 0.34 * (chosen - 1)) / steps
        booked = booked + drift + np.sqrt(VARIANCE / steps) * rng.standard_normal(agents)
    return np.array(means), np.array(errors)


def test_mean_effort_of_patient_reps_is_flat() -> None:
    # Effort is a martingale for any scheme: a bonus alone makes no hockey stick.
    free = Effort(weekly_patience=1.0, most=100.0)
    means, errors = mean_effort_by_week(free, BONUS, 4000)
    start = effort(BONUS, WEEKS, 0, free)
    assert (np.abs(means[1:] - start) <= 4 * errors[1:]).all()
    impatient, errors = mean_effort_by_week(Effort(weekly_patience=0.97, most=100.0), BONUS, 4000)
    assert ((impatient[1:] - start) / errors[1:]).min() < -4


def test_a_table_is_read_between_its_points() -> None:
    table = EffortTable(np.array([[[1.0, 2.0, 0.5]]]), np.array([[10.0]]))
    assert [table.chosen(0, 0, y) for y in (0, 2.5, 5, 7.5, 10, 99)] == [1.0, 1.5, 2.0, 1.25, 0.5, 0.5]
    assert constant(2, 3).chosen(1, 2, 5.0) == 1.0
