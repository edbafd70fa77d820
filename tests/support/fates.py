"""Fates written by hand: years in which nothing is left to chance."""

import dataclasses
import math

import numpy as np

from simulation.luck.contacts import Calls, Visits
from simulation.luck.fate import draw
from simulation.luck.opportunities import COLUMNS, Opportunities

FOREVER = 1e9


def fate_of(world, deals=(), calls=(), *, phase=None, churns_at=None, stays=None):
    """Make a fate without luck.

    Parameters
    ----------
    world
        Its customers buy only what is given here, so their potential should be 0.
    deals
        Opportunities: dicts with the customer's name, `arises`, and what is not usual.
    calls
        Calls for service: customer's name, day, patience.
    phase
        Of promised visits, by name; else 0.
    churns_at, stays
        By customer's name, and lists by the rep's; else never.
    """
    drawn = draw(world, 1, 0)
    assert len(drawn.opportunities.arises) == 0, "customers with potential have luck of their own"
    row = {name: number for number, name in enumerate(world.customers)}
    threshold = np.full(len(row), np.inf)
    for name, value in (churns_at or {}).items():
        threshold[row[name]] = value
    phases = np.array([(phase or {}).get(name, 0.0) for name in world.customers])
    until = np.full((len(world.reps), 12), np.inf)
    for rep, values in (stays or {}).items():
        until[world.reps.index(rep), : len(values)] = values
    return dataclasses.replace(
        drawn,
        opportunities=_opportunities(world, row, deals),
        calls=_calls(row, calls),
        visits=Visits(phase=phases, apart=drawn.visits.apart),
        churns_at=threshold,
        stays=until,
    )


def _opportunities(world, row, deals):
    stages = len(world.market.stages)
    usual = {
        "height": 0.5,
        "limit": 1.0,
        "is_new": False,
        "amount": 10_000,
        "mark": (0.0,) * stages,
        "days": (0.0,) * stages,
        "patience": (FOREVER,) * stages,
        "unattended": 1.0,
        "win": 1.0,
        "delivery_days": 0.0,
        "payment_days": 0.0,
        "never_pays": False,
        "line": 0,
        "answers": (0.0, 0.0),
    }
    rows = sorted(
        ({**usual, **deal, "customer": row[deal["customer"]]} for deal in deals),
        key=lambda deal: (deal["customer"], deal["arises"]),
    )
    kinds = {
        "customer": np.int64,
        "line": np.int64,
        "amount": np.int64,
        "is_new": np.bool_,
        "never_pays": np.bool_,
    }
    columns = {
        name: np.array([deal[name] for deal in rows], dtype=kinds.get(name, np.float64)) for name in COLUMNS
    }
    for name in ("mark", "days", "patience"):
        columns[name] = columns[name].reshape(len(rows), stages)
    columns["answers"] = columns["answers"].reshape(len(rows), 2)
    return Opportunities.of(np.searchsorted(columns["customer"], np.arange(len(row) + 1)), **columns)


def _calls(row, calls):
    rows = sorted((row[name], day, patience) for name, day, patience in calls)
    customer = np.array([c for c, _, _ in rows], dtype=np.int64)
    return Calls(
        customer=customer,
        day=np.array([day for _, day, _ in rows], dtype=np.float64),
        patience=np.array([min(patience, FOREVER) for _, _, patience in rows], dtype=np.float64),
        first=np.searchsorted(customer, np.arange(len(row) + 1)),
    )


def story(journal, *columns, without=("effort chosen", "somebody joins")):
    """Tell a journal in short: day (rounded to 1e-6), what, and further columns."""
    told = journal[~journal["what"].isin(without)]
    return [
        tuple(_short(told[column].iloc[i]) for column in ("time", "what", *columns)) for i in range(len(told))
    ]


def _short(cell):
    return cell if isinstance(cell, str) else round(float(cell), 6) if math.isfinite(cell) else cell
