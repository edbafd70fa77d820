"""What is compiled of demand: the points of all streams, without numba plain Python."""

import math

import numpy as np
from numba import njit

from simulation.luck.keyed import child, uniform

AT_ONCE = 500.0
"""Largest mean of a Poisson count that is counted up in one go; exp(-500) is still far from zero."""

FEW = 40
"""Most places that are sorted one by one."""

TINY, ROUNDED_UP = 1e-300, 1 + 1e-9
"""Below the one products lose digits; more than the other no sum of stages is rounded up."""

YEAR = 1 << 32
"""Cells are numbered year x YEAR + layer, so that more layers or years leave the others' numbers alone."""


@njit(cache=True)
def counts_of(key, ids, yearly, years, layers):
    """Count the points of each cell: a stream's layer in a year back.

    Returns
    -------
    Ids of the cells and counts, [streams, years x layers].
    """
    cells = np.empty((len(ids), years * layers), dtype=np.uint64)
    counts = np.empty((len(ids), years * layers), dtype=np.int64)
    for s in range(len(ids)):
        nothing = math.exp(-in_a_part(yearly[s]))
        for back in range(years):
            for layer in range(layers):
                cell = child(ids[s], back * YEAR + layer)
                cells[s, back * layers + layer] = cell
                counts[s, back * layers + layer] = count_up(key, cell, yearly[s], nothing)
    return cells, counts


@njit(cache=True)
def in_a_part(mean):
    """Give the mean of each part in which a Poisson count is counted up."""
    return mean / (int(mean / AT_ONCE) + 1)


@njit(cache=True)
def count_up(key, name, mean, nothing):
    """Turn uniforms into a Poisson count by inversion: the least n with P(N <= n) >= u, in parts if large.

    `nothing` is the chance of none in a part, exp(-in_a_part(mean)).
    """
    each = in_a_part(mean)
    total = 0
    for part in range(int(mean / AT_ONCE) + 1):
        u = uniform(key, name, part)
        term = nothing
        below = term
        n = 0
        # Where the terms have died out, rounding alone keeps the sum below u.
        while u > below and term > 1e-300:
            n += 1
            term *= each / n
            below += term
        total += n
    return total


@njit(cache=True)
def points_of(
    key,
    cells,
    counts,
    customer,
    line,
    growth,
    season,
    ahead,
    layers,
    most,
    demand,
    begins,
    ends,
    hits,
    lines,
    delays,
    time_key,
    stage_days,
):
    """Place the points of all cells; keep those below `most` times their limit, by customer and day.

    Of points before the year those are left out of which nothing can be open on its first day.

    Parameters
    ----------
    key
        Key of the numbers that place points.
    cells, counts
        As of `counts_of`.
    customer, line, growth
        Of the streams, which are in order of customers; growth with the market level.
    season, ahead
        Demand by day of the year over the mean, and by how many days opportunities begin earlier.
    layers, most
        Layers a year, and the largest factor that goodwill may put on a limit.
    demand, begins, ends, hits, lines, delays
        Of shocks that happen; delays of the last decision, days.
    time_key, stage_days
        Key of the numbers that say how long customers take, and the mean of each stage.

    Returns
    -------
    Ids, streams, days, heights and limits of the points.
    """
    size = counts.sum()
    ids = np.empty(size, dtype=np.uint64)
    stream = np.empty(size, dtype=np.int64)
    day = np.empty(size)
    height = np.empty(size)
    limit = np.empty(size)
    year, busiest, surge = len(season), season.max(), np.maximum(demand, 1.0)
    kept = 0
    for s in range(len(cells)):
        # No point's limit is above this one, not by the last bit: it is rounded in the same order.
        highest = growth[s] * busiest
        for e in range(len(surge)):
            highest *= surge[e]
        for c in range(cells.shape[1]):
            back, layer = c // layers, c % layers
            for i in range(counts[s, c]):
                name = child(cells[s, c], i)
                level = uniform(key, name, 1) + layer
                if level >= highest * most:
                    continue
                at = (uniform(key, name, 0) - back) * year
                top = growth[s] * season[math.floor(at + ahead) % year]
                delay = 0.0
                for e in range(len(demand)):
                    if begins[e] <= at < ends[e] and hits[e, customer[s]] and lines[e, line[s]]:
                        top *= demand[e]
                        delay += delays[e]
                if level < top * most and (at >= 0.0 or may_be_open(time_key, name, at + delay, stage_days)):
                    ids[kept], stream[kept], day[kept] = name, s, at
                    height[kept], limit[kept] = level, top
                    kept += 1
    order = by_customer_and_day(customer[stream[:kept]], day[:kept])
    return (
        ids[:kept][order],
        stream[:kept][order],
        day[:kept][order],
        height[:kept][order],
        limit[:kept][order],
    )


@njit(cache=True)
def may_be_open(key, name, day, means):
    """Say whether customers may take as long as into the year, if all stages are passed without waiting."""
    if day < 0.0 and not may_last(key, name, -day, means):
        return False
    k = 0
    while day < 0.0 and k < len(means):
        day += means[k] * -math.log1p(-uniform(key, name, k))
        k += 1
    return day >= 0.0


@njit(cache=True)
def may_last(key, name, days, means):
    """Rule out with one logarithm that all stages together last so long: as if each took the longest mean."""
    longest, chance = 0.0, 1.0
    for k in range(len(means)):
        longest = max(longest, means[k])
        chance *= 1.0 - uniform(key, name, k)
    return chance < TINY or longest * -math.log(chance) * ROUNDED_UP >= days


@njit(cache=True)
def by_customer_and_day(customer, day):
    """Sort points, which are in order of customers already, by customer and within by day."""
    order = np.arange(len(day))
    first = 0
    while first < len(day):
        last = first
        while last < len(day) and customer[last] == customer[first]:
            last += 1
        if last - first > FEW:
            order[first:last] = first + np.argsort(day[first:last], kind="mergesort")
        else:
            insert_by_day(order, day, first, last)
        first = last
    return order


@njit(cache=True)
def insert_by_day(order, day, first, last):
    """Sort a few places by day, each into those before it."""
    for i in range(first + 1, last):
        at = i
        while at > first and day[order[at - 1]] > day[i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
