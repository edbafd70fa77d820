"""Heaps of what awaits seats, one a seat, all in the same array; compiled, without numba plain Python.

An entry is (rank, day, code), and the least comes first. A code says what it is: kind x KIND + whom x WHOM +
number, with an opportunity, a call or a customer for `whom` and a stage or the number of a visit.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.luck.lending import lend
from simulation.seats.compiled import compiled

KIND = 1 << 50
WHOM = 1 << 12

ENTRY = np.dtype([("rank", "i8"), ("day", "f8"), ("code", "i8")])


class Heap(NamedTuple):
    """Heaps side by side; that of seat s is entries at[s] to at[s] + size[s].

    Parameters
    ----------
    entries
        Of type `ENTRY`.
    size, at
        By seat.
    """

    entries: NDArray[Any]
    size: NDArray[np.int64]
    at: NDArray[np.int64]


def heap_of(name: str, room: NDArray[np.int64]) -> Heap:
    """Make empty heaps with room for so many entries each; heaps of one name use the same memory again."""
    size = np.zeros(len(room), dtype=np.int64)
    return Heap(lend(name, int(room.sum()), ENTRY), size, np.cumsum(room) - room)


@compiled
def comes_before(entry, rank, day, code):
    """Say whether an entry comes before one that is not in the heap."""
    if entry["rank"] != rank:
        return entry["rank"] < rank
    if entry["day"] != day:
        return entry["day"] < day
    return entry["code"] < code


@compiled
def put(entry, rank, day, code):
    """Write an entry."""
    entry["rank"] = rank
    entry["day"] = day
    entry["code"] = code


@compiled
def push(heap, seat, rank, day, code):
    """Add an entry."""
    entries, first = heap.entries, heap.at[seat]
    i = heap.size[seat]
    heap.size[seat] += 1
    while i > 0:
        above = entries[first + (i - 1) // 2]
        if comes_before(above, rank, day, code):
            break
        put(entries[first + i], above["rank"], above["day"], above["code"])
        i = (i - 1) // 2
    put(entries[first + i], rank, day, code)


@compiled
def drop_first(heap, seat):
    """Take the first entry, heap.entries[heap.at[seat]], out."""
    entries, first = heap.entries, heap.at[seat]
    heap.size[seat] -= 1
    last = heap.size[seat]
    rank, day, code = (
        entries[first + last]["rank"],
        entries[first + last]["day"],
        entries[first + last]["code"],
    )
    i = 0
    while 2 * i + 1 < last:
        j = 2 * i + 1
        if j + 1 < last:
            left = entries[first + j]
            if comes_before(entries[first + j + 1], left["rank"], left["day"], left["code"]):
                j += 1
        below = entries[first + j]
        if not comes_before(below, rank, day, code):
            break
        put(entries[first + i], below["rank"], below["day"], below["code"])
        i = j
    put(entries[first + i], rank, day, code)


@compiled
def first_day(heap, seat):
    """Give the day of the first entry; infinite if there is none."""
    if heap.size[seat] == 0:
        return np.inf
    return heap.entries[heap.at[seat]]["day"]
