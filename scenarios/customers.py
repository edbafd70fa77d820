"""The customers of a scenario, a row each."""

import re
from datetime import date

from pydantic import Field, field_validator, model_validator

from scenarios.table import Row
from scenarios.travel import CLOCK


class Customer(Row):
    """`customers.csv`: who may buy, a row each; today's book is its column `owner`."""

    customer: str = Field(min_length=1, description="Key")
    name: str = Field("", description="What people call it")
    segment: str = Field("", description="Customer class, e.g. Corporate")
    industry: str = Field("", description="Industry; may be named by rules")
    region: str = Field("", description="Sales region")
    country: str = Field("", description="Country")
    state: str = Field("", description="State or province")
    city: str = Field("", description="City")
    postal: str = Field("", description="Postal code, kept as text")
    latitude: float = Field(ge=-90, le=90, description="Latitude, degrees")
    longitude: float = Field(ge=-180, le=180, description="Longitude, degrees")
    site: str = Field(
        "",
        description="Place where visits happen, shared by neighbors; empty: the customer itself",
    )
    tier: str = Field("", description="Class by importance, e.g. A, B, C")
    potential: float = Field(ge=0, description="Expected sales a year under normal service, money")
    visits_per_year: float = Field(ge=0, le=4000, description="Promised visits a year")
    hours_per_visit: float = Field(ge=0, description="Length of a visit without travel, hours")
    opens: str = Field(
        "",
        description="When visits may begin, a time such as 09:30; empty: with the working day",
    )
    closes: str = Field(
        "",
        description="When visits must be over, a time such as 16:00; empty: with the working day",
    )
    owner: str = Field("", description="Rep in today's book; empty: nobody")
    owner_since: date | None = Field(None, description="First day of today's owner; empty: long ago")
    renewal: date | None = Field(None, description="When the contract is renewed; may be named by rules")
    open_deals: float = Field(0.0, ge=0, description="Amount of open deals, money; may be named by rules")
    language: str = Field("", description="Language the customer speaks; may be named by rules")
    needs_seniority: str = Field("", description="Least seniority of the rep; may be named by rules")
    family: str = Field("", description="Customers of one family have one owner; empty: none")
    apart: bool = Field(False, description="True: may have another owner than its family")
    lock: bool = Field(False, description="True: stays with today's owner, whatever eligibility says")
    payment_days: float = Field(30.0, ge=0, description="Payment terms, days from invoice")
    credit_limit: float | None = Field(
        None, ge=0, description="Most it may owe, deliveries to come included, money; empty: no limit"
    )
    late_days: float | None = Field(
        None, ge=0, description="Mean delay of payment beyond terms, days; empty: market.late_days"
    )
    bad_debt: float | None = Field(
        None, ge=0, le=1, description="Share of its invoices never paid; empty: market.bad_debt"
    )
    service_calls_per_year: float | None = Field(
        None, ge=0, description="Calls for service a year; empty: market.service.calls_per_year"
    )
    part_of: str = Field("", description="The customer this part was split from; empty: a whole customer")
    product_line: str = Field("", description="The one product line this part buys; empty: all")

    @field_validator("opens", "closes")
    @classmethod
    def _is_a_time(cls, cell: str) -> str:
        if cell and not re.match(CLOCK, cell):
            raise ValueError("must be a time such as 09:30")
        return cell

    @model_validator(mode="after")
    def _closes_after_opening(self) -> "Customer":
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValueError("closes must be after opens")
        return self
