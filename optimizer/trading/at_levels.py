"""The best of one goal within levels of others: a plan with its bound, from the best plan known so far."""

from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.core.assignment import Problem
from optimizer.core.engines import FEW, SMALL, Engine, Options, assign
from optimizer.core.exact import Infeasible
from optimizer.core.priorities import Level, assign_in_order
from optimizer.core.stopping import Watch
from optimizer.trading.goals import NARROWEST, Axis, Cost, Evenness, Goal, Spending
from optimizer.trading.pareto import SAME, Point
from optimizer.trading.whole_moves import stays, with_whole_moves
from scenarios.errors import NoPlanFoundInTime

LITTLE = 2.0
"""Seconds for a point of a large problem, below which all of them go into the search."""

ANY = 0.25
"""Share of a level's time in which any plan within it is looked for, where none is known."""

ENOUGH_TO_BEGIN = 0.05
"""A gap that is good enough for such a plan."""


@dataclass(eq=False)
class AtLevels:
    """What is held, what is made least, and the plans known so far.

    Parameters
    ----------
    problem
        The problem.
    held
        Goals held at levels, all of them in the order of the levels.
    least
        The goal made least.
    watch
        Time and work for all levels together.
    seed
        Seed of the searches.
    known
        Plans to begin with.
    portions
        Into how many parts the work is divided.
    why
        Why the last level has no plan.
    """

    problem: Problem
    held: tuple[Axis, ...]
    least: Goal
    watch: Watch
    seed: int
    known: list[np.ndarray] = field(default_factory=list)
    portions: int = 1
    why: str = ""

    def within(self, levels: tuple[float, ...]) -> Problem:
        """Hold the goals at levels; where moves are among them, with cuts from whole customers."""
        part = self.problem
        for axis, level in zip(self.held, levels, strict=True):
            part = axis.within(part, level) if np.isfinite(level) else part
        if len(self.problem.cost) > SMALL:
            for goal in (*self.held, self.least):
                stay = stays(self.problem, goal.amount) if isinstance(goal, Spending) else None
                if stay is not None:
                    return with_whole_moves(part, stay)
        return part

    def options(self, share: float) -> Options:
        """Say what a level may take: a share of the time left, and its portion of the work."""
        work = None if np.isinf(self.watch.work_limit) else self.watch.work_limit / self.portions
        seconds = max(share * self.watch.seconds_left, 0.02)
        engine: Engine = "search" if seconds < LITTLE and len(self.problem.cost) > FEW else "auto"
        gap, seed = self.watch.gap, self.seed
        return {"time_limit": seconds, "work_limit": work, "gap": gap, "seed": seed, "engine": engine}

    def at(self, levels: tuple[float, ...], share: float) -> Point | None:
        """Make the goal least within levels; the held ones and the cost decide between equals."""
        part = self.within(levels)
        goals = [self.least.goal(self.problem), *self._then()]
        options = self.options(share)
        try:
            start = self.start(levels)
            if np.isfinite(levels).any() and (start is None or not self.keeps(start, levels)):
                start, options = self._any_plan(part, start, options)
            done = assign_in_order(part, goals, start=start, **options)
        except Infeasible:
            self.why = "no plan exists"
            return None
        except NoPlanFoundInTime:
            self.why = "none found in time"
            return None
        first, chosen = done.steps[0], done.plan.chosen
        self.known.append(chosen)
        self.watch.interrupted |= any(step.status == "interrupted" for step in done.steps)
        value, cost = self.least.reached(self.problem, chosen), self.problem.objective(chosen)
        bound = min(first.bound, value)
        proved = bound if isinstance(self.least, Cost) else done.plan.bound
        plan = replace(
            done.plan, cost=cost, bound=min(proved, cost), status=first.status, certificate=None,
            seconds=sum(step.seconds for step in done.steps),
        )  # fmt: skip
        reached = tuple(axis.reached(self.problem, chosen) for axis in self.held)
        return Point(levels, reached, value, bound, plan)

    def _any_plan(
        self, part: Problem, start: np.ndarray | None, options: Options
    ) -> tuple[np.ndarray | None, Options]:
        """Look for any plan within levels, by goal and cost together: these guide better than moves."""
        seconds = options["time_limit"]
        if (
            isinstance(self.least, Cost)
            or len(self.problem.cost) <= SMALL
            or part.fairness
            or seconds is None
        ):
            return start, options
        watch = Watch(seconds, None, 0.0)
        first: Options = {**options, "time_limit": ANY * seconds, "engine": "search", "gap": ENOUGH_TO_BEGIN}
        spent = self.least.goal(self.problem).cost
        both = (
            part.cost
            if spent is None
            else part.cost + np.abs(part.cost).mean() / max(spent.mean(), 1e-9) * spent
        )
        try:
            start = assign(replace(part, cost=both), start=start, **first).chosen
            self.known.append(start)
        except NoPlanFoundInTime:
            pass
        return start, {**options, "time_limit": max(watch.seconds_left, 0.02)}

    def _then(self) -> list[Level]:
        """List what decides between plans as good in the first goal."""
        goals = []
        for axis in self.held:
            even = isinstance(axis, Evenness)
            # Of larger problems the levels alone hold these, which is cheaper and as good but for a trifle.
            if len(self.problem.cost) <= (SMALL if even else FEW):
                goals.append(axis.goal(self.problem))
        return goals if isinstance(self.least, Cost) else [*goals, Cost().goal(self.problem)]

    def start(self, levels: tuple[float, ...]) -> np.ndarray | None:
        """Take the best plan known within the levels, or the one that passes them by least."""

        def key(chosen: np.ndarray) -> tuple[float, float]:
            return self._passed(chosen, levels), self.least.reached(self.problem, chosen)

        return min(self.known, key=key, default=None)

    def keeps(self, chosen: np.ndarray, levels: tuple[float, ...]) -> bool:
        """Say whether a plan keeps the hard rules and the levels."""
        return self._passed(chosen, levels) == 0 and bool(np.isfinite(self.problem.objective(chosen)))

    def _passed(self, chosen: np.ndarray, levels: tuple[float, ...]) -> float:
        """Say by how much a plan passes levels, in parts of them."""
        passed = 0.0
        for axis, level in zip(self.held, levels, strict=True):
            over = axis.reached(self.problem, chosen) - level * (1 + SAME)
            passed += max(over, 0.0) / max(abs(level), NARROWEST) if np.isfinite(level) else 0.0
        return passed

    def as_good(self, point: Point, chosen: np.ndarray) -> Point:
        """Put another plan that keeps its levels in a point's place; what is proved there stays proved."""
        cost = self.problem.objective(chosen)
        value = self.least.reached(self.problem, chosen)
        owner = self.problem.rep[chosen]
        plan = replace(point.plan, chosen=chosen, owner=owner, cost=cost, bound=min(point.plan.bound, cost))
        reached = tuple(axis.reached(self.problem, chosen) for axis in self.held)
        return replace(point, reached=reached, least=value, bound=min(point.bound, value), plan=plan)
