"""The diary of seats: what will happen, on a page a day; compiled, without numba plain Python.

To put an entry on its page costs the same however much awaits a seat, and only the page of the present day
is kept in order (Brown, "Calendar queues", Communications of the ACM 1988). What has lost its meaning by its
day, such as the patience for work that has been done, is left out when the page is turned.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.luck.lending import lend
from simulation.seats.codes import ASKS, GIVES_UP, LOSES_PATIENCE, WAITS
from simulation.seats.compiled import compiled
from simulation.seats.heaps import KIND, WHOM, Heap, drop_first, first_day, heap_of, push

NOTHING = -1
USED, FREE = 0, 1

ENTRY = np.dtype([("day", "f8"), ("code", "i8"), ("next", "i8")])


class Diary(NamedTuple):
    """Pages of all seats.

    Parameters
    ----------
    page
        First entry of each page that is still to come, or -1, [seats, days].
    entries
        Of type `ENTRY`; each names the next one of its page, or -1.
    counts
        Number of places used so far, and the first that is free again, or -1.
    turned
        The page each seat has turned to, by seat; its entries and those of earlier days are in order.
    present
        These.
    """

    page: NDArray[np.int64]
    entries: NDArray[Any]
    counts: NDArray[np.int64]
    turned: NDArray[np.int64]
    present: Heap


def diary_of(room: NDArray[np.int64], days: int, entries: int) -> Diary:
    """Make an empty diary: with room for so many entries of each seat at once, and so many in all."""
    seats = len(room)
    page = lend("page", (seats, days), np.int64)
    page[...] = NOTHING
    return Diary(
        page=page,
        entries=lend("entries", entries, ENTRY),
        counts=np.array([0, NOTHING]),
        turned=np.full(seats, NOTHING),
        present=heap_of("present", room),
    )


@compiled
def enter(diary, seat, day, code):
    """Write an entry; what lies behind the last page is left out."""
    number = int(day) if day < diary.page.shape[1] else diary.page.shape[1]
    if number <= diary.turned[seat]:
        push(diary.present, seat, 0, day, code)
    elif number < diary.page.shape[1]:
        at = diary.counts[FREE]
        if at == NOTHING:
            at = diary.counts[USED]
            diary.counts[USED] = at + 1
        else:
            diary.counts[FREE] = diary.entries[at]["next"]
        diary.entries[at]["day"] = day
        diary.entries[at]["code"] = code
        diary.entries[at]["next"] = diary.page[seat, number]
        diary.page[seat, number] = at


@compiled
def take_off(diary, at):
    """Take an entry off its page; give the one behind it. Its place is free for another."""
    following = diary.entries[at]["next"]
    diary.entries[at]["next"] = diary.counts[FREE]
    diary.counts[FREE] = at
    return following


@compiled
def next_due(now, seat):
    """Give the day of a seat's next entry, turning pages if need be; infinite if there is none."""
    diary = now.diary
    while diary.present.size[seat] == 0 and diary.turned[seat] + 1 < diary.page.shape[1]:
        diary.turned[seat] += 1
        at = diary.page[seat, diary.turned[seat]]
        while at != NOTHING:
            entry = diary.entries[at]
            if means_something(now, entry["code"]):
                push(diary.present, seat, 0, entry["day"], entry["code"])
            at = take_off(diary, at)
    return first_day(diary.present, seat)


@compiled
def means_something(now, code):
    """Say whether an entry still does: patience does while somebody waits for work."""
    kind, who = code // KIND, code % KIND // WHOM
    if kind == LOSES_PATIENCE:
        deal = now.deals[who]
        return deal["doing"] in (WAITS, ASKS) and deal["stage"] == code % WHOM
    return kind != GIVES_UP or not now.calls[who]["answered"]


@compiled
def take_next(diary, seat):
    """Take the next entry out and give its code; `next_due` has been asked."""
    code = diary.present.entries[diary.present.at[seat]]["code"]
    drop_first(diary.present, seat)
    return code
