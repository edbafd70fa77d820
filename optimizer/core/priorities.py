"""Objectives in strict order: each is made as good as can be and then held, before the next is opened.

Preemptive goal programming (Charnes and Cooper 1961; Ignizio 1976). A level is held by a budget on the pairs'
amounts. Unevenness is convex, so it is held by its tangents, added where a plan passes them (Kelley 1960).
The ordinary mode, a weighted sum, needs nothing of this: it is `Problem.cost` and `Problem.fairness`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Unpack

import numpy as np

from optimizer.core.assignment import CLOSE_ENOUGH, Assignment, Budget, Measure, Problem
from optimizer.core.engines import SMALL, Options, assign
from optimizer.core.fair_bound import amounts_at, fair_bound
from optimizer.core.fairness import Fairness
from optimizer.core.stopping import Watch
from scenarios.errors import NoPlanFoundInTime

MOST_TANGENTS = 50
"""Rounds in which a plan may show that a level held by its tangents is not held yet."""

FIRST_BY_FAR = 2.0
"""Price of unevenness, in costs of all units, at which it comes first by far."""

ROUNDING = 1e-9
"""Share of a level's value that rounding may add when it is held."""


@dataclass(frozen=True, eq=False)
class Level:
    """One objective of several in strict order.

    Parameters
    ----------
    name
        For people.
    cost
        One entry a pair; None: nothing.
    fairness
        Prices on unevenness.
    limits
        Whether what lies outside the problem's limits at a price counts on this level. On others it is free.
    slack
        By which share of its value this level may become worse for the sake of later ones.
    """

    name: str
    cost: np.ndarray | None = None
    fairness: tuple[Fairness, ...] = ()
    limits: bool = False
    slack: float = 0.0

    def problem(self, problem: Problem) -> Problem:
        """Write the problem with this objective; hard limits stay."""
        cost = np.zeros(len(problem.cost)) if self.cost is None else np.asarray(self.cost, dtype=float)
        measures, budgets = problem.measures, problem.budgets
        if not self.limits:
            measures = tuple(m if np.isinf(m.price) else _without_limits(m) for m in measures)
            budgets = tuple(b for b in budgets if np.isinf(b.price))
        return replace(problem, cost=cost, measures=measures, budgets=budgets, fairness=self.fairness)

    def value(self, problem: Problem, chosen: np.ndarray) -> float:
        """Give the objective of a choice; inf where it breaks a hard limit."""
        return self.problem(problem).objective(chosen)


@dataclass(frozen=True, eq=False)
class Cap:
    """An objective that is limited from the beginning: its value is at most `most`."""

    level: Level
    most: float


@dataclass(frozen=True, eq=False)
class InOrder:
    """A plan that is best in strict order.

    Parameters
    ----------
    plan
        The last level's answer.
    steps
        Each level's answer: its cost and bound are in the level's own terms, the bound for all plans that
        hold the levels before.
    values
        Each level's objective of the final plan.
    """

    plan: Assignment
    steps: tuple[Assignment, ...]
    values: tuple[float, ...]


def assign_in_order(
    problem: Problem,
    levels: Sequence[Level],
    *,
    caps: Sequence[Cap] = (),
    start: np.ndarray | None = None,
    **options: Unpack[Options],
) -> InOrder:
    """Give every unit one rep so that the first objective is best, then the second among the best, and so on.

    Parameters
    ----------
    levels
        The objectives, most important first. The problem's own cost and fairness do not count unless a level
        names them.
    caps
        Objectives limited from the beginning, such as a cost that may not be passed.
    start
        A choice to begin with.
    options
        As in `optimizer.core.engines.assign`, the gap 1e-6 if not given; time is for all levels
        together, each gets an equal part of what is left; work is divided evenly, and each tangent that a
        level needs may take a level's part again. A level that is not proved optimal is held at what
        was achieved.

    Raises
    ------
    Infeasible
        If the hard limits cannot hold together.
    NoPlanFoundInTime
        If the first level found no plan.
    ValueError
        If there is no level.
    """
    if not levels:
        raise ValueError("there must be at least one level")
    work_limit, time_limit = options.pop("work_limit", None), options.pop("time_limit", None)
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    options.setdefault("gap", 1e-6)
    watch = Watch(time_limit, work_limit, 0.0)
    held = [_Held(problem, cap.level, cap.most, None) for cap in caps]
    steps: list[Assignment] = []
    for number, level in enumerate(levels):
        rest = len(levels) - number
        work = None if work_limit is None else work_limit / len(levels)
        step = _solve(problem, level, held, watch.seconds_left / rest, work, options, start)
        start = step.chosen
        steps.append(step)
        if step.status == "interrupted":
            return InOrder(step, tuple(steps), tuple(one.value(problem, step.chosen) for one in levels))
        most = step.cost + level.slack * abs(step.cost) + ROUNDING * max(abs(step.cost), 1.0)
        held.append(_Held(problem, level, most, step.chosen))
    values = tuple(level.value(problem, steps[-1].chosen) for level in levels)
    return InOrder(steps[-1], tuple(steps), values)


@dataclass(eq=False)
class _Held:
    """A level that later ones may not worsen: the budgets and limits that say so, as far as known."""

    problem: Problem
    level: Level
    most: float
    first: np.ndarray | None
    budgets: list[Budget] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self._banded:
            return
        first = self.problem.starts[:-1] if self.first is None else self.first
        self.touch(first)

    @property
    def _banded(self) -> bool:
        """Whether it is the largest deviation alone, which limits hold exactly."""
        terms, level = self.level.fairness, self.level
        alone = len(terms) == 1 and not level.limits and (level.cost is None or not level.cost.any())
        return alone and terms[0].notion == "maximum deviation" and terms[0].price > 0

    def broken(self, chosen: np.ndarray) -> bool:
        value = self.level.value(self.problem, chosen)
        return bool(value > self.most + CLOSE_ENOUGH * max(abs(self.most), 1.0))

    def touch(self, chosen: np.ndarray) -> None:
        """Add the tangent at a choice: the level's objective is convex in the pairs."""
        amount, rest = tangent(self.level.problem(self.problem), chosen)
        name = f"{self.level.name} {len(self.budgets) + 1}"
        self.budgets.append(Budget(name, amount, self.most - rest))

    def keep(self, problem: Problem) -> Problem:
        """Add what is known of the level to a problem."""
        if self._banded:
            term = self.level.fairness[0]
            old, apart = self.problem.measure(term.measure), self.most / term.price
            name = f"{self.level.name} of {old.name}"
            low, high = term.share * (1 - apart), term.share * (1 + apart)
            band = Measure(name, old.amount, low, high, np.inf, old.other, old.other_amount)
            return replace(problem, measures=(*problem.measures, band))
        return replace(problem, budgets=(*problem.budgets, *self.budgets))


def tangent(problem: Problem, chosen: np.ndarray) -> tuple[np.ndarray, float]:
    """Give a linear function below a problem's objective that touches it at a choice.

    Returns
    -------
    amount, one entry a pair, and a number, with objective(any) >= amount[any].sum() + number.
    """
    amount, rest = problem.cost.astype(float), 0.0
    for term in problem.fairness:
        measure = problem.measure(term.measure)
        load = problem.loads(measure, chosen)
        slope = term.price * term.gradient(load)
        amount = amount + amounts_at(problem, measure, slope)
        rest += term.cost(load) - float(slope @ load)
    for measure in problem.measures:
        if np.isfinite(measure.price) and measure.price > 0:
            load = problem.loads(measure, chosen)
            over, under = load > measure.upper, load < measure.lower
            slope = measure.price * (over.astype(float) - under)
            amount = amount + amounts_at(problem, measure, slope)
            rest -= measure.price * float(measure.upper[over].sum() - measure.lower[under].sum())
    for budget in problem.budgets:
        if np.isfinite(budget.price) and budget.amount[chosen].sum() > budget.limit:
            amount = amount + budget.price * budget.amount
            rest -= budget.price * budget.limit
    return amount, rest


def _solve(
    problem: Problem, level: Level, held: list[_Held], seconds: float, work: float | None, options: Options,
    start: np.ndarray | None,
) -> Assignment:  # fmt: skip
    """Make a level as good as can be, and add tangents of the held ones until its plan holds them."""
    watch = Watch(seconds, None, 0.0)
    own = level.problem(problem)
    best, bound, step = start, -np.inf, None
    if best is not None and any(one.broken(best) for one in held):
        best = None
    for _ in range(MOST_TANGENTS):
        whole = own
        for one in held:
            whole = one.keep(whole)
        left = max(watch.seconds_left, 0.05)
        if _even_alone(whole):
            step = _assign_even(whole, problem.cost, left, work, options, best)
        else:
            how: Options = {**options, "time_limit": left, "work_limit": work}
            step = assign(whole, start=best, **how)
        bound = max(bound, step.bound)
        broken = [one for one in held if one.broken(step.chosen)]
        if not broken:
            return replace(step, bound=min(bound, step.cost), seconds=watch.seconds)
        for one in broken:
            one.touch(step.chosen)
        if watch.seconds_left <= 0:
            break
    # Out of time or rounds: the plan before holds all levels, and what is proved is proved.
    if best is None or step is None:
        raise NoPlanFoundInTime(
            f"no plan found in {watch.seconds:.1f} seconds; allow more time or relax a rule"
        )
    cost = own.objective(best)
    return replace(
        step, chosen=best, owner=problem.rep[best], cost=cost, bound=min(bound, cost), status="time limit",
        seconds=watch.seconds,
    )  # fmt: skip


def _even_alone(problem: Problem) -> bool:
    """Say whether nothing but unevenness counts in a problem too large for the exact engine."""
    return bool(problem.fairness) and not problem.cost.any() and len(problem.cost) > SMALL


def _assign_even(
    problem: Problem, cost: np.ndarray, seconds: float, work: float | None, options: Options,
    start: np.ndarray | None,
) -> Assignment:  # fmt: skip
    """Search with a cost that guides it and hardly counts; what is told and proved is without it."""
    began = Watch(seconds, work, options["gap"])
    at_stake = FIRST_BY_FAR * float(np.abs(cost).mean()) * problem.units
    weight = at_stake / max(sum(fair.price for fair in problem.fairness), 1e-9)
    dear = tuple(replace(fair, price=fair.price * max(weight, 1.0)) for fair in problem.fairness)
    guided = replace(problem, cost=cost, fairness=dear)
    how: Options = {**options, "time_limit": seconds, "work_limit": work, "gap": 0.0, "progress": None}
    step = assign(guided, start=start, **how)
    chosen = step.chosen if start is None else min((step.chosen, start), key=problem.objective)
    reached = problem.objective(chosen)
    bound = fair_bound(problem)
    began.tell(best=reached, bound=max(bound.value, problem.least_cost()))
    return replace(
        step, chosen=chosen, owner=problem.rep[chosen], cost=reached, certificate=bound.certificate,
        bound=min(began.bound, reached), status=began.verdict() or "stopped improving",
    )  # fmt: skip


def _without_limits(measure: Measure) -> Measure:
    none = np.full(len(measure.lower), np.inf)
    return replace(measure, lower=-none, upper=none, price=np.inf)
