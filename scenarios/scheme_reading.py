"""From raw settings to an incentive scheme, element by element, so that all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from scenarios.errors import Problem
from scenarios.faults import fault_of
from scenarios.naming import alike, near
from scenarios.pay_curves import Fault
from scenarios.pay_elements import ELEMENTS, REP, AnyElement, Contest, Spiff
from scenarios.scheme import Scheme

KINDS = {str(model.model_fields["kind"].default): model for model in ELEMENTS}
"""Elements by what `kind` calls them."""

LONGEST = 80
"""Letters of a value that a message shows."""

GROUP = "must be a group of settings"


@dataclass(frozen=True)
class Reading:
    """A scheme as far as it is sound.

    Parameters
    ----------
    scheme
        Of the elements and terms that are sound; it may contradict `problems` and `weights`.
    problems
        What is wrong, but for
    weights
        weights that do not add up.
    notes
        What was left out of it for a company.
    """

    scheme: Scheme
    problems: tuple[Problem, ...]
    weights: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def reading_of(raw: object, file: str, path: str = "") -> Reading:
    """Read a scheme.

    Parameters
    ----------
    raw
        What is written: keys and values.
    file
        Where, for messages.
    path
        Of the scheme within the file; empty: the whole file.
    """
    if not isinstance(raw, Mapping):
        return Reading(Scheme(), (Problem(_joined(file, path), _said(raw), GROUP),), ())
    place = _Place(file, path)
    problems = [
        Problem(place.at(key), _said(value), _unknown(key, Scheme))
        for key, value in raw.items()
        if key not in Scheme.model_fields
    ]
    sound: dict[str, Any] = {}
    for key in Scheme.model_fields:
        if key in raw and key != "elements":
            value, found = _field(Scheme, key, raw[key], place)
            problems += found
            if value is not None:
                sound[key] = value
    written = raw.get("elements")
    elements, found = _elements(written, place) if "elements" in raw else (None, [])
    problems += found
    if elements is not None:
        sound["elements"] = elements
    scheme = Scheme.model_construct(**sound)
    broken = _broken(written, elements or {}, raw) if isinstance(written, Mapping) else {}
    if isinstance(written, Mapping) or "elements" not in raw:
        problems += place.of(scheme.faults_of_terms(broken))
    doubtful = {role for roles in broken.values() for role in roles}
    weights = [f for f in scheme.faults_of_weights() if f[0].removeprefix("elements of ") not in doubtful]
    return Reading(scheme, tuple(problems), tuple(place.of(weights)))


def scheme_of(raw: object, file: str, path: str = "") -> tuple[Scheme | None, list[Problem]]:
    """Give a scheme and what is wrong with it; none where anything is. As in `reading_of`."""
    found = reading_of(raw, file, path)
    problems = [*found.problems, *found.weights]
    return (None if problems else found.scheme), problems


@dataclass(frozen=True)
class _Place:
    """Where a scheme stands."""

    file: str
    path: str

    def at(self, key: str) -> str:
        return _joined(self.file, f"{self.path}.{key}" if self.path else key)

    def of(self, faults: Iterable[Fault]) -> list[Problem]:
        return [Problem(self.at(key), value, remedy) for key, value, remedy in faults]


def _elements(raw: object, place: _Place) -> tuple[dict[str, AnyElement] | None, list[Problem]]:
    """Read each element by itself; give those of which nothing is wrong."""
    if not isinstance(raw, Mapping):
        return None, [Problem(place.at("elements"), _said(raw), f"{GROUP}, one for each element")]
    if not raw:
        return None, [Problem(place.at("elements"), "", "a scheme needs at least one element")]
    sound, problems = {}, []
    for name, written in raw.items():
        element, found = _element(written, str(name), place)
        problems += found
        if element is not None and not found:
            sound[str(name)] = element
    return sound, problems


def _element(raw: object, name: str, place: _Place) -> tuple[AnyElement | None, list[Problem]]:
    spot, kinds = place.at(f"elements.{name}"), ", ".join(KINDS)
    if not isinstance(raw, Mapping):
        return None, [Problem(spot, _said(raw), GROUP)]
    kind, problems = raw.get("kind"), []
    if kind is None:
        return None, [Problem(f"{spot}, kind", "", f"say what kind of element it is: one of {kinds}")]
    if str(kind) not in KINDS:
        remedy = f"no such kind of element{near(str(kind), KINDS) or f'; one of {kinds}'}"
        problems = [Problem(f"{spot}, kind", _said(kind), remedy)]
        kind = next(iter(alike(str(kind), KINDS)), None)
        if kind is None:
            return None, problems
    model = KINDS[str(kind)]
    meant, unknown = _as_meant({**raw, "kind": str(kind)}, model, spot)
    problems += unknown
    try:
        element: Any = model.model_validate(meant)
    except ValidationError as error:
        wrong = {e["loc"][0] for e in error.errors() if e["loc"]}
        problems += _problems(error, model, spot)
        element = _without(wrong, meant, model)
        doubtful = wrong | (DEPENDENT if wrong & {"goal", "measure"} else set())
    else:
        doubtful = set()
    faults = [] if element is None else element.faults()
    if problems:  # What is missing may stand in what could not be read.
        faults = [f for f in faults if f[1] and not set(_words(f[0])) & doubtful]
    problems += place.of((f"elements.{name}, {k}", value, remedy) for k, value, remedy in faults)
    return element, problems


SURE = 0.75
"""How like a key another must be to be read as it, beside saying so."""

STAND_INS: dict[str, Any] = {
    "items": [{"weight": 1.0}],
    "prizes": [1.0],
    "steps": [{"up_to": 0.5, "costs": 1.0}],
}
"""Values of required keys with which the rest can be judged."""

DEPENDENT = {"goal", "goal_share", "assumed", "lines", "measure", "period"}
"""Keys that cannot be judged where measure or goal could not be read."""


def _as_meant(
    raw: Mapping[str, Any], model: type[BaseModel], spot: str
) -> tuple[dict[str, Any], list[Problem]]:
    """Take out unknown keys, or read them as those they are most like, and say so."""
    meant, problems = {}, []
    for key, value in raw.items():
        if key in model.model_fields:
            meant[key] = value
            continue
        problems.append(Problem(f"{spot}, {key}", _said(value), _unknown(str(key), model)))
        guess = next(iter(alike(str(key), model.model_fields, like=SURE)), None)
        if guess is not None and guess not in raw:
            meant.setdefault(guess, value)
    return meant, problems


def _without(wrong: set[int | str], raw: Mapping[str, Any], model: type[BaseModel]) -> Any:
    """Read an element without what is wrong in it, with what can stand in for it where it is required."""
    stand_ins = {k: v for k, v in STAND_INS.items() if k in wrong and model.model_fields[k].is_required()}
    try:
        return model.model_validate({k: v for k, v in raw.items() if k not in wrong} | stand_ins)
    except ValidationError:
        return None


def _words(key: str) -> list[str]:
    return key.replace(",", " ").split()


def _field(model: type[BaseModel], key: str, raw: object, place: _Place) -> tuple[Any, list[Problem]]:
    """Read a field; of a list of groups each by itself, with nobody and nothing in those that are wrong."""
    inner = _model_in(model.model_fields[key].annotation)
    if inner is not None and isinstance(raw, list | tuple):
        entries, problems = [], []
        for number, one in enumerate(raw, 1):
            try:
                entries.append(inner.model_validate(one))
            except ValidationError as error:
                entries.append(inner.model_construct(roles=(), elements=()))
                problems += _problems(error, inner, place.at(f"{key} number {number}"))
        return tuple(entries), problems
    try:
        return _reader(model, key).validate_python(raw), []
    except ValidationError as error:
        return None, _problems(error, model.model_fields[key].annotation, place.at(key))


@cache
def _reader(model: type[BaseModel], key: str) -> TypeAdapter[Any]:
    field = model.model_fields[key]
    kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return TypeAdapter(kind)


def _broken(
    raw: Mapping[str, Any], sound: Mapping[str, AnyElement], whole: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """Say whom the elements pay that could not be read: as they say, or anybody where that is unreadable."""
    anybody = {
        role
        for key in ("draws", "guarantees")
        for term in _entries(whole.get(key))
        for role in _texts(term.get("roles"))
    }
    named = whole.get("pay")
    anybody |= set(map(str, named)) if isinstance(named, Mapping) else set()
    anybody |= {role for element in sound.values() for role in element.roles} | {REP}
    found = {}
    for name, element in raw.items():
        if str(name) not in sound:
            said = element.get("roles", (REP,)) if isinstance(element, Mapping) else None
            found[str(name)] = tuple(_texts(said)) or tuple(sorted(anybody))
    return found


def _entries(raw: object) -> list[Mapping[str, Any]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list | tuple) else []


def _texts(raw: object) -> list[str]:
    return [one for one in raw if isinstance(one, str)] if isinstance(raw, list | tuple) else []


def _problems(error: ValidationError, kind: Any, spot: str) -> list[Problem]:
    problems, found = [], error.errors(include_url=False)
    for e in found:
        loc = tuple(part for part in e["loc"] if part != "[key]")
        if e["type"] == "too_short" and any(
            len(o["loc"]) > len(loc) and o["loc"][: len(loc)] == loc for o in found
        ):
            continue  # It has entries, but all of them are wrong.
        fault = fault_of(e)
        remedy = fault.remedy
        if e["type"] == "extra_forbidden":
            model = _model_at(kind, loc[:-1])
            remedy = "unknown setting" if model is None else _unknown(str(loc[-1]), model)
        problems.append(Problem(_path(spot, loc), fault.value, remedy))
    return problems


def _unknown(key: str, model: type[BaseModel]) -> str:
    known = list(model.model_fields)
    if key in ("gates", "multipliers") and model in (Contest, Spiff):
        return f"a {model.model_fields['kind'].default} has no {key}; take it out"
    return "unknown setting" + (near(key, known) or f"; one of {', '.join(known)}")


def _model_at(kind: Any, loc: Sequence[int | str]) -> type[BaseModel] | None:
    """Find the group of settings that stands at a place."""
    model = _model_in(kind)
    for part in loc:
        if model is not None and isinstance(part, str) and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation)
    return model


def _model_in(kind: Any) -> type[BaseModel] | None:
    """Find the group of settings that a field holds, or a list of them."""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and get_origin(kind) is None:
        return kind
    return next((m for m in map(_model_in, get_args(kind)) if m is not None), None)


def _path(spot: str, loc: Sequence[int | str]) -> str:
    for part in loc:
        spot += f" number {part + 1}" if isinstance(part, int) else f", {part}"
    return spot


def _joined(file: str, path: str) -> str:
    return f"{file}, {path}" if path else file


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
