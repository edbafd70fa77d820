"""What all tests share: how Hypothesis looks for counterexamples, and a world one can solve by hand."""

import copy
import os
from datetime import date

import pandas as pd
import pytest
from hypothesis import settings

from scenarios.building import Source

# A shared machine may be slow at any moment, so no deadline; in CI the same examples every time.
settings.register_profile("everywhere", deadline=None, max_examples=50)
settings.register_profile("ci", settings.get_profile("everywhere"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "everywhere")


@pytest.fixture
def towns():
    """Make the teaching world as text, to change before it is built.

    Two towns on the equator, 1 degree (111 km) apart, a rep in each; three customers in West and in East.
    Everybody is owned by the rep in West today. One visit a month of an hour each; no flights.
    """
    return copy.deepcopy(TWO_TOWNS)


TWO_TOWNS = Source(
    name="two_towns",
    settings={
        "title": "Two towns",
        "currency": "USD",
        "year": {"start": date(2026, 1, 1)},
        "target": {"amount": 1200.0},
        "travel": {
            "speed_km_per_hour": 50,
            "road_factor": 1.0,
            "visits_per_trip": 1,
            "hours_between_visits": 0.0,
            "fly_beyond_km": 20000,
            "cost_per_hour": 1.0,
        },
        "market": {
            "order_values": {"": 50.0},
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
            "contribution_margin": 0.5,
            "relationship_risk": 0.1,
        },
    },
    tables={
        "customers": pd.DataFrame(
            {
                "customer": ["W1", "W2", "W3", "E1", "E2", "E3"],
                "latitude": ["0"] * 6,
                "longitude": ["0", "0", "0", "1", "1", "1"],
                "potential": ["100", "200", "300", "100", "200", "300"],
                "visits_per_year": ["12"] * 6,
                "hours_per_visit": ["1"] * 6,
                "owner": ["West"] * 6,
            },
            dtype="str",
        ),
        "reps": pd.DataFrame(
            {
                "rep": ["West", "East"],
                "latitude": ["0", "0"],
                "longitude": ["0", "1"],
                "hours_per_year": ["100", "100"],
            },
            dtype="str",
        ),
        "history": pd.DataFrame(
            {
                "order": ["1", "2", "3"],
                "date": ["2025-02-01", "2025-08-01", "2024-08-01"],
                "customer": ["W1", "E1", "E1"],
                "rep": ["West", "West", "West"],
                "amount": ["80", "120", "999"],
            },
            dtype="str",
        ),
    },
)
