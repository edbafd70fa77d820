"""From raw text and settings to a checked scenario; the one way in, whatever the source."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pydantic import ValidationError

from scenarios.checks import check, problems_of_ways
from scenarios.errors import InputError, Problem
from scenarios.scenario import SETTINGS, TABLES, Scenario
from scenarios.scheme_reading import scheme_of
from scenarios.settings import Settings
from scenarios.structure import as_organized

KEYS = (("customers", "customer"), ("reps", "rep"))
WORDS = ("title", "description", "currency")


@dataclass
class Source:
    """A scenario as it is written: settings as nested mappings, tables as text.

    Parameters
    ----------
    name
        Short name of the scenario.
    settings
        What `scenario.toml` says.
    tables
        Frames of text cells by table name.
    """

    name: str
    settings: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def copy(self) -> "Source":
        """Make a copy that may be changed."""
        return Source(self.name, copy.deepcopy(self.settings), dict(self.tables))


def source_of(scenario: Scenario) -> Source:
    """Write a scenario as raw settings and text. `build` is the way back."""
    settings: dict[str, Any] = {word: getattr(scenario, word) for word in WORDS}
    for name in SETTINGS:
        settings[name] = getattr(scenario, name).model_dump(exclude_none=True)
    tables = {t.name: t.text(getattr(scenario, t.name)) for t in TABLES}
    return Source(scenario.name, settings, tables)


def build(source: Source, places: Mapping[str, str] | None = None) -> Scenario:
    """Check a source and make the scenario.

    Parameters
    ----------
    source
        Raw settings and tables.
    places
        Name of the file, for messages, of each table and of "settings".

    Raises
    ------
    InputError
        With all problems of all tables and settings.
    """
    places = places or {}
    problems: list[Problem] = []
    fields: dict[str, Any] = {}
    for table in TABLES:
        place = places.get(table.name, table.file)
        text = source.tables.get(table.name)
        if text is None:
            if table.required:
                problems.append(Problem(place, "", f"the table of {table.name} is missing; add the file"))
            continue
        fields[table.name], found = table.parse(text, place)
        problems += found
    problems += _problems_of_ways(source, places)
    settings, found = _settings(source.settings, places.get("settings", "scenario.toml"))
    problems += found
    if problems:
        raise InputError(problems)
    scenario = Scenario(name=source.name, **fields, **settings)
    check(scenario)
    return as_organized(scenario)


def _problems_of_ways(source: Source, places: Mapping[str, str]) -> list[Problem]:
    """Look at travel times before they are typed, so that all that is wrong with them is said at once."""
    ways = source.tables.get("travel_times")
    known = [source.tables.get(name, pd.DataFrame()).get(key) for name, key in KEYS]
    if ways is None or not {"customer", "rep"} <= set(ways.columns) or any(ids is None for ids in known):
        return []
    ids = [column.str.strip() for column in known if column is not None]
    pairs = ways[["customer", "rep"]].apply(lambda column: column.str.strip())
    return problems_of_ways(pairs, ids[0], ids[1], places.get("travel_times", "travel.csv"))


def _settings(raw: Mapping[str, Any], place: str) -> tuple[dict[str, Any], list[Problem]]:
    made: dict[str, Any] = {}
    problems = [
        Problem(f"{place}, {key}", str(value), f"unknown setting; one of {', '.join([*WORDS, *SETTINGS])}")
        for key, value in raw.items()
        if key not in SETTINGS and key not in WORDS
    ]
    for word in WORDS:
        if word in raw:
            if isinstance(raw[word], str):
                made[word] = raw[word]
            else:
                problems.append(Problem(f"{place}, {word}", str(raw[word]), "must be text"))
    for name, model in SETTINGS.items():
        if (
            name not in raw
            and not any(f.is_required() for f in model.model_fields.values())
            and name != "target"
        ):
            continue
        if name == "scheme":
            made[name], found = scheme_of(raw.get(name, {}), place, name)
        else:
            made[name], found = _group(name, model, raw.get(name, {}), place)
        problems += found
    return made, problems


def _group(name: str, model: type[Settings], raw: Any, place: str) -> tuple[Settings | None, list[Problem]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        problems = []
        for e in error.errors(include_url=False):
            path = _path(name, raw, e["loc"])
            message = e["msg"].removeprefix("Value error, ").replace("Input should", "must")
            if e["type"] == "missing":
                message = "required setting is missing; add it"
            if e["type"] == "extra_forbidden":
                message = (
                    f"unknown setting; one of {', '.join(model.model_fields)}"
                    if len(e["loc"]) == 1
                    else "unknown setting"
                )
            value = "" if e["type"] in ("missing", "value_error") else str(e["input"])
            problems.append(Problem(f"{place}, {path}", value, message))
        return None, problems


def _path(name: str, raw: Any, loc: Sequence[int | str]) -> str:
    """Name a setting as people find it: entries of lists by their own name, or counted from 1."""
    path, here = name, raw
    for part in loc:
        inside = (isinstance(here, Mapping) and part in here) or (
            isinstance(here, Sequence) and isinstance(part, int) and part < len(here)
        )
        here = here[part] if inside else None
        if isinstance(part, str):
            path += f", {part}" if path.endswith("'") or path[-1].isdigit() else f".{part}"
        else:
            called = here.get("name") if isinstance(here, Mapping) else None
            path += f" '{called}'" if called else f" number {part + 1}"
    return path
