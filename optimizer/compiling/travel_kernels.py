"""Compiled loops of the travel estimate: the best trip of every pair of customer and rep.

Plain functions of arrays; `travel.py` says what they mean.
"""

import math

import numba
import numpy as np

from scenarios.distance import EARTH_RADIUS_KM


@numba.njit(cache=True, nogil=True)
def best_trips(
    way, road, share, reps, own, near, sizes, day, most, beyond, longest, flight, price, tour, globe
):
    """Choose for every pair the trip with the least cost per visit.

    Parameters
    ----------
    way
        Great-circle km from home, [customers, reps].
    road
        One way by road, hours, [customers, reps].
    share
        Share of the customers around, besides those a rep serves today, that come to be the rep's,
        [customers, reps].
    reps
        Positions of the reps, as owners of customers name them.
    own
        Of every customer: hours of a visit, hours by road for a km of great circle, [customers, 2].
    near
        The nearest customers: owner of today, probability to be due on the same trip, that times hours of a
        visit, km, each [customers, nearest].
    sizes
        Numbers of the nearest that come into question for a trip, rising.
    day
        Hours of a working day, and those lost between two visits besides the drive.
    most
        Most visits on a trip by road, by plane.
    beyond
        Km beyond which nights, flights are allowed.
    longest
        Most days of a trip.
    flight
        Hours one way by plane.
    price
        Of an hour, of a night.
    tour
        Length of a tour over sqrt(stops x area), and its correction for few stops.
    globe
        Places on the unit sphere: of the nearest customers, [customers, nearest, 3], and homes, [reps, 3].

    Returns
    -------
    Hours of travel and nights away per visit, [customers, reps].
    """
    owner, due, due_call, km = near
    place, home = globe
    hours, nights = np.empty(way.shape), np.zeros(way.shape)
    for i in range(way.shape[0]):
        for j in range(way.shape[1]):
            least = np.inf
            stops, sharing, calls, at = 1.0, 1.0, own[i, 0], 0
            far = 2 * math.sin(way[i, j] / (2 * EARTH_RADIUS_KM))
            alone = share[i, j] == 0.0
            if alone:
                for k in range(owner.shape[1]):
                    if owner[i, k] == reps[j]:
                        alone = False
                        break
            for size in sizes:
                if alone and size > 1:
                    break
                while at < size:
                    part = 1.0 if owner[i, at] == reps[j] else share[i, j]
                    if due[i, at] > 0.0:
                        away_at = (
                            (place[i, at, 0] - home[j, 0]) ** 2
                            + (place[i, at, 1] - home[j, 1]) ** 2
                            + (place[i, at, 2] - home[j, 2]) ** 2
                        )
                        nearer = away_at < far * far
                        sharing += part * due[i, at] * (math.sqrt(away_at) / far if nearer else 1.0)
                    stops += part * due[i, at]
                    calls += part * due_call[i, at]
                    at += 1
                call, hop = calls / stops, 0.0
                if stops > 1.0:
                    hop = tour[0] * (1 + tour[1] / stops) * math.sqrt(math.pi / stops)
                    hop *= km[i, size - 1] * own[i, 1]
                between = hop + day[1]
                for by_plane in range(2):
                    one_way = road[i, j]
                    if by_plane == 1:
                        if way[i, j] <= beyond[1] or flight >= one_way:
                            continue
                        one_way = flight
                    away = by_plane == 1 or way[i, j] > beyond[0]
                    haul = max(2 * one_way, hop)
                    for days in range(1, longest + 1 if away else 2):
                        visits, fits = min(stops, most[by_plane]), True
                        if call + between > 0:
                            room = math.floor((days * day[0] - haul + between) / (call + between) + 1e-9)
                            fits = visits <= room
                            visits = min(visits, room)
                        if visits >= 1.0:
                            bear = max(visits * sharing / stops, 1.0)
                            travel = haul / bear + (visits - 1.0) / visits * between
                            cost = travel * price[0] + (days - 1) / bear * price[1]
                            if cost < least:
                                least = cost
                                hours[i, j], nights[i, j] = travel, (days - 1) / bear
                        if fits:
                            break
            if least == np.inf:  # not even one visit fits
                one_way = min(road[i, j], flight) if way[i, j] > beyond[1] else road[i, j]
                days = math.ceil((2 * one_way + own[i, 0]) / day[0])
                near_by = way[i, j] <= beyond[0] and 2 * one_way <= day[0] / 2
                hours[i, j] = 2 * one_way * (days if near_by else 1)  # home every evening, or not
                nights[i, j] = 0.0 if near_by else days - 1.0
    return hours, nights
