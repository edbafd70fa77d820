"""A plan as two tables, for people and for other programs: who serves whom, and who is asked for what."""

from pathlib import Path

import pandas as pd

from optimizer import Plan
from optimizer.compiling.workload import workload
from optimizer.score import moved
from scenarios import Scenario

SPECIALIST_COLUMN = "specialist: {}"
"""What the column of an overlay's specialists is called, by the overlay's name."""


def assignments(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """List who serves whom, a row a customer, in the scenario's order.

    Returns
    -------
    Columns customer, name, segment, city, state, country, tier; rep, rep_name ("" where nobody serves); was,
    was_name (today's owner); moved (has left today's owner; a first owner is no move); potential and
    sales_last_year (money); visits_per_year; hours (a year, visits, travel and selling; NaN where nobody
    serves); of each overlay a column such as `SPECIALIST_COLUMN` names it, with the specialist ("" for none).
    """
    customers = scenario.customers
    owner, today = plan.owner.reindex(customers.index), customers["owner"]
    names = scenario.reps["name"].to_dict() | {"": ""}
    table = customers[["name", "segment", "city", "state", "country", "tier"]].copy()
    table["rep"], table["rep_name"] = owner, owner.map(names)
    table["was"], table["was_name"] = today, today.map(names).fillna("")
    table["moved"] = moved(scenario, owner)
    table["potential"] = customers["potential"].round(2)
    table["sales_last_year"] = scenario.last_year_sales.round(2)
    table["visits_per_year"] = customers["visits_per_year"]
    table["hours"] = hours_with_their_rep(scenario, owner).round(2)
    for overlay in plan.support:
        specialist = plan.support[overlay].reindex(customers.index, fill_value="")
        table[SPECIALIST_COLUMN.format(overlay)] = specialist
    return table.reset_index(names="customer")


def quotas(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """List who is asked for what, a row a rep, in the scenario's order.

    Returns
    -------
    Columns rep, name, team, Q1 to Q4 and year (money; whole numbers where the rounding unit is whole).
    """
    table = scenario.reps[["name", "team"]].copy()
    asked = plan.quota.reindex(table.index)
    if not (asked % 1).any(axis=None):
        asked = asked.astype("int64")
    table[asked.columns.to_list()] = asked
    table["year"] = asked.sum(axis=1)
    return table.reset_index(names="rep")


def write_assignments(scenario: Scenario, plan: Plan, path: str | Path) -> Path:
    """Write `assignments` as CSV, UTF-8 without byte order mark.

    Returns
    -------
    The path.
    """
    return write_table(assignments(scenario, plan), path)


def write_quotas(scenario: Scenario, plan: Plan, path: str | Path) -> Path:
    """Write `quotas` as CSV, UTF-8 without byte order mark.

    Returns
    -------
    The path.
    """
    return write_table(quotas(scenario, plan), path)


def hours_with_their_rep(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Give the hours a year that each customer takes of its rep; nan where it has none."""
    hours = workload(scenario)
    columns = hours.columns.get_indexer(pd.Index(owner))
    picked = hours.to_numpy()[range(len(hours)), columns]
    return pd.Series(picked, index=hours.index).where(columns >= 0)


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV, UTF-8 without byte order mark.

    Returns
    -------
    The path.
    """
    path = Path(path)
    text = table.copy()
    for column in table.select_dtypes("bool").columns:
        text[column] = table[column].map({True: "true", False: "false"})
    text.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path
