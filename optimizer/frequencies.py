"""How often to call on whom: a rep's hours go where another call brings most.

Source: L. Lodish, *CALLPLAN: An Interactive Salesman's Call Planning System*, Management Science 18 (1971):
steps along the concave envelope of what calls bring, best return per hour first.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.costs import expected_sales
from optimizer.travel import travel_cost, travel_hours
from optimizer.workload import selling_hours
from scenarios import NoPlanExists, Scenario

Numbers = NDArray[np.float64]

RHYTHMS = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 52, 78, 104)
"""Visits a year that people can keep as a habit."""

MOST = 3.0
"""At most so many times the promised visits: what is known of the response holds near today's effort."""


def best_frequencies(levels: Numbers, worth: Numbers, hours: Numbers, budget: float) -> NDArray[np.intp]:
    """Choose a level of calls for every customer: the most worth within the hours.

    From its first level each customer climbs along the concave envelope of its worth; steps are taken in
    falling order of worth per hour, while there is a gain and they fit. Without whole steps this is the
    optimum; with them it is short of it by less than one step's worth.

    Parameters
    ----------
    levels
        Calls a year that come into question, rising, [customers, levels]; the first is the least allowed.
    worth
        What they bring a year less what they cost, money, [customers, levels].
    hours
        Hours of one call with travel, [customers].
    budget
        Hours there are.

    Returns
    -------
    Position of the level chosen, by customer.
    """
    chosen = np.zeros(len(levels), dtype=np.intp)
    left = budget - float(levels[:, 0] @ hours)
    steps = []
    for customer, (calls, money) in enumerate(zip(levels, worth, strict=True)):
        at = 0
        while at < len(calls) - 1:
            with np.errstate(divide="ignore", invalid="ignore"):
                rate = (money[at + 1 :] - money[at]) / ((calls[at + 1 :] - calls[at]) * hours[customer])
            best = int(np.argmax(np.where(calls[at + 1 :] > calls[at], rate, -np.inf)))
            to = at + 1 + best
            if not money[to] > money[at]:
                break
            steps.append((-float(rate[best]), customer, at, to))
            at = to
    closed = np.zeros(len(levels), dtype=bool)
    for _, customer, at, to in sorted(steps):
        needed = float((levels[customer, to] - levels[customer, at]) * hours[customer])
        if closed[customer] or needed > left + 1e-9:
            closed[customer] = True
            continue
        chosen[customer], left = to, left - needed
    return chosen


def frequencies(scenario: Scenario, owner: pd.Series, rep: str, *, keep: tuple[str, ...]) -> pd.DataFrame:
    """Weigh a rep's call frequencies against the promised ones.

    A customer buys what is expected of it at the promised visits; at others its sales change by the power
    `market.effort.elasticity` (0.34: S. Albers, M. Mantrala, S. Sridhar, Journal of Marketing Research 47,
    2010). Worth is the margin of these sales less the cost of travel.

    Parameters
    ----------
    owner
        Rep by customer.
    rep
        Whose customers.
    keep
        Tiers that get no fewer visits than promised; others may get fewer.

    Returns
    -------
    By customer: tier, promised and visits (a year), hours_per_visit (with travel), hours_promised and hours
    (a year), sales_promised and sales (expected, a year).

    Raises
    ------
    NoPlanExists
        If the visits promised to these tiers need more hours than the rep has for visits.
    """
    book = owner.reindex(scenario.customers.index) == rep
    customers = scenario.customers[book]
    promised = customers["visits_per_year"].to_numpy(dtype="float64")
    per_visit = customers["hours_per_visit"].to_numpy(dtype="float64")
    per_visit = per_visit + travel_hours(scenario).loc[customers.index, rep].to_numpy()
    fare = travel_cost(scenario).loc[customers.index, rep].to_numpy()
    sales = expected_sales(scenario)[book].to_numpy()
    levels = _levels(promised, customers["tier"].isin(keep).to_numpy())
    elasticity = scenario.market.effort.elasticity
    response = sales[:, None] * _power(levels, promised, elasticity)
    worth = scenario.market.contribution_margin * response - fare[:, None] * levels
    budget = hours_for_visits(scenario, owner, rep)
    floors = float(levels[:, 0] @ per_visit)
    if floors > budget + 1e-6:
        kept = ", ".join(keep)
        asked = f"rep {rep}: visits promised to tier {kept} need {floors:,.0f} hours a year"
        raise NoPlanExists([f"{asked}, {budget:,.0f} are left for visits"])
    chosen = best_frequencies(levels, worth, per_visit, budget)
    rows = np.arange(len(levels))
    visits = levels[rows, chosen] if len(rows) else promised
    return pd.DataFrame(
        {
            "tier": customers["tier"],
            "promised": promised,
            "visits": visits,
            "hours_per_visit": per_visit,
            "hours_promised": promised * per_visit,
            "hours": visits * per_visit,
            "sales_promised": sales,
            "sales": sales * _power(visits[:, None], promised, elasticity)[:, 0] if len(rows) else sales,
        },
        index=customers.index,
    )


def hours_for_visits(scenario: Scenario, owner: pd.Series, rep: str) -> float:
    """Hours of a full year a rep has for visits with travel: all but those for selling."""
    book = owner.reindex(scenario.customers.index) == rep
    allowed = scenario.reps["hours_per_year"][rep] * scenario.rules.utilization_limit
    return float(allowed - selling_hours(scenario)[book].sum())


def _levels(promised: Numbers, kept: NDArray[np.bool_]) -> Numbers:
    """List each customer's rhythms from the least to the most allowed, the promised one among them."""
    table = np.tile(np.array(RHYTHMS, dtype="float64"), (len(promised), 1))
    table = np.sort(np.column_stack([table, promised]), axis=1)
    least = np.where(kept, promised, 0.0)
    return np.clip(table, least[:, None], np.maximum(MOST * promised, least)[:, None])


def _power(visits: Numbers, promised: Numbers, elasticity: float) -> Numbers:
    """Sales at some visits over sales at the promised ones; of customers that are promised none, 1."""
    some = promised[:, None] > 0
    ratio = np.divide(visits, promised[:, None], out=np.ones(visits.shape), where=some)
    return np.asarray(ratio**elasticity)
