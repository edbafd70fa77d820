"""Prices that prove a bound, whoever found them: weak duality, checkable in five lines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class UnitPrices:
    """Prices of the units themselves, where one measure's hard limits are kept instead of priced.

    Parameters
    ----------
    measure
        Name of the measure whose limits every rep's book keeps.
    price
        Money for giving each unit a rep, any sign, [units].
    """

    measure: str
    price: np.ndarray


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices on the limits of a problem; any prices give a true bound, good ones a tight one.

    With `price` of a measure at hand, and pairs sorted by unit from `starts`, the bound is::

        reduced = cost + price[rep] * amount                      # for every measure, and alike for budgets
        bound = np.minimum.reduceat(reduced, starts[:-1]).sum()   # each unit takes its cheapest pair
        bound -= (np.maximum(price, 0) * upper).sum()             # a price > 0 is paid for what may be had
        bound -= (np.minimum(price, 0) * lower).sum()             # a price < 0 for what must be

    Lagrangian relaxation: A. M. Geoffrion, Mathematical Programming Study 2, 1974.

    Parameters
    ----------
    measures
        By name of a measure: money for one more unit of load, by rep; negative where a lower limit binds.
        Never beyond the price of a soft limit.
    budgets
        By name of a budget: money for one more unit spent, >= 0.
    units
        What proves the better bound of `optimizer.core.knapsack`, where there is one: every rep then chooses
        its cheapest book within the limits of one measure, whose prices above are not needed. The lines
        above remain true without it.
    """

    measures: Mapping[str, np.ndarray]
    budgets: Mapping[str, float]
    units: UnitPrices | None = None
