"""What a trip takes: settings of the travel estimate."""

from pydantic import Field

from scenarios.settings import Settings


class Travel(Settings):
    """`[travel]`: how hours on the road follow from distance."""

    speed_km_per_hour: float = Field(60.0, gt=0, description="Average speed by road, km per hour")
    road_factor: float = Field(1.25, ge=1, description="Road distance over great-circle distance")
    visits_per_trip: float = Field(4.0, ge=1, description="Visits that share one trip by road")
    hours_between_visits: float = Field(
        0.25, ge=0, description="Travel from one visit to the next within a trip, hours"
    )
    fly_beyond_km: float = Field(
        500.0, gt=0, description="Great-circle distance beyond which a rep may fly, km"
    )
    flight_hours_one_way: float = Field(5.0, gt=0, description="Door to door by plane, one way, hours")
    visits_per_flight: float = Field(10.0, ge=1, description="Visits that share one trip by plane")
    cost_per_hour: float = Field(50.0, ge=0, description="What an hour on the road costs, money")
