"""The command line, thin over public functions: a command each, the larger ones in files of their own."""

import importlib.metadata
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from evenfield import answering, report
from evenfield.alternatives import alternatives_of, open_scenario
from evenfield.answering import (
    plan_words,
    say_notes,
    show_comparison,
    show_plan,
)
from evenfield.areas import areas_command
from evenfield.calling import calls_command
from evenfield.demo import run_demo
from evenfield.editing import edit
from evenfield.explaining import explain
from evenfield.frontier import frontier_command
from evenfield.headcount import headcount_command
from evenfield.linting import lint_command
from evenfield.machines import machines
from evenfield.moves import moves_command
from evenfield.options import (
    CORES,
    SCENARIO_HELP,
    Changes,
    Cluster,
    ControlVariates,
    EngineOption,
    Json,
    Keep,
    Out,
    PlanArgument,
    Precision,
    Replications,
    ScenarioArgument,
    Seed,
    Shocks,
    TimeLimit,
    Verbose,
    Workers,
    WorkLimit,
    leave_if_interrupted,
    made_folder,
)
from evenfield.quotas import quotas_command
from evenfield.saving import save_plan
from evenfield.schemes import schemes_command
from evenfield.shock_list import shocks_command
from evenfield.simulating import KEPT, simulate_command
from evenfield.stating import statement_command, statements_command
from evenfield.study import Study, against, study
from evenfield.telling import story_command
from evenfield.terminal import (
    NO_PLAN_EXISTS,
    Exit,
    compiling_told,
    counting,
    keep_output_clean,
    planning,
    print_json,
    say,
    say_attainable,
    told,
    working,
)
from optimizer import TODAY, Plan, optimize
from scenarios import NoPlanExists
from scenarios.importing import IMPORTERS
from scenarios.reading import locate
from simulation.replicating.foreknown import FOREKNOWN
from simulation.replicating.outcome import INTERRUPTED

COMPARED = 100
"""Years each alternative is simulated where nothing is asked for."""

app = typer.Typer(
    name="evenfield",
    help="Plan a sales organization and simulate its year: who serves whom, for what, will it work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evenfield {importlib.metadata.version('evenfield')}")
        raise typer.Exit


@app.callback()
def everything(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and leave", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Plan a sales organization and simulate its year: who serves whom, for what, will it work."""


@app.command(epilog="Example: evenfield check superstore")
def check(
    scenario: ScenarioArgument,
    change: Changes = None,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Check a scenario: all problems at once, each with file, row, column, value and remedy.

    Where nobody may serve some customers, says which, by which rules, and the ways out (exit code 3).
    """
    with told(as_json):
        checked = open_scenario(scenario, change or [])
        words = answering.check_words(checked)
        if out is not None:
            answering.write_json(out / "check.json", words)
        if as_json:
            print_json(words)
        else:
            answering.show_check(checked, words)
        if words["reasons"]:
            say(str(NoPlanExists(words["reasons"])))
            raise Exit(NO_PLAN_EXISTS)


@app.command(epilog="Example: evenfield plan superstore --change growth_30 --out out/growth")
def plan(
    scenario: ScenarioArgument,
    change: Changes = None,
    time_limit: TimeLimit = None,
    work_limit: WorkLimit = None,
    engine: EngineOption = "auto",
    workers: Workers = CORES,
    cluster: Cluster = None,
    verbose: Verbose = False,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Decide who serves whom and who is asked for what, with a proven bound."""
    with told(as_json):
        asked = open_scenario(scenario, change or [])
        folder = made_folder(out or Path("out") / asked.name)
        say_attainable(asked)
        with machines(cluster, workers) as at_once, planning() as begin:
            made = optimize(
                asked,
                time_limit=time_limit,
                work_limit=work_limit,
                seed=seed,
                engine=engine,
                workers=at_once,
                progress=begin(asked.name, asked.currency),
            )
        if verbose:
            _say_all(made)
        save_plan(folder, asked, made, locate(scenario))
        words = plan_words(asked, made, seed)
        answering.write_json(folder / "summary.json", words)
        if as_json:
            print_json(words)
        else:
            show_plan(asked, made, words)
            if change:
                say(
                    "This cost is counted against each customer's best rep, who may be another without the "
                    "what-if: compare scenarios with `evenfield compare`, not by it."
                )
        say(f"Saved in {folder}")
        leave_if_interrupted(made.result is not None and made.result.status == "interrupted")


@app.command(epilog="Example: evenfield compare superstore --change growth_30 --change capped_scheme")
def compare(
    scenario: PlanArgument,
    others: Annotated[
        list[str] | None, typer.Argument(metavar="[SCENARIO|PLAN]...", help="More scenarios or plans")
    ] = None,
    change: Changes = None,
    shock: Shocks = None,
    hold_plan: Annotated[
        bool,
        typer.Option(
            "--hold-plan",
            help="What-ifs keep the plan instead of planning anew; where none exists, today's book",
        ),
    ] = False,
    reference: Annotated[
        str | None, typer.Option("--reference", help="Compare with this one [default: the plan]")
    ] = None,
    replications: Replications = None,
    precision: Precision = None,
    control_variates: ControlVariates = False,
    workers: Workers = CORES,
    cluster: Cluster = None,
    keep: Keep = None,
    time_limit: TimeLimit = 20.0,
    engine: EngineOption = "auto",
    verbose: Verbose = False,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Set plans side by side under the same luck: the plan, today's book and what-ifs.

    Where no plan keeps all hard rules, --hold-plan compares today's book with what-ifs and shocks.

    Without --change and --shock all what-ifs in the scenario's changes folder are shown. Each --shock is what
    becomes of the plan if that happens. 100 years, unless --replications or --precision ask for others;
    precision is that of differences to the reference.
    """
    with told(as_json):
        with planning() as begin:
            sides = alternatives_of(
                scenario,
                others or [],
                change,
                hold_plan=hold_plan,
                time_limit=time_limit,
                seed=seed,
                engine=engine,
                planning=begin,
                shocks=shock or [],
            )
        if verbose:
            for _, side in sides.values():
                _say_all(side)
        first = answering.reference_of(sides, reference)
        folder = made_folder(out or Path("out") / next(iter(sides.values()))[0].name)
        if replications is None and precision is None:
            replications = COMPARED
        with machines(cluster, workers) as at_once, counting() as tell:
            done = study(
                sides,
                first,
                next(iter(sides)),
                seed=seed,
                replications=replications,
                precision=precision,
                workers=at_once,
                progress=tell,
                keep=keep or folder / KEPT,
                controls=FOREKNOWN if control_variates else None,
            )
        say_notes(*done.outcomes.values())
        words = answering.compare_words(done)
        answering.write_json(folder / "comparison.json", words)
        shown = against(done, TODAY) if TODAY in done.plans else done
        report.write(shown, folder / "comparison.html", _again(scenario, change, shock, done, hold_plan))
        if as_json:
            print_json(words)
        else:
            show_comparison(done)
        say(f"Saved in {folder}")
        leave_if_interrupted(done.outcomes[first].stopped == INTERRUPTED)


@app.command(epilog="Example: evenfield demo")
def demo(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help=SCENARIO_HELP)] = "superstore",
    replications: Replications = COMPARED,
    workers: Workers = CORES,
    time_limit: TimeLimit = None,
    engine: EngineOption = "auto",
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Take a company end to end: check, plan, quotas, the year for today's book and the plan, a report."""
    with told(as_json):
        words = run_demo(
            locate(scenario),
            made_folder(out or Path("out") / Path(scenario).name),
            seed=seed,
            replications=replications or COMPARED,
            workers=workers,
            time_limit=time_limit,
            engine=engine,
            as_json=as_json,
        )
        if as_json:
            print_json(words)
        leave_if_interrupted(words["compare"]["stopped"] == INTERRUPTED)


@app.command(
    name="import", epilog="Example: evenfield import adventureworks extracts/ companies/adventureworks"
)
def import_command(
    source: Annotated[
        Literal["adventureworks", "superstore"], typer.Argument(help="Which company's extracts")
    ],
    folder: Annotated[Path, typer.Argument(help="Folder with the extracts")],
    out: Annotated[Path, typer.Argument(help="Folder of the scenario to write")],
    as_json: Json = False,
) -> None:
    """Turn a public company's extracts into a scenario."""
    with told(as_json):
        with working(f"importing {source}"):
            made = IMPORTERS[source](folder, made_folder(out))
        words: dict[str, Any] = {"scenario": str(out), **answering.check_words(made)}
        if as_json:
            print_json(words)
        else:
            answering.show_check(made, words)
        say(f"Written to {out}")


app.command(
    name="areas",
    epilog=(
        "Example: evenfield areas counties.csv --edges touching.csv --territories 7 --balance people=.05"
    ),
)(areas_command)


def _again(
    scenario: str, change: list[str] | None, shock: list[str] | None, done: Study, hold_plan: bool
) -> str:
    outcome = done.outcomes[done.plan]
    what = "".join(f" --change {name}" for name in change or [])
    what += "".join(f" --shock {name}" for name in shock or [])
    what += " --hold-plan" if hold_plan else ""
    return f"evenfield compare {scenario}{what} --seed {outcome.seed} --replications {outcome.replications}"


def _say_all(made: Plan) -> None:
    """Say how a plan was found."""
    for sentence in () if made.result is None else made.result.log:
        say(f"{made.name}: {sentence}")


app.command(epilog="Example: evenfield explain out/superstore --customer NY-new-york-city-CO")(explain)
app.command(epilog="Example: evenfield edit out/superstore --move NY-new-york-city-CO=east-new-york --solve")(
    edit
)
app.command(name="moves", epilog="Example: evenfield moves out/superstore --from out/growth")(moves_command)
app.command(name="frontier", epilog="Example: evenfield frontier superstore --over balance,moves")(
    frontier_command
)
app.command(name="quotas", epilog="Example: evenfield quotas superstore --edits edits.toml")(quotas_command)
app.command(name="calls", epilog="Example: evenfield calls out/superstore --rep west-denver --weeks 4")(
    calls_command
)
app.command(name="simulate", epilog="Example: evenfield simulate out/superstore --replications 500")(
    simulate_command
)
app.command(name="shocks", epilog="Example: evenfield simulate superstore --shock price-war")(shocks_command)
app.command(name="story", epilog="Example: evenfield story out/superstore --rep west-denver --replication 3")(
    story_command
)
app.command(name="schemes", epilog="Example: evenfield schemes superstore --scheme straight-commission")(
    schemes_command
)
app.command(name="lint", epilog="Example: evenfield lint superstore")(lint_command)
app.command(
    name="statement", epilog="Example: evenfield statement out/superstore --rep west-denver --replication 3"
)(statement_command)
app.command(name="statements", epilog="Example: evenfield statements out/superstore --language zh")(
    statements_command
)
app.command(name="headcount", epilog="Example: evenfield headcount superstore --hires 3")(headcount_command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    keep_output_clean()
    try:
        with compiling_told():
            app()
    except Exit as leaving:
        sys.exit(leaving.code)


if __name__ == "__main__":
    main()
