"""What customers do at a seat: they ask, wait, decide, pay, and are more or less content.

Compiled; without numba plain Python. `now` is a `simulation.seats.state.State`; the words are
those of docs/simulation.md.
"""

import math

from simulation.seats.choosing import effort_of
from simulation.seats.codes import (
    ARISES,
    ARISES_UNATTENDED,
    ARRIVES,
    ASKS,
    BUYS,
    CALL,
    CALLED,
    COMES_IN,
    COMING,
    DEAL,
    DISCOUNT,
    EFFORT,
    FALLS_DUE,
    GIVES_UP,
    LOSES_PATIENCE,
    LOST,
    LOST_PRESSED,
    LOST_UNATTENDED,
    LOST_WAITING,
    MISSED_VISIT,
    OVER,
    PASSES,
    UNSERVED,
    VISIT,
    WAITS,
)
from simulation.seats.compiled import compiled
from simulation.seats.diary import enter
from simulation.seats.heaps import KIND, WHOM, drop_first, push
from simulation.seats.orders import is_won
from simulation.seats.records import note
from simulation.seats.timing import AS_LISTED, is_held_back


@compiled
def serves(now, c):
    """Give the seat that serves a customer at this moment."""
    return now.hands[c, now.customers[c]["hand"]]["seat"]


@compiled
def goodwill(now, c, o):
    """Give the factor on demand by satisfaction and by changes of hands; 1 for newcomers."""
    if now.deals[o]["is_new"]:
        return 1.0
    content = 1.0 + now.facts["sensitivity"] * (now.customers[c]["satisfaction"] - now.facts["start"])
    return max(0.0, content) * (1.0 - now.customers[c]["loss"])


@compiled
def is_now(now, c, satisfaction, day):
    """Let a customer be so content from now on, if it is not lost; say when it is lost if nothing changes."""
    customer = now.customers[c]
    if customer["lost_on"] <= day:
        return
    if now.facts["daily_churn"] > 0.0:
        customer["churn"] += churn_rate(now, customer["satisfaction"]) * (day - customer["churn_since"])
        customer["churn_since"] = day
        left = customer["churns_at"] - customer["churn"]
        customer["lost_on"] = min(customer["lost_from"], day + left / churn_rate(now, satisfaction))
    customer["satisfaction"] = satisfaction


@compiled
def churn_rate(now, satisfaction):
    """Give the rate at which customers so content are lost, a day."""
    return now.facts["daily_churn"] * math.exp(
        now.facts["churn_sensitivity"] * (now.facts["start"] - satisfaction)
    )


@compiled
def await_next_deal(now, c, seat):
    """Wait for a customer's next opportunity."""
    o = now.customers[c]["next_deal"]
    if o < now.customers[c]["last_deal"] and now.deals[o]["arises"] < now.facts["days"]:
        enter(now.diary, seat, now.deals[o]["arises"], ARRIVES * KIND + c * WHOM)


@compiled
def await_next_visit(now, c, seat):
    """Wait for the day a customer's next promised visit falls due."""
    due = (now.customers[c]["next_visit"] + now.customers[c]["phase"]) * now.customers[c]["apart"]
    if due < now.facts["days"]:
        enter(now.diary, seat, due, FALLS_DUE * KIND + c * WHOM)


@compiled
def await_next_call(now, c, seat):
    """Wait for a customer's next call for service."""
    if now.customers[c]["next_call"] < now.customers[c]["last_call"]:
        enter(now.diary, seat, now.calls[now.customers[c]["next_call"]]["day"], COMES_IN * KIND + c * WHOM)


@compiled
def arrives(now, c, seat, day):
    """Let a customer's next opportunity arise, if there is goodwill enough."""
    if now.customers[c]["lost_on"] <= day:
        return
    o = now.customers[c]["next_deal"]
    now.customers[c]["next_deal"] += 1
    await_next_deal(now, c, seat)
    if now.deals[o]["height"] >= now.deals[o]["limit"] * goodwill(now, c, o):
        return
    if now.seats[seat]["filled"]:
        note(now, day, ARISES, seat, o, 0.0, 0.0)
        needs_work(now, o, 0, seat, day)
        return
    note(now, day, ARISES_UNATTENDED, now.facts["house"], o, 0.0, 0.0)
    if now.deals[o]["unattended"] < now.facts["unattended_share"] and would_buy(now, o, 0):
        then = day
        for stage in range(now.steps.shape[1]):
            then += now.steps[o, stage]["days"]
        now.deals[o]["doing"] = COMING
        enter(now.diary, seat, then, BUYS * KIND + o * WHOM)
    else:
        now.deals[o]["doing"] = OVER
        note(now, day, LOST_UNATTENDED, now.facts["house"], o, 0.0, 0.0)


@compiled
def needs_work(now, o, stage, seat, day):
    """Let an opportunity wait for work on a stage, or ask for help first."""
    now.deals[o]["stage"] = stage
    patience = now.steps[o, stage]["patience"]
    if day + patience < now.facts["days"]:
        enter(now.diary, seat, day + patience, LOSES_PATIENCE * KIND + o * WHOM + stage)
    if now.stages[stage]["pool"] >= 0:
        now.deals[o]["doing"] = ASKS
        push(now.asking, now.stages[stage]["pool"], 0, day, DEAL * KIND + o * WHOM + stage)
    else:
        now.deals[o]["doing"] = WAITS
        push(now.ready, seat, now.facts["deal_rank"], day, DEAL * KIND + o * WHOM + stage)


@compiled
def grant(now, slots):
    """Let those who asked each pool first, and still need help, wait for the rep: as many as it has slots."""
    asking = now.asking
    for pool in range(len(slots)):
        free = slots[pool]
        while free > 0 and asking.size[pool] > 0:
            first = asking.entries[asking.at[pool]]
            code, since = first["code"], first["day"]
            drop_first(asking, pool)
            o = code % KIND // WHOM
            if now.deals[o]["doing"] == ASKS and now.deals[o]["stage"] == code % WHOM:
                now.deals[o]["doing"] = WAITS
                push(now.ready, serves(now, now.deals[o]["customer"]), now.facts["deal_rank"], since, code)
                free -= 1


@compiled
def loses_patience(now, o, stage, seat, day):
    """End an opportunity that waited too long for work on a stage, if it still does."""
    waits = now.deals[o]["doing"] == WAITS or now.deals[o]["doing"] == ASKS
    if not waits or now.deals[o]["stage"] != stage:
        return
    c = now.deals[o]["customer"]
    now.deals[o]["doing"] = OVER
    if now.customers[c]["lost_on"] <= day:
        note(now, day, LOST, seat, o, 0.0, 0.0)
        return
    hours = now.stages[stage]["hours"]
    if now.stages[stage]["at_customer"]:
        hours += now.hands[c, now.customers[c]["hand"]]["road_hours"]
    amount = float(now.deals[o]["amount"]) if would_buy(now, o, stage) else 0.0
    note(now, day, LOST_WAITING, seat, o, hours, amount)
    if not now.deals[o]["is_new"]:
        is_now(now, c, now.customers[c]["satisfaction"] * (1.0 - now.facts["loss_per_lost_opportunity"]), day)


@compiled
def would_buy(now, o, stage):
    """Say whether an opportunity would pass this stage and all later ones at normal effort."""
    last = len(now.stages) - 1
    for k in range(stage, last + 1):
        chance = now.stages[k]["conversion"] * (now.deals[o]["win"] if k == last else 1.0)
        if now.steps[o, k]["mark"] >= chance:
            return False
    return True


@compiled
def decides(now, o, stage, seat, day):
    """Let a customer decide on an opportunity."""
    last = stage + 1 == len(now.stages)
    chance = now.stages[stage]["conversion"]
    if last:
        chance *= strength(now, o, seat, day)
    if last and now.facts["window_days"] > 0.0 and now.price[o] != AS_LISTED:
        decides_early(now, o, chance, seat, day)
    elif now.customers[now.deals[o]["customer"]]["lost_on"] <= day or now.steps[o, stage]["mark"] >= chance:
        now.deals[o]["doing"] = OVER
        note(now, day, LOST, seat, o, 0.0, 0.0)
    elif not last:
        note(now, day, PASSES, seat, o, 0.0, 0.0)
        needs_work(now, o, stage + 1, seat, day)
    elif not is_held_back(now, o, seat, day):
        now.deals[o]["doing"] = OVER
        is_won(now, o, seat if now.seats[seat]["filled"] else now.facts["house"], seat, day)


@compiled
def decides_early(now, o, chance, seat, day):
    """Let a customer who was asked to decide within the quarter do so."""
    mark, price = now.steps[o, len(now.stages) - 1]["mark"], now.price[o]
    now.deals[o]["doing"] = OVER
    if now.customers[now.deals[o]["customer"]]["lost_on"] <= day or mark >= chance:
        note(now, day, LOST, seat, o, 0.0, 0.0)
    elif mark >= chance * (1.0 - now.facts["pressure"]):
        note(now, day, LOST_PRESSED, seat, o, 0.0, now.deals[o]["amount"])
    else:
        if now.deals[o]["amount"] > price:
            note(now, day, DISCOUNT, seat, o, 0.0, now.deals[o]["amount"] - price)
        now.deals[o]["amount"] = price
        is_won(now, o, seat if now.seats[seat]["filled"] else now.facts["house"], seat, day)


@compiled
def strength(now, o, seat, day):
    """Give the factor on the last conversion by shocks, skill, effort and time on the job."""
    if not now.seats[seat]["filled"]:
        return now.deals[o]["win"]
    c = now.deals[o]["customer"]
    skill = now.skill[c, now.customers[c]["hand"], now.deals[o]["line"]]
    effort = 1.0 + now.facts["elasticity"] * (now.seats[seat]["effort"] - 1.0)
    trained = now.trained[min(seat, len(now.trained) - 1), int(day)]
    return now.deals[o]["win"] * (skill * effort * (productivity(now, seat, day) * trained))


@compiled
def productivity(now, seat, day):
    """Give a holder's productivity: it rises in a line from its start to 1 over the ramp."""
    if day >= now.seats[seat]["joined"] + now.seats[seat]["ramp"]:
        return 1.0
    first = now.facts["starting_productivity"]
    return first + (1.0 - first) * (day - now.seats[seat]["joined"]) / now.seats[seat]["ramp"]


@compiled
def visit_hours(now, c):
    """Give the hours of a visit by the seat that serves a customer now."""
    return now.customers[c]["hours_per_visit"] + now.hands[c, now.customers[c]["hand"]]["road_hours"]


@compiled
def call_hours(now, c):
    """Give the hours a call for service takes."""
    return now.facts["call_hours"] + (
        now.hands[c, now.customers[c]["hand"]]["road_hours"] if now.facts["call_on_site"] else 0.0
    )


@compiled
def falls_due(now, c, seat, day):
    """Let a customer's next promised visit wait; the one before, if it still does, is missed."""
    if now.customers[c]["lost_on"] <= day:
        return
    if now.customers[c]["awaited"] >= 0:
        misses_visit(now, c, seat, day)
    number = now.customers[c]["next_visit"]
    now.customers[c]["awaited"] = number
    now.customers[c]["next_visit"] = number + 1
    push(now.ready, seat, now.customers[c]["visit_rank"], day, VISIT * KIND + c * WHOM + number)
    await_next_visit(now, c, seat)


@compiled
def misses_visit(now, c, seat, day):
    """Take note of a promised visit that nobody made."""
    is_now(now, c, now.customers[c]["satisfaction"] * (1.0 - now.facts["loss_per_missed_visit"]), day)
    note(now, day, MISSED_VISIT, seat, c, visit_hours(now, c), now.customers[c]["satisfaction"])


@compiled
def comes_in(now, c, seat, day):
    """Let a customer's next call for service come in."""
    if now.customers[c]["lost_on"] <= day:
        return
    call = now.customers[c]["next_call"]
    now.customers[c]["next_call"] = call + 1
    note(now, day, CALLED, seat, call, 0.0, 0.0)
    push(now.ready, seat, now.facts["call_rank"], day, CALL * KIND + call * WHOM)
    if day + now.calls[call]["patience"] < now.facts["days"]:
        enter(now.diary, seat, day + now.calls[call]["patience"], GIVES_UP * KIND + call * WHOM)
    await_next_call(now, c, seat)


@compiled
def gives_up(now, call, seat, day):
    """End a call for service that nobody answered."""
    c = now.calls[call]["customer"]
    if now.calls[call]["answered"]:
        return
    now.calls[call]["answered"] = True
    if now.customers[c]["lost_on"] <= day:
        return
    is_now(now, c, now.customers[c]["satisfaction"] * (1.0 - now.facts["loss_per_unserved_call"]), day)
    note(now, day, UNSERVED, seat, call, call_hours(now, c), now.customers[c]["satisfaction"])


@compiled
def choose_effort(now, seat, day):
    """Let a seat's holder choose effort by the bookings of the quarter so far."""
    decision = now.seats[seat]["next_decision"]
    now.seats[seat]["next_decision"] += 1
    if not now.seats[seat]["filled"]:
        return
    now.seats[seat]["effort"] = effort_of(now, seat, decision)
    note(now, day, EFFORT, seat, -1, 0.0, now.seats[seat]["effort"])
