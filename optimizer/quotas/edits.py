"""Edits as constraints: what people pin, limit, freeze and move, compiled to models.

The plan before edits is the baseline. An edit of a node is made up for by its absorbers; the lowest node that
holds both keeps what it has. Where another edit changes that node as a whole, what it has comes of that edit:
so edits are settled by depth, those made up for across the company first, then those within regions, and so
on; who has an edit further down makes up for nothing above it (`Edits.stage`). Where deeper ones need more
room than that leaves, all are settled together, and such a node has what is least departure for all
(`Edits.joint`). Moves and transfers come last and move amounts of the plan as it then stands. What no edit
speaks of stays as it is, cell by cell. The order of edits means nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.quotas.asks import Ask, Reader
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Measure, Model
from optimizer.quotas.totals import Total, Totals
from scenarios.quota_edits import Edit, Move, Transfer

FREE, LAST = -1, 1_000_000
"""Depths of edits that nobody makes up for, and of moves and transfers, which are settled last."""


@dataclass(frozen=True, eq=False)
class Edits:
    """Edits read against a plan.

    Parameters
    ----------
    cube
        The plan before edits.
    edits
        By name.
    asks
        What they ask, in the same order.
    baseline
        Units, [people, lines, periods]: the plan, with a pattern where an edit asks for something of nothing.
    settled
        The same without the patterns of takers of moves and transfers.
    measure
        As of `Model`.
    """

    cube: Cube
    edits: Mapping[str, Edit]
    asks: tuple[Ask, ...]
    baseline: np.ndarray
    settled: np.ndarray
    measure: Measure

    @property
    def depths(self) -> list[int]:
        """Depths at which edits are settled, from above."""
        return sorted({self._depth(ask) for ask in self.asks})

    def _depth(self, ask: Ask) -> int:
        if ask.shifts:
            return LAST
        return FREE if ask.hold is None else int(self.cube.people.depth[ask.hold])

    def joint(self, some: Collection[str] | None = None) -> Model:
        """Make the model of all edits together, or of what some of them demand.

        Parameters
        ----------
        some
            Names. Who may absorb, and which nodes are held, follows from all edits, so that fewer demands
            never leave less room.
        """
        asks = [ask for ask in self.asks if some is None or ask.name in some]
        held = [t for a in asks if a.hold is not None for t in _held(self.cube, a, self.asks)]
        totals = [*self._asked(asks), *_moved(self.cube, asks), *held]
        return self._model(self.baseline, self._touched(self.asks, ()), totals)

    def stage(self, depth: int, settled: Cube) -> Model:
        """Make the model of the edits of one depth, with those above it settled.

        Parameters
        ----------
        depth
            Of `depths`.
        settled
            The plan after the edits above; every node held at this depth keeps what it has there.
        """
        if depth == LAST:
            return self._last(settled)
        now = [ask for ask in self.asks if self._depth(ask) == depth]
        known = [ask for ask in self.asks if self._depth(ask) <= depth]
        own = settled.units.astype("float64")
        held = [_kept(settled, ask) for ask in now if ask.hold is not None]
        if any(not ask.by_cell for ask in now):
            held += [_kept(settled, a) for a in known if a.hold is not None and self._depth(a) < depth]
        baseline = np.where((own == 0) & (self.cube.units == 0), self.settled, own)
        later = [ask for ask in self.asks if depth < self._depth(ask) < LAST]
        return self._model(baseline, self._touched(now, later), [*self._asked(known), *held], own)

    def _last(self, settled: Cube) -> Model:
        """Make the model of moves and transfers of a plan in which all else is settled."""
        some = {name: edit for name, edit in self.edits.items() if isinstance(edit, Move | Transfer)}
        reader = Reader(settled, np.ones(len(settled.people)))
        moves = reader.all(some)
        own = settled.units.astype("float64")
        totals = [*self._asked(self.asks), *_moved(settled, moves)]
        return self._model(reader.baseline, self._touched(moves, ()), totals, own)

    @staticmethod
    def _asked(asks: Sequence[Ask]) -> list[Total]:
        return [total for ask in asks for total in ask.asks]

    def _touched(self, asks: Sequence[Ask], later: Sequence[Ask]) -> np.ndarray:
        """Which cells some edits may change: the edited and their absorbers, but for what is frozen.

        Who is edited later absorbs nothing.
        """
        touched = np.zeros(self.cube.units.shape, dtype=bool)
        for ask in asks:
            touched[ask.absorbers] |= ask.cells
        for ask in later:
            touched[ask.edited] &= ~ask.cells
        for ask in asks:
            touched[ask.edited] |= ask.cells & (not ask.frozen)
        for ask in self.asks:
            if ask.frozen:
                touched[ask.edited] &= ~ask.cells
        return touched

    def _model(
        self, baseline: np.ndarray, touched: np.ndarray, totals: list[Total], own: np.ndarray | None = None
    ) -> Model:
        stays = self.cube.units.astype("float64") if own is None else own
        return Model(
            baseline,
            np.where(touched, 0.0, stays),
            np.where(touched, np.inf, stays),
            Totals(tuple(totals), stays.shape),
            tuple(self.edits),
            measure=self.measure,
        )


def read_edits(
    cube: Cube, edits: Mapping[str, Edit], padding: np.ndarray | None = None, measure: Measure = "relative"
) -> Edits:
    """Read edits against a plan.

    Parameters
    ----------
    cube
        The plan before edits.
    edits
        By name.
    padding
        By node: padded amount over base amount, for pins in the padded layer; without it, 1.
    measure
        As of `Model`.

    Raises
    ------
    InputError
        If edits speak of nodes, lines or periods that do not exist, or of amounts that are not whole units.
    """
    layers = padding if padding is not None else np.ones(len(cube.people))
    reader, others = Reader(cube, layers), Reader(cube, layers)
    ordered = dict(sorted(edits.items(), key=lambda item: _content(item[1])))
    asks = tuple(reader.all(ordered))
    others.all({name: e for name, e in ordered.items() if not isinstance(e, Move | Transfer)})
    return Edits(cube, ordered, asks, reader.baseline, others.baseline, measure)


def _content(edit: Edit) -> tuple[str, str]:
    """What an edit says, whatever it is called and wherever it stands in a file."""
    return type(edit).__name__, edit.model_dump_json(exclude={"name", "owner", "reason"})


def _kept(settled: Cube, ask: Ask) -> Total:
    """Keep the node above an edit and its absorbers at what it has."""
    assert ask.hold is not None
    wanted = settled.of_node(ask.hold)[ask.cells].astype("float64")
    if not ask.by_cell:
        wanted = wanted.sum(keepdims=True)
    return Total(ask.of, _under(settled, ask.hold), ask.cells, wanted, wanted, each=ask.by_cell)


def _held(cube: Cube, ask: Ask, asks: Sequence[Ask]) -> list[Total]:
    """Hold the node above an edit and its absorbers at what it has, unless another edit speaks of it.

    What transfers bring into the node or take out of it is added; people whose amounts may change the totals
    above are not counted.
    """
    assert ask.hold is not None
    people = _under(cube, ask.hold)
    cells = ask.cells.copy()
    for other in asks:
        if other is not ask and not other.frozen and other.covers(people):
            cells &= ~other.cells
    loose = [a for a in asks if a.hold is None and not a.shifts and not a.frozen]
    held = []
    for some, kept in _by_loose(people, cells, loose):
        amounts = cube.units[some].sum(axis=0) + _shifted(cube, some, asks)
        wanted = amounts[kept].astype("float64")
        if not ask.by_cell:
            wanted = wanted.sum(keepdims=True)
        held.append(Total(ask.of, some, kept, wanted, wanted, each=ask.by_cell))
    return held


def _by_loose(
    people: np.ndarray, cells: np.ndarray, loose: Sequence[Ask]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Divide lines and periods by which people in them are not counted."""
    parts = [(people, cells)]
    for ask in loose:
        divided = []
        for some, kept in parts:
            divided += [(some & ~ask.edited, kept & ask.cells), (some, kept & ~ask.cells)]
        parts = divided
    return [(some, kept) for some, kept in parts if kept.any() and some.any()]


def _shifted(cube: Cube, people: np.ndarray, asks: Sequence[Ask]) -> np.ndarray:
    """Add up what transfers and moves bring to nodes that are, as a whole, among some. [lines, periods]."""
    found = np.zeros(cube.units.shape[1:])
    for ask in asks:
        for node, shift in ask.shifts.items():
            if people[cube.people.under(node)].all():
                found += shift
    return found


def _moved(cube: Cube, asks: Sequence[Ask]) -> list[Total]:
    """Fix what givers and takers have afterward, line by line and period by period; several edits add up."""
    rows = []
    for node in dict.fromkeys(node for ask in asks for node in ask.shifts):
        theirs = [ask for ask in asks if node in ask.shifts]
        cells = np.logical_or.reduce([ask.cells for ask in theirs])
        wanted = (cube.of_node(node) + _shifted(cube, _under(cube, node), asks))[cells].astype("float64")
        rows.append(Total(theirs[0].of, _under(cube, node), cells, wanted, wanted, each=True))
    return rows


def _under(cube: Cube, node: int) -> np.ndarray:
    chosen = np.zeros(cube.units.shape[0], dtype=bool)
    chosen[cube.people.under(node)] = True
    return chosen
