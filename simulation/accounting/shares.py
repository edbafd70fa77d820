"""The shares a scheme pays for: satisfaction, visits kept, cost over budget; of reps, with their weights.

Only what the scheme reads is computed. A share of several people or months is the mean weighted as given
here, so the company's satisfaction is the one of `Measures` where every customer has a rep.
"""

import numpy as np
from numba import njit

from simulation.accounting.contentment import GONE, contentment
from simulation.accounting.journal import What
from simulation.accounting.measures import Measures, by_day
from simulation.accounting.yardstick import Yardstick
from simulation.company.year import Year
from simulation.paying.exact import MILLION, Whole
from simulation.paying.payroll import Payroll
from simulation.paying.people import YEAR
from simulation.paying.results import shares_of
from simulation.world.world import World

SATISFACTION, VISITS_KEPT, COST = "satisfaction", "visits_kept", "cost"

FINEST_POTENTIAL = 10**9
"""Into so many parts the potential of all customers is divided, to weight them by whole numbers."""

VISIT, MISSED = int(What.VISIT), int(What.MISSED_VISIT)


def shares_of_year(world: World, year: Year, roll: Payroll) -> dict[str, tuple[Whole, Whole]]:
    """Give satisfaction and visits kept of a year, those that the scheme reads.

    Satisfaction is that of a rep's customers still there at the end of each month, by who serves them then,
    weighted with potential; visits kept are promised visits made over those made or missed in the month.

    Returns
    -------
    By measure millionths times weights, and weights, [people, 12] each.
    """
    read = [name for name in (SATISFACTION, VISITS_KEPT) if name in shares_of(roll.scheme)]
    if not read:
        return {}
    found = np.zeros((2, 2, len(roll.people), YEAR), np.int64)
    month_of, house = by_day(world.month_ends), world.seats.house
    level, seat = contentment(world, year, month_of, YEAR)
    here = np.nonzero((seat != GONE) & (seat != house))
    cell, weight = (seat[here], here[1]), weights_of(world.potential)[here[0]]
    np.add.at(found[0, 0], cell, weight * np.rint(level[here] * MILLION).astype(np.int64))
    np.add.at(found[0, 1], cell, weight)
    count_visits(year.journal, month_of, house, found[1])
    both = {SATISFACTION: found[0], VISITS_KEPT: found[1]}
    return {name: (both[name][0], both[name][1]) for name in read}


def cost_over_budget(measures: Measures, held: Yardstick) -> dict[str, tuple[Whole, Whole]]:
    """Give what selling cost each rep over the budget, if the scheme reads it; all in the last month.

    Travel goes with the hours on the road, other cost with the time the seat was filled and with bookings,
    as in the cost of units. Pay counts as budgeted: it follows from the scheme, which reads this cost.

    Returns
    -------
    Millionths times weights, and weights (the budget, cents), [years, people, 12] each; nobody but reps has
    any.
    """
    if COST not in shares_of(held.roll.scheme):
        return {}
    reps, travel = len(held.reps), held.travel_rates * measures.road_hours
    here = np.average(measures.filled, axis=2, weights=held.days)
    cost = held.target_pay[:reps] + travel + held.per_rep * here
    cost += held.share_of_sales * measures.bookings.sum(axis=2)
    weighted, weights = (np.zeros((len(cost), len(held.roll.people), YEAR), np.int64) for _ in range(2))
    budget = np.rint(held.budget[:reps] * 100).astype(np.int64)
    weights[:, :reps, -1] = budget
    weighted[:, :reps, -1] = np.where(budget > 0, np.rint(cost * 100).astype(np.int64) * MILLION, 0)
    return {COST: (weighted, weights)}


def weights_of(potential: np.ndarray) -> Whole:
    """Give whole weights of customers in proportion to potential; all the same where nobody has any."""
    total = potential.sum()
    if total == 0:
        return np.ones(len(potential), np.int64)
    parts: Whole = np.rint(potential / total * FINEST_POTENTIAL).astype(np.int64)
    return parts


@njit(cache=True)
def count_visits(journal, month_of, house, visits):
    """Count promised visits by seat and month: millionths made, and made or missed, [2, seats, months]."""
    for r in range(len(journal)):
        record = journal[r]
        w, s = record["what"], record["by"]
        if w in (VISIT, MISSED) and s != house:
            month = month_of[min(int(record["day"]), len(month_of) - 1)]
            visits[1, s, month] += 1
            visits[0, s, month] += MILLION if w == VISIT else 0
