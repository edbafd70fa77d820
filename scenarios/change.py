"""A what-if: a small file with a story that makes another scenario of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.building import Source, build, source_of
from scenarios.errors import InputError, Problem
from scenarios.named_shocks import find_shock, with_shocks
from scenarios.naming import near
from scenarios.reading import LIBRARY, read_toml
from scenarios.scenario import SETTINGS, TABLES
from scenarios.settings import Where
from scenarios.structure import split_by_line

if TYPE_CHECKING:
    from scenarios.scenario import Scenario


class Split(BaseModel):
    """`[split]`: customers become one part for each product line, to be served by specialists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["product_line"] = Field("product_line", description="What customers are split by")
    where: Where = Field(
        {}, description='Customers that are split, by their columns, e.g. { tier = ["A"] }; empty: all'
    )
    least_visits: float = Field(
        0.0,
        ge=0,
        description="Least visits a year to each part; a part's share of the visits is rounded up",
    )


class Change(BaseModel):
    """A what-if; composes with others in order.

    Parameters
    ----------
    name
        Short name; of a file, its name without ending.
    title, why
        The story in words.
    split
        Split customers first, if given.
    set
        Settings to change, merged into the scenario's.
    edit
        Rows to change by table; each names its key and the columns to change.
    add
        Rows to add by table.
    shocks
        Named shocks that happen as well: of the library, of the scenario's `shocks` folder, or files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[^/\\\x00]+$")
    title: str
    why: str = ""
    split: Split | None = None
    set: dict[str, dict[str, Any]] = {}
    edit: dict[str, list[dict[str, Any]]] = {}
    add: dict[str, list[dict[str, Any]]] = {}
    shocks: tuple[str, ...] = ()

    @staticmethod
    def read(file: str | Path) -> Change:
        """Read a change from a TOML file.

        Raises
        ------
        InputError
            If the file is missing or says what a change cannot do.
        """
        path = Path(file)
        raw = read_toml(path)
        try:
            change = Change.model_validate({**raw, "name": path.stem})
        except ValidationError as error:
            problems = []
            for e in error.errors(include_url=False):
                place = f"{path.name}, {'.'.join(str(part) for part in e['loc'])}"
                known = "a change has title, why, split, set, edit, add and shocks"
                remedy = f"unknown key; {known}" if e["type"] == "extra_forbidden" else e["msg"]
                problems.append(Problem(place, str(e["input"])[:80], remedy))
            raise InputError(problems) from None
        beside = tuple(str(find_shock(shock, path.parent.parent)) for shock in change.shocks)
        return change.model_copy(update={"shocks": beside})

    def apply(self, scenario: Scenario) -> Scenario:
        """Make the changed scenario; the given one stays as it is.

        Raises
        ------
        InputError
            If a row to edit does not exist or the result does not fit together.
        """
        if self.split is not None:
            scenario = split_by_line(scenario, self.split.least_visits, self.split.where)
        source = source_of(scenario)
        file = f"{self.name}.toml"
        problems = (
            _set(source, self.set, file) + _edit(source, self.edit, file) + _add(source, self.add, file)
        )
        if problems:
            raise InputError(problems)
        _forget_ways(source, self.edit)
        source.name, source.settings["title"] = self.name, self.title
        source.settings["description"] = self.why
        places = {t.name: f"{t.file} as {file} changes it" for t in TABLES} | {"settings": file}
        changed = build(source, places)
        return replace(with_shocks(changed, *self.shocks), name=self.name, title=self.title)


def _forget_ways(source: Source, edit: dict[str, list[dict[str, Any]]]) -> None:
    """Drop known travel times of customers and reps whose place changes: they are ways to elsewhere."""
    for table, key in (("customers", "customer"), ("reps", "rep")):
        moved = {str(row[key]) for row in edit.get(table, []) if {"latitude", "longitude"} & set(row)}
        ways = source.tables["travel_times"]
        source.tables["travel_times"] = ways[~ways[key].isin(moved)].reset_index(drop=True)


def find_change(where: str | Path, scenario: str | Path) -> Path:
    """Find a change's file: a path, or a name in the `changes` folder of a scenario.

    Raises
    ------
    InputError
        If there is none.
    """
    folders = [Path(scenario) / "changes", LIBRARY / Path(scenario).name / "changes"]
    for file in [Path(where), *(folder / f"{where}.toml" for folder in folders)]:
        if file.is_file():
            return file
    names = sorted({p.stem for folder in folders for p in folder.glob("*.toml")})
    meant = near(str(where), names)
    has = f"the scenario has the changes {', '.join(names) or '(none)'}"
    remedy = f"no such file{meant} {has}" if meant else f"no such file; {has}"
    raise InputError([Problem("change", str(where), remedy)])


def _set(source: Source, settings: dict[str, dict[str, Any]], file: str) -> list[Problem]:
    problems = []
    for group, values in settings.items():
        if group not in SETTINGS:
            remedy = f"unknown group of settings; one of {', '.join(SETTINGS)}"
            problems.append(Problem(f"{file}, set.{group}", "", remedy))
            continue
        old = source.settings.get(group, {})
        if group == "target" and {"growth", "amount"} & values.keys():
            old = {k: v for k, v in old.items() if k not in ("growth", "amount")}
        source.settings[group] = _merged(old, values)
    return problems


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Merge nested settings; lists and plain values of `new` replace those of `old`."""
    both = dict(old)
    for key, value in new.items():
        nested = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = _merged(both[key], value) if nested else value
    return both


def _edit(source: Source, edits: dict[str, list[dict[str, Any]]], file: str) -> list[Problem]:
    problems = []
    for name, rows in edits.items():
        key = {t.name: t.key for t in TABLES}.get(name)
        if not key:
            known = ", ".join(t.name for t in TABLES if t.key)
            problems.append(Problem(f"{file}, edit.{name}", "", f"unknown table; one of {known}"))
            continue
        text = source.tables[name].copy()
        positions = {k: i for i, k in enumerate(text[key])}
        for number, row in enumerate(rows, 1):
            place = f"{file}, edit.{name} number {number}"
            position = positions.get(str(row.get(key, "")))
            if position is None:
                problems.append(Problem(place, str(row.get(key, "")), f"name an existing row by its '{key}'"))
                continue
            for column, value in row.items():
                if column not in text.columns:
                    problems.append(Problem(place, column, f"no such column in {name}.csv"))
                elif column != key:
                    text.loc[position, column] = _cell(value)
        source.tables[name] = text
    return problems


def _add(source: Source, additions: dict[str, list[dict[str, Any]]], file: str) -> list[Problem]:
    problems = []
    for name, rows in additions.items():
        if name not in source.tables:
            problems.append(
                Problem(f"{file}, add.{name}", "", f"unknown table; one of {', '.join(source.tables)}")
            )
            continue
        new = pd.DataFrame([{c: _cell(v) for c, v in row.items()} for row in rows], dtype="str")
        source.tables[name] = pd.concat([source.tables[name], new], ignore_index=True).fillna("")
    return problems


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(str(v) for v in value)
    return str(value)
