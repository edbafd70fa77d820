"""What is paid: the incentive scheme, in shares of each rep's target incentive."""

import itertools
from typing import Literal

from pydantic import Field, model_validator

from scenarios.settings import Settings


class Tier(Settings):
    """A step of the commission curve; it pays from its attainment up to the next tier's."""

    from_attainment: float = Field(
        ge=0, description="Quarterly attainment from which this rate is paid; 1 is 100 %"
    )
    rate: float = Field(
        ge=0, description="Marginal rate; at 1 the commission share is earned evenly up to 100 % of quota"
    )


class Scheme(Settings):
    """`[scheme]`: commission by quarterly attainment, quarterly and yearly bonus."""

    name: str = Field("scheme", description="What people call it")
    paid_on: Literal["bookings", "collections"] = Field(
        "bookings", description="What counts: bookings or collections"
    )
    commission_weight: float = Field(
        1.0, ge=0, le=1, description="Share of the target incentive paid as commission"
    )
    quarterly_bonus_weight: float = Field(
        0.0, ge=0, le=1, description="Share paid as quarterly bonuses, a quarter each"
    )
    yearly_bonus_weight: float = Field(0.0, ge=0, le=1, description="Share paid as a yearly bonus")
    tiers: tuple[Tier, ...] = Field(
        (Tier(from_attainment=0.0, rate=1.0),),
        min_length=1,
        description="Commission tiers, marginal, in rising order",
    )
    cap: float | None = Field(
        None, gt=0, description="Quarterly attainment beyond which commission stops; none: no cap"
    )
    bonus_at: float = Field(
        1.0, gt=0, description="Attainment of the quarter or year at which its bonus is paid in full"
    )

    @model_validator(mode="after")
    def _adds_up(self) -> "Scheme":
        total = self.commission_weight + self.quarterly_bonus_weight + self.yearly_bonus_weight
        if abs(total - 1) > 1e-9:
            raise ValueError(
                f"commission, quarterly and yearly bonus weights must add up to 1, not {total:g}"
            )
        starts = [tier.from_attainment for tier in self.tiers]
        if starts[0] != 0 or any(b <= a for a, b in itertools.pairwise(starts)):
            raise ValueError("tiers must begin at 0 and rise")
        return self
