"""Orders of before the plan year: their split by product line, and which are still to be paid in it."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

LONGEST_DELAY = 20.0
"""Mean delays beyond which nobody pays late: of exponential delays one in five hundred million is longer."""


def by_line(scenario: "Scenario", orders: pd.DataFrame) -> pd.DataFrame:
    """Split orders by product line; those without lines stay whole, with an empty line.

    Parameters
    ----------
    orders
        Of the history, with `order` as a column.
    """
    if scenario.order_lines.empty:
        return orders.assign(line="")
    lines = scenario.order_lines[scenario.order_lines["order"].isin(orders["order"])]
    lines = lines.assign(line=lines["product"].map(scenario.products["line"]))
    amounts = lines.groupby(["order", "line"], sort=False)["amount"].sum().reset_index()
    split = orders.drop(columns="amount").merge(amounts, on="order", how="inner")
    whole = orders[~orders["order"].isin(amounts["order"])].assign(line="")
    return pd.concat([split, whole], ignore_index=True)


def open_orders(scenario: "Scenario") -> pd.DataFrame:
    """Find what was ordered before the plan year and may be paid in it.

    The order goes out `market.delivery_days` after its day, is due after the customer's payment days and paid
    after a delay beyond them, or never; where history.csv says when it was paid, it was. Returns count as
    they are, negative amounts.

    Returns
    -------
    A row an order and product line, in the order of the history: order, customer, line ("" unknown), amount
    (money), day (of the order), due and paid (not a number where not known), counted from the first day of
    the year and so below 0 before it, late_days (mean delay) and bad_debt (share never paid; 0 where it is
    known to be paid, and of returns).
    """
    market, customers = scenario.market, scenario.customers
    orders = scenario.history.reset_index()
    orders = orders[orders["customer"].isin(customers.index)]
    own = customers.reindex(orders["customer"])
    start = pd.Timestamp(scenario.year.start)
    day = (orders["date"] - start).dt.days.to_numpy(dtype="float64")
    paid = np.full(len(orders), np.nan)
    if orders["paid"].notna().any():
        paid = (orders["paid"] - start).dt.days.to_numpy(dtype="float64")
    known, is_return = ~np.isnan(paid), (orders["amount"] < 0).to_numpy()
    due = day + market.delivery_days + own["payment_days"].to_numpy(dtype="float64")
    late = own["late_days"].fillna(market.late_days).to_numpy(dtype="float64")
    never = own["bad_debt"].fillna(market.bad_debt).to_numpy(dtype="float64")
    slower = np.prod([max(shock.late_payment, 1.0) for shock in market.shocks])
    delayed = sum(shock.delivery_delay_days for shock in market.shocks)
    latest = np.where(known, paid, due + delayed + LONGEST_DELAY * slower * late)
    found = orders[["order", "customer", "amount"]].assign(
        day=day, due=due, paid=paid, late_days=late, bad_debt=np.where(known | is_return, 0.0, never)
    )
    return by_line(scenario, found[latest >= 0])
