"""Years whose luck is written down, so that they can be followed by hand."""

import dataclasses
from typing import NamedTuple

import numpy as np

from simulation.accounting.journal import What
from simulation.luck.contacts import Calls
from simulation.luck.fate import draw
from simulation.luck.opportunities import COLUMNS, Opportunities
from simulation.reference import live_by_the_book

ANN, BOB, CLEO = 0, 1, 2
DEAL = {
    "customer": 0,
    "line": 0,
    "height": 0.0,
    "limit": 1.0,
    "is_new": False,
    "amount": 10_000,
    "mark": 0.0,
    "days": 0.0,
    "patience": 1e9,
    "unattended": 1.0,
    "win": 1.0,
    "delivery_days": 400.0,
    "payment_days": 30.0,
    "never_pays": False,
    "answers": (0.0, 0.0),
}
OF_A_STAGE = ("mark", "days", "patience")
ROUTINE = (What.JOINS, What.EFFORT)


class Note(NamedTuple):
    """A record of the journal, to six digits."""

    day: float
    what: What
    seat: int
    subject: int
    hours: float
    amount: float


def fate_of(world, deals=(), calls=(), **known):
    """Write down the luck of a year: opportunities, calls (customer, day, patience), other fields."""
    deals = sorted(({**DEAL, **deal} for deal in deals), key=lambda d: (d["customer"], d["arises"]))
    stages = len(world.market.stages)

    def column(name):
        if name in OF_A_STAGE:
            return np.array([np.broadcast_to(d[name], stages) for d in deals]).reshape(-1, stages)
        return np.array([d[name] for d in deals], dtype=None if deals else float)

    customer = np.array([d["customer"] for d in deals], dtype=int)
    first = np.searchsorted(customer, np.arange(len(world.customers) + 1))
    fate = draw(world, 1, 0)
    return dataclasses.replace(
        fate,
        opportunities=Opportunities.of(first, **{name: column(name) for name in COLUMNS}),
        calls=Calls(
            customer=np.array([c[0] for c in calls], dtype=int),
            day=np.array([c[1] for c in calls], dtype=float),
            patience=np.array([c[2] for c in calls], dtype=float),
            first=np.searchsorted([c[0] for c in calls], np.arange(len(world.customers) + 1)),
        ),
        visits=dataclasses.replace(fate.visits, phase=known.pop("phase", fate.visits.phase)),
        **known,
    )


def lived(world, fate, *kinds):
    """Live a year and give its records of some kinds in order of days; without kinds all but routine."""
    notes = [Note(*_rounded(record)) for record in live_by_the_book(world, fate)]
    return [n for n in sorted(notes) if (n.what in kinds if kinds else n.what not in ROUTINE)]


def _rounded(record):
    day, what, seat, subject, hours, amount = record
    return round(day, 6), What(what), seat, subject, round(hours, 6), round(amount, 6)


def days_of(notes, what):
    return [note.day for note in notes if note.what == what]
