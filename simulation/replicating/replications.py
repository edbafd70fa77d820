"""Many years under many fortunes, on any number of workers, with one answer."""

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import effective_n_jobs

from optimizer import Plan
from optimizer.workers import begins_processes, side_by_side
from scenarios import InputError, Problem, Scenario, WorkerKilled
from simulation.accounting.journal import dated, table
from simulation.accounting.yardstick import yardstick
from simulation.behaving.own_rule import Rule
from simulation.company.year import live_a_year
from simulation.replicating.beliefs import Beliefs, learned_world
from simulation.replicating.blocks import BLOCK, Block, Job, play_together
from simulation.replicating.controls import Controls
from simulation.replicating.gathering import Gathering
from simulation.replicating.keeping import Keep, key_of
from simulation.replicating.outcome import INTERRUPTED, Outcome
from simulation.replicating.precision import FIRST, estimates, widths, widths_of_differences, years_needed
from simulation.world.world import with_one_luck

YEARS = 200
"""Years simulated where nothing is asked for."""

MOST = 100_000
"""Years at most where a precision is asked for."""

ROUNDS_OF_WORK = 2
"""Blocks for every worker, from which on schemes are played together under one drawn luck."""

WORTH_PROCESSES = 20.0
"""Seconds of work that must be left before other processes are begun: each takes some seconds to be ready."""

Progress = Callable[[int, int], None]
Told = Callable[[str, int, int], None]


def simulate(
    scenario: Scenario,
    plan: Plan,
    *,
    seed: int = 1,
    replications: int | None = None,
    precision: float | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    keep: Path | None = None,
    controls: Controls | None = None,
    rows: bool = False,
    effort: Rule | None = None,
) -> Outcome:
    """Play a plan through its year many times, each time with other luck.

    The same seed gives every plan and scenario the same luck, replication by replication, and the same
    outcome to the last bit for any number of workers. Interrupted from the keyboard, it gives the years
    finished so far, if there are any; `Outcome.stopped` says so.

    Parameters
    ----------
    scenario, plan
        What may happen, and what was decided.
    seed
        Name of the luck, >= 0.
    replications
        Years to simulate, >= 1; with a precision, the most. Without it 200, or 100,000 at most.
    precision
        Stop when the 95 % interval of every judged figure (`precision.JUDGED`) reaches no farther
        than this from its mean: 0.01 is 1 % of bookings, collections, pay and pay over bookings, and 1 point
        of the chance to reach the target and other shares.
    workers
        Processes to work in at most; -1 for one a core. They are begun where the first block of years says
        that much is left to do (`WORTH_PROCESSES`). Inside `joblib.parallel_config`, such as that of a Dask
        cluster, workers are those of its backend, and -1 takes all of them.
    progress
        Told years done and in all after each block; with a precision, in all as far as is known.
    keep
        Folder in which finished blocks are kept and found again, so that a run that was killed goes on.
    controls
        What to observe in each year beside, with known means; corrects the estimates.
    rows
        Keep what every rep had in every year (`Outcome.rows`, `Outcome.law`); memory then grows with them.
    effort
        Your own rule of effort instead of what `[market.effort]` says: a function of the weeks since the
        year began, the weeks left in the quarter, the attainments of the quarter so far (an array) and the
        rep (a dictionary: its columns of reps.csv, `rep` and the quarter's `quota`) that gives an effort for
        each attainment, or one for all; 1 is normal. It is asked before the years run.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have, or if the seed,
        replications, workers or precision are too small, blocks cannot be kept where they should, or your
        own rule gives what is no effort.
    WorkerKilled
        If one of several worker processes was killed from outside.
    """
    told = None if progress is None else lambda _, done, total: progress(done, total)
    found = simulate_together(
        {plan.name: (scenario, plan)}, seed=seed, replications=replications, precision=precision,
        workers=workers, progress=told, keep=keep, controls=controls, rows=rows, effort=effort,
    )  # fmt: skip
    return found[plan.name]


def simulate_together(
    pairs: Mapping[str, tuple[Scenario, Plan]],
    *,
    seed: int = 1,
    replications: int | None = None,
    precision: float | None = None,
    reference: str | None = None,
    workers: int = 1,
    progress: Told | None = None,
    keep: Path | None = None,
    controls: Controls | None = None,
    rows: bool = False,
    since: int = 0,
    beliefs: Beliefs | None = None,
    effort: Rule | None = None,
) -> dict[str, Outcome]:
    """Play several plans through the same years, block by block, so that all always have the same years.

    Parameters
    ----------
    pairs
        Scenario and plan by name.
    precision
        As for `simulate`; with a reference, of the differences to it in pairs instead of the figures.
    reference
        Name of the one the others are compared with.
    progress
        Told the name, years done and in all after each block; before them, where reps learn, pilot years
        (`beliefs.LEARNING`).
    since
        Years that were simulated before: the outcomes are those of the years from there on. A multiple of 32,
        below `replications`, and without a precision.
    beliefs
        What reps have learned before, under these or other schemes; what they learn now is added.

    Other parameters, and what is raised, as for `simulate`.
    """
    _refuse_what_cannot_be(seed, replications, precision, workers)
    _refuse_to_go_on_from(since, replications, precision)
    if effort is None:
        worlds = (beliefs or Beliefs()).worlds(pairs, seed, workers, progress)
    else:
        worlds = {name: learned_world(*pair, seed, effort) for name, pair in pairs.items()}
    runs = {
        name: _Run(*pair, Job(worlds[name], yardstick(*pair), seed, controls, rows), keep, since)
        for name, pair in pairs.items()
    }
    kept = [run.kept for run in runs.values() if run.kept is not None]
    for one in kept:
        one.is_with(kept)
    most = replications or (YEARS if precision is None else MOST)
    stopped = "years done"
    try:
        if precision is None:
            _play_until(runs, most, workers, progress)
        else:
            stopped = _play_until_precise(runs, most, precision, reference, workers, progress)
    except KeyboardInterrupt:
        if not all(run.gathered.count for run in runs.values()):
            raise
        stopped = INTERRUPTED
    except WorkerKilled as error:
        years = min(run.years_kept() for run in runs.values())
        raise WorkerKilled(years, of_cluster=error.of_cluster) from None
    return {
        name: run.gathered.outcome(
            run.scenario, run.plan, asked=most, precision=precision, stopped=stopped, notes=run.notes()
        )
        for name, run in runs.items()
    }


def journal(
    scenario: Scenario, plan: Plan, seed: int = 1, replication: int = 0, effort: Rule | None = None
) -> pd.DataFrame:
    """Write down everything that happens in one replication, as it happened in `simulate`.

    Returns
    -------
    Frame as of `simulation.accounting.journal.table`, a row a record, in order of time; in front `date`
    (such as 2027-01-31) and, behind `time`, `kind`: a short name of what happened, for programs.

    Raises
    ------
    InputError
        If the plan is for another scenario, or the seed or the replication is negative.
    """
    _refuse_numbers_too_small("journal", seed=(seed, 0), replication=(replication, 0))
    world = learned_world(scenario, plan, seed, effort)
    year = live_a_year(world, seed, replication)
    return dated(scenario, table(world, year.fate, year.records))


class _Run:
    """A plan on its way through the years: what is gathered, and where its blocks are kept."""

    def __init__(self, scenario: Scenario, plan: Plan, job: Job, keep: Path | None, since: int = 0) -> None:
        self.scenario, self.plan, self.job, self.since = scenario, plan, job, since
        self.gathered = Gathering(job)
        self.kept = None if keep is None else Keep(keep, key_of(scenario, plan, job))

    def has(self, first: int, last: int) -> bool:
        return self.kept is not None and self.kept.has(first, last)

    def load(self, first: int, last: int) -> Block:
        """Take a block from disk, or play it where what is there is of no use."""
        block = None if self.kept is None else self.kept.load(first, last)
        return self.saved(first, last, play_together([self.job], first, last)[0]) if block is None else block

    def saved(self, first: int, last: int, block: Block) -> Block:
        """Keep a block on disk, where blocks are kept, and give it back."""
        if self.kept is not None:
            with _to_the_end():
                self.kept.save(first, last, block)
        return block

    def years_kept(self) -> int:
        return 0 if self.kept is None else self.kept.years()

    def notes(self) -> tuple[str, ...]:
        return () if self.kept is None else tuple(self.kept.notes())


def _play_until_precise(
    runs: Mapping[str, _Run], most: int, precision: float, reference: str | None, workers: int,
    progress: Told | None,
) -> str:  # fmt: skip
    """Play round after round until all is as precise as asked for; says why it stopped."""
    goal = min(FIRST, most)
    while True:
        _play_until(runs, goal, workers, progress)
        needed = years_needed(_widths(runs, reference), goal, precision)
        if needed <= goal:
            return "precise enough"
        if goal == most:
            return "most years done"
        goal = min(-(-needed // BLOCK) * BLOCK, most)


def _widths(runs: Mapping[str, _Run], reference: str | None) -> pd.Series:
    """Give half the widths of all intervals that are judged, of all runs."""
    gathered = {name: run.gathered for name, run in runs.items()}
    if reference is None or len(runs) == 1:
        found = [widths(estimates(g.years(), g.controls(), g.known())) for g in gathered.values()]
    else:
        base = gathered.pop(reference)
        found = [_widths_of_pairs(g, base) for g in gathered.values()]
    return pd.concat(found)


def _widths_of_pairs(ours: Gathering, theirs: Gathering) -> pd.Series:
    if ours.job.controls is None:
        return widths_of_differences(ours.years(), theirs.years())
    seen = np.array(ours.controls()) - np.array(theirs.controls())
    known = np.array(ours.known()) - np.array(theirs.known())
    return widths_of_differences(ours.years(), theirs.years(), seen, known)


def _play_until(runs: Mapping[str, _Run], goal: int, workers: int, progress: Told | None) -> None:
    """Bring all runs to a number of years, block by block: the first one of all runs, the second one ..."""
    first_run = next(iter(runs.values()))
    done = first_run.since + first_run.gathered.count
    spans = [(first, min(first + BLOCK, goal)) for first in range(done, goal, BLOCK)]
    kept = {(name, span) for span in spans for name, run in runs.items() if run.has(*span)}
    groups = _groups(runs, len(spans), workers)
    asked = [
        (span, names)
        for span in spans
        for group in groups
        if (names := [name for name in group if (name, span) not in kept])
    ]
    jobs = ((tuple(runs[name].job for name in names), *span) for span, names in asked)
    with contextlib.closing(_as_needed(jobs, len(asked), workers, _seconds_of_a_block(runs))) as played:
        for span in spans:
            blocks = {}
            for group in groups:
                missing = [name for name in group if (name, span) not in kept]
                found = dict(zip(missing, next(played) if missing else (), strict=True))
                for name in group:
                    run = runs[name]
                    blocks[name] = run.saved(*span, found[name]) if name in found else run.load(*span)
            with _to_the_end():
                for name, block in blocks.items():
                    runs[name].gathered.add(block)
            if progress is not None:
                for name in runs:
                    progress(name, span[1], goal)


def _groups(runs: Mapping[str, _Run], spans: int, workers: int) -> list[list[str]]:
    """Group runs whose years have the very same luck, to draw it once, where there are years enough for
    all workers; what comes out is the same.
    """
    names = list(runs)
    if workers != 1 and spans < ROUNDS_OF_WORK * effective_n_jobs(workers):
        return [[name] for name in names]
    return [[names[n] for n in group] for group in with_one_luck([runs[name].job.world for name in names])]


def _as_needed(
    jobs: Iterable[tuple[tuple[Job, ...], int, int]], count: int, workers: int, seconds: float
) -> Generator[Sequence[Block], None, None]:
    """Play blocks here until they say that much is left to do, and what is left in several processes.

    Where processes do not have to be begun, as on a cluster, they play from the first block on.

    Parameters
    ----------
    jobs, count
        Blocks to play, and how many.
    workers
        Processes at most.
    seconds
        What a block of rounds before took; 0 where there was none.
    """
    jobs, left = iter(jobs), count
    if workers != 1 and begins_processes():
        while left and seconds * left <= WORTH_PROCESSES:
            blocks, left = play_together(*next(jobs)), left - 1
            seconds = sum(block.seconds for block in blocks)
            yield blocks
    if left:
        yield from side_by_side(play_together, jobs, workers)


def _seconds_of_a_block(runs: Mapping[str, _Run]) -> float:
    years = sum(run.gathered.count for run in runs.values())
    return sum(run.gathered.seconds for run in runs.values()) / years * BLOCK if years else 0.0


@contextlib.contextmanager
def _to_the_end() -> Generator[None, None, None]:
    """Let an interrupt from the keyboard wait until what was begun is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
    if came:
        raise KeyboardInterrupt


def _refuse_what_cannot_be(
    seed: int, replications: int | None, precision: float | None, workers: int
) -> None:
    least = {"seed": (seed, 0), "workers": (1 if workers == -1 else workers, 1)}
    if replications is not None:
        least["replications"] = (replications, 1)
    problems = _too_small("simulate", **least)
    if precision is not None and not 0 < precision < 1:
        remedy = "must be above 0 and below 1, such as 0.01 for 1 %"
        problems.append(Problem("simulate, precision", str(precision), remedy))
    if problems:
        raise InputError(problems)


def _refuse_to_go_on_from(since: int, replications: int | None, precision: float | None) -> None:
    if since and (precision is not None or since % BLOCK or since < 0 or since >= (replications or YEARS)):
        remedy = f"must be a multiple of {BLOCK} below the years to simulate, without a precision"
        raise InputError([Problem("simulate, since", str(since), remedy)])


def _refuse_numbers_too_small(place: str, **asked: tuple[int, int]) -> None:
    if problems := _too_small(place, **asked):
        raise InputError(problems)


def _too_small(place: str, **asked: tuple[int, int]) -> list[Problem]:
    """Find arguments, each given with the least it may be, that are less."""
    return [
        Problem(f"{place}, {name}", str(number), f"must be at least {least}")
        for name, (number, least) in asked.items()
        if number < least
    ]
