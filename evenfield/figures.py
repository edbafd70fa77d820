"""The figures of a comparison in words: what they are called and how their numbers are written."""

import math
from dataclasses import dataclass
from typing import Literal

from evenfield.money import short

Unit = Literal["money", "share", "grade", "hours", "visits", "customers", "people"]


@dataclass(frozen=True)
class Figure:
    """A figure for people.

    Parameters
    ----------
    label
        Its name.
    unit
        Of its numbers. Shares are written in percent, their differences in points; a grade is from 0 to 1.
    digits
        Decimals; of shares, those of the percentage. Money is written to three digits anyway.
    """

    label: str
    unit: Unit
    digits: int = 0

    def write(self, value: float, currency: str) -> str:
        """Write a value with its unit; a missing one as a dash."""
        if not math.isfinite(value):
            return "—"
        if self.unit == "money":
            return short(value, currency)
        if self.unit == "share":
            return f"{value:.{self.digits}%}"
        return f"{value:,.{self.digits}f}{self._tail}"

    def write_difference(self, value: float, currency: str) -> str:
        """Write a difference with its sign and unit."""
        if not math.isfinite(value):
            return "—"
        sign = "+" if value >= 0 else "-"
        if self.unit == "money":
            return sign + short(abs(value), currency)
        if self.unit == "share":
            return f"{sign}{_not_rounded_away(abs(value) * 100, max(self.digits, 1))} points"
        return f"{sign}{_not_rounded_away(abs(value), self.digits)}{self._tail}"

    @property
    def _tail(self) -> str:
        return {"hours": " h", "visits": " visits", "customers": " customers", "people": " people"}.get(
            self.unit, ""
        )


def _not_rounded_away(value: float, digits: int) -> str:
    """Write a number with some decimals, with more where it would read as zero and is not."""
    text = f"{value:,.{digits}f}"
    return text if value == 0 or float(text.replace(",", "")) else f"{value:.1g}"


FIGURES = {
    "reached_target": Figure("Chance to reach the target", "share"),
    "bookings": Figure("Bookings", "money"),
    "attainment": Figure("Bookings against target", "share", 1),
    "collected": Figure("Cash collected", "money"),
    "share_at_quota": Figure("Reps at or above quota", "share"),
    "spread": Figure("Spread of attainment between reps", "share"),
    "pay": Figure("Pay", "money"),
    "cost_of_sales": Figure("Pay as a share of bookings", "share", 2),
    "visits_kept": Figure("Promised visits kept", "share", 1),
    "satisfaction": Figure("Satisfaction of customers", "grade", 3),
    "travel_hours": Figure("Travel a year", "hours"),
    "duplicate_visits": Figure("Visits to a place another rep serves", "visits"),
    "moved": Figure("Customers who change their rep", "customers"),
    "allowances": Figure("Allowances for territories a year", "money"),
    "margin_after_pay": Figure("Margin after pay", "money"),
    "effort": Figure("Effort, 1 is normal", "grade", 2),
    "quits": Figure("Reps who quit", "people", 1),
    "late_share": Figure("Booked in the last two weeks of quarters", "share", 1),
    "pay_for_results": Figure("Incentive follows attainment (rank correlation)", "grade", 2),
    "pay_for_territory": Figure("Incentive follows potential of the territory", "grade", 2),
    "held": Figure("Held back to the next quarter", "money"),
    "pulled_in": Figure("Pulled in from the next quarter", "money"),
    "discounts": Figure("Discounts for deciding early", "money"),
    "gaming": Figure("Gain from moving sales over a quarter's end", "share", 1),
    "pay_spread": Figure("Spread of incentive between reps, of target", "share"),
}
"""By the name in a comparison's rows, in the order to show them."""


def figure(name: str) -> Figure:
    """Give a figure for people; one unknown here stands under its own name as a plain number."""
    return FIGURES.get(name, Figure(name.replace("_", " ").capitalize(), "grade", 2))


def in_order(names: set[str]) -> list[str]:
    """Sort names of figures as they are to be shown, unknown ones last."""
    return [name for name in FIGURES if name in names] + sorted(names - FIGURES.keys())
