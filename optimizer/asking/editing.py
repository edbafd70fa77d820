"""A plan edited by hand: totals, price and broken limits at once, swaps that help, and planning around what
was decided.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Unpack

import numpy as np
import pandas as pd

from optimizer.asking.matches import unknown
from optimizer.asking.missing import left_out_words, missing
from optimizer.asking.ordered import goal_values
from optimizer.asking.sums import Broken, Sums
from optimizer.compiling.territories import Compiled, assign_goals, compile_problem
from optimizer.core.engines import Options, assign
from optimizer.core.exact import Infeasible
from optimizer.core.result import Result
from optimizer.overlays.assigning import support_for
from optimizer.plan import Plan
from optimizer.quotas import split_target
from scenarios import InputError, NoPlanExists, Problem, Scenario

BY_HAND = "keeps the moves made by hand"
"""What the plans do that the bound of a plan around moves is about."""


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
        return self._sums.objective

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """The hard limits that the draft breaks."""
        return tuple(self._sums.broken(self.compiled.reps))

    @cached_property
    def outside(self) -> tuple[Broken, ...]:
        """The limits at a price that something lies outside of."""
        return tuple(b for b in self._sums.outside(self.compiled.reps) if np.isfinite(b.price))

    @cached_property
    def goals(self) -> dict[str, float]:
        """What the draft comes to goal by goal, where goals stand in strict order (`asking.ordered`)."""
        return goal_values(self.compiled.problem, self.compiled.levels, self.chosen)

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

    def alone(self, before: "Draft") -> dict[str, float]:
        """Say what each move by hand costs more than `before` if it is the only one, money a year.

        Returns
        -------
        By customer decided by hand, those of its family alike.
        """
        unit_of = self.compiled.unit_of
        costs = {
            unit: before._sums.moved(int(before.chosen[unit]), int(self.chosen[unit])).objective - before.cost
            for unit in self.fixed
        }
        return {str(customer): costs[unit] for customer, unit in unit_of.items() if unit in costs}

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
                sums = self._sums.moved(int(self.chosen[other]), pair)
                price = sums.objective - self.cost
                if price < 0 and sum(b.amount for b in sums.broken(self.compiled.reps)) <= broken:
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
            support_for(self.scenario, owner),
        )

    def _settled(self, options: Options) -> tuple["Draft", Result]:
        problem = self.compiled.problem
        decided = np.zeros(problem.units, dtype=bool)
        decided[list(self.fixed)] = True
        keep = ~decided[problem.unit]
        keep[self.chosen[decided]] = True
        left, start = self.compiled.only(keep), np.searchsorted(np.flatnonzero(keep), self.chosen)
        try:
            if left.levels:
                answer = assign_goals(left, start, options)
            else:
                answer = assign(left.problem, start=start, **options)
        except Infeasible:
            said = [str(broken) for broken in self.broken]
            raise NoPlanExists([*said, "no plan keeps all hard rules around these moves"]) from None
        result = Result(
            status=answer.status, objective=answer.cost, bound=answer.bound, seconds=answer.seconds,
            engine=answer.engine, log=answer.log, certificate=answer.certificate,
            within=BY_HAND if self.fixed else "",
        )  # fmt: skip
        return replace(self, chosen=np.flatnonzero(keep)[answer.chosen]), result

    @cached_property
    def _sums(self) -> Sums:
        return Sums.of(self.compiled.problem, self.chosen)

    def _pair(self, customer: str, rep: str) -> tuple[int, int]:
        tables = (("customer", customer, self.scenario.customers), ("rep", rep, self.scenario.reps))
        problems = [unknown(what, key, table) for what, key, table in tables if key not in table.index]
        if problems:
            raise InputError(problems)
        problem, place = self.compiled.problem, self.compiled.reps.get_loc(rep)
        unit = int(self.compiled.unit_of[customer])
        first, last = np.searchsorted(problem.unit, [unit, unit + 1])
        found = first + np.flatnonzero(problem.rep[first:last] == place)
        if len(found):
            return unit, int(found[0])
        others_not = missing(self.scenario, self.compiled, [customer])[customer]
        rules = ", ".join(others_not.forbidden.get(rep, ()))
        why = f"{rep} may not serve {customer} by {rules}; name another rep, or change the rule"
        remedy = why if rules else f"{left_out_words(customer)}; name another rep"
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
