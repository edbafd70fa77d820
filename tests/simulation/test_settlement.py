"""From booking to cash."""

import numpy as np
import pytest

from simulation.journal import table
from simulation.world import world_of
from simulation.year import live_a_year

CUSTOMERS = {f"c{i}": {"owner": "ann", "payment_days": 30 + i} for i in range(30)}


@pytest.fixture
def settled(company, plan_for):
    def settle(**market):
        scenario = company(CUSTOMERS, ["ann"], {"order_value_cv": 0.5, **market})
        world = world_of(scenario, plan_for(scenario))
        year = live_a_year(world, 1, 0)
        journal = table(world, year.demand, year.records)
        steps = {what: rows.set_index("opportunity") for what, rows in journal.groupby("what")}
        assert all(
            rows.index.is_unique for what, rows in steps.items() if what in ("booking", "invoice", "payment")
        )
        return steps

    return settle


def test_an_invoice_follows_delivery_and_cash_follows_terms(settled):
    steps = settled(delivery_days=7.0, late_days=0.0, bad_debt=0.0)
    booked, invoiced, paid = (steps[what] for what in ("booking", "invoice", "payment"))
    assert (invoiced["time"] - booked["time"].loc[invoiced.index]).to_numpy() == pytest.approx(7)
    terms = 30 + paid["customer"].str[1:].astype(int)
    assert (paid["time"] - invoiced["time"].loc[paid.index] - terms).to_numpy() == pytest.approx(0)
    # What is not there would have come after the year.
    assert booked["time"].drop(invoiced.index).min() > 365 - 7
    waiting = invoiced.drop(paid.index)
    assert (waiting["time"] + 30 + waiting["customer"].str[1:].astype(int)).min() > 365


def test_money_is_neither_made_nor_lost(settled):
    steps = settled(delivery_days=10.0, late_days=20.0, bad_debt=0.2)
    booked, invoiced, paid, bad = (steps[what] for what in ("booking", "invoice", "payment", "bad debt"))
    not_yet_invoiced = booked.drop(invoiced.index)
    receivable = invoiced.drop(paid.index).drop(bad.index)
    assert booked["amount"].sum() == pytest.approx(
        invoiced["amount"].sum() + not_yet_invoiced["amount"].sum()
    )
    assert invoiced["amount"].sum() == pytest.approx(
        paid["amount"].sum() + receivable["amount"].sum() + bad["amount"].sum()
    )
    assert (invoiced["amount"] == booked["amount"].loc[invoiced.index]).all()
    assert not set(paid.index) & set(bad.index)


def test_littles_law_holds_for_receivables(settled):
    # The area under what is owed is money times the days it is owed, to the end of the year.
    steps = settled(delivery_days=3.0, late_days=20.0, bad_debt=0.0)
    invoiced, paid = steps["invoice"], steps["payment"]
    changes = np.concatenate([invoiced["time"], paid["time"], [365.0]])
    amounts = np.concatenate([invoiced["amount"], -paid["amount"], [0.0]])
    order = np.argsort(changes)
    owed = np.cumsum(amounts[order])[:-1]
    until = paid["time"].reindex(invoiced.index).fillna(365.0)
    area = (owed * np.diff(changes[order])).sum()
    assert area == pytest.approx((invoiced["amount"] * (until - invoiced["time"])).sum(), rel=1e-9)


def test_a_share_is_never_paid_and_the_rest_is_late_as_believed(settled):
    steps = settled(delivery_days=0.0, late_days=20.0, bad_debt=0.2)
    paid, bad = steps["payment"], steps["bad debt"]
    n = len(paid) + len(bad)
    assert abs(len(bad) / n - 0.2) < 4 * np.sqrt(0.16 / n)
    early = steps["invoice"][
        steps["invoice"]["time"] < 150
    ]  # all of these are settled, so nothing is cut off
    late = paid["time"].reindex(early.index) - early["time"] - 30 - early["customer"].str[1:].astype(int)
    late = late.dropna()
    assert abs(late.mean() - 20) < 4 * 20 / np.sqrt(len(late))


def test_cash_is_credited_to_the_seat_that_booked(settled):
    steps = settled()
    assert set(steps["payment"]["rep"]) == {"ann"}
