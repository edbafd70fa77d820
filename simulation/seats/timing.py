"""Reps who play with time: deals held back to the next quarter, or pulled into the present one.

Compiled; without numba plain Python. `now` is a `simulation.seats.state.State`; the words are those of
docs/simulation.md.
"""

import math

from simulation.seats.codes import (
    DECIDES,
    HELD_BACK,
    HURRIES,
    LOST,
    LOST_HELD,
    OVER,
    PULLED_IN,
    SIGNS,
    WITH_CUSTOMER,
)
from simulation.seats.compiled import compiled
from simulation.seats.diary import enter
from simulation.seats.heaps import KIND, WHOM
from simulation.seats.orders import is_won
from simulation.seats.records import note

KEEPS, ACCEPTS = 0, 1
"""Places in `State.answers`."""

AS_LISTED = -1
"""In `State.price`: nobody asked to decide early."""


@compiled
def decision_of(now, seat, day):
    """Give the last choice of effort up to a moment, also where the seat has not come to it yet."""
    decision = now.seats[seat]["next_decision"] - 1
    while decision + 1 < len(now.decisions) and now.decisions[decision + 1]["day"] <= day:
        decision += 1
    return decision


@compiled
def worth(now, seat, decision, booked):
    """Look up what the quarter is worth to a seat that has booked so much in it, money."""
    row = now.value[seat, decision]
    position = booked / now.largest[seat, decision] * (len(row) - 1)
    left = min(int(position), len(row) - 2)
    share = position - left
    return row[left] * (1 - share) + row[left + 1] * share


@compiled
def worth_now(now, seat, decision, amount):
    """Give what an order of so much adds in the present quarter."""
    booked = now.booked[seat, now.decisions[decision]["quarter"]] / 100.0
    return worth(now, seat, decision, booked + amount) - worth(now, seat, decision, booked)


@compiled
def worth_later(now, seat, decision, amount):
    """Give what an order of so much would be worth as the next quarter's first, seen from now."""
    then = now.decisions[decision]["next_quarter"]
    return now.decisions[decision]["patience"] * (
        worth(now, seat, then, amount) - worth(now, seat, then, 0.0)
    )


@compiled
def is_held_back(now, o, seat, day):
    """Put an order off to the next quarter, if that pays the rep; say whether it is."""
    if now.facts["window_days"] <= 0.0 or not now.seats[seat]["filled"] or now.price[o] != AS_LISTED:
        return False
    decision = decision_of(now, seat, day)
    end = now.quarter_ends[now.decisions[decision]["quarter"]]
    if end - day > now.facts["window_days"]:
        return False
    amount = now.deals[o]["amount"] / 100.0
    later = now.facts["keeps"] * worth_later(now, seat, decision, amount)
    if not later > worth_now(now, seat, decision, amount):
        return False
    note(now, day, HELD_BACK, seat, o, 0.0, now.deals[o]["amount"])
    now.deals[o]["doing"] = WITH_CUSTOMER
    enter(now.diary, seat, end, SIGNS * KIND + o * WHOM)
    return True


@compiled
def signs(now, o, seat, day):
    """Let a customer who was put off sign, or not any more."""
    now.deals[o]["doing"] = OVER
    if now.customers[now.deals[o]["customer"]]["lost_on"] <= day:
        note(now, day, LOST, seat, o, 0.0, 0.0)
    elif now.answers[o, KEEPS] >= now.facts["keeps"]:
        note(now, day, LOST_HELD, seat, o, 0.0, now.deals[o]["amount"])
    else:
        is_won(now, o, seat if now.seats[seat]["filled"] else now.facts["house"], seat, day)


@compiled
def awaits_the_answer(now, o, seat, day, then):
    """Wait for a customer's decision on the last stage; the rep may want it within the quarter."""
    if now.facts["window_days"] > 0.0:
        end = now.quarter_ends[now.decisions[decision_of(now, seat, day)]["quarter"]]
        if end <= then and then - end <= now.facts["window_days"]:
            now.answered_on[o] = then
            asks = end - now.facts["window_days"]
            if day < asks:
                enter(now.diary, seat, asks, HURRIES * KIND + o * WHOM)
            else:
                hurries(now, o, seat, day)
            return
    enter(now.diary, seat, then, DECIDES * KIND + o * WHOM + len(now.stages) - 1)


@compiled
def hurries(now, o, seat, day):
    """Ask a customer to decide on the quarter's last moment, if that pays the rep."""
    then = now.answered_on[o]
    if is_pulled_in(now, o, seat, day):
        then = now.closes[now.decisions[decision_of(now, seat, day)]["quarter"]]
    enter(now.diary, seat, then, DECIDES * KIND + o * WHOM + len(now.stages) - 1)


@compiled
def is_pulled_in(now, o, seat, day):
    """Say whether a rep asks a customer to decide early, and the customer accepts."""
    lost = now.customers[now.deals[o]["customer"]]["lost_on"] <= day
    if lost or not now.seats[seat]["filled"]:
        return False
    decision, amount = decision_of(now, seat, day), now.deals[o]["amount"]
    price = math.floor(amount * (1.0 - now.facts["discount"]) + 0.5)
    gained = (1.0 - now.facts["pressure"]) * worth_now(now, seat, decision, price / 100.0)
    if not gained > worth_later(now, seat, decision, amount / 100.0):
        return False
    if now.answers[o, ACCEPTS] >= now.facts["accepts"]:
        return False
    now.price[o] = price
    note(now, day, PULLED_IN, seat, o, 0.0, price)
    return True
