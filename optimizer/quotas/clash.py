"""Edits that cannot be kept together: every smallest set of them in words, with amounts and ways out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.quotas.asks import among, limits
from optimizer.quotas.cube import Cube
from scenarios.quota_edits import Absorbed, Edit, Freeze, Gate, Limit, Move, Pin, Transfer

After = Callable[[Mapping[str, Edit]], Cube | None]
"""Gives the plan after some edits; None where they clash."""


class Clash(Exception):
    """Edits cannot be kept together."""


@dataclass(frozen=True)
class Way:
    """A way out of a clash: edits that change, or that are left out (None), by name; and that in words."""

    changes: Mapping[str, Edit | None]
    words: str


@dataclass(frozen=True)
class Clashing:
    """Edits that clash by themselves, while any one less fits, and ways out."""

    names: tuple[str, ...]
    ways: tuple[Way, ...]


def smallest_clash(names: Sequence[str], fit: Callable[[Sequence[str]], bool]) -> list[str]:
    """Find demands that clash, of which none can be left out without the others fitting.

    U. Junker's QuickXplain (AAAI 2004): about k log(n / k) questions for k clashing edits of n. It supposes
    that what fits does so with less, too. An edit may make room for others, so what it finds is asked again,
    and thinned out.

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
    ordered = [name for name in names if name in found]
    return _thinned(list(names) if fit(ordered) else ordered, fit)


def _thinned(names: list[str], fit: Callable[[Sequence[str]], bool]) -> list[str]:
    """Leave out what is not needed for a clash, half of it, a quarter, ..., one by one, until all is."""
    size = max(1, len(names) // 2)
    while True:
        rests = (names[:at] + names[at + size :] for at in range(0, len(names), size))
        clashing = next((rest for rest in rests if rest and not fit(rest)), None)
        if clashing is not None:
            names = clashing
        elif size == 1:
            return names
        else:
            size //= 2


def find_clashes(cube: Cube, edits: Mapping[str, Edit], after: After, padding: np.ndarray) -> list[Clashing]:
    """Find sets of edits that clash, without which the others can be kept, and ways out of each.

    Every way is tried: applied with all edits but those of the other sets, it gives a plan.

    Parameters
    ----------
    cube
        The plan before edits.
    edits
        By name; together they clash.
    after
        Tries some edits.
    padding
        By node: padded over base.
    """
    tried: dict[str, Cube | None] = {}

    def plan(some: Mapping[str, Edit]) -> Cube | None:
        key = repr(sorted((name, repr(edit)) for name, edit in some.items()))
        if key not in tried:
            tried[key] = after(some)
        return tried[key]

    left, sets = dict(edits), []
    while plan(left) is None:
        names = smallest_clash(
            list(left), lambda some: plan({name: edits[name] for name in some}) is not None
        )
        sets.append(names)
        left = {name: edit for name, edit in left.items() if name not in names}
    found = []
    for names in sets:
        tries = _Tries(cube, left | {name: edits[name] for name in names}, plan, padding)
        ways = [way for name in names for way in tries.ways(name)]
        all_out = Way(dict.fromkeys(names), f"leave out {' and '.join(names)}")
        found.append(Clashing(tuple(names), tuple(ways or [all_out])))
    return found


def in_words(cube: Cube, edits: Mapping[str, Edit], clashes: Sequence[Clashing]) -> list[str]:
    """Say which edits clash, what each asks, and what would let the others hold."""
    reasons = []
    for number, clash in enumerate(clashes, start=1):
        which = f" (clash {number} of {len(clashes)})" if len(clashes) > 1 else ""
        if len(clash.names) == 1:
            reasons.append(f"quotas: this edit cannot be kept, whatever the others{which}")
        else:
            many = f"these {len(clash.names)} edits cannot be kept together; any one less can"
            reasons.append(f"quotas: {many}{which}")
        reasons += [f"{name}: {said(cube, edits[name])}" for name in clash.names]
        reasons += [f"way out: {way.words}" for way in clash.ways]
    if len(clashes) > 1:
        reasons.append("every clash needs a way out; each was tried with the edits of the others left out")
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
            if edit.amount is None:
                return f"{edit.source} gives {edit.to} what it needs to have {edit.to_total:,.2f}{part}"
            return f"{edit.amount:,.2f} of {edit.source}{part} goes to {edit.to}"
    raise TypeError(edit)


def _names(to: dict[str, float] | str) -> str:
    return to if isinstance(to, str) else ", ".join(f"{name} ({part:g})" for name, part in to.items())


def _part(edit: Edit) -> str:
    parts = [*edit.lines, *edit.periods]
    return f" in {', '.join(parts)}" if parts else ""


def _now(cube: Cube, node: str, edit: Edit) -> str:
    return f"{_units(cube, node, edit) * cube.unit:,.2f}"


def _units(cube: Cube, node: str, edit: Edit) -> int:
    cells = np.ix_(among(cube.lines, edit.lines), among(cube.periods, edit.periods))
    return int(cube.of_node(cube.people.find(node, ""))[cells].sum())


@dataclass(frozen=True, eq=False)
class _Tries:
    """Tries what would have to change about one edit for all others to hold."""

    cube: Cube
    edits: Mapping[str, Edit]
    after: After
    padding: np.ndarray

    def ways(self, name: str) -> list[Way]:
        """Ways that change one edit: the other layer, and the first other that holds; else leave it out."""
        edit, found = self.edits[name], []
        if isinstance(edit, Pin) and self._factor(edit) != 1:
            found += self._other_layer(name, edit)
        way = next(self._changes(name, edit), None)
        if way is None and not found and self.after(self._with(name, None)) is not None:
            way = Way({name: None}, f"{name}: leave it out")
        return [*found, way] if way is not None else found

    def _with(self, name: str, edit: Edit | None) -> dict[str, Edit]:
        others = {other: e for other, e in self.edits.items() if other != name}
        return others if edit is None else {**others, name: edit}

    def _holds(self, name: str, edit: Edit) -> bool:
        return self.after(self._with(name, edit)) is not None

    def _factor(self, edit: Pin) -> float:
        return float(self.padding[self.cube.people.find(edit.node, "")])

    def _other_layer(self, name: str, edit: Pin) -> list[Way]:
        other = "padded" if edit.basis == "base" else "base"
        changed = edit.model_copy(update={"basis": other})
        where = f'(padding here is x {self._factor(edit):.4g}; basis = "{other}")'
        words = f"{name}: it fits if {edit.amount:,.2f} is meant {other} {where}"
        return [Way({name: changed}, words)] if self._holds(name, changed) else []

    def _changes(self, name: str, edit: Edit) -> Iterator[Way]:
        words = f'let lines and periods of {getattr(edit, "node", "")} change differently (mix = "free")'
        if isinstance(edit, Pin) and edit.mix == "keep":
            yield from self._settings(name, edit, [("mix", "free", words)])
        yield from self._amounts(name, edit)
        if isinstance(edit, Absorbed):
            hold = 'hold only the total above, not every line and period (hold = "total")'
            company = 'let the whole company make up for it (absorb = "company")'
            nobody = 'let the totals above change (absorb = "nobody")'
            ways = [("hold", "total", hold), ("absorb", "company", company), ("absorb", "nobody", nobody)]
            yield from self._settings(name, edit, ways)
        if isinstance(edit, Gate):
            company = 'let the whole company take it (rest = "company")'
            strand = 'let nobody be asked for it (rest = "strand")'
            ways = [("rest", "company", company), ("rest", "strand", strand)]
            yield from self._settings(name, edit, ways)

    def _settings(self, name: str, edit: Edit, ways: Sequence[tuple[str, str, str]]) -> Iterator[Way]:
        for key, value, words in ways:
            changed = edit.model_copy(update={key: value})
            if getattr(edit, key) != value and self._holds(name, changed):
                yield Way({name: changed}, f"{name}: {words}")

    def _amounts(self, name: str, edit: Edit) -> Iterator[Way]:
        """Give the nearest amounts at which all other edits can be kept."""
        plan = self.after(self._with(name, None))
        if plan is None:
            return
        for key, asked, usual in _keys(self.cube, plan, edit, self.padding):
            units = self._nearest(name, edit, key, asked, usual)
            if units is None or (key == "amount" and isinstance(edit, Transfer) and units == 0):
                continue
            amount, off = units * self.cube.unit, (units - asked) * self.cube.unit
            label = f"{key} = " if isinstance(edit, Limit) else ""
            words = f"{name}: {label}{amount:,.2f} instead of {asked * self.cube.unit:,.2f} ({off:+,.2f})"
            yield Way({name: _changed(edit, key, amount)}, words)

    def _nearest(self, name: str, edit: Edit, key: str, asked: int, usual: int) -> int | None:
        """Bisect between what is asked and what it would be without the edit, whole units."""

        def holds(units: int) -> bool:
            return self._holds(name, _changed(edit, key, units * self.cube.unit))

        fits, clashes = usual, asked
        if fits == clashes or not ((isinstance(edit, Transfer) and fits == 0) or holds(fits)):
            return None
        next_to = fits + (1 if clashes > fits else -1)
        if next_to != clashes and not holds(next_to):
            return fits
        while abs(clashes - fits) > 1:
            middle = (fits + clashes) // 2
            fits, clashes = (middle, clashes) if holds(middle) else (fits, middle)
        return fits


def _keys(cube: Cube, plan: Cube, edit: Edit, padding: np.ndarray) -> Iterator[tuple[str, int, int]]:
    """What amounts an edit names: its key, whole units asked, and what a plan without the edit has."""
    if isinstance(edit, Pin):
        factor = padding[cube.people.find(edit.node, "")] if edit.basis == "padded" else 1.0
        yield "amount", round(edit.amount / cube.unit), round(_units(plan, edit.node, edit) * factor)
    if isinstance(edit, Limit):
        now, usual = _units(cube, edit.node, edit), _units(plan, edit.node, edit)
        low, high = limits(edit, now, cube.unit)
        if usual < low:
            yield "least", int(low), usual
        if usual > high:
            yield "most", int(high), usual
    if isinstance(edit, Transfer):
        if edit.amount is not None:
            yield "amount", round(edit.amount / cube.unit), 0
        else:
            yield "to_total", round((edit.to_total or 0.0) / cube.unit), _units(plan, edit.to, edit)


def _changed(edit: Edit, key: str, amount: float) -> Edit:
    """Give an edit with another amount; one limited by a change is limited by the amount instead."""
    change = {f"{key}_change": None} if isinstance(edit, Limit) else {}
    return edit.model_copy(update={key: amount, **change})
