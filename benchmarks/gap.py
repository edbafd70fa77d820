"""Solve generalized assignment problems in the OR-Library format: python -m benchmarks.gap FILES --json.

A file holds `m n`, m rows of n costs, m rows of n resource uses and m capacities, separated by white space;
or first a line with the number of instances and then so many of them. Least cost is sought. The printed
cost, and that the capacities hold, are computed here from the file, without the optimizer.
"""

import argparse
import csv
import json
import math
import re
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.core.assignment import Measure, Problem
from optimizer.core.engines import assign
from scenarios.errors import EvenfieldError


class BadFile(EvenfieldError):
    """A file is not what its name promises; the message has place and remedy."""


@dataclass(frozen=True, eq=False)
class Gap:
    """A generalized assignment problem.

    Parameters
    ----------
    name
        The file's name without ending; `-0`, `-1`, ... follow where a file holds several.
    cost, use
        Money and resource of each job (column) with each agent (row).
    capacity
        Resource of each agent.
    """

    name: str
    cost: np.ndarray
    use: np.ndarray
    capacity: np.ndarray


def read(path: Path) -> list[Gap]:
    """Read all instances of a file.

    Raises
    ------
    BadFile
        If it cannot be read or is not in the format.
    """
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror}); name a text file") from error
    except UnicodeDecodeError as error:
        raise BadFile(
            f"{path}: not a text file; give the OR-Library format, numbers and white space"
        ) from error
    lines = [words for line in text.splitlines() if (words := line.split())]
    if not lines:
        raise BadFile(f"{path}: empty; give `m n`, then costs, resource uses and capacities")
    numbers = _numbers(path, text)
    announced, at = (int(numbers[0]), 1) if len(lines[0]) == 1 else (None, 0)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    while at < len(numbers):
        if announced is not None and len(found) == announced:
            raise BadFile(f"{path}: {len(numbers) - at} numbers too many after {announced} instances")
        agents, jobs = _size(path, numbers[at : at + 2])
        table = agents * jobs
        end = at + 2 + 2 * table + agents
        if end > len(numbers):
            raise BadFile(
                f"{path}: {agents} agents and {jobs} jobs need {2 * table + agents} numbers after `m n`, "
                f"got {len(numbers) - at - 2}"
            )
        body = numbers[at + 2 : end]
        cost, use, capacity = body[:table], body[table : 2 * table], body[2 * table :]
        if (use < 0).any() or (capacity < 0).any():
            raise BadFile(f"{path}: resource uses and capacities must be >= 0")
        found.append((cost.reshape(agents, jobs), use.reshape(agents, jobs), capacity))
        at = end
    if announced is not None and len(found) != announced:
        raise BadFile(f"{path}: the first line announces {announced} instances, got {len(found)}")
    names = [path.stem] if len(found) == 1 else [f"{path.stem}-{i}" for i in range(len(found))]
    return [Gap(name, *arrays) for name, arrays in zip(names, found, strict=True)]


def core_problem(gap: Gap) -> Problem:
    """Give the core problem: jobs are units, agents are reps, capacities the upper limits of one measure."""
    agents, jobs = gap.cost.shape
    measure = Measure("resource", gap.use.T.ravel(), np.full(agents, -np.inf), gap.capacity)
    unit, rep = np.repeat(np.arange(jobs), agents), np.tile(np.arange(agents), jobs)
    return Problem(jobs, agents, unit, rep, gap.cost.T.ravel(), (measure,))


def judge(gap: Gap, agent: np.ndarray) -> tuple[float, bool]:
    """Give the cost of an agent for each job, and whether every job has one and all capacities hold."""
    agents, jobs = gap.cost.shape
    if agent.shape != (jobs,) or (agent < 0).any() or (agent >= agents).any():
        return math.inf, False
    job = np.arange(jobs)
    load = np.bincount(agent, gap.use[agent, job], agents)
    # Sums of whole numbers are exact; fractions get the error of their addition.
    return float(gap.cost[agent, job].sum()), bool((load <= gap.capacity + 1e-9 * load).all())


def solve(gap: Gap, *, time_limit: float, engine: str = "auto", seed: int = 1) -> dict[str, Any]:
    """Solve an instance and give what is printed of it.

    `bound` is rounded up where all costs are whole numbers, for then so is every plan's cost.
    """
    agents, jobs = gap.cost.shape
    shown: dict[str, Any] = {"instance": gap.name, "agents": agents, "jobs": jobs}
    began = time.perf_counter()
    try:
        answer = assign(core_problem(gap), time_limit=time_limit, gap=0.0, engine=engine, seed=seed)
    except EvenfieldError as error:
        seconds = round(time.perf_counter() - began, 3)
        nothing = dict.fromkeys(("cost", "bound", "gap"))
        return (
            shown | nothing | {"seconds": seconds, "engine": engine, "status": str(error), "feasible": False}
        )
    seconds = time.perf_counter() - began
    cost, feasible = judge(gap, np.asarray(answer.owner))
    bound = float(answer.bound)
    if (gap.cost == np.rint(gap.cost)).all() and math.isfinite(bound):
        bound = float(math.ceil(bound - 1e-6 - 1e-9 * abs(bound)))
    apart = max(cost - bound, 0.0)
    return shown | {
        "cost": _short(cost) if math.isfinite(cost) else None,
        "bound": _short(bound) if math.isfinite(bound) else None,
        "gap": apart / max(abs(cost), 1e-9) if math.isfinite(apart) else None,
        "seconds": round(seconds, 3),
        "engine": answer.engine,
        "status": answer.status,
        "feasible": feasible,
    }


def read_best(path: Path) -> dict[str, float]:
    """Read best known values from columns `instance` and `best_known`.

    Raises
    ------
    BadFile
        If it cannot be read or lacks a column or a number.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        return {row["instance"]: float(row["best_known"]) for row in rows}
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror})") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(
            f"{path}: needs columns instance and best_known, a number in each row ({error})"
        ) from error


def summary(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say by type (the letters a name begins with) how far the costs are above the best known."""
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        letters = re.match(r"[A-Za-z]*", row["instance"])
        by_type.setdefault(letters[0] if letters else "", []).append(row)
    lines = []
    for kind, some in sorted(by_type.items()):
        above = [row["deviation"] for row in some if row.get("deviation") is not None]
        text = f"{kind or '?'}: {len(some)} instances, {sum(row['feasible'] for row in some)} with a plan"
        if above:
            text += (
                f", {sum(d <= 0 for d in above)} of {len(above)} at best known, "
                f"above it {np.mean(above):.3%} on average, {max(above):.3%} at most"
            )
        gaps = [row["gap"] for row in some if row["gap"] is not None]
        if gaps:
            text += f"; own gap {np.mean(gaps):.3%} on average, {max(gaps):.3%} at most"
        lines.append(text)
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 2 says that a file is not understood, 1 that a plan is missing or not allowed."""
    options = _parser().parse_args(arguments)
    try:
        best = read_best(options.best) if options.best else {}
        instances = [gap for path in options.files for gap in read(path)]
    except BadFile as error:
        print(f"gap: {error}", file=sys.stderr)
        return 2
    rows = []
    for gap in instances:
        row = solve(gap, time_limit=options.time_limit, engine=options.engine, seed=options.seed)
        if gap.name in best:
            known = best[gap.name]
            row["best_known"] = _short(known)
            row["deviation"] = None if row["cost"] is None else (row["cost"] - known) / max(abs(known), 1e-9)
        rows.append(row)
        print(json.dumps(row) if options.json else _line(row), flush=True)
        if row["status"] == "interrupted":
            break
    if best:
        print("\n".join(summary(rows)), file=sys.stderr if options.json else sys.stdout)
    return 0 if len(rows) == len(instances) and all(row["feasible"] for row in rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gap", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILES", help="in the OR-Library format")
    parser.add_argument("--time-limit", type=_seconds, default=60.0, help="seconds for each instance (60)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line and instance")
    parser.add_argument("--best", type=Path, help="CSV with columns instance and best_known to compare with")
    parser.add_argument("--engine", choices=("auto", "exact", "search"), default="auto")
    parser.add_argument("--seed", type=int, default=1, help="seed of the engines (1)")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number of seconds >= 0, got {text!r}")
    return seconds


def _numbers(path: Path, text: str) -> np.ndarray:
    for row, line in enumerate(text.splitlines(), 1):
        for word in line.split():
            try:
                value = float(word)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise BadFile(f"{path} line {row}: must be a number, got {word!r}")
    return np.array(text.split(), dtype=float)


def _size(path: Path, pair: np.ndarray) -> tuple[int, int]:
    if len(pair) < 2 or (pair != np.rint(pair)).any() or (pair < 1).any():
        raise BadFile(
            f"{path}: expected `m n`, how many agents and jobs, got {' '.join(f'{v:g}' for v in pair)!r}"
        )
    return int(pair[0]), int(pair[1])


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _line(row: Mapping[str, Any]) -> str:
    if row["cost"] is None:
        return f"{row['instance']}: no plan after {row['seconds']} s: {row['status']}"
    gap = "no bound" if row["gap"] is None else f"bound {row['bound']}, gap {row['gap']:.3%}"
    text = f"{row['instance']}: {row['cost']} ({gap}) in {row['seconds']} s, {row['engine']}, {row['status']}"
    if row.get("deviation") is not None:
        text += f", {row['deviation']:+.3%} from best known {row['best_known']}"
    return text if row["feasible"] else text + ", BREAKS CAPACITIES"


if __name__ == "__main__":
    sys.exit(main())
