"""When people work: days of the week, holidays, absences; and customers who change hands within the year."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from scenarios.settings import Settings
from scenarios.table import Row

Weekday = Annotated[int, Field(ge=1, le=7)]


class Calendar(Settings):
    """`[calendar]`: on which days reps work. Their hours of the year are divided among these days."""

    weekdays: tuple[Weekday, ...] = Field(
        (1, 2, 3, 4, 5), min_length=1, description="Days of the week people work, 1 Monday to 7 Sunday"
    )
    holidays: tuple[date, ...] = Field((), description="Days nobody works")
    extra_workdays: tuple[date, ...] = Field(
        (),
        description="Days people work although the day of the week is free, as after long holidays in China",
    )

    @model_validator(mode="after")
    def _a_day_is_one_or_the_other(self) -> "Calendar":
        both = sorted(set(self.holidays) & set(self.extra_workdays))
        if both:
            raise ValueError(f"{both[0]} is in both holidays and extra_workdays; keep one")
        return self


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
