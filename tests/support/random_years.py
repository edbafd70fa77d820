"""Small companies of any kind for tests of the year: everything that may happen happens in some of them."""

from contextlib import suppress
from datetime import date, timedelta

import numpy as np
import pandas as pd

from optimizer import Plan
from scenarios import InputError
from scenarios.building import Source, build

YEAR = date(2026, 1, 1)
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
LINES = ("Bolts", "Nuts")
ON_REPS = {"quits", "capacity", "training_hours", "productivity", "ramp"}
ON_CUSTOMERS = {"demand", "price", "win", "late_payment", "bad_debt", "loses"}
ON_CUSTOMERS |= {"decision_delay_days", "delivery_delay_days"}


def any_company(seed):
    """Make up a scenario and a plan; the same ones for the same seed."""
    luck = np.random.default_rng(seed)
    while True:
        with suppress(InputError):  # some that luck makes up contradict themselves
            return _company(luck)


def _company(luck):
    customers, reps = int(luck.integers(3, 13)), int(luck.integers(1, 5))
    names = [f"r{number}" for number in range(reps)]
    lines = LINES if luck.random() < 0.5 else ()
    tables = {
        "customers": _text([_customer(luck, number, names) for number in range(customers)]),
        "reps": _text([_rep(luck, name, lines) for name in names]),
        "products": pd.DataFrame({"product": list(lines), "line": list(lines)}, dtype="str"),
    }
    absences = [_absence(luck, names) for _ in range(luck.integers(0, 3))]
    moves = [_move(luck, customers, names) for _ in range(luck.integers(0, 6))]
    tables |= {"absences": _text(absences).drop_duplicates("rep")} if absences else {}
    orders = _orders(luck, customers)
    tables |= {"history": orders} if len(orders) else {}
    tables |= {"moves": _text(moves).drop_duplicates(["day", "customer"])} if moves else {}
    scenario = build(Source("any", _settings(luck, lines, tables), tables))
    owner = scenario.customers["owner"].copy()
    for customer in scenario.customers.index[luck.random(customers) < 0.4]:
        owner[customer] = str(luck.choice([*names, ""]))
    asked = luck.choice([0.0, 500.0, 4000.0], size=(reps, 4), p=[0.1, 0.5, 0.4])
    return scenario, Plan("any", scenario.digest, owner, pd.DataFrame(asked, names, list(QUARTERS)))


def _customer(luck, number, reps):
    return {
        "customer": f"c{number}",
        "latitude": round(luck.uniform(0, 0.4), 3),
        "longitude": round(luck.uniform(0, 0.4), 3),
        "owner": luck.choice([*reps, ""]),
        "owner_since": _maybe(luck, luck.choice(["2019-05-01", "2025-06-01"])),
        "tier": luck.choice(["A", "B", ""]),
        "potential": luck.choice([300, 1500, 1500, 6000]),
        "visits_per_year": luck.choice([0, 3, 12, 26.5]),
        "hours_per_visit": luck.choice([0, 1, 2.5]),
        "payment_days": luck.choice([0, 30]),
        "credit_limit": _maybe(luck, luck.choice([0, 150, 600])),
        "late_days": _maybe(luck, 3),
        "bad_debt": _maybe(luck, 0.3),
        "service_calls_per_year": _maybe(luck, luck.choice([0, 20])),
    }


def _rep(luck, name, lines):
    start = _maybe(luck, _day(luck, -150, 250))
    end = _maybe(luck, _day(luck, -40, 340))
    return {
        "rep": name,
        "latitude": round(luck.uniform(0, 0.4), 3),
        "longitude": round(luck.uniform(0, 0.4), 3),
        "hours_per_year": luck.choice([40, 150, 1000]),
        "start": start,
        "end": "" if start and end <= start else end,
        "backfill": luck.choice(["true", "false"]),
        "team": luck.choice(["", "north", "south"]),
        "seniority": luck.choice(["junior", "senior"]),
        "skills": _maybe(luck, "Nuts") if lines else "",
        "base_pay": 60_000,
        "target_incentive": 40_000,
    }


def _absence(luck, reps):
    first = int(luck.integers(0, 340))
    away = (YEAR + timedelta(first), YEAR + timedelta(first + int(luck.integers(1, 25))))
    return {"rep": luck.choice(reps), "start": away[0], "end": away[1]}


def _orders(luck, customers):
    """Let customers owe from before the year, most of them; by luck of its own, so that all else stays."""
    own = np.random.default_rng(luck.bit_generator.state["state"]["state"] + 1)
    count = int(own.choice([0, 8, 40]))
    days = own.integers(-120, 0, count)
    paid = np.where(own.random(count) < 0.2, days + own.integers(0, 200, count), -1000)
    return pd.DataFrame(
        {
            "order": [f"o{number}" for number in range(count)],
            "date": [str(YEAR + timedelta(int(day))) for day in days],
            "customer": [f"c{number}" for number in own.integers(0, customers, count)],
            "rep": "",
            "amount": own.choice(["120", "40.5", "75.25", "-12"], count),
            "paid": [str(YEAR + timedelta(int(day))) if day > -1000 else "" for day in paid],
        }
    )


def _move(luck, customers, reps):
    customer = f"c{luck.integers(customers)}"
    return {"day": _day(luck, 0, 360), "customer": customer, "rep": luck.choice(reps)}


def _settings(luck, lines, tables):
    market = {
        "order_values": dict.fromkeys(lines or ("",), float(luck.choice([40.0, 150.0]))),
        "order_value_cv": float(luck.choice([0.0, 1.0])),
        "demand_noise": float(luck.choice([0.0, 0.2])),
        "growth": float(luck.choice([0.0, 0.3])),
        "stages": _stages(luck),
        "pools": [{"name": name, "slots_per_week": int(luck.integers(1, 4))} for name in ("help", "lab")],
        "work_order": (
            [] if luck.random() < 0.4 else luck.permutation(["deals", "service", "visits"]).tolist()
        ),
        "service": {
            "calls_per_year": float(luck.choice([0.0, 6.0])),
            "hours": float(luck.choice([0.0, 0.7])),
            "on_site": bool(luck.random() < 0.5),
            "patience_days": float(luck.choice([2.0, 10.0])),
        },
        "churn": {"yearly_rate": float(luck.choice([0.0, 0.4])), "sensitivity": 4.0},
        "relationships": {"full_after_years": 3.0, "new_hire": 1.5, "same_team": 0.5},
        "relationship_risk": float(luck.choice([0.0, 0.4])),
        "skill_gap": 0.3,
        "patience_days": float(luck.choice([3.0, 30.0])),
        "new_customers_per_year": float(luck.choice([0.0, 20.0])),
        "new_customer_value": 200.0,
        "delivery_days": float(luck.choice([0.0, 7.0])),
        "bad_debt": 0.1,
        "satisfaction": {
            "sensitivity": float(luck.choice([0.0, 1.0])),
            "loss_per_lost_opportunity": float(luck.choice([0.0, 0.05])),
            "loss_per_unserved_call": 0.1,
        },
        "turnover": {
            "yearly_quit_rate": float(luck.choice([0.0, 1.0, 3.0])),
            "vacancy_days": float(luck.choice([0.0, 30.0])),
            "ramp_months": float(luck.choice([0.0, 4.0])),
            "attainment_effect": float(luck.choice([0.0, 1.5])),
            "reassign": bool(luck.random() < 0.6),
        },
        "effort": {"mode": str(luck.choice(["constant", "forward-looking"])), "reference_commission": 0.4},
        **_timing(luck),
        "shocks": [_shock(luck, number, lines, tables) for number in range(luck.integers(0, 6))],
    }
    calendar = {"holidays": [YEAR, YEAR + timedelta(120)], "extra_workdays": [date(2026, 2, 14)]}
    return {
        "year": {"start": YEAR},
        "target": {"amount": 10_000.0},
        "travel": {"hours_between_visits": 0.0},
        "market": market,
        "scheme": _scheme(luck),
        "calendar": calendar if luck.random() < 0.7 else {"weekdays": [1, 2, 3, 4, 5, 6, 7]},
    }


def _timing(luck):
    """Let reps play with time, half of them; by luck of its own, so that all else stays as it is."""
    own = np.random.default_rng(luck.bit_generator.state["state"]["state"])
    if own.random() < 0.5:
        return {}
    timing = {
        "window_days": float(own.choice([5.0, 30.0, 60.0])),
        "keeps": float(own.choice([0.7, 1.0])),
        "discount": float(own.choice([0.0, 0.05, 0.3])),
        "accepts": float(own.choice([0.5, 1.0])),
        "pressure": float(own.choice([0.0, 0.6])),
    }
    mode = str(own.choice(["forward-looking", "dynamic"], p=[0.8, 0.2]))
    beliefs = {
        name: float(own.choice([0.0, 0.6])) for name in ("second_task", "believed_rise", "believed_fall")
    }
    return {"timing": timing, "effort": {"mode": mode, "reference_commission": 0.4, **beliefs}}


def _scheme(luck):
    """Pay half of the companies by the year so far as well; by luck of its own."""
    own = np.random.default_rng(luck.bit_generator.state["state"]["state"] + 1)
    steps = [{"at": 0.8, "pays": 0.5}, {"at": 1.0, "pays": 1.0}]
    tiers = [{"at": 0.0, "rate": 0.5}, {"at": 1.0, "rate": 2.0}]
    quarterly = {"kind": "bonus", "weight": 0.4}
    others = {
        "yearly bonus": {"kind": "bonus", "weight": 0.6, "period": "year", "steps": steps},
        "yearly commission": {"kind": "commission", "weight": 0.6, "period": "year", "tiers": tiers},
        "rates of the year so far": {
            "kind": "commission",
            "weight": 0.6,
            "cumulative": True,
            "tiers": tiers,
            "retroactive": bool(own.random() < 0.5),
        },
    }
    name = str(own.choice(list(others)))
    if own.random() < 0.5:
        return {}
    return {"elements": {"quarterly bonus": quarterly, name: others[name]}}


def _stages(luck):
    return [
        {
            "name": f"stage {number}",
            "hours": float(luck.choice([0.0, 0.3, 1.5])),
            "conversion": float(luck.choice([0.5, 0.8, 1.0])),
            "days": float(luck.choice([0.0, 4.0, 25.0])),
            "at_customer": bool(luck.random() < 0.4),
            "pool": str(luck.choice(["help", "lab", ""], p=[0.3, 0.1, 0.6])),
        }
        for number in range(luck.integers(1, 4))
    ]


def _shock(luck, number, lines, tables):
    first = int(luck.integers(-10, 250))
    shock = {
        "name": f"shock {number}",
        "start": YEAR + timedelta(first),
        "end": YEAR + timedelta(first + int(luck.integers(12, 90))),
        "probability": float(luck.choice([0.6, 1.0])),
    }
    effects = {
        "demand": 1.8,
        "price": 0.8,
        "win": 0.6,
        "decision_delay_days": 20.0,
        "delivery_delay_days": 9.0,
        "late_payment": 3.0,
        "bad_debt": 4.0,
        "hiring_freeze": True,
        "quits": 3.0,
        "capacity": 0.3,
        "training_hours": 20.0,
        "productivity": 1.2,
    }
    for effect in luck.choice(list(effects), size=3, replace=False):
        shock[str(effect)] = effects[str(effect)]
    if "productivity" in shock:
        shock["ramp"] = 0.4
    if luck.random() < 0.25:
        shock |= {"loses": True, "largest": 1}
    if luck.random() < 0.3:
        shock["latest_start"] = shock["start"] + timedelta(20)
    on_customers, on_reps = ON_CUSTOMERS & set(shock), ON_REPS & set(shock)
    if on_customers and luck.random() < 0.3:
        shock["where"] = {"tier": [luck.choice(tables["customers"]["tier"])]}
    if on_reps and luck.random() < 0.3:
        shock["reps"] = {"seniority": [luck.choice(tables["reps"]["seniority"])]}
    if lines and on_customers - {"loses"} and luck.random() < 0.3:
        shock["lines"] = [lines[0]]
    return shock


def _day(luck, first, last):
    """Choose a day, often one on which other things happen as well."""
    day = int(luck.integers(first, last))
    return str(YEAR + timedelta(day // 28 * 28 if luck.random() < 0.5 else day))


def _maybe(luck, value):
    return value if luck.random() < 0.4 else ""


def _text(rows):
    return pd.DataFrame(rows).astype("str")
