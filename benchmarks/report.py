"""The table of a benchmark: what was measured, with date, commit, machine and footnotes, as Markdown."""

import datetime
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
PACKAGES = ("numpy", "scipy", "numba", "ortools")
MEGABYTE = 1e6
FOOTNOTES = """\
- *Above the bound*: (cost - bound) / bound. The bound is the best of our runs on the same instance: what
  their prices prove, computed anew from the arrays (linear relaxation or whole books), or what HiGHS proved
  in its turn; where there are none, that of an LP solver in this table.
- Cost and violations are computed from the owners alone. *Violation*: distances outside the limits as
  shares of the limit, summed over reps and limits, and the largest one. A pair that is not eligible (*not
  allowed*) costs what the customer's dearest eligible pair costs.
- Ours: one thread, a fresh process a run, compiled code in the cache; seconds are those of the call. CPU
  is the time of all threads. *Peak*: most memory the process ever held, its instance included (in
  brackets: before the call).
- Peers run on seed 0 only, in a fresh process, the limit given to the solver; seconds include building its
  model. The plain model of the solvers: a binary a pair, one row a customer, a row for each rep and
  measure. HiGHS and SCIP come with OR-Tools. b2b-territory-optimization balances hours, k-means-
  constrained counts, and they know no other limit and no cost; their territories go to reps at least cost.
  Timefold: constraint streams, untuned, from today's book.
"""


@dataclass(frozen=True)
class Measured:
    """What one process did and took.

    Parameters
    ----------
    row, seed, who, limit
        Which instance, who solved it ("assign": we; "bound": our LP bound) and the seconds it might take.
    seconds, cpu_seconds
        Wall time and time of all threads.
    memory, memory_before
        Most bytes the process has held, at the end and before its work.
    cost, violation, worst_violation, ineligible
        As in `peers.Score`; None without a plan.
    bound
        The bound the solver claims.
    certified
        The bound computed anew from its prices.
    solver_seconds
        What a peer's solver took without building its model, where it says so.
    note
        How it ran or why it failed.
    curve
        (seconds, best, bound, gap) while it ran.
    """

    row: str
    seed: int
    who: str
    limit: float
    seconds: float | None = None
    cpu_seconds: float | None = None
    memory: int | None = None
    memory_before: int | None = None
    cost: float | None = None
    violation: float | None = None
    worst_violation: float | None = None
    ineligible: int | None = None
    bound: float | None = None
    certified: float | None = None
    solver_seconds: float | None = None
    note: str = ""
    curve: Sequence[Sequence[float | None]] = ()

    def said(self) -> str:
        """Give a line for people who wait."""
        parts = [
            self.note,
            f"cost {self.cost:,.0f}" if self.cost is not None else "",
            f"bound {self.bound:,.0f}" if self.bound is not None else "",
            f"{self.seconds:.2f} s" if self.seconds is not None else "",
        ]
        return ", ".join(part for part in parts if part)


def report(
    titles: Mapping[str, str],
    reach: Mapping[str, Mapping[float, float]],
    results: Sequence[Measured],
    starts: tuple[float, float],
) -> str:
    """Write the table.

    Parameters
    ----------
    titles, reach
        By row: what it is, and seconds -> how far above the bound plans may be.
    results
        All runs.
    starts
        Seconds of a small plan as a whole process: with nothing compiled, and again.
    """
    bounds = best_bounds(results)
    lines = [
        "# Assignment",
        "",
        f"{datetime.date.today()}, commit {_commit()}, {_machine()}; "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + f". First start, nothing compiled yet: {starts[0]:.1f} s for 200 x 8, limit 1 s, and its process;"
        f" then {starts[1]:.1f} s.",
        "",
        "| problem | by | limit s | seeds | above the bound: median, max | reach | wall s, max | CPU s, max "
        "| peak MB | violation: sum, worst | remarks |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, title in titles.items():
        for who, limit in dict.fromkeys((r.who, r.limit) for r in results if r.row == name):
            runs = [r for r in results if (r.row, r.who, r.limit) == (name, who, limit)]
            goal = reach[name].get(limit) if who == "assign" else None
            ours = [r.seconds for r in results if (r.row, r.who) == (name, "bound") and r.seconds is not None]
            times = [
                f"{r.solver_seconds / s:.1f} x our bound's time"
                for r in runs
                for s in ours
                if r.solver_seconds
            ]
            lines.append(_line(title, who, limit, goal, runs, bounds, times))
    return "\n".join([*lines, "", FOOTNOTES])


def best_bounds(results: Sequence[Measured]) -> dict[tuple[str, int], float]:
    """Give the best bound by row and seed: of ours, by prices or by HiGHS within it, else by an LP solver."""
    best: dict[tuple[str, int], float] = {}
    for proved in (True, False):
        found: dict[tuple[str, int], float] = {}
        for r in results:
            if proved:
                known = [r.certified, r.bound if r.who == "assign" else None]
            else:
                known = [r.bound if r.note.startswith("LP") else None]
            for bound in (one for one in known if one is not None):
                found[r.row, r.seed] = max(found.get((r.row, r.seed), -np.inf), bound)
        best = found | best
    return best


def above(result: Measured, bounds: Mapping[tuple[str, int], float]) -> float | None:
    """Give how far a plan's cost is above the bound of its instance, as a fraction of the bound."""
    bound = bounds.get((result.row, result.seed))
    return None if result.cost is None or bound is None else (result.cost - bound) / abs(bound)


def _line(
    title: str,
    who: str,
    limit: float,
    goal: float | None,
    runs: Sequence[Measured],
    bounds: Mapping[tuple[str, int], float],
    times: Sequence[str],
) -> str:
    gaps = [gap for r in runs if (gap := above(r, bounds)) is not None]
    remarks = list(dict.fromkeys(r.note for r in runs if r.note))
    if any(r.ineligible for r in runs):
        remarks.append(f"{max(r.ineligible or 0 for r in runs)} not allowed")
    if failed := sum(r.seconds is None for r in runs):
        remarks.append(f"{failed} failed")
    if who != "assign":
        remarks += [f"bound {r.bound:,.1f}" for r in runs if r.bound is not None]
        remarks += times
    elif by_prices := [r.certified / r.bound - 1 for r in runs if r.certified and r.bound]:
        remarks.append(f"its bound by prices alone {min(by_prices):+.2%}")
    memory = max((r.memory or 0 for r in runs), default=0)
    before = max((r.memory_before or 0 for r in runs), default=0)
    sums, worst = ([v for r in runs if (v := value(r)) is not None] for value in (_sum, _worst))
    cells = [
        title,
        {"assign": "**ours**", "bound": "**our LP bound**"}.get(who, who),
        f"{limit:g}" if limit else "",
        f"{len(runs)}",
        f"{np.median(gaps):.3%}, {max(gaps):.3%}" if gaps else "",
        ""
        if goal is None
        else f"{goal:.2%} " + ("reached" if _reached(goal, runs, gaps, worst) else "**missed**"),
        _most([r.seconds for r in runs]),
        _most([r.cpu_seconds for r in runs]),
        f"{memory / MEGABYTE:,.0f} ({before / MEGABYTE:,.0f})" if memory else "",
        f"{max(sums):.2g}, {max(worst):.2g}" if sums else "",
        "; ".join(remarks),
    ]
    return "| " + " | ".join(cells) + " |"


def _reached(goal: float, runs: Sequence[Measured], gaps: Sequence[float], worst: Sequence[float]) -> bool:
    return len(gaps) == len(runs) and max(gaps) <= goal and max(worst) <= 1e-6


def _sum(result: Measured) -> float | None:
    return result.violation


def _worst(result: Measured) -> float | None:
    return result.worst_violation


def _most(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{max(known):.2f}" if known else ""


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()

    changed = " and changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + changed


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.partition(":")[2].strip()
            for line in information.read_text().splitlines()
            if "model name" in line
        ]
        processor = names[0] if names else processor
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} x {processor}, Python {platform.python_version()}{load}"
