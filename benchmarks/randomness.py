"""Is a stream of 64-bit words random? Tests that count, and what the counts say.

Each test counts something in blocks of words; counts of blocks add up, so streams may be of any length. The
judge turns them into p-values, two-sided: fits that are too good are as suspicious as bad ones. Sources:
Knuth, The Art of Computer Programming 2 (1997), 3.3.2: equidistribution, serial, gap, permutation, collision
and maximum-of-t tests; Marsaglia's birthday spacings and binary ranks with the parameters of L'Ecuyer and
Simard, "TestU01", ACM TOMS 33 (2007); dependent Hamming weights after Blackman and Vigna, "Scrambled linear
pseudorandom number generators", ACM TOMS 47 (2021).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import stats
from threadpoolctl import threadpool_limits

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]

BLOCK = 1 << 20
"""Words counted at once; what spans two blocks is not looked at."""

SMALL, MIDDLE, LARGE = 1 << 22, 1 << 25, 1 << 62
"""Words a test looks at, at most: all where it only counts, fewer where it sorts or multiplies."""

U = np.uint64


@dataclass(frozen=True)
class Test:
    """A test of randomness.

    Parameters
    ----------
    name
        What it looks at.
    count
        Counts of a block of words; counts of blocks add up.
    judge
        P-values of such counts and of the number of blocks, by what was looked at.
    most
        Words it looks at, at most.
    """

    __test__ = False  # to pytest

    name: str
    count: Callable[[Words], Counts]
    judge: Callable[[Counts, int], dict[str, float]]
    most: int


def judged(blocks: Iterable[Words], tests: Iterable[Test]) -> dict[str, float]:
    """Give the p-values of all tests by name, having read the blocks (of `BLOCK` words) once."""
    asked = list(tests)
    counts: dict[str, Counts] = {}
    seen = dict.fromkeys((test.name for test in asked), 0)
    for block in blocks:
        for test in asked:
            if (seen[test.name] + 1) * BLOCK <= max(test.most, BLOCK):
                found = test.count(block)
                counts[test.name] = counts.get(test.name, 0) + found
                seen[test.name] += 1
    return {
        f"{test.name}: {what}": p
        for test in asked
        for what, p in test.judge(counts[test.name], seen[test.name]).items()
    }


def two_sided(above: float, below: float) -> float:
    """Make one p-value of the chances to be at least as large and at most as large."""
    return float(min(1.0, 2 * min(above, below)))


def chi_square(counts: Counts, shares: NDArray[np.float64] | None = None) -> float:
    """Give the p-value of counts in cells of known shares (equal, if not given); 0 if there are none."""
    total = counts.sum()
    if total == 0:
        return 0.0
    expected = total * (np.full(counts.size, 1 / counts.size) if shares is None else shares / shares.sum())
    value = float((((counts.ravel() - expected) ** 2) / expected).sum())
    freedom = counts.size - 1
    return two_sided(stats.chi2.sf(value, freedom), stats.chi2.cdf(value, freedom))


def poisson(count: int, mean: float) -> float:
    """Give the p-value of a count of rare things."""
    return two_sided(stats.poisson.sf(count - 1, mean), stats.poisson.cdf(count, mean))


def signs(sums: NDArray[np.int64], steps: int) -> float:
    """Give the p-value of many sums of `steps` fair signs each: their squares add up to a chi-square."""
    value = float((sums.astype(np.float64) ** 2).sum() / steps)
    return two_sided(stats.chi2.sf(value, sums.size), stats.chi2.cdf(value, sums.size))


@njit(cache=True, nogil=True)
def _bytes(words):
    counts = np.zeros((8, 256), dtype=np.int64)
    for word in words:
        for lane in range(8):
            counts[lane, (word >> U(8 * lane)) & U(255)] += 1
    return counts


def _judge_bytes(counts: Counts, _: int) -> dict[str, float]:
    return {"all": chi_square(counts.sum(axis=0))} | {f"byte {n}": chi_square(counts[n]) for n in range(8)}


@njit(cache=True, nogil=True)
def _pairs(words):
    counts = np.zeros((12, 65536), dtype=np.int32)
    for lane in range(4):
        for word in words:
            counts[lane, (word >> U(16 * lane)) & U(65535)] += 1
    for lane in range(8):
        for n in range(0, len(words) - 1, 2):
            one, next_ = (words[n] >> U(8 * lane)) & U(255), (words[n + 1] >> U(8 * lane)) & U(255)
            counts[4 + lane, (one << U(8)) | next_] += 1
    return counts


def _judge_pairs(counts: Counts, _: int) -> dict[str, float]:
    inside = {f"16 bits from {16 * n}": chi_square(counts[n]) for n in range(4)}
    return inside | {f"byte {n} of two words": chi_square(counts[4 + n]) for n in range(8)}


@njit(cache=True, nogil=True)
def _triples(words):
    counts = np.zeros((3, 1 << 18), dtype=np.int32)
    for n in range(0, len(words) - 2, 3):
        for lane, shift in enumerate((0, 29, 58)):
            cell = U(0)
            for k in range(3):
                cell = (cell << U(6)) | ((words[n + k] >> U(shift)) & U(63))
            counts[lane, cell] += 1
    return counts


def _judge_triples(counts: Counts, _: int) -> dict[str, float]:
    return {f"6 bits from {bit} of three words": chi_square(counts[n]) for n, bit in enumerate((0, 29, 58))}


STRETCH = 1 << 12
"""Words whose signs fit into the cache together."""


def _bit_by_bit(words: Words) -> Counts:
    """Sum products of signs: bit i of a word with bit j of the same, the next and the second next."""
    sums = np.zeros((3, 64, 64), dtype=np.int64)
    with threadpool_limits(1):
        for some in words.reshape(-1, STRETCH):
            bits = np.unpackbits(some.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
            sign = bits.astype(np.float32) * 2 - 1
            for k in range(3):
                sums[k] += np.rint(sign[: STRETCH - 2].T @ sign[k : k + STRETCH - 2]).astype(np.int64)
    return sums


def _judge_bit_by_bit(counts: Counts, blocks: int) -> dict[str, float]:
    steps = blocks * (BLOCK // STRETCH) * (STRETCH - 2)
    within = signs(counts[0][np.triu_indices(64, 1)], steps)
    return {
        "in one word": within,
        "with the next word": signs(counts[1].ravel(), steps),
        "with the one after": signs(counts[2].ravel(), steps),
    }


@njit(cache=True, nogil=True)
def _ones(word):
    word = word - ((word >> U(1)) & U(0x5555555555555555))
    word = (word & U(0x3333333333333333)) + ((word >> U(2)) & U(0x3333333333333333))
    word = (word + (word >> U(4))) & U(0x0F0F0F0F0F0F0F0F)
    return (word * U(0x0101010101010101)) >> U(56)


FEW, MANY = 30, 34
"""Words have few ones (fewer than the first), many (the second or more) or a middling number."""


@njit(cache=True, nogil=True)
def _weights(words):
    counts = np.zeros(3**6, dtype=np.int64)
    cell = 0
    for n, word in enumerate(words):
        ones = _ones(word)
        cell = (cell * 3 + (0 if ones < U(FEW) else 2 if ones >= U(MANY) else 1)) % 729
        if n % 6 == 5:
            counts[cell] += 1
    return counts


def _judge_weights(counts: Counts, _: int) -> dict[str, float]:
    law = stats.binom(64, 0.5)
    low, high = law.cdf(FEW - 1), law.sf(MANY - 1)
    shares = np.ones(1)
    for _step in range(6):
        shares = np.kron(shares, [low, 1 - low - high, high])
    return {"six words in a row": chi_square(counts, shares)}


def _birthdays(words: Words) -> Counts:
    """Count equal spacings of 2^18 birthdays in a year of 2^50 days, from the high and the low bits."""
    equal = np.zeros(2, dtype=np.int64)
    for lane, days in enumerate((words >> U(14), words & U((1 << 50) - 1))):
        for some in days.reshape(-1, 1 << 18):
            spacings = np.sort(np.diff(np.sort(some)))
            equal[lane] += (spacings[1:] == spacings[:-1]).sum()
    return equal


def _judge_birthdays(counts: Counts, blocks: int) -> dict[str, float]:
    mean = blocks * 4 * (2.0**18) ** 3 / (4 * 2.0**50)
    return {"high bits": poisson(int(counts[0]), mean), "low bits": poisson(int(counts[1]), mean)}


def _collisions(words: Words) -> Counts:
    """Count balls that fall into one of 2^32 urns where one lies already."""
    urns = (words >> U(32), words & U(0xFFFFFFFF), (words >> U(16)) & U(0xFFFFFFFF))
    return np.array([(np.diff(np.sort(some)) == 0).sum() for some in urns], dtype=np.int64)


def _judge_collisions(counts: Counts, blocks: int) -> dict[str, float]:
    balls, urns = float(BLOCK), 2.0**32
    mean = blocks * (balls - urns * -np.expm1(balls * np.log1p(-1 / urns)))
    return {what: poisson(int(counts[n]), mean) for n, what in enumerate(("high bits", "low bits", "middle"))}


GAPS, HIT = 96, 16


@njit(cache=True, nogil=True)
def _gaps(words):
    counts = np.zeros((3, GAPS), dtype=np.int64)
    for lane, shift in enumerate((0, 30, 60)):
        gap = -1
        for word in words:
            if (word >> U(shift)) & U(HIT - 1) == U(0):
                if gap >= 0:
                    counts[lane, min(gap, GAPS - 1)] += 1
                gap = 0
            elif gap >= 0:
                gap += 1
    return counts


def _judge_gaps(counts: Counts, _: int) -> dict[str, float]:
    shares = stats.geom.pmf(np.arange(1, GAPS + 1), 1 / HIT)
    shares[-1] = stats.geom.sf(GAPS - 1, 1 / HIT)
    return {f"4 bits from {bit}": chi_square(counts[n], shares) for n, bit in enumerate((0, 30, 60))}


def _orders(words: Words) -> Counts:
    """Count the orders of five words in a row."""
    fives = words[: len(words) // 5 * 5].reshape(-1, 5)
    rank = np.zeros(len(fives), dtype=np.int64)
    for n in range(4):
        later_and_less = (fives[:, n + 1 :] < fives[:, n : n + 1]).sum(axis=1)
        rank = rank * (5 - n) + later_and_less
    return np.bincount(rank, minlength=120)


def _largest(words: Words) -> Counts:
    """Count the eighth power of the largest of eight numbers in a row, in 1,000 bins: uniform if all are."""
    eights = (words[: len(words) // 8 * 8].reshape(-1, 8) >> U(11)) * 2.0**-53
    return np.bincount((eights.max(axis=1) ** 8 * 1000).astype(np.int64), minlength=1000)


@njit(cache=True, nogil=True)
def _rank(rows):
    rank = 0
    for bit in range(64):
        mask = U(1) << U(bit)
        for n in range(rank, 64):
            if rows[n] & mask:
                rows[rank], rows[n] = rows[n], rows[rank]
                for below in range(rank + 1, 64):
                    if rows[below] & mask:
                        rows[below] ^= rows[rank]
                rank += 1
                break
    return rank


@njit(cache=True, nogil=True)
def _ranks(words):
    """Count ranks 64, 63 and less: of 64 whole words, and of one bit of 4,096 words in a row."""
    counts = np.zeros((3, 3), dtype=np.int64)
    rows = np.zeros(64, dtype=np.uint64)
    for first in range(0, len(words) // 16, 64):
        rows[:] = words[first : first + 64]
        counts[0, min(64 - _rank(rows), 2)] += 1
    for lane, bit in enumerate((0, 63)):
        for first in range(0, len(words), 4096):
            for n in range(64):
                row = U(0)
                for k in range(64):
                    row = (row << U(1)) | ((words[first + 64 * n + k] >> U(bit)) & U(1))
                rows[n] = row
            counts[1 + lane, min(64 - _rank(rows), 2)] += 1
    return counts


def _judge_ranks(counts: Counts, _: int) -> dict[str, float]:
    full = float(np.prod(1 - 2.0 ** -np.arange(1.0, 65.0)))
    one_less = full * 2 * (1 - 2.0**-64)
    shares = np.array([full, one_less, 1 - full - one_less])
    return {
        what: chi_square(counts[n], shares)
        for n, what in enumerate(("whole words", "lowest bits", "highest bits"))
    }


BATTERY = (
    Test("bytes", _bytes, _judge_bytes, LARGE),
    Test("pairs", _pairs, _judge_pairs, LARGE),
    Test("triples", _triples, _judge_triples, LARGE),
    Test("weights", _weights, _judge_weights, LARGE),
    Test("gaps", _gaps, _judge_gaps, LARGE),
    Test("bit by bit", _bit_by_bit, _judge_bit_by_bit, SMALL),
    Test("orders", _orders, lambda counts, _: {"five words": chi_square(counts)}, MIDDLE),
    Test("largest of eight", _largest, lambda counts, _: {"power": chi_square(counts)}, MIDDLE),
    Test("birthday spacings", _birthdays, _judge_birthdays, MIDDLE),
    Test("collisions", _collisions, _judge_collisions, MIDDLE),
    Test("binary ranks", _ranks, _judge_ranks, MIDDLE),
)
"""All tests; 41 p-values."""


def surprise(p_values: Iterable[float]) -> float:
    """Give the chance that the least of so many p-values would be as small or smaller (Sidak's rule)."""
    values = np.fromiter(p_values, float)
    return float(-np.expm1(len(values) * np.log1p(-min(values.min(), 1 - 1e-16))))
