"""A company for facts: default beliefs, one sales cycle, and books as a fact needs them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.companies import STAGES
from optimizer import Plan
from scenarios import Scenario
from scenarios.building import Source, build
from simulation.accounting.journal import What
from simulation.company.year import Year

START = date(2026, 1, 1)
ORDER = 10_000.0
"""Mean amount of an order, money."""


def company(
    customers: Mapping[str, Any],
    reps: Mapping[str, Any],
    market: Mapping[str, Any] | None = None,
    lines: Sequence[str] = (),
    **settings: Any,
) -> Scenario:
    """Build a scenario from columns of customers and reps.

    Parameters
    ----------
    customers, reps
        Cells by column; a single value is for all. Keys come by themselves: C000, R00.
    market
        Beliefs that are not the defaults.
    lines
        Product lines.
    settings
        Other groups of settings.
    """
    amounts = dict.fromkeys(lines, ORDER) or {"": ORDER}
    potential = np.sum(np.asarray(customers["potential"], dtype=float))
    given = {
        "year": {"start": START},
        "target": {"amount": float(potential)},
        "market": {"order_values": amounts, "stages": STAGES, **(market or {})},
        **settings,
    }
    tables = {
        "customers": _table("customer", "C", customers),
        "reps": _table("rep", "R", {"base_pay": 60_000, "target_incentive": 40_000, **reps}),
        "products": pd.DataFrame({"product": list(lines), "line": list(lines)}, dtype="str"),
    }
    return build(Source("facts", given, tables))


def plan_of(scenario: Scenario, owner: pd.Series | None = None, over_assignment: float = 0.0) -> Plan:
    """Ask each rep for the potential of its book, evenly over the quarters; today's book if none is given."""
    served = scenario.customers["owner"] if owner is None else owner
    book = scenario.customers["potential"].groupby(served).sum()
    asked = book.reindex(scenario.reps.index, fill_value=0.0) * (1 + over_assignment) / 4
    quota = pd.DataFrame({quarter.name: asked for quarter in scenario.year.quarters})
    return Plan("facts", scenario.digest, served.copy(), quota)


def bookings_by_customer(year: Year, customers: int) -> np.ndarray:
    """Add up what each customer bought in a year, money; newcomers near it not among it."""
    deals, records = year.fate.opportunities, year.records
    won = records[records[:, 1] == What.WON]
    which = won[:, 3].astype(np.int64)
    own = ~deals.is_new[which]
    return np.bincount(deals.customer[which[own]], won[own, 5] / 100, customers)


def _table(key: str, letter: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Write columns as text, with keys."""
    rows = max(len(cells) for cells in columns.values() if _is_many(cells))
    names = [f"{letter}{number:0{len(str(rows - 1))}}" for number in range(rows)]
    cells = {name: list(c) if _is_many(c) else [c] * rows for name, c in columns.items()}
    frame = pd.DataFrame({key: names, **cells}).astype("object")
    return frame.map(_text).astype("str")


def _is_many(cells: Any) -> bool:
    return not isinstance(cells, str) and hasattr(cells, "__len__")


def _text(cell: Any) -> str:
    return str(cell).lower() if isinstance(cell, bool | np.bool_) else str(cell)
