"""The bound with free centers: below the best, and near it where units are many."""

import itertools

import numpy as np
import pytest
from scipy.spatial import Delaunay

from optimizer.areas import bound_kernels as kernels
from optimizer.areas.division import divide
from optimizer.areas.rules import violations
from optimizer.areas.units import Areas


def random_units(units: int, seed: int) -> Areas:
    """Places in a square of 1,000 km, uneven, each touching its Delaunay neighbors."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 1000, (units, 2))
    first, near = Delaunay(at).vertex_neighbor_vertices
    edges = np.column_stack([np.repeat(np.arange(units), np.diff(first)), near])
    weight = rng.lognormal(0, 0.5, units)
    names = tuple(f"u{i}" for i in range(units))
    return Areas(names, at[:, 0], at[:, 1], weight, {"work": weight}, edges[edges[:, 0] < edges[:, 1]])


def test_with_many_units_the_bound_comes_near_the_plan() -> None:
    areas = random_units(900, 1)
    how = {"balance": {"work": 0.05}}
    found = divide(areas, 20, compactness="median", work_limit=4_000_000, **how)
    assert violations(areas, found, 20, **how) == ()
    assert found.gap < 0.03


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 9.0), (0.0, 3.0), (4.0, 5.0), (5.0, 5.0)])
def test_a_book_is_the_cheapest_within_limits(lower: float, upper: float) -> None:
    # Units of load 1: a continuous knapsack is a whole one, and all books can be tried.
    rng = np.random.default_rng(3)
    n = 7
    paid, price, own = rng.uniform(0, 10, n), rng.uniform(0, 10, n), rng.uniform(0, 10, n)
    near = np.arange(1, n, dtype=np.int32)
    served, rooms = np.zeros(n), (np.empty(n), np.empty(n, dtype=np.int64))
    worth, _ = kernels.book(
        near, paid[1:], own, price, np.ones(n), lower, upper, 0, False, served, *rooms
    )  # fmt: skip
    tried = [
        own[0] - price[0] + sum(paid[i] - price[i] for i in some)
        for size in range(n)
        for some in itertools.combinations(range(1, n), size)
        if lower <= 1 + size <= upper
    ]
    assert worth == pytest.approx(min(tried))
    assert own[0] - price[0] + (served[1:] @ (paid - price)[1:]) == pytest.approx(worth)


def test_a_book_that_stays_too_small_is_worth_nothing() -> None:
    near, paid = np.array([1], dtype=np.int32), np.array([1.0])
    rest = (np.zeros(2), np.ones(2), np.ones(2), 3.0, 4.0, 0)
    rooms = (np.empty(0), np.empty(2), np.empty(2, dtype=np.int64))
    assert kernels.book(near, paid, *rest, False, *rooms)[0] == np.inf
    # While prices climb it stands with what pays: itself, at 0 - 1.
    assert kernels.book(near, paid, *rest, True, *rooms)[0] == pytest.approx(-1.0)
