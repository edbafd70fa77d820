"""The plan year: twelve months from any first of a month, in four quarters."""

from datetime import date
from typing import NamedTuple

from pydantic import Field, field_validator

from scenarios.settings import Settings


class Quarter(NamedTuple):
    """A quarter of the plan year: from `start` up to, not including, `end`."""

    name: str
    start: date
    end: date


class PlanYear(Settings):
    """`[year]`: when the plan year begins. Fiscal years may begin in any month."""

    start: date = Field(description="First day of the plan year; the first of a month")

    @field_validator("start")
    @classmethod
    def _begins_on_the_first_of_a_month(cls, value: date) -> date:
        if value.day != 1:
            raise ValueError("the plan year must begin on the first of a month")
        return value

    def month(self, number: int) -> date:
        """Give the first day of month `number` of the plan year, counted from 0; 12 is the next year's."""
        months = self.start.month - 1 + number
        return date(self.start.year + months // 12, months % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The first day after the plan year."""
        return self.month(12)

    @property
    def days(self) -> int:
        """Length of the plan year in days: 365 or 366."""
        return (self.end - self.start).days

    @property
    def months(self) -> tuple[str, ...]:
        """The twelve months, such as `2027-01`."""
        return tuple(f"{self.month(m):%Y-%m}" for m in range(12))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The four quarters, `Q1` to `Q4`."""
        return tuple(Quarter(f"Q{q + 1}", self.month(3 * q), self.month(3 * q + 3)) for q in range(4))
