"""Edits as constraints: what people pin, limit, freeze and move, compiled to models.

The plan before edits is the baseline. An edit of a node is made up for by its absorbers; the lowest node that
holds both keeps what it has. Where another edit changes that node as a whole, what it has comes of that edit:
so edits are settled by depth, those that nobody makes up for first, then those made up for across the
company, then those within regions, and so on (`Edits.stage`). Where deeper ones need more room than that
leaves, all but the first are settled together, and a node that others change as a whole has what is least
departure for all (`Edits.joint`). Moves and transfers come last and move amounts of the plan as it then
stands (`Edits.last`). What no edit speaks of stays as it is, cell by cell. The order of edits means nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.quotas.asks import Ask, Reader
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Measure, Model, departure
from optimizer.quotas.totals import Total, Totals
from scenarios.quota_edits import Edit, Move, Transfer

FREE = -1
"""Depth of edits that nobody makes up for."""


@dataclass(frozen=True, eq=False)
class Edits:
    """Edits read against a plan.

    Parameters
    ----------
    cube
        The plan before edits.
    asks
        What they ask, but for moves and transfers.
    moves
        Moves and transfers by name.
    baseline
        Units, [people, lines, periods]: the plan, with a pattern where an edit asks for something of nothing.
    measure
        As of `Model`.
    """

    cube: Cube
    asks: tuple[Ask, ...]
    moves: Mapping[str, Edit]
    baseline: np.ndarray
    measure: Measure

    @property
    def depths(self) -> list[int]:
        """Depths at which edits are settled, from above."""
        return sorted({self._depth(ask) for ask in self.asks if not ask.frozen})

    def _depth(self, ask: Ask) -> int:
        return FREE if ask.hold is None else int(self.cube.people.depth[ask.hold])

    def stage(self, depth: int, settled: Cube) -> Model:
        """Make the model of the edits of one depth, with those above it settled.

        Parameters
        ----------
        depth
            Of `depths`.
        settled
            The plan after the edits above; every node held at this depth keeps what it has there.
        """
        now = [ask for ask in self.asks if self._depth(ask) == depth]
        known = [ask for ask in self.asks if self._depth(ask) <= depth]
        held = [_kept(settled, ask, ask.cells) for ask in now if ask.hold is not None]
        if any(not ask.by_cell for ask in now):
            held += [_kept(settled, a, a.cells) for a in known if FREE < self._depth(a) < depth]
        return self._model(settled, self._from(settled), now, [*_asked(known), *held])

    def joint(self, settled: Cube | None = None) -> Model:
        """Make the model of all edits together, but for moves and transfers.

        Parameters
        ----------
        settled
            The plan after the edits that nobody makes up for, whose sum stays; without it, the plan before.
        """
        start = self.cube if settled is None else settled
        held = [total for ask in self.asks for total in self._held(start, ask)]
        if FREE in self.depths:
            held.append(_company(start))
        return self._model(start, self._from(start), self.asks, [*_asked(self.asks), *held])

    def last(self, settled: Cube) -> Model:
        """Make the model of moves and transfers of a plan in which all else is settled.

        Raises
        ------
        InputError
            If there is nobody who can take what is moved.
        """
        reader = Reader(settled, np.ones(len(settled.people)))
        moves = reader.all(self.moves)
        totals = [*_asked(self.asks), *_moved(settled, moves)]
        return self._model(settled, reader.baseline, moves, totals)

    def departure(self, amounts: np.ndarray) -> float:
        """Measure how far amounts are from the plan before edits."""
        return departure(self._model(self.cube, self.baseline, (), []), amounts)

    def _from(self, settled: Cube) -> np.ndarray:
        own = settled.units.astype("float64")
        return np.where((own == 0) & (self.cube.units == 0), self.baseline, own)

    def _held(self, settled: Cube, ask: Ask) -> list[Total]:
        """Keep the node above an edit and its absorbers, where no other edit speaks of it as a whole."""
        if ask.hold is None:
            return []
        people, cells = _under(settled, ask.hold), ask.cells.copy()
        for other in self.asks:
            if other is not ask and not other.frozen and other.covers(people):
                cells &= ~other.cells
        return [_kept(settled, ask, cells)] if cells.any() else []

    def _model(
        self, settled: Cube, baseline: np.ndarray, asks: Sequence[Ask], totals: Sequence[Total]
    ) -> Model:
        stays = settled.units.astype("float64")
        touched = self._touched(asks)
        return Model(
            baseline,
            np.where(touched, 0.0, stays),
            np.where(touched, np.inf, stays),
            Totals(tuple(totals), stays.shape),
            measure=self.measure,
        )

    def _touched(self, asks: Sequence[Ask]) -> np.ndarray:
        """Which cells some edits may change: the edited and their absorbers, but for what is frozen."""
        touched = np.zeros(self.cube.units.shape, dtype=bool)
        for ask in asks:
            touched[ask.absorbers | ask.edited] |= ask.cells
        for ask in self.asks:
            if ask.frozen:
                touched[ask.edited] &= ~ask.cells
        return touched


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
    ordered = dict(sorted(edits.items(), key=lambda item: _content(item[1])))
    Reader(cube, layers).all(ordered)
    moves = {name: edit for name, edit in ordered.items() if isinstance(edit, Move | Transfer)}
    reader = Reader(cube, layers)
    asks = reader.all({name: edit for name, edit in ordered.items() if name not in moves})
    return Edits(cube, tuple(asks), moves, reader.baseline, measure)


def _content(edit: Edit) -> tuple[str, str]:
    """What an edit says, whatever it is called and wherever it stands in a file."""
    return type(edit).__name__, edit.model_dump_json(exclude={"name", "owner", "reason"})


def _asked(asks: Sequence[Ask]) -> list[Total]:
    return [total for ask in asks for total in ask.asks]


def _kept(settled: Cube, ask: Ask, cells: np.ndarray) -> Total:
    """Keep the node above an edit and its absorbers at what it has."""
    assert ask.hold is not None
    wanted = settled.of_node(ask.hold)[cells].astype("float64")
    if not ask.by_cell:
        wanted = wanted.sum(keepdims=True)
    return Total(_under(settled, ask.hold), cells, wanted, wanted, each=ask.by_cell)


def _company(settled: Cube) -> Total:
    """Keep what all have together."""
    everybody, everything = (
        np.ones(n, dtype=bool) for n in (settled.units.shape[0], settled.units.shape[1:])
    )
    wanted = np.array([float(settled.total())])
    return Total(everybody, everything, wanted, wanted, each=False)


def _moved(cube: Cube, asks: Sequence[Ask]) -> list[Total]:
    """Fix what givers and takers have afterward, line by line and period by period; several edits add up."""
    rows = []
    for node in dict.fromkeys(node for ask in asks for node in ask.shifts):
        theirs, people = [ask for ask in asks if node in ask.shifts], _under(cube, node)
        cells = np.logical_or.reduce([ask.cells for ask in theirs])
        wanted = (cube.of_node(node) + _shifted(cube, people, asks))[cells].astype("float64")
        rows.append(Total(people, cells, wanted, wanted, each=True))
    return rows


def _shifted(cube: Cube, people: np.ndarray, asks: Sequence[Ask]) -> np.ndarray:
    """Add up what transfers and moves bring to nodes that are, as a whole, among some. [lines, periods]."""
    found = np.zeros(cube.units.shape[1:])
    for ask in asks:
        for node, shift in ask.shifts.items():
            if people[cube.people.under(node)].all():
                found += shift
    return found


def _under(cube: Cube, node: int) -> np.ndarray:
    chosen = np.zeros(cube.units.shape[0], dtype=bool)
    chosen[cube.people.under(node)] = True
    return chosen
