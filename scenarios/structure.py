"""Other organizations of the sales force: customers split into parts for specialists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios.errors import InputError, Problem

if TYPE_CHECKING:
    from scenarios.scenario import Scenario


def split_by_line(scenario: Scenario, least_visits: float = 0.0) -> Scenario:
    """Split every whole customer into one part for each product line.

    A part has the line's share of the potential; its visits are the line's share, rounded up
    and at least `least_visits`, since a specialist cannot make half a visit. Orders are split by their lines.
    Parts share the site, so that visits of several specialists to one place can be counted.

    Parameters
    ----------
    least_visits
        Least visits a year to each part.

    Raises
    ------
    InputError
        If there are orders but no order lines.
    """
    if scenario.lines == ("",):
        return scenario
    if len(scenario.history) and scenario.order_lines.empty:
        remedy = "splitting customers by product line needs to know what orders held; add the file"
        raise InputError([Problem("order_lines.csv", "", remedy)])
    whole = scenario.customers.assign(site=scenario.sites)
    parts = pd.concat([_part(whole, line, scenario.line_mix[line], least_visits) for line in scenario.lines])
    history, order_lines = _split_orders(scenario)
    order = [c + "|" + line for c in scenario.customers.index for line in scenario.lines]
    return scenario.replace(
        customers=parts.loc[order],
        history=history,
        order_lines=order_lines,
        travel_times=_ways_to_parts(scenario),
        opportunities=_opportunities_of_parts(scenario),
    )


def _ways_to_parts(scenario: Scenario) -> pd.DataFrame:
    """Give every part of a customer the ways to it."""
    ways = scenario.travel_times
    parts = [ways.assign(customer=ways["customer"] + "|" + line) for line in scenario.lines]
    return pd.concat(parts, ignore_index=True)


def _opportunities_of_parts(scenario: Scenario) -> pd.DataFrame:
    """Divide every opportunity among the parts of its customer, by what the customer buys of each line."""
    table, parts = scenario.opportunities, []
    for line in scenario.lines:
        share = scenario.line_mix[line].reindex(table["customer"]).to_numpy()
        part = table.assign(customer=table["customer"] + "|" + line, amount=table["amount"] * share)
        part.index = (table.index + "|" + line).rename("opportunity")
        parts.append(part)
    return pd.concat(parts)


def _part(customers: pd.DataFrame, line: str, share: pd.Series, least_visits: float) -> pd.DataFrame:
    part = customers.copy()
    part["potential"] = customers["potential"] * share
    part["visits_per_year"] = np.maximum(np.ceil(customers["visits_per_year"] * share), least_visits)
    part["family"] = ""
    part["part_of"] = customers.index.to_series()
    part["product_line"] = line
    part.index = (customers.index + "|" + line).rename("customer")
    return part


def _split_orders(scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    lines = scenario.order_lines.copy()
    line = lines["product"].map(scenario.products["line"])
    lines["order"] = lines["order"] + "|" + line
    sums = pd.DataFrame(
        {
            "order": lines["order"],
            "whole": scenario.order_lines["order"],
            "line": line,
            "amount": lines["amount"],
        }
    )
    orders = sums.groupby("order", sort=False).agg({"whole": "first", "line": "first", "amount": "sum"})
    whole = scenario.history.loc[orders["whole"]]
    history = pd.DataFrame(
        {
            "date": whole["date"].to_numpy(),
            "customer": (whole["customer"].to_numpy() + "|" + orders["line"]).to_numpy(),
            "rep": whole["rep"].to_numpy(),
            "amount": orders["amount"].round(2).to_numpy(),
        },
        index=orders.index,
    )
    return history, lines
