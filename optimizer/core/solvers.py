"""HiGHS, SCIP and CP-SAT of OR-Tools: how they are asked, tell of progress and are stopped by Ctrl-C."""

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model
from ortools.util.python.solve_interrupter import SolveInterrupter

from optimizer.core.assignment import Problem
from optimizer.core.mip import Program, write_integers

Solver = Literal["highs", "scip", "cp-sat"]
Progress = Callable[[float | None, float | None, float | None, float], None]

MATHOPT = {"highs": mathopt.SolverType.HIGHS, "scip": mathopt.SolverType.GSCIP}

# Costs are bounded below, so of the second only the first half can be meant.
IMPOSSIBLE = (
    mathopt.TerminationReason.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
)


@dataclass(frozen=True)
class Effort:
    """What a search may take, as in `solve`."""

    time_limit: float
    work_limit: float | None
    gap: float
    seed: int
    threads: int


@dataclass(frozen=True, eq=False)
class Found:
    """What a solver came back with: a choice, if any, a bound (-inf: none), why it stopped, and after how
    many simplex iterations and nodes (of HiGHS and SCIP).
    """

    chosen: np.ndarray | None
    bound: float
    ended: Literal["proved", "infeasible", "time limit", "work limit"]
    iterations: int = 0
    nodes: int = 0


class Watch:
    """Runs a solver in a thread, tells of its progress, and stops it at Ctrl-C."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress, self.began = progress, time.perf_counter()
        self.best, self.bound, self.interrupted = np.inf, -np.inf, False

    def learn(self, best: float = np.inf, bound: float = -np.inf) -> None:
        """Note what is known now."""
        self.best, self.bound = min(best, self.best), max(bound, self.bound)

    def run(self, work: Callable[[], Any], stop: Callable[[], None]) -> Any:
        """Do the work and give its answer; at Ctrl-C it is stopped and keeps the best found so far."""
        answer: list[Any] = []
        failure: list[BaseException] = []
        finished = threading.Event()

        def do() -> None:
            try:
                answer.append(work())
            except BaseException as error:
                failure.append(error)
            finally:
                finished.set()

        threading.Thread(target=do, daemon=True).start()
        # An event and not thread.join: interrupted there, a thread that still runs is taken for ended.
        while not finished.is_set():
            try:
                finished.wait(0.2)
                self._tell()
            except KeyboardInterrupt:
                self.interrupted = True
            except BaseException:
                stop()
                raise
            if self.interrupted:
                stop()  # Again and again: a solver that has not quite begun does not hear it.
        if failure:
            raise failure[0]
        return answer[0]

    def _tell(self) -> None:
        if self.progress is None:
            return
        best, bound = (float(v) if np.isfinite(v) else None for v in (self.best, self.bound))
        known = best is not None and bound is not None
        gap = max(self.best - self.bound, 0.0) / max(abs(self.best), 1e-9) if known else None
        self.progress(best, bound, gap, time.perf_counter() - self.began)


def ask_mathopt(
    program: Program, solver: str, effort: Effort, hint: np.ndarray | None, watch: Watch
) -> Found:
    """Ask HiGHS or SCIP; `hint` says of every pair whether the start has it."""
    model = write_mathopt(program)
    x = list(model.variables())[: program.pairs]
    hints = []
    if hint is not None:
        hints.append(
            mathopt.SolutionHint(variable_values=dict(zip(x, hint.astype(float).tolist(), strict=True)))
        )
    parameters = mathopt.SolveParameters(
        time_limit=duration(effort.time_limit),
        node_limit=None if effort.work_limit is None else int(effort.work_limit),
        relative_gap_tolerance=effort.gap,
        random_seed=effort.seed,
    )
    result = run_mathopt(model, MATHOPT[solver], parameters, hints, watch)
    reason, chosen = result.termination.reason, None
    spent = int(result.solve_stats.simplex_iterations), int(result.solve_stats.node_count)
    if result.has_primal_feasible_solution():
        chosen = _largest(program.problem, np.array(result.variable_values(x)))
    if solver == "scip" and watch.interrupted:
        return Found(chosen, watch.bound, "time limit", *spent)
    if reason in IMPOSSIBLE:
        return Found(None, -np.inf, "infeasible", *spent)
    if reason == mathopt.TerminationReason.OPTIMAL:
        return Found(chosen, float(result.dual_bound()), "proved", *spent)
    by_nodes = result.termination.limit == mathopt.Limit.NODE
    return Found(chosen, float(result.dual_bound()), "work limit" if by_nodes else "time limit", *spent)


def run_mathopt(model: Any, solver: Any, parameters: Any, hints: list[Any], watch: Watch) -> Any:
    """Solve a MathOpt model so that Ctrl-C stops it."""
    interrupter = SolveInterrupter()
    how: dict[str, Any] = {
        "params": parameters,
        "model_params": mathopt.ModelSolveParameters(solution_hints=hints),
        "interrupter": interrupter,
    }
    if solver == mathopt.SolverType.GSCIP:
        how |= _listen_to_scip(model, watch)
    try:
        return watch.run(lambda: mathopt.solve(model, solver, **how), interrupter.interrupt)
    except AttributeError as error:
        # What becomes of any error status (google/or-tools#4606).
        raise RuntimeError(f"{solver.name} refused the model or stopped on an error") from error


def _listen_to_scip(model: Any, watch: Watch) -> dict[str, Any]:
    """Learn from SCIP on the way. OR-Tools 9.15 drops its interrupts, so an impossible cut has to stop it."""
    any_column = next(iter(model.variables()), None)

    def answer(data: Any) -> Any:
        back = mathopt.CallbackResult()
        if watch.interrupted:
            back.add_user_cut(lb=2.0, ub=np.inf, expr=any_column)
        else:
            watch.learn(data.mip_stats.primal_bound, data.mip_stats.dual_bound)
        return back

    # Not at MIP_SOLUTION as well: there, the figures are 0 before the search has begun.
    asked = mathopt.CallbackRegistration(
        events={mathopt.Event.MIP_NODE},
        mip_node_filter=mathopt.VariableFilter(filtered_items=[]),
        add_cuts=True,
    )
    return {"callback_reg": asked, "cb": answer}


def duration(time_limit: float) -> datetime.timedelta | None:
    """Say seconds as MathOpt wants them; None for no limit."""
    return datetime.timedelta(seconds=max(time_limit, 0.0)) if np.isfinite(time_limit) else None


def ask_cp_sat(program: Program, _: str, effort: Effort, hint: np.ndarray | None, watch: Watch) -> Found:
    """Ask CP-SAT; `hint` says of every pair whether the start has it."""
    integers = write_integers(program)
    if hint is not None:
        integers.model.proto.solution_hint.vars.extend(list(range(program.pairs)))
        integers.model.proto.solution_hint.values.extend(hint.astype(int).tolist())
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.catch_sigint_signal = False
    parameters.num_workers = effort.threads
    parameters.interleave_search = effort.threads > 1 and effort.work_limit is not None
    parameters.random_seed = effort.seed
    parameters.relative_gap_limit = effort.gap
    if np.isfinite(effort.time_limit):
        parameters.max_time_in_seconds = effort.time_limit
    if effort.work_limit is not None:
        parameters.max_deterministic_time = effort.work_limit
    solver.best_bound_callback = lambda value: watch.learn(bound=integers.bound(value))
    news, began = _News(integers.scale, watch), time.perf_counter()
    watch.run(lambda: solver.solve(integers.model, news), solver.stop_search)
    response, chosen = solver.response_proto, None
    if response.status == cp_model.INFEASIBLE:
        return Found(None, -np.inf, "infeasible")
    if response.status == cp_model.MODEL_INVALID:
        raise RuntimeError(f"CP-SAT refused the model: {integers.model.validate()}")
    if response.status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        chosen = _largest(program.problem, np.array(list(response.solution)[: program.pairs], dtype=float))
    bound = integers.bound(response.best_objective_bound)
    if response.status == cp_model.OPTIMAL:
        return Found(chosen, bound, "proved")
    in_time = time.perf_counter() - began < effort.time_limit
    return Found(chosen, bound, "work limit" if in_time and effort.work_limit is not None else "time limit")


class _News(cp_model.CpSolverSolutionCallback):
    """Notes every better solution of CP-SAT."""

    def __init__(self, scale: float, watch: Watch) -> None:
        super().__init__()
        self.scale, self.watch = scale, watch

    def on_solution_callback(self) -> None:
        """Note its cost."""
        self.watch.learn(best=self.objective_value / self.scale)


def write_mathopt(program: Program, *, whole: bool = True) -> Any:
    """Write a program as a MathOpt model, straight from arrays; not whole: its linear relaxation.

    Rows "one pair for each unit" come first, then the rows of the program.
    """
    units, pairs, columns = program.problem.units, program.pairs, len(program.cost)
    # In the relaxation, bounds that follow from the rows would only blur the rows' prices.
    free = np.isnan(program.grid) | (np.arange(columns) < pairs)
    lower = (
        program.lower
        if whole
        else np.where(np.isnan(program.grid) & (program.cost == 0), -np.inf, program.lower)
    )
    upper = program.upper if whole else np.where(free, np.inf, program.upper)
    proto = model_pb2.ModelProto(name="assignment")
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend(lower.tolist())
    proto.variables.upper_bounds.extend(upper.tolist())
    proto.variables.integers.extend([whole] * pairs + [False] * (columns - pairs))
    priced = np.flatnonzero(program.cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(program.cost[priced].tolist())
    proto.linear_constraints.ids.extend(range(units + len(program.row_lower)))
    proto.linear_constraints.lower_bounds.extend([1.0] * units + program.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend([1.0] * units + program.row_upper.tolist())
    entries, matrix = program.matrix.tocoo(), proto.linear_constraint_matrix
    matrix.row_ids.extend(program.problem.unit.tolist() + (entries.row + units).tolist())
    matrix.column_ids.extend(list(range(pairs)) + entries.col.tolist())
    matrix.coefficients.extend([1.0] * pairs + entries.data.tolist())
    return mathopt.Model.from_model_proto(proto)


def _largest(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Choose each unit's pair with the largest value."""
    best = np.lexsort((-values, problem.unit))
    return best[problem.starts[:-1]]
