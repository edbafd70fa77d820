"""What planners would otherwise use, run on our instances and scored by one judge.

Every peer is a function of an instance and the seconds it may take. Those of the extra `bench` are optional:
one that is not installed says so in its answer. `score` looks at owners alone and knows no solver.
"""

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2
from ortools.sat.python import cp_model
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from benchmarks.instances import Instance
from optimizer.core.assignment import Measure, Problem

SPREAD = 0.1
"""Share by which clusters of the k-means peer may be larger or smaller than the mean."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a peer came back with.

    Parameters
    ----------
    owner
        Position of the rep of each customer; None where it found no plan, or only computes a bound.
    bound
        The bound it proved itself, if any.
    seconds, cpu_seconds
        Wall time and time of all threads, from arrays to answer, building its model included.
    note
        How it was run or why it failed.
    solver_seconds
        What the solver itself took, its model not included, where it says so.
    """

    owner: np.ndarray | None
    bound: float | None
    seconds: float
    cpu_seconds: float
    note: str = ""
    solver_seconds: float | None = None


@dataclass(frozen=True)
class Score:
    """A plan on the common footing.

    Parameters
    ----------
    cost
        Sum of the chosen pairs' cost; one that is not eligible counts as the customer's dearest that is.
    violation, worst_violation
        Distances outside limits as shares of the limit: their sum over reps, measures and budgets, and the
        largest.
    ineligible
        Customers whose rep must not serve them.
    """

    cost: float
    violation: float
    worst_violation: float
    ineligible: int


def score(problem: Problem, owner: np.ndarray) -> Score:
    """Judge owners by first principles."""
    pair = pairs(problem, owner)
    found = pair >= 0
    dearest = np.maximum.reduceat(problem.cost, problem.starts[:-1])
    cost = float(problem.cost[pair[found]].sum() + dearest[~found].sum())
    outside = []
    for measure in problem.measures:
        load = _loads(problem, measure, owner, pair)
        outside += [_beyond(load, measure.upper), _beyond(-load, -measure.lower)]
    for budget in problem.budgets:
        spent = np.array([budget.amount[pair[found]].sum()])
        outside.append(_beyond(spent, np.array([budget.limit])))
    shares = np.concatenate([np.zeros(1), *outside])
    return Score(cost, float(shares.sum()), float(shares.max()), int((~found).sum()))


def pairs(problem: Problem, owner: np.ndarray) -> np.ndarray:
    """Find each customer's pair with its owner; -1 where that is not eligible."""
    pair = np.full(problem.units, -1)
    match = np.flatnonzero(problem.rep == owner[problem.unit])
    pair[problem.unit[match]] = match
    return pair


def run(name: str, instance: Instance, seconds: float, workers: int = 1) -> Answer:
    """Let a peer answer, measure it, and turn a package that is not there into a note.

    Raises
    ------
    KeyError
        If there is no peer of this name.
    """
    peer = PEERS[name]
    began, worked = time.perf_counter(), time.process_time()
    try:
        answer = peer(instance, seconds, workers)
    except ImportError as error:
        answer = Answer(None, None, 0, 0, f"not installed: {error.name or error}")
    return replace(answer, seconds=time.perf_counter() - began, cpu_seconds=time.process_time() - worked)


def todays_book(instance: Instance, seconds: float, workers: int) -> Answer:
    """Change nothing."""
    return Answer(instance.owner, None, 0, 0, "no change")


def cp_sat(instance: Instance, seconds: float, workers: int) -> Answer:
    """State the plain model for CP-SAT: exactly one pair a customer, two rows a rep and measure."""
    problem = instance.problem
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in range(len(problem.cost))]
    for a, b in zip(problem.starts[:-1].tolist(), problem.starts[1:].tolist(), strict=True):
        model.add_exactly_one(x[a:b])
    for columns, amounts, lower, upper in _rows(problem):
        scale = _whole(amounts)
        load = cp_model.LinearExpr.weighted_sum(
            [x[c] for c in columns], np.rint(amounts * scale).astype(int).tolist()
        )
        if np.isfinite(lower):
            model.add(load >= int(np.ceil(lower * scale)))
        if np.isfinite(upper):
            model.add(load <= int(np.floor(upper * scale)))
    scale = _whole(problem.cost, most=100)
    model.minimize(cp_model.LinearExpr.weighted_sum(x, np.rint(problem.cost * scale).astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False  # else Ctrl-C kills the process from then on
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    rounding = 0.5 / scale * problem.units if scale == 100 else 0.0
    bound = solver.best_objective_bound / scale - rounding
    note = f"{solver.status_name(status).lower()}, {workers} workers"
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, bound, 0, 0, note)
    values = np.array([solver.value(v) for v in x])
    return Answer(_owner(problem, values), bound, 0, 0, note)


def highs(instance: Instance, seconds: float, workers: int) -> Answer:
    """Hand the plain model to the MIP solver HiGHS, through MathOpt."""
    options = highs_pb2.HighsOptionsProto(int_options={"threads": workers})
    return _mip(instance, mathopt.SolverType.HIGHS, mathopt.SolveParameters(highs=options), seconds)


def scip(instance: Instance, seconds: float, workers: int) -> Answer:
    """Hand the plain model to the MIP solver SCIP, through MathOpt; it has one thread."""
    return _mip(instance, mathopt.SolverType.GSCIP, mathopt.SolveParameters(), seconds)


def highs_interior_point(instance: Instance, seconds: float, workers: int) -> Answer:
    """Solve the LP alone by HiGHS' interior point, without the crossover to a vertex: what a bound needs."""
    options = highs_pb2.HighsOptionsProto(string_options={"solver": "ipm", "run_crossover": "off"})
    return _lp(instance, mathopt.SolverType.HIGHS, mathopt.SolveParameters(highs=options), seconds)


def highs_interior_point_and_crossover(instance: Instance, seconds: float, workers: int) -> Answer:
    """Solve the LP alone by HiGHS' interior point as it comes, crossover included."""
    options = highs_pb2.HighsOptionsProto(string_options={"solver": "ipm"})
    return _lp(instance, mathopt.SolverType.HIGHS, mathopt.SolveParameters(highs=options), seconds)


def glop(instance: Instance, seconds: float, workers: int) -> Answer:
    """Solve the LP alone by OR-Tools' simplex."""
    return _lp(instance, mathopt.SolverType.GLOP, mathopt.SolveParameters(), seconds)


def b2b_territory_optimization(instance: Instance, seconds: float, workers: int) -> Answer:
    """Let the package carve balanced territories by hours; each goes to the rep for whom all are cheapest."""
    from b2b_territory_optimization import TerritoryAllocator

    problem = instance.problem
    accounts = pd.DataFrame({"Account_ID": np.arange(problem.units), "hours": instance.hours})
    carved = TerritoryAllocator(target_metric="hours").allocate_bucket(accounts, problem.reps, "all")
    label, _ = pd.factorize(carved.sort_values("Account_ID")["Territory_ID"])
    return Answer(
        _match(problem, label), None, 0, 0, "hours balanced, places unknown to it; no limit on time"
    )


def k_means_constrained(instance: Instance, seconds: float, workers: int) -> Answer:
    """Cluster places around the reps' homes, sizes limited; clusters go to reps where all are cheapest."""
    from k_means_constrained import KMeansConstrained

    problem = instance.problem
    mean = problem.units / problem.reps
    clusters = KMeansConstrained(
        n_clusters=problem.reps,
        size_min=int(mean * (1 - SPREAD)),
        size_max=int(np.ceil(mean * (1 + SPREAD))),
        init=instance.home,
        n_init=1,
        max_iter=30,
        random_state=1,
    )
    label = clusters.fit_predict(instance.place)
    return Answer(_match(problem, label), None, 0, 0, f"counts within {SPREAD:.0%}; no limit on time")


def timefold(instance: Instance, seconds: float, workers: int) -> Answer:
    """Run Timefold's Python package from today's book; it needs Java 17."""
    from benchmarks import timefold_model

    owner, note = timefold_model.solve(instance, seconds)
    return Answer(owner, None, 0, 0, note)


PEERS: Mapping[str, Callable[[Instance, float, int], Answer]] = {
    "today's book": todays_book,
    "CP-SAT": cp_sat,
    "HiGHS": highs,
    "SCIP": scip,
    "HiGHS IPX": highs_interior_point,
    "HiGHS IPX + crossover": highs_interior_point_and_crossover,
    "GLOP": glop,
    "b2b-territory-optimization": b2b_territory_optimization,
    "k-means-constrained": k_means_constrained,
    "Timefold": timefold,
}


def plain_model(problem: Problem, *, integer: bool) -> mathopt.Model:
    """State the textbook model from arrays, in less time than most of these solvers take to read it."""
    pair = np.arange(len(problem.cost))
    rows, columns, amounts = [problem.unit], [pair], [np.ones(len(pair))]
    lower, upper = [1.0] * problem.units, [1.0] * problem.units
    for where, amount, low, high in _rows(problem):
        rows.append(np.full(len(where), len(lower)))
        columns.append(where)
        amounts.append(amount)
        lower.append(low)
        upper.append(high)
    shape = (len(lower), len(pair))
    matrix = sparse.csr_array(
        (np.concatenate(amounts), (np.concatenate(rows), np.concatenate(columns))), shape=shape
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    entries = matrix.tocoo()
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(pair.tolist())
    proto.variables.lower_bounds.extend([0.0] * len(pair))
    proto.variables.upper_bounds.extend([1.0] * len(pair))
    proto.variables.integers.extend([integer] * len(pair))
    priced = np.flatnonzero(problem.cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(problem.cost[priced].tolist())
    proto.linear_constraints.ids.extend(range(len(lower)))
    proto.linear_constraints.lower_bounds.extend(lower)
    proto.linear_constraints.upper_bounds.extend(upper)
    proto.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    proto.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return mathopt.Model.from_model_proto(proto)


def _rows(problem: Problem) -> list[tuple[np.ndarray, np.ndarray, float, float]]:
    """Give the rows over reps and the whole as (pairs, amounts, lower, upper)."""
    prices = [measure.price for measure in problem.measures] + [budget.price for budget in problem.budgets]
    if problem.fairness or np.isfinite(prices).any():
        raise ValueError("the plain model has hard limits only: no prices, no fairness")
    order = np.argsort(problem.rep, kind="stable")
    books = np.split(order, np.searchsorted(problem.rep[order], np.arange(1, problem.reps)))
    rows = []
    for measure in problem.measures:
        if measure.other is not None:
            raise ValueError("the plain model adds a pair to one rep's book only")
        for rep, book in enumerate(books):
            rows.append((book, measure.amount[book], float(measure.lower[rep]), float(measure.upper[rep])))
    for budget in problem.budgets:
        spends = np.flatnonzero(budget.amount)
        rows.append((spends, budget.amount[spends], -np.inf, float(budget.limit)))
    return rows


def _mip(
    instance: Instance, solver: mathopt.SolverType, parameters: mathopt.SolveParameters, seconds: float
) -> Answer:
    result = _solve(plain_model(instance.problem, integer=True), solver, parameters, seconds)
    note = result.termination.reason.name.lower().replace("_", " ")
    bound = float(result.termination.objective_bounds.dual_bound)
    bound_or_none = bound if np.isfinite(bound) else None
    if not result.has_primal_feasible_solution():
        return Answer(None, bound_or_none, 0, 0, note)
    values = np.array(list(result.variable_values().values()))
    return Answer(_owner(instance.problem, values), bound_or_none, 0, 0, note)


def _lp(
    instance: Instance, solver: mathopt.SolverType, parameters: mathopt.SolveParameters, seconds: float
) -> Answer:
    result = _solve(plain_model(instance.problem, integer=False), solver, parameters, seconds)
    solved = result.termination.reason == mathopt.TerminationReason.OPTIMAL
    bound = float(result.termination.objective_bounds.dual_bound) if solved else None
    note = f"LP, {result.termination.reason.name.lower().replace('_', ' ')}"
    return Answer(None, bound, 0, 0, note, result.solve_stats.solve_time.total_seconds())


def _solve(
    model: mathopt.Model, solver: mathopt.SolverType, parameters: mathopt.SolveParameters, seconds: float
) -> Any:
    parameters.time_limit = datetime.timedelta(seconds=seconds)
    return mathopt.solve(model, solver, params=parameters)


def _owner(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Give each customer the rep of its largest value."""
    best = np.lexsort((-values, problem.unit))
    return problem.rep[best[problem.starts[:-1]]]


def _match(problem: Problem, label: np.ndarray) -> np.ndarray:
    """Give whole clusters to reps, one each, at least cost; what is not eligible costs the dearest pair."""
    dearest = np.maximum.reduceat(problem.cost, problem.starts[:-1])
    saved = np.zeros((problem.reps, problem.reps))
    np.add.at(saved, (label[problem.unit], problem.rep), problem.cost - dearest[problem.unit])
    cluster, rep = linear_sum_assignment(saved)
    return rep[np.argsort(cluster)][label]


def _loads(problem: Problem, measure: Measure, owner: np.ndarray, pair: np.ndarray) -> np.ndarray:
    """Add up a measure by rep; a customer whose rep is not eligible weighs what its first pair weighs."""
    used = np.where(pair >= 0, pair, problem.starts[:-1])
    load = np.bincount(owner, measure.amount[used], problem.reps)
    if measure.other is not None and measure.other_amount is not None:
        also = used[measure.other[used] >= 0]
        load = load + np.bincount(measure.other[also], measure.other_amount[also], problem.reps)
    return load


def _beyond(load: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Give by how much loads pass their limits, as shares of them; a limit of 0 counts as 1."""
    limited = np.isfinite(limit)
    over = np.maximum(load[limited] - limit[limited], 0.0)
    return over / np.where(limit[limited] == 0, 1.0, np.abs(limit[limited]))


def _whole(amounts: np.ndarray, most: int = 10_000) -> int:
    """Find the power of ten that makes amounts whole numbers, at most `most`."""
    scale = 1
    while scale < most and not np.allclose(amounts * scale, np.rint(amounts * scale), rtol=0, atol=1e-9):
        scale *= 10
    return scale
