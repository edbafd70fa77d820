"""The core problem as a mixed-integer program in arrays, and that program in whole numbers.

Columns are the pairs (0 or 1), then whatever is continuous: loads that fairness looks at, amounts outside
limits that have a price, and the columns of fairness terms. The rows "every unit has exactly one rep" follow
from `Problem.unit`; each solver has its own form for them. Variables and entries are arrays, not objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model, cp_model_helper
from scipy import sparse

from optimizer.core.assignment import CLOSE_ENOUGH, Budget, Measure, Problem
from optimizer.core.fairness import Fairness, LinearForm, linear_form

DEFINITION = -1
"""Source of the rows that define loads; fairness term k has the source -2 - k."""

FINE = 1e-7
"""How far apart the values of a fairness column are where a solver wants integers, in the column's unit."""

FARTHEST = 1e6
"""What a column without bounds may reach in integers."""

POWERS = 10.0 ** np.arange(16)

LARGEST = 2.0**56
"""What a row may add up to in integers: CP-SAT counts in 64 bits and wants room."""

LARGEST_COST = 2.0**52
"""The same for the objective, of which it tells a floating-point number."""


@dataclass(frozen=True, eq=False)
class Program:
    """Minimize cost @ column so that row_lower <= matrix @ column <= row_upper, and each unit has one pair.

    Parameters
    ----------
    problem
        Where it comes from.
    cost, lower, upper
        One entry a column; the problem's pairs come first and are 0 or 1.
    grid
        How far apart a column's values may lie where they must be whole multiples of something: 1 for pairs,
        nan where the column's first row decides.
    matrix, row_lower, row_upper
        The rows (sparse rows x columns); -inf and inf where there is no limit.
    source, seat
        What each row comes from (position of a measure; budgets after the last measure; negative as in
        `DEFINITION`) and whose it is (a rep, -1: of all).
    loads
        Columns of the loads by rep, of the measures that fairness looks at.
    """

    problem: Problem
    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    grid: np.ndarray
    matrix: Any
    row_lower: np.ndarray
    row_upper: np.ndarray
    source: np.ndarray
    seat: np.ndarray
    loads: Mapping[str, np.ndarray]

    @property
    def pairs(self) -> int:
        """Number of pairs: the first columns."""
        return len(self.problem.cost)


def write_program(problem: Problem, seen: Sequence[np.ndarray] = ()) -> Program:
    """Write a problem as a program.

    Parameters
    ----------
    seen
        Choices (positions of pairs) at whose loads the price of unevenness has to be exact; elsewhere it may
        lie below the truth by `LinearForm.error`.
    """
    writer = _Writer(problem)
    loads = _define_loads(writer, problem)
    for position, measure in enumerate(problem.measures):
        _keep_within_limits(writer, position, measure, loads.get(measure.name))
    for position, budget in enumerate(problem.budgets, len(problem.measures)):
        _keep_budget(writer, position, budget)
    for position, term in enumerate(problem.fairness):
        measure = problem.measure(term.measure)
        touched = [problem.loads(measure, chosen) for chosen in seen]
        _price_unevenness(writer, -2 - position, term, measure, loads[term.measure], touched)
    return writer.program(loads)


class _Writer:
    """Collects columns, rows and entries as arrays."""

    def __init__(self, problem: Problem) -> None:
        pairs = len(problem.cost)
        self.problem = problem
        self.columns = pairs
        self.rows = 0
        ones = np.ones(pairs)
        self._columns = [(np.asarray(problem.cost, float), 0 * ones, ones, ones)]
        self._rows: list[tuple[np.ndarray, ...]] = []
        self._entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add_columns(self, cost: np.ndarray, lower: np.ndarray, upper: np.ndarray, grid: float) -> np.ndarray:
        self._columns.append((cost, lower, upper, np.full(len(cost), grid)))
        self.columns += len(cost)
        return np.arange(self.columns - len(cost), self.columns)

    def add_rows(self, lower: np.ndarray, upper: np.ndarray, source: int, seat: np.ndarray) -> np.ndarray:
        self._rows.append((lower, upper, np.full(len(lower), source), seat))
        self.rows += len(lower)
        return np.arange(self.rows - len(lower), self.rows)

    def add_entries(self, row: np.ndarray, column: np.ndarray, value: np.ndarray) -> None:
        self._entries.append((row, column, value))

    def add_matrix(self, row: np.ndarray, column: np.ndarray, matrix: Any) -> None:
        entries = sparse.coo_matrix(matrix)
        self.add_entries(row[entries.row], column[entries.col], entries.data)

    def program(self, loads: Mapping[str, np.ndarray]) -> Program:
        cost, lower, upper, grid = (np.concatenate(part) for part in zip(*self._columns, strict=True))
        none = (np.zeros(0), np.zeros(0), np.zeros(0, dtype=int), np.zeros(0, dtype=int))
        limits = [np.concatenate(part) for part in zip(none, *self._rows, strict=True)]
        row, column, value = (
            np.concatenate(part) for part in zip((none[2], none[2], none[0]), *self._entries, strict=True)
        )
        matrix = sparse.csr_matrix((value, (row, column)), shape=(self.rows, self.columns))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        matrix.sort_indices()
        row_lower, row_upper, source, seat = limits
        return Program(
            self.problem, cost, lower, upper, grid, matrix, row_lower, row_upper, source, seat, loads
        )


def _amounts(problem: Problem, measure: Measure) -> Any:
    """Write what every pair adds to every rep as a sparse matrix (reps x pairs)."""
    pair = np.arange(len(problem.cost))
    rep, amount = problem.rep, np.asarray(measure.amount, float)
    if measure.other is not None and measure.other_amount is not None:
        also = np.flatnonzero(measure.other >= 0)
        pair = np.concatenate((pair, also))
        rep = np.concatenate((rep, measure.other[also]))
        amount = np.concatenate((amount, measure.other_amount[also]))
    return sparse.csr_matrix((amount, (rep, pair)), shape=(problem.reps, len(problem.cost)))


def _define_loads(writer: _Writer, problem: Problem) -> dict[str, np.ndarray]:
    """Give measures that fairness looks at a column of load by rep, so that further rows stay sparse."""
    loads = {}
    seat, none = np.arange(problem.reps), np.zeros(problem.reps)
    for name in dict.fromkeys(term.measure for term in problem.fairness):
        amounts = _amounts(problem, problem.measure(name))
        loads[name] = writer.add_columns(none, *_reach(amounts), np.nan)
        row = writer.add_rows(none, none, DEFINITION, seat)
        writer.add_matrix(row, np.arange(len(problem.cost)), amounts)
        writer.add_entries(row, loads[name], np.full(problem.reps, -1.0))
    return loads


def _keep_within_limits(writer: _Writer, source: int, measure: Measure, load: np.ndarray | None) -> None:
    amounts = _amounts(writer.problem, measure)
    seat = np.arange(writer.problem.reps)
    _limit(writer, source, seat, amounts, measure.lower, measure.upper, measure.price, load)


def _keep_budget(writer: _Writer, source: int, budget: Budget) -> None:
    amounts = sparse.csr_matrix(np.asarray(budget.amount, float)[None, :])
    lower, upper = np.array([-np.inf]), np.array([budget.limit], dtype=float)
    _limit(writer, source, np.array([-1]), amounts, lower, upper, budget.price, None)


def _limit(
    writer: _Writer,
    source: int,
    seat: np.ndarray,
    amounts: Any,
    lower: np.ndarray,
    upper: np.ndarray,
    price: float,
    load: np.ndarray | None,
) -> None:
    """Keep sums of amounts within limits, by a row on the pairs or on columns of loads."""
    limited = (np.isfinite(lower) | np.isfinite(upper)) & (price > 0)
    # Limits that cross need a row each: both are broken, at a price for either.
    once, twice = np.flatnonzero(limited & ~(lower > upper)), np.flatnonzero(limited & (lower > upper))
    nothing, every = np.full(len(twice), np.inf), np.concatenate((once, twice, twice))
    row_lower = np.concatenate((lower[once], lower[twice], -nothing))
    row_upper = np.concatenate((upper[once], nothing, upper[twice]))
    row = writer.add_rows(row_lower, row_upper, source, seat[every])
    if load is None:
        writer.add_matrix(row, np.arange(amounts.shape[1]), amounts[every])
    else:
        writer.add_entries(row, load[every], np.ones(len(every)))
    _price_excess(writer, row, row_lower, row_upper, amounts[every], price)


def _price_excess(
    writer: _Writer, row: np.ndarray, lower: np.ndarray, upper: np.ndarray, amounts: Any, price: float
) -> None:
    """Let limits with a finite price be passed: upper limits by one column each, lower limits by another."""
    if not np.isfinite(price):
        return
    for limit, sign in ((upper, -1.0), (lower, 1.0)):
        there = np.isfinite(limit)
        least, most = _reach(amounts[there])
        most = np.maximum(most - limit[there] if sign < 0 else limit[there] - least, 0.0)
        excess = writer.add_columns(np.full(len(most), price), 0 * most, most, np.nan)
        writer.add_entries(row[there], excess, np.full(len(most), sign))


def _price_unevenness(
    writer: _Writer,
    source: int,
    term: Fairness,
    measure: Measure,
    load: np.ndarray,
    touched: Sequence[np.ndarray],
) -> None:
    form: LinearForm = linear_form(term, *_reach(_amounts(writer.problem, measure)))
    column = writer.add_columns(form.cost, form.lower, form.upper, FINE)
    row = writer.add_rows(form.row_lower, form.row_upper, source, np.full(len(form.row_lower), -1))
    writer.add_matrix(row, load, form.on_load)
    writer.add_matrix(row, column, form.on_column)
    if form.error == 0:
        return
    # A convex function lies above its tangent planes: cost @ w >= price * (value + slope @ (load - touched)).
    for at in touched:
        slope = term.price * term.gradient(at)
        plane = np.array([term.cost(at) - slope @ at])
        cut = writer.add_rows(plane, np.array([np.inf]), source, np.array([-1]))
        writer.add_matrix(cut, column, form.cost[None, :])
        writer.add_matrix(cut, load, -slope[None, :])


def _reach(amounts: Any) -> tuple[np.ndarray, np.ndarray]:
    """Give the least and the most that rows of amounts can add up to."""
    least, most = (
        np.asarray(part.sum(axis=1), dtype=float) for part in (amounts.minimum(0), amounts.maximum(0))
    )
    return least.ravel(), most.ravel()


@dataclass(frozen=True, eq=False)
class IntegerProgram:
    """A program in whole numbers, for CP-SAT.

    Every row and the objective are multiplied by a power of ten and rounded: by the smallest that loses no
    more than half of `CLOSE_ENOUGH`, so that short decimals stay exact. Then limits are widened by what
    rounding may have changed (the most over a unit's pairs, added over units). So every choice that keeps the
    true limits keeps these, and what keeps these passes the true ones by `CLOSE_ENOUGH` at most. The cost of
    no choice rises by more than `loss`, so that a bound corrected by it stays a bound.

    Parameters
    ----------
    model
        A CpModel; the pairs are its first variables.
    scale
        Integer cost of one unit of money.
    loss
        Money by which the integer cost of a choice may lie above its true cost.
    """

    model: Any
    scale: float
    loss: float

    def bound(self, value: float) -> float:
        """Turn a bound on the integer cost into one on the true cost, in money."""
        return value / self.scale - self.loss


def write_integers(program: Program) -> IntegerProgram:
    """Write a program for CP-SAT, straight from arrays."""
    rounding = _Rounding(program)
    rows = [rounding.row(number) for number in range(len(program.row_lower))]
    cost, scale, loss = rounding.cost()
    model = cp_model.CpModel()
    proto = model.proto
    pair = cp_model_helper.IntegerVariableProto()
    pair.domain.extend([0, 1])
    proto.variables.extend([pair] * program.pairs)
    for low, high in rounding.bounds()[program.pairs :].tolist():
        proto.variables.add().domain.extend([low, high])
    for first, end in zip(
        program.problem.starts[:-1].tolist(), program.problem.starts[1:].tolist(), strict=True
    ):
        proto.constraints.add().exactly_one.literals.extend(list(range(first, end)))
    for column, value, low, high in rows:
        linear = proto.constraints.add().linear
        linear.vars.extend(column.tolist())
        linear.coeffs.extend(value.astype(np.int64).tolist())
        # CP-SAT refuses an empty range, but not one out of reach.
        linear.domain.extend([low, high] if low <= high else [int(8 * LARGEST)] * 2)
    priced = np.flatnonzero(cost)
    proto.objective.vars.extend(priced.tolist())
    proto.objective.coeffs.extend(cost[priced].astype(np.int64).tolist())
    return IntegerProgram(model, scale, loss)


class _Rounding:
    """Finds powers of ten for rows and columns, and adds up what rounding may change."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.grid = program.grid.copy()
        farthest = np.maximum(np.abs(program.lower), np.abs(program.upper))
        self.span = np.where(np.isfinite(farthest), farthest, FARTHEST)
        # How far the nearest value on its grid may be from the one a column wants.
        self.blur = np.where(program.grid < 1, program.grid / 2, 0.0)
        self.enough = CLOSE_ENOUGH / 10 * max(1.0, abs(program.problem.least_cost()))
        # No finer than money asks for, or the objective would not fit.
        priced = np.isnan(program.grid) & (program.cost > 0)
        apart = np.divide(self.enough / max(priced.sum(), 1), program.cost, where=priced, out=self.grid * 0)
        self.fine = np.where(priced, 10.0 ** np.floor(np.log10(np.where(priced, apart, 1.0))), 0.0)

    def bounds(self) -> np.ndarray:
        """Give the bounds of columns in steps of their grid (columns x 2)."""
        lower = np.maximum(self.program.lower, -self.span)
        upper = np.minimum(self.program.upper, self.span)
        return np.stack((np.floor(lower / self.grid), np.ceil(upper / self.grid)), axis=1).astype(np.int64)

    def row(self, number: int) -> tuple[np.ndarray, np.ndarray, int, int]:
        """Round a row, and decide the grid of the columns that no row before had: columns, values, bounds."""
        matrix, pairs = self.program.matrix, self.program.pairs
        part = slice(matrix.indptr[number], matrix.indptr[number + 1])
        column, value = matrix.indices[part], matrix.data[part]
        limits = np.array([self.program.row_lower[number], self.program.row_upper[number]])
        there = np.abs(limits[np.isfinite(limits)])
        slack = CLOSE_ENOUGH / 2 * max(1.0, float(there.min(initial=np.inf)) if len(there) else 1.0)
        fresh = np.isnan(self.grid[column])
        coarse = self.fine[column[fresh]]
        slack = min(slack, coarse[coarse > 0].min(initial=np.inf))  # What is outside has a price.
        rest = slice(int(np.searchsorted(column, pairs)), None)
        whole, scale, lost, blur = value, 1.0, np.inf, self.blur[column]
        for trial in POWERS:
            step = np.where(fresh, np.maximum(1 / trial, self.fine[column]), self.grid[column])
            exact = value * step * trial
            if np.isfinite(lost) and np.abs(exact) @ (self.span[column] / step) > LARGEST:
                break
            whole, scale = np.rint(exact), trial
            wrong = np.abs(exact - whole) / trial
            lost = self._most_by_unit(column[: rest.start], wrong)
            steps = there[:, None] / step
            off = np.abs(steps - np.rint(steps)).max(axis=0, initial=0.0) * step
            blur = np.where(fresh, np.minimum(step / 2, lost + off), self.blur[column])
            lost += float((wrong * self.span[column] / step + np.abs(value) * blur)[rest].sum())
            if lost <= slack:
                break
        self.grid[column[fresh]] = np.maximum(1 / scale, self.fine[column[fresh]])
        self.blur[column] = blur
        # Rows of pairs alone are the hard limits, which an answer may pass by what counts as kept.
        room = (
            max(lost, slack if rest.start == len(column) else 0.0) * scale
            + 1e-9
            + 4e-16 * np.abs(limits * scale)
        )
        limits = np.where(np.isfinite(limits), limits * scale + np.array([-1, 1]) * room, limits)
        low, high = np.clip([np.ceil(limits[0]), np.floor(limits[1])], -8 * LARGEST, 8 * LARGEST)
        return column, whole, int(low), int(high)

    def cost(self) -> tuple[np.ndarray, float, float]:
        """Round the objective: costs, what one unit of money is in them, and the money that may be lost."""
        cost, pairs, columns = self.program.cost, self.program.pairs, np.arange(len(self.program.cost))
        whole, scale, lost = cost, 1.0, np.inf
        for trial in POWERS:
            exact = cost * self.grid * trial
            if np.isfinite(lost) and np.abs(exact) @ (self.span / self.grid) > LARGEST_COST:
                break
            whole, scale = np.rint(exact), trial
            wrong = np.abs(exact - whole) / trial
            lost = self._most_by_unit(columns[:pairs], wrong)
            lost += float((wrong * self.span / self.grid)[pairs:].sum())
            if lost <= self.enough:
                break
        return whole, scale, lost + float(np.abs(cost) @ self.blur)

    def _most_by_unit(self, pair: np.ndarray, wrong: np.ndarray) -> float:
        """Add up the largest entry of each unit: exactly one of its pairs is chosen."""
        if not len(pair):
            return 0.0
        unit = self.program.problem.unit[pair]
        first = np.flatnonzero(np.diff(unit, prepend=-1))
        return float(np.maximum.reduceat(wrong[: len(pair)], first).sum())
