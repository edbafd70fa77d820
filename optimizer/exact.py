"""The exact engine: the core problem as a mixed-integer model, solved by HiGHS through OR-Tools MathOpt."""

import datetime
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.util.python.solve_interrupter import SolveInterrupter

from optimizer.assignment import Assignment, Problem
from optimizer.result import Status
from scenarios.errors import NoPlanFoundInTime

ENGINE = "MathOpt HiGHS"


class Infeasible(Exception):
    """The hard limits of the problem cannot hold together."""


def solve(
    problem: Problem,
    *,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    gap: float = 5e-3,
    seed: int = 1,
    start: np.ndarray | None = None,
    progress: Callable[[float], None] | None = None,
) -> Assignment:
    """Solve the core problem with a proven bound.

    Parameters
    ----------
    time_limit
        Seconds of wall time, inf for none. An answer that stops here may differ between machines.
    work_limit
        Nodes of the search tree; the same answer on every machine.
    gap
        Stop when the objective is proved to be within this fraction of the best.
    seed
        Seed of the solver.
    start
        A good choice of pairs to begin with (positions of pairs), if known.
    progress
        Told the seconds gone, about five times a second.

    Raises
    ------
    Infeasible
        If no choice keeps the hard limits.
    NoPlanFoundInTime
        If the limits ran out before any was found.
    """
    began = time.perf_counter()
    model = _Model(problem)
    params = mathopt.SolveParameters(
        time_limit=None if np.isinf(time_limit) else datetime.timedelta(seconds=max(time_limit, 0.0)),
        node_limit=work_limit,
        relative_gap_tolerance=gap,
        random_seed=seed,
    )
    hints = mathopt.ModelSolveParameters()
    if start is not None:
        hints.solution_hints.append(model.hint(start))
    result, interrupted = _solve_and_listen(model.model, params, hints, progress)
    seconds = time.perf_counter() - began
    if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
        raise Infeasible
    if not result.has_primal_feasible_solution():
        raise NoPlanFoundInTime(f"no plan found in {seconds:.1f} seconds; allow more time or relax a rule")
    bound = max(float(result.dual_bound()), problem.least_cost())
    return Assignment(model.chosen(result), _why(result, interrupted), bound, seconds, ENGINE)


class _Model:
    """The MathOpt model of a problem; one method a rule."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = mathopt.Model(name="assignment")
        self.x = [self.model.add_binary_variable() for _ in range(len(problem.cost))]
        self.objective: list[Any] = [
            mathopt.fast_sum(c * x for c, x in zip(problem.cost.tolist(), self.x, strict=True))
        ]
        self._give_every_unit_one_rep()
        self._keep_measures_within_limits()
        self._keep_budgets()
        self.model.minimize(mathopt.fast_sum(self.objective))

    def hint(self, chosen: np.ndarray) -> mathopt.SolutionHint:
        picked = set(chosen.tolist())
        return mathopt.SolutionHint(variable_values={x: float(p in picked) for p, x in enumerate(self.x)})

    def chosen(self, result: Any) -> np.ndarray:
        values = np.array(result.variable_values(self.x))
        best = np.lexsort((-values, self.problem.unit))
        first = np.searchsorted(self.problem.unit[best], np.arange(self.problem.units))
        return best[first]

    def _give_every_unit_one_rep(self) -> None:
        bounds = np.searchsorted(self.problem.unit, np.arange(self.problem.units + 1))
        for a, b in itertools.pairwise(bounds):
            self.model.add_linear_constraint(mathopt.fast_sum(self.x[a:b]) == 1.0)

    def _keep_measures_within_limits(self) -> None:
        for measure in self.problem.measures:
            parts: list[list[Any]] = [[] for _ in range(self.problem.reps)]
            for rep, amount, x in zip(self.problem.rep, measure.amount.tolist(), self.x, strict=True):
                parts[rep].append(amount * x)
            if measure.other is not None and measure.other_amount is not None:
                for rep, amount, x in zip(measure.other, measure.other_amount.tolist(), self.x, strict=True):
                    if rep >= 0 and amount != 0:
                        parts[rep].append(amount * x)
            for part, lower, upper in zip(parts, measure.lower, measure.upper, strict=True):
                self._limit(mathopt.fast_sum(part), lower, upper, measure.price)

    def _keep_budgets(self) -> None:
        for budget in self.problem.budgets:
            spent = mathopt.fast_sum(a * x for a, x in zip(budget.amount.tolist(), self.x, strict=True))
            self._limit(spent, -np.inf, budget.limit, budget.price)

    def _limit(self, load: Any, lower: float, upper: float, price: float) -> None:
        if np.isfinite(upper):
            self.model.add_linear_constraint(load - self._excess(price) <= upper)
        if np.isfinite(lower):
            self.model.add_linear_constraint(load + self._excess(price) >= lower)

    def _excess(self, price: float) -> Any:
        if not np.isfinite(price):
            return 0.0
        excess = self.model.add_variable(lb=0.0)
        self.objective.append(price * excess)
        return excess


def _solve_and_listen(
    model: Any, params: Any, hints: Any, progress: Callable[[float], None] | None
) -> tuple[Any, bool]:
    """Solve in a thread, so that Ctrl-C stops the solver and keeps the best found so far."""
    interrupter = SolveInterrupter()
    answer: list[Any] = []
    failure: list[BaseException] = []
    finished = threading.Event()

    def work() -> None:
        try:
            answer.append(
                mathopt.solve(
                    model,
                    mathopt.SolverType.HIGHS,
                    params=params,
                    model_params=hints,
                    interrupter=interrupter,
                )
            )
        except BaseException as error:
            failure.append(error)
        finally:
            finished.set()

    thread = threading.Thread(target=work, daemon=True)
    began = time.perf_counter()
    thread.start()
    interrupted = False
    # An event and not thread.join: interrupted there, a thread that still runs is taken for ended.
    while not finished.is_set():
        try:
            finished.wait(0.2)
            if progress is not None:
                progress(time.perf_counter() - began)
        except KeyboardInterrupt:
            interrupted = True
            interrupter.interrupt()
    if failure:
        raise failure[0]
    return answer[0], interrupted


def _why(result: Any, interrupted: bool) -> Status:
    if interrupted:
        return "interrupted"
    if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
        proved = result.dual_bound() >= result.objective_value() - 1e-6 * max(
            1.0, abs(result.objective_value())
        )
        return "optimal" if proved else "within gap"
    return "work limit" if result.termination.limit == mathopt.Limit.NODE else "time limit"
