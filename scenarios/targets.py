"""What is asked: the company's target and how it becomes quotas."""

from typing import Literal

from pydantic import Field, model_validator

from scenarios.settings import Settings


class TargetPart(Settings):
    """`[[target.parts]]`: what a node, a line or a period is asked for, or where they meet."""

    node: str = Field("", description="A region, team, rep ... of `quotas.hierarchy`; empty: the company")
    line: str = Field("", description="A product line or segment, as `quotas.lines` says; empty: all")
    period: str = Field("", description="A quarter (Q1) or month (2027-01); empty: the year")
    amount: float | None = Field(None, ge=0, description="Money")
    growth: float | None = Field(
        None, ge=-1, description="Growth on what it sold in the last twelve months; instead of amount"
    )
    share: float | None = Field(None, ge=0, le=1, description="Share of the company's target; instead")

    @model_validator(mode="after")
    def _says_how_much_of_what(self) -> "TargetPart":
        if [self.amount, self.growth, self.share].count(None) != 2:
            raise ValueError("give one of amount, growth and share")
        if not (self.node or self.line or self.period):
            raise ValueError("name a node, a line or a period; the company's own target stands in [target]")
        return self

    @property
    def title(self) -> str:
        """What people call it."""
        return "target of " + " / ".join(part for part in (self.node, self.line, self.period) if part)


class Target(Settings):
    """`[target]`: next year's number, as an amount or as growth on last year's sales."""

    growth: float | None = Field(
        None, gt=-1, description="Growth on the last twelve months' sales; .2 is +20 %"
    )
    amount: float | None = Field(
        None, gt=0, description="Target of the plan year, in money; instead of growth"
    )
    rounding_unit: float = Field(1.0, gt=0, description="Target and quotas are multiples of this, in money")

    parts: tuple[TargetPart, ...] = Field(
        (), description="What parts of the company are asked for, as far as it is given"
    )

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


class Windfall(Settings):
    """`[quotas.windfall]`: single orders too large to be expected again."""

    above: float | None = Field(None, gt=0, description="Orders above this amount, money")
    times: float | None = Field(None, gt=1, description="Orders above so many times the median order of all")
    keep: Literal["nothing", "limit"] = Field(
        "limit", description="What of such an order stays in history: nothing, or as much as the limit"
    )

    @model_validator(mode="after")
    def _has_one_limit(self) -> "Windfall":
        if (self.above is None) == (self.times is None):
            raise ValueError("give either above or times")
        return self


class QuotaSettings(Settings):
    """`[quotas]`: the baseline of quotas and how far they may be from last year's sales."""

    history_weight: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Weight of last year's sales in the baseline; the rest is expected sales",
    )
    floor: float | None = Field(
        None, ge=0, description="Least quota as a share of last year's sales of the rep's customers"
    )
    ceiling: float | None = Field(
        None, gt=0, description="Largest quota as a share of last year's sales of the rep's customers"
    )

    hierarchy: tuple[str, ...] = Field(
        (), description="Columns of reps.csv between company and rep, from the top: ['region', 'team']"
    )
    lines: Literal["", "product_line", "segment"] = Field(
        "", description="What quotas are split by besides people and periods; empty: nothing"
    )
    periods: Literal["quarter", "month"] = Field("quarter", description="The shortest period with a quota")
    blend: dict[str, float] = Field(
        {},
        description=(
            "Weights of drivers in the baseline, instead of history_weight: history, expected, "
            "potential, customers, equal, odds (equal chances to reach the quota), or any of drivers.csv"
        ),
    )
    level_blends: dict[str, dict[str, float]] = Field(
        {}, description="Other weights for the split into the nodes of a level: region, team, rep ..."
    )
    padding: dict[str, float] = Field(
        {}, description="Over-assignment added at a level, on top of that above; .05 is 5 %"
    )
    departure: Literal["relative", "entropy", "absolute"] = Field(
        "relative", description="How departures from the baseline are measured where it cannot be kept"
    )
    entitled_by_skills: bool = Field(
        False, description="True: nobody is asked for a product line missing in the rep's skills"
    )
    unentitled: Literal["siblings", "strand", "refuse"] = Field(
        "siblings", description="Where amounts of a line go that nobody of a team may sell"
    )
    windfall: Windfall | None = Field(None, description="Which orders are windfalls and left out of history")
    new_hires: float | None = Field(
        None,
        ge=0,
        description=(
            "Baseline of reps who start in the plan year, as a share of their team's mean; empty: by "
            "their customers"
        ),
    )
    new_hire_days: int = Field(
        0, ge=0, description="Reps who started up to so many days before the plan year count as new, too"
    )
    route: dict[str, str] = Field(
        {}, description="Who is asked for a line that has a target and no baseline: node by line"
    )

    @model_validator(mode="after")
    def _floor_is_below_ceiling(self) -> "QuotaSettings":
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError("floor must not be above ceiling")
        return self

    @model_validator(mode="after")
    def _blends_have_weights(self) -> "QuotaSettings":
        for blend in (self.blend, *self.level_blends.values()):
            if any(weight < 0 for weight in blend.values()) or (blend and not sum(blend.values()) > 0):
                raise ValueError("weights of drivers must not be negative, and not all 0")
        if any(share <= -1 for share in self.padding.values()):
            raise ValueError("padding must be above -1")
        return self

    @property
    def levels(self) -> tuple[str, ...]:
        """What the levels of the people's tree are called, from the company to the rep."""
        return ("company", *self.hierarchy, "rep")

    def blend_of(self, level: str) -> dict[str, float]:
        """Weights of drivers for the split into the nodes of a level; they add up to 1."""
        usual = {"history": self.history_weight, "expected": 1 - self.history_weight}
        weights = self.level_blends.get(level) or self.blend or usual
        return {driver: weight / sum(weights.values()) for driver, weight in weights.items() if weight > 0}
