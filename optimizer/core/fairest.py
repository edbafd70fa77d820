"""The fairest whole plan: the largest deviation from fair loads least, then the next largest, proved.

The linear relaxation gives the levels no plan can better (`leximin`). Plans are then searched within bands as
much wider than these levels as whole units and the cost limit need: a band that holds a plan is narrowed, one
that does not is widened, guided by what whole units cost above the relaxation.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.core.assignment import CLOSE_ENOUGH, Assignment, Problem
from optimizer.core.bound import Bound, lower_bound
from optimizer.core.engines import SMALL
from optimizer.core.fairness import Fairness
from optimizer.core.leximin import Leximin, Stage, leximin, leximin_key
from optimizer.core.priorities import Cap, Level, assign_in_order
from optimizer.core.result import Status
from optimizer.core.search import NEIGHBORHOOD_WORK, STEPS_A_UNIT, search
from optimizer.core.stopping import Progress, Watch, peak_memory
from scenarios.errors import NoPlanFoundInTime

ENOUGH = 1e-3
"""A largest deviation this near to what is proved is near enough: a tenth of a percentage point."""

WHOLE = 5e-3
"""What whole units cost above the relaxation, as a fraction: a first guess."""

MOST_LEVELS = 8
"""Levels of leximin that whole plans of small problems are searched for to the end."""

TRIES = 6
"""Further seeds for a band, where no cost limit is in the way."""

WIDEST = 1e6
"""A band as wide as none."""

MENDING = 3
"""Neighborhoods mended after such a round."""


@dataclass(frozen=True, eq=False)
class Fairest:
    """The fairest plan found, and how far from the fairest there is it may be.

    Parameters
    ----------
    plan
        The plan; its cost is the problem's objective, its bound that of all plans as fair as this one.
    deviation
        |load / share - 1| by rep, [reps].
    stages
        Levels of the relaxation, largest first. No plan, whole or split, has a lesser largest deviation than
        the first one's bound.
    proved
        The same bound from whole plans, where they were searched to the end.
    """

    plan: Assignment
    deviation: np.ndarray
    stages: tuple[Stage, ...]
    proved: float = 0.0

    @property
    def largest(self) -> float:
        """The largest deviation of the plan."""
        return float(self.deviation.max(initial=0.0))

    @property
    def bound(self) -> float:
        """The least largest deviation any plan within the cost limit can have, proved."""
        return max(self.stages[0].bound if self.stages else 0.0, self.proved)

    @property
    def distance(self) -> float:
        """How much fairer the fairest plan may be at most, in u."""
        return max(self.largest - self.bound, 0.0)


def fairest(
    problem: Problem,
    measure: str,
    share: np.ndarray,
    *,
    cost_limit: float | None = None,
    time_limit: float = 5.0,
    work_limit: float | None = None,
    enough: float = ENOUGH,
    seed: int = 1,
    start: np.ndarray | None = None,
    progress: Progress | None = None,
) -> Fairest:
    """Find the plan whose deviations |load / share - 1| are lexicographically least, largest first.

    Parameters
    ----------
    measure, share
        Name of the measure and its fair load by rep, > 0. Its own limits hold as well.
    cost_limit
        The most the objective may be. With none, the cheapest of plans that are fair enough is looked for.
    time_limit
        Seconds of wall time; inf for none.
    work_limit
        Steps of search: the same answer on every machine where no time limit cuts it.
    enough
        Good enough: a largest deviation this near to the proved bound.
    seed, start
        Seed of the search, and a choice to begin with.
    progress
        Told the largest deviation, its bound, the part of it in question and the seconds.

    Raises
    ------
    NoPlanExists
        If not even split units keep the hard rules and the cost limit.
    NoPlanFoundInTime
        If no plan was found that keeps them.
    """
    share = np.asarray(share, dtype=float)
    watch = Watch(time_limit, work_limit, 0.0, progress)
    relaxed = leximin(problem, measure, share, cost_limit)
    if len(problem.cost) <= SMALL:
        return _exactly(problem, measure, share, cost_limit, relaxed, watch, seed, start)
    watch.tell(bound=max(relaxed.stages[0].bound, 0.0) if relaxed.stages else 0.0)
    run = _Run(problem, measure, share, np.inf if cost_limit is None else cost_limit, watch, seed, enough)
    if start is not None:
        run.offer(start)
    try:
        run.level_all()
        run.level_each(relaxed)
    except KeyboardInterrupt:
        watch.interrupted = True
    return run.answer(relaxed)


def _exactly(
    problem: Problem, measure: str, share: np.ndarray, cost_limit: float | None, relaxed: Leximin,
    watch: Watch, seed: int, start: np.ndarray | None,
) -> Fairest:  # fmt: skip
    """Solve level by level: sums of the k largest deviations in strict order give leximin, then cost counts.

    The k-th level is an ordered average with k weights of 1, so that nobody has to say beforehand which rep
    settles where (W. Ogryczak, T. Sliwinski, European Journal of Operational Research 148, 2003).
    """
    ranks = np.arange(problem.reps)
    most = min(problem.reps, MOST_LEVELS)
    levels = [
        Level(f"{k} largest", fairness=(Fairness(measure, share, "owa", 1.0, (ranks < k).astype(float)),))
        for k in range(1, most + 1)
    ]
    levels[0] = Level("largest", fairness=(Fairness(measure, share, "maximum deviation", 1.0),))
    own = Level("cost", problem.cost, problem.fairness, limits=True)
    caps = [] if cost_limit is None else [Cap(own, cost_limit)]
    work = None if np.isinf(watch.work_limit) else watch.work_limit
    found = assign_in_order(
        problem, [*levels, own], caps=caps, time_limit=watch.seconds_left, work_limit=work, seed=seed,
        start=start,
    )  # fmt: skip
    chosen = found.plan.chosen
    plan = replace(found.plan, seconds=watch.seconds)
    proved = max(found.steps[0].bound, relaxed.stages[0].bound if relaxed.stages else 0.0)
    return Fairest(plan, deviations(problem, measure, share, chosen), relaxed.stages, proved)


def within(problem: Problem, measure: str, share: np.ndarray, deviation: np.ndarray | float) -> Problem:
    """Keep a measure's loads within share * (1 -+ deviation), besides its own limits.

    Parameters
    ----------
    deviation
        One number, or one a rep.
    """
    old = problem.measure(measure)
    low, high = share * (1 - deviation), share * (1 + deviation)
    if np.isinf(old.price):
        lower, upper = np.maximum(old.lower, low), np.minimum(old.upper, high)
        new = replace(old, lower=lower, upper=upper)
        return replace(problem, measures=tuple(new if m is old else m for m in problem.measures))
    # Limits at a price stay, and the band is a measure of its own.
    band = replace(old, name=f"{measure} within", lower=low, upper=high, price=np.inf)
    return replace(problem, measures=(*problem.measures, band))


def deviations(problem: Problem, measure: str, share: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Give |load / share - 1| by rep."""
    return np.abs(problem.loads(problem.measure(measure), chosen) / share - 1)


class _Run:
    """One search: the fairest plan so far, and what whole units cost above the relaxation."""

    def __init__(
        self,
        problem: Problem,
        measure: str,
        share: np.ndarray,
        limit: float,
        watch: Watch,
        seed: int,
        enough: float,
    ) -> None:
        self.problem, self.measure, self.share, self.limit = problem, measure, share, limit
        self.watch, self.seed, self.enough = watch, seed, enough
        self.best: np.ndarray | None = None
        self.key: tuple[float, ...] = (np.inf,)
        self.cost = self.cheapest = np.inf
        self.whole = WHOLE
        self.log: list[str] = []

    def offer(self, chosen: np.ndarray) -> bool:
        """Keep a plan within the cost limit if it is fairer (or, where fair enough, cheaper)."""
        cost = self.problem.objective(chosen)
        if not cost <= self.limit + CLOSE_ENOUGH * max(abs(self.limit), 1.0) and np.isfinite(self.limit):
            return False
        if not np.isfinite(cost):
            return False
        key = leximin_key(self.problem.loads(self.problem.measure(self.measure), chosen), self.share)
        free = np.isinf(self.limit)
        both_enough = max(key[0], self.key[0]) <= self.watch.bound + self.enough
        better = cost < self.cost if free and both_enough else key < self.key
        if better:
            self.best, self.key, self.cost = chosen.copy(), key, cost
            self.watch.tell(best=key[0])
        return better

    def level_all(self) -> None:
        """Look for the narrowest band for all reps that holds a plan within the cost limit."""
        least = self.watch.bound + 0.95 * self.enough
        good, failed = self.watch.bound + self.enough, self.watch.bound
        free, tries = np.isinf(self.limit), 0
        width = least if free else self._wide_enough(least)
        while self.watch.verdict() is None and self.key[0] > good and self.key[0] - failed > self.enough / 2:
            self._look(width, self.seed + tries, 0.3)
            if self.key[0] > width * (1 + CLOSE_ENOUGH) + 1e-12:
                if free and tries < TRIES:
                    tries += 1  # Any cost will do: another seed rather than a wider band.
                    continue
                failed = max(failed, width)
                if not free and self.best is None and self.cheapest > self.limit and tries >= 1:
                    # The cost limit is so tight that the band has to wait: any plan within it first.
                    self._look(WIDEST, self.seed + tries, 0.7)
                    if self.best is None:
                        break
                tries += 1
            width = max(2 * failed, least) if free else self._wide_enough(failed)
            if np.isfinite(self.key[0]):
                apart = self.key[0] - failed
                width = float(np.clip(width, failed + 0.2 * apart, self.key[0] - 0.2 * apart))
            width = max(width, least, failed + 0.3 * self.enough)

    def _wide_enough(self, width: float) -> float:
        """Find the width at which whole units should be within the limit (Newton steps on the relaxation)."""
        target = self.limit / (1 + self.whole)
        for _ in range(4):
            band = within(self.problem, self.measure, self.share, width)
            _, value, slope = _value(band, self.measure, self.share)
            if value <= target + 1e-4 * abs(target) or slope <= 0:
                break
            width += (value - target) / slope
        return width

    def _look(self, width: np.ndarray | float, seed: int, part: float) -> None:
        """Search within a band, and learn what whole units cost above the relaxation."""
        band = within(self.problem, self.measure, self.share, width)
        bound, value, _ = _value(band, self.measure, self.share)
        free = np.isinf(self.limit)
        if value > self.limit + 1e-9 * abs(self.limit):
            return
        good = 0.0 if free else max((self.limit - value) / max(abs(self.limit), 1e-9), 0.0)
        # Where any cost will do, several short rounds find a plan sooner than one that goes on mending.
        work = STEPS_A_UNIT * band.units + MENDING * NEIGHBORHOOD_WORK if free else np.inf
        work = min(work, max(part * (self.watch.work_limit - self.watch.work), 1.0))
        timed = np.isfinite(self.watch.time_limit) and np.max(width) < WIDEST
        inner = Watch(min(max(part * self.watch.seconds_left, 0.4), 1.2 if timed else np.inf), work, good)
        inner.tell(bound=value)
        chosen = search(band, bound, inner, seed=seed, start=self.best)
        self.watch.work += inner.work
        self.watch.interrupted |= inner.interrupted
        cost = np.inf
        if chosen is not None:
            cost = self.problem.objective(chosen)
            self.offer(chosen)
            self.cheapest = min(self.cheapest, cost)
        excess = cost / value - 1 if value > 0 else WHOLE
        self.whole = min(max(0.95 * excess, 1e-4), 1.5 * self.whole)
        found = f"found {cost:,.0f}" if np.isfinite(cost) else "found none"
        self.log.append(
            f"Band {np.max(width):.4f}: at least {value:,.0f}, {found} ({self.watch.seconds:.1f} s)."
        )

    def level_each(self, relaxed: Leximin) -> None:
        """With the largest deviation held, give each rep the band that the later levels allow."""
        if self.best is None or len(relaxed.stages) < 2 or self.watch.verdict() is not None:
            return
        extra = self.key[0] - relaxed.stages[0].level
        for more in (extra, 2 * extra):
            if self.watch.verdict() is None:
                self._look(np.minimum(relaxed.deviation + more, self.key[0]), self.seed, 0.5)

    def answer(self, relaxed: Leximin) -> Fairest:
        if self.best is None:
            raise NoPlanFoundInTime(
                f"no plan within the cost limit found in {self.watch.seconds:.1f} seconds; "
                "allow more time or a higher cost"
            )
        deviation = deviations(self.problem, self.measure, self.share, self.best)
        largest = float(deviation.max(initial=0.0))
        bound, value, _ = _value(
            within(self.problem, self.measure, self.share, largest * (1 + 1e-9) + 1e-12),
            self.measure,
            self.share,
        )
        near = largest <= self.watch.bound + self.enough
        status: Status = "within gap" if near else self.watch.verdict() or "stopped improving"
        plan = Assignment(
            chosen=self.best, owner=self.problem.rep[self.best], cost=self.cost, bound=min(value, self.cost),
            status=status, seconds=self.watch.seconds, engine="search", memory=peak_memory(),
            certificate=bound.certificate, log=tuple(self.log),
        )  # fmt: skip
        return Fairest(plan, deviation, relaxed.stages)


def _value(band: Problem, measure: str, share: np.ndarray) -> tuple[Bound, float, float]:
    """Bound the cost within a band; give the bound, its value and the money a wider band would save per u."""
    bound = lower_bound(band, tolerance=1e-6)
    prices = bound.certificate.measures
    price = prices.get(f"{measure} within", prices[measure])
    return bound, bound.value, float((np.abs(price) * share).sum())
