"""What is compiled of the chains of moves; arrays as in `optimizer.core.kernels`."""

import heapq

import numpy as np
from numba import njit


@njit(cache=True)
def shortest_chain(
    starts, rep, entries, row, amount, lower, upper, load, unit_of, reduced, chosen, first_row, last_row,
    arriving, first_in, members, first_member, begin, step, dear, most,
):  # fmt: skip
    """Search by least cost; a node 2 p + k is pair p chosen, and the rep to look at next the one who gains
    its unit (k = 0) or who loses it (k = 1).
    """
    distance = np.full(2 * len(rep), np.inf)
    before = np.full(2 * len(rep), -1)
    settled = np.zeros(2 * len(rep), dtype=np.bool_)
    heap = [(0.0, -1)]
    followed = np.zeros(len(first_row), dtype=np.int64)
    while len(heap) > 0:
        so_far, node = heapq.heappop(heap)
        disturbed = begin
        if node >= 0:
            if settled[node]:
                continue
            settled[node] = True
            pair = node // 2
            disturbed = rep[chosen[unit_of[pair]]] if node % 2 else rep[pair]
        here = load[first_row[disturbed] : last_row[disturbed]].copy()
        low = lower[first_row[disturbed] : last_row[disturbed]]
        high = upper[first_row[disturbed] : last_row[disturbed]]
        if node >= 0:
            gained = pair if node % 2 == 0 else -1
            lost = chosen[unit_of[pair]] if node % 2 else -1
            _change(here, first_row[disturbed], entries, row, amount, gained, lost)
            if _outside(here, low, high) <= 0.0:
                return _path(node, before)
        if followed[disturbed] >= most:
            continue
        followed[disturbed] += 1
        now = _outside(here, low, high) if node < 0 else 0.0
        for at in range(first_in[disturbed], first_in[disturbed + 1]):
            pair = arriving[at]
            unit = unit_of[pair]
            if rep[chosen[unit]] == disturbed or settled[2 * pair + 1]:
                continue
            after = here.copy()
            _change(after, first_row[disturbed], entries, row, amount, pair, -1)
            left = _outside(after, low, high)
            if left > 0.0 and left >= now:
                continue
            if _visited(rep[chosen[unit]], unit, node, before, rep, chosen, unit_of, begin):
                continue
            length = so_far + step + dear * left + max(reduced[pair] - reduced[chosen[unit]], 0.0)
            if length < distance[2 * pair + 1]:
                distance[2 * pair + 1] = length
                before[2 * pair + 1] = node
                heapq.heappush(heap, (length, 2 * pair + 1))
        for at in range(first_member[disturbed], first_member[disturbed + 1]):
            unit = members[at]
            after = here.copy()
            _change(after, first_row[disturbed], entries, row, amount, -1, chosen[unit])
            left = _outside(after, low, high)
            if left > 0.0 and left >= now:
                continue
            for pair in range(starts[unit], starts[unit + 1]):
                if pair == chosen[unit] or settled[2 * pair]:
                    continue
                if _visited(rep[pair], unit, node, before, rep, chosen, unit_of, begin):
                    continue
                length = so_far + step + dear * left + max(reduced[pair] - reduced[chosen[unit]], 0.0)
                if length < distance[2 * pair]:
                    distance[2 * pair] = length
                    before[2 * pair] = node
                    heapq.heappush(heap, (length, 2 * pair))
    return np.zeros(0, dtype=np.int64)


@njit(cache=True)
def _change(here, first, entries, row, amount, gained, lost):
    """Add what a pair gained gives to a rep's rows, and take away what a pair lost gave."""
    if gained >= 0:
        for e in range(entries[gained], entries[gained + 1]):
            if first <= row[e] < first + len(here):
                here[row[e] - first] += amount[e]
    if lost >= 0:
        for e in range(entries[lost], entries[lost + 1]):
            if first <= row[e] < first + len(here):
                here[row[e] - first] -= amount[e]


@njit(cache=True)
def _outside(here, low, high):
    total = 0.0
    for k in range(len(here)):
        total += max(here[k] - high[k], 0.0) + max(low[k] - here[k], 0.0)
    return total


@njit(cache=True)
def _visited(next_rep, unit, node, before, rep, chosen, unit_of, begin):
    """Say whether a chain has already changed a rep's book or moved a unit."""
    if next_rep == begin:
        return True
    while node >= 0:
        other = unit_of[node // 2]
        if other == unit or rep[node // 2] == next_rep or rep[chosen[other]] == next_rep:
            return True
        node = before[node]
    return False


@njit(cache=True)
def _path(node, before):
    count = 0
    at = node
    while at >= 0:
        count += 1
        at = before[at]
    pairs = np.empty(count, dtype=np.int64)
    for k in range(count):
        pairs[k] = node // 2
        node = before[node]
    return pairs
