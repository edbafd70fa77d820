"""An opportunity from the day it arises to the customer's last word."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simulation.accounting.journal import What
from simulation.company.clock import Rank
from simulation.reference.money import settle
from simulation.reference.seats import Seat
from simulation.reference.timing import best_offer, discounted, pays_to_wait, quarter_before, quarter_of

if TYPE_CHECKING:
    from simulation.reference.company import Company

Process = Generator[simpy.Event, Any, None]


class Opportunity:
    """An opportunity in one replication.

    Parameters
    ----------
    company
        Where it arises.
    number
        Position of the opportunity.
    """

    def __init__(self, company: "Company", number: int) -> None:
        self._company, self._clock, self._number = company, company.clock, number
        self._luck, self._market = company.fate.opportunities, company.world.market
        self._customer = company.customers[self._luck.customer[number]]
        self._amount = int(self._luck.amount[number])
        self._hurries = False
        self._price = self._amount

    def lives(self) -> Process:
        """Arise if there is demand for it, and be worked on, or go its own way where nobody is there."""
        day = float(self._luck.arises[self._number])
        yield self._clock.at(day, Rank.DUE)
        goodwill = 1.0 if self._luck.is_new[self._number] else self._customer.goodwill
        wanted = self._luck.height[self._number] < self._luck.limit[self._number] * goodwill
        if self._customer.is_lost or not wanted:
            return
        if self._seat.is_filled:
            self._notes(What.ARISES)
            self._company.under_way.add(self._number)
            yield from self._goes_through_stages(0)
            return
        self._notes(What.ARISES_UNATTENDED, seat=self._company.house)
        if self._luck.unattended[self._number] < self._market.unattended_share and self._would_buy_from(0):
            yield from self._buys_unattended(sum(self._luck.days[self._number].tolist(), day))
        else:
            self._notes(What.LOST_UNATTENDED, seat=self._company.house)

    def awaits_a_decision(self, stage: int, day: float) -> Process:
        """Be under way on the first day: the customer decides on a stage on some day."""
        self._notes(What.UNDER_WAY)
        self._company.under_way.add(self._number)
        yield from self._is_answered(stage, day)
        if self._passes(stage):
            yield from self._goes_through_stages(stage + 1)

    def will_be_bought(self, day: float) -> Process:
        """Be under way on the first day where nobody serves, and be bought all the same."""
        self._notes(What.UNDER_WAY)
        yield from self._buys_unattended(day)

    @property
    def _seat(self) -> Seat:
        return self._company.seat_of(self._customer)

    def _goes_through_stages(self, first: int) -> Process:
        """Need work for a stage now, and for the next when the customer has decided, until it is won."""
        for stage in range(first, len(self._market.stages)):
            if not (yield from self._is_worked_on(stage)):
                return
            yield from self._is_with_the_customer(stage)
            if not self._passes(stage):
                return
        waits = self._plays and not self._hurries
        waits = waits and self._luck.answers[self._number, 1] < self._market.timing.accepts
        waits = waits and pays_to_wait(self._company, self._seat, self._amount)
        if waits and not (yield from self._is_held_back()):
            return
        self._company.under_way.remove(self._number)
        yield from self._is_won(self._seat.number if self._seat.is_filled else self._company.house)

    @property
    def _plays(self) -> bool:
        return self._market.timing.window_days > 0

    def _is_with_the_customer(self, stage: int) -> Process:
        """Wait for the customer's decision on a stage."""
        answers = self._clock.now + float(self._luck.days[self._number, stage])
        yield from self._is_answered(stage, answers)

    def _is_answered(self, stage: int, answers: float) -> Process:
        """Wait for a decision; the rep may ask for it on the last moment of the quarter before."""
        if self._plays and stage + 1 == len(self._market.stages):
            yield from self._may_be_asked_to_hurry(answers)
        if self._hurries:
            answers = float(self._company.world.closes[quarter_of(self._company)])
        yield self._clock.at(answers, Rank.DUE, self._number if self._hurries else None)

    def _may_be_asked_to_hurry(self, answers: float) -> Process:
        """Be asked, in the last days of the quarter before, to decide before that ends."""
        end, window = quarter_before(self._company, answers), self._market.timing.window_days
        if end <= self._clock.now:
            return
        if self._clock.now < end - window:
            yield self._clock.at(end - window, Rank.DUE, self._number)
        offer, choices = self._offer(), self._company.world.decisions.day
        for day in choices[(choices > self._clock.now) & (choices < end)].tolist():
            if offer is None:
                yield self._clock.at(day, Rank.DUE, self._number)
                offer = self._offer()
        timing = self._market.timing
        if offer is not None and self._luck.answers[self._number, 1] < timing.acceptance(offer):
            self._hurries, self._price = True, discounted(self._amount, offer)
            wins = (1 - timing.pressure) * self._market.stages[-1].conversion
            self._seat.pulled_in[quarter_of(self._company)] += wins * (self._price / 100)
            self._notes(What.PULLED_IN, amount=self._price)

    def _offer(self) -> float | None:
        """Give the discount the rep would offer now for an answer within the quarter, if it wants one."""
        return None if self._customer.is_lost else best_offer(self._company, self._seat, self._amount)

    def _is_held_back(self) -> Generator[simpy.Event, Any, bool]:
        """Sign at the first moment of the next quarter; say whether the customer still does."""
        self._notes(What.HELD_BACK, amount=self._amount)
        quarter = quarter_of(self._company)
        self._seat.held_back[quarter] += self._market.timing.keeps * (self._amount / 100)
        end = float(self._company.world.quarter_ends[quarter])
        yield self._clock.at(end, Rank.DUE, self._number)
        if self._customer.is_lost:
            self._is_lost(What.LOST)
            return False
        if self._luck.answers[self._number, 0] >= self._market.timing.keeps:
            self._is_lost(What.LOST_HELD, amount=self._amount)
            return False
        return True

    def _is_worked_on(self, stage: int) -> Generator[simpy.Event, Any, bool]:
        """Ask for help where the stage needs it, wait for the rep, be worked on; say whether it was."""
        plan, since = self._market.stages[stage], self._clock.now
        patience = self._clock.at(since + float(self._luck.patience[self._number, stage]), Rank.DUE)
        if plan.pool:
            help_ = self._company.pools[plan.pool].request((since, self._number))  # type: ignore[arg-type]
            yield help_ | patience
            if not help_.triggered:
                help_.cancel()
                self._loses_patience(stage)
                return False
        piece = self._company.asks_for_work(
            "deals", self._number, self._customer, since, plan.hours, travels=plan.at_customer
        )
        yield piece.taken | patience
        if not piece.taken.triggered:
            self._company.withdraws(piece)
            self._loses_patience(stage)
            return False
        if not piece.taken.value:
            self._is_lost(What.LOST)
            return False
        yield piece.done
        self._notes(What.WORK, seat=piece.seat, hours=piece.worked, amount=piece.worked - piece.hours)
        return True

    def _loses_patience(self, stage: int) -> None:
        """End because nobody had time, or because the customer is lost."""
        if self._customer.is_lost:
            self._is_lost(What.LOST)
            return
        plan = self._market.stages[stage]
        hours = plan.hours + (self._customer.road_hours if plan.at_customer else 0.0)
        amount = float(self._amount) if self._would_buy_from(stage) else 0.0
        self._is_lost(What.LOST_WAITING, hours, amount)
        if not self._luck.is_new[self._number]:
            self._customer.is_let_down(self._market.satisfaction.loss_per_lost_opportunity)

    def _passes(self, stage: int) -> bool:
        """Let the customer decide on a stage."""
        last = stage + 1 == len(self._market.stages)
        chance = self._market.stages[stage].conversion * (self._strength() if last else 1.0)
        if self._customer.is_lost or self._luck.mark[self._number, stage] >= chance:
            self._is_lost(What.LOST)
            return False
        if self._hurries:
            return self._passes_under_pressure(stage, chance)
        if not last:
            self._notes(What.PASSES)
        return True

    def _passes_under_pressure(self, stage: int, chance: float) -> bool:
        """Let a customer who is asked to decide early do so, and pay less."""
        if self._luck.mark[self._number, stage] >= chance * (1 - self._market.timing.pressure):
            self._is_lost(What.LOST_PRESSED, amount=self._amount)
            return False
        if self._price < self._amount:
            self._notes(What.DISCOUNT, amount=self._amount - self._price)
        self._amount = self._price
        return True

    def _strength(self) -> float:
        """Factor on the last conversion by shocks, skill, effort and time on the job."""
        seat, win = self._seat, float(self._luck.win[self._number])
        if seat.person is None:
            return win
        line = self._luck.line[self._number]
        skill = float(self._company.world.hands.skill[self._customer.number, self._customer.hand, line])
        effort = 1 + self._market.effort.elasticity * (seat.effort - 1)
        trained = self._company.on_seat(self._company.fate.trained, seat.number)
        return win * (skill * effort * (seat.person.productivity(self._clock.now) * trained))

    def _would_buy_from(self, stage: int) -> bool:
        """Say whether it would pass this stage and all later ones at strength 1 but for shocks."""
        chances = [later.conversion for later in self._market.stages]
        chances[-1] *= float(self._luck.win[self._number])
        marks = self._luck.mark[self._number]
        return all(mark < chance for mark, chance in zip(marks[stage:], chances[stage:], strict=True))

    def _buys_unattended(self, day: float) -> Process:
        self._company.coming.add(self._number)
        yield self._clock.at(day, Rank.DUE)
        self._company.coming.remove(self._number)
        yield from self._is_won(self._company.house)

    def _is_won(self, seat: int) -> Process:
        """Be booked by a seat or the house, and be settled."""
        self._notes(What.WON, seat=seat, amount=self._amount)
        if seat != self._company.house:
            self._company.seats[seat].booked[quarter_of(self._company)] += self._amount
        yield from settle(self._company, self._number, seat, self._amount)

    def _is_lost(self, why: What, hours: float = 0.0, amount: float = 0.0) -> None:
        self._company.under_way.remove(self._number)
        self._notes(why, hours=hours, amount=amount)

    def _notes(self, what: What, seat: int | None = None, hours: float = 0.0, amount: float = 0.0) -> None:
        """Write down what happens now, for the customer's seat where no other is named."""
        self._company.note(what, self._customer.seat if seat is None else seat, self._number, hours, amount)
