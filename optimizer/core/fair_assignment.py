"""Assignment with a price on unevenness, at any size: a bound, then whole plans near the loads it promises.

Any notion is turned into limits the search engine knows. What adds up one curve a rep becomes limits at a
price, one for each bend. What compares reps with each other becomes hard limits around the loads of the
relaxation, as wide as costs little; several widths are tried and each plan judged by the true objective. Then
a MIP solver that knows the term itself betters one neighborhood after the other.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from optimizer.core.assignment import Assignment, Measure, Problem
from optimizer.core.bound import contradicts, lower_bound
from optimizer.core.exact import Infeasible, solve
from optimizer.core.fair_bound import FairBound, amounts_at, fair_bound, shared_loads
from optimizer.core.fairness import CURVES, Fairness
from optimizer.core.guide import WIDE_CORE, reduced_costs
from optimizer.core.neighborhoods import NODES, Neighborhood, around, neighbors
from optimizer.core.rows import compile_rows
from optimizer.core.search import NARROW, NEIGHBORHOOD_WORK, STEPS_A_UNIT, WIDE, search
from optimizer.core.stopping import Progress, Watch
from scenarios.errors import NoPlanFoundInTime

WIDTHS = (0.004, 0.012, 0.001)
"""By how much u of one rep may pass what the relaxation promises, where nothing else worsens unevenness."""

BENDS = (0.0, 0.02, 0.1)
"""Distances of u from the relaxation's at which a curve bends in the search."""

MOST_COMPARED = 60
"""Reps up to which a neighborhood's program compares all of them with each other."""


def assign_fairly(
    problem: Problem,
    *,
    time_limit: float = 60.0,
    work_limit: float | None = None,
    gap: float = 5e-3,
    seed: int = 1,
    start: np.ndarray | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """Give every unit one rep at the least cost, price of unevenness included, with a proven bound.

    Parameters
    ----------
    time_limit, work_limit, gap, seed, start, progress
        As in `optimizer.core.engines.assign`.

    Raises
    ------
    Infeasible
        If the hard limits cannot hold together.
    NoPlanFoundInTime
        If the limits ran out before a choice was found that keeps the hard limits.
    """
    watch = Watch(time_limit, work_limit, gap, progress)
    bound = fair_bound(problem)
    watch.tell(bound=bound.value)
    log = [f"Prices on loads bound the objective from below by {bound.value:,.0f} ({watch.seconds:.1f} s)."]
    run = _Run(problem, bound, watch, seed, start)
    try:
        run.search_near()
        run.improve()
    except KeyboardInterrupt:
        watch.interrupted = True
    if run.best is None:
        if contradicts(compile_rows(replace(problem, fairness=()))) is not None:
            raise Infeasible
        raise NoPlanFoundInTime(
            f"no plan found in {watch.seconds:.1f} seconds; allow more time or relax a rule"
        )
    return Assignment(
        chosen=run.best,
        owner=problem.rep[run.best],
        cost=problem.objective(run.best),
        bound=min(watch.bound, watch.best),
        status=watch.verdict() or "stopped improving",
        seconds=watch.seconds,
        engine="search",
        certificate=bound.certificate,
        log=(*log, *run.log),
    )


def near(problem: Problem, bound: FairBound, width: float) -> Problem:
    """Write limits in the place of fairness terms, around the loads of the relaxation.

    Parameters
    ----------
    width
        How far limits lie outside, as in `WIDTHS`.
    """
    measures, cost = list(problem.measures), problem.cost.astype(float)
    for number, term in enumerate(problem.fairness):
        measure = problem.measure(term.measure)
        u = shared_loads(problem, measure, bound.share) / term.share
        if term.notion in CURVES:
            slope = term.price * term.gradient(u * term.share)
            cost = cost + amounts_at(problem, measure, slope)
            measures += _bends(measure, problem, term, u, number)
        elif term.notion == "mean deviation":
            even = np.ones(problem.reps)
            by_share = _times(problem, measure, 1 / term.share, f"{measure.name} {number}")
            measures.append(replace(by_share, lower=even, upper=even, price=term.price / problem.reps))
        else:
            low, high = _band(term, u, width)
            limits = Measure(f"{measure.name} {number}", measure.amount, low * term.share, high * term.share)
            measures.append(replace(limits, other=measure.other, other_amount=measure.other_amount))
    return replace(problem, cost=cost, measures=tuple(measures), fairness=())


def _bends(measure: Measure, problem: Problem, term: Fairness, u: np.ndarray, number: int) -> list[Measure]:
    """Price the distance from the tangent at u: beyond each bend the curve's slope halfway to the next."""
    distance = np.array([*BENDS, 2 * BENDS[-1]])
    found = []
    for sign in (1.0, -1.0):
        slope = sign * term.gradient(u * term.share)
        for here, there in pairwise(distance):
            middle = np.maximum(u + sign * (here + there) / 2, 0.0)
            after = sign * term.gradient(middle * term.share)
            # Money a unit of load: the row is money, so its price is 1.
            steeper = term.price * np.maximum(after - slope, 0.0)
            row = _times(problem, measure, steeper, f"{measure.name} {number} {sign * here:+g}")
            limit = (u + sign * here) * term.share * steeper
            none = np.full(problem.reps, np.inf)
            lower, upper = (-none, limit) if sign > 0 else (limit, none)
            found.append(replace(row, lower=lower, upper=upper, price=1.0))
            slope = np.maximum(after, slope)
    return found


def _times(problem: Problem, measure: Measure, factor: np.ndarray, name: str) -> Measure:
    """Count a measure in another unit for each rep."""
    other = measure.other_amount
    if other is not None and measure.other is not None:
        other = other * factor[np.maximum(measure.other, 0)]
    return replace(measure, name=name, amount=measure.amount * factor[problem.rep], other_amount=other)


def _band(term: Fairness, u: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Find how far each u alone may go until unevenness grows by `width` at the term's steepest."""
    plain = replace(term, price=1.0)
    steepest = float(np.abs(plain._slope(np.arange(len(u)) + 2.0)).max()) or 1.0
    enough = plain.value(u * term.share) + width * steepest
    sides = []
    for sign in (-1.0, 1.0):
        reached = np.zeros(len(u))
        for j in range(len(u)):
            step = 4.0
            at = u.copy()
            while step > width / 8:
                at[j] = u[j] + sign * (reached[j] + step)
                if plain.value(at * term.share) <= enough:
                    reached[j] += step
                step /= 2
        sides.append(u + sign * reached)
    return sides[0], sides[1]


class _Run:
    """One search: the best choice so far by the true objective."""

    def __init__(
        self, problem: Problem, bound: FairBound, watch: Watch, seed: int, start: np.ndarray | None
    ) -> None:
        self.problem, self.bound, self.watch, self.seed = problem, bound, watch, seed
        self.best: np.ndarray | None = None
        self.log: list[str] = []
        self.compared = any(fair.notion not in (*CURVES, "mean deviation") for fair in problem.fairness)
        if start is not None:
            self.offer(start)

    def offer(self, chosen: np.ndarray) -> bool:
        cost = self.problem.objective(chosen)
        better = cost < self.watch.best
        if better:
            self.best = chosen.copy()
            self.watch.tell(best=cost)
        return better

    def search_near(self) -> None:
        """Search whole plans near the relaxation's loads, within limits of several widths."""
        widths = WIDTHS if self.compared else WIDTHS[:1]
        polish = self.compared and self.problem.reps <= MOST_COMPARED
        for turn, width in enumerate(widths):
            if self.watch.verdict() is not None:
                return
            last = not polish and turn == len(widths) - 1
            self._search_within(width, self.watch.seconds_left * (1.0 if last else 0.3), last)
            if turn == 0 and self.best is None:  # The band may hold no whole plan at all.
                self._search_within(10 * width, self.watch.seconds_left * 0.3, False)

    def _search_within(self, width: float, seconds: float, last: bool) -> None:
        part = near(self.problem, self.bound, width)
        left = self.watch.work_limit - self.watch.work
        once = 1.2 * STEPS_A_UNIT * self.problem.units
        work = left if last else min(left, once)
        inner = Watch(seconds, work if np.isfinite(work) else None, 0.0)
        limit = lower_bound(part)
        inner.tell(bound=limit.value)
        chosen = search(part, limit, inner, seed=self.seed, start=self.best)
        self.watch.work += inner.work
        self.watch.interrupted |= inner.interrupted
        if chosen is not None and self.offer(chosen):
            self.log.append(f"Within {width:g} of the promised loads: {self.watch.best:,.0f}.")

    def improve(self) -> None:
        """Better one neighborhood after the other, unevenness as it is."""
        problem, watch = self.problem, self.watch
        if not self.compared or problem.reps > MOST_COMPARED:
            return
        cost = problem.cost.astype(float)
        for term, price in zip(problem.fairness, self.bound.prices, strict=True):
            cost = cost + amounts_at(problem, problem.measure(term.measure), price)
        rows = compile_rows(replace(problem, cost=cost, fairness=()))
        reduced = reduced_costs(rows, rows.prices(problem, self.bound.certificate))
        mean = max(abs(self.bound.value) / max(problem.units, 1), 1e-9)
        keep = reduced <= WIDE_CORE * mean
        shared, rng = neighbors(rows, keep, self.problem.reps), np.random.default_rng(self.seed)
        width, vain = NARROW, 0
        while watch.verdict() is None and self.best is not None and vain < 10 * WIDE:
            loss = np.bincount(rows.rep[self.best], reduced[self.best], problem.reps)
            loss += 1e-3 * loss.mean() + 1e-9
            center = int(rng.choice(len(loss), p=loss / loss.sum()))
            part = around(rows, keep, self.best, shared, center, width, loss, rng)
            better = _choose_anew(problem, self.best, part, min(watch.seconds_left, 3.0))
            watch.work += NEIGHBORHOOD_WORK
            vain = 0 if better is not None and self.offer(better) else vain + 1
            width = min(NARROW + vain // 10, WIDE)
            watch.tell()


def _choose_anew(
    problem: Problem, chosen: np.ndarray, part: Neighborhood, seconds: float
) -> np.ndarray | None:
    """Choose anew within a neighborhood; the rest of each rep's book is one locked unit."""
    if not len(part.units) or seconds <= 0:
        return None
    small = _with_books(problem, chosen, part)
    reps = np.arange(problem.reps)
    start = np.concatenate((np.searchsorted(part.pairs, chosen[part.units]), len(part.pairs) + reps))
    try:
        answer = solve(small, time_limit=seconds, work_limit=NODES, gap=1e-6, start=start)
    except (Infeasible, NoPlanFoundInTime):
        return None
    if answer.status == "interrupted":
        raise KeyboardInterrupt
    changed = chosen.copy()
    changed[part.units] = part.pairs[answer.chosen[: len(part.units)]]
    return changed


def _with_books(problem: Problem, chosen: np.ndarray, part: Neighborhood) -> Problem:
    fixed = np.ones(problem.units, dtype=bool)
    fixed[part.units] = False
    rest, pairs, reps = chosen[fixed], part.pairs, np.arange(problem.reps)
    measures = []
    for measure in problem.measures:
        other, also = measure.other, measure.other_amount
        if other is not None and also is not None:
            other, also = np.append(other[pairs], 0 * reps - 1), np.append(also[pairs], 0.0 * reps)
        amount = np.append(measure.amount[pairs], problem.loads(measure, rest))
        measures.append(replace(measure, amount=amount, other=other, other_amount=also))
    budgets = [
        replace(b, amount=np.append(b.amount[pairs], 0.0 * reps), limit=b.limit - float(b.amount[rest].sum()))
        for b in problem.budgets
    ]
    unit = np.append(np.searchsorted(part.units, problem.unit[pairs]), len(part.units) + reps)
    return replace(
        problem, units=len(part.units) + problem.reps, unit=unit, rep=np.append(problem.rep[pairs], reps),
        cost=np.append(problem.cost[pairs], 0.0 * reps), measures=tuple(measures), budgets=tuple(budgets),
    )  # fmt: skip
