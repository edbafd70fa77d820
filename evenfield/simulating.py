"""`evenfield simulate`: the year of a plan, many times."""

import time
from pathlib import Path

from evenfield import answering
from evenfield.alternatives import SIMULATED, open_plan
from evenfield.answering import say_notes, show_simulation, simulate_words
from evenfield.machines import machines
from evenfield.options import (
    CORES,
    Changes,
    Cluster,
    ControlVariates,
    Json,
    Keep,
    Out,
    PlanArgument,
    Precision,
    Replications,
    Seed,
    Shocks,
    Workers,
    leave_if_interrupted,
    made_folder,
)
from evenfield.saving import is_plan
from evenfield.terminal import counting, print_json, say, told
from simulation import simulate
from simulation.replicating.foreknown import FOREKNOWN
from simulation.replicating.outcome import INTERRUPTED

KEPT = "years"
"""Folder inside the results in which finished years are kept."""


def simulate_command(
    scenario: PlanArgument,
    change: Changes = None,
    shock: Shocks = None,
    replications: Replications = None,
    precision: Precision = None,
    workers: Workers = CORES,
    cluster: Cluster = None,
    keep: Keep = None,
    control_variates: ControlVariates = False,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Live through the year many times: of a saved plan, or of today's book where a scenario is given.

    200 years, unless --replications or --precision ask for others. Killed, it goes on where it was.
    """
    with told(as_json):
        asked, decided = open_plan(scenario, change or [], shock or [])
        folder = made_folder(out or (Path(scenario) if is_plan(scenario) else Path("out") / asked.name))
        began = time.perf_counter()
        with machines(cluster, workers) as at_once, counting() as progress:
            outcome = simulate(
                asked,
                decided,
                seed=seed,
                replications=replications,
                precision=precision,
                workers=at_once,
                progress=lambda done, total: progress(decided.name, done, total),
                keep=keep or folder / KEPT,
                controls=FOREKNOWN if control_variates else None,
            )
        say_notes(outcome)
        words = simulate_words(asked, decided, outcome, time.perf_counter() - began)
        words["workers"] = at_once
        words["of"] = {"plan": scenario, "changes": change or [], "shocks": shock or []}
        answering.write_json(folder / SIMULATED, words)
        if as_json:
            print_json(words)
        else:
            show_simulation(asked, decided, outcome)
        say(f"Saved in {folder}")
        leave_if_interrupted(outcome.stopped == INTERRUPTED)
