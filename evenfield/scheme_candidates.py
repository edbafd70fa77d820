"""Candidates of a search for a scheme: settings that may vary, and every combination of them."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scenarios import InputError, Problem
from scenarios.naming import near
from scenarios.pay_elements import Commission, Worth
from scenarios.scheme import Scheme
from simulation.paying.outlook import UNSEEN_KEYS, unseen

MOST_CANDIDATES = 200


@dataclass(frozen=True)
class Range:
    """Values that a setting of an element may take.

    Parameters
    ----------
    element, key
        Which: a name of the scheme, and the key within, entries of lists counted from 1 ("tiers.2.rate").
    values
        To try; none for "no value".
    """

    element: str
    key: str
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Both together."""
        return f"{self.element}.{self.key}"


def read_range(text: str, scheme: Scheme) -> Range:
    """Read a range such as "commission.cap=1.2,1.5,none".

    Raises
    ------
    InputError
        If it is no such thing, or the scheme has no such setting.
    """
    name, sign, listed = text.partition("=")
    values = [_value(word.strip()) for word in listed.split(",") if word.strip()]
    return range_of(name if sign else "", values, scheme, text)


def range_of(name: str, values: Sequence[Any], scheme: Scheme, text: str = "") -> Range:
    """Make a range of a setting called "ELEMENT.KEY".

    Raises
    ------
    InputError
        If the scheme has no such element, reps do not see the setting, or there are no values; `text` is
        what was asked.
    """
    asked = text or name
    element = max((e for e in scheme.elements if name.startswith(f"{e}.")), key=len, default="")
    if not element:
        known = ", ".join(scheme.elements)
        remedy = f"write ELEMENT.KEY=VALUE,VALUE,... with an element of the scheme: {known}"
        guess = near(asked.partition("=")[0].split(".")[0], scheme.elements)
        raise InputError([Problem("--vary", asked, remedy + guess)])
    if not values:
        raise InputError([Problem("--vary", asked, "name the values to try")])
    key = name.removeprefix(f"{element}.")
    hidden = unseen(scheme).get(element, UNSEEN_KEYS)
    if "rep" in scheme.elements[element].roles and (not hidden or key.split(".")[0] in UNSEEN_KEYS):
        remedy = (
            "simulated reps do not see this, so a search would only find out what it costs; vary what pays"
            " for own bookings, invoices or collections"
        )
        raise InputError([Problem("--vary", asked, remedy)])
    return Range(element, key, tuple(values))


def _value(word: str) -> Any:
    if word in ("none", "true", "false"):
        return {"none": None, "true": True, "false": False}[word]
    try:
        return float(word)
    except ValueError:
        return word


def usual_ranges(scheme: Scheme) -> list[Range]:
    """Give ranges where none are asked for: rates above 100 %, where they begin, and the commission's
    share.
    """
    found = []
    for name, element in scheme.elements.items():
        is_hidden = not unseen(scheme).get(name, UNSEEN_KEYS)
        if not isinstance(element, Commission) or "rep" not in element.roles or is_hidden:
            continue
        last = len(element.tiers)
        tier = element.tiers[-1]
        if last > 1:
            found.append(
                Range(name, f"tiers.{last}.rate", tuple(_round(tier.rate * f) for f in (0.75, 1, 1.25)))
            )
        if element.weight is not None and 0 < element.weight < 1:
            weights = sorted({_round(min(element.weight * f, 1.0)) for f in (0.8, 1, 1.2)})
            found.append(Range(name, "weight", tuple(weights)))
        caps = (None, 1.5) if element.cap is None else (element.cap, None)
        found.append(Range(name, "cap", caps))
    return found


def _round(value: float) -> float:
    return float(f"{value:.3g}")


def candidates_of(scheme: Scheme, ranges: Sequence[Range]) -> list[tuple[dict[str, Any], Scheme]]:
    """Make every combination; weights of other elements give way so that they add up to 1.

    Raises
    ------
    InputError
        If there are too many, or one is no sound scheme.
    """
    count = math.prod(len(one.values) for one in ranges)
    if not ranges or count > MOST_CANDIDATES:
        remedy = (
            f"makes {count:,} candidates; vary less, at most {MOST_CANDIDATES}"
            if ranges
            else ("nothing to vary in this scheme; say what with --vary ELEMENT.KEY=VALUE,VALUE")
        )
        raise InputError([Problem("--vary", "", remedy)])
    strangers = [problem for one in ranges for problem in _strangers(scheme, one)]
    if strangers:
        raise InputError(strangers)
    found: list[tuple[dict[str, Any], Scheme]] = []
    wrong: dict[str, list[str]] = {}
    for values in itertools.product(*(one.values for one in ranges)):
        chosen = dict(zip((one.name for one in ranges), values, strict=True))
        try:
            found.append((chosen, _varied(scheme, ranges, values)))
        except (ValidationError, ValueError, TypeError) as error:
            told, where = str(error), ""
            if isinstance(error, ValidationError):
                first = error.errors()[0]
                told, where = first["msg"], ".".join(str(part) for part in first["loc"])
            key = f"{where}: " * bool(where) + told.removeprefix("Value error, ")
            wrong.setdefault(key, []).append(", ".join(f"{name}={value}" for name, value in chosen.items()))
    if wrong:
        raise InputError(
            [
                Problem(
                    "--vary",
                    said[0],
                    told + f", and so in {len(said) - 1} more candidates" * (len(said) > 1),
                )
                for told, said in wrong.items()
            ]
        )
    return found


def _strangers(scheme: Scheme, one: Range) -> list[Problem]:
    """Find out whether an element has a key at all, and say which it has where it has not."""
    here: Any = scheme.elements[one.element].model_dump(mode="json")
    for part in one.key.split("."):
        if isinstance(here, list):
            if not part.isdecimal() or not 1 <= int(part) <= len(here):
                remedy = f"there is no number {part}; the list has {len(here)}, counted from 1"
                return [Problem("--vary", one.name, remedy)]
            here = here[int(part) - 1]
        elif not isinstance(here, dict) or part not in here:
            known = ", ".join(here) if isinstance(here, dict) else "no keys of its own"
            guess = near(part, here) if isinstance(here, dict) else ""
            return [Problem("--vary", one.name, f"there is no key {part} here; there are {known}{guess}")]
        else:
            here = here[part]
    return []


def _varied(scheme: Scheme, ranges: Sequence[Range], values: Sequence[Any]) -> Scheme:
    raw = scheme.model_dump(mode="json")
    set_weights = {
        one.element: value for one, value in zip(ranges, values, strict=True) if one.key == "weight"
    }
    for one, value in zip(ranges, values, strict=True):
        here: Any = raw["elements"][one.element]
        *path, last = one.key.split(".")
        for part in path:
            here = here[int(part) - 1] if isinstance(here, list) else here[part]
        here[int(last) - 1 if isinstance(here, list) else last] = value
    _rescale(scheme, raw["elements"], set_weights)
    return Scheme.model_validate(raw)


def _rescale(scheme: Scheme, elements: dict[str, Any], given: Mapping[str, float]) -> None:
    """Let the weights that are not varied give way, role by role."""
    roles = {role for name in given for role in scheme.elements[name].roles}
    for role in roles:
        others = {
            name: element.weight
            for name, element in scheme.for_role(role).items()
            if isinstance(element, Worth)
            and element.weight
            and name not in given
            and element.kind != "penalty"
        }
        fixed = sum(weight for name, weight in given.items() if role in scheme.elements[name].roles)
        left, total = 1 - fixed, sum(others.values())
        for name, weight in others.items():
            elements[name]["weight"] = weight * left / total
