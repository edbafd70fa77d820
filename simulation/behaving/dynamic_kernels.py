"""What is compiled of the dynamic program: laws of a step's bookings, and backward induction over them.

Progress is counted in cells of the grid; without numba plain Python.
"""

import math

import numpy as np
from numba import njit

LOST = 1e-4
"""Probability of a step's largest bookings that is put together at its mean."""

WIDE = 6.0
"""Standard deviations of a normal law that are kept."""

MANY = 12.0
"""From so many deals a step on its bookings are taken as normal."""

NEWTON = 12
"""Most steps towards the best effort between two of the efforts tried."""

CLOSE = 1e-6
"""Steps shorter than this, as a share of half the range of efforts, are the last."""


@njit(cache=True)
def _normal_below(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@njit(cache=True)
def _limited(x, mean, cv):
    """E[min(X, x)] of a lognormal amount X, or of a certain one where cv is 0."""
    if x <= 0:
        return 0.0
    if cv <= 0:
        return min(mean, x)
    spread = math.sqrt(math.log1p(cv * cv))
    middle = math.log(mean) - spread * spread / 2
    z = (math.log(x) - middle) / spread
    return mean * _normal_below(z - spread) + x * _normal_below(-z)


@njit(cache=True)
def _amounts(mean, cv, mass):
    """Split a deal's amount between the cells on both sides: the mean stays. Returns the mean square."""
    squares = 0.0
    below, here = -_limited(1.0, mean, cv), 0.0
    for i in range(len(mass)):
        above = _limited(i + 1.0, mean, cv)
        mass[i] = max(2 * here - below - above if i > 0 else 1.0 - above, 0.0)
        squares += mass[i] * i * i
        below, here = here, above
    # What is beyond: the exact squares of the law.
    if cv > 0:
        spread = math.sqrt(math.log1p(cv * cv))
        z = (math.log(len(mass) - 0.5) - math.log(mean) + spread * spread / 2) / spread
        squares += mean * mean * (1 + cv * cv) * _normal_below(2 * spread - z)
    elif mean > len(mass) - 1:
        squares += mean * mean
    return squares


@njit(cache=True)
def amounts(mean, cv, mass):
    """Fill in the law of a deal's amount in cells with exact mean and, where possible, exact variance.

    Splitting an amount between two cells adds scatter, so the lognormal that is split has a little less.
    """
    wanted = mean * mean * (1 + cv * cv)
    square = cv * cv
    for _ in range(6):
        surplus = _amounts(mean, math.sqrt(square), mass) / wanted - 1
        if square == 0 or abs(surplus) < 1e-7:
            return
        square = max(square - surplus * (1 + cv * cv), 0.0)
    _amounts(mean, math.sqrt(square), mass)


@njit(cache=True)
def _many_deals(number, amount, mean, mass):
    """Law of a sum of Poisson many amounts by Panjer's recursion: cells filled, what is left, its place."""
    mass[0] = math.exp(-number * (1.0 - amount[0]))
    whole, middle = mass[0], 0.0
    filled = 1
    while filled < len(amount) and (whole < 1.0 - LOST or filled < mean):
        added = 0.0
        for j in range(1, min(filled + 1, len(amount))):
            added += j * amount[j] * mass[filled - j]
        mass[filled] = number / filled * added
        whole += mass[filled]
        middle += filled * mass[filled]
        filled += 1
    rest = 1.0 - whole
    if rest < 1e-14:
        return filled, 0.0, 0.0
    return filled, rest, (mean - middle) / rest


@njit(cache=True)
def _bell(mean, deviation, first, mass):
    """Law of a normal sum split between cells, with exact mean and, from a cell of deviation on, variance."""
    inner = math.sqrt(max(deviation * deviation - 1.0 / 6.0, 1e-6))
    last = math.ceil(mean + WIDE * deviation) + 1
    count = min(last - first + 1, len(mass))
    whole, middle = 0.0, 0.0
    for i in range(count):
        share = 0.0
        for side, weight in ((-1, 1.0), (0, -2.0), (1, 1.0)):
            x = first + i + side - mean
            z = x / inner
            share += weight * (x * _normal_below(z) + inner * math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
        mass[i] = max(share, 0.0)
        whole += mass[i]
        middle += mass[i] * (first + i)
    for i in range(count):
        mass[i] /= whole
    gap = mean - middle / whole
    at = min(max(round(mean) - first, 0), count - 2)
    mass[at] -= gap
    mass[at + 1] += gap
    return count


@njit(cache=True)
def laws(bookings, deal, cv, variance, elasticity, efforts, amount, mass, first, count, rest, place):
    """Fill in the laws of a step's bookings at all efforts tried.

    Parameters
    ----------
    bookings
        Expected at effort 1, cells.
    deal, cv
        Mean amount of a deal, cells, and its coefficient of variation; where `deal` is 0 bookings are normal.
    variance
        Of normal bookings, cells squared.
    elasticity, efforts
        Bookings are those at effort 1 times 1 + elasticity (effort - 1).
    amount
        Law of an amount, see `amounts`.
    mass, first, count
        Probability of each cell, [efforts, cells], the first cell and how many; may begin below 0.
    rest, place
        Probability that is left, and its place in cells.
    """
    for k in range(len(efforts)):
        share = 1 + elasticity * (efforts[k] - 1)
        mean = bookings * share
        rest[k] = place[k] = 0.0
        number = bookings / deal if deal > 0 else 0.0
        spread = number * share * deal * deal * (1 + cv * cv) if deal > 0 else variance
        deviation = math.sqrt(max(spread, 1e-12))
        if deal > 0 and (number < MANY or 2 * WIDE * deviation + 4 > mass.shape[1]):
            first[k] = 0
            count[k], rest[k], place[k] = _many_deals(number * share, amount, mean, mass[k])
            continue
        first[k] = math.floor(mean - WIDE * deviation) - 1
        count[k] = _bell(mean, deviation, first[k], mass[k])


@njit(cache=True)
def _expect(wide, room, points, mass, first, count, out):
    """Average what comes next over a law; `wide` is continued by `room` cells on both sides."""
    start = room + first
    full = count - count % 4
    out[:] = 0.0
    for k in range(0, full, 4):
        a, b, c, d = mass[k], mass[k + 1], mass[k + 2], mass[k + 3]
        one, two = wide[start + k : start + k + points], wide[start + k + 1 : start + k + 1 + points]
        three, four = (
            wide[start + k + 2 : start + k + 2 + points],
            wide[start + k + 3 : start + k + 3 + points],
        )
        for i in range(points):
            out[i] += a * one[i] + b * two[i] + c * three[i] + d * four[i]
    for k in range(full, count):
        one = wide[start + k : start + k + points]
        for i in range(points):
            out[i] += mass[k] * one[i]


@njit(cache=True)
def _widen(inner, room, wide):
    points = len(inner)
    for i in range(points):
        wide[room + i] = inner[i]
    low, high = inner[1] - inner[0], inner[points - 1] - inner[points - 2]
    for i in range(1, room + 1):
        wide[room - i] = inner[0] - low * i
        wide[room + points - 1 + i] = inner[points - 1] + high * i


@njit(cache=True)
def _worth(inner, room, wide, bent, law, risk, out):
    """Give the certainty equivalent of `inner` after a step at each effort tried, [efforts, points]."""
    mass, first, count, rest, place = law
    points = len(inner)
    _widen(inner, room, wide)
    averaged = wide
    if risk > 0:
        for i in range(room + min(first.min(), 0), room + points + max((first + count).max(), 0)):
            bent[i] = math.exp(-risk * (wide[i] - inner[0]))
        averaged = bent
    for k in range(len(first)):
        _expect(averaged, room, points, mass[k], first[k], count[k], out[k])
        for i in range(points if rest[k] > 0 else 0):
            left = min(int(room + i + place[k]), len(wide) - 2)
            there = wide[left] + (wide[left + 1] - wide[left]) * (room + i + place[k] - left)
            out[k, i] += rest[k] * (math.exp(-risk * (there - inner[0])) if risk > 0 else there)
        for i in range(points if risk > 0 else 0):
            out[k, i] = inner[0] - math.log(out[k, i]) / risk


@njit(cache=True)
def _net(worth, cost, half, places, powers, net, by_power):
    """Take the cost of effort, cost (half (1 + x))^2 / 2, off; what is left also as polynomials of x."""
    tried, points = worth.shape
    for k in range(tried):
        taken = cost * (half * (1 + places[k])) ** 2 / 2
        for i in range(points):
            net[k, i] = worth[k, i] - taken
    by_power[:] = 0.0
    for power in range(tried):
        row = by_power[power]
        for k in range(tried):
            share, one = powers[power, k], net[k]
            for i in range(points):
                row[i] += share * one[i]


@njit(cache=True)
def _best(net, by_power, i, places):
    """Place of the largest value of a point's polynomial near the best of `places`, from -1 to 1."""
    tried, top = len(places), 0
    for k in range(1, tried):
        if net[k, i] > net[top, i]:
            top = k
    x = places[top]
    low, high = places[max(top - 1, 0)], places[min(top + 1, tried - 1)]
    for _ in range(NEWTON):
        slope, bend = 0.0, 0.0
        for power in range(tried - 1, 0, -1):
            bend = bend * x + slope
            slope = slope * x + power * by_power[power, i]
        if slope > 0:
            low = x
        else:
            high = x
        if low == high:
            return x
        after = x - slope / bend if bend < 0 else (low + high) / 2
        if not low <= after <= high:
            after = (low + high) / 2
        if abs(after - x) < CLOSE:
            return after
        x = after
    return x


@njit(cache=True)
def _reached(by_power, i, x):
    total = 0.0
    for power in range(len(by_power) - 1, -1, -1):
        total = total * x + by_power[power, i]
    return total


@njit(cache=True)
def induct(at_once, at_end, bookings, deal, cv, variance, weights, costs, risk, foresees, elasticity, efforts,
           powers, effort, value):  # fmt: skip
    """Work backward from the end of one rep's period, for several ends at once.

    Parameters
    ----------
    at_once, at_end
        Pay credited by progress, and what the end is worth by it, money, [ends, points].
    bookings
        Expected at effort 1 by step, cells, [steps].
    deal, cv, variance
        See `laws`; variance by step, [steps].
    weights
        Patience and present bias by step, [2, steps].
    costs
        kappa by step, money, [steps].
    risk
        Absolute risk aversion, per money.
    foresees
        Whether reps see that their present bias will stay.
    elasticity, efforts, powers
        Efforts tried, rising and more than two, and the matrix that makes powers of values at them.
    effort, value
        To be filled, [ends, steps, points] and [ends, steps + 1, points].
    """
    steps, (ends, points) = len(bookings), at_end.shape
    tried = len(efforts)
    least, half = efforts[0], (efforts[tried - 1] - efforts[0]) / 2
    places = (efforts - least) / half - 1
    mass = np.zeros((tried, 2 * points))
    first, count = np.zeros(tried, dtype=np.int64), np.zeros(tried, dtype=np.int64)
    rest, place = np.zeros(tried), np.zeros(tried)
    law = (mass, first, count, rest, place)
    amount = np.zeros(points)
    if deal > 0:
        amounts(deal, cv, amount)
    room = 2 * points
    wide, bent = np.empty(points + 2 * room), np.empty(points + 2 * room)
    inner, worth = np.empty(points), np.empty((tried, points))
    net, by_power, true = np.empty((tried, points)), np.empty((tried, points)), np.empty((tried, points))
    value[:, steps] = at_end
    for step in range(steps - 1, -1, -1):
        if step == steps - 1 or bookings[step] != bookings[step + 1] or variance[step] != variance[step + 1]:
            laws(bookings[step], deal, cv, variance[step], elasticity, efforts, amount, *law)
        patience, bias = weights[0, step], weights[1, step]
        for end in range(ends):
            chosen, reached, credited = effort[end, step], value[end, step], at_once[end]
            inner[:] = credited + patience * value[end, step + 1]
            _worth(inner, room, wide, bent, law, risk, worth)
            _net(worth, costs[step], half, places, powers, net, true)
            for i in range(points):
                chosen[i] = _best(net, true, i, places)
                reached[i] = _reached(true, i, chosen[i]) - credited[i]
            if bias != 1:
                inner[:] = credited + bias * patience * value[end, step + 1]
                _worth(inner, room, wide, bent, law, risk, worth)
                _net(worth, costs[step], half, places, powers, net, by_power)
                for i in range(points):
                    chosen[i] = _best(net, by_power, i, places)
                    if foresees:
                        reached[i] = _reached(true, i, chosen[i]) - credited[i]
            for i in range(points):
                chosen[i] = least + half * (1 + chosen[i])
