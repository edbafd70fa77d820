"""What simulated years are held against: quotas, target, pay at quota, budget; of reps, teams and company."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from optimizer.compiling.workload import presence
from optimizer.quotas.budget import COMPANY, sales_budget, travel_rates
from scenarios import Scenario
from scenarios.budget import Grades
from scenarios.scheme import Scheme

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
    scheme, reps, quota, planned, days, paid_on_bookings
        What pay is computed from, see `simulation.paying.pay`.
    target
        Of the company, money a year.
    """

    units: tuple[tuple[str, str], ...]
    members: Numbers
    asked: Numbers
    budget: Numbers
    target_pay: Numbers
    travel_rates: Numbers
    per_rep: float
    share_of_sales: float
    fixed: float
    grades: Grades
    scheme: Scheme
    reps: pd.DataFrame
    quota: pd.DataFrame
    planned: Numbers
    days: Numbers
    paid_on_bookings: bool
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
    cost[-1] = budget.loc[COMPANY, "cost"]
    return Yardstick(
        units=units,
        members=members,
        asked=_asked(members, quota.to_numpy(), scenario.target_amount, days),
        budget=cost,
        target_pay=members @ (of_reps["base_pay"] + of_reps["incentive"]).to_numpy(),
        travel_rates=travel_rates(scenario, owner).to_numpy(dtype="float64"),
        per_rep=scenario.budget.per_rep,
        share_of_sales=scenario.budget.share_of_sales,
        fixed=scenario.budget.fixed,
        grades=scenario.budget.grades,
        scheme=scenario.scheme,
        reps=reps[["base_pay", "target_incentive"]],
        quota=quota,
        planned=presence(scenario).to_numpy(),
        days=days,
        paid_on_bookings=scenario.scheme.paid_on == "bookings",
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
