"""What was ordered last year and is not yet paid is collected in the year."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from scenarios.open_orders import open_orders
from simulation import journal, simulate
from simulation.company.year import live_a_year
from simulation.luck.fate import draw
from simulation.reference import live_by_the_book
from simulation.world.world import world_of

PUNCTUAL = {"late_days": 0.0, "bad_debt": 0.0, "delivery_days": 10.0}
NEVER = {"potential": 0, "owner": "ann", "payment_days": 30}
BOUGHT = [
    ("first", "2025-11-01", 700.0, None),  # due on 11 December, day -21: paid last year
    ("second", "2025-12-01", 100.0, None),  # due on 10 January, day 9
    ("third", "2025-12-28", 50.0, None),  # invoiced on 7 January, day 6, due on 6 February, day 36
    ("fourth", "2025-06-01", 20.0, "2026-05-01"),  # known to be paid on day 120
    ("fifth", "2025-12-20", 900.0, "2025-12-30"),  # known to be paid last year
    ("back", "2025-12-03", -30.0, None),  # a return, taken off on day 11
]


@pytest.fixture
def owed(company, plan_for):
    """A customer that buys nothing in the year and owes for orders of last year; its plan."""

    def make(customer=NEVER, orders=BOUGHT, reps=None, scheme=None, **market):
        scenario = company({"c": customer}, reps or {"ann": {}}, {**PUNCTUAL, **market}, scheme)
        history = pd.DataFrame(orders, columns=["order", "date", "amount", "paid"]).set_index("order")
        history = history.assign(
            customer="c", rep="", **{name: pd.to_datetime(history[name]) for name in ("date", "paid")}
        )
        scenario = scenario.replace(history=history)
        return scenario, plan_for(scenario)

    return make


def told(rows, *kinds):
    return [tuple(row) for row in rows[rows["what"].isin(kinds)][["time", "rep", "amount"]].to_numpy()]


def test_orders_of_last_year_are_paid_when_due(owed):
    rows = journal(*owed())
    assert told(rows, "invoice") == [(6.0, "ann", 50.0)]
    assert told(rows, "payment") == [
        (9.0, "ann", 100.0),
        (11.0, "ann", -30.0),
        (36.0, "ann", 50.0),
        (120.0, "ann", 20.0),
    ]
    assert rows.loc[rows["what"] == "payment", "customer"].eq("c").all()


def test_they_are_collected_by_the_quarter_and_paid_for(owed):
    commission = {
        "elements": {
            "c": {
                "kind": "commission",
                "measure": "collections",
                "tiers": [{"at": 0.0, "rate": 0.1}],
                "tiers_in": "amount",
            }
        }
    }
    outcome = simulate(*owed(scheme=commission), replications=2)
    table = outcome.moments["collected"].mean
    assert table[0].tolist() == [120.0, 20.0, 0.0, 0.0]
    assert outcome.figures()["collected"].tolist() == [140.0, 140.0]
    assert outcome.years["invoiced"].tolist() == [50.0, 50.0]
    assert outcome.figures()["pay"].tolist() == [60_014.0, 60_014.0]


def test_they_are_the_houses_where_nobody_sits_on_the_first_day(owed):
    rows = journal(*owed(reps={"ann": {"start": date(2026, 1, 2)}}))
    assert {rep for _, rep, _ in told(rows, "payment")} == {""}


def test_luck_says_how_late_and_whether_at_all(owed):
    orders = [(f"o{number}", "2025-12-31", 1.0, None) for number in range(4000)]
    scenario, plan = owed(
        {**NEVER, "payment_days": 0}, orders, late_days=20.0, bad_debt=0.25, delivery_days=0
    )
    rows = journal(scenario, plan)
    paid, bad = rows[rows["what"] == "payment"], rows[rows["what"] == "bad debt"]
    # ordered on day -1: of delays of mean 20, exp(-1 / 20) last into the year, a quarter of them for nothing
    expected = 4000 * np.exp(-1 / 20)
    assert len(paid) + len(bad) == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - np.exp(-1 / 20))))
    assert len(bad) / (len(paid) + len(bad)) == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / expected))
    assert paid["time"].mean() == pytest.approx(20, abs=4 * 20 / np.sqrt(len(paid)))


def test_luck_is_the_orders_own(owed):
    orders = [(f"o{number}", "2025-12-31", 1.0 + number, None) for number in range(20)]
    late = {"late_days": 20.0}

    def paid(which):
        return told(journal(*owed(orders=which, **late)), "payment")

    assert paid(orders[::-1]) == paid(orders)
    assert set(paid(orders[3:])) < set(paid(orders))


def test_a_credit_limit_counts_them(owed):
    orders = [("big", "2025-12-31", 5000.0, None)]
    customer = {**NEVER, "potential": 10_000, "credit_limit": 5000, "payment_days": 90}
    rows = journal(*owed(customer, orders, delivery_days=0.0))
    held = rows[rows["what"] == "order on hold: credit limit"]
    before = rows[(rows["what"] == "booking") & (rows["time"] < 89)]
    assert set(before["opportunity"]) <= set(held["opportunity"])
    assert len(before) > 3
    assert rows.loc[rows["what"] == "order released", "time"].min() == 89.0
    without = journal(*owed(customer, [], delivery_days=0.0))
    assert (
        without.loc[without["what"] == "order on hold: credit limit", "time"] > before["time"].min()
    ).all()


def test_lines_of_an_order_are_paid_together(owed):
    scenario, plan = owed(orders=[("two", "2025-12-31", 30.0, None)], late_days=50.0)
    products = pd.DataFrame({"line": ["A", "B"]}, index=pd.Index(["a", "b"], name="product"))
    lines = pd.DataFrame({"order": ["two", "two"], "product": ["a", "b"], "amount": [10.0, 20.0]})
    market = scenario.market.model_copy(update={"order_values": {"A": 100.0, "B": 100.0}})
    scenario = scenario.replace(products=products, order_lines=lines, market=market)
    rows = journal(scenario, replace(plan, scenario_digest=scenario.digest))
    paid = rows[rows["what"].isin(["payment", "bad debt"])]
    assert paid[["line", "amount"]].to_numpy().tolist() == [["A", 10.0], ["B", 20.0]]
    assert len(set(paid["time"])) == 1


def test_both_engines_agree(owed):
    customer = {**NEVER, "potential": 20_000, "credit_limit": 1000}
    here = world_of(*owed(customer, late_days=30.0, bad_debt=0.3))
    for replication in range(10):
        year = live_a_year(here, 1, replication)
        book = sorted(tuple(map(float, row)) for row in live_by_the_book(here, draw(here, 1, replication)))
        assert book == sorted(map(tuple, year.records.tolist()))


def test_what_may_be_open_is_listed_by_the_days_of_the_year(owed):
    scenario, _ = owed()
    found = open_orders(scenario).set_index("order")
    assert found["due"].to_dict() == {"second": 9.0, "third": 36.0, "fourth": -174.0, "back": 11.0}
    assert found["paid"].dropna().to_dict() == {"fourth": 120.0}
