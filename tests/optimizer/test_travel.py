"""Hours on the road, by hand."""

import pytest

from optimizer.travel import distance_km, travel_hours
from scenarios.building import build


def test_a_degree_on_the_equator_is_111_km(towns):
    way = distance_km(build(towns))
    assert way.loc["E1", "West"] == pytest.approx(111.195, abs=0.001)
    assert way.loc["E1", "East"] == 0


def test_visits_share_a_trip(towns):
    towns.settings["travel"] |= {"visits_per_trip": 4, "hours_between_visits": 0.5, "road_factor": 1.2}
    hours = travel_hours(build(towns))
    assert hours.loc["E1", "West"] == pytest.approx(2 * 111.195 * 1.2 / 50 / 4 + 0.5, rel=1e-5)
    assert hours.loc["E1", "East"] == 0.5


def test_a_rep_flies_only_where_that_is_faster(towns):
    towns.settings["travel"] |= {
        "fly_beyond_km": 100,
        "flight_hours_one_way": 1.5,
        "visits_per_flight": 2,
    }
    assert travel_hours(build(towns)).loc["E1", "West"] == pytest.approx(1.5)
    towns.settings["travel"] |= {"flight_hours_one_way": 9}
    assert travel_hours(build(towns)).loc["E1", "West"] == pytest.approx(2 * 111.195 / 50, rel=1e-5)
