import numpy as np
import pytest

from evenfield.plots.projection import EARTH_RADIUS_KM, View, views


def test_it_is_the_projection_of_the_textbook():
    # Snyder 1987, page 291: sphere of radius 1, standard parallels 29.5 and 45.5, origin 23 N 96 W,
    # the point 35 N 75 W is at x = 0.2952720, y = 0.2416774. A view from 25.5 to 49.5 N has these parallels.
    view = View(middle=-96, west=-30, east=30, south=25.5, north=49.5)
    x, y = view.project(np.array([-75.0, -96.0]), np.array([35.0, 23.0]))
    assert x[0] / EARTH_RADIUS_KM == pytest.approx(0.2952720, abs=1e-7)
    assert (y[0] - y[1]) / EARTH_RADIUS_KM == pytest.approx(0.2416774, abs=1e-7)


def test_north_is_up_in_the_south_too():
    view = View(middle=145, west=-10, east=10, south=-45, north=-25)
    x, y = view.project(np.array([144.0, 146.0, 145.0]), np.array([-35.0, -35.0, -30.0]))
    assert x[0] < 0 < x[1]
    assert y[2] > y[0]


@pytest.mark.parametrize("south", [-60.0, -6.0, 30.0])
def test_areas_are_true(south):
    # A square degree has R^2 * (sin north - sin south) * width in radians.
    view = View(middle=0, west=-5, east=5, south=south, north=south + 12)
    x, y = view.project(np.array([1.0, 2.0, 2.0, 1.0]), south + np.array([5.0, 5.0, 6.0, 6.0]))
    area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    bands = np.sin(np.radians([south + 5, south + 6]))
    assert area == pytest.approx(EARTH_RADIUS_KM**2 * np.diff(bands)[0] * np.radians(1), rel=0.002)


def test_continents_become_views_of_their_own_the_largest_first():
    chicago, denver, berlin, paris, sydney = (-88, 42), (-105, 40), (13, 52), (2, 49), (151, -34)
    longitude, latitude = np.array([berlin, chicago, sydney, denver, paris, chicago], dtype=float).T
    found, part = views(longitude, latitude)
    assert len(found) == 3
    assert part.tolist() == [1, 0, 2, 0, 1, 0]


def test_a_view_may_lie_across_the_date_line():
    auckland_and_suva = np.array([174.8, 178.4, -178.0]), np.array([-36.8, -18.1, -17.0])
    found, _ = views(*auckland_and_suva)
    assert len(found) == 1
    assert found[0].east - found[0].west < 10


def test_one_town_is_a_view_with_some_land_around():
    found, _ = views(np.array([10.0, 10.0]), np.array([50.0, 50.0]))
    assert found[0].east - found[0].west > 1
