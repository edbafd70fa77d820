"""A user's own rule of effort, tabulated before the years run: asked once, and by one process alone."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scenarios import InputError, Problem, Scenario
from simulation.behaving.effort import GRID, EffortTable, constant

Numbers = NDArray[np.float64]

Rule = Callable[[float, float, Numbers, Mapping[str, Any]], ArrayLike]
"""Effort by weeks since the year began, weeks left in the quarter, attainments so far in it (many at once,
[points]), and the rep: its columns of reps.csv, its name as `rep`, its quota of the quarter as `quota`. Gives
an effort for each attainment, or one for all.
"""

REACH = 3.0
"""Attainments up to this are asked for; beyond it effort stays what it is there."""


def tabulated_rule(
    rule: Rule,
    scenario: Scenario,
    quota: pd.DataFrame,
    day: Numbers,
    quarter: NDArray[np.int64],
    weeks_left: Numbers,
) -> EffortTable:
    """Ask a rule for the effort of every rep at every decision; without a quota effort is 1.

    Parameters
    ----------
    rule
        See `Rule`.
    scenario
        With its reps, and the largest effort in `market.effort.most`.
    quota
        Money, reps x quarters.
    day, quarter, weeks_left
        Of the decisions.

    Raises
    ------
    InputError
        If it gives what is no effort: not a number from 0 to the largest effort for each attainment. Each
        rep's first such answer is told.
    """
    reps, most = scenario.reps, scenario.market.effort.most
    asked = quota.loc[reps.index].to_numpy(dtype="float64")
    start = constant(len(reps) + 1, len(day))
    effort, largest = np.ones((len(reps) + 1, len(day), len(GRID))), start.largest.copy()
    attainment = GRID * REACH
    problems = []
    for seat, name in enumerate(reps.index):
        for decision, which in enumerate(quarter.tolist()):
            goal = float(asked[seat, which])
            if goal <= 0:
                continue
            rep = {**reps.loc[name].to_dict(), "rep": str(name), "quota": goal}
            week, left = float(day[decision]) / 7, float(weeks_left[decision])
            given = rule(week, left, attainment.copy(), rep)
            wrong = _wrong(given, most)
            if wrong:
                problems.append(Problem(f"effort, rep {name}, {week:.0f} weeks into the year", *wrong))
                break
            effort[seat, decision], largest[seat, decision] = np.asarray(given), REACH * goal
    if problems:
        raise InputError(problems)
    return EffortTable(effort, largest, np.zeros((len(reps) + 1, len(day), 2)), own=True)


def _wrong(given: ArrayLike, most: float) -> tuple[str, str] | None:
    """Give what was found and what to do about it, where a rule's answer is no effort."""
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        remedy = "an effort is a number; give one, or an array with one for each attainment"
        return type(given).__name__, remedy
    if numbers.shape not in ((), (len(GRID),)):
        remedy = f"give one effort, or an array of {len(GRID)}, one for each attainment asked for"
        return f"shape {numbers.shape}", remedy
    unknown, outside = ~np.isfinite(numbers), (numbers < 0) | (numbers > most)
    if unknown.any():
        remedy = "an effort must be a number; look for a division by 0 or a logarithm of 0"
        return f"{numbers[unknown][0]:g}", remedy
    if outside.any():
        remedy = (
            f"an effort lies between 0 and {most:g}; 1 is normal, and market.effort.most sets the largest"
        )
        return f"{numbers[outside][0]:g}", remedy
    return None
