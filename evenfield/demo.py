"""The main job end to end: a scenario to a plan, a simulated year, a report and a workbook."""

from pathlib import Path
from typing import Any

from evenfield import report, workbook
from evenfield.answering import (
    check_words,
    compare_words,
    plan_words,
    show_plan,
    simulate_words,
    write_json,
)
from evenfield.roads import with_road_times
from evenfield.saving import save_plan
from evenfield.study import Study, study
from evenfield.terminal import INTERRUPTED, Exit, counting, planning, say, say_attainable, working
from optimizer import TODAY, optimize, todays_book
from optimizer.core.engines import Engine
from scenarios import read

PLAN = "plan"


def run_demo(
    source: Path,
    out: Path,
    *,
    seed: int,
    replications: int,
    workers: int,
    time_limit: float | None,
    engine: Engine = "auto",
    as_json: bool,
) -> dict[str, Any]:
    """Plan a scenario's folder, simulate today's book and the plan under the same luck, compare and report.

    Writes `report.html`, `plan.xlsx`, `assignments.csv`, `quotas.csv` and `summary.json` to `out`.

    Returns
    -------
    What `summary.json` says.
    """
    scenario = with_road_times(read(source), source)
    checked = check_words(scenario)
    size = f"{checked['customers']:,} customers, {checked['reps']} reps"
    say(f"{scenario.title or scenario.name}: {size}, no problems found")
    say_attainable(scenario)
    with planning() as begin:
        told = begin(scenario.name, scenario.currency)
        plan = optimize(scenario, name=PLAN, time_limit=time_limit, seed=seed, engine=engine, progress=told)
    if not as_json:
        show_plan(scenario, plan, plan_words(scenario, plan, seed))
    save_plan(out, scenario, plan, source)
    if plan.result is not None and plan.result.status == "interrupted":
        say(f"Interrupted; the best plan so far is saved in {out}")
        raise Exit(INTERRUPTED)
    sides = {TODAY: (scenario, todays_book(scenario)), PLAN: (scenario, plan)}
    try:
        with counting() as tell:
            done = study(
                sides, TODAY, PLAN, seed=seed, replications=replications, workers=workers, progress=tell
            )
    except KeyboardInterrupt:
        say(f"Interrupted; the plan is saved in {out}")
        raise Exit(INTERRUPTED) from None
    with working("writing the report and the workbook"):
        words = write_results(done, out, seed)
    for line in report.answer(done):
        say(line)
    say(f"Open {out / 'report.html'}; for Excel {out / 'plan.xlsx'}")
    return words


def write_results(done: Study, out: Path, seed: int) -> dict[str, Any]:
    """Write all files of a study and return what `summary.json` says."""
    scenario, plan = done.scenarios[done.plan], done.plans[done.plan]
    report.write(done, out / "report.html")
    workbook.write(done, out / "plan.xlsx")
    words = {
        "check": check_words(scenario),
        "plan": plan_words(scenario, plan, seed),
        "simulate": {
            name: simulate_words(scenario, done.plans[name], outcome, outcome.seconds)
            for name, outcome in done.outcomes.items()
        },
        "compare": compare_words(done),
    }
    write_json(out / "summary.json", words)
    return words
