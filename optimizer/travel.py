"""Hours on the road for one visit, from a rep's home to a customer."""

import pandas as pd

from scenarios import Scenario
from scenarios.distance import great_circle_km


def distance_km(scenario: Scenario) -> pd.DataFrame:
    """Great-circle distance from every rep's home to every customer, km, customers x reps."""
    customers, reps = scenario.customers, scenario.reps
    way = great_circle_km(customers["latitude"], customers["longitude"], reps["latitude"], reps["longitude"])
    return pd.DataFrame(way, index=customers.index, columns=reps.index)


def travel_hours(scenario: Scenario) -> pd.DataFrame:
    """Hours of travel for one visit, customers x reps.

    A trip by road serves `visits_per_trip` customers and goes there and back; between visits there is a short
    hop. Beyond `fly_beyond_km` a rep takes the plane where that is faster. A first estimate: it knows the
    distance from home, not the tour.
    """
    way = distance_km(scenario)
    t = scenario.travel
    by_road = 2 * way * t.road_factor / t.speed_km_per_hour / t.visits_per_trip
    by_plane = 2 * t.flight_hours_one_way / t.visits_per_flight
    fly = (way > t.fly_beyond_km) & (by_road > by_plane)
    return by_road.mask(fly, by_plane) + t.hours_between_visits
