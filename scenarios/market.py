"""What is believed about customers, deals, people and shocks in the plan year."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from scenarios.settings import Settings, Where

Seniority = Literal["junior", "middle", "senior"]
Share = Annotated[float, Field(ge=0, le=1)]


class Stage(Settings):
    """A step of an opportunity: work of the rep, an outcome, time of the customer."""

    name: str = Field(description="What people call it")
    hours: float = Field(ge=0, description="Work of the rep, hours")
    conversion: float = Field(gt=0, le=1, description="Share of opportunities that pass")
    days: float = Field(ge=0, description="Mean time the customer takes before the next step, days")


class Satisfaction(Settings):
    """How service moves a customer's satisfaction, a number from 0 to 1, and what that does to demand."""

    start: float = Field(0.8, ge=0, le=1, description="Satisfaction on the first day")
    gain_per_visit: float = Field(
        0.05, ge=0, le=1, description="Share of the way to 1 that a promised visit made brings"
    )
    loss_per_missed_visit: float = Field(
        0.1, ge=0, le=1, description="Share of satisfaction lost with a missed visit"
    )
    sensitivity: float = Field(
        0.5, ge=0, description="Change of demand, as a share, per unit of satisfaction from its start"
    )


class Turnover(Settings):
    """How people leave and are replaced."""

    yearly_quit_rate: float = Field(0.0, ge=0, description="Expected quits per filled seat and year")
    vacancy_days: float = Field(60.0, ge=0, description="Time until a vacated seat is filled again, days")
    ramp_months: float = Field(
        4.0, ge=0, description="Time until a new rep is fully productive, months; rises in a line"
    )
    starting_productivity: float = Field(
        0.3, ge=0, le=1, description="Productivity of a new rep on the first day"
    )


class Staffing(Settings):
    """What roles are worth and cost, and when people are on leave: for sizing the sales force."""

    leave_days: float = Field(
        25.0, ge=0, description="Days of leave a rep takes a year; hours_per_year leaves them out already"
    )
    leave_by_month: tuple[float, ...] = Field(
        (1 / 12,) * 12,
        min_length=12,
        max_length=12,
        description="Share of the year's leave by month of the plan year",
    )
    productivity: dict[Seniority, float] = Field(
        {"junior": 0.7, "middle": 1.0, "senior": 1.2},
        description="What an hour of each role sells, 1 for middle; the defaults are assumptions",
    )
    pay: dict[Seniority, float] = Field(
        {},
        description="Pay a year of each role, base and incentive, money; where missing, the median of the "
        "reps of that role, else in proportion to productivity",
    )
    most_juniors: float = Field(
        0.5, ge=0, le=1, description="Largest share of juniors among all reps; an assumption"
    )
    training_months: float = Field(
        6.0, ge=0, le=12, description="Time until a trained junior sells like a middle rep, months"
    )
    training_hours: float = Field(80.0, ge=0, description="Hours a training takes from selling")
    training_cost: float = Field(
        0.1, ge=0, description="Cost of a training as a share of a junior's yearly pay; an assumption"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> "Staffing":
        if min(self.leave_by_month) < 0 or abs(sum(self.leave_by_month) - 1) > 1e-6:
            raise ValueError("leave_by_month must be twelve shares >= 0 that add up to 1")
        if set(self.productivity) != set(get_args(Seniority)) or min(self.productivity.values()) <= 0:
            raise ValueError("productivity must give each of junior, middle and senior a number > 0")
        if min(self.pay.values(), default=0.0) < 0:
            raise ValueError("pay must be >= 0")
        return self


class Effort(Settings):
    """How reps answer the incentive scheme. Effort 1 is normal."""

    mode: Literal["constant", "forward-looking"] = Field(
        "forward-looking", description="Effort 1 always, or chosen weekly"
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


class Shock(Settings):
    """A dated change of demand, certain or with a probability."""

    name: str = Field(description="What people call it")
    start: date = Field(description="First day")
    end: date = Field(description="First day after it")
    demand: float = Field(ge=0, description="Factor on demand while it lasts; .9 is 10 % less")
    probability: float = Field(1.0, ge=0, le=1, description="Probability that it happens in the year")
    where: Where = Field({}, description="Customer columns and values it is limited to; empty: everywhere")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Shock":
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self


class Market(Settings):
    """`[market]`: the beliefs the simulated year runs on."""

    growth: float = Field(
        0.0, gt=-1, description="Expected growth of existing customers' demand against potential"
    )
    seasonality: tuple[float, ...] = Field(
        (1 / 12,) * 12,
        min_length=12,
        max_length=12,
        description="Share of the year's demand by month of the plan year",
    )
    order_values: dict[str, float] = Field(
        description="Mean amount of a won order by product line, money; key '' where there are no lines"
    )
    order_value_cv: float = Field(1.0, ge=0, description="Coefficient of variation of order amounts")
    stages: tuple[Stage, ...] = Field(min_length=1, description="What an opportunity passes, in order")
    patience_days: float = Field(
        45.0, gt=0, description="Mean time an opportunity nobody works on waits before it is lost, days"
    )
    new_customers_per_year: float = Field(
        0.0, ge=0, description="Customers won for the first time, a year, whole company"
    )
    new_customer_value: float = Field(
        0.0, ge=0, description="Mean first-year amount of a new customer, money"
    )
    demand_noise: float = Field(
        0.05, ge=0, description="Standard deviation of the logarithm of the year's market level"
    )
    delivery_days: float = Field(7.0, ge=0, description="From booking to invoice, days")
    late_days: float = Field(10.0, ge=0, description="Mean delay of payment beyond terms, days")
    bad_debt: float = Field(0.0, ge=0, le=1, description="Share of invoices never paid")
    relationship_risk: float = Field(
        0.15, ge=0, le=1, description="Share of a moved customer's yearly sales lost in the first year"
    )
    skill_gap: float = Field(
        0.15, ge=0, le=1, description="Share of sales lost where the rep lacks the product line's skill"
    )
    seniority_gap: dict[Seniority, Share] = Field(
        {},
        description="Share of sales lost with a rep of this seniority, e.g. { junior = 0.1 }: the better "
        "territories then go to the better people; none where not given",
    )
    unattended_share: float = Field(
        0.5, ge=0, le=1, description="Share of demand that still buys where nobody serves"
    )
    contribution_margin: float = Field(
        0.3, gt=0, le=1, description="Share of sales left after the cost of goods"
    )
    satisfaction: Satisfaction = Field(Satisfaction(), description="Service and demand")
    turnover: Turnover = Field(Turnover(), description="People leaving and joining")
    staffing: Staffing = Field(Staffing(), description="Roles, pay and leave, for headcount")
    effort: Effort = Field(Effort(), description="How reps answer the scheme")
    shocks: tuple[Shock, ...] = Field((), description="Dated changes of demand")

    @model_validator(mode="after")
    def _months_add_up_to_a_year(self) -> "Market":
        if min(self.seasonality) < 0 or abs(sum(self.seasonality) - 1) > 1e-6:
            raise ValueError("seasonality must be twelve shares >= 0 that add up to 1")
        return self

    @property
    def win_rate(self) -> float:
        """Share of opportunities that pass all stages."""
        rate = 1.0
        for stage in self.stages:
            rate *= stage.conversion
        return rate

    @property
    def hours_per_opportunity(self) -> float:
        """Expected work on an opportunity, hours: each stage counts as often as it is reached."""
        hours, reached = 0.0, 1.0
        for stage in self.stages:
            hours += reached * stage.hours
            reached *= stage.conversion
        return hours
