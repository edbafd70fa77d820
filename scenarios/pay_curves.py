"""How much is paid for what was reached: tiers with rates, and steps that pay, cost or multiply."""

import itertools
from collections.abc import Sequence

from pydantic import Field

from scenarios.settings import Settings

Fault = tuple[str, str, str]
"""Key, value and remedy of what is wrong in a setting."""


class Tier(Settings):
    """A rate, paid from where it begins up to where the next begins."""

    at: float = Field(
        ge=0, description="Attainment (1 is 100 %) or, with tiers_in, the amount from which it is paid"
    )
    rate: float = Field(
        ge=0,
        description=(
            "Marginal rate: a share of the money credited; where the element has a worth, 1 earns it evenly"
            " up to 100 % of the goal"
        ),
    )


class Edge(Settings):
    """Where a step begins: reached from below (`at`), or not exceeded (`up_to`) where less is better."""

    at: float | None = Field(None, ge=0, description="Holds from this attainment or value on")
    up_to: float | None = Field(
        None, ge=0, description="Holds up to this value, for what had better be small"
    )

    @property
    def edge(self) -> float:
        """The value at which it begins or ends."""
        value = self.at if self.at is not None else self.up_to
        return 0.0 if value is None else value

    @property
    def value(self) -> float:
        """What holds there."""
        raise NotImplementedError


class Step(Edge):
    """What a step pays."""

    pays: float = Field(ge=0, description="Share of the element's worth that is paid")

    @property
    def value(self) -> float:
        """What holds there."""
        return self.pays


class Factor(Edge):
    """By what a step multiplies."""

    times: float = Field(ge=0, description="What pay is multiplied by")

    @property
    def value(self) -> float:
        """What holds there."""
        return self.times


class Cost(Edge):
    """What a step costs."""

    costs: float = Field(ge=0, description="Share of the penalty's worth that is taken")

    @property
    def value(self) -> float:
        """What holds there."""
        return self.costs


def faults_of_tiers(tiers: Sequence[Tier], key: str = "tiers") -> list[Fault]:
    """List what is wrong with the order of tiers."""
    found = []
    if tiers and tiers[0].at != 0:
        found.append((key, f"{tiers[0].at:g}", "the first tier must begin at 0; rate = 0 makes a threshold"))
    found += [
        (key, f"{before.at:g}, {after.at:g}", "tiers must rise; each begins above the one before")
        for before, after in itertools.pairwise(tiers)
        if after.at <= before.at
    ]
    return found


def faults_of_steps(steps: Sequence[Edge], *, line: bool = False, key: str = "steps") -> list[Fault]:
    """List what is wrong with steps: edges of two kinds, or not in order."""
    found = []
    for number, step in enumerate(steps, 1):
        if (step.at is None) == (step.up_to is None):
            found.append((f"{key} number {number}", "", "give either at or up_to"))
    if found:
        return found
    if len({step.at is None for step in steps}) > 1:
        found.append((key, "", "all steps must have at, or all up_to"))
    found += [
        (key, f"{before.edge:g}, {after.edge:g}", "steps must rise; each begins above the one before")
        for before, after in itertools.pairwise(steps)
        if after.edge <= before.edge
    ]
    if line and (len(steps) < 2 or steps[0].at is None):
        found.append((key, "", "between = line needs two steps or more, with at"))
    return found
