"""What is compiled for the bound of territories with free centers: every center's cheapest book.

cost[j, i] is what unit i costs with center j, open_[j, i] whether that may be, own[j] is cost[j, j]. A book
holds its center and of other units what pays: their prices and their costs there decide.
"""

import heapq

import numpy as np
from numba import njit


@njit(cache=True)
def lists(cost, open_, ceiling):
    """List for every center the units it may have whose cost there is at most their ceiling.

    Those of center j are near[begin[j] : begin[j + 1]], itself left out, and cost paid[same].
    """
    n = len(ceiling)
    begin = np.zeros(n + 1, dtype=np.int64)
    for j in range(n):
        count = 0
        if open_[j, j]:
            for i in range(n):
                if i != j and open_[j, i] and cost[j, i] <= ceiling[i]:
                    count += 1
        begin[j + 1] = begin[j] + count
    near = np.empty(begin[n], dtype=np.int32)
    paid = np.empty(begin[n])
    for j in range(n):
        e = begin[j]
        if open_[j, j]:
            for i in range(n):
                if i != j and open_[j, i] and cost[j, i] <= ceiling[i]:
                    near[e] = i
                    paid[e] = cost[j, i]
                    e += 1
    return begin, near, paid


@njit(cache=True)
def book(near, paid, own, price, amount, lower, upper, j, short, served, ratio, which):
    """Fill the cheapest book of a center with some units by a continuous knapsack.

    What it has of each unit is added to `served` if that is not empty. `short` says what becomes of books
    below the lower limit: True leaves them so, False makes them worth inf.

    Returns
    -------
    What the book is worth (inf where the limits cannot be kept) and the price of its load.
    """
    load = amount[j]
    if load > upper:
        return np.inf, 0.0
    tell = len(served) > 0
    if tell:
        served[j] += 1.0
    value = own[j] - price[j]
    total = load
    count = 0
    for e in range(len(near)):
        i = near[e]
        worth = paid[e] - price[i]
        if worth >= 0:
            continue
        if amount[i] > 0:
            ratio[count] = worth / amount[i]
            which[count] = i
            count += 1
            total += amount[i]
        else:
            value += worth
            if tell:
                served[i] += 1.0
    if total > upper:
        return fill(value, load, upper, amount, np.argsort(ratio[:count]), ratio, which, served)
    for o in range(count):
        value += ratio[o] * amount[which[o]]
        if tell:
            served[which[o]] += 1.0
    if total >= lower:
        return value, 0.0
    count = 0
    room = total
    for e in range(len(near)):
        i = near[e]
        worth = paid[e] - price[i]
        if worth >= 0 and amount[i] > 0:
            ratio[count] = worth / amount[i]
            which[count] = i
            count += 1
            room += amount[i]
    if room < lower:
        return (value if short else np.inf), 0.0
    return fill(value, total, lower, amount, np.argsort(ratio[:count]), ratio, which, served)


@njit(cache=True)
def fill(value, load, goal, amount, order, ratio, which, served):
    """Add units in an order until the load reaches a goal, the last in part; give worth and its ratio."""
    last = 0.0
    for o in order:
        i = which[o]
        last = ratio[o]
        part = min((goal - load) / amount[i], 1.0)
        value += part * amount[i] * last
        load += part * amount[i]
        if len(served) > 0:
            served[i] += part
        if part < 1.0:
            break
    return value, last


@njit(cache=True)
def books(begin, near, paid, own, price, amount, lower, upper, candidates, served):
    """Give the worth of every candidate's cheapest book of listed units; see `book` for `served`."""
    n = len(price)
    worth = np.full(n, np.inf)
    ratio = np.empty(n)
    which = np.empty(n, dtype=np.int64)
    for j in candidates:
        some = slice(begin[j], begin[j + 1])
        worth[j], _ = book(
            near[some], paid[some], own, price, amount, lower, upper, j, True, served, ratio, which
        )
    return worth


@njit(cache=True)
def worth_without_limits(begin, near, paid, own, price):
    """Give what each center's cheapest book of listed units is worth without limits: no more than with."""
    n = len(price)
    worth = np.empty(n)
    for j in range(n):
        value = own[j] - price[j]
        for e in range(begin[j], begin[j + 1]):
            value += min(paid[e] - price[near[e]], 0.0)
        worth[j] = value
    return worth


@njit(cache=True)
def books_of_all(cost, open_, own, price, amount, lower, upper, candidates):
    """Give the worth of every candidate's cheapest book of all open units, and the price of its load."""
    n = len(price)
    worth = np.full(n, np.inf)
    load_price = np.zeros(n)
    ratio = np.empty(n)
    which = np.empty(n, dtype=np.int64)
    near = np.empty(n, dtype=np.int32)
    paid = np.empty(n)
    nobody = np.empty(0)
    for j in candidates:
        count = 0
        for i in range(n):
            if i != j and open_[j, i]:
                near[count] = i
                paid[count] = cost[j, i]
                count += 1
        worth[j], load_price[j] = book(
            near[:count], paid[:count], own, price, amount, lower, upper, j, False, nobody, ratio, which
        )
    return worth, load_price


@njit(cache=True)
def ways(start, near, amount, upper):
    """Say which pairs of units fit into one connected territory: the lightest way between them weighs <=
    upper.

    Dijkstra's algorithm on units, [units, units].
    """
    n = len(start) - 1
    fits = np.zeros((n, n), dtype=np.bool_)
    weight = np.empty(n)
    done = np.empty(n, dtype=np.bool_)
    for j in range(n):
        weight[:] = np.inf
        done[:] = False
        weight[j] = amount[j]
        heap = [(amount[j], j)]
        while heap:
            w, i = heapq.heappop(heap)
            if done[i] or w > upper:
                continue
            done[i] = True
            fits[i, j] = True
            for e in range(start[i], start[i + 1]):
                u = near[e]
                if not done[u] and w + amount[u] < weight[u]:
                    weight[u] = w + amount[u]
                    heapq.heappush(heap, (weight[u], u))
    return fits
