"""Hours on the road for one visit: its share of a trip from a rep's home, estimated before there are tours.

The estimate is a continuous approximation. A trip goes to a customer and to the stops around it that are due
at the same time. The way there and back is shared by the visits that fit into the working day (or into
several, with nights away); between the stops there is a hop that follows from their density. It depends on
the pair and its surroundings and not on the plan, so an assignment can be linear in it.

Sources: J. Beardwood, J. Halton, J. Hammersley, *The shortest path through many points*, Proceedings of the
Cambridge Philosophical Society 55 (1959), 299-327: a tour of n random stops in an area A has about
b sqrt(n A) km. b is known from simulation only; A. Percus, O. Martin, Physical Review Letters 76 (1996),
1188-1191, give .7120 +- .0002 with a correction of order 1/n. The form "way there shared by the stops of a
tour plus local hops": C. Daganzo, Transportation Science 18 (1984), 331-350.
How far it is off: `benchmarks/travel.py`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from optimizer.compiling.travel_kernels import best_trips
from scenarios import Scenario
from scenarios.distance import EARTH_RADIUS_KM, great_circle_km
from scenarios.road_factors import road_factor
from scenarios.scenario import CELLS

Numbers = NDArray[np.float64]

TOUR = 0.7124
"""Length of a long tour over sqrt(stops x area), as commonly used; Percus' and Martin's is .06 % less."""

FEW_STOPS = 0.33
"""A tour of n stops is longer by this over n: the order is Percus' and Martin's, the value an assumption."""

SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32)
"""Neighborhoods that come into question for a trip: a customer with its nearest, counted with itself."""

WEEKS_PER_YEAR = 52.0

LEAST_SHARE = 0.01
"""Of the customers around a place, a smaller share than this counts as none."""

AROUND_KM = 10.0
"""Homes that far apart count as about equally near, km."""


def distance_km(scenario: Scenario) -> pd.DataFrame:
    """Great-circle distance from every rep's home to every customer, km, customers x reps."""
    customers, reps = scenario.customers, scenario.reps
    way = great_circle_km(customers["latitude"], customers["longitude"], reps["latitude"], reps["longitude"])
    return pd.DataFrame(way, index=customers.index, columns=reps.index)


def travel_hours(scenario: Scenario) -> pd.DataFrame:
    """Hours of travel for one visit, customers x reps: its share of a trip."""
    return trips(scenario).hours


def travel_cost(scenario: Scenario) -> pd.DataFrame:
    """What travel for one visit costs, hours and nights away, money, customers x reps."""
    found = trips(scenario)
    return found.hours * scenario.travel.cost_per_hour + found.nights * scenario.travel.cost_per_night


@dataclass(frozen=True, eq=False)
class Trips:
    """What the best trip takes of each pair, per visit.

    Parameters
    ----------
    hours
        Travel, hours, customers x reps.
    nights
        Nights away, customers x reps.
    """

    hours: pd.DataFrame
    nights: pd.DataFrame


def trips(scenario: Scenario) -> Trips:
    """Estimate the best trip of each pair: by road or plane, for a day or with nights away.

    Among neighborhoods of every size the one with the least cost per visit is taken:

        stops    customers among the k nearest that are due at the same time, itself included
        hop      0.7124 (1 + 0.33 / stops) sqrt(pi r^2 / stops), r the distance to the farthest of the k
        trip     max(2 x way from home, hop) + (visits - 1) x (hop + time lost between visits)
        visits   stops, or as many as fit into the trip's days

    Of the way from home a stop that lies nearer to it bears less, in proportion.

    One of them is always kept, so asking again costs nothing.
    """
    if "trips" not in scenario.memory:
        found = _estimate(scenario)
        if found.hours.size > CELLS:
            return found
        scenario.memory["trips"] = found
    kept: Trips = scenario.memory["trips"]
    return kept


def road_factors(scenario: Scenario) -> Numbers:
    """Road distance over great-circle distance, by customer."""
    asked = scenario.travel.road_factor
    if asked is not None:
        return np.full(len(scenario.customers), asked)
    countries, names = pd.factorize(scenario.customers["country"])
    return np.array([road_factor(str(name)) for name in names])[countries]


def road_hours(scenario: Scenario) -> Numbers:
    """Hours one way by road from every home to every customer: known ones, others by distance and speed."""
    by_speed = distance_km(scenario).to_numpy() * road_factors(scenario)[:, None]
    by_speed /= scenario.travel.speed_km_per_hour
    known = known_hours(scenario)
    return by_speed if known is None else np.where(np.isnan(known), by_speed, known)


def known_hours(scenario: Scenario) -> Numbers | None:
    """Hours one way as `travel.csv` has them, customers x reps; not a number where it has none.

    Returns
    -------
    None where there is no such table.
    """
    table = scenario.travel_times
    if table.empty:
        return None
    row = scenario.customers.index.get_indexer(pd.Index(table["customer"]))
    column = scenario.reps.index.get_indexer(pd.Index(table["rep"]))
    by_km = table["km"] / scenario.travel.speed_km_per_hour
    hours = (table["minutes"] / 60).fillna(by_km).to_numpy()
    here = (row >= 0) & (column >= 0)
    known = np.full((len(scenario.customers), len(scenario.reps)), np.nan)
    known[row[here], column[here]] = hours[here]
    return known


def known_pairs(scenario: Scenario) -> tuple[int, int]:
    """Count eligible pairs whose way is known, and those whose way is estimated."""
    given = scenario.travel_times
    row = scenario.customers.index.get_indexer(pd.Index(given["customer"]))
    column = scenario.reps.index.get_indexer(pd.Index(given["rep"]))
    allowed = scenario.eligible.to_numpy()
    known = int(allowed[row, column].sum())
    return known, int(allowed.sum()) - known


def _estimate(scenario: Scenario) -> Trips:
    settings, shape = scenario.travel, (len(scenario.customers), len(scenario.reps))
    way, by_road = distance_km(scenario).to_numpy(), road_hours(scenario)
    share = _share_around(scenario, way)
    call = scenario.customers["hours_per_visit"].to_numpy(dtype="float64")
    own = np.column_stack([call, road_factors(scenario) / settings.speed_km_per_hour])
    hours, nights = np.empty(shape), np.empty(shape)
    homes = _on_the_globe(scenario.reps)
    for reps, rows, place, near in _surroundings(scenario):
        cells = np.ix_(rows, reps)
        count = near[0].shape[1]
        hours[cells], nights[cells] = best_trips(
            way[cells],
            by_road[cells],
            share[cells],
            reps,
            own[rows],
            near,
            np.unique(np.minimum(SIZES, count)),
            np.array([settings.hours_per_day, settings.hours_between_visits]),
            np.array([settings.visits_per_trip or np.inf, settings.visits_per_flight or np.inf]),
            np.array([settings.overnight_beyond_km, settings.fly_beyond_km]),
            settings.days_per_trip,
            settings.flight_hours_one_way,
            # where hours cost nothing, trips are still meant to be short
            np.array([settings.cost_per_hour or 1.0, settings.cost_per_night]),
            np.array([TOUR, FEW_STOPS]),
            (place, homes[reps]),
        )
    index, columns = scenario.customers.index, scenario.reps.index
    return Trips(pd.DataFrame(hours, index, columns), pd.DataFrame(nights, index, columns))


def _share_around(scenario: Scenario, way: Numbers) -> Numbers:
    """Say what share of the customers around a customer comes to be a rep's: less, the nearer colleagues are.

    All of them where nobody who may serve the customer lives nearer; else as distances squared (D. Huff,
    Journal of Marketing 28, 1964).
    """
    nearest = np.where(scenario.tours.eligible.to_numpy(), way, np.inf).min(axis=1, keepdims=True)
    share = np.minimum((np.minimum(nearest, way) + AROUND_KM) / (way + AROUND_KM), 1.0) ** 2
    return np.where(share < LEAST_SHARE, 0.0, share)


Near = tuple[NDArray[np.int64], Numbers, Numbers, Numbers]
"""The nearest customers: owner of today, probability to be due together, that times hours, km."""


def _surroundings(scenario: Scenario) -> list[tuple[np.ndarray, np.ndarray, Numbers, Near]]:
    """Give for groups of reps and some customers what lies around those customers for those reps, and where.

    A rep's surroundings are the customers it may serve. Customers it may not serve are measured against all.
    """
    pools = _pools(scenario.whole)
    place = scenario.whole.customers.index.get_indexer(scenario.customers.index)
    groups = []
    for pool in pools[1:]:
        inside = pool.member[place]
        for rows, of in ((np.flatnonzero(inside), pool), (np.flatnonzero(~inside), pools[0])):
            if len(rows):
                groups.append((pool.reps, rows, *_near(scenario, place[rows], of)))
    return groups


@dataclass(frozen=True, eq=False)
class _Pool:
    """Customers that the same reps may serve: who they are, and where."""

    reps: np.ndarray
    member: NDArray[np.bool_]
    tree: cKDTree


def _pools(scenario: Scenario) -> list[_Pool]:
    """Group reps by whom they may serve; the first pool holds all customers and no rep."""
    if "pools" not in scenario.memory:
        points = _on_the_globe(scenario.customers)
        allowed = scenario.tours.eligible.to_numpy()
        packed = np.packbits(allowed, axis=0).T
        _, group = np.unique(packed, axis=0, return_inverse=True)
        all_of_them = np.ones(len(points), dtype=bool)
        pools = [_Pool(np.arange(0), all_of_them, cKDTree(points))]
        for number in range(int(group.max()) + 1):
            reps = np.flatnonzero(group.ravel() == number)
            member = allowed[:, reps[0]]
            tree = pools[0].tree if member.all() else cKDTree(points[member])
            pools.append(_Pool(reps, member, tree))
        scenario.memory["pools"] = pools
    kept: list[_Pool] = scenario.memory["pools"]
    return kept


def _near(scenario: Scenario, place: np.ndarray, pool: _Pool) -> tuple[Numbers, Near]:
    """Look at the nearest customers of a pool around some customers, by their places in the whole table."""
    whole = scenario.whole
    customers, members = whole.customers, np.flatnonzero(pool.member)
    count = min(SIZES[-1], len(members))
    chord, near = pool.tree.query(_on_the_globe(customers.iloc[place]), k=count)
    chord, within = chord.reshape(len(place), count), near.reshape(len(place), count)
    near = members[within]
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    visits = customers["visits_per_year"].to_numpy(dtype="float64")
    call = customers["hours_per_visit"].to_numpy(dtype="float64")
    owner = whole.reps.index.get_indexer(pd.Index(customers["owner"])).astype(np.int64)
    own = visits[place, None]
    due = np.divide(visits[near], own, out=np.ones(near.shape), where=own > 0)
    if scenario.travel.weeks_together is not None:
        due = np.minimum(due, visits[near] * scenario.travel.weeks_together / WEEKS_PER_YEAR)
    due = np.where(near == place[:, None], 0.0, np.minimum(due, 1.0))
    return np.ascontiguousarray(pool.tree.data)[within], (owner[near], due, due * call[near], km)


def _on_the_globe(table: pd.DataFrame) -> Numbers:
    """Give places as points on the unit sphere, [rows, 3]."""
    lat, lon = (np.radians(table[name].to_numpy(dtype="float64")) for name in ("latitude", "longitude"))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
