"""Where demand comes from: streams of opportunities by customer and product line, and those of newcomers."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios import Scenario
from simulation.luck.keyed import Ids, stable_ids

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Streams:
    """Streams of opportunities in order of customers; all arrays have one entry a stream.

    Parameters
    ----------
    ids
        Stable ids. They name the whole customer and the line, so that splitting customers by line keeps their
        luck.
    customer, line
        Positions of the customer and of the product line.
    yearly
        Opportunities a year under normal service, before growth, season and shocks.
    amount
        Mean amount of a won one, money.
    growth
        Factor on demand: 1 + the market's growth for customers, 1 for newcomers.
    is_new
        Whether these are prospects near the customer, not the customer.
    """

    ids: Ids
    customer: Positions
    line: Positions
    yearly: Numbers
    amount: Numbers
    growth: Numbers
    is_new: Flags


def streams_of(scenario: Scenario) -> Streams:
    """Divide the demand of a scenario into streams.

    A customer has potential x share of the line / (order amount x win rate) opportunities a year in a line.
    Newcomers arise evenly near all whole customers, with that customer's mix of lines; all a newcomer buys in
    its first year is one opportunity.
    """
    market, lines = scenario.market, scenario.lines
    whole = wholes(scenario)
    bought = _potential_by_line(scenario)
    amounts = np.array([market.order_values[line] for line in lines])
    per_neighbor = market.new_customers_per_year / whole.nunique()
    names = [[f"{name}|{line}" for line in lines] for name in whole]
    customers = _streams(names, bought / amounts, amounts, market.win_rate, is_new=False)
    newcomers = _streams(
        [[f"{name}|newcomer" for name in row] for row in names],
        _shares_of_the_whole(bought, whole) * per_neighbor,
        np.full(len(lines), market.new_customer_value),
        market.win_rate,
        is_new=True,
    )
    customers = dataclasses.replace(customers, growth=customers.growth * (1 + market.growth))
    fields = [f.name for f in dataclasses.fields(Streams)]
    both = [np.concatenate([getattr(customers, f), getattr(newcomers, f)]) for f in fields]
    order = np.argsort(both[fields.index("customer")], kind="stable")
    return Streams(*(column[order] for column in both))


def wholes(scenario: Scenario) -> pd.Series:
    """Name the whole customer each is a part of, or itself."""
    own = scenario.customers.index.to_series()
    return scenario.customers["part_of"].where(scenario.customers["part_of"] != "", own)


def _potential_by_line(scenario: Scenario) -> Numbers:
    shares = scenario.line_mix[list(scenario.lines)].to_numpy(dtype="float64")
    bought: Numbers = shares * scenario.customers["potential"].to_numpy(dtype="float64")[:, None]
    return bought


def _shares_of_the_whole(bought: Numbers, whole: pd.Series) -> Numbers:
    """Give each customer's and line's share in the potential of the whole; even where it has none."""
    code, names = pd.factorize(whole)
    total = np.bincount(code, weights=bought.sum(axis=1), minlength=len(names))[code, None]
    entries = np.bincount(code, minlength=len(names))[code, None] * bought.shape[1]
    even = np.broadcast_to(1.0 / entries, bought.shape).copy()
    return np.divide(bought, total, out=even, where=total > 0)


def _streams(
    names: list[list[str]], won: Numbers, amounts: Numbers, win_rate: float, *, is_new: bool
) -> Streams:
    customer, line = np.nonzero(won * amounts > 0)
    return Streams(
        ids=stable_ids(names[c][k] for c, k in zip(customer, line, strict=True)),
        customer=customer,
        line=line,
        yearly=won[customer, line] / win_rate,
        amount=amounts[line],
        growth=np.ones(len(line)),
        is_new=np.full(len(line), is_new),
    )
