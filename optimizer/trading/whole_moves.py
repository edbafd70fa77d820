"""Cuts from whole customers: how many must leave or join a book at least so that it comes within its limits.

The linear relaxation moves a part of one large customer where in truth two whole ones must move. A book too
large by some excess is within its limit only after as many customers have left as its largest ones need to
add up to that, and one too small only after as many have come: covers of the limits (L. Wolsey, *Faces for
linear inequalities in 0-1 variables*, Mathematical Programming 8, 1975). They hold for every plan and cut
split ones off.
"""

from dataclasses import replace

import numpy as np

from optimizer.core.assignment import CLOSE_ENOUGH, Measure, Problem

STAY, COME = "customers who stay", "customers who come"

MOST_AT_HOME = 0.5
"""Share of units with one pair that costs nothing from which on such pairs count as staying."""


def stays(problem: Problem, amount: np.ndarray) -> np.ndarray | None:
    """Find the pairs by which units stay where they are: the only ones of their units without any amount.

    Parameters
    ----------
    amount
        What each pair spends of a goal, such as the customers who move, [pairs].

    Returns
    -------
    A mask, [pairs]; None where too few units have such a pair for the goal to be about moves.
    """
    free = np.asarray(amount) == 0
    alone = np.bincount(problem.unit[free], minlength=problem.units) == 1
    if problem.units == 0 or alone.mean() < MOST_AT_HOME:
        return None
    return free & alone[problem.unit]


def with_whole_moves(problem: Problem, stay: np.ndarray) -> Problem:
    """Say how many must leave or join each book, as limits that every plan keeps.

    Parameters
    ----------
    stay
        Pairs by which units stay, at most one a unit, [pairs].
    """
    home = np.full(problem.units, -1)
    home[problem.unit[stay]] = problem.rep[stay]
    able = np.bincount(problem.unit, minlength=problem.units) > 1
    leave, come = np.zeros(problem.reps), np.zeros(problem.reps)
    for measure in problem.measures:
        if np.isfinite(measure.price) or measure.other is not None or (measure.amount < 0).any():
            continue
        for rep in range(problem.reps):
            here = problem.rep == rep
            own = measure.amount[here & stay]
            may_leave = measure.amount[here & stay & able[problem.unit]]
            others = here & ~stay
            settled = home[problem.unit] >= 0
            may_come, loose = measure.amount[others & settled], measure.amount[others & ~settled].sum()
            load = float(own.sum())
            slack = 2 * CLOSE_ENOUGH * max(load, 1.0)
            leave[rep] = max(leave[rep], _least(load - measure.upper[rep] - slack, may_leave))
            come[rep] = max(come[rep], _least(measure.lower[rep] - load - loose - slack, may_come))
    if not leave.any() and not come.any():
        return problem
    none = np.full(problem.reps, np.inf)
    count = np.bincount(problem.rep[stay], minlength=problem.reps)
    moved = ~stay & (home[problem.unit] >= 0)
    added = (
        Measure(STAY, stay.astype(float), -none, np.where(leave > 0, count - leave, np.inf)),
        Measure(COME, moved.astype(float), np.where(come > 0, come, -np.inf), none),
    )
    return replace(problem, measures=(*problem.measures, *added))


def _least(amount: float, of: np.ndarray) -> int:
    """Count how many of the largest add up to an amount; 0 where none are needed or all are too few."""
    if not amount > 0 or not np.isfinite(amount):
        return 0
    reached = np.cumsum(np.sort(of)[::-1])
    return 0 if not len(reached) or reached[-1] < amount else 1 + int(np.searchsorted(reached, amount))
