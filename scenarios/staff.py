"""People who are paid for what others sell, and what is known of people beside sales."""

from datetime import date

from pydantic import Field, model_validator

from scenarios.table import Row


class StaffMember(Row):
    """`staff.csv`: managers, directors and sales support, a row each."""

    person: str = Field(min_length=1, description="Key", pattern=r"^[^|;]+$")
    name: str = Field("", description="Name of the person")
    role: str = Field(min_length=1, description="Role in the scheme: manager, director, support, ...")
    teams: str = Field("", description="List of teams led, 'East;West'; empty: none")
    supports: str = Field("", description="List of reps whose sales count as the person's own")
    start: date | None = Field(None, description="First day of work; empty: long ago")
    end: date | None = Field(None, description="First day no longer at work; empty: stays")
    base_pay: float = Field(0.0, ge=0, description="Base pay a year, money")
    target_incentive: float = Field(0.0, ge=0, description="Incentive a year at 100 % of goals, money")

    @model_validator(mode="after")
    def _ends_after_starting(self) -> "StaffMember":
        if self.start and self.end and self.end <= self.start:
            raise ValueError("end must be after start")
        return self


class Score(Row):
    """`scores.csv`: what managers enter, such as attitude and teamwork, or figures measured elsewhere."""

    person: str = Field(min_length=1, description="Who: a rep, a specialist or one of the staff")
    score: str = Field(
        min_length=1,
        description="What: the NAME of the measure score:NAME; or satisfaction, of past months",
    )
    period: str = Field(
        pattern=r"^(year|Q[1-4]|\d{4}-\d{2})$", description="year, Q1 to Q4, or a month such as 2027-01"
    )
    value: float = Field(ge=0, description="The score, in the unit the scheme's steps use")


class CreditSplit(Row):
    """`splits.csv`: customers whose sales count in part for others than their rep."""

    customer: str = Field(min_length=1, description="Whose sales")
    person: str = Field(min_length=1, description="For whom a part counts")
    share: float = Field(gt=0, le=1, description="That part; the rest counts for the customer's rep")
