"""Why a customer has the rep it has: what the next best would cost, term by term, and what would change it.

From the prices of the bound, so that a figure counts what a move does to everybody else: a rep whose hours
are short makes a customer's hours dear. A re-solve with the customer fixed says it exactly.
"""

from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from optimizer.core.assignment import Measure, only
from optimizer.core.bound import lower_bound, priced
from optimizer.core.certificate import Certificate
from optimizer.core.engines import Options, assign
from optimizer.core.exact import Infeasible
from optimizer.costs import best_possible
from optimizer.pairs import Pairs, pairs_in_question
from optimizer.plan import Plan
from optimizer.relaxing import HOURS, without
from optimizer.rivals import cheapest_with_room
from optimizer.rules import violations
from optimizer.score import score
from optimizer.sums import Sums
from optimizer.territories import Compiled, compile_problem, with_limits_of
from scenarios import InputError, NoPlanExists, Problem, Scenario
from scenarios.permissions import forbidden

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
        Hard limits that would break if the customer moved and nothing else did: by name, by how much.
    alone
        What the plan would cost more if the customer moved and nothing else did, money a year: `cost` lets
        everything else adapt.
    """

    rep: str
    cost: float
    terms: dict[str, float]
    breaks: dict[str, float]
    alone: float


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
        The next best reps, least cost first; none where nobody else is eligible.
    forbidden
        Reps who may not serve the customer, with the rules that say so.
    """

    customer: str
    owner: str
    today: str
    with_it: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    forbidden: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Price:
    """What something costs: the least plan with it less the least plan without, money a year.

    Parameters
    ----------
    estimate
        Difference of the two plans found.
    least, most
        Between which the true difference lies, by the bounds of both.
    moved
        Customers with another rep than in the plan.
    """

    estimate: float
    least: float
    most: float
    moved: int


class Reasons:
    """The reasons of one plan, compiled once: ask for as many customers as you like."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario, self.plan = scenario, plan
        self.pairs: Pairs = pairs_in_question(scenario)
        self.compiled: Compiled = compile_problem(scenario)
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
            raise InputError([Problem("customer", customer, "no such customer in the scenario")])
        unit = int(self.compiled.unit_of[customer])
        now = int(self.chosen[unit])
        others = [p for p in range(self.starts[unit], self.starts[unit + 1]) if p != now]
        found = sorted((self._alternative(p, now) for p in others), key=lambda a: a.cost)
        family = self.compiled.unit_of.index[self.compiled.unit_of == unit]
        return Reason(
            customer=customer,
            owner=str(self.plan.owner[customer]),
            today=str(self.scenario.customers["owner"][customer]),
            with_it=tuple(str(c) for c in family if c != customer),
            alternatives=tuple(found[:most]),
            forbidden=self._forbidden(customer),
        )

    def table(self) -> pd.DataFrame:
        """Say for every customer who the next best rep is and what it would cost more, money a year.

        Returns
        -------
        By customer: next_best, costs_more; "" and nan where nobody else is eligible.
        """
        problem = self.compiled.problem
        total = priced(problem, self.prices)
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
        return Alternative(rep, sum(terms.values()), terms, self._breaks(moved), alone)

    def _breaks(self, moved: Sums) -> dict[str, float]:
        """Say which hard limits one move breaks, or breaks by more than before."""
        before = {b.where: b.amount for b in self.sums.broken(self.compiled.reps)}
        after = {b.where: b.amount for b in moved.broken(self.compiled.reps)}
        return {
            where: amount for where, amount in after.items() if amount > before.get(where, 0.0) * (1 + NEAR)
        }

    def _forbidden(self, customer: str) -> dict[str, tuple[str, ...]]:
        row = self.scenario.customers.index.get_loc(customer)
        part = self.scenario.part(np.array([row]))
        rules: dict[str, tuple[str, ...]] = {}
        for name, against in forbidden(part):
            for rep in self.scenario.reps.index[against[0]]:
                rules[str(rep)] = (*rules.get(str(rep), ()), name)
        return rules


def price_of_owner(
    scenario: Scenario, plan: Plan, customer: str, rep: str, **options: Unpack[Options]
) -> Price:
    """Say what it costs to give a customer to a rep, everything else being planned anew around it.

    Raises
    ------
    InputError
        If there is no such customer or rep.
    NoPlanExists
        If the rep may not serve the customer, or no plan keeps the hard rules then.
    """
    problems = [
        Problem(what, key, f"no such {what} in the scenario")
        for what, key, table in (("customer", customer, scenario.customers), ("rep", rep, scenario.reps))
        if key not in table.index
    ]
    if problems:
        raise InputError(problems)
    _refuse(scenario, plan)
    compiled = compile_problem(scenario)
    problem, place = compiled.problem, compiled.reps.get_loc(rep)
    unit = compiled.unit_of[customer]
    keep = (problem.unit != unit) | (problem.rep == place)
    if not keep[problem.unit == unit].any():
        row = np.array([scenario.customers.index.get_loc(customer)])
        rules = [name for name, against in forbidden(scenario.part(row)) if against[0, place]]
        raise NoPlanExists([f"rep {rep} may not serve customer {customer}: {', '.join(rules) or 'families'}"])
    before = compiled.chosen(plan.owner)
    start = before.copy()
    start[unit] = np.flatnonzero((problem.unit == unit) & (problem.rep == place))[0]
    fixed = only(problem, keep)
    known = np.searchsorted(np.flatnonzero(keep), start) if (start >= 0).all() else None
    try:
        answer = assign(fixed, start=known, **options)
    except Infeasible:
        raise NoPlanExists([f"with customer {customer} at rep {rep} no plan keeps all hard rules"]) from None
    cost = score(scenario, plan.owner).objective
    bound = _least(scenario, plan, compiled)
    moved = int((np.flatnonzero(keep)[answer.chosen] != before).sum())
    return Price(answer.cost - cost, answer.bound - cost, answer.cost - bound, moved)


def price_of_rule(scenario: Scenario, plan: Plan, name: str, **options: Unpack[Options]) -> Price:
    """Say what a rule costs: plan anew without it, from this plan.

    Costs are compared as they are, not against each customer's best rep, who may be another without the rule;
    and books are judged by the same fair shares.

    Raises
    ------
    InputError
        If the scenario has no such rule.
    """
    relaxed = without(scenario, name)
    _refuse(scenario, plan)
    before, compiled = compile_problem(scenario), compile_problem(relaxed)
    problem = with_limits_of(before.problem, compiled.problem) if name != HOURS else compiled.problem
    known = compiled.chosen(plan.owner)
    start = np.where(known >= 0, known, cheapest_with_room(problem, HOURS))
    try:
        answer = assign(problem, start=start, **options)
    except Infeasible:
        raise NoPlanExists([f"without {name} no plan keeps all hard rules either"]) from None
    unavoidable = _unavoidable(scenario) - _unavoidable(relaxed)
    cost = score(scenario, plan.owner).objective + unavoidable
    bound = _least(scenario, plan, before) + unavoidable
    moved = int((compiled.owners(answer.chosen) != plan.owner).sum())
    return Price(cost - answer.cost, bound - answer.cost, cost - answer.bound, moved)


def _unavoidable(scenario: Scenario) -> float:
    """Give what the customers' best eligible reps cost in all, money a year."""
    return sum(float(best_possible(part).sum()) for part in scenario.parts())


def _least(scenario: Scenario, plan: Plan, compiled: Compiled) -> float:
    """Give what no plan of a scenario costs less than: what this plan proved, or the relaxation's bound."""
    alone = plan.support.empty  # the bound of a plan with specialists is that of both together
    if plan.result is not None and plan.scenario_digest == scenario.digest and alone:
        return plan.result.bound
    return lower_bound(compiled.problem).value


def _refuse(scenario: Scenario, plan: Plan) -> None:
    """Refuse to price anything where costs cannot be compared."""
    if scenario.rules.objective == "priority":
        remedy = "goals in strict order have no common price; set rules.objective to weighted to ask for one"
        raise InputError([Problem("scenario.toml, rules.objective", "priority", remedy)])
    nobody = plan.owner.index[plan.owner == ""]
    if len(nobody):
        remedy = "these customers have no rep, so the plan's cost is not that of serving all; plan them first"
        raise InputError([Problem("plan", ", ".join(map(str, nobody[:10])), remedy)])
    broken = [str(v) for v in violations(scenario, plan) if v.rule != "quotas"]
    if broken:
        remedy = "the plan breaks hard rules, so its cost is no fair comparison; plan anew first"
        raise InputError([Problem("plan", broken[0], remedy)])


def _worth(
    measure: Measure, price: np.ndarray, rep: np.ndarray, pairs: np.ndarray | int
) -> np.ndarray | float:
    """Give what pairs take of a measure's limits, at the prices of the reps they add to, money a year."""
    worth = price[rep[pairs]] * measure.amount[pairs]
    if measure.other is not None and measure.other_amount is not None:
        other = measure.other[pairs]
        worth = worth + np.where(other >= 0, price[other] * measure.other_amount[pairs], 0.0)
    return worth
