"""Measure simulated years beside other simulators: python -m benchmarks.simulation.

A simple pipeline is played by us, by plain SimPy, by ciw and by salabim; a year with everything on by us and
by our reference, which has a process for every opportunity, visit, call and seat. All play the same luck,
drawn before the clock starts, in one process of one thread, turn by turn, and must come to the same cents.
Then thousands of years, each number of them in a fresh process, for time and memory. Seconds are CPU seconds.
"""

import argparse
import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.assignment import ONE_THREAD, ROOT, _peak
from benchmarks.companies import everything, simple
from benchmarks.pipeline import pipeline_of, totals_of
from benchmarks.report import MEGABYTE, _commit, _machine
from simulation.accounting.measures import measure
from simulation.company.year import play
from simulation.luck.fate import Fate, draw
from simulation.reference import live_by_the_book
from simulation.replicating.replications import simulate
from simulation.world.world import World, world_of

Size = tuple[int, int]

SMALL, LARGE = (1_000, 20), (20_000, 200)
COMPANIES = {"simple": simple, "everything": everything}
PEERS = {"SimPy": "simpy", "ciw": "ciw", "salabim": "salabim"}
"""Who plays the simple pipeline beside us, in `benchmarks.<module>_year`, and the package it takes."""

REFERENCE = "reference"
REACH: Mapping[tuple[str, Size], float] = {
    ("SimPy", SMALL): 60,
    ("SimPy", LARGE): 120,
    ("ciw", SMALL): 300,
    ("ciw", LARGE): 300,
    ("salabim", SMALL): 500,
    ("salabim", LARGE): 500,
    (REFERENCE, SMALL): 15,
    (REFERENCE, LARGE): 30,
}
"""Times our CPU seconds that the others are meant to take at least."""

SEED = 1
YEAR, LUCK, MEASURES = "our year", "drawing its luck", "measuring it"


@dataclass(frozen=True)
class Race:
    """What playing the same years took.

    Parameters
    ----------
    company, size
        Which company of `COMPANIES`; customers, reps.
    opportunities
        That may arise in the first of the years.
    seconds
        CPU seconds by year and by who or what; one who plays fewer years has fewer.
    notes
        Why somebody did not play.
    """

    company: str
    size: Size
    opportunities: int
    seconds: dict[str, list[float]]
    notes: dict[str, str]


@dataclass(frozen=True)
class Many:
    """What many years of a company took in a fresh process.

    Parameters
    ----------
    company, size, replications
        Which.
    cpu_seconds, seconds
        Of the call, compiled code in the cache; CPU and wall.
    memory, memory_before
        Most bytes the process has held, at the end and after a first call of two years.
    """

    company: str
    size: Size
    replications: int
    cpu_seconds: float
    seconds: float
    memory: int
    memory_before: int


def race_simple(size: Size, years: Mapping[str, int]) -> Race:
    """Play years of the simple company turn by turn.

    Parameters
    ----------
    size
        Customers, reps.
    years
        How many each plays, by name of `PEERS` or `YEAR`; 0: none.

    Raises
    ------
    AssertionError
        If somebody comes to other totals.
    """
    world = _world("simple", size)
    race = Race("simple", size, len(draw(world, SEED, 0).opportunities.arises), {}, {})
    peers: dict[str, Callable] = {}
    for who, module in PEERS.items():
        if not find_spec(module):
            race.notes[who] = f"not installed: {module}"
        elif years[who]:
            peers[who] = importlib.import_module(f"benchmarks.{module}_year").play
    for number in range(years[YEAR]):
        fate, records = _play_ours(world, number, race)
        pipeline = pipeline_of(world, fate)
        for who, others in peers.items():
            if number < years[who]:
                found = _timed(race, who, lambda others=others, pipeline=pipeline: others(pipeline))
                assert found == totals_of(records), f"{who} comes to {found}, we to {totals_of(records)}"
                _say(f"simple, {size}, {who}: {race.seconds[who][-1]:.3f} s")
    return race


def race_everything(size: Size, years: Mapping[str, int]) -> Race:
    """Play years of the company with everything on turn by turn, as `race_simple` does.

    Raises
    ------
    AssertionError
        If the reference's journal is not ours, record by record.
    """
    world = _world("everything", size)
    race = Race("everything", size, len(draw(world, SEED, 0).opportunities.arises), {}, {})
    for number in range(years[YEAR]):
        fate, records = _play_ours(world, number, race)
        if number < years[REFERENCE]:
            found = _timed(race, REFERENCE, lambda fate=fate: live_by_the_book(world, fate))
            told = [tuple(map(float, record)) for record in found]
            assert sorted(told) == sorted(map(tuple, records.tolist())), "the reference tells another story"
            _say(f"everything, {size}, reference: {race.seconds[REFERENCE][-1]:.3f} s")
    return race


def _world(company: str, size: Size) -> World:
    """Compile a world, and what plays it: a year is played before the clock starts."""
    world = world_of(*COMPANIES[company](*size))
    measure(world, play(world, draw(world, SEED, 0)))
    return world


def _play_ours(world: World, number: int, race: Race) -> tuple[Fate, np.ndarray]:
    fate = _timed(race, LUCK, lambda: draw(world, SEED, number))
    year = _timed(race, YEAR, lambda: play(world, fate))
    _timed(race, MEASURES, lambda: measure(world, year))
    return fate, year.records


def _timed(race: Race, what: str, call: Callable) -> object:
    gc.collect()
    began = time.process_time()
    found = call()
    race.seconds.setdefault(what, []).append(time.process_time() - began)
    return found


def play_many(company: str, size: Size, replications: int) -> Many:
    """Simulate many years in this process."""
    scenario, plan = COMPANIES[company](*size)
    simulate(scenario, plan, seed=SEED, replications=2)
    before, began, worked = _peak(), time.perf_counter(), time.process_time()
    simulate(scenario, plan, seed=SEED, replications=replications)
    cpu, wall = time.process_time() - worked, time.perf_counter() - began
    return Many(company, size, replications, cpu, wall, _peak(), before)


def in_a_process(job: Sequence[object], cache: str | None = None) -> Many:
    """Let a fresh process of one thread do `play_many`, with its own cache of compiled code if asked."""
    environment = {**os.environ, **ONE_THREAD, **({"NUMBA_CACHE_DIR": cache} if cache else {})}
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.simulation", "--job", json.dumps(job)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = Many(**json.loads(ended.stdout.splitlines()[-1]))
    _say(f"{found.company}, {found.size}: {found.replications} years in {found.cpu_seconds:.1f} s")
    return found


def first_starts() -> tuple[float, float]:
    """Take the wall seconds of a process that plays two small years, nothing compiled yet, and again."""
    with tempfile.TemporaryDirectory() as cache:
        took = []
        for _ in range(2):
            began = time.perf_counter()
            in_a_process(["everything", (100, 5), 2], cache)
            took.append(time.perf_counter() - began)
    return took[0], took[1]


def report(races: Sequence[Race], many: Sequence[Many], starts: tuple[float, float] | None) -> str:
    """Write Markdown tables: who takes how long for the same year, and what many years take."""
    lines = [f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; CPU milliseconds, medians."]
    if races:
        lines += [
            "",
            "| customers x reps | company | opportunities | by | years | ms a year | times our year | reach "
            "| times ours with luck and measures |",
            "|---|---|--:|---|--:|--:|--:|---|--:|",
            *(line for race in races for line in _lines(race)),
        ]
    if starts:
        lines += [
            "",
            f"A process that plays two years of 100 x 5 takes {starts[0]:.1f} s with nothing compiled yet, "
            f"then {starts[1]:.1f} s.",
        ]
    if many:
        lines += [
            "",
            "| customers x reps | company | years | CPU s | ms a year | wall s | peak MB (before) |",
            "|---|---|--:|--:|--:|--:|--:|",
            *(
                f"| {_size(m.size)} | {m.company} | {m.replications:,} | {m.cpu_seconds:.1f} "
                f"| {1e3 * m.cpu_seconds / m.replications:.2f} | {m.seconds:.1f} "
                f"| {m.memory / MEGABYTE:,.0f} ({m.memory_before / MEGABYTE:,.0f}) |"
                for m in many
            ),
        ]
    return "\n".join(lines)


def _lines(race: Race) -> list[str]:
    took = {who: float(np.median(seconds)) for who, seconds in race.seconds.items()}
    whole = sum(took[part] for part in (YEAR, LUCK, MEASURES))
    head = f"| {_size(race.size)} | {race.company} | {race.opportunities:,} |"
    lines = []
    for who, median in took.items():
        cells = [who, f"{len(race.seconds[who])}", f"{1e3 * median:,.2f}"]
        if who in (YEAR, LUCK, MEASURES):
            cells += ["", "", ""]
        else:
            ratio, reach = median / took[YEAR], REACH.get((who, race.size))
            goal = f"{reach:g} " + ("reached" if ratio >= reach else "**missed**") if reach else ""
            cells += [f"{ratio:,.0f}", goal, f"{median / whole:,.0f}"]
        lines.append(f"{head} {' | '.join(cells)} |")
    lines += [f"{head} {who} | {note} | | | | |" for who, note in race.notes.items()]
    return lines


def _size(size: Size) -> str:
    return " x ".join(f"{number:,}" for number in size)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    if options.job:
        print(json.dumps(asdict(play_many(*json.loads(options.job)))))
        return 0
    if options.peers:
        # Behind all else: of what is in both places, ours counts.
        sys.path.append(str(options.peers))
    races = []
    for size, runs, slow in ((SMALL, options.years, 5), (LARGE, max(options.years // 3, 1), 1)):
        slow = min(slow, runs) * (not options.quick or size == SMALL)
        years = {YEAR: runs, "SimPy": runs, REFERENCE: min(runs, 7), "ciw": slow, "salabim": slow}
        races += [race_simple(size, years), race_everything(size, years)]
    starts, many = None, []
    if options.replications:
        starts = first_starts()
        for company in COMPANIES:
            for count in options.replications:
                many.append(in_a_process([company, SMALL, count]))
    text = report(races, many, starts)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.simulation", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--peers", type=Path, help="folder with ciw and salabim (pip install --target)")
    parser.add_argument(
        "--years", type=int, default=21, help="of ours and of SimPy; a third of them large (21)"
    )
    parser.add_argument("--quick", action="store_true", help="no ciw and salabim on the large company")
    parser.add_argument(
        "--replications",
        type=int,
        nargs="*",
        default=[100, 1_000, 10_000],
        help="many (100 1000 10000)",
    )
    parser.add_argument("--out", type=Path, help="write the tables here")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
