"""Named shocks: files with a story and one or more events, of the library or of one's own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.errors import InputError, Problem
from scenarios.naming import near
from scenarios.reading import LIBRARY, read_toml
from scenarios.shocks import Shock
from scenarios.year import PlanYear
from scenarios.year_checks import problems_of_names, problems_of_shocks

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

FOLDER = "shocks"
"""Of the library, and of a scenario that has its own."""

DAYS = ("start", "end", "latest_start")
OF_ANY_YEAR = re.compile(r"month ([1-9]|[12]\d|3[0-6])(?: day ([1-9]|[12]\d|3[01]))?")
NO_DAY = 'must be a date such as 2026-01-31, or a day of any plan year such as "month 4" or "month 4 day 15"'

ANY_YEAR = PlanYear(start=date(2001, 1, 1))
"""The year in which a file is looked at before its scenario is known."""


class NamedShock(BaseModel):
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
        path = Path(file)
        raw = read_toml(path)
        try:
            made = NamedShock.model_validate({**raw, "name": path.stem})
        except ValidationError as error:
            known = "a file of shocks has title, why, sizes and one or more [[shocks]]"
            problems = []
            for e in error.errors(include_url=False):
                place = ", ".join([path.name, ".".join(str(part) for part in e["loc"])])
                found = "" if e["type"] == "missing" else str(e["input"])[:80]
                unknown = e["type"] in ("missing", "extra_forbidden")
                problems.append(Problem(place, found, known if unknown else e["msg"]))
            raise InputError(problems) from None
        made.events(ANY_YEAR)
        return made

    def events(self, year: PlanYear) -> tuple[Shock, ...]:
        """Give the events with the dates they have in a plan year.

        Raises
        ------
        InputError
            With everything that a shock cannot be.
        """
        made: list[Shock] = []
        problems: list[Problem] = []
        for number, raw in enumerate(self.shocks, 1):
            called = f"'{raw['name']}'" if "name" in raw else f"number {number}"
            place = f"{self.name}.toml, shocks {called}"
            dated, wrong = _dated({"name": self.title} | raw, year, place)
            problems += wrong
            try:
                made.append(Shock.model_validate(dated))
            except ValidationError as error:
                problems += _problems(error, place, days_are_known=not wrong)
        if problems:
            raise InputError(problems)
        return tuple(made)

    def apply(self, scenario: Scenario) -> Scenario:
        """Make the scenario in which this happens as well; the given one stays as it is.

        Its name and title say so.

        Raises
        ------
        InputError
            If the shock does not fit the scenario, or has a name that one of its shocks has already.
        """
        events = self.events(scenario.year)
        place = f"{self.name}.toml, shocks"
        problems = problems_of_shocks(scenario, events, place)
        problems += problems_of_names(scenario.market.shocks, events, place)
        if problems:
            raise InputError(problems)
        market = scenario.market.model_copy(update={"shocks": (*scenario.market.shocks, *events)})
        return dataclasses.replace(
            scenario,
            market=market,
            name=f"{scenario.name}+{self.name}",
            title=f"{scenario.title or scenario.name} + {self.title}",
        )


def with_shocks(scenario: Scenario, *shocks: NamedShock | str | Path) -> Scenario:
    """Make the scenario in which named shocks happen as well, together; the given one stays as it is.

    Parameters
    ----------
    shocks
        Names of the library, files, or shocks themselves.

    Raises
    ------
    InputError
        If there is no such shock, one is named twice, or one does not fit the scenario.
    """
    named = [s if isinstance(s, NamedShock) else NamedShock.read(find_shock(s)) for s in shocks]
    names = [shock.name for shock in named]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError([Problem("shock", name, "is named twice; name it once") for name in twice])
    for shock in named:
        scenario = shock.apply(scenario)
    return scenario


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


def _dated(raw: Mapping[str, Any], year: PlanYear, place: str) -> tuple[dict[str, Any], list[Problem]]:
    """Give an event with dates for its days of any year, and what cannot be read as a day.

    In place of such a day stands the year's first or last one, so that the rest can be looked at.
    """
    dated, problems = dict(raw), []
    for key in DAYS:
        if key in raw:
            day = _day(raw[key], year)
            dated[key] = day or (year.end if key == "end" else year.start)
            if day is None:
                problems.append(Problem(f"{place}, {key}", str(raw[key]), NO_DAY))
    return dated, problems


def _day(written: Any, year: PlanYear) -> date | None:
    if isinstance(written, date):
        return written
    found = OF_ANY_YEAR.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is not None:
        return year.month(int(found[1]) - 1) + timedelta(days=int(found[2] or 1) - 1)
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        return None


def _problems(error: ValidationError, place: str, *, days_are_known: bool) -> list[Problem]:
    problems = []
    for e in error.errors(include_url=False):
        if e["type"] == "value_error" and not days_are_known:
            continue
        key = ".".join(str(part) for part in e["loc"])
        message = e["msg"].removeprefix("Value error, ").replace("Input should", "must")
        if e["type"] == "missing":
            message = "required setting is missing; add it"
        if e["type"] == "extra_forbidden":
            message = (
                f"unknown setting{near(key, Shock.model_fields) or ''}; see market.shocks in docs/data.md"
            )
        value = "" if e["type"] in ("missing", "value_error") else str(e["input"])
        problems.append(Problem(f"{place}, {key}" if key else place, value, message))
    return problems
