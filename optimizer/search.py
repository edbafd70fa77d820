"""The search engine: annealing under the prices of the bound, on the pairs that those prices leave in
question.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.annealing import Walk, schedule
from optimizer.assignment import Problem
from optimizer.bound import Bound
from optimizer.neighborhoods import around, improve, neighbors, reheat
from optimizer.rows import Rows, compile_rows
from optimizer.stopping import Watch

WIDE_CORE, NARROW_CORE, MANY = 0.5, 0.3, 3000
"""Pairs whose reduced cost is above this share of a unit's mean cost are left out; the second from so many
units."""

STEPS_A_UNIT = 1000
"""Steps of annealing for each unit in question."""

BLOCKS = 200
"""Temperatures of a round of annealing."""

HOT, COLD = 0.03, 0.001
"""First and last temperature, in mean costs of a unit."""

CHAINS = 0.03
"""Share of refused relocations that are tried as the first link of a chain."""

NARROW, WIDE = 3, 8
"""Reps of a neighborhood: at first, and at last, where narrower ones no longer help."""

PATIENCE, MOST_VAIN = 0.5, 10
"""Neighborhoods in a row without gain, in shares of the number of reps and at least, before wider ones."""

REHEAT_WIDTH, REHEAT_STEPS = 8, 300
"""Reps of a neighborhood that is annealed anew, and steps for each of its units."""

MOST_SECONDS = 5.0
"""Of one neighborhood."""

NEIGHBORHOOD_WORK = 200_000
"""What solving a neighborhood counts for, in steps."""


def search(
    problem: Problem,
    bound: Bound,
    watch: Watch,
    *,
    seed: int = 1,
    start: np.ndarray | None = None,
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

    Returns
    -------
    Positions of the chosen pairs, or None where none was found that keeps the hard limits.
    """
    return _Search(problem, bound, watch, seed, start).run()


@dataclass(frozen=True, eq=False)
class Core:
    """The pairs in question.

    Parameters
    ----------
    rows
        The problem's rows with these pairs only.
    pair
        Position of each among all pairs.
    unit
        Which of the problem's units each of the core's is.
    """

    rows: Rows
    pair: np.ndarray
    unit: np.ndarray

    def choice(self, chosen: np.ndarray) -> np.ndarray:
        """Find the core's positions of chosen pairs, one a unit in the core's order (all of them in the
        core).
        """
        position = np.full(int(self.pair.max(initial=-1)) + 1, -1)
        position[self.pair] = np.arange(len(self.pair))
        return position[chosen[self.unit]]

    def chosen(self, choice: np.ndarray) -> np.ndarray:
        """Go back: positions among all pairs, one a unit in the problem's order."""
        chosen = np.empty(len(choice), dtype=np.int64)
        chosen[self.unit] = self.pair[choice]
        return chosen


def core_of(rows: Rows, keep: np.ndarray, first: np.ndarray) -> Core:
    """Keep some pairs of each unit (at least one), units of one rep (by a first choice) side by side in
    memory.
    """
    unit = np.argsort(rows.rep[first], kind="stable")
    ahead = np.concatenate(([0], np.cumsum(keep)))
    count = ahead[rows.starts[unit + 1]] - ahead[rows.starts[unit]]
    starts = np.concatenate(([0], np.cumsum(count)))
    kept = np.flatnonzero(keep)
    pair = kept[np.repeat(ahead[rows.starts[unit]] - starts[:-1], count) + np.arange(starts[-1])]
    length = np.diff(rows.entries)[pair]
    entries = np.concatenate(([0], np.cumsum(length)))
    entry = np.repeat(rows.entries[pair] - entries[:-1], length) + np.arange(entries[-1])
    few = replace(
        rows, starts=starts, cost=rows.cost[pair], rep=rows.rep[pair], entries=entries, row=rows.row[entry],
        amount=rows.amount[entry],
    )  # fmt: skip
    return Core(few, pair, unit)


def reduced_costs(rows: Rows, dual: np.ndarray) -> np.ndarray:
    """Give what each pair costs above its unit's cheapest under the prices, one entry a pair, >= 0."""
    pair = np.repeat(np.arange(len(rows.cost)), np.diff(rows.entries))
    reduced = rows.cost + np.bincount(pair, weights=dual[rows.row] * rows.amount, minlength=len(rows.cost))
    least = np.minimum.reduceat(reduced, rows.starts[:-1])
    return reduced - np.repeat(least, np.diff(rows.starts))


def usual_stake(rows: Rows, reduced: np.ndarray) -> float:
    """Give what a unit usually loses with its second-best rep under the prices: the scale of the search.

    Half as much again as the mean, so that the constants above are in about mean costs of a unit where reps
    share an area.
    """
    several = np.diff(rows.starts) > 1
    without_best = reduced.copy()
    order = np.lexsort((reduced, np.repeat(np.arange(rows.units), np.diff(rows.starts))))
    without_best[order[rows.starts[:-1]]] = np.inf
    second = np.minimum.reduceat(without_best, rows.starts[:-1])[several]
    mean = float(second.mean()) if len(second) else 0.0
    return max(1.5 * mean, 1e-3 * float(np.abs(rows.cost).mean()), 1e-9)


class _Search:
    """One search: the pairs in question, the best choice so far, and the rounds that better it."""

    def __init__(
        self, problem: Problem, bound: Bound, watch: Watch, seed: int, start: np.ndarray | None
    ) -> None:
        self.problem, self.watch, self.seed = problem, watch, seed
        self.rows = rows = compile_rows(problem)
        self.share = bound.share
        self.dual = rows.prices(problem, bound.certificate)
        self.reduced = reduced_costs(rows, self.dual)
        self.mean = usual_stake(rows, self.reduced)
        middle = float(np.abs(self.dual).mean()) if rows.count else 0.0
        self.weight = 2 * np.abs(self.dual) + 0.5 * max(middle, 1e-2 * self.mean)
        self.core = WIDE_CORE if problem.units <= MANY else NARROW_CORE
        self.rng = np.random.default_rng(seed)
        self.best: np.ndarray | None = None
        self.start = start
        if start is not None:
            self.offer(start)

    def run(self) -> np.ndarray | None:
        """Anneal once, mend what still breaks a limit, then better one neighborhood after the other."""
        try:
            last = self.start
            if self.watch.verdict() is None:
                last = self._anneal()
            if self.best is None and last is not None and self.watch.verdict() is None:
                last = self._mend(last)
            if self.best is not None:
                self._improve()
        except KeyboardInterrupt:
            self.watch.interrupted = True
        return self.best

    def offer(self, chosen: np.ndarray) -> float:
        """Keep a choice if it is the best; give its cost, inf where it breaks a hard limit."""
        cost = self.problem.objective(chosen)
        if cost < self.watch.best:
            self.best = chosen.copy()
            self.watch.tell(best=cost)
        return cost

    def _anneal(self) -> np.ndarray:
        rows, watch = self.rows, self.watch
        keep = self.reduced <= self.core * self.mean
        first = _largest_share(rows, self.share, keep)
        if self.start is not None:
            keep[self.start] = True
        core = core_of(rows, keep, first)
        walk = Walk.begin(core.rows, core.choice(first), self.seed)
        steps = max(STEPS_A_UNIT * len(walk.free) // BLOCKS, 1)
        began, skip = watch.seconds, 0
        stages = schedule(core.rows, self.weight, self.mean * HOT, self.mean * COLD, BLOCKS)
        for block, (temperature, price) in enumerate(stages):
            if block < skip:
                continue
            walk.anneal(steps, temperature, price, CHAINS)
            watch.work += steps
            watch.tell()
            skip = block + self._pace(block, began)
        walk.recount()
        chosen = core.chosen(walk.chosen)
        self.offer(chosen)
        return chosen

    def _pace(self, block: int, began: float) -> int:
        """Give how many temperatures to go down, so that a round ends within three quarters of the time
        left.
        """
        if np.isinf(self.watch.time_limit):
            return 1
        spent = (self.watch.seconds - began) / (block + 1)
        room = 0.75 * max(self.watch.time_limit - began, 1e-9) - (self.watch.seconds - began)
        blocks_left = max(room / max(spent, 1e-9), 1.0)
        return max(1, int(np.ceil((BLOCKS - 1 - block) / blocks_left)))

    def _mend(self, chosen: np.ndarray) -> np.ndarray:
        """Bring what breaks hard limits inside, neighborhood by neighborhood, with every pair in question."""
        rows = self.rows
        keep = np.ones(len(rows.cost), dtype=bool)
        shared = neighbors(rows, self.reduced <= 4 * self.core * self.mean, self.problem.reps)
        hard, width = np.isinf(rows.price), NARROW
        vain = 0
        while self.watch.verdict() is None and vain < MOST_VAIN * WIDE:
            outside = np.where(hard, rows.outside(rows.activity(chosen)), 0.0)
            by_rep = self._by_rep(outside)
            if not outside.any():
                break
            center = int(np.argmax(by_rep + self.rng.random(len(by_rep)) * by_rep))
            part = around(rows, keep, chosen, shared, center, width, by_rep + 0.1 * by_rep.max(), self.rng)
            # What breaks a limit by very little is mended only at a high price.
            price = 50 * self.mean * 10.0 ** min(width - NARROW, 4)
            changed = improve(
                self.problem, chosen, part, seconds=min(self.watch.seconds_left, MOST_SECONDS), price=price
            )
            self.watch.work += NEIGHBORHOOD_WORK
            if changed is not None and rows.outside(rows.activity(changed))[hard].sum() < outside.sum():
                chosen, vain = changed, 0
            else:
                width, vain = min(width + 1, 2 * WIDE), vain + 1
            self.watch.tell()
        self.offer(chosen)
        return chosen

    def _improve(self) -> None:
        """Better one neighborhood after the other: a short annealing of many reps, then a MIP of few."""
        rows = self.rows
        keep = self.reduced <= self.core * self.mean
        shared = neighbors(rows, keep, self.problem.reps)
        tried: dict[tuple[int, ...], int] = {}
        changed_at = np.zeros(self.problem.reps, dtype=np.int64)
        width, vain = NARROW, 0
        turn, look = 0, None
        while self.watch.verdict() is None and self.best is not None and width <= WIDE:
            chosen = self.best
            if look is not chosen:
                load, loss, look = rows.activity(chosen), self._losses(chosen), chosen
            turn += 1
            vain += 1
            if vain > max(PATIENCE * self.problem.reps, MOST_VAIN):
                width, vain = width + 1, 0
            center = int(self.rng.choice(len(loss), p=loss / loss.sum()))
            if turn % 2 == 0:
                part = around(rows, keep, chosen, shared, center, REHEAT_WIDTH, loss, self.rng)
                better = reheat(
                    rows, chosen, load, part, hot=self.mean * HOT, cold=self.mean * COLD, weight=self.weight,
                    steps=REHEAT_STEPS, seed=int(self.rng.integers(1 << 32)),
                )  # fmt: skip
                self.watch.work += REHEAT_STEPS * len(part.units)
            else:
                part = around(rows, keep, chosen, shared, center, width, loss, self.rng)
                known = tuple(part.reps.tolist())
                if tried.get(known, -1) >= changed_at[part.reps].max(initial=0):
                    continue
                tried[known] = turn
                seconds = min(self.watch.seconds_left, MOST_SECONDS)
                better = improve(self.problem, chosen, part, seconds=seconds)
                self.watch.work += NEIGHBORHOOD_WORK
            if better is not None:
                self.offer(better)
            if self.best is not chosen:
                moved = np.flatnonzero(chosen != self.best)
                changed_at[rows.rep[chosen[moved]]] = turn
                changed_at[rows.rep[self.best[moved]]] = turn
                vain = 0
            self.watch.tell()

    def _losses(self, chosen: np.ndarray) -> np.ndarray:
        """Say by rep how far it stays from what the prices promise: reduced costs, and limits not used up."""
        rows, dual = self.rows, self.dual
        load = rows.activity(chosen)
        limit = np.where(dual > 0, rows.upper, rows.lower)
        unused = np.where(dual != 0, np.abs(dual * (load - np.where(dual != 0, limit, 0.0))), 0.0)
        loss = self._by_rep(unused)
        loss += np.bincount(rows.rep[chosen], self.reduced[chosen], minlength=self.problem.reps)
        return loss + 1e-3 * loss.mean() + 1e-9

    def _by_rep(self, of_row: np.ndarray) -> np.ndarray:
        """Add rows up by rep; a budget's counts for every rep."""
        seat = self.rows.seat
        total = np.bincount(seat[seat >= 0], of_row[seat >= 0], minlength=self.problem.reps)
        return total + of_row[seat < 0].sum() / max(self.problem.reps, 1)


def _largest_share(rows: Rows, share: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Choose each unit's pair with the largest share among the kept ones."""
    unit = np.repeat(np.arange(rows.units), np.diff(rows.starts))
    order = np.lexsort((-np.where(keep, share, -1.0), unit))
    return order[rows.starts[:-1]]
