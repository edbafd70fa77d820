"""A seat at work: one piece at a time, in an order, as long as somebody sits there."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy
from numpy.typing import NDArray

from scenarios.market import Turnover
from simulation.company.clock import Clock, Rank
from simulation.world.working_time import done_at, opens_at

if TYPE_CHECKING:
    from simulation.reference.customers import Customer


@dataclass(eq=False)
class Piece:
    """A piece of work that waits for a seat, or is in hand there.

    Parameters
    ----------
    rank, since, code
        What is done first is the least of these: kind and tier, day since when it waits, and a number.
    customer
        Whom it is for.
    hours
        Without travel.
    travels
        Whether the hours on the road of a visit come on top.
    taken
        Happens when a rep takes it up; with False as value where the customer turns out to be lost.
    done
        Happens when the work is done.
    seat, worked
        Who took it up, and the hours with travel.
    """

    rank: tuple[int, int]
    since: float
    code: int
    customer: "Customer"
    hours: float
    travels: bool
    taken: simpy.Event
    done: simpy.Event
    seat: int = field(default=-1, init=False)
    worked: float = field(default=0.0, init=False)

    @property
    def hours_now(self) -> float:
        """Hours it takes if the customer's present seat begins it."""
        return self.hours + (self.customer.road_hours if self.travels else 0.0)

    def is_taken_by(self, seat: int) -> None:
        """Let a seat begin it, or find out that the customer is lost."""
        self.seat, self.worked = seat, self.hours_now
        self.taken.succeed(not self.customer.is_lost)

    @property
    def turn(self) -> tuple[tuple[int, int], float, int]:
        """What waiting work is sorted by."""
        return self.rank, self.since, self.code


@dataclass(frozen=True)
class Person:
    """Whoever sits in a seat.

    Parameters
    ----------
    since
        Day of joining; minus infinity for long ago.
    ramp_days
        Days until fully productive.
    turnover
        Where productivity starts.
    """

    since: float
    ramp_days: float
    turnover: Turnover

    def productivity(self, day: float) -> float:
        """Rise in a line from the productivity of the first day to 1 over the ramp."""
        if day >= self.since + self.ramp_days:
            return 1.0
        first = self.turnover.starting_productivity
        return first + (1 - first) * (day - self.since) / self.ramp_days


class Seat:
    """A seat in one replication; the house is one where nobody ever sits.

    Parameters
    ----------
    clock
        The year's.
    number
        Position of the seat.
    hours
        Of the seat before each day and in all, [days + 1].
    quarters
        How many there are.
    """

    def __init__(self, clock: Clock, number: int, hours: NDArray[np.float64], quarters: int) -> None:
        self._clock, self._hours = clock, hours
        self.number = number
        self.person: Person | None = None
        self.effort = 1.0
        self.attainment = 1.0
        self.booked = [0] * quarters
        self.pulled_in = [0.0] * quarters
        self.held_back = [0.0] * quarters
        self.waiting: list[Piece] = []
        self._something_comes = clock.event()

    @property
    def is_filled(self) -> bool:
        """Whether somebody sits here."""
        return self.person is not None

    def care(self, neglect: float) -> float:
        """Give the holder's care for customers, of which effort takes a share: 1 at effort 1, or if empty."""
        return 1 - neglect * (self.effort - 1) if self.is_filled else 1.0

    def is_taken_by(self, person: Person) -> None:
        """Let somebody sit down."""
        self.person, self.effort = person, 1.0
        self._wakes_up()

    def is_left(self) -> None:
        """Let the holder go."""
        self.person = None

    def receives(self, piece: Piece) -> None:
        """Let a piece of work wait here."""
        self.waiting.append(piece)
        self._wakes_up()

    def hands_on(self, customer: "Customer") -> list[Piece]:
        """Give away a customer's waiting work."""
        theirs = [piece for piece in self.waiting if piece.customer is customer]
        self.waiting = [piece for piece in self.waiting if piece.customer is not customer]
        return theirs

    def work(self) -> Generator[simpy.Event, Any, None]:
        """Do what waits, one piece after the other, while somebody sits here."""
        clock = self._clock
        while True:
            while not (self.is_filled and self.waiting):
                self._something_comes = clock.event()
                yield self._something_comes
            yield clock.at(opens_at(self._hours, clock.now), Rank.BEGIN)
            piece = self._takes_up()
            if piece is not None:
                yield clock.at(done_at(self._hours, clock.now, piece.worked), Rank.DONE)
                piece.done.succeed()

    def _takes_up(self) -> Piece | None:
        """Take the piece whose turn it is, if there is one; drop those of lost customers on the way."""
        while self.is_filled and self.waiting:
            piece = min(self.waiting, key=lambda p: p.turn)
            self.waiting.remove(piece)
            piece.is_taken_by(self.number)
            if not piece.customer.is_lost:
                return piece
        return None

    def _wakes_up(self) -> None:
        if not self._something_comes.triggered:
            self._something_comes.succeed()
