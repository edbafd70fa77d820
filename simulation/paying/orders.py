"""Orders of the past as a ledger: what was sold, and when it was paid, for what-ifs and goals of last
year.
"""

from datetime import date

import numpy as np
import pandas as pd

from scenarios import Scenario
from scenarios.open_orders import by_line
from simulation.paying.crediting import BOOKED, COLLECTED, INVOICED, Ledger

UNKNOWN = -1


def ledger_of_orders(scenario: Scenario, start: date, owner: pd.Series | None = None) -> Ledger:
    """Write the ledger of the twelve months from a day on.

    Parameters
    ----------
    scenario
        With its history. An order is invoiced on its day; it is collected on the day it was paid or, where
        that is not known, after the customer's payment days.
    start
        First day.
    owner
        To whom customers count, by customer; the rep each order was credited to where not given.
    """
    orders = by_line(scenario, scenario.history.reset_index())
    day = (orders["date"] - pd.Timestamp(start)).dt.days.to_numpy(dtype="float64")
    seller = orders["rep"] if owner is None else orders["customer"].map(owner).fillna("")
    known = scenario.customers.index
    terms = scenario.customers["payment_days"].reindex(orders["customer"]).fillna(0).to_numpy()
    paid = day + terms
    if orders["paid"].notna().any():
        exact = (orders["paid"] - pd.Timestamp(start)).dt.days.to_numpy(dtype="float64")
        paid = np.where(np.isnan(exact), paid, exact)
    firsts = scenario.history.sort_values("date", kind="stable").drop_duplicates("customer")
    columns = {
        "person": scenario.reps.index.get_indexer(pd.Index(seller)),
        "customer": known.get_indexer(pd.Index(orders["customer"])),
        "line": np.array(
            [scenario.lines.index(n) if n in scenario.lines else UNKNOWN for n in orders["line"]], int
        ),
        "amount": np.floor(orders["amount"].to_numpy() * 100 + 0.5).astype(np.int64),
        "is_new": (orders["order"].isin(firsts.index) & (orders["date"] >= pd.Timestamp(start))).to_numpy(),
        "order": pd.factorize(orders["order"])[0],
    }
    parts = []
    for moment, when in ((BOOKED, day), (INVOICED, day), (COLLECTED, paid)):
        within = (when >= 0) & (when < _days(start))
        parts.append(
            Ledger(
                day=np.asarray(when[within], dtype=np.float64),
                moment=np.full(int(within.sum()), moment),
                **{name: values[within] for name, values in columns.items()},
            )
        )
    return Ledger(*(np.concatenate([getattr(part, f) for part in parts]) for f in vars(parts[0])))


def _days(start: date) -> int:
    return (date(start.year + 1, start.month, 1) - start).days
