"""What a company wants quotas to follow, besides what Evenfield knows itself."""

from pydantic import Field

from scenarios.table import Row


class Driver(Row):
    """`drivers.csv`: amounts that quotas may follow, a row each: installed seats, stores, market size."""

    rep: str = Field(min_length=1, description="The rep")
    driver: str = Field(min_length=1, description="What it is called in quotas.blend")
    line: str = Field("", description="Product line or segment it is about; empty: all alike")
    amount: float = Field(ge=0, description="In any unit; only proportions matter")
