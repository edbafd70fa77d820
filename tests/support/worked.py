"""Worked examples of the documentation: a scheme, what was sold, and what it pays, checked to the cent.

A page holds a scheme in a toml block and examples in blocks called `pay`, a line each:

    ann bookings 250,000 240,000 0 0        what counts for whom, by quarter, month or year
    ann quota 250,000 250,000 0 0           instead of 4 x 250,000
    deal 2027-02-03 ann 300,000 new         an order; also: invoice, paid, lost, line=NAME, customer=NAME
    ann commission = 10,000 9,600 0 0       what an element pays after each of its periods, or:
    ann penalties = ... limit = guarantees = draws = owed = incentive = base = total =
"""

import re
import shlex
import tomllib
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from payroll import DAYS, people

from scenarios.pay_measures import MEASURES, SCORE, finest
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
from simulation.paying.exact import millionths
from simulation.paying.pay import Pay, pay
from simulation.paying.results import Results, accounts_of, shares_of

START = date(2027, 1, 1)
MOMENTS = {"invoice": INVOICED, "paid": COLLECTED, "lost": WRITTEN_OFF}
PARTS = ("penalties", "limit", "guarantees", "draws", "owed", "incentive", "base", "total")
MONTH_ENDS = np.cumsum(DAYS).astype(float)


@dataclass
class Example:
    """What a block says: of each person its table, what counts, deals, and what is to come out."""

    rows: dict[str, dict[str, object]] = field(default_factory=dict)
    counts: list[tuple[str, str, list[float]]] = field(default_factory=list)
    deals: list[list[str]] = field(default_factory=list)
    expected: list[tuple[str, str, list[float]]] = field(default_factory=list)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def read(block: str) -> Example:
    example = Example()
    for line in block.splitlines():
        words = shlex.split(line.split("#")[0])
        if not words:
            continue
        if words[0] == "deal":
            example.deals.append(words[1:])
            example.rows.setdefault(words[2], {})
            continue
        person, key, values = words[0], words[1], words[2:]
        row = example.rows.setdefault(person, {})
        if values and values[0] == "=":
            example.expected.append((person, key, [_number(v) for v in values[1:]]))
        elif key == "quota":
            row["quota"] = [_number(v) for v in values]
        elif key in MEASURES or key.startswith(SCORE) or key == "before":
            example.counts.append((person, key, [_number(v) for v in values]))
        else:
            row[key] = _number(values[0]) if key in ("base_pay", "target_incentive") else values[0]
    return example


def _number(word: str) -> float:
    return float(word.replace(",", "").rstrip("%")) / (100 if word.endswith("%") else 1)


def results(scheme: Scheme, example: Example, who) -> Results:
    size = len(who)
    place = {name: n for n, name in enumerate(who.names)}
    table = {a: np.zeros((size, 12), np.int64) for a in accounts_of(scheme)}
    shares = {m: (np.zeros((size, 12), np.int64), np.zeros((size, 12), np.int64)) for m in shares_of(scheme)}
    before = {a: np.zeros((size, 12), np.int64) for a in table}
    extra = {}
    if example.deals:
        ledger, sharing = _ledger(example, place)
        credit = credits_of(scheme, who, ledger, sharing)
        shared = (scheme, who, ledger, credit, MONTH_ENDS, _lines(example))
        table, extra = accounts(*shared), spiffs(*shared, START)
    for person, key, values in example.counts:
        monthly = np.zeros(12)
        monthly[:: 12 // len(values)] = values
        if key == "before":
            for account in before:
                before[account][place[person]] += np.rint(monthly * 100).astype(np.int64)
        elif key in shares:
            weighted, weights = shares[key]
            every = np.repeat([millionths(v) for v in values], 12 // len(values))
            weighted[place[person]], weights[place[person]] = every, 1
        else:
            for account in table:
                if account.measure == key:
                    table[account][place[person]] += np.rint(monthly * finest(key)).astype(np.int64)
    return Results(table, shares, extra, before)


def _lines(example: Example) -> tuple[str, ...]:
    named = [w.removeprefix("line=") for deal in example.deals for w in deal if w.startswith("line=")]
    return tuple(dict.fromkeys(named)) or ("",)


def _ledger(example: Example, place: dict[str, int]) -> tuple[Ledger, Sharing]:
    lines, customers = _lines(example), ["usual"]
    columns: dict[str, list] = {name: [] for name in Ledger.__dataclass_fields__}
    for number, (day, person, amount, *words) in enumerate(example.deals):
        named = dict(word.split("=") for word in words if "=" in word)
        customer = named.get("customer", "usual")
        if customer not in customers:
            customers.append(customer)
        moment = next((MOMENTS[w] for w in words if w in MOMENTS), BOOKED)
        values = {
            "day": float((date.fromisoformat(day) - START).days),
            "moment": moment,
            "person": place[person],
            "customer": customers.index(customer),
            "line": lines.index(named.get("line", lines[0])),
            "amount": round(_number(amount) * 100),
            "is_new": "new" in words,
            "order": number,
        }
        for name, value in values.items():
            columns[name].append(value)
    return Ledger(**{n: np.array(v) for n, v in columns.items()}), Sharing.none(len(customers), len(lines))


def check(scheme: Scheme, block: str) -> int:
    """Hold what a block expects against pay; give the number of expectations."""
    example = read(block)
    who = people(scheme, example.rows)
    starts = tuple(
        date.fromisoformat(str(row["start"])) if "start" in row else None for row in example.rows.values()
    )
    got = pay(scheme, who, results(scheme, example, who), START, starts)
    for person, key, values in example.expected:
        mine = _part(got, key)[who.names.index(person)]
        assert (np.atleast_1d(mine) / 100).tolist() == values, f"{person} {key}"
    return len(example.expected)


def _part(got: Pay, key: str) -> np.ndarray:
    return getattr(got, key) if key in PARTS else got.elements[key]


def scheme_of(block: str) -> Scheme:
    return Scheme.model_validate(tomllib.loads(block))
