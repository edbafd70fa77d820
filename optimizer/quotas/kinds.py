"""Quotas of other kinds beside bookings: money to be collected, and customers to be won."""

import numpy as np
import pandas as pd

from optimizer.compiling.costs import expected_new_sales, expected_sales
from optimizer.quotas.cube import Cube
from optimizer.quotas.drivers import period_shares, served
from optimizer.quotas.whole import largest_remainder
from scenarios import Scenario
from scenarios.open_orders import open_orders


def collections(scenario: Scenario, owner: pd.Series, cube: Cube) -> pd.DataFrame:
    """Give what each rep is to collect in each period if quotas are booked and customers pay as they use to.

    A booking of any day of a period is invoiced `market.delivery_days` later and paid after the customer's
    terms and an exponential delay of mean `market.late_days`; `market.bad_debt` of it never is. Orders before
    the plan year that are still to be paid then (`scenarios.open_orders`) count for who serves the customer
    now; returns are taken off what else a rep collects of them.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    cube
        Quotas of bookings, the base layer.

    Returns
    -------
    Money, multiples of the rounding unit, reps x (leaf periods, `later`: due after the year).
    """
    edges = _edges(scenario)
    names = [cube.periods.names[k] for k in cube.periods.leaves]
    bookings = pd.DataFrame(
        cube.amounts.sum(axis=1), [cube.people.paths[k][-1] for k in cube.people.leaves], names
    ).loc[scenario.reps.index]
    terms, weight = _terms(scenario, owner)
    paid = np.zeros((len(bookings), len(names) + 1))
    for days, share in zip(terms, weight.T, strict=True):
        paid += (bookings.to_numpy() * share[:, None]) @ _paid_in(edges, days, scenario.market.late_days)
    paid *= 1 - scenario.market.bad_debt
    paid += _still_open(scenario, owner, edges)
    table = pd.DataFrame(paid, index=scenario.reps.index, columns=[*names, "later"])
    return _whole(table, scenario.target.rounding_unit)


def new_customers(scenario: Scenario, owner: pd.Series, cube: Cube) -> pd.DataFrame:
    """Give how many customers each rep is to win for the first time in each period; whole numbers.

    As many as usually arise (`market.new_customers_per_year`), near those a rep serves, for the time there,
    scaled as the target stands to what all are expected to sell. They follow customers, not edits of the
    quotas of bookings.
    """
    expected = float((expected_sales(scenario) + expected_new_sales(scenario)).sum())
    stretch = scenario.target_amount / expected if expected > 0 else 1.0
    near = served(scenario, owner, expected_new_sales(scenario)).to_numpy()
    share = near / near.sum() if near.sum() > 0 else near
    cells = share[:, None] * period_shares(scenario) * scenario.market.new_customers_per_year * stretch
    names = [cube.periods.names[k] for k in cube.periods.leaves]
    return _whole(pd.DataFrame(cells, index=scenario.reps.index, columns=names), 1.0)


def _whole(table: pd.DataFrame, unit: float) -> pd.DataFrame:
    """Round to whole units that add up to each rep's own whole units, and these to the whole sum."""
    cells = table.to_numpy() / unit
    yearly = cells.sum(axis=1)
    total = np.array([round(float(yearly.sum()))], dtype="float64")
    none, most = np.zeros(len(yearly)), np.full(len(yearly), np.inf)
    rows = largest_remainder(yearly, np.zeros(len(yearly), dtype=np.int64), total, none, most)
    group = np.repeat(np.arange(len(yearly)), cells.shape[1])
    none, most = np.zeros(cells.size), np.full(cells.size, np.inf)
    whole = largest_remainder(cells.ravel(), group, rows.astype("float64"), none, most)
    return pd.DataFrame(whole.reshape(cells.shape) * unit, index=table.index, columns=table.columns)


def _edges(scenario: Scenario) -> np.ndarray:
    """First day of each leaf period and the day after the year, counted from the first. [periods + 1]."""
    step = 3 if scenario.quotas.periods == "quarter" else 1
    starts = [(scenario.year.month(m) - scenario.year.start).days for m in range(0, 12, step)]
    return np.array([*starts, scenario.year.days], dtype="float64")


def _terms(scenario: Scenario, owner: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Delays from booking to the day due, and each rep's share of sales with each. [reps, delays]."""
    days = scenario.customers["payment_days"] + scenario.market.delivery_days
    terms = np.sort(days.unique())
    sales = expected_sales(scenario)
    by_rep = np.stack(
        [served(scenario, owner, sales.where(days == due, 0.0)).to_numpy() for due in terms], axis=1
    )
    usual = np.array([sales[days == due].sum() for due in terms])
    usual = usual / usual.sum() if usual.sum() > 0 else np.full(len(terms), 1 / len(terms))
    sums = by_rep.sum(axis=1, keepdims=True)
    return terms, np.where(sums > 0, by_rep / np.where(sums > 0, sums, 1.0), usual)


def _paid_in(edges: np.ndarray, due: float, late: float) -> np.ndarray:
    """Share of a period's bookings that is paid in each period and later. [periods, periods + 1]."""
    begin, end = edges[:-1, None], edges[1:, None]
    until = (_integral(edges - due - begin, late) - _integral(edges - due - end, late)) / (end - begin)
    return np.diff(np.concatenate([until, np.ones((len(until), 1))], axis=1), axis=1)


def _integral(days: np.ndarray, late: float) -> np.ndarray:
    """Integral of the law of an exponential delay from 0 to some days; 0 before."""
    positive = np.maximum(days, 0.0)
    if late == 0:
        return positive
    found: np.ndarray = positive - late * -np.expm1(-positive / late)
    return found


def _still_open(scenario: Scenario, owner: pd.Series, edges: np.ndarray) -> np.ndarray:
    """What orders before the plan year bring in it, by rep. [reps, periods + 1]."""
    orders = open_orders(scenario)
    late = edges[None, :] - orders["due"].to_numpy()[:, None]
    mean = orders["late_days"].to_numpy()[:, None]
    law = np.where(mean > 0, -np.expm1(-np.maximum(late, 0.0) / np.where(mean > 0, mean, 1.0)), late > 0)
    known = orders["paid"].notna().to_numpy()
    law[known] = edges[None, :] > orders["paid"].to_numpy()[known, None]
    share = np.diff(np.concatenate([law, np.ones((len(law), 1))], axis=1), axis=1)
    money = (orders["amount"] * (1 - orders["bad_debt"])).to_numpy()[:, None] * share
    rep = scenario.reps.index.get_indexer(pd.Index(owner.reindex(orders["customer"]).fillna("")))
    found = np.zeros((len(scenario.reps), len(edges)))
    np.add.at(found, rep[rep >= 0], money[rep >= 0])
    return np.maximum(found, 0.0)
