"""To whom deals count: windfalls, hand-overs, splits, specialists, what is never paid."""

from datetime import date

import numpy as np
from payroll import DAYS, people

from scenarios.scheme import Scheme
from simulation.paying.crediting import (
    BEFORE,
    BOOKED,
    COLLECTED,
    INVOICED,
    OWN,
    SUPPORTED,
    WRITTEN_OFF,
    Ledger,
    Sharing,
    accounts,
    credits_of,
    spiffs,
)
from simulation.paying.results import Account

ANN, BOB = 0, 1
ENDS = np.cumsum(DAYS).astype(float)


def ledger(*entries):
    """Entries of day, moment, person, customer, line, amount (money), is_new, order."""
    columns = list(zip(*entries, strict=True))
    kinds = (float, int, int, int, int, int, bool, int)
    day, moment, person, customer, line, amount, is_new, order = (
        np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)
    )
    return Ledger(day, moment, person, customer, line, amount * 100, is_new, order)


def two(scheme):
    return people(scheme, {"ann": {}, "bob": {}})


def credited(scheme, book, sharing=None, read="bookings"):
    """Money by person and month."""
    who = two(scheme)
    credit = credits_of(scheme, who, book, sharing or Sharing.none(3, 1))
    return accounts(scheme, who, book, credit, ENDS, ("",))[Account(read)] / 100


def scheme_of(measure="bookings", **terms):
    rates = [{"at": 0, "rate": 0.1}]
    return Scheme.model_validate(
        {"elements": {"c": {"kind": "commission", "measure": measure, "tiers": rates}}, **terms}
    )


def test_what_is_beyond_a_windfall_limit_counts_in_part():
    book = ledger((10, BOOKED, ANN, 0, 0, 1500, False, 0), (11, BOOKED, ANN, 0, 0, 900, False, 1))
    money = credited(scheme_of(windfall={"above": 1000.0, "counts": 0.2}), book)
    assert money[ANN, 0] == 1000 + 0.2 * 500 + 900


def test_payments_are_shared_as_the_booking_was_however_late_they_come():
    # The customer moved from Bob to Ann on day 30; for 60 days half of its deals count for Bob.
    terms = {"crediting": {"handover_days": 60, "handover_share": 0.5}}
    book = ledger(
        (40, BOOKED, ANN, 0, 0, 800, False, 0),
        (100, COLLECTED, ANN, 0, 0, 800, False, 0),
        (95, BOOKED, ANN, 0, 0, 100, False, 1),
        (50, BOOKED, ANN, 1, 0, 10, False, 2),
    )
    sharing = Sharing({}, [(30.0, 0, BOB)], np.full((3, 1), -1))
    money = credited(scheme_of(**terms), book, sharing)
    assert money[:, :4].tolist() == [[0, 410, 0, 100], [0, 400, 0, 0]]
    paid = credited(scheme_of("collections", **terms), book, sharing, "collections")
    assert paid[:, 3].tolist() == [400, 400]


def test_what_is_never_paid_is_taken_back_from_whom_it_counted_for():
    terms = {"crediting": {"handover_days": 60}, "clawback": {"share": 0.5}}
    book = ledger((40, BOOKED, ANN, 0, 0, 800, False, 0), (200, WRITTEN_OFF, ANN, 0, 0, 800, False, 0))
    money = credited(scheme_of(**terms), book, Sharing({}, [(30.0, 0, BOB)], np.full((3, 1), -1)))
    assert money.sum(axis=1).tolist() == [200, 200]
    assert money[:, 6].tolist() == [-200, -200]


def test_the_windfall_limit_is_that_of_the_quarter_of_the_booking():
    scheme = scheme_of(windfall={"above_quota_share": 0.5}, clawback={})
    who = people(scheme, {"ann": {"quota": [1000.0, 4000, 4000, 4000]}})
    book = ledger((80, BOOKED, ANN, 0, 0, 900, False, 0), (100, WRITTEN_OFF, ANN, 0, 0, 900, False, 0))
    credit = credits_of(scheme, who, book, Sharing.none(1, 1))
    assert credit.amount.tolist() == [500_00, 500_00]  # half of 1,000, also when it is taken back


def test_a_specialist_has_a_part_of_what_counts_and_the_rep_loses_none():
    terms = {"crediting": {"overlay_share": 0.5}, "windfall": {"above": 100.0}}
    book = ledger((1, BOOKED, ANN, 0, 0, 300, False, 0), (1, BOOKED, ANN, 0, -1, 300, False, 1))
    scheme = scheme_of(**terms)
    credit = credits_of(scheme, two(scheme), book, Sharing({}, (), np.full((1, 1), BOB)))
    assert list(zip(credit.person, credit.amount, credit.why, strict=True)) == [
        (ANN, 100_00, OWN),
        (ANN, 100_00, OWN),
        (BOB, 50_00, SUPPORTED),  # of a line that nobody knows, none
    ]


def test_splits_leave_the_rest_to_the_rep():
    sharing = Sharing({0: [(BOB, 300_000)]}, (), np.full((3, 1), -1))
    book = ledger((1, BOOKED, ANN, 0, 0, 1000, False, 0), (1, BOOKED, BOB, 0, 0, 1000, False, 1))
    assert credited(scheme_of(), book, sharing)[:, 0].tolist() == [700, 1300]


def test_an_order_of_two_lines_brings_one_new_customer():
    scheme = scheme_of().model_copy(
        update={
            "elements": Scheme.model_validate(
                {"elements": {"n": {"kind": "bonus", "measure": "new_customers", "amount": 1.0}}}
            ).elements
        }
    )
    book = ledger(
        (5, BOOKED, ANN, 0, 0, 60, True, 7),
        (5, BOOKED, ANN, 0, 0, 40, True, 7),
        (6, BOOKED, ANN, 1, 0, 40, True, 8),
        (7, BOOKED, ANN, 1, 0, 40, False, 9),
    )
    who = two(scheme)
    found = accounts(scheme, who, book, credits_of(scheme, who, book, Sharing.none(3, 1)), ENDS, ("",))
    assert found[Account("new_customers")][ANN, 0] == 2


def test_spiffs_pay_by_deal_and_by_amount():
    scheme = Scheme.model_validate(
        {"elements": {"s": {"kind": "spiff", "per_deal": 5.0, "share": 0.1, "least_deal": 50.0}}}
    )
    book = ledger((5, BOOKED, ANN, 0, 0, 60, False, 0), (40, BOOKED, ANN, 0, 0, 49, False, 1))
    who = two(scheme)
    credit = credits_of(scheme, who, book, Sharing.none(1, 1))
    paid = spiffs(scheme, who, book, credit, ENDS, ("",), date(2026, 1, 1))["s"]
    assert paid[ANN, :2].tolist() == [11_00, 0]
    assert BEFORE not in credit.why.tolist()


def test_what_nobody_sold_counts_for_nobody():
    scheme = scheme_of(windfall={"above_quota_share": 0.1})
    book = ledger((5, BOOKED, -1, 0, 0, 60, False, 0))
    assert credits_of(scheme, two(scheme), book, Sharing.none(1, 1)).entry.size == 0


def test_a_default_takes_back_what_each_of_two_reps_was_credited():
    # The customer moved from Bob to Ann on day 30; for 90 days half counts for Bob.
    terms = {"crediting": {"handover_days": 90, "handover_share": 0.5}, "clawback": {}}
    book = ledger(
        (40, BOOKED, ANN, 0, 0, 100_000, False, 0), (250, WRITTEN_OFF, ANN, 0, 0, 100_000, False, 0)
    )
    money = credited(scheme_of(**terms), book, Sharing({}, [(30.0, 0, BOB)], np.full((3, 1), -1)))
    assert money[:, [1, 8]].tolist() == [[50_000, -50_000], [50_000, -50_000]]


def windfall_of_ann(*entries):
    """Ann is asked for 100,000 in the first quarter and for 500,000 in the last; beyond it a fifth counts."""
    scheme = scheme_of(windfall={"above_quota_share": 1.0, "counts": 0.2}, clawback={})
    who = people(scheme, {"ann": {"quota": [100_000.0, 250_000, 250_000, 500_000]}})
    credit = credits_of(scheme, who, ledger(*entries), Sharing.none(1, 1))
    return (credit.amount / 100).tolist()


def test_a_default_takes_back_what_a_windfall_counted_at_its_booking():
    # 100,000 + .2 x 400,000 = 180,000, and not the 500,000 that the last quarter's quota would let count
    whole = (10, BOOKED, ANN, 0, 0, 500_000, False, 0), (300, WRITTEN_OFF, ANN, 0, 0, 500_000, False, 0)
    assert windfall_of_ann(*whole) == [180_000, 180_000]


def test_of_a_part_of_a_windfall_that_is_paid_the_same_part_counts():
    # 180,000 of 500,000 are .36
    found = windfall_of_ann(
        (10, BOOKED, ANN, 0, 0, 500_000, False, 0),
        (100, COLLECTED, ANN, 0, 0, 300_000, False, 0),
        (300, WRITTEN_OFF, ANN, 0, 0, 200_000, False, 0),
    )
    assert found == [180_000, 108_000, 72_000]


def test_a_windfall_is_the_whole_deal_and_not_each_of_its_lines():
    # 60,000 + 140,000 are twice the quota: 100,000 + .2 x 100,000 = 120,000, .6 of each line
    found = windfall_of_ann(
        (10, BOOKED, ANN, 0, 0, 60_000, False, 0), (10, BOOKED, ANN, 0, 0, 140_000, False, 0)
    )
    assert found == [36_000, 84_000]


def test_a_deal_of_last_year_is_judged_where_it_is_first_met():
    # Only its payments are in the ledger: the first, on day 10, decides for both.
    found = windfall_of_ann(
        (300, COLLECTED, ANN, 0, 0, 500_000, False, 0), (10, INVOICED, ANN, 0, 0, 500_000, False, 0)
    )
    assert found == [180_000, 180_000]


def test_a_deal_shared_at_booking_stays_shared_when_it_is_paid_after_the_handover():
    terms = {"crediting": {"handover_days": 90, "handover_share": 0.5}}
    book = ledger((40, BOOKED, ANN, 0, 0, 100_000, False, 0), (150, COLLECTED, ANN, 0, 0, 100_000, False, 0))
    sharing = Sharing({}, [(30.0, 0, BOB)], np.full((3, 1), -1))
    money = credited(scheme_of("collections", **terms), book, sharing, "collections")
    assert money[:, 4].tolist() == [50_000, 50_000]  # day 150 is in May


def test_a_specialist_has_a_part_of_a_windfall_that_is_cut():
    scheme = scheme_of(crediting={"overlay_share": 1.0}, windfall={"above": 100_000.0, "counts": 0.0})
    credit = credits_of(
        scheme,
        two(scheme),
        ledger((10, BOOKED, ANN, 0, 0, 500_000, False, 0)),
        Sharing({}, (), np.full((1, 1), BOB)),
    )
    assert (credit.amount / 100).tolist() == [100_000, 100_000]


def test_a_spiff_for_specialists_pays_by_deal_and_by_what_counts_for_them():
    text = {"kind": "spiff", "roles": ["overlay"], "per_deal": 500.0, "share": 0.01}
    scheme = Scheme.model_validate({"elements": {"s": text}, "crediting": {"overlay_share": 0.5}})
    who = people(scheme, {"ann": {}, "sue": {"role": "overlay", "quota": [0.0] * 4}})
    book = ledger((10, BOOKED, ANN, 0, 0, 20_000, False, 0), (11, BOOKED, ANN, 0, -1, 20_000, False, 1))
    credit = credits_of(scheme, who, book, Sharing({}, (), np.full((1, 1), BOB)))
    found = spiffs(scheme, who, book, credit, ENDS, ("",), date(2026, 1, 1))["s"] / 100
    assert found.sum(axis=1).tolist() == [0, 500 + 0.01 * 10_000]  # nothing for the deal of an unknown line


def test_a_windfall_limit_in_a_small_currency_is_not_lost():
    # Twice a quota of 50,000,000,000 lets 50,000,000,000 count in full; of 250,000,000,000 count
    # 100,000,000,000 and half of the rest.
    scheme = scheme_of(windfall={"above_quota_share": 2.0, "counts": 0.5})
    who = people(scheme, {"ann": {"quota": [5e10] * 4}})
    book = ledger(
        (10, BOOKED, ANN, 0, 0, 5 * 10**10, False, 0), (11, BOOKED, ANN, 0, 0, 25 * 10**10, False, 1)
    )
    credit = credits_of(scheme, who, book, Sharing.none(1, 1))
    assert (credit.amount / 100).tolist() == [5e10, 17.5e10]
