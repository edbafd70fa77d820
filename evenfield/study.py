"""A study: scenarios and plans under the same luck, side by side."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evenfield.comparison import compare, compare_plans
from optimizer import Plan
from scenarios import Scenario
from simulation import Controls, Outcome, simulate_together


@dataclass(frozen=True, eq=False)
class Study:
    """Alternatives that were simulated under the same luck.

    Parameters
    ----------
    scenarios, plans, outcomes
        By name of the alternative, in order.
    rows
        The comparison with the reference, as of `evenfield.comparison.compare`.
    reference
        Name of the alternative the others are compared with.
    plan
        Name of the alternative the study is about.
    """

    scenarios: dict[str, Scenario]
    plans: dict[str, Plan]
    outcomes: dict[str, Outcome]
    rows: pd.DataFrame
    reference: str
    plan: str

    @property
    def corrected(self) -> bool:
        """Whether differences are corrected by what is known of the luck."""
        return self.outcomes[self.reference].controls is not None


def study(
    alternatives: Mapping[str, tuple[Scenario, Plan]],
    reference: str,
    plan: str,
    *,
    seed: int = 1,
    replications: int | None = None,
    precision: float | None = None,
    workers: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
    keep: Path | None = None,
    controls: Controls | None = None,
) -> Study:
    """Simulate every alternative under the same luck and compare it with the reference.

    Parameters
    ----------
    alternatives
        Scenario and plan by name, in the order to show them.
    reference, plan
        Names of the alternative to compare with and of the one the study is about.
    seed, replications, workers, keep
        As in `simulation.simulate`.
    precision
        Stop when the 95 % interval of every judged difference to the reference reaches no farther than this;
        see `simulation.simulate_together`.
    progress
        Told the alternative's name, replications done and in all.
    controls
        What to observe in each year beside, such as `simulation.FOREKNOWN`; corrects the differences.

    Returns
    -------
    The study. Interrupted from the keyboard, it holds the years finished so far, the same of all.

    Raises
    ------
    KeyboardInterrupt
        If interrupted before all had two years.
    """
    outcomes = simulate_together(
        alternatives, seed=seed, replications=replications, precision=precision, reference=reference,
        workers=workers, progress=progress, keep=keep, controls=controls,
    )  # fmt: skip
    if min(outcome.replications for outcome in outcomes.values()) < 2:
        raise KeyboardInterrupt
    return Study(
        scenarios={name: pair[0] for name, pair in alternatives.items()},
        plans={name: pair[1] for name, pair in alternatives.items()},
        outcomes=outcomes,
        rows=_rows(alternatives, outcomes, reference),
        reference=reference,
        plan=plan,
    )


def against(study: Study, reference: str) -> Study:
    """Compare the same alternatives with another reference; nothing is simulated again."""
    pairs = {name: (study.scenarios[name], study.plans[name]) for name in study.plans}
    return dataclasses.replace(study, rows=_rows(pairs, study.outcomes, reference), reference=reference)


def _rows(
    pairs: Mapping[str, tuple[Scenario, Plan]], outcomes: Mapping[str, Outcome], reference: str
) -> pd.DataFrame:
    rows = pd.concat([compare(outcomes, reference), compare_plans(pairs, reference)], ignore_index=True)
    order = {name: n for n, name in enumerate(pairs)}
    return rows.sort_values("scenario", key=lambda names: names.map(order), kind="stable", ignore_index=True)
