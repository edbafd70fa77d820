"""Luck is fair, independent across keys, and nobody's business but its owner's."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from simulation.luck.demand_kernels import count_up
from simulation.luck.keyed import (
    Purpose,
    _mixed_word,
    child,
    exponential,
    key_of,
    lognormal,
    offspring,
    stable_id,
    stable_ids,
    uniforms,
)

IDS = stable_ids(f"customer {i}" for i in range(4000))


def test_numbers_are_uniform() -> None:
    numbers = uniforms(1, 0, Purpose.VALUE, IDS, 16).ravel()
    assert stats.kstest(numbers, "uniform").pvalue > 1e-4
    counts = np.bincount((numbers * 256).astype(int), minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-4


def test_a_skewed_generator_would_be_noticed() -> None:
    numbers = uniforms(1, 0, Purpose.VALUE, IDS, 16).ravel() ** 1.05
    assert stats.kstest(numbers, "uniform").pvalue < 1e-4


def test_numbers_stay_strictly_inside_the_interval() -> None:
    numbers = uniforms(3, 5, Purpose.VALUE, np.arange(200_000, dtype=np.uint64), 5)
    assert numbers.min() > 0
    assert numbers.max() < 1


@pytest.mark.parametrize(
    "other",
    [
        uniforms(2, 0, Purpose.VALUE, IDS, 8),
        uniforms(1, 1, Purpose.VALUE, IDS, 8),
        uniforms(1, 0, Purpose.PATIENCE, IDS, 8),
        uniforms(1, 0, Purpose.VALUE, IDS + np.uint64(1), 8),
        uniforms(1, 0, Purpose.VALUE, offspring(IDS, np.uint64(0)), 8),
        np.roll(uniforms(1, 0, Purpose.VALUE, IDS, 8), 1, axis=0),
        np.roll(uniforms(1, 0, Purpose.VALUE, IDS, 8), 1, axis=1),
    ],
    ids=[
        "seed",
        "replication",
        "purpose",
        "neighbor id",
        "child",
        "next customer",
        "next number",
    ],
)
def test_keys_that_differ_in_one_place_share_nothing(other: np.ndarray) -> None:
    one = uniforms(1, 0, Purpose.VALUE, IDS, 8)
    correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
    assert abs(correlation) < 4 / np.sqrt(one.size)
    high = np.corrcoef(one.ravel() > 0.9, other.ravel() > 0.9)[0, 1]
    assert abs(high) < 4 / np.sqrt(one.size)


def test_seed_and_replication_do_not_add_up() -> None:
    one = uniforms(1, 2, Purpose.VALUE, IDS[:3], 2)
    other = uniforms(2, 1, Purpose.VALUE, IDS[:3], 2)
    assert (one != other).all()


def test_a_new_customer_changes_nobody_elses_luck() -> None:
    before = uniforms(7, 3, Purpose.VALUE, stable_ids(["Ames", "Boone"]), 4)
    after = uniforms(7, 3, Purpose.VALUE, stable_ids(["Boone", "Clive", "Ames"]), 4)
    assert (before[0] == after[2]).all()
    assert (before[1] == after[0]).all()


def test_asking_for_more_numbers_keeps_the_first() -> None:
    few = uniforms(7, 3, Purpose.VALUE, IDS, 2)
    assert (uniforms(7, 3, Purpose.VALUE, IDS, 9)[:, :2] == few).all()


def test_ids_and_numbers_are_the_same_on_every_machine() -> None:
    assert stable_id("Ames") == 0x64158C95D75F3304
    assert uniforms(1, 0, Purpose.VALUE, stable_ids(["Ames"]), 1)[0, 0] == 0.7997613485102405


def test_the_generator_is_splitmix64() -> None:
    # The first outputs of the published generator from state 1234567.
    state, golden = 1234567, 0x9E3779B97F4A7C15
    outputs = [_mixed_word(state + k * golden) for k in range(3)]
    assert outputs == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_children_have_ids_of_their_own() -> None:
    children = offspring(IDS[:, None], np.arange(50, dtype=np.uint64))
    assert np.unique(children).size == children.size


def test_exponential_and_lognormal_have_the_mean_asked_for() -> None:
    u = uniforms(5, 0, Purpose.CUSTOMER_TIME, IDS, 50).ravel()
    waits = exponential(u, 30.0)
    assert abs(waits.mean() - 30) < 4 * 30 / np.sqrt(u.size)
    amounts = lognormal(u, 200.0, 1.5)
    assert abs(amounts.mean() - 200) < 4 * 300 / np.sqrt(u.size)
    assert stats.kstest(waits, stats.expon(scale=30).cdf).pvalue > 1e-4


def test_amounts_without_variation_are_the_mean() -> None:
    assert lognormal(np.array([0.1, 0.9]), 200.0, 0.0) == pytest.approx([200, 200])


def counted(ids: np.ndarray, mean: float) -> np.ndarray:
    key = key_of(5, 0, Purpose.COUNT)
    return np.array([count_up(key, name, mean) for name in ids])


def test_counts_invert_the_poisson_law() -> None:
    u = uniforms(5, 0, Purpose.COUNT, IDS[:500], 1)[:, 0]
    for mean in (0.0, 0.3, 4.0, 49.0, 51.0, 499.0):
        assert (counted(IDS[:500], mean) == stats.poisson.ppf(u, mean)).all()


def test_large_counts_are_the_sum_of_two_halves() -> None:
    u = uniforms(5, 0, Purpose.COUNT, IDS[:500], 2)
    assert (counted(IDS[:500], 700.0) == stats.poisson.ppf(u, 350.0).sum(axis=1)).all()


def test_a_slightly_larger_mean_only_adds() -> None:
    fewer, more = counted(IDS, 4.0), counted(IDS, 4.2)
    assert (more >= fewer).all()
    assert (more - fewer).max() == 1


def test_arrays_single_words_and_compiled_loops_mix_bits_alike():
    @njit
    def compiled(name, number):
        return child(name, number)

    names = stable_ids(["ann", "bob", "eve"])
    numbers = np.array([0, 1, 41], dtype=np.uint64)
    children = offspring(names, numbers).tolist()
    assert [int(compiled(name, number)) for name, number in zip(names, numbers, strict=True)] == children
    # SplitMix64 written out with Python's whole numbers, which never overflow.
    word = (1 << 64) - 1

    def by_hand(bits):
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & word
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & word
        return bits ^ (bits >> 31)

    golden = 0x9E3779B97F4A7C15
    pairs = zip(names.tolist(), numbers.tolist(), strict=True)
    assert children == [by_hand(name ^ by_hand((n + 1) * golden & word)) for name, n in pairs]
