"""What a scheme would have paid for the last twelve months: past results, nobody behaving otherwise."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from scenarios import Scenario
from scenarios.pay_measures import SCORE
from simulation.paying.crediting import BOOKED, Sharing, accounts, credits_of, spiffs
from simulation.paying.exact import Whole, millionths
from simulation.paying.orders import ledger_of_orders
from simulation.paying.payroll import payroll
from simulation.paying.people import YEAR
from simulation.paying.results import Results, shares_of

FULL = 1.0
"""What is taken for shares the past does not tell, such as promised visits kept: all as it should be."""


def past(scenario: Scenario, plan: Plan) -> tuple[Results, NDArray[np.float64], pd.DataFrame]:
    """Credit the last twelve months as a scenario's scheme says.

    Orders count for whoever serves the customer in the plan. Quotas are those of the plan, scaled to what
    was sold, so that all together were just reached. Satisfaction is taken as at the start of the plan year,
    promised visits as kept, cost as in the budget, scores as in scores.csv for the plan year or as assumed.

    Returns
    -------
    Results of all people, sales by rep (money), and the scaled quotas (money, reps x quarters).
    """
    start = scenario.year.month(-12)
    ledger = ledger_of_orders(scenario, start, plan.owner)
    reps = len(scenario.reps)
    sold = np.bincount(
        ledger.person[(ledger.moment == BOOKED) & (ledger.person >= 0)],
        weights=ledger.amount[(ledger.moment == BOOKED) & (ledger.person >= 0)],
        minlength=reps,
    )
    sales: NDArray[np.float64] = sold[:reps] / 100
    asked = float(plan.quota.to_numpy().sum())
    scale = sales.sum() / asked if asked > 0 and sales.sum() > 0 else 1.0
    quota = (plan.quota.loc[scenario.reps.index] * scale).round(2)
    roll = payroll(scenario, quota)
    ends = np.array([float((scenario.year.month(m - 11) - start).days) for m in range(YEAR)])
    credit = credits_of(
        roll.scheme, roll.people, ledger, Sharing.none(len(scenario.customers), len(scenario.lines))
    )
    shared = (roll.scheme, roll.people, ledger, credit, ends, scenario.lines)
    results = Results(
        accounts(*shared),
        shares={name: _known(scenario, name, roll.people.names) for name in shares_of(roll.scheme)},
        spiffs=spiffs(*shared, start),
        before=roll.before,
    )
    return results, sales, quota


def _known(scenario: Scenario, measure: str, names: tuple[str, ...]) -> tuple[Whole, Whole]:
    """Give values times weights, and weights, of a share that orders do not tell; no weight where unknown."""
    weights = np.ones((len(names), YEAR), np.int64)
    if not measure.startswith(SCORE):
        value = scenario.market.satisfaction.start if measure == "satisfaction" else FULL
        return weights * millionths(value), weights
    scores = scenario.scores[scenario.scores["score"] == measure.removeprefix(SCORE)]
    values, known = np.zeros_like(weights), np.zeros_like(weights)
    for person, period, value in zip(scores["person"], scores["period"], scores["value"], strict=True):
        if str(person) in names:
            months = _months(str(period), scenario)
            values[names.index(str(person)), months] = millionths(float(value))
            known[names.index(str(person)), months] = 1
    return values, known


def _months(period: str, scenario: Scenario) -> slice:
    if period == "year":
        return slice(0, YEAR)
    if period.startswith("Q"):
        first = 3 * (int(period[1]) - 1)
        return slice(first, first + 3)
    months = scenario.year.months
    first = months.index(period) if period in months else YEAR
    return slice(first, first + 1)
