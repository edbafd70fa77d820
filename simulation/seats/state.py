"""What the kernel of selling works on: tables of a year, one row a customer, opportunity, call, seat.

What does not change in a year and what does stand side by side, since they are read together.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulation.behaving.effort import YearTable
from simulation.luck.events import Trainings
from simulation.luck.fate import Fate
from simulation.luck.lending import lend, lend_copy
from simulation.seats.diary import Diary, diary_of
from simulation.seats.heaps import Heap, heap_of
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Rows = NDArray[Any]

NEVER = -1


def _row_of(fields: str) -> np.dtype[Any]:
    """Make a row type of fields written as name:type."""
    return np.dtype([(name, kind) for name, kind in (field.split(":") for field in fields.split())])


FACTS = _row_of("""
    days:f8 house:i8 elasticity:f8 starting_productivity:f8 deal_rank:i8 call_rank:i8 call_hours:f8
    call_on_site:? unattended_share:f8 start:f8 sensitivity:f8 gain_per_visit:f8
    loss_per_missed_visit:f8 loss_per_lost_opportunity:f8 loss_per_unserved_call:f8 daily_churn:f8
    churn_sensitivity:f8 window_days:f8 keeps:f8 discount:f8 accepts:f8 pressure:f8
    accepts_per_discount:f8 neglect:f8
    """)
"""What is believed, in single numbers; see `scenarios.market`."""

STAGE = _row_of("hours:f8 conversion:f8 at_customer:? pool:i8")
"""Of stages; pool: its position, or -1."""

DECISION = _row_of("day:f8 quarter:i8 next_quarter:i8 patience:f8")
"""When effort is chosen; the next quarter's first decision, and the weight of pay at this quarter's end."""

HAND = _row_of("seat:i8 road_hours:f8")
"""Of customers x hands, see `Hands`."""

CUSTOMER = _row_of(
    """
    lost_on:f8 satisfaction:f8 loss:f8 hand:i4 last_deal:i4 next_deal:i8 next_call:i8 last_call:i4
    visit_rank:i4 next_visit:i8 awaited:i8 phase:f8 apart:f8 hours_per_visit:f8 credit_limit:f8 owes:i8
    churn:f8 churn_since:f8 churns_at:f8 lost_from:f8 first_deal:i8 held_first:i8 held_last:i8
    was_visited:? is_noted:?
    """
)
"""Of customers. What changes: the hand they are in, the share of demand lost to changes of hands, how content
they are; what the rate of churn had added up to at its last change, the day of that, and the day on which the
customer is lost if nothing changes; what comes next, by position or number; the number of the visit that
waits, whether anybody came this year; cents owed, the first and last
order on hold; whether its loss is noted."""

CALL = _row_of("customer:i8 day:f8 patience:f8 answered:?")
"""Of calls; answered: work has begun, or it has ended."""

SEAT = _row_of("""
    filled:? joined:f8 ramp:f8 effort:f8 next_decision:i8 clock:f8 finish:f8 in_hand:i8
    hours_in_hand:f8 fetched:f8
    """)
"""Of seats: whether somebody is there, since when, days of ramp, effort, number of the next choice of effort;
the moment reached, when the work in hand is done (infinite: nothing in hand), its code (or -1) and hours;
what `simulation.seats.selling.fetch` gave."""

RECORD = _row_of("day:f8 what:i1 by:i4 subject:i4 hours:f8 amount:f8")
"""See `simulation.accounting.journal`."""


class Own(NamedTuple):
    """Customers by the seat that serves them on the first day; of seat s from first[s] to first[s + 1]."""

    customer: Positions
    first: Positions


class State(NamedTuple):
    """The tables of a year.

    Parameters
    ----------
    facts, stages, decisions, hands, customers, deals, steps, calls, seats, records
        Rows of the types above, deals and steps as of `simulation.luck.opportunities`; facts is a single row.
    quarter_ends, closes, choices, largest, value, year, skill, passed, trainings
        See `World`, `EffortTable`, `Hands` and `Fate`; choices are efforts.
    answers, answered_on, price
        Of opportunities: see `simulation.luck.opportunities`; the day of the customer's decision on the last
        stage, where the rep may want it earlier; cents if it is decided early, -1 where nobody asked for
        that. Empty where reps do not play with time.
    own
        Whose customers are whose on the first day.
    booked
        Cents, [seats, quarters].
    counted
        Money seats count on that is not booked yet: of deals pulled into a quarter, and of deals held back
        from it, [seats, quarters, 2].
    diary, ready
        What will happen, and what waits for work.
    asking
        Who asked for a pool's help, by pool.
    counts
        Number of records.
    """

    facts: Any
    stages: Rows
    decisions: Rows
    hands: Rows
    customers: Rows
    deals: Rows
    steps: Rows
    calls: Rows
    seats: Rows
    records: Rows
    quarter_ends: Numbers
    closes: Numbers
    choices: Numbers
    largest: Numbers
    value: Numbers
    year: YearTable
    answers: Numbers
    answered_on: Numbers
    price: Positions
    skill: Numbers
    passed: Numbers
    trainings: Trainings
    own: Own
    booked: Positions
    counted: Numbers
    diary: Diary
    ready: Heap
    asking: Heap
    counts: Positions


class Lasting(NamedTuple):
    """Tables that are the same in all years of a world; customers and seats as on the first day."""

    facts: Any
    stages: Rows
    decisions: Rows
    hands: Rows
    customers: Rows
    seats: Rows
    promised: Positions
    own: Own


def state_of(world: World, fate: Fate) -> State:
    """Lay out a world and a fate with nothing begun yet: all seats empty, nothing awaited."""
    lasting, deals = _lasting(world), fate.opportunities
    (count, stages), seats = deals.steps.shape, len(lasting.seats)
    helped = lasting.stages["pool"][lasting.stages["pool"] >= 0]
    deals_of, calls_of, serving = np.diff(deals.first), np.diff(fate.calls.first), world.hands.seat
    open_of = np.bincount(deals.customer[deals.still_open], minlength=len(deals_of))
    return State(
        facts=lasting.facts,
        stages=lasting.stages,
        decisions=lasting.decisions,
        hands=lasting.hands,
        customers=_customers(world, fate, lend_copy("customers", lasting.customers)),
        deals=lend_copy("deals", deals.rows),
        steps=deals.steps,
        calls=_calls(fate),
        seats=lasting.seats.copy(),
        records=lend("records", _most_records(world, fate, lasting), RECORD),
        quarter_ends=world.quarter_ends,
        closes=world.closes,
        choices=world.effort.effort,
        largest=world.effort.largest,
        value=world.effort.value,
        year=world.effort.year,
        answers=deals.answers,
        answered_on=np.zeros(len(deals.answers)),
        price=np.full(len(deals.answers), NEVER),
        skill=world.hands.skill,
        passed=fate.passed,
        trainings=fate.trainings,
        own=lasting.own,
        booked=np.zeros((seats, len(world.quarters)), dtype=np.int64),
        counted=np.zeros((seats, len(world.quarters), 2)),
        diary=diary_of(
            room_for(serving, 3 + deals_of * (stages + 1) + calls_of + open_of, seats),
            len(world.season),
            count * (stages + 1) + len(fate.calls.day) + 3 * len(lasting.customers),
        ),
        ready=heap_of("ready", room_for(serving, deals_of * stages + calls_of + lasting.promised, seats)),
        asking=heap_of("asking", count * np.bincount(helped, minlength=len(world.market.pools))),
        counts=np.zeros(1, dtype=np.int64),
    )


@lru_cache(maxsize=4)
def _lasting(world: World) -> Lasting:
    when, hands = world.decisions, world.hands
    return Lasting(
        facts=_facts(world),
        stages=_stages(world),
        decisions=_rows(
            DECISION,
            when.day.shape,
            day=when.day,
            quarter=when.quarter,
            next_quarter=when.next_quarter,
            patience=world.patience,
        ),
        hands=_rows(HAND, hands.seat.shape, seat=hands.seat, road_hours=hands.road_hours),
        customers=_first_day(world),
        seats=_empty_seats(world),
        promised=np.ceil(world.visits_per_year).astype(np.int64) + 2,
        own=_own(hands.seat[:, 0], world.seats.house),
    )


def _own(seat: Positions, house: int) -> Own:
    customers = np.argsort(seat, kind="stable")
    return Own(customers, np.searchsorted(seat[customers], np.arange(house + 2)))


def _most_records(world: World, fate: Fate, lasting: Lasting) -> int:
    """Count the most records there may be of opportunities, visits, calls, customers, seats and moves."""
    deals, stages = fate.opportunities.steps.shape
    customers, abandoned = len(lasting.customers), int((~world.seats.backfill[:-1]).sum())
    of_customers = int(lasting.promised.sum()) + 2 * len(fate.calls.day) + customers * (1 + abandoned)
    of_seats = len(lasting.seats) * (len(lasting.decisions) + 2 * fate.stays.shape[1] + 2)
    return deals * (2 * stages + 7) + of_customers + of_seats + len(world.hands.day)


def _rows(kind: np.dtype[Any], shape: tuple[int, ...], **columns: Any) -> Rows:
    """Make rows of a type from its columns."""
    rows = np.empty(shape, dtype=kind)
    for name, column in columns.items():
        rows[name] = column
    return rows


def _facts(world: World) -> Any:
    market, content, timing = world.market, world.market.satisfaction, world.market.timing
    rank = _ranks(world)
    return _rows(
        FACTS,
        (1,),
        days=world.days,
        house=world.seats.house,
        elasticity=market.effort.elasticity,
        starting_productivity=market.turnover.starting_productivity,
        deal_rank=rank.get("deals", 0),
        call_rank=rank.get("service", 0),
        call_hours=market.service.hours,
        call_on_site=market.service.on_site,
        unattended_share=market.unattended_share,
        start=content.start,
        sensitivity=content.sensitivity,
        gain_per_visit=content.gain_per_visit,
        loss_per_missed_visit=content.loss_per_missed_visit,
        loss_per_lost_opportunity=content.loss_per_lost_opportunity,
        loss_per_unserved_call=content.loss_per_unserved_call,
        daily_churn=market.churn.yearly_rate / 365.25,
        churn_sensitivity=market.churn.sensitivity,
        window_days=timing.window_days,
        keeps=timing.keeps,
        discount=timing.discount,
        accepts=timing.accepts,
        accepts_per_discount=timing.accepts_per_discount,
        pressure=timing.pressure,
        neglect=market.effort.neglect,
    )[0]


def _ranks(world: World) -> dict[str, int]:
    """Rank kinds of work, with room for the tiers of visits; nothing where first come is first served."""
    tiers = int(world.visit_rank.max(initial=0)) + 1
    return {kind: place * tiers for place, kind in enumerate(world.market.work_order)}


def _stages(world: World) -> Rows:
    stages, pools = world.market.stages, [pool.name for pool in world.market.pools]
    return _rows(
        STAGE,
        (len(stages),),
        hours=[stage.hours for stage in stages],
        conversion=[stage.conversion for stage in stages],
        at_customer=[stage.at_customer for stage in stages],
        pool=[pools.index(stage.pool) if stage.pool else NEVER for stage in stages],
    )


def _first_day(world: World) -> Rows:
    """Give customers as they are on the first day, whatever luck says."""
    rank = _ranks(world)
    return _rows(
        CUSTOMER,
        world.potential.shape,
        hours_per_visit=world.hours_per_visit,
        visit_rank=world.visit_rank + rank["visits"] if rank else 0,
        credit_limit=world.credit_limit,
        hand=0,
        loss=world.hands.loss[:, 0],
        satisfaction=world.market.satisfaction.start,
        churn=0.0,
        churn_since=0.0,
        next_deal=0,
        next_visit=0,
        awaited=NEVER,
        was_visited=False,
        owes=0,
        held_first=NEVER,
        held_last=NEVER,
        is_noted=False,
    )


def _empty_seats(world: World) -> Rows:
    return _rows(
        SEAT,
        world.seats.ids.shape,
        filled=False,
        joined=0.0,
        ramp=0.0,
        effort=1.0,
        next_decision=0,
        clock=0.0,
        finish=np.inf,
        in_hand=NEVER,
        hours_in_hand=0.0,
        fetched=0.0,
    )


def _customers(world: World, fate: Fate, rows: Rows) -> Rows:
    """Add what luck says to the customers of the first day."""
    daily = world.market.churn.yearly_rate / 365.25
    rows["phase"], rows["apart"] = fate.visits.phase, fate.visits.apart
    rows["churns_at"], rows["lost_from"] = fate.churns_at, fate.lost_from
    rows["lost_on"] = np.minimum(fate.churns_at / daily, fate.lost_from) if daily > 0 else fate.lost_from
    rows["first_deal"], rows["last_deal"] = fate.opportunities.first[:-1], fate.opportunities.first[1:]
    rows["next_call"], rows["last_call"] = fate.calls.first[:-1], fate.calls.first[1:]
    return rows


def _calls(fate: Fate) -> Rows:
    calls, count = fate.calls, (len(fate.calls.day),)
    return _rows(CALL, count, customer=calls.customer, day=calls.day, patience=calls.patience, answered=False)


@njit(cache=True)
def room_for(seat, entries, seats):
    """Add up the entries of all customers who may ever be in a seat's hands, [seats]."""
    room = np.zeros(seats, dtype=np.int64)
    for c in range(seat.shape[0]):
        for h in range(seat.shape[1]):
            again = False
            for earlier in range(h):
                again = again or seat[c, earlier] == seat[c, h]
            if not again:
                room[seat[c, h]] += entries[c]
    return room
