"""Rules about customers by name or by what they are: who alone may serve them, who may not, who stays and who
leaves.
"""

from typing import Literal

from pydantic import Field, model_validator

from scenarios.settings import Stated, Where


class AccountRule(Stated):
    """Which reps may serve some customers: named accounts, forbidden pairs, stability, must-leave, wishes."""

    kind: Literal["only", "never", "stay", "leave"] = Field(
        description=(
            "only: these reps alone may serve the customers; never: these reps may not; stay: the customers"
            " stay with today's owner, where eligibility lets him or her serve them; leave: they leave"
            " today's owner"
        )
    )
    customers: tuple[str, ...] = Field((), description="Keys of the customers it is for")
    where: Where = Field(
        {},
        description=(
            'Or customers by their columns, e.g. { tier = ["A"], potential = ">= 1000" } (of '
            "numbers and dates also comparisons, and ranges such as '1000 to 2000'); all columns must fit"
        ),
    )
    renewal_within_days: int | None = Field(
        None,
        ge=0,
        description="Only customers whose contract is renewed within so many days of the plan year",
    )
    open_deals_above: float | None = Field(
        None, ge=0, description="Only customers with open deals of more than this, money"
    )
    owner_changed_within_months: int | None = Field(
        None,
        ge=0,
        description="Only customers whose owner changed within so many months before the plan year",
    )
    reps: tuple[str, ...] = Field((), description="Keys of the reps, for only and never")
    reps_where: Where = Field(
        {}, description='Or reps by their columns, e.g. { seniority = ["senior"] }; all columns must fit'
    )
    price: float | None = Field(
        None, gt=0, description="Money a year for each customer against the rule; empty: it is hard"
    )

    @model_validator(mode="after")
    def _means_somebody(self) -> "AccountRule":
        means = (
            self.customers,
            self.where,
            self.renewal_within_days is not None,
            self.open_deals_above is not None,
            self.owner_changed_within_months is not None,
        )
        if not any(means):
            raise ValueError("say which customers: customers, where, or one of the conditions")
        if (self.kind in ("only", "never")) != bool(self.reps or self.reps_where):
            raise ValueError("only and never need reps or reps_where; stay and leave have none")
        return self
