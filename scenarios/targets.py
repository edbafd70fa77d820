"""What is asked: the company's target and how it becomes quotas."""

from pydantic import Field, model_validator

from scenarios.settings import Settings


class Target(Settings):
    """`[target]`: next year's number, as an amount or as growth on last year's sales."""

    growth: float | None = Field(
        None, gt=-1, description="Growth on the last twelve months' sales; .2 is +20 %"
    )
    amount: float | None = Field(
        None, gt=0, description="Target of the plan year, in money; instead of growth"
    )
    rounding_unit: float = Field(1.0, gt=0, description="Target and quotas are multiples of this, in money")

    @model_validator(mode="after")
    def _is_given_once(self) -> "Target":
        if (self.growth is None) == (self.amount is None):
            raise ValueError("give either growth or amount, not both and not neither")
        return self

    def in_money(self, last_year: float) -> float:
        """Give the target in money, rounded to the unit.

        Parameters
        ----------
        last_year
            Sales of the twelve months before the plan year, in money.
        """
        asked = self.amount if self.amount is not None else last_year * (1 + (self.growth or 0.0))
        return round(asked / self.rounding_unit) * self.rounding_unit


class QuotaSettings(Settings):
    """`[quotas]`: the baseline of quotas and how far they may be from last year's sales."""

    history_weight: float = Field(
        0.5, ge=0, le=1, description="Weight of last year's sales in the baseline; the rest is expected sales"
    )
    floor: float | None = Field(
        None, ge=0, description="Least quota as a share of last year's sales of the rep's customers"
    )
    ceiling: float | None = Field(
        None, gt=0, description="Largest quota as a share of last year's sales of the rep's customers"
    )

    @model_validator(mode="after")
    def _floor_is_below_ceiling(self) -> "QuotaSettings":
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError("floor must not be above ceiling")
        return self
