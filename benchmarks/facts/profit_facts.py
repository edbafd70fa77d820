"""Territories for profit against territories in balance."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.facts.company import company
from benchmarks.facts.fact import Fact, Maker, Row, within
from benchmarks.instances import planning
from optimizer import optimize
from optimizer.calling.frequencies import frequencies
from optimizer.compiling.travel import travel_cost
from optimizer.score import loads
from scenarios import Scenario

REPS, SEED = 8, 1
KM_PER_DEGREE = 111.2
VISITS = 360
"""Visits a year that a rep has promised on average."""

MORE = 1.1
"""Hours with which the worth of one more hour is found, hours there are = 1."""


def profit_and_balance(thorough: bool) -> Fact:
    """F20: the most profitable territories do not make an hour worth the same everywhere."""
    rows: list[Row] = []
    for seed in range(SEED, SEED + (5 if thorough else 1)):
        rows += _rows_of(seed, 240 if thorough else 120)
    return Fact(
        "F20",
        "The most profitable territories neither balance potential nor make an hour worth the same "
        "everywhere",
        "B. Skiera, S. Albers, *COSTA: contribution optimizing sales territory alignment*, Marketing "
        "Science 17 (1998).",
        f"Made-up companies of {REPS} reps with the same hours, customers in towns and between them, so "
        "that some reps drive far; nobody owns a customer yet. Both plans by `optimize`: one for profit "
        "(fairness notion `response` at the margin of all sales, and travel), one that holds potential "
        "within 2 % of even and travels least. Then each rep's hours are divided by the call planner "
        "(`frequencies`, no promise kept), which says sales, travel, and what one hour more would bring.",
        tuple(rows),
        "For profit, reps with long ways get less potential, since the hours that driving takes sell "
        "nothing.",
    )


def _rows_of(seed: int, customers: int) -> list[Row]:
    plans = {}
    price = 0.3 * company_of(customers, seed).customers["potential"].sum()
    for name, rules in (
        ("profit", {"fairness": [{"measure": "potential", "notion": "response", "price": price}]}),
        ("balance", {"balance": [{"measure": "potential", "tolerance": 0.02, "hard": True}]}),
    ):
        scenario = company_of(customers, seed, rules=rules)
        plans[name] = optimize(scenario, work_limit=2e6, gap=2e-3).owner
    bare, rich = company_of(customers, seed), company_of(customers, seed, hours=MORE)
    made = {name: _profits(bare, owner) for name, owner in plans.items()}
    more = {name: _profits(rich, owner) for name, owner in plans.items()}
    gained = made["profit"].sum() / made["balance"].sum()
    hour = (more["profit"] - made["profit"]) / ((MORE - 1) * bare.reps["hours_per_year"])
    book = loads(bare, plans["profit"])["potential"]
    ways = loads(bare, plans["balance"])["travel_hours"]
    return [
        within(f"company {seed}: profit of the profit plan, balance plan = 1", ">= 1", (1.0, 1.2), gained),
        within(
            f"company {seed}: worth of an hour more, cv over reps, profit plan",
            "> 0",
            (0.1, 10.0),
            float(hour.std(ddof=0) / hour.mean()),
        ),
        Row(
            f"company {seed}: largest over least potential, profit plan",
            "",
            None,
            book.max() / book.min(),
            True,
        ),
        within(
            f"company {seed}: correlation of that potential with hours on the road of the balance plan",
            "< 0",
            (-1.0, 0.0),
            float(np.corrcoef(book, ways)[0, 1]),
        ),
    ]


def company_of(customers: int, seed: int, *, hours: float = 1.0, **settings: Any) -> Scenario:
    """Make a company whose reps drive unevenly far; `hours`: of each rep, usual = 1."""
    made = planning(customers, REPS, seed=seed)
    place, home = made.place / KM_PER_DEGREE, made.home / KM_PER_DEGREE
    return company(
        {
            "latitude": place[:, 1],
            "longitude": place[:, 0],
            "visits_per_year": VISITS * REPS // customers,
            "hours_per_visit": 3.0,
            "potential": np.round(40 * made.potential, 2),
        },
        {"latitude": home[:, 1], "longitude": home[:, 0], "hours_per_year": [1_700.0 * hours] * REPS},
        {"stages": [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}]},
        **settings,
    )


def _profits(scenario: Scenario, owner: pd.Series) -> pd.Series:
    """Give margin of sales less travel by rep, money a year, hours being divided where they bring most."""
    fare, margin = travel_cost(scenario), scenario.market.contribution_margin
    profits = {}
    for rep in scenario.reps.index:
        calls = frequencies(scenario, owner, rep, keep=())
        driven = float((calls["visits"] * fare.loc[calls.index, rep]).sum())
        profits[rep] = margin * float(calls["sales"].sum()) - driven
    return pd.Series(profits)


FACTS: Mapping[str, Maker] = {"F20": profit_and_balance}
