"""The reps of a scenario: seats with the person who fills them, a row each."""

from datetime import date

from pydantic import Field, model_validator

from scenarios.market import Seniority
from scenarios.table import Row


class Rep(Row):
    """`reps.csv`: seats of the sales force and who fills them, a row each."""

    rep: str = Field(min_length=1, description="Key of the seat", pattern=r"^[^|;]+$")
    name: str = Field("", description="Name of the person")
    team: str = Field("", description="Team")
    role: str = Field("rep", min_length=1, description="Role in the incentive scheme, such as rep or manager")
    manager: str = Field("", description="Name or key of the manager; for people")
    region: str = Field("", description="Sales region")
    regions: str = Field("", description="List of regions served, 'East;West'")
    countries: str = Field("", description="List of countries served")
    segments: str = Field("", description="List of customer segments served")
    skills: str = Field("", description="List of product lines the rep masters; empty: all")
    languages: str = Field("", description="List of languages spoken; may be named by rules")
    seniority: Seniority = Field("middle", description="Experience; may be named by rules")
    home: str = Field("", description="City the rep lives in")
    latitude: float = Field(ge=-90, le=90, description="Latitude of the home, degrees")
    longitude: float = Field(ge=-180, le=180, description="Longitude of the home, degrees")
    hours_per_year: float = Field(gt=0, description="Hours for customers in a full year, travel included")
    start: date | None = Field(None, description="First day of work; empty: long ago")
    end: date | None = Field(None, description="First day no longer at work; empty: stays")
    backfill: bool = Field(True, description="True: the seat is filled again after its holder left")
    base_pay: float = Field(0.0, ge=0, description="Base pay a year, money")
    target_incentive: float = Field(0.0, ge=0, description="Incentive a year at 100 % of quota, money")

    @model_validator(mode="after")
    def _ends_after_starting(self) -> "Rep":
        if self.start and self.end and self.end <= self.start:
            raise ValueError("end must be after start")
        return self


def listed(cell: str) -> tuple[str, ...]:
    """Split a list cell such as 'East;West' into its entries."""
    return tuple(entry.strip() for entry in cell.split(";") if entry.strip())
