"""Planning instances of any size: customers around towns, reps among them, today's book, bands around fair
shares.

The recipe, so that figures can be compared: a square of side 100 * sqrt(reps); 0.8 * reps towns with
Zipf(0.7) weights, customers normal around them (sd 18), a quarter of them uniform; hours lognormal(ln 20,
0.8) in tenths; potential 500 * lognormal with exponent 0.7 of hours and noise 0.7; homes by six k-means steps
on an hours-weighted sample, then normal(0, 8); capacity the mean load of the eight nearest reps * U(0.9,
1.1), scaled to 92 % use; four segments, each rep skilled in one and half skilled in others with probability
0.35; today's owner the nearest candidate with probability 0.7, else geometric among candidates.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from optimizer.core.assignment import Budget, Measure, Problem

UTILIZATION = 0.92
VISIT_HOURS = 3.0


@dataclass(frozen=True, eq=False)
class Instance:
    """A made-up company in arrays.

    Parameters
    ----------
    problem
        The core problem: measures "hours" and "potential" in bands around capacity shares.
    place, home
        Coordinates of customers and reps.
    hours, potential
        A year's work and possible sales by customer.
    capacity
        Hours by rep.
    owner
        Today's rep of each customer.
    """

    problem: Problem
    place: np.ndarray
    home: np.ndarray
    hours: np.ndarray
    potential: np.ndarray
    capacity: np.ndarray
    owner: np.ndarray


def planning(
    customers: int,
    reps: int,
    *,
    candidates: int = 15,
    seed: int = 0,
    hours_tolerance: float = 0.05,
    potential_tolerance: float = 0.10,
    move_limit: int | None = None,
) -> Instance:
    """Make a company: `candidates` nearest reps and today's owner may serve a customer, less forbidden
    pairs.
    """
    rng = np.random.default_rng([seed, customers, reps])
    side = 100.0 * np.sqrt(reps)
    place = _places(rng, customers, reps, side)
    hours = np.maximum(np.round(rng.lognormal(np.log(20.0), 0.8, customers), 1), 0.1)
    potential = np.round(500.0 * (hours / 20.0) ** 0.7 * rng.lognormal(0.0, 0.7, customers))
    home = _homes(rng, place, hours, reps)
    k = min(candidates, reps)
    distance, near = cKDTree(home).query(place, k=k)
    distance, near = distance.reshape(customers, k), near.reshape(customers, k)
    capacity = _capacities(rng, home, near[:, 0], hours)
    rank = np.where(rng.random(customers) < 0.7, 0, np.minimum(rng.geometric(0.35, customers), k - 1))
    owner = near[np.arange(customers), rank]

    segment = rng.integers(0, 4, customers)
    skill = np.where(rng.random((reps, 4)) < 0.35, 1, 0)
    skill[np.arange(reps), rng.integers(0, 4, reps)] = 2
    unit, rep = np.repeat(np.arange(customers), k), near.ravel()
    away, mismatch = distance.ravel(), np.array([2.0, 0.6, 0.0])[skill[rep, segment[unit]]]
    cost = hours[unit] / VISIT_HOURS * (2 * away + 3) + mismatch * 0.6 * hours[unit]
    moved = rep != owner[unit]
    cost += moved * (0.25 * hours[unit] + 0.08 * potential[unit])
    forbidden = (mismatch > 1) & (rng.random(len(unit)) < 0.15) & moved
    unit, rep, cost, moved = (a[~forbidden] for a in (unit, rep, cost, moved))
    order = np.lexsort((rep, unit))
    unit, rep, cost, moved = unit[order], rep[order], cost[order], moved[order]

    share = capacity / capacity.sum()
    fair_hours, fair_potential = share * hours.sum(), share * potential.sum()
    measures = (
        Measure(
            "hours",
            hours[unit],
            fair_hours * (1 - hours_tolerance),
            np.minimum(fair_hours * (1 + hours_tolerance), capacity),
        ),
        Measure(
            "potential",
            potential[unit],
            fair_potential * (1 - potential_tolerance),
            fair_potential * (1 + potential_tolerance),
        ),
    )
    budgets = () if move_limit is None else (Budget("moves", moved.astype(float), float(move_limit)),)
    problem = Problem(customers, reps, unit, rep, cost, measures, budgets)
    return Instance(problem, place, home, hours, potential, capacity, owner)


def _places(rng: np.random.Generator, customers: int, reps: int, side: float) -> np.ndarray:
    towns = rng.random((max(round(0.8 * reps), 1), 2)) * side
    weight = np.arange(1, len(towns) + 1) ** -0.7
    town = rng.choice(len(towns), customers, p=weight / weight.sum())
    place = towns[town] + rng.normal(0, 18.0, (customers, 2))
    rural = rng.random(customers) < 0.25
    place[rural] = rng.random((int(rural.sum()), 2)) * side
    return np.clip(place, 0, side)


def _homes(rng: np.random.Generator, place: np.ndarray, hours: np.ndarray, reps: int) -> np.ndarray:
    size = min(len(place), max(40 * reps, 1000))
    sample = rng.choice(len(place), size, replace=False, p=hours / hours.sum())
    points = place[sample]
    homes = points[rng.choice(size, reps, replace=size < reps)]
    for _ in range(6):
        nearest = cKDTree(homes).query(points)[1]
        count = np.bincount(nearest, minlength=reps)
        for axis in range(2):
            total = np.bincount(nearest, weights=points[:, axis], minlength=reps)
            homes[:, axis] = np.where(count > 0, total / np.maximum(count, 1), homes[:, axis])
    return homes + rng.normal(0, 8.0, homes.shape)


def _capacities(
    rng: np.random.Generator, home: np.ndarray, nearest: np.ndarray, hours: np.ndarray
) -> np.ndarray:
    load = np.bincount(nearest, weights=hours, minlength=len(home))
    around = cKDTree(home).query(home, k=min(8, len(home)))[1].reshape(len(home), -1)
    capacity = load[around].mean(axis=1) * rng.uniform(0.9, 1.1, len(home))
    return capacity * hours.sum() / UTILIZATION / capacity.sum()
