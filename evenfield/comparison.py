"""Paired comparison: alternatives under the same luck, differences with standard errors, and a verdict."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from optimizer import Plan, duplicate_visits, loads
from optimizer.score import moved
from scenarios import EvenfieldError, Scenario
from simulation import Outcome

CONFIDENCE = 0.99
"""Level of the intervals behind a verdict. Higher than usual, since a table holds many verdicts."""

Direction = Literal["higher", "lower"]

BETTER: dict[str, Direction] = {
    "bookings": "higher",
    "collected": "higher",
    "reached_target": "higher",
    "attainment": "higher",
    "share_at_quota": "higher",
    "pay": "lower",
    "cost_of_sales": "lower",
    "satisfaction": "higher",
    "visits_kept": "higher",
    "spread": "lower",
    "travel_hours": "lower",
    "duplicate_visits": "lower",
    "moved": "lower",
    "allowances": "lower",
}
"""Figures compared, and which way is better for the company."""

COLUMNS = ("scenario", "figure", "reference", "other", "difference", "standard_error", "verdict")
UNDECIDED = "not distinguishable yet"


class NotPaired(EvenfieldError):
    """Outcomes cannot be compared in pairs: their seeds or numbers of replications differ."""


def compare(outcomes: Mapping[str, Outcome], reference: str) -> pd.DataFrame:
    """Compare the figures of outcomes with those of a reference, replication by replication.

    Parameters
    ----------
    outcomes
        By name; all with the same seed and number of replications.
    reference
        Name of the one the others are compared with.

    Returns
    -------
    A row for each other outcome and figure: scenario, figure, reference (its mean), other (mean), difference
    (other - reference), standard_error of the difference, verdict ("better", "worse" or
    "not distinguishable yet", at 99 %: by Student's t, of yes or no by the exact sign test).

    Raises
    ------
    NotPaired
        If seeds or numbers of replications differ, or there is no outcome of the reference's name.
    """
    if reference not in outcomes:
        raise NotPaired(f"there is no outcome '{reference}' to compare with; there are {', '.join(outcomes)}")
    base = outcomes[reference]
    for name, outcome in outcomes.items():
        if (outcome.seed, outcome.replications) != (base.seed, base.replications):
            raise NotPaired(
                f"'{name}' and '{reference}' were not simulated with the same seed and replications"
            )
    return compare_figures({name: outcome.figures() for name, outcome in outcomes.items()}, reference, BETTER)


def compare_figures(
    figures: Mapping[str, pd.DataFrame], reference: str, better: Mapping[str, Direction]
) -> pd.DataFrame:
    """Compare figures with those of a reference in pairs of years under the same luck.

    Parameters
    ----------
    figures
        By name, a row a year, the years of all with the same luck.
    reference
        Name of the one the others are compared with.
    better
        Which way each figure is better.

    Returns
    -------
    Rows as of `compare`.
    """
    theirs = figures[reference]
    rows = [
        _row(name, figure, theirs[figure].to_numpy(), ours[figure].to_numpy(), better[figure])
        for name, ours in figures.items()
        if name != reference
        for figure in map(str, theirs)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def compare_plans(pairs: Mapping[str, tuple[Scenario, Plan]], reference: str) -> pd.DataFrame:
    """Compare what is known of plans without simulation; no luck, so every difference counts.

    Returns
    -------
    Rows as of `compare` for travel_hours and duplicate_visits (a year) and moved (customers); where any
    scenario has them, allowances for territories (money a year).
    """
    paid = any(scenario.allowances.rules for scenario, _ in pairs.values())
    figures = {name: _figures_of_plan(*pair, paid=paid) for name, pair in pairs.items()}
    return pd.DataFrame(
        [
            _row(name, figure, np.array([figures[reference][figure]]), np.array([value]), BETTER[figure])
            for name in pairs
            if name != reference
            for figure, value in figures[name].items()
        ],
        columns=list(COLUMNS),
    )


def _figures_of_plan(scenario: Scenario, plan: Plan, *, paid: bool) -> dict[str, float]:
    books = loads(scenario, plan.owner)
    return {
        "travel_hours": float(books["travel_hours"].sum()),
        "duplicate_visits": duplicate_visits(scenario, plan.owner, plan.support),
        "moved": float(moved(scenario, plan.owner).sum()),
        **({"allowances": float(books["allowance"].sum())} if paid else {}),
    }


def _row(
    name: str, figure: str, reference: np.ndarray, other: np.ndarray, better: Direction
) -> tuple[object, ...]:
    pairs = other - reference
    difference = float(pairs.mean())
    error = float(pairs.std(ddof=1) / np.sqrt(len(pairs))) if len(pairs) > 1 else 0.0
    told = (
        _yes_or_no_differs(pairs)
        if set(pairs) <= {-1.0, 0.0, 1.0}
        else _differs(difference, error, len(pairs))
    )
    verdict = UNDECIDED
    if told:
        verdict = "better" if (difference > 0) == (better == "higher") else "worse"
    return (name, figure, float(reference.mean()), float(other.mean()), difference, error, verdict)


def _differs(difference: float, error: float, count: int) -> bool:
    """Say whether Student's t finds a difference; without luck (one pair) every difference counts."""
    reach = error * stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) if count > 1 else 0.0
    return bool(np.isfinite(difference) and abs(difference) > max(reach, 1e-9))


def _yes_or_no_differs(pairs: np.ndarray) -> bool:
    """Say whether the exact sign test on the pairs that differ finds a difference (McNemar)."""
    up, down = int((pairs > 0).sum()), int((pairs < 0).sum())
    if len(pairs) == 1:
        return up != down
    return bool(up + down and stats.binomtest(up, up + down).pvalue < 1 - CONFIDENCE)
