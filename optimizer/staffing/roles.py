"""Which roles to hire: juniors, middle reps, seniors or trained juniors, at the least pay for the hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.staffing.attrition import Renewal, seats
from scenarios import Scenario
from scenarios.market import Seniority

ROLES: tuple[Seniority, ...] = get_args(Seniority)


@dataclass(frozen=True)
class Mix:
    """A way to get the hours.

    Parameters
    ----------
    hires
        People to hire by role.
    trained
        Juniors to train, of those here and those hired.
    hours
        Productive hours a year they add, in hours of a fully productive middle rep.
    cost
        Their pay and the trainings, money in the year.
    """

    hires: dict[Seniority, int]
    trained: int
    hours: float
    cost: float


@dataclass(frozen=True)
class RoleMix:
    """Which roles to hire for the hours that are missing.

    Parameters
    ----------
    needed, here
        Hours of a middle rep a year that the target takes, and that today's people are expected to give.
    pay, hours_each
        Pay a year, and hours of a middle rep that somebody hired for the year's first day brings, by role.
    training
        Hours of a middle rep that training a junior adds in the year, and its cost, money.
    best
        The mix at least cost; None where no mix may reach the hours.
    alternatives
        What each role alone would take, without training, where the limits on juniors allow it.
    """

    needed: float
    here: float
    pay: dict[Seniority, float]
    hours_each: dict[Seniority, float]
    training: tuple[float, float]
    best: Mix | None
    alternatives: dict[str, Mix | None]


def role_mix(scenario: Scenario, visit_hours: float, selling_hours: float, sales: float) -> RoleMix:
    """Find the people to hire at least cost so that the year's hours for the target are there.

    Needed are the hours of visits, and those of selling times target / expected sales. An hour counts by the
    role's productivity, somebody new by the ramp, a seat by the quits to be expected in it. Nobody is let go.

    Parameters
    ----------
    visit_hours, selling_hours
        Hours a year of promised visits with travel, and of selling what is expected.
    sales
        Sales expected, money.
    """
    staffing, reps = scenario.market.staffing, scenario.reps
    usable = scenario.rules.utilization_limit
    standard = standard_hours(scenario) * usable
    day = np.arange(scenario.year.days) + 0.5
    laws = {role: Renewal.of(scenario.market.turnover, role) for role in ROLES}
    share = {role: float(law.productive(day, law.newcomer(day)).mean()) for role, law in laws.items()}
    factor = reps["seniority"].map(staffing.productivity).to_numpy(dtype=float)
    there = seats(scenario).productive.mean(axis=1) * reps["hours_per_year"].to_numpy() * usable
    needed = visit_hours + selling_hours * (scenario.target_amount / sales if sales > 0 else 1.0)
    pay = role_pay(scenario)
    hours = {role: standard * share[role] * staffing.productivity[role] for role in ROLES}
    gained = standard * (1 - staffing.training_months / 12) - staffing.training_hours
    gain = (staffing.productivity["middle"] - staffing.productivity["junior"]) * max(gained, 0.0)
    gain -= staffing.productivity["junior"] * min(staffing.training_hours, standard)
    program = _Program(
        missing=needed - float(there @ factor),
        here={role: int((reps["seniority"] == role).sum()) for role in ROLES},
        pay=pay,
        hours=hours,
        training=(gain, staffing.training_cost * pay["junior"]),
        most_juniors=staffing.most_juniors,
    )
    return RoleMix(
        needed=needed,
        here=float(there @ factor),
        pay=pay,
        hours_each=hours,
        training=program.training,
        best=program.solve(ROLES, train=True),
        alternatives={f"only {role}": program.solve((role,), train=False) for role in ROLES},
    )


def role_pay(scenario: Scenario) -> dict[Seniority, float]:
    """Give the pay a year of each role, base and incentive, money.

    What the settings say; else the median of the reps of that role; else the median of all reps per unit of
    productivity.
    """
    staffing, reps = scenario.market.staffing, scenario.reps
    paid = reps["base_pay"] + reps["target_incentive"]
    per_unit = (paid / reps["seniority"].map(staffing.productivity).astype(float)).median()
    found: dict[Seniority, float] = {}
    for role in ROLES:
        own = paid[reps["seniority"] == role]
        usual = float(own.median()) if len(own) else float(per_unit) * staffing.productivity[role]
        found[role] = staffing.pay.get(role, usual)
    return found


def standard_hours(scenario: Scenario) -> float:
    """Give a usual seat's hours for customers in a full year: the median."""
    return float(scenario.reps["hours_per_year"].median())


@dataclass(frozen=True)
class _Program:
    """People in whole numbers: hires by role and trainings, the hours they add and what they cost."""

    missing: float
    here: Mapping[Seniority, int]
    pay: Mapping[Seniority, float]
    hours: Mapping[Seniority, float]
    training: tuple[float, float]
    most_juniors: float

    def solve(self, allowed: tuple[Seniority, ...], *, train: bool) -> Mix | None:
        """Minimize the cost; of mixes that cost the same the one with fewer people."""
        model = mathopt.Model(name="role mix")
        hire = {role: model.add_integer_variable(lb=0, name=role) for role in allowed}
        trained = model.add_integer_variable(lb=0, ub=np.inf if train and self.training[0] > 0 else 0)
        added = mathopt.fast_sum(self.hours[role] * hire[role] for role in allowed)
        model.add_linear_constraint(added + self.training[0] * trained >= self.missing)
        juniors = self.here["junior"] + hire.get("junior", 0.0)
        model.add_linear_constraint(trained <= juniors)
        people = sum(self.here.values()) + mathopt.fast_sum(hire.values())
        # Those here already may be more than that; hires may not add to it.
        if "junior" in hire:
            extra = model.add_binary_variable()
            big = 1.0 + max(self.missing, 0.0) / max(self.hours["junior"], 1e-9)
            model.add_linear_constraint(hire["junior"] <= big * extra)
            slack = (1 - extra) * sum(self.here.values())
            model.add_linear_constraint(juniors <= self.most_juniors * people + slack)
        cost = mathopt.fast_sum(self.pay[role] * hire[role] for role in allowed)
        heads = mathopt.fast_sum(hire.values()) + 0.5 * trained
        tiny = 1e-6 * max(*self.pay.values(), 1.0)
        model.minimize(cost + self.training[1] * trained + tiny * heads)
        parameters = mathopt.SolveParameters(relative_gap_tolerance=0.0, absolute_gap_tolerance=0.0)
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        hires = dict.fromkeys(ROLES, 0)
        hires.update({role: round(result.variable_values(hire[role])) for role in allowed})
        count = round(result.variable_values(trained))
        hours = sum(self.hours[role] * hires[role] for role in ROLES) + self.training[0] * count
        paid = sum(self.pay[role] * hires[role] for role in ROLES) + self.training[1] * count
        return Mix(hires, count, hours, paid)
