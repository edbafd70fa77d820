"""What the processes of one replication share: the clock, customers, seats, pools and the journal."""

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.clock import Clock, Rank
from simulation.luck.fate import Fate
from simulation.reference.customers import Customer
from simulation.reference.seats import Piece, Seat
from simulation.world.world import World

Record = tuple[float, int, int, int, float, float]
"""Day, what, seat, subject, hours, amount."""

NOBODY = -1


class Company:
    """A company in one replication.

    Parameters
    ----------
    world
        What all replications have in common.
    fate
        The luck of this one.
    """

    def __init__(self, world: World, fate: Fate) -> None:
        self.world, self.fate, self.clock = world, fate, Clock()
        self.records: list[Record] = []
        quarters = len(world.quarters)
        self.seats = [Seat(self.clock, s, hours, quarters) for s, hours in enumerate(fate.passed)]
        self.customers = [Customer(self.clock, world, fate, c) for c in range(len(world.customers))]
        self.pools = {
            pool.name: simpy.PriorityResource(self.clock, pool.slots_per_week) for pool in world.market.pools
        }
        self.under_way: set[int] = set()
        self.coming: set[int] = set()
        self._given_up: list[Seat] = []

    @property
    def house(self) -> int:
        """Position of the seat where nobody ever sits."""
        return self.world.seats.house

    def note(
        self, what: What, seat: int, subject: int = NOBODY, hours: float = 0.0, amount: float = 0.0
    ) -> None:
        """Write down what happens now."""
        self.records.append((float(self.clock.now), int(what), seat, subject, hours, float(amount)))

    def seat_of(self, customer: Customer) -> Seat:
        """Give the seat that serves a customer now."""
        return self.seats[customer.seat]

    def customers_of(self, seat: int) -> Iterator[Customer]:
        """Give the customers whom a seat serves now."""
        return (customer for customer in self.customers if customer.seat == seat)

    def on_seat(self, factors: NDArray[np.float64], seat: int) -> float:
        """Look up today's factor of a seat in a table by days, of one row where all are alike."""
        return float(factors[seat if len(factors) > 1 else 0, int(self.clock.now)])

    def asks_for_work(
        self, kind: str, code: int, customer: Customer, since: float, hours: float, *, travels: bool
    ) -> Piece:
        """Let a piece of work wait for the customer's seat."""
        clock = self.clock
        rank = self._rank(kind, customer)
        piece = Piece(rank, since, code, customer, hours, travels, clock.event(), clock.event())
        self.seat_of(customer).receives(piece)
        return piece

    def withdraws(self, piece: Piece) -> None:
        """Let a piece of work wait no longer."""
        self.seat_of(piece.customer).waiting.remove(piece)

    def changes_hands(self, customer: Customer, hand: int) -> None:
        """Let a customer pass to another hand, with the work that waits."""
        before = self.seat_of(customer)
        customer.passes_to(hand)
        self.note(What.MOVES, customer.seat, customer.number)
        for piece in before.hands_on(customer):
            self.seat_of(customer).receives(piece)

    def gives_up(self, seat: Seat) -> Generator[simpy.Event, Any, None]:
        """Let colleagues take over the customers of a seat that nobody will fill again, where that is done.

        Seats that are given up at the same moment come one after the other, when all who leave have left.
        """
        if self.world.market.turnover.reassign:
            self._given_up.append(seat)
            yield self.clock.at(self.clock.now, Rank.REASSIGNMENT)
            for left in sorted(self._given_up, key=lambda s: s.number):
                for customer in self.customers_of(left.number):
                    self._finds_a_colleague(customer)
            self._given_up.clear()

    def _finds_a_colleague(self, customer: Customer) -> None:
        """Let a customer go to the nearest colleague who may serve it and is present, if anybody is."""
        hands = self.world.hands
        for hand in range(hands.alternates, hands.seat.shape[1]):
            if self.seats[hands.seat[customer.number, hand]].is_filled:
                self.changes_hands(customer, hand)
                return

    def _rank(self, kind: str, customer: Customer) -> tuple[int, int]:
        """Rank by kind of work, and visits by tier; all alike where there is no order."""
        order: tuple[str, ...] = self.world.market.work_order
        if not order:
            return 0, 0
        return order.index(kind), int(self.world.visit_rank[customer.number]) if kind == "visits" else 0
