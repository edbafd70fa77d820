"""Totals over parts of the cube that are held within limits, and which cells are alike for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse


@dataclass(frozen=True, eq=False)
class Total:
    """Limits on a sum of cells, or on one sum for each line and period.

    Parameters
    ----------
    people
        Which leaves, bool [people].
    cells
        Which lines and periods, bool [lines, periods].
    lower, upper
        Units: one number each, or with `each` one a line and period in `cells`, in their order.
    each
        Limit the sum of every line and period by itself.
    """

    people: np.ndarray
    cells: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    each: bool

    @property
    def rows(self) -> int:
        """How many limits these are."""
        return int(self.cells.sum()) if self.each else 1

    def row_of(self) -> np.ndarray:
        """Row of each line and period, counted from 0; -1 outside. [lines, periods]."""
        rows = np.full(self.cells.shape, -1)
        rows[self.cells] = np.arange(self.rows) if self.each else 0
        return rows

    def kept(self, units: np.ndarray) -> bool:
        """Say whether whole units, [people, lines, periods], are within the limits."""
        cells = units[self.people].sum(axis=0)[self.cells]
        sums = cells if self.each else cells.sum(keepdims=True)
        return bool(((sums >= self.lower) & (sums <= self.upper)).all())


@dataclass(frozen=True, eq=False)
class Totals:
    """All limits on sums, in classes of cells: cells of a class count in the same rows.

    Parameters
    ----------
    totals
        The limits.
    shape
        Of the cube.
    """

    totals: tuple[Total, ...]
    shape: tuple[int, int, int]

    @cached_property
    def first(self) -> np.ndarray:
        """First row of each total, and the number of rows. [totals + 1]."""
        return np.cumsum([0, *(total.rows for total in self.totals)])

    @cached_property
    def lower(self) -> np.ndarray:
        """Least sum of each row, units; -inf for none."""
        return _joined([total.lower for total in self.totals], self.totals)

    @cached_property
    def upper(self) -> np.ndarray:
        """Largest sum of each row, units; inf for none."""
        return _joined([total.upper for total in self.totals], self.totals)

    @cached_property
    def _classes(self) -> tuple[np.ndarray, np.ndarray]:
        """Give each cell's class, [cells], and a cell of each; told apart by sums of random bits."""
        draws = np.random.default_rng(1).integers(1, 2**63, size=int(self.first[-1]), dtype=np.int64)
        marks = np.zeros(self.shape, dtype=np.int64)
        for total, first in zip(self.totals, self.first[:-1], strict=True):
            rows = total.row_of()
            marks[total.people] += np.where(rows >= 0, draws[first + rows], 0)
        of, marked = pd.factorize(marks.ravel())
        example = np.empty(len(marked), dtype=np.int64)
        example[of] = np.arange(len(of))
        return of, example

    @property
    def class_of(self) -> np.ndarray:
        """Class of each cell. [cells]."""
        return self._classes[0]

    @cached_property
    def matrix(self) -> sparse.csr_matrix:
        """1 where a class counts in a row. [rows, classes]."""
        example = self._classes[1]
        person, line, period = np.unravel_index(example, self.shape)
        rows, classes = [], []
        for total, first in zip(self.totals, self.first[:-1], strict=True):
            row = total.row_of()[line, period]
            inside = np.flatnonzero(total.people[person] & (row >= 0))
            rows.append(first + row[inside])
            classes.append(inside)
        at = (np.concatenate([*rows, []]).astype(int), np.concatenate([*classes, []]).astype(int))
        return sparse.csr_matrix((np.ones(len(at[0])), at), shape=(int(self.first[-1]), len(example)))

    def sums(self, amounts: np.ndarray) -> np.ndarray:
        """Add up amounts of cells, [cells], by row."""
        by_class = np.bincount(self.class_of, amounts.ravel(), minlength=self.matrix.shape[1])
        added: np.ndarray = self.matrix @ by_class
        return added


def _joined(parts: Sequence[np.ndarray], totals: Sequence[Total]) -> np.ndarray:
    spread = [np.broadcast_to(p, t.rows) for p, t in zip(parts, totals, strict=True)]
    return np.concatenate([*spread, []]).astype("float64")
