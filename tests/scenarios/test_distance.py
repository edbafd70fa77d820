"""Distances on the Earth."""

import numpy as np
import pytest

from scenarios.distance import EARTH_RADIUS_KM, great_circle_km


def test_a_degree_of_the_equator_and_of_a_meridian():
    degree = EARTH_RADIUS_KM * np.pi / 180
    way = great_circle_km([0.0], [0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0])
    assert way.shape == (1, 3)
    assert way[0] == pytest.approx([degree, degree, 0.0])


def test_new_york_and_los_angeles():
    way = great_circle_km([40.7128], [-74.0060], [34.0522], [-118.2437])
    assert way[0, 0] == pytest.approx(3936, abs=1)
