"""The plan: what we decide. Who serves whom, who is asked for what, and how good that is known to be."""

from dataclasses import dataclass, field, replace

import pandas as pd

from optimizer.core.result import Result


@dataclass(frozen=True, eq=False)
class Plan:
    """An answer to a scenario. Treat the tables as read-only.

    Parameters
    ----------
    name
        What people call it, e.g. "today's book".
    scenario_digest
        Digest of the scenario it was made for.
    owner
        Rep by customer; "" where nobody serves.
    quota
        Money, reps x Q1..Q4, multiples of the scenario's rounding unit.
    result
        How it was found and how far from the best it may be; none where nothing was optimized.
    support
        Specialist by customer, a column for each overlay; "" for none. No columns where there is no overlay,
        or nobody supports as yet.
    """

    name: str
    scenario_digest: str
    owner: pd.Series
    quota: pd.DataFrame
    result: Result | None = field(default=None)
    support: pd.DataFrame = field(default_factory=pd.DataFrame)

    def move(self, customer: str, rep: str) -> "Plan":
        """Give a customer to a rep; quotas stay, nothing is checked and nothing is proved of the new plan.

        `optimizer.asking.editing` says what such a move does and plans around it.
        """
        owner = self.owner.copy()
        owner[customer] = rep
        return replace(self, owner=owner, result=None)
