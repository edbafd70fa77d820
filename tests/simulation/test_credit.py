"""Credit limits: orders on hold, released as the customer pays."""

import pytest
from fates import story

AT_ONCE = {"stages": [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}]}
STEPS = ("booking", "invoice", "payment", "bad debt", "order on hold: credit limit", "order released")


@pytest.fixture
def settled(told):
    def settle(limit, *orders, **others):
        deals = [
            {
                "customer": "Ames",
                "arises": day,
                "amount": amount * 100,
                "delivery_days": 5.0,
                "payment_days": 25.0,
                **more,
            }
            for day, amount, more in ((*order, {})[:3] for order in orders)
        ]
        journal = told({"Ames": {"credit_limit": limit}}, market=AT_ONCE, deals=deals, **others)
        return story(journal[journal["what"].isin(STEPS)], "amount")

    return settle


def test_an_order_beyond_the_limit_waits_for_a_payment(settled):
    assert settled(250, (10.0, 100), (20.0, 100), (30.0, 100)) == [
        (10, "booking", 100),
        (15, "invoice", 100),
        (20, "booking", 100),
        (25, "invoice", 100),
        (30, "booking", 100),
        (30, "order on hold: credit limit", 100),  # 100 + 100 + 100 > 250
        (40, "payment", 100),
        (40, "order released", 100),  # 100 + 100 <= 250
        (45, "invoice", 100),
        (50, "payment", 100),
        (70, "payment", 100),
    ]


def test_what_is_owed_exactly_up_to_the_limit_fits(settled):
    told_of = settled(200, (10.0, 100), (20.0, 100), (30.0, 1))
    assert [day for day, what, _ in told_of if what.startswith("order on hold")] == [30]


def test_who_owes_nothing_may_order_anything(settled):
    assert [what for _, what, _ in settled(10, (10.0, 5000))] == ["booking", "invoice", "payment"]


def test_the_first_on_hold_is_the_first_released_and_a_small_order_may_pass(settled):
    steps = settled(250, (10.0, 200), (20.0, 150), (21.0, 100), (22.0, 50))
    holds = [(day, amount) for day, what, amount in steps if what.startswith("order on hold")]
    releases = [(day, amount) for day, what, amount in steps if what == "order released"]
    assert holds == [(20, 150), (21, 100)]  # 200 + 50 fits at once
    assert releases == [
        (40, 150),
        (52, 100),
    ]  # 50 + 150 on day 40, not 100 more; 150 + 100 after the 50 are paid


def test_a_bad_debt_is_owed_for_ever(settled):
    steps = settled(250, (10.0, 200, {"never_pays": True}), (20.0, 100))
    assert steps == [
        (10, "booking", 200),
        (15, "invoice", 200),
        (20, "booking", 100),
        (20, "order on hold: credit limit", 100),
        (40, "bad debt", 200),
    ]


def test_all_is_noted_for_the_seat_of_the_booking(told):
    # Bob takes over on day 31; the order of day 20 is released on day 40 and paid on day 70, all ann's.
    usual = {"customer": "Ames", "amount": 10_000, "delivery_days": 5.0, "payment_days": 25.0}
    journal = told(
        {"Ames": {"credit_limit": 150}},
        {"ann": {}, "bob": {}},
        AT_ONCE,
        company_of={"moves": [("2026-02-01", "Ames", "bob")]},
        deals=[{**usual, "arises": day} for day in (10.0, 20.0, 50.0)],
    )
    steps = journal[journal["what"].isin(STEPS)]
    by_rep = {rep: story(rows)[-2:] for rep, rows in steps.groupby("rep")}
    assert by_rep["ann"] == [(45, "invoice"), (70, "payment")]
    assert by_rep["bob"] == [(75, "invoice"), (100, "payment")]
