"""What selling may cost beside pay and travel, and how results are graded."""

from pydantic import Field, model_validator

from scenarios.settings import Settings


class Grades(Settings):
    """From which attainment, satisfaction and improvement, and up to which deviation of cost, a result passes
    or is excellent.
    """

    pass_attainment: float = Field(0.9, ge=0, description="Least attainment that passes")
    excellent_attainment: float = Field(1.05, ge=0, description="Least attainment that is excellent")
    pass_deviation: float = Field(
        0.05, ge=0, description="Largest deviation of cost from budget, either way, that passes; a share"
    )
    excellent_deviation: float = Field(
        0.02, ge=0, description="Largest deviation of cost from budget, either way, that is excellent"
    )
    pass_satisfaction: float = Field(
        0.8, ge=0, le=1, description="Least satisfaction of customers at the year's end that passes"
    )
    excellent_satisfaction: float = Field(
        0.9, ge=0, le=1, description="Least satisfaction of customers at the year's end that is excellent"
    )
    pass_improvement: float = Field(
        0.1, description="Least growth of a team's sales on the year before that passes; a share"
    )
    excellent_improvement: float | None = Field(
        None, description="Least growth of a team's sales that is excellent; empty: passing is all there is"
    )

    @model_validator(mode="after")
    def _excellent_is_better_than_pass(self) -> "Grades":
        if self.excellent_attainment < self.pass_attainment:
            raise ValueError("excellent_attainment must not be below pass_attainment")
        if self.excellent_deviation > self.pass_deviation:
            raise ValueError("excellent_deviation must not be above pass_deviation")
        if self.excellent_satisfaction < self.pass_satisfaction:
            raise ValueError("excellent_satisfaction must not be below pass_satisfaction")
        if self.excellent_improvement is not None and self.excellent_improvement < self.pass_improvement:
            raise ValueError("excellent_improvement must not be below pass_improvement")
        return self


class Budget(Settings):
    """`[budget]`: rates from which the sales budget is made; pay comes from the table of reps."""

    travel_per_hour: float | None = Field(
        None,
        ge=0,
        description=(
            "Car or fare for an hour on the road, money, without the rep's pay; empty: "
            "travel.cost_per_hour less the median pay of an hour, at least 0"
        ),
    )
    per_rep: float = Field(
        0.0, ge=0, description="Other cost of a filled seat a year, money: telephone, training, software"
    )
    share_of_sales: float = Field(
        0.0, ge=0, description="Other cost as a share of sales: promotion, samples, entertainment"
    )
    fixed: float = Field(0.0, ge=0, description="Cost of the sales department a year as a whole, money")
    grades: Grades = Field(Grades(), description="What passes and what is excellent")
