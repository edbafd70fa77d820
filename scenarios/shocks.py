"""Shocks: dated events that change what customers ask for, what is delivered, and who is there to sell."""

from datetime import date
from typing import Any

from pydantic import Field, model_validator

from scenarios.settings import MOST_DAYS, MOST_TIMES, Settings, Where

OF_ORDERS = (
    "demand",
    "price",
    "win",
    "decision_delay_days",
    "delivery_delay_days",
    "late_payment",
    "bad_debt",
)
"""Effects on what customers order and pay: limited by `where`, `largest` and `lines`."""

OF_CUSTOMERS = ("loses",)
"""Effects on whole customers: limited by `where` and `largest`."""

OF_REPS = ("hiring_freeze", "quits", "capacity", "training_hours", "productivity", "ramp")
"""Effects on people: limited by `reps`."""


class Shock(Settings):
    """A dated event with its effects, certain or with a probability; effects left out have none.

    An opportunity meets the shocks that last on the day it arises, a rep those of the day.
    """

    name: str = Field(min_length=1, description="What people call it")
    start: date = Field(description="First day")
    end: date = Field(description="First day after it")
    probability: float = Field(1.0, ge=0, le=1, description="Probability that it happens in the year")
    latest_start: date | None = Field(
        None,
        description=(
            "It begins on any day from start to this one, all equally likely, and lasts as long; "
            "empty: on start"
        ),
    )
    where: Where = Field(
        {},
        description="Customer columns, or customer by name, and values it is limited to; empty: everywhere",
    )
    lines: tuple[str, ...] = Field((), description="Product lines it is limited to; empty: all")
    reps: Where = Field(
        {}, description="Columns of reps, or rep by name, and values it is limited to; empty: all"
    )
    demand: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor on demand while it lasts; .9 is 10 % less"
    )
    price: float = Field(1.0, gt=0, le=MOST_TIMES, description="Factor on amounts")
    win: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor on the last stage's conversion, as of a competitor"
    )
    loses: bool = Field(False, description="True: the customers concerned are lost for good when it begins")
    largest: int | None = Field(
        None,
        ge=1,
        description="Of the customers concerned only so many, those of most potential; empty: all",
    )
    decision_delay_days: float = Field(
        0.0,
        ge=0,
        le=MOST_DAYS,
        description="Days by which customers put off their last decision, as for a product to come",
    )
    delivery_delay_days: float = Field(
        0.0, ge=0, le=MOST_DAYS, description="Days by which deliveries are late"
    )
    late_payment: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor on the delay of payments beyond terms"
    )
    bad_debt: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor on the share of invoices never paid"
    )
    hiring_freeze: bool = Field(
        False, description="True: nobody joins while it lasts, also who was to start; all wait for its end"
    )
    quits: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor on the rate at which reps quit while it lasts"
    )
    capacity: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor on the hours of reps while it lasts, as of illness"
    )
    training_hours: float = Field(
        0.0, ge=0, description="Hours a rep spends in training instead, spread over the time it lasts"
    )
    productivity: float = Field(
        1.0,
        ge=0,
        le=MOST_TIMES,
        description=(
            "Factor on the last stage's conversion of the reps who are there when it ends, from then on, "
            "as of training"
        ),
    )
    ramp: float = Field(
        1.0,
        ge=0,
        le=MOST_TIMES,
        description=(
            "Factor on what is left of the ramp of the reps who are there when it ends; .5 halves it"
        ),
    )

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> "Shock":
        if self.end <= self.start:
            raise ValueError("end must be after start")
        if self.latest_start is not None and self.latest_start < self.start:
            raise ValueError("latest_start must not be before start")
        return self

    @property
    def effects(self) -> dict[str, Any]:
        """What it does: the effects that are asked for, with their sizes, in the order of the fields."""
        known = {*OF_ORDERS, *OF_CUSTOMERS, *OF_REPS}
        fields = type(self).model_fields
        return {
            name: getattr(self, name)
            for name in fields
            if name in known and getattr(self, name) != fields[name].default
        }
