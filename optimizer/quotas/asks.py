"""One edit read against the cube: of whom it speaks, who makes up for it, and what it asks in whole units."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from optimizer.quotas.cube import Cube
from optimizer.quotas.totals import Total
from optimizer.quotas.tree import Tree
from optimizer.quotas.whole import largest_remainder
from scenarios.errors import InputError, Problem
from scenarios.quota_edits import Absorbed, Edit, Freeze, Gate, Limit, Move, Pin, Transfer


@dataclass(eq=False)
class Ask:
    """One edit: of whom it speaks, who makes up for it, what it asks and what it moves."""

    name: str
    cells: np.ndarray
    edited: np.ndarray
    absorbers: np.ndarray
    nodes: tuple[int, ...]
    hold: int | None = None
    by_cell: bool = True
    asks: list[Total] = field(default_factory=list)
    shifts: dict[int, np.ndarray] = field(default_factory=dict)
    frozen: bool = False

    def covers(self, people: np.ndarray) -> bool:
        """Say whether these people, as a whole, are edited or absorb."""
        return bool((self.edited | ~people).all() or (self.absorbers | ~people).all())

    def kept(self, units: np.ndarray) -> bool:
        """Say whether a plan, [people, lines, periods], has all amounts asked for."""
        return all(total.kept(units) for total in self.asks)


class Reader:
    """Reads edits one by one; collects all that is wrong with them."""

    def __init__(self, cube: Cube, padding: np.ndarray) -> None:
        self.cube, self.padding = cube, padding
        self.baseline = cube.units.astype("float64")
        self.problems: list[Problem] = []

    def all(self, edits: Mapping[str, Edit]) -> list[Ask]:
        """Read all edits.

        Raises
        ------
        InputError
            All that is wrong with any of them.
        """
        asks = []
        for name, edit in edits.items():
            try:
                ask = self._start(name, edit)
                self._fill(ask, edit)
                asks.append(ask)
            except InputError as error:
                self.problems += error.problems
        if self.problems:
            raise InputError(self.problems)
        return asks

    def _start(self, name: str, edit: Edit) -> Ask:
        lines = among(self.cube.lines, edit.lines, f"edits, {name}, lines")
        periods = among(self.cube.periods, edit.periods, f"edits, {name}, periods")
        nobody = np.zeros(self.cube.units.shape[0], dtype=bool)
        return Ask(name, np.outer(lines, periods), nobody.copy(), nobody.copy(), ())

    def _fill(self, ask: Ask, edit: Edit) -> None:
        match edit:
            case Pin():
                self._absorbed(ask, edit)
                self._pin(ask, edit)
            case Limit():
                self._absorbed(ask, edit)
                self._limit(ask, edit)
            case Freeze():
                ask.nodes = (self._node(edit.node, ask, "node"),)
                ask.edited, ask.frozen = self._people(ask.nodes), True
            case Gate():
                self._gate(ask, edit)
            case Move():
                self._move(ask, edit)
            case Transfer():
                self._transfer(ask, edit)

    def _node(self, name: str, ask: Ask, key: str) -> int:
        return self.cube.people.find(name, f"edits, {ask.name}, {key}")

    def _people(self, nodes: tuple[int, ...]) -> np.ndarray:
        chosen = np.zeros(self.cube.units.shape[0], dtype=bool)
        for node in nodes:
            chosen[self.cube.people.under(node)] = True
        return chosen

    def _units(self, money: float, ask: Ask, key: str) -> float:
        units = money / self.cube.unit
        if abs(units - round(units)) > 1e-6 * max(1.0, abs(units) * 1e-9):
            remedy = f"give a multiple of the rounding unit, {self.cube.unit:g}"
            raise InputError([Problem(f"edits, {ask.name}, {key}", f"{money:,}", remedy)])
        return float(round(units))

    def _absorbed(self, ask: Ask, edit: Absorbed) -> None:
        tree, node = self.cube.people, self._node(edit.node, ask, "node")
        ask.nodes, ask.edited, ask.by_cell = (node,), self._people((node,)), edit.hold == "cell"
        if edit.absorb == "nobody" or node == 0:
            return
        if edit.absorb == "company":
            ask.hold = 0
        elif edit.absorb == "siblings":
            ask.hold = int(tree.parent[node])
        else:
            named = tuple(self._node(name, ask, "absorb") for name in edit.absorb)
            ask.absorbers = self._people(named) & ~ask.edited
            ask.hold = tree.common([node, *named])
        if isinstance(edit.absorb, str):
            ask.absorbers = self._people((ask.hold,)) & ~ask.edited
        ask.absorbers &= ~self._people(tuple(self._node(name, ask, "spare") for name in edit.spare))

    def _pin(self, ask: Ask, edit: Pin) -> None:
        factor = self.padding[ask.nodes[0]] if edit.basis == "padded" else 1.0
        units = (
            self._units(edit.amount, ask, "amount") if factor == 1 else edit.amount / factor / self.cube.unit
        )
        units = float(round(units))
        pattern = self._pattern(ask, units)
        if edit.mix == "keep":
            each = _shared(pattern[ask.cells], units)
            ask.asks.append(Total(ask.edited, ask.cells, each, each, each=True))
        else:
            ask.asks.append(_limit(ask, units, units))

    def _pattern(self, ask: Ask, units: float) -> np.ndarray:
        """Give the node's amounts by line and period; one asked for something out of nothing gets a pattern.

        Its lines and periods then follow those of the next node above that has some, and its people share
        alike.
        """
        tree, node = self.cube.people, ask.nodes[0]
        own = self.cube.of_node(node) * ask.cells
        if own.any() or units == 0:
            return own
        while not (self.cube.of_node(node) * ask.cells).any() and node > 0:
            node = int(tree.parent[node])
        pattern = (self.cube.of_node(node) * ask.cells).astype("float64")
        pattern = ask.cells.astype("float64") if not pattern.any() else pattern
        spread = pattern * (units / pattern.sum() / ask.edited.sum())
        self.baseline[ask.edited] += spread
        return pattern

    def _limit(self, ask: Ask, edit: Limit) -> None:
        now = float((self.cube.of_node(ask.nodes[0]) * ask.cells).sum())
        for key in ("least", "most"):
            if getattr(edit, key) is not None:
                self._units(getattr(edit, key), ask, key)
        low, high = limits(edit, now, self.cube.unit)
        if low > 0:
            self._pattern(ask, low)
        ask.asks.append(_limit(ask, low, high))

    def _gate(self, ask: Ask, edit: Gate) -> None:
        absorb = "nobody" if edit.rest in ("strand", "refuse") else edit.rest
        self._absorbed(ask, Absorbed(node=edit.node, absorb=absorb))
        now = int((self.cube.of_node(ask.nodes[0]) * ask.cells).sum())
        if edit.rest == "refuse" and now:
            remedy = "it is asked for amounts it is not entitled to; say where they go with rest"
            raise InputError([Problem(f"edits, {ask.name}, rest", f"{now * self.cube.unit:,.2f}", remedy)])
        ask.asks.append(_limit(ask, 0.0, 0.0))

    def _move(self, ask: Ask, edit: Move) -> None:
        tree = self.cube.people
        givers = [self._node(name, ask, "from") for name in edit.source]
        named = {}
        if edit.to != "siblings":
            named = {self._node(name, ask, "to"): part for name, part in edit.to.items()}
        self._refuse_nested(ask, [*givers, *named])
        shifts: dict[int, np.ndarray] = {}
        for giver in givers:
            takers = named or self._siblings(ask, giver, givers)
            if not sum(takers.values()) > 0:
                remedy = "nobody can take it: no siblings with any amount; name nodes with parts"
                raise InputError([Problem(f"edits, {ask.name}, to", tree.names[giver], remedy)])
            given = self._part(self.cube.of_node(giver) * ask.cells, edit.share)
            taken = _split(given, np.array(list(takers.values())) / sum(takers.values()))
            for node, shift in [(giver, -given), *zip(takers, taken, strict=True)]:
                shifts[node] = shifts.get(node, 0.0) + shift
        self._shift(ask, shifts)

    def _siblings(self, ask: Ask, giver: int, givers: list[int]) -> dict[int, float]:
        """Who takes what a node gives, with what they have: those under the same node that do not give."""
        tree = self.cube.people
        near = tree.children(int(tree.parent[giver])).tolist() if giver else []
        amounts = {k: float((self.cube.of_node(k) * ask.cells).sum()) for k in near}
        return {node: amount for node, amount in amounts.items() if node not in givers}

    def _transfer(self, ask: Ask, edit: Transfer) -> None:
        giver, taker = self._node(edit.source, ask, "from"), self._node(edit.to, ask, "to")
        self._refuse_nested(ask, [giver, taker])
        has = self.cube.of_node(giver) * ask.cells
        if edit.amount is not None:
            units = self._units(edit.amount, ask, "amount")
        else:
            assert edit.to_total is not None
            units = self._units(edit.to_total, ask, "to_total") - (self.cube.of_node(taker) * ask.cells).sum()
        pattern = has if units > 0 else self.cube.of_node(taker) * ask.cells
        moved = np.zeros(has.shape)
        moved[ask.cells] = np.sign(units) * _shared(pattern[ask.cells].astype("float64"), abs(units))
        self._shift(ask, {giver: -moved, taker: moved})

    def _refuse_nested(self, ask: Ask, nodes: list[int]) -> None:
        tree = self.cube.people
        for node in nodes:
            for other in nodes:
                if (node != other and tree.holds(node, other)) or nodes.count(node) > 1:
                    remedy = "a node cannot give to or take from one it holds or itself"
                    raise InputError([Problem(f"edits, {ask.name}", tree.names[other], remedy)])

    def _part(self, amounts: np.ndarray, share: float) -> np.ndarray:
        if share == 1:
            return amounts.astype("float64")
        flat = amounts.ravel() * share
        return _shared(flat, float(round(flat.sum()))).reshape(amounts.shape)

    def _shift(self, ask: Ask, shifts: dict[int, np.ndarray]) -> None:
        ask.nodes, ask.edited, ask.shifts = tuple(shifts), self._people(tuple(shifts)), shifts
        for node, shift in shifts.items():
            gets = (shift > 0) & (self.cube.of_node(node) == 0)
            people = self._people((node,))
            self.baseline[people] += np.where(gets, shift / people.sum(), 0.0)


def among(tree: Tree, names: tuple[str, ...], place: str = "") -> np.ndarray:
    """Which leaves are under some nodes, bool; all without names."""
    chosen = np.zeros(len(tree.leaves), dtype=bool)
    for name in names:
        chosen[tree.under(tree.find(name, place))] = True
    return chosen if names else ~chosen


def limits(edit: Limit, now: float, unit: float) -> tuple[float, float]:
    """Least and largest amount that a limit allows a node that has `now` before edits; whole units or inf."""
    least = [float(round(edit.least / unit))] if edit.least is not None else []
    least += [np.ceil(now * (1 + edit.least_change) - 1e-9)] if edit.least_change is not None else []
    most = [float(round(edit.most / unit))] if edit.most is not None else []
    most += [np.floor(now * (1 + edit.most_change) + 1e-9)] if edit.most_change is not None else []
    return max(least, default=-np.inf), min(most, default=np.inf)


def _limit(ask: Ask, low: float, high: float) -> Total:
    return Total(ask.edited, ask.cells, np.array([low]), np.array([high]), each=False)


def _shared(parts: np.ndarray, total: float) -> np.ndarray:
    """Share whole units in proportion."""
    if not parts.sum() > 0:
        return np.zeros(len(parts))
    exact = parts * (total / parts.sum())
    one, most = np.zeros(len(parts), dtype=np.int64), np.full(len(parts), np.inf)
    whole = largest_remainder(exact, one, np.array([total]), np.zeros(len(parts)), most)
    return whole.astype("float64")


def _split(whole: np.ndarray, parts: np.ndarray) -> list[np.ndarray]:
    """Split whole units of each line and period by parts, so that each adds up. [parts][lines, periods]."""
    exact = np.multiply.outer(whole.ravel(), parts)
    group = np.repeat(np.arange(whole.size), len(parts))
    none, most = np.zeros(exact.size), np.full(exact.size, np.inf)
    taken = largest_remainder(exact.ravel(), group, whole.ravel(), none, most).reshape(exact.shape)
    return [taken[:, k].reshape(whole.shape).astype("float64") for k in range(len(parts))]
