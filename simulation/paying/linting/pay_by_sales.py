"""Pay as a function of sales, followed to the cent: where it bends, where it jumps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.paying.exact import Whole

STRAIGHT = 40
"""Cents by which a value may be off a line, since elements and periods are rounded by themselves."""

CLOSE = 12
"""Points so many cents of sales apart, one for each month, are next to each other."""

JUMP = 100
"""Least jump, cents."""

TOLD = 1e-3
"""Length of a stretch, in attainment, from which on its slope is told."""

Evaluate = Callable[[Whole], Mapping[str, Whole]]


@dataclass(frozen=True, eq=False)
class Trace:
    """Pay at as many points as it takes to know it everywhere: straight between neighbors, or a cent apart.

    Parameters
    ----------
    sales
        Rising, cents, [points].
    parts
        What is earned by element and term, cents, [points] each.
    asked
        Sales at 100 %, cents.
    """

    sales: Whole
    parts: Mapping[str, Whole]
    asked: int

    @property
    def total(self) -> Whole:
        """Everything together, cents, [points]."""
        return sum(self.parts.values(), start=np.zeros(len(self.sales), np.int64))

    @property
    def attainment(self) -> NDArray[np.float64]:
        """Sales over what is asked, [points]."""
        return self.sales / self.asked

    def slopes(self) -> NDArray[np.float64]:
        """Pay per unit of sales between neighbors; nan where they are too close to tell, [points - 1]."""
        wide = np.diff(self.sales)
        found = np.full(len(wide), np.nan)
        known = wide > self.asked * TOLD
        found[known] = np.diff(self.total)[known] / wide[known]
        return found

    def at(self, attainment: float) -> float:
        """Pay at an attainment, cents."""
        return float(np.interp(attainment * self.asked, self.sales, self.total))


def traced(evaluate: Evaluate, grid: Whole, asked: int) -> Trace:
    """Follow a function: divide every stretch on which some part of it is not straight.

    A stretch is straight if it is so at its thirds and, as several equal jumps may lie on a line there, if it
    rises or falls also at other places.

    Parameters
    ----------
    evaluate
        Gives parts by sales, cents.
    grid
        Where to begin, rising, cents.
    asked
        Sales at 100 %, cents.
    """
    known = {name: list(values) for name, values in evaluate(grid).items()}
    sales = list(map(int, grid))
    low, high = np.array(sales[:-1]), np.array(sales[1:])
    at = {x: n for n, x in enumerate(sales)}
    while len(low):
        open_ = high - low > 1
        low, high = low[open_], high[open_]
        first, second = low + (high - low) // 3, high - (high - low) // 3
        first = np.maximum(first, np.minimum(low + 1, high - 1))
        second = np.minimum(np.maximum(second, first), high - 1)
        new = np.array(sorted(set(first.tolist()) | set(second.tolist())), np.int64)
        new = new[[int(x) not in at for x in new]] if len(new) else new
        if len(new):
            for name, more in evaluate(new).items():
                known[name] += list(more)
            at |= {int(x): len(sales) + n for n, x in enumerate(new)}
            sales += [int(x) for x in new]
        bent = np.zeros(len(low), bool)
        places = [np.array([at[int(x)] for x in xs], np.int64) for xs in (low, first, second, high)]
        for values in known.values():
            y = np.array(values, np.float64)
            start, one, two, end = (y[p] for p in places)
            for value, x in ((one, first), (two, second)):
                line = start + (end - start) * (x - low) / np.maximum(high - low, 1)
                bent |= np.abs(value - line) > STRAIGHT
        rising = np.zeros(len(low), bool)
        for values in known.values():
            rising |= np.array(
                [values[a] != values[b] for a, b in zip(places[0], places[3], strict=True)], bool
            )
        doubtful = np.flatnonzero(~bent & rising & (high - low > asked * TOLD))
        ends = {
            name: tuple(np.array([values[n] for n in places[side][doubtful]]) for side in (0, 3))
            for name, values in known.items()
        }
        bent[doubtful] = _bent(evaluate, low[doubtful], high[doubtful], ends)
        parts = [(a[bent], b[bent]) for a, b in ((low, first), (first, second), (second, high))]
        low, high = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    order = np.argsort(np.array(sales), kind="stable")
    return Trace(
        np.array(sales, np.int64)[order],
        {name: np.array(values, np.int64)[order] for name, values in known.items()},
        asked,
    )


def _bent(
    evaluate: Evaluate, low: Whole, high: Whole, ends: Mapping[str, tuple[Whole, ...]]
) -> NDArray[np.bool_]:
    """Say of stretches whether some part is off the line between its ends, at a fifth or halfway."""
    bent = np.zeros(len(low), bool)
    if not len(low):
        return bent
    inner = (low + (high - low) // 5, low + (high - low) // 2)
    for name, values in evaluate(np.concatenate(inner)).items():
        start, end = ends[name]
        for x, value in zip(inner, np.split(np.asarray(values), 2), strict=True):
            line = start + (end - start) * (x - low) / np.maximum(high - low, 1)
            bent |= np.abs(value - line) > STRAIGHT
    return bent


def jumps(trace: Trace, names: tuple[str, ...]) -> list[tuple[int, int, tuple[str, ...]]]:
    """List where some parts jump: from which sales on, by how much, which of them; cents.

    Jumps a few cents of sales apart are one: months and people reach their goals one after the other.
    """
    some = [name for name in names if name in trace.parts]
    if not some:
        return []
    steps = {name: np.diff(trace.parts[name]) for name in some}
    close = np.diff(trace.sales) <= CLOSE
    found: list[tuple[int, int, set[str]]] = []
    whole = sum(steps.values(), start=np.zeros(len(close), np.int64))
    for n in np.flatnonzero(close & (np.abs(whole) >= JUMP)):
        moved = {name for name in some if abs(int(steps[name][n])) >= JUMP}
        if found and trace.sales[n + 1] - found[-1][0] <= 100:
            found[-1] = (int(trace.sales[n + 1]), found[-1][1] + int(whole[n]), found[-1][2] | moved)
        else:
            found.append((int(trace.sales[n + 1]), int(whole[n]), moved))
    return [(x, height, tuple(name for name in some if name in who)) for x, height, who in found]
