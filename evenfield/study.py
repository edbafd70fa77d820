"""A study: scenarios and plans under the same luck, side by side."""

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from evenfield.comparison import compare, compare_plans
from optimizer import Plan
from scenarios import Scenario
from simulation import Outcome, simulate


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
    seconds
        Wall time each simulation took.
    """

    scenarios: dict[str, Scenario]
    plans: dict[str, Plan]
    outcomes: dict[str, Outcome]
    rows: pd.DataFrame
    reference: str
    plan: str
    seconds: dict[str, float] = field(default_factory=dict)


def study(
    alternatives: Mapping[str, tuple[Scenario, Plan]],
    reference: str,
    plan: str,
    *,
    seed: int = 1,
    replications: int = 200,
    workers: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> Study:
    """Simulate every alternative under the same luck and compare it with the reference.

    Parameters
    ----------
    alternatives
        Scenario and plan by name, in the order to show them.
    reference, plan
        Names of the alternative to compare with and of the one the study is about.
    seed, replications, workers
        As in `simulation.simulate`.
    progress
        Told the alternative's name, replications done and in all.

    Returns
    -------
    The study. Interrupted from the keyboard, it holds the alternatives begun, cut to the years all have.

    Raises
    ------
    KeyboardInterrupt
        If interrupted before the reference and the plan had two years each.
    """
    outcomes: dict[str, Outcome] = {}
    seconds = {}
    for name, (scenario, decided) in alternatives.items():
        told = None if progress is None else _named(progress, name)
        began = time.perf_counter()
        outcomes[name] = simulate(
            scenario, decided, seed=seed, replications=replications, workers=workers, progress=told
        )
        seconds[name] = time.perf_counter() - began
        if outcomes[name].replications < replications:
            break
    outcomes = _as_far_as_all_go(outcomes, {reference, plan})
    pairs = {name: alternatives[name] for name in outcomes}
    return Study(
        scenarios={name: pair[0] for name, pair in pairs.items()},
        plans={name: pair[1] for name, pair in pairs.items()},
        outcomes=outcomes,
        rows=_rows(pairs, outcomes, reference),
        reference=reference,
        plan=plan,
        seconds=seconds,
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


def _as_far_as_all_go(outcomes: dict[str, Outcome], needed: set[str]) -> dict[str, Outcome]:
    """Cut outcomes to the years that all have, after an interruption.

    Raises
    ------
    KeyboardInterrupt
        If one that is needed is missing or there are not two years of it.
    """
    years = min(outcome.replications for outcome in outcomes.values())
    if years < 2 or not needed <= outcomes.keys():
        raise KeyboardInterrupt
    return {name: outcome.first(years) for name, outcome in outcomes.items()}


def _named(progress: Callable[[str, int, int], None], name: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(name, done, total)
