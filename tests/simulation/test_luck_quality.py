"""Luck by name stands a battery of tests in the orders most dangerous for it, and faults do not."""

import numpy as np
import pytest
from scipy import stats

from benchmarks import luck as keyed
from benchmarks.randomness import BATTERY, BLOCK, chi_square, judged, poisson, signs, surprise
from simulation.luck import keyed as luck
from simulation.luck.keyed import Purpose, offspring, stable_ids, uniforms

U = np.uint64
LEAST = 1e-4
"""Chance below which the least p-value of an order is no accident."""


@pytest.fixture(scope="module")
def word():
    return keyed.generator()


@pytest.mark.parametrize("order", keyed.ORDERS)
def test_every_order_of_keys_looks_random(order, word) -> None:
    assert surprise(judged(keyed.blocks(order, BLOCK, word), BATTERY).values()) > LEAST


def test_half_the_bits_change_whichever_bit_of_the_key_does(word) -> None:
    assert surprise(keyed.avalanche(1 << 12, word).values()) > LEAST


def test_what_is_tested_is_what_the_year_takes(word) -> None:
    names, ids = keyed.names_hashed(), np.arange(100, dtype=U)
    value = next(iter(Purpose))
    taken = {
        "k": uniforms(1, 0, value, names[:1], 50)[0],
        "ids": uniforms(1, 0, value, ids, 1)[:, 0],
        "names": uniforms(1, 0, value, names[:90], 1)[:, 0],
        "children": uniforms(1, 0, value, offspring(names[:1], ids), 1)[:, 0],
        "children of children": uniforms(1, 0, value, offspring(ids[:, None], ids[:4]), 4).ravel(),
        "replication": [uniforms(1, r, value, names[:1], 1)[0, 0] for r in range(9)],
        "seed": [uniforms(s, 0, value, names[:1], 1)[0, 0] for s in range(9)],
        "purpose": [uniforms(1, 0, p, ids[:1], 1)[0, 0] for p in Purpose],
        "replications by turns": [uniforms(1, r, value, ids[:1], 1)[0, 0] for r in (0, 1)],
        "seeds and replications": [uniforms(0, r, value, names[:1], 1)[0, 0] for r in range(16)],
    }  # fmt: skip
    for order, numbers in taken.items():
        words = next(keyed.blocks(order, BLOCK, word))[: len(numbers)]
        assert (((words >> U(12)).astype(float) + 0.5) * 2.0**-52 == numbers).all(), order


def _congruential(state, k):
    return (state + k) * U(6364136223846793005) + U(1442695040888963407)


def _not_mixed(state, k):
    return state + k * U(0x9E3779B97F4A7C15)


def _mixed_but_one_bit_in_128(state, k):
    words = state + k * U(0x9E3779B97F4A7C15)
    words = (words ^ (words >> U(30))) * U(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> U(27))) * U(0x94D049BB133111EB)
    words = words ^ (words >> U(31))
    return words | ((words >> U(58)) == U(0))


def _multiplied(words):
    return words * U(6364136223846793005) + U(1442695040888963407)


@pytest.mark.parametrize(
    ("fault", "order"),
    [
        ({"finish": _congruential}, "k"),
        ({"finish": _congruential}, "children of children"),
        ({"finish": _not_mixed}, "k"),
        ({"finish": _mixed_but_one_bit_in_128}, "ids"),
        ({"mix": _multiplied}, "ids"),
        ({"mix": _multiplied}, "replication"),
        ({"mixes_id": False}, "replications by turns"),
        ({"mixes_id": False}, "ids from the high end"),
    ],
)
def test_a_weak_generator_is_found_out(fault, order) -> None:
    found = judged(keyed.blocks(order, BLOCK, keyed.generator(**fault)), BATTERY)
    assert surprise(found.values()) < 1e-9


def test_a_generator_that_only_multiplies_has_no_avalanche() -> None:
    assert surprise(keyed.avalanche(1 << 10, keyed.generator(mix=_multiplied)).values()) < 1e-9


@pytest.mark.parametrize("name", [test.name for test in BATTERY])
def test_every_test_accepts_numbers_of_another_generator(name) -> None:
    generator = np.random.Generator(np.random.PCG64DXSM(20261122))
    blocks = (generator.integers(0, 1 << 64, BLOCK, dtype=U) for _ in range(2))
    assert surprise(judged(blocks, [test for test in BATTERY if test.name == name]).values()) > LEAST


def test_p_values_are_those_of_the_textbook() -> None:
    # 10 and 30 where 20 and 20 are expected: 5 + 5 = 10 with one degree of freedom.
    assert chi_square(np.array([10, 30])) == pytest.approx(2 * stats.chi2.sf(10, 1))
    # Nothing where 7 are expected: exp(-7), on both sides.
    assert poisson(0, 7.0) == pytest.approx(2 * np.exp(-7))
    # 100 signs that sum to 20 are two standard deviations off.
    assert signs(np.array([20]), 100) == pytest.approx(2 * stats.chi2.sf(4, 1))
    assert surprise([0.5, 0.01]) == pytest.approx(1 - 0.99**2)


def test_the_order_of_names_is_that_of_hashed_customers() -> None:
    assert (keyed.names_hashed()[:2] == stable_ids(["customer 0", "customer 1"])).all()
    assert keyed.purposes_hashed().size == len(luck.Purpose)


def test_the_table_has_a_row_an_order(capsys) -> None:
    assert keyed.main(["--words", str(BLOCK), "--order", "seed"]) == 0
    said = capsys.readouterr().out
    assert "1,048,576 words" in said
    assert f"| {keyed.ORDERS['seed']} | 41 |" in said
