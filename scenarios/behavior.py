"""How reps answer what they are paid for: effort, and play with the time of deals."""

from typing import Annotated, Literal

from pydantic import Field

from scenarios.settings import Settings

Share = Annotated[float, Field(ge=0, le=1)]


class Effort(Settings):
    """How reps answer the incentive scheme. Effort 1 is normal."""

    mode: Literal["constant", "forward-looking", "closed form", "dynamic"] = Field(
        "forward-looking",
        description=(
            "Effort 1 always, or chosen weekly: in closed form, which takes bookings as normal"
            " (forward-looking is the same), or by dynamic programming, which knows single deals and the"
            " largest effort"
        ),
    )
    elasticity: float = Field(0.34, ge=0, description="Change of bookings per change of effort, as shares")
    least: float = Field(0.5, ge=0, lt=1, description="Effort without any incentive")
    most: float = Field(2.5, gt=1, description="Largest effort")
    weekly_patience: float = Field(
        0.97, gt=0, le=1, description="Weight of pay one week later against pay now"
    )
    reference_commission: float = Field(
        0.08, gt=0, description="Commission, as a share of bookings, under which effort is 1"
    )
    pilot_years: int = Field(
        0,
        ge=0,
        le=256,
        description=(
            "Years in which reps learn, before the others, what their effort brings; 0: they go by the "
            "potential of their customers alone"
        ),
    )
    second_task: Share = Field(
        0.0,
        description=(
            "How much care for customers suffers from selling hard: share of the satisfaction a visit brings "
            "that is lost at the largest effort, in a line through effort 1: who sells less hard cares more; "
            "0 to 1, an assumption (B. Holmstrom, P. Milgrom, Multitask principal-agent analyses, JLEO 7, "
            "1991)"
        ),
    )
    believed_rise: Share = Field(
        0.0,
        description=(
            "Share of what is booked above quota that reps believe to come on top of the next quota; 0 to 1, "
            "0.5 where quotas follow sales (M. Weitzman, The ratchet principle, Bell Journal 11, 1980)"
        ),
    )
    believed_fall: Share = Field(
        0.0,
        description=(
            "Share of what lacks below quota that reps believe to be taken off the next quota; 0 to 1, 0.2 "
            "where quotas follow sales"
        ),
    )

    @property
    def neglect(self) -> float:
        """Share of care for customers that a unit of effort takes."""
        return self.second_task / (self.most - 1)


class Timing(Settings):
    """How reps move deals over a quarter's end where that pays. What they gain follows from the scheme."""

    window_days: float = Field(
        0.0,
        ge=0,
        le=60,
        description=(
            "Last days of a quarter in which reps hold deals back or pull those of the next quarter in; 0: "
            "they do not play with time. Usual where they do: 21, about the last three weeks in which orders "
            "pile up (P. Oyer, Fiscal year ends and nonlinear incentive contracts, QJE 113, 1998)"
        ),
    )
    keeps: Share = Field(
        0.9,
        description=(
            "Chance that a customer who is ready to sign and is put off signs in the next quarter; "
            "an assumption, 0.7 to 1"
        ),
    )
    discount: float = Field(
        0.05,
        ge=0,
        lt=1,
        description=(
            "Largest discount a rep may offer for deciding before the quarter ends, share of the amount; 0 "
            "to 0.3 (I. Larkin, The cost of high-powered incentives, Journal of Labor Economics 32, 2014: "
            "discounts to close in time cost 6 to 8 % of revenue)"
        ),
    )
    accepts: Share = Field(
        0.5,
        description=(
            "Chance that a customer agrees to another date without a discount, to decide early or to sign "
            "late; an assumption"
        ),
    )
    accepts_per_discount: float = Field(
        3.0,
        ge=0,
        description="What a discount of 1 would add to the chance to decide early; an assumption, 0 to 10",
    )
    pressure: Share = Field(
        0.3,
        description=(
            "Share of the chance to win that is lost with a customer who is pressed to decide; an "
            "assumption, 0 to 0.5 (deals closed in the last days of a period are won less often)"
        ),
    )

    def acceptance(self, discount: float) -> float:
        """Chance that a customer agrees to decide early at a discount."""
        return min(1.0, self.accepts + self.accepts_per_discount * discount)
