"""What a pair of customer and rep costs: money lost a year against the best eligible rep, term by term."""

import numpy as np
import pandas as pd

from optimizer.travel import travel_hours
from optimizer.workload import presence, ramped_presence
from scenarios import Scenario
from scenarios.reps import listed

TERMS = ("travel", "disruption", "fit", "ramp")


def losses(scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Give each cost term for every pair, money a year, customers x reps; NaN where not eligible.

    - travel: visits x travel hours x cost of an hour;
    - disruption: last year's sales x share at risk when the owner changes x contribution margin;
    - fit: potential x share lost where the rep lacks a line's skill (see `fit`) x contribution margin;
    - ramp: potential x share of the year's demand that a rep new to the job loses x contribution margin.

    Each is reduced by its least value among the customer's eligible reps, so it is never negative.
    """
    worth = scenario.customers["potential"] * scenario.market.contribution_margin
    terms = {
        "travel": _travel(scenario),
        "disruption": _disruption(scenario),
        "fit": (1 - fit(scenario)).mul(worth, axis=0),
        "ramp": _for_all(scenario, ramp_loss(scenario)).mul(worth, axis=0),
    }
    allowed = scenario.eligible
    against_best = {}
    for name in TERMS:
        term = terms[name].where(allowed)
        against_best[name] = term.sub(term.min(axis=1), axis=0)
    return against_best


def fit(scenario: Scenario) -> pd.DataFrame:
    """Share of a customer's potential that each rep's skills can win, customers x reps; 1 is as today.

    Where a rep lacks the skill of a line, `skill_gap` of that line's sales is lost. Potential was seen under
    today's owner and holds what that one lacks already, so another rep may win more than all of it.
    """
    whole = pd.DataFrame(0.0, index=scenario.customers.index, columns=scenario.reps.index)
    for line in scenario.lines:
        whole += winning_share(scenario, line).mul(scenario.line_mix[line], axis=0)
    return whole


def winning_share(scenario: Scenario, line: str) -> pd.DataFrame:
    """Share of a line's potential each rep can win from each customer, against today's owner."""
    by_rep = pd.Series(
        {
            rep: 1.0 - scenario.market.skill_gap * _lacks(cell, line)
            for rep, cell in scenario.reps["skills"].items()
        }
    )
    today = scenario.customers["owner"].map(by_rep).fillna(1.0)
    return _for_all(scenario, by_rep).div(today, axis=0)


def ramp_loss(scenario: Scenario) -> pd.Series:
    """Share of a year's demand that a new holder of a seat cannot win yet, by rep, weighted by season."""
    season = np.array(scenario.market.seasonality).reshape(4, 3).sum(axis=1)
    return ((presence(scenario) - ramped_presence(scenario)) * season).sum(axis=1)


def _lacks(skills: str, line: str) -> bool:
    return bool(skills) and line not in listed(skills)


def _for_all(scenario: Scenario, by_rep: pd.Series) -> pd.DataFrame:
    rows = np.repeat(by_rep.reindex(scenario.reps.index).to_numpy()[None, :], len(scenario.customers), axis=0)
    return pd.DataFrame(rows, index=scenario.customers.index, columns=scenario.reps.index)


def _travel(scenario: Scenario) -> pd.DataFrame:
    hours = travel_hours(scenario).mul(scenario.customers["visits_per_year"], axis=0)
    return hours * scenario.travel.cost_per_hour


def _disruption(scenario: Scenario) -> pd.DataFrame:
    owner = scenario.customers["owner"].to_numpy()[:, None]
    changes = (owner != "") & (owner != scenario.reps.index.to_numpy()[None, :])
    at_risk = scenario.last_year_sales.clip(lower=0) * scenario.market.relationship_risk
    loss = changes * (at_risk * scenario.market.contribution_margin).to_numpy()[:, None]
    return pd.DataFrame(loss, index=scenario.customers.index, columns=scenario.reps.index)
