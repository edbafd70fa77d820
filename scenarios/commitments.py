"""What managers and reps commit themselves to: the numbers a plan from below starts from."""

from pydantic import Field

from scenarios.table import Row


class Commitment(Row):
    """`commitments.csv`: what somebody commits to sell in the plan year or a quarter of it, a row each."""

    node: str = Field(
        min_length=1, description="For whom: a rep, or a node above, by name or path (East/Team 2)"
    )
    amount: float = Field(ge=0, description="What is committed, money")
    period: str = Field("", description="Quarter, Q1 to Q4; empty: the whole plan year")
    who: str = Field("", description="Who committed to it; for people")
