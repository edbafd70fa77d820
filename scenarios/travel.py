"""What a trip takes: settings of the travel estimate, and known travel times of pairs."""

from pydantic import Field, model_validator

from scenarios.settings import Settings
from scenarios.table import Row

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
"""A time of day such as 08:30."""


class Travel(Settings):
    """`[travel]`: how hours on the road follow from homes, places and the working day."""

    speed_km_per_hour: float = Field(60.0, gt=0, description="Average speed by road, km per hour")
    road_factor: float | None = Field(
        None,
        ge=1,
        description=(
            "Road distance over great-circle distance; empty: that of the customer's `country` "
            "(Ballou and others 2002; `scenarios/road_factors.py` says which are confirmed), and where the "
            "country is not in that table 1.25, an assumption: published means go from 1.12 to 2.10"
        ),
    )
    hours_per_day: float = Field(
        8.0, gt=0, le=24, description="Working day with travel and calls, from home to home, hours"
    )
    day_starts: str = Field(
        "08:00", pattern=CLOCK, description="When the working day begins, a time such as 08:00"
    )
    visits_per_trip: float | None = Field(
        None, ge=1, description="At most so many visits on one trip by road; empty: as many as fit"
    )
    hours_between_visits: float = Field(
        0.1,
        ge=0,
        description=(
            "Time lost between two visits of a trip besides the drive (parking, finding the door), hours"
        ),
    )
    weeks_together: float | None = Field(
        None,
        gt=0,
        description=(
            "Where customers say when they want to be visited: visits that fall into the same so many weeks"
            " can share a trip, weeks; empty: reps time visits, so neighbors share trips as far as how"
            " often they are visited allows"
        ),
    )
    overnight_beyond_km: float = Field(
        200.0, gt=0, description="Great-circle distance beyond which a rep may stay overnight, km"
    )
    days_per_trip: int = Field(
        5, ge=1, le=31, description="Longest trip with nights away, working days; 1: nobody stays overnight"
    )
    cost_per_night: float = Field(120.0, ge=0, description="What a night away costs, money")
    fly_beyond_km: float = Field(
        500.0, gt=0, description="Great-circle distance beyond which a rep may fly, km"
    )
    flight_hours_one_way: float = Field(5.0, gt=0, description="Door to door by plane, one way, hours")
    visits_per_flight: float | None = Field(
        None, ge=1, description="At most so many visits on one trip by plane; empty: as many as fit"
    )
    cost_per_hour: float = Field(50.0, ge=0, description="What an hour on the road costs, money")
    osrm_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description=(
            "Address of an OSRM server that is asked for driving times, e.g. http://localhost:5000; "
            "empty: they are estimated"
        ),
    )

    @property
    def day_starts_minute(self) -> int:
        """When the working day begins, minutes after midnight."""
        return minute_of(self.day_starts)


class TravelTime(Row):
    """`travel.csv`: known ways from reps' homes to customers, a row a pair; other pairs are estimated."""

    customer: str = Field(min_length=1, description="Customer")
    rep: str = Field(min_length=1, description="Rep")
    minutes: float | None = Field(
        None, ge=0, description="One way by road, minutes; empty: from km and the average speed"
    )
    km: float | None = Field(None, ge=0, description="One way by road, km")

    @model_validator(mode="after")
    def _says_something(self) -> "TravelTime":
        if self.minutes is None and self.km is None:
            raise ValueError("give minutes or km, or remove the row: pairs without one are estimated")
        return self


def minute_of(clock: str) -> int:
    """Give the minutes after midnight of a time such as 08:30."""
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)
