"""What a rep gains by an order now or in the next quarter, and what follows from that."""

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from simulation.reference.seats import Seat

if TYPE_CHECKING:
    from simulation.reference.company import Company


def pays_to_wait(company: "Company", seat: Seat, amount: int) -> bool:
    """Say whether a rep would rather have an order (cents) it has won in the next quarter."""
    timing, today = company.world.market.timing, company.clock.now
    if not seat.is_filled or _quarter_end(company) - today > timing.window_days:
        return False
    money = amount / 100
    return timing.keeps * _worth_later(company, seat, money) > _worth_now(company, seat, money)


def pays_to_hurry(company: "Company", seat: Seat, amount: int, price: int) -> bool:
    """Say whether a rep would rather have an answer at the quarter's end at a lower price (cents)."""
    if not seat.is_filled:
        return False
    gained = (1 - company.world.market.timing.pressure) * _worth_now(company, seat, price / 100)
    return gained > _worth_later(company, seat, amount / 100)


def discounted(company: "Company", amount: int) -> int:
    """Give the amount less the discount for deciding early, cents, half up."""
    return math.floor(amount * (1 - company.world.market.timing.discount) + 0.5)


def quarter_of(company: "Company") -> int:
    """Give the position of today's quarter."""
    return bisect_right(company.world.quarter_ends.tolist(), company.clock.now)


def _quarter_end(company: "Company") -> float:
    return float(company.world.quarter_ends[quarter_of(company)])


def _decision(company: "Company") -> int:
    """Give the position of the last choice of effort."""
    return bisect_right(company.world.decisions.day.tolist(), company.clock.now) - 1


def _worth_now(company: "Company", seat: Seat, money: float) -> float:
    decision, booked = _decision(company), seat.booked[quarter_of(company)] / 100
    worth = company.world.effort.worth
    return worth(seat.number, decision, booked + money) - worth(seat.number, decision, booked)


def _worth_later(company: "Company", seat: Seat, money: float) -> float:
    decision, worth = _decision(company), company.world.effort.worth
    then = int(company.world.decisions.next_quarter[decision])
    patience = float(company.world.patience[decision])
    return patience * (worth(seat.number, then, money) - worth(seat.number, then, 0.0))
