"""What people should know about a baseline: dropped, routed and doubtful amounts, a row each."""

import numpy as np
import pandas as pd

from optimizer.quotas.baselines import Baseline
from optimizer.quotas.drivers import windfalls
from scenarios import Scenario
from scenarios.quota_checks import some_of

COLUMNS = ("kind", "node", "line", "amount", "words")

Row = tuple[str, str, str, float, str]

SIBLINGS = 3
"""Equal figures under one node from which on they look like its total repeated."""


def notices(scenario: Scenario, owner: pd.Series, base: Baseline) -> pd.DataFrame:
    """List what could not be divided as data alone would have it.

    Returns
    -------
    Columns kind (no driver, zero driver, own driver, new hire, stranded, orphans, windfalls, repeated), node,
    line, amount (money) and words.
    """
    rows = [*_without_driver(base), *_own_drivers(scenario), *_new_hires(scenario, base)]
    if base.stranded > 0:
        words = "falls on reps not entitled to sell the line and is asked of nobody"
        rows.append(("stranded", base.people.names[0], "", base.stranded * scenario.target_amount, words))
    nobody = owner[owner == ""].index
    if len(nobody):
        words = f"sales last year of {len(nobody)} customers nobody serves"
        rows.append(("orphans", "", "", float(scenario.last_year_sales[nobody].sum()), words))
    left = windfalls(scenario)
    if len(left):
        words = f"left out of history: the part of {len(left)} large orders beyond quotas.windfall"
        rows.append(("windfalls", "", "", float(left["left_out"].sum()), words))
    return pd.DataFrame([*rows, *_repeated(scenario)], columns=list(COLUMNS))


def _without_driver(base: Baseline) -> list[Row]:
    names = base.people.names
    words = "those under it have no sales, potential or other driver; they share alike"
    rows: list[Row] = [("no driver", names[node], "", 0.0, words) for node in base.alike]
    words = "no driver, so no quota; that makes no new hire (see quotas.new_hires)"
    nothing = base.people.leaves[np.flatnonzero(base.shares.sum(axis=(1, 2)) == 0)]
    return [*rows, *(("zero driver", names[node], "", 0.0, words) for node in nothing)]


def _own_drivers(scenario: Scenario) -> list[Row]:
    """Say which drivers of drivers.csv are used nowhere, and of which reps those used have no rows."""
    quotas, rows = scenario.quotas, []
    used = {driver for level in quotas.levels[1:] for driver in quotas.blend_of(level)}
    for driver in sorted(set(scenario.drivers["driver"])):
        table = scenario.drivers[scenario.drivers["driver"] == driver]
        if driver not in used:
            words = f"driver `{driver}` of drivers.csv ({len(table)} rows) is used nowhere (see quotas.blend)"
            rows.append(("own driver", "", "", 0.0, words))
            continue
        without = [rep for rep in scenario.reps.index if rep not in set(table["rep"])]
        if without:
            words = f"no `{driver}` in drivers.csv, which counts as 0: {some_of(without)}"
            rows.append(("own driver", "", "", 0.0, words))
    return rows


def _new_hires(scenario: Scenario, base: Baseline) -> list[Row]:
    asked = base.shares.sum(axis=(1, 2)) * scenario.target_amount
    words = f"new hire: {scenario.quotas.new_hires or 0:.0%} of the team's mean, for the time there"
    leaves = np.flatnonzero(base.new)
    return [
        ("new hire", base.people.names[base.people.leaves[k]], "", float(asked[k]), words) for k in leaves
    ]


def _repeated(scenario: Scenario) -> list[Row]:
    """Find figures of drivers.csv that are the same for every rep under a node: most likely its total."""
    rows: list[Row] = []
    for (driver, line), table in scenario.drivers.groupby(["driver", "line"]):
        for column in scenario.quotas.hierarchy:
            for node, amounts in table["amount"].groupby(table["rep"].map(scenario.reps[column])):
                first = float(amounts.iloc[0])
                if len(amounts) < SIBLINGS or not first > 0 or (amounts != first).any():
                    continue
                told = f"{driver} is {first:,.10g} for each of {len(amounts)} reps"
                words = f"{told}: the {column}'s total, repeated? Divide it among them in drivers.csv"
                rows.append(("repeated", str(node), str(line), first, words))
    return rows
