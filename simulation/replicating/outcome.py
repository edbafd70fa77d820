"""What a plan comes to: distributions over many simulated years, and the figures drawn from them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.quotas.budget import GRADED, GRADES
from optimizer.quotas.laws import Sample
from scenarios import EvenfieldError
from simulation.accounting.yardstick import TEAM, Yardstick
from simulation.replicating.blocks import Rows
from simulation.replicating.distributions import Distribution, Moments
from simulation.replicating.precision import estimates

Numbers = NDArray[np.float64]

FIGURES = (
    "bookings", "collected", "reached_target", "attainment", "share_at_quota", "pay", "cost_of_sales",
    "satisfaction", "visits_kept", "spread",
)  # fmt: skip
"""Figures of the company that plans are compared by."""

ADJUSTED = ["adjusted", "adjusted_low", "adjusted_high"]

INTERRUPTED = "interrupted"


class NoRowsKept(EvenfieldError):
    """What every rep had in every year was not kept: simulate with `rows=True`."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What a plan came to in many simulated years. Treat the arrays as read-only.

    A *unit* is a rep, a team or the company; `held.units` names them in order.

    Parameters
    ----------
    scenario_digest, plan_name, seed
        What was simulated, under which luck.
    asked
        Replications asked for; with a precision, the most there might be.
    precision
        That was asked for, if any.
    stopped
        Why there are not more years: "years done", "precise enough", "most years done" (not yet as precise
        as asked for) or "interrupted".
    quarters
        Names.
    held
        What years are held against: quotas, target, budget.
    years
        Figures of the company, a row a replication: those of `figures`; cost (of selling, money), bookings_1
        to bookings_4 by quarter, and sums over reps of all measures (of `filled` and `effort` means).
    controls, known
        What was observed beside, [years, controls], and its means over all luck; none where nothing was.
    moments
        Number, mean and spread by name: of all measures, pay, cost (money) over units [units] or
        [units, quarters]; short (what is missing to the quota, money, [units, quarters + 1], the year last)
        and short_when_missed (the same, 0 in years in which the company reaches its target);
        unit_satisfaction (of customers still there at the end of the quarter).
    distributions
        attainment ([units, quarters + 1], the year last), and by year [units]: collected over quota, pay over
        pay at quota, cost over budget.
    grades
        Years with each grade, [units, `optimizer.quotas.budget.GRADED`, `GRADES`]; improvement of teams and
        the company only.
    misses
        Years in which a unit misses its quota, [all years and those in which the company misses its target,
        units, quarters + 1].
    rows
        What every rep had in every year; only where it was asked for.
    seconds
        Time all workers spent. No part of the digest.
    notes
        What there is to say of the run, such as which blocks were taken from disk. No part of the digest.
    """

    scenario_digest: str
    plan_name: str
    seed: int
    asked: int
    precision: float | None = None
    stopped: str = "years done"
    quarters: tuple[str, ...]
    held: Yardstick
    years: pd.DataFrame
    controls: Numbers | None = None
    known: Numbers | None = None
    moments: dict[str, Moments]
    distributions: dict[str, Distribution]
    grades: NDArray[np.int64]
    misses: NDArray[np.int64]
    rows: Rows | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """How many years were simulated."""
        return len(self.years)

    @property
    def reps(self) -> tuple[str, ...]:
        """Names of the reps; the first of the units."""
        return tuple(map(str, self.held.reps))

    @property
    def quota(self) -> pd.DataFrame:
        """Money, reps x quarters."""
        return self.held.quota

    @property
    def target(self) -> float:
        """Of the company, money a year."""
        return self.held.target

    @property
    def company(self) -> Numbers:
        """Bookings of the year, house included, money, [replications]."""
        return self.years["bookings"].to_numpy()

    @property
    def attainment(self) -> Distribution:
        """Bookings over quota, [units, quarters + 1], the year last; not a number without quota."""
        return self.distributions["attainment"]

    @cached_property
    def law(self) -> Sample:
        """What reps may sell, as the simulated years say it; the house counts for the company only.

        Raises
        ------
        NoRowsKept
            If it was not simulated with `rows=True`.
        """
        if self.rows is None:
            raise NoRowsKept("what every rep sold in every year was not kept; simulate with rows=True")
        sold = self.rows.measures
        return Sample(self.reps, sold.bookings.sum(axis=2), sold.house_bookings.sum(axis=1))

    @property
    def p_target(self) -> float:
        """Share of years in which the company reaches its target."""
        return float(self.years["reached_target"].mean())

    def figures(self) -> pd.DataFrame:
        """Give the company's figures, a row a replication.

        Returns
        -------
        Columns: bookings and collected (money, house included), reached_target (0 or 1), attainment (bookings
        over target), share_at_quota (of reps with a quota), pay (money, base included), cost_of_sales (pay
        over bookings), satisfaction (0 to 1), visits_kept (share of promised visits made), spread (p90 - p10
        of the attainment of reps).
        """
        return self.years[list(FIGURES)]

    def estimates(self) -> pd.DataFrame:
        """Give means of the figures with 95 % intervals; see `simulation.replicating.precision.estimates`."""
        return estimates(self.figures(), self.controls, self.known)

    def units(self) -> pd.DataFrame:
        """Describe what a year brings every rep, team and the company.

        Returns
        -------
        Columns: level (rep, team, company), name, quota (money a year; the target of the company), bookings,
        collected, pay, cost (means, money), budget (money), attainment_p10, _p50, _p90, at_quota (share of
        years), pay_p10 and pay_p90 (over pay at quota), cost_p10 and cost_p90 (over budget), satisfaction
        (mean at the end of the year), improvement (mean growth of bookings on the year before, a share), and
        the share of graded years with each grade: sales_fail, sales_pass, sales_excellent, cost_fail ...;
        improvement is graded of teams and the company.
        """
        year = self.attainment
        table = pd.DataFrame(self.held.units, columns=["level", "name"])
        table["quota"] = self.held.asked.sum(axis=1)
        for name in ("bookings", "collected", "pay", "cost"):
            mean = self.moments[name].mean
            table[name] = mean.sum(axis=1) if mean.ndim > 1 else mean
        table["budget"] = self.held.budget
        for name, place in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            table[f"attainment_{name}"] = year.quantile(place)[:, -1]
        table["at_quota"] = year.share_from(1.0)[:, -1]
        for shape in ("pay", "cost"):
            for name, place in (("p10", 0.1), ("p90", 0.9)):
                table[f"{shape}_{name}"] = self.distributions[shape].quantile(place)
        table["satisfaction"] = self.moments["unit_satisfaction"].mean[:, -1]
        sold = self.moments["bookings"].mean
        table["improvement"] = self._growth(sold.sum(axis=1), self.held.before.sum(axis=1))
        for kind, what in enumerate(GRADED):
            counts = self.grades[:, kind]
            shares = _share(counts, counts.sum(axis=1, keepdims=True))
            for number, grade in enumerate(GRADES):
                table[f"{what}_{grade}"] = shares[:, number]
        return table

    def by_quarter(self) -> pd.DataFrame:
        """Say which quarter misses, and by how much, of every rep, team and the company.

        Returns
        -------
        Columns: level, name, quarter, quota (money), bookings (mean), attainment_p10, _p50, _p90,
        missed (share of years below quota), missed_with_target (share of the years in which the company
        misses its target; not a number where there are none), short (mean of what is missing, money),
        satisfaction (mean at its end) and improvement (mean growth on the same quarter of the year before).
        """
        quarters = len(self.quarters)
        table = pd.DataFrame(
            [(level, name, quarter) for level, name in self.held.units for quarter in self.quarters],
            columns=["level", "name", "quarter"],
        )
        asked, off_target = self.held.asked, int(self.misses[0, -1, -1])
        missed, with_target = self.misses[:, :, :quarters].astype("float64")
        there = asked > 0
        columns = {
            "quota": asked,
            "bookings": self.moments["bookings"].mean,
            **{
                f"attainment_{name}": self.attainment.quantile(place)[:, :quarters]
                for name, place in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))
            },
            "missed": np.where(there, missed / self.replications, np.nan),
            "missed_with_target": np.where(there, with_target / (off_target or np.nan), np.nan),
            "short": self.moments["short"].mean[:, :quarters],
            "satisfaction": self.moments["unit_satisfaction"].mean,
            "improvement": self._growth(self.moments["bookings"].mean, self.held.before),
        }
        return table.assign(**{name: column.ravel() for name, column in columns.items()})

    @staticmethod
    def _growth(bookings: Numbers, before: Numbers) -> Numbers:
        """Give growth on the year before, a share; not a number where nothing was sold or is known."""
        return bookings / np.where(before > 0, before, np.nan) - 1

    def teams(self) -> pd.DataFrame:
        """Say which team misses: its year, and its part in the company's.

        Returns
        -------
        By team: quota (money a year), missed (share of years below it), missed_with_target (share of the
        years in which the company misses its target), short (mean of what is missing, money), and
        share_of_short (part of what all teams are short of in the years in which the company misses its
        target).
        """
        rows = [number for number, (level, _) in enumerate(self.held.units) if level == TEAM]
        off_target = int(self.misses[0, -1, -1])
        short = self.moments["short_when_missed"].mean[rows, -1]
        return pd.DataFrame(
            {
                "quota": self.held.asked[rows].sum(axis=1),
                "missed": self.misses[0, rows, -1] / self.replications,
                "missed_with_target": self.misses[1, rows, -1] / (off_target or np.nan),
                "short": self.moments["short"].mean[rows, -1],
                "share_of_short": _share(short, np.full(short.shape, short.sum())),
            },
            index=pd.Index([self.held.units[number][1] for number in rows], name="team"),
        )

    def tail(self, share: float = 0.1) -> dict[str, float]:
        """Say how bad the worst years are.

        Parameters
        ----------
        share
            Of the years that count as the worst; at least one year.

        Returns
        -------
        bookings (mean of the worst years, money), short (mean of what these miss of the target, money),
        expected_short (the same over all years) and short_when_missed (over the years that miss; not a number
        where none does).
        """
        worst = np.sort(self.company)[: max(1, int(share * self.replications))]
        short = np.maximum(self.target - self.company, 0.0)
        return {
            "share": share,
            "bookings": float(worst.mean()),
            "short": float(np.maximum(self.target - worst, 0.0).mean()),
            "expected_short": float(short.mean()),
            "short_when_missed": float(short[short > 0].mean()) if (short > 0).any() else float("nan"),
        }

    def summary(self) -> dict[str, Any]:
        """Give the figures in brief: means over years; of the company's attainment also p10, p50 and p90."""
        figures = self.figures()
        p10, p50, p90 = (float(q) for q in np.quantile(figures["attainment"], [0.1, 0.5, 0.9]))
        means = {name: float(value) for name, value in figures.mean().items()}
        return {
            "p_target": self.p_target,
            "attainment": {"mean": means["attainment"], "p10": p10, "p50": p50, "p90": p90},
            **{
                name: means[name]
                for name in FIGURES
                if name not in ("reached_target", "attainment", "spread")
            },
            "cost": float(self.years["cost"].mean()),
            "tail": self.tail(),
            "intervals": self._intervals(),
            "stopped": self.stopped,
            "replications": self.replications,
            "digest": self.digest,
            "seed": self.seed,
        }

    def _intervals(self) -> dict[str, dict[str, float]]:
        found = self.estimates()
        shown = found if self.controls is not None else found.drop(columns=ADJUSTED)
        return {
            str(name): dict(zip(map(str, shown), map(float, row), strict=True))
            for name, row in shown.iterrows()
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex of everything the outcome says: the same for any number of workers."""
        content = hashlib.sha256()
        heads = (
            self.scenario_digest,
            self.plan_name,
            self.seed,
            self.held.units,
            self.quarters,
            self.target,
        )
        content.update(repr(heads).encode())
        for name, array in self._arrays():
            content.update(name.encode())
            content.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
        return content.hexdigest()

    def _arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Give everything the outcome says, by name."""
        yield "quota", self.quota.to_numpy(dtype="float64")
        for name in map(str, self.years):
            yield f"years {name}", self.years[name].to_numpy()
        if self.controls is not None and self.known is not None:
            yield from (("controls", self.controls), ("known", self.known))
        yield from ((f"moments {name}", self.moments[name].stacked()) for name in sorted(self.moments))
        for name in sorted(self.distributions):
            yield name, self.distributions[name].counts
        yield from (("grades", self.grades), ("misses", self.misses))


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Numbers:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
