"""What a plan comes to: measures of many years, and the figures drawn from them."""

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.quotas.laws import Sample
from simulation.measures import Measures

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome(Measures):
    """What a plan came to in many simulated years: measures, replications first, and where they come from.

    Treat the arrays as read-only.

    Parameters
    ----------
    scenario_digest, plan_name, seed
        What was simulated, under which luck.
    asked
        Replications asked for; there are fewer if the run was interrupted.
    reps, quarters
        Names along the axes.
    quota
        Money, reps x quarters.
    target
        Of the company, money a year.
    pay
        Total pay with base, money, [replications, reps].
    """

    scenario_digest: str
    plan_name: str
    seed: int
    asked: int
    reps: tuple[str, ...]
    quarters: tuple[str, ...]
    quota: pd.DataFrame
    target: float
    pay: Numbers

    def first(self, count: int) -> "Outcome":
        """Give the outcome of the first `count` replications only."""
        measured = {f.name: getattr(self, f.name)[:count] for f in dataclasses.fields(Measures)}
        return dataclasses.replace(self, **measured, pay=self.pay[:count])

    @property
    def replications(self) -> int:
        """How many years were simulated."""
        return len(self.pay)

    @cached_property
    def company(self) -> Numbers:
        """Bookings of the year, house included, money, [replications]."""
        total: Numbers = self.bookings.sum(axis=(1, 2)) + self.house_bookings.sum(axis=1)
        return total

    @cached_property
    def attainment(self) -> Numbers:
        """Yearly bookings over yearly quota, [replications, reps]; not a number without quota."""
        asked = self.quota.to_numpy(dtype="float64").sum(axis=1)
        asked = np.broadcast_to(asked, self.pay.shape)
        nothing = np.full(asked.shape, np.nan)
        return np.divide(self.bookings.sum(axis=2), asked, out=nothing, where=asked > 0)

    @cached_property
    def law(self) -> Sample:
        """What reps may sell, as the simulated years say it; the house counts for the company only."""
        return Sample(self.reps, self.bookings.sum(axis=2), self.house_bookings.sum(axis=1))

    @property
    def p_target(self) -> float:
        """Share of years in which the company reaches its target."""
        return float((self.company >= self.target).mean())

    def figures(self) -> pd.DataFrame:
        """Give the company's figures, a row a replication.

        Returns
        -------
        Columns: bookings and collected (money, house included), reached_target (0 or 1), attainment (bookings
        over target), share_at_quota (of reps with a quota), pay (money, base included), cost_of_sales (pay
        over bookings), satisfaction (0 to 1), visits_kept (share of promised visits made), spread (p90 - p10
        of the attainment of reps).
        """
        attained = self.attainment[:, ~np.isnan(self.attainment).all(axis=0)]
        pay, promised = self.pay.sum(axis=1), self.visits_due.sum(axis=1) + self.unserved_visits
        p10, p90 = (
            np.quantile(attained, [0.1, 0.9], axis=1) if attained.size else np.full((2, len(pay)), np.nan)
        )
        return pd.DataFrame(
            {
                "bookings": self.company,
                "collected": self.collected.sum(axis=(1, 2)) + self.house_collected.sum(axis=1),
                "reached_target": (self.company >= self.target).astype("float64"),
                "attainment": self.company / self.target,
                "share_at_quota": _mean_of_rows(attained >= 1),
                "pay": pay,
                "cost_of_sales": _ratio(pay, self.company),
                "satisfaction": self.satisfaction,
                "visits_kept": _ratio(self.visits_made.sum(axis=1), promised),
                "spread": p90 - p10,
            },
            index=pd.RangeIndex(len(pay), name="replication"),
        )

    def summary(self) -> dict[str, Any]:
        """Give the figures in brief: means over years; of the company's attainment also p10, p50 and p90."""
        figures = self.figures()
        p10, p50, p90 = (float(q) for q in np.quantile(figures["attainment"], [0.1, 0.5, 0.9]))
        means = {name: float(value) for name, value in figures.mean().items()}
        named = (
            "bookings",
            "collected",
            "share_at_quota",
            "pay",
            "cost_of_sales",
            "satisfaction",
            "visits_kept",
        )
        return {
            "p_target": self.p_target,
            "attainment": {"mean": means["attainment"], "p10": p10, "p50": p50, "p90": p90},
            **{name: means[name] for name in named},
            "replications": self.replications,
            "digest": self.digest,
            "seed": self.seed,
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex of everything the outcome says: the same for any number of workers."""
        content = hashlib.sha256()
        heads = (self.scenario_digest, self.plan_name, self.seed, self.reps, self.quarters, self.target)
        content.update(repr(heads).encode())
        measured = (getattr(self, field.name) for field in dataclasses.fields(Measures))
        for array in (self.quota.to_numpy(dtype="float64"), *measured, self.pay):
            content.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        return content.hexdigest()


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _mean_of_rows(flags: NDArray[np.bool_]) -> Numbers:
    if flags.shape[1] == 0:
        return np.full(len(flags), np.nan)
    mean: Numbers = flags.mean(axis=1)
    return mean
