"""Measure edits of quotas beside a library that cascades and pins them: python -m benchmarks.quotas.

Pins are exact amounts for reps and managers, line by line and month by month in one proportion, and their
siblings make up for them in proportion. That is the default of b2b-revenue-forecasting, too, so its cells can
be held against ours. Every run is a fresh process with one thread. Who misses which pin is counted here, from
cells alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.assignment import ONE_THREAD, ROOT, _peak
from benchmarks.quota_cubes import CENT, Mix, company, edits, frame, pinned
from benchmarks.report import MEGABYTE, _commit, _machine
from optimizer.quotas import apply_edits
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import NotSettled, least_departure
from optimizer.quotas.edits import read_edits
from optimizer.quotas.judge import solve
from scenarios.quota_edits import Pin

PEER, PACKAGE = "b2b-revenue-forecasting", "b2b_revenue_forecasting"
NEAR = 2 * CENT + CENT / 10
"""Money: a cell is the same in two answers that round it in different ways; each may be a cent off."""


@dataclass(frozen=True)
class Case:
    """What to measure.

    Parameters
    ----------
    title
        What the table calls it.
    size
        Reps, product lines, months.
    managers
        Regions, districts of each, teams of each.
    pins
        A kind of `pinned`: which nodes are pinned together.
    count
        How many pins; of small sets, how many sets, one after the other from the same cube.
    runs
        Who does it, with which mix.
    """

    title: str
    size: tuple[int, int, int]
    managers: tuple[int, int, int]
    pins: str
    count: int
    runs: tuple[tuple[str, Mix], ...] = (("ours", "keep"), (PEER, "keep"))


BIG, SMALL, MANAGERS = (500, 20, 12), (500, 4, 3), (5, 4, 5)
BOTH: tuple[tuple[str, Mix], ...] = (("ours", "keep"), ("ours", "free"))
JUDGED: tuple[tuple[str, Mix], ...] = (
    ("Newton", "keep"),
    ("PDLP", "keep"),
    ("Newton", "free"),
    ("PDLP", "free"),
)
CASES: Mapping[str, Case] = {
    "apart": Case("50 pins apart", BIG, MANAGERS, "apart", 50),
    "random": Case("50 pins anywhere", BIG, MANAGERS, "random", 50, (*BOTH, (PEER, "keep"))),
    "large": Case("50 pins anywhere", (5_000, 50, 12), (10, 10, 10), "random", 50, BOTH),
    "region": Case("10 pins in one region", (100, 20, 12), (1, 4, 5), "random", 10, JUDGED),
    "single": Case("one pin", SMALL, MANAGERS, "single", 8),
    "siblings": Case("two siblings", SMALL, MANAGERS, "siblings", 6),
    "direct": Case("a manager and a direct report", SMALL, MANAGERS, "direct", 6),
    "deep": Case("a manager and one two levels below", SMALL, MANAGERS, "deep", 6),
    "aside": Case("a node and its manager's sibling", SMALL, MANAGERS, "aside", 6),
}


@dataclass(frozen=True)
class Job:
    """What one fresh process does: a case of `CASES`, by whom, with which mix."""

    case: str
    who: str
    mix: Mix = "keep"


@dataclass(frozen=True)
class Took:
    """What one process took and how well it kept what was asked.

    Parameters
    ----------
    case, who, mix
        As of `Job`.
    seconds, cpu_seconds
        Of the calls, all threads; making cube, frame and pins is not counted.
    memory, memory_before
        Most bytes the process has held, at the end and before the calls.
    missed
        Most by which the cells of a pinned node's reps miss its amount, money.
    moved_total
        Most by which the company's total changed, money.
    note
        Why there is no answer.
    """

    case: str
    who: str
    mix: str
    seconds: float | None = None
    cpu_seconds: float | None = None
    memory: int | None = None
    memory_before: int | None = None
    missed: float | None = None
    moved_total: float | None = None
    note: str = ""


def work(job: Job) -> tuple[Took, np.ndarray]:
    """Do a job in this process, set by set.

    Returns
    -------
    What it took, and the cells, money, [sets, people, lines, months]; none where there is no answer.
    """
    case = CASES[job.case]
    cube = company(case.size, case.managers)
    sets = [edits(cube, nodes, job.mix) for nodes in pinned(cube.people, case.pins, case.count)]
    if job.who == PEER and not find_spec(PACKAGE):
        return Took(job.case, job.who, job.mix, note=f"not installed: {PACKAGE}"), np.zeros(0)
    todo = [WHO[job.who](cube, pins) for pins in sets]
    before, began, worked = _peak(), time.perf_counter(), time.process_time()
    try:
        answers = [call() for call in todo]
    except NotSettled:
        return Took(job.case, job.who, job.mix, note="no answer of its precision"), np.zeros(0)
    seconds, cpu, memory = time.perf_counter() - began, time.process_time() - worked, _peak()
    cells = np.stack([read() for read in answers])
    taken = Took(job.case, job.who, job.mix, seconds, cpu, memory, before)
    return replace(taken, **_kept(cube, sets, cells)), cells


def _kept(cube: Cube, sets: Sequence[Mapping[str, Pin]], cells: np.ndarray) -> dict[str, float]:
    misses = [0.0]
    for pins, found in zip(sets, cells, strict=True):
        for pin in pins.values():
            reps = cube.people.under(cube.people.find(pin.node, "pin"))
            misses.append(abs(float(found[reps].sum()) - pin.amount))
    moved = np.abs(cells.sum(axis=(1, 2, 3)) - cube.total() * cube.unit).max(initial=0.0)
    return {"missed": max(misses), "moved_total": float(moved)}


Read = Callable[[], np.ndarray]


def _ours(cube: Cube, pins: Mapping[str, Pin]) -> Callable[[], Read]:
    def call() -> Read:
        edited = apply_edits(cube, pins)
        return lambda: edited.cube.amounts

    return call


def _newton(cube: Cube, pins: Mapping[str, Pin]) -> Callable[[], Read]:
    model = read_edits(cube, pins).joint()

    def call() -> Read:
        answer = least_departure(model)
        return lambda: answer.amounts * cube.unit

    return call


def _pdlp(cube: Cube, pins: Mapping[str, Pin]) -> Callable[[], Read]:
    model = read_edits(cube, pins).joint()

    def call() -> Read:
        answer = solve(model)
        return lambda: answer.amounts * cube.unit

    return call


def _peer(cube: Cube, pins: Mapping[str, Pin]) -> Callable[[], Read]:
    from b2b_revenue_forecasting.pins import Pin as PeerPin
    from b2b_revenue_forecasting.pins import apply_pins

    table, tree = frame(cube), cube.people
    wanted = [PeerPin(pin.node, pin.amount) for pin in pins.values()]

    def call() -> Read:
        with warnings.catch_warnings():
            # That managers and reports differ by cents: counted here from the cells.
            warnings.simplefilter("ignore", UserWarning)
            edited, _ = apply_pins(table, wanted, row_keys=["line", "month"])
        whole = edited["base_quota"].to_numpy().reshape(len(tree), *cube.units.shape[1:])
        return lambda: whole[tree.leaves]

    return call


WHO: Mapping[str, Callable[[Cube, Mapping[str, Pin]], Callable[[], Read]]] = {
    "ours": _ours,
    "Newton": _newton,
    "PDLP": _pdlp,
    PEER: _peer,
}
"""What prepares a call that edits the cube; the call gives what reads its cells."""


def measure(job: Job) -> tuple[Took, np.ndarray]:
    """Do a job in a fresh process of one thread; why one died is a note."""
    with tempfile.TemporaryDirectory() as folder:
        cells = Path(folder) / "cells.npy"
        command = [sys.executable, "-m", "benchmarks.quotas", "--job", json.dumps(asdict(job))]
        ended = subprocess.run(
            [*command, "--out", str(cells)],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode == 0:
            return Took(**json.loads(ended.stdout.splitlines()[-1])), np.load(cells)
    failure = (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
    return Took(job.case, job.who, job.mix, note=failure), np.zeros(0)


def differences(case: Case, some: np.ndarray, others: np.ndarray) -> tuple[float, int, float]:
    """Compare two answers cell by cell.

    Returns
    -------
    The largest difference of a cell, money; how many cells differ by more than rounding; and the money that
    lies elsewhere, as a share of what the first answer moved.
    """
    before = company(case.size, case.managers).amounts
    apart = np.abs(some - others)
    moved = np.abs(some - before).sum()
    return float(apart.max()), int((apart > NEAR).sum()), float(apart.sum() / moved) if moved else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    if options.job:
        took, cells = work(Job(**json.loads(options.job)))
        np.save(options.out, cells)
        print(json.dumps(asdict(took)))
        return 0
    names = options.cases.split(",") if options.cases else list(CASES)
    if unknown := [name for name in names if name not in CASES]:
        print(f"quotas: no case {', '.join(unknown)}; there are {', '.join(CASES)}", file=sys.stderr)
        return 2
    taken: list[Took] = []
    compared: list[tuple[str, Mix, tuple[float, int, float]]] = []
    for name in names:
        cells: dict[tuple[str, Mix], np.ndarray] = {}
        for who, mix in CASES[name].runs:
            for _ in range(options.peer_runs if who == PEER else options.runs):
                took, cells[who, mix] = measure(Job(name, who, mix))
                taken.append(took)
                print(f"{name}, {who}, {mix}: {took.note or f'{took.seconds:.2f} s'}", file=sys.stderr)
        compared += [(name, *found) for found in _compared(CASES[name], cells)]
    text = report(taken, compared)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    if options.json:
        content = {"runs": [asdict(took) for took in taken], "compared": compared}
        options.json.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return 0


def _compared(
    case: Case, cells: Mapping[tuple[str, Mix], np.ndarray]
) -> Iterator[tuple[Mix, tuple[float, int, float]]]:
    for (who, mix), other in (
        ((PEER, "keep"), "ours"),
        (("PDLP", "keep"), "Newton"),
        (("PDLP", "free"), "Newton"),
    ):
        both = cells.get((other, mix), np.zeros(0)), cells.get((who, mix), np.zeros(0))
        if both[0].size and both[1].size:
            yield mix, differences(case, *both)


def report(taken: Sequence[Took], compared: Sequence[tuple[str, str, tuple[float, int, float]]]) -> str:
    """Write two Markdown tables: what the runs took, and how far answers are from each other."""
    lines = [
        f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; medians of the runs.",
        "",
        "| reps x lines x months | edits | by | mix | runs | wall s | CPU s | times ours: wall, CPU "
        "| peak MB | a pin is missed by | the total moves by |",
        "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for case, who, mix in dict.fromkeys((took.case, took.who, took.mix) for took in taken):
        runs = [took for took in taken if (took.case, took.who, took.mix) == (case, who, mix)]
        lines.append(_line(runs, [took for took in taken if (took.case, took.mix) == (case, mix)]))
    lines += [
        "",
        "| reps x lines x months | edits | mix | sets | largest difference of a cell | cells that differ "
        "| money elsewhere, of what moves |",
        "|---|---|---|--:|--:|--:|--:|",
    ]
    for name, mix, (most, cells, share) in compared:
        case = CASES[name]
        sets = 1 if case.pins in ("random", "apart") else case.count
        lines.append(
            f"| {_size(case)} | {case.title} | {mix} | {sets} | {most:,.3f} | {cells:,} | {share:.2%} |"
        )
    return "\n".join(lines)


def _line(runs: Sequence[Took], beside: Sequence[Took]) -> str:
    case, first = CASES[runs[0].case], runs[0]
    head = f"| {_size(case)} | {case.title} | {first.who} | {first.mix} | {len(runs)} |"
    if any(took.seconds is None for took in runs):
        return f"{head} {next(took.note for took in runs if took.note)} | | | | | |"
    ours = [took for took in beside if took.who == case.runs[0][0]]
    wall, cpu = (_median(runs, name) for name in ("seconds", "cpu_seconds"))
    times = ""
    if first.who != case.runs[0][0] and ours and ours[0].seconds is not None:
        times = f"{wall / _median(ours, 'seconds'):,.0f}, {cpu / _median(ours, 'cpu_seconds'):,.0f}"
    peak, before = (max(getattr(t, name) for t in runs) for name in ("memory", "memory_before"))
    missed, moved = (max(getattr(t, name) for t in runs) for name in ("missed", "moved_total"))
    return (
        f"{head} {wall:.2f} | {cpu:.2f} | {times} | {peak / MEGABYTE:,.0f} ({before / MEGABYTE:,.0f}) "
        f"| {missed:.3f} | {moved:.3f} |"
    )


def _median(runs: Sequence[Took], name: str) -> float:
    return float(np.median([getattr(took, name) for took in runs]))


def _size(case: Case) -> str:
    return " x ".join(f"{n:,}" for n in case.size)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quotas", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--cases", help=f"which, with commas: {','.join(CASES)} (all)")
    parser.add_argument("--runs", type=int, default=3, help="of ours and of solvers, each a process (3)")
    parser.add_argument("--peer-runs", type=int, default=1, help=f"of {PEER} (1); 0: none")
    parser.add_argument("--out", type=Path, help="write the tables here")
    parser.add_argument("--json", type=Path, help="write all runs here")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
