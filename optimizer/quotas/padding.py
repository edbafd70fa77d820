"""Over-assignment as a layer of its own: the base adds up, padded amounts are base x padding."""

from collections.abc import Mapping

import numpy as np

from optimizer.quotas.cube import Cube
from optimizer.quotas.tree import Tree
from optimizer.quotas.whole import largest_remainder


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
    """
    found = np.empty((len(cube.people), *cube.units.shape[1:]), dtype=np.int64)
    for node in range(len(cube.people)):
        base = cube.of_node(node)
        found[node] = base if factor[node] == 1 else _rounded(base * factor[node])
    for (node, _), (cells, units) in (exact or {}).items():
        part = found[node][cells].astype("float64")
        weight = part if part.sum() > 0 else np.ones(len(part))
        found[node][cells] = _rounded(weight * (units / weight.sum()), units)
    return found


def _rounded(amounts: np.ndarray, total: int | None = None) -> np.ndarray:
    flat = amounts.ravel()
    whole = np.array([round(float(flat.sum())) if total is None else total], dtype="float64")
    one, none, most = np.zeros(flat.size, dtype=np.int64), np.zeros(flat.size), np.full(flat.size, np.inf)
    return largest_remainder(flat, one, whole, none, most).reshape(amounts.shape)
