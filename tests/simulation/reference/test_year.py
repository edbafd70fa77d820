"""Years of any kind: nothing gets lost."""

from collections import Counter

import numpy as np
import pytest
from random_years import any_company

from simulation.accounting.journal import What
from simulation.luck.fate import draw
from simulation.reference import live_by_the_book
from simulation.world.world import world_of

BEGINNINGS = {What.UNDER_WAY, What.ARISES, What.ARISES_UNATTENDED}
ENDS = {
    *(What.WON, What.LOST, What.LOST_WAITING, What.LOST_UNATTENDED, What.OPEN),
    *(What.LOST_HELD, What.LOST_PRESSED),
}


@pytest.fixture(scope="module")
def any_years():
    """A dozen years of any kind, and one of reps who play with time: worlds, fates and records."""
    years = []
    for seed, replication in [*((seed, 0) for seed in range(12)), (342, 2)]:
        here = world_of(*any_company(seed))
        fate = draw(here, seed, replication)
        years.append((here, fate, live_by_the_book(here, fate)))
    return years


def test_everything_happens(any_years):
    assert {r[1] for _, _, records in any_years for r in records} == set(What)


def test_every_opportunity_has_one_beginning_and_one_end(any_years):
    for _, _, records in any_years:
        begins = Counter(r[3] for r in records if r[1] in BEGINNINGS)
        ends = Counter(r[3] for r in records if r[1] in ENDS)
        assert begins == ends
        assert max(begins.values()) == 1


def test_orders_are_invoiced_or_not_yet_or_on_hold_and_invoices_paid_or_not(any_years):
    kept = Counter()
    for _, fate, records in any_years:
        amount, soon = fate.opportunities.amount.copy(), fate.opportunities.delivery_days
        for record in records:
            amount[record[3]] -= int(record[5]) if record[1] == What.DISCOUNT else 0
        of = {what: {r[3]: r[0] for r in records if r[1] == what} for what in What}
        on_hold = set(of[What.HOLD]) - set(of[What.RELEASE])
        free = {d: of[What.RELEASE].get(d, day) for d, day in of[What.WON].items() if d not in on_hold}
        before = {d: fate.opportunities.arises[d] for d in fate.opportunities.still_open.tolist()}
        to_come = {d: day for d, day in before.items() if day + soon[d] >= 0}
        not_yet = {d for d, day in (free | to_come).items() if day + soon[d] >= 365}
        booked = sum(r[5] for r in records if r[1] == What.WON) + sum(amount[d] for d in to_come)
        invoiced = sum(r[5] for r in records if r[1] == What.INVOICE)
        assert booked == invoiced + sum(amount[d] for d in not_yet | on_hold)
        paid, bad = (set(of[what]) for what in (What.PAYMENT, What.BAD_DEBT))
        late = fate.opportunities.payment_days
        out = of[What.INVOICE] | {d: day + soon[d] for d, day in before.items() if d not in to_come}
        receivable = {d for d, day in out.items() if day + late[d] >= 365}
        assert set(out) == paid | bad | receivable
        assert len(out) == len(paid) + len(bad) + len(receivable)
        kept.update({"hold": len(on_hold), "open": len(not_yet), "owed": len(receivable), "bad": len(bad)})
        kept.update({"of before": len(before), "of before, to be invoiced": len(to_come)})
    assert min(kept.values()) > 0


def test_every_visit_that_falls_due_is_made_missed_or_still_due(any_years):
    seen = 0
    for here, fate, records in any_years:
        lost = {r[3] for r in records if r[1] == What.CUSTOMER_LOST}
        kinds = {What.VISIT, What.MISSED_VISIT, What.OPEN_VISIT}
        noted = Counter(r[3] for r in records if r[1] in kinds)
        for customer in set(range(len(here.customers))) - lost:
            due = np.ceil(here.visits_per_year[customer] - fate.visits.phase[customer])
            assert noted[customer] == max(due, 0)
            seen += noted[customer]
    assert seen > 500


def test_nobody_works_more_hours_than_there_are(any_years):
    for here, fate, records in any_years:
        worked = np.zeros(here.seats.house + 1)
        for _, what, seat, _, hours, _ in records:
            if what in (What.WORK, What.VISIT, What.SERVED):
                worked[seat] += hours
        assert (worked <= fate.passed[:, -1] + 1e-6).all()
