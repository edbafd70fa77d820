"""From booking to cash."""

from written_years import days_of, fate_of, lived

from simulation.accounting.journal import What


def test_a_bad_debt_is_given_up_when_it_would_be_paid(world):
    here = world()
    deal = {"arises": 2.0, "delivery_days": 7.0, "never_pays": True}
    assert days_of(lived(here, fate_of(here, [deal])), What.BAD_DEBT) == [39.5]


def test_a_credit_limit_holds_orders_until_what_is_owed_is_paid(world):
    # Limit 150. The first of 100 is paid on day 47.5; the second of 60 would make 160, the third of 40 fits.
    # After the payment 40 is owed: with the second 100, with the fourth of 70 it would be 170: it waits on.
    # The third is a bad debt and owed for ever. When the second is paid, on day 84.5, 40 + 70 = 110 fits.
    here = world({"Ames": {"credit_limit": 150}})
    usual = {"delivery_days": 7.0, "payment_days": 30.0}
    deals = [
        {"arises": 10.0, "amount": 10_000, **usual},
        {"arises": 20.0, "amount": 6_000, **usual},
        {"arises": 30.0, "amount": 4_000, "never_pays": True, **usual},
        {"arises": 40.0, "amount": 7_000, **usual},
    ]
    money = (What.HOLD, What.RELEASE, What.INVOICE, What.PAYMENT, What.BAD_DEBT)
    assert [(n.day, n.what, n.subject) for n in lived(here, fate_of(here, deals), *money)] == [
        (17.5, What.INVOICE, 0),
        (20.5, What.HOLD, 1),
        (37.5, What.INVOICE, 2),
        (40.5, What.HOLD, 3),
        (47.5, What.PAYMENT, 0),
        (47.5, What.RELEASE, 1),
        (54.5, What.INVOICE, 1),
        (67.5, What.BAD_DEBT, 2),
        (84.5, What.PAYMENT, 1),
        (84.5, What.RELEASE, 3),
        (91.5, What.INVOICE, 3),
        (121.5, What.PAYMENT, 3),
    ]


def test_who_owes_nothing_may_order_anything(world):
    here = world({"Ames": {"credit_limit": 50}})
    deals = [{"arises": 10.0, "delivery_days": 0.0, "payment_days": 0.0}]
    assert days_of(lived(here, fate_of(here, deals)), What.PAYMENT) == [10.5]
