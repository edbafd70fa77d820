"""How fair, how fast, how surely: `python -m benchmarks.fairness [--seeds 5] [--peer-seconds 60]`.

Planning instances of 1,000 customers and 20 reps: the least largest deviation, without and with a cost limit;
a trade-off of twelve points; every notion at a price; and solvers that get one program with all in it.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from benchmarks.instances import planning
from benchmarks.report import _commit, _machine
from optimizer.core.assignment import Problem
from optimizer.core.bound import lower_bound
from optimizer.core.exact import solve
from optimizer.core.fair_assignment import assign_fairly
from optimizer.core.fair_bound import fair_bound
from optimizer.core.fairest import fairest
from optimizer.core.fairness import Fairness, Notion
from optimizer.trading.frontier import frontier
from optimizer.trading.goals import Evenness, Spending
from optimizer.trading.pareto import Frontier
from scenarios.errors import EvenfieldError

CUSTOMERS, REPS, CANDIDATES = 1000, 20, 20

COST_LIMITS = (None, 1.02, 1.005)
"""In least costs of the linear relaxation."""

POINTS = 12
"""Of a trade-off."""

PRICE = 50_000.0
"""Money for a largest deviation of 1, where unevenness has a price."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="time limit of a call of ours; of trade-offs twice"
    )
    parser.add_argument("--peer-seconds", type=float, default=0.0, help="time limit of each peer, on seed 0")
    asked = parser.parse_args(arguments)
    _warm_up()
    lines = [
        f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; planning({CUSTOMERS}, {REPS}, "
        f"candidates={CANDIDATES}); seconds are wall time, then CPU.",
        "",
        *_fairest_table(asked.seeds, asked.seconds),
        "",
        *_frontier_table(asked.seeds, 2 * asked.seconds),
        "",
        *_price_table(asked.seeds, asked.seconds, asked.peer_seconds),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def fair_share(problem: Problem, measure: str) -> np.ndarray:
    """Give each rep the part of a measure that it has of the capacity (the band of hours is around it)."""
    amount = problem.measure(measure).amount[problem.starts[:-1]]
    part = problem.measure("hours").lower / problem.measure("hours").lower.sum()
    return np.asarray(part * amount.sum())


def _fairest_table(seeds: int, seconds: float) -> list[str]:
    lines = [
        "| largest deviation | seed | seconds | CPU | reached | bound | distance, points | cost / LP |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for measure in ("potential", "hours"):
        for factor in COST_LIMITS:
            for seed in range(seeds):
                problem = planning(CUSTOMERS, REPS, candidates=CANDIDATES, seed=seed).problem
                least = lower_bound(problem).value
                limit = None if factor is None else factor * least
                name = measure if factor is None else f"{measure}, cost at most {factor} LP"
                clock = _Clock()
                try:
                    share = fair_share(problem, measure)
                    found = fairest(problem, measure, share, cost_limit=limit, time_limit=seconds)
                except EvenfieldError as error:
                    lines.append(f"| {name} | {seed} | {clock} | {error} | | | |")
                    continue
                lines.append(
                    f"| {name} | {seed} | {clock} | {found.largest:.5f} | {found.bound:.5f} "
                    f"| {100 * found.distance:.2f} | {found.plan.cost / least:.4f} |"
                )
    return lines


def _frontier_table(seeds: int, seconds: float) -> list[str]:
    lines = [
        "| twelve points | seed | seconds | CPU | with a plan | not dominated | gaps %, widest first |",
        "|---|---|---|---|---|---|---|",
    ]
    for seed in range(seeds):
        wide = planning(CUSTOMERS, REPS, candidates=CANDIDATES, seed=seed, potential_tolerance=0.3).problem
        even = Evenness("potential", fair_share(wide, "potential"))
        moved = planning(CUSTOMERS, REPS, candidates=CANDIDATES, seed=seed, move_limit=CUSTOMERS).problem
        moves, free = Spending("moved", moved.budgets[0].amount), replace(moved, budgets=())
        for name, problem, axis, levels in (
            ("potential 30 % to .4 %", wide, even, np.geomspace(0.3, 0.004, POINTS)),
            ("moves", free, moves, _quarter_to_all(free, moves)),
        ):
            clock = _Clock()
            found = frontier(problem, axis, levels=levels.tolist(), time_limit=seconds)
            lines.append(
                f"| {name} | {seed} | {clock} | {len(found.points)} | {len(found.best)} | {_gaps(found)} |"
            )
    return lines


def _quarter_to_all(problem: Problem, moves: Spending) -> np.ndarray:
    """Give numbers of moves, from what the cheapest plans take three quarters down to the least there is."""
    most = float(moves.amount @ lower_bound(problem).share)
    least = max(lower_bound(moves.goal(problem).problem(problem)).value, 0.0)
    return np.linspace(most, most - 0.75 * max(most - least, 0.0), POINTS)


def _price_table(seeds: int, seconds: float, peer_seconds: float) -> list[str]:
    lines = [
        "| unevenness at a price | who | seed | seconds | CPU | above our bound % | own gap % |",
        "|---|---|---|---|---|---|---|",
    ]
    for notion in get_args(Notion):
        for seed in range(seeds):
            problem = _priced(notion, seed)
            clock = _Clock()
            try:
                found = assign_fairly(problem, time_limit=seconds, gap=1e-4)
            except EvenfieldError as error:
                lines.append(f"| {notion} | we | {seed} | {clock} | {error} | |")
                continue
            gap = 100 * found.gap
            lines.append(f"| {notion} | we | {seed} | {clock} | {gap:.2f} | {gap:.2f} |")
    for who in ("highs", "cp-sat"):
        if peer_seconds > 0:
            problem = _priced("maximum deviation", 0)
            bound = fair_bound(problem).value
            clock = _Clock()
            try:
                peer = solve(problem, solver=who, time_limit=peer_seconds, gap=1e-4)
                said = f"{100 * (peer.cost / bound - 1):.2f} | {100 * peer.gap:.2f}"
            except EvenfieldError as error:
                said = f"{error} | "
            lines.append(f"| maximum deviation | {who}, one program | 0 | {clock} | {said} |")
    return lines


def _priced(notion: Notion, seed: int) -> Problem:
    wide = planning(CUSTOMERS, REPS, candidates=CANDIDATES, seed=seed, potential_tolerance=0.4).problem
    return replace(wide, fairness=(Fairness("potential", fair_share(wide, "potential"), notion, PRICE),))


def _gaps(found: Frontier) -> str:
    return " ".join(f"{100 * point.gap:.2f}" for point in found.points)


def _warm_up() -> None:
    """Load compiled code."""
    problem = planning(300, 10, candidates=10, seed=9).problem
    fairest(problem, "potential", fair_share(problem, "potential"), time_limit=20.0)


class _Clock:
    """Wall time and CPU time since it was made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self.wall:.2f} | {time.process_time() - self.cpu:.2f}"


if __name__ == "__main__":
    sys.exit(main())
