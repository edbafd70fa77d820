"""How long a hand edit takes in a large company: python -m benchmarks.editing [CUSTOMERS REPS]."""

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

from benchmarks.instances import planning
from optimizer.asking.editing import draft_of
from optimizer.asking.reasons import Reasons
from optimizer.planning import optimize
from scenarios import Scenario
from scenarios.building import Source, build

T = TypeVar("T")

KM_PER_DEGREE = 111.195
TRIES = 50


def company(customers: int, reps: int, seed: int = 0) -> Scenario:
    """Write a planning instance as a scenario: hours as monthly visits, places around the equator."""
    made = planning(customers, reps, seed=seed)
    names, keys = [f"c{n}" for n in range(customers)], [f"r{n}" for n in range(reps)]
    hours = np.maximum(made.hours, 0.1)
    tables = {
        "customers": {
            "customer": names, "latitude": made.place[:, 1] / KM_PER_DEGREE,
            "longitude": made.place[:, 0] / KM_PER_DEGREE, "potential": made.potential.round(2),
            "visits_per_year": np.ceil(hours / 3), "hours_per_visit": (hours / np.ceil(hours / 3)).round(3),
            "owner": [keys[rep] for rep in made.owner],
        },
        "reps": {
            "rep": keys, "latitude": made.home[:, 1] / KM_PER_DEGREE,
            "longitude": made.home[:, 0] / KM_PER_DEGREE, "hours_per_year": (made.capacity * 2.5).round(1),
        },
    }  # fmt: skip
    settings = {
        "year": {"start": date(2026, 1, 1)},
        "target": {"amount": float(made.potential.sum())},
        "rules": {"balance": [{"measure": "potential", "tolerance": 0.1, "price": 0.05}]},
        "market": {
            "order_values": {"": 500.0},
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
        },
    }
    return build(
        Source("company", settings, {name: pd.DataFrame(t).astype("str") for name, t in tables.items()})
    )


def main() -> None:
    """Time the parts of a hand edit and print a table."""
    sizes = [int(word) for word in sys.argv[1:3]] or [10_000, 100]
    scenario, seconds = _timed(lambda: company(*sizes))
    print(f"{sizes[0]:,} customers x {sizes[1]} reps, made in {seconds:.1f} s")
    plan, seconds = _timed(lambda: optimize(scenario, time_limit=30.0))
    print(f"planned in {seconds:.1f} s, gap {plan.result.gap if plan.result else 1:.2%}")
    draft, seconds = _timed(lambda: draft_of(scenario, plan))
    print(f"opened in {seconds:.1f} s")
    rng = np.random.default_rng(1)
    moves, swaps = [], []
    problem = draft.compiled.problem
    for unit in rng.choice(problem.units, TRIES, replace=False).tolist():
        pairs = np.flatnonzero(problem.unit == unit)
        others = pairs[pairs != draft.chosen[unit]]
        if not len(others):
            continue
        customer = str(draft.compiled.unit_of.index[unit])
        rep = str(draft.compiled.reps[int(problem.rep[others[0]])])
        began = time.perf_counter()
        moved = draft.move(customer, rep)
        _ = (moved.cost - draft.cost, moved.broken, moved.totals)
        moves.append(time.perf_counter() - began)
        began = time.perf_counter()
        moved.swaps(customer)
        swaps.append(time.perf_counter() - began)
    for name, taken in (("a move with totals, price and violations", moves), ("swaps suggested", swaps)):
        print(f"{name}: median {1e3 * np.median(taken):.0f} ms, worst {1e3 * max(taken):.0f} ms")
    _, seconds = _timed(lambda: moved.settle(time_limit=5.0))
    print(f"planned around the move in {seconds:.1f} s")
    reasons, seconds = _timed(lambda: Reasons(scenario, plan))
    _, again = _timed(lambda: reasons.why(customer))
    print(f"reasons opened in {seconds:.1f} s, one customer in {1e3 * again:.0f} ms")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


if __name__ == "__main__":
    main()
