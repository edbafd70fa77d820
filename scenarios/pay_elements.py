"""The elements of an incentive scheme: each pays somebody for something, by itself."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from scenarios.pay_curves import Cost, Factor, Fault, Step, Tier, faults_of_steps, faults_of_tiers
from scenarios.pay_measures import MONEY, Gauge
from scenarios.settings import Settings

REP = "rep"
Period = Literal["month", "quarter", "half-year", "year"]
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""Months of a period."""
Sharing = Literal["equally", "by quota", "by measure", "by target incentive"]


class Gate(Gauge):
    """What must be reached, or an element pays only a part."""

    at_least: float | None = Field(
        None, description="Attainment, or value where there is no goal, that opens it"
    )
    at_most: float | None = Field(
        None, description="Largest value that opens it, for what had better be small"
    )
    otherwise: float = Field(0.0, ge=0, le=1, description="Share that is paid where it stays closed")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        one = (self.at_least is None) != (self.at_most is None)
        return super().faults() + ([] if one else [("at_least", "", "give either at_least or at_most")])


class Multiplier(Gauge):
    """What pay of an element is multiplied by."""

    steps: tuple[Factor, ...] = Field(min_length=1, description="By what, from where on; below the first: 1")
    between: Literal["step", "line"] = Field(
        "step", description="step: the last one reached holds; line: a straight line between steps"
    )

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        return super().faults() + faults_of_steps(self.steps, line=self.between == "line")


class Element(Gauge):
    """What every element says: whom it pays, for what, how often, on what conditions."""

    roles: tuple[str, ...] = Field(
        (REP,), min_length=1, description="Who earns it: rep, or a role of reps.csv or staff.csv"
    )
    period: Period = Field("quarter", description="What it is measured over, and paid after")
    gates: tuple[Gate, ...] = Field((), description="What must be reached besides")
    multipliers: tuple[Multiplier, ...] = Field((), description="What pay is multiplied by")
    most_pay: float | None = Field(None, gt=0, description="Most it pays a person in a period, money")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = super().faults()
        for kind, parts in (("gates", self.gates), ("multipliers", self.multipliers)):
            for number, part in enumerate(parts, 1):
                found += [
                    (f"{kind} number {number}, {key}", value, remedy) for key, value, remedy in part.faults()
                ]
        gauges = (self, *self.gates, *self.multipliers, *getattr(self, "items", ()))
        if self.period != "year" and any(gauge.measure == "cost" for gauge in gauges):
            found.append(("period", self.period, "cost is known for the year only; period = year"))
        return found


class Worth(Element):
    """An element that is worth something when its goal is just reached."""

    weight: float | None = Field(
        None, ge=0, le=1, description="Worth as a share of the person's target incentive of the year"
    )
    amount: float | None = Field(None, ge=0, description="Worth in money a period, instead of weight")

    @property
    def needs_worth(self) -> bool:
        """Whether it must be worth something."""
        return True

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = super().faults()
        if self.weight is not None and self.amount is not None:
            found.append(("amount", f"{self.amount:g}", "give either weight or amount"))
        if self.needs_worth and self.weight is None and self.amount is None:
            found.append(
                ("weight", "", "say what it is worth: weight (of the target incentive) or amount (money)")
            )
        return found


class Commission(Worth):
    """Pay by rates: a share of the money credited, or of what the element is worth."""

    kind: Literal["commission"] = Field("commission", description="commission")
    tiers: tuple[Tier, ...] = Field(
        (Tier(at=0.0, rate=1.0),), min_length=1, description="Rates, in rising order, the first from 0"
    )
    tiers_in: Literal["attainment", "amount"] = Field(
        "attainment", description="Whether tiers begin at an attainment, or at an amount of the period"
    )
    retroactive: bool = Field(
        False,
        description="True: the rate reached is paid for everything from the first unit on; false: marginal",
    )
    cap: float | None = Field(
        None, gt=0, description="Attainment (or amount) beyond which nothing more is earned"
    )
    cumulative: bool = Field(
        False, description="True: attainment of the year so far decides, and each period pays what is new"
    )

    @property
    def needs_worth(self) -> bool:
        """Whether it must be worth something."""
        return False

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = super().faults() + faults_of_tiers(self.tiers)
        worth = self.weight is not None or self.amount is not None
        if not self.adds_up:
            found.append(
                ("measure", self.measure, "a commission is paid for money or customers; use a bonus")
            )
        if self.held_against is None and (worth or self.tiers_in == "attainment"):
            found.append(
                (
                    "goal",
                    "",
                    "without a goal there is no attainment; give a goal, or rates with tiers_in = amount",
                )
            )
        if not worth and self.measure not in MONEY:
            found.append(
                ("weight", "", f"a rate of {self.measure} has no money in it; give weight or amount")
            )
        if not worth and self.tiers == (Tier(at=0.0, rate=1.0),):
            found.append(("tiers", "", "this pays out all that is sold; give rates, or what it is worth"))
        if self.cumulative and isinstance(self.held_against, float):
            found.append(
                (
                    "goal",
                    f"{self.held_against:g}",
                    "a cumulative commission needs quota or last year as goal",
                )
            )
        return found


class Bonus(Worth):
    """A sum that is paid when something is reached."""

    kind: Literal["bonus"] = Field("bonus", description="bonus")
    steps: tuple[Step, ...] = Field(
        (Step(at=1.0, pays=1.0),),
        min_length=1,
        description="What is paid from where on; before the first: nothing",
    )
    between: Literal["step", "line"] = Field(
        "step", description="step: the last one reached pays; line: a straight line between steps"
    )

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        return super().faults() + faults_of_steps(self.steps, line=self.between == "line")


class TeamBonus(Bonus):
    """A bonus that a team earns together and shares."""

    kind: Literal["team bonus"] = Field("team bonus", description="team bonus")  # type: ignore[assignment]
    of: Literal["own", "team", "company"] = Field("team", description="Whose result counts: team or company")
    shared: Sharing = Field(
        "equally", description="How the team's sum is divided; amount is for the team, weights add up"
    )

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        own = (
            [("of", "own", "a team bonus is for the team's or the company's result")]
            if self.of == "own"
            else []
        )
        return super().faults() + own


class Item(Gauge):
    """A measure of a scorecard."""

    weight: float = Field(gt=0, le=1, description="Its weight in the score")
    steps: tuple[Step, ...] = Field(
        (),
        description=(
            "Points from where on, 1 for full; empty: the attainment itself, or the value without a goal"
        ),
    )
    between: Literal["step", "line"] = Field("step", description="As of a bonus")
    most: float | None = Field(None, gt=0, description="Most points it may bring, where it has no steps")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = super().faults() + faults_of_steps(self.steps, line=self.between == "line")
        if self.measure == "cost" and not self.steps:
            found.append(("steps", "", "more cost is not better; give steps with up_to"))
        return found


class Scorecard(Worth):
    """Several weighted measures make a score, and the score decides."""

    kind: Literal["scorecard"] = Field("scorecard", description="scorecard")
    items: tuple[Item, ...] = Field(min_length=1, description="What is measured; weights add up to 1")
    steps: tuple[Step, ...] = Field(
        (), description="What is paid from which score on; empty: the score itself"
    )
    between: Literal["step", "line"] = Field("step", description="As of a bonus")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = super().faults() + faults_of_steps(self.steps, line=self.between == "line")
        total = sum(item.weight for item in self.items)
        if abs(total - 1) > 1e-9:
            found.append(("items", f"{total:g}", "weights of the items must add up to 1"))
        for number, item in enumerate(self.items, 1):
            found += [
                (f"items number {number}, {key}", value, remedy) for key, value, remedy in item.faults()
            ]
        return found


class Spiff(Settings):
    """Extra pay for certain deals for a limited time."""

    kind: Literal["spiff"] = Field("spiff", description="spiff")
    roles: tuple[str, ...] = Field((REP,), min_length=1, description="Who earns it")
    measure: Literal["bookings", "invoices", "collections"] = Field(
        "bookings", description="Which moment counts"
    )
    lines: tuple[str, ...] = Field((), description="Only these product lines; empty: all")
    new_customers_only: bool = Field(False, description="Only the first deal of a new customer")
    first_day: date | None = Field(None, description="First day that counts; empty: of the year")
    last_day: date | None = Field(None, description="Last day that counts; empty: of the year")
    per_deal: float = Field(0.0, ge=0, description="Money for each such deal")
    share: float = Field(0.0, ge=0, le=1, description="And this share of its amount")
    least_deal: float = Field(0.0, ge=0, description="Only deals of at least this amount, money")
    most_pay: float | None = Field(None, gt=0, description="Most it pays a person, money")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = []
        if self.per_deal == 0 and self.share == 0:
            found.append(("per_deal", "", "it pays nothing; give per_deal or share"))
        if self.first_day and self.last_day and self.last_day < self.first_day:
            found.append(("last_day", str(self.last_day), "is before first_day"))
        return found


class Contest(Gauge):
    """Prizes for the first of a ranking."""

    kind: Literal["contest"] = Field("contest", description="contest")
    roles: tuple[str, ...] = Field((REP,), min_length=1, description="Who takes part")
    period: Period = Field("quarter", description="What is ranked")
    between: Literal["people", "teams"] = Field(
        "people", description="Who competes; a team's prize is shared"
    )
    prizes: tuple[float, ...] = Field(
        min_length=1, description="Money for the first, the second, ...; ties share"
    )
    ranked_by: Literal["attainment", "value"] = Field(
        "attainment", description="Attainment of the goal, or the value"
    )
    at_least: float = Field(0.0, ge=0, description="Least attainment (or value) that can win")
    shared: Sharing = Field("equally", description="How a team divides its prize")

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        found = super().faults()
        if any(prize <= 0 for prize in self.prizes):
            found.append(("prizes", ", ".join(f"{p:g}" for p in self.prizes), "prizes must be above 0"))
        if any(b > a for a, b in zip(self.prizes, self.prizes[1:], strict=False)):
            found.append(
                ("prizes", ", ".join(f"{p:g}" for p in self.prizes), "a later place must not win more")
            )
        if self.ranked_by == "attainment" and self.held_against is None:
            found.append(("goal", "", f"{self.measure} has no goal; give one or rank by value"))
        if self.between == "teams" and self.of == "company":
            found.append(("of", "company", "all teams would have the same; leave it out"))
        if self.measure == "cost":
            remedy = "more cost is not better, and a contest is won by the most; use a bonus with up_to"
            found.append(("measure", self.measure, remedy))
        return found


class Penalty(Worth):
    """A sum that is taken when something is not reached; never more than the incentive of the period."""

    kind: Literal["penalty"] = Field("penalty", description="penalty")
    steps: tuple[Cost, ...] = Field(
        min_length=1,
        description=(
            "What is taken: with up_to, the first not exceeded holds (at most so much was reached); with"
            " at, the last reached (so much or more)"
        ),
    )

    def faults(self) -> list[Fault]:
        """List what contradicts itself."""
        return super().faults() + faults_of_steps(self.steps)


AnyElement = Annotated[
    Commission | Bonus | TeamBonus | Scorecard | Spiff | Contest | Penalty, Field(discriminator="kind")
]
ELEMENTS = (Commission, Bonus, TeamBonus, Scorecard, Spiff, Contest, Penalty)
