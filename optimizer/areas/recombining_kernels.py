"""What is compiled for recombination: pairs of territories that touch, random trees of them, the best cut.

Arrays are those of `optimizer.areas.kernels`; load[q, t] is what territory t has of measure q, middle[q, t]
the middle of its limits, seats[t] its fixed center or -1.
"""

import numpy as np
from numba import njit

from optimizer.areas.kernels import EMPTY, STEEP, excess
from optimizer.core.kernels import random

EVEN = 0.1
"""What the square of a load's distance from the middle of its limits counts beside excess: room comes to
where it is needed."""

HEAT = 2e-3
"""How much worse two territories may get, on average, in average loads."""

BOLD = 0.7
"""Share of cuts that begin at a territory outside its limits."""

TRIES = 64
"""Draws for a unit of a territory outside its limits before any unit will do."""


@njit(cache=True)
def recombine(
    start, near, loose, seats, amount, lower, upper, middle, owner, load, best, least, luck, cuts
):  # fmt: skip
    """Cut pairs of territories anew; the division with the least excess goes to `best`, which is given."""
    n = len(owner)
    over = 0.0
    for t in range(len(seats)):
        over += excess(load, lower, upper, t, amount, 0, 0)
    if over < least:
        least = over
        best[:] = owner
    order = np.empty(n, dtype=np.int64)
    parent = np.empty(n, dtype=np.int64)
    inside = np.empty(n, dtype=np.bool_)
    seen = np.zeros(n, dtype=np.int64)
    ends = np.empty((len(near), 2), dtype=np.int64)
    below = np.empty((n, len(amount)))
    for stamp in range(1, cuts + 1):
        if least <= EMPTY:
            break
        i, u = border(start, near, loose, amount, lower, upper, owner, load, luck)
        if u < 0:
            continue
        a, b = owner[i], owner[u]
        count = draw_tree(start, near, loose, owner, i, a, b, order, parent, seen, stamp, ends, luck)
        before = off(load[:, a], lower, upper, middle, a) + off(load[:, b], lower, upper, middle, b)
        cut, swapped, after = best_cut(
            amount, lower, upper, middle, seats, owner, load, a, b, order[:count], parent, below
        )
        if cut < 0 or after > before - HEAT * np.log(1.0 - random(luck)):
            continue
        over -= excess(load, lower, upper, a, amount, 0, 0) + excess(load, lower, upper, b, amount, 0, 0)
        inside[order[0]] = cut == 0
        for o in range(1, count):
            v = order[o]
            inside[v] = o == cut or inside[parent[v]]
        for o in range(count):
            v = order[o]
            to = b if inside[v] != swapped else a
            if owner[v] != to:
                for q in range(len(amount)):
                    load[q, owner[v]] -= amount[q, v]
                    load[q, to] += amount[q, v]
                owner[v] = to
        over += excess(load, lower, upper, a, amount, 0, 0) + excess(load, lower, upper, b, amount, 0, 0)
        if over < least - EMPTY / 2:
            least = max(over, 0.0)
            best[:] = owner
    return least


@njit(cache=True)
def off(load, lower, upper, middle, t):
    """Say how far a territory with some loads is off: excess, its square, and the way from the middle."""
    total = 0.0
    for q in range(len(load)):
        beyond = max(load[q] - upper[q, t], 0.0) + max(lower[q, t] - load[q], 0.0)
        total += beyond + STEEP * beyond * beyond + EVEN * (load[q] - middle[q, t]) ** 2
    return total


@njit(cache=True)
def border(start, near, loose, amount, lower, upper, owner, load, luck):
    """Draw a unit and a neighbor in another territory, often of one outside its limits; -1 where none is."""
    n = len(owner)
    bold = random(luck) < BOLD
    for number in range(2 * TRIES):
        i = int(random(luck) * n)
        t = owner[i]
        if bold and number < TRIES and excess(load, lower, upper, t, amount, 0, 0) <= EMPTY:
            continue
        degree = start[i + 1] - start[i]
        if loose[i] or degree == 0:
            continue
        u = near[start[i] + int(random(luck) * degree)]
        if not loose[u] and owner[u] != t:
            return i, u
    return 0, -1


@njit(cache=True)
def draw_tree(start, near, loose, owner, root, a, b, order, parent, seen, stamp, ends, luck):
    """Draw a spanning tree of two territories by random edges; give how many units it has."""
    count, waiting = 1, 0
    order[0] = root
    parent[root] = -1
    seen[root] = stamp
    v = root
    while True:
        for e in range(start[v], start[v + 1]):
            u = near[e]
            if seen[u] != stamp and not loose[u] and (owner[u] == a or owner[u] == b):
                ends[waiting, 0] = v
                ends[waiting, 1] = u
                waiting += 1
        v = -1
        while waiting > 0:
            at = int(random(luck) * waiting)
            from_, u = ends[at, 0], ends[at, 1]
            waiting -= 1
            ends[at, 0], ends[at, 1] = ends[waiting, 0], ends[waiting, 1]
            if seen[u] != stamp:
                seen[u] = stamp
                parent[u] = from_
                order[count] = u
                count += 1
                v = u
                break
        if v < 0:
            return count


@njit(cache=True)
def best_cut(amount, lower, upper, middle, seats, owner, load, a, b, order, parent, below):
    """Find the edge of a tree that leaves both sides least off.

    Returns
    -------
    The place in `order` of the unit below the edge (-1 where none will do), whether what is below goes to
    `a` instead of `b`, and how far off both are then.
    """
    measures = len(amount)
    whole = np.zeros(measures)
    firm_a = np.zeros(measures)
    firm_b = np.zeros(measures)
    home_a = np.zeros(len(owner), dtype=np.bool_) if seats[a] >= 0 else np.zeros(0, dtype=np.bool_)
    home_b = np.zeros(len(home_a), dtype=np.bool_)
    for v in order:
        for q in range(measures):
            below[v, q] = amount[q, v]
            whole[q] += amount[q, v]
            if owner[v] == a:
                firm_a[q] += amount[q, v]
            else:
                firm_b[q] += amount[q, v]
    fixed = seats[a] >= 0
    if fixed:
        home_a[seats[a]] = True
        home_b[seats[b]] = True
    low, found, swapped = np.inf, -1, False
    one = np.empty(measures)
    two = np.empty(measures)
    for o in range(len(order) - 1, 0, -1):
        v = order[o]
        for turn in range(2):
            if fixed and (home_a[v] == home_b[v] or home_a[v] != (turn == 1)):
                continue
            for q in range(measures):
                down, up = below[v, q], whole[q] - below[v, q]
                # Loose units stay with their territory.
                one[q] = load[q, a] - firm_a[q] + (down if turn == 1 else up)
                two[q] = load[q, b] - firm_b[q] + (up if turn == 1 else down)
            value = off(one, lower, upper, middle, a) + off(two, lower, upper, middle, b)
            if value < low:
                low, found, swapped = value, o, turn == 1
        p = parent[v]
        for q in range(measures):
            below[p, q] += below[v, q]
        if fixed:
            home_a[p] |= home_a[v]
            home_b[p] |= home_b[v]
    return found, swapped, low
