"""Territories as a mixed-integer program, with cuts for what is not connected, in rounds.

x[i, j] = 1 where unit i is with center j (S. Hess and others, Operations Research 13, 1965). A unit that
does not touch its center needs one of its neighbors there; where a plan still falls apart, a separator
between the part and its center is asked for (R. Carvajal and others, Operations Research 61, 2013; H.
Validi, A. Buchanan, E. Lykhovyd, Operations Research 70, 2022), and the program is solved again, since HiGHS
has no callbacks in OR-Tools.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import coo_array

from optimizer.areas.contiguity import components, neighbors, separator
from optimizer.areas.model import Model
from optimizer.core.solvers import IMPOSSIBLE, duration, run_mathopt
from optimizer.core.solvers import Watch as SolverWatch


@dataclass(frozen=True, eq=False)
class Cut:
    """Whoever of `apart` is with `center` needs one of `between` there as well; positions of units,
    column.
    """

    apart: np.ndarray
    between: np.ndarray
    center: int


@dataclass(frozen=True, eq=False)
class Round:
    """What one round of the program came to.

    Parameters
    ----------
    owner
        The territory of each unit, or None; it may fall apart.
    center
        The column of each territory's center.
    bound
        No division within the program's pairs costs less; -inf where nothing is proved.
    ended
        Whether the program was solved to the wanted gap ("proved"), has no answer ("infeasible"), or ran out.
    nodes
        Of the search tree.
    """

    owner: np.ndarray | None
    center: np.ndarray | None
    bound: float
    ended: Literal["proved", "infeasible", "limit", "interrupted"]
    nodes: int


class AreaProgram:
    """The program on the pairs that are open; cuts are added to it between rounds.

    Parameters
    ----------
    model
        What to divide.
    open_
        Pairs of unit (row) and center (column) that are allowed.
    """

    def __init__(self, model: Model, open_: np.ndarray) -> None:
        self.model = model
        self.home = np.arange(model.units) if model.seats is None else model.seats
        self.cuts: list[Cut] = []
        self.restrict(open_)

    def restrict(self, open_: np.ndarray) -> None:
        """Leave only these pairs; a center that may not be its own has none."""
        open_ = open_ & open_[self.home, np.arange(len(self.home))][None, :]
        self.unit, self.column = np.nonzero(open_)
        self.number = np.full(open_.shape, -1)
        self.number[self.unit, self.column] = np.arange(len(self.unit))

    def cut(self, owner: np.ndarray, centers: np.ndarray) -> int:
        """Add cuts for what is not connected with its center; say how many parts that were."""
        model, found = self.model, 0
        for t in range(model.territories):
            home = int(self.home[centers[t]])
            part = components(model.graph, (owner == t) & ~model.loose)
            for p in range(int(part.max(initial=-1)) + 1):
                apart = np.flatnonzero(part == p)
                if part[home] == p:
                    continue
                found += 1
                for column in np.unique([centers[t], *self._rivals(apart)]):
                    other = int(self.home[column])
                    if other in apart or other in neighbors(model.graph, apart):
                        continue
                    between = separator(model.graph, apart, other)
                    self.cuts.append(Cut(apart, between, int(column)))
        return found

    def _rivals(self, apart: np.ndarray) -> np.ndarray:
        """Give the centers that all of a part could be with."""
        return np.flatnonzero((self.number[apart] >= 0).all(axis=0))

    def solve(
        self, hint: np.ndarray | None, *, time_limit: float, nodes: int | None, gap: float, seed: int,
        watch: SolverWatch,
    ) -> Round:  # fmt: skip
        """Solve it as it is now; `hint` is a known division, which may break cuts."""
        model = self._write()
        variables = list(model.variables())
        hints = []
        if hint is not None:
            centers = self._columns_of(hint)
            chosen = self.number[np.arange(self.model.units), centers[hint]]
            if (chosen >= 0).all():
                values = np.isin(np.arange(len(self.unit)), chosen).astype(float).tolist()
                hints.append(mathopt.SolutionHint(variable_values=dict(zip(variables, values, strict=True))))
        parameters = mathopt.SolveParameters(
            time_limit=duration(time_limit), node_limit=nodes, relative_gap_tolerance=gap, random_seed=seed
        )
        result = run_mathopt(model, mathopt.SolverType.HIGHS, parameters, hints, watch)
        reason, spent = result.termination.reason, int(result.solve_stats.node_count)
        if watch.interrupted:
            return Round(None, None, -np.inf, "interrupted", spent)
        if reason in IMPOSSIBLE:
            return Round(None, None, np.inf, "infeasible", spent)
        bound = float(result.dual_bound())
        if not result.has_primal_feasible_solution():
            return Round(None, None, bound, "limit", spent)
        values = np.array(result.variable_values(variables))
        owner, center = self._read(values)
        ended: Literal["proved", "limit"] = (
            "proved" if reason == mathopt.TerminationReason.OPTIMAL else "limit"
        )
        return Round(owner, center, bound, ended, spent)

    def _columns_of(self, owner: np.ndarray) -> np.ndarray:
        return np.arange(self.model.territories) if self.model.fixed else self.model.centers(owner)

    def _read(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        order = np.lexsort((-values, self.unit))
        first = order[np.searchsorted(self.unit[order], np.arange(self.model.units))]
        column = self.column[first]
        centers = np.arange(self.model.territories) if self.model.fixed else np.unique(column)
        return np.searchsorted(centers, column), centers

    def _write(self) -> mathopt.Model:
        rows = Rows()
        self._give_every_unit_one_center(rows)
        self._open_as_many_centers_as_territories(rows)
        self._keep_limits(rows)
        self._use_open_centers_only(rows)
        self._ask_for_a_neighbor(rows)
        self._ask_for_separators(rows)
        return rows.model(self.model.cost[self.unit, self.column], self._own())

    def _own(self) -> np.ndarray:
        """Give the pairs that must be chosen: of fixed centers with themselves."""
        if not self.model.fixed:
            return np.empty(0, dtype=np.int64)
        return self.number[self.home, np.arange(len(self.home))]

    def _self(self, columns: np.ndarray) -> np.ndarray:
        return np.asarray(self.number[self.home[columns], columns])

    def _give_every_unit_one_center(self, rows: "Rows") -> None:
        rows.add(self.unit, np.arange(len(self.unit)), np.ones(len(self.unit)), self.model.units, 1.0, 1.0)

    def _open_as_many_centers_as_territories(self, rows: "Rows") -> None:
        centers = self._self(np.unique(self.column))
        k = float(self.model.territories)
        rows.add(np.zeros(len(centers), dtype=np.int64), centers, np.ones(len(centers)), 1, k, k)

    def _keep_limits(self, rows: "Rows") -> None:
        columns, at = np.unique(self.column, return_inverse=True)
        pairs, seats = np.arange(len(self.unit)), np.arange(len(columns))
        for q in range(len(self.model.amount)):
            amount = self.model.amount[q][self.unit]
            for limit, sign in ((self.model.upper[q], 1.0), (self.model.lower[q], -1.0)):
                most = limit[columns] if self.model.fixed else np.full(len(columns), limit[0])
                finite = np.isfinite(most)
                if not finite.any():
                    continue
                most = np.where(finite, most, 0.0)
                row = np.concatenate([at, seats])
                column = np.concatenate([pairs, self._self(columns)])
                value = np.concatenate([sign * amount, -sign * most])
                there = finite[row]
                rows.add(row[there], column[there], value[there], len(columns), -np.inf, 0.0)

    def _use_open_centers_only(self, rows: "Rows") -> None:
        if self.model.fixed:
            return
        pairs = np.flatnonzero(self.unit != self.home[self.column])
        self._at_most(rows, pairs, np.arange(len(pairs)), self._self(self.column[pairs]))

    def _ask_for_a_neighbor(self, rows: "Rows") -> None:
        a, b = self.model.graph.ends
        touching = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(self.model.units,) * 2).toarray()
        home = self.home[self.column]
        pairs = np.flatnonzero(
            ~touching[self.unit, home] & (self.unit != home) & ~self.model.loose[self.unit]
        )
        row, helper = [], []
        for r, pair in enumerate(pairs.tolist()):
            some = self.number[self.model.graph.of(int(self.unit[pair])), self.column[pair]]
            some = some[some >= 0]
            row.append(np.full(len(some), r))
            helper.append(some)
        if pairs.size:
            self._at_most(rows, pairs, np.concatenate(row), np.concatenate(helper))

    def _ask_for_separators(self, rows: "Rows") -> None:
        pairs: list[int] = []
        row: list[np.ndarray] = []
        helper: list[np.ndarray] = []
        for cut in self.cuts:
            mine = self.number[cut.apart, cut.center]
            some = self.number[cut.between, cut.center]
            some = some[some >= 0]
            for pair in mine[mine >= 0].tolist():
                row.append(np.full(len(some), len(pairs)))
                helper.append(some)
                pairs.append(pair)
        if pairs:
            self._at_most(rows, np.array(pairs), np.concatenate(row), np.concatenate(helper))

    def _at_most(self, rows: "Rows", pairs: np.ndarray, row: np.ndarray, helper: np.ndarray) -> None:
        """Let each pair be chosen only where one of its helpers is."""
        rows.add(
            np.concatenate([np.arange(len(pairs)), row]),
            np.concatenate([pairs, helper]),
            np.concatenate([np.ones(len(pairs)), -np.ones(len(helper))]),
            len(pairs),
            -np.inf,
            0.0,
        )


class Rows:
    """Rows of a program as they come."""

    def __init__(self) -> None:
        self.row: list[np.ndarray] = []
        self.column: list[np.ndarray] = []
        self.value: list[np.ndarray] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(
        self, row: np.ndarray, column: np.ndarray, value: np.ndarray, count: int, lower: float, upper: float
    ) -> None:
        """Add `count` rows with the same limits; `row` counts from 0."""
        self.row.append(row + len(self.lower))
        self.column.append(column)
        self.value.append(value)
        self.lower += [lower] * count
        self.upper += [upper] * count

    def model(self, cost: np.ndarray, must: np.ndarray) -> mathopt.Model:
        """Write a program of truth values with these costs; some must be true."""
        matrix = coo_array(
            (np.concatenate(self.value), (np.concatenate(self.row), np.concatenate(self.column))),
            shape=(len(self.lower), len(cost)),
        ).tocsr()
        matrix.sum_duplicates()
        entries, lower = matrix.tocoo(), np.zeros(len(cost))
        lower[must] = 1.0
        proto = model_pb2.ModelProto(name="areas")
        proto.variables.ids.extend(range(len(cost)))
        proto.variables.lower_bounds.extend(lower.tolist())
        proto.variables.upper_bounds.extend([1.0] * len(cost))
        proto.variables.integers.extend([True] * len(cost))
        priced = np.flatnonzero(cost)
        proto.objective.linear_coefficients.ids.extend(priced.tolist())
        proto.objective.linear_coefficients.values.extend(cost[priced].tolist())
        proto.linear_constraints.ids.extend(range(len(self.lower)))
        proto.linear_constraints.lower_bounds.extend(self.lower)
        proto.linear_constraints.upper_bounds.extend(self.upper)
        kept = entries.data != 0
        proto.linear_constraint_matrix.row_ids.extend(entries.row[kept].tolist())
        proto.linear_constraint_matrix.column_ids.extend(entries.col[kept].tolist())
        proto.linear_constraint_matrix.coefficients.extend(entries.data[kept].tolist())
        return mathopt.Model.from_model_proto(proto)
