"""What is allowed: who may serve whom, how full and how even the books must be."""

from typing import Literal

from pydantic import Field, model_validator

from scenarios.account_rules import AccountRule
from scenarios.settings import Settings, Stated, Where

Measure = Literal["hours", "potential", "sales", "customers", "top_tier"]

RESERVED = ("hours", "moves", "sales moved", "customers kept", "locks", "families")
RESERVED_STARTS = ("lock of ", "family ", "fairness of ", "overlay ", "allowance for ")
RESERVED_END = ", at least"
"""Names that rules of their own have, and how some begin or end."""

Notion = Literal["maximum deviation", "range", "mean deviation", "gini", "jain", "owa", "alpha", "response"]

Goal = Literal["balance", "moves", "travel", "disruption", "fit", "ramp", "vacancy", "wishes"]


class EligibilityRule(Stated):
    """A rep may serve a customer when the rep's list contains the customer's value."""

    customer: str = Field(
        description="Column of the customers, e.g. region; customers with an empty cell pass"
    )
    rep: str = Field(
        description="Column of the reps with a list such as 'East;West'; an empty list lets nobody pass"
    )
    levels: tuple[str, ...] = Field(
        (),
        description=(
            'Values from least to most, e.g. ["junior", "middle", "senior"]: a rep may serve '
            "customers who ask for no more than that"
        ),
    )


class BalanceRule(Stated):
    """A measure each rep's book must have near the rep's fair share of what the rep is eligible for."""

    measure: Measure = Field(
        description=(
            "What is balanced: hours, potential, sales (last year's), customers (how many) or "
            "top_tier (how many of the tiers in `top_tiers`)"
        )
    )
    tolerance: float = Field(ge=0, description="Allowed departure from the fair share; .1 is 10 %")
    price: float | None = Field(
        None,
        gt=0,
        description="Money a year that each unit beyond the tolerance costs (hour, money, customer)",
    )
    hard: bool = Field(False, description="True: the tolerance may not be left at any price")

    @model_validator(mode="after")
    def _is_hard_or_has_a_price(self) -> "BalanceRule":
        if self.hard == (self.price is not None):
            raise ValueError("give either a price or hard = true")
        return self


class LimitRule(Stated):
    """What the books of some reps, or of each, must hold at least or at most, in plain amounts."""

    measure: Measure = Field(description="What is limited, as in a balance rule")
    reps: tuple[str, ...] = Field((), description="Keys of the reps it is for; empty: each rep")
    reps_where: Where = Field(
        {}, description='Or reps by their columns, e.g. { seniority = ["junior"] }; all columns must fit'
    )
    share_of: Measure | Literal["all"] | None = Field(
        None,
        description=(
            "If given, the limits are shares: of this measure in the same book, e.g. customers for a "
            "mix of tiers, or all: of what all customers have, so that nobody has too large a part"
        ),
    )
    at_least: float | None = Field(
        None, ge=0, description="Least amount in a book: hours, money or customers; or least share"
    )
    at_most: float | None = Field(
        None, ge=0, description="Largest amount in a book: hours, money or customers; or largest share"
    )
    price: float | None = Field(
        None, gt=0, description="Money a year that each unit outside costs; empty: the limits are hard"
    )

    @model_validator(mode="after")
    def _limits_something(self) -> "LimitRule":
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least must not be above at_most")
        if self.share_of == "all" and self.measure == "hours":
            raise ValueError("what all customers need in hours depends on the plan; give plain hours")
        if self.share_of == self.measure:
            raise ValueError("share_of must be another measure, or all")
        return self


class FairnessRule(Stated):
    """A price on how unevenly a measure falls on the reps, each book u taken relative to its fair share."""

    measure: Measure = Field(description="What is compared, as in a balance rule")
    notion: Notion = Field(
        description=(
            "maximum deviation (largest |u - 1|), range (largest u less smallest), mean deviation (mean |u"
            " - 1|), gini, jain (mean (u - 1)²), owa (deviations, the larger the heavier), alpha (lost"
            " welfare, logarithms) or response (share of sales lost by uneven time, elasticity .34)"
        )
    )
    price: float = Field(
        gt=0, description="Money a year for one whole unit of it, as if the deviation were 100 %"
    )


class Rules(Settings):
    """`[rules]`: hard and priced rules of the assignment."""

    eligibility: tuple[EligibilityRule, ...] = Field(
        (), description="All of them must hold for a rep to serve a customer"
    )
    accounts: tuple[AccountRule, ...] = Field(
        (), description="Named accounts, forbidden pairs, who stays, who leaves; hard, or wishes at a price"
    )
    balance: tuple[BalanceRule, ...] = Field((), description="Measures to balance, one rule each")
    limits: tuple[LimitRule, ...] = Field((), description="Plain limits of books")
    fairness: tuple[FairnessRule, ...] = Field((), description="Prices on unevenness")
    top_tiers: tuple[str, ...] = Field(("A",), description="Tiers of customers that top_tier counts")
    objective: Literal["weighted", "priority"] = Field(
        "weighted",
        description=(
            "weighted: all costs and prices are added; priority: the goals of `priority` come first, "
            "strictly one after the other, then the weighted sum"
        ),
    )
    priority: tuple[Goal, ...] = Field(
        (),
        description=(
            "Goals, most important first: balance (what all priced rules cost), moves (customers who "
            "change their owner), or a term of the cost"
        ),
    )
    priority_slack: float = Field(
        0.0, ge=0, description="Share by which a goal may become worse for the sake of later ones"
    )
    utilization_limit: float = Field(
        1.0, gt=0, description="Largest share of a rep's hours that promised work may take; hard"
    )
    move_limit: int | None = Field(
        None, ge=0, description="Largest number of customers that may change their owner"
    )
    move_price: float | None = Field(
        None, gt=0, description="Money for each customer beyond `move_limit`; empty: it is hard"
    )
    move_value_limit: float | None = Field(
        None, ge=0, description="Largest last year's sales of customers that may change their owner, money"
    )
    move_value_share_limit: float | None = Field(
        None,
        ge=0,
        le=1,
        description="The same as a share of all last year's sales; the smaller limit counts",
    )
    move_value_price: float | None = Field(
        None, gt=0, description="Money for each unit of sales moved beyond that limit; empty: it is hard"
    )
    move_limit_per_rep: int | None = Field(
        None, ge=0, description="Largest number of customers that may leave any one rep"
    )
    move_price_per_rep: float | None = Field(
        None, gt=0, description="Money for each customer beyond `move_limit_per_rep`; empty: it is hard"
    )

    @model_validator(mode="after")
    def _measures_are_named_once(self) -> "Rules":
        measures = [rule.measure for rule in self.balance]
        if len(set(measures)) < len(measures):
            raise ValueError("each measure may be balanced once")
        return self

    @model_validator(mode="after")
    def _prices_have_limits(self) -> "Rules":
        value = self.move_value_limit if self.move_value_limit is not None else self.move_value_share_limit
        for limit, price, name in (
            (self.move_limit, self.move_price, "move_price needs move_limit"),
            (value, self.move_value_price, "move_value_price needs move_value_limit or _share_limit"),
            (
                self.move_limit_per_rep,
                self.move_price_per_rep,
                "move_price_per_rep needs move_limit_per_rep",
            ),
        ):
            if price is not None and limit is None:
                raise ValueError(name)
        return self

    @model_validator(mode="after")
    def _goals_have_an_order(self) -> "Rules":
        if (self.objective == "priority") != bool(self.priority):
            raise ValueError('objective = "priority" goes with a list of goals in priority')
        if len(set(self.priority)) < len(self.priority):
            raise ValueError("each goal may stand once in priority")
        return self

    @model_validator(mode="after")
    def _unevenness_is_priced_once(self) -> "Rules":
        pairs = [(rule.measure, rule.notion) for rule in self.fairness]
        if len(set(pairs)) < len(pairs):
            raise ValueError("each measure and notion may have one price")
        return self

    @model_validator(mode="after")
    def _names_are_given_once(self) -> "Rules":
        names = list(self.names().values())
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules have the same name: {', '.join(twice)}")
        given = [
            rule.name
            for rules in (self.eligibility, self.accounts, self.balance, self.limits, self.fairness)
            for rule in rules
        ]
        taken = [
            n for n in given if n in RESERVED or n.startswith(RESERVED_STARTS) or n.endswith(RESERVED_END)
        ]
        if taken:
            raise ValueError(f"these names have a meaning of their own, choose others: {', '.join(taken)}")
        return self

    def names(self) -> dict[tuple[str, int], str]:
        """Say what each rule is called, by its list and its place there."""
        said = {
            **{
                ("eligibility", n): f"eligibility ({r.customer} in {r.rep})"
                for n, r in enumerate(self.eligibility)
            },
            **{("accounts", n): f"accounts {n + 1} ({r.kind})" for n, r in enumerate(self.accounts)},
            **{("balance", n): f"balance of {r.measure}" for n, r in enumerate(self.balance)},
            **{("limits", n): f"limit {n + 1} on {r.measure}" for n, r in enumerate(self.limits)},
            **{("fairness", n): f"fairness of {r.measure}, {r.notion}" for n, r in enumerate(self.fairness)},
        }
        return {place: getattr(self, place[0])[place[1]].name or usual for place, usual in said.items()}

    @property
    def measures(self) -> dict[tuple[str, int], Measure]:
        """What is measured, by the list of the rule that asks for it and its place there."""
        return {
            **{("balance", n): rule.measure for n, rule in enumerate(self.balance)},
            **{("limits", n): rule.measure for n, rule in enumerate(self.limits)},
            **{("fairness", n): rule.measure for n, rule in enumerate(self.fairness)},
        }

    def move_value_allowed(self, last_year: float) -> float | None:
        """Give the largest sales that may move, money; none where there is no limit."""
        limits = [] if self.move_value_limit is None else [self.move_value_limit]
        if self.move_value_share_limit is not None:
            limits.append(self.move_value_share_limit * last_year)
        return min(limits, default=None)
