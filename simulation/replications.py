"""Many years under many fortunes, on any number of workers, with one answer."""

import contextlib
import itertools
import warnings
from collections.abc import Callable, Generator

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from optimizer import Plan
from optimizer.compiling.workload import presence
from scenarios import InputError, Problem, Scenario
from simulation.journal import table
from simulation.measures import Measures, measure
from simulation.outcome import Outcome
from simulation.pay import pay
from simulation.world import World, world_of
from simulation.year import live_a_year

BLOCK = 10
"""Years a worker simulates before it reports; a second or two of work."""

Progress = Callable[[int, int], None]


def simulate(
    scenario: Scenario,
    plan: Plan,
    *,
    seed: int = 1,
    replications: int = 200,
    workers: int = 1,
    progress: Progress | None = None,
) -> Outcome:
    """Play a plan through its year many times, each time with other luck.

    The same seed gives every plan and scenario the same luck, replication by replication, and the same
    outcome to the last bit for any number of workers. Interrupted from the keyboard, it gives the years
    finished so far, if there are any; `Outcome.replications` says how many.

    Parameters
    ----------
    scenario, plan
        What may happen, and what was decided.
    seed
        Name of the luck, >= 0.
    replications
        Years to simulate, >= 1.
    workers
        Processes to work in, >= 1.
    progress
        Told years done and in all after each block.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have, or if the seed,
        replications or workers are too few.
    """
    _refuse_numbers_too_small(
        "simulate", seed=(seed, 0), replications=(replications, 1), workers=(workers, 1)
    )
    world = world_of(scenario, plan)
    blocks: list[Measures] = []
    done = 0
    try:
        with contextlib.closing(_blocks(world, seed, replications, workers)) as found:
            for block in found:
                blocks.append(block)
                done += len(block.satisfaction)
                if progress is not None:
                    progress(done, replications)
    except KeyboardInterrupt:
        if not blocks:
            raise
    return _outcome(scenario, plan, seed, replications, Measures.joined(blocks))


def journal(scenario: Scenario, plan: Plan, seed: int = 1, replication: int = 0) -> pd.DataFrame:
    """Write down everything that happens in one replication, as it happened in `simulate`.

    Returns
    -------
    Frame as of `simulation.journal.table`, a row a record, in order of time.

    Raises
    ------
    InputError
        If the plan is for another scenario, or the seed or the replication is negative.
    """
    _refuse_numbers_too_small("journal", seed=(seed, 0), replication=(replication, 0))
    world = world_of(scenario, plan)
    year = live_a_year(world, seed, replication)
    return table(world, year.demand, year.records)


def _refuse_numbers_too_small(place: str, **asked: tuple[int, int]) -> None:
    """Refuse arguments, each given with the least it may be."""
    problems = [
        Problem(f"{place}, {name}", str(number), f"must be at least {least}")
        for name, (number, least) in asked.items()
        if number < least
    ]
    if problems:
        raise InputError(problems)


def _blocks(world: World, seed: int, replications: int, workers: int) -> Generator[Measures, None, None]:
    """Simulate block by block and give them in order, whoever does them."""
    spans = itertools.pairwise([*range(0, replications, BLOCK), replications])
    if workers == 1:
        yield from (_block(world, seed, first, last) for first, last in spans)
        return
    parallel = Parallel(n_jobs=workers, return_as="generator", backend="loky")
    found = parallel(delayed(_block)(world, seed, first, last) for first, last in spans)
    try:
        for block in found:  # noqa: UP028 - so that it is we who close it
            yield block
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # joblib regrets the work an interruption wastes
            found.close()


def _block(world: World, seed: int, first: int, last: int) -> Measures:
    years = range(first, last)
    return Measures.stacked([measure(world, live_a_year(world, seed, number)) for number in years])


def _outcome(scenario: Scenario, plan: Plan, seed: int, asked: int, measures: Measures) -> Outcome:
    quota = plan.quota.loc[scenario.reps.index]
    credited = measures.bookings if scenario.scheme.paid_on == "bookings" else measures.collected
    planned = presence(scenario).to_numpy()
    days = np.array([float((quarter.end - quarter.start).days) for quarter in scenario.year.quarters])
    return Outcome(
        **vars(measures),
        scenario_digest=scenario.digest,
        plan_name=plan.name,
        seed=seed,
        asked=asked,
        reps=tuple(scenario.reps.index),
        quarters=tuple(quota.columns),
        quota=quota,
        target=scenario.target_amount,
        pay=pay(scenario.scheme, scenario.reps, quota, credited, planned, measures.filled, days),
    )
