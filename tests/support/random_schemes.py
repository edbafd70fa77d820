"""Schemes and years of any kind: every element, condition and term happens in some of them."""

from datetime import date

import numpy as np
from payroll import DAYS, people

from scenarios.scheme import Scheme
from simulation.paying.crediting import (
    BOOKED,
    COLLECTED,
    INVOICED,
    WRITTEN_OFF,
    Ledger,
    Sharing,
    accounts,
    credits_of,
    spiffs,
)
from simulation.paying.payroll import Payroll
from simulation.paying.results import Results, accounts_of, shares_of
from simulation.paying.statement import Books

START = date(2026, 1, 1)
ENDS = np.cumsum(DAYS).astype(float)
LINES = ("Bolts", "Nuts")
CUSTOMERS = tuple(f"c{number}" for number in range(6))
ROLES = ("rep", "rep", "rep", "senior")
TEAMS = ("west", "west", "east", "east")
PERIODS = ("month", "quarter", "half-year", "year")
MEASURES = ("bookings", "invoices", "collections", "new_customer_bookings")
SHARES = ("satisfaction", "visits_kept", "score:teamwork")


def any_scheme(luck, *, kinds=None, rising=False, shares=True, periods=PERIODS, terms=True):
    """Make up a scheme; `rising`: more own sales never lower pay."""
    while True:
        names = kinds or ("commission", "bonus", "team bonus", "scorecard", "spiff", "contest", "penalty")
        some = [str(luck.choice(names)) for _ in range(luck.integers(1, 4))]
        elements = {
            f"{kind} {n}": ELEMENT[kind](luck, rising, shares, periods) for n, kind in enumerate(some)
        }
        for element in elements.values():
            if luck.random() < 0.3:
                element["roles"] = ["rep", "senior"]
        text = {"elements": elements, **(_terms(luck) if terms else {})}
        _weigh(luck, elements)
        try:
            return Scheme.model_validate(text)
        except ValueError:
            continue  # some that luck makes up contradict themselves


def any_books(luck, scheme, *, sharing=None):
    """Make up a year of orders for four people and credit it as a scheme says."""
    who = any_people(luck, scheme)
    ledger = any_ledger(luck)
    parts = any_sharing(luck) if sharing is None else sharing
    credit = credits_of(scheme, who, ledger, parts)
    results = Results(
        accounts(scheme, who, ledger, credit, ENDS, LINES),
        shares={name: any_share(luck, len(who)) for name in shares_of(scheme)},
        spiffs=spiffs(scheme, who, ledger, credit, ENDS, LINES, START),
        before={account: luck.integers(0, 4_000_00, (len(who), 12)) for account in accounts_of(scheme)},
    )
    roll = Payroll(scheme, who, START, (None, date(2025, 11, 5), None, date(2026, 3, 1)), results.before)
    return Books(roll, results, ledger, credit, START, ENDS, LINES, CUSTOMERS)


def any_people(luck, scheme):
    reps = {
        f"p{n}": {
            "quota": luck.choice([0.0, 3000.0, 10_000.0, 7777.77], 4).tolist(),
            "team": TEAMS[n],
            "role": ROLES[n],
            "base_pay": 12_345.67,
            "target_incentive": float(luck.choice([0.0, 8000.0, 9999.99])),
            "region": str(luck.choice(["West", "East"])),
        }
        for n in range(len(ROLES))
    }
    present = np.tile(DAYS, (len(ROLES), 1))
    present[3, :2] = 0
    return people(scheme, reps, present)


def any_ledger(luck, count=40):
    entries = []
    for order in range(count):
        day, amount = float(luck.integers(0, 364)), int(luck.choice([99_99, 500_00, 2500_50, 8000_01]))
        common = (int(luck.integers(-1, len(ROLES))), int(luck.integers(0, len(CUSTOMERS))))
        common += (int(luck.integers(-1, len(LINES))), amount, bool(luck.random() < 0.2), order)
        entries.append((day, BOOKED, *common))
        last = COLLECTED if luck.random() < 0.8 else WRITTEN_OFF
        later = [(day + 20, INVOICED), (day + float(luck.integers(20, 200)), last)]
        entries += [(when, moment, *common) for when, moment in later if when < 365]
    day, moment, person, customer, line, amount, is_new, number = (
        np.array(c) for c in zip(*entries, strict=True)
    )
    return Ledger(day, moment, person, customer, line, amount, is_new, number)


def any_sharing(luck):
    splits = {0: [(1, 250_000)], 1: [(0, 333_333), (2, 100_000)]} if luck.random() < 0.5 else {}
    moved = [(60.0, 2, 0), (200.0, 3, -1), (210.0, 3, 2)] if luck.random() < 0.5 else []
    supported = luck.integers(-1, len(ROLES), (len(CUSTOMERS), len(LINES)))
    return Sharing(splits, moved, supported)


def any_share(luck, persons):
    weights = luck.integers(0, 5, (persons, 12)) * (luck.random((persons, 12)) < 0.9)
    return (luck.random((persons, 12)) * weights * 1e6).astype(np.int64), weights.astype(np.int64)


def _gauge(luck, shares):
    if shares and luck.random() < 0.25:
        of = str(luck.choice(["own", "team"]))
        return {"measure": str(luck.choice(SHARES)), "of": of, "goal": 0.8, "assumed": 0.7}
    gauge = {"measure": str(luck.choice(MEASURES)), "of": str(luck.choice(["own", "own", "team", "company"]))}
    gauge["goal"] = luck.choice(["quota", "last year", 2500.0])
    gauge["goal"] = float(gauge["goal"]) if gauge["goal"][0] == "2" else str(gauge["goal"])
    if gauge["goal"] == "quota" and luck.random() < 0.3:
        gauge["goal_share"] = 1.1
    if luck.random() < 0.2:
        gauge["lines"] = ["Nuts"]
    return gauge


def _element(luck, rising, shares, periods):
    element = {**_gauge(luck, shares), "period": str(luck.choice(periods))}
    if not rising and luck.random() < 0.4:
        gates = [{**_gauge(luck, shares), "at_least": 0.6, "otherwise": float(luck.choice([0.0, 0.35]))}]
        element["gates"] = gates
    if luck.random() < 0.4:
        between = str(luck.choice(["step", "line"]))
        steps = [{"at": 0.5, "times": 1.05}, {"at": 1.0, "times": 1.333}]
        if not rising:
            steps[0]["times"] = 0.7
        element["multipliers"] = [{**_gauge(luck, shares), "steps": steps, "between": between}]
    if luck.random() < 0.2:
        element["most_pay"] = 700.0
    return element


def _commission(luck, rising, _shares, periods):
    element = {"kind": "commission", **_element(luck, rising, False, periods), "goal_share": 1.0}
    rates = luck.choice([0.0, 0.5, 1.0, 2.5], 3)
    if element["goal"] == 2500.0 or luck.random() < 0.3:
        element["lines"], rates = [], rates / 20
        element["tiers_in"] = str(luck.choice(["amount", "attainment"]))
        element["worthless"] = True
    edges = (0.0, 0.8, 1.1) if element.get("tiers_in", "attainment") == "attainment" else (0.0, 900.5, 3000.0)
    rates = np.sort(rates) if rising else rates
    element["tiers"] = [{"at": a, "rate": float(r)} for a, r in zip(edges, rates, strict=True)]
    element["retroactive"] = bool(luck.random() < 0.3)
    element["cumulative"] = bool(luck.random() < 0.3)
    if luck.random() < 0.3:
        element["cap"] = float(edges[1] + edges[2]) / 2
    return element


def _bonus(luck, rising, shares, periods):
    steps = [{"at": 0.5, "pays": 0.4}, {"at": 1.0, "pays": 1.0}, {"at": 1.2, "pays": 1.7}]
    if not rising and luck.random() < 0.2:
        steps = [{"up_to": 0.5, "pays": 1.0}, {"up_to": 1.0, "pays": 0.3}]
        return {"kind": "bonus", **_element(luck, rising, shares, periods), "steps": steps}
    between = str(luck.choice(["step", "line"]))
    return {"kind": "bonus", **_element(luck, rising, shares, periods), "steps": steps, "between": between}


def _team_bonus(luck, rising, shares, periods):
    ways = ["equally", "by quota", "by measure", "by target incentive"]
    how = str(luck.choice(ways))
    of = str(luck.choice(["team", "company"]))
    return {**_bonus(luck, rising, shares, periods), "kind": "team bonus", "of": of, "shared": how}


def _scorecard(luck, rising, shares, periods):
    items = [{**_gauge(luck, shares), "weight": weight} for weight in (0.6, 0.4)]
    items[0]["steps"] = [{"at": 0.5, "pays": 0.5}, {"at": 1.0, "pays": 1.0}]
    items[1]["most"] = 1.5
    card = {k: v for k, v in _element(luck, rising, shares, periods).items() if k in CARD_KEYS}
    return {"kind": "scorecard", **card, "items": items}


def _spiff(luck, _rising, _shares, _periods):
    spiff = {"kind": "spiff", "per_deal": 12.0, "share": 0.013, "least_deal": 200.0}
    if luck.random() < 0.5:
        spiff |= {"most_pay": 150.0, "first_day": date(2026, 3, 1), "new_customers_only": True}
    return spiff


def _contest(luck, _rising, shares, periods):
    ways = ["equally", "by quota", "by measure", "by target incentive"]
    gauge = {**_gauge(luck, shares), "of": "own"}
    return {"kind": "contest", **gauge, "period": str(luck.choice(periods)), "prizes": [500.0, 100.01],
            "between": str(luck.choice(["people", "teams"])), "shared": str(luck.choice(ways))}  # fmt: skip


def _penalty(luck, rising, shares, periods):
    steps = [{"up_to": 0.5, "costs": 1.0}, {"up_to": 0.9, "costs": 0.4}]
    return {"kind": "penalty", **_element(luck, rising, shares, periods), "steps": steps}


def _weigh(luck, elements):
    """Give worths: weights that add up to 1 for everybody, or amounts."""
    named = [e for e in elements.values() if e["kind"] in ("commission", "bonus", "team bonus", "scorecard")]
    weighed = [e for e in named if not e.pop("worthless", False)]
    if weighed and luck.random() < 0.6:
        for element in elements.values():
            element["roles"] = ["rep", "senior"]
        for element, weight in zip(weighed, SPLITS[len(weighed)], strict=True):
            element["weight"] = weight
    else:
        for element in weighed:
            element["amount"] = float(luck.choice([333.33, 1000.0]))
    for element in elements.values():
        if element["kind"] == "penalty":
            element["amount"] = 200.0


def _terms(luck):
    some = {
        "draws": [{"amount": 150.0, "recoverable": bool(luck.random() < 0.5)}],
        "guarantees": [{"amount": 90.0, "months": 6}],
        "clawback": {"share": 0.7},
        "windfall": {"above": 2000.0, "counts": 0.4},
        "crediting": {"overlay_share": 0.3, "handover_days": 45, "handover_share": 0.4},
        "differentials": [{"where": {"region": ["West"]}, "times": 1.15}],
        "most_incentive": 1.4,
    }
    return {name: term for name, term in some.items() if luck.random() < 0.4}


CARD_KEYS = ("period", "gates", "multipliers", "most_pay")
SPLITS = {1: (1.0,), 2: (0.7, 0.3), 3: (0.5, 0.3, 0.2)}
ELEMENT = {
    "commission": _commission,
    "bonus": _bonus,
    "team bonus": _team_bonus,
    "scorecard": _scorecard,
    "spiff": _spiff,
    "contest": _contest,
    "penalty": _penalty,
}
