"""Other organizations of the sales force: customers split into parts for specialists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from scenarios.errors import InputError, Problem
from scenarios.filters import fits
from scenarios.rule_checks import problems_of_where
from scenarios.settings import Settings, Where

if TYPE_CHECKING:
    from scenarios.scenario import Scenario


class Structure(Settings):
    """`[structure]`: how the sales force is organized, beside what eligibility says."""

    split_by: Literal["", "product_line"] = Field(
        "",
        description="product_line: customers become one part for each line, for specialists; empty: whole",
    )
    split_where: Where = Field(
        {}, description='Customers that are split, by their columns, e.g. { tier = ["A"] }; empty: all'
    )
    least_visits: float = Field(
        0.0,
        ge=0,
        description="Least visits a year to each part; a part's share of the visits is rounded up",
    )


def as_organized(scenario: Scenario) -> Scenario:
    """Split the customers that `[structure]` says are split and are whole as yet."""
    asked = scenario.structure
    if not asked.split_by:
        return scenario
    return split_by_line(scenario, asked.least_visits, asked.split_where)


def split_by_line(
    scenario: Scenario, least_visits: float = 0.0, where: Mapping[str, tuple[str, ...]] | None = None
) -> Scenario:
    """Split whole customers into one part for each product line.

    A part has the line's share of potential, calls for service and credit; its visits are the line's share,
    rounded up and at least `least_visits`, since a specialist cannot make half a visit. Orders are split by
    their lines. Parts share the site, so that visits of several specialists to one place can be counted.

    Parameters
    ----------
    least_visits
        Least visits a year to each part.
    where
        Which customers, by their columns; none given: all.

    Raises
    ------
    InputError
        If a column is not there, or customers have orders but there are no order lines.
    """
    problems = _problems_of_split(scenario, where or {}, "split, where")
    if problems:
        raise InputError(problems)
    customers = scenario.customers
    meant = _meant(scenario, where or {})
    if not meant.any():
        return scenario
    split = customers.index[meant]
    whole = customers.loc[split].assign(
        site=scenario.sites[split], service_calls_per_year=_calls(scenario, split)
    )
    mix = scenario.line_mix.loc[split]
    parts = pd.concat(
        [customers[~meant], *(_part(whole, line, mix[line], least_visits) for line in scenario.lines)]
    )
    history, order_lines = _split_orders(scenario, split)
    order = [
        name
        for customer, splits in zip(customers.index, meant, strict=True)
        for name in ([f"{customer}|{line}" for line in scenario.lines] if splits else [customer])
    ]
    return scenario.replace(
        customers=parts.loc[order],
        history=history,
        order_lines=order_lines,
        travel_times=_of_every_part(scenario, scenario.travel_times, split),
        moves=_of_every_part(scenario, scenario.moves, split),
        opportunities=_opportunities_of_parts(scenario, split),
    )


def problems_of_structure(scenario: Scenario) -> list[Problem]:
    """List what does not fit in `[structure]`, before customers are split."""
    asked = scenario.structure
    if not asked.split_by:
        return []
    return _problems_of_split(scenario, asked.split_where, "scenario.toml, structure.split_where")


def _problems_of_split(scenario: Scenario, where: Mapping[str, tuple[str, ...]], place: str) -> list[Problem]:
    problems = problems_of_where(scenario.customers, "customers.csv", where, place)
    if problems or not scenario.order_lines.empty:
        return problems
    split = scenario.customers.index[_meant(scenario, where)]
    if not scenario.history["customer"].isin(split).any():
        return []
    remedy = "splitting customers by product line needs to know what orders held; add the file"
    return [Problem("order_lines.csv", "no rows", remedy)]


def _meant(scenario: Scenario, where: Mapping[str, tuple[str, ...]]) -> np.ndarray:
    """Say which customers are split: whole ones that fit, where there are lines to split them by."""
    fit = fits(scenario.customers, where) & (scenario.customers["part_of"] == "").to_numpy()
    return fit & (scenario.lines != ("",))


def _of_every_part(scenario: Scenario, table: pd.DataFrame, split: pd.Index) -> pd.DataFrame:
    """Repeat the rows of split customers for every part: the ways to it, and when it changes hands."""
    of_split = table["customer"].isin(split)
    mine = table[of_split]
    parts = [mine.assign(customer=mine["customer"] + "|" + line) for line in scenario.lines]
    return pd.concat([table[~of_split], *parts], ignore_index=True)


def _opportunities_of_parts(scenario: Scenario, split: pd.Index) -> pd.DataFrame:
    """Divide opportunities of split customers among the parts, by what the customer buys of each line."""
    of_split = scenario.opportunities["customer"].isin(split)
    table, parts = scenario.opportunities[of_split], [scenario.opportunities[~of_split]]
    for line in scenario.lines:
        share = scenario.line_mix[line].reindex(table["customer"]).to_numpy()
        part = table.assign(customer=table["customer"] + "|" + line, amount=table["amount"] * share)
        part.index = (table.index + "|" + line).rename("opportunity")
        parts.append(part)
    return pd.concat(parts)


def _calls(scenario: Scenario, split: pd.Index) -> pd.Series:
    """Give whole customers' calls for service a year, which their parts share; empty where nobody calls."""
    usual = scenario.market.service.calls_per_year
    calls = scenario.customers.loc[split, "service_calls_per_year"]
    return calls.fillna(usual) if usual else calls


def _part(customers: pd.DataFrame, line: str, share: pd.Series, least_visits: float) -> pd.DataFrame:
    part = customers.copy()
    part["potential"] = customers["potential"] * share
    part["visits_per_year"] = np.maximum(np.ceil(customers["visits_per_year"] * share), least_visits)
    part["service_calls_per_year"] = customers["service_calls_per_year"] * share
    part["credit_limit"] = customers["credit_limit"] * share
    part["family"] = ""
    part["part_of"] = customers.index.to_series()
    part["product_line"] = line
    part.index = (customers.index + "|" + line).rename("customer")
    return part


def _split_orders(scenario: Scenario, split: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the orders of some customers by line; others stay as they are."""
    of_split = scenario.history["customer"].isin(split)
    divided = scenario.order_lines["order"].isin(scenario.history.index[of_split])
    lines = scenario.order_lines[divided].copy()
    line = lines["product"].map(scenario.products["line"])
    lines["order"] = lines["order"] + "|" + line
    sums = pd.DataFrame(
        {
            "order": lines["order"],
            "whole": scenario.order_lines["order"][divided],
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
            "paid": whole["paid"].to_numpy(),
        },
        index=orders.index,
    )
    if of_split.all():
        return history, lines
    kept = scenario.history[~of_split]
    kept_lines = scenario.order_lines[~divided]
    together = pd.concat([kept, history[kept.columns]])
    return together.rename_axis("order"), pd.concat([kept_lines, lines], ignore_index=True)
