"""Measure assignments of every size beside what planners use otherwise: python -m benchmarks.assignment.

Every run is a fresh process that makes its instance, does one thing and says what it took. Cost, limits and
bound are computed again here and in `peers.score`, from arrays and prices alone.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go

from benchmarks import peers
from benchmarks.instances import Instance, planning
from benchmarks.report import Measured, report
from optimizer.core.assignment import Problem
from optimizer.core.bound import lower_bound
from optimizer.core.certificate import Certificate
from optimizer.core.engines import assign

ROOT = Path(__file__).parents[1]
PLANNERS = (
    "CP-SAT",
    "HiGHS",
    "SCIP",
    "Timefold",
    "b2b-territory-optimization",
    "k-means-constrained",
    "today's book",
)
ONE_THREAD = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


@dataclass(frozen=True)
class Row:
    """A problem of the table.

    Parameters
    ----------
    title
        What it is.
    size
        Customers, reps and candidates a customer.
    reach
        Seconds -> how far above the bound the plan may be at most, a fraction.
    tolerances
        Width of the bands around fair hours and potential, fractions.
    peers
        Planners to run on the first seed.
    bounds
        Solvers of the LP alone, to run on the first seed beside our bound.
    seeds
        At most so many.
    also
        More of `OURS` to run on the first seed for as long as a peer.
    move_share
        Share of the customers that may move at most. Without a limit nine of ten would, and the bands need
        about one of twenty-five.
    """

    title: str
    size: tuple[int, int, int]
    reach: Mapping[float, float]
    tolerances: tuple[float, float] = (0.05, 0.10)
    peers: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    seeds: int = 5
    also: tuple[str, ...] = ()
    move_share: float | None = None


LPS = ("HiGHS IPX", "HiGHS IPX + crossover", "GLOP")
ROWS: Mapping[str, Row] = {
    "small": Row("1,000 x 20", (1_000, 20, 20), {1: 0.005, 10: 0.0025}, peers=PLANNERS, bounds=LPS),
    "tight": Row(
        "1,000 x 20, bands of 1 %", (1_000, 20, 20), {30: 0.005}, (0.01, 0.01), peers=("CP-SAT", "HiGHS")
    ),
    "moves": Row(
        "1,000 x 20, 10 % may move", (1_000, 20, 20), {30: 0.005}, peers=("CP-SAT", "HiGHS"), move_share=0.1
    ),
    "medium": Row("10,000 x 100", (10_000, 100, 15), {5: 0.0015, 30: 0.001}, peers=PLANNERS, bounds=LPS),
    "large": Row(
        "100,000 x 500", (100_000, 500, 15), {45: 0.0015, 90: 0.001}, bounds=("HiGHS IPX",), seeds=1
    ),
    "huge": Row("1,000,000 x 5,000", (1_000_000, 5_000, 8), {900: 0.0025}, seeds=1),
}


@dataclass(frozen=True)
class Job:
    """What one fresh process does.

    Parameters
    ----------
    row, seed
        Which instance.
    who
        "assign", "bound" or the name of a peer.
    seconds
        How long it may take.
    workers
        Threads of a peer that can have several.
    size
        Instead of the row's.
    """

    row: str
    seed: int
    who: str
    seconds: float
    workers: int = 1
    size: tuple[int, int, int] | None = field(default=None)


def make(row: Row, seed: int) -> Instance:
    """Make the instance of a row."""
    customers, reps, candidates = row.size
    hours, potential = row.tolerances
    move_limit = None if row.move_share is None else int(row.move_share * customers)
    return planning(
        customers,
        reps,
        candidates=candidates,
        seed=seed,
        hours_tolerance=hours,
        potential_tolerance=potential,
        move_limit=move_limit,
    )


def certified(problem: Problem, certificate: Certificate) -> float:
    """Compute the bound that prices prove (weak duality); those without a limit count as 0.

    Where units have prices too, every rep's best book within the limits of the measure they name is found by
    going through all loads, and the better of the two bounds counts.
    """
    reduced, limits = _priced(problem, certificate, set())
    best = float(np.minimum.reduceat(reduced, problem.starts[:-1]).sum() - limits)
    if certificate.units is None:
        return best
    price, measure = certificate.units.price, problem.measure(certificate.units.measure)
    reduced, limits = _priced(problem, certificate, {measure.name})
    worth = price[problem.unit] - reduced
    digits = next(
        d for d in range(4) if np.allclose(measure.amount * 10**d, np.rint(measure.amount * 10**d), atol=1e-6)
    )
    amount = np.rint(measure.amount * 10**digits).astype(int)
    whole = price.sum() - limits
    for rep in range(problem.reps):
        low, high = (float(np.clip(limit[rep], -1e9, 1e9)) for limit in (measure.lower, measure.upper))
        book = np.flatnonzero(problem.rep == rep)
        top = min(int((high + 2e-6 * max(abs(high), 1)) * 10**digits), int(amount[book].sum()))
        most = np.full(top + 1, -np.inf)  # worth of the best book of each load
        most[0] = 0.0
        for pair in book:
            if amount[pair] <= top:
                most[amount[pair] :] = np.maximum(
                    most[amount[pair] :], most[: len(most) - amount[pair]] + worth[pair]
                )
        first = max(int(np.ceil((low - 2e-6 * max(abs(low), 1)) * 10**digits)), 0)
        whole -= most[first:].max(initial=-np.inf)
    return max(best, float(whole))


def _priced(problem: Problem, certificate: Certificate, without: set[str]) -> tuple[np.ndarray, float]:
    """Add the prices of limits to costs, and give what the limits themselves are worth at them."""
    reduced, limits = problem.cost.copy(), 0.0
    for measure in problem.measures:
        if measure.name in without:
            continue
        price = np.clip(
            certificate.measures.get(measure.name, np.zeros(problem.reps)),
            np.where(np.isfinite(measure.lower), -measure.price, 0),
            np.where(np.isfinite(measure.upper), measure.price, 0),
        )
        reduced += price[problem.rep] * measure.amount
        if measure.other is not None:
            reduced += np.where(measure.other >= 0, price[measure.other] * measure.other_amount, 0)
        limits += np.maximum(price, 0) @ np.nan_to_num(measure.upper, posinf=0)
        limits += np.minimum(price, 0) @ np.nan_to_num(measure.lower, neginf=0)
    for budget in problem.budgets:
        price = min(max(certificate.budgets.get(budget.name, 0.0), 0.0), budget.price)
        reduced += price * budget.amount
        limits += price * budget.limit
    return reduced, float(limits)


def work(job: Job) -> Measured:
    """Make the instance and do the job in this process; measure what it took."""
    row = ROWS[job.row] if job.size is None else replace(ROWS[job.row], size=job.size)
    instance = make(row, job.seed)
    before = _peak()
    began, worked = time.perf_counter(), time.process_time()
    found = OURS.get(job.who, _peer)(job, instance)
    seconds, cpu, memory = time.perf_counter() - began, time.process_time() - worked, _peak()
    owner, certificate = found.pop("owner"), found.pop("certificate")
    shares = None if owner is None else peers.score(instance.problem, owner)
    return Measured(
        row=job.row,
        seed=job.seed,
        who=job.who,
        limit=job.seconds,
        seconds=found.pop("seconds", seconds),
        cpu_seconds=found.pop("cpu_seconds", cpu),
        memory=memory,
        memory_before=before,
        cost=shares.cost if shares else None,
        violation=shares.violation if shares else None,
        worst_violation=shares.worst_violation if shares else None,
        ineligible=shares.ineligible if shares else None,
        certified=certified(instance.problem, certificate) if certificate is not None else None,
        **found,
    )


def measure(job: Job, environment: Mapping[str, str] | None = None) -> Measured:
    """Do a job in a fresh process; what dies or takes far too long is a note."""
    environment = {**os.environ, **({} if job.who in peers.PEERS else ONE_THREAD), **(environment or {})}
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "benchmarks.assignment", "--job", json.dumps(asdict(job))]
        patience = 3 * job.seconds + 600
        try:
            ended = subprocess.run(
                [*command, "--out", str(answer)],
                cwd=ROOT,
                env=environment,
                timeout=patience,
                capture_output=True,
                text=True,
                check=False,
            )
            failure = (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
        except subprocess.TimeoutExpired:
            failure = f"stopped after {patience:.0f} s"
        if answer.exists():
            return Measured(**json.loads(answer.read_text(encoding="utf-8")))
    return Measured(row=job.row, seed=job.seed, who=job.who, limit=job.seconds, note=failure)


def jobs(rows: Sequence[str], seeds: int, peer_seconds: float, peer_workers: int) -> list[Job]:
    """List what to measure: our plans on every seed, peers and bounds on the first."""
    wanted = []
    for name in rows:
        row = ROWS[name]
        wanted += [
            Job(name, seed, "assign", limit) for limit in row.reach for seed in range(min(seeds, row.seeds))
        ]
        wanted += [Job(name, 0, "bound", 0.0)] if row.bounds else []
        if peer_seconds <= 0:
            continue
        # An LP that is stopped has no bound at all, so these get the time they need.
        wanted += [Job(name, 0, who, max(300.0, peer_seconds)) for who in row.bounds]
        wanted += [Job(name, 0, who, peer_seconds) for who in row.also]
        wanted += [Job(name, 0, who, peer_seconds, peer_workers) for who in row.peers]
    return wanted


def first_start() -> tuple[float, float]:
    """Time a small plan in a fresh process with nothing compiled, then again (whole processes, seconds)."""
    job = Job("small", 0, "assign", 1.0, size=(200, 8, 8))
    spent = []
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(2):
            began = time.perf_counter()
            measure(job, {"NUMBA_CACHE_DIR": cache})
            spent.append(time.perf_counter() - began)
    return spent[0], spent[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    if options.job:
        given = json.loads(options.job)
        job = Job(**given | {"size": given["size"] and tuple(given["size"])})
        options.out.write_text(json.dumps(asdict(work(job))), encoding="utf-8")
        return 0
    rows = options.rows.split(",") if options.rows else ["small"] if options.quick else list(ROWS)
    if unknown := [name for name in rows if name not in ROWS]:
        print(f"assignment: no row {', '.join(unknown)}; there are {', '.join(ROWS)}", file=sys.stderr)
        return 2
    seeds, peer_seconds = (1, 5.0) if options.quick else (options.seeds, options.peer_seconds)
    todo = jobs(rows, seeds, peer_seconds, options.peer_workers)
    if options.quick:
        todo = [job for job in todo if job.who != "assign" or job.seconds == min(ROWS[job.row].reach)]
    starts = first_start()
    for name in rows:
        # Compile what this kind of problem needs; with thousands of limits that is other linear algebra.
        size = (200, 8, 8) if ROWS[name].size[1] < 1_000 else (4_000, 1_300, 8)
        measure(Job(name, 0, "assign", 1.0, size=size))
    results = []
    for job in todo:
        results.append(measure(job))
        print(
            f"{job.row}, seed {job.seed}, {job.who}, {job.seconds:g} s: {results[-1].said()}", file=sys.stderr
        )
    text = report(
        {name: ROWS[name].title for name in rows}, {n: ROWS[n].reach for n in rows}, results, starts
    )
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")
        draw_curves(results, options.out.with_suffix(""))
    return 0


def draw_curves(results: Sequence[Measured], path: Path) -> None:
    """Write best and bound over time to PATH-curves.csv, and gap over time to PATH-curves.html."""
    figure = go.Figure()
    with path.with_name(path.name + "-curves.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["problem", "seed", "limit_seconds", "seconds", "best", "bound", "gap"])
        for result in results:
            curve = [point for point in result.curve if point[1] is not None]
            writer.writerows([result.row, result.seed, result.limit, *point] for point in curve)
            if curve:
                seconds, _, _, gap = zip(*curve, strict=True)
                title = f"{ROWS[result.row].title}, seed {result.seed}, {result.limit:g} s"
                figure.add_scatter(x=seconds, y=gap, name=title, mode="lines", line_shape="hv")
    figure.update_xaxes(title="seconds", type="log")
    figure.update_yaxes(title="gap between plan and bound", type="log", tickformat=".2%")
    figure.write_html(path.with_name(path.name + "-curves.html"), include_plotlyjs="directory")


def _assign(job: Job, instance: Instance) -> dict[str, Any]:
    curve: list[tuple[float, float | None, float | None, float | None]] = []

    def note(best: float | None, bound: float | None, gap: float | None, seconds: float) -> None:
        curve.append((seconds, _finite(best), _finite(bound), _finite(gap)))

    began, worked = time.perf_counter(), time.process_time()
    answer = assign(instance.problem, time_limit=job.seconds, gap=0.0, progress=note)
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - worked,
        "owner": np.asarray(answer.owner),
        "certificate": answer.certificate,
        "bound": _finite(answer.bound),
        "solver_seconds": None,
        "note": f"{answer.engine}, {answer.status}",
        "curve": curve,
    }


def _bound(job: Job, instance: Instance) -> dict[str, Any]:
    began, worked = time.perf_counter(), time.process_time()
    answer = lower_bound(instance.problem)
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - worked,
        "owner": None,
        "certificate": answer.certificate,
        "bound": answer.value,
        "solver_seconds": None,
        "note": "LP by prices",
    }


OURS: Mapping[str, Callable[[Job, Instance], dict[str, Any]]] = {"assign": _assign, "bound": _bound}
"""What we do with an instance: owner, certificate, and fields of `Measured`."""


def _peer(job: Job, instance: Instance) -> dict[str, Any]:
    answer = peers.run(job.who, instance, job.seconds, job.workers)
    return {**asdict(answer), "certificate": None}


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None


def _peak() -> int:
    """Give the most memory this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.assignment", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--rows", help=f"which problems, with commas: {','.join(ROWS)} (all)")
    parser.add_argument("--seeds", type=int, default=5, help="instances a problem, at most (5)")
    parser.add_argument("--peer-seconds", type=float, default=60.0, help="for each peer (60); 0: none")
    parser.add_argument(
        "--peer-workers", type=int, default=2, help="threads for peers that can have several (2)"
    )
    parser.add_argument("--quick", action="store_true", help="one small instance, 5 s for each peer")
    parser.add_argument("--out", type=Path, help="write the table here, and curves beside it")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
