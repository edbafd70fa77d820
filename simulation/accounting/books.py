"""The books behind pay: of a simulated year lived through again, or of the year before the plan's."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from scenarios.pay_measures import SCORE, SHARES
from simulation.accounting.credited import credited, joined, ledger_of
from simulation.accounting.measures import Measures, measure
from simulation.accounting.yardstick import yardstick
from simulation.company.year import live_a_year
from simulation.paying.crediting import accounts, credits_of, spiffs
from simulation.paying.exact import Whole, millionths
from simulation.paying.orders import ledger_of_orders
from simulation.paying.payroll import Payroll, accounts_before, scored
from simulation.paying.results import Account, Results, shares_of
from simulation.paying.statement import Books
from simulation.world.world import world_of


def books_of_year(scenario: Scenario, plan: Plan, seed: int, replication: int) -> Books:
    """Live through a replication again and open its books; the same pay as in `simulate`.

    Raises
    ------
    InputError
        If the plan is for another scenario.
    """
    world, held = world_of(scenario, plan), yardstick(scenario, plan)
    year = live_a_year(world, seed, replication)
    measures = Measures.stacked([measure(world, year)])
    together = joined([credited(world, year, held.roll, held.sharing)], measures, held)
    ledger = ledger_of(world, year)
    return Books(
        roll=held.roll,
        results=_only(together),
        ledger=ledger,
        credit=credits_of(held.roll.scheme, held.roll.people, ledger, held.sharing),
        start=scenario.year.start,
        month_ends=world.month_ends,
        lines=world.lines,
        customers=world.customers,
    )


def books_of_past(
    scenario: Scenario, plan: Plan, owner: pd.Series | None = None, *, all_kept: bool = False
) -> Books:
    """Open the books of the twelve months before the plan year, as the scheme would have credited them.

    Quotas and people are those of the plan, and days of spiffs mean the same days a year before. A goal of
    last year is what was sold in the twelve months before those; there is none where orders do not reach
    back to their first month. Of shares and scores counts what scores.csv knows of those months, else what
    the scheme assumes.

    Parameters
    ----------
    scenario, plan
        What is paid, to whom, for what quotas.
    owner
        To whom orders count, by customer; the rep in history.csv where not given.
    all_kept
        Whether shares that nobody knows are taken as they should be, so that schemes can be compared:
        satisfaction as at the start of the plan year, promised visits kept, cost as in the budget.

    Raises
    ------
    InputError
        If there are no orders in those months.
    """
    held, start = yardstick(scenario, plan), scenario.year.month(-12)
    ledger = ledger_of_orders(scenario, start, owner)
    if not len(ledger.day):
        remedy = f"no orders from {start} on, so there is nothing to pay for; add them or leave --actuals out"
        raise InputError([Problem("history.csv", "", remedy)])
    roll, sharing = held.roll, replace(held.sharing, moved=())
    ends = np.array([float((scenario.year.month(m - 11) - start).days) for m in range(12)])
    credit = credits_of(roll.scheme, roll.people, ledger, sharing)
    shared = (roll.scheme, roll.people, ledger, credit, ends, scenario.lines)
    results = Results(
        accounts(*shared),
        shares=_shares_of_past(scenario, roll, all_kept=all_kept),
        spiffs=spiffs(*shared, roll.year),
        before=_before_the_past(scenario, roll, owner),
    )
    customers = tuple(map(str, scenario.customers.index))
    return Books(roll, results, ledger, credit, start, ends, scenario.lines, customers)


def _shares_of_past(scenario: Scenario, roll: Payroll, *, all_kept: bool) -> dict[str, tuple[Whole, Whole]]:
    months = tuple(f"{scenario.year.month(m - 12):%Y-%m}" for m in range(12))
    found = scored(scenario.scores, roll.people.names, shares_of(roll.scheme), months)
    usual = {name: millionths(1.0) for name in SHARES}
    usual["satisfaction"] = millionths(scenario.market.satisfaction.start)
    for name in usual.keys() & found.keys() if all_kept else ():
        weighted, weights = found[name]
        found[name] = (np.where(weights > 0, weighted, usual[name]), np.ones_like(weights))
    return found


def _before_the_past(scenario: Scenario, roll: Payroll, owner: pd.Series | None) -> Mapping[Account, Whole]:
    """Add up the twelve months before the last twelve; nothing where orders begin later."""
    first = scenario.history["date"].min()
    if pd.isna(first) or first >= pd.Timestamp(scenario.year.month(-23)):
        return {}
    return accounts_before(scenario, roll.people, scenario.year.month(-24), owner)


def unknown_of_past(scenario: Scenario) -> tuple[str, ...]:
    """Name the measures of a scheme that orders and scores.csv say nothing of."""
    known = set(scenario.scores["score"])
    return tuple(name for name in shares_of(scenario.scheme) if name.removeprefix(SCORE) not in known)


def _only(years: Results) -> Results:
    """Take the only year out of an axis of years."""
    return Results(
        {account: table[0] for account, table in years.accounts.items()},
        shares={name: (weighted[0], weights[0]) for name, (weighted, weights) in years.shares.items()},
        spiffs={name: table[0] for name, table in years.spiffs.items()},
        before=years.before,
        filled=None if years.filled is None else years.filled[0],
    )
