"""A plan edited by hand: totals, price and broken limits at once, swaps that help, and planning around what
was decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Unpack

import numpy as np
import pandas as pd

from optimizer.assignment import CLOSE_ENOUGH, Measure, only
from optimizer.engines import Options, assign
from optimizer.exact import Infeasible
from optimizer.plan import Plan
from optimizer.quotas import split_target
from optimizer.result import Result
from optimizer.territories import Compiled, compile_problem
from scenarios import InputError, NoPlanExists, Problem, Scenario
from scenarios.permissions import forbidden


@dataclass(frozen=True)
class Broken:
    """A hard limit that an edited plan breaks: its name, the rep ("": all together) and by how much."""

    limit: str
    rep: str
    amount: float

    def __str__(self) -> str:
        of = f" of {self.rep}" if self.rep else ""
        return f"{self.limit}{of}: {self.amount:,.1f} too much or too little"


@dataclass(frozen=True)
class Swap:
    """A customer to give back for one that was moved.

    Parameters
    ----------
    customer, rep
        Who goes where; a customer stands for its family.
    price
        What the edited plan costs more (or less: < 0) with the swap, money a year.
    """

    customer: str
    rep: str
    price: float


@dataclass(frozen=True, eq=False)
class _Sums:
    """What a choice of pairs adds up to: cost of the pairs, loads by measure, spent by budget."""

    cost: float
    loads: dict[str, np.ndarray]
    spent: dict[str, float]


@dataclass(frozen=True, eq=False)
class Draft:
    """A plan in the middle of being edited; `move` gives the next one. Begin with `draft_of`.

    Parameters
    ----------
    scenario, plan
        What it was made for, and the plan it began with.
    compiled
        The scenario's core problem.
    chosen
        The pair of each unit now.
    fixed
        Units that were decided by hand.
    """

    scenario: Scenario
    plan: Plan
    compiled: Compiled
    chosen: np.ndarray
    fixed: frozenset[int] = frozenset()

    def move(self, customer: str, rep: str) -> "Draft":
        """Give a customer, and its family with it, to a rep.

        Raises
        ------
        InputError
            If there is no such customer or rep, or the rep may not serve it.
        """
        unit, pair = self._pair(customer, rep)
        chosen = self.chosen.copy()
        chosen[unit] = pair
        return replace(self, chosen=chosen, fixed=self.fixed | {unit})

    @cached_property
    def cost(self) -> float:
        """Money lost a year, what lies outside priced limits included; hard limits may be broken."""
        return self._cost(self._sums)

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """The hard limits that the draft breaks."""
        return tuple(self._broken(self._sums))

    @cached_property
    def totals(self) -> pd.DataFrame:
        """What each book adds up to: by rep, a column for each limited measure, and with " least" and " most"
        its limits.
        """
        table = pd.DataFrame(index=self.compiled.reps)
        for measure in self.compiled.problem.measures:
            table[measure.name] = self._sums.loads[measure.name]
            table[f"{measure.name} least"], table[f"{measure.name} most"] = measure.lower, measure.upper
        return table

    @property
    def owner(self) -> pd.Series:
        """The rep of each customer."""
        return self.compiled.owners(self.chosen)

    def swaps(self, customer: str, most: int = 5) -> tuple[Swap, ...]:
        """Suggest customers to give back to the rep who lost this one, best first.

        Only what the objective, which prices both books, prefers to the draft as it is, and what leaves no
        more outside hard limits.
        """
        unit = int(self.compiled.unit_of[customer])
        problem = self.compiled.problem
        taker = problem.rep[self.chosen[unit]]
        giver = problem.rep[self.compiled.chosen(self.plan.owner)[unit]]
        if giver == taker:
            return ()
        mine = set(np.flatnonzero(problem.rep[self.chosen] == taker).tolist()) - self.fixed - {unit}
        broken, found, starts = sum(b.amount for b in self.broken), [], problem.starts
        for other in sorted(mine):
            back = starts[other] + np.flatnonzero(problem.rep[starts[other] : starts[other + 1]] == giver)
            for pair in back.tolist():
                sums = self._moved(int(self.chosen[other]), pair)
                price = self._cost(sums) - self.cost
                if price < 0 and sum(b.amount for b in self._broken(sums)) <= broken:
                    found.append((price, other))
        reps, units = self.compiled.reps, self.compiled.unit_of
        return tuple(
            Swap(str(units.index[int(np.argmax(units.to_numpy() == other))]), str(reps[int(giver)]), price)
            for price, other in sorted(found)[:most]
        )

    def settle(self, **options: Unpack[Options]) -> "Draft":
        """Plan anew around what was decided by hand.

        Raises
        ------
        NoPlanExists
            If the hard limits cannot hold together with it.
        """
        return self._settled(options)[0]

    def finished(self, **options: Unpack[Options]) -> Plan:
        """Plan anew around what was decided by hand, with quotas for it: a plan like any other.

        Raises
        ------
        NoPlanExists
            If the hard limits cannot hold together with it.
        """
        draft, result = self._settled(options)
        return draft.as_plan(result)

    def as_plan(self, result: Result | None = None) -> Plan:
        """Make a plan of the draft as it is, with quotas that follow the customers."""
        owner = self.owner
        return Plan(
            f"{self.plan.name}, edited",
            self.scenario.digest,
            owner,
            split_target(self.scenario, owner),
            result,
        )

    def _settled(self, options: Options) -> tuple["Draft", Result]:
        if self.compiled.levels:
            remedy = "a plan by goals in strict order cannot be settled around moves yet; use weighted"
            raise InputError([Problem("scenario.toml, rules.objective", "priority", remedy)])
        problem = self.compiled.problem
        decided = np.zeros(problem.units, dtype=bool)
        decided[list(self.fixed)] = True
        keep = ~decided[problem.unit]
        keep[self.chosen[decided]] = True
        try:
            answer = assign(
                only(problem, keep),
                start=np.searchsorted(np.flatnonzero(keep), self.chosen),
                **options,
            )
        except Infeasible:
            said = [str(broken) for broken in self.broken]
            raise NoPlanExists([*said, "no plan keeps all hard rules around these moves"]) from None
        result = Result(
            status=answer.status, objective=answer.cost, bound=answer.bound, seconds=answer.seconds,
            engine=answer.engine, log=answer.log, certificate=answer.certificate,
        )  # fmt: skip
        return replace(self, chosen=np.flatnonzero(keep)[answer.chosen]), result

    @cached_property
    def _sums(self) -> "_Sums":
        problem = self.compiled.problem
        return _Sums(
            float(problem.cost[self.chosen].sum()),
            {measure.name: problem.loads(measure, self.chosen) for measure in problem.measures},
            {budget.name: float(budget.amount[self.chosen].sum()) for budget in problem.budgets},
        )

    def _moved(self, old: int, new: int) -> "_Sums":
        """Give the sums with one pair chosen instead of another."""
        problem, sums = self.compiled.problem, self._sums
        gone, come = np.array([old]), np.array([new])
        return _Sums(
            sums.cost + float(problem.cost[new] - problem.cost[old]),
            {
                m.name: sums.loads[m.name] + problem.loads(m, come) - problem.loads(m, gone)
                for m in problem.measures
            },
            {b.name: sums.spent[b.name] + float(b.amount[new] - b.amount[old]) for b in problem.budgets},
        )

    def _cost(self, sums: "_Sums") -> float:
        problem, total = self.compiled.problem, sums.cost
        for measure in problem.measures:
            if np.isfinite(measure.price):
                total += measure.price * float(_outside(measure, sums.loads[measure.name]).sum())
        for budget in problem.budgets:
            if np.isfinite(budget.price):
                total += budget.price * max(sums.spent[budget.name] - budget.limit, 0.0)
        return total + sum(fair.cost(sums.loads[fair.measure]) for fair in problem.fairness)

    def _broken(self, sums: "_Sums") -> Iterator[Broken]:
        problem = self.compiled.problem
        for measure in problem.measures:
            if np.isinf(measure.price):
                load = sums.loads[measure.name]
                outside = _outside(measure, load)
                for rep in np.flatnonzero(outside > CLOSE_ENOUGH * np.maximum(np.abs(load), 1.0)).tolist():
                    yield Broken(measure.name, str(self.compiled.reps[rep]), float(outside[rep]))
        for budget in problem.budgets:
            over = sums.spent[budget.name] - budget.limit
            if np.isinf(budget.price) and over > CLOSE_ENOUGH * max(abs(budget.limit), 1.0):
                yield Broken(budget.name, "", over)

    def _pair(self, customer: str, rep: str) -> tuple[int, int]:
        tables = (("customer", customer, self.scenario.customers), ("rep", rep, self.scenario.reps))
        problems = [
            Problem(what, key, f"no such {what} in the scenario")
            for what, key, table in tables
            if key not in table.index
        ]
        if problems:
            raise InputError(problems)
        problem, place = self.compiled.problem, self.compiled.reps.get_loc(rep)
        unit = int(self.compiled.unit_of[customer])
        first, last = np.searchsorted(problem.unit, [unit, unit + 1])
        found = first + np.flatnonzero(problem.rep[first:last] == place)
        if len(found):
            return unit, int(found[0])
        row = np.array([self.scenario.customers.index.get_loc(customer)])
        rules = [name for name, against in forbidden(self.scenario.part(row)) if against[0, place]]
        why = f"by {', '.join(rules)}" if rules else "since others of its family may not go there"
        remedy = f"{rep} may not serve {customer} {why}; name another rep, or change the rule"
        raise InputError([Problem("move", f"{customer}={rep}", remedy)])


def draft_of(scenario: Scenario, plan: Plan, compiled: Compiled | None = None) -> Draft:
    """Begin to edit a plan.

    Parameters
    ----------
    compiled
        The scenario's core problem, if it is at hand.

    Raises
    ------
    InputError
        If the plan has customers without a rep, or with one who may not serve them.
    """
    compiled = compiled or compile_problem(scenario)
    chosen = compiled.chosen(plan.owner)
    lost = compiled.unit_of.index[chosen[compiled.unit_of.to_numpy()] < 0]
    if len(lost):
        shown = ", ".join(map(str, lost[:10])) + (" ..." if len(lost) > 10 else "")
        remedy = "these customers have no rep, or one who may not serve them; plan them first"
        raise InputError([Problem("plan", shown, remedy)])
    return Draft(scenario, plan, compiled, chosen)


def _outside(measure: Measure, load: np.ndarray) -> np.ndarray:
    return np.maximum(load - measure.upper, 0.0) + np.maximum(measure.lower - load, 0.0)
