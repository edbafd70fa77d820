"""What is compiled for the bound of territories with free centers: every center's cheapest book.

X `open_` says which pairs are still allowed.
"""

import heapq

import numpy as np
from numba import njit


@njit(cache=True)
def book(cost, open_, around, price, amount, lower, upper, j, share):
    """Fill the cheapest book of a center by a continuous knapsack.

    `share` is overwritten with the fraction of each unit in the book.

    Returns
    -------
    What the book is worth (inf where the limits cannot be kept) and the price of its load.
    """
    share[:] = 0.0
    if not open_[j, j]:
        return np.inf, 0.0
    share[j] = 1.0
    value = cost[j, j] - price[j]
    load = amount[j]
    if load > upper:
        return np.inf, 0.0
    count = 0
    ratio = np.empty(around.shape[1])
    which = np.empty(around.shape[1], dtype=np.int64)
    for i in around[j]:
        if i == j or not open_[j, i]:
            continue
        worth = cost[j, i] - price[i]
        if worth >= 0:
            continue
        if amount[i] <= 0:
            value += worth
            share[i] = 1.0
        else:
            ratio[count] = worth / amount[i]
            which[count] = i
            count += 1
    paid = 0.0
    order = np.argsort(ratio[:count])
    for o in order:
        i = which[o]
        worth = cost[j, i] - price[i]
        if load + amount[i] > upper:
            part = max(upper - load, 0.0) / amount[i]
            share[i] = part
            value += part * worth
            load = upper
            paid = ratio[o]
            break
        share[i] = 1.0
        value += worth
        load += amount[i]
    if load >= lower:
        return value, paid
    count = 0
    for i in around[j]:
        if i == j or not open_[j, i] or amount[i] <= 0:
            continue
        worth = cost[j, i] - price[i]
        if worth >= 0:
            ratio[count] = worth / amount[i]
            which[count] = i
            count += 1
    order = np.argsort(ratio[:count])
    for o in order:
        i = which[o]
        worth = cost[j, i] - price[i]
        if load + amount[i] >= lower:
            part = (lower - load) / amount[i]
            share[i] = part
            return value + part * worth, ratio[o]
        share[i] = 1.0
        value += worth
        load += amount[i]
    return np.inf, 0.0


@njit(cache=True)
def books(cost, open_, around, price, amount, lower, upper, candidates):
    """Give the worth of every candidate's cheapest book, and the price of its load."""
    n = len(price)
    worth = np.full(n, np.inf)
    paid = np.zeros(n)
    share = np.empty(n)
    for j in candidates:
        worth[j], paid[j] = book(cost, open_, around, price, amount, lower, upper, j, share)
    return worth, paid


@njit(cache=True)
def served(cost, open_, around, price, amount, lower, upper, chosen):
    """Add up how much of each unit the books of the chosen centers hold."""
    n = len(price)
    total = np.zeros(n)
    share = np.empty(n)
    for j in chosen:
        book(cost, open_, around, price, amount, lower, upper, j, share)
        total += share
    return total


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
