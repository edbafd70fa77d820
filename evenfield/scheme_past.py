"""What past results would have paid under a scheme, nobody selling otherwise."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd

from optimizer import Plan
from scenarios import Scenario
from simulation.accounting.books import books_of_past
from simulation.paying.crediting import BOOKED
from simulation.paying.orders import ledger_of_orders
from simulation.paying.pay import pay
from simulation.paying.payroll import payroll


def past_pay(scenarios: Mapping[str, Scenario], plan: Plan) -> pd.DataFrame:
    """Say what the last twelve months would have paid under each scheme, if everybody had sold the same.

    Orders count for whoever serves the customer in the plan, and quotas are scaled so that all together were
    just reached: what-if on past results, without behavior.
    """
    return pd.concat([_past(name, scenario, plan) for name, scenario in scenarios.items()], ignore_index=True)


def _past(name: str, scenario: Scenario, plan: Plan) -> pd.DataFrame:
    reps = len(scenario.reps)
    ledger = ledger_of_orders(scenario, scenario.year.month(-12), plan.owner)
    booked = (ledger.moment == BOOKED) & (ledger.person >= 0)
    sold = np.bincount(ledger.person[booked], weights=ledger.amount[booked], minlength=reps) / 100
    asked = float(plan.quota.to_numpy().sum())
    scale = sold.sum() / asked if asked > 0 and sold.sum() > 0 else 1.0
    reached = dataclasses.replace(plan, quota=(plan.quota * scale).round(2))
    if len(ledger.day):
        books = books_of_past(scenario, reached, plan.owner, all_kept=True)
        roll = books.roll
        paid = pay(roll.scheme, roll.people, books.results, roll.year, roll.starts).total
    else:
        paid = np.array(payroll(scenario, reached.quota).people.base)
    return pd.DataFrame({"scheme": name, "rep": scenario.reps.index, "pay": paid[:reps] / 100, "sales": sold})
