"""The exact engine: the core problem as a mixed-integer program, solved by HiGHS, SCIP or CP-SAT of OR-Tools.

Whatever a solver says, the cost of an answer is recomputed from the problem's arrays. An answer that breaks a
hard limit by more than `CLOSE_ENOUGH` is not given out: the limit is tightened and the problem solved again.
"""

import time
from dataclasses import dataclass, replace

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.core.assignment import Assignment, Measure, Problem
from optimizer.core.certificate import Certificate
from optimizer.core.mip import Program, write_program
from optimizer.core.result import Status
from optimizer.core.solvers import (
    IMPOSSIBLE,
    Effort,
    Found,
    Progress,
    Solver,
    Watch,
    ask_cp_sat,
    ask_mathopt,
    duration,
    run_mathopt,
    write_mathopt,
)
from optimizer.core.stopping import peak_memory
from scenarios.errors import NoPlanFoundInTime

ENGINES = {"highs": "MathOpt HiGHS", "scip": "MathOpt SCIP", "cp-sat": "CP-SAT"}

MOST_ROUNDS = 12
"""Again where an answer broke a hard limit, or where its unevenness costs more than its tangents say."""


class Infeasible(Exception):
    """The hard limits of the problem cannot hold together."""


@dataclass(frozen=True, eq=False)
class LinearOptimum:
    """The best of the linear relaxation, where a unit may be shared among reps.

    Parameters
    ----------
    value
        Its objective: no choice costs less.
    certificate
        Prices of the limits.
    fairness
        Prices of the fairness terms, in the problem's order: money for one more unit of load, by rep. They
        add to the price of the measure's limits.
    """

    value: float
    certificate: Certificate
    fairness: tuple[np.ndarray, ...] = ()


def solve(
    problem: Problem,
    *,
    solver: Solver = "highs",
    time_limit: float = 60.0,
    work_limit: float | None = None,
    gap: float = 5e-3,
    seed: int = 1,
    start: np.ndarray | None = None,
    progress: Progress | None = None,
    threads: int = 1,
) -> Assignment:
    """Solve the core problem with a proven bound.

    Parameters
    ----------
    solver
        "highs", "scip" or "cp-sat".
    time_limit
        Seconds of wall time, inf for none. An answer that stops here may differ between machines. With 0 a
        start that keeps the hard limits comes back as it is.
    work_limit
        Nodes of the search tree; with CP-SAT its deterministic time, roughly seconds. The same answer on
        every machine.
    gap
        Stop when the objective is proved to be within this fraction of the best.
    seed
        Seed of the solver.
    start
        A good choice to begin with (position of a pair for each unit), if known; it may break limits. No
        answer is worse than a start that keeps them.
    progress
        Told about five times a second: the least cost found, the bound, the gap between them (None where not
        yet known) and the seconds gone. From HiGHS there is no news of the first three on the way.
    threads
        Workers of CP-SAT; the others decide by themselves.

    Raises
    ------
    Infeasible
        If no choice keeps the hard limits.
    NoPlanFoundInTime
        If the limits ran out before any was found.
    """
    effort = Effort(time_limit, work_limit, gap, seed, threads)
    return _Search(problem, solver, effort, start, Watch(progress)).run()


def relax(problem: Problem, *, time_limit: float = 60.0) -> LinearOptimum:
    """Solve the linear relaxation by GLOP, for its prices: the judge of faster methods.

    Raises
    ------
    Infeasible
        If not even shared units keep the hard limits.
    NoPlanFoundInTime
        If the time ran out.
    """
    program = write_program(problem)
    model = write_mathopt(program, whole=False)
    parameters = mathopt.SolveParameters(time_limit=duration(time_limit))
    result = run_mathopt(model, mathopt.SolverType.GLOP, parameters, [], Watch())
    if result.termination.reason in IMPOSSIBLE:
        raise Infeasible
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise NoPlanFoundInTime("the linear relaxation was not solved in time; allow more time")
    price = -np.array(result.dual_values(list(model.linear_constraints())))[problem.units :]
    measures = {m.name: _prices(program, price, k, m) for k, m in enumerate(problem.measures)}
    budgets = {}
    for k, budget in enumerate(problem.budgets, len(problem.measures)):
        paid = float(price[program.source == k].sum())
        budgets[budget.name] = min(max(paid, 0.0), budget.price)
    fairness = tuple(_unevenness(program, price, k) for k in range(len(problem.fairness)))
    return LinearOptimum(float(result.objective_value()), Certificate(measures, budgets), fairness)


class _Search:
    """One search: the rounds of a solver, the best choice so far and what is proved."""

    def __init__(
        self, problem: Problem, solver: Solver, effort: Effort, start: np.ndarray | None, watch: Watch
    ) -> None:
        self.problem, self.solver, self.effort, self.start, self.watch = problem, solver, effort, start, watch
        self.best: np.ndarray | None = None
        self.cost, self.bound = np.inf, problem.least_cost()
        self.log: list[str] = []
        self.iterations = self.nodes = 0
        if start is not None:
            self._offer(start)

    def run(self) -> Assignment:
        ended: str = "time limit"
        model = self.problem if self.best is None else _widen(self.problem, self.best)
        seen: list[np.ndarray] = []
        tightened = False
        for _ in range(MOST_ROUNDS):
            left = self.effort.time_limit - (time.perf_counter() - self.watch.began)
            if left <= 0:
                break
            found = self._ask(model, seen, replace(self.effort, time_limit=left))
            ended = found.ended
            if ended == "infeasible" and self.best is None and not tightened:
                raise Infeasible
            if not tightened:
                self.bound = max(self.bound, found.bound)
            if found.chosen is None:
                break
            cost = self._offer(found.chosen)
            if ended != "proved" or self.watch.interrupted:
                break
            if np.isinf(cost):
                self.log.append("An answer broke a hard limit; solved again with that limit tightened.")
                model, tightened = _tighten(model, self.problem, found.chosen), True
                continue
            if tightened or self._proved(self.effort.gap) or not self.problem.fairness:
                break
            # A tangent plane over all reps is a row CP-SAT takes forever on: it counts step by step.
            if self.solver == "cp-sat" or any(np.array_equal(found.chosen, other) for other in seen):
                break
            self.log.append("Unevenness cost more than its tangents said; solved again with further ones.")
            seen.append(found.chosen)
        return self._answer(ended)

    def _ask(self, model: Problem, seen: list[np.ndarray], effort: Effort) -> Found:
        began = time.perf_counter()
        program = write_program(model, seen)
        start = self.start if self.best is None else self.best
        hint = None if start is None else np.isin(np.arange(program.pairs), start)
        solver = ask_cp_sat if self.solver == "cp-sat" else ask_mathopt
        found = solver(program, self.solver, effort, hint, self.watch)
        self.iterations += found.iterations
        self.nodes += found.nodes
        self.log.append(
            f"{ENGINES[self.solver]}: {program.pairs:,} pairs and {len(program.row_lower):,} limits, "
            f"{time.perf_counter() - began:.2f} seconds."
        )
        return found

    def _offer(self, chosen: np.ndarray) -> float:
        """Keep a choice if it is the best so far; give its cost."""
        cost = self.problem.objective(chosen)
        if cost < self.cost:
            self.best, self.cost = chosen, cost
        self.watch.learn(self.cost, self.bound)
        return cost

    def _proved(self, gap: float) -> bool:
        return self.cost - self.bound <= gap * abs(self.cost) + 1e-6 * max(1.0, abs(self.cost))

    def _answer(self, ended: str) -> Assignment:
        seconds = time.perf_counter() - self.watch.began
        if self.best is None:
            raise NoPlanFoundInTime(
                f"no plan found in {seconds:.1f} seconds; allow more time or relax a rule"
            )
        status: Status
        if self.watch.interrupted:
            status = "interrupted"
        elif self._proved(0.0):
            status = "optimal"
        elif self._proved(self.effort.gap):
            status = "within gap"
        else:
            # Rounds that ran out are a limit of work.
            status = "time limit" if ended == "time limit" else "work limit"
        return Assignment(
            chosen=self.best,
            owner=self.problem.rep[self.best],
            cost=self.cost,
            bound=float(min(self.bound, self.cost)),
            status=status,
            seconds=seconds,
            engine=ENGINES[self.solver],
            memory=peak_memory(),
            log=tuple(self.log),
            iterations=self.iterations,
            nodes=self.nodes,
        )


def _widen(problem: Problem, kept: np.ndarray) -> Problem:
    """Let a choice that counts as keeping the hard limits keep them to the last digit."""
    measures = []
    for measure in problem.measures:
        load = problem.loads(measure, kept)
        lower, upper = np.minimum(measure.lower, load), np.maximum(measure.upper, load)
        measures.append(replace(measure, lower=lower, upper=upper) if np.isinf(measure.price) else measure)
    budgets = [
        replace(b, limit=max(b.limit, float(b.amount[kept].sum()))) if np.isinf(b.price) else b
        for b in problem.budgets
    ]
    return replace(problem, measures=tuple(measures), budgets=tuple(budgets))


def _tighten(model: Problem, truth: Problem, broken: np.ndarray) -> Problem:
    """Ask for twice as much more as a choice breaks the true hard limits by."""
    measures = []
    for measure, true in zip(model.measures, truth.measures, strict=True):
        load = truth.loads(true, broken)
        upper = np.where(load > true.upper, np.minimum(measure.upper, 2 * true.upper - load), measure.upper)
        lower = np.where(load < true.lower, np.maximum(measure.lower, 2 * true.lower - load), measure.lower)
        measures.append(replace(measure, lower=lower, upper=upper) if np.isinf(true.price) else measure)
    budgets = []
    for budget, limit in zip(model.budgets, (b.limit for b in truth.budgets), strict=True):
        spent = float(budget.amount[broken].sum())
        tight = np.isinf(budget.price) and spent > limit
        budgets.append(replace(budget, limit=min(budget.limit, 2 * limit - spent)) if tight else budget)
    return replace(model, measures=tuple(measures), budgets=tuple(budgets))


def _prices(program: Program, price: np.ndarray, source: int, measure: Measure) -> np.ndarray:
    """Add up the prices of a measure's limits by rep; rounding may not price a limit that is not there."""
    mine = program.source == source
    paid = np.bincount(program.seat[mine], price[mine], program.problem.reps)
    least = np.where(np.isfinite(measure.lower), -measure.price, 0.0)
    most = np.where(np.isfinite(measure.upper), measure.price, 0.0)
    return np.clip(paid, least, most)


def _unevenness(program: Program, price: np.ndarray, position: int) -> np.ndarray:
    load = program.loads[program.problem.fairness[position].measure]
    mine = program.source == -2 - position
    return np.asarray(program.matrix[mine][:, load].T @ price[mine])
