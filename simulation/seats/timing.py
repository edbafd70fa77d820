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

KEEPS, AGREES = 0, 1
"""Places in `State.answers`."""

COMES, WAITS_FOR_NEXT = 0, 1
"""Places in `State.counted`: what was pulled into a quarter, and what was held back from it."""

OFFERS = 4
"""A rep chooses among the discounts that are 0, 1, ... of so many parts of the largest."""

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
    quarter = now.decisions[decision]["quarter"]
    booked = now.booked[seat, quarter] / 100.0 + now.counted[seat, quarter, COMES]
    return worth(now, seat, decision, booked + amount) - worth(now, seat, decision, booked)


@compiled
def worth_later(now, seat, decision, amount):
    """Give what an order of so much would add to those held back for the next quarter, seen from now."""
    then, held = now.decisions[decision]["next_quarter"], now.decisions[decision]["quarter"]
    booked = now.counted[seat, held, WAITS_FOR_NEXT]
    return now.decisions[decision]["patience"] * (
        worth(now, seat, then, booked + amount) - worth(now, seat, then, booked)
    )


@compiled
def is_held_back(now, o, seat, day):
    """Put an order off to the next quarter, if that pays the rep and the customer can wait; say whether."""
    if now.facts["window_days"] <= 0.0 or not now.seats[seat]["filled"] or now.price[o] != AS_LISTED:
        return False
    decision = decision_of(now, seat, day)
    end = now.quarter_ends[now.decisions[decision]["quarter"]]
    if end - day > now.facts["window_days"]:
        return False
    if now.answers[o, AGREES] >= now.facts["accepts"]:
        return False
    amount = now.deals[o]["amount"] / 100.0
    later = now.facts["keeps"] * worth_later(now, seat, decision, amount)
    if not later > worth_now(now, seat, decision, amount):
        return False
    now.counted[seat, now.decisions[decision]["quarter"], WAITS_FOR_NEXT] += now.facts["keeps"] * amount
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
    """Wait for a customer's decision on the last stage; the rep may want it in the quarter before its own."""
    if now.facts["window_days"] > 0.0:
        end = ends_before(now, then)
        if end > day:
            now.answered_on[o] = then
            asks = end - now.facts["window_days"]
            if day < asks:
                enter(now.diary, seat, asks, HURRIES * KIND + o * WHOM)
            else:
                hurries(now, o, seat, day)
            return
    enter(now.diary, seat, then, DECIDES * KIND + o * WHOM + len(now.stages) - 1)


@compiled
def ends_before(now, then):
    """Give the end of the quarter before the one of a moment; -1 where the year has no such quarter."""
    end, last = -1.0, len(now.quarter_ends) - 1
    for quarter in range(last + 1):
        if now.quarter_ends[quarter] <= then:
            end = now.quarter_ends[quarter]
    return -1.0 if then >= now.quarter_ends[last] + now.quarter_ends[0] else end


@compiled
def hurries(now, o, seat, day):
    """Ask a customer to decide on the quarter's last moment, if that pays the rep; else wait a week."""
    decision, then = decision_of(now, seat, day), now.answered_on[o]
    quarter = now.decisions[decision]["quarter"]
    price, chance = best_offer(now, o, seat, decision, day)
    follows = decision + 1
    if chance == 0.0 and follows < len(now.decisions) and now.decisions[follows]["quarter"] == quarter:
        enter(now.diary, seat, now.decisions[follows]["day"], HURRIES * KIND + o * WHOM)
        return
    if now.answers[o, AGREES] < chance:
        now.price[o] = price
        wins = (1.0 - now.facts["pressure"]) * now.stages[len(now.stages) - 1]["conversion"]
        now.counted[seat, quarter, COMES] += wins * (price / 100.0)
        note(now, day, PULLED_IN, seat, o, 0.0, price)
        then = now.closes[quarter]
    enter(now.diary, seat, then, DECIDES * KIND + o * WHOM + len(now.stages) - 1)


@compiled
def best_offer(now, o, seat, decision, day):
    """Give the price that a rep asks of a customer who is to decide early, and the chance that it agrees.

    Of the discounts it may offer, the rep chooses the one by which it gains most: the chance that the
    customer agrees times what that adds; the smallest of equals. The chance is 0 where none pays the rep.
    """
    most, chance, price = 0.0, 0.0, now.deals[o]["amount"]
    if now.customers[now.deals[o]["customer"]]["lost_on"] <= day or not now.seats[seat]["filled"]:
        return price, chance
    amount = now.deals[o]["amount"]
    later = worth_later(now, seat, decision, amount / 100.0)
    for part in range(OFFERS + 1):
        discount = now.facts["discount"] * part / OFFERS
        agrees = min(1.0, now.facts["accepts"] + now.facts["accepts_per_discount"] * discount)
        asked = math.floor(amount * (1.0 - discount) + 0.5)
        gained = (1.0 - now.facts["pressure"]) * worth_now(now, seat, decision, asked / 100.0)
        if agrees * (gained - later) > most:
            most, chance, price = agrees * (gained - later), agrees, asked
    return price, chance
