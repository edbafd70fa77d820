"""Decide who serves whom: a scenario's rules compiled to the core problem, solved, and read back."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.assignment import Budget, Measure, Problem
from optimizer.clashes import explain
from optimizer.costs import best_possible, losses
from optimizer.exact import Infeasible, solve
from optimizer.result import Result
from optimizer.rivals import cheapest_with_room
from optimizer.shares import amounts, fair_shares
from optimizer.workload import capacity_hours, held_over_hours
from scenarios import NoPlanExists, Scenario

HOURS = "hours"


def assign_customers(
    scenario: Scenario,
    *,
    time_limit: float | None = None,
    work_limit: int | None = None,
    gap: float = 5e-3,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> tuple[pd.Series, Result]:
    """Give every customer one rep at the least loss, hard rules kept.

    Parameters
    ----------
    time_limit
        Seconds of wall time; none given: 60, or unlimited where there is a work limit.
    work_limit, gap, seed, progress
        As in `optimizer.exact.solve`.

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
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    compiled = compile_problem(scenario)
    problem = compiled.problem
    try:
        answer = solve(
            problem,
            time_limit=time_limit,
            work_limit=work_limit,
            gap=gap,
            seed=seed,
            start=cheapest_with_room(problem, HOURS),
            progress=progress,
        )
    except Infeasible:
        raise NoPlanExists(explain(problem, list(scenario.reps.index), time_limit)) from None
    result = Result(
        status=answer.status,
        objective=problem.objective(answer.chosen),
        bound=answer.bound,
        seconds=answer.seconds,
        engine=answer.engine,
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
    """

    problem: Problem
    unit_of: pd.Series
    reps: pd.Index

    def owners(self, chosen: np.ndarray) -> pd.Series:
        """Name the rep of each customer from the chosen pairs."""
        reps = self.reps.to_numpy()[self.problem.rep[chosen]]
        return pd.Series(reps[self.unit_of], index=self.unit_of.index, name="owner", dtype="str")


def compile_problem(scenario: Scenario) -> Compiled:
    """Compile a scenario's rules to the core problem.

    Raises
    ------
    NoPlanExists
        If a customer or family has no eligible rep.
    """
    unit_of = _units(scenario)
    allowed = _together(scenario.eligible, unit_of, "min").astype(bool)
    _refuse_customers_nobody_may_serve(scenario, unit_of, allowed)
    unit, rep = np.nonzero(allowed)
    whole = sum(losses(scenario).values())
    lost = whole.sub(best_possible(scenario), axis=0)  # type: ignore[union-attr]
    cost = _together(lost, unit_of, "sum")[unit, rep]
    problem = Problem(
        units=len(allowed),
        reps=len(scenario.reps),
        unit=unit,
        rep=rep,
        cost=cost,
        measures=(_hours_fit_capacity(scenario, unit_of, unit, rep), *_balance(scenario, unit_of, unit, rep)),
        budgets=_limit_moves(scenario, unit_of, unit, rep),
    )
    return Compiled(problem, unit_of, scenario.reps.index)


def _units(scenario: Scenario) -> pd.Series:
    family = scenario.customers["family"]
    name = ("family " + family).where(family != "", "customer " + scenario.customers.index.to_series())
    return pd.Series(pd.factorize(name)[0], index=scenario.customers.index)


def _together(pairs: pd.DataFrame, unit_of: pd.Series, how: str) -> np.ndarray:
    """Merge rows of one unit; by "sum" or "min"."""
    return pairs.astype("float64").groupby(unit_of.to_numpy()).agg(how).to_numpy()


def _refuse_customers_nobody_may_serve(scenario: Scenario, unit_of: pd.Series, allowed: np.ndarray) -> None:
    lonely = np.logical_not(allowed.any(axis=1))
    customers = unit_of.index[lonely[unit_of.to_numpy()]]
    if len(customers) == 0:
        return
    rules = [f"{r.customer} in {r.rep}" for r in scenario.rules.eligibility]
    why = f"eligibility ({', '.join(rules)}), locks and families" if rules else "locks and families"
    shown = ", ".join(str(c) for c in customers[:10]) + (" ..." if len(customers) > 10 else "")
    raise NoPlanExists([f"no rep may serve {len(customers)} of {len(unit_of)} customers by {why}: {shown}"])


def _hours_fit_capacity(scenario: Scenario, unit_of: pd.Series, unit: np.ndarray, rep: np.ndarray) -> Measure:
    limit = (capacity_hours(scenario) * scenario.rules.utilization_limit).to_numpy()
    hours = _together(amounts(scenario, "hours"), unit_of, "sum")[unit, rep]
    other, held = _held_over(scenario, unit_of, unit, rep)
    unlimited = np.full(len(limit), -np.inf)
    return Measure(HOURS, hours, unlimited, limit, other=other, other_amount=held)


def _held_over(
    scenario: Scenario, unit_of: pd.Series, unit: np.ndarray, rep: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give today's owner and the hours that fall to it for each pair with a rep who starts later.

    Of a family with several owners today, the one of its first member.
    """
    hours = _together(held_over_hours(scenario), unit_of, "sum")[unit, rep]
    owner = scenario.reps.index.get_indexer(pd.Index(scenario.customers["owner"]))
    first = pd.Series(owner).groupby(unit_of.to_numpy()).first().to_numpy()[unit]
    return np.where(hours > 0, first, -1), hours


def _balance(scenario: Scenario, unit_of: pd.Series, unit: np.ndarray, rep: np.ndarray) -> list[Measure]:
    measures = []
    for rule in scenario.rules.balance:
        fair = fair_shares(scenario, rule.measure).to_numpy()
        amount = _together(amounts(scenario, rule.measure), unit_of, "sum")[unit, rep]
        price = np.inf if rule.price is None else rule.price
        lower, upper = fair * (1 - rule.tolerance), fair * (1 + rule.tolerance)
        other, held = None, None
        if rule.measure == "hours":
            other, held = _held_over(scenario, unit_of, unit, rep)
        measures.append(Measure(f"balance of {rule.measure}", amount, lower, upper, price, other, held))
    return measures


def _limit_moves(
    scenario: Scenario, unit_of: pd.Series, unit: np.ndarray, rep: np.ndarray
) -> tuple[Budget, ...]:
    if scenario.rules.move_limit is None:
        return ()
    today = scenario.customers["owner"].to_numpy()[:, None]
    leaves = pd.DataFrame((today != "") & (today != scenario.reps.index.to_numpy()[None, :]))
    amount = _together(leaves, unit_of, "sum")[unit, rep]
    return (Budget("moves", amount, float(scenario.rules.move_limit)),)
