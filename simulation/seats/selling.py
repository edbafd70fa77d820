"""Seats at work between the moments that couple them: a single server each, on its own clock.

A seat does one piece of work at a time, and nothing it does concerns another seat, but through people who
come and go, customers who change hands and shared pools, which `company/year.py` sees to. So `advance` plays
all seats, one after the other, up to such a moment: what falls due and what work ends in order of days,
exactly, without events of SimPy. Compiled; without numba plain Python. The words are those of
docs/simulation.md.
"""

import numpy as np
from numba import njit

from simulation.seats.codes import (
    ARRIVES,
    BUYS,
    CALL,
    COMES_IN,
    COMING,
    CUSTOMER_LOST,
    DEAL,
    DECIDES,
    FALLS_DUE,
    GIVES_UP,
    HURRIES,
    IN_HAND,
    LOSES_PATIENCE,
    LOST,
    OPEN,
    OPEN_VISIT,
    OVER,
    SERVED,
    SIGNS,
    TO_COME,
    UNDER_WAY,
    VISIT,
    VISITED,
    WAITS,
    WITH_CUSTOMER,
    WORK,
)
from simulation.seats.compiled import called, compiled
from simulation.seats.customers import (
    arrives,
    await_next_call,
    await_next_deal,
    await_next_visit,
    call_hours,
    choose_effort,
    comes_in,
    decides,
    falls_due,
    gives_up,
    is_now,
    loses_patience,
    misses_visit,
    serves,
    visit_hours,
)
from simulation.seats.diary import NOTHING, enter, next_due, take_next, take_off
from simulation.seats.heaps import KIND, WHOM, drop_first, push
from simulation.seats.orders import is_still_open, is_won, pays
from simulation.seats.records import note
from simulation.seats.timing import awaits_the_answer, hurries, signs
from simulation.world.working_time import done_at, opens_at

LONG = 60.0
"""Days a seat is played at once for which its rows are fetched beforehand."""


@compiled
def begin(now, pending, stages, days, coming, coming_days):
    """Lay out the first day: what customers will do first, and what is under way."""
    first_open = 0
    for c in range(len(now.customers)):
        first_open = now.customers[c]["last_deal"]
        seat = now.hands[c, now.customers[c]["hand"]]["seat"]
        o = now.customers[c]["first_deal"]
        while o < now.customers[c]["last_deal"] and now.deals[o]["arises"] < 0.0:
            o += 1
        now.customers[c]["next_deal"] = o
        await_next_deal(now, c, seat)
        await_next_visit(now, c, seat)
        await_next_call(now, c, seat)
    for i in range(len(pending)):
        o = pending[i]
        seat = serves(now, now.deals[o]["customer"])
        now.deals[o]["doing"] = WITH_CUSTOMER
        note(now, 0.0, UNDER_WAY, seat, o, 0.0, 0.0)
        if stages[i] + 1 == len(now.stages):
            awaits_the_answer(now, o, seat, 0.0, days[i])
        else:
            enter(now.diary, seat, days[i], DECIDES * KIND + o * WHOM + stages[i])
    for i in range(len(coming)):
        o = coming[i]
        seat = serves(now, now.deals[o]["customer"])
        now.deals[o]["doing"] = COMING
        note(now, 0.0, UNDER_WAY, seat, o, 0.0, 0.0)
        enter(now.diary, seat, coming_days[i], BUYS * KIND + o * WHOM)
    for o in range(first_open, len(now.deals)):
        is_still_open(now, o, serves(now, now.deals[o]["customer"]))


@called
def advance(now, first, last, until):
    """Play seats `first` to `last` up to a moment; what falls on that very moment is still to come."""
    for seat in range(first, last + 1):
        if until - now.seats[seat]["clock"] > LONG:
            now.seats[seat]["fetched"] = fetch(now, seat)
        advance_seat(now, seat, until)


@compiled
def fetch(now, seat):
    """Read the rows of a seat's customers, one after the other, so that they are near while it is played.

    In the order of days each would be waited for, which takes a third of the time where companies are large.
    The sum that is given is of no use, but what nobody uses would not be read.
    """
    total = 0.0
    for i in range(now.own.first[seat], now.own.first[seat + 1]):
        customer = now.customers[now.own.customer[i]]
        total += customer["lost_on"] + customer["owes"] + customer["held_last"]
        total += now.hands[now.own.customer[i], 0]["road_hours"]
        for o in range(customer["first_deal"], customer["last_deal"]):
            total += now.deals[o]["arises"] + now.deals[o]["payment_days"]
            for k in range(now.steps.shape[1]):
                total += now.steps[o, k]["days"]
    return total


@compiled
def advance_seat(now, seat, until):
    """Play one seat up to a moment: choices of effort, work done, what falls due, work begun, by days."""
    while True:
        chooses = np.inf
        if now.seats[seat]["next_decision"] < len(now.decisions) and seat != now.facts["house"]:
            chooses = now.decisions[now.seats[seat]["next_decision"]]["day"]
        due = next_due(now, seat)
        done, begins = now.seats[seat]["finish"], np.inf
        if now.seats[seat]["in_hand"] < 0 and now.seats[seat]["filled"] and now.ready.size[seat] > 0:
            begins = opens_at(now.passed[seat], now.seats[seat]["clock"])
        day = min(chooses, done, due, begins)
        if day >= until:
            break
        now.seats[seat]["clock"] = day
        if chooses == day:
            choose_effort(now, seat, day)
        elif done == day:
            finish(now, seat, day)
        elif due == day:
            happens(now, seat, day)
        else:
            take_up(now, seat, day)
    now.seats[seat]["clock"] = until


@compiled
def happens(now, seat, day):
    """Let the first thing that falls due at a seat happen."""
    code = take_next(now.diary, seat)
    kind, who, number = code // KIND, code % KIND // WHOM, code % WHOM
    if kind == ARRIVES:
        arrives(now, who, seat, day)
    elif kind == DECIDES:
        decides(now, who, number, seat, day)
    elif kind == LOSES_PATIENCE:
        loses_patience(now, who, number, seat, day)
    elif kind == FALLS_DUE:
        falls_due(now, who, seat, day)
    elif kind == COMES_IN:
        comes_in(now, who, seat, day)
    elif kind == GIVES_UP:
        gives_up(now, who, seat, day)
    elif kind == BUYS:
        now.deals[who]["doing"] = OVER
        is_won(now, who, now.facts["house"], seat, day)
    elif kind == SIGNS:
        signs(now, who, seat, day)
    elif kind == HURRIES:
        hurries(now, who, seat, day)
    else:
        pays(now, who, seat, day)


@compiled
def take_up(now, seat, day):
    """Begin the first piece of work that waits, if what waits is not over already."""
    while now.ready.size[seat] > 0:
        first = now.ready.at[seat]
        code, since = now.ready.entries[first]["code"], now.ready.entries[first]["day"]
        drop_first(now.ready, seat)
        kind, who, number = code // KIND, code % KIND // WHOM, code % WHOM
        hours = -1.0
        if kind == DEAL:
            hours = hours_of_deal(now, who, number, since, seat, day)
        elif kind == VISIT:
            if now.customers[who]["awaited"] == number:
                now.customers[who]["awaited"] = -1
                if now.customers[who]["lost_on"] > day:
                    hours = visit_hours(now, who)
        elif not now.calls[who]["answered"]:
            now.calls[who]["answered"] = True
            if now.customers[now.calls[who]["customer"]]["lost_on"] > day:
                hours = call_hours(now, now.calls[who]["customer"])
        if hours >= 0.0:
            now.seats[seat]["in_hand"] = code
            now.seats[seat]["hours_in_hand"] = hours
            now.seats[seat]["finish"] = done_at(now.passed[seat], day, hours)
            return


@compiled
def hours_of_deal(now, o, stage, since, seat, day):
    """Give the hours of an opportunity's stage if its work can begin; below 0 if it is over."""
    # The same stage cannot wait twice, but a deal may have lost patience and be over.
    if now.deals[o]["doing"] != WAITS:
        return -1.0
    c = now.deals[o]["customer"]
    if now.customers[c]["lost_on"] <= day:
        now.deals[o]["doing"] = OVER
        note(now, day, LOST, seat, o, 0.0, 0.0)
        return -1.0
    now.deals[o]["doing"] = IN_HAND
    hours = now.stages[stage]["hours"]
    if now.stages[stage]["at_customer"]:
        hours += now.hands[c, now.customers[c]["hand"]]["road_hours"]
    return hours


@compiled
def finish(now, seat, day):
    """End the work in hand."""
    code, hours = now.seats[seat]["in_hand"], now.seats[seat]["hours_in_hand"]
    now.seats[seat]["in_hand"] = -1
    now.seats[seat]["finish"] = np.inf
    kind, who, number = code // KIND, code % KIND // WHOM, code % WHOM
    if kind == DEAL:
        note(now, day, WORK, seat, who, hours, hours - now.stages[number]["hours"])
        now.deals[who]["doing"] = WITH_CUSTOMER
        then = day + now.steps[who, number]["days"]
        follows = serves(now, now.deals[who]["customer"])
        if number + 1 == len(now.stages):
            awaits_the_answer(now, who, follows, day, then)
        else:
            enter(now.diary, follows, then, DECIDES * KIND + who * WHOM + number)
    elif kind == VISIT:
        now.customers[who]["was_visited"] = True
        content = now.customers[who]["satisfaction"]
        gain = min(1.0, now.facts["gain_per_visit"] * care(now, seat))
        is_now(now, who, content + gain * (1.0 - content), day)
        note(now, day, VISITED, seat, who, hours, now.customers[who]["satisfaction"])
    else:
        note(now, day, SERVED, seat, who, hours, hours - now.facts["call_hours"])


@compiled
def care(now, seat):
    """Give the care for customers that selling leaves to whoever sits in a seat: 1 at effort 1."""
    if not now.seats[seat]["filled"]:
        return 1.0
    return 1.0 - now.facts["neglect"] * (now.seats[seat]["effort"] - 1.0)


@njit(cache=True)
def hand_over(now, customers, hands, day):
    """Give customers, with all that awaits them, to other hands; all seats must have reached the day."""
    goes_to = np.full(len(now.customers), -1)
    leaves = np.zeros(now.facts["house"] + 1, dtype=np.bool_)
    for i in range(len(customers)):
        c = customers[i]
        leaves[serves(now, c)] = True
        note_loss(now, c, day)
        now.customers[c]["hand"] = hands[i]
        goes_to[c] = serves(now, c)
    for seat in range(now.facts["house"] + 1):
        if leaves[seat]:
            pass_work_on(now, seat, goes_to)
            pass_pages_on(now, seat, goes_to)


@njit(cache=True)
def pass_work_on(now, seat, goes_to):
    """Move what waits for work, of customers who leave a seat, to their new ones."""
    ready, first = now.ready, now.ready.at[seat]
    entries = ready.entries[first : first + ready.size[seat]].copy()
    ready.size[seat] = 0
    for entry in entries:
        to = goes_to[customer_of(now, entry["code"])]
        push(ready, to if to >= 0 else seat, entry["rank"], entry["day"], entry["code"])


@njit(cache=True)
def pass_pages_on(now, seat, goes_to):
    """Move what will happen, to customers who leave a seat, to their new ones."""
    diary, first = now.diary, now.diary.present.at[seat]
    present = diary.present.entries[first : first + diary.present.size[seat]].copy()
    diary.present.size[seat] = 0
    for entry in present:
        to = goes_to[customer_of(now, entry["code"])]
        enter(diary, to if to >= 0 else seat, entry["day"], entry["code"])
    for number in range(diary.turned[seat] + 1, diary.page.shape[1]):
        at = diary.page[seat, number]
        diary.page[seat, number] = NOTHING
        while at != NOTHING:
            day, code = diary.entries[at]["day"], diary.entries[at]["code"]
            at = take_off(diary, at)
            to = goes_to[customer_of(now, code)]
            enter(diary, to if to >= 0 else seat, day, code)


@compiled
def customer_of(now, code):
    """Say whom an entry is about."""
    kind, who = code // KIND, code % KIND // WHOM
    if kind in (VISIT, ARRIVES, FALLS_DUE, COMES_IN):
        return who
    if kind in (CALL, GIVES_UP):
        return now.calls[who]["customer"]
    return now.deals[who]["customer"]


@compiled
def end(now):
    """Write down what is still open on the last day, what was missed by then, and who was lost."""
    for o in range(len(now.deals)):
        if now.deals[o]["doing"] == COMING:
            note(now, now.facts["days"], OPEN, now.facts["house"], o, 0.0, 0.0)
        elif now.deals[o]["doing"] != TO_COME and now.deals[o]["doing"] != OVER:
            note(now, now.facts["days"], OPEN, serves(now, now.deals[o]["customer"]), o, 0.0, 0.0)
    for seat in range(now.facts["house"] + 1):
        code = now.seats[seat]["in_hand"]
        if code >= 0 and code // KIND == VISIT:
            whom = code % KIND // WHOM
            note(now, now.facts["days"], OPEN_VISIT, serves(now, whom), whom, 0.0, 0.0)
    for c in range(len(now.customers)):
        customer, seat = now.customers[c], serves(now, c)
        if customer["awaited"] >= 0 and customer["lost_on"] > now.facts["days"]:
            waited = now.facts["days"] - (customer["awaited"] + customer["phase"]) * customer["apart"]
            if waited > customer["apart"] / 2 or not customer["was_visited"]:
                misses_visit(now, c, seat, now.facts["days"])
            else:
                note(now, now.facts["days"], OPEN_VISIT, seat, c, 0.0, 0.0)
        note_loss(now, c, now.facts["days"])


@compiled
def note_loss(now, c, day):
    """Note, once, that a customer was lost before a day, for the seat that served it."""
    customer = now.customers[c]
    if customer["lost_on"] < day and not customer["is_noted"]:
        customer["is_noted"] = True
        note(now, customer["lost_on"], CUSTOMER_LOST, serves(now, c), c, 0.0, 0.0)


@njit(cache=True)
def guests(now):
    """List the seats whose work in hand is for a customer of another seat."""
    found = np.zeros(now.facts["house"] + 1, dtype=np.bool_)
    for seat in range(len(found)):
        code = now.seats[seat]["in_hand"]
        found[seat] = code >= 0 and serves(now, customer_of(now, code)) != seat
    return np.flatnonzero(found)
