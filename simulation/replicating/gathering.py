"""Blocks of years put together one by one, in order; memory hardly grows with the years."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from scenarios import Scenario
from simulation.accounting.measures import Measures
from simulation.replicating.blocks import RATIO, SHAPED, Block, Job, Rows
from simulation.replicating.distributions import Distribution, Moments, Tally
from simulation.replicating.outcome import Outcome

Numbers = NDArray[np.float64]


class Gathering:
    """The blocks of one run so far. Only the company's figures are kept year by year."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.count = 0
        self.seconds = 0.0
        self._years: list[Mapping[str, Numbers]] = []
        self._controls: list[Numbers] = []
        self._rows: list[Rows] = []
        self._moments: dict[str, Moments] = {}
        self._tallies: dict[str, Tally] = {}
        self._grades: Any = 0
        self._misses: Any = 0

    def add(self, block: Block) -> None:
        """Put the next block behind the ones before."""
        self.count += len(block.controls)
        self.seconds += block.seconds
        self._years.append(block.years)
        self._controls.append(block.controls)
        if block.rows is not None:
            self._rows.append(block.rows)
        for name, moments in block.moments.items():
            known = self._moments.get(name)
            self._moments[name] = moments if known is None else known.merged(moments)
        for name, codes in block.codes.items():
            self._tallies.setdefault(name, Tally(codes.shape[1:])).add(codes)
        self._grades = self._grades + block.grades
        self._misses = self._misses + block.misses

    def years(self) -> pd.DataFrame:
        """Give the company's figures, a row a year."""
        joined = {name: np.concatenate([part[name] for part in self._years]) for name in self._years[0]}
        return pd.DataFrame(joined, index=pd.RangeIndex(self.count, name="replication"))

    def controls(self) -> Numbers | None:
        """Give what was observed beside the measures, [years, controls]; none where nothing was."""
        return None if self.job.controls is None else np.concatenate(self._controls)

    def known(self) -> Numbers | None:
        """Give the means of the controls over all luck, [controls]; none where there are none."""
        return None if self.job.controls is None else self.job.controls.means(self.job.world)

    def outcome(
        self, scenario: Scenario, plan: Plan, *, asked: int, precision: float | None, stopped: str,
        notes: tuple[str, ...],
    ) -> Outcome:  # fmt: skip
        """Give what the years so far amount to."""
        rows = None
        if self._rows:
            measures = Measures.joined([part.measures for part in self._rows])
            paid = [
                np.concatenate(some)
                for some in zip(*((p.pay, p.others_pay) for p in self._rows), strict=True)
            ]
            rows = Rows(measures, *paid)
        return Outcome(
            scenario_digest=scenario.digest,
            plan_name=plan.name,
            seed=self.job.seed,
            asked=asked,
            precision=precision,
            stopped=stopped,
            quarters=tuple(map(str, plan.quota.columns)),
            held=self.job.yardstick,
            years=self.years(),
            controls=self.controls(),
            known=self.known(),
            moments=dict(self._moments),
            distributions={
                name: Distribution(self._moments[name + RATIO], self._tallies[name].counts) for name in SHAPED
            },
            grades=self._grades,
            misses=self._misses,
            rows=rows,
            seconds=self.seconds,
            notes=notes,
        )
