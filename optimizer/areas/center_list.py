"""All connected territories that limits allow, listed where they are few, and the cheapest that fit together.

Set partitioning: R. Garfinkel, G. Nemhauser, Optimal political districting by implicit enumeration
techniques, Management Science 16, 1970.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.areas import center_list_kernels as kernels
from optimizer.areas.bound import CenterBound
from optimizer.areas.exact import Round, Rows
from optimizer.areas.kernels import EMPTY
from optimizer.areas.model import Model
from optimizer.core.solvers import IMPOSSIBLE, duration, run_mathopt
from optimizer.core.solvers import Watch as SolverWatch

MOST_STEPS, MOST_SETS = 40_000_000, 60_000
"""Steps of listing (about ten nanoseconds each) and territories at most."""


@dataclass(frozen=True, eq=False)
class Listed:
    """Every connected territory that may be part of a division, as far as limits and prices tell.

    Parameters
    ----------
    members
        Positions of the units of each.
    cost
        Of each, with its best center.
    """

    members: tuple[np.ndarray, ...]
    cost: np.ndarray


def list_territories(model: Model, bound: CenterBound | None, best: float) -> Listed | None:
    """List the territories of which a division better than `best` may consist; None where they are too many.

    Centers have to be free and all units connected.
    """
    if model.fixed or model.loose.any():
        return None
    graph, low, high = model.graph, model.lower[:, 0] - EMPTY, model.upper[:, 0] + EMPTY
    price, most = np.zeros(model.units), np.inf
    if bound is not None and np.isfinite(best):
        last = np.sort(bound.worth)[model.territories - 1]
        price, most = bound.price, float(best + 1e-9 * abs(best) - bound.value + last)
    begins, members, cost, left = kernels.list_territories(
        graph.start, graph.near, model.cost, model.allowed, model.amount, low, high, model.territories,
        price, most, MOST_STEPS, MOST_SETS, MOST_SETS * model.units,
    )  # fmt: skip
    if left < 0:
        return None
    return Listed(tuple(members[a:b].astype(np.int64) for a, b in pairwise(begins.tolist())), cost)


def fit_together(
    model: Model, listed: Listed, *, time_limit: float, nodes: int | None, gap: float, seed: int,
    watch: SolverWatch,
) -> Round:  # fmt: skip
    """Choose the cheapest listed territories that hold every unit once."""
    if not listed.members:
        return Round(None, None, np.inf, "infeasible", 0)
    count = len(listed.members)
    unit = np.concatenate(listed.members)
    column = np.repeat(np.arange(count), [len(s) for s in listed.members])
    rows, k = Rows(), float(model.territories)
    rows.add(unit, column, np.ones(len(unit)), model.units, 1.0, 1.0)
    rows.add(np.zeros(count, dtype=np.int64), np.arange(count), np.ones(count), 1, k, k)
    program = rows.model(listed.cost, np.empty(0, dtype=np.int64))
    variables = list(program.variables())
    parameters = mathopt.SolveParameters(
        time_limit=duration(time_limit), node_limit=nodes, relative_gap_tolerance=gap, random_seed=seed
    )
    result = run_mathopt(program, mathopt.SolverType.HIGHS, parameters, [], watch)
    reason, spent = result.termination.reason, int(result.solve_stats.node_count)
    if watch.interrupted:
        return Round(None, None, -np.inf, "interrupted", spent)
    if reason in IMPOSSIBLE:
        return Round(None, None, np.inf, "infeasible", spent)
    bound = float(result.dual_bound())
    if not result.has_primal_feasible_solution():
        return Round(None, None, bound, "limit", spent)
    chosen = np.flatnonzero(np.array(result.variable_values(variables)) > 0.5)
    owner = np.zeros(model.units, dtype=np.int64)
    for t, s in enumerate(chosen):
        owner[listed.members[s]] = t
    proved = reason == mathopt.TerminationReason.OPTIMAL
    return Round(owner, model.centers(owner), bound, "proved" if proved else "limit", spent)
