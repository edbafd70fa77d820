"""A plan edited by hand: totals, price and broken limits at once, swaps that help, and planning around what
was decided.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Unpack

import numpy as np
import pandas as pd

from optimizer.assignment import Measure, only
from optimizer.engines import Options, assign
from optimizer.exact import Infeasible
from optimizer.plan import Plan
from optimizer.quotas import split_target
from optimizer.result import Result
from optimizer.rows import BLUR
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
        problem = self.compiled.problem
        total = float(problem.cost[self.chosen].sum())
        for measure in problem.measures:
            if np.isfinite(measure.price):
                total += measure.price * float(_outside(measure, self._load(measure)).sum())
        for budget in problem.budgets:
            if np.isfinite(budget.price):
                total += budget.price * max(float(budget.amount[self.chosen].sum()) - budget.limit, 0.0)
        for fair in problem.fairness:
            total += fair.cost(self._load(problem.measure(fair.measure)))
        return total

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """The hard limits that the draft breaks."""
        problem, found = self.compiled.problem, []
        for measure in problem.measures:
            if np.isfinite(measure.price):
                continue
            load = self._load(measure)
            outside = _outside(measure, load)
            for rep in np.flatnonzero(outside > 1e3 * BLUR * np.maximum(np.abs(load), 1.0)).tolist():
                found.append(Broken(measure.name, str(self.compiled.reps[rep]), float(outside[rep])))
        for budget in problem.budgets:
            over = float(budget.amount[self.chosen].sum()) - budget.limit
            if np.isinf(budget.price) and over > 1e3 * BLUR * max(abs(budget.limit), 1.0):
                found.append(Broken(budget.name, "", over))
        return tuple(found)

    @cached_property
    def totals(self) -> pd.DataFrame:
        """What each book adds up to: by rep, a column for each limited measure, and with " least" and " most"
        its limits.
        """
        table = pd.DataFrame(index=self.compiled.reps)
        for measure in self.compiled.problem.measures:
            table[measure.name] = self._load(measure)
            table[f"{measure.name} least"], table[f"{measure.name} most"] = measure.lower, measure.upper
        return table

    @property
    def owner(self) -> pd.Series:
        """The rep of each customer."""
        return self.compiled.owners(self.chosen)

    def swaps(self, customer: str, most: int = 5) -> tuple[Swap, ...]:
        """Suggest customers to give back to the rep who lost this one, best first.

        Only what the objective prefers to the draft as it is, what breaks no further limit, and what leaves
        both reps' books no farther from their limits than the draft does.
        """
        unit = int(self.compiled.unit_of[customer])
        problem = self.compiled.problem
        taker = problem.rep[self.chosen[unit]]
        before = draft_of(self.scenario, self.plan, self.compiled)
        giver = problem.rep[before.chosen[unit]]
        if giver == taker:
            return ()
        mine = np.flatnonzero((problem.rep[self.chosen] == taker) & (np.arange(problem.units) != unit))
        back = np.flatnonzero((problem.rep == giver) & np.isin(problem.unit, mine))
        found = []
        now = sum(b.amount for b in self.broken)
        for pair in back.tolist():
            other = problem.unit[pair]
            if other in self.fixed:
                continue
            chosen = self.chosen.copy()
            chosen[other] = pair
            draft = replace(self, chosen=chosen)
            if draft.cost < self.cost and sum(b.amount for b in draft.broken) <= now:
                name = str(self.compiled.unit_of.index[(self.compiled.unit_of == other).to_numpy()][0])
                found.append(Swap(name, str(self.compiled.reps[giver]), draft.cost - self.cost))
        return tuple(sorted(found, key=lambda swap: swap.price)[:most])

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

    def _load(self, measure: Measure) -> np.ndarray:
        return self.compiled.problem.loads(measure, self.chosen)

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
