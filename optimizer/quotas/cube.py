"""The cube of quotas: whole amounts by person, product line and period, and everything they add up to."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.quotas.tree import Tree

AXES = ("people", "lines", "periods")


@dataclass(frozen=True, eq=False)
class Cube:
    """Who is asked for what. Every total is a sum of these cells, so that all cuts agree.

    Parameters
    ----------
    people, lines, periods
        The three trees; their leaves are the axes of `units`.
    units
        Whole rounding units, [people, lines, periods], int64.
    unit
        Money of a rounding unit.
    """

    people: Tree
    lines: Tree
    periods: Tree
    units: np.ndarray
    unit: float = 1.0

    @cached_property
    def amounts(self) -> np.ndarray:
        """Money, [people, lines, periods]."""
        return self.units * self.unit

    def total(self, node: int = 0, line: int = 0, period: int = 0) -> int:
        """Add up the cells under a node of each tree, in units."""
        return int(
            self.units[self.people.under(node), self.lines.under(line), self.periods.under(period)].sum()
        )

    def of_node(self, node: int) -> np.ndarray:
        """Add up the people under a node; units, [lines, periods]."""
        added: np.ndarray = self.units[self.people.under(node)].sum(axis=0)
        return added

    def with_units(self, units: np.ndarray) -> "Cube":
        """Give the same cube with other amounts."""
        return replace(self, units=units)

    def by_leaf(self, period_level: int = 1) -> pd.DataFrame:
        """Money of each person by the periods of one depth; index and columns are names."""
        nodes = np.flatnonzero(self.periods.depth == period_level)
        columns = {
            self.periods.names[k]: self.amounts[:, :, self.periods.under(int(k))].sum(axis=(1, 2))
            for k in nodes
        }
        return pd.DataFrame(columns, index=[self.people.paths[k][-1] for k in self.people.leaves])

    def table(self) -> pd.DataFrame:
        """List every node of the people by leaf line and leaf period: node, level, line, period, amount."""
        sums = np.concatenate(
            [np.zeros((1, *self.units.shape[1:]), dtype=np.int64), self.units.cumsum(axis=0)]
        )
        first, after = self.people.span.T
        cells = (sums[after] - sums[first]) * self.unit
        nodes, lines, periods = np.meshgrid(
            np.arange(len(self.people)), np.arange(cells.shape[1]), np.arange(cells.shape[2]), indexing="ij"
        )
        levels = np.array([self.people.level_of(k) for k in range(len(self.people))])
        names = [np.array(self.people.names), *(_leaf_names(tree) for tree in (self.lines, self.periods))]
        return pd.DataFrame(
            {
                "node": names[0][nodes.ravel()],
                "level": levels[nodes.ravel()],
                "line": names[1][lines.ravel()],
                "period": names[2][periods.ravel()],
                "amount": cells.ravel(),
            }
        )


def _leaf_names(tree: Tree) -> np.ndarray:
    return np.array([tree.names[k] for k in tree.leaves])
