"""What may be won in the plan year and is known already: open opportunities."""

import datetime

from pydantic import Field

from scenarios.table import Row


class Opportunity(Row):
    """`opportunities.csv`: open opportunities, a row each; quotas are held against them."""

    opportunity: str = Field(min_length=1, description="Key")
    customer: str = Field(min_length=1, description="Who may buy")
    stage: str = Field(
        "", description="Stage it is in, by the names of market.stages; tells the probability where none is"
    )
    amount: float = Field(ge=0, description="Amount if won, money")
    close_date: datetime.date = Field(description="Day on which it is expected to be won or lost")
    probability: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Chance to be won; empty: the share that passes its stage and all after",
    )
