"""What was sold and spent, from a file, held against quotas and the sales budget."""

from pathlib import Path

import numpy as np
import pandas as pd

from optimizer.quotas.budget import deviations
from scenarios import InputError, Problem, Scenario
from scenarios.errors import row_of

COLUMNS = ("rep", "sales", "cost")


def read_actuals(path: Path, scenario: Scenario) -> pd.DataFrame:
    """Read what each rep sold and cost so far; columns sales and cost, index rep.

    Raises
    ------
    InputError
        If the file, columns, reps or numbers are wrong; all problems at once.
    """
    try:
        text = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        remedy = "this file cannot be read; give a CSV file in UTF-8 with columns rep, sales and cost"
        raise InputError([Problem("--actuals", str(path), remedy)]) from None
    missing = [column for column in COLUMNS if column not in text]
    if missing:
        remedy = "add the column; there must be rep, sales and cost"
        raise InputError([Problem(f"{path.name}, header", column, remedy) for column in missing])
    numbers = {column: pd.to_numeric(text[column], errors="coerce") for column in COLUMNS[1:]}
    problems = [
        Problem(row_of(path.name, row, column), text[column].iloc[row], "give an amount of money")
        for column, values in numbers.items()
        for row in np.flatnonzero(~np.isfinite(values.to_numpy())).tolist()
    ]
    rep = text["rep"]
    problems += [
        Problem(row_of(path.name, row, "rep"), rep.iloc[row], "no such rep in reps.csv")
        for row in np.flatnonzero(~rep.isin(scenario.reps.index)).tolist()
    ]
    problems += [
        Problem(row_of(path.name, row, "rep"), rep.iloc[row], "appears twice; keep one row")
        for row in np.flatnonzero(rep.duplicated()).tolist()
    ]
    problems += [
        Problem(path.name, str(key), "no row for this rep; add one")
        for key in scenario.reps.index.difference(pd.Index(rep))
    ]
    if problems:
        raise InputError(problems)
    return pd.DataFrame({c: v.to_numpy() for c, v in numbers.items()}, index=pd.Index(rep, name="rep"))


def against_plan(scenario: Scenario, budget: pd.DataFrame, actuals: pd.DataFrame) -> pd.DataFrame:
    """Hold actuals against quotas and budget, with grades; a row a rep, and the company."""
    budgeted = budget.set_index("rep")
    found = deviations(budgeted, actuals["sales"], actuals["cost"], scenario.budget.grades)
    return found.reset_index(names="rep")
