"""What is allowed: who may serve whom, how full and how even the books must be."""

from typing import Literal

from pydantic import Field, model_validator

from scenarios.settings import Settings

Measure = Literal["hours", "potential", "sales", "customers"]


class EligibilityRule(Settings):
    """A rep may serve a customer when the rep's list contains the customer's value."""

    customer: str = Field(
        description="Column of the customers, e.g. region; customers with an empty cell pass"
    )
    rep: str = Field(
        description="Column of the reps with a list such as 'East;West'; an empty list lets nobody pass"
    )


class BalanceRule(Settings):
    """A measure each rep's book must have near the rep's fair share of what the rep is eligible for."""

    measure: Measure = Field(
        description="What is balanced: hours, potential, sales (last year's) or customers"
    )
    tolerance: float = Field(ge=0, description="Allowed departure from the fair share; .1 is 10 %")
    price: float | None = Field(
        None,
        gt=0,
        description="Money a year that each unit beyond the tolerance costs (hour, money, customer)",
    )
    hard: bool = Field(False, description="True: the tolerance may not be left at any price")

    @model_validator(mode="after")
    def _is_hard_or_has_a_price(self) -> "BalanceRule":
        if self.hard == (self.price is not None):
            raise ValueError("give either a price or hard = true")
        return self


class Rules(Settings):
    """`[rules]`: hard and priced rules of the assignment."""

    eligibility: tuple[EligibilityRule, ...] = Field(
        (), description="All of them must hold for a rep to serve a customer"
    )
    balance: tuple[BalanceRule, ...] = Field((), description="Measures to balance, one rule each")
    utilization_limit: float = Field(
        1.0, gt=0, description="Largest share of a rep's hours that promised work may take; hard"
    )
    move_limit: int | None = Field(
        None, ge=0, description="Largest number of customers that may change their owner; hard"
    )

    @model_validator(mode="after")
    def _measures_are_named_once(self) -> "Rules":
        measures = [rule.measure for rule in self.balance]
        if len(set(measures)) < len(measures):
            raise ValueError("each measure may be balanced once")
        return self
