"""Trade-offs of 1,000 customers and 20 reps: `python -m benchmarks.frontier [--seeds 2] [--points 15]`.

Planning instances whose hours lie within 10 % of the fair share; balance is that of potential, from the best
there is to what the least of the other goal leaves: the customers who move, or the travel; and all three.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.fairness import CANDIDATES, CUSTOMERS, REPS, _Clock, _warm_up, fair_share
from benchmarks.instances import VISIT_HOURS, planning
from benchmarks.report import _commit, _machine
from optimizer.core.assignment import Problem
from optimizer.trading.frontier import frontier
from optimizer.trading.goals import Evenness, Spending
from optimizer.trading.pareto import Frontier

NO_TOLERANCE = 10.0
"""Of potential: any book may be ten times its share, so that balance is a goal and no limit."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--points", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=100.0, help="time limit of each trade-off")
    asked = parser.parse_args(arguments)
    _warm_up()
    lines = [
        f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; planning({CUSTOMERS}, {REPS}, "
        f"candidates={CANDIDATES}), {asked.points} points, limit {asked.seconds:g} s; wall time, then CPU.",
        "",
        "| trade-off | seed | seconds | CPU | points | not dominated | proved | best balance, bound | from "
        "| to | gap: median, max |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|---|--:|",
    ]
    for names in (("moves",), ("travel",), ("moves", "travel")):
        for seed in range(asked.seeds):
            problem, even, others = trade_off(names, seed)
            held = (even, *others[:-1])
            clock = _Clock()
            found = frontier(problem, held, others[-1], points=asked.points, time_limit=asked.seconds)
            lines.append(f"| balance, {', '.join(names)} | {seed} | {clock} | {_row(found)} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def trade_off(names: Sequence[str], seed: int) -> tuple[Problem, Evenness, list[Spending]]:
    """Make a company, its balance of potential, and what is spent: customers who move, travel."""
    made = planning(
        CUSTOMERS, REPS, candidates=CANDIDATES, seed=seed, hours_tolerance=0.1,
        potential_tolerance=NO_TOLERANCE, move_limit=CUSTOMERS,
    )  # fmt: skip
    problem = made.problem
    away = np.hypot(*(made.place[problem.unit] - made.home[problem.rep]).T)
    amounts = {
        "moves": problem.budgets[0].amount,
        "travel": made.hours[problem.unit] / VISIT_HOURS * 2 * away,
    }
    free = replace(problem, budgets=())
    spent = [Spending(name, amounts[name]) for name in names]
    return free, Evenness("potential", fair_share(free, "potential")), spent


def _row(found: Frontier) -> str:
    gaps, end = [100 * point.gap for point in found.points], found.ends[0]
    exact = sum(gap < 1e-4 for gap in gaps)
    wide, tight = (
        f"{100 * p.reached[0]:.2f} % at {p.least:,.0f}" for p in (found.points[0], found.points[-1])
    )
    return (
        f"{len(found.points)} | {len(found.best)} | {exact} | {100 * end.reached:.3f} %, "
        f"{100 * end.bound:.3f} % | {wide} | {tight} | {np.median(gaps):.2f} %, {max(gaps):.2f} %"
    )


if __name__ == "__main__":
    sys.exit(main())
