"""A tree of people, product lines or periods: whose amounts add up to whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenarios.errors import InputError, Problem
from scenarios.naming import alike
from scenarios.quota_checks import SEPARATOR, some_of


@dataclass(frozen=True, eq=False)
class Tree:
    """Nodes in depth-first order, the root first, so that the leaves under a node are a range.

    Parameters
    ----------
    paths
        By node: names from below the root down to the node; () is the root.
    level
        What the nodes of each depth are called, the root's first: ("company", "region", "rep").
    root
        What people call the root.
    """

    paths: tuple[tuple[str, ...], ...]
    level: tuple[str, ...]
    root: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What people call each node: the shortest end of its path that no other node has."""
        ends: dict[tuple[str, ...], int] = {}
        for path in self.paths:
            for length in range(1, len(path) + 1):
                ends[path[-length:]] = ends.get(path[-length:], 0) + 1
        return tuple(self._shortest(path, ends) for path in self.paths)

    def _shortest(self, path: tuple[str, ...], ends: dict[tuple[str, ...], int]) -> str:
        for length in range(1, len(path) + 1):
            if ends[path[-length:]] == 1 and path[-length:] != (self.root,):
                return SEPARATOR.join(path[-length:])
        return SEPARATOR.join((self.root, *path))

    @cached_property
    def parent(self) -> np.ndarray:
        """Node above each; -1 for the root. [nodes], int64."""
        at = {path: k for k, path in enumerate(self.paths)}
        return np.array([at[path[:-1]] if path else -1 for path in self.paths])

    @cached_property
    def depth(self) -> np.ndarray:
        """Steps from the root. [nodes], int64."""
        return np.array([len(path) for path in self.paths])

    @cached_property
    def leaves(self) -> np.ndarray:
        """Nodes with none below them, in order. [leaves], int64."""
        inner = np.zeros(len(self.paths), dtype=bool)
        inner[self.parent[self.parent >= 0]] = True
        return np.flatnonzero(~inner)

    @cached_property
    def span(self) -> np.ndarray:
        """First leaf under each node and the one after its last, as positions among `leaves`. [nodes, 2]."""
        first = np.searchsorted(self.leaves, np.arange(len(self.paths)))
        after = np.zeros(len(self.paths), dtype=np.int64)
        for node in range(len(self.paths) - 1, -1, -1):
            after[node] = max(after[node], first[node] + 1)
            if self.parent[node] >= 0:
                after[self.parent[node]] = max(after[self.parent[node]], after[node])
        return np.stack([first, after], axis=1)

    def __len__(self) -> int:
        return len(self.paths)

    def level_of(self, node: int) -> str:
        """What nodes like this one are called: a leaf is of the last level, at whatever depth."""
        leaf = self.span[node, 1] - self.span[node, 0] == 1 and len(self.children(node)) == 0
        return self.level[-1] if leaf else self.level[self.depth[node]]

    def children(self, node: int) -> np.ndarray:
        """Nodes right below one, in order."""
        return np.flatnonzero(self.parent == node)

    def under(self, node: int) -> slice:
        """Leaves under a node, as positions among `leaves`."""
        first, after = self.span[node]
        return slice(int(first), int(after))

    def holds(self, above: int, node: int) -> bool:
        """Say whether a node is another or below it."""
        return self.paths[node][: len(self.paths[above])] == self.paths[above]

    def common(self, nodes: Sequence[int]) -> int:
        """Give the lowest node that holds all of some."""
        shared = self.paths[nodes[0]]
        for node in nodes[1:]:
            other = self.paths[node]
            same = [a == b for a, b in zip(shared, other, strict=False)]
            shared = shared[: same.index(False) if False in same else len(same)]
        return self.paths.index(shared)

    def find(self, name: str, place: str) -> int:
        """Give the node of a name or of the end of a path, such as "East/Team 2".

        Parameters
        ----------
        place
            Where the name stands, for messages.

        Raises
        ------
        InputError
            If no node, or more than one, is called so.
        """
        found = self._called(name)
        if len(found) == 1:
            return found[0]
        if found:
            full = [SEPARATOR.join((self.root, *self.paths[k])) for k in found]
            raise InputError([Problem(place, name, f"several are called so; write one of {', '.join(full)}")])
        near = alike(name, self.names, like=0.5)
        hint = f"; perhaps {' or '.join(near)}" if near else f"; there are {some_of(self.names)}"
        raise InputError([Problem(place, name, f"name one of those there are{hint}")])

    def _called(self, name: str) -> list[int]:
        if name == self.root:
            return [0]
        parts = tuple(part.strip() for part in name.split(SEPARATOR))
        if parts[0] == self.root:
            from_root = [k for k, path in enumerate(self.paths) if path == parts[1:]]
            if from_root:
                return from_root
        exact = [k for k, path in enumerate(self.paths) if path and path[-1] == name.strip()]
        return exact or [k for k, path in enumerate(self.paths) if path and path[-len(parts) :] == parts]


def tree_of(leaves: Sequence[Sequence[str]], level: Sequence[str], root: str) -> tuple[Tree, np.ndarray]:
    """Make the tree of some leaves.

    Parameters
    ----------
    leaves
        By leaf: names from below the root down to it. An empty name on the way skips its level.
    level
        What each depth is called, the root's first.

    Returns
    -------
    The tree, whose nodes under one parent stand in the order they first appear, and each given leaf's
    position among `Tree.leaves`.

    Raises
    ------
    ValueError
        If a leaf appears twice or another leaf is above it.
    """
    given = [tuple(name for name in path if name) for path in leaves]
    below: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for path in given:
        for length in range(len(path)):
            below.setdefault(path[:length], {})[path[: length + 1]] = None
    order: list[tuple[str, ...]] = []
    stack: list[tuple[str, ...]] = [()]
    while stack:
        path = stack.pop()
        order.append(path)
        stack.extend(reversed(below.get(path, {})))
    tree = Tree(tuple(order), tuple(level), root)
    at = {tree.paths[node]: k for k, node in enumerate(tree.leaves)}
    if len(set(given)) < len(given) or any(path not in at for path in given):
        raise ValueError("a leaf appears twice or above another")
    return tree, np.array([at[path] for path in given])
