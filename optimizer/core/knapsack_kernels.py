"""What is compiled of the knapsack bound: each rep's best book within the limits of one measure, without
numba plain Python.

Arrays are sorted by rep: items of rep j are first[j] : first[j + 1], each with its worth (any sign) and its
whole amount >= 0.
"""

import numpy as np
from numba import njit

CORE = 24
"""Items in question at first, where nothing is known of how far a book falls short of the divisible one."""

BLUR = 1e-9
"""Share of the largest worth by which an item must miss a book before it counts as out."""


@njit(cache=True)
def slope(worth, amount, lower, upper):
    """Give the price of a unit of amount at which the divisible items just fit: the critical item's ratio."""
    load = 0.0
    for i in range(len(worth)):
        if worth[i] > 0:
            load += amount[i]
    if lower <= load <= upper:
        return 0.0
    target = upper if load > upper else lower
    ratio = np.empty(len(worth))
    total = 0.0
    for i in range(len(worth)):
        ratio[i] = worth[i] / amount[i] if amount[i] > 0 else 0.0
        total += amount[i]
    if total < target:
        return 0.0
    gone = 0.0
    for i in np.argsort(-ratio):
        gone += amount[i]
        if gone > target:
            return max(ratio[i], 0.0) if load > upper else min(ratio[i], 0.0)
    return 0.0


@njit(cache=True)
def choose(keep, turn, loss, least, turned):
    for d in range(len(keep)):
        flipped = turn[d] + loss
        turned[d] = flipped < keep[d]
        least[d] = min(flipped, keep[d])


@njit(cache=True)
def fill(apart, shift, lower, upper, price, flip):
    """Decide by dynamic programming over whole loads which items to decide against their sign.

    Item k then shifts the load by shift[k] and loses apart[k]; the shifts together must come to something
    from `lower` to `upper`, each unit of which is worth `price` (R. Bellman 1957; cells from which no load
    within the limits can be reached are left out).

    Returns
    -------
    The best worth, -inf where no shift is within the limits; and the cells gone through.
    """
    count = len(shift)
    down = np.zeros(count + 1, dtype=np.int64)
    up = np.zeros(count + 1, dtype=np.int64)
    for k in range(count):
        down[k + 1] = down[k] + min(shift[k], 0)
        up[k + 1] = up[k] + max(shift[k], 0)
    low = np.maximum(down, lower - (up[count] - up))
    high = np.minimum(up, upper - (down[count] - down))
    if (low > high).any():
        return -np.inf, 0
    zero = low.min()
    width = high.max() - zero + 1
    lost = np.full(width, np.inf)
    lost[-zero] = 0.0
    after = np.empty(width)
    flipped = np.zeros((count, width), dtype=np.bool_)
    cells = 0
    for k in range(count):
        first, last = low[k + 1] - zero, high[k + 1] - zero + 1
        # Flipped, the load came from a cell that lies `shift` before; outside the last window nothing is.
        old_first, old_last = low[k] - zero, high[k] - zero + 1
        lost[first:old_first] = np.inf
        lost[old_last:last] = np.inf
        a = min(max(old_first + shift[k], first), last)
        b = max(min(old_last + shift[k], last), a)
        after[first:a] = lost[first:a]
        after[b:last] = lost[b:last]
        choose(lost[a:b], lost[a - shift[k] : b - shift[k]], apart[k], after[a:b], flipped[k, a:b])
        lost, after = after, lost
        cells += last - first
    best = -np.inf
    at = -1
    for d in range(low[count] - zero, high[count] - zero + 1):
        value = price * (d + zero) - lost[d]
        if value > best:
            best = value
            at = d
    if at < 0:
        return -np.inf, cells
    for k in range(count - 1, -1, -1):
        flip[k] = flipped[k, at]
        if flip[k]:
            at -= shift[k]
    return best, cells


@njit(cache=True)
def best_book(worth, amount, lower, upper, guess, take):
    """Choose items of the greatest total worth whose load is within the limits, exactly.

    At the price of a unit, reduced = worth - price * amount. Deciding an item against the sign of its reduced
    worth loses |reduced| against the divisible optimum, so items that lose more than the best book does need
    no decision (reduction: Martello and Toth 1990, 2.2.3). How much that is, is guessed and then known.

    Returns
    -------
    The worth of the book (-inf where there is none), what it loses, and the cells gone through.
    """
    price = slope(worth, amount, lower, upper)
    reduced = worth - price * amount
    apart = np.abs(reduced)
    most = 0.0
    free = 0.0
    load = 0
    for i in range(len(worth)):
        most = max(most, apart[i])
        if reduced[i] > 0:
            free += reduced[i]
            load += amount[i]
    top = free + (price * upper if price > 0 else price * lower)
    blur = BLUR * most
    cells = 0
    if price == 0.0 and lower <= load <= upper:
        take[:] = reduced > 0
        return free, 0.0, cells
    if guess < 0:
        guess = np.sort(apart)[CORE] if len(apart) > CORE else most
    while True:
        core = np.flatnonzero(apart <= guess + blur)
        core = core[np.argsort(-apart[core])]
        shift = np.where(reduced[core] > 0, -amount[core], amount[core])
        flip = np.zeros(len(core), dtype=np.bool_)
        found, more = fill(apart[core], shift, lower - load, upper - load, price, flip)
        cells += more
        value = free + price * load + found
        loss = top - value
        if len(core) == len(worth) or loss <= guess:
            take[:] = reduced > 0
            take[core] ^= flip
            return value, max(loss, 0.0), cells
        guess = loss if found > -np.inf else max(4 * guess, guess + 0.01 * most)


@njit(cache=True)
def best_books(first, worth, amount, lower, upper, guess, take):
    """Choose every rep's best book; `guess` is what each loses, a guess before and the truth after.

    Returns
    -------
    The worth of all books (-inf where a rep has none), and the cells gone through.
    """
    total = 0.0
    cells = 0
    for j in range(len(first) - 1):
        a, b = first[j], first[j + 1]
        value, loss, more = best_book(worth[a:b], amount[a:b], lower[j], upper[j], guess[j], take[a:b])
        total += value
        cells += more
        if value > -np.inf:
            guess[j] = loss
    return total, cells
