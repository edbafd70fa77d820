"""What reps may sell: chances against closed forms, sums, units of money, the past they are fitted to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from optimizer.quotas.laws import Lognormal, Sample, fitted, money_per_order, own_noise
from scenarios.building import build

HOME = ["West", "West", "West", "East", "East", "East"]
AB = ("A", "B")
SIZES = st.floats(1.0, 1e6)
NOISE = st.floats(0.0, 0.5)


def lognormal(means, cvs, noise=0.0, names=AB):
    means = np.array(means, dtype="float64")
    return Lognormal(names, means, (means * np.array(cvs)) ** 2, noise)


@st.composite
def laws(draw):
    if draw(st.booleans()):
        return lognormal(draw(st.tuples(SIZES, SIZES)), draw(st.tuples(NOISE, NOISE)), draw(NOISE) + 0.01)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return Sample(AB, rng.lognormal(3.0, 0.4, (50, 2)))


def test_the_chance_is_that_of_the_lognormal_law():
    # ln S is normal with variance ln(1 + .25^2) and a mean such that E[S] = 100
    sigma2 = np.log(1 + 0.25**2)
    normal = stats.norm(np.log(100) - sigma2 / 2, np.sqrt(sigma2))
    law = lognormal([100, 100], [0.25, 0.25])
    assert law.chance(np.array([100.0, 80.0])) == pytest.approx(normal.sf(np.log([100, 80])))
    assert law.deviation == pytest.approx([25, 25])


def test_noise_common_to_all_does_not_even_out_and_own_noise_does():
    # a hundred reps of 1 each with cv 1: together cv .1; a market level of cv .3 stays .3
    names = tuple(map(str, range(100)))
    own = lognormal([1.0] * 100, [1.0] * 100, 0.0, names)
    assert own.company.deviation / own.company.mean == pytest.approx([0.1])
    common = lognormal([1.0] * 100, [0.0] * 100, np.sqrt(np.log(1.09)), names)
    assert common.company.deviation / common.company.mean == pytest.approx([0.3])


def test_sums_in_steps_are_sums_at_once():
    law = lognormal([10, 20, 30], [0.5, 0.2, 0.1], 0.1, ("A", "B", "C"))
    pairs = law.sums(np.array([[1, 1, 0], [0, 0, 1]], dtype=bool), ["A and B", "C"])
    assert pairs.names == ("A and B", "C")
    assert pairs.company.deviation == pytest.approx(law.company.deviation)
    assert pairs.mean.tolist() == [30, 30]


def test_the_sum_is_near_what_drawing_says():
    law = lognormal([100, 50, 20], [0.3, 0.6, 1.0], 0.1, ("A", "B", "C"))
    rng = np.random.default_rng(1)
    sigma = np.sqrt(np.log1p(law.variance / law.expected**2))
    own = law.expected * np.exp(rng.normal(size=(200_000, 3)) * sigma - sigma**2 / 2)
    market = np.exp(rng.normal(size=(200_000, 1)) * 0.1 - 0.005)
    drawn = Sample(law.names, own * market)
    for amount in (120.0, 170.0, 220.0):
        assert law.chance_of_total(amount) == pytest.approx(drawn.chance_of_total(amount), abs=0.015)


@given(laws(), st.floats(0.02, 0.98))
def test_reached_is_the_inverse_of_chance(law, chance):
    assert law.chance(law.reached(chance)) == pytest.approx([chance] * 2, abs=1e-6)
    assert law.quantile(1 - chance) == pytest.approx(law.reached(chance))


@given(laws(), st.floats(0.1, 3.0), st.floats(0.1, 3.0))
def test_who_is_asked_for_more_reaches_it_less_often(law, one, other):
    less, more = sorted((one, other))
    assert (law.chance(law.mean * less) >= law.chance(law.mean * more)).all()


@given(laws(), st.floats(0.05, 0.95), st.floats(0.01, 1000.0))
def test_money_may_be_counted_in_any_unit(law, chance, unit):
    if isinstance(law, Lognormal):
        other = Lognormal(law.names, law.expected * unit, law.variance * unit**2, law.noise)
    else:
        other = Sample(law.names, law.sales * unit)
    assert other.reached(chance) == pytest.approx(law.reached(chance) * unit)


def test_a_sample_says_what_its_years_say():
    law = Sample(AB, np.array([[10.0, 1], [20, 1], [30, 1], [40, 2]]))
    # four years stand for 1/8, 3/8, 5/8, 7/8; halfway between 20 and 30 is 1/2
    assert law.chance(np.array([25.0, 0.0])).tolist() == [0.5, 1.0]
    assert law.chance(np.array([10.0, 3.0])).tolist() == [1.0, 0.0]
    assert law.reached(0.5)[0] == 25
    assert law.company.mean.tolist() == [26.25]
    assert law.chance_of_total(11.0) == 1.0


def test_who_sells_nothing_reaches_only_nothing():
    law = lognormal([0, 10], [0, 0], 0.0)
    assert law.chance(np.array([0.0, 10.0])).tolist() == [1.0, 1.0]
    assert law.chance(np.array([1.0, 10.5])).tolist() == [0.0, 0.0]
    assert law.reached(0.3).tolist() == [0.0, 10.0]


def test_orders_give_the_variance_of_a_compound_poisson_sum(towns):
    # West expects 600 in orders of 50 with cv 1: variance 600 x 50 x 2 = 60,000
    towns.settings["market"] |= {"demand_noise": 0.0, "order_value_cv": 1.0}
    towns.tables["history"] = towns.tables["history"].iloc[:2]
    scenario = build(towns)
    law = fitted(scenario, pd.Series(HOME, index=scenario.customers.index))
    assert own_noise(scenario, scenario.customers["owner"]) == 0.0
    assert money_per_order(scenario).tolist() == [100.0] * 6
    assert law.mean.tolist() == [600.0, 600.0]
    assert law.deviation**2 == pytest.approx([60_000, 60_000])


def test_a_late_start_scales_mean_and_variance_alike(towns):
    towns.settings["market"] |= {"demand_noise": 0.0, "turnover": {"ramp_months": 0}}
    towns.tables["reps"]["start"] = ["", "2026-07-01"]
    towns.tables["history"] = towns.tables["history"].iloc[:2]
    scenario = build(towns)
    law = fitted(scenario, pd.Series(HOME, index=scenario.customers.index))
    share = 184 / 365  # until July, West serves what will be East's
    assert law.mean == pytest.approx([600 + 600 * (1 - share), 600 * share])
    assert law.deviation**2 == pytest.approx(law.mean * 100)


def test_books_that_swing_beyond_their_orders_have_noise_of_their_own(towns):
    def noise(first, second, amount=1000):
        rows = [
            (f"{customer}{year}{k}", f"{year}-0{k % 9 + 1}-15", customer, str(amount))
            for year, counts in ((2024, first), (2025, second))
            for customer, count in zip(("W1", "E1"), counts, strict=True)
            for k in range(count)
        ]
        rows.append(("first", "2024-01-01", "W1", "1"))
        towns.tables["history"] = pd.DataFrame(
            rows, columns=["order", "date", "customer", "amount"], dtype="str"
        )
        towns.settings["market"] |= {"order_values": {"": float(amount)}, "order_value_cv": 0.0}
        scenario = build(towns)
        return own_noise(scenario, pd.Series(HOME, index=scenario.customers.index))

    assert noise((40, 40), (42, 38)) == 0.0
    # West 60 then 20 orders, East 20 then 60. Expected 40 each; (20^2 - 40 x .25) / (40^2 x .25) = .975
    assert noise((60, 20), (20, 60)) == pytest.approx(np.sqrt(0.975), rel=0.001)
