"""Over-assignment derived from a probability: what can be committed, and what asking for more costs reps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.quotas.laws import Law
from optimizer.quotas.odds import equal_odds, expected_at_quota

WANTED = 0.8
"""Chance with which a committed number is to be reached, where nobody says otherwise."""

STEPS = (0.0, 0.05, 0.10, 0.15, 0.20)
"""Over-assignments looked at: 10-20 % is what surveys of sales organizations tell."""


@dataclass(frozen=True)
class OverAssignment:
    """What quotas of the field imply about the number a company may promise.

    Parameters
    ----------
    target
        Asked of the company, money a year.
    chance
        Of reaching the target.
    wanted
        Chance with which a committed number is to be reached.
    committed
        The number reached with that chance, money a year.
    field
        Sum of the quotas, money a year.
    """

    target: float
    chance: float
    wanted: float
    committed: float
    field: float

    @property
    def implied(self) -> float:
        """Over-assignment between the field and the committed number, a share; may be < 0."""
        return self.field / self.committed - 1 if self.committed > 0 else float("inf")

    @property
    def against_target(self) -> float:
        """Over-assignment between the field and the target, a share."""
        return self.field / self.target - 1

    @property
    def say(self) -> str:
        """The same in words."""
        told = "more" if self.implied >= 0 else "less"
        return (
            f"The target of {self.target:,.0f} is reached with a chance of {self.chance:.0%}. "
            f"With a chance of {self.wanted:.0%} the company reaches {self.committed:,.0f}; quotas add up to "
            f"{self.field:,.0f}, {abs(self.implied):.1%} {told}."
        )


def over_assignment(law: Law, quotas: np.ndarray, target: float, wanted: float = WANTED) -> OverAssignment:
    """Say what can be committed with a wanted chance, and what over-assignment the quotas then imply.

    Sales do not answer quotas here, so asking the field for more makes no number safer; it only shows how
    far the quotas are from what can be relied on.

    Parameters
    ----------
    law
        Of the reps, in the order of the quotas.
    quotas
        Money a year, [reps].
    target
        Asked of the company, money a year, > 0.
    wanted
        Chance, 0 to 1.
    """
    committed = float(law.company.reached(wanted)[0])
    return OverAssignment(target, law.chance_of_total(target), wanted, committed, float(np.sum(quotas)))


def cost_in_odds(
    law: Law,
    target: float,
    steps: Sequence[float] = STEPS,
    lower: np.ndarray | None = None,
    upper: np.ndarray | None = None,
) -> pd.DataFrame:
    """Show what over-assignment costs reps: the fairest quotas at each step, and their odds.

    For a company of like reps with lognormal sales of coefficient of variation v and mean target in all, the
    odds at over-assignment o are Phi((-ln(1 + o) - ln(1 + v^2) / 2) / sqrt(ln(1 + v^2))).

    Parameters
    ----------
    target
        What no over-assignment asks of all reps together, money a year.
    steps
        Over-assignments, shares.
    lower, upper
        Floors and ceilings, money, [reps].

    Returns
    -------
    By step: over_assignment (a share), field (sum of quotas, money a year), odds (common chance of reps that
    no floor or ceiling holds), at_quota (expected share of reps at quota), all_reach (chance that the company
    sells the sum of quotas), say.

    Raises
    ------
    NoPlanExists
        If floors or ceilings leave no room.
    """
    rows = []
    for step in steps:
        field = target * (1 + step)
        odds = equal_odds(law, field, lower, upper)
        share, whole = expected_at_quota(law, odds.quotas), law.chance_of_total(field)
        say = f"{step:.0%} over-assignment: a rep reaches quota with a chance of {odds.common:.0%}"
        rows.append((step, field, odds.common, share, whole, say))
    columns = ["over_assignment", "field", "odds", "at_quota", "all_reach", "say"]
    return pd.DataFrame(rows, columns=columns)
