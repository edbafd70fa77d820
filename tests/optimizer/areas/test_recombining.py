"""Recombination brings loads within limits and keeps territories in one piece."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.areas.contiguity import components, graph_of
from optimizer.areas.model import Model, nearest_units
from optimizer.areas.recombining import recombine
from optimizer.areas.search import draw_centers, start_from
from optimizer.core.stopping import Watch


def model_of(
    at: np.ndarray,
    edges: np.ndarray,
    people: np.ndarray,
    k: int,
    share: float,
    seats: list[int] | None = None,
) -> Model:
    """Units at some places, in territories within a share of an equal load."""
    n = len(at)
    distance = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
    graph, limit = graph_of(n, edges), np.ones((1, k))
    chosen = None if seats is None else np.array(seats)
    cost = people[:, None] * distance**2
    return Model(
        graph, np.ascontiguousarray(cost if chosen is None else cost[:, chosen]), k,
        (people / people.sum() * k)[None, :], limit * (1 - share), limit * (1 + share), ("people",),
        np.zeros(n, dtype=bool), np.ones(n, dtype=bool), chosen, nearest_units(distance), components(graph),
    )  # fmt: skip


def row_of(n: int, k: int, seats: list[int] | None = None) -> Model:
    at = np.column_stack([np.arange(n), np.zeros(n)]).astype(float)
    return model_of(at, np.column_stack([np.arange(n - 1), np.arange(1, n)]), np.ones(n), k, 0.0, seats)


def test_units_pass_through_a_territory_that_has_enough() -> None:
    # Twelve in a row: seven, four and one. The last needs three, of which the first has to give all, and the
    # one between them passes them on.
    model = row_of(12, 3)
    owner = np.array([0] * 7 + [1] * 4 + [2])
    found = recombine(model, owner, Watch(30.0, None, 0.0), seed=1)
    assert found.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert owner.tolist() == [0] * 7 + [1] * 4 + [2]


def test_fixed_centers_stay_in_their_territories() -> None:
    model = row_of(12, 3, seats=[11, 5, 0])
    owner = np.array([2] + [1] * 10 + [0])
    found = recombine(model, owner, Watch(30.0, None, 0.0), seed=1)
    assert found.tolist() == [2] * 4 + [1] * 4 + [0] * 4


def test_centers_in_the_way_leave_the_least_excess() -> None:
    # With centers at both ends of one territory's share nothing helps: a and b next to each other.
    model = row_of(6, 2, seats=[0, 1])
    found = recombine(model, np.array([0, 1, 1, 1, 1, 1]), Watch(30.0, None, 0.0), seed=1)
    assert found.tolist() == [0, 1, 1, 1, 1, 1]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_uneven_units_come_within_five_percent_in_one_piece(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wide, k = 20, 8
    at = np.array([(x, y) for y in range(wide) for x in range(wide)], dtype=float)
    number = np.arange(wide * wide).reshape(wide, wide)
    edges = np.concatenate(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    model = model_of(at, edges, rng.lognormal(0, 1, wide * wide), k, 0.05)
    owner = start_from(model, draw_centers(model, rng), rounds=1)
    assert not model.keeps(owner)
    found = recombine(model, owner, Watch(60.0, None, 0.0), seed=seed)
    assert model.keeps(found)
    assert model.loads(found).sum() == pytest.approx(k)
