"""What is compiled to list all connected territories within limits."""

import numpy as np
from numba import njit

LOOK = 30
"""Steps that judging a set takes about as long as."""


@njit(cache=True)
def cheapest(start, near, cost, allowed, amount, lower, upper, some, territories, mark, queue, load):
    """Give what a set of units costs with its best center; inf where the rest cannot be divided.

    Every connected part of the rest has to hold what some whole number of territories may.
    """
    n = len(start) - 1
    mark[:] = 0
    for i in some:
        mark[i] = 1
    fewest = 0
    for root in range(n):
        if mark[root]:
            continue
        queue[0] = root
        mark[root] = 1
        head = 0
        tail = 1
        load[:] = 0.0
        while head < tail:
            v = queue[head]
            head += 1
            for q in range(len(amount)):
                load[q] += amount[q, v]
            for e in range(start[v], start[v + 1]):
                u = near[e]
                if not mark[u]:
                    mark[u] = 1
                    queue[tail] = u
                    tail += 1
        least = 0
        for m in range(1, territories):
            good = True
            for q in range(len(amount)):
                if load[q] < m * lower[q] or load[q] > m * upper[q]:
                    good = False
            if good:
                least = m
                break
        if least == 0:
            return np.inf
        fewest += least
    if fewest > territories - 1:
        return np.inf
    low = np.inf
    for j in some:
        if allowed[j]:
            total = 0.0
            for i in some:
                total += cost[i, j]
            low = min(low, total)
    return low


@njit(cache=True)
def list_territories(
    start, near, cost, allowed, amount, lower, upper, territories, price, most, steps, most_sets, room
):  # fmt: skip
    """List the connected sets of units within limits, each once, where the rest can be divided.

    Sets that cost more than `most` above the prices of their units are left out.

    From every unit as the smallest of its set, neighbors are taken or left in the order in which they come
    into reach (S. Wernicke, IEEE/ACM Transactions on Computational Biology and Bioinformatics 3, 2006).

    Returns
    -------
    Where each set begins in the list of members, that list, their costs, and the steps that are left: -1
    where they, or the room, ran out.
    """
    n = len(start) - 1
    measures = len(amount)
    begins = np.zeros(most_sets + 1, dtype=np.int64)
    members = np.zeros(room, dtype=np.int16)
    count = 0
    reach = np.zeros(n, dtype=np.int64)
    seen = np.zeros(n, dtype=np.bool_)
    taken = np.zeros(n, dtype=np.int64)
    length_before = np.zeros(n, dtype=np.int64)
    load = np.zeros(measures)
    value = np.zeros(most_sets)
    some = np.zeros(n, dtype=np.int64)
    mark = np.zeros(n, dtype=np.int64)
    queue = np.zeros(n, dtype=np.int64)
    apart = np.zeros(measures)
    for root in range(n):
        length = 0
        depth = 0
        at = 0
        seen[:] = False
        for i in range(root + 1):
            seen[i] = True
        for q in range(measures):
            load[q] = 0.0
        new = root
        while True:
            if new >= 0:
                for q in range(measures):
                    load[q] += amount[q, new]
                for e in range(start[new], start[new + 1]):
                    u = near[e]
                    if not seen[u]:
                        seen[u] = True
                        reach[length] = u
                        length += 1
                inside = True
                for q in range(measures):
                    if load[q] < lower[q] or load[q] > upper[q]:
                        inside = False
                if inside:
                    some[0] = root
                    worth = price[root]
                    for d in range(depth):
                        some[1 + d] = reach[taken[d]]
                        worth += price[some[1 + d]]
                    steps -= LOOK
                    paid = cheapest(
                        start, near, cost, allowed, amount, lower, upper, some[: depth + 1], territories,
                        mark, queue, apart,
                    )  # fmt: skip
                    if paid < np.inf and paid - worth <= most:
                        to = begins[count]
                        if count == most_sets or to + depth + 1 > room:
                            return begins[: count + 1], members[:to], value[:count], -1
                        members[to : to + depth + 1] = some[: depth + 1]
                        value[count] = paid
                        count += 1
                        begins[count] = to + depth + 1
                new = -1
            steps -= 1
            if steps < 0:
                return begins[: count + 1], members[: begins[count]], value[:count], -1
            if at < length:
                v = reach[at]
                fits = True
                for q in range(measures):
                    if load[q] + amount[q, v] > upper[q]:
                        fits = False
                if fits:
                    taken[depth] = at
                    length_before[depth] = length
                    depth += 1
                    new = v
                at += 1
            else:
                if depth == 0:
                    break
                depth -= 1
                v = reach[taken[depth]]
                for q in range(measures):
                    load[q] -= amount[q, v]
                for m in range(length_before[depth], length):
                    seen[reach[m]] = False
                length = length_before[depth]
                at = taken[depth] + 1
    return begins[: count + 1], members[: begins[count]], value[:count], steps
