"""Over-assignment as a layer of its own: the base adds up, padded amounts are base x padding."""

import contextlib
from collections.abc import Mapping, Sequence

import numpy as np

from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Model, NotSettled
from optimizer.quotas.settling import settle
from optimizer.quotas.totals import Total, Totals
from optimizer.quotas.tree import Tree
from optimizer.quotas.whole import NotWhole, largest_remainder, whole_units
from scenarios import NoPlanExists


def factors(people: Tree, padding: Mapping[str, float]) -> np.ndarray:
    """Padded amount over base amount of each node: the product of 1 + padding of the levels down to it.

    Parameters
    ----------
    padding
        By level; .05 on each of five levels below the company makes a rep's amount 27.6 % larger than base.

    Returns
    -------
    [nodes].
    """
    found = np.ones(len(people))
    for node in range(1, len(people)):
        found[node] = found[people.parent[node]] * (1 + padding.get(people.level_of(node), 0.0))
    return found


def padded_units(
    cube: Cube, factor: np.ndarray, exact: Mapping[tuple[int, bytes], tuple[np.ndarray, int]] | None = None
) -> np.ndarray:
    """Give the padded amounts of every node in whole units; a node's lines and periods add up to its own.

    A node's padded total is its base total x its factor, rounded; nodes do not add up to the node above,
    which is what padding means.

    Parameters
    ----------
    factor
        As of `factors`.
    exact
        Pins in the padded layer: by node and part of it, which lines and periods (bool) and whole units.

    Returns
    -------
    [nodes, lines, periods], int64.

    Raises
    ------
    NoPlanExists
        If no whole units meet all pins of a node together.
    """
    found = np.empty((len(cube.people), *cube.units.shape[1:]), dtype=np.int64)
    for node in range(len(cube.people)):
        base = cube.of_node(node)
        found[node] = base if factor[node] == 1 else _rounded(base * factor[node])
    for node in dict.fromkeys(node for node, _ in exact or {}):
        pins = [pin for (of, _), pin in (exact or {}).items() if of == node]
        found[node] = _pinned(cube.of_node(node) * factor[node], pins)
        if any(found[node][cells].sum() != units for cells, units in pins):
            name = cube.people.names[node]
            reason = f"quotas: no multiples of {cube.unit:g} meet all pins of {name} in the padded layer"
            raise NoPlanExists([reason, "way out: pin the base amount, or fewer of its lines and periods"])
    return found


def _pinned(amounts: np.ndarray, pins: Sequence[tuple[np.ndarray, int]]) -> np.ndarray:
    """Padded amounts of one node nearest to some, [lines, periods], that meet its pins together."""
    base = amounts.astype("float64")
    for cells, units in pins:
        if units and not base[cells].any():
            base[cells] = units / cells.sum()
    whole = [Total(np.ones(1, dtype=bool), np.ones(base.shape, dtype=bool), *_both(base.sum()), each=False)]
    totals = [Total(np.ones(1, dtype=bool), cells, *_both(units), each=False) for cells, units in pins]
    for rows in ([*whole, *totals], totals):
        limits = Totals(tuple(rows), (1, *base.shape))
        model = Model(base[None], np.zeros((1, *base.shape)), np.full((1, *base.shape), np.inf), limits)
        with contextlib.suppress(NotSettled, NotWhole):
            found: np.ndarray = whole_units(model, settle(model).amounts)[0]
            return found
    return _rounded(base)


def _both(amount: float) -> tuple[np.ndarray, np.ndarray]:
    limit = np.array([float(round(amount))])
    return limit, limit


def _rounded(amounts: np.ndarray) -> np.ndarray:
    flat = amounts.ravel()
    whole = np.array([round(float(flat.sum()))], dtype="float64")
    one, none, most = np.zeros(flat.size, dtype=np.int64), np.zeros(flat.size), np.full(flat.size, np.inf)
    return largest_remainder(flat, one, whole, none, most).reshape(amounts.shape)
