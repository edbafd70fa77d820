"""What a command names on its line: scenarios, saved plans and what-ifs, opened and planned."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from evenfield.roads import with_road_times
from evenfield.saving import is_plan, load_plan, scenario_folder
from evenfield.terminal import say
from optimizer import TODAY, Plan, optimize, support_for, todays_book
from optimizer.core.engines import Engine
from optimizer.core.stopping import Progress
from scenarios import InputError, NoPlanExists, Problem, Scenario, read
from scenarios.errors import AllProblems
from scenarios.opening import changed, opened
from scenarios.reading import drafted, locate
from scenarios.structure import as_organized

Pair = tuple[Scenario, Plan]

HOLD = (
    "`evenfield check` says what the rules would have to give. To compare today's book with what-ifs and "
    "shocks all the same, add --hold-plan."
)
SIMULATED = "simulation.json"
"""What simulated years come to, in the folder of their results."""

LEAVE_OUT = "Leave this one out, or keep the plan in what-ifs with --hold-plan."
"""What to do where no plan exists."""


def open_scenario(where: str, changes: Sequence[str]) -> Scenario:
    """Read a scenario and apply what-ifs in order.

    Raises
    ------
    InputError
        If the scenario or a change is wrong.
    """
    return with_road_times(opened(where, changes), locate(where))


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
    together = [name for shock in shocks for name in parts_of(shock)]
    if not is_plan(where):
        _refuse_what_was_simulated(where)
        scenario = with_road_times(opened(where, changes, together), locate(where))
        return scenario, todays_book(scenario)
    scenario, plan = load_plan(where)
    source = _source(where, scenario)
    made = with_road_times(changed(scenario, source, changes, together), source)
    return made, _held(plan, made, plan.name)


def _refuse_what_was_simulated(where: str) -> None:
    """Say what to name instead of a folder that holds what years came to, but no plan and no scenario."""
    file = Path(where) / SIMULATED
    if not file.is_file() or (Path(where) / "scenario.toml").is_file():
        return
    try:
        of = json.loads(file.read_text(encoding="utf-8"))["of"]
        kinds = {"change": of["changes"], "shock": of["shocks"]}
        asked = [str(of["plan"]), *(f"--{kind} {name}" for kind, names in kinds.items() for name in names)]
    except (OSError, KeyError, TypeError, ValueError):
        asked = []
    meant = (
        f"name what was simulated instead: {' '.join(asked)}" if asked else "name what was simulated instead"
    )
    raise InputError([Problem("PLAN", where, f"this folder holds what simulated years came to; {meant}")])


def parts_of(shock: str) -> list[str]:
    """Name the shocks that happen together: "a+b" are two, where no file is called so."""
    return [shock] if Path(shock).is_file() else shock.split("+")


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
        What-ifs keep owners and quotas of the first instead of being planned. Where no plan of the first
        exists, today's book stands in its place.
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
        With all that is wrong with any of them, before anything is planned; or if today's book has nothing to
        be compared with.
    NoPlanExists
        If one that is to be planned has no plan; with words on what else can be done.
    KeyboardInterrupt
        If interrupted while planning.
    """
    said = AllProblems(
        [
            Problem("--shock", shock, "is named twice; name it once")
            for shock in sorted({shock for shock in shocks if list(shocks).count(shock) > 1})
        ]
    )

    def planned(scenario: Scenario, remedy: str = "") -> Plan:
        told = None if planning is None else planning(scenario.name, scenario.currency)
        try:
            made = optimize(
                scenario, name=scenario.name, time_limit=time_limit, seed=seed, engine=engine, progress=told
            )
        except NoPlanExists as error:
            reasons = [f"{scenario.name}: {reason}" for reason in error.reasons]
            raise NoPlanExists(reasons, remedy) from None
        if made.result is not None and made.result.status == "interrupted":
            raise KeyboardInterrupt
        return made

    scenario, plan, wrong = _opened(first)
    said.found += wrong
    source = _source(first, scenario)
    beside = {other: said.ask(_whole, other) for other in others}
    struck = {shock: said.ask(changed, scenario, source, (), parts_of(shock), wrong) for shock in shocks}
    in_folder = [] if shocks else sorted(map(str, (source / "changes").glob("*.toml")))
    what_ifs = [said.ask(changed, scenario, source, [change], (), wrong) for change in changes or in_folder]
    said.refuse()

    if plan is None:
        scenario = with_road_times(scenario, source)
        plan = _first_plan(scenario, planned, hold_plan)
    sides: dict[str, Pair] = {plan.name: (scenario, plan)}
    sides.setdefault(TODAY, (scenario, todays_book(scenario)))
    for other, opened_ in beside.items():
        if opened_ is not None:
            other_scenario, made = opened_
            made = made or replace(planned(other_scenario, LEAVE_OUT), name="plan")
            sides[_new_name(Path(other).name, sides)] = other_scenario, made
    for made_so in struck.values():
        if made_so is not None:
            name = _new_name(made_so.name.removeprefix(f"{scenario.name}+"), sides)
            sides[name] = made_so, _held(plan, made_so, name)
    for made_so in what_ifs:
        if made_so is not None:
            on_roads = with_road_times(made_so, source)
            name = _new_name(made_so.name, sides)
            made = _held(plan, on_roads, made_so.name) if hold_plan else planned(on_roads, LEAVE_OUT)
            sides[name] = on_roads, made
    if len(sides) == 1:
        remedy = "there is nothing to compare today's book with; name a what-if (--change) or a --shock"
        raise InputError([Problem("compare", first, remedy)])
    return sides


def _first_plan(scenario: Scenario, planned: Callable[[Scenario, str], Plan], hold_plan: bool) -> Plan:
    """Plan a scenario; where no plan exists and plans are held, today's book stands in its place."""
    try:
        return replace(planned(scenario, HOLD), name="plan")
    except NoPlanExists as error:
        if not hold_plan:
            raise
        say(str(NoPlanExists(error.reasons, "Today's book stands in its place.")))
        return todays_book(scenario)


def _opened(where: str) -> tuple[Scenario, Plan | None, list[Problem]]:
    """Open a saved plan, or read as much of a scenario as can be read, and say what is wrong with it."""
    if is_plan(where):
        return *load_plan(where), []
    scenario, problems = drafted(where)
    return scenario if problems else as_organized(scenario), None, problems


def _whole(where: str) -> tuple[Scenario, Plan | None]:
    if is_plan(where):
        return load_plan(where)
    return with_road_times(read(where), locate(where)), None


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
