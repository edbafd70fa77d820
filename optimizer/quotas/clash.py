"""Edits that cannot be kept together: a smallest set of them in words, with amounts and ways out."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from optimizer.quotas.asks import among
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Model
from optimizer.quotas.feasibility import fits, shortfall
from scenarios.quota_edits import Absorbed, Edit, Freeze, Gate, Limit, Move, Pin, Transfer

Compile = Callable[[Mapping[str, Edit]], Model]


def smallest_clash(names: Sequence[str], fit: Callable[[Sequence[str]], bool]) -> list[str]:
    """Find demands that clash, of which none can be left out without the others fitting.

    U. Junker's QuickXplain (AAAI 2004): about k log(n / k) questions for k clashing edits of n.

    Parameters
    ----------
    names
        All demands; together they clash.
    fit
        Says whether some of them can be kept together.
    """

    def explain(kept: list[str], changed: bool, among: list[str]) -> list[str]:
        if changed and not fit(kept):
            return []
        if len(among) == 1:
            return among
        half = len(among) // 2
        second = explain(kept + among[:half], True, among[half:])
        first = explain(kept + second, bool(second), among[:half])
        return first + second

    found = set(explain([], False, list(names)))
    return [name for name in names if name in found]


def in_words(
    cube: Cube, names: Sequence[str], edits: Mapping[str, Edit], compiled: Compile, padding: np.ndarray
) -> list[str]:
    """Say which edits clash, what each asks, and what would let the others hold.

    Parameters
    ----------
    cube
        The plan before edits.
    names
        A smallest set of edits that clash.
    edits
        All of them, by name.
    compiled
        Gives the model of some edits.
    padding
        By node: padded over base.
    """
    if len(names) == 1:
        reasons = ["quotas: this edit cannot be kept, whatever the others"]
    else:
        reasons = [f"quotas: these {len(names)} edits cannot be kept together; any one less can"]
    reasons += [f"{name}: {said(cube, edits[name])}" for name in names]
    for name in names:
        reasons += [f"way out: {way}" for way in _ways(cube, name, edits, compiled, padding)]
    return reasons


def said(cube: Cube, edit: Edit) -> str:
    """Say an edit in words, with what the node has before it."""
    part = _part(edit)
    match edit:
        case Pin():
            layer = " padded" if edit.basis == "padded" else ""
            return (
                f"{edit.node}{part} is to have {edit.amount:,.2f}{layer} (now {_now(cube, edit.node, edit)})"
            )
        case Limit():
            asked = [
                f"{word} {value:,.2f}"
                for word, value in (("at least", edit.least), ("at most", edit.most))
                if value is not None
            ] + [
                f"{word} {value:+.1%}"
                for word, value in (("at least", edit.least_change), ("at most", edit.most_change))
                if value is not None
            ]
            return f"{edit.node}{part} is to have {' and '.join(asked)} (now {_now(cube, edit.node, edit)})"
        case Freeze():
            return f"{edit.node}{part} stays at {_now(cube, edit.node, edit)}"
        case Gate():
            return f"{edit.node}{part} is asked for nothing (now {_now(cube, edit.node, edit)})"
        case Move():
            return f"{edit.share:.0%} of {', '.join(edit.source)}{part} goes to {_names(edit.to)}"
        case Transfer():
            much = f"{edit.amount:,.2f}" if edit.amount is not None else f"up to {edit.to_total:,.2f} there"
            return f"{much} of {edit.source}{part} goes to {edit.to}"
    raise TypeError(edit)


def _names(to: dict[str, float] | str) -> str:
    return to if isinstance(to, str) else ", ".join(f"{name} ({part:g})" for name, part in to.items())


def _part(edit: Edit) -> str:
    parts = [*edit.lines, *edit.periods]
    return f" in {', '.join(parts)}" if parts else ""


def _now(cube: Cube, node: str, edit: Edit) -> str:
    cells = np.ix_(among(cube.lines, edit.lines), among(cube.periods, edit.periods))
    units = cube.of_node(cube.people.find(node, ""))[cells].sum()
    return f"{units * cube.unit:,.2f}"


def _ways(
    cube: Cube, name: str, edits: Mapping[str, Edit], compiled: Compile, padding: np.ndarray
) -> list[str]:
    """What would have to change about one edit for all others to hold; each is tried."""
    edit, ways = edits[name], []

    def holds(changed: Edit) -> bool:
        return fits(compiled({**edits, name: changed}))

    if isinstance(edit, Pin):
        ways += _other_layer(cube, name, edit, holds, padding)
        if edit.mix == "keep" and holds(edit.model_copy(update={"mix": "free"})):
            return [*ways, f'{name}: let lines and periods of {edit.node} change differently (mix = "free")']
    if isinstance(edit, Pin | Limit):
        amount = _nearest(cube, name, edit, edits, compiled)
        if amount:
            return [*ways, amount]
    if isinstance(edit, Absorbed):
        for change, words in (
            ({"hold": "total"}, "hold only the total above, not every line and period"),
            ({"absorb": "company"}, "let the whole company make up for it"),
            ({"absorb": "nobody"}, "let the totals above change"),
        ):
            if all(getattr(edit, key) != value for key, value in change.items()) and holds(
                edit.model_copy(update=change)
            ):
                key, value = next(iter(change.items()))
                return [*ways, f'{name}: {words} ({key} = "{value}")']
    if fits(compiled({other: e for other, e in edits.items() if other != name})):
        ways.append(f"{name}: leave it out")
    return ways


def _other_layer(
    cube: Cube, name: str, edit: Pin, holds: Callable[[Edit], bool], padding: np.ndarray
) -> list[str]:
    factor = padding[cube.people.find(edit.node, "")]
    other = "padded" if edit.basis == "base" else "base"
    if factor == 1 or not holds(edit.model_copy(update={"basis": other})):
        return []
    meant = f'{edit.amount:,.2f} is meant {other} (padding here is x {factor:.4g}; basis = "{other}")'
    return [f"{name}: it fits if {meant}"]


def _nearest(
    cube: Cube, name: str, edit: Pin | Limit, edits: Mapping[str, Edit], compiled: Compile
) -> str | None:
    """Give the nearest amount at which all other edits can be kept."""
    free = edit.model_copy(update={"mix": "free"}) if isinstance(edit, Pin) else edit
    model = compiled({**edits, name: free})
    own = np.zeros(len(model.totals.of), dtype=bool)
    own[np.flatnonzero(model.totals.of == model.demands.index(name))[0]] = True
    gap = shortfall(model, own)
    if gap is None or not gap[own].any():
        return None
    off = float(gap[own][0]) * cube.unit
    limit = (model.totals.upper if off > 0 else model.totals.lower)[own][0] * cube.unit
    return f"{name}: {limit + off:,.2f} instead of {limit:,.2f} ({off:+,.2f})"
