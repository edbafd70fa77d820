"""Decide who serves whom: a scenario's rules compiled to the core problem, solved, and read back."""

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import pandas as pd

from optimizer.asking.ordered import WEIGHTED
from optimizer.clashing.clashes import clash
from optimizer.clashing.contested import AT_LEAST, Contested
from optimizer.clashing.excess import explain
from optimizer.clashing.opening import open_up
from optimizer.clashing.unserved import unserved
from optimizer.compiling.allowances import allowances_as_limits
from optimizer.compiling.pairs import Pairs, pairs_in_question
from optimizer.compiling.shares import fair_shares, limited_reps, of_customers, whole_of
from optimizer.compiling.workload import capacity_hours
from optimizer.core.assignment import Assignment, Budget, Measure, only
from optimizer.core.assignment import Problem as CoreProblem
from optimizer.core.bound import lower_bound
from optimizer.core.engines import Options, assign
from optimizer.core.exact import Infeasible
from optimizer.core.fairness import Fairness
from optimizer.core.priorities import Level, assign_in_order
from optimizer.core.result import Result
from optimizer.rivals import cheapest_with_room
from scenarios import InputError, NoPlanExists, NoPlanFoundInTime, Problem, Scenario
from scenarios.rule_checks import rule_place
from scenarios.rules import Measure as What

HOURS = "hours"

CLASH_SECONDS = 10.0
"""For the rules that clash."""


def assign_customers(
    scenario: Scenario, *, start: pd.Series | None = None, **options: Unpack[Options]
) -> tuple[pd.Series, Result]:
    """Give every customer one rep at the least loss, hard rules kept.

    Parameters
    ----------
    start
        Rep by customer to begin with, such as those of a plan for almost the same rules.
    options
        As in `optimizer.core.engines.assign`.

    Returns
    -------
    The rep of each customer, and how the answer was found.

    Raises
    ------
    NoPlanExists
        If the hard rules clash; the reasons say where and by how much.
    NoPlanFoundInTime
        If the limits ran out first.
    """
    compiled = compile_problem(scenario)
    problem = compiled.problem
    begin = cheapest_with_room(problem, HOURS)
    if start is not None:
        known = compiled.chosen(start)
        begin = np.where(known >= 0, known, begin)
    try:
        if compiled.levels:
            answer = assign_goals(compiled, begin, options)
        else:
            answer = assign(problem, start=begin, **options)
    except Infeasible:
        if compiled.log:
            raise NoPlanFoundInTime(" ".join(["No plan found.", *compiled.log])) from None
        reasons = explain(problem, list(scenario.reps.index))
        raise NoPlanExists([*reasons, *_clash(scenario)]) from None
    result = Result(
        status=answer.status,
        objective=answer.cost,
        bound=answer.bound,
        seconds=answer.seconds,
        engine=answer.engine,
        log=(*compiled.log, *answer.log),
        certificate=answer.certificate or lower_bound(problem).certificate,
    )
    return compiled.owners(answer.chosen), result


@dataclass(frozen=True, eq=False)
class Compiled:
    """The core problem of a scenario, and the way back to its customers.

    Parameters
    ----------
    problem
        The core problem; a unit is a family or a customer without family.
    unit_of
        Unit of each customer.
    reps
        Names of reps in the problem's order.
    levels
        Objectives in strict order, the problem's own last; none where that is the only one.
    log
        What was left out, if anything.
    """

    problem: CoreProblem
    unit_of: pd.Series
    reps: pd.Index
    levels: tuple[Level, ...] = ()
    log: tuple[str, ...] = ()

    def owners(self, chosen: np.ndarray) -> pd.Series:
        """Name the rep of each customer from the chosen pairs."""
        reps = self.reps.to_numpy()[self.problem.rep[chosen]]
        return pd.Series(reps[self.unit_of], index=self.unit_of.index, name="owner", dtype="str")

    def chosen(self, owner: pd.Series) -> np.ndarray:
        """Find the pair of each unit that owners make, one entry a unit.

        Returns
        -------
        Positions of pairs; -1 where that pair is not in question (not eligible), or a family is divided.
        """
        problem, unit = self.problem, self.unit_of.to_numpy()
        rep = self.reps.get_indexer(pd.Index(owner[self.unit_of.index]))
        first = np.full(problem.units, -1)
        first[unit[::-1]] = rep[::-1]
        whole = np.ones(problem.units, dtype=bool)
        np.logical_and.at(whole, unit, first[unit] == rep)
        mine = np.flatnonzero((problem.rep == first[problem.unit]) & whole[problem.unit])
        pairs = np.full(problem.units, -1)
        pairs[problem.unit[mine]] = mine
        return pairs

    def only(self, keep: np.ndarray) -> "Compiled":
        """Leave pairs out but for some (at least one of each unit)."""
        levels = tuple(replace(m, cost=None if m.cost is None else m.cost[keep]) for m in self.levels)
        return replace(self, problem=only(self.problem, keep), levels=levels)


def compile_problem(scenario: Scenario) -> Compiled:
    """Compile a scenario's rules to the core problem.

    Raises
    ------
    NoPlanExists
        If a customer or family has no eligible rep.
    InputError
        If unevenness is priced over reps who can have no share.
    """
    pairs = pairs_in_question(scenario)
    if len(np.unique(pairs.unit)) <= int(pairs.unit_of.max()):
        raise NoPlanExists(nobody_may_serve(scenario))
    problem = _core_problem(scenario, pairs)
    return Compiled(problem, pairs.unit_of, scenario.reps.index, _levels(scenario, pairs, problem), pairs.log)


def nobody_may_serve(scenario: Scenario) -> list[str]:
    """Say which customers nobody may serve, by which rules, and the ways out; nothing where none are."""
    said = [lost.said(len(scenario.customers)) for lost in unserved(scenario)]
    return [*said, *_clash(scenario)] if said else []


def _core_problem(scenario: Scenario, pairs: Pairs) -> CoreProblem:
    fair, fair_measures = _fairness(scenario, pairs)
    return CoreProblem(
        units=int(pairs.unit_of.max()) + 1,
        reps=len(scenario.reps),
        unit=pairs.unit,
        rep=pairs.rep,
        cost=pairs.cost,
        measures=(
            _hours_fit_capacity(scenario, pairs),
            *_balance(scenario, pairs),
            *_limit_books(scenario, pairs),
            *_limit_moves_of_each_rep(scenario, pairs),
            *allowances_as_limits(scenario, pairs),
            *fair_measures,
        ),
        budgets=(*_limit_moves(scenario, pairs), *_limit_sales_moved(scenario, pairs)),
        fairness=fair,
    )


def contested(scenario: Scenario) -> Contested | None:
    """Write a scenario whose rules clash without its rules about pairs, and what those forbid.

    Returns
    -------
    None where there are so many pairs then that some would be left out, and what is missing proved nothing.
    """
    plain = scenario.relaxed(rules=scenario.rules.model_copy(update={"fairness": ()}))
    return open_up(plain, _core_problem(plain, pairs_in_question(plain)), _core_problem)


def _clash(scenario: Scenario) -> list[str]:
    opened = contested(scenario)
    found = None if opened is None else clash(opened, CLASH_SECONDS)
    return [] if found is None else found.lines


def _levels(scenario: Scenario, pairs: Pairs, problem: CoreProblem) -> tuple[Level, ...]:
    """Write the goals that come first, then all in one sum."""
    rules = scenario.rules
    if rules.objective == "weighted":
        return ()
    costs = pairs.terms | {"moves": _leaving(scenario, pairs, of_customers(scenario, "customers"))}
    goals = [
        Level(goal, None, problem.fairness, limits=True, slack=rules.priority_slack)
        if goal == "balance"
        else Level(goal, costs[goal], slack=rules.priority_slack)
        for goal in rules.priority
    ]
    return (*goals, Level(WEIGHTED, problem.cost, problem.fairness, limits=True))


def assign_goals(compiled: Compiled, start: np.ndarray | None, options: Options) -> Assignment:
    """Reach one goal after the other; cost and bound are those of the weighted sum, which comes last."""
    done = assign_in_order(compiled.problem, compiled.levels, start=start, **options)
    log = [
        f"{number}. {level.name}: {value:,.0f} ({step.status}, no plan that keeps the goals before has under "
        f"{step.bound:,.0f})."
        for number, (level, step, value) in enumerate(
            zip(compiled.levels, done.steps, done.values, strict=True), 1
        )
    ]
    seconds = sum(step.seconds for step in done.steps)
    return replace(done.plan, seconds=seconds, certificate=None, log=tuple(log))


def _measure(scenario: Scenario, pairs: Pairs, measure: What, name: str) -> Measure:
    """Give a measure without limits."""
    none = np.full(len(scenario.reps), np.inf)
    if measure != "hours":
        amount = pairs.of_units(of_customers(scenario, measure))
        return Measure(name, amount, -none, none)
    # Until a rep starts, the customers are work of today's owner; of a family, of its first member's.
    first = pd.Series(_today(scenario)).groupby(pairs.unit_of.to_numpy()).first().to_numpy()[pairs.unit]
    return Measure(name, pairs.hours, -none, none, np.inf, np.where(pairs.held > 0, first, -1), pairs.held)


def _today(scenario: Scenario) -> np.ndarray:
    """Give the position of each customer's rep of today; -1: none."""
    return scenario.reps.index.get_indexer(pd.Index(scenario.customers["owner"]))


def _price(price: float | None) -> float:
    return np.inf if price is None else price


def _hours_fit_capacity(scenario: Scenario, pairs: Pairs) -> Measure:
    limit = (capacity_hours(scenario) * scenario.rules.utilization_limit).to_numpy()
    return replace(_measure(scenario, pairs, "hours", HOURS), upper=limit)


def _balance(scenario: Scenario, pairs: Pairs) -> list[Measure]:
    measures = []
    names = scenario.rules.names()
    for number, rule in enumerate(scenario.rules.balance):
        fair = fair_shares(scenario, rule.measure).to_numpy()
        measures.append(
            replace(
                _measure(scenario, pairs, rule.measure, names["balance", number]),
                lower=fair * (1 - rule.tolerance),
                upper=fair * (1 + rule.tolerance),
                price=_price(rule.price),
            )
        )
    return measures


def _limit_books(scenario: Scenario, pairs: Pairs) -> list[Measure]:
    measures = []
    names = scenario.rules.names()
    for number, rule in enumerate(scenario.rules.limits):
        meant, name = limited_reps(scenario, rule), names["limits", number]
        whole = whole_of(scenario, rule)
        least = -np.inf if rule.at_least is None else rule.at_least * whole
        most = np.inf if rule.at_most is None else rule.at_most * whole
        load = replace(_measure(scenario, pairs, rule.measure, name), price=_price(rule.price))
        if rule.share_of is None or rule.share_of == "all":
            lower, upper = np.where(meant, least, -np.inf), np.where(meant, most, np.inf)
            measures.append(replace(load, lower=lower, upper=upper))
            continue
        of = _measure(scenario, pairs, rule.share_of, name)
        if rule.at_least is not None:
            lower = np.where(meant, 0.0, -np.inf)
            measures.append(replace(_less(load, rule.at_least, of), name=f"{name}{AT_LEAST}", lower=lower))
        if rule.at_most is not None:
            measures.append(replace(_less(load, rule.at_most, of), upper=np.where(meant, 0.0, np.inf)))
    return measures


def _less(load: Measure, share: float, of: Measure) -> Measure:
    """Take a share of another measure off a measure; hours held over by others, of either, go along."""
    held = load if load.other is not None else of
    sign = 1.0 if held is load else -share
    other_amount = None if held.other_amount is None else sign * held.other_amount
    return replace(load, amount=load.amount - share * of.amount, other=held.other, other_amount=other_amount)


def _fairness(scenario: Scenario, pairs: Pairs) -> tuple[tuple[Fairness, ...], list[Measure]]:
    """Give the terms, and the measures they compare."""
    terms, measures = [], {}
    for number, rule in enumerate(scenario.rules.fairness):
        name = f"fairness of {rule.measure}"
        measures[name] = _measure(scenario, pairs, rule.measure, name)
        shares = fair_shares(scenario, rule.measure)
        _refuse_shares_of_nothing(shares, rule_place(scenario, "fairness", number))
        terms.append(Fairness(name, shares.to_numpy(), rule.notion, rule.price))
    return tuple(terms), list(measures.values())


def _refuse_shares_of_nothing(shares: pd.Series, place: str) -> None:
    remedy = "without hours or customers it may serve this rep has no fair share to compare with; "
    remedy += "take the rep out, or use a balance rule"
    problems = [Problem(place, str(rep), remedy) for rep in shares.index[shares <= 0]]
    if problems:
        raise InputError(problems)


def _limit_moves(scenario: Scenario, pairs: Pairs) -> list[Budget]:
    rules = scenario.rules
    if rules.move_limit is None:
        return []
    amount = _leaving(scenario, pairs, of_customers(scenario, "customers"))
    return [Budget("moves", amount, float(rules.move_limit), _price(rules.move_price))]


def _limit_sales_moved(scenario: Scenario, pairs: Pairs) -> list[Budget]:
    sales = scenario.last_year_sales
    limit = scenario.rules.move_value_allowed(float(sales.sum()))
    if limit is None:
        return []
    amount = _leaving(scenario, pairs, sales)
    return [Budget("sales moved", amount, limit, _price(scenario.rules.move_value_price))]


def _leaving(scenario: Scenario, pairs: Pairs, column: pd.Series) -> np.ndarray:
    """Add up by pair what leaves today's owner."""
    today = _today(scenario)
    owned = pairs.of_units(column.where(today >= 0, 0.0))
    return owned - pairs.kept(column, today, len(scenario.reps))


def _limit_moves_of_each_rep(scenario: Scenario, pairs: Pairs) -> list[Measure]:
    """Ask each rep to keep all but so many of today's customers."""
    rules = scenario.rules
    if rules.move_limit_per_rep is None:
        return []
    today, reps = _today(scenario), len(scenario.reps)
    least = np.bincount(today[today >= 0], minlength=reps) - float(rules.move_limit_per_rep)
    kept = pairs.kept(of_customers(scenario, "customers"), today, reps)
    lower = np.where(least > 0, least, -np.inf)
    upper = np.full(reps, np.inf)
    return [Measure("customers kept", kept, lower, upper, _price(rules.move_price_per_rep))]
