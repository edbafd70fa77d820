"""Why a call is not made, and what it would take."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from optimizer.calling.routing import DAYS, Route, Tour

if TYPE_CHECKING:
    from optimizer.calling.weeks import Book, Due


def why_never(book: "Book", stop: int) -> str:
    """Say why a call can be made in no week; "" where it can."""
    window = int(book.closes[stop] - book.opens[stop])
    if book.call[stop] > window:
        room = max(window, 0)
        return (
            f"the call takes {book.call[stop]} minutes, the customer is open for {room} of the working day: "
            f"{book.call[stop] - room} more minutes are needed between opens and closes"
        )
    one_way = int(book.fly[0, stop] if book.flown[stop] else book.drive[0, stop])
    days = book.longest if book.far[stop] or book.flown[stop] else 1
    needed, there_is = 2 * one_way + int(book.call[stop]), days * book.day
    if needed <= there_is:
        return ""
    missing = (needed - there_is) / 60
    return (
        f"too far: there and back takes {needed / 60:.1f} hours with the call, a trip of "
        f"{days} working day{'s' if days > 1 else ''} has {there_is / 60:.1f}: {missing:.1f} more are needed"
    )


def why_not_this_week(
    book: "Book",
    due: Sequence["Due"],
    position: int,
    between: tuple[int, int],
    tours: Sequence[Tour],
    placed: Sequence[tuple[Tour, Route]],
) -> str:
    """Say why a call found no place in a week, and what the nearest place lacks.

    Parameters
    ----------
    due
        The visits due in the week.
    position
        The one left out.
    between
        The first and the last day of the week it may be made on, from 0.
    tours, placed
        The tours of the week, and those that are made.
    """
    item = due[position]
    gap = int(book.gap[item.customer])
    same = [tour for tour, one in placed if any(due[v.stop].customer == item.customer for v in one.visits)]
    able = [
        tour
        for tour in tours
        if between[0] <= tour.begins <= between[1] - tour.days + 1
        and all(tour is not other and tour.clear_of(other, gap) for other in same)
    ]
    if not able:
        visits = float(book.often["visits"].iloc[item.customer])
        return (
            f"too soon after its last visit: with {visits:g} visits a year {gap} working days lie between two"
        )
    made = {tour.begins: one for tour, one in placed}
    lacks = [(*_lack(book, due, 1 + item.customer, tour, made.get(tour.begins)), tour) for tour in able]
    needed, free, tour = min(lacks, key=lambda lack: (lack[0] - lack[1], lack[2].begins))
    when = _named(tour)
    if needed <= free:
        return (
            f"{when} has {free / 60:.1f} hours left and it takes {needed / 60:.1f} with the way, but not "
            "within the opening hours of the calls there: other hours of the customer are needed"
        )
    far = "; a week has one trip with nights away or by plane" if book.far[1 + item.customer] else ""
    return (
        f"{(needed - free) / 60:.1f} more hours are needed: it takes {needed / 60:.1f} with the way, "
        f"{when} has {free / 60:.1f} left{far}"
    )


def _lack(book: "Book", due: Sequence["Due"], stop: int, tour: Tour, made: Route | None) -> tuple[int, int]:
    """Give the minutes that a call adds to a tour at its best place, and the minutes left there."""
    ways = book.drive if tour.ways is None else book.fly
    room = tour.days * book.day
    if made is None:
        return 2 * int(ways[0, stop]) + int(book.call[stop]), room
    line = np.array([0, *(1 + due[visit.stop].customer for visit in made.visits), 0])
    detours = ways[line[:-1], stop] + ways[stop, line[1:]] - ways[line[:-1], line[1:]]
    return int(detours.min()) + int(book.call[stop]), room - made.ends


def _named(tour: Tour) -> str:
    day = DAYS[tour.begins]
    return day if tour.days == 1 else f"the trip from {day}"
