"""What quotas follow: history, expected sales, potential or figures of one's own, by rep, line and period."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from optimizer.compiling.costs import expected_new_sales, expected_sales
from optimizer.compiling.workload import daily_presence, days_from, held_over_share
from scenarios import Scenario
from scenarios.estimates import amounts_by_line
from scenarios.quota_checks import lines_of
from scenarios.reps import listed


def drivers(scenario: Scenario, owner: pd.Series, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Give some drivers, each adding up to 1 where it is not 0 everywhere.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    names
        Of `scenarios.quota_checks.DRIVERS` or `drivers.csv`.

    Returns
    -------
    By name: shares, [reps, lines, periods], reps in the scenario's order.
    """
    found = {}
    for name in names:
        cells = _of_reps(scenario, owner, name)
        found[name] = cells / cells.sum() if cells.sum() > 0 else cells
    return found


def season(scenario: Scenario) -> np.ndarray:
    """Share of the year's demand in each period; quarters or months, as `quotas.periods` says. [periods]."""
    months = np.array(scenario.market.seasonality)
    return months.reshape(4, 3).sum(axis=1) if scenario.quotas.periods == "quarter" else months


def presence(scenario: Scenario) -> np.ndarray:
    """How productive each seat is in each period, 0 to 1, new reps with their ramp. [reps, periods]."""
    daily = daily_presence(scenario, ramped=True)
    return np.stack([daily[:, days].mean(axis=1) for days in _days(scenario)], axis=1)


def _days(scenario: Scenario) -> list[slice]:
    """Days of each period, counted from the first of the plan year."""
    step = 3 if scenario.quotas.periods == "quarter" else 1
    starts = [(scenario.year.month(m) - scenario.year.start).days for m in range(0, 12, step)]
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], scenario.year.days], strict=True)]


def period_shares(scenario: Scenario) -> np.ndarray:
    """Share of a rep's year in each period: season x time the seat is filled, ramped; rows add up to 1.

    Returns
    -------
    [reps, periods]. A rep who is never there keeps the season.
    """
    share = presence(scenario) * season(scenario)
    share[share.sum(axis=1) == 0] = season(scenario)
    found: np.ndarray = share / share.sum(axis=1, keepdims=True)
    return found


def entitled(scenario: Scenario) -> np.ndarray:
    """Say who may be asked for what line. [reps, lines], bool."""
    lines = lines_of(scenario)
    if not scenario.quotas.entitled_by_skills:
        return np.ones((len(scenario.reps), len(lines)), dtype=bool)
    skills = [listed(cell) for cell in scenario.reps["skills"]]
    return np.array([[not own or line in own for line in lines] for own in skills])


def last_year(scenario: Scenario) -> pd.DataFrame:
    """Sales of the twelve months before the plan year, customers x lines, money, without windfalls."""
    recent = scenario.history["date"] >= pd.Timestamp(scenario.year.month(-12))
    return _sales(scenario, scenario.history[recent], _kept(scenario))


def sold_last_year(scenario: Scenario, owner: pd.Series) -> np.ndarray:
    """Sales of the twelve months before the plan year by who is to serve; money, [reps, lines, periods].

    All of a customer's sales count, windfalls, too, and those of the time before its rep starts. Within the
    year they follow the season.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    """
    recent = scenario.history["date"] >= pd.Timestamp(scenario.year.month(-12))
    orders = scenario.history[recent]
    by_customer = _sales(scenario, orders, pd.Series(1.0, index=orders.index)).clip(lower=0)
    lines = list(lines_of(scenario))
    rep = scenario.reps.index.get_indexer(pd.Index(owner.reindex(by_customer.index).fillna("")))
    yearly = np.zeros((len(scenario.reps), len(lines)))
    np.add.at(yearly, rep[rep >= 0], by_customer[lines].to_numpy()[rep >= 0])
    found: np.ndarray = yearly[:, :, None] * season(scenario)
    return found


def windfalls(scenario: Scenario) -> pd.DataFrame:
    """List orders of the last year that count as windfalls: order, customer, amount, left out (money)."""
    recent = scenario.history[scenario.history["date"] >= pd.Timestamp(scenario.year.month(-12))]
    out = recent["amount"] - recent["amount"] * _kept(scenario).reindex(recent.index)
    table = recent.loc[out > 0, ["customer", "amount"]].assign(left_out=out[out > 0])
    return table.reset_index(names="order")


def served(scenario: Scenario, owner: pd.Series, amount: pd.Series) -> pd.Series:
    """Add up customers' yearly amounts over the reps who serve, each for its time, new reps with their ramp.

    A customer that goes to a rep who starts later counts for today's owner until then.
    """
    served = owner[owner != ""].index
    to, yearly = owner[served].to_numpy(), amount[served]
    share = pd.Series(daily_presence(scenario, ramped=True).mean(axis=1), index=scenario.reps.index)
    own = (yearly * share[to].to_numpy()).groupby(to).sum()
    before = held_over_share(scenario).to_numpy()
    rows, columns = amount.index.get_indexer(served), scenario.reps.index.get_indexer(pd.Index(to))
    held = (yearly * before[rows, columns]).groupby(scenario.customers.loc[served, "owner"].to_numpy()).sum()
    return own.add(held, fill_value=0.0).reindex(scenario.reps.index, fill_value=0.0)


def _of_reps(scenario: Scenario, owner: pd.Series, name: str) -> np.ndarray:
    """Give a driver's amounts of the plan year, [reps, lines, periods]."""
    lines = list(lines_of(scenario))
    there = (presence(scenario) * season(scenario))[:, None, :]
    if name == "equal":
        return np.ones((len(scenario.reps), len(lines), 1)) * there
    if name in set(scenario.drivers["driver"]):
        return _own(scenario, name)[:, :, None] * there
    if name == "history":
        return served_by_period(scenario, owner, last_year(scenario).clip(lower=0))
    yearly = {
        "expected": expected_sales(scenario) + expected_new_sales(scenario),
        "potential": scenario.customers["potential"],
        "customers": pd.Series(1.0, index=scenario.customers.index),
    }[name]
    return served_by_period(scenario, owner, _mix(scenario).mul(yearly, axis=0))


def served_by_period(scenario: Scenario, owner: pd.Series, amounts: pd.DataFrame) -> np.ndarray:
    """Add up customers' yearly amounts over the reps who serve in each period, new reps with their ramp.

    A customer that goes to a rep who starts later counts for today's owner until then.

    Parameters
    ----------
    amounts
        Customers x lines.

    Returns
    -------
    [reps, lines, periods]; season included.
    """
    reps, customers = scenario.reps.index, scenario.customers
    new = reps.get_indexer(pd.Index(owner.reindex(customers.index).fillna("")))
    today = reps.get_indexer(pd.Index(customers["owner"]))
    filled = daily_presence(scenario)
    start = days_from(scenario, scenario.reps["start"], -np.inf)
    before = (np.arange(scenario.year.days)[None, :] < np.asarray(start)[:, None]).astype("float64")
    own = np.zeros((len(reps), amounts.shape[1]))
    np.add.at(own, new[new >= 0], amounts.to_numpy()[new >= 0])
    cells = own[:, :, None] * presence(scenario)[:, None, :]
    waits = (new >= 0) & (today >= 0) & (new != today)
    waits[waits] = before[new[waits]].any(axis=1)
    pairs, at = np.unique(np.stack([today[waits], new[waits]], axis=1), axis=0, return_inverse=True)
    held = np.zeros((len(pairs), amounts.shape[1]))
    np.add.at(held, at.ravel(), amounts.to_numpy()[waits])
    for period, days in enumerate(_days(scenario)):
        overlap = (filled[pairs[:, 0], days] * before[pairs[:, 1], days]).mean(axis=1)
        np.add.at(cells[:, :, period], pairs[:, 0], held * overlap[:, None])
    return cells * season(scenario)


def _own(scenario: Scenario, name: str) -> np.ndarray:
    lines, table = list(lines_of(scenario)), scenario.drivers[scenario.drivers["driver"] == name]
    found = np.zeros((len(scenario.reps), len(lines)))
    rep = scenario.reps.index.get_indexer(pd.Index(table["rep"]))
    for at, line, amount in zip(rep, table["line"], table["amount"], strict=True):
        if line == "":
            found[at] += amount / len(lines)
        else:
            found[at, lines.index(line)] += amount
    return found


def _mix(scenario: Scenario) -> pd.DataFrame:
    """Shares of each customer's purchases by what quotas are split by, customers x lines."""
    lines = list(lines_of(scenario))
    if scenario.quotas.lines == "product_line":
        return scenario.line_mix[lines]
    if scenario.quotas.lines == "segment":
        segment = scenario.customers["segment"]
        return pd.DataFrame({line: (segment == line).astype("float64") for line in lines})
    return pd.DataFrame({"": 1.0}, index=scenario.customers.index)


def _sales(scenario: Scenario, orders: pd.DataFrame, kept: pd.Series) -> pd.DataFrame:
    """Add up orders by customer and line; where lines of orders are not known, by the customer's mix."""
    lines = list(lines_of(scenario))
    amounts = orders["amount"] * kept.reindex(orders.index)
    if scenario.quotas.lines == "product_line" and len(scenario.order_lines):
        held = amounts_by_line(scenario.order_lines, scenario.products)
        held = held[held["order"].isin(orders.index)]
        weighted = held["amount"] * kept.reindex(held["order"]).to_numpy()
        customer = orders["customer"].reindex(held["order"]).to_numpy()
        table = pd.DataFrame({"customer": customer, "line": held["line"], "amount": weighted})
        sums = table.pivot_table(index="customer", columns="line", values="amount", aggfunc="sum")
        return sums.reindex(index=scenario.customers.index, columns=lines, fill_value=0.0).fillna(0.0)
    whole = amounts.groupby(orders["customer"]).sum().reindex(scenario.customers.index, fill_value=0.0)
    return _mix(scenario).mul(whole, axis=0)


def _kept(scenario: Scenario) -> pd.Series:
    """Share of each order that stays in history, by the rule about windfalls."""
    amount, rule = scenario.history["amount"], scenario.quotas.windfall
    share = pd.Series(1.0, index=scenario.history.index)
    if rule is None or amount.empty:
        return share
    limit = rule.above if rule.above is not None else (rule.times or 0.0) * float(amount.median())
    large = amount > limit
    share[large] = limit / amount[large] if rule.keep == "limit" else 0.0
    return share
