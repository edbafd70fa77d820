"""Memory that is lent: nobody's array is another's while somebody holds it or a part of it."""

import numpy as np

from simulation.luck.lending import lend, lend_copy


def place(array):
    return array.ctypes.data


def test_what_somebody_holds_is_not_lent_again():
    first, second = lend("held", 10, np.float64), lend("held", 10, np.float64)
    assert place(first) != place(second)
    part, where = first[3:].view(np.int64)[::2], place(first)
    del first
    assert place(lend("held", 10, np.float64)) not in (where, place(second))
    assert part.base is not None


def test_what_nobody_holds_is_lent_again():
    first = lend("free", (3, 4), np.int64)
    where = place(first)
    del first
    again = lend("free", 5, [("day", "f8"), ("what", "i1")])
    assert (place(again), again.shape, again.dtype.names) == (where, (5,), ("day", "what"))


def test_what_is_too_small_is_asked_for_anew():
    small = lend("grows", 4, np.float64)
    large = lend("grows", 4_000, np.float64)
    large[:] = small[:] = 0.0
    where = place(large)
    assert (len(large), where != place(small)) == (4_000, True)
    del large
    larger = lend("grows", 5_000, np.float64)  # a quarter more than asked for was there
    assert place(larger) == where


def test_a_copy_is_the_same_and_its_own():
    rows = np.array([(1.5, 2), (3.5, 4)], dtype=[("day", "f8"), ("by", "i2")])
    copied = lend_copy("copied", rows)
    assert copied.tolist() == rows.tolist()
    copied["by"] = 9
    assert rows["by"].tolist() == [2, 4]
