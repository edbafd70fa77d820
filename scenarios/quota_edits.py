"""What people decide about quotas by hand: pins, limits, freezes, moves, transfers and gates, as data."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError, field_validator, model_validator

from scenarios.errors import InputError, Problem
from scenarios.quota_checks import problems_of_edits
from scenarios.reading import read_toml
from scenarios.scenario import Scenario
from scenarios.settings import Settings, Stated

EDITS = "edits"
"""What messages call a file of edits whose name they do not know."""

Absorbers = Literal["siblings", "company", "nobody"] | tuple[str, ...]


class Edit(Stated):
    """An edit, and of which amounts it speaks."""

    lines: tuple[str, ...] = Field((), description="Product lines or groups it speaks of; empty: all")
    periods: tuple[str, ...] = Field((), description="Quarters or months it speaks of; empty: the whole year")


class Absorbed(Edit):
    """An edit of one node that others make up for."""

    node: str = Field(min_length=1, description="Who: a rep, or a node above, by name or path (East/Team 2)")
    absorb: Absorbers = Field(
        "siblings",
        description=(
            "Who makes up for it, in proportion: those under the same node, the whole company, "
            "nobody (the totals above change), or a list of nodes"
        ),
    )
    spare: tuple[str, ...] = Field((), description="Nodes that do not make up for it")
    hold: Literal["cell", "total"] = Field(
        "cell",
        description="What stays as it is above: every line and period, or only their total",
    )

    @field_validator("absorb", mode="before")
    @classmethod
    def _nodes_are_a_list(cls, value: Any) -> Any:
        if isinstance(value, str) and value not in ("siblings", "company", "nobody"):
            raise ValueError(f'give siblings, company, nobody, or a list of nodes: ["{value}"]')
        return value


class Pin(Absorbed):
    """`[[pin]]`: an exact amount for a node."""

    amount: float = Field(ge=0, description="Money")
    basis: Literal["base", "padded"] = Field("base", description="Layer the amount is meant in")
    mix: Literal["free", "keep"] = Field(
        "free",
        description="keep: every line and period of the node in one proportion; free: as near as can be",
    )


class Limit(Absorbed):
    """`[[limit]]`: a floor, a ceiling, or both, for a node."""

    least: float | None = Field(None, ge=0, description="Least amount, money")
    most: float | None = Field(None, ge=0, description="Largest amount, money")
    least_change: float | None = Field(
        None, ge=-1, description="Least change against the plan before edits; -.1 is 10 % less"
    )
    most_change: float | None = Field(None, ge=-1, description="Largest change against the plan before edits")

    @model_validator(mode="after")
    def _limits_something(self) -> "Limit":
        given = (self.least, self.most, self.least_change, self.most_change)
        if all(value is None for value in given):
            raise ValueError("give least, most, least_change or most_change")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least must not be above most")
        if (
            self.least_change is not None
            and self.most_change is not None
            and self.least_change > self.most_change
        ):
            raise ValueError("least_change must not be above most_change")
        return self


class Freeze(Edit):
    """`[[freeze]]`: a node whose amounts stay as they are, each of them."""

    node: str = Field(min_length=1, description="Who stays as before edits")


class Move(Edit):
    """`[[move]]`: a share of some nodes' amounts goes to others, line by line and period by period."""

    source: tuple[str, ...] = Field(min_length=1, alias="from", description="Nodes that give")
    to: dict[str, float] | Literal["siblings"] = Field(
        "siblings",
        description="Nodes that take, with their parts; siblings: in proportion to what they have",
    )
    share: float = Field(1.0, gt=0, le=1, description="Share of what the givers have that goes")

    @field_validator("to")
    @classmethod
    def _parts_are_positive(cls, value: Any) -> Any:
        if isinstance(value, dict) and (not value or any(not part > 0 for part in value.values())):
            raise ValueError("name at least one node, each with a part above 0")
        return value


class Transfer(Edit):
    """`[[transfer]]`: an exact amount goes from one node to another, within each line and period."""

    source: str = Field(min_length=1, alias="from", description="Node that gives")
    to: str = Field(min_length=1, description="Node that takes")
    amount: float | None = Field(None, gt=0, description="Money")
    to_total: float | None = Field(None, ge=0, description="What the taker has afterward; instead of amount")

    @model_validator(mode="after")
    def _says_how_much(self) -> "Transfer":
        if (self.amount is None) == (self.to_total is None):
            raise ValueError("give either amount or to_total")
        return self


class Gate(Edit):
    """`[[gate]]`: a node that is not entitled to sell some lines is not asked for them."""

    node: str = Field(min_length=1, description="Who is asked for nothing")
    rest: Literal["siblings", "company", "strand", "refuse"] = Field(
        "siblings",
        description=(
            "Where its amounts go: to those under the same node, to everybody, nowhere (listed as "
            "stranded), or refuse if there are any"
        ),
    )


class QuotaEdits(Settings):
    """`edits.toml`: all edits of a quota plan. Their order means nothing."""

    pin: tuple[Pin, ...] = ()
    limit: tuple[Limit, ...] = ()
    freeze: tuple[Freeze, ...] = ()
    move: tuple[Move, ...] = ()
    transfer: tuple[Transfer, ...] = ()
    gate: tuple[Gate, ...] = ()

    def named(self) -> dict[str, Edit]:
        """All edits by name; one without is called by its kind and number.

        Raises
        ------
        InputError
            If two have one name.
        """
        found: dict[str, Edit] = {}
        problems = []
        for kind in type(self).model_fields:
            for number, edit in enumerate(getattr(self, kind), start=1):
                name = edit.name or f"{kind} {number}"
                if name in found:
                    problems.append(Problem(f"edits, {kind} {number}", name, "another edit has this name"))
                found[name] = edit
        if problems:
            raise InputError(problems)
        return found


def read_edits(path: Path | str, scenario: Scenario | None = None) -> QuotaEdits:
    """Read edits of quotas from a TOML file.

    Parameters
    ----------
    scenario
        Whose quotas they edit: nodes, lines and periods it does not have are named, too.

    Raises
    ------
    InputError
        If the file is not there, is no TOML, or says something that cannot be meant; all problems at once.
    """
    content, file = read_toml(Path(path)), Path(path).name
    unknown = problems_of_edits(scenario, content, file) if scenario is not None else []
    try:
        edits = QuotaEdits.model_validate(content)
        edits.named()
    except ValidationError as error:
        wrong = [_problem(e, file) for e in error.errors(include_url=False)]
        raise InputError([*wrong, *unknown]) from None
    except InputError as error:
        raise InputError([*located(error, file).problems, *unknown]) from None
    if unknown:
        raise InputError(unknown)
    return edits


def located(error: InputError, file: str) -> InputError:
    """Name the file of edits in what is said to be wrong with them."""
    found = [
        replace(p, place=f"{file}{p.place.removeprefix(EDITS)}") if p.place.startswith(f"{EDITS},") else p
        for p in error.problems
    ]
    return InputError(found)


def _problem(error: Any, file: str) -> Problem:
    kind, *rest = [str(part) for part in error["loc"]] or [""]
    number = f" {int(rest[0]) + 1}" if rest and rest[0].isdigit() else ""
    keys = ".".join(part for part in rest[1:] if part)
    place = f"{file}, {kind}{number}" + (f", {keys}" if keys else "")
    found = "" if isinstance(error["input"], dict | list) else str(error["input"])[:80]
    if error["type"] == "extra_forbidden":
        model = get_args(QuotaEdits.model_fields[kind].annotation)[0] if number else QuotaEdits
        known = [field.alias or name for name, field in model.model_fields.items()]
        wrong = keys or kind
        near = get_close_matches(wrong, known, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        return Problem(place, found, f"unknown key; {hint}")
    if error["type"] == "tuple_type":
        return Problem(place, found, f'give a list: ["{found}"]')
    if error["type"] == "missing":
        return Problem(place, found, "this key is missing; add it")
    return Problem(place, found, error["msg"].removeprefix("Value error, "))
