"""Decide who is asked for what: quotas of reps by quarter, as territories and the simulated year see them."""

import pandas as pd

from optimizer.quotas.cube import Cube
from optimizer.quotas.planning import plan_quotas
from scenarios import Scenario


def split_target(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Split the company's target into quotas.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.

    Returns
    -------
    Money, reps x Q1..Q4, multiples of the rounding unit that add up to the target (less what the settings
    ask of nobody).

    Raises
    ------
    NoPlanExists
        As in `plan_quotas`.
    """
    return by_quarter(scenario, plan_quotas(scenario, owner).cube)


def by_quarter(scenario: Scenario, cube: Cube) -> pd.DataFrame:
    """Give the quotas of a cube by rep and quarter, money, reps in the scenario's order."""
    return cube.by_leaf(1).reindex(scenario.reps.index)
