"""The search engine: annealing under the prices of the bound, on the pairs that those prices leave in
question, part by part; then neighborhoods, the ways of choosing them that gain most more often.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from joblib import effective_n_jobs

from optimizer.core.annealing import Heat, anneal
from optimizer.core.assignment import Problem
from optimizer.core.bound import Bound
from optimizer.core.guide import make_guide
from optimizer.core.mending import mend
from optimizer.core.neighborhoods import around, doubtful, improve_watched
from optimizer.core.parts import divide, fairly, group, part_of
from optimizer.core.stopping import Watch
from optimizer.core.ways import FIRST_WORK, LEAST_SHARE, USUAL_GAIN, Way
from optimizer.workers import side_by_side

HOT, COLD = 0.03, 0.001
"""First and last temperature, in usual stakes of a unit."""

WHOLE, PART_UNITS, PART_REPS = 3000, 1500, 25
"""Up to so many units in question they are annealed all together; beyond, in parts of about so many units and
at least so many reps."""

STEPS_A_UNIT, ROUNDS = 1000, ((300, 1.0), (500, 0.5))
"""Steps of annealing for each unit in question: all together, and in rounds by parts (with the share of the
first temperature)."""

MOST_STEPS_A_UNIT = 4000
"""Where further rounds by parts, each longer than the one before, end."""

CHAINS = 0.03
"""Share of refused relocations that are tried as the first link of a chain."""

WARM = Heat(HOT, COLD, 300, 0.1, 30)
WARM_REPS = 8
"""How a few reps are annealed anew, and how many."""

WILD = Heat(10 * HOT, 2 * COLD, 2000, CHAINS)
WILD_CORES = (2.0, 2.0, 8.0)
"""How a small problem is annealed from the beginning again, with more pairs in question: where customers are
few and large, the prices say less."""

NARROW, WIDE = 3, 8
"""Reps of a neighborhood: at first, and at last, where narrower ones no longer help."""

DOUBTFUL, LEAST_DOUBTFUL, MOST_DOUBTFUL = 25, 15, 400
"""Units of a neighborhood of units in doubt: at first, at least and at most."""

PATIENCE, MOST_VAIN = 0.5, 10
"""Neighborhoods in a row without gain, in shares of the number of reps and at least, before wider ones."""

TURN_WORK = 20_000
"""What any turn counts for, however small the problem."""

NEIGHBORHOOD_WORK = 200_000
"""What solving a neighborhood counts for on average."""

STALE = 100.0
"""Work without gain after which we stop, in works of the first annealing."""


def search(
    problem: Problem,
    bound: Bound,
    watch: Watch,
    *,
    seed: int = 1,
    start: np.ndarray | None = None,
    workers: int = 1,
) -> np.ndarray | None:
    """Look for the best choice of pairs until the watch says stop.

    Parameters
    ----------
    bound
        The problem's bound, whose prices guide the search.
    watch
        Learns of every better choice; an interrupt is noted there and the best so far returned.
    seed
        Seed of the search.
    start
        A choice to begin with (positions of pairs), if known; it may break limits.
    workers
        Processes that anneal parts of a large problem side by side, as joblib's `n_jobs`; where no time limit
        cuts, the answer is the same for any number.

    Returns
    -------
    Positions of the chosen pairs, or None where none was found that keeps the hard limits.
    """
    return _Search(problem, bound, watch, seed, start, workers).run()


class _Search:
    """One search: the pairs in question, the best choice so far, and the rounds that better it."""

    def __init__(
        self, problem: Problem, bound: Bound, watch: Watch, seed: int, start: np.ndarray | None, workers: int
    ) -> None:
        self.problem, self.watch, self.workers = problem, watch, workers
        self.guide = guide = make_guide(problem, bound)
        self.rows, self.keep = guide.rows, guide.keep.copy()
        self.rng, self.began = np.random.default_rng(seed), watch.work
        self.best: np.ndarray | None = None
        self.cost = np.inf
        self.start = start
        if start is not None:
            self.keep[start] = True
            self.offer(start)

    def run(self) -> np.ndarray | None:
        """Anneal, mend what still breaks a limit, then better the plan in whatever way gains most."""
        try:
            last = self.start
            if self.watch.verdict() is None:
                last = self._begin()
            if self.best is None and last is not None and self.watch.verdict() is None:
                last = mend(self.problem, self.guide, self.watch, last, self.rng)
                self.offer(last)
            if self.best is not None:
                self._improve()
        except KeyboardInterrupt:
            self.watch.interrupted = True
        return self.best

    def offer(self, chosen: np.ndarray) -> float:
        """Keep a choice if it is the best; give its cost, inf where it breaks a hard limit."""
        inside = self.rows.merit(chosen)[0] <= 0
        cost = self.problem.objective(chosen) if inside else np.inf
        if cost < self.cost:
            self.best, self.cost = chosen.copy(), cost
            self.watch.tell(best=cost)
        return cost

    def _begin(self) -> np.ndarray:
        """Anneal from what the relaxation likes best: all together, or in a few rounds by parts."""
        chosen = self.guide.largest_share()
        self.offer(chosen)
        if self._part_reps() >= self.problem.reps:
            return self._round(chosen, Heat(HOT, COLD, STEPS_A_UNIT, CHAINS), 0.75)
        for steps, share in ROUNDS:
            if self.watch.verdict() is None:
                chosen = self._round(chosen, Heat(share * HOT, COLD, steps, CHAINS), 0.4)
        return chosen

    def _part_reps(self) -> int:
        """Give the number of reps of a part."""
        several = int((np.add.reduceat(self.keep, self.rows.starts[:-1]) > 1).sum())
        reps = self.problem.reps
        return reps if several <= WHOLE else min(max(PART_REPS, -(-PART_UNITS * reps // several)), reps)

    def _round(
        self, chosen: np.ndarray, heat: Heat, time_share: float, keep: np.ndarray | None = None
    ) -> np.ndarray:
        """Anneal every part of a new division once."""
        reps = self._part_reps()
        every = np.arange(self.problem.reps)
        groups = (
            [every] if reps >= len(every) else group(self.guide.shared, reps, self.rng.permutation(every))
        )
        return self._anneal(chosen, groups, heat, time_share, self.keep if keep is None else keep)

    def _anneal(
        self, chosen: np.ndarray, groups: list[np.ndarray], heat: Heat, time_share: float, keep: np.ndarray
    ) -> np.ndarray:
        """Anneal groups of reps side by side on as many workers as there are; what became better is kept."""
        rows = self.rows
        load = rows.activity(chosen)
        pieces = divide(rows, self.guide.unit_of, keep, chosen, groups)
        if not pieces:
            return chosen
        parts = fairly(
            rows, load, [part_of(rows, self.guide.unit_of, chosen, load, piece) for piece in pieces]
        )
        seeds = self.rng.integers(1 << 32, size=len(parts))
        units = sum(len(part.unit) for part in parts)
        workers = min(effective_n_jobs(self.workers), len(parts))
        room = time_share * self.watch.seconds_left * workers / units
        left = max((self.watch.work_limit - self.watch.work) / units, 1.0)
        heat = self._scaled(heat if np.isinf(left) else replace(heat, steps=min(heat.steps, int(left) + 1)))
        jobs = (
            (part.rows, part.first, self.guide.weight[part.row], heat, int(seed),
             min(room * len(part.unit), self.watch.seconds_left))
            for part, seed in zip(parts, seeds, strict=True)
        )  # fmt: skip
        better = chosen.copy()
        answers = side_by_side(anneal, jobs, workers)
        try:
            for part, (choice, steps) in zip(parts, answers, strict=True):
                part.put(better, choice)
                self.watch.work += steps
                self.watch.tell()
                if self.watch.seconds_left <= 0:
                    break
        finally:
            answers.close()
            self.offer(better)
        return better

    def _scaled(self, heat: Heat) -> Heat:
        """Give temperatures in money."""
        return replace(heat, hot=heat.hot * self.guide.stake, cold=heat.cold * self.guide.stake)

    def _improve(self) -> None:
        """Better the plan, each way for a share of the work that follows what it gains."""
        ways = [Way(self._warm()), Way(self._few()), Way(self._doubt())]
        if self._part_reps() >= self.problem.reps:
            ways.append(Way(self._wild(), turn=3.0 * WILD.steps * self.rows.units))
        else:
            ways.append(Way(self._next_round(), turn=FIRST_WORK))
        first, since = max(self.watch.work - self.began, 1e6), 0.0
        usual = USUAL_GAIN * self.guide.stake
        while self.watch.verdict() is None and since < STALE * first:
            cost, work = self.cost, self.watch.work
            way = min(ways, key=lambda way: way.turn)
            self.watch.work += TURN_WORK
            better = way.run()
            if better is not None:
                self.offer(better)
            spent = max(self.watch.work - work, 1.0)
            highest = max(way.rate(usual) for way in ways)
            way.learn(spent, cost - self.cost, max(way.rate(usual) / highest, LEAST_SHARE))
            since = since + spent if self.cost == cost else 0.0
            self.watch.tell()

    def _few(self) -> Callable[[], np.ndarray | None]:
        """Choose anew among few reps, the same ones only if something changed since."""
        tried: dict[tuple[int, ...], int] = {}
        width, vain = NARROW, 0

        def run() -> np.ndarray | None:
            nonlocal width, vain
            chosen = self._chosen()
            loss = self.guide.losses(chosen)
            center = int(self.rng.choice(len(loss), p=loss / loss.sum()))
            part = around(self.rows, self.keep, chosen, self.guide.shared, center, width, loss, self.rng)
            now = hash(chosen[part.units].tobytes())
            better = None
            if tried.get(tuple(part.reps.tolist())) != now:
                tried[tuple(part.reps.tolist())] = now
                better = improve_watched(self.problem, self.watch, chosen, part).chosen
            vain = vain + 1 if better is None else 0
            if vain > max(PATIENCE * self.problem.reps, MOST_VAIN):
                width, vain = min(width + 1, WIDE), 0
            return better

        return run

    def _doubt(self) -> Callable[[], np.ndarray | None]:
        """Choose units in doubt anew, more of them where that was proved in vain."""
        size = DOUBTFUL
        second = self.guide.second

        def run() -> np.ndarray | None:
            nonlocal size
            chosen = self._chosen()
            loss = self.guide.losses(chosen)
            center = int(self.rng.choice(len(loss), p=loss / loss.sum()))
            regret = second.copy()
            regret[self.guide.share[chosen] < 0.999] = 0.0
            part = doubtful(
                self.rows, self.keep, chosen, self.guide.shared, center, size, regret, loss, self.rng
            )
            answer = improve_watched(self.problem, self.watch, chosen, part)
            if answer.proved and answer.chosen is None:
                size = min(int(1.2 * size) + 1, MOST_DOUBTFUL)
            elif not answer.proved:
                size = max(int(0.8 * size), LEAST_DOUBTFUL)
            return answer.chosen

        return run

    def _warm(self) -> Callable[[], np.ndarray | None]:
        """Anneal some reps anew."""

        def run() -> np.ndarray | None:
            chosen = self._chosen()
            loss = self.guide.losses(chosen)
            center = int(self.rng.choice(len(loss), p=loss / loss.sum()))
            piece = around(self.rows, self.keep, chosen, self.guide.shared, center, WARM_REPS, loss, self.rng)
            if not len(piece.units):
                return None
            load = self.rows.activity(chosen)
            part = part_of(self.rows, self.guide.unit_of, chosen, load, piece.pairs)
            seed = int(self.rng.integers(1 << 32))
            choice, steps = anneal(
                part.rows,
                part.first,
                self.guide.weight[part.row],
                self._scaled(WARM),
                seed,
                self.watch.seconds_left,
            )
            self.watch.work += steps
            better = chosen.copy()
            part.put(better, choice)
            return better

        return run

    def _wild(self) -> Callable[[], None]:
        """Anneal all from the beginning, hotter and with more pairs."""
        cores = itertools.cycle(WILD_CORES)

        def run() -> None:
            keep = self.guide.reduced <= next(cores) * self.guide.stake
            self._round(self._chosen(), WILD, 0.5, keep)

        return run

    def _next_round(self) -> Callable[[], None]:
        """Anneal all parts of another division, each time for longer."""
        steps = ROUNDS[-1][0]

        def run() -> None:
            nonlocal steps
            steps = min(2 * steps, MOST_STEPS_A_UNIT)
            self._round(self._chosen(), Heat(0.3 * HOT, COLD, steps, CHAINS), 0.5)

        return run

    def _chosen(self) -> np.ndarray:
        assert self.best is not None
        return self.best
