"""Why a customer has the rep it has: what the next best would cost, term by term, and what would change it.

From the prices of the bound, so that a figure counts what a move does to everybody else: a rep whose hours
are short makes a customer's hours dear. A re-solve with the customer fixed says it exactly (`prices.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.asking.matches import unknown
from optimizer.asking.missing import missing
from optimizer.asking.sums import Broken, Sums
from optimizer.compiling.pairs import Pairs, pairs_in_question
from optimizer.compiling.territories import Compiled, compile_problem
from optimizer.core.assignment import Measure
from optimizer.core.bound import lower_bound, priced, value_of
from optimizer.core.certificate import Certificate
from optimizer.plan import Plan
from scenarios import InputError, Scenario

NEAR = 1e-9
"""Share of a limit within which a book is at it."""


@dataclass(frozen=True)
class Alternative:
    """Another rep for a customer.

    Parameters
    ----------
    rep
        Key of the rep.
    cost
        What giving the customer to this rep would cost more than the plan does, money a year, by the prices
        of the bound; below 0 where the plan has gone another way for reasons of whole customers.
    terms
        What that is made of, money a year: travel, disruption, ..., and by the name of each limit what room
        taken and given is worth.
    breaks
        Hard limits that would break if the customer moved and nothing else did.
    alone
        What the plan would cost more if the customer moved and nothing else did, money a year: `cost` lets
        everything else adapt.
    least
        What the cheapest plan that gives the customer to this rep costs more than this plan, at least, money
        a year: weak duality, the prices' bound of that choice less the plan's cost. None where goals stand in
        strict order.
    goals
        Where goals stand in strict order: by goal, how much worse it becomes by this move alone, in its unit
        (see `optimizer.asking.ordered`).
    """

    rep: str
    cost: float
    terms: dict[str, float]
    breaks: tuple[Broken, ...]
    alone: float
    least: float | None = None
    goals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why a customer has its rep.

    Parameters
    ----------
    customer, owner, today
        Keys; today's owner may be "".
    with_it
        Other customers of the family, which go where it goes.
    alternatives
        The next best reps, least cost first, and today's owner in any case who may serve it; none where
        nobody else is eligible.
    forbidden
        Reps who may not serve the customer, with the rules that say so; "families" and the rules for others
        of its family where only those forbid it.
    left_out
        Reps who may serve it but were not looked at, since the company is so large.
    """

    customer: str
    owner: str
    today: str
    with_it: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    forbidden: dict[str, tuple[str, ...]]
    left_out: tuple[str, ...] = ()


class Reasons:
    """The reasons of one plan, compiled once: ask for as many customers as you like."""

    def __init__(self, scenario: Scenario, plan: Plan, compiled: Compiled | None = None) -> None:
        self.scenario, self.plan = scenario, plan
        self.pairs: Pairs = pairs_in_question(scenario)
        self.compiled: Compiled = compiled or compile_problem(scenario)
        problem = self.compiled.problem
        fresh = plan.result is not None and plan.scenario_digest == scenario.digest
        known = plan.result.certificate if fresh and plan.result is not None else None
        self.prices: Certificate = known or lower_bound(problem).certificate
        self.starts = problem.starts
        self.chosen = self.compiled.chosen(plan.owner)
        self.sums = Sums.of(problem, self.chosen)

    def why(self, customer: str, most: int = 2) -> Reason:
        """Say why a customer has its rep, with so many of the next best.

        Raises
        ------
        InputError
            If the scenario has no such customer.
        """
        if customer not in self.scenario.customers.index:
            raise InputError([unknown("customer", customer, self.scenario.customers)])
        return self.whys([customer], most)[0]

    def whys(self, customers: Sequence[str], most: int = 2) -> list[Reason]:
        """Say why some customers of the scenario have their reps, as `why` does one by one."""
        others_not = missing(self.scenario, self.compiled, customers)
        unit_of = self.compiled.unit_of
        members = pd.Series(unit_of.index).groupby(unit_of.to_numpy())
        today = self.scenario.customers["owner"]
        found = []
        for customer in customers:
            unit = int(unit_of[customer])
            found.append(
                Reason(
                    customer=customer,
                    owner=str(self.plan.owner[customer]),
                    today=str(today[customer]),
                    with_it=tuple(str(c) for c in members.get_group(unit) if c != customer),
                    alternatives=self._alternatives(unit, most, str(today[customer])),
                    forbidden=others_not[customer].forbidden,
                    left_out=others_not[customer].left_out,
                )
            )
        return found

    def to(self, customer: str, rep: str) -> Alternative | None:
        """Say what giving a customer to one rep would cost more than the plan does.

        Returns
        -------
        None where that rep does not come into question, or has the customer.
        """
        unit, place = int(self.compiled.unit_of[customer]), self.compiled.reps.get_indexer(pd.Index([rep]))[0]
        pairs = np.arange(self.starts[unit], self.starts[unit + 1])
        found = pairs[self.compiled.problem.rep[pairs] == place]
        now = int(self.chosen[unit])
        return None if not len(found) or found[0] == now else self._alternative(int(found[0]), now)

    def table(self) -> pd.DataFrame:
        """Say for every customer who the next best rep is and what it would cost more, money a year.

        Returns
        -------
        By customer: next_best, costs_more; "" and nan where nobody else is eligible.
        """
        problem, total = self.compiled.problem, self.total
        owned = self.chosen[problem.unit] == np.arange(len(problem.cost))
        rest = np.where(owned, np.inf, total)
        order = np.lexsort((rest, problem.unit))
        best = order[self.starts[:-1]]
        now = np.where(self.chosen >= 0, total[self.chosen], np.nan)
        more = np.where(np.isfinite(rest[best]), rest[best] - now, np.nan)
        name = np.where(np.isfinite(rest[best]), self.compiled.reps.to_numpy(str)[problem.rep[best]], "")
        unit = self.compiled.unit_of.to_numpy()
        return pd.DataFrame(
            {"next_best": name[unit], "costs_more": more[unit]}, index=self.compiled.unit_of.index
        )

    @cached_property
    def total(self) -> np.ndarray:
        """What each pair costs under the prices of the bound, money a year."""
        return priced(self.compiled.problem, self.prices)

    def _alternatives(self, unit: int, most: int, today: str) -> tuple[Alternative, ...]:
        """Give the next best of a unit, and today's owner."""
        now = int(self.chosen[unit])
        pairs = np.arange(self.starts[unit], self.starts[unit + 1])
        others = pairs[pairs != now]
        ranked = others[np.argsort(self.total[others], kind="stable")].tolist()
        place = self.compiled.reps.get_indexer(pd.Index([today]))[0]
        rep = self.compiled.problem.rep
        shown = [*ranked[:most], *(p for p in ranked[most:] if rep[p] == place)]
        return tuple(self._alternative(pair, now) for pair in shown)

    def _alternative(self, pair: int, now: int) -> Alternative:
        problem = self.compiled.problem
        terms = {
            name: float(amount[pair] - (amount[now] if now >= 0 else 0.0))
            for name, amount in self.pairs.terms.items()
        }
        for measure in problem.measures:
            price = self.prices.measures[measure.name]
            more = float(_worth(measure, price, problem.rep, pair))
            less = float(_worth(measure, price, problem.rep, now)) if now >= 0 else 0.0
            terms[measure.name] = more - less
        for budget in problem.budgets:
            before = budget.amount[now] if now >= 0 else 0.0
            terms[budget.name] = float(self.prices.budgets[budget.name] * (budget.amount[pair] - before))
        terms = {name: value for name, value in terms.items() if abs(value) > NEAR}
        rep = str(self.compiled.reps[problem.rep[pair]])
        moved = self.sums.moved(now, pair)
        alone = moved.objective - self.sums.objective
        return Alternative(
            rep,
            sum(terms.values()),
            terms,
            self._breaks(moved),
            alone,
            self._least(pair),
            self._goals_worse(pair, now),
        )

    def _least(self, pair: int) -> float | None:
        """Say what the plan would cost more at least with a pair, all else adapting, money a year."""
        if self.compiled.levels:
            return None
        unit = self.compiled.problem.unit[pair]
        cheapest = self.total[self.starts[unit] : self.starts[unit + 1]].min()
        return float(self.total[pair] - cheapest) - (self.sums.objective - self._bound)

    @cached_property
    def _bound(self) -> float:
        """What the prices prove that no plan costs less than, money a year."""
        return value_of(self.compiled.problem, replace(self.prices, units=None))

    def _breaks(self, moved: Sums) -> tuple[Broken, ...]:
        """Say which hard limits one move breaks, or breaks by more than before."""
        return tuple(
            b
            for b in moved.broken(self.compiled.reps)
            if b.amount > self._broken_before.get((b.limit, b.rep), 0.0) * (1 + NEAR)
        )

    @cached_property
    def _broken_before(self) -> dict[tuple[str, str], float]:
        return {(b.limit, b.rep): b.amount for b in self.sums.broken(self.compiled.reps)}

    def _goals_worse(self, pair: int, now: int) -> dict[str, float]:
        return {
            name: sums.moved(now, pair).objective - sums.objective for name, sums in self._goal_sums.items()
        }

    @cached_property
    def _goal_sums(self) -> dict[str, Sums]:
        problem, levels = self.compiled.problem, self.compiled.levels
        return {level.name: Sums.of(level.problem(problem), self.chosen) for level in levels[:-1]}


def _worth(
    measure: Measure, price: np.ndarray, rep: np.ndarray, pairs: np.ndarray | int
) -> np.ndarray | float:
    """Give what pairs take of a measure's limits, at the prices of the reps they add to, money a year."""
    worth = price[rep[pairs]] * measure.amount[pairs]
    if measure.other is not None and measure.other_amount is not None:
        other = measure.other[pairs]
        worth = worth + np.where(other >= 0, price[other] * measure.other_amount[pairs], 0.0)
    return worth
