"""Hours on the road for one visit, from a rep's home to a customer."""

import numpy as np
import pandas as pd

from scenarios import Scenario

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, km (IUGG)."""


def distance_km(scenario: Scenario) -> pd.DataFrame:
    """Great-circle distance from every rep's home to every customer, km, customers x reps (haversine)."""
    lat1, lon1 = (np.radians(scenario.customers[c].to_numpy())[:, None] for c in ("latitude", "longitude"))
    lat2, lon2 = (np.radians(scenario.reps[c].to_numpy())[None, :] for c in ("latitude", "longitude"))
    chord = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    arc = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    return pd.DataFrame(arc, index=scenario.customers.index, columns=scenario.reps.index)


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
