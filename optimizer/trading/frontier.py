"""What one goal costs in terms of another: plans along a trade-off, each with a bound of its own.

The epsilon-constraint method (Haimes, Lasdon, Wismer 1971): all goals but one are held at levels, the last
one is made as good as can be, and what that leaves open is decided by the held goals and the cost, in strict
order; so no plan is as good in all goals and better in one (V. Chankong, Y. Haimes, Multiobjective Decision
Making, 1983). The ends first, then between them, coarse before fine, so that whenever the time is up there is
a picture of all of it; a plan of a tighter level is a start for every wider one. What time is left goes
where plan and bound are farthest apart.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.core.assignment import Problem
from optimizer.core.engines import FEW
from optimizer.core.fairest import fairest
from optimizer.core.neighborhoods import cross
from optimizer.core.priorities import assign_in_order
from optimizer.core.stopping import Watch
from optimizer.trading.at_levels import LITTLE, AtLevels
from optimizer.trading.goals import NARROWEST, Axis, Cost, Evenness, Goal
from optimizer.trading.pareto import SAME, End, Frontier, Point, better, lift, mark
from scenarios.errors import NoPlanExists, NoPlanFoundInTime

ENOUGH = 5e-4
"""A gap that ends the search at a point of a large problem."""

FIRST = 3.0
"""How many times as long as at other points the first plan is looked for."""

ENDS = 0.25
"""Share of the time in which the best of each held goal alone is looked for."""

HALVINGS = 4
"""Times the way between the most even plan found and what is proved is halved, where they lie far apart."""

APART = 0.25
"""Far apart: a share of the way from what is proved to what the other goal's best leaves."""

REFINING = 0.2
"""Share of the time in which points are looked at again, those with the largest gaps first."""

LONGER = (0.3, 0.9)
"""Shares of the time left for any plan at all, where none was found in half of that."""

JUST = 1e-5
"""By how much a level is set below a point to find the next one."""

STOPS = ("interrupted", "time limit", "work limit")

CROSSED, CROSSING = 0.3, 5.0
"""Time to cross plans of neighbors, in times of first looking for them, and seconds at most for each."""


Told = Callable[[int, int, Point | None], None]
"""Told how many levels had their turn, of how many, and the newest point."""


def frontier(
    problem: Problem,
    held: Axis | Sequence[Axis],
    least: Goal | None = None,
    *,
    points: int = 12,
    levels: Sequence[float] | Sequence[Sequence[float]] | None = None,
    time_limit: float | None = None,
    work_limit: float | None = None,
    gap: float | None = None,
    seed: int = 1,
    start: np.ndarray | None = None,
    progress: Told | None = None,
) -> Frontier:
    """Make one goal as good as can be at levels of others.

    Parameters
    ----------
    held
        One goal to hold, or two: then levels form a grid.
    least
        The goal to make least; by default the cost.
    points, levels
        How many levels, from the best there is to where the least of the other goal leaves it; or which (one
        number each, or one a held goal).
    time_limit
        Seconds of wall time for all of them; None: 60, or unlimited where there is a work limit.
    work_limit
        Steps of search for all of them: the same answer on every machine.
    gap
        Good enough at a point; None: proved where pairs are few, 5e-4 where they are many.
    seed, start
        Seed of the searches, and a choice to begin with.
    progress
        Told after each level.

    Raises
    ------
    NoPlanExists
        If no level has a plan.
    NoPlanFoundInTime
        If none was found in time.
    KeyboardInterrupt
        If interrupted before there was any point.
    """
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    if gap is None:
        gap = 0.0 if len(problem.cost) <= FEW else ENOUGH
    axes = tuple(held) if isinstance(held, Sequence) else (held,)
    run = _Run(problem, axes, least or Cost(), Watch(time_limit, work_limit, gap), seed, progress=progress)
    if start is not None:
        run.known.append(start)
    try:
        if levels is None:
            asked = run.levels_between_ends(points)
        else:
            asked = [tuple(np.atleast_1d(np.asarray(level, dtype=float)).tolist()) for level in levels]
        run.visit(_coarse_first(asked))
        run.cross()
        run.refine()
        if levels is None and len(axes) == 1 and len(problem.cost) <= FEW:
            run.fill(points)
    except KeyboardInterrupt:
        run.watch.interrupted = True
    return run.answer()


@dataclass(eq=False)
class _Run(AtLevels):
    """One trade-off in the making: points found, and the best of each held goal."""

    progress: Told | None = None
    found: list[Point] = field(default_factory=list)
    missing: list[tuple[tuple[float, ...], str]] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    crossed: float = CROSSED

    def levels_between_ends(self, points: int) -> list[tuple[float, ...]]:
        """Find the best of every held goal alone, and what the least of the other one leaves of them."""
        counts = [points] if len(self.held) == 1 else _grid(points)
        self.portions = int(np.prod(counts)) + 1 + len(self.held)
        # Without its limits first: should the time be short, any plan is better than none.
        wide = None
        for share in (ENDS / 2, *LONGER):
            if wide is None and self.why != "no plan exists":
                wide = self.at((np.inf,) * len(self.held), share)
        if wide is None and self.why == "no plan exists":
            raise NoPlanExists(["the hard rules clash; `evenfield plan` says where and by how much"])
        if wide is None:
            raise NoPlanFoundInTime(
                f"no plan found in {self.watch.seconds:.1f} seconds; allow more time or relax a rule"
            )
        self.found.append(replace(wide, levels=wide.reached))
        rows = []
        for axis, reached, count in zip(self.held, wide.reached, counts, strict=True):
            end = self._end(axis, reached)
            if isinstance(axis, Evenness):
                end = self._halve(axis, end, reached)
            self.ends.append(end)
            near = NARROWEST if isinstance(axis, Evenness) and len(self.problem.cost) > FEW else 0.0
            rows.append(axis.between(max(end.reached, end.bound + near), reached, count).tolist())
        return [levels for levels in itertools.product(*rows) if levels != wide.reached]

    def visit(self, asked: list[tuple[float, ...]]) -> None:
        """Look for a plan at each of the levels, in the order given."""
        self.portions = max(self.portions, len(asked) + 1)
        self.crossed = CROSSED * (self.watch.seconds_left > LITTLE * len(asked))
        later = (self.crossed + REFINING) * len(asked)
        for number, levels in enumerate(asked):
            rest = len(asked) - number + later
            first = 1.0 if self.found else FIRST
            point = self.at(levels, first / (rest + first - 1))
            if point is not None:
                self.found.append(point)
            else:
                self.missing.append((levels, self.why))
            if self.progress is not None:
                self.progress(number + 1, len(asked), point)
            if self.watch.interrupted:
                return

    def cross(self) -> None:
        """Make plans of what each has in common with its neighbors' plans, and go on from what is better.

        A neighbor may pass the levels: only the pairs of its plan are taken.
        """
        order = sorted(range(len(self.found)), key=lambda i: self.found[i].levels, reverse=True)
        for place, i in enumerate(order):
            point, near = self.found[i], [self.found[j] for j in order[max(place - 2, 0) : place + 3]]
            if not self.crossed or self.watch.verdict() in STOPS:
                return
            part = self.least.goal(self.problem).problem(self.within(point.levels))
            rest = len(order) - place + REFINING / max(self.crossed, 1e-9) * len(order)
            seconds = min(self.watch.seconds_left / rest, CROSSING)
            plans = [other.plan.chosen for other in (point, *near)]
            crossed = cross(part, plans, seconds=seconds / 2).chosen
            if crossed is not None and part.objective(crossed) < point.least * (1 - SAME) - SAME:
                self.known.append(crossed)
                again = self.at(point.levels, seconds / 2 / max(self.watch.seconds_left, 1e-9))
                self.found[i] = better(point, again) or point

    def refine(self) -> None:
        """Look again at points whose plan and bound are farthest apart, from the best plan known by now.

        A plan of one point may keep another one's levels; that costs nothing to see. Then each point is
        solved again, the largest gap first, until the time is up or all had their turn.
        """
        for i, point in enumerate(self.found):
            chosen = self.start(point.levels)
            if chosen is None or not self.keeps(chosen, point.levels):
                continue
            if self.least.reached(self.problem, chosen) < point.least * (1 - SAME) - SAME:
                self.found[i] = self.as_good(point, chosen)
        if np.isfinite(self.watch.work_limit) or self.watch.seconds_left < 0.1:
            return
        waiting = [i for i, point in enumerate(lift(self.found)) if point.gap > max(self.watch.gap, SAME)]
        lifted = lift(self.found)
        waiting.sort(key=lambda i: lifted[i].gap, reverse=True)
        for place, i in enumerate(waiting):
            if self.watch.verdict() in STOPS or self.watch.seconds_left < 0.1:
                return
            again = self.at(self.found[i].levels, 1 / (len(waiting) - place))
            self.found[i] = better(self.found[i], again) or self.found[i]

    def fill(self, points: int) -> None:
        """Look between points that lie far apart, where levels met the same plan twice.

        First halfway; where that gives the tighter point's plan again, just below the wider one: then
        either a new point is found or there is none between them.
        """
        open_gaps = [(*pair, False) for pair in itertools.pairwise(self._front())]
        for _ in range(2 * points):
            if not open_gaps or len(self._front()) >= points or self.watch.verdict() in STOPS:
                return
            open_gaps.sort(key=lambda gap: _area(gap[0], gap[1]))
            tight, wide, at_top = open_gaps.pop()
            middle = (tight.reached[0] + wide.reached[0]) / 2
            level = wide.reached[0] - JUST * max(abs(wide.reached[0]), 1.0) if at_top else middle
            if level <= tight.reached[0]:
                continue
            point = self.at((level,), 1 / points)
            if point is None:
                continue
            self.found.append(point)
            if point.reached[0] > tight.reached[0] + JUST / 2 and point.least < tight.least - SAME:
                open_gaps += [(tight, point, False), (point, wide, True)]
            elif not at_top:
                open_gaps.append((tight, wide, True))

    def _front(self) -> list[Point]:
        """List the points that are not dominated, tightest first."""
        return sorted((p for p in mark(self.found) if not p.dominated), key=lambda p: p.reached)

    def _end(self, axis: Axis, wide: float) -> End:
        """Find the best of one goal alone."""
        options, free = self.options(ENDS / len(self.held)), (np.inf,) * len(self.held)
        try:
            if isinstance(axis, Evenness):
                best = fairest(
                    self.problem, axis.measure, axis.share, seed=self.seed, start=self.start(free),
                    time_limit=options["time_limit"] or np.inf, work_limit=options["work_limit"],
                )  # fmt: skip
                self.known.append(best.plan.chosen)
                return End(best.largest, min(best.bound, best.largest))
            goals = [axis.goal(self.problem)]
            done = assign_in_order(self.problem, goals, start=self.start(free), **options)
        except NoPlanFoundInTime:
            return End(wide, -np.inf)
        self.known.append(done.plan.chosen)
        return End(done.plan.cost, done.plan.bound)

    def _halve(self, axis: Axis, end: End, wide: float) -> End:
        """Look halfway between the best plan found and what is proved, while they lie far apart."""
        low, high = end.bound, end.reached
        for _ in range(HALVINGS):
            if high - low <= APART * max(wide - end.bound, NARROWEST) or self.watch.verdict() in STOPS:
                break
            middle = (low + high) / 2
            levels = tuple(middle if one is axis else np.inf for one in self.held)
            point = self.at(levels, ENDS / HALVINGS / len(self.held))
            if point is None:
                low = middle
                continue
            # What is proved with other goals free is proved with them held.
            kept = zip(levels, point.reached, strict=True)
            levels = tuple(max(middle, value) if np.isfinite(level) else value for level, value in kept)
            self.found.append(replace(point, levels=levels))
            high = axis.reached(self.problem, point.plan.chosen)
        return End(min(high, end.reached), end.bound)

    def answer(self) -> Frontier:
        """Lift bounds, say which points are dominated, put the widest first."""
        if not self.found:
            if self.watch.interrupted:
                raise KeyboardInterrupt
            if any(why == "none found in time" for _, why in self.missing):
                raise NoPlanFoundInTime("no level of the trade-off has a plan yet; allow more time")
            raise NoPlanExists(["no level of the trade-off has a plan; widen the levels"])
        found = sorted(mark(lift(self.found)), key=lambda point: point.levels, reverse=True)
        missing = sorted(self.missing, reverse=True)
        return Frontier(tuple(found), tuple(missing), tuple(self.ends), self.watch.interrupted)


def _area(tight: Point, wide: Point) -> float:
    """Measure what lies between two points: there others may be."""
    return (wide.reached[0] - tight.reached[0]) * (tight.least - wide.least)


def _grid(points: int) -> list[int]:
    """Divide points over two goals."""
    rows = max(round(np.sqrt(points)), 1)
    return [rows, max(points // rows, 1)]


def _coarse_first(asked: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Put the ends of a grid first, then what lies halfway, and so on; the tightest of equals first."""
    turns = [_turns(sorted(set(column))) for column in zip(*asked, strict=True)]

    def turn(levels: tuple[float, ...]) -> tuple[int, tuple[float, ...]]:
        return max(of[level] for of, level in zip(turns, levels, strict=True)), levels

    return sorted(asked, key=turn)


def _turns(levels: Sequence[float]) -> dict[float, int]:
    """Say in which round of halving each level has its turn."""
    turns, spans, number = dict.fromkeys((levels[0], levels[-1]), 0), [(0, len(levels) - 1)], 0
    while spans:
        number += 1
        halves = [(low, (low + high) // 2, high) for low, high in spans if high - low > 1]
        turns |= {levels[middle]: number for _, middle, _ in halves}
        spans = [span for low, middle, high in halves for span in ((low, middle), (middle, high))]
    return turns
