"""What a rep gains by an order now or in the next quarter, and what follows from that."""

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from simulation.reference.seats import Seat

if TYPE_CHECKING:
    from simulation.reference.company import Company

OFFERS = 4
"""A rep chooses among the discounts that are 0, 1, ... of so many parts of the largest."""


def pays_to_wait(company: "Company", seat: Seat, amount: int) -> bool:
    """Say whether a rep would rather have an order (cents) it has won in the next quarter."""
    timing, today = company.world.market.timing, company.clock.now
    if not seat.is_filled or _quarter_end(company) - today > timing.window_days:
        return False
    money = amount / 100
    return timing.keeps * _worth_later(company, seat, money) > _worth_now(company, seat, money)


def best_offer(company: "Company", seat: Seat, amount: int) -> float | None:
    """Choose the discount for an answer at the quarter's end, if any pays the rep; nothing if none does.

    A rep gains by it the chance that the customer agrees times what that adds.
    """
    if not seat.is_filled:
        return None
    timing, later = company.world.market.timing, _worth_later(company, seat, amount / 100)

    def gain(discount: float) -> float:
        price = discounted(amount, discount)
        added = (1 - timing.pressure) * _worth_now(company, seat, price / 100) - later
        return timing.acceptance(discount) * added

    best = max((timing.discount * part / OFFERS for part in range(OFFERS + 1)), key=gain)
    return best if gain(best) > 0 else None


def discounted(amount: int, discount: float) -> int:
    """Give the amount less a discount, cents, half up."""
    return math.floor(amount * (1 - discount) + 0.5)


def quarter_before(company: "Company", day: float) -> float:
    """Give the end of the quarter before the one of a day; -1 where the year has no such quarter."""
    ends = [0.0, *company.world.quarter_ends.tolist()]
    if day >= ends[-1] + ends[1]:
        return -1.0
    return max(end for end in ends if end <= day)


def quarter_of(company: "Company") -> int:
    """Give the position of today's quarter."""
    return bisect_right(company.world.quarter_ends.tolist(), company.clock.now)


def _quarter_end(company: "Company") -> float:
    return float(company.world.quarter_ends[quarter_of(company)])


def _decision(company: "Company") -> int:
    """Give the position of the last choice of effort."""
    return bisect_right(company.world.decisions.day.tolist(), company.clock.now) - 1


def _worth_now(company: "Company", seat: Seat, money: float) -> float:
    decision, quarter = _decision(company), quarter_of(company)
    booked = seat.booked[quarter] / 100 + seat.pulled_in[quarter]
    worth = company.world.effort.worth
    return worth(seat.number, decision, booked + money) - worth(seat.number, decision, booked)


def _worth_later(company: "Company", seat: Seat, money: float) -> float:
    decision, worth = _decision(company), company.world.effort.worth
    then = int(company.world.decisions.next_quarter[decision])
    patience = float(company.world.patience[decision])
    booked = seat.held_back[quarter_of(company)]
    return patience * (worth(seat.number, then, booked + money) - worth(seat.number, then, booked))
