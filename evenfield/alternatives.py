"""What a command names on its line: scenarios, saved plans and what-ifs, opened and planned."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from evenfield.roads import with_road_times
from evenfield.saving import is_plan, load_plan, scenario_folder
from optimizer import TODAY, Plan, optimize, support_for, todays_book
from optimizer.core.engines import Engine
from optimizer.core.stopping import Progress
from scenarios import (
    Change,
    InputError,
    NoPlanExists,
    Problem,
    Scenario,
    find_shock,
    read,
    with_shocks,
)
from scenarios.change import find_change
from scenarios.reading import locate

Pair = tuple[Scenario, Plan]


def open_scenario(where: str, changes: Sequence[str]) -> Scenario:
    """Read a scenario and apply what-ifs in order.

    Raises
    ------
    InputError
        If the scenario or a change is wrong.
    """
    folder = locate(where)
    scenario = read(where)
    for change in changes:
        scenario = Change.read(find_change(change, folder)).apply(scenario)
    return with_road_times(scenario, folder)


def open_plan(where: str, changes: Sequence[str], shocks: Sequence[str] = ()) -> Pair:
    """Open a saved plan, or today's book of a scenario; what-ifs change the scenario and keep the owners.

    Parameters
    ----------
    where
        A plan's folder, or a scenario.
    changes
        What-ifs, applied in order.
    shocks
        Named shocks that happen together, after the what-ifs.

    Raises
    ------
    InputError
        If something is wrong, or a what-if changes the customers of a saved plan.
    """
    if not is_plan(where):
        scenario = with_shocks(open_scenario(where, changes), *found(shocks, locate(where)))
        return scenario, todays_book(scenario)
    scenario, plan = load_plan(where)
    changed = scenario
    for change in changes:
        changed = Change.read(find_change(change, _source(where, scenario))).apply(changed)
    changed = with_shocks(changed, *found(shocks, _source(where, scenario)))
    changed = with_road_times(changed, _source(where, scenario))
    return changed, _held(plan, changed, plan.name)


def found(shocks: Sequence[str], folder: Path) -> list[Path]:
    """Find the files of named shocks; "a+b" names two, where no file is called so.

    Raises
    ------
    InputError
        If there is no such shock.
    """
    named = [[shock] if Path(shock).is_file() else shock.split("+") for shock in shocks]
    return [find_shock(name, folder) for names in named for name in names]


def open_saved_plan(where: str) -> Pair:
    """Open a saved plan, or today's book of a scenario.

    Raises
    ------
    InputError
        If there is neither, or the plan and the scenario beside it do not fit together.
    """
    if not is_plan(where):
        try:
            locate(where)
        except InputError:
            there = "it holds no plan.json" if Path(where).is_dir() else "there is no such folder"
            remedy = f"{there}; name a folder that `evenfield plan --out` has written"
            raise InputError([Problem("PLAN", where, remedy)]) from None
    return open_plan(where, [])


def alternatives_of(
    first: str,
    others: Sequence[str],
    changes: Sequence[str] | None,
    *,
    hold_plan: bool,
    time_limit: float | None,
    seed: int,
    engine: Engine = "auto",
    planning: Callable[[str, str], Progress] | None = None,
    shocks: Sequence[str] = (),
) -> dict[str, Pair]:
    """Open and plan everything a comparison names.

    Parameters
    ----------
    first
        A scenario (it is planned) or a saved plan. Its today's book comes second.
    others
        More of them.
    changes
        What-ifs of the first; none given: all in its `changes` folder, unless shocks are asked for.
    hold_plan
        What-ifs keep owners and quotas of the first instead of being planned.
    time_limit, seed, engine
        For each plan, as in `optimizer.optimize`.
    planning
        Told the name and currency of each scenario that is planned; gives whom to tell of the progress.
    shocks
        Named shocks, each an alternative of its own; those joined by "+" happen together. The plan of the
        first is kept: shocks come as a surprise.

    Returns
    -------
    Scenario and plan by name, the plan of the first in front.

    Raises
    ------
    InputError
        If something is wrong, or a shock is named twice.
    KeyboardInterrupt
        If interrupted while planning.
    """
    if twice := sorted({shock for shock in shocks if list(shocks).count(shock) > 1}):
        remedy = "is named twice; name it once"
        raise InputError([Problem("shock", shock, remedy) for shock in twice])

    def planned(scenario: Scenario) -> Plan:
        told = None if planning is None else planning(scenario.name, scenario.currency)
        try:
            made = optimize(
                scenario, name=scenario.name, time_limit=time_limit, seed=seed, engine=engine, progress=told
            )
        except NoPlanExists as error:
            raise NoPlanExists([f"{scenario.name}: {reason}" for reason in error.reasons]) from None
        if made.result is not None and made.result.status == "interrupted":
            raise KeyboardInterrupt
        return made

    scenario, plan = load_plan(first) if is_plan(first) else _planned_now(first, planned)
    sides: dict[str, Pair] = {plan.name: (scenario, plan), TODAY: (scenario, todays_book(scenario))}
    for other in others:
        side = load_plan(other) if is_plan(other) else _planned_now(other, planned)
        sides[_new_name(Path(other).name, sides)] = side
    source = _source(first, scenario)
    for shock in shocks:
        struck = with_shocks(scenario, *found([shock], source))
        name = _new_name(struck.name.removeprefix(f"{scenario.name}+"), sides)
        sides[name] = struck, _held(plan, struck, name)
    for file in [] if shocks and not changes else _changes(first, scenario, changes):
        changed = with_road_times(Change.read(file).apply(scenario), source)
        sides[_new_name(file.stem, sides)] = (
            changed,
            _held(plan, changed, file.stem) if hold_plan else planned(changed),
        )
    return sides


def _planned_now(where: str, planned: Callable[[Scenario], Plan]) -> Pair:
    scenario = with_road_times(read(where), locate(where))
    return scenario, replace(planned(scenario), name="plan")


def _changes(where: str, scenario: Scenario, named: Sequence[str] | None) -> list[Path]:
    source = _source(where, scenario)
    if named:
        return [find_change(change, source) for change in named]
    return sorted((source / "changes").glob("*.toml"))


def _source(where: str, scenario: Scenario) -> Path:
    """Find the folder that may hold changes: a plan's own copy of its scenario, or the scenario."""
    return scenario_folder(where, scenario) if is_plan(where) else locate(where)


def _held(plan: Plan, changed: Scenario, name: str) -> Plan:
    if not plan.owner.index.equals(changed.customers.index) or not plan.quota.index.equals(
        changed.reps.index
    ):
        remedy = "it changes who the customers or reps are, so the plan cannot be kept; plan anew"
        raise InputError([Problem(f"change {changed.name}", "", remedy)])
    support = plan.support
    if list(support.columns) != [team.name for team in changed.overlays.teams]:
        support = support_for(changed, plan.owner)
    proved = plan.result if changed.digest == plan.scenario_digest else None  # a bound is of one scenario
    return replace(plan, name=name, scenario_digest=changed.digest, support=support, result=proved)


def _new_name(name: str, taken: dict[str, Pair]) -> str:
    number = 2
    new = name
    while new in taken:
        new, number = f"{name} ({number})", number + 1
    return new
