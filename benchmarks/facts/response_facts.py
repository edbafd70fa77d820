"""How sales answer calls: imbalance, size and allocation, with the call planner's own allocator."""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from benchmarks.facts.company import company, plan_of
from benchmarks.facts.fact import Fact, Maker, Row, within
from optimizer.calling.frequencies import best_frequencies, frequencies, hours_for_visits
from scenarios.behavior import Effort

ELASTICITY = Effort().elasticity
CALLS = 24
"""Calls a year that a customer has on average."""

LEVELS = np.unique(np.round(np.concatenate([np.arange(41), np.geomspace(42, 20_000, 240)])))
"""Calls a year that come into question: all to 40, then in steps of some 3 %."""


def lognormal(count: int, cv: float) -> np.ndarray:
    """Give so many evenly likely values of a lognormal law with mean 1, scaled to exactly this cv."""
    score = ndtri((np.arange(count) + 0.5) / count)
    low, high = 0.0, 5.0
    for _ in range(80):
        sigma = (low + high) / 2
        drawn = np.exp(sigma * score)
        low, high = (sigma, high) if drawn.std() < cv * drawn.mean() else (low, sigma)
    return np.asarray(drawn / drawn.mean())


def sold(size: np.ndarray, calls: np.ndarray) -> float:
    """Add up the sales of customers of some size at so many calls."""
    return float(size @ calls**ELASTICITY)


def best_calls(size: np.ndarray, budget: float, most: float = np.inf) -> np.ndarray:
    """Let the call planner divide a budget of calls of an hour each among customers, each `most` of them."""
    calls = LEVELS[most >= LEVELS]
    levels = np.tile(calls, (len(size), 1))
    chosen = best_frequencies(levels, size[:, None] * calls**ELASTICITY, np.ones(len(size)), budget)
    return np.asarray(calls[chosen])


def imbalance(thorough: bool) -> Fact:
    """F16: books of uneven potential cost sales, reps having the same hours."""
    reps, customers = (80, 60) if thorough else (40, 30)
    rows = []
    for cv, published, band in (
        (0.0, "0", (-1e-3, 1e-3)),
        (0.3, "1 %", (0.006, 0.014)),
        (0.5, "2.5 %; 2-7 % in practice", (0.019, 0.031)),
        (0.8, "5.3 %; 2-7 % in practice", (0.043, 0.063)),
    ):
        book = np.round(lognormal(reps, cv) * customers).astype(int)
        made = sum(_sold_by_a_rep(number, customers) for number in book)
        even = book.sum() * float(CALLS * reps * customers / book.sum()) ** ELASTICITY
        rows.append(within(f"sales lost, cv {cv:g}", published, band, 1 - made / even))
    return Fact(
        "F16",
        "Uneven territories cost 2 to 7 % of sales",
        "A. Zoltners, P. Sinha, *Sales territory design: thirty years of modeling and implementation*, "
        "Marketing Science 24 (2005): sales 2 to 7 % higher after realignment. Closed form: 1 - (1 + "
        "cv^2)^(-eta (1 - eta) / 2) for lognormal potentials.",
        f"{reps} reps with hours for {CALLS * customers:,} calls each and books of like customers, "
        f"{customers} on average and lognormal in number with the cv named; each rep's calls by "
        f"`best_frequencies`, elasticity {ELASTICITY:g}; against the same customers in even books.",
        tuple(rows),
        "Published losses of 2 to 7 % go with a cv of potential between .45 and .9.",
    )


def _sold_by_a_rep(number: int, customers: int) -> float:
    if number == 0:
        return 0.0
    size, budget = np.ones(number), float(CALLS * customers)
    return sold(size, best_calls(size, budget, 2 * budget / number + 2))


def flat_optimum(thorough: bool) -> Fact:
    """F17: profit hardly changes with a quarter more or fewer calls; who gets them matters more."""
    size = lognormal(400 if thorough else 150, 0.6)
    base = float(CALLS * len(size))

    def best(times: float) -> float:
        return sold(size, best_calls(size, times * base))

    hour = (best(1.02) - best(0.98)) / (0.04 * base)
    profit = {u: best(u) - hour * u * base for u in (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5)}
    most = max(profit.values())
    equal = sold(size, np.full(len(size), CALLS)) - hour * base
    rows = [
        within(f"profit at {u:.0%} of the best size, best = 1", published, band, profit[u] / most)
        for u, published, band in (
            (0.5, ".940", (0.93, 0.95)),
            (0.75, ".988", (0.983, 0.993)),
            (1.25, ".991", (0.986, 0.996)),
            (1.5, ".966", (0.956, 0.976)),
        )
    ]
    wrong_size = 1 - min(profit[0.75], profit[1.25]) / most
    wrong_customers = 1 - equal / most
    rows += [
        Row("profit lost by a size 25 % off, share", "", None, wrong_size, True),
        Row(
            "profit lost by equal calls at the best size, share",
            "more than by a size 25 % off",
            (wrong_size, 1.0),
            wrong_customers,
            wrong_customers > wrong_size,
        ),
    ]
    return Fact(
        "F17",
        "The optimum of size is flat; who gets the calls matters more than how many there are",
        "D. Tull, V. Wood, D. Duhan, T. Gillpatrick, K. Robertson, J. Helgeson, *Leveraged decision making "
        "in advertising: the flat maximum principle*, Journal of Marketing Research 23 (1986); M. "
        "Mantrala, P. Sinha, A. Zoltners, Journal of Marketing Research 29 (1992); A. Zoltners, P. Sinha, "
        "Marketing Science 20 (2001). Closed form: (u^eta - eta u) / (1 - eta).",
        f"{len(size)} customers, potential lognormal with cv .6; calls by `best_frequencies` for 50 to 150 "
        "% of the hours, an hour at the price at which 100 % is best; then equal calls for all.",
        tuple(rows),
    )


def call_allocation(thorough: bool) -> Fact:
    """F18: calls divided as they bring most sell some 8 % more than equal calls."""
    customers = 600 if thorough else 200
    rows = []
    for cv, published, band in (
        (0.6, "8.1 % measured, 8.2 % closed form", (0.07, 0.09)),
        (1.0, "19.5 % closed form; 5-25 % anticipated", (0.165, 0.205)),
    ):
        size = lognormal(customers, cv)
        budget = float(CALLS * customers)
        best = sold(size, best_calls(size, budget))
        equal = sold(size, np.full(customers, CALLS))
        rows.append(within(f"sales gained over equal calls, cv {cv:g}", published, band, best / equal - 1))
        if cv == 1.0:
            by_size = sold(size, CALLS * size)
            rows.append(
                within(
                    "sales gained over calls in proportion to potential, cv 1",
                    "2 %",
                    (0.01, 0.03),
                    best / by_size - 1,
                )
            )
    habits = _by_habit(customers // 4, 0.6)
    rows.append(
        within(
            "the planner itself: habits of 1 to 104 visits, travel",
            "5-25 % anticipated",
            (0.05, 0.25),
            habits,
        )
    )
    return Fact(
        "F18",
        "Calls where they bring most sell 8 % more",
        "W. Fudge, L. Lodish, *Evaluation of the effectiveness of a model based salesman's planning system "
        "by field experimentation*, Interfaces 8 (1977): +8.1 % after six months in ten matched pairs at "
        "United Airlines; L. Lodish, Management Science 18 (1971): 5 to 25 % anticipated. Closed form: (1 "
        "+ cv^2)^(eta / (2 (1 - eta))) - 1.",
        f"{customers} customers with lognormal potential; the hours of {CALLS} calls for each, divided by "
        f"`best_frequencies`, elasticity {ELASTICITY:g}, against equal calls. The last row: `frequencies` "
        f"for a rep with {customers // 4} customers around home, cv .6, all promised {CALLS} visits, none "
        "of them kept.",
        tuple(rows),
        "Closed forms are for endless many customers; some hundreds with the same cv come close to them.",
    )


def _by_habit(customers: int, cv: float) -> float:
    """Give what the call planner gains over equal visits in a company with travel, a share of sales."""
    rng = np.random.default_rng(1)
    place = rng.normal(0.0, 0.1, (customers, 2))
    cells = {
        "latitude": place[:, 0],
        "longitude": place[:, 1],
        "potential": np.round(25_000 * lognormal(customers, cv), 2),
        "visits_per_year": CALLS,
        "hours_per_visit": 1.0,
        "owner": "R0",
    }
    reps = {"latitude": [0.0], "longitude": [0.0], "hours_per_year": [100_000.0]}
    idle = company(cells, reps)
    calls = frequencies(idle, plan_of(idle).owner, "R0")
    # All hours that selling leaves are those the promised visits take.
    left = hours_for_visits(idle, plan_of(idle).owner, "R0") - float(calls["hours_promised"].sum())
    tight = company(cells, {**reps, "hours_per_year": [100_000.0 - left]})
    found = frequencies(tight, plan_of(tight).owner, "R0", keep=())
    return float(found["sales"].sum() / found["sales_promised"].sum() - 1)


FACTS: Mapping[str, Maker] = {"F16": imbalance, "F17": flat_optimum, "F18": call_allocation}
