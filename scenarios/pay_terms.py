"""The terms around the elements of a scheme: pay mix, draws, guarantees, clawback, crediting."""

from datetime import date

from pydantic import Field

from scenarios.pay_curves import Fault
from scenarios.pay_elements import REP
from scenarios.settings import Settings, Where


class RolePay(Settings):
    """What people of a role earn at 100 %, instead of what their tables say."""

    on_target_earnings: float = Field(
        gt=0, description="Base pay and target incentive together, money a year"
    )
    base_share: float = Field(ge=0, le=1, description="Base pay as a share of it; 0.6 is a pay mix of 60/40")


class Draw(Settings):
    """Incentive paid in advance, month by month."""

    roles: tuple[str, ...] = Field((REP,), min_length=1, description="Who gets it")
    amount: float = Field(gt=0, description="Advance a month, money")
    recoverable: bool = Field(
        True,
        description=(
            "True: what was not earned is taken from later incentive of the year; false: it may be kept"
        ),
    )


class Guarantee(Settings):
    """A least incentive for people in their first months."""

    roles: tuple[str, ...] = Field((REP,), min_length=1, description="Who gets it")
    amount: float = Field(gt=0, description="Least incentive a month, money")
    months: int = Field(ge=1, le=36, description="For so many whole months from the first day of work")
    until: date | None = Field(None, description="Everybody, up to this day, instead of first months")


class Clawback(Settings):
    """Credit of bookings or invoices that are never paid is taken back."""

    share: float = Field(
        1.0, gt=0, le=1, description="Share of the credit that is taken back, in the month of default"
    )


class Windfall(Settings):
    """Very large deals count only in part."""

    above_quota_share: float | None = Field(
        None, gt=0, description="Deals beyond this share of the person's quota of the quarter"
    )
    above: float | None = Field(None, gt=0, description="Deals beyond this amount, money, instead")
    counts: float = Field(0.0, ge=0, le=1, description="Share of what is beyond that counts")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        one = (self.above is None) != (self.above_quota_share is None)
        return [] if one else [("above", "", "give either above or above_quota_share")]


class Crediting(Settings):
    """To whom a deal counts, besides the rep who serves the customer when it is booked."""

    overlay_share: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of a supported deal that counts for the specialist as well (double credit)",
    )
    handover_days: int = Field(
        0,
        ge=0,
        le=366,
        description="Deals so many days after a customer moved count in part for its rep before",
    )
    handover_share: float = Field(0.5, ge=0, le=1, description="That part; the rest counts for the new rep")


class Differential(Settings):
    """Pay that is higher or lower in certain territories."""

    where: Where = Field({}, description='Reps, by their columns, e.g. { region = ["West"] }')
    times: float = Field(gt=0, description="What their incentive is multiplied by; 1.1: ten per cent more")
    elements: tuple[str, ...] = Field((), description="Only these elements; empty: all but penalties")
