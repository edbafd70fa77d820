"""What an owner or a rule costs, by planning anew: in money, or goal by goal in strict order."""

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np

from optimizer.asking.editing import Draft
from optimizer.asking.matches import unknown
from optimizer.asking.missing import missing
from optimizer.asking.ordered import WEIGHTED, goal_values, unit_of
from optimizer.asking.relaxing import HOURS, without
from optimizer.clashing.contested import with_limits_of
from optimizer.compiling.costs import best_possible
from optimizer.compiling.territories import Compiled, assign_goals, compile_problem
from optimizer.core.assignment import Assignment
from optimizer.core.bound import lower_bound
from optimizer.core.engines import Options, assign
from optimizer.core.exact import Infeasible
from optimizer.core.result import Result
from optimizer.plan import Plan
from optimizer.rivals import cheapest_with_room
from optimizer.rules import violations
from optimizer.score import score
from scenarios import InputError, NoPlanExists, Problem, Scenario


@dataclass(frozen=True)
class GoalPrice:
    """What something costs in one of several goals in strict order, in the goal's own unit.

    Parameters
    ----------
    goal, unit
        Its name, and what it is counted in: customers, or money (a year).
    with_it, without
        What it comes to with what is priced, and without.
    """

    goal: str
    unit: str
    with_it: float
    without: float

    @property
    def change(self) -> float:
        """The price: how much worse the goal is."""
        return self.with_it - self.without


@dataclass(frozen=True)
class Price:
    """What something costs: the least plan with it less the least plan without, money a year.

    Parameters
    ----------
    estimate
        Difference of the two plans found.
    least, most
        Between which the true difference lies, by the bounds of both; None where goals stand in strict order.
    moved
        Customers with another rep than in the plan.
    goals
        Where goals stand in strict order, the price in each, most important first; the weighted sum, whose
        price is `estimate`, is the last. A plan that is better in one goal may be worse in all after it.
    """

    estimate: float
    least: float | None
    most: float | None
    moved: int
    goals: tuple[GoalPrice, ...] = ()


def price_of_owner(
    scenario: Scenario, plan: Plan, customer: str, rep: str, **options: Unpack[Options]
) -> Price:
    """Say what it costs to give a customer to a rep, everything else being planned anew around it.

    Raises
    ------
    InputError
        If there is no such customer or rep, or the pair was left out for size.
    NoPlanExists
        If the rep may not serve the customer, or no plan keeps the hard rules then.
    """
    problems = [
        unknown(what, key, table)
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
        missing(scenario, compiled, [customer])[customer].refuse(customer, rep)
    before = compiled.chosen(plan.owner)
    start = before.copy()
    start[unit] = np.flatnonzero((problem.unit == unit) & (problem.rep == place))[0]
    known = np.searchsorted(np.flatnonzero(keep), start) if (start >= 0).all() else None
    try:
        answer = _planned(compiled.only(keep), known, options)
    except Infeasible:
        raise NoPlanExists([f"with customer {customer} at rep {rep} no plan keeps all hard rules"]) from None
    chosen = np.flatnonzero(keep)[answer.chosen]
    cost = score(scenario, plan.owner).objective
    moved = int((compiled.owners(chosen) != plan.owner).sum())
    if compiled.levels:
        after, now = (goal_values(problem, compiled.levels, one) for one in (chosen, before))
        return _in_order(after, now, moved)
    bound = _least(scenario, plan, compiled)
    return _price(answer.cost - cost, answer.bound - cost, answer.cost - bound, moved)


def price_of_edit(before: Draft, after: Draft, result: Result) -> Price:
    """Say what moves by hand cost, everything else having been planned anew around them.

    Parameters
    ----------
    before, after
        The plan as a draft, and the plan around the moves.
    result
        Of planning around the moves.
    """
    moved = int((after.owner != before.owner).sum())
    estimate = after.cost - before.cost
    if before.compiled.levels:
        return Price(estimate, None, None, moved)
    bound = _least(before.scenario, before.plan, before.compiled)
    return _price(estimate, result.bound - before.cost, after.cost - bound, moved)


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
    if name != HOURS:
        compiled = _judged_as_before(compiled, before)
    problem = compiled.problem
    known = compiled.chosen(plan.owner)
    start = np.where(known >= 0, known, cheapest_with_room(problem, HOURS))
    try:
        answer = _planned(compiled, start, options)
    except Infeasible:
        raise NoPlanExists([f"without {name} no plan keeps all hard rules either"]) from None
    unavoidable = _unavoidable(scenario) - _unavoidable(relaxed)
    moved = int((compiled.owners(answer.chosen) != plan.owner).sum())
    if compiled.levels:
        now = goal_values(before.problem, before.levels, before.chosen(plan.owner))
        now[WEIGHTED] += unavoidable
        return _in_order(now, goal_values(problem, compiled.levels, answer.chosen), moved)
    cost = score(scenario, plan.owner).objective + unavoidable
    bound = _least(scenario, plan, before) + unavoidable
    return _price(cost - answer.cost, bound - answer.cost, cost - answer.bound, moved)


def _planned(compiled: Compiled, start: np.ndarray | None, options: Options) -> Assignment:
    if compiled.levels:
        return assign_goals(compiled, start, options)
    return assign(compiled.problem, start=start, **options)


def _judged_as_before(compiled: Compiled, before: Compiled) -> Compiled:
    """Judge books by the fair shares of before, in every goal."""
    problem = with_limits_of(before.problem, compiled.problem)
    levels = tuple(replace(m, fairness=problem.fairness) if m.fairness else m for m in compiled.levels)
    return replace(compiled, problem=problem, levels=levels)


def _in_order(with_it: dict[str, float], without: dict[str, float], moved: int) -> Price:
    goals = tuple(GoalPrice(goal, unit_of(goal), value, without[goal]) for goal, value in with_it.items())
    return Price(goals[-1].change, None, None, moved, goals)


def _price(estimate: float, least: float, most: float, moved: int) -> Price:
    """Keep the estimate between its bounds, whatever rounding says."""
    return Price(estimate, min(least, estimate), max(most, estimate), moved)


def _unavoidable(scenario: Scenario) -> float:
    """Give what the customers' best eligible reps cost in all, money a year."""
    return sum(float(best_possible(part).sum()) for part in scenario.parts())


def _least(scenario: Scenario, plan: Plan, compiled: Compiled) -> float:
    """Give what no plan of a scenario costs less than: what this plan proved, or the relaxation's bound."""
    alone = plan.support.empty  # the bound of a plan with specialists is that of both together
    proved = plan.result
    if proved is not None and not proved.within and plan.scenario_digest == scenario.digest and alone:
        return proved.bound
    return lower_bound(compiled.problem).value


def _refuse(scenario: Scenario, plan: Plan) -> None:
    """Refuse to price anything where costs cannot be compared."""
    nobody = plan.owner.index[plan.owner == ""]
    if len(nobody):
        remedy = "these customers have no rep, so the plan's cost is not that of serving all; plan them first"
        raise InputError([Problem("plan", ", ".join(map(str, nobody[:10])), remedy)])
    broken = [str(v) for v in violations(scenario, plan) if v.rule != "quotas"]
    if broken:
        remedy = "the plan breaks hard rules, so its cost is no fair comparison; plan anew first"
        raise InputError([Problem("plan", broken[0], remedy)])
