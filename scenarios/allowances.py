"""Allowances for territories that are less even than others: pay for long ways, or for little potential."""

from typing import Literal

from pydantic import Field, model_validator

from scenarios.settings import Settings, Stated


class Allowance(Stated):
    """Pay a year for a rep whose territory has more travel or less potential than is usual."""

    measure: Literal["travel", "potential"] = Field(
        description=(
            "travel: hours on the road above `free_hours`; potential: what lies below the fair share"
        )
    )
    rate: float = Field(gt=0, description="Money a year for each such hour, or unit of potential")
    free_hours: float | None = Field(
        None,
        ge=0,
        description=(
            "Of travel: hours on the road a year that earn nothing; empty: the mean of the reps if "
            "each customer had the rep with least travel"
        ),
    )
    tolerance: float = Field(
        0.0, ge=0, le=1, description="Of potential: share of the fair share that may be missing for nothing"
    )
    in_cost: bool = Field(
        False,
        description="True: part of the plan's cost, so that the plan weighs it; else it is shown only",
    )

    @model_validator(mode="after")
    def _has_the_limit_of_its_measure(self) -> "Allowance":
        if self.measure == "potential" and self.free_hours is not None:
            raise ValueError("free_hours is for travel; potential has a tolerance")
        if self.measure == "travel" and self.tolerance:
            raise ValueError("tolerance is for potential; travel has free_hours")
        return self


class Allowances(Settings):
    """`[allowances]`: pay for uneven territories, beside the scheme."""

    rules: tuple[Allowance, ...] = Field((), description="What is paid for")

    @model_validator(mode="after")
    def _names_are_given_once(self) -> "Allowances":
        names = self.names
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two allowances have the same name: {', '.join(twice)}")
        return self

    @property
    def names(self) -> list[str]:
        """What each is called."""
        return [rule.name or f"allowance for {rule.measure}" for rule in self.rules]
