"""What is wrong with a group of settings or a row, all at once and in words, and what of it is whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scenarios.errors import Problem
from scenarios.naming import alike, near
from scenarios.partial import Broken, Checked
from scenarios.settings import MOST_TIMES

Model = TypeVar("Model", bound=Checked)
Location = tuple[int | str, ...]

DATE = "must be a date such as 2026-01-31"
NUMBER = "must be a number such as 1234.5"
WHOLE = "must be a whole number such as 12"
TRUTH = "must be true or false"
GROUP = 'must be a group of settings such as { name = "x" }'
LISTED = 'must be a list such as ["x", "y"]'
KINDS = {
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "bool_type": TRUTH,
    "bool_parsing": TRUTH,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "string_type": 'must be text such as "x"',
    "string_too_short": "must not be empty",
    "tuple_type": LISTED,
    "list_type": LISTED,
    "dict_type": GROUP,
    "mapping_type": GROUP,
    "model_type": GROUP,
    "model_attributes_type": GROUP,
}
"""What to do, by kind of fault, where the words that come with it are those of programmers."""

PATTERNS = {
    r"^[^|;]+$": "must not be empty and must hold neither | nor ;",
    r"^[^/\\\x00]+$": "must not be empty and must hold neither / nor \\",
    r"^([01]\d|2[0-3]):[0-5]\d$": "must be a time such as 08:00",
    r"^(year|Q[1-4]|\d{4}-\d{2})$": "must be year, Q1 to Q4, or a month such as 2027-01",
    r"^https?://": "must begin with http:// or https://",
}
"""What texts must look like, in words."""

LONGEST = 120
"""Letters of a value that a message shows."""

UNREAD: Any = object()


@dataclass(frozen=True)
class Fault:
    """Something wrong with a field, or with several that do not fit together.

    Parameters
    ----------
    loc
        Names and positions that lead to it.
    kind
        A short name: missing, extra_forbidden, value_error ...
    remedy
        What to do.
    value
        What stands there, as written.
    fields
        Of what does not fit together: the fields concerned, in their order.
    """

    loc: Location
    kind: str
    remedy: str
    value: str
    fields: tuple[str, ...] = ()

    def below(self, part: int | str) -> Fault:
        """Give it as seen from one level above."""
        return replace(self, loc=(part, *self.loc))


def assembled(model: type[Model], raw: object) -> tuple[Model | None, list[Fault]]:
    """Make a group of settings, or a row, of what is written.

    Returns
    -------
    It and what is wrong with it. What is wrong is absent from it (`partial.Checked`); nothing is made of what
    is no group at all. A misspelled key makes those it may mean wrong as well, so that nobody misses them.
    """
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return _of_whole_fields(model, raw, [fault_of(e) for e in error.errors(include_url=False)])


def problem_of(fault: Fault, place: str, raw: Any, name: str = "") -> Problem:
    """Make a problem of a fault in a group of settings.

    Parameters
    ----------
    place
        Where the group stands.
    raw
        The group as written: entries of lists are called by their own names, or counted from 1.
    name
        Of the group, where its place holds several.
    """
    path, here = name, raw
    for part in fault.loc:
        inside = (isinstance(here, Mapping) and part in here) or (
            isinstance(here, Sequence) and isinstance(part, int) and part < len(here)
        )
        here = here[part] if inside else None
        if isinstance(part, str):
            path += f", {part}" if path.endswith("'") or path[-1:].isdigit() else f".{part}" if path else part
        else:
            called = here.get("name") if isinstance(here, Mapping) else None
            path += f" '{called}'" if called else f" number {part + 1}"
    return Problem(f"{place}, {path}" if path else place, fault.value, fault.remedy)


def said_of(value: Any) -> str:
    """Write a value of a setting for a message, shortened where it is long."""
    text = _written(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _of_whole_fields(
    model: type[Model], raw: object, faults: list[Fault]
) -> tuple[Model | None, list[Fault]]:
    if not isinstance(raw, Mapping):
        return None, faults
    said: list[Fault] = []
    values: dict[str, Any] = {}
    meant = {name for key in raw if key not in model.model_fields for name in alike(key, model.model_fields)}
    meant -= set(raw)
    for name, field in model.model_fields.items():
        wrong = [replace(f, loc=f.loc[1:]) for f in faults if f.loc[:1] == (name,)]
        if name in meant:
            continue
        if name not in raw:
            said += [f.below(name) for f in wrong]
            if not wrong:
                values[name] = field.get_default(call_default_factory=True)
            continue
        value, found = _of_field(model, name, raw[name], wrong)
        said += [f.below(name) for f in found]
        if value is not UNREAD:
            values[name] = value
    said += [_unknown(model, f) for f in faults if f.kind == "extra_forbidden" and len(f.loc) == 1]
    made = cast("Model", model.model_construct(**values))
    made.without(set(model.model_fields) - set(values))
    return made, said + _contradictions(made, raw)


def _of_field(model: type[Checked], name: str, raw: Any, wrong: list[Fault]) -> tuple[Any, list[Fault]]:
    """Give what a field holds, as far as it is whole, and what is wrong with it."""
    if not wrong:
        return read_field(model, name, raw), []
    inner = _model_in(model.model_fields[name].annotation)
    if any(f.loc for f in wrong):
        wrong = [f for f in wrong if f.loc or f.kind != "too_short"]  # entries that are wrong do not count
    if inner is None or any(not f.loc and f.kind != "value_error" for f in wrong):
        return UNREAD, wrong
    if isinstance(raw, Mapping):
        made, said = _of_whole_fields(inner, raw, wrong)
        return (UNREAD if made is None else made), said
    parts: list[Any] = []
    said = []
    for number, one in enumerate(raw):
        of_part = [replace(f, loc=f.loc[1:]) for f in wrong if f.loc[0] == number]
        part, found = _of_whole_fields(inner, one, of_part)
        said += [f.below(number) for f in found]
        parts.append(part)
    return (UNREAD if None in parts else tuple(parts)), said


def _contradictions(made: Model, raw: Mapping[str, Any]) -> list[Fault]:
    """Ask all that fields must have in common; what contradicts itself is absent afterward."""
    found: list[Fault] = []
    left = made.model_copy()
    for rule in type(made).__pydantic_decorators__.model_validators.values():
        try:
            rule.func(left)
        except Broken:
            continue
        except ValueError as error:
            fields = _looked_at(rule.func, left)
            written = {name: raw[name] for name in fields if name in raw and _is_plain(made, name)}
            shown = written or {name: raw[name] for name in fields if name in raw}
            values = ", ".join(f"{name} = {said_of(value)}" for name, value in shown.items())
            doubtful = tuple(name for name, value in written.items() if not isinstance(value, Mapping))
            found.append(Fault((), "value_error", str(error), values, doubtful))
            left.without(fields)
    made.without({name for fault in found for name in fault.fields})
    return found


def _looked_at(rule: Any, made: Model) -> tuple[str, ...]:
    """Find the fields a rule looks at: without one of those it cannot be asked."""
    looked = []
    for name in type(made).model_fields:
        less = made.model_copy()
        less.without([name])
        try:
            rule(less)
        except Broken:
            looked.append(name)
        except ValueError:
            continue
    return tuple(looked)


def _is_plain(made: Checked, name: str) -> bool:
    """Say whether a field holds values, not groups of settings."""
    return _model_in(type(made).model_fields[name].annotation) is None


def _written(value: Any) -> str:
    """Write a value much as it stands in a file of settings."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(one)}" for key, one in value.items()) + " }"
    return str(value)


def fault_of(error: Any) -> Fault:
    """Say in words what a validator found: one of `ValidationError.errors()`."""
    kind, value = error["type"], error["input"]
    remedy = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "must")
    remedy = KINDS.get(kind, remedy)
    if kind == "missing":
        remedy = "required setting is missing; add it"
    elif kind == "string_pattern_mismatch":
        remedy = PATTERNS.get(error["ctx"]["pattern"], remedy)
    elif kind == "literal_error" and isinstance(value, str):
        words = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
        remedy += near(value, [word.strip("'") for word in words])
    elif kind in ("too_short", "too_long"):
        least = kind == "too_short"
        count = error["ctx"]["min_length" if least else "max_length"]
        remedy = f"must have at {'least' if least else 'most'} {count} {'entry' if count == 1 else 'entries'}"
    elif kind == "string_too_long":
        remedy = f"must have at most {error['ctx']['max_length']} letters"
    elif kind == "less_than_equal" and error["ctx"]["le"] in (1, MOST_TIMES):
        remedy += _as_percent(value, error["ctx"]["le"])
    loc = tuple(part for part in error["loc"] if part != "[key]")
    return Fault(loc, kind, remedy, "" if kind == "missing" else said_of(value))


def _as_percent(value: Any, most: float) -> str:
    """Suggest a share or factor for a number that looks like percent."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    return f"; did you mean {number / 100:g}?" if 10 <= number <= 100 * most else ""


def _unknown(model: type[Checked], fault: Fault) -> Fault:
    known = list(model.model_fields)
    meant = near(str(fault.loc[-1]), known) or f"; one of {', '.join(known)}"
    return replace(fault, remedy=f"unknown setting{meant}")


def read_field(model: type[Checked], name: str, raw: Any) -> Any:
    """Read one field by itself, of which nothing is wrong."""
    return _reader(model, name).validate_python(raw)


@cache
def _reader(model: type[Checked], name: str) -> TypeAdapter[Any]:
    """Give what reads one field by itself."""
    field = model.model_fields[name]
    kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    strips = model.model_config.get("str_strip_whitespace", False)
    config = ConfigDict(str_strip_whitespace=True) if strips and _model_in(field.annotation) is None else None
    return TypeAdapter(kind, config=config)


def _model_in(annotation: Any) -> type[Checked] | None:
    """Find the group of settings that a field holds, or a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, Checked):
        return annotation
    if get_origin(annotation) is Annotated or get_origin(annotation) is not dict:
        return next((m for m in map(_model_in, get_args(annotation)) if m is not None), None)
    return None
