"""Luck by name: every random number follows from the seed, the replication, its purpose and whom it is for.

No number is drawn from a stream that others draw from too, so a changed plan, a new customer or another
order of rows moves nobody else's luck, and two plans meet the same market.

The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
2014): the key is mixed into a 64-bit state, and the k-th number of that key is the k-th output from there.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.typing import NDArray
from scipy.special import ndtri

Ids = NDArray[np.uint64]
Numbers = NDArray[np.float64]

GOLDEN = 0x9E3779B97F4A7C15
WORD = (1 << 64) - 1


class Purpose(StrEnum):
    """What a random number is for. A new purpose changes no other's numbers."""

    MARKET = "market level of the year"
    SHOCK = "whether a shock happens"
    COUNT = "opportunities of a stream"
    ARRIVAL = "when and how high an opportunity lies"
    VALUE = "amount of an opportunity"
    CONVERSION = "whether an opportunity passes its stages"
    CUSTOMER_TIME = "time the customer takes"
    PATIENCE = "how long an opportunity waits for the rep"
    UNATTENDED = "whether a customer buys without being served"
    PAYMENT = "when and whether an invoice is paid"
    VISIT_CALENDAR = "when promised visits fall due"
    QUITTING = "when people leave"
    CHURN = "when a customer is lost for good"
    SERVICE = "when customers call for service"
    TIMING = "what customers answer to reps who play with time"


def stable_id(name: str) -> int:
    """Hash a name to 64 bits, the same on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def stable_ids(names: Iterable[str]) -> Ids:
    """Hash names to an array of 64-bit ids."""
    return np.array([stable_id(name) for name in names], dtype=np.uint64)


def offspring(ids: Ids, number: Ids) -> Ids:
    """Make the id of the `number`-th child of each id, such as an opportunity of a stream of demand.

    Parameters
    ----------
    ids
        Ids of the parents.
    number
        Which child, counted from 0; broadcast against the ids.
    """
    with np.errstate(over="ignore"):
        children: Ids = child(ids, number)
    return children


def key_of(seed: int, replication: int, purpose: Purpose) -> np.uint64:
    """Mix seed, replication and purpose into the key of all random numbers for that purpose."""
    return np.uint64(_mixed_word(_year_word(seed, replication) + _purpose_word(purpose)))


def uniforms(seed: int, replication: int, purpose: Purpose, ids: Ids, count: int) -> Numbers:
    """Give uniform random numbers by key, strictly between 0 and 1.

    Parameters
    ----------
    seed, replication
        The run and its repetition; any integers >= 0.
    purpose
        What the numbers are for.
    ids
        Whom they are for: stable ids, any shape.
    count
        How many numbers each id gets; asking for more never changes the first ones.

    Returns
    -------
    Array of the shape of `ids` with one more axis of length `count`.
    """
    ids = np.ascontiguousarray(ids, dtype=np.uint64)
    numbers = np.empty((ids.size, count))
    with np.errstate(over="ignore"):
        _fill(key_of(seed, replication, purpose), ids.reshape(-1), numbers)
    return numbers.reshape(*ids.shape, count)


@njit(cache=True)
def uniform(key, name, k):
    """Give the k-th number of an id under a key (see `key_of`); the one formula behind all luck."""
    state = mixed(name ^ key)
    bits = mixed(state + np.uint64(k + 1) * np.uint64(GOLDEN))
    return (np.float64(bits >> np.uint64(12)) + 0.5) * 2.0**-52


@register_jitable
def child(name: Any, number: Any) -> Any:
    """Make the id of the `number`-th child of an id, of one alone or of arrays."""
    return mixed(name ^ mixed(np.uint64(number + 1) * np.uint64(GOLDEN)))


@register_jitable
def mixed(word: Any) -> Any:
    """Mix the bits of a 64-bit word, of one alone or of an array (SplitMix64's finalizer)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(cache=True)
def _fill(key, names, numbers):
    for i in range(len(names)):
        for k in range(numbers.shape[1]):
            numbers[i, k] = uniform(key, names[i], k)


def exponential(uniform: Numbers, mean: Numbers | list[float] | float) -> Numbers:
    """Turn uniforms into exponential variates of a given mean, by inversion."""
    return np.asarray(mean) * -np.log1p(-uniform)


def lognormal(uniform: Numbers, mean: Numbers | float, cv: float) -> Numbers:
    """Turn uniforms into lognormal variates of a given mean and coefficient of variation, by inversion."""
    variance = np.log1p(cv * cv)
    return mean * np.exp(np.sqrt(variance) * ndtri(uniform) - variance / 2)


@lru_cache(maxsize=1)
def _year_word(seed: int, replication: int) -> int:
    return _mixed_word(_mixed_word(seed) + replication)


@lru_cache(maxsize=len(Purpose))
def _purpose_word(purpose: Purpose) -> int:
    return stable_id(purpose)


def _mixed_word(word: int) -> int:
    with np.errstate(over="ignore"):
        return int(mixed(np.uint64((word + GOLDEN) & WORD)))
