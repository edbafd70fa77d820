"""What simulated years are held against: quotas, target, pay at quota, budget; of reps, teams and company."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from optimizer.quotas.budget import COMPANY, sales_budget, travel_rates
from scenarios import Scenario
from scenarios.budget import Grades
from simulation.accounting.sharing import sharing_of
from simulation.paying.crediting import Sharing
from simulation.paying.payroll import Payroll, payroll

Numbers = NDArray[np.float64]

REP, TEAM = "rep", "team"


@dataclass(frozen=True, eq=False)
class Yardstick:
    """What years are held against. A *unit* is a rep, a team or the company, in this order.

    Parameters
    ----------
    units
        Level (rep, team, company) and name of each; a team is where reps have one, the company is last.
    members
        1 where a rep belongs to a unit, [units, reps].
    asked
        Money, [units, quarters]: quotas of reps, their sum in a team; of the company its target, by quarter
        in proportion to all quotas, or to days where there are none.
    before
        Sold in the same quarters a year before, money, [units, quarters]: of reps what was credited to them,
        of the company all; not a number where orders do not reach back so far.
    budget
        Cost of selling the quotas, money a year, [units], as of `optimizer.quotas.budget`.
    target_pay
        Pay at 100 % of quota for the time seats are planned to be filled, money a year, [units].
    travel_rates
        What an hour on the road costs with the nights that go with it, money, [reps].
    per_rep, share_of_sales, fixed
        Rates of other cost, as in `[budget]`.
    grades
        What passes and what is excellent.
    roll, sharing
        What pay is computed from beside results, and to whom deals count.
    reps, quota, days
        Names of the reps as an index, what is asked of them by quarter, money, and the length of quarters.
    target
        Of the company, money a year.
    """

    units: tuple[tuple[str, str], ...]
    members: Numbers
    asked: Numbers
    before: Numbers
    budget: Numbers
    target_pay: Numbers
    travel_rates: Numbers
    per_rep: float
    share_of_sales: float
    fixed: float
    grades: Grades
    roll: Payroll
    sharing: Sharing
    reps: pd.Index
    quota: pd.DataFrame
    days: Numbers
    target: float

    def of_units(self, of_reps: Numbers) -> Numbers:
        """Add up what reps have, [years, reps, ...], to what units have, [years, units, ...]."""
        teams = np.einsum("ur,yr...->yu...", self.members[len(self.reps) :], of_reps)
        return np.concatenate([of_reps, teams], axis=1)


def yardstick(scenario: Scenario, plan: Plan) -> Yardstick:
    """Compile what the years of a plan in a scenario are held against."""
    reps = scenario.reps
    quota = plan.quota.loc[reps.index].astype("float64")
    units, members = _units(reps)
    days = np.array([float((quarter.end - quarter.start).days) for quarter in scenario.year.quarters])
    owner = plan.owner.loc[scenario.customers.index]
    budget = sales_budget(scenario, owner, quota.to_numpy().sum(axis=1))
    of_reps = budget.drop(index=COMPANY)
    cost = members @ of_reps["cost"].to_numpy()
    roll = payroll(scenario, quota)
    staff = sum(roll.people.base[len(reps) :]) + sum(roll.people.incentive[len(reps) :])
    cost[-1] = float(budget["cost"][COMPANY]) + staff / 100
    at_target = members @ (of_reps["base_pay"] + of_reps["incentive"]).to_numpy()
    at_target[-1] += staff / 100
    return Yardstick(
        units=units,
        members=members,
        asked=_asked(members, quota.to_numpy(), scenario.target_amount, days),
        before=_sold_before(scenario, members),
        budget=cost,
        target_pay=at_target,
        travel_rates=travel_rates(scenario, owner).to_numpy(dtype="float64"),
        per_rep=scenario.budget.per_rep,
        share_of_sales=scenario.budget.share_of_sales,
        fixed=scenario.budget.fixed,
        grades=scenario.budget.grades,
        roll=roll,
        sharing=sharing_of(scenario, plan, roll),
        reps=reps.index,
        quota=quota,
        days=days,
        target=scenario.target_amount,
    )


def _units(reps: pd.DataFrame) -> tuple[tuple[tuple[str, str], ...], Numbers]:
    teams = [team for team in dict.fromkeys(reps["team"].astype("str")) if team]
    names = [(REP, str(rep)) for rep in reps.index] + [(TEAM, team) for team in teams] + [(COMPANY, COMPANY)]
    of_teams = np.array([(reps["team"] == team).to_numpy() for team in teams], dtype="float64")
    rows = [np.eye(len(reps)), of_teams.reshape(len(teams), len(reps)), np.ones((1, len(reps)))]
    return tuple(names), np.concatenate(rows)


def _asked(members: Numbers, quota: Numbers, target: float, days: Numbers) -> Numbers:
    asked = members @ quota
    by_quarter = quota.sum(axis=0)
    asked[-1] = target * (by_quarter / by_quarter.sum() if by_quarter.sum() > 0 else days / days.sum())
    return asked


def _sold_before(scenario: Scenario, members: Numbers) -> Numbers:
    """Add up orders of the twelve months before the year by who they were credited to, [units, quarters]."""
    history, names = scenario.history, scenario.reps.index
    starts = pd.DatetimeIndex([scenario.year.month(m) for m in (-12, -9, -6, -3)])
    if history.empty or history["date"].min() >= pd.Timestamp(scenario.year.month(-11)):
        return np.full((len(members), len(starts)), np.nan)
    recent = history[history["date"] >= starts[0]]
    quarter = starts.searchsorted(pd.DatetimeIndex(recent["date"]), side="right") - 1
    of_reps = np.zeros((len(names) + 1, len(starts)))
    np.add.at(of_reps, (names.get_indexer(pd.Index(recent["rep"])), quarter), recent["amount"].to_numpy())
    before = members @ of_reps[:-1]
    before[-1] += of_reps[-1]
    return before
