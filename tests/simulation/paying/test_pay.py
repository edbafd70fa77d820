"""Pay, computed by hand: Ann has 60,000 base and 40,000 incentive on a quota of 4 x 250,000."""

import numpy as np
import pandas as pd
import pytest

from scenarios.scheme import Scheme, Tier
from simulation.paying.pay import Stretch, earnings, pay, stakes, stretches

QUARTERS = ["Q1", "Q2", "Q3", "Q4"]
ANN = pd.DataFrame({"base_pay": [60_000.0], "target_incentive": [40_000.0]}, index=["ann"])
QUOTA = pd.DataFrame([[250_000.0] * 4], index=["ann"], columns=QUARTERS)

COMMISSION = Scheme()
TIERED = Scheme(
    tiers=(
        Tier(from_attainment=0, rate=0.5),
        Tier(from_attainment=0.8, rate=3.0),
        Tier(from_attainment=1.0, rate=2.0),
    )
)
MIXED = Scheme(commission_weight=0.5, quarterly_bonus_weight=0.3, yearly_bonus_weight=0.2)


def sold(*quarters: float) -> np.ndarray:
    return np.array([quarters], dtype="float64")


def test_at_quota_a_rep_earns_base_and_incentive() -> None:
    assert pay(COMMISSION, ANN, QUOTA, sold(250_000, 250_000, 250_000, 250_000)).tolist() == [100_000.0]


def test_without_sales_a_rep_earns_the_base() -> None:
    assert pay(COMMISSION, ANN, QUOTA, sold(0, 0, 0, 0)).tolist() == [60_000.0]


def test_commission_pays_four_cents_a_dollar() -> None:
    # 40,000 / 1,000,000 = 4 %; 250,010.37 x 4 % = 10,000.4148
    parts = earnings(COMMISSION, ANN, QUOTA, sold(250_010.37, 125_000, 0, 0))
    assert parts.commission.tolist() == [[10_000.41, 5_000.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("attainment", "units"),
    [
        (0.4, 0.2),  # .4 x .5
        (0.8, 0.4),
        (0.9, 0.7),  # .4 + .1 x 3
        (1.0, 1.0),  # .4 + .2 x 3
        (1.3, 1.6),  # 1 + .3 x 2
    ],
)
def test_tiers_are_marginal(attainment: float, units: float) -> None:
    # A quarter at quota is worth 10,000.
    parts = earnings(TIERED, ANN, QUOTA, sold(attainment * 250_000, 0, 0, 0))
    assert parts.commission[0, 0] == pytest.approx(units * 10_000, abs=1e-9)


def test_a_cap_stops_commission_and_only_there() -> None:
    capped = TIERED.model_copy(update={"cap": 1.2})
    below, above = sold(300_000, 0, 0, 0), sold(900_000, 0, 0, 0)
    assert earnings(capped, ANN, QUOTA, below).commission[0, 0] == 14_000  # 1 + .2 x 2
    assert earnings(capped, ANN, QUOTA, above).commission[0, 0] == 14_000


def test_a_cap_below_a_tier_makes_it_vanish() -> None:
    assert stretches(TIERED.model_copy(update={"cap": 0.9})) == [Stretch(0, 0.8, 0.5), Stretch(0.8, 0.9, 3.0)]


def test_bonuses_are_paid_in_full_or_not_at_all() -> None:
    # Quarterly bonus 40,000 x .3 / 4 = 3,000; yearly bonus 40,000 x .2 = 8,000.
    parts = earnings(MIXED, ANN, QUOTA, sold(250_000, 249_999.99, 260_000, 240_000.01))
    assert parts.quarterly_bonus.tolist() == [[3_000, 0, 3_000, 0]]
    assert parts.yearly_bonus.tolist() == [8_000]
    assert earnings(MIXED, ANN, QUOTA, sold(250_000, 250_000, 250_000, 249_999.99)).yearly_bonus == [0]


def test_a_bonus_may_begin_elsewhere_than_at_quota() -> None:
    early = MIXED.model_copy(update={"bonus_at": 0.9})
    assert earnings(early, ANN, QUOTA, sold(225_000, 224_999, 0, 0)).quarterly_bonus.tolist() == [
        [3_000, 0, 0, 0]
    ]


def test_the_sum_of_amounts_that_binary_numbers_miss_still_reaches_the_quota() -> None:
    tenths = np.add.accumulate([0.1] * 10)[-1]
    assert tenths < 1.0
    quota = pd.DataFrame([[1.0, 0, 0, 0]], index=["ann"], columns=QUARTERS)
    assert earnings(MIXED, ANN, quota, sold(tenths, 0, 0, 0)).quarterly_bonus[0, 0] == 3_000


def test_half_a_cent_is_rounded_up() -> None:
    # 4 % of 25.125 is 1.005, which a binary number misses.
    assert earnings(COMMISSION, ANN, QUOTA, sold(25.125, 0, 0, 0)).commission[0, 0] == 1.01


def test_money_earns_the_same_in_every_quarter() -> None:
    uneven = pd.DataFrame([[100_000.0, 200_000, 300_000, 400_000]], index=["ann"], columns=QUARTERS)
    parts = earnings(COMMISSION, ANN, uneven, sold(10_000, 10_000, 10_000, 10_000))
    assert parts.commission.tolist() == [[400, 400, 400, 400]]


def test_who_starts_in_mid_year_has_half_at_stake() -> None:
    half = pd.DataFrame([[0.0, 0, 250_000, 250_000]], index=["ann"], columns=QUARTERS)
    presence = np.array([[0.0, 0, 1, 1]])
    parts = earnings(MIXED, ANN, half, sold(0, 50_000, 250_000, 250_000), presence)
    assert parts.base.tolist() == [30_000]
    assert parts.commission.tolist() == [[0, 0, 5_000, 5_000]]
    assert parts.quarterly_bonus.tolist() == [[0, 0, 3_000, 3_000]]
    assert parts.yearly_bonus.tolist() == [4_000]


def test_base_and_stake_go_by_days_and_not_by_quarters() -> None:
    # From 1 April there are 275 of 365 days left: 91 + 92 + 92.
    rep = pd.DataFrame({"base_pay": [365_000.0], "target_incentive": [36_500.0]}, index=["ann"])
    presence, days = np.array([[0.0, 1, 1, 1]]), np.array([90.0, 91, 92, 92])
    quota = pd.DataFrame([[0.0, 100, 100, 100]], index=["ann"], columns=QUARTERS)
    parts = earnings(COMMISSION, rep, quota, sold(0, 100, 100, 100), presence, days=days)
    assert parts.base.tolist() == [275_000]
    assert parts.commission.sum() == pytest.approx(27_500, abs=0.02)
    left_on_the_first_of_april = np.array([[[1.0, 0, 0, 0]]])
    gone = pay(COMMISSION, rep, quota, np.zeros((1, 1, 4)), filled=left_on_the_first_of_april, days=days)
    assert gone.tolist() == [[90_000]]


def test_an_empty_seat_draws_no_base_pay() -> None:
    filled = np.array([[[1.0, 1, 1, 1]], [[1, 0.2, 1, 1]]])
    total = pay(COMMISSION, ANN, QUOTA, np.zeros((2, 1, 4)), filled=filled)
    assert total.tolist() == [[60_000], [48_000]]


def test_many_years_at_once_are_the_years_one_by_one() -> None:
    years = np.abs(np.random.default_rng(5).normal(250_000, 80_000, (50, 1, 4)))
    together = pay(MIXED, ANN, QUOTA, years)
    assert together.shape == (50, 1)
    assert together[:, 0].tolist() == [float(pay(MIXED, ANN, QUOTA, year)[0]) for year in years]


def test_the_parts_add_up_to_the_cent() -> None:
    years = np.abs(np.random.default_rng(6).normal(250_000, 80_000, (200, 1, 4)))
    parts = earnings(MIXED.model_copy(update={"cap": 1.5}), ANN, QUOTA, years)
    sums = parts.base + parts.commission.sum(-1) + parts.quarterly_bonus.sum(-1) + parts.yearly_bonus
    assert np.round(sums * 100).astype(int).tolist() == np.round(parts.total * 100).astype(int).tolist()


def test_more_sales_never_earn_less() -> None:
    rising = np.linspace(0, 600_000, 3001)
    years = np.zeros((3001, 1, 4))
    years[:, 0, 0] = rising
    for scheme in (COMMISSION, TIERED, MIXED, TIERED.model_copy(update={"cap": 1.1})):
        assert (np.diff(pay(scheme, ANN, QUOTA, years)[:, 0]) >= 0).all()


def test_stakes_add_up_to_the_target_incentive() -> None:
    at_stake = stakes(MIXED, ANN, QUOTA)
    assert at_stake.commission.sum() + at_stake.quarterly_bonus.sum() + at_stake.yearly_bonus.sum() == 40_000
