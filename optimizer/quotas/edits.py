"""Edits as constraints: what people pin, limit, freeze and move, compiled to the model all at once.

The plan before edits is the baseline. An edit of a node is made up for by its absorbers; the lowest node that
holds both keeps its amounts, unless another edit speaks of that node too. What no edit speaks of stays as it
is, cell by cell. Nothing here depends on the order of edits.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.quotas.asks import Ask, Reader
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Measure, Model
from optimizer.quotas.totals import Total, Totals
from scenarios.quota_edits import Edit


@dataclass(frozen=True, eq=False)
class Bounds:
    """Standing limits of the plan, whole units, as arrays of the cube's shape."""

    lower: np.ndarray
    upper: np.ndarray


def compile_edits(
    cube: Cube,
    edits: Mapping[str, Edit],
    *,
    bounds: Bounds | None = None,
    padding: np.ndarray | None = None,
    measure: Measure = "relative",
) -> Model:
    """Make the model of a plan under edits.

    Parameters
    ----------
    cube
        The plan before edits.
    edits
        By name.
    bounds
        Standing limits of cells; without them, 0 and no upper limit.
    padding
        By node: padded amount over base amount, for pins in the padded layer.
    measure
        As of `Model`.

    Raises
    ------
    InputError
        If edits speak of nodes, lines or periods that do not exist, or of amounts that are not whole units.
    """
    reader = Reader(cube, padding if padding is not None else np.ones(len(cube.people)))
    asks = reader.all(edits)
    touched = np.zeros(cube.units.shape, dtype=bool)
    for ask in asks:
        touched[ask.edited | ask.absorbers] |= ask.cells & (not ask.frozen)
    for ask in asks:
        if ask.frozen:
            touched[ask.edited] &= ~ask.cells
    own = cube.units.astype("float64")
    low = bounds.lower if bounds is not None else np.zeros_like(own)
    high = bounds.upper if bounds is not None else np.full_like(own, np.inf)
    totals = [total for ask in asks for total in ask.asks]
    totals += [total for ask in asks if ask.hold is not None for total in _held(cube, ask, asks)]
    totals += _moved(cube, asks)
    return Model(
        reader.baseline,
        np.where(touched, np.minimum(low, own), own),
        np.where(touched, np.maximum(high, own), own),
        Totals(tuple(totals), own.shape),
        tuple(edits),
        measure=measure,
    )


def _held(cube: Cube, ask: Ask, asks: list[Ask]) -> list[Total]:
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
        amounts = cube.units[some].sum(axis=0) + _shifted(cube, ask.hold, asks)
        wanted = amounts[kept].astype("float64")
        if not ask.by_cell:
            wanted = wanted.sum(keepdims=True)
        held.append(Total(ask.of, some, kept, wanted, wanted, each=ask.by_cell))
    return held


def _by_loose(people: np.ndarray, cells: np.ndarray, loose: list[Ask]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Divide lines and periods by which people in them are not counted."""
    parts = [(people, cells)]
    for ask in loose:
        divided = []
        for some, kept in parts:
            divided += [(some & ~ask.edited, kept & ask.cells), (some, kept & ~ask.cells)]
        parts = divided
    return [(some, kept) for some, kept in parts if kept.any() and some.any()]


def _shifted(cube: Cube, above: int, asks: list[Ask]) -> np.ndarray:
    """Add up what transfers and moves bring to nodes at or below one. [lines, periods]."""
    found = np.zeros(cube.units.shape[1:])
    for ask in asks:
        for node, shift in ask.shifts.items():
            if cube.people.holds(above, node):
                found += shift
    return found


def _moved(cube: Cube, asks: list[Ask]) -> list[Total]:
    """Fix what givers and takers have afterward, line by line and period by period; several edits add up."""
    rows = []
    for node in dict.fromkeys(node for ask in asks for node in ask.shifts):
        theirs = [ask for ask in asks if node in ask.shifts]
        cells = np.logical_or.reduce([ask.cells for ask in theirs])
        wanted = (cube.of_node(node) + _shifted(cube, node, asks))[cells].astype("float64")
        rows.append(Total(theirs[0].of, _under(cube, node), cells, wanted, wanted, each=True))
    return rows


def _under(cube: Cube, node: int) -> np.ndarray:
    chosen = np.zeros(cube.units.shape[0], dtype=bool)
    chosen[cube.people.under(node)] = True
    return chosen
