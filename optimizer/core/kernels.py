"""What is compiled: the loops over pairs of the interior point and of the annealing, without numba plain
Python.

Arrays are those of `optimizer.core.rows.Rows`: pairs of unit u are starts[u] : starts[u + 1], entries of pair
p are entries[p] : entries[p + 1], each with its row and amount. x are shares of pairs, rc reduced costs, v
prices of units, dual prices of rows, y loads of rows.
"""

import numpy as np
from numba import njit

NEGLIGIBLE = 1e-9
"""Pairs whose D = x / rc is below this share of their unit's are left out of the matrix."""

LONGEST_CHAIN = 3
"""Customers that one chain of moves may pass on."""


@njit(cache=True)
def spread(starts, cost):
    """Give the mean over units of the range of costs: how much is at stake a unit."""
    total = 0.0
    for u in range(len(starts) - 1):
        low = np.inf
        high = -np.inf
        for p in range(starts[u], starts[u + 1]):
            low = min(low, cost[p])
            high = max(high, cost[p])
        total += high - low
    return total / max(len(starts) - 1, 1)


@njit(cache=True)
def activity(entries, row, amount, x, count):
    load = np.zeros(count)
    for p in range(len(x)):
        for e in range(entries[p], entries[p + 1]):
            load[row[e]] += amount[e] * x[p]
    return load


@njit(cache=True)
def least(starts, entries, row, amount, cost, dual):
    total = 0.0
    for u in range(len(starts) - 1):
        low = np.inf
        for p in range(starts[u], starts[u + 1]):
            value = cost[p]
            for e in range(entries[p], entries[p + 1]):
                value += dual[row[e]] * amount[e]
            low = min(low, value)
        total += low
    return total


@njit(cache=True)
def gather(first, last, entries, row, amount, x, rc, at, value):
    """Collect the entries of a unit's pairs, each times its pair's D = x / rc; give their number and e'De.

    Pairs whose D no longer matters are left out: they only make the direction a little less exact.
    """
    total = 0.0
    for p in range(first, last):
        total += x[p] / rc[p]
    count = 0
    for p in range(first, last):
        d = x[p] / rc[p]
        if d < NEGLIGIBLE * total:
            continue
        for e in range(entries[p], entries[p + 1]):
            at[count] = row[e]
            value[count] = d * amount[e]
            count += 1
    return count, total


@njit(cache=True)
def most_entries(starts, entries):
    most = 0
    for u in range(len(starts) - 1):
        most = max(most, entries[starts[u + 1]] - entries[starts[u]])
    return most


@njit(cache=True)
def assemble(starts, entries, row, amount, x, rc, half):
    """Add A D A' - (A D e)(A D e)' / e'De of every unit to half of the matrix: its own half with its
    transpose.
    """
    most = most_entries(starts, entries)
    at = np.empty(most, dtype=np.int64)
    value = np.empty(most)
    for u in range(len(starts) - 1):
        count, total = gather(starts[u], starts[u + 1], entries, row, amount, x, rc, at, value)
        for e in range(count):
            line = half[at[e]]
            a = value[e] / total
            for f in range(e):
                line[at[f]] -= a * value[f]
            line[at[e]] -= 0.5 * a * value[e]
        for p in range(starts[u], starts[u + 1]):
            d = x[p] / rc[p]
            for e in range(entries[p], entries[p + 1]):
                for f in range(entries[p], e):
                    half[row[e], row[f]] += d * amount[e] * amount[f]
                half[row[e], row[e]] += 0.5 * d * amount[e] * amount[e]


@njit(cache=True)
def find(indices, first, last, column):
    while first < last:
        middle = (first + last) // 2
        if indices[middle] < column:
            first = middle + 1
        else:
            last = middle
    return first


@njit(cache=True)
def assemble_sparse(starts, entries, row, amount, x, rc, indptr, indices, data):
    """Do the same where the matrix keeps only the places of rows that meet."""
    most = most_entries(starts, entries)
    at = np.empty(most, dtype=np.int64)
    value = np.empty(most)
    for u in range(len(starts) - 1):
        count, total = gather(starts[u], starts[u + 1], entries, row, amount, x, rc, at, value)
        for e in range(count):
            first, last = indptr[at[e]], indptr[at[e] + 1]
            a = value[e] / total
            for f in range(e):
                data[find(indices, first, last, at[f])] -= a * value[f]
            data[find(indices, first, last, at[e])] -= 0.5 * a * value[e]
        for p in range(starts[u], starts[u + 1]):
            d = x[p] / rc[p]
            for e in range(entries[p], entries[p + 1]):
                first, last = indptr[row[e]], indptr[row[e] + 1]
                for f in range(entries[p], e):
                    data[find(indices, first, last, row[f])] += d * amount[e] * amount[f]
                data[find(indices, first, last, row[e])] += 0.5 * d * amount[e] * amount[e]


@njit(cache=True)
def right_side(starts, entries, row, amount, cost, x, rc, v, dual, target, cross, h):
    """Write A g + (A D e)(r_u - e'g) / e'De of every unit, g the step of x with the prices kept."""
    crossed = len(cross) > 0
    for u in range(len(starts) - 1):
        total = 0.0
        sum_g = 0.0
        missing = 1.0
        for p in range(starts[u], starts[u + 1]):
            rd = cost[p] - v[u] - rc[p]
            for e in range(entries[p], entries[p + 1]):
                rd += dual[row[e]] * amount[e]
            d = x[p] / rc[p]
            g = (target - (cross[p] if crossed else 0.0)) / rc[p] - x[p] - d * rd
            total += d
            sum_g += g
            missing -= x[p]
            for e in range(entries[p], entries[p + 1]):
                h[row[e]] += amount[e] * g
        share = (missing - sum_g) / total
        for p in range(starts[u], starts[u + 1]):
            d = x[p] / rc[p] * share
            for e in range(entries[p], entries[p + 1]):
                h[row[e]] += amount[e] * d


@njit(cache=True)
def step(starts, entries, row, amount, cost, x, rc, v, dual, target, cross, step):
    """Give the steps of x, rc and v that follow from the step of the prices, and how far each may go."""
    crossed = len(cross) > 0
    dx = np.empty(len(x))
    drc = np.empty(len(x))
    dv = np.empty(len(starts) - 1)
    most_x = np.inf
    most_rc = np.inf
    for u in range(len(starts) - 1):
        total = 0.0
        missing = 1.0
        for p in range(starts[u], starts[u + 1]):
            rd = cost[p] - v[u] - rc[p]
            move = 0.0
            for e in range(entries[p], entries[p + 1]):
                rd += dual[row[e]] * amount[e]
                move += step[row[e]] * amount[e]
            d = x[p] / rc[p]
            total += d
            g = (target - (cross[p] if crossed else 0.0)) / rc[p] - x[p] - d * rd
            missing -= x[p] + g - d * move
            dx[p] = g - d * move
            drc[p] = move + rd
        dv[u] = missing / total
        for p in range(starts[u], starts[u + 1]):
            dx[p] += x[p] / rc[p] * dv[u]
            drc[p] -= dv[u]
            if dx[p] < 0:
                most_x = min(most_x, -x[p] / dx[p])
            if drc[p] < 0:
                most_rc = min(most_rc, -rc[p] / drc[p])
    return dx, drc, dv, most_x, most_rc


@njit(cache=True)
def product(x, dx, rc, drc, a, b):
    total = 0.0
    for p in range(len(x)):
        total += (x[p] + a * dx[p]) * (rc[p] + b * drc[p])
    return total


@njit(cache=True, inline="always")
def random(state):
    """Give a number in [0, 1): xorshift64* (S. Vigna, ACM TOMS 42, 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, inline="always")
def priced(y, lower, upper, price):
    if y > upper:
        return (y - upper) * price
    if y < lower:
        return (lower - y) * price
    return 0.0


@njit(cache=True, inline="always")
def price_change(p, q, entries, row, amount, y, lower, upper, price):
    """Give what trading pair p for pair q changes in prices of limits; both may touch the same row."""
    change = 0.0
    for e in range(entries[p], entries[p + 1]):
        r = row[e]
        a = -amount[e]
        for f in range(entries[q], entries[q + 1]):
            if row[f] == r:
                a += amount[f]
        change += priced(y[r] + a, lower[r], upper[r], price[r]) - priced(y[r], lower[r], upper[r], price[r])
    for f in range(entries[q], entries[q + 1]):
        r = row[f]
        new = True
        for e in range(entries[p], entries[p + 1]):
            if row[e] == r:
                new = False
        if new:
            change += priced(y[r] + amount[f], lower[r], upper[r], price[r]) - priced(
                y[r], lower[r], upper[r], price[r]
            )
    return change


@njit(cache=True, inline="always")
def trade(p, q, entries, row, amount, y):
    for e in range(entries[p], entries[p + 1]):
        y[row[e]] -= amount[e]
    for e in range(entries[q], entries[q + 1]):
        y[row[e]] += amount[e]


@njit(cache=True)
def anneal(
    starts, rep, cost, entries, row, amount, lower, upper, price, free, chosen, y, members, first, size,
    where, state, steps, temperature, chains,
):  # fmt: skip
    us = np.empty(LONGEST_CHAIN, dtype=np.int64)
    ps = np.empty(LONGEST_CHAIN, dtype=np.int64)
    qs = np.empty(LONGEST_CHAIN, dtype=np.int64)
    for _ in range(steps):
        u = free[int(random(state) * len(free))]
        p = chosen[u]
        k = starts[u + 1] - starts[u]
        q = starts[u] + int(random(state) * (k - 1))
        if q >= p:
            q += 1
        limit = -temperature * np.log(max(random(state), 1e-300))
        change = cost[q] - cost[p] + price_change(p, q, entries, row, amount, y, lower, upper, price)
        if change <= limit:
            trade(p, q, entries, row, amount, y)
            move(u, p, q, rep, chosen, members, where, first, size)
            continue
        if random(state) >= chains:
            continue
        us[0], ps[0], qs[0] = u, p, q
        length = 1
        trade(p, q, entries, row, amount, y)
        while length < LONGEST_CHAIN:
            there = rep[qs[length - 1]]
            least = np.inf
            bu, bp, bq = -1, -1, -1
            for m in range(first[there], first[there] + size[there]):
                w = members[m]
                if length > 1:
                    met = False
                    for d in range(length):
                        met = met or us[d] == w
                    if met:
                        continue
                pw = chosen[w]
                for c in range(starts[w], starts[w + 1]):
                    if c == pw:
                        continue
                    more = cost[c] - cost[pw]
                    more += price_change(pw, c, entries, row, amount, y, lower, upper, price)
                    if more < least:
                        least = more
                        bu, bp, bq = w, pw, c
            if bu < 0:
                break
            us[length], ps[length], qs[length] = bu, bp, bq
            length += 1
            change += least
            trade(bp, bq, entries, row, amount, y)
            if change <= limit:
                break
        if change <= limit:
            for d in range(length):
                move(us[d], ps[d], qs[d], rep, chosen, members, where, first, size)
        else:
            for d in range(length):
                trade(qs[d], ps[d], entries, row, amount, y)


@njit(cache=True)
def seat(rep, chosen, free, first):
    members = np.empty(first[-1], dtype=np.int64)
    where = np.empty(len(chosen), dtype=np.int64)
    size = np.zeros(len(first) - 1, dtype=np.int64)
    for u in free:
        j = rep[chosen[u]]
        where[u] = size[j]
        members[first[j] + size[j]] = u
        size[j] += 1
    return members, where, size


@njit(cache=True, inline="always")
def move(u, p, q, rep, chosen, members, where, first, size):
    j = rep[p]
    size[j] -= 1
    last = members[first[j] + size[j]]
    members[first[j] + where[u]] = last
    where[last] = where[u]
    j = rep[q]
    members[first[j] + size[j]] = u
    where[u] = size[j]
    size[j] += 1
    chosen[u] = q
