"""Made-up cubes of quotas with five levels of people, and pins on them that go together or do not."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from optimizer.quotas.cube import Cube
from optimizer.quotas.tree import Tree, tree_of
from scenarios.quota_edits import Pin

LEVELS = ("company", "region", "district", "team", "rep")
CENT = 0.01

Mix = Literal["keep", "free"]


def company(size: tuple[int, int, int], managers: tuple[int, int, int], seed: int = 0) -> Cube:
    """Make a cube of five levels in whole cents; cells are lognormal around 8,100.

    Parameters
    ----------
    size
        Reps (a multiple of the teams), lines, months.
    managers
        Regions, districts of each, teams of each.
    """
    reps, lines, months = size
    team = reps // int(np.prod(managers))
    paths = []
    for place in np.ndindex(*managers, team):
        numbers = [".".join(str(k) for k in place[: depth + 1]) for depth in range(4)]
        paths.append([f"{level} {n}" for level, n in zip(LEVELS[1:], numbers, strict=True)])
    people, _ = tree_of(paths, LEVELS, "Company")
    products, _ = tree_of([(f"line {k}",) for k in range(lines)], ("all", "line"), "All lines")
    year = [(f"Q{k * 4 // months + 1}", f"month {k + 1}") for k in range(months)]
    periods, _ = tree_of(year, ("year", "quarter", "month"), "Year")
    amounts = np.random.default_rng(seed).lognormal(9, 0.5, (len(paths), lines, months))
    return Cube(people, products, periods, np.rint(amounts / CENT).astype(np.int64), CENT)


def pinned(tree: Tree, kind: str, count: int, seed: int = 1) -> list[list[int]]:
    """Choose which nodes are pinned together; several sets are edits of their own, each of the same cube.

    Parameters
    ----------
    kind
        "random": any that have siblings. "apart": of every two, either they are siblings, at most half of
        those, or nobody who makes up for one is pinned or makes up for the other. Of the rest `count` sets:
        "single", "siblings", "direct" (a manager and one right below), "deep" (a manager and one two levels
        below), "aside" (a node and a sibling of the node above it).
    """
    rng = np.random.default_rng(seed)
    nodes = [int(k) for k in rng.permutation(len(tree)) if k and len(tree.children(tree.parent[k])) > 1]
    if kind == "random":
        return [nodes[:count]]
    if kind == "apart":
        return [_apart(tree, nodes, count)]
    return [_set(tree, kind, nodes, number) for number in range(count)]


def _apart(tree: Tree, nodes: Sequence[int], count: int) -> list[int]:
    """Choose districts, teams and reps in turn, so that managers are among them; side by side, for room."""
    chosen: list[int] = []
    nodes = sorted(nodes, key=lambda node: int(tree.parent[node]))
    for depth, most in ((2, count // 16), (3, count // 4), (4, count)):
        for node in nodes:
            above = int(tree.parent[node])
            others = [int(tree.parent[k]) for k in chosen]
            free = all(k == above or not (tree.holds(above, k) or tree.holds(k, above)) for k in others)
            few = 2 * (others.count(above) + 1) <= len(tree.children(above))
            if len(chosen) < most and tree.depth[node] == depth and free and few:
                chosen.append(node)
    return chosen


def _set(tree: Tree, kind: str, nodes: Sequence[int], number: int) -> list[int]:
    """Choose the nodes of a small set, on another level for each number."""
    room = {"single": (1, 2, 3, 4), "siblings": (1, 2, 3, 4), "direct": (1, 2, 3), "deep": (1, 2)}
    levels = room.get(kind, (2, 3, 4))
    there = [k for k in nodes if tree.depth[k] == levels[number % len(levels)]]
    first = there[number // len(levels) % len(there)]
    if kind == "single":
        return [first]
    if kind == "direct":
        return [first, int(tree.children(first)[0])]
    if kind == "deep":
        return [first, int(tree.children(tree.children(first)[0])[0])]
    beside = first if kind == "siblings" else int(tree.parent[first])
    return [first, next(int(k) for k in tree.children(tree.parent[beside]) if k != beside)]


def edits(cube: Cube, nodes: Sequence[int], mix: Mix, seed: int = 2) -> dict[str, Pin]:
    """Pin nodes at up to a tenth less or more than they have."""
    factor = np.random.default_rng(seed).uniform(0.9, 1.1, len(nodes))
    return {
        f"pin {node}": Pin(
            node=cube.people.names[node], amount=round(cube.total(node) * change) * cube.unit, mix=mix
        )
        for node, change in zip(nodes, factor.tolist(), strict=True)
    }


def frame(cube: Cube) -> pd.DataFrame:
    """List the cube as the peer reads it: a row for each node, line and month, managers included."""
    table, tree = cube.table(), cube.people
    node = np.repeat(np.arange(len(tree)), len(table) // len(tree))
    above = np.array([tree.names[k] if k >= 0 else None for k in tree.parent], dtype=object)
    money = table["amount"].round(2)
    return pd.DataFrame(
        {
            "node_id": np.array(tree.names, dtype=object)[node],
            "parent": above[node],
            "depth": tree.depth[node],
            "line": table["line"],
            "month": table["period"],
            "base_quota": money,
            "cascaded_quota": money,
        }
    )
