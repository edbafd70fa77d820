"""What is measured in a book, and the fair share of it each rep could have."""

import numpy as np
import pandas as pd

from optimizer.workload import capacity_hours, workload
from scenarios import Scenario
from scenarios.rules import Measure


def amounts(scenario: Scenario, measure: Measure) -> pd.DataFrame:
    """Give what each customer adds to each rep's book, customers x reps; only hours depend on the rep."""
    if measure == "hours":
        return workload(scenario)
    column = {
        "potential": scenario.customers["potential"],
        "sales": scenario.last_year_sales,
        "customers": pd.Series(1.0, index=scenario.customers.index),
    }[measure]
    spread = np.repeat(column.to_numpy(dtype="float64")[:, None], len(scenario.reps), axis=1)
    return pd.DataFrame(spread, index=scenario.customers.index, columns=scenario.reps.index)


def fair_shares(scenario: Scenario, measure: Measure) -> pd.Series:
    """Give each rep's fair share: every customer spread over its eligible reps by their capacity.

    Balance is relative to what a rep is eligible for: the only rep of a country is fairly given all of it,
    however much that is. Shares add up to the whole (customers nobody may serve left out).
    """
    weight = scenario.eligible.mul(capacity_hours(scenario), axis=1).astype("float64")
    total = weight.sum(axis=1)
    weight = weight.div(total.where(total > 0), axis=0).fillna(0.0)
    mean = amounts(scenario, measure).where(scenario.eligible).mean(axis=1).fillna(0.0)
    return weight.mul(mean, axis=0).sum().rename(measure)
