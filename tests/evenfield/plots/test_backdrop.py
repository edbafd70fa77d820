import numpy as np

from evenfield.plots import outlines
from evenfield.plots.backdrop import land
from evenfield.plots.projection import View

EUROPE = View(middle=8, west=-8, east=8, south=44, north=54)


def test_outlines_hold_all_states_and_nearly_all_countries():
    names = [area.name for area in outlines.read()]
    assert {"Ohio", "Alaska", "France", "Australia", "Brazil"} <= set(names)
    assert names.count("Georgia") == 2  # the state and the country
    assert "United States of America" not in names  # it is there state by state


def test_rings_are_closed_and_on_the_globe():
    for area in outlines.read():
        for ring in area.rings:
            assert (ring[0] == ring[-1]).all(), area.name
            assert np.abs(ring).max() <= 180


def test_land_is_cut_to_a_little_more_than_the_frame():
    x, y = land(EUROPE, 1200.0, 1100.0)
    assert 600 < np.nanmax(np.abs(x)) < 2000
    assert 550 < np.nanmax(np.abs(y)) < 1200


def test_open_sea_has_no_land():
    x, y = land(View(middle=-140, west=-1, east=1, south=-41, north=-39), 300.0, 300.0)
    assert len(x) == len(y) == 0


def test_the_whole_world_fits_too():
    world = View(middle=0, west=-175, east=175, south=-60, north=75)
    x, _ = land(world, 36000.0, 18000.0)
    assert np.isfinite(x[~np.isnan(x)]).all()
    assert len(x) > 10_000
