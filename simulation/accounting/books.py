"""The books behind pay: of a simulated year lived through again, or of the year before the plan's."""

from dataclasses import replace

import numpy as np

from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from scenarios.pay_measures import SCORE
from simulation.accounting.credited import credited, joined, ledger_of
from simulation.accounting.measures import Measures, measure
from simulation.accounting.yardstick import yardstick
from simulation.company.year import live_a_year
from simulation.paying.crediting import accounts, credits_of, spiffs
from simulation.paying.orders import ledger_of_orders
from simulation.paying.payroll import accounts_before, scored
from simulation.paying.results import Results, shares_of
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


def books_of_past(scenario: Scenario, plan: Plan) -> Books:
    """Open the books of the twelve months before the plan year, as the scheme would have credited them.

    Orders count for the rep in history.csv; quotas and people are those of the plan, and days of spiffs mean
    the same days a year before. Of shares and scores counts what scores.csv knows of those months, else what
    the scheme assumes.

    Raises
    ------
    InputError
        If there are no orders in those months.
    """
    held, start = yardstick(scenario, plan), scenario.year.month(-12)
    ledger = ledger_of_orders(scenario, start)
    if not len(ledger.day):
        remedy = f"no orders from {start} on, so there is nothing to pay for; add them or leave --actuals out"
        raise InputError([Problem("history.csv", "", remedy)])
    roll, sharing = held.roll, replace(held.sharing, moved=())
    ends = np.array([float((scenario.year.month(m - 11) - start).days) for m in range(12)])
    credit = credits_of(roll.scheme, roll.people, ledger, sharing)
    shared = (roll.scheme, roll.people, ledger, credit, ends, scenario.lines)
    months = tuple(f"{scenario.year.month(m - 12):%Y-%m}" for m in range(12))
    shares = shares_of(roll.scheme)
    results = Results(
        accounts(*shared),
        shares=scored(scenario.scores, roll.people.names, shares, months),
        spiffs=spiffs(*shared, roll.year),
        before=accounts_before(scenario, roll.people, scenario.year.month(-24)),
    )
    customers = tuple(map(str, scenario.customers.index))
    return Books(roll, results, ledger, credit, start, ends, scenario.lines, customers)


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
