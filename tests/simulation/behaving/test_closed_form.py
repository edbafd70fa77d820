"""Reps who answer: the closed form against quadrature, identities and published facts.

The seat sells 1 a week on average; a quarter has 13 weeks, its quota is 13 and its incentive 8 % of it. A
quarter's bookings scatter by a quarter of their mean.
"""

from dataclasses import replace

import numpy as np
import pytest
from payroll import view

from scenarios.scheme import Bonus, Commission, Scheme, Tier
from simulation.behaving.closed_form import (
    curvature,
    expected_pay,
    forward_looking,
    prospects,
    value,
)
from simulation.behaving.preferences import Preferences
from simulation.paying.outlook import Outlook

WEEKS = 13
INCENTIVE = 0.08 * WEEKS
IDLE = 1 - 0.34 * 0.5
VARIANCE = (0.25 * WEEKS) ** 2 / WEEKS
PATIENT = Preferences(weekly_patience=1.0)
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
    curve: Outlook,
    weeks_left: float,
    booked: float,
    behavior: Preferences = PATIENT,
    variance: float = VARIANCE,
) -> float:
    left = np.array(weeks_left)
    return float(forward_looking(behavior, curve, 1.0, variance, left, left + 13, np.array(booked)))


def test_a_pay_curve_is_the_scheme() -> None:
    # Nothing up to 6.5; 1.2 x 8 % from there; the bonus of .3 at 13; 3 x 8 % up to the cap at 16.9.
    sold = np.array([0, 6.5, 10, 12.999999, 13, 15, 16.9, 30])
    by_hand = [0, 0, 0.336, 0.624, 0.924, 1.404, 1.86, 1.86]
    assert ALL_AT_ONCE.pay(sold) == pytest.approx(by_hand, abs=1e-6)


def test_the_reference_commission_makes_effort_one_at_any_time_and_pace() -> None:
    for weeks_left in (13, 7, 0.2):
        for booked in (0.0, 6.0, 13.0, 30.0):
            assert effort(LINEAR, weeks_left, booked, Preferences()) == pytest.approx(1.0, abs=1e-12)


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
    assert effort(BONUS, 8, 5, Preferences(weekly_patience=0.9)) < effort(BONUS, 8, 5) - 0.2
    assert effort(LINEAR, 8, 5, Preferences(weekly_patience=0.9)) == pytest.approx(1.0)


def test_a_yearly_bonus_is_an_even_step_a_unit_discounted_to_the_year_end() -> None:
    curve = replace(LINEAR, yearly=0.02)
    # 3 and 16 weeks are left: e = .5 + .5 / .08 x (.08 + .02 x .97^16)
    expected = 0.5 + 0.5 / 0.08 * (0.08 + 0.02 * 0.97**16)
    assert effort(curve, 3, 5, Preferences()) == pytest.approx(expected)


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
    mass = np.exp(mu * curve.pay(mean + spread * z) - z * z / 2)
    slope = (mass * z).sum() / mass.sum() / spread / mu
    assert effort(curve, weeks_left, booked) == pytest.approx(
        np.clip(0.5 + 0.5 / 0.08 * slope, 0.5, 2.5), abs=1e-3
    )


def mean_effort_by_week(behavior: Preferences, curve: Outlook, agents: int) -> tuple[np.ndarray, np.ndarray]:
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
    free = Preferences(weekly_patience=1.0, most=100.0)
    means, errors = mean_effort_by_week(free, BONUS, 4000)
    start = effort(BONUS, WEEKS, 0, free)
    assert (np.abs(means[1:] - start) <= 4 * errors[1:]).all()
    impatient, errors = mean_effort_by_week(Preferences(weekly_patience=0.97, most=100.0), BONUS, 4000)
    assert ((impatient[1:] - start) / errors[1:]).min() < -4


TAKEN = Outlook(np.array([11.0, 13.0, 16.0]), np.array([0.1, 0.02, 0.2, 0.0]), np.array([-0.3, 0.5, -0.2]))


def quadrature(
    curve: Outlook, mean: float, spread: float, points: int = 400_000
) -> tuple[np.ndarray, np.ndarray]:
    """Pay on a fine grid of the normal law, and the law's mass there."""
    z = (np.arange(points) + 0.5) / points * 18 - 9
    mass = np.exp(-z * z / 2)
    return curve.pay(mean + spread * z), mass / mass.sum()


@pytest.mark.parametrize("aversion", [0.0, 1.0, 2.72, 5.0], ids=lambda r: f"r={r}")
@pytest.mark.parametrize(
    "curve", [LINEAR, BONUS, CAPPED, ALL_AT_ONCE, TAKEN], ids=["linear", "bonus", "cap", "all", "taken"]
)
def test_value_and_slope_hold_with_aversion_to_risk_and_for_pay_that_is_taken_back(
    curve: Outlook, aversion: float
) -> None:
    # mu = .34 x .5 / .08 / .8125 - r / 1.04 = 2.6154 - r / 1.04: 0 at r = 2.72, negative at 5.
    wary = Preferences(weekly_patience=1.0, risk_aversion=aversion, least=0.5, most=1e9)
    mu = curvature(wary, 1.0, VARIANCE, INCENTIVE)
    assert mu == pytest.approx(2.6153846 - aversion / 1.04, abs=1e-6)
    for booked, left in ((9.0, 3.0), (2.0, 11.0), (14.0, 1.0)):
        mean, spread = booked + IDLE * left, np.sqrt(VARIANCE * left)
        pay, mass = quadrature(curve, mean, spread)
        by_hand = np.log((mass * np.exp(mu * pay)).sum()) / mu if abs(mu) > 1e-9 else (mass * pay).sum()
        assert float(value(curve, mu, mean, spread)) == pytest.approx(by_hand, abs=1e-5)
        near = [float(value(curve, mu, mean + d, spread)) for d in (-1e-4, 1e-4)]
        week = np.array(left)
        chosen = forward_looking(wary, curve, 1.0, VARIANCE, week, week, np.array(booked), INCENTIVE)
        assert float(chosen) == pytest.approx(
            max(0.5, 0.5 + 0.5 / 0.08 * (near[1] - near[0]) / 2e-4), abs=1e-5
        )


def test_at_mu_zero_value_is_the_expected_pay() -> None:
    for curve in (BONUS, ALL_AT_ONCE, TAKEN):
        pay, mass = quadrature(curve, 12.0, 2.0)
        assert float(expected_pay(curve, np.array(12.0), np.array(2.0))) == pytest.approx(
            (mass * pay).sum(), abs=1e-5
        )
        small = [float(value(curve, mu, np.array(12.0), np.array(2.0))) for mu in (1e-300, 1e-8, -1e-8, 1e-5)]
        assert small == pytest.approx([(mass * pay).sum()] * 4, abs=2e-5)


def test_a_bonus_shifts_the_logit_of_its_chance_by_mu_times_the_bonus() -> None:
    # At the least effort 13 weeks bring 10.79 +- 3.25: P(reach 13) = Phi(-.68) = .24825.
    free = prospects(PATIENT, BONUS, 1.0, VARIANCE, 13.0)
    mu = 0.34 * 0.5 / 0.08 / VARIANCE
    idle = 0.2482522
    logit = np.log(idle / (1 - idle)) + mu * INCENTIVE
    assert free.chances == pytest.approx([1 / (1 + np.exp(-logit))], abs=1e-6)
    assert free.pay == pytest.approx(INCENTIVE * free.chances[0])
    assert free.cost == pytest.approx(INCENTIVE * free.chances[0] - free.value)


def test_reps_bring_what_their_first_effort_promises_and_pay_what_it_costs() -> None:
    # 4,000 agents at 50 decisions a week; e is a martingale, so bookings are 13 (1 + .34 (e(0) - 1)).
    free = Preferences(weekly_patience=1.0, most=1e9)
    promised = prospects(free, CAPPED, 1.0, VARIANCE, 13.0)
    first = effort(CAPPED, 13, 0, free)
    assert promised.bookings == pytest.approx(13 * (1 + 0.34 * (first - 1)))
    steps, rng, agents = 50, np.random.default_rng(4), 4000
    booked, cost = np.zeros(agents), np.zeros(agents)
    for k in range(13 * steps):
        left = np.array(13 - k / steps)
        chosen = forward_looking(free, CAPPED, 1.0, VARIANCE, left, left, booked)
        cost += 0.34 * 0.08 / 0.5 * (chosen - 0.5) ** 2 / 2 / steps
        booked = (
            booked
            + (1 + 0.34 * (chosen - 1)) / steps
            + np.sqrt(VARIANCE / steps) * rng.standard_normal(agents)
        )
    for found, expected in (
        (booked, promised.bookings),
        (cost, promised.cost),
        (CAPPED.pay(booked), promised.pay),
        (booked >= 1.1 * 13, promised.chances[0]),
    ):
        assert abs(found.mean() - expected) < 4 * found.std() / np.sqrt(agents) + 1e-3


def test_the_best_linear_commission_is_holmstrom_and_milgroms() -> None:
    # dx = k e dt + sd dW, cost kappa e^2 / 2, aversion r: the surplus p x - cost - risk is best at
    # beta = k^2 / (k^2 + r kappa sd^2); k = kappa = sd = p = 1 and r = .5 make 2 / 3. Here
    # elasticity 1, least effort 0 and reference commission 1 are k = kappa = 1.
    wary = Preferences(
        elasticity=1.0,
        least=0.0,
        most=9.0,
        reference_commission=1.0,
        weekly_patience=1.0,
        risk_aversion=0.5,
    )
    shares = np.linspace(0, 1, 3001)
    surplus = []
    for beta in shares:
        line = Outlook(np.array([]), np.array([beta]), np.array([]))
        mu = curvature(wary, 1.0, 1.0)
        certain = float(value(line, mu, np.array(0.0), np.array(1.0)))  # beta^2 / 2 - r beta^2 / 2
        assert certain == pytest.approx(beta**2 / 2 - 0.5 * beta**2 / 2)
        chosen = [
            forward_looking(wary, line, 1.0, 1.0, np.array(w), np.array(w), np.array(y))
            for w, y in ((1.0, 0.0), (0.3, 2.0))
        ]
        assert chosen == pytest.approx([beta, beta])
        surplus.append((1 - beta) * chosen[0] + certain)
    assert shares[int(np.argmax(surplus))] == pytest.approx(2 / 3, abs=1e-3)


def test_a_present_bias_weakens_a_bonus_until_the_last_week() -> None:
    biased = Preferences(weekly_patience=1.0, present_bias=0.7)
    assert effort(BONUS, 4, 9, biased) - 0.5 == pytest.approx(0.7 * (effort(BONUS, 4, 9) - 0.5))
    assert effort(BONUS, 1, 11, biased) == effort(BONUS, 1, 11)
    assert effort(LINEAR, 4, 9, biased) == pytest.approx(1.0)
