"""A company of any size for tests of the year: everything round, nothing by chance unless asked for."""

from datetime import date

import pandas as pd
import pytest
from fates import fate_of

from optimizer import Plan
from scenarios.building import Source, build
from simulation.accounting.journal import table
from simulation.company.year import live_a_year, play
from simulation.world.world import world_of

MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EVEN = tuple(days / 365 for days in MONTHS)

CUSTOMER = {"latitude": 0, "longitude": 0, "potential": 1000, "visits_per_year": 0, "hours_per_visit": 1}
REP = {"latitude": 0, "longitude": 0, "hours_per_year": 1000, "base_pay": 60_000, "target_incentive": 40_000}
MARKET = {
    "order_values": {"": 100.0},
    "seasonality": EVEN,
    "demand_noise": 0.0,
    "order_value_cv": 0.0,
    "patience_days": 1e9,
    "relationship_risk": 0.0,
    "skill_gap": 0.0,
    "stages": [{"name": "deal", "hours": 0.001, "conversion": 0.5, "days": 0.0}],
    "satisfaction": {
        "sensitivity": 0.0,
        "loss_per_lost_opportunity": 0.0,
        "loss_per_unserved_call": 0.0,
    },
    "staffing": {"leave_days": 0.0},
    "effort": {"mode": "constant"},
}
TRAVEL = {"hours_between_visits": 0.0}
EVERY_DAY = {"weekdays": [1, 2, 3, 4, 5, 6, 7]}


@pytest.fixture
def company():
    """Make a scenario from rows of customers and reps and a few settings; the rest is as usual above."""

    def make(customers, reps, market=None, scheme=None, lines=(), absences=(), moves=(), **settings):
        return build(
            Source(
                name="company",
                settings={
                    "year": {"start": date(2026, 1, 1)},
                    "target": {"amount": settings.pop("target", 1_000_000.0)},
                    "travel": TRAVEL,
                    "calendar": EVERY_DAY,
                    "market": {**MARKET, **(market or {})},
                    "scheme": scheme or {},
                    **settings,
                },
                tables={
                    "customers": _table("customer", CUSTOMER, customers),
                    "reps": _table("rep", REP, reps),
                    "products": pd.DataFrame({"product": list(lines), "line": list(lines)}, dtype="str"),
                    "absences": pd.DataFrame(absences, columns=["rep", "start", "end"], dtype="str"),
                    "moves": pd.DataFrame(moves, columns=["day", "customer", "rep"], dtype="str"),
                },
            )
        )

    return make


@pytest.fixture
def plan_for():
    """Make a plan: owners by customer (today's unless named), quotas by rep (else 10,000 a quarter)."""

    def make(scenario, owner=None, quota=None):
        owners = scenario.customers["owner"].copy()
        for customer, rep in (owner or {}).items():
            owners[customer] = rep
        quotas = pd.DataFrame(10_000.0, index=scenario.reps.index, columns=["Q1", "Q2", "Q3", "Q4"])
        for rep, amounts in (quota or {}).items():
            quotas.loc[rep] = amounts
        return Plan("test", scenario.digest, owners, quotas)

    return make


@pytest.fixture
def lived(company, plan_for):
    """Live through years of a company, as luck will have it, and give their journals as tables."""

    def live(customers, reps=("ann",), market=None, owner=None, quota=None, replications=1, **others):
        scenario = company(customers, reps, market, **others)
        world = world_of(scenario, plan_for(scenario, owner, quota))
        years = [live_a_year(world, 1, r) for r in range(replications)]
        return [table(world, year.fate, year.records) for year in years]

    return live


@pytest.fixture
def told(company, plan_for):
    """Play a year in which nothing is left to chance, and give its journal as a table.

    Customers buy and call as told only, see `fates.fate_of`.
    """

    def tell(customers, reps=("ann",), market=None, owner=None, quota=None, company_of=None, **chance):
        named = customers if isinstance(customers, dict) else {name: {} for name in customers}
        rows = {name: {"owner": "ann", "potential": 0, **row} for name, row in named.items()}
        scenario = company(rows, reps, market, **(company_of or {}))
        world = world_of(scenario, plan_for(scenario, owner, quota))
        year = play(world, fate_of(world, **chance))
        return table(world, year.fate, year.records)

    return tell


def _table(key, usual, rows):
    """Write rows given by key, or by key and what is not usual, as text."""
    named = rows if isinstance(rows, dict) else {row: {} for row in rows}
    records = [{key: name, **usual, **cells} for name, cells in named.items()]
    return pd.DataFrame(records).astype("object").fillna("").map(_text).astype("str")


def _text(cell):
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
