"""Made-up companies of any size whose year can be played: a simple pipeline, and everything switched on.

Places, homes and today's book are those of `instances.planning`; opportunities of customers are in proportion
to their hours there, and a rep has as many a year however many customers there are. In the simple company
nothing happens but work on opportunities, decisions and payments, so that others can play it in a page of
code.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.instances import Instance, planning
from optimizer import Plan
from scenarios import Scenario
from scenarios.building import Source, build

LOAD = 0.85
"""Hours the book of a rep of the simple company is expected to ask for, as a share of those there are."""

OPPORTUNITIES, VISITS, CALLS = 200.0, 180.0, 100.0
"""A year, of the mean rep; visits are so many where a tenth of customers is of tier A and three of B."""

ORDER = 10_000.0
STAGES: tuple[dict[str, Any], ...] = (
    {"name": "qualify", "hours": 1.0, "conversion": 0.6, "days": 7.0},
    {"name": "meet", "hours": 3.0, "conversion": 0.6, "days": 14.0},
    {"name": "offer", "hours": 4.0, "conversion": 0.7, "days": 14.0},
    {"name": "close", "hours": 2.0, "conversion": 0.6, "days": 10.0},
)
WIN_RATE = float(np.prod([stage["conversion"] for stage in STAGES]))
WORK = float(
    sum(
        stage["hours"] * np.prod([before["conversion"] for before in STAGES[:k]])
        for k, stage in enumerate(STAGES)
    )
)
"""Expected hours of an opportunity."""

EVERY_DAY = {"weekdays": (1, 2, 3, 4, 5, 6, 7)}
SIMPLE = {
    "order_values": {"": ORDER},
    "stages": STAGES,
    "work_order": (),
    "patience_days": 1e12,
    "demand_noise": 0.05,
    "delivery_days": 7.0,
    "late_days": 10.0,
    "bad_debt": 0.02,
    "relationship_risk": 0.0,
    "skill_gap": 0.0,
    "satisfaction": {"sensitivity": 0.0},
    "effort": {"mode": "constant"},
    "staffing": {"leave_days": 0.0},
}
SEASON = (0.06, 0.07, 0.09, 0.08, 0.08, 0.09, 0.07, 0.07, 0.09, 0.09, 0.1, 0.11)
LINES = {"machines": 15_000.0, "parts": 6_000.0, "service": 8_000.0}
SHOCKS: tuple[dict[str, Any], ...] = (
    {"name": "recession", "start": (4, 1), "end": (12, 31), "probability": 0.15, "demand": 0.8},
    {"name": "rival", "start": (5, 1), "end": (8, 1), "probability": 0.4, "win": 0.85, "lines": ("parts",)},
    {"name": "price list", "start": (7, 1), "end": (12, 31), "probability": 0.5, "price": 1.04},
    {
        "name": "key accounts go",
        "start": (9, 1),
        "end": (9, 2),
        "probability": 0.2,
        "loses": True,
        "largest": 3,
    },
    {
        "name": "new product",
        "start": (8, 1),
        "end": (10, 1),
        "probability": 0.3,
        "decision_delay_days": 14.0,
    },
    {
        "name": "strike at the port",
        "start": (3, 1),
        "end": (5, 1),
        "probability": 0.3,
        "delivery_delay_days": 20.0,
    },
    {
        "name": "credit crunch",
        "start": (6, 1),
        "end": (9, 1),
        "probability": 0.2,
        "late_payment": 2.0,
        "bad_debt": 2.0,
    },
    {"name": "hiring freeze", "start": (5, 1), "end": (8, 1), "probability": 0.3, "hiring_freeze": True},
    {"name": "influenza", "start": (2, 1), "end": (3, 1), "probability": 0.5, "capacity": 0.85},
    {"name": "training", "start": (1, 15), "end": (1, 29), "training_hours": 16.0, "productivity": 1.05},
)
TIERS = ({"at": 0.0, "rate": 0.8}, {"at": 1.0, "rate": 1.6})
YEAR = 2026


def simple(customers: int, reps: int, seed: int = 0) -> tuple[Scenario, Plan]:
    """Make a company where opportunities meet reps first come, first served, every day of the year.

    No visits, calls, impatience, turnover or shocks; conversions and effort are constant; orders are paid
    after delivery, terms and a delay, or never.
    """
    made = planning(customers, reps, seed=seed)
    opportunities = _opportunities(made)
    load = np.bincount(made.owner, opportunities * WORK, reps)
    tables = {
        "customers": _customers(made, opportunities * ORDER * WIN_RATE, visits_per_year=0, hours_per_visit=0),
        "reps": _reps(made, hours_per_year=np.maximum(load, WORK) / LOAD),
    }
    return _company(f"simple {customers} x {reps}", made, SIMPLE, tables, calendar=EVERY_DAY)


def everything(customers: int, reps: int, seed: int = 0, *, coupled: bool = True) -> tuple[Scenario, Plan]:
    """Make a company with everything switched on; not coupled: but what makes a rep's luck another's.

    Three product lines and reps who master two of them; visits by tier, calls for service, travel, absences,
    holidays; customers who are lost, whose credit is limited, who change hands; newcomers; helpers all
    share; people who quit, the sooner the less they sell, and one seat that is not filled again; ten shocks;
    effort that answers an accelerator and bonuses.
    """
    made = planning(customers, reps, seed=seed)
    rng = np.random.default_rng([seed, customers, reps, 1])
    order = float(np.mean(list(LINES.values())))
    potential = _opportunities(made) * order * WIN_RATE
    tier = np.digitize(-potential, np.quantile(-potential, [0.1, 0.4]))
    limited = rng.random(customers) < 0.3
    changes = rng.choice(customers, max(customers // 100, 1), replace=False)
    away = rng.choice(reps, max(reps // 5, 1), replace=False)
    tables = {
        "customers": _customers(
            made,
            potential,
            tier=np.array(["A", "B", "C"])[tier],
            visits_per_year=VISITS * reps / customers / 3.6 * np.array([12, 4, 2])[tier],
            hours_per_visit=0.5,
            credit_limit=np.where(limited, np.round(2 * order), np.nan),
            owner_since=[f"{year}-01-01" for year in rng.integers(2018, YEAR, customers)],
        ),
        "reps": _reps(
            made,
            hours_per_year=1_700.0,
            team=[f"T{number % max(reps // 5, 1)}" for number in range(reps)],
            seniority=np.array(["junior", "middle", "senior"])[rng.integers(0, 3, reps)],
            skills=[";".join(sorted(rng.choice(list(LINES), 2, replace=False))) for _ in range(reps)],
            end=["2026-06-30" if number == 0 else "" for number in range(reps)],
            backfill=[str(number > 0).lower() for number in range(reps)],
        ),
        "products": pd.DataFrame({"product": list(LINES), "line": list(LINES)}, dtype="str"),
        "absences": _text(
            {"rep": [f"R{number:03}" for number in away], "start": "2026-08-03", "end": "2026-08-17"}
        ),
        "moves": _text(
            {
                "day": "2026-07-01",
                "customer": [f"C{number:05}" for number in changes],
                "rep": [f"R{(made.owner[number] + 1) % reps:03}" for number in changes],
            }
        ),
    }
    holidays = {"holidays": (date(YEAR, 1, 1), date(YEAR, 5, 1), date(YEAR, 12, 25))}
    scheme = {
        "elements": {
            "commission": {"kind": "commission", "weight": 0.7, "tiers": TIERS, "cap": 2.0},
            "quarterly bonus": {"kind": "bonus", "weight": 0.2},
            "yearly bonus": {"kind": "bonus", "weight": 0.1, "period": "year"},
        }
    }
    return _company(
        f"everything {customers} x {reps}",
        made,
        _all_on(customers, reps, coupled=coupled),
        tables,
        calendar=holidays,
        scheme=scheme,
    )


def _all_on(customers: int, reps: int, *, coupled: bool) -> dict[str, Any]:
    stages = [dict(stage) for stage in STAGES]
    stages[1]["at_customer"], stages[2]["pool"] = True, "engineers" if coupled else ""
    shocks = [
        {**shock, "start": date(YEAR, *shock["start"]), "end": date(YEAR, *shock["end"])} for shock in SHOCKS
    ]
    return {
        "order_values": LINES,
        "seasonality": tuple(np.array(SEASON) / sum(SEASON)),
        "stages": stages,
        "pools": ({"name": "engineers", "slots_per_week": 2 * reps},),
        "service": {"calls_per_year": CALLS * reps / customers, "hours": 0.5},
        "churn": {"yearly_rate": 0.05},
        "relationships": {"full_after_years": 3.0, "new_hire": 1.2, "same_team": 0.7},
        "new_customers_per_year": 2.0 * reps,
        "new_customer_value": 5_000.0,
        "bad_debt": 0.02,
        "seniority_gap": {"junior": 0.1},
        "turnover": {
            "yearly_quit_rate": 0.15,
            "attainment_effect": 1.0 if coupled else 0.0,
            "ramp_months_by_seniority": {"junior": 6.0, "senior": 3.0},
            "reassign": True,
        },
        "shocks": shocks,
    }


def _opportunities(made: Instance) -> np.ndarray:
    return OPPORTUNITIES * len(made.home) * made.hours / made.hours.sum()


def _company(
    name: str, made: Instance, market: dict[str, Any], tables: dict[str, pd.DataFrame], **settings: Any
) -> tuple[Scenario, Plan]:
    potential = tables["customers"]["potential"].astype(float).to_numpy()
    target = {"amount": float(potential.sum())}
    source = Source(name, {"year": {"start": date(YEAR, 1, 1)}, "target": target, "market": market}, tables)
    source.settings.update(settings)
    scenario = build(source)
    yearly = np.bincount(made.owner, potential, len(made.home))
    season = np.array(market.get("seasonality", (1 / 12,) * 12)).reshape(4, 3).sum(axis=1)
    quota = pd.DataFrame(
        np.round(yearly[:, None] * season, 2),
        index=scenario.reps.index,
        columns=[quarter.name for quarter in scenario.year.quarters],
    )
    return scenario, Plan("benchmark", scenario.digest, scenario.customers["owner"].copy(), quota)


def _customers(made: Instance, potential: np.ndarray, **columns: Any) -> pd.DataFrame:
    return _text(
        {
            "customer": [f"C{number:05}" for number in range(len(made.place))],
            **_degrees(made.place),
            "potential": np.round(potential, 2),
            "owner": [f"R{number:03}" for number in made.owner],
            **columns,
        }
    )


def _reps(made: Instance, **columns: Any) -> pd.DataFrame:
    return _text(
        {
            "rep": [f"R{number:03}" for number in range(len(made.home))],
            **_degrees(made.home),
            "base_pay": 60_000,
            "target_incentive": 40_000,
            **columns,
        }
    )


def _degrees(place: np.ndarray) -> dict[str, np.ndarray]:
    """Put a square in kilometers on the map, not far from the equator, where degrees are alike."""
    return {"latitude": place[:, 1] / 111.2 - 5, "longitude": place[:, 0] / 111.2}


def _text(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(columns).map(lambda cell: "" if pd.isna(cell) else str(cell)).astype("str")
