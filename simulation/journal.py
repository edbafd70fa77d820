"""The journal of a year: what happened, when, to whom. Every figure is computed from it."""

import itertools
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.demand import Opportunities
from simulation.world import World

COLUMNS = 6


class What(IntEnum):
    """What may happen."""

    UNDER_WAY = 0
    ARISES = 1
    ARISES_UNATTENDED = 2
    WORK = 3
    PASSES = 4
    WON = 5
    LOST = 6
    LOST_WAITING = 7
    LOST_UNATTENDED = 8
    OPEN = 9
    INVOICE = 10
    PAYMENT = 11
    BAD_DEBT = 12
    VISIT = 13
    MISSED_VISIT = 14
    OPEN_VISIT = 15
    EFFORT = 16
    JOINS = 17
    LEAVES = 18
    QUITS = 19


WORDS = {
    What.UNDER_WAY: "opportunity under way at the start",
    What.ARISES: "opportunity arises",
    What.ARISES_UNATTENDED: "opportunity arises, nobody there",
    What.WORK: "stage worked on",
    What.PASSES: "stage passed",
    What.WON: "booking",
    What.LOST: "lost: customer said no",
    What.LOST_WAITING: "lost: nobody had time",
    What.LOST_UNATTENDED: "lost: nobody there",
    What.OPEN: "open at the end",
    What.INVOICE: "invoice",
    What.PAYMENT: "payment",
    What.BAD_DEBT: "bad debt",
    What.VISIT: "visit",
    What.MISSED_VISIT: "missed visit",
    What.OPEN_VISIT: "visit still due at the end",
    What.EFFORT: "effort chosen",
    What.JOINS: "somebody joins",
    What.LEAVES: "somebody leaves as planned",
    What.QUITS: "somebody quits",
}

OF_OPPORTUNITIES = frozenset(range(What.UNDER_WAY, What.BAD_DEBT + 1))
OF_CUSTOMERS = frozenset({What.VISIT, What.MISSED_VISIT, What.OPEN_VISIT})


class Journal:
    """A list of records: day, what, seat, opportunity or customer (or -1), hours, amount.

    The amount is money, but the satisfaction after a visit made or missed, and the effort chosen.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[float, int, int, int, float, float]] = []

    def note(
        self, day: float, what: int, seat: int, subject: int, hours: float = 0.0, amount: float = 0.0
    ) -> None:
        """Write down a record; days need not be in order."""
        self._rows.append((day, what, seat, subject, hours, amount))

    def records(self) -> NDArray[np.float64]:
        """All records in order of days, [records, 6]."""
        flat = np.fromiter(itertools.chain.from_iterable(self._rows), float, COLUMNS * len(self._rows))
        rows = flat.reshape(-1, COLUMNS)
        return rows[np.argsort(rows[:, 0], kind="stable")]


def table(world: World, demand: Opportunities, records: NDArray[np.float64]) -> pd.DataFrame:
    """Give records with names.

    Returns
    -------
    Frame with `time` (days from the first day of the year), `what`, `rep` ("" for the house), `customer`,
    `line` and `opportunity` (-1 where none), `hours`, `amount` (money; the satisfaction after a visit made or
    missed; the effort chosen).
    """
    what = records[:, 1].astype(np.int64)
    subject = records[:, 3].astype(np.int64)
    about_opportunity = np.isin(what, list(OF_OPPORTUNITIES))
    about_customer = np.isin(what, list(OF_CUSTOMERS))
    opportunity = np.where(about_opportunity, subject, -1)
    customer = np.where(about_customer, subject, -1)
    customer[about_opportunity] = demand.customer[opportunity[about_opportunity]]
    line = np.full(len(what), -1)
    line[about_opportunity] = demand.line[opportunity[about_opportunity]]
    return pd.DataFrame(
        {
            "time": records[:, 0],
            "what": pd.Series(np.array([WORDS[w] for w in What], dtype=object)[what], dtype="str"),
            "rep": _named((*world.reps, ""), records[:, 2].astype(np.int64)),
            "customer": _named((*world.customers, ""), customer),
            "line": _named((*world.lines, ""), line),
            "opportunity": opportunity,
            "hours": records[:, 4],
            "amount": records[:, 5],
        }
    )


def _named(names: tuple[str, ...], positions: NDArray[np.int64]) -> pd.Series:
    return pd.Series(np.array(names, dtype=object)[positions], dtype="str")
