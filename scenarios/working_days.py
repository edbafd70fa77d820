"""When people work: days of the week, holidays, absences; and customers who change hands within the year."""

from datetime import date
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from scenarios.settings import Settings
from scenarios.table import Row
from scenarios.year import PlanYear

Weekday = Annotated[int, Field(ge=1, le=7)]


class Calendar(Settings):
    """`[calendar]`: on which days reps work. Their hours of the year are divided among these days."""

    weekdays: tuple[Weekday, ...] = Field(
        (1, 2, 3, 4, 5), min_length=1, description="Days of the week people work, 1 Monday to 7 Sunday"
    )
    holidays: tuple[date, ...] = Field(
        (), description="Days nobody works; those outside the plan year mean nothing"
    )
    extra_workdays: tuple[date, ...] = Field(
        (),
        description=(
            "Days people work although the day of the week is free, as after long holidays in China"
        ),
    )

    @model_validator(mode="after")
    def _a_day_is_one_or_the_other(self) -> "Calendar":
        both = sorted(set(self.holidays) & set(self.extra_workdays))
        if both:
            raise ValueError(f"{both[0]} is in both holidays and extra_workdays; keep one")
        return self

    def works(self, year: PlanYear) -> NDArray[np.bool_]:
        """Say of each day of a plan year whether people work. Days outside the year mean nothing to it."""
        days = np.array(year.start, dtype="datetime64[D]") + np.arange(year.days)
        weekday = (days.astype(np.int64) + 3) % 7 + 1  # the first of January 1970 was a Thursday
        free = np.isin(days, np.array(self.holidays, dtype="datetime64[D]"))
        extra = np.isin(days, np.array(self.extra_workdays, dtype="datetime64[D]"))
        working: NDArray[np.bool_] = np.isin(weekday, self.weekdays) & ~free | extra
        return working


class Absence(Row):
    """`absences.csv`: when a rep is away beside usual leave, a row each; those hours are not made up for."""

    rep: str = Field(min_length=1, description="The rep")
    start: date = Field(description="First day away")
    end: date = Field(description="First day back")
    reason: str = Field("", description="For people")

    @model_validator(mode="after")
    def _ends_after_starting(self) -> "Absence":
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self


class DatedMove(Row):
    """`moves.csv`: customers that change hands within the plan year, whatever the plan says, a row each."""

    day: date = Field(description="First day with the new rep")
    customer: str = Field(min_length=1, description="The customer")
    rep: str = Field(min_length=1, description="Who serves it from then on")
