"""What becomes of an order: it is booked, delivered within the customer's credit, invoiced and paid, or not.

Compiled; without numba plain Python. `now` is a `simulation.seats.state.State`; the words are those of
docs/simulation.md.
"""

import numpy as np

from simulation.seats.codes import BAD_DEBT, HOLD, INVOICE, PAYMENT, PAYS, RELEASE, WON
from simulation.seats.compiled import compiled
from simulation.seats.diary import enter
from simulation.seats.heaps import KIND, WHOM
from simulation.seats.records import note


@compiled
def is_won(now, o, credited, seat, day):
    """Book an order, for a seat or the house."""
    amount = now.deals[o]["amount"]
    note(now, day, WON, credited, o, 0.0, amount)
    if credited != now.facts["house"]:
        quarter = 0
        while quarter < len(now.quarter_ends) - 1 and now.quarter_ends[quarter] <= day:
            quarter += 1
        now.booked[credited, quarter] += amount
    c = now.deals[o]["customer"]
    if np.isinf(now.customers[c]["credit_limit"]):
        is_delivered(now, o, credited, day)
        return
    now.deals[o]["booked_by"] = credited
    if fits(now, o):
        now.customers[c]["owes"] += amount
        is_owed(now, o, seat, day)
        return
    note(now, day, HOLD, credited, o, 0.0, amount)
    if now.customers[c]["held_first"] < 0:
        now.customers[c]["held_first"] = o
    else:
        now.deals[now.customers[c]["held_last"]]["held_next"] = o
    now.customers[c]["held_last"] = o


@compiled
def is_still_open(now, o, seat):
    """Note what is left of an order of before the year, or wait for its payment within a credit limit."""
    c, credited, amount = now.deals[o]["customer"], now.deals[o]["booked_by"], now.deals[o]["amount"]
    invoice = now.deals[o]["arises"] + now.deals[o]["delivery_days"]
    if 0.0 <= invoice < now.facts["days"]:
        note(now, invoice, INVOICE, credited, o, 0.0, amount)
    paid = invoice + now.deals[o]["payment_days"]
    within_limit = not np.isinf(now.customers[c]["credit_limit"])
    if within_limit:
        now.customers[c]["owes"] += amount
    if paid >= now.facts["days"]:
        return
    if within_limit:
        enter(now.diary, seat, paid, PAYS * KIND + o * WHOM)
    else:
        note(now, paid, BAD_DEBT if now.deals[o]["never_pays"] else PAYMENT, credited, o, 0.0, amount)


@compiled
def is_delivered(now, o, credited, day):
    """Note invoice and payment of an order whose customer has no credit limit."""
    invoice = day + now.deals[o]["delivery_days"]
    if invoice < now.facts["days"]:
        note(now, invoice, INVOICE, credited, o, 0.0, now.deals[o]["amount"])
    paid = invoice + now.deals[o]["payment_days"]
    if paid < now.facts["days"]:
        note(
            now,
            paid,
            BAD_DEBT if now.deals[o]["never_pays"] else PAYMENT,
            credited,
            o,
            0.0,
            now.deals[o]["amount"],
        )


@compiled
def fits(now, o):
    """Say whether an order may be delivered within the customer's credit limit."""
    c = now.deals[o]["customer"]
    return (
        now.customers[c]["owes"] == 0
        or now.customers[c]["owes"] + now.deals[o]["amount"] <= now.customers[c]["credit_limit"]
    )


@compiled
def is_owed(now, o, seat, day):
    """Note the invoice of an order within a credit limit, and wait for its payment."""
    invoice = day + now.deals[o]["delivery_days"]
    if invoice < now.facts["days"]:
        note(now, invoice, INVOICE, now.deals[o]["booked_by"], o, 0.0, now.deals[o]["amount"])
    paid = invoice + now.deals[o]["payment_days"]
    if paid < now.facts["days"]:
        enter(now.diary, seat, paid, PAYS * KIND + o * WHOM)


@compiled
def pays(now, o, seat, day):
    """Let a customer with a credit limit pay, or never; what was on hold and fits now goes out."""
    c = now.deals[o]["customer"]
    if now.deals[o]["never_pays"]:
        note(now, day, BAD_DEBT, now.deals[o]["booked_by"], o, 0.0, now.deals[o]["amount"])
        return
    note(now, day, PAYMENT, now.deals[o]["booked_by"], o, 0.0, now.deals[o]["amount"])
    now.customers[c]["owes"] -= now.deals[o]["amount"]
    while now.customers[c]["held_first"] >= 0 and fits(now, now.customers[c]["held_first"]):
        held = now.customers[c]["held_first"]
        now.customers[c]["held_first"] = now.deals[held]["held_next"]
        note(now, day, RELEASE, now.deals[held]["booked_by"], held, 0.0, now.deals[held]["amount"])
        now.customers[c]["owes"] += now.deals[held]["amount"]
        is_owed(now, held, seat, day)
