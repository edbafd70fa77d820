"""What was sold before the plan year: orders, and their split by product."""

import datetime

from pydantic import Field, model_validator

from scenarios.table import Row


class Order(Row):
    """`history.csv`: orders before the plan year, a row each."""

    order: str = Field(min_length=1, description="Key")
    date: datetime.date = Field(description="Day of the order, before the plan year")
    customer: str = Field(min_length=1, description="Who bought")
    rep: str = Field("", description="Rep it was credited to; empty: nobody")
    amount: float = Field(description="Amount, money; negative for a return")
    paid: datetime.date | None = Field(
        None,
        description=(
            "Day it was paid; empty: after the customer's payment days, in the plan year after delivery and "
            "the usual delay as well"
        ),
    )

    @model_validator(mode="after")
    def _is_paid_after_it_was_made(self) -> "Order":
        if self.paid and self.paid < self.date:
            raise ValueError("paid must not be before date")
        return self


class OrderLine(Row):
    """`order_lines.csv`: what orders held of each product."""

    order: str = Field(min_length=1, description="The order")
    product: str = Field(min_length=1, description="The product")
    amount: float = Field(description="Amount, money; an order's lines add up to its amount")
