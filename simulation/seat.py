"""A seat at work: one person with limited hours, promised visits, and opportunities that do not wait long.

The person does one piece of work at a time and finishes what is begun: first the stages of opportunities, the
one that waits longest first; then visits, tier by tier, the one due longest first. An opportunity that waits
longer than its patience is lost; a visit not begun when the customer's next one falls due is missed. At the
year's end a visit is missed as well if half the time to the next one has gone by or the customer saw nobody
all year; otherwise it is still due.

While nobody sits there, an opportunity that arises goes its own way (some customers buy all the same; that
credits the house), what already waits keeps waiting, and customers whose work is done decide as usual.

Only the person's own time passes event by event. What falls due meanwhile stands in the agenda with its own
day, and is taken up in order of days before anything that depends on it.
"""

import math
from bisect import bisect_right
from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any

import simpy

from simulation.agenda import Agenda, Item
from simulation.customers import NONE, Customers
from simulation.demand import Opportunities
from simulation.journal import Journal, What
from simulation.people import Person
from simulation.settlement import BackOffice
from simulation.world import World

ARISES, DECISION, VISIT, BUYS_UNATTENDED = (int(item) for item in Item)

Work = tuple[int, float, int, int]
"""What waits: rank, day since when, opportunity or customer, stage or number of the visit."""

SELLING = 0
"""Rank of opportunities; visits have the rank of their tier, from 1."""


class Deals:
    """The opportunities of a replication as lists, which are quickest to look up one by one."""

    def __init__(self, demand: Opportunities) -> None:
        self.customer: list[int] = demand.customer.tolist()
        self.height: list[float] = demand.height.tolist()
        self.limit: list[float] = demand.limit.tolist()
        self.is_new: list[bool] = demand.is_new.tolist()
        self.moved: list[bool] = demand.moved.tolist()
        self.skill: list[float] = demand.skill.tolist()
        self.amount: list[float] = demand.amount.tolist()
        # Deal by deal in one list: making a list of lists would take a tenth of the whole year.
        self.stages = demand.mark.shape[1]
        self.mark: list[float] = demand.mark.ravel().tolist()
        self.days: list[float] = demand.days.ravel().tolist()
        self.patience: list[float] = demand.patience.ravel().tolist()
        self.unattended: list[float] = demand.unattended.tolist()


class Seat:
    """A seat in one replication.

    Parameters
    ----------
    env
        The clock, in days.
    world
        What all replications have in common.
    number
        Position of the seat.
    agenda
        What will fall due.
    deals, customers
        Opportunities and customers of this replication.
    journal
        Where everything is written down.
    office
        Who sends the invoices.
    """

    def __init__(
        self,
        env: simpy.Environment,
        world: World,
        number: int,
        agenda: Agenda,
        deals: Deals,
        customers: Customers,
        journal: Journal,
        office: BackOffice,
    ) -> None:
        self._env, self._world, self._number = env, world, number
        self._agenda, self._deals, self._customers = agenda, deals, customers
        self._journal, self._office = journal, office
        self._conversion = [stage.conversion for stage in world.market.stages]
        self._stage_hours = [stage.hours for stage in world.market.stages]
        self._days_per_hour = float(world.seats.days_per_hour[number])
        self._person: Person | None = None
        self._somebody_joins = env.event()
        self._waiting: list[Work] = []
        self._in_hand = NONE
        self._visiting = NONE
        self._effort = 1.0
        self._quarter_ends: list[float] = world.quarter_ends.tolist()
        self._booked = [0.0] * len(world.quarters)

    def work(self) -> Generator[simpy.Event, Any, None]:
        """Do what waits, one piece after the other, as long as somebody sits here."""
        while True:
            if self._person is None:
                yield self._somebody_joins
            work = self._next_work()
            if work is not None:
                hours = self._hours(work)
                yield self._env.timeout(hours * self._days_per_hour)
                self.catch_up()
                self._finish(work, hours)
            elif (day := self._agenda.first_day()) < math.inf:
                yield self._env.timeout(day - self._env.now)
                self.catch_up()
            else:
                return

    def joins(self, person: Person) -> None:
        """Let somebody take the empty seat."""
        self.catch_up()
        self._person, self._effort = person, 1.0
        self._journal.note(self._env.now, What.JOINS, self._number, NONE)
        self._somebody_joins.succeed()

    def leaves(self, why: What) -> None:
        """Let the holder go, for good or until somebody else joins."""
        self.catch_up()
        self._person = None
        self._journal.note(self._env.now, why, self._number, NONE)
        self._somebody_joins = self._env.event()

    def chooses_effort(self, decision: int) -> None:
        """Choose effort for the days until the next decision, in view of the quarter's bookings so far."""
        self.catch_up()
        if self._person is None:
            return
        booked = self._booked[self._world.decisions.quarter[decision]]
        self._effort = self._world.effort.chosen(self._number, decision, booked)
        self._journal.note(self._env.now, What.EFFORT, self._number, NONE, 0.0, self._effort)

    def catch_up(self) -> None:
        """Take up everything in the agenda that has fallen due by now."""
        take, now = self._agenda.take, self._env.now
        while (entry := take(now)) is not None:
            day, item, subject, number = entry
            if item == VISIT:
                self._visit_falls_due(day, subject, number)
            elif item == DECISION:
                self._customer_decides(day, subject, number)
            elif item == ARISES:
                self._opportunity_arises(day, subject)
            else:
                self._is_won(day, subject, self._world.seats.house)

    def closes_the_year(self) -> None:
        """Write down what is still open."""
        self.catch_up()
        while self._waiting:
            rank, since, subject, number = heappop(self._waiting)
            if rank != SELLING:
                self._gives_up_a_visit(since, subject, number)
            elif not self._gives_up_waiting(since, subject, number):
                self._journal.note(self._env.now, What.OPEN, self._number, subject)
        if self._in_hand != NONE:
            self._journal.note(self._env.now, What.OPEN, self._number, self._in_hand)
        if self._visiting != NONE:
            self._journal.note(self._env.now, What.OPEN_VISIT, self._number, self._visiting)
        for deal in self._agenda.open_opportunities():
            self._journal.note(self._env.now, What.OPEN, self._number, deal)

    def _next_work(self) -> Work | None:
        while self._waiting:
            work = heappop(self._waiting)
            rank, since, subject, number = work
            if rank != SELLING:
                if self._customers.awaited[subject] == number:
                    self._customers.awaited[subject] = NONE
                    self._visiting = subject
                    return work
            elif not self._gives_up_waiting(since, subject, number):
                self._in_hand = subject
                return work
        return None

    def _gives_up_waiting(self, since: float, deal: int, stage: int) -> bool:
        lost = since + self._deals.patience[deal * self._deals.stages + stage]
        if lost > self._env.now:
            return False
        amount = self._deals.amount[deal] if self._would_buy(deal, stage) else 0.0
        self._journal.note(lost, What.LOST_WAITING, self._number, deal, 0.0, amount)
        return True

    def _gives_up_a_visit(self, due: float, customer: int, number: int) -> None:
        if self._customers.awaited[customer] != number:
            return
        now = self._env.now
        self._customers.awaited[customer] = NONE
        if self._customers.waits_too_long(customer, due, now):
            satisfaction = self._customers.waits_in_vain(customer)
            self._journal.note(now, What.MISSED_VISIT, self._number, customer, 0.0, satisfaction)
        else:
            self._journal.note(now, What.OPEN_VISIT, self._number, customer)

    def _hours(self, work: Work) -> float:
        rank, since, subject, number = work
        if rank == SELLING:
            return self._stage_hours[number]
        return self._customers.visit_hours(subject, since)

    def _finish(self, work: Work, hours: float) -> None:
        rank, _, subject, number = work
        now = self._env.now
        if rank == SELLING:
            self._in_hand = NONE
            self._journal.note(now, What.WORK, self._number, subject, hours)
            self._agenda.add(
                now + self._deals.days[subject * self._deals.stages + number], Item.DECISION, subject, number
            )
        else:
            self._visiting = NONE
            satisfaction = self._customers.is_visited(subject)
            self._journal.note(now, What.VISIT, self._number, subject, hours, satisfaction)

    def _visit_falls_due(self, day: float, customer: int, number: int) -> None:
        if self._customers.awaited[customer] != NONE:
            satisfaction = self._customers.waits_in_vain(customer)
            self._journal.note(day, What.MISSED_VISIT, self._number, customer, 0.0, satisfaction)
        self._customers.awaited[customer] = number
        heappush(self._waiting, (self._customers.visit_rank[customer], day, customer, number))

    def _opportunity_arises(self, day: float, deal: int) -> None:
        deals = self._deals
        if deals.height[deal] >= deals.limit[deal] * self._goodwill(deal):
            return
        if self._person is None:
            self._goes_its_own_way(day, deal)
            return
        self._journal.note(day, What.ARISES, self._number, deal)
        heappush(self._waiting, (SELLING, day, deal, 0))

    def _goes_its_own_way(self, day: float, deal: int) -> None:
        house = self._world.seats.house
        self._journal.note(day, What.ARISES_UNATTENDED, house, deal)
        if self._deals.unattended[deal] < self._world.market.unattended_share and self._would_buy(deal, 0):
            first = deal * self._deals.stages
            days = sum(self._deals.days[first : first + self._deals.stages])
            self._agenda.add(day + days, Item.BUYS_UNATTENDED, deal, 0)
        else:
            self._journal.note(day, What.LOST_UNATTENDED, house, deal)

    def _customer_decides(self, day: float, deal: int, stage: int) -> None:
        last = stage + 1 == len(self._conversion)
        chance = self._conversion[stage] * (self._strength(day, deal) if last else 1.0)
        if self._deals.mark[deal * self._deals.stages + stage] >= chance:
            self._journal.note(day, What.LOST, self._number, deal)
        elif last:
            self._is_won(day, deal, self._world.seats.house if self._person is None else self._number)
        else:
            self._journal.note(day, What.PASSES, self._number, deal)
            heappush(self._waiting, (SELLING, day, deal, stage + 1))

    def _is_won(self, day: float, deal: int, seat: int) -> None:
        amount = self._deals.amount[deal]
        self._journal.note(day, What.WON, seat, deal, 0.0, amount)
        self._office.receives(day, seat, deal, amount)
        if seat == self._number:
            self._booked[min(bisect_right(self._quarter_ends, day), len(self._booked) - 1)] += amount

    def _would_buy(self, deal: int, stage: int) -> bool:
        """Say whether a deal would pass this stage and all later ones at normal effort."""
        first = deal * self._deals.stages
        marks = self._deals.mark[first + stage : first + self._deals.stages]
        return all(mark < chance for mark, chance in zip(marks, self._conversion[stage:], strict=True))

    def _goodwill(self, deal: int) -> float:
        """Give the factor on demand by the customer's satisfaction and by facing somebody new."""
        if self._deals.is_new[deal]:
            return 1.0
        factor = self._customers.demand(self._deals.customer[deal])
        if self._person is not None and self._person.is_new and not self._deals.moved[deal]:
            factor *= 1 - self._world.market.relationship_risk
        return factor

    def _strength(self, day: float, deal: int) -> float:
        """Give the factor on the last conversion by skill, effort and time on the job."""
        if self._person is None:
            return 1.0
        effort = 1 + self._world.market.effort.elasticity * (self._effort - 1)
        return self._deals.skill[deal] * effort * self._person.productivity(day)
