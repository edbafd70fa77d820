"""Quotas of money to collect and of customers to win, with delays one can follow by hand."""

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas import plan_quotas
from optimizer.quotas.kinds import collections, new_customers
from scenarios.building import build

HOME = ["West", "West", "West", "East", "East", "East"]


def made(towns, kind):
    scenario = build(towns)
    owner = pd.Series(HOME, index=scenario.customers.index)
    return kind(scenario, owner, plan_quotas(scenario, owner).cube)


@pytest.fixture
def punctual(towns):
    """Two towns that pay on time, 30 days after the order, and owe nothing from before."""
    towns.settings["market"] |= {"late_days": 0.0, "delivery_days": 0.0, "bad_debt": 0.0}
    towns.tables["customers"]["payment_days"] = "30"
    towns.settings["quotas"] = {"history_weight": 0.0}
    return towns


def test_collections_follow_bookings_by_the_terms(punctual):
    table = made(punctual, collections)
    # West books 150 a quarter; of a quarter of 90 days the first 60 are paid in it, of the last quarter of
    # 92 days the last 30 after the year
    assert table.loc["West"].tolist() == pytest.approx([100, 150, 150, 151, 49], abs=1)
    assert table.loc["West"].sum() == 600


def test_bad_debt_is_not_collected_and_lateness_moves_money_on(punctual):
    on_time = made(punctual, collections)
    punctual.settings["market"] |= {"late_days": 20.0, "bad_debt": 0.1}
    late = made(punctual, collections)
    assert late.to_numpy().sum() == pytest.approx(0.9 * on_time.to_numpy().sum(), abs=1)
    assert late.loc["West", "Q1"] < 0.9 * on_time.loc["West", "Q1"]
    assert late.loc["West", "later"] > on_time.loc["West", "later"]


def test_orders_of_last_year_are_collected_when_due(punctual):
    history = punctual.tables["history"]
    punctual.tables["history"] = pd.concat(
        [history, history.iloc[[0]].assign(order="9", date="2025-12-20", customer="W1", amount="70")],
        ignore_index=True,
    )
    punctual.settings["target"] = {"amount": 1200.0}
    table = made(punctual, collections)
    assert table.loc["West", "Q1"] == pytest.approx(100 + 70, abs=1)


def test_as_many_customers_are_to_be_won_as_the_target_asks(punctual):
    punctual.settings["market"] |= {"new_customers_per_year": 12, "new_customer_value": 50.0, "growth": 0.0}
    punctual.settings["target"] = {"amount": 3600.0}
    table = made(punctual, new_customers)
    # 1,200 of known customers and 600 of new ones are expected; 3,600 is twice that: 24 customers
    assert table.to_numpy().sum() == 24
    assert table.sum(axis=1).to_dict() == {"West": 12, "East": 12}
    assert (table.to_numpy() == np.rint(table.to_numpy())).all()
