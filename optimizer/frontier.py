"""What one goal costs in terms of another: plans along a trade-off, each with a bound of its own.

The epsilon-constraint method (Haimes, Lasdon, Wismer 1971): one goal is held at a row of levels, the cost is
minimized at each. From tight to wide, so that each plan is a start for the next and costs can only fall.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from optimizer.assignment import Assignment, Budget, Problem
from optimizer.bound import contradicts, lower_bound
from optimizer.engines import SMALL, assign
from optimizer.exact import Infeasible
from optimizer.fairest import deviations, within
from optimizer.rows import compile_rows
from optimizer.search import NEIGHBORHOOD_WORK, STEPS_A_UNIT, search
from optimizer.stopping import Progress, Watch, peak_memory
from scenarios.errors import NoPlanExists, NoPlanFoundInTime

WIDEST, TIGHTEST = 0.30, 0.004
"""Deviations from the fair load between which a frontier goes unless told otherwise."""

FIRST = 3.0
"""How many times as long as at other points a first plan is looked for."""

ROUNDS = 6
"""Seeds tried for it."""

ENOUGH = 5e-4
"""A gap that ends the search at a point."""


class Axis(Protocol):
    """A goal that can be held at a level: the lower, the harder."""

    def within(self, problem: Problem, level: float) -> Problem:
        """Add the limit to a problem."""

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Say at which level a choice stands."""

    def levels(self, problem: Problem, points: int) -> np.ndarray:
        """Propose levels, widest first."""


@dataclass(frozen=True, eq=False)
class Evenness:
    """The largest |load / share - 1| of a measure. The measure's own limits hold as well."""

    measure: str
    share: np.ndarray

    def within(self, problem: Problem, level: float) -> Problem:
        """Keep every rep within the level of its share."""
        return within(problem, self.measure, self.share, level)

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Give the largest deviation."""
        return float(deviations(problem, self.measure, self.share, chosen).max(initial=0.0))

    def levels(self, problem: Problem, points: int) -> np.ndarray:
        """Propose deviations, evenly on a logarithmic scale."""
        return np.geomspace(WIDEST, TIGHTEST, points)


@dataclass(frozen=True, eq=False)
class Spending:
    """The sum of amounts over the chosen pairs, such as the number or the value of accounts that move."""

    name: str
    amount: np.ndarray

    def within(self, problem: Problem, level: float) -> Problem:
        """Add a budget."""
        return replace(problem, budgets=(*problem.budgets, Budget(self.name, self.amount, float(level))))

    def reached(self, problem: Problem, chosen: np.ndarray) -> float:
        """Add the amounts up."""
        return float(self.amount[chosen].sum())

    def levels(self, problem: Problem, points: int) -> np.ndarray:
        """Propose sums, from what the cheapest plans spend three quarters down to the least there is."""
        most = float(self.amount @ lower_bound(problem).share)
        plain = replace(problem, cost=np.asarray(self.amount, float), fairness=())
        least = max(lower_bound(plain).value, 0.0)
        return np.linspace(most, most - 0.75 * max(most - least, 0.0), points)


@dataclass(frozen=True, eq=False)
class Point:
    """A point of the trade-off.

    Parameters
    ----------
    level
        Where the goal was held.
    reached
        Where the plan stands.
    plan
        The plan; its bound holds for every plan within `level`.
    dominated
        Whether another point's plan is at least as good in both and better in one.
    """

    level: float
    reached: float
    plan: Assignment
    dominated: bool = False


@dataclass(frozen=True, eq=False)
class Frontier:
    """A trade-off.

    Parameters
    ----------
    points
        Widest level first; costs never fall on the way.
    missing
        Levels without a plan, and why.
    """

    points: tuple[Point, ...]
    missing: tuple[tuple[float, str], ...] = ()

    @property
    def best(self) -> tuple[Point, ...]:
        """The points that are not dominated."""
        return tuple(point for point in self.points if not point.dominated)


def frontier(
    problem: Problem,
    axis: Axis,
    *,
    points: int = 12,
    levels: Sequence[float] | None = None,
    time_limit: float = 5.0,
    gap: float = ENOUGH,
    seed: int = 1,
    start: np.ndarray | None = None,
    progress: Progress | None = None,
) -> Frontier:
    """Find the least cost at each level of a goal.

    Parameters
    ----------
    axis
        The goal: `Evenness` or `Spending`.
    points, levels
        How many levels, or which.
    time_limit
        Seconds of wall time for all of them.
    gap
        Good enough at a point.
    seed, start
        Seed of the searches, and a choice to begin with.
    progress
        Told at each point: cost, bound, gap and the seconds since the beginning.

    Raises
    ------
    NoPlanExists
        If no level has a plan.
    """
    asked = np.sort(np.asarray(axis.levels(problem, points) if levels is None else levels, dtype=float))
    watch = Watch(time_limit, None, 0.0)
    found: list[Point] = []
    missing: list[tuple[float, str]] = []
    for number, level in enumerate(asked):
        part = axis.within(problem, float(level))
        best = start
        if found:
            best = found[-1].plan.chosen
        # The first plan is the hardest to find: nothing to begin with, and the tightest level.
        parts = FIRST if best is None else 1.0
        rest = len(asked) - number
        seconds = watch.seconds_left * min(parts / rest, 0.5 if rest > 1 else 1.0)
        plan = _plan(part, seconds, gap, seed, best)
        if plan is None:
            impossible = contradicts(compile_rows(replace(part, fairness=()))) is not None
            missing.append((float(level), "no plan exists" if impossible else "none found in time"))
            continue
        found.append(Point(float(level), axis.reached(problem, plan.chosen), plan))
        if progress is not None:
            progress(plan.cost, plan.bound, plan.gap, watch.seconds)
    if not found:
        raise NoPlanExists(["no level of the trade-off has a plan; widen the levels or allow more time"])
    return Frontier(tuple(reversed(_mark(_lift(found)))), tuple(reversed(missing)))


def _plan(
    problem: Problem, seconds: float, gap: float, seed: int, start: np.ndarray | None
) -> Assignment | None:
    began = Watch(np.inf, None, 0.0)
    if problem.fairness or len(problem.cost) <= SMALL:
        try:
            return assign(problem, time_limit=max(seconds, 0.02), gap=gap, seed=seed, start=start)
        except (Infeasible, NoPlanFoundInTime):
            return None
    bound = lower_bound(problem, tolerance=1e-5)
    watch = Watch(max(seconds - began.seconds, 0.02), None, gap)
    watch.tell(bound=bound.value)
    chosen = None
    for turn in range(ROUNDS if start is None else 0):
        # Short rounds with several seeds find a first plan sooner than a long one.
        work = STEPS_A_UNIT * problem.units + 3 * NEIGHBORHOOD_WORK
        first = Watch(watch.seconds_left, work, gap)
        first.tell(bound=bound.value)
        chosen = search(problem, bound, first, seed=seed + turn)
        if chosen is not None or first.interrupted or watch.seconds_left <= 0:
            break
    if start is not None:
        chosen = search(problem, bound, watch, seed=seed, start=start)
    if chosen is None:
        return None
    return Assignment(
        chosen=chosen,
        owner=problem.rep[chosen],
        cost=problem.objective(chosen),
        bound=min(bound.value, problem.objective(chosen)),
        status=watch.verdict() or "stopped improving",
        seconds=began.seconds,
        engine="search",
        memory=peak_memory(),
        certificate=bound.certificate,
    )


def _lift(found: list[Point]) -> list[Point]:
    """Make bounds fall as levels widen: what holds within a wide level holds within every tighter one."""
    least, lifted = -np.inf, []
    for point in reversed(found):
        least = max(least, point.plan.bound)
        lifted.append(replace(point, plan=replace(point.plan, bound=min(least, point.plan.cost))))
    return lifted[::-1]


def _mark(found: list[Point]) -> list[Point]:
    """Say which points another one dominates; of equal ones the first stays."""
    at = [(point.reached, point.plan.cost) for point in found]
    return [
        replace(
            point,
            dominated=any(
                other[0] <= mine[0] and other[1] <= mine[1] and (other != mine or j < i)
                for j, other in enumerate(at)
                if j != i
            ),
        )
        for i, (point, mine) in enumerate(zip(found, at, strict=True))
    ]
