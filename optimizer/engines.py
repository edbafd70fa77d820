"""One call for any assignment problem: choose the engine, bound, search, and say what was done and why."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from optimizer.assignment import Assignment, Measure, Problem, only
from optimizer.bound import Bound, contradicts, lower_bound
from optimizer.exact import Infeasible, solve
from optimizer.fair_assignment import assign_fairly
from optimizer.result import Status
from optimizer.rows import compile_rows
from optimizer.search import reduced_costs, search
from optimizer.stopping import Progress, Watch, peak_memory
from scenarios.errors import NoPlanFoundInTime

Engine = Literal["auto", "exact", "search"]

SMALL = 300
"""Pairs up to which a MIP solver alone is as good as anything."""

LUMPY, PROVABLE = 6_000, 30_000
"""Pairs up to which a MIP solver has the last word after the search: soon, or after half of the time."""

FEW_STEPS, HALF = 2e6, 0.5
"""Steps and share of the time of the search then."""

NODE_WORK = 20_000
"""What a node of the MIP solver's tree counts for, in steps of search."""

ROUGH = 1e-5
"""How near to the relaxation's optimum the bound is taken before the search begins, as a fraction."""


def assign(
    problem: Problem,
    *,
    time_limit: float | None = None,
    work_limit: float | None = None,
    gap: float = 5e-3,
    seed: int = 1,
    start: np.ndarray | None = None,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Assignment:
    """Give every unit one rep at the least cost, with a proven bound.

    Parameters
    ----------
    time_limit
        Seconds of wall time; None: 60, or unlimited where there is a work limit. Compiling at the very first
        use does not count.
    work_limit
        Steps of the search; the same answer on every machine. A node of a MIP solver's tree counts as 20,000.
    gap
        Good enough: stop when proved to be within this fraction of the best.
    seed
        Seed of the search.
    start
        A choice to begin with (position of a pair for each unit), such as today's book or an edited plan.
    engine
        "exact" (MIP), "search" (bound, annealing, neighborhoods) or "auto": by size; up to 30,000 pairs a MIP
        solver has the last word after the search.
    progress
        Told best, bound, gap and seconds while it works.

    Raises
    ------
    Infeasible
        If the hard limits cannot hold together.
    NoPlanFoundInTime
        If the limits ran out before a choice was found that keeps them.
    """
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    limits = _Limits(time_limit, work_limit, gap, seed)
    _load_kernels()
    watch = Watch(time_limit, work_limit, gap, progress)
    pairs = len(problem.cost)
    if engine == "exact" or (engine == "auto" and pairs <= SMALL):
        why = "asked for" if engine == "exact" else f"{pairs:,} pairs are few enough for a MIP solver alone"
        return _prove(problem, limits, start, watch, (f"Engine: exact ({why}).",))
    if problem.fairness:
        return assign_fairly(
            problem,
            time_limit=time_limit,
            work_limit=work_limit,
            gap=gap,
            seed=seed,
            start=start,
            progress=progress,
        )
    return _look(problem, limits, start, watch, engine)


@cache
def _load_kernels() -> None:
    """Compile the kernels on a toy problem (the first time ever: some seconds), before any clock runs."""
    unit, rep = np.divmod(np.arange(12), 3)
    hours = Measure("hours", np.ones(12), np.zeros(3), np.full(3, 2.0))
    toy = Problem(4, 3, unit, rep, (unit * 5 + rep * 3) % 7.0, (hours,))
    search(toy, lower_bound(toy), Watch(np.inf, 1e4, 0.0))


@dataclass(frozen=True)
class _Limits:
    """What an answer may take, as in `assign`."""

    time_limit: float
    work_limit: float | None
    gap: float
    seed: int


def _look(
    problem: Problem, limits: _Limits, start: np.ndarray | None, watch: Watch, engine: Engine
) -> Assignment:
    """Bound, search under the prices of the bound, and let a MIP solver have the last word where it can."""
    why = "asked for" if engine == "search" else f"{len(problem.cost):,} pairs"
    log = [f"Engine: search ({why}): a bound by interior point, then a search under its prices."]
    bound = lower_bound(problem, tolerance=ROUGH, progress=lambda value: watch.tell(bound=value))
    watch.tell(bound=bound.value)
    log.append(f"The linear relaxation: no plan costs less than {bound.value:,.0f} ({watch.seconds:.1f} s).")
    last_word = engine == "auto" and len(problem.cost) <= PROVABLE
    part = watch if not last_word else watch.part(HALF, FEW_STEPS if len(problem.cost) <= LUMPY else np.inf)
    chosen = search(problem, bound, part, seed=limits.seed, start=start)
    found = "no plan" if chosen is None else f"{problem.objective(chosen):,.0f}"
    log.append(f"The search found {found} ({watch.seconds:.1f} s).")
    if last_word and watch.verdict() is None:
        return _last_word(problem, bound, chosen, limits, watch, tuple(log))
    if chosen is None:
        if contradicts(compile_rows(problem)) is not None:
            raise Infeasible
        raise NoPlanFoundInTime(
            f"no plan found in {watch.seconds:.1f} seconds; allow more time or relax a rule"
        )
    return _answer(
        problem, chosen, watch, watch.verdict() or "stopped improving", "search", bound, tuple(log)
    )


def _prove(
    problem: Problem, limits: _Limits, start: np.ndarray | None, watch: Watch, log: tuple[str, ...]
) -> Assignment:
    """Let a MIP solver find the plan and prove it."""
    nodes = None if limits.work_limit is None else max(int((limits.work_limit - watch.work) / NODE_WORK), 1)
    answer = solve(
        problem,
        time_limit=watch.seconds_left,
        work_limit=nodes,
        gap=limits.gap,
        seed=limits.seed,
        start=start,
        progress=watch.relay,
    )
    return replace(answer, seconds=watch.seconds, memory=peak_memory(), log=(*log, *answer.log))


def _last_word(
    problem: Problem,
    bound: Bound,
    chosen: np.ndarray | None,
    limits: _Limits,
    watch: Watch,
    log: tuple[str, ...],
) -> Assignment:
    """Let a MIP solver better and prove a plan, on the pairs that a better plan could use.

    A pair whose reduced cost lifts the bound above the plan's cost is in no better plan.
    """
    keep = np.ones(len(problem.cost), dtype=bool)
    if chosen is not None:
        rows = compile_rows(problem)
        reduced = reduced_costs(rows, rows.prices(problem, bound.certificate))
        keep = reduced <= (watch.best - bound.value) * (1 + 1e-9) + 1e-9
        keep[chosen] = True
    few = only(problem, keep)
    start = None if chosen is None else np.searchsorted(np.flatnonzero(keep), chosen)
    answer = _prove(few, limits, start, watch, (*log, f"HiGHS goes on with {keep.sum():,} pairs."))
    watch.tell(best=answer.cost, bound=min(answer.bound, answer.cost))
    chosen = np.flatnonzero(keep)[answer.chosen]
    return _answer(
        problem,
        chosen,
        watch,
        watch.verdict() or answer.status,
        f"search, {answer.engine}",
        bound,
        answer.log,
    )


def _answer(
    problem: Problem,
    chosen: np.ndarray,
    watch: Watch,
    status: Status,
    engine: str,
    bound: Bound,
    log: tuple[str, ...],
) -> Assignment:
    return Assignment(
        chosen=chosen,
        owner=problem.rep[chosen],
        cost=problem.objective(chosen),
        bound=watch.bound,
        status=status,
        seconds=watch.seconds,
        engine=engine,
        memory=peak_memory(),
        certificate=bound.certificate,
        log=log,
    )
