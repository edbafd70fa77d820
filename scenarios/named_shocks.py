"""Named shocks: files with a story and one or more events, of the library or of one's own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, Field

from scenarios.errors import AllProblems, InputError, Problem
from scenarios.faults import assembled, problem_of, said_of
from scenarios.naming import near
from scenarios.partial import Checked, whole_or
from scenarios.reading import LIBRARY, read_toml
from scenarios.shocks import Shock
from scenarios.size_checks import problems_of_size
from scenarios.year import PlanYear
from scenarios.year_checks import problems_of_names, problems_of_shocks

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

FOLDER = "shocks"
"""Of the library, and of a scenario that has its own."""

DAYS = ("start", "end", "latest_start")
OF_ANY_YEAR = re.compile(r"month ([1-9]|[12]\d|3[0-6])(?: day ([1-9]|[12]\d|3[01]))?")
NO_DAY = 'must be a date such as 2026-01-31, or a day of any plan year such as "month 4" or "month 4 day 15"'

HOLDS = "a file of shocks has title, why, sizes and one or more [[shocks]]"
UNTITLED = "untitled"

ANY_YEAR = PlanYear(start=date(2001, 1, 1))
"""The year in which a file is looked at before its scenario is known."""


class NamedShock(Checked):
    """A shock with a story, for any plan year; several come one after the other or together.

    Parameters
    ----------
    name
        Short name; of a file, its name without ending.
    title, why
        The story in words.
    sizes
        Where the sizes come from: a source, or that they are assumptions.
    shocks
        The events, each with the settings of a shock. Its days are dates, or days of any plan year: "month 4"
        is the first day of the plan year's fourth month, "month 4 day 15" a fortnight later, "month 13" the
        first day after the year. An event without a name is called by the title.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[^/\\\x00]+$")
    title: str = Field(min_length=1)
    why: str = ""
    sizes: str = ""
    shocks: tuple[dict[str, Any], ...] = Field(min_length=1)

    @staticmethod
    def read(file: str | Path) -> NamedShock:
        """Read a named shock from a TOML file.

        Raises
        ------
        InputError
            If the file is missing, or with everything in it that a shock cannot be.
        """
        made, problems = opened(file)
        if problems or made is None:
            raise InputError(problems)
        return made

    def events(self, year: PlanYear) -> tuple[Shock, ...]:
        """Give the events with the dates they have in a plan year.

        Raises
        ------
        InputError
            With everything that a shock cannot be.
        """
        made, problems = self.drafted(year)
        if problems:
            raise InputError(problems)
        return made

    def drafted(self, year: PlanYear) -> tuple[tuple[Shock, ...], list[Problem]]:
        """Give the events, as far as they can be read, and all that is wrong with them."""
        made: list[Shock] = []
        problems: list[Problem] = []
        title = whole_or(lambda: self.title, UNTITLED)
        for number, raw in enumerate(whole_or(lambda: self.shocks, ()), 1):
            known_as = f"'{raw['name']}'" if raw.get("name") else f"number {number}"
            place = f"{self.name}.toml, shocks {known_as}"
            event, found = _event({"name": title} | raw, year, place)
            problems += found
            if event is not None:
                made.append(event)
        return tuple(made), problems

    def apply(self, scenario: Scenario) -> Scenario:
        """Make the scenario in which this happens as well; the given one stays as it is.

        Its name and title say so.

        Raises
        ------
        InputError
            If the shock does not fit the scenario, or has a name that one of its shocks has already.
        """
        return with_shocks(scenario, self)

    def _added_to(self, scenario: Scenario) -> Scenario:
        events = self.events(scenario.year)
        market = scenario.market.model_copy(update={"shocks": (*scenario.market.shocks, *events)})
        return dataclasses.replace(
            scenario,
            market=market,
            name=f"{scenario.name}+{self.name}",
            title=f"{scenario.title or scenario.name} + {self.title}",
        )


def opened(file: str | Path) -> tuple[NamedShock | None, list[Problem]]:
    """Read as much of a named shock as can be read, and say everything that is wrong with the file."""
    path = Path(file)
    try:
        raw = {**read_toml(path), "name": path.stem}
    except InputError as error:
        return None, list(error.problems)
    made, faults = assembled(NamedShock, raw)
    problems = []
    for fault in faults:
        if fault.kind in ("missing", "extra_forbidden"):
            meant = near(str(fault.loc[-1]), NamedShock.model_fields) if fault.kind != "missing" else ""
            said = "unknown setting" if fault.kind != "missing" else "required setting is missing"
            fault = dataclasses.replace(fault, remedy=f"{said}{meant or ';'} {HOLDS}")
        problems.append(problem_of(fault, path.name, raw))
    if made is not None:
        problems += made.drafted(ANY_YEAR)[1]
    return made, problems


def with_shocks(scenario: Scenario, *shocks: NamedShock | str | Path) -> Scenario:
    """Make the scenario in which named shocks happen as well, together; the given one stays as it is.

    Parameters
    ----------
    shocks
        Names of the library, files, or shocks themselves.

    Raises
    ------
    InputError
        With all problems of all shocks: there is no such shock, one is named twice, or one does not fit the
        scenario.
    """
    named, problems = all_opened(shocks)
    problems += misfits(scenario, named)
    if not problems:
        events = [event for shock in named for event in shock.events(scenario.year)]
        problems = problems_of_size(scenario, events)
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    for shock in named:
        scenario = shock._added_to(scenario)
    return scenario


def all_opened(
    shocks: Sequence[NamedShock | str | Path], folder: Path | None = None
) -> tuple[list[NamedShock], list[Problem]]:
    """Find and read shocks that happen together, and say everything that is wrong with any of them.

    Parameters
    ----------
    folder
        Of the scenario, as in `find_shock`.
    """
    named: list[NamedShock] = []
    problems = AllProblems()
    for shock in shocks:
        file = shock if isinstance(shock, NamedShock) else problems.ask(find_shock, shock, folder)
        made, found = (file, []) if not isinstance(file, Path) else opened(file)
        problems.found += found
        if made is not None:
            named.append(made)
    names = [shock.name for shock in named]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems.found += [Problem("shock", name, "is named twice; name it once") for name in twice]
    return list({shock.name: shock for shock in named}.values()), problems.found


def misfits(scenario: Scenario, shocks: Sequence[NamedShock]) -> list[Problem]:
    """List what does not fit a scenario in shocks that happen together, as far as both are whole."""
    problems: list[Problem] = []
    there = whole_or(lambda: scenario.market.shocks, ())
    start = whole_or(lambda: scenario.year.start, ANY_YEAR.start)
    for shock in shocks:
        events, found = shock.drafted(PlanYear(start=start))
        place = f"{shock.name}.toml, shocks"
        problems += found + problems_of_shocks(scenario, events, place)
        problems += problems_of_names(there, events, place)
        there = (*there, *events)
    return problems


def shock_library() -> dict[str, NamedShock]:
    """Give the shocks of the library by name."""
    return {file.stem: NamedShock.read(file) for file in sorted((LIBRARY / FOLDER).glob("*.toml"))}


def find_shock(where: str | Path, folder: Path | None = None) -> Path:
    """Find a shock's file: a path, or a name in the `shocks` folder of a scenario or in the library.

    Parameters
    ----------
    folder
        That of the scenario, if any.

    Raises
    ------
    InputError
        If there is none; the message has the names there are.
    """
    folders = [LIBRARY / FOLDER] if folder is None else [folder / FOLDER, LIBRARY / FOLDER]
    for file in [Path(where), *(each / f"{where}.toml" for each in folders)]:
        if file.is_file():
            return file
    names = sorted({file.stem for each in folders for file in each.glob("*.toml")})
    remedy = f"no such file{near(str(where), names) or ';'} there are {', '.join(names)}"
    raise InputError([Problem("shock", str(where), remedy)])


def _event(raw: Mapping[str, Any], year: PlanYear, place: str) -> tuple[Shock | None, list[Problem]]:
    """Make an event, as far as it can be read, with dates for its days of any year."""
    days = {key: _day(raw[key], year) for key in DAYS if key in raw}
    unclear = [key for key, day in days.items() if day is None]
    problems = [Problem(f"{place}, {key}", said_of(raw[key]), _no_day(raw[key], year)) for key in unclear]
    dated = {key: days.get(key, value) for key, value in raw.items() if key not in unclear}
    event, faults = assembled(Shock, dated)
    for fault in faults:
        if fault.kind == "missing" and fault.loc[0] in unclear:
            continue
        if fault.fields and year is ANY_YEAR and _is_mixed(raw):
            continue
        if fault.fields:
            written = ", ".join(f"{name} = {said_of(raw[name])}" for name in fault.fields)
            fault = dataclasses.replace(fault, value=written)
        problems.append(problem_of(fault, place, raw))
    if event is not None:
        event.without(unclear)
    return event, problems


def _is_mixed(raw: Mapping[str, Any]) -> bool:
    """Say whether some days are of any year and others of one: their order depends on the plan year."""
    days = [raw[key] for key in DAYS if key in raw]
    of_any_year = [isinstance(day, str) and OF_ANY_YEAR.fullmatch(day.strip()) is not None for day in days]
    return any(of_any_year) and not all(of_any_year)


def _no_day(written: Any, year: PlanYear) -> str:
    """Say why something is no day of a plan year."""
    found = OF_ANY_YEAR.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        return NO_DAY
    days = (year.month(int(found[1])) - year.month(int(found[1]) - 1)).days
    return f"month {found[1]} of the plan year from {year.start} has {days} days; name one of them"


def _day(written: Any, year: PlanYear) -> date | None:
    if isinstance(written, date):
        return written
    found = OF_ANY_YEAR.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is not None:
        day = year.month(int(found[1]) - 1) + timedelta(days=int(found[2] or 1) - 1)
        return day if day < year.month(int(found[1])) or year is ANY_YEAR else None
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        return None
