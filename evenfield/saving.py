"""A plan on disk: a folder that later commands take instead of a scenario."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evenfield.tables import SPECIALIST_COLUMN, write_assignments, write_quotas
from optimizer import Plan, Result
from optimizer.compiling.territories import compile_problem
from optimizer.core.proof import price_table, proof
from scenarios import InputError, Problem, Scenario, read, write

PLAN_FILE = "plan.json"
PRICES_FILE = "prices.csv"
CERTIFICATE_FILE = "certificate.npz"
SCENARIO_FOLDER = "scenario"

MOST_PAIRS = 2_000_000
"""Eligible pairs up to which the arrays behind a certificate are kept (some 20 bytes each, compressed)."""


def save_plan(folder: str | Path, scenario: Scenario, plan: Plan, source: str | Path | None = None) -> Path:
    """Write a plan with everything needed to simulate it again.

    Writes `assignments.csv`, `quotas.csv`, `plan.json` and the scenario itself in `scenario/`; of a plan with
    a proven bound also `prices.csv` (what one more unit of each limit is worth) and `certificate.npz`, from
    which anyone can recompute the bound (see `optimizer.core.proof`).

    Parameters
    ----------
    source
        The folder the scenario came from; its `changes` and `schemes` are kept with the plan.

    Returns
    -------
    The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_assignments(scenario, plan, folder / "assignments.csv")
    write_quotas(scenario, plan, folder / "quotas.csv")
    words: dict[str, Any] = {
        "name": plan.name,
        "scenario": scenario.name,
        "scenario_digest": plan.scenario_digest,
        "result": None if plan.result is None else plan.result.words,
    }
    (folder / PLAN_FILE).write_text(json.dumps(words, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    kept = write(scenario, scenario_folder(folder, scenario))
    for beside in ("changes", "schemes"):
        if source is not None and (Path(source) / beside).is_dir():
            shutil.copytree(Path(source) / beside, kept / beside, dirs_exist_ok=True)
    _save_certificate(folder, scenario, plan)
    return folder


def _save_certificate(folder: Path, scenario: Scenario, plan: Plan) -> None:
    table, arrays = folder / PRICES_FILE, folder / CERTIFICATE_FILE
    certificate = None if plan.result is None else plan.result.certificate
    for file in (table, arrays):
        file.unlink(missing_ok=True)  # of an earlier plan in the same folder
    if certificate is None or plan.scenario_digest != scenario.digest:
        return
    price_table(certificate, scenario.reps.index).to_csv(table, index=False, lineterminator="\n")
    problem = compile_problem(scenario).problem
    if len(problem.cost) <= MOST_PAIRS:
        kept: dict[str, Any] = {**proof(problem, certificate, scenario.reps.index)}
        np.savez_compressed(arrays, **kept)


def scenario_folder(folder: str | Path, scenario: Scenario) -> Path:
    """Give the folder of the scenario that is kept with a plan."""
    return Path(folder) / SCENARIO_FOLDER / scenario.name


def is_plan(folder: str | Path) -> bool:
    """Say whether a folder holds a saved plan."""
    return (Path(folder) / PLAN_FILE).is_file()


def load_plan(folder: str | Path) -> tuple[Scenario, Plan]:
    """Read a saved plan and its scenario.

    Raises
    ------
    InputError
        If files are missing or do not fit the scenario the plan was made for.
    """
    folder = Path(folder)
    try:
        words = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
        scenario = read(folder / SCENARIO_FOLDER / Path(words["scenario"]).name)
        assigned = pd.read_csv(folder / "assignments.csv", dtype="str", keep_default_na=False)
        quotas = pd.read_csv(folder / "quotas.csv", dtype={"rep": "str"}, keep_default_na=False)
        owner = assigned.set_index("customer")["rep"].rename("owner")
        support = _support(scenario, assigned.set_index("customer"))
        names = [q.name for q in scenario.year.quarters]
        quota = quotas.set_index("rep").loc[list(scenario.reps.index), names].astype("float64")
        found = words["result"]
        result = None if found is None else Result(**{**found, "log": tuple(found.get("log", ()))})
        digest, name = words["scenario_digest"], words["name"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        remedy = f"not a plan as `evenfield plan` writes it ({error}); make it again"
        raise InputError([Problem(str(folder), "", remedy)]) from None
    problems = _problems(scenario, owner, digest)
    if problems:
        raise InputError(problems)
    support = support.reindex(scenario.customers.index)
    return scenario, Plan(name, digest, owner.reindex(scenario.customers.index), quota, result, support)


def _support(scenario: Scenario, assigned: pd.DataFrame) -> pd.DataFrame:
    """Read the specialists of each overlay; none where the plan has none."""
    columns = {SPECIALIST_COLUMN.format(team.name): team.name for team in scenario.overlays.teams}
    return assigned[[column for column in columns if column in assigned]].rename(columns=columns)


def _problems(scenario: Scenario, owner: pd.Series, digest: str) -> list[Problem]:
    problems = []
    if scenario.digest != digest:
        remedy = "the plan was made for another scenario than the one beside it; make it again"
        problems.append(Problem("plan.json, scenario_digest", digest, remedy))
    for row in np.flatnonzero(owner.index.duplicated()).tolist():
        place = f"assignments.csv row {row + 2}, customer"
        problems.append(Problem(place, str(owner.index[row]), "customer appears twice; keep one row"))
    missing = scenario.customers.index.difference(owner.index)
    if len(missing):
        problems.append(
            Problem("assignments.csv", ", ".join(missing[:5]), "customers are missing; give each a row")
        )
    for position, (customer, rep) in enumerate(owner.items()):
        place = f"assignments.csv row {position + 2}"
        if customer not in scenario.customers.index:
            problems.append(Problem(f"{place}, customer", str(customer), "no such customer; remove the row"))
        if rep and rep not in scenario.reps.index:
            problems.append(Problem(f"{place}, rep", str(rep), "no such rep; name one of reps.csv"))
    return problems
