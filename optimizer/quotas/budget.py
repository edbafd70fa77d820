"""The sales budget that quotas imply, and how far what happened is from quota and from budget."""

import numpy as np
import pandas as pd

from optimizer.compiling.travel import trips
from optimizer.compiling.workload import journeys, service_share
from optimizer.score import book, known_owner
from scenarios import InputError, Problem, Scenario
from scenarios.budget import Grades
from scenarios.pay_elements import REP

COMPANY = "company"
"""Name of the row that adds up all reps."""

EXCELLENT, PASSED, FAILED = "excellent", "pass", "fail"

GRADES = (FAILED, PASSED, EXCELLENT)
"""By their number, as of `sales_grades` and its kin."""

GRADED = ("sales", "cost", "satisfaction", "improvement")
"""What is graded."""


def sales_budget(scenario: Scenario, owner: pd.Series, quotas: np.ndarray) -> pd.DataFrame:
    """Budget what it costs to sell the quotas.

    Base pay and the incentive at 100 % of quota are paid for the time the seat is filled; travel is hours on
    the road at `budget.travel_per_hour` and nights away at their price; the rest are rates of `[budget]`.
    An hour on the road costs the pay of a rep anyway, so by default that is taken off `travel.cost_per_hour`.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    quotas
        Money a year, [reps].

    Returns
    -------
    By rep, and "company" last: quota, base_pay, incentive, travel, other, cost (their sum), money a year,
    and cost_of_sales (cost over quota; not a number without one).

    Raises
    ------
    InputError
        If an owner is no rep of the scenario.
    """
    owner, rates = known_owner(scenario, owner), scenario.budget
    filled = service_share(scenario)
    table = pd.DataFrame({"quota": np.asarray(quotas, dtype="float64")}, index=scenario.reps.index)
    pay = pay_at_target(scenario)
    table["base_pay"] = pay["base_pay"] * filled
    table["incentive"] = pay["target_incentive"] * filled
    table["travel"] = _cost_of(scenario, _on_the_road(scenario, owner))
    table["other"] = rates.per_rep * filled + rates.share_of_sales * table["quota"]
    table.loc[COMPANY] = table.sum().add(pd.Series({"other": rates.fixed}), fill_value=0.0)[table.columns]
    table["cost"] = table[["base_pay", "incentive", "travel", "other"]].sum(axis=1)
    table["cost_of_sales"] = table["cost"] / table["quota"].where(table["quota"] > 0)
    return table


def pay_at_target(scenario: Scenario) -> pd.DataFrame:
    """Give base_pay and target_incentive of each rep, money a year: the scheme's or the tables'."""
    reps = scenario.reps
    pay = reps[["base_pay", "target_incentive"]].astype("float64")
    for role, named in scenario.scheme.pay.items():
        meant = reps["role"] == role if "role" in reps else pd.Series(role == REP, index=reps.index)
        base = round(named.on_target_earnings * named.base_share, 2)
        pay.loc[meant, "base_pay"] = base
        pay.loc[meant, "target_incentive"] = named.on_target_earnings - base
    return pay


def travel_per_hour(scenario: Scenario) -> float:
    """Give what an hour on the road costs beside the rep's pay, money."""
    if scenario.budget.travel_per_hour is not None:
        return scenario.budget.travel_per_hour
    pay = (pay_at_target(scenario).sum(axis=1) / scenario.reps["hours_per_year"]).median()
    return max(scenario.travel.cost_per_hour - float(pay), 0.0)


def travel_rates(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Give what an hour on the road costs each rep's seat with the nights that go with it, money.

    That is what the budget has for travel over the hours on the road it has it for, so that whoever makes
    the journeys of the budget spends the budget. Without such hours it is `travel_per_hour`.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.

    Raises
    ------
    InputError
        If an owner is no rep of the scenario.
    """
    road = _on_the_road(scenario, known_owner(scenario, owner))
    rate = _cost_of(scenario, road) / road["hours"].where(road["hours"] > 0)
    return rate.fillna(travel_per_hour(scenario)).rename("travel_rate")


def deviations(budget: pd.DataFrame, sales: pd.Series, costs: pd.Series, grades: Grades) -> pd.DataFrame:
    """Hold what was sold and spent against quota and budget.

    Parameters
    ----------
    budget
        As of `sales_budget`.
    sales, costs
        Money by names of its rows. Where "company" is not among them, it is the sum of the others.
    grades
        What passes and what is excellent.

    Returns
    -------
    By row of the budget: quota, sales, attainment (sales over quota), sales_grade, budget, cost, deviation
    (cost over budget - 1), cost_grade, say. Grades are "excellent", "pass", "fail", or "" where there is
    nothing to hold against.

    Raises
    ------
    InputError
        If sales or costs name somebody the budget does not have, or leave somebody out.
    """
    sold, spent = (_completed(s, budget.index, name) for s, name in ((sales, "sales"), (costs, "costs")))
    table = pd.DataFrame({"quota": budget["quota"], "sales": sold})
    table["attainment"] = table["sales"] / table["quota"].where(table["quota"] > 0)
    table["sales_grade"] = _named(sales_grades(table["attainment"].to_numpy(), grades))
    table["budget"], table["cost"] = budget["cost"], spent
    table["deviation"] = table["cost"] / table["budget"].where(table["budget"] > 0) - 1
    table["cost_grade"] = _named(cost_grades(table["deviation"].to_numpy(), grades))
    table["say"] = [_said(row) for _, row in table.iterrows()]
    return table


def sales_grades(attainment: np.ndarray, grades: Grades) -> np.ndarray:
    """Grade sales over quota: positions in `GRADES`, -1 where there is nothing to grade; any shape."""
    return _graded(attainment, attainment >= grades.pass_attainment - 1e-9,
                   attainment >= grades.excellent_attainment - 1e-9)  # fmt: skip


def cost_grades(deviation: np.ndarray, grades: Grades) -> np.ndarray:
    """Grade cost over budget - 1: positions in `GRADES`, -1 where there is nothing to grade; any shape."""
    away = np.abs(deviation)
    return _graded(deviation, away <= grades.pass_deviation + 1e-9, away <= grades.excellent_deviation + 1e-9)


def satisfaction_grades(satisfaction: np.ndarray, grades: Grades) -> np.ndarray:
    """Grade satisfaction: positions in `GRADES`, -1 where there is nothing to grade; any shape."""
    return _graded(satisfaction, satisfaction >= grades.pass_satisfaction - 1e-9,
                   satisfaction >= grades.excellent_satisfaction - 1e-9)  # fmt: skip


def improvement_grades(improvement: np.ndarray, grades: Grades) -> np.ndarray:
    """Grade growth of sales: positions in `GRADES`, -1 where there is nothing to grade; any shape."""
    best = np.inf if grades.excellent_improvement is None else grades.excellent_improvement
    return _graded(improvement, improvement >= grades.pass_improvement - 1e-9, improvement >= best - 1e-9)


def _on_the_road(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Expect hours on the road and nights away a year, by rep, of the time the seat is filled."""
    expected = pd.DataFrame(0.0, index=scenario.reps.index, columns=["hours", "nights"])
    for part in scenario.parts():
        found, often, filled = trips(part), journeys(part), service_share(part)
        for what, each in (("hours", found.hours), ("nights", found.nights)):
            amount = each.mul(often, axis=0).mul(filled, axis=1)
            expected[what] += book(amount, owner[part.customers.index])
    return expected


def _cost_of(scenario: Scenario, road: pd.DataFrame) -> pd.Series:
    return road["hours"] * travel_per_hour(scenario) + road["nights"] * scenario.travel.cost_per_night


def _completed(amounts: pd.Series, names: pd.Index, what: str) -> pd.Series:
    reps = names.drop(COMPANY)
    problems = [Problem(what, str(n), "no such rep in the budget") for n in amounts.index.difference(names)]
    missing = reps.difference(amounts.index)
    problems += [Problem(what, str(n), "is missing; give its amount, 0 for nothing") for n in missing]
    if problems:
        raise InputError(problems)
    whole = amounts.get(COMPANY, amounts.reindex(reps).sum())
    return amounts.reindex(names).where(names != COMPANY, whole)


def _graded(value: np.ndarray, passed: np.ndarray, excellent: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(value), -1, passed.astype(np.int8) + excellent)


def _named(grade: np.ndarray) -> list[str]:
    return [GRADES[number] if number >= 0 else "" for number in grade]


def _said(row: pd.Series) -> str:
    parts = []
    if row["sales_grade"]:
        parts.append(f"sold {row['attainment']:.1%} of quota ({row['sales_grade']})")
    if row["cost_grade"]:
        side = "over" if row["deviation"] >= 0 else "under"
        parts.append(f"spent {abs(row['deviation']):.1%} {side} budget ({row['cost_grade']})")
    return "; ".join(parts)
