"""Shapes against figures whose moments and mean ways are known."""

import numpy as np
import pytest

from optimizer.areas.shape import (
    mean_km_of_disc,
    mean_km_of_ellipse,
    mean_km_of_sector,
    opening_of,
    shapes,
)
from optimizer.areas.units import Areas, Division


def shape_of(at: np.ndarray, home: tuple[float, float], area: float):  # type: ignore[no-untyped-def]
    """Give the shape of one territory of points of equal area, with one more at home that counts nothing."""
    points = np.concatenate([at, [home]])
    size = np.append(np.full(len(at), area / len(at)), 1e-9)
    weight = np.append(np.ones(len(at)), 0.0)
    names = tuple(map(str, range(len(points))))
    areas = Areas(names, points[:, 0], points[:, 1], weight, {}, np.empty((0, 2), dtype=int), size_km2=size)
    owner, center = np.zeros(len(points), dtype=int), np.array([len(at)])
    return shapes(areas, Division(owner, center, 0.0, 0.0, False, "optimal", 0.0, ""))[0]


def points_of_a_disc(count: int = 40) -> np.ndarray:
    side = np.linspace(-1, 1, 2 * count + 1)
    x, y = np.meshgrid(side, side)
    return np.column_stack([x.ravel(), y.ravel()])[np.hypot(x, y).ravel() <= 1]


def test_a_disc_is_round() -> None:
    shape = shape_of(points_of_a_disc(), (0.0, 0.0), np.pi)
    assert shape.kind == "round"
    assert shape.elongation == pytest.approx(1.0, abs=1e-6)
    assert shape.implied_km == pytest.approx(2 / 3)
    assert shape.actual_km == pytest.approx(2 / 3, rel=0.01)


def test_an_ellipse_is_oval() -> None:
    shape = shape_of(points_of_a_disc() * (3.0, 1.0), (0.0, 0.0), 3 * np.pi)
    assert shape.kind == "oval"
    assert shape.elongation == pytest.approx(3.0, rel=0.01)
    assert shape.implied_km == pytest.approx(shape.actual_km, rel=0.01)


@pytest.mark.parametrize("opening", [30.0, 90.0, 150.0])
def test_a_sector_with_its_home_at_the_tip_is_a_wedge(opening: float) -> None:
    disc = points_of_a_disc(80)
    angle = np.degrees(np.abs(np.arctan2(disc[:, 1], disc[:, 0])))
    shape = shape_of(disc[angle <= opening / 2], (0.0, 0.0), np.pi * opening / 360)
    assert shape.kind == "wedge"
    assert shape.opening_degrees == pytest.approx(opening, rel=0.05)
    assert shape.implied_km == pytest.approx(2 / 3, rel=0.03)
    assert shape.actual_km == pytest.approx(2 / 3, rel=0.02)


def test_closed_forms_meet_where_shapes_do() -> None:
    assert mean_km_of_ellipse(5.0, 1.0) == pytest.approx(mean_km_of_disc(5.0))
    assert mean_km_of_sector(5.0, 360.0) == pytest.approx(mean_km_of_disc(5.0))
    assert mean_km_of_disc(5.0) < mean_km_of_ellipse(5.0, 2.0) < mean_km_of_sector(5.0, 90.0)
    assert opening_of(0.0) == 360.0
    assert opening_of(2 * np.sqrt(2) / 3 * np.sinc(0.25)) == pytest.approx(90.0)
