"""From raw text and settings to a checked scenario; the one way in, whatever the source."""

import copy
import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from scenarios.checks import problems_of
from scenarios.errors import InputError, Problem
from scenarios.faults import assembled, problem_of, said_of
from scenarios.naming import alike, near
from scenarios.partial import Broken, unless_broken
from scenarios.scenario import SETTINGS, TABLES, Scenario
from scenarios.scheme_reading import scheme_of
from scenarios.settings import Settings
from scenarios.structure import as_organized, problems_of_structure

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
    drafted, problems = draft(source, places)
    if problems:
        raise InputError(problems)
    return as_organized(drafted)


def draft(
    source: Source, places: Mapping[str, str] | None = None, unread: Collection[str] = ()
) -> tuple[Scenario, list[Problem]]:
    """Make as much of a scenario as can be made of a source, and say everything that is wrong.

    Parameters
    ----------
    source, places
        As in `build`.
    unread
        Tables, and "settings", whose files could not be read; that has been said already.

    Returns
    -------
    A scenario, and the problems. If there are any, those parts are absent from it that are wrong
    (`partial.Broken`); before `[structure]` splits customers.
    """
    places = places or {}
    problems: list[Problem] = []
    fields: dict[str, Any] = {}
    wrong = set(SETTINGS if "settings" in unread else ()) | set(unread)
    for table in TABLES:
        place = places.get(table.name, table.file)
        text = source.tables.get(table.name)
        if table.name in unread:
            continue
        if text is None:
            if table.required:
                wrong.add(table.name)
                problems.append(Problem(place, "", f"the table of {table.name} is missing; add the file"))
            continue
        made, found = table.parse(text, place)
        problems += found
        if made is None:
            wrong.add(table.name)
        else:
            fields[table.name] = made
    if "settings" not in unread:
        settings, without, found = _settings(source.settings, places.get("settings", "scenario.toml"))
        fields |= settings
        wrong |= without
        problems += found
    scenario = (
        Draft(source.name, fields, wrong) if problems or wrong else Scenario(name=source.name, **fields)
    )
    problems += problems_of(scenario) + unless_broken(problems_of_structure, scenario)
    return scenario, problems


class Draft(Scenario):
    """A scenario some parts of which are wrong: whoever looks at one is told (`partial.Broken`).

    Parameters
    ----------
    name
        Of the scenario.
    parts
        Tables and settings, as far as they are whole.
    wrong
        Names of those that are not.
    """

    def __init__(self, name: str, parts: Mapping[str, Any], wrong: Collection[str]) -> None:
        usual = {
            field.name: field.default_factory() if callable(field.default_factory) else field.default
            for field in dataclasses.fields(Scenario)
            if field.name not in wrong
        }
        self.__dict__.update(usual | dict(parts) | {"name": name})

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in SETTINGS or name in (table.name for table in TABLES):
                raise Broken(name)
            raise AttributeError(name)


def _settings(raw: Mapping[str, Any], place: str) -> tuple[dict[str, Any], set[str], list[Problem]]:
    """Read the groups of settings; give them, the names of those that are wrong, and what is."""
    made: dict[str, Any] = {}
    problems, wrong, known = [], set(), [*WORDS, *SETTINGS]
    for key, value in raw.items():
        if key not in known:
            wrong |= set(alike(key, known)) - set(raw)
            meant = near(key, known) or f"; one of {', '.join(known)}"
            problems.append(Problem(f"{place}, {key}", said_of(value), f"unknown setting{meant}"))
    for word in WORDS:
        if word in raw:
            if isinstance(raw[word], str):
                made[word] = raw[word]
            else:
                problems.append(Problem(f"{place}, {word}", said_of(raw[word]), 'must be text such as "x"'))
    for name, model in SETTINGS.items():
        needed = name == "target" or any(f.is_required() for f in model.model_fields.values())
        if name in wrong or (name not in raw and not needed):
            continue
        group: Settings | None
        if name == "scheme":
            group, found = scheme_of(raw.get(name, {}), place, name)
            problems += found
        else:
            group, faults = assembled(model, raw.get(name, {}))
            problems += [problem_of(fault, place, raw.get(name, {}), name) for fault in faults]
        if group is None:
            wrong.add(name)
        else:
            made[name] = group
    return made, wrong & set(SETTINGS), problems
