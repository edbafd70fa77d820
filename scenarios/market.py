"""What is believed about customers, deals, people and shocks in the plan year."""

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from scenarios.behavior import Effort, Share, Timing
from scenarios.settings import MOST_DAYS, MOST_MONTHS, MOST_TIMES, Settings
from scenarios.shocks import Shock

Seniority = Literal["junior", "middle", "senior"]
MOST_STAGES = 1000
"""The simulated year numbers stages by twelve bits; nobody has so many."""

Months = Annotated[float, Field(ge=0, le=MOST_MONTHS)]


class Stage(Settings):
    """A step of an opportunity: work of the rep, an outcome, time of the customer."""

    name: str = Field(description="What people call it")
    hours: float = Field(ge=0, le=10_000, description="Work of the rep, hours")
    conversion: float = Field(gt=0, le=1, description="Share of opportunities that pass")
    days: float = Field(
        ge=0, le=MOST_DAYS, description="Mean time the customer takes before the next step, days"
    )
    at_customer: bool = Field(
        False, description="True: the work is done at the customer, so the hours on the road come on top"
    )
    pool: str = Field("", description="Pool whose help the stage needs, see market.pools; empty: none")


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
        0.5, ge=0, le=20, description="Change of demand, as a share, per unit of satisfaction from its start"
    )
    loss_per_lost_opportunity: float = Field(
        0.05, ge=0, le=1, description="Share lost when nobody had time for an opportunity"
    )
    loss_per_unserved_call: float = Field(
        0.1, ge=0, le=1, description="Share lost when nobody answers a call for service"
    )


class Turnover(Settings):
    """How people leave and are replaced."""

    yearly_quit_rate: float = Field(0.0, ge=0, le=100, description="Expected quits per filled seat and year")
    vacancy_days: float = Field(
        60.0, ge=0, le=MOST_DAYS, description="Time until a vacated seat is filled again, days"
    )
    ramp_months: float = Field(
        4.0,
        ge=0,
        le=MOST_MONTHS,
        description="Time until a new rep is fully productive, months; rises in a line",
    )
    starting_productivity: float = Field(
        0.3, ge=0, le=1, description="Productivity of a new rep on the first day"
    )
    ramp_months_by_seniority: dict[Seniority, Months] = Field(
        {}, description="Months of the ramp where they differ, e.g. { junior = 8.0, senior = 3.0 }"
    )
    attainment_effect: float = Field(
        0.0,
        ge=0,
        le=20,
        description=(
            "The rate of quitting is multiplied by exp(effect x (1 - attainment)), of what the rep booked "
            "and was asked for since joining, this year, and a quarter's quota on both sides"
        ),
    )
    reassign: bool = Field(
        False,
        description=(
            "True: customers of a seat that nobody will fill again go to present colleagues, "
            "of the team if there are any"
        ),
    )

    def ramp_of(self, seniority: Seniority) -> float:
        """Give the months until somebody new of a seniority is fully productive."""
        return self.ramp_months_by_seniority.get(seniority, self.ramp_months)


class Staffing(Settings):
    """What roles are worth and cost, and when people are on leave: for sizing the sales force."""

    leave_days: float = Field(
        25.0,
        ge=0,
        le=366,
        description="Days of leave a rep takes a year; hours_per_year leaves them out already",
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
        description=(
            "Pay a year of each role, base and incentive, money; where missing, the median of the "
            "reps of that role, else in proportion to productivity"
        ),
    )
    most_juniors: float = Field(
        0.5, ge=0, le=1, description="Largest share of juniors among all reps; an assumption"
    )
    training_months: float = Field(
        6.0, ge=0, le=12, description="Time until a trained junior sells like a middle rep, months"
    )
    training_hours: float = Field(80.0, ge=0, le=10000, description="Hours a training takes from selling")
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


class Pool(Settings):
    """A pool of helpers that all reps share, such as pre-sales engineers."""

    name: str = Field(min_length=1, description="What stages call it")
    slots_per_week: int = Field(
        ge=1, le=1000000, description="Stages of opportunities it can help with in a week"
    )


class ServiceCalls(Settings):
    """Calls for service that customers make: questions, complaints, repairs."""

    calls_per_year: float = Field(
        0.0, ge=0, le=10000, description="Calls of a customer a year where customers.csv says nothing else"
    )
    hours: float = Field(1.0, ge=0, le=10000, description="Work of the rep on a call, hours")
    on_site: bool = Field(False, description="True: the rep goes there, so the hours on the road come on top")
    patience_days: float = Field(
        5.0,
        gt=0,
        le=1e12,
        description="Mean time a customer waits for an answer before it is given up, days",
    )


class Churn(Settings):
    """How customers are lost for good."""

    yearly_rate: float = Field(
        0.0,
        ge=0,
        le=100,
        description="Expected losses of a customer a year at the satisfaction of the first day",
    )
    sensitivity: float = Field(
        4.0, ge=0, le=50, description="The rate is multiplied by exp(sensitivity x (start - satisfaction))"
    )


class Relationships(Settings):
    """How much of `relationship_risk` is at stake when a customer gets to know somebody else."""

    full_after_years: float = Field(
        0.0,
        ge=0,
        le=100,
        description=(
            "Years with today's owner after which all is at stake, in proportion before; 0: at once"
        ),
    )
    new_hire: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor where the new one has just been hired"
    )
    same_team: float = Field(
        1.0, ge=0, le=MOST_TIMES, description="Factor where the new one is of the same team"
    )


class Market(Settings):
    """`[market]`: the beliefs the simulated year runs on."""

    growth: float = Field(
        0.0,
        gt=-1,
        le=MOST_TIMES,
        description="Expected growth of existing customers' demand against potential",
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
    order_value_cv: float = Field(1.0, ge=0, le=3, description="Coefficient of variation of order amounts")
    stages: tuple[Stage, ...] = Field(min_length=1, description="What an opportunity passes, in order")
    work_order: tuple[Literal["deals", "service", "visits"], ...] = Field(
        ("deals", "service", "visits"),
        description=(
            "What reps do first where several things wait: stages of opportunities, calls for "
            "service, promised visits; empty: first come, first served"
        ),
    )
    pools: tuple[Pool, ...] = Field((), description="Pools of helpers that all reps share")
    service: ServiceCalls = Field(ServiceCalls(), description="Calls for service")
    churn: Churn = Field(Churn(), description="Customers lost for good")
    relationships: Relationships = Field(Relationships(), description="What a change of hands puts at stake")
    patience_days: float = Field(
        45.0,
        gt=0,
        le=1e12,
        description="Mean time an opportunity nobody works on waits before it is lost, days",
    )
    new_customers_per_year: float = Field(
        0.0, ge=0, description="Customers won for the first time, a year, whole company"
    )
    new_customer_value: float = Field(
        0.0, ge=0, description="Mean first-year amount of a new customer, money"
    )
    demand_noise: float = Field(
        0.05, ge=0, le=3, description="Standard deviation of the logarithm of the year's market level"
    )
    delivery_days: float = Field(7.0, ge=0, le=MOST_DAYS, description="From booking to invoice, days")
    late_days: float = Field(10.0, ge=0, le=MOST_DAYS, description="Mean delay of payment beyond terms, days")
    bad_debt: float = Field(0.0, ge=0, le=1, description="Share of invoices never paid")
    relationship_risk: float = Field(
        0.15, ge=0, le=1, description="Share of a moved customer's yearly sales lost in the first year"
    )
    skill_gap: float = Field(
        0.15, ge=0, le=1, description="Share of sales lost where the rep lacks the product line's skill"
    )
    seniority_gap: dict[Seniority, Share] = Field(
        {},
        description=(
            "Share of sales lost with a rep of this seniority, e.g. { junior = 0.1 }: the better "
            "territories then go to the better people; none where not given"
        ),
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
    timing: Timing = Field(Timing(), description="How reps move deals over a quarter's end; off by default")
    shocks: tuple[Shock, ...] = Field((), description="Dated events")

    @model_validator(mode="after")
    def _months_add_up_to_a_year(self) -> "Market":
        if min(self.seasonality) < 0 or abs(sum(self.seasonality) - 1) > 1e-6:
            raise ValueError("seasonality must be twelve shares >= 0 that add up to 1")
        return self

    @model_validator(mode="after")
    def _stages_can_be_numbered(self) -> "Market":
        if len(self.stages) > MOST_STAGES:
            found = f"there are {len(self.stages):,} stages"
            raise ValueError(f"{found}; put steps together until there are at most {MOST_STAGES:,}")
        return self

    @model_validator(mode="after")
    def _work_is_named_once(self) -> "Market":
        if self.work_order and sorted(self.work_order) != ["deals", "service", "visits"]:
            raise ValueError("work_order must name deals, service and visits once each, or be empty")
        return self

    @model_validator(mode="after")
    def _pools_are_named_once(self) -> "Market":
        names = [pool.name for pool in self.pools]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two pools are called '{twice[0]}'; give each its own name")
        return self

    @model_validator(mode="after")
    def _newcomers_buy_something(self) -> "Market":
        if self.new_customers_per_year > 0 and self.new_customer_value == 0:
            raise ValueError(
                "new customers are expected, but what one buys in its first year is 0; give "
                "new_customer_value, or expect none with new_customers_per_year = 0"
            )
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

    @property
    def journeys_per_opportunity(self) -> float:
        """Expected journeys to the customer for an opportunity: stages done there, as often as reached."""
        journeys, reached = 0.0, 1.0
        for stage in self.stages:
            journeys += reached * stage.at_customer
            reached *= stage.conversion
        return journeys
