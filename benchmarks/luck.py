"""How good is luck by name? `python -m benchmarks.luck [--words 1073741824] [--order NAME]...`.

The generator of `simulation/luck/keyed.py` has no stream: each number is made from a key (seed, replication,
purpose, id, k). Its numbers are read here in the orders most dangerous for that, one part of the key running
fastest, and tested (`benchmarks/randomness.py`). `--write ORDER` writes the bytes to standard output for
another judge: `python -m benchmarks.luck --write k | dieharder -g 200 -a`.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import stats

from benchmarks.randomness import BATTERY, BLOCK, Words, judged, signs, surprise
from benchmarks.report import _commit, _machine
from simulation.luck import keyed as luck

U = np.uint64
GOLDEN = U(luck.GOLDEN)
HASHED = 1 << 16
"""Names that are hashed to ids, for the order that takes ids as the year does."""

ORDERS = {
    "k": "one id, its numbers one after the other",
    "ids": "ids 0, 1, 2, ..., one number each",
    "ids from the high end": "ids whose bits are those of 0, 1, 2, ... from the other end, one number each",
    "names": "hashed names, one number each, then the second of each, ...",
    "children": "children 0, 1, 2, ... of one stream, one number each",
    "children of children": "children 0 to 3 of ids 0, 1, 2, ..., four numbers each",
    "replication": "replications 0, 1, 2, ... of one id",
    "seed": "seeds 0, 1, 2, ... of one id",
    "purpose": "all purposes of id 0, then of id 1, ...",
    "replications by turns": "replications 0 and 1 of id 0, then of id 1, ...",
    "seeds and replications": "replications 0 to 15 of seeds 0, 1, 2, ...",
}
"""What the words of a stream are, in order."""


def generator(
    mix: Callable[..., Any] = luck.mixed, finish: Callable[..., Any] | None = None, mixes_id: bool = True
) -> Any:
    """Compile the generator, or one with a fault.

    Parameters
    ----------
    mix
        Mixes a word; that of `simulation/luck/keyed.py`.
    finish
        Makes the number of a state and k; by default it mixes state + k x GOLDEN.
    mixes_id
        Whether run and id are mixed together before k comes in, instead of only added.

    Returns
    -------
    A compiled function of the words seed, replication, hash of the purpose, id and k.
    """
    mixed = njit(mix)
    end = None if finish is None else njit(finish)

    @njit
    def word(seed, replication, purpose, id_, k):
        run = mixed(mixed(mixed(seed + GOLDEN) + replication + GOLDEN) + purpose + GOLDEN)
        state = mixed(id_ ^ run) if mixes_id else mixed(seed + GOLDEN) + replication + purpose + id_
        return mixed(state + k * GOLDEN) if end is None else end(state, k)

    return word


@njit
def _child(mixed, id_, number):
    return mixed(id_ ^ mixed((number + U(1)) * GOLDEN))


@njit
def _reversed(word):
    out = U(0)
    for bit in range(64):
        out |= ((word >> U(bit)) & U(1)) << U(63 - bit)
    return out


_mixed = njit(luck.mixed)


@njit(nogil=True)
def _keys(order, n, purposes, names):
    """Give seed, replication, purpose, id and k of the n-th word of an order."""
    zero, one, purpose = U(0), U(1), purposes[0]
    if order == 0:
        return one, zero, purpose, names[0], n + one
    if order == 1:
        return one, zero, purpose, n, one
    if order == 2:
        return one, zero, purpose, _reversed(n), one
    if order == 3:
        return one, zero, purpose, names[n % U(HASHED)], n // U(HASHED) + one
    if order == 4:
        return one, zero, purpose, _child(_mixed, names[0], n), one
    if order == 5:
        return one, zero, purpose, _child(_mixed, n >> U(4), (n >> U(2)) & U(3)), (n & U(3)) + one
    if order == 6:
        return one, n, purpose, names[0], one
    if order == 7:
        return n, zero, purpose, names[0], one
    if order == 8:
        return one, zero, purposes[n % U(len(purposes))], n // U(len(purposes)), one
    if order == 9:
        return one, n & one, purpose, n >> one, one
    return n >> U(4), n & U(15), purpose, names[0], one


@njit(nogil=True)
def _fill(word, order, first, out, purposes, names):
    for n in range(len(out)):
        seed, replication, purpose, id_, k = _keys(order, U(first + n), purposes, names)
        out[n] = word(seed, replication, purpose, id_, k)


def names_hashed() -> NDArray[np.uint64]:
    """Hash names as the year does those of customers."""
    return luck.stable_ids(f"customer {n}" for n in range(HASHED))


def purposes_hashed() -> NDArray[np.uint64]:
    """Hash all purposes."""
    return luck.stable_ids(luck.Purpose)


def blocks(order: str, words: int, word: Any = None) -> Iterator[Words]:
    """Give the words of an order, `BLOCK` at a time.

    Parameters
    ----------
    order
        A key of `ORDERS`.
    words
        How many; a multiple of `BLOCK`.
    word
        The generator; by default the one of the simulated year.
    """
    made, names, purposes = word or generator(), names_hashed(), purposes_hashed()
    number = list(ORDERS).index(order)
    for first in range(0, words, BLOCK):
        out = np.empty(BLOCK, dtype=np.uint64)
        _fill(made, number, first, out, purposes, names)
        yield out


FIELDS = ("seed", "replication", "purpose", "id", "k")
FLIPPED = (20, 20, 64, 64, 12)
"""Lowest bits of each part of a key that are flipped; seeds, replications and k are small numbers."""


@njit(nogil=True)
def _flips(word, field, bit, keys, purposes):
    """Sum signs over keys: +1 for each bit of the number that changes with this bit of the key."""
    sums = np.zeros(64, dtype=np.int64)
    for n in range(keys):
        key = np.array([U(n % 7), U(n % 61), purposes[n % len(purposes)], U(n), U(n % 5 + 1)])
        before = word(key[0], key[1], key[2], key[3], key[4])
        key[field] ^= U(1) << U(bit)
        changed = before ^ word(key[0], key[1], key[2], key[3], key[4])
        for out in range(64):
            sums[out] += 1 if (changed >> U(out)) & U(1) else -1
    return sums


def avalanche(keys: int, word: Any = None) -> dict[str, float]:
    """Give p-values of: half the bits of a number change, whichever bit of its key does.

    Parameters
    ----------
    keys
        How many keys are tried for each bit: small seeds, replications and k, ids 0, 1, 2, ...
    """
    made, purposes = word or generator(), purposes_hashed()
    found = {}
    for field, name in enumerate(FIELDS):
        sums = np.stack([_flips(made, field, bit, keys, purposes) for bit in range(FLIPPED[field])])
        found[f"avalanche: {name}"] = signs(sums.ravel(), keys)
        worst = float(np.abs(sums).max() / np.sqrt(keys))
        found[f"avalanche: {name}, worst bit"] = surprise([2 * stats.norm.sf(worst)] * sums.size)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a Markdown table, or write bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=1 << 27, help="of each order, eight bytes each")
    parser.add_argument("--order", action="append", choices=ORDERS, help="of these only; may be repeated")
    parser.add_argument("--write", choices=ORDERS, help="write bytes without end instead")
    asked = parser.parse_args(arguments)
    if asked.write:
        return _write(asked.write)
    lines = [
        f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; {asked.words:,} words "
        f"({asked.words / 2**27:g} GiB) an order, tests that sort or eliminate look at the first of them.",
        "",
        "| order | p-values | least | of | chance of such a least one | below .01 | uniform (KS) | seconds |",
        "|---|--:|--:|---|--:|--:|--:|--:|",
    ]
    print("\n".join(lines), flush=True)
    everything: list[float] = []
    for order in asked.order or ORDERS:
        began = time.perf_counter()
        found = judged(blocks(order, asked.words), BATTERY)
        everything += found.values()
        print(_row(ORDERS[order], found, time.perf_counter() - began), flush=True)
    if not asked.order:
        began = time.perf_counter()
        found = avalanche(1 << 16)
        everything += found.values()
        print(_row("avalanche, each bit of each part of the key", found, time.perf_counter() - began))
    print(f"\nAll {len(everything)} p-values: chance of such a least one {surprise(everything):.3f}.")
    return 0


def _row(name: str, found: dict[str, float], seconds: float) -> str:
    values = np.array(list(found.values()))
    least = min(found, key=lambda what: found[what])
    uniform = stats.kstest(values, "uniform").pvalue
    return (
        f"| {name} | {len(values)} | {values.min():.2g} | {least} | {surprise(values):.3f} "
        f"| {(values < 0.01).sum()} | {uniform:.3f} | {seconds:,.0f} |"
    )


def _write(order: str) -> int:
    try:
        for block in blocks(order, 1 << 62):
            sys.stdout.buffer.write(block.tobytes())
    except BrokenPipeError:
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
