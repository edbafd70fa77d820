"""What a pair of customer and rep costs: money lost a year against the best eligible rep, term by term."""

import numpy as np
import pandas as pd

from optimizer.travel import travel_hours
from scenarios import Scenario
from scenarios.reps import listed

TERMS = ("travel", "disruption", "fit")


def losses(scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Give each cost term for every pair, money a year, customers x reps; NaN where not eligible.

    - travel: visits x travel hours x cost of an hour;
    - disruption: last year's sales x share at risk when the owner changes x contribution margin;
    - fit: potential x share lost where the rep lacks a line's skill x contribution margin.

    Each is reduced by its least value among the customer's eligible reps, so it is never negative.
    """
    terms = {"travel": _travel(scenario), "disruption": _disruption(scenario), "fit": _fit(scenario)}
    allowed = scenario.eligible
    against_best = {}
    for name in TERMS:
        term = terms[name].where(allowed)
        against_best[name] = term.sub(term.min(axis=1), axis=0)
    return against_best


def lacking_skill(scenario: Scenario) -> pd.DataFrame:
    """Share of each customer's potential in lines a rep has no skill for, customers x reps."""
    mix = scenario.line_mix
    lacks = pd.DataFrame(
        {r: [bool(s) and line not in s for line in mix.columns] for r, s in _skills(scenario).items()},
        index=mix.columns,
    )
    return mix @ lacks.astype("float64")


def _skills(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    return {str(rep): listed(cell) for rep, cell in scenario.reps["skills"].items()}


def _travel(scenario: Scenario) -> pd.DataFrame:
    hours = travel_hours(scenario).mul(scenario.customers["visits_per_year"], axis=0)
    return hours * scenario.travel.cost_per_hour


def _disruption(scenario: Scenario) -> pd.DataFrame:
    owner = scenario.customers["owner"].to_numpy()[:, None]
    changes = (owner != "") & (owner != scenario.reps.index.to_numpy()[None, :])
    at_risk = scenario.last_year_sales.clip(lower=0) * scenario.market.relationship_risk
    loss = changes * (at_risk * scenario.market.contribution_margin).to_numpy()[:, None]
    return pd.DataFrame(loss, index=scenario.customers.index, columns=scenario.reps.index)


def _fit(scenario: Scenario) -> pd.DataFrame:
    worth = scenario.customers["potential"] * scenario.market.skill_gap * scenario.market.contribution_margin
    return lacking_skill(scenario).mul(worth, axis=0).astype(np.float64)
