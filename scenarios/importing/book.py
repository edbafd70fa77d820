"""How today's book came about where the source does not say: dealt once, then only added to."""

import numpy as np
import pandas as pd

from scenarios.distance import great_circle_km

FIRST_STEP_KM, LAST_STEP_KM = 200.0, 0.5
"""Largest and smallest change of a handicap for a book twice its even share."""


def dealt_by_nearest_home(customers: pd.DataFrame, reps: pd.DataFrame, sales: pd.Series) -> pd.Series:
    """Deal customers out among the reps of their region, once, by nearest home and about evenly by sales.

    Each customer goes to the rep with the least distance plus handicap, in km. Handicaps start at 0, rise for
    reps who hold more than an even share of the region's sales and fall for the others, in ever smaller
    steps; the deal in which the fullest and emptiest books were nearest to an even share stands. So books are
    compact, like a power diagram.

    Parameters
    ----------
    customers
        The customers to deal, with region, latitude, longitude.
    reps
        With region, latitude, longitude of the home.
    sales
        Sales to each of these customers in the year of the deal, money.

    Returns
    -------
    Rep by customer.
    """
    owner = pd.Series("", index=customers.index, name="owner")
    for region, here in customers.groupby("region"):
        team = reps[reps["region"] == region]
        dealt = _evenly_by_distance(_way(here, team), sales[here.index].to_numpy())
        owner[here.index] = team.index.to_numpy()[dealt]
    return owner


def _evenly_by_distance(way: np.ndarray, sales: np.ndarray) -> np.ndarray:
    reps = way.shape[1]
    even = sales.sum() / reps
    handicap, step = np.zeros(reps), FIRST_STEP_KM
    best, least = way.argmin(axis=1), np.inf
    while step > LAST_STEP_KM:
        dealt = (way + handicap).argmin(axis=1)
        over = np.bincount(dealt, sales, reps) / even - 1
        if np.abs(over).max() < least:
            best, least = dealt, np.abs(over).max()
        handicap += step * over
        step *= 0.99
    return best


def joined_to_nearest_customer(customers: pd.DataFrame, owner: pd.Series, arrivals: pd.Series) -> pd.Series:
    """Give customers that came later to the owner of the nearest customer there was, within the region.

    Parameters
    ----------
    customers
        All customers, with region, latitude, longitude.
    owner
        Rep of the customers dealt at first.
    arrivals
        First order of the others; they join in this order, and those that joined count as neighbors too.

    Returns
    -------
    Rep by customer, for all.
    """
    made = owner.reindex(customers.index, fill_value="")
    order = arrivals.sort_values(kind="stable").index
    for _, here in customers.groupby("region"):
        way = pd.DataFrame(_way(here, here), index=here.index, columns=here.index)
        owned = [c for c in here.index if made[c] != ""]
        for customer in order[order.isin(here.index)]:
            made[customer] = made[way.loc[customer, owned].idxmin()] if owned else ""
            owned.append(customer)
    return made


def _way(here: pd.DataFrame, there: pd.DataFrame) -> np.ndarray:
    return great_circle_km(here["latitude"], here["longitude"], there["latitude"], there["longitude"])
