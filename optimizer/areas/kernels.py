"""What is compiled for territories of geographic units: growing, moving and centering connected parts.

cost[i, j] is what unit i costs in the territory of center j; owner[i] is the territory of unit i; neighbors
of i are near[start[i] : start[i + 1]]. A territory t holds members[t, : size[t]], `place[i]` is where unit i
stands there. reach[t, j] is what territory t would cost with center j. loose units need no way to their
center. amount[q, i] is what unit i adds to measure q, all in shares of an average territory's load.
"""

import heapq

import numpy as np
from numba import njit

from optimizer.core.kernels import random

EMPTY = 1e-9
"""Excess, in average loads, that counts as none."""

STEEP = 8.0
"""What the square of an excess counts, in average loads, beside the excess itself."""


@njit(cache=True)
def grow(start, near, cost, centers, price, loose):
    """Let territories grow from their centers, the cheapest unit that touches one first.

    A unit's cost in territory t has price[t, i] on top. Loose units and those that no way leads to take their
    cheapest territory.
    """
    n = len(start) - 1
    owner = np.full(n, -1)
    heap = [(0.0, 0, 0)]
    heap.pop()
    for t in range(len(centers)):
        heapq.heappush(heap, (-np.inf, centers[t], t))
    while heap:
        _, i, t = heapq.heappop(heap)
        if owner[i] >= 0:
            continue
        owner[i] = t
        if loose[i]:
            continue
        for e in range(start[i], start[i + 1]):
            u = near[e]
            if owner[u] < 0 and not loose[u]:
                heapq.heappush(heap, (cost[u, t] + price[t, u], u, t))
    for i in range(n):
        if owner[i] < 0:
            low = np.inf
            for t in range(len(centers)):
                value = cost[i, t] + price[t, i]
                if value < low:
                    low = value
                    owner[i] = t
    return owner


@njit(cache=True)
def best_centers(cost, owner, centers, allowed):
    """Give each territory its cheapest center among its own units that are allowed to be one."""
    k = len(centers)
    order = np.argsort(owner, kind="mergesort")
    begins = np.searchsorted(owner[order], np.arange(k + 1))
    chosen = centers.copy()
    for t in range(k):
        members = order[begins[t] : begins[t + 1]]
        low = np.inf
        for j in members:
            if not allowed[j]:
                continue
            total = 0.0
            for i in members:
                total += cost[i, j]
            if total < low:
                low = total
                chosen[t] = j
    return chosen


@njit(cache=True)
def linked_without(start, near, owner, loose, unit, mark, queue, stamp):
    """Say whether a territory stays in one piece when a unit leaves it."""
    t = owner[unit]
    wanted = 0
    first = -1
    for e in range(start[unit], start[unit + 1]):
        u = near[e]
        if owner[u] == t and not loose[u]:
            wanted += 1
            first = u
    if wanted <= 1:
        return wanted == 1
    for e in range(start[unit], start[unit + 1]):
        u = near[e]
        if owner[u] == t and not loose[u]:
            mark[u] = stamp
    mark[first] = stamp + 1
    mark[unit] = stamp + 1
    queue[0] = first
    head, tail, found = 0, 1, 1
    while head < tail:
        v = queue[head]
        head += 1
        for e in range(start[v], start[v + 1]):
            u = near[e]
            if owner[u] != t or loose[u] or mark[u] == stamp + 1:
                continue
            if mark[u] == stamp:
                found += 1
                if found == wanted:
                    return True
            mark[u] = stamp + 1
            queue[tail] = u
            tail += 1
    return False


@njit(cache=True)
def excess(load, lower, upper, t, amount, unit, sign):
    """Give what lies outside the limits of a territory once a unit has come (1), left (-1) or neither (0).

    Its square counts as well, so that excess spreads over territories in a row until it finds room.
    """
    total = 0.0
    for q in range(load.shape[0]):
        value = load[q, t]
        if sign != 0:
            value += sign * amount[q, unit]
        off = max(value - upper[q, t], 0.0) + max(lower[q, t] - value, 0.0)
        total += off + STEEP * off * off
    return total


@njit(cache=True)
def without(cost, reach, members, size, spent, allowed, fixed, t, unit):
    """Give the cost of a territory that a unit has left."""
    if fixed:
        return spent[t] - cost[unit, t]
    low = np.inf
    for m in range(size[t]):
        j = members[t, m]
        if j != unit and allowed[j]:
            low = min(low, reach[t, j] - cost[unit, j])
    return low


@njit(cache=True)
def along(cost, reach, members, size, spent, allowed, fixed, t, unit):
    """Give the cost of a territory that a unit has joined."""
    if fixed:
        return spent[t] + cost[unit, t]
    low = reach[t, unit] + cost[unit, unit] if allowed[unit] else np.inf
    for m in range(size[t]):
        j = members[t, m]
        if allowed[j]:
            low = min(low, reach[t, j] + cost[unit, j])
    return low


@njit(cache=True)
def hand_over(cost, amount, owner, members, place, size, reach, spent, load, fixed, unit, to, left, joined):
    """Give a unit to another territory; `left` and `joined` are what the two cost afterwards."""
    t = owner[unit]
    last = members[t, size[t] - 1]
    members[t, place[unit]] = last
    place[last] = place[unit]
    size[t] -= 1
    members[to, size[to]] = unit
    place[unit] = size[to]
    size[to] += 1
    owner[unit] = to
    spent[t] = left
    spent[to] = joined
    for q in range(load.shape[0]):
        load[q, t] -= amount[q, unit]
        load[q, to] += amount[q, unit]
    if not fixed:
        for j in range(reach.shape[1]):
            reach[t, j] -= cost[unit, j]
            reach[to, j] += cost[unit, j]


@njit(cache=True)
def seat(cost, amount, owner, k, fixed, allowed):
    """Set up the books of all territories: members, place, size, reach, spent, load."""
    n = len(owner)
    members = np.zeros((k, n), dtype=np.int64)
    place = np.zeros(n, dtype=np.int64)
    size = np.zeros(k, dtype=np.int64)
    reach = np.zeros((k, 0 if fixed else n))
    spent = np.zeros(k)
    load = np.zeros((amount.shape[0], k))
    for i in range(n):
        t = owner[i]
        members[t, size[t]] = i
        place[i] = size[t]
        size[t] += 1
        for q in range(amount.shape[0]):
            load[q, t] += amount[q, i]
        if fixed:
            spent[t] += cost[i, t]
        else:
            for j in range(n):
                reach[t, j] += cost[i, j]
    if not fixed:
        for t in range(k):
            spent[t] = np.inf
            for m in range(size[t]):
                if allowed[members[t, m]]:
                    spent[t] = min(spent[t], reach[t, members[t, m]])
    return members, place, size, reach, spent, load


@njit(cache=True)
def anneal(
    start, near, close, loose, pinned, allowed, cost, amount, lower, upper, fixed,
    owner, members, place, size, reach, spent, load, best, known, luck, steps, heat, price, chains,
):  # fmt: skip
    """Move units between territories that touch, at one temperature; excess over limits costs `price`.

    A move that is refused and breaks a limit may be tried again as the first of a chain of two: the territory
    that was given a unit passes another on. The best division without excess goes to `best`.

    Returns
    -------
    The cost of `best`, and how many steps ended without excess.
    """
    n = len(owner)
    k = len(size)
    mark = np.zeros(n, dtype=np.int64)
    queue = np.zeros(n, dtype=np.int64)
    stamp = 2
    over = 0.0
    total = 0.0
    for t in range(k):
        over += excess(load, lower, upper, t, amount, 0, 0)
        total += spent[t]
    kept = 0
    for _ in range(steps):
        if over <= EMPTY:
            kept += 1
        i = int(random(luck) * n)
        a = owner[i]
        if pinned[i] or size[a] == 1:
            continue
        if loose[i]:
            b = owner[close[i, int(random(luck) * close.shape[1])]]
        else:
            degree = start[i + 1] - start[i]
            if degree == 0:
                continue
            u = near[start[i] + int(random(luck) * degree)]
            if loose[u]:
                continue
            b = owner[u]
        if a == b:
            continue
        stamp += 2
        if not loose[i] and not linked_without(start, near, owner, loose, i, mark, queue, stamp):
            continue
        left = without(cost, reach, members, size, spent, allowed, fixed, a, i)
        if left == np.inf:
            continue
        joined = along(cost, reach, members, size, spent, allowed, fixed, b, i)
        before = excess(load, lower, upper, a, amount, i, 0) + excess(load, lower, upper, b, amount, i, 0)
        after = excess(load, lower, upper, a, amount, i, -1) + excess(load, lower, upper, b, amount, i, 1)
        gain = left + joined - spent[a] - spent[b]
        threshold = -heat * np.log(1.0 - random(luck))
        worse = gain + price * (after - before)
        if worse <= threshold:
            hand_over(
                cost, amount, owner, members, place, size, reach, spent, load, fixed, i, b, left, joined
            )
            over += after - before
            total += gain
        elif after > before and random(luck) < chains:
            was_a, was_b = spent[a], spent[b]
            hand_over(
                cost, amount, owner, members, place, size, reach, spent, load, fixed, i, b, left, joined
            )
            done = False
            for _ in range(3):
                j = members[b, int(random(luck) * size[b])]
                if j == i or pinned[j]:
                    continue
                if loose[j]:
                    c = owner[close[j, int(random(luck) * close.shape[1])]]
                else:
                    degree = start[j + 1] - start[j]
                    c = b
                    shift = int(random(luck) * degree)
                    for e in range(degree):
                        u = near[start[j] + (shift + e) % degree]
                        if owner[u] != b and not loose[u]:
                            c = owner[u]
                            break
                if c == b:
                    continue
                then = gain + price * (after - before)
                old = excess(load, lower, upper, b, amount, j, 0) + excess(
                    load, lower, upper, c, amount, j, 0
                )
                new = excess(load, lower, upper, b, amount, j, -1) + excess(
                    load, lower, upper, c, amount, j, 1
                )
                then += price * (new - old)
                if new >= old:
                    continue
                left2 = without(cost, reach, members, size, spent, allowed, fixed, b, j)
                joined2 = along(cost, reach, members, size, spent, allowed, fixed, c, j)
                step = left2 + joined2 - spent[b] - spent[c]
                then += step
                if not then <= threshold:
                    continue
                stamp += 2
                if not loose[j] and not linked_without(start, near, owner, loose, j, mark, queue, stamp):
                    continue
                hand_over(
                    cost, amount, owner, members, place, size, reach, spent, load, fixed, j, c, left2, joined2
                )
                over += after - before + new - old
                total += gain + step
                done = True
                break
            if not done:
                hand_over(
                    cost, amount, owner, members, place, size, reach, spent, load, fixed, i, a, was_b, was_a
                )
        if over <= EMPTY and (known == np.inf or total < known - 1e-9 * abs(known)):
            # Sums drift: what is called the best is added up anew.
            over = 0.0
            total = 0.0
            for t in range(k):
                over += excess(load, lower, upper, t, amount, 0, 0)
                total += spent[t]
            if over <= EMPTY and total < known:
                known = total
                best[:] = owner
    return known, kept
