"""A year of the sales force: what couples seats, in SimPy; what a seat does in between, in the kernel."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.clock import Clock, Rank
from simulation.company.people import People, crowd_of, moves_of
from simulation.company.weeks import calendar_of, play_on, weeks_of
from simulation.luck.fate import Fate, draw
from simulation.seats.codes import RECORDS
from simulation.seats.selling import begin, end, finish, guests, hand_over
from simulation.seats.state import RECORD, state_of
from simulation.world.world import World

NONE = -1
NO_SEAT = (0, -1, 0.0)


@dataclass(frozen=True)
class Year:
    """A year that was lived through.

    Parameters
    ----------
    fate
        What luck decided beforehand.
    journal
        Rows of type `simulation.seats.state.RECORD`, those of a customer in order of days.
    """

    fate: Fate
    journal: NDArray[Any]

    @property
    def records(self) -> NDArray[np.float64]:
        """All records in order of days, [records, 6]."""
        return in_order(self.journal)


def in_order(journal: NDArray[Any]) -> NDArray[np.float64]:
    """Sort records by day, kind (who leaves before who joins), subject and seat, [records, 6]."""
    kind = np.where(journal["what"] == What.JOINS, len(What), journal["what"])
    sorted_ = journal[np.lexsort((journal["by"], journal["subject"], kind, journal["day"]))]
    return np.column_stack([sorted_[name].astype(np.float64) for name in RECORD.names or ()])


def live_a_year(world: World, seed: int, replication: int) -> Year:
    """Simulate one replication.

    Parameters
    ----------
    world
        Scenario and plan.
    seed, replication
        Together they are the year's luck.
    """
    return play(world, draw(world, seed, replication))


def play(world: World, fate: Fate) -> Year:
    """Simulate one year whose luck is decided."""
    clock = Clock()
    force = SalesForce(clock, world, fate)
    force.work()
    clock.run(until=world.days)
    clock.stops()
    return force.ends()


class SalesForce:
    """All seats of a replication: people, customers who change hands, shared pools.

    Parameters
    ----------
    clock
        The clock, in days.
    world, fate
        What all replications have in common, and what luck decided.
    """

    def __init__(self, clock: Clock, world: World, fate: Fate) -> None:
        self._clock, self._world, self._fate = clock, world, fate
        self._now = state_of(world, fate)
        self._weeks, self._calendar, self._passed = weeks_of(world), calendar_of(world), 0
        self._crowd = crowd_of(world, fate)
        self._reached = 0.0
        self._given_up: list[int] = []
        self._watched: set[tuple[int, float]] = set()

    def work(self) -> None:
        """Lay out the first day and let everybody begin."""
        begin(
            self._now,
            self._fate.pending,
            self._fate.pending_stage,
            self._fate.pending_day,
            self._fate.coming,
            self._fate.coming_day,
        )
        people = People(self._clock, self._world, self._fate, self._crowd, self)
        people.work()
        self._clock.process(self._change_hands())
        self._clock.process(self._pass_weeks(people))

    def joins(self, seat: int, since: float, *, is_new: bool) -> None:
        """Let somebody take an empty seat, on the job since a day, perhaps new to the customers."""
        self._let_catch_up(seat)
        now = self._now
        holder = now.seats[seat]
        holder["filled"], holder["effort"], holder["joined"] = True, 1.0, since
        holder["ramp"] = self._world.seats.ramp_days[seat]
        self._crowd.is_joined(seat, self._clock.now, int(now.booked[seat].sum()))
        if is_new:
            own = self._customers_of(seat)
            self._lose(own, self._world.hands.new_hire_loss[own])
        self._note(What.JOINS, seat, NONE)

    def leaves(self, seat: int, why: What) -> None:
        """Let the holder go."""
        self._let_catch_up(seat)
        self._now.seats[seat]["filled"] = False
        self._note(why, seat, NONE)

    def is_given_up(self, seat: int) -> None:
        """Take note that nobody will fill a seat again; colleagues take over if that is done."""
        if self._world.market.turnover.reassign:
            self._given_up.append(seat)
            self._clock.process(self._reassign())

    def next_thought(self) -> float:
        """Give the day until which those who join now know what they do."""
        return min(self._calendar.next_thought[self._passed], self._world.days)

    def ends(self) -> Year:
        """Close the year and give what was written down."""
        self._catch_up()
        end(self._now)
        return Year(self._fate, self._now.records[: int(self._now.counts[RECORDS])])

    def _catch_up(self) -> None:
        """Let all seats reach the present moment."""
        if self._reached < self._clock.now:
            self._play_on(self._passed, 0, self._world.seats.house, self._clock.now)
            self._reached = self._clock.now

    def _let_catch_up(self, seat: int) -> None:
        """Let one seat reach the present moment."""
        if self._now.seats[seat]["clock"] < self._clock.now:
            self._play_on(self._passed, seat, seat, self._clock.now)

    def _play_on(self, last: int, first_seat: int, last_seat: int, day: float) -> None:
        """Pass through moments that were known from the start, up to one, and let seats reach a day."""
        self._passed = play_on(
            *(self._now, self._weeks, self._crowd, self._passed, last, first_seat, last_seat, day)
        )

    def _pass_weeks(self, people: People) -> Generator[simpy.Event, Any, None]:
        """Pass through the moments known from the start, as many at a time as nothing else comes between."""
        weeks, calendar = self._weeks, self._calendar
        while self._passed < len(calendar.moments):
            day, rank = calendar.moments[self._passed]
            yield self._clock.at(day, Rank(rank))
            last = max(calendar.before(*self._clock.comes_next()), self._passed + 1)
            while self._passed < last:
                self._play_on(last, *NO_SEAT)
                if weeks.thought[self._passed - 1] >= 0:
                    people.quit(weeks.until[self._passed - 1])
                    last = min(last, calendar.before(*self._clock.comes_next()))

    def _change_hands(self) -> Generator[simpy.Event, Any, None]:
        """Let customers change hands as planned."""
        days, customers, hands = moves_of(self._world, self._fate)
        for day in np.unique(days[days < self._world.days]).tolist():
            yield self._clock.at(day, Rank.MOVES)
            here = days == day
            self._hand_over(customers[here], hands[here])

    def _reassign(self) -> Generator[simpy.Event, Any, None]:
        """Give customers of seats given up now to present colleagues, seat by seat."""
        yield self._clock.at(self._clock.now, Rank.REASSIGNMENT)
        for seat in sorted(self._given_up):
            self._pass_on(seat)
        self._given_up.clear()

    def _pass_on(self, seat: int) -> None:
        """Give each customer of a seat to the first colleague in its line who is present, if anybody is."""
        hands = self._world.hands
        own = np.flatnonzero(self._customers_of(seat))
        present = self._now.seats["filled"][hands.seat[own, hands.alternates :]]
        able = present.any(axis=1)
        if able.any():
            self._hand_over(own[able], hands.alternates + present.argmax(axis=1)[able])

    def _hand_over(self, customers: NDArray[np.int64], hands: NDArray[np.int64]) -> None:
        self._catch_up()
        customers, hands = np.ascontiguousarray(customers), np.ascontiguousarray(hands)
        hand_over(self._now, customers, hands, self._clock.now)
        self._see_work_in_hand_through()
        self._lose(customers, self._world.hands.loss[customers, hands])
        for customer, seat in zip(
            customers.tolist(), self._world.hands.seat[customers, hands].tolist(), strict=True
        ):
            self._note(What.MOVES, seat, customer)

    def _see_work_in_hand_through(self) -> None:
        """Watch work in hand for customers who are another seat's now: its end concerns both seats."""
        for seat in guests(self._now).tolist():
            day = float(self._now.seats[seat]["finish"])
            if day < self._world.days and (seat, day) not in self._watched:
                self._watched.add((seat, day))
                self._clock.process(self._see_through(seat, day))

    def _see_through(self, seat: int, day: float) -> Generator[simpy.Event, Any, None]:
        yield self._clock.at(day, Rank.DONE)
        self._catch_up()
        finish(self._now, seat, day)

    def _lose(self, customers: NDArray[Any], share: NDArray[np.float64]) -> None:
        np.maximum.at(self._now.customers["loss"], customers, share)

    def _customers_of(self, seat: int) -> NDArray[np.bool_]:
        seats = self._world.hands.seat
        own: NDArray[np.bool_] = seats[np.arange(len(seats)), self._now.customers["hand"]] == seat
        return own

    def _note(self, what: What, seat: int, subject: int) -> None:
        at = self._now.counts[RECORDS]
        self._now.records[at] = (self._clock.now, int(what), seat, subject, 0.0, 0.0)
        self._now.counts[RECORDS] = at + 1
