"""What quotas are worth: odds, quality, commitments, hours, forecast, budget, the plan from below."""

import contextlib

import numpy as np
import pandas as pd

from optimizer.quotas import Quotas
from optimizer.quotas.bottom_up import compare, customer_forecasts
from optimizer.quotas.budget import sales_budget
from optimizer.quotas.coverage import feasibility
from optimizer.quotas.cube import Cube
from optimizer.quotas.drivers import period_shares
from optimizer.quotas.laws import Law
from optimizer.quotas.odds import expected_at_quota
from optimizer.quotas.over_assignment import OverAssignment, cost_in_odds, over_assignment
from optimizer.quotas.quality import attributes, quality
from scenarios import NoPlanExists, Scenario

YEAR_OF_HISTORY = 365


def yearly(scenario: Scenario, cube: Cube) -> pd.Series:
    """Quota of each rep's year, money, in the scenario's order."""
    return cube.by_leaf(0).iloc[:, 0].reindex(scenario.reps.index)


def judgement(found: Quotas, owner: pd.Series, law: Law) -> dict[str, pd.DataFrame]:
    """Judge quotas; nothing here is a rule that could be broken.

    Returns
    -------
    By what it is called: Feasibility (rep by rep, chances before and after edits, and of the padded quota
    where there is padding; all else is about the base layer), Quality, Over-assignment, Budget, From below.
    """
    scenario, quotas = found.scenario, yearly(found.scenario, found.cube)
    asked = quotas.to_numpy()
    reps = feasibility(scenario, owner, asked, law)
    before = yearly(scenario, found.plan.cube).to_numpy()
    reps.insert(list(reps.columns).index("chance"), "chance_before_edits", law.chance(before))
    if (found.factor != 1).any():
        reps.insert(list(reps.columns).index("chance") + 1, "chance_padded", law.chance(padded(found)))
    tables = {
        "Feasibility": reps.reset_index(names="rep"),
        "Quality": quality(law, asked, attributes(scenario, owner, asked)),
    }
    with contextlib.suppress(NoPlanExists):  # where nobody can be expected to sell as much
        tables["Over-assignment"] = cost_in_odds(law, scenario.target_amount)
    tables["Budget"] = sales_budget(scenario, owner, asked).reset_index(names="rep")
    tables["From below"] = from_below(found, owner)
    return tables


def padded(found: Quotas) -> np.ndarray:
    """Padded quota of each rep's year, money, in the scenario's order."""
    people = found.cube.people
    yearly = found.padded[people.leaves].sum(axis=(1, 2)) * found.cube.unit
    names = [people.paths[node][-1] for node in people.leaves]
    return pd.Series(yearly, index=names).reindex(found.scenario.reps.index).to_numpy()


def committed(found: Quotas, law: Law) -> OverAssignment:
    """Say what the company can count on, and what over-assignment its quotas imply."""
    scenario = found.scenario
    return over_assignment(law, yearly(scenario, found.cube).to_numpy(), scenario.target_amount)


def from_below(found: Quotas, owner: pd.Series) -> pd.DataFrame:
    """Hold the plan from above against customers' forecasts and managers' commitments, node by node."""
    scenario, cube = found.scenario, found.cube
    reps = [cube.people.paths[k][-1] for k in cube.people.leaves]
    of_rep = customer_forecasts(scenario, owner).groupby("rep")["forecast"].sum()
    shares = pd.DataFrame(period_shares(scenario), index=scenario.reps.index)
    cells = shares.mul(of_rep.reindex(shares.index, fill_value=0.0), axis=0).loc[reps].to_numpy()
    quarters = cells.reshape(len(reps), 4, -1).sum(axis=2)
    asked = cube.by_leaf(1)
    return compare(cube.people, list(asked.columns), asked.to_numpy(), quarters, scenario.commitments)


def odds_of_edits(found: Quotas, law: Law) -> list[float]:
    """By edit: how much the expected share of reps at quota changes because of it, all others kept."""
    scenario = found.scenario
    now = expected_at_quota(law, yearly(scenario, found.cube).to_numpy())
    changes = []
    for other in found.without.values():
        share = expected_at_quota(law, yearly(scenario, other.cube).to_numpy()) if other else float("nan")
        changes.append(now - share)
    return changes


def forecast_of(scenario: Scenario, seed: int) -> pd.DataFrame | None:
    """Forecast the plan year from history; None where it is shorter than a year."""
    dates = scenario.history["date"]
    if dates.empty or (pd.Timestamp(scenario.year.start) - dates.min()).days < YEAR_OF_HISTORY:
        return None
    from optimizer.quotas.forecast import forecast  # statsmodels takes seconds to import

    return forecast(scenario, seed=seed)
