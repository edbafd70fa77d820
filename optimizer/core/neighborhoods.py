"""Parts of a plan solved anew: a few reps that share customers, everything else as it is.

Large neighborhood search (P. Shaw, CP 1998): among a few neighboring reps, a MIP or a short annealing of
their own finds exchanges that no short chain of moves does. Reps that break a limit or lose most against the
prices of the bound come first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import scipy.sparse

from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.exact import Infeasible, solve
from optimizer.core.rows import Rows
from optimizer.core.stopping import Watch
from scenarios.errors import NoPlanFoundInTime

NODES, CROSSING_NODES = 300, 3000
"""Nodes of the search tree that one neighborhood may take, and one crossing of plans."""

MOST_SECONDS = 5.0
"""Of one neighborhood, where there is a time limit at all."""

MIP_WORK, ITERATION_WORK = 10_000, 200
"""What a neighborhood's MIP and each of its simplex iterations count for, in steps."""


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


@dataclass(frozen=True, eq=False)
class Anew:
    """What solving a neighborhood gave.

    Parameters
    ----------
    chosen
        The choice of all units, or None where nothing else was found.
    proved
        Whether nothing better is in the neighborhood.
    iterations
        Simplex iterations it took.
    """

    chosen: np.ndarray | None
    proved: bool
    iterations: int


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
    picked = list(islice(_wander(shared, center, loss, rng), width))
    reps = np.sort(np.array(picked))
    inside = np.zeros(len(loss), dtype=bool)
    inside[reps] = True
    return _among(rows, keep, chosen, reps, inside, np.flatnonzero(inside[rows.rep[chosen]]))


def doubtful(
    rows: Rows, keep: np.ndarray, chosen: np.ndarray, shared: scipy.sparse.csr_array, center: int,
    size: int, regret: np.ndarray, loss: np.ndarray, rng: np.random.Generator,
) -> Neighborhood:  # fmt: skip
    """Pick units whose rep is in doubt, among as many reps as it takes.

    Where the relaxation divides a unit or wants another rep than the plan, it is in doubt (relaxation induced
    neighborhood search: E. Danna, E. Rothberg and C. Le Pape, Mathematical Programming 102, 2005).

    Parameters
    ----------
    keep, center, loss
        As in `around`.
    size
        Number of units.
    regret
        By unit: what the next best rep costs more, about; 0: in doubt.
    """
    by_rep = np.bincount(rows.rep[chosen], regret <= 0, len(loss))
    inside = np.zeros(len(loss), dtype=bool)
    total = 0.0
    for rep in _wander(shared, center, loss, rng):
        inside[rep] = True
        total += by_rep[rep]
        if total >= size:
            break
    units = np.flatnonzero(inside[rows.rep[chosen]])
    rank = regret[units] * rng.uniform(0.5, 1.5, len(units))
    rank[rank <= 0] = -rng.random(int((rank <= 0).sum()))
    units = np.sort(units[np.argsort(rank, kind="stable")[:size]])
    return _among(rows, keep, chosen, np.flatnonzero(inside), inside, units)


def _wander(
    shared: scipy.sparse.csr_array, center: int, loss: np.ndarray, rng: np.random.Generator
) -> Iterator[int]:
    """Go from rep to rep that shares units with those before, the more it loses the likelier; where none is
    left, to any other, since budgets bind all.
    """
    weight = np.zeros(len(loss))
    picked = np.zeros(len(loss), dtype=bool)
    floor = 0.2 * (loss.mean() + 1e-9)
    last = center
    while True:
        picked[last] = True
        yield last
        near = shared.indices[shared.indptr[last] : shared.indptr[last + 1]]
        weight[near] += shared.data[shared.indptr[last] : shared.indptr[last + 1]] * (loss[near] + floor)
        weight[picked] = 0
        chance = weight if weight.sum() > 0 else np.where(picked, 0.0, loss + floor)
        if picked.all():
            return
        last = int(rng.choice(len(chance), p=chance / chance.sum()))


def _among(
    rows: Rows, keep: np.ndarray, chosen: np.ndarray, reps: np.ndarray, inside: np.ndarray, units: np.ndarray
) -> Neighborhood:
    pairs = _pairs_of(rows, units)
    is_chosen = np.zeros(len(rows.cost), dtype=bool)
    is_chosen[chosen[units]] = True
    pairs = pairs[(keep[pairs] & inside[rows.rep[pairs]]) | is_chosen[pairs]]
    owner = np.searchsorted(units, np.searchsorted(rows.starts, pairs, side="right") - 1)
    several = np.bincount(owner, minlength=len(units)) > 1
    return Neighborhood(reps, units[several], pairs[several[owner]])


def improve(
    problem: Problem, chosen: np.ndarray, part: Neighborhood, *, seconds: float, price: float | None = None,
    nodes: int = NODES,
) -> Anew:  # fmt: skip
    """Choose anew within a neighborhood.

    Parameters
    ----------
    seconds
        Time limit.
    price
        Money for each unit outside a hard limit, in the measure's mean amount a pair; None: hard limits hold.
    nodes
        Of the search tree, at most.
    """
    if len(part.units) == 0:
        return Anew(None, True, 0)
    small = _part(problem, chosen, part, price)
    start = np.searchsorted(part.pairs, chosen[part.units])
    try:
        answer = solve(small, time_limit=seconds, work_limit=nodes, gap=1e-6, start=start)
    except (Infeasible, NoPlanFoundInTime, RuntimeError):  # the last: a solver that gave up
        return Anew(None, False, 0)
    if answer.status == "interrupted":
        raise KeyboardInterrupt
    proved = answer.status in ("optimal", "within gap")
    if np.array_equal(answer.chosen, start):
        return Anew(None, proved, answer.iterations)
    changed = chosen.copy()
    changed[part.units] = part.pairs[answer.chosen]
    return Anew(changed, proved, answer.iterations)


def improve_watched(
    problem: Problem, watch: Watch, chosen: np.ndarray, part: Neighborhood, price: float | None = None
) -> Anew:
    """Choose anew within a neighborhood, as `improve`, while the watch allows, and count the work."""
    seconds = min(watch.seconds_left, MOST_SECONDS) if np.isfinite(watch.time_limit) else np.inf
    answer = improve(problem, chosen, part, seconds=seconds, price=price)
    watch.work += MIP_WORK + ITERATION_WORK * answer.iterations
    return answer


def cross(problem: Problem, plans: Sequence[np.ndarray], *, seconds: float) -> Anew:
    """Give the best plan that can be made of the pairs of some plans, or the best of them.

    What good plans have in common stays as it is (crossover of several solutions: E. Rothberg, INFORMS J. on
    Computing 19, 2007).
    """
    best = min(plans, key=problem.objective)
    every = np.stack([best, *plans])
    units = np.flatnonzero((every != best).any(axis=0))
    part = Neighborhood(np.arange(problem.reps), units, np.unique(every[:, units]))
    found = improve(problem, best, part, seconds=seconds, nodes=CROSSING_NODES)
    if found.chosen is None or problem.objective(found.chosen) > problem.objective(best):
        return Anew(best, found.proved, found.iterations)
    return found


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
