"""What was ordered before the year and may be paid in it, as arrays."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios import Scenario
from scenarios.open_orders import open_orders
from simulation.luck.keyed import Ids, stable_ids
from simulation.luck.streams import wholes

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class OpenOrders:
    """Orders of before the year, one entry an order and product line; see `scenarios.open_orders`.

    Parameters
    ----------
    ids
        Stable ids: the same for all lines of an order, and for the parts of a customer split by line.
    order
        Number of the order each is a line of.
    customer, line
        Positions; a line of -1 is unknown.
    amount
        Cents; below 0 for a return.
    day, paid
        Days from the first day of the year; paid is not a number where it is not known.
    bad_debt
        Share never paid; 0 of returns and of what is known to be paid.
    """

    ids: Ids
    order: Positions
    customer: Positions
    line: Positions
    amount: Positions
    day: Numbers
    paid: Numbers
    bad_debt: Numbers


def open_orders_of(scenario: Scenario) -> OpenOrders:
    """Compile the orders of before the year that may be paid in it."""
    found = open_orders(scenario)
    names = pd.Index(scenario.lines)
    return OpenOrders(
        ids=stable_ids(_names(scenario, found)),
        order=pd.factorize(found["order"])[0].astype(np.int64),
        customer=scenario.customers.index.get_indexer(pd.Index(found["customer"])).astype(np.int64),
        line=names.get_indexer(pd.Index(found["line"])).astype(np.int64),
        amount=np.floor(found["amount"].to_numpy(dtype="float64") * 100 + 0.5).astype(np.int64),
        day=found["day"].to_numpy(dtype="float64"),
        paid=found["paid"].to_numpy(dtype="float64"),
        bad_debt=found["bad_debt"].to_numpy(dtype="float64"),
    )


def _names(scenario: Scenario, found: pd.DataFrame) -> list[str]:
    """Name whole customer, order and day; orders of parts are named like those they were split from."""
    whole = wholes(scenario).reindex(found["customer"])
    part = scenario.customers["product_line"].reindex(found["customer"])
    return [
        f"{customer}|{order.removesuffix(f'|{line}') if line else order}|{day:.0f}"
        for customer, line, order, day in zip(whole, part, found["order"], found["day"], strict=True)
    ]
