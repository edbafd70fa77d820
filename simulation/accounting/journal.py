"""The journal of a year: what happened, when, to whom. Every figure is computed from it."""

from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios import Scenario
from simulation.luck.fate import Fate
from simulation.world.world import World


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
    HOLD = 20
    RELEASE = 21
    CALL = 22
    SERVED = 23
    UNSERVED = 24
    CUSTOMER_LOST = 25
    MOVES = 26
    HELD_BACK = 27
    LOST_HELD = 28
    PULLED_IN = 29
    DISCOUNT = 30
    LOST_PRESSED = 31


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
    What.HOLD: "order on hold: credit limit",
    What.RELEASE: "order released",
    What.CALL: "call for service",
    What.SERVED: "service done",
    What.UNSERVED: "call unanswered",
    What.CUSTOMER_LOST: "customer lost for good",
    What.MOVES: "customer changes hands",
    What.HELD_BACK: "deal held back to the next quarter",
    What.LOST_HELD: "lost: held back too long",
    What.PULLED_IN: "asked to decide by the quarter's end",
    What.DISCOUNT: "discount for deciding early",
    What.LOST_PRESSED: "lost: pressed to decide",
}

NAME_OF = {words: what.name for what, words in WORDS.items()}
"""Short names of kinds, for programs."""

OF_TIMING = frozenset(range(What.HELD_BACK, What.LOST_PRESSED + 1))
OF_OPPORTUNITIES = frozenset({*range(What.UNDER_WAY, What.BAD_DEBT + 1), What.HOLD, What.RELEASE, *OF_TIMING})
OF_CUSTOMERS = frozenset({What.VISIT, What.MISSED_VISIT, What.OPEN_VISIT, What.CUSTOMER_LOST, What.MOVES})
OF_CALLS = frozenset({What.CALL, What.SERVED, What.UNSERVED})
IN_CENTS = OF_TIMING | frozenset(
    {What.WON, What.LOST_WAITING, What.INVOICE, What.PAYMENT, What.BAD_DEBT, What.HOLD, What.RELEASE}
)


def table(world: World, fate: Fate, records: NDArray[np.float64]) -> pd.DataFrame:
    """Give records with names.

    Returns
    -------
    Frame with `time` (days from the first day of the year), `what`, `rep` ("" for the house), `customer`,
    `line` and `opportunity` (-1 where none), `hours`, `amount` (money; the satisfaction after a visit made or
    missed and a call unanswered; the effort chosen; hours on the road of work and service).
    """
    what, subject = records[:, 1].astype(np.int64), records[:, 3].astype(np.int64)
    deals, about_call = fate.opportunities, np.isin(what, list(OF_CALLS))
    about_deal, about_customer = np.isin(what, list(OF_OPPORTUNITIES)), np.isin(what, list(OF_CUSTOMERS))
    opportunity = np.where(about_deal, subject, -1)
    customer = np.where(about_customer, subject, -1)
    customer[about_deal] = deals.customer[opportunity[about_deal]]
    customer[about_call] = fate.calls.customer[subject[about_call]]
    line = np.full(len(what), -1)
    line[about_deal] = deals.line[opportunity[about_deal]]
    return pd.DataFrame(
        {
            "time": records[:, 0],
            "what": pd.Series(np.array([WORDS[w] for w in What], dtype=object)[what], dtype="str"),
            "rep": _named((*world.reps, ""), records[:, 2].astype(np.int64)),
            "customer": _named((*world.customers, ""), customer),
            "line": _named((*world.lines, ""), line),
            "opportunity": opportunity,
            "hours": records[:, 4],
            "amount": np.where(np.isin(what, list(IN_CENTS)), records[:, 5] / 100, records[:, 5]),
        }
    )


def with_kinds(events: pd.DataFrame) -> pd.DataFrame:
    """Add the names of kinds of records; of a kind without a name its words stand."""
    return events.assign(kind=events["what"].map(lambda words: NAME_OF.get(words, words)).astype("str"))


def dated(scenario: Scenario, events: pd.DataFrame) -> pd.DataFrame:
    """Put date and name of the kind in front of each record."""
    last = scenario.year.days - 1
    days = pd.to_timedelta(np.minimum(np.floor(events["time"].to_numpy()), last), unit="D")
    dates = (pd.Timestamp(scenario.year.start) + days).strftime("%Y-%m-%d")
    made = with_kinds(events)
    made.insert(0, "date", np.asarray(dates))
    made.insert(2, "kind", made.pop("kind"))
    return made


def _named(names: tuple[str, ...], positions: NDArray[np.int64]) -> pd.Series:
    return pd.Series(np.array(names, dtype=object)[positions], dtype="str")
