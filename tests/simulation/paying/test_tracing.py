"""A statement adds up, from credit to the total, whatever the scheme."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_schemes import any_books, any_scheme

from scenarios.pay_elements import Penalty
from simulation.paying.exact import Piece
from simulation.paying.results import Account
from simulation.paying.tracing import Tracer, stretches, written

SEEDS = st.integers(0, 10**9)


def books_of(seed):
    luck = np.random.default_rng(seed)
    return any_books(luck, any_scheme(luck))


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_parts_add_up_to_the_total_to_the_cent(seed):
    tracer = Tracer(books_of(seed))
    for person in range(len(tracer.people)):
        found = tracer.statement(person)
        assert found.total == tracer.pay.total[person]
        assert found.total == found.base + sum(quarter.paid for quarter in found.settlements)
        for number, quarter in enumerate(found.settlements):
            terms = quarter.penalties + quarter.limit + quarter.guarantee + quarter.draw
            assert quarter.paid == sum(quarter.earned.values()) + terms
            paid = [p for p in found.payments if p.quarter == number]
            gained = sum(p.amount for p in paid if not isinstance(p.element, Penalty))
            lost = sum(p.amount for p in paid if isinstance(p.element, Penalty))
            assert gained == sum(quarter.earned.values())
            assert quarter.penalties == -min(gained, lost)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_every_step_leads_from_the_curve_to_what_is_paid(seed):
    tracer = Tracer(books_of(seed))
    for person in range(len(tracer.people)):
        for payment in tracer.statement(person).payments:
            start = payment.steps[0].before if payment.steps else payment.amount
            if payment.stretches:
                assert sum(stretch.amount for stretch in payment.stretches) == start
            for before, after in zip(payment.steps, payment.steps[1:], strict=False):
                assert before.after == after.before
            assert (payment.steps[-1].after if payment.steps else start) == payment.amount
            if payment.items:
                assert sum(item.weighted for item in payment.items) == payment.argument


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_lines_of_credit_add_up_to_the_accounts(seed):
    books = books_of(seed)
    tracer = Tracer(books)
    lines = tracer.lines
    for account, table in books.results.accounts.items():
        if account.measure == "new_customers":
            continue
        meant = lines["accounts"].map(lambda names, a=account: written(a) in names.split("; "))
        sums = np.zeros_like(table)
        np.add.at(sums, (lines["person"][meant], lines["month"][meant]), lines["credited"][meant])
        assert (sums == table).all()
    paid = sum(books.results.spiffs.values(), start=np.zeros((len(tracer.people), 12), np.int64))
    sums = np.zeros_like(paid)
    np.add.at(sums, (lines["person"], lines["month"]), lines["spiffs"])
    assert (sums == paid).all()


def test_marginal_stretches_pay_each_for_itself():
    cell = (
        Piece(-(2**62), Fraction(0), Fraction(0)),
        Piece(0, Fraction(0), Fraction(1, 100)),
        Piece(1000, Fraction(-10), Fraction(2, 100)),
    )
    assert [(s.start, s.end, s.amount) for s in stretches(cell, 1500, marginal=True)] == [
        (0, 1000, 10),
        (1000, 1500, 10),
    ]
    assert [(s.start, s.end, s.amount) for s in stretches(cell, 1500, marginal=False)] == [(1000, 1500, 20)]


def test_an_account_is_called_by_its_measure_and_lines():
    assert written(Account("bookings")) == "bookings"
    assert written(Account("bookings", ("Bolts", "Nuts"))) == "bookings (Bolts, Nuts)"


@pytest.mark.parametrize("seed", range(3))
def test_who_is_scored_and_paid_is_named(seed):
    found = Tracer(books_of(seed)).statement(0)
    assert found.counted == {"own": ("p0",), "team": ("p0", "p1"), "company": ("p0", "p1", "p2", "p3")}
