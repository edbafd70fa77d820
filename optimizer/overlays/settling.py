"""Settle which specialist supports which reps while planning who serves whom, with a proven bound.

Once it is settled which specialist supports which reps, a pair of customer and rep costs and takes what the
specialist's way does besides, and the whole is the core problem. While it is open, a pair comes in as many
copies as there are specialists in question: a relaxation of the same form, whose bound holds for every
settlement. Branch and bound settles one group of reps after the other (A. Land, A. Doig, Econometrica 28,
1960).
"""

import heapq
import itertools
import math
import time
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from optimizer.compiling.territories import Compiled
from optimizer.core.assignment import Assignment, Measure, Problem
from optimizer.core.bound import contradicts, holds, lower_bound
from optimizer.core.engines import Options, assign
from optimizer.core.exact import Infeasible
from optimizer.core.result import Status
from optimizer.core.rows import compile_rows
from optimizer.overlays.support import Support
from scenarios import NoPlanExists, NoPlanFoundInTime

ONE = 0.34
"""Share of the time that is left for one settlement."""

BRANCHES = 400
"""Relaxations bounded at most where no time limit says when to stop."""

ROUGH = 1e-4
"""How near to the relaxation's optimum a branch is bounded, as a fraction."""

MOST_COPIES = 4_000_000
"""Pairs of customer and rep, a copy for each choice of specialists, beyond which only turns are taken."""

ROUNDS = 6
"""Times at most that specialists follow the reps' books and books follow the specialists."""

ALIKE = 1e-6
"""Share of a cost by which it may be above a bound and still count as proved to be the best."""

OVER = 1e4
"""Money an hour beyond a specialist's limit, where books leave no room and somebody must be named."""


@dataclass(frozen=True, eq=False)
class Layer:
    """An overlay by units: what a unit takes of each specialist."""

    support: Support
    group: np.ndarray
    groups: int
    served: np.ndarray
    allowed: np.ndarray
    cost: np.ndarray
    hours: np.ndarray
    count: np.ndarray

    @property
    def limits(self) -> list[tuple[str, np.ndarray, np.ndarray]]:
        """Hard limits: name, amount by unit and specialist, upper limit by specialist."""
        name = self.support.overlay.name
        found = [(f"overlay {name}, hours", self.hours, self.support.limit)]
        most = self.support.overlay.customers_at_most
        if most is not None:
            counts = np.repeat(self.count[:, None], self.hours.shape[1], axis=1)
            found.append((f"overlay {name}, customers", counts, np.full(self.hours.shape[1], float(most))))
        return found


Open = tuple[np.ndarray, ...]
"""Specialists still in question, true or false, by layer: groups x specialists."""


@dataclass
class Joint:
    """Reps and the overlays that follow them, settled by branch and bound."""

    compiled: Compiled
    parts: list[Support]
    log: list[str] = field(default_factory=list)
    cost: float = np.inf
    bound: float = -np.inf
    status: Status = "optimal"

    def __post_init__(self) -> None:
        units = self.compiled.unit_of.to_numpy()
        self.layers = [layer_of(part, units) for part in self.parts]
        self.problem = self.compiled.problem
        self.pairs = np.full(self.problem.units, -1)
        self.settled: list[np.ndarray] = []
        self.known: dict[bytes, Assignment | None] = {}

    def solve(self, owner: pd.Series, least: float, options: Options, *, interrupted: bool) -> None:
        """Find settlement and books; sets pairs, settled, cost, bound and status.

        Parameters
        ----------
        owner, least
            Best owners of the reps' problem alone, and its bound: specialists can only cost more.
        """
        until = time.perf_counter() + float(options.get("time_limit") or 60.0)
        gap, steps = float(options.get("gap", 5e-3)), 0
        everything: Open = tuple(np.ones((la.groups, len(la.support.people)), bool) for la in self.layers)
        small = len(self.problem.cost) * math.prod(m.shape[1] for m in everything) <= MOST_COPIES
        root = max(least, self._bound(everything)) if small else least
        open_nodes: list[tuple[float, int, Open]] = [(root, 0, everything)]
        closed, ties = np.inf, itertools.count(1)
        if interrupted:
            self.status = "interrupted"
        try:
            if np.isfinite(root):
                closed = self._follow(owner, root, options, until)
            while open_nodes and np.isfinite(root) and small and self.status != "interrupted":
                self.bound = min(self.cost, closed, open_nodes[0][0])
                if self._is_within(gap):
                    break
                if time.perf_counter() > until or (np.isinf(until) and steps >= BRANCHES):
                    self.status = "time limit" if time.perf_counter() > until else "work limit"
                    break
                least, _, masks = open_nodes[0]  # stays open until its children are, so that none is lost
                where = self._most_to_settle(masks)
                if where is None:
                    closed = min(closed, self._evaluate(_settlement(masks), least, options, until))
                for child in _branches(masks, *where) if where else ():
                    value = max(least, self._bound(child))
                    steps += 1
                    if value < self.cost:
                        heapq.heappush(open_nodes, (value, next(ties), child))
                heapq.heappop(open_nodes)
        except KeyboardInterrupt:
            self.status = "interrupted"
        if np.isinf(self.cost):
            self._refuse(open_nodes, closed)
        self.bound = min(self.cost, closed, *(node[0] for node in open_nodes))
        if self.status == "optimal" and not self._is_within(0.0):
            self.status = "within gap" if self._is_within(gap) else "stopped improving"
        self.log.append(
            f"Specialists: no plan costs less than {root:,.0f} whoever supports whom; {steps} branches and "
            f"{len(self.known)} settlements later it is {self.bound:,.0f}, the best plan {self.cost:,.0f}."
        )

    def _is_within(self, gap: float) -> bool:
        """Say whether the best plan is proved to be within a fraction of the best possible."""
        near = gap * abs(self.cost) + ALIKE * max(abs(self.cost), 1.0)
        return bool(np.isfinite(self.cost) and self.cost - self.bound <= near)

    def _follow(self, owner: pd.Series, least: float, options: Options, until: float) -> float:
        """Let specialists follow books and books specialists, as long as that makes the plan better."""
        closed, chosen = np.inf, self.compiled.chosen(owner)
        for _ in range(ROUNDS):
            rep = self.problem.rep[chosen]
            settled = [settle(layer, rep, over=OVER) for layer in self.layers]
            if _key(settled) in self.known:
                break
            before = self.cost
            closed = min(closed, self._evaluate(settled, least, options, until, chosen))
            if self.cost >= before or time.perf_counter() > until or self.status == "interrupted":
                break
            chosen = self.pairs
        return closed

    def _evaluate(
        self, settled: list[np.ndarray], least: float, options: Options, until: float,
        start: np.ndarray | None = None,
    ) -> float:  # fmt: skip
        """Plan the books for one settlement and keep the plan if it is the best.

        Parameters
        ----------
        least
            What no plan of this settlement is known to cost less than.

        Returns
        -------
        The bound of the settlement's plans: `least` where no plan was found in time, inf where there is none.
        """
        if _key(settled) in self.known:
            done = self.known[_key(settled)]
            return np.inf if done is None else max(done.bound, least)
        masks = tuple(
            np.arange(len(layer.support.people))[None, :] == one[:, None]
            for layer, one in zip(self.layers, settled, strict=True)
        )
        expanded = self._expanded(masks)
        answer = None
        if expanded is not None:
            problem, pair = expanded
            left = (until - time.perf_counter()) * ONE
            spent: Options = {**options, "time_limit": max(left, 1.0)}
            try:
                answer = assign(problem, start=_start(problem, pair, start), **spent)
            except Infeasible:
                answer = None
            except NoPlanFoundInTime:
                return least
        self.known[_key(settled)] = answer
        if answer is None:
            return np.inf
        if answer.status == "interrupted":
            self.status = "interrupted"
        if answer.cost < self.cost:
            self.cost, self.pairs, self.settled = answer.cost, pair[answer.chosen], settled
        return max(answer.bound, least)

    def _bound(self, masks: Open) -> float:
        """Bound the plans of a branch; inf where its limits contradict each other."""
        expanded = self._expanded(masks)
        if expanded is None:
            return np.inf
        problem, _ = expanded
        bound = lower_bound(problem, tolerance=ROUGH)
        if holds(problem, bound):
            return bound.value
        impossible = bound.value > _dearest(problem) or contradicts(compile_rows(problem)) is not None
        return np.inf if impossible else bound.value

    def _expanded(self, masks: Open) -> tuple[Problem, np.ndarray] | None:
        """Write the problem with a copy of each pair for each specialist in question; none: nobody is left.

        Returns
        -------
        The problem, and which pair of the reps' own problem each of its pairs is a copy of.
        """
        problem = self.problem
        pair, picks = np.arange(len(problem.cost)), list[np.ndarray]()
        for layer, mask in zip(self.layers, masks, strict=True):
            unit = problem.unit[pair]
            can = mask[layer.group[problem.rep[pair]]] & layer.allowed[unit]
            can[~layer.served[unit]] = np.arange(can.shape[1]) == 0
            row, pick = np.nonzero(can)
            pair, picks = pair[row], [*(p[row] for p in picks), pick]
        if (np.bincount(problem.unit[pair], minlength=problem.units) == 0).any():
            return None
        unit, cost = problem.unit[pair], problem.cost[pair]
        measures = [measure.only(pair) for measure in problem.measures]
        for layer, pick in zip(self.layers, picks, strict=True):
            cost = cost + layer.cost[unit, pick]
            for name, amount, upper in layer.limits:
                measures += _measures(name, amount[unit, pick], upper, pick, problem.reps)
        budgets = tuple(replace(budget, amount=budget.amount[pair]) for budget in problem.budgets)
        made = replace(
            problem, unit=unit, rep=problem.rep[pair], cost=cost, measures=tuple(measures), budgets=budgets
        )
        return made, pair

    def _most_to_settle(self, masks: Open) -> tuple[int, int] | None:
        """Find the open group of reps that takes most hours of specialists in the best plan, if any is open.

        Where there is no plan yet, all that a group's reps might serve counts.
        """
        best, most = None, -1.0
        served = self.pairs if (self.pairs >= 0).all() else np.arange(len(self.problem.cost))
        unit, rep = self.problem.unit[served], self.problem.rep[served]
        for number, (layer, mask) in enumerate(zip(self.layers, masks, strict=True)):
            load = np.bincount(layer.group[rep], layer.hours.mean(axis=1)[unit], layer.groups)
            for group in np.flatnonzero(mask.sum(axis=1) > 1).tolist():
                if load[group] > most:
                    best, most = (number, group), float(load[group])
        return best

    def _refuse(self, open_nodes: list[tuple[float, int, Open]], closed: float) -> None:
        if any(np.isfinite(node[0]) for node in open_nodes) or not np.isposinf(closed):
            stopped = "Stopped before a plan was found" if self.status == "interrupted" else "No plan found"
            raise NoPlanFoundInTime(f"{stopped} that leaves specialists enough hours; give it more time.")
        reasons = []
        for layer in self.layers:
            least = np.where(layer.allowed, layer.hours, np.inf).min(axis=1).sum()
            reasons.append(
                f"overlay {layer.support.overlay.name}: customers take at least {least:,.0f} hours of "
                f"specialists, {layer.support.limit.sum():,.0f} are allowed, and every group of reps has one "
                "specialist"
            )
        raise NoPlanExists([*reasons, "without specialists there is a plan"])


def layer_of(part: Support, unit_of: np.ndarray) -> Layer:
    """Add up by unit what an overlay's customers take of each specialist; `unit_of` is by customer."""
    units = int(unit_of.max()) + 1

    def added(table: np.ndarray) -> np.ndarray:
        total = np.zeros((units, table.shape[1]))
        np.add.at(total, unit_of, table)
        return total

    count = added(part.meant[:, None].astype("float64"))[:, 0]
    group = np.zeros(0, dtype=int) if part.group is None else part.group
    return Layer(
        part,
        group,
        int(group.max(initial=-1)) + 1,
        count > 0,
        added(~part.allowed) == 0,
        added(np.where(part.meant[:, None], part.above_nearest, 0.0)),
        added(part.hours),
        count,
    )


def settle(layer: Layer, rep: np.ndarray, *, over: float) -> np.ndarray:
    """Choose the specialist of each group of reps for given books, at the least cost."""
    units, people = np.flatnonzero((rep >= 0) & layer.served), len(layer.support.people)
    group = layer.group[rep[units]]

    def by_group(table: np.ndarray) -> np.ndarray:
        total = np.zeros((layer.groups, people))
        np.add.at(total, group, table[units])
        return total

    allowed = by_group(~layer.allowed) == 0
    cost = by_group(layer.cost) + np.where(allowed, 0.0, over * max(float(layer.hours.sum()), 1.0))
    limits = [(name, by_group(amount), upper) for name, amount, upper in layer.limits]
    return shared_out(cost, np.ones_like(allowed), limits, over, {}).owner


def shared_out(
    cost: np.ndarray,
    allowed: np.ndarray,
    limits: list[tuple[str, np.ndarray, np.ndarray]],
    price: float,
    options: Options,
) -> Assignment:
    """Give each row one column at the least cost within limits of the columns."""
    row, column = np.nonzero(allowed)
    none = np.full(cost.shape[1], -np.inf)
    measures = tuple(Measure(name, amount[row, column], none, upper, price) for name, amount, upper in limits)
    problem = Problem(len(cost), cost.shape[1], row, column, cost[row, column], measures)
    if not len(cost):
        nothing = np.zeros(0, dtype=int)
        return Assignment(nothing, nothing, 0.0, 0.0, "optimal", 0.0, "none")
    return assign(problem, **options)


def _measures(name: str, amount: np.ndarray, upper: np.ndarray, pick: np.ndarray, rows: int) -> list[Measure]:
    """Write what specialists may take at most as measures whose other book is a specialist's."""
    found = []
    for first in range(0, len(upper), rows):
        here = upper[first : first + rows]
        most = np.concatenate([here, np.full(rows - len(here), np.inf)])
        mine = (pick >= first) & (pick < first + rows) & (amount != 0)
        also = np.where(mine, pick - first, -1)
        zero = np.zeros(len(pick))
        title = name if first == 0 else f"{name} from number {first + 1}"
        found.append(
            Measure(title, zero, np.full(rows, -np.inf), most, np.inf, also, np.where(mine, amount, 0.0))
        )
    return found


def _dearest(problem: Problem) -> float:
    """Give what no plan can cost more than: every unit's dearest pair, everything outside priced limits."""
    if problem.fairness:
        return np.inf

    def largest(amount: np.ndarray) -> float:
        return float(np.maximum.reduceat(np.abs(amount), problem.starts[:-1]).sum())

    total = float(np.maximum.reduceat(problem.cost, problem.starts[:-1]).sum())
    for measure in problem.measures:
        if np.isfinite(measure.price):
            limits = np.abs(np.concatenate([measure.lower, measure.upper]))
            other = 0.0 if measure.other_amount is None else largest(measure.other_amount)
            reach = largest(measure.amount) + other + float(limits[np.isfinite(limits)].sum())
            total += measure.price * reach
    soft = [budget for budget in problem.budgets if np.isfinite(budget.price)]
    return total + sum(budget.price * largest(budget.amount) for budget in soft)


def _start(problem: Problem, pair: np.ndarray, known: np.ndarray | None) -> np.ndarray | None:
    """Find a known choice among the copies of its pairs; where one is missing, the unit's first stands in."""
    if known is None:
        return None
    place = np.minimum(np.searchsorted(pair, known), len(pair) - 1)
    return np.where(pair[place] == known, place, problem.starts[:-1])


def _branches(masks: Open, number: int, group: int) -> list[Open]:
    children = []
    for person in np.flatnonzero(masks[number][group]).tolist():
        child = [mask.copy() for mask in masks]
        child[number][group] = False
        child[number][group, person] = True
        children.append(tuple(child))
    return children


def _settlement(masks: Open) -> list[np.ndarray]:
    return [mask.argmax(axis=1) for mask in masks]


def _key(settled: list[np.ndarray]) -> bytes:
    return np.concatenate(settled).astype(np.int64).tobytes()
