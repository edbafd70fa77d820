"""What the past says about the market: mix of lines, seasons, order amounts, new customers, noise.

Pure functions of tables; `before` is the first day of the plan year, and nothing from that day on enters.
What a customer may buy a year stands in `potential.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

MONTHS = 12


@dataclass(frozen=True)
class NewCustomers:
    """Customers that bought for the first time.

    Parameters
    ----------
    per_year
        Their number a year.
    first_year_amount
        Mean sales to one of them in the plan-year-long year of its first order, money. The year is mostly
        begun when the first order comes, so this is less than a full year's sales.
    """

    per_year: float
    first_year_amount: float


def line_mix(
    customers: pd.DataFrame, history: pd.DataFrame, order_lines: pd.DataFrame, products: pd.DataFrame
) -> pd.DataFrame:
    """Estimate how a customer's purchases divide among product lines.

    A customer's own shares x are drawn towards the mix p of its segment: share = w x + (1 - w) p with
    w = n / (n + k). n = (sum a)^2 / sum a^2 is the number of equally large order lines that tell as much as
    the customer's unequal ones (Kish's effective sample size). k comes from the data: if true mixes scatter
    around p as a Dirichlet law does, then E[sum (x - p)^2] / (1 - sum p^2) = r + (1 - r) / n with r = 1 / (1
    + k) (the intraclass correlation of Dirichlet-multinomial sampling), and r is found by equating both sides
    summed over customers. Where customers of a segment differ no more than chance makes them, r = 0 and all
    have the segment's mix.

    Parameters
    ----------
    customers, history, order_lines, products
        Tables of a scenario; the history ends before the plan year.

    Returns
    -------
    Shares >= 0, customers x lines in alphabetical order, rows add up to 1. One column "" where there are no
    lines. A part of a split customer has 1 on its own line.
    """
    lines = sorted(products["line"].unique())
    if not lines:
        return pd.DataFrame({"": 1.0}, index=customers.index)
    bought = _purchases_by_line(history, order_lines, products)
    amounts = bought.pivot_table(index="customer", columns="line", values="amount", aggfunc="sum")
    amounts = amounts.reindex(index=customers.index, columns=lines).fillna(0.0)
    squares = (bought["amount"] ** 2).groupby(bought["customer"]).sum().reindex(customers.index).fillna(0.0)
    total = amounts.sum(axis=1)
    told = (total**2 / squares.where(squares > 0, np.inf)).to_numpy()
    mix = _mix_of_segments(amounts, customers["segment"])
    own = amounts.div(total.where(total > 0, 1.0), axis=0).where(total > 0, mix)
    whole = (customers["product_line"] == "").to_numpy()
    scatter = _scatter_of_mixes(own[whole].to_numpy(), mix[whole].to_numpy(), told[whole])
    weight = scatter * told / np.maximum(scatter * told + (1 - scatter), 1e-300)
    shares = own.mul(weight, axis=0) + mix.mul(1 - weight, axis=0)
    return _parts_buy_their_line_only(shares, customers["product_line"])


def _purchases_by_line(
    history: pd.DataFrame, order_lines: pd.DataFrame, products: pd.DataFrame
) -> pd.DataFrame:
    """List what each order holds of each line: customer, line, amount > 0."""
    held = amounts_by_line(order_lines, products)
    held["customer"] = held["order"].map(history["customer"])
    return held[(held["amount"] > 0) & held["customer"].notna()]


def amounts_by_line(order_lines: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Add up the lines of each order by product line: order, line, amount."""
    held = pd.DataFrame(
        {
            "order": order_lines["order"],
            "line": order_lines["product"].map(products["line"]),
            "amount": order_lines["amount"],
        }
    )
    return held.groupby(["order", "line"], sort=True).agg({"amount": "sum"}).reset_index()


def _mix_of_segments(amounts: pd.DataFrame, segments: pd.Series) -> pd.DataFrame:
    whole = amounts.sum()
    everyone = whole / whole.sum() if whole.sum() > 0 else whole * 0 + 1 / len(whole)
    sums = amounts.groupby(segments).sum()
    mixes = sums.div(sums.sum(axis=1).where(sums.sum(axis=1) > 0), axis=0).fillna(everyone)
    return pd.DataFrame(
        mixes.loc[segments].to_numpy(), index=amounts.index, columns=amounts.columns, dtype="float64"
    )


def _scatter_of_mixes(own: np.ndarray, mix: np.ndarray, told: np.ndarray) -> float:
    """Give r, from 0 (all customers of a segment buy alike) to 1 (each buys one line)."""
    several = told > 1 + 1e-9
    room = 1 - (mix[several] ** 2).sum(axis=1)
    if not several.any() or (room <= 0).any():
        return 0.0
    apart = ((own[several] - mix[several]) ** 2).sum(axis=1) / room
    chance = 1 / told[several]
    return float(np.clip((apart - chance).sum() / (1 - chance).sum(), 0.0, 1.0))


def _parts_buy_their_line_only(shares: pd.DataFrame, product_line: pd.Series) -> pd.DataFrame:
    parts = product_line != ""
    for line in shares.columns:
        shares.loc[parts, line] = (product_line[parts] == line).astype("float64")
    return shares


def seasonality(history: pd.DataFrame, before: date) -> tuple[float, ...]:
    """Estimate the share of a year's sales that falls in each month of the plan year.

    Observed shares are drawn towards even ones as far as chance explains their scatter: with sales S_m a
    month and S in all, chance alone gives E[sum (S_m - S/12)^2] = q S 11/12, where q = sum a^2 / sum a over
    orders (a compound Poisson sum has variance q times its mean); so weight = 1 - q S (11/12) / sum (S_m -
    S/12)^2, at least 0 (James and Stein's estimator).

    Returns
    -------
    Twelve shares, the first for the month in which the plan year begins; they add up to 1.
    """
    past = _before(history, before)
    amounts = past["amount"].clip(lower=0.0)
    total = float(amounts.sum())
    if total <= 0:
        return (1 / MONTHS,) * MONTHS
    month = (past["date"].dt.month - before.month) % MONTHS
    sales = amounts.groupby(month).sum().reindex(range(MONTHS), fill_value=0.0).to_numpy()
    scatter = ((sales - total / MONTHS) ** 2).sum()
    chance = float((amounts**2).sum()) * (1 - 1 / MONTHS)
    weight = max(0.0, 1 - chance / scatter) if scatter > 0 else 0.0
    shares = weight * sales / total + (1 - weight) / MONTHS
    return tuple(float(s) for s in shares / shares.sum())


def order_values(
    history: pd.DataFrame, order_lines: pd.DataFrame, products: pd.DataFrame, before: date
) -> dict[str, float]:
    """Give the mean amount that an order holds of each line in it, money; key "" without lines.

    Orders and not single rows of an order are counted: a rep sells a customer a line's worth of goods at
    once.
    """
    return {
        str(k): float(v)
        for k, v in _amounts_won(history, order_lines, products, before).groupby(level=0).mean().items()
    }


def order_value_cv(
    history: pd.DataFrame, order_lines: pd.DataFrame, products: pd.DataFrame, before: date
) -> float:
    """Give the coefficient of variation that all lines have in common.

    With means m_l of n_l amounts a, the one c for which sum n_l m_l^2 (1 + c^2) = sum a^2: so the variance of
    total sales, which is that of a compound Poisson sum, comes out right.
    """
    amounts = _amounts_won(history, order_lines, products, before)
    if amounts.empty:
        return 0.0
    means = amounts.groupby(level=0).transform("mean")
    return float(np.sqrt(max(0.0, (amounts**2).sum() / (means**2).sum() - 1)))


def _amounts_won(
    history: pd.DataFrame, order_lines: pd.DataFrame, products: pd.DataFrame, before: date
) -> pd.Series:
    past = _before(history, before)
    if products.empty:
        amounts = past["amount"][past["amount"] > 0]
        return pd.Series(amounts.to_numpy(), index=[""] * len(amounts))
    held = _purchases_by_line(past, order_lines[order_lines["order"].isin(past.index)], products)
    return held.set_index("line")["amount"]


def new_customers(history: pd.DataFrame, before: date) -> NewCustomers:
    """Count customers that bought for the first time, and what they bought in that year.

    Years are counted back from the plan year. The first year of the history says nothing, since everybody is
    new in it; the others are averaged.
    """
    past = _before(history, before)
    year = years_back(past["date"], before)
    first = year.groupby(past["customer"]).transform("max")
    oldest = int(year.max()) if len(year) else 0
    if oldest < 2:
        return NewCustomers(0.0, 0.0)
    fresh = past[(year == first) & (first < oldest)]
    number = fresh["customer"].nunique()
    amount = float(fresh["amount"].sum()) / number if number else 0.0
    return NewCustomers(number / (oldest - 1), amount)


def yearly_noise(history: pd.DataFrame, before: date) -> float:
    """Estimate the standard deviation of the logarithm of the year's market level.

    Yearly sales S_y are compared with their log-linear trend. From the variance of the residuals (n - 2
    degrees of freedom) the part is taken that single orders cause anyway, the mean of sum a^2 / S_y^2, since
    the simulation draws orders one by one.

    Returns
    -------
    The standard deviation, at least 0; nan with less than three years.
    """
    past = _before(history, before)
    yearly = past["amount"].groupby(years_back(past["date"], before)).sum()
    if len(yearly) < 3:
        return float("nan")
    squares = (past["amount"] ** 2).groupby(years_back(past["date"], before)).sum()
    logs = np.log(yearly.to_numpy())
    ago = yearly.index.to_numpy(dtype="float64")
    residuals = logs - np.polyval(np.polyfit(ago, logs, 1), ago)
    variance = (residuals**2).sum() / (len(yearly) - 2)
    return float(np.sqrt(max(0.0, variance - (squares / yearly**2).mean())))


def years_back(dates: pd.Series, before: date) -> pd.Series:
    """Count the years from each date to the plan year: 1 for the last twelve months, 2 for those before."""
    months = (before.year - dates.dt.year) * MONTHS + before.month - dates.dt.month
    return ((months - 1) // MONTHS + 1).astype("int64")


def rounded(shares: Mapping[str, float] | tuple[float, ...], digits: int) -> tuple[float, ...]:
    """Round shares that add up to 1 so that they still do; the largest takes the remainder."""
    values = list(shares.values()) if isinstance(shares, Mapping) else list(shares)
    made = [round(v, digits) for v in values]
    largest = made.index(max(made))
    made[largest] = round(1 - sum(v for i, v in enumerate(made) if i != largest), digits)
    return tuple(made)


def _before(history: pd.DataFrame, before: date) -> pd.DataFrame:
    return history[history["date"] < pd.Timestamp(before)]
