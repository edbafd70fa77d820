"""How often to call on whom: a rep's hours go where another call brings most.

Source: L. Lodish, *CALLPLAN: An Interactive Salesman's Call Planning System*, Management Science 18 (1971):
steps along the concave envelope of what calls bring, best return per hour first.
"""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.calling.service import Service, service
from optimizer.compiling.costs import expected_sales
from optimizer.compiling.travel import travel_cost, travel_hours
from optimizer.compiling.workload import hours_beside_visits
from scenarios import NoPlanExists, Scenario

Numbers = NDArray[np.float64]

Keep = Literal["all", "exactly"] | tuple[str, ...]
"""Who gets no fewer visits than promised: all; all, and no more either; or customers of these tiers."""

NOT_WORTH_THE_WAY = "the visits left out cost more travel than they bring"
MORE_ELSEWHERE = "the hours bring more elsewhere"
TOO_FEW_HOURS = "the hours do not hold all promised visits, and bring more elsewhere"

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


def frequencies(scenario: Scenario, owner: pd.Series, rep: str, *, keep: Keep = "all") -> pd.DataFrame:
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
        Who gets no fewer visits than promised. With "all" the best only distributes the hours that are left;
        where the hours do not hold all promises, those of the rules' top tiers come first, and nobody gets
        more than promised.

    Returns
    -------
    By customer: tier, promised and visits (a year), hours_per_visit (with travel), served (share of the plan
    year's days), hours_promised and hours (of the plan year: of the share served), sales_promised and sales
    (expected, a year), why (there are fewer visits than promised; "" where there are not), worth_left_out
    (what the visits left out would bring less their travel, money a year). Customers served until a colleague
    starts come last, with the promised visits.

    Raises
    ------
    NoPlanExists
        If tiers are named and the visits promised to them need more hours than the rep has for visits.
    """
    served = service(scenario, owner, rep)
    customers = scenario.customers.loc[served.own]
    promised = customers["visits_per_year"].to_numpy(dtype="float64")
    per_visit = customers["hours_per_visit"].to_numpy(dtype="float64")
    per_visit = per_visit + travel_hours(scenario).loc[customers.index, rep].to_numpy()
    fare = travel_cost(scenario).loc[customers.index, rep].to_numpy()
    sales = expected_sales(scenario)[customers.index].to_numpy()
    budget = _budget_of_a_full_year(scenario, served, rep)
    tight = keep == "all" and float(promised @ per_visit) > budget + 1e-6
    least, most = _limits(scenario, customers, keep, per_visit, budget, rep)
    levels = _levels(promised, least, most)
    elasticity, margin = scenario.market.effort.elasticity, scenario.market.contribution_margin
    worth = margin * sales[:, None] * _power(levels, promised, elasticity) - fare[:, None] * levels
    chosen = best_frequencies(levels, worth, per_visit, budget)
    rows = np.arange(len(levels))
    visits = levels[rows, chosen] if len(rows) else promised
    power = _power(visits[:, None], promised, elasticity)[:, 0] if len(rows) else visits
    left_out = margin * sales * (1 - power) - fare * (promised - visits)
    fewer = visits < promised
    short = TOO_FEW_HOURS if tight else MORE_ELSEWHERE
    own = pd.DataFrame(
        {
            "tier": customers["tier"],
            "promised": promised,
            "visits": visits,
            "hours_per_visit": per_visit,
            "served": served.share,
            "hours_promised": promised * per_visit * served.share,
            "hours": visits * per_visit * served.share,
            "sales_promised": sales,
            "sales": sales * power,
            "why": np.where(fewer, np.where(left_out <= 0, NOT_WORTH_THE_WAY, short), ""),
            "worth_left_out": np.where(fewer, left_out, 0.0),
        },
        index=customers.index,
    )
    return own if served.held.empty else pd.concat([own, _held_over(scenario, served, rep)])


def hours_for_visits(scenario: Scenario, owner: pd.Series, rep: str) -> float:
    """Hours of the plan year a rep has for visits with travel: all but those for selling and service.

    Only the days on which the seat is filled count; customers held over for colleagues who start later are
    sold to and served as well.
    """
    served = service(scenario, owner, rep)
    return _hours_of_a_full_year(scenario, served, rep) * served.share - float(served.held_beside.sum())


def _hours_of_a_full_year(scenario: Scenario, served: Service, rep: str) -> float:
    """Hours for visits on own customers were the seat filled all year, and nobody held over."""
    allowed = scenario.reps["hours_per_year"][rep] * scenario.rules.utilization_limit
    return float(allowed - hours_beside_visits(scenario).loc[served.own, rep].sum())


def _budget_of_a_full_year(scenario: Scenario, served: Service, rep: str) -> float:
    """Hours for visits on own customers, less those held over, as a rate: of a full year."""
    held = float(served.held_hours.sum()) / served.share if served.share > 0 else 0.0
    return _hours_of_a_full_year(scenario, served, rep) - held


def _held_over(scenario: Scenario, served: Service, rep: str) -> pd.DataFrame:
    """Give the frequencies of customers held over: as promised, until the colleague starts."""
    customers = scenario.customers.loc[served.held]
    promised = customers["visits_per_year"].astype("float64")
    per_visit = customers["hours_per_visit"] + travel_hours(scenario).loc[customers.index, rep]
    share = served.days(served.held).mean(axis=1)
    sales = expected_sales(scenario)[customers.index]
    return pd.DataFrame(
        {
            "tier": customers["tier"],
            "promised": promised,
            "visits": promised,
            "hours_per_visit": per_visit,
            "served": share,
            "hours_promised": promised * per_visit * share,
            "hours": promised * per_visit * share,
            "sales_promised": sales,
            "sales": sales,
            "why": "",
            "worth_left_out": 0.0,
        }
    )


def _limits(
    scenario: Scenario, customers: pd.DataFrame, keep: Keep, per_visit: Numbers, budget: float, rep: str
) -> tuple[Numbers, Numbers]:
    """Give the fewest and the most visits each customer may get."""
    promised = customers["visits_per_year"].to_numpy(dtype="float64")
    if keep == "exactly":
        return promised, promised
    if keep == "all":
        most = np.maximum(MOST * promised, promised)
        for kept in (np.ones(len(promised), dtype=bool), customers["tier"].isin(scenario.rules.top_tiers)):
            least = np.where(kept, promised, 0.0)
            if float(least @ per_visit) <= budget + 1e-6:
                return least, most
            most = promised
        return np.zeros(len(promised)), promised
    least = np.where(customers["tier"].isin(keep), promised, 0.0)
    needed = float(least @ per_visit)
    if needed > budget + 1e-6:
        asked = f"visits promised to tier {', '.join(keep)} need {needed:,.0f} hours a year"
        raise NoPlanExists([f"rep {rep}: {asked}, {budget:,.0f} are left for visits"])
    return least, np.maximum(MOST * promised, least)


def _levels(promised: Numbers, least: Numbers, most: Numbers) -> Numbers:
    """List each customer's rhythms from the least to the most allowed, the promised one among them."""
    table = np.tile(np.array(RHYTHMS, dtype="float64"), (len(promised), 1))
    table = np.sort(np.column_stack([table, promised]), axis=1)
    return np.clip(table, least[:, None], most[:, None])


def _power(visits: Numbers, promised: Numbers, elasticity: float) -> Numbers:
    """Sales at some visits over sales at the promised ones; of customers that are promised none, 1."""
    some = promised[:, None] > 0
    ratio = np.divide(visits, promised[:, None], out=np.ones(visits.shape), where=some)
    return np.asarray(ratio**elasticity)
