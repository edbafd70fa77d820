"""Classes of customers by potential, and the service promised to each."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd


class Tier(NamedTuple):
    """A class of customers and what it is promised.

    Parameters
    ----------
    name
        A, B, C.
    from_potential
        Least potential, money a year.
    visits_per_year
        Promised visits.
    hours_per_visit
        Length of one, without travel.
    """

    name: str
    from_potential: float
    visits_per_year: float
    hours_per_visit: float


def promises(potential: pd.Series, tiers: Sequence[Tier]) -> pd.DataFrame:
    """Put every customer in the highest class whose least potential it reaches.

    Parameters
    ----------
    potential
        Money a year by customer.
    tiers
        Classes; the last takes all the rest.

    Returns
    -------
    By customer: tier, visits_per_year, hours_per_visit.
    """
    highest_first = sorted(tiers[:-1], key=lambda t: -t.from_potential)
    reached = [next((t for t in highest_first if p >= t.from_potential), tiers[-1]) for p in potential]
    made = pd.DataFrame(reached, index=potential.index, columns=list(Tier._fields))
    return made.rename(columns={"name": "tier"}).drop(columns="from_potential")
