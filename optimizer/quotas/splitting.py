"""Decide who is asked for what: the yearly target split over reps and quarters, sums exact."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optimizer.costs import expected_new_sales, expected_sales
from optimizer.evenness import most_even_loads
from optimizer.workload import daily_presence, held_over_share, ramped_presence
from scenarios import NoPlanExists, Scenario


def split_target(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Split the company's target into quotas.

    The baseline of a rep is the blend of last year's sales and of sales expected of the rep's customers and
    their new neighbors, prorated for the time the seat is filled and for ramp. Nobody is asked for relatively
    more than needed: the largest ratio quota / baseline is made as small as floors, ceilings and the
    target allow, then the next largest, and so on. Quarters follow season and the time the seat is filled.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.

    Returns
    -------
    Money, reps x Q1..Q4, multiples of the rounding unit that add up to the target.

    Raises
    ------
    NoPlanExists
        If floors or ceilings leave no room for the target.
    """
    units = round(scenario.target_amount / scenario.target.rounding_unit)
    base, last_year = baseline(scenario, owner)
    lower, upper = limits(scenario, base, last_year)
    _refuse_limits_without_room(scenario.target_amount, lower, upper, list(base.index))
    target, anybody = np.array([scenario.target_amount]), np.ones((1, len(base)), dtype=bool)
    yearly = most_even_loads(target, anybody, base.to_numpy(), lower, upper)
    whole = round_to_sum(yearly, units)
    season = quarter_shares(scenario).to_numpy()
    cells = np.stack([round_to_sum(s, int(w)) for s, w in zip(season, whole, strict=True)])
    names = [q.name for q in scenario.year.quarters]
    return pd.DataFrame(
        cells * scenario.target.rounding_unit, index=scenario.reps.index, columns=names, dtype="float64"
    )


def baseline(scenario: Scenario, owner: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Give each rep's baseline, scaled to add up to the target, and last year's sales of the book; money.

    Both for the time the rep serves: a customer that goes to a rep who starts later counts for today's owner
    until then.
    """
    last_year = _served(scenario, owner, scenario.last_year_sales.clip(lower=0))
    expected = _served(scenario, owner, expected_sales(scenario) + expected_new_sales(scenario))
    weight = scenario.quotas.history_weight if last_year.sum() > 0 else 0.0
    blend = weight * _to_one(last_year) + (1 - weight) * _to_one(expected)
    if blend.sum() == 0:
        reason = "quotas: no rep has customers with sales or potential, so nobody can be asked for the target"
        raise NoPlanExists([reason])
    return _to_one(blend) * scenario.target_amount, last_year


def limits(scenario: Scenario, base: pd.Series, last_year: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give the least and largest yearly quota of each rep, money, in whole rounding units.

    Parameters
    ----------
    base, last_year
        As of `baseline`. One whose base is 0 is asked for nothing.
    """
    asked, sales = (base > 0).to_numpy(), last_year.to_numpy()
    unit, floor, ceiling = (
        scenario.target.rounding_unit,
        scenario.quotas.floor or 0.0,
        scenario.quotas.ceiling,
    )
    lower = np.ceil(sales * (floor or 0.0) / unit - 1e-9) * unit
    upper = np.full(len(base), np.inf)
    if ceiling is not None:
        upper = np.where(sales > 0, np.floor(sales * ceiling / unit + 1e-9) * unit, np.inf)
    return np.where(asked, lower, 0.0), np.where(asked, upper, 0.0)


def quarter_shares(scenario: Scenario) -> pd.DataFrame:
    """Share of a rep's year in each quarter: season x time the seat is filled, ramped; rows add up to 1."""
    season = np.array(scenario.market.seasonality).reshape(4, 3).sum(axis=1)
    share = ramped_presence(scenario) * season
    share.loc[share.sum(axis=1) == 0] = season
    return share.div(share.sum(axis=1), axis=0)


def round_to_sum(amounts_: np.ndarray, total: int) -> np.ndarray:
    """Round proportions to whole units that add up to a total, by largest remainder (Hamilton's method).

    Parameters
    ----------
    amounts_
        Non-negative, not all 0; only their ratios matter.
    total
        Units to hand out.

    Raises
    ------
    ValueError
        If all amounts are 0.
    """
    if not np.sum(amounts_) > 0:
        raise ValueError("there is nothing to round in proportion to")
    exact = np.asarray(amounts_, dtype="float64") * (total / np.sum(amounts_))
    whole = np.floor(exact).astype("int64")
    left = total - int(whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:left]] += 1
    return whole


def _to_one(parts: pd.Series) -> pd.Series:
    return parts / parts.sum() if parts.sum() > 0 else parts * 0.0


def _served(scenario: Scenario, owner: pd.Series, amount: pd.Series) -> pd.Series:
    """Add up yearly amounts over the reps who serve, each for its time, new reps with their ramp."""
    served = owner[owner != ""].index
    to, yearly = owner[served].to_numpy(), amount[served]
    share = pd.Series(daily_presence(scenario, ramped=True).mean(axis=1), index=scenario.reps.index)
    own = (yearly * share[to].to_numpy()).groupby(to).sum()
    before = held_over_share(scenario).to_numpy()
    rows, columns = amount.index.get_indexer(served), scenario.reps.index.get_indexer(pd.Index(to))
    held = (yearly * before[rows, columns]).groupby(scenario.customers.loc[served, "owner"].to_numpy()).sum()
    return own.add(held, fill_value=0.0).reindex(scenario.reps.index, fill_value=0.0)


def _refuse_limits_without_room(
    total: float, lower: np.ndarray, upper: np.ndarray, names: Sequence[str]
) -> None:
    reasons = [
        f"quotas: the floor of rep {name} ({lo:,.0f}) is above the ceiling ({hi:,.0f})"
        for name, lo, hi in zip(names, lower, upper, strict=True)
        if lo > hi
    ]
    if lower.sum() > total:
        reasons.append(f"quotas: the floors add up to {lower.sum():,.0f}, the target is {total:,.0f}")
    if upper.sum() < total:
        reasons.append(f"quotas: the ceilings add up to {upper.sum():,.0f}, the target is {total:,.0f}")
    if reasons:
        raise NoPlanExists(reasons)
