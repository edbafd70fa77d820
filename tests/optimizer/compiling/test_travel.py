"""Hours on the road, by hand, and laws they keep."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.compiling.costs import losses
from optimizer.compiling.travel import distance_km, known_pairs, travel_cost, travel_hours, trips
from scenarios.building import Source, build
from scenarios.road_factors import road_factor

KM = 111.195  # a degree on the equator


def company(customers, reps=((0.0, 0.0),), **travel):
    """A company from customers (longitude, latitude, visits, hours of a call, owner) and homes."""
    rows = [
        {
            "customer": f"C{number}",
            "longitude": str(lon),
            "latitude": str(lat),
            "visits_per_year": str(visits),
            "hours_per_visit": str(call),
            "potential": "100",
            "owner": owner,
        }
        for number, (lon, lat, visits, call, owner) in enumerate(customers)
    ]
    homes = [
        {"rep": f"R{number}", "longitude": str(lon), "latitude": str(lat), "hours_per_year": "1800"}
        for number, (lon, lat) in enumerate(reps)
    ]
    settings = {
        "year": {"start": "2026-01-01"},
        "target": {"amount": 1000.0},
        "travel": {"speed_km_per_hour": 60, "road_factor": 1.0, "hours_between_visits": 0.0, **travel},
        "market": {
            "order_values": {"": 100.0},
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
        },
    }
    tables = {name: pd.DataFrame(t, dtype="str") for name, t in (("customers", rows), ("reps", homes))}
    return build(Source("company", settings, tables))


def test_a_degree_on_the_equator_is_111_km(towns):
    way = distance_km(build(towns))
    assert way.loc["E1", "West"] == pytest.approx(111.195, abs=0.001)
    assert way.loc["E1", "East"] == 0


def test_a_visit_alone_goes_there_and_back():
    hours = travel_hours(company([(1, 0, 12, 1, "")]))
    assert hours.loc["C0", "R0"] == pytest.approx(2 * KM / 60, rel=1e-5)


def test_customers_in_one_spot_share_a_trip():
    # 1.85 hours one way, calls of an hour: (8 - 3.7) / 1 = 4 fit into a day, and 3 of 3 are there.
    three = travel_hours(company([(1, 0, 12, 1, "")] * 3))
    assert three.loc["C0", "R0"] == pytest.approx(2 * KM / 60 / 3, rel=1e-5)
    six = travel_hours(company([(1, 0, 12, 1, "")] * 6))
    assert six.loc["C0", "R0"] == pytest.approx(2 * KM / 60 / 4, rel=1e-5)
    two_at_most = travel_hours(company([(1, 0, 12, 1, "")] * 6, visits_per_trip=2))
    assert two_at_most.loc["C0", "R0"] == pytest.approx(2 * KM / 60 / 2, rel=1e-5)


def test_time_lost_between_visits_comes_on_top():
    # Half an hour between: (8 - 3.7 + 0.5) / 1.5 = 3 visits with 2 times half an hour between them.
    hours = travel_hours(company([(1, 0, 12, 1, "")] * 6, hours_between_visits=0.5))
    assert hours.loc["C0", "R0"] == pytest.approx((2 * KM / 60 + 2 * 0.5) / 3, rel=1e-5)


def test_a_home_among_its_customers_has_no_way_there():
    assert (travel_hours(company([(0, 0, 12, 1, "")] * 4)) == 0).all(axis=None)


def test_a_neighbor_who_is_visited_less_often_comes_along_less_often():
    # C0 is visited twelve times a year, its neighbor six times: half of the trips have two stops.
    hours = travel_hours(company([(1, 0, 12, 1, ""), (1, 0, 6, 1, "")]))["R0"]
    assert hours["C0"] == pytest.approx(2 * KM / 60 / 1.5, rel=1e-5)
    assert hours["C1"] == pytest.approx(2 * KM / 60 / 2, rel=1e-5)


def test_where_customers_name_the_weeks_fewer_visits_meet():
    # Twelve visits a year fall into the same two weeks with a chance of 12 x 2 / 52.
    hours = travel_hours(company([(1, 0, 12, 1, "")] * 2, weeks_together=2))
    assert hours.loc["C0", "R0"] == pytest.approx(2 * KM / 60 / (1 + 24 / 52), rel=1e-5)


def test_a_ring_of_customers_costs_hops_between_them():
    # Eight customers 10 km around a home at the middle; any trip ends where it began, so it has as many hops
    # as stops; on the ring itself a round of all eight takes 2 x 10 + 7 x 7.65 = 73.6 km, 9.2 km a stop.
    ring = [
        (0.09 * math.cos(a), 0.09 * math.sin(a), 12, 0.5, "") for a in np.linspace(0, 2 * math.pi, 9)[:-1]
    ]
    km = travel_hours(company(ring)) * 60
    assert 0.8 * 9.2 < km.loc["C0", "R0"] < 1.4 * 9.2


def test_the_hop_is_that_of_a_tour_through_so_many_points():
    # Two customers 5 km apart, 100 km from home: the best trip has both. Its hop, in a circle of 5 km around
    # the first: 0.7124 (1 + 0.33 / 2) sqrt(pi 25 / 2) = 5.2 km.
    pair = [(100 / KM, 0, 12, 1, ""), (105 / KM, 0, 12, 1, "")]
    hop = 0.7124 * (1 + 0.33 / 2) * math.sqrt(math.pi * 25 / 2)
    hours = travel_hours(company(pair))
    assert hours.loc["C0", "R0"] == pytest.approx((200 + hop) / 2 / 60, rel=1e-4)


def test_a_far_town_is_visited_overnight():
    # Nearly four hours one way, calls of two hours. In a day there is no room for any; in two days of eight
    # hours there are eight for calls: four visits for 7.83 hours of driving and one night.
    town = [(235 / KM, 0, 12, 2, "")] * 4
    found = trips(company(town, overnight_beyond_km=100, days_per_trip=2, cost_per_hour=50))
    assert found.hours.loc["C0", "R0"] == pytest.approx(470 / 60 / 4, rel=1e-4)
    assert found.nights.loc["C0", "R0"] == pytest.approx(1 / 4)
    # Where nights are not meant to be, each of them is a trip of its own all the same.
    home = trips(company(town, overnight_beyond_km=300, days_per_trip=2))
    assert home.hours.loc["C0", "R0"] == pytest.approx(470 / 60, rel=1e-4)


def test_nights_have_their_price():
    # At 170 km: a day trip holds two visits (8 - 5.67 hours); two days hold ten, at a night.
    town = [(170 / KM, 0, 12, 1, "")] * 10
    asked = {"overnight_beyond_km": 100, "days_per_trip": 2, "cost_per_hour": 10}
    cheap, dear = (company(town, **asked, cost_per_night=price) for price in (10, 1000))
    assert trips(cheap).nights.loc["C0", "R0"] == pytest.approx(1 / 10)
    assert travel_cost(cheap).loc["C0", "R0"] == pytest.approx((340 / 60 * 10 + 10) / 10, rel=1e-4)
    assert trips(dear).nights.loc["C0", "R0"] == 0
    assert travel_hours(dear).loc["C0", "R0"] == pytest.approx(340 / 60 / 2, rel=1e-4)
    visits = 12
    assert losses(cheap)["travel"].loc["C0", "R0"] == pytest.approx(
        visits * travel_cost(cheap).loc["C0", "R0"], rel=1e-9
    )


def test_a_rep_flies_only_where_that_is_faster(towns):
    towns.settings["travel"] |= {
        "fly_beyond_km": 100,
        "flight_hours_one_way": 1.5,
        "visits_per_flight": 2,
    }
    assert travel_hours(build(towns)).loc["E1", "West"] == pytest.approx(1.5)
    towns.settings["travel"] |= {"flight_hours_one_way": 9}
    assert travel_hours(build(towns)).loc["E1", "West"] == pytest.approx(2 * 111.195 / 50, rel=1e-5)


def test_far_from_home_neighbors_belong_to_colleagues_who_live_nearer():
    # R1 lives 10 km from the customers; R0, 100 km away, can count on (20 / 110)^2 of the four others ...
    town = [(100 / KM, 0, 12, 1, "")] * 5
    hours = travel_hours(company(town, [(0, 0), (110 / KM, 0)]))
    assert hours.loc["C0", "R0"] == pytest.approx(200 / 60 / (1 + 4 * (20 / 110) ** 2), rel=1e-3)
    # ... on none where it is less than a hundredth: R1 lives with the customers ...
    hours = travel_hours(company(town, [(0, 0), (100 / KM, 0)]))
    assert hours.loc["C0", "R0"] == pytest.approx(200 / 60, rel=1e-3)
    assert hours.loc["C0", "R1"] == 0
    # ... but on all of them where they are R0's today: 4 fit into a day of (8 - 3.33) hours.
    mine = travel_hours(company([(*c[:4], "R0") for c in town], [(0, 0), (100 / KM, 0)]))
    assert mine.loc["C0", "R0"] == pytest.approx(200 / 60 / 4, rel=1e-4)


def test_only_customers_a_rep_may_serve_share_its_trips(towns):
    towns.tables["customers"]["segment"] = ["A", "A", "A", "A", "B", "B"]
    towns.tables["customers"]["owner"] = ""  # those at home share no way to the other town
    towns.tables["reps"] = towns.tables["reps"].iloc[:1].assign(segments="A;B")
    towns.settings["travel"] |= {"visits_per_trip": 3}
    towns.settings["rules"] = {"eligibility": [{"customer": "segment", "rep": "segments"}]}
    together = travel_hours(build(towns))["West"]["E1"]
    towns.tables["reps"] = towns.tables["reps"].assign(segments="A")
    assert together == pytest.approx(2 * KM / 50 / 3, rel=1e-5)
    assert travel_hours(build(towns))["West"]["E1"] == pytest.approx(2 * KM / 50, rel=1e-5)


def test_a_slice_of_a_company_knows_what_lies_around_it():
    whole = company([(1, 0, 12, 1, "")] * 3 + [(2, 0, 12, 1, "")] * 3)
    part = whole.part(np.array([0, 4]))
    pd.testing.assert_frame_equal(travel_hours(part), travel_hours(whole).iloc[[0, 4]])


@given(
    st.lists(st.tuples(st.floats(2.7, 3.3), st.floats(-0.3, 0.3)), min_size=1, max_size=5),
    st.tuples(st.floats(2.7, 3.3), st.floats(-0.3, 0.3)),
)
def test_one_more_customer_around_makes_no_visit_dearer(places, another):
    # Calls so short that time is no limit: then any trip of before is one of after with a stop more.
    customers = [(lon, lat, 12, 0, "") for lon, lat in places]
    day = {"hours_per_day": 24, "overnight_beyond_km": 1e4}
    before = travel_cost(company(customers, **day))["R0"]
    after = travel_cost(company([*customers, (*another, 12, 0, "")], **day))["R0"]
    assert (after[before.index] <= before * (1 + 1e-9) + 1e-9).all()


@given(st.floats(0.05, 1.5), st.floats(1.0, 1.5), st.integers(1, 12))
def test_farther_is_never_less(way, more, customers):
    # Near enough for no nights, the whole town is moved away from home.
    near, far = (
        company([(lon, 0.01 * n, 12, 1, "") for n in range(customers)], overnight_beyond_km=1e4)
        for lon in (way, way * more)
    )
    assert (travel_hours(far) >= travel_hours(near) * (1 - 1e-9)).all(axis=None)


def test_the_road_factor_is_the_countrys_unless_given(towns):
    towns.settings["travel"].pop("road_factor")
    towns.tables["customers"]["country"] = ["United States", "fr", "", "US", "France", "Atlantis"]
    hours = travel_hours(build(towns))["West"]
    assert hours["E1"] == pytest.approx(1.20 * 2 * KM / 50, rel=1e-5)
    assert hours["E2"] == pytest.approx(1.65 * 2 * KM / 50, rel=1e-5)
    assert hours["E3"] == pytest.approx(1.25 * 2 * KM / 50, rel=1e-5)
    assert road_factor("england") == road_factor("GB") == 1.40


def test_known_ways_take_the_place_of_estimated_ones(towns):
    towns.tables["travel_times"] = pd.DataFrame(
        {"customer": ["E1", "E2"], "rep": ["West", "West"], "minutes": ["90", ""], "km": ["", "100"]}
    )
    scenario = build(towns)
    hours = travel_hours(scenario)["West"]
    assert hours["E1"] == pytest.approx(2 * 1.5)
    assert hours["E2"] == pytest.approx(2 * 100 / 50)
    assert hours["E3"] == pytest.approx(2 * KM / 50, rel=1e-5)
    assert known_pairs(scenario) == (2, 10)
