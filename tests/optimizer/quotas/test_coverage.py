"""Whether quotas can be sold: hours, potential and open opportunities of the teaching world by hand."""

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas.coverage import Doubts, chance_by_stage, feasibility, pipeline
from optimizer.quotas.laws import fitted
from scenarios.building import build

HOME = ["West", "West", "West", "East", "East", "East"]


def judged(towns, quotas, owner=HOME, doubts=None):
    scenario = build(towns)
    book = pd.Series(owner, index=scenario.customers.index)
    law = fitted(scenario, book)
    return feasibility(scenario, book, np.array(quotas, dtype="float64"), law, doubts)


@pytest.fixture
def selling(towns):
    """Six hours of work for an order of 50, of which half are won: 2 x 6 / 50 hours for each of money."""
    towns.settings["market"]["stages"] = [
        {"name": "offer", "hours": 1.0, "conversion": 0.5, "days": 0.0},
        {"name": "deal", "hours": 4.0, "conversion": 1.0, "days": 0.0},
    ]
    return towns


def test_hours_of_selling_grow_with_the_quota(selling):
    # 36 visits of an hour without travel; an order is 2 offers and 1 deal, 6 hours for 50: 600 take 72 hours
    selling.tables["reps"]["hours_per_year"] = ["120", "90"]
    table = judged(selling, [600, 300])
    assert table["hours"].tolist() == pytest.approx([36 + 72, 36 + 36])
    assert table["utilization"].tolist() == pytest.approx([0.9, 0.8])
    assert "takes" not in table["say"]["West"]
    table = judged(selling, [720, 300])  # 36 + 72 x 720 / 600 = 122.4 of 120
    assert "takes 122 hours, 102% of those there are" in table["say"]["West"]
    assert table["verdict"].tolist() == ["warning", "good"]


def test_hours_are_counted_for_the_time_the_seat_is_filled(selling):
    selling.tables["reps"]["start"] = ["", "2026-07-01"]
    selling.settings["market"]["turnover"] = {"ramp_months": 0}
    table = judged(selling, [600 + 600 * 181 / 365, 600 * 184 / 365])
    # East serves 184 days of 365; West serves East's customers before, 111 km away: with travel
    assert table["hours"]["East"] == pytest.approx((36 + 72) * 184 / 365)
    assert table["hours"]["West"] > 108 + 108 * 181 / 365
    assert table["capacity"]["East"] == pytest.approx(100 * 184 / 365)


def test_a_quota_above_what_known_customers_buy_is_doubted(towns):
    towns.settings["market"]["growth"] = 0.25  # 600 of potential become 750
    table = judged(towns, [825, 750], doubts=Doubts(chance=0.0, of_potential=1.0))
    assert table["of_potential"].tolist() == pytest.approx([1.1, 1.0])
    assert table["say"].tolist() == ["is 110% of what known customers are expected to buy", ""]
    table = judged(towns, [825, 750], owner=["West"] * 6, doubts=Doubts(chance=0.0))
    assert "known customers are expected to buy nothing" in table["say"]["East"]


def test_the_chance_is_that_of_the_law(towns):
    table = judged(towns, [600, 1200])
    scenario = build(towns)
    law = fitted(scenario, pd.Series(HOME, index=scenario.customers.index))
    assert table["chance"].tolist() == law.chance(np.array([600.0, 1200.0])).tolist()
    assert table["say"]["East"].startswith("reached with a chance of 3% only")


def test_opportunities_of_the_year_count_with_their_chance(selling):
    assert np.isnan(judged(selling, [600, 600])["coverage"]).all()
    selling.tables["opportunities"] = pd.DataFrame(
        {
            "opportunity": ["O1", "O2", "O3", "O4"],
            "customer": ["W1", "W2", "E1", "E2"],
            "stage": ["offer", "", "deal", "deal"],
            "amount": ["100", "200", "60", "999"],
            "close_date": ["2026-02-01", "2026-12-31", "2026-01-01", "2027-01-01"],
            "probability": ["", "0.25", "", ""],
        },
        dtype="str",
    )
    assert chance_by_stage(build(selling)) == {"offer": 0.5, "deal": 1.0}
    assert pipeline(build(selling)).tolist() == [50, 50, 0, 60, 0, 0]
    table = judged(selling, [500, 600])
    assert table["pipeline"].tolist() == [100, 60]
    assert table["coverage"].tolist() == pytest.approx([0.2, 0.1])
