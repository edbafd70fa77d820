"""Parts of a plan solved anew: a few reps that share customers, everything else as it is.

Large neighborhood search (P. Shaw, CP 1998): among a few neighboring reps, a MIP or a short annealing of
their own finds exchanges that no short chain of moves does. Reps that break a limit or lose most against the
prices of the bound come first.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse

from optimizer.annealing import Walk, schedule
from optimizer.assignment import Budget, Measure, Problem
from optimizer.exact import Infeasible, solve
from optimizer.rows import Rows
from scenarios.errors import NoPlanFoundInTime

NODES = 300
"""Nodes of the search tree that one neighborhood may take."""

REHEAT_BLOCKS, REHEAT_CHAINS = 30, 0.1
"""Temperatures of a short annealing, and how many refused relocations are tried as the first link of a
chain."""


@dataclass(frozen=True, eq=False)
class Neighborhood:
    """A few reps and the units among them whose rep is in question.

    Parameters
    ----------
    reps
        Their positions, sorted.
    units
        Units, sorted.
    pairs
        Pairs of those units with those reps, sorted; the chosen ones among them.
    """

    reps: np.ndarray
    units: np.ndarray
    pairs: np.ndarray


def neighbors(rows: Rows, keep: np.ndarray, reps: int) -> scipy.sparse.csr_array:
    """Count the units that two reps share among the kept pairs.

    Returns
    -------
    A symmetric matrix of reps x reps with an empty diagonal.
    """
    pair = np.flatnonzero(keep)
    unit = np.searchsorted(rows.starts, pair, side="right") - 1
    has = scipy.sparse.csr_array((np.ones(len(pair)), (unit, rows.rep[pair])), shape=(rows.units, reps))
    shared = scipy.sparse.csr_array(has.T @ has)
    shared.setdiag(0)
    shared.eliminate_zeros()
    return shared


def around(
    rows: Rows, keep: np.ndarray, chosen: np.ndarray, shared: scipy.sparse.csr_array, center: int,
    width: int, loss: np.ndarray, rng: np.random.Generator,
) -> Neighborhood:  # fmt: skip
    """Pick a neighborhood: reps that share units with those picked so far, the more they lose the likelier.

    Parameters
    ----------
    keep
        Which pairs are in question, one entry a pair.
    center
        The first rep.
    width
        Number of reps.
    loss
        By rep: how much it seems to lose, >= 0.
    """
    picked = [center]
    floor = loss.mean() + 1e-9
    weight = np.zeros(len(loss))
    while len(picked) < width:
        last = picked[-1]
        near = shared.indices[shared.indptr[last] : shared.indptr[last + 1]]
        weight[near] += shared.data[shared.indptr[last] : shared.indptr[last + 1]] * (
            loss[near] + 0.2 * floor
        )
        weight[picked] = 0
        if weight.sum() <= 0:
            break
        picked.append(int(rng.choice(len(weight), p=weight / weight.sum())))
    reps = np.sort(np.array(picked))
    inside = np.zeros(len(loss), dtype=bool)
    inside[reps] = True
    units = np.flatnonzero(inside[rows.rep[chosen]])
    pairs = _pairs_of(rows, units)
    is_chosen = np.zeros(len(rows.cost), dtype=bool)
    is_chosen[chosen[units]] = True
    pairs = pairs[(keep[pairs] & inside[rows.rep[pairs]]) | is_chosen[pairs]]
    owner = np.searchsorted(rows.starts, pairs, side="right") - 1
    several = np.bincount(owner, minlength=rows.units) > 1
    return Neighborhood(reps, units[several[units]], pairs[several[owner]])


def improve(
    problem: Problem, chosen: np.ndarray, part: Neighborhood, *, seconds: float, price: float | None = None
) -> np.ndarray | None:
    """Choose anew within a neighborhood.

    Parameters
    ----------
    seconds
        Time limit.
    price
        Money for each unit outside a hard limit, in the measure's mean amount a pair; None: hard limits hold.

    Returns
    -------
    The choice of all units, or None where nothing else was found.
    """
    if len(part.units) == 0:
        return None
    small = _part(problem, chosen, part, price)
    start = np.searchsorted(part.pairs, chosen[part.units])
    try:
        answer = solve(small, time_limit=seconds, work_limit=NODES, gap=1e-6, start=start)
    except (Infeasible, NoPlanFoundInTime, RuntimeError):  # the last: a solver that gave up
        return None
    if answer.status == "interrupted":
        raise KeyboardInterrupt
    if np.array_equal(answer.chosen, start):
        return None
    changed = chosen.copy()
    changed[part.units] = part.pairs[answer.chosen]
    return changed


def reheat(
    rows: Rows, chosen: np.ndarray, load: np.ndarray, part: Neighborhood, *, hot: float, cold: float,
    weight: np.ndarray, steps: int, seed: int,
) -> np.ndarray | None:  # fmt: skip
    """Anneal anew within a neighborhood.

    Parameters
    ----------
    load
        Activity of each row under `chosen`.
    hot, cold, weight
        As in `optimizer.annealing.schedule`.
    steps
        Steps of annealing for each unit.

    Returns
    -------
    The choice of all units, or None where nothing cheaper was found that keeps the limits.
    """
    if len(part.units) == 0:
        return None
    pairs = part.pairs
    owner = np.searchsorted(part.units, np.searchsorted(rows.starts, pairs, side="right") - 1)
    length = rows.entries[pairs + 1] - rows.entries[pairs]
    entries = np.concatenate(([0], np.cumsum(length)))
    entry = np.repeat(rows.entries[pairs] - entries[:-1], length) + np.arange(entries[-1])
    touched, row = np.unique(rows.row[entry], return_inverse=True)
    small = replace(
        rows, starts=np.searchsorted(owner, np.arange(len(part.units) + 1)), cost=rows.cost[pairs],
        rep=np.unique(rows.rep[pairs], return_inverse=True)[1], entries=entries, row=row.astype(np.int32),
        amount=rows.amount[entry], lower=rows.lower[touched], upper=rows.upper[touched],
        price=rows.price[touched], scale=rows.scale[touched], source=rows.source[touched],
        seat=rows.seat[touched],
    )  # fmt: skip
    first = np.searchsorted(pairs, chosen[part.units])
    rest = load[touched] - small.activity(first)
    small = replace(small, lower=small.lower - rest, upper=small.upper - rest)
    walk = Walk.begin(small, first, seed)
    for temperature, price in schedule(small, weight[touched], hot, cold, REHEAT_BLOCKS):
        walk.anneal(max(steps * len(walk.free) // REHEAT_BLOCKS, 1), temperature, price, REHEAT_CHAINS)
    if small.value(walk.chosen) >= small.value(first) - 1e-9 * abs(float(small.cost[first].sum())):
        return None
    changed = chosen.copy()
    changed[part.units] = pairs[walk.chosen]
    return changed


def _part(problem: Problem, chosen: np.ndarray, part: Neighborhood, price: float | None) -> Problem:
    pairs = part.pairs
    fixed = np.ones(problem.units, dtype=bool)
    fixed[part.units] = False
    rest = chosen[fixed]
    touched = [problem.rep[pairs]]
    for measure in problem.measures:
        if measure.other is not None:
            touched.append(measure.other[pairs][measure.other[pairs] >= 0])
    reps = np.unique(np.concatenate(touched))
    number = np.full(problem.reps + 1, -1)
    number[reps] = np.arange(len(reps))
    measures = []
    for measure in problem.measures:
        base = problem.loads(measure, rest)[reps]
        other = None if measure.other is None else number[measure.other[pairs]]
        amount = None if measure.other_amount is None else measure.other_amount[pairs]
        cost = measure.price
        if price is not None and np.isinf(cost):
            cost = price / _usual(measure.amount[pairs])
        measures.append(
            Measure(
                measure.name,
                measure.amount[pairs],
                measure.lower[reps] - base,
                measure.upper[reps] - base,
                cost,
                other,
                amount,
            )
        )
    budgets = []
    for budget in problem.budgets:
        cost = budget.price
        if price is not None and np.isinf(cost):
            cost = price / _usual(budget.amount[pairs])
        left = budget.limit - float(budget.amount[rest].sum())
        budgets.append(Budget(budget.name, budget.amount[pairs], left, cost))
    unit = np.searchsorted(part.units, problem.unit[pairs])
    return Problem(
        len(part.units), len(reps), unit, number[problem.rep[pairs]], problem.cost[pairs], tuple(measures),
        tuple(budgets),
    )  # fmt: skip


def _usual(amount: np.ndarray) -> float:
    some = np.abs(amount[amount != 0])
    return float(some.mean()) if len(some) else 1.0


def _pairs_of(rows: Rows, units: np.ndarray) -> np.ndarray:
    first, last = rows.starts[units], rows.starts[units + 1]
    length = last - first
    offset = np.concatenate(([0], np.cumsum(length)))
    return np.repeat(first - offset[:-1], length) + np.arange(offset[-1])
