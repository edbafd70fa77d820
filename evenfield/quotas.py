"""`evenfield quotas`: who is asked for what, under edits, with the proof that everything adds up."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from evenfield.actuals import against_plan, read_actuals
from evenfield.alternatives import open_plan
from evenfield.answering import write_json
from evenfield.money import exact
from evenfield.options import Changes, Json, Out, PlanArgument, Seed, made_folder
from evenfield.quota_judgement import committed, forecast_of, judgement, odds_of_edits
from evenfield.quota_page import ACTUALS, forecast_of_whom, largest_gaps, notes, quota_sheet, share
from evenfield.quota_sheets import write_quota_book
from evenfield.report.sheet import write_sheet
from evenfield.saving import is_plan, save_plan
from evenfield.terminal import print_json, say, show_table, told, working
from optimizer import Plan
from optimizer.quotas import Quotas, by_quarter, make_quotas
from optimizer.quotas.kinds import collections, new_customers
from optimizer.quotas.laws import Law, Sample, fitted
from optimizer.quotas.over_assignment import OverAssignment
from optimizer.quotas.reconciling import unreconciled
from scenarios import InputError, Problem, Scenario
from scenarios.quota_edits import Edit, located, read_edits
from simulation import simulate

CELLS, CHECKS, NOTICES, EFFECTS = "quota_cells.csv", "reconciliation.csv", "notices.csv", "edits.csv"
KINDS, PAGE, LAW = "other_quotas.csv", "quotas.html", "simulated_sales.csv"
EDITS, BOOK, SUMMARY = "edits.toml", "plan.xlsx", "quotas.json"

MOST_EFFECTS = 10_000_000
"""Cells times edits up to which every edit is judged by planning without it."""

Edits = Annotated[
    Path | None,
    typer.Option("--edits", help="A TOML file of pins, limits, freezes, moves, transfers and gates"),
]


def quotas_command(
    plan: PlanArgument,
    edits: Edits = None,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Forecast the plan year by company, line and region")
    ] = False,
    simulated: Annotated[
        int,
        typer.Option(
            "--simulated",
            help="Judge odds by so many simulated years instead of a law fitted to history",
            min=0,
        ),
    ] = 0,
    actuals: Annotated[
        Path | None,
        typer.Option("--actuals", help="A CSV file of rep, sales, cost to hold against quotas and budget"),
    ] = None,
    change: Changes = None,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Divide the target into quotas, apply edits, prove that everything adds up, and judge it."""
    with told(as_json):
        scenario, made = open_plan(plan, change or [])
        asked = read_edits(edits, scenario).named() if edits is not None else {}
        sold = read_actuals(actuals, scenario) if actuals is not None else None
        folder = _folder(out or Path("out") / f"{scenario.name}-quotas")
        options = {"--forecast": forecast, "--simulated": simulated, "--actuals": actuals, "--edits": edits}
        command = _command(plan, change or [], options | {"--seed": seed if simulated or forecast else None})
        with working("dividing the target"):
            try:
                answer = _worked_out(scenario, made, asked, sold, forecast, simulated, seed)
            except InputError as error:
                raise (located(error, edits.name) if edits is not None else error) from None
            _save(folder, answer, made, command)
        _keep_edits(edits, folder)
        if as_json:
            print_json(answer.words)
        else:
            show_quotas(scenario, answer.found, answer.effects, answer.words)
            show_judgement(scenario, answer.judged, answer.told_of)
            if forecast and "Forecast" not in answer.judged:
                say("No forecast: the history has less than twelve months.")
        say(f"Saved in {folder}: open {PAGE} or {BOOK}")


@dataclass(frozen=True, eq=False)
class _Answer:
    """All that the command finds: quotas, what edits do, what they are worth, and the same for programs."""

    found: Quotas
    law: Law
    effects: pd.DataFrame
    judged: dict[str, pd.DataFrame]
    told_of: OverAssignment
    kinds: dict[str, pd.DataFrame]
    words: dict[str, Any]


def _worked_out(
    scenario: Scenario,
    made: Plan,
    asked: dict[str, Edit],
    sold: pd.DataFrame | None,
    forecast: bool,
    simulated: int,
    seed: int,
) -> _Answer:
    law: Law = fitted(scenario, made.owner)
    if simulated:
        law = simulate(scenario, made, replications=simulated, seed=seed, rows=True).law
    found = make_quotas(scenario, made.owner, asked, law)
    small = found.cube.units.size * len(asked) <= MOST_EFFECTS
    effects = found.effects() if small else pd.DataFrame()
    if len(effects):
        effects["at_quota"] = odds_of_edits(found, law)
    judged = judgement(found, made.owner, law)
    ahead = forecast_of(scenario, seed) if forecast else None
    if ahead is not None:
        judged["Forecast"] = ahead
    if sold is not None:
        judged["Actuals"] = against_plan(scenario, judged["Budget"], sold)
    told_of = committed(found, law)
    kinds = {
        "collections": collections(scenario, made.owner, found.cube),
        "new customers": new_customers(scenario, made.owner, found.cube),
    }
    words = quota_words(scenario, found, effects) | {
        "plan": made.name,
        "p_target": told_of.chance,
        "committed": told_of.committed,
        "over_assignment": told_of.implied,
        "collections_total": float(kinds["collections"].to_numpy().sum()),
        "new_customers_total": int(kinds["new customers"].to_numpy().sum()),
        **{_key(name): table.to_dict("records") for name, table in judged.items()},
    }
    return _Answer(found, law, effects, judged, told_of, kinds, words)


def _save(folder: Path, answer: _Answer, made: Plan, command: str) -> None:
    scenario = answer.found.scenario
    quota = by_quarter(scenario, answer.found.cube)
    save_plan(folder, scenario, replace(made, quota=quota))
    _keep_law(answer.law, folder)
    _write(folder, answer.found, answer.effects, answer.words, answer.kinds, answer.judged)
    sheet = quota_sheet(
        answer.found, answer.law, answer.told_of, answer.effects, answer.judged, answer.kinds, command
    )
    write_sheet(sheet, folder / PAGE, scenario.currency)


def _keep_law(law: Law, folder: Path) -> None:
    """Keep the simulated years that odds were judged by, for `evenfield explain`; remove earlier ones."""
    (folder / LAW).unlink(missing_ok=True)
    if isinstance(law, Sample):
        years = pd.DataFrame(law.sales, columns=list(law.names))
        if law.house is not None:
            years[""] = law.house
        years.to_csv(folder / LAW, index_label="year", lineterminator="\n")


def _keep_edits(edits: Path | None, folder: Path) -> None:
    """Keep the edits beside the quotas they made, for `evenfield explain`; remove those of an earlier run."""
    if edits is None:
        (folder / EDITS).unlink(missing_ok=True)
    elif edits.resolve() != (folder / EDITS).resolve():
        shutil.copy(edits, folder / EDITS)


def _command(plan: str, changes: list[str], options: dict[str, Any]) -> str:
    """Give the command that makes the page again."""
    parts = [f"evenfield quotas {plan}", *(f"--change {name}" for name in changes)]
    parts += [name if value is True else f"{name} {value}" for name, value in options.items() if value]
    return " ".join(parts)


def _folder(folder: Path) -> Path:
    """Make the folder for the results; one that holds a plan made otherwise is never written over."""
    if is_plan(folder) and not (folder / SUMMARY).is_file():
        remedy = "this folder holds a plan; name another, or leave --out away"
        raise InputError([Problem("--out", str(folder), remedy)])
    return made_folder(folder)


def quota_words(scenario: Scenario, found: Quotas, effects: pd.DataFrame) -> dict[str, Any]:
    """Describe quotas for programs."""
    cube = found.cube
    leaves = cube.people.leaves
    return {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "target": scenario.target_amount,
        "base_total": found.asked,
        "padded_total": float(found.padded[leaves].sum()) * cube.unit,
        "unassigned": found.unassigned,
        "unreconciled": unreconciled(found.checks),
        "rounding_unit": cube.unit,
        "targets": found.plan.demands,
        "reps": {
            cube.people.paths[node][-1]: {
                "base": cube.total(int(node)) * cube.unit,
                "padded": float(found.padded[node].sum()) * cube.unit,
            }
            for node in leaves
        },
        "edits": effects.to_dict("records"),
        "beyond_one_unit": found.edited.far().to_dict("records"),
        "notices": found.notices.to_dict("records"),
    }


def show_quotas(scenario: Scenario, found: Quotas, effects: pd.DataFrame, words: dict[str, Any]) -> None:
    """Print quotas of every node as tables."""
    money = scenario.currency
    cube, tree = found.cube, found.cube.people
    columns = [k for k in range(len(cube.periods)) if cube.periods.depth[k] == 1]
    padded = bool((found.factor != 1).any())
    rows = []
    for node in range(len(tree)):
        cells = [exact(cube.total(node, 0, k) * cube.unit, money) for k in columns]
        year = exact(cube.total(node) * cube.unit, money)
        layer = [exact(float(found.padded[node].sum()) * cube.unit, money)] if padded else []
        rows.append(["  " * int(tree.depth[node]) + tree.names[node], *cells, year, *layer])
    names = [cube.periods.names[k] for k in columns]
    show_table(f"Quotas for {words['plan']}", ["Who", *names, "Year", *(["Padded"] if padded else [])], rows)
    if len(effects):
        told = [
            [e["edit"], e["says"], exact(e["moves"], money), e["most"]] for e in effects.to_dict("records")
        ]
        show_table("Edits", ["Edit", "Says", "Others move by", "Most of all"], told)
    for note in notes(found):
        say(f"Note: {note}")
    state = "all nodes add up" if not words["unreconciled"] else f"{words['unreconciled']} do not add up"
    asked = exact(found.asked, money)
    say(f"Reconciled: {state}; {asked} asked of a target of {exact(scenario.target_amount, money)}.")


def show_judgement(scenario: Scenario, judged: dict[str, pd.DataFrame], told_of: OverAssignment) -> None:
    """Print each rep's odds, and what is doubtful."""
    money, reps = scenario.currency, judged["Feasibility"]
    rows = [
        [
            r["rep"],
            exact(r["quota"], money),
            exact(r["expected"], money),
            f"{r['chance']:.0%}" if r["quota"] else "no quota",
            "" if pd.isna(r["utilization"]) else f"{r['utilization']:.0%}",
        ]
        for r in reps.to_dict("records")
    ]
    show_table("Odds", ["Rep", "Quota", "Expected sales", "Chance to reach it", "Hours it takes"], rows)
    for r in reps[reps["verdict"] == "warning"].to_dict("records"):
        say(f"Doubt: the quota of {r['rep']}: {r['say']}")
    if "Forecast" in judged:
        table = judged["Forecast"]
        rows = [
            [forecast_of_whom(r), *(exact(r[k], money) for k in ("forecast", "low", "high"))]
            for r in table[table["period"] == "year"].to_dict("records")
        ]
        show_table(
            "Forecast of the year, with 80 % between low and high", ["Of", "Forecast", "Low", "High"], rows
        )
    if "Actuals" in judged:
        rows = [
            [
                r["rep"],
                exact(r["sales"], money),
                share(r["attainment"]),
                r["sales_grade"],
                exact(r["cost"], money),
                share(r["deviation"]),
                r["cost_grade"],
            ]
            for r in judged["Actuals"].to_dict("records")
        ]
        show_table("Actuals against quotas and budget", list(ACTUALS), rows)
    quality = judged["Quality"]
    for sentence in quality.loc[quality["verdict"] == "warning", "say"]:
        say(f"Warning: {sentence}")
    for sentence in largest_gaps(judged):
        say(f"From below: {sentence}")
    say(told_of.say)


def _key(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_") + ("_steps" if name == "Over-assignment" else "")


def _write(
    folder: Path,
    found: Quotas,
    effects: pd.DataFrame,
    words: dict[str, Any],
    kinds: dict[str, pd.DataFrame],
    judged: dict[str, pd.DataFrame],
) -> None:
    for name, table in judged.items():
        table.to_csv(folder / f"{_key(name)}.csv", index=False, lineterminator="\n")
    others = pd.concat({kind: table.rename_axis("rep") for kind, table in kinds.items()}, names=["kind"])
    others.reset_index().to_csv(folder / KINDS, index=False, lineterminator="\n")
    found.table.to_csv(folder / CELLS, index=False, lineterminator="\n")
    found.checks.to_csv(folder / CHECKS, index=False, lineterminator="\n")
    found.notices.to_csv(folder / NOTICES, index=False, lineterminator="\n")
    if len(effects):
        effects.to_csv(folder / EFFECTS, index=False, lineterminator="\n")
    else:
        (folder / EFFECTS).unlink(missing_ok=True)
    write_json(folder / SUMMARY, words)
    write_quota_book(found, effects, kinds, judged, folder / BOOK)
