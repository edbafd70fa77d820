"""From booking to cash."""

import numpy as np
import pytest
from fates import story

CUSTOMERS = {f"c{i}": {"owner": "ann", "payment_days": 30 + i} for i in range(30)}


@pytest.fixture
def settled(lived):
    def settle(customers=CUSTOMERS, **market):
        [journal] = lived(customers, market={"order_value_cv": 0.5, **market})
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


@pytest.mark.parametrize("limit", [None, 300])
def test_money_is_neither_made_nor_lost(settled, limit):
    customers = {
        name: {**row, **({"credit_limit": limit} if limit else {})} for name, row in CUSTOMERS.items()
    }
    steps = settled(customers, delivery_days=10.0, late_days=20.0, bad_debt=0.2)
    booked, invoiced, paid, bad = (steps[what] for what in ("booking", "invoice", "payment", "bad debt"))
    to_be_invoiced = booked.drop(invoiced.index)
    receivable = invoiced.drop(paid.index).drop(bad.index)
    assert cents(booked) == cents(invoiced) + cents(to_be_invoiced)
    assert cents(invoiced) == cents(paid) + cents(receivable) + cents(bad)
    assert (invoiced["amount"] == booked["amount"].loc[invoiced.index]).all()
    assert not set(paid.index) & set(bad.index)
    assert cents(booked) != cents(invoiced.iloc[1:]) + cents(to_be_invoiced)  # one invoice less is noticed
    if limit:
        held, released = steps["order on hold: credit limit"], steps["order released"]
        assert set(released.index) < set(held.index)
        still = to_be_invoiced.loc[to_be_invoiced["time"] < 365 - 10]
        assert set(still.index) | set(released.index) >= set(held.index[held["time"] < 365 - 10])


def cents(rows):
    return round(rows["amount"].sum() * 100)


def test_littles_law_holds_for_receivables(settled):
    # The area under what is owed is money times the days it is owed, to the end of the year.
    steps = settled(delivery_days=3.0, late_days=20.0, bad_debt=0.0)
    invoiced, paid = steps["invoice"], steps["payment"]
    changes = np.concatenate([invoiced["time"], paid["time"], [365.0]])
    amounts = np.concatenate([invoiced["amount"], -paid["amount"], [0.0]])
    order = np.argsort(changes)
    owed = np.cumsum(amounts[order])[:-1]
    area = (owed * np.diff(changes[order])).sum()
    until = paid["time"].reindex(invoiced.index).fillna(365.0)
    expected = (invoiced["amount"] * (until - invoiced["time"])).sum()
    assert area == pytest.approx(expected, rel=1e-9)
    assert area != pytest.approx(
        expected - invoiced["amount"].iloc[0], rel=1e-9
    )  # nor one day of one invoice


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


def test_a_customers_own_lateness_and_bad_debt_go_before_the_markets(settled):
    # Ten pay to the day, ten never, ten as the market says: a fifth never.
    kinds = ({"late_days": 0, "bad_debt": 0}, {"bad_debt": 1}, {})
    customers = {f"c{i}": {"owner": "ann", "payment_days": 30, **kinds[i % 3]} for i in range(30)}
    steps = settled(customers, delivery_days=0.0, late_days=20.0, bad_debt=0.2)
    number = {what: steps[what]["customer"].str[1:].astype(int) % 3 for what in ("payment", "bad debt")}
    paid = steps["payment"]
    exact = paid["time"] - steps["invoice"]["time"].loc[paid.index] - 30
    assert exact[number["payment"] == 0].to_numpy() == pytest.approx(0)
    assert (number["payment"] != 1).all()
    assert (number["bad debt"] != 0).all()
    bad, good = ((number[what] == 2).sum() for what in ("bad debt", "payment"))
    assert abs(bad / (bad + good) - 0.2) < 4 * np.sqrt(0.16 / (bad + good))


def test_cash_is_credited_to_the_seat_that_booked(told):
    # Bob has taken over when the order of day 20 is invoiced and paid.
    journal = told(
        ["Ames"],
        {"ann": {}, "bob": {}},
        {"stages": [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}]},
        company_of={"moves": [("2026-02-01", "Ames", "bob")]},
        deals=[{"customer": "Ames", "arises": 20.0, "delivery_days": 15.0, "payment_days": 30.0}],
    )
    money = journal[journal["what"].isin(["booking", "invoice", "payment"])]
    assert story(money, "rep") == [(20, "booking", "ann"), (35, "invoice", "ann"), (65, "payment", "ann")]
