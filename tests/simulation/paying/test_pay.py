"""Pay, computed by hand: Ann has 60,000 base and 40,000 incentive on a quota of 4 x 250,000."""

import numpy as np
import pytest
from payroll import DAYS, paid, people

from scenarios.scheme import Bonus, Commission, Scheme, Tier

COMMISSION = Scheme()
TIERS = (Tier(at=0, rate=0.5), Tier(at=0.8, rate=3.0), Tier(at=1.0, rate=2.0))
TIERED = Scheme(elements={"commission": Commission(weight=1, tiers=TIERS)})
MIXED = Scheme(
    elements={
        "commission": Commission(weight=0.5),
        "quarterly": Bonus(weight=0.3),
        "yearly": Bonus(weight=0.2, period="year"),
    }
)


def of(scheme: Scheme, name: str, *quarters: float) -> list[float]:
    """What an element pays Ann, money by period."""
    return (paid(scheme, quarters).elements[name][0] / 100).tolist()


def capped(at: float) -> Scheme:
    return Scheme(elements={"commission": Commission(weight=1, tiers=TIERS, cap=at)})


def test_at_quota_a_rep_earns_base_and_incentive() -> None:
    assert paid(COMMISSION, [250_000] * 4).total.tolist() == [100_000_00]


def test_without_sales_a_rep_earns_the_base() -> None:
    assert paid(COMMISSION, [0] * 4).total.tolist() == [60_000_00]


def test_commission_pays_four_cents_a_dollar() -> None:
    # 40,000 / 1,000,000 = 4 %; 250,010.37 x 4 % = 10,000.4148
    assert of(COMMISSION, "commission", 250_010.37, 125_000, 0, 0) == [10_000.41, 5_000.0, 0.0, 0.0]


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
    assert of(TIERED, "commission", attainment * 250_000, 0, 0, 0)[0] == units * 10_000


@pytest.mark.parametrize(
    ("attainment", "units"), [(0.4, 0.2), (0.8, 2.4), (0.9, 2.7), (1.0, 2.0), (1.3, 2.6)]
)
def test_retroactive_tiers_pay_the_rate_reached_for_everything(attainment: float, units: float) -> None:
    scheme = Scheme(elements={"commission": Commission(weight=1, tiers=TIERS, retroactive=True)})
    assert of(scheme, "commission", attainment * 250_000, 0, 0, 0)[0] == pytest.approx(
        units * 10_000, abs=0.005
    )


def test_a_cap_stops_commission_and_only_there() -> None:
    assert of(capped(1.2), "commission", 300_000, 900_000, 299_999.99, 0) == [14_000, 14_000, 14_000, 0]
    assert of(capped(1.2), "commission", 299_990, 0, 0, 0) == [13_999.2, 0, 0, 0]  # 10 short at 8 %


def test_a_cap_below_a_tier_makes_it_vanish() -> None:
    # .4 + .1 x 3
    assert of(capped(0.9), "commission", 225_000, 500_000, 0, 0) == [7_000, 7_000, 0, 0]


def test_bonuses_are_paid_in_full_or_not_at_all() -> None:
    # Quarterly bonus 40,000 x .3 / 4 = 3,000; yearly bonus 40,000 x .2 = 8,000.
    quarters = (250_000, 249_999.99, 260_000, 240_000.01)
    assert of(MIXED, "quarterly", *quarters) == [3_000, 0, 3_000, 0]
    assert of(MIXED, "yearly", *quarters) == [8_000]
    assert of(MIXED, "yearly", 250_000, 250_000, 250_000, 249_999.99) == [0]


def test_half_a_cent_is_rounded_up() -> None:
    # 4 % of 25.13 is 1.0052 and of .125 no amount; 4 % of 37.50 is 1.50; at 5 % of .10 half a cent is due.
    five = Scheme(elements={"commission": Commission(tiers=(Tier(at=0, rate=0.05),))})
    assert of(five, "commission", 0.10, 0.09, 0.30, 2.10) == [0.01, 0, 0.02, 0.11]


def test_money_earns_the_same_in_every_quarter() -> None:
    uneven = people(COMMISSION, {"ann": {"quota": [100_000.0, 200_000, 300_000, 400_000]}})
    parts = paid(COMMISSION, [[10_000] * 4], uneven)
    assert parts.elements["commission"].tolist() == [[400_00] * 4]


def test_who_starts_in_mid_year_has_that_part_at_stake() -> None:
    # From the first of July there are 184 of 365 days left: 40,000 x 184 / 365 = 20,164.38.
    present = np.where(np.arange(12) >= 6, DAYS, 0)[None]
    half = people(MIXED, {"ann": {"quota": [0.0, 0, 250_000, 250_000]}}, present)
    parts = paid(MIXED, [[0, 50_000, 250_000, 250_000]], half)
    assert parts.base.tolist() == [30_246_58]  # 60,000 x 184 / 365
    assert parts.elements["commission"].tolist() == [[0, 0, 5_041_10, 5_041_10]]
    assert parts.elements["quarterly"].tolist() == [[0, 0, 3_000_00, 3_000_00]]
    assert parts.elements["yearly"].tolist() == [[4_032_88]]


def test_an_empty_seat_draws_no_base_pay() -> None:
    filled = np.array([[[1.0, 1, 1, 1]], [[1, 0, 1, 1]]])
    parts = paid(COMMISSION, np.zeros((2, 1, 4)), people(COMMISSION), filled=filled)
    assert parts.total.tolist() == [[60_000_00], [45_041_10]]  # 274 of 365 days


def test_many_years_at_once_are_the_years_one_by_one() -> None:
    years = np.abs(np.random.default_rng(5).normal(250_000, 80_000, (50, 1, 4)))
    together = paid(MIXED, years).total
    assert together.shape == (50, 1)
    assert together[:, 0].tolist() == [int(paid(MIXED, year).total[0]) for year in years]


def test_the_parts_add_up_to_the_cent() -> None:
    years = np.abs(np.random.default_rng(6).normal(250_000, 80_000, (200, 1, 4)))
    parts = paid(MIXED, years)
    sums = parts.base + sum(element.sum(axis=-1) for element in parts.elements.values())
    assert (sums == parts.total).all()


def test_more_sales_never_earn_less() -> None:
    years = np.zeros((3001, 1, 4))
    years[:, 0, 0] = np.linspace(0, 600_000, 3001)
    for scheme in (COMMISSION, TIERED, MIXED, capped(1.1)):
        assert (np.diff(paid(scheme, years).total[:, 0]) >= 0).all()
