"""One call for any assignment problem: choose the engine, bound, search, and say what was done and why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypedDict

import numpy as np

from optimizer.core.assignment import Assignment, Measure, Problem, only
from optimizer.core.bound import Bound, contradicts, holds, lower_bound
from optimizer.core.chains import chain
from optimizer.core.exact import Infeasible, solve
from optimizer.core.fair_assignment import assign_fairly
from optimizer.core.guide import reduced_costs
from optimizer.core.knapsack import knapsack_bound, still_open
from optimizer.core.neighborhoods import ITERATION_WORK, MIP_WORK, cross
from optimizer.core.rows import compile_rows
from optimizer.core.search import search
from optimizer.core.stopping import Progress, Watch, peak_memory
from scenarios.errors import NoPlanFoundInTime

Look = Callable[[Watch, int, np.ndarray | None], np.ndarray | None]

Engine = Literal["auto", "exact", "search"]

SMALL = 300
"""Pairs up to which a MIP solver alone is as good as anything."""

FEW, PROVABLE = 6_000, 30_000
"""Pairs up to which other bounds and a MIP solver take their turn: soon, or after part of the time."""

FEW_STEPS, FIRST_SEARCH = 5e5, 0.4
"""Steps of the search, and its share of the time, before that."""

LIFTING, LIFTING_WORK = 0.3, 2e9
"""Share of the time left, and work, that lifting the bound by knapsacks may take."""

AGAIN, AGAIN_STEPS = 0.6, 1e7
"""Share of the time left for another search, and its steps at most."""

CROSSING, PARENTS = 5.0, 5
"""Seconds at most to cross plans, and how many of the best are crossed."""

LONGER, MOST_AGAIN = 1.5, 12
"""Each search in vain makes the next one so much longer; so many in a row, and we stop."""

STEP_CELLS = 500
"""Cells of the knapsacks' dynamic programming that take about as long as a step of the search."""

MIP_SHARE, MIP_SECONDS = 0.3, 5e-4
"""Of the time left for a MIP solver where pairs are few, the search having the rest; and seconds a pair that
it needs at least to be of use where they are more."""

MOST_CHECKED = 2_000_000
"""Pairs up to which we look for a proof that there is no plan where we found none, whatever time is left."""

NODE_WORK = 20_000
"""What a node of the MIP solver's tree counts for, in steps of search."""

ROUGH = 1e-5
"""How near to the relaxation's optimum the bound is taken before the search begins, as a fraction."""


class Options(TypedDict, total=False):
    """What `assign` can be asked for, passed on by all that plan with it."""

    time_limit: float | None
    work_limit: float | None
    gap: float
    seed: int
    engine: Engine
    progress: Progress | None
    workers: int


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
    workers: int = 1,
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
        solver takes its turn after the search.
    progress
        Told best, bound, gap and seconds while it works.
    workers
        Processes that search parts of a large problem side by side (-1: one a core); where no time limit
        cuts, the answer is the same for any number. Not used with prices on unevenness. Inside
        `joblib.parallel_config("dask")` they are those of a Dask cluster.

    Raises
    ------
    Infeasible
        If the hard limits cannot hold together.
    NoPlanFoundInTime
        If the limits ran out before a choice was found that keeps them.
    """
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    limits = _Limits(time_limit, work_limit, gap, seed, workers)
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
    bound = lower_bound(toy)
    search(toy, bound, Watch(np.inf, 1e4, 0.0))
    chain(compile_rows(toy), np.arange(3), toy.cost, np.arange(0, 12, 3), 0, 1.0)
    knapsack_bound(toy, bound, work_limit=1e4)


@dataclass(frozen=True)
class _Limits:
    """What an answer may take, as in `assign`."""

    time_limit: float
    work_limit: float | None
    gap: float
    seed: int
    workers: int


def _look(
    problem: Problem, limits: _Limits, start: np.ndarray | None, watch: Watch, engine: Engine
) -> Assignment:
    """Bound, search under the prices of the bound, lift the bound, and let a MIP solver try where it can."""
    pairs = len(problem.cost)
    log = [
        f"Engine: search ({'asked for' if engine == 'search' else f'{pairs:,} pairs'}): a bound by interior "
        "point, then a search under its prices."
    ]

    def look(part: Watch, seed: int, known: np.ndarray | None) -> np.ndarray | None:
        found = search(problem, bound, part, seed=seed, start=known, workers=limits.workers)
        said = "no plan" if found is None else f"{problem.objective(found):,.0f}"
        log.append(f"The search found {said} ({watch.seconds:.1f} s).")
        return found

    bound = lower_bound(problem, tolerance=ROUGH, progress=lambda value: watch.tell(bound=value))
    watch.tell(bound=_rounded(problem, bound.value))
    log.append(f"The linear relaxation: no plan costs less than {bound.value:,.0f} ({watch.seconds:.1f} s).")
    if pairs <= MOST_CHECKED and not holds(problem, bound) and contradicts(compile_rows(problem)) is not None:
        raise Infeasible
    proof, by = bound, "search"
    if engine == "search" or pairs > PROVABLE:
        chosen = look(watch, limits.seed, start)
    else:
        chosen = look(watch.part(FIRST_SEARCH, FEW_STEPS if pairs <= FEW else np.inf), limits.seed, start)
        try:
            if watch.verdict() is None:
                proof = _lift(problem, bound, watch, log)
            enough = pairs <= FEW or watch.seconds_left >= MIP_SECONDS * pairs
            if watch.verdict() is None and enough:
                better = _try_mip(problem, bound, proof, chosen, limits, watch, log)
                by, chosen = ("search", chosen) if better is None else ("search, HiGHS", better)
            if chosen is not None:
                chosen = _search_again(problem, chosen, limits, watch, look)
        except KeyboardInterrupt:
            watch.interrupted = True
    if chosen is None:
        if pairs <= MOST_CHECKED and contradicts(compile_rows(problem)) is not None:
            raise Infeasible
        raise NoPlanFoundInTime(
            f"no plan found in {watch.seconds:.1f} seconds; allow more time or relax a rule"
        )
    return Assignment(
        chosen=chosen,
        owner=problem.rep[chosen],
        cost=problem.objective(chosen),
        bound=min(watch.bound, watch.best),
        status=watch.verdict() or "stopped improving",
        seconds=watch.seconds,
        engine=by,
        memory=peak_memory(),
        certificate=proof.certificate,
        log=tuple(log),
    )


def _search_again(
    problem: Problem, chosen: np.ndarray, limits: _Limits, watch: Watch, look: Look
) -> np.ndarray:
    """Search from the beginning and from the best plan in turns, and cross what is found with the best."""
    turn, vain = 0, 0
    plans = [chosen]
    while watch.verdict() is None and vain < MOST_AGAIN:
        turn += 1
        best = watch.best
        part = watch.part(AGAIN, AGAIN_STEPS * LONGER**vain)
        found = look(part, limits.seed + turn, plans[0] if turn % 2 == 0 else None)
        if found is not None:
            plans = sorted([*plans, found], key=problem.objective)[:PARENTS]
            crossed = cross(problem, plans, seconds=min(watch.seconds_left, CROSSING))
            watch.work += MIP_WORK + ITERATION_WORK * crossed.iterations
            if crossed.chosen is not None and problem.objective(crossed.chosen) < watch.best:
                plans = [crossed.chosen, *plans[: PARENTS - 1]]
            watch.tell(best=problem.objective(plans[0]))
        vain = 0 if watch.best < best else vain + 1
    return plans[0]


def _whole(problem: Problem) -> bool:
    """Say whether every plan costs a whole number."""
    prices = [measure.price for measure in problem.measures] + [budget.price for budget in problem.budgets]
    return not (problem.fairness or np.isfinite(prices).any() or (problem.cost % 1 != 0).any())


def _rounded(problem: Problem, bound: float) -> float:
    """Round a bound up where every plan costs a whole number."""
    return float(np.ceil(bound - 1e-6 * max(1.0, abs(bound)))) if _whole(problem) else bound


def _lift(problem: Problem, bound: Bound, watch: Watch, log: list[str]) -> Bound:
    """Lift the bound by knapsacks, where customers are large for their rep's book."""
    lifted = knapsack_bound(
        problem,
        bound,
        best=watch.best,
        time_limit=LIFTING * watch.seconds_left,
        work_limit=min(LIFTING_WORK, STEP_CELLS * LIFTING * (watch.work_limit - watch.work)),
        progress=lambda value: watch.tell(bound=value),
    )
    if lifted is None:
        return bound
    if np.isinf(lifted.value):
        raise Infeasible
    watch.tell(bound=_rounded(problem, lifted.value))
    log.append(f"With whole books: no plan costs less than {lifted.value:,.0f} ({watch.seconds:.1f} s).")
    return lifted


def _prove(
    problem: Problem, limits: _Limits, start: np.ndarray | None, watch: Watch, log: tuple[str, ...]
) -> Assignment:
    """Let a MIP solver find the plan and prove it."""
    left = watch.work_limit - watch.work
    nodes = None if np.isinf(left) else max(int(left / NODE_WORK), 1)
    answer = solve(
        problem,
        time_limit=watch.seconds_left,
        work_limit=nodes,
        gap=limits.gap,
        seed=limits.seed,
        start=start,
        progress=watch.relay,
    )
    watch.work += NODE_WORK * answer.nodes
    return replace(answer, seconds=watch.seconds, memory=peak_memory(), log=(*log, *answer.log))


def _try_mip(
    problem: Problem,
    bound: Bound,
    proof: Bound,
    chosen: np.ndarray | None,
    limits: _Limits,
    watch: Watch,
    log: list[str],
) -> np.ndarray | None:
    """Let a MIP solver better and prove a plan, on the pairs that a better plan could use.

    A pair whose reduced cost lifts the linear relaxation's bound above the plan's cost is in no better plan,
    nor is one that costs the books of the lifted bound as much.
    """
    keep = np.ones(len(problem.cost), dtype=bool)
    start = None
    if chosen is not None:
        rows = compile_rows(problem)
        reduced = reduced_costs(rows, rows.prices(problem, bound.certificate))
        most = watch.best - (1.0 - 1e-6 if _whole(problem) else 0.0)
        keep = reduced <= (most - bound.value) * (1 + 1e-9) + 1e-9
        keep &= still_open(problem, proof.certificate, most)
        keep[chosen] = True
        start = np.searchsorted(np.flatnonzero(keep), chosen)
    log.append(f"HiGHS goes on with {keep.sum():,} pairs.")
    part = watch.part(MIP_SHARE) if len(problem.cost) <= FEW and chosen is not None else watch
    try:
        answer = _prove(only(problem, keep), limits, start, part, ())
    except (NoPlanFoundInTime, RuntimeError) as error:  # the last: a solver that gave up
        log.append(f"HiGHS found nothing: {error}.")
        return None
    finally:
        watch.work = part.work
    log += answer.log
    if answer.status == "interrupted":
        watch.interrupted = True
    watch.tell(best=answer.cost, bound=min(answer.bound, answer.cost))
    return np.flatnonzero(keep)[answer.chosen]
