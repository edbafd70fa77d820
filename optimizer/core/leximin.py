"""The fairest loads there are within hard rules and a cost limit, and what fairness costs.

Leximin: the largest deviation from the fair load is least, then the next largest, and so on, over the linear
relaxation of the assignment (units may be split). Its loads are targets for a search of whole plans, and its
first level is a bound for all of them.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy import sparse

from optimizer.core.assignment import Problem
from optimizer.core.fairness import Fairness
from optimizer.core.mip import Program, write_program
from scenarios import NoPlanExists

PRICED = 1e-9
"""A price above this is no noise of the solver."""

CLOSE = 1e-6
"""How far (in u) a rep may be from the level in some optimum and still count as held there by its price."""

EVEN = 1e-8
"""A level below this is no deviation at all."""

SLACKS = (1e-9, 1e-8, 1e-7, 1e-6)
"""By which settled deviations may grow in later stages: the first that leaves room for rounding."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One level of the lexicographic order.

    Parameters
    ----------
    level
        The largest |u - 1| over the reps not settled before.
    bound
        The same from below, recomputed from prices. Of the first stage: no plan, whole or split, has a lesser
        largest deviation. Of later ones: none that keeps the levels before.
    settled
        Positions of the reps whose prices prove that they stand at this level in every optimum.
    """

    level: float
    bound: float
    settled: np.ndarray


@dataclass(frozen=True, eq=False)
class Leximin:
    """The fairest loads.

    Parameters
    ----------
    stages
        Levels, largest first; together they settle every rep.
    load
        The measure's load by rep, [reps]: targets.
    deviation
        |load / share - 1|, [reps].
    part
        Fraction of its unit given to each pair, [pairs].
    cost
        Objective of these fractions, the least there is with these deviations.
    """

    stages: tuple[Stage, ...]
    load: np.ndarray
    deviation: np.ndarray
    part: np.ndarray
    cost: float


def leximin(problem: Problem, measure: str, share: np.ndarray, cost_limit: float | None = None) -> Leximin:
    """Find the loads whose deviations |u - 1|, u = load / share, are lexicographically least, largest first.

    By stages: minimize the largest open deviation; reps whose deviation has a price stand at that level in
    every optimum and are settled there. Columns with a reduced cost stand at their bounds in every optimum
    (complementary slackness), so later stages have about as many columns as rows and take milliseconds.

    Parameters
    ----------
    measure, share
        Name of the measure and its fair load by rep, > 0.
    cost_limit
        The most the objective may be: cost of pairs, prices of limits, prices of unevenness (curves by their
        tangents).

    Raises
    ------
    NoPlanExists
        If even split units cannot keep the hard rules and the cost limit.
    ValueError
        If the measure is unknown or the shares are no numbers > 0.
    """
    if measure not in {known.name for known in problem.measures}:
        raise ValueError(f"no measure {measure!r}; there are {[known.name for known in problem.measures]}")
    share = np.asarray(share, dtype=float)
    if share.shape != (problem.reps,):
        raise ValueError(f"shares must be {problem.reps} numbers, one a rep, got {share}")
    start = _write(problem, measure, share, cost_limit)
    face, answer = start, _minimize(start, start.level)
    if answer is None:
        cost = "" if cost_limit is None else f" and a cost of {cost_limit:,.0f}"
        raise NoPlanExists(
            [f"the hard limits{cost} cannot be kept together, even if customers could be split"]
        )
    stages: list[Stage] = []
    spent = False
    while face.open.any():
        stages.append(_stage(face, answer))
        # A price on the cost limit says that every optimum costs that much.
        spent = spent or (stages[-1].level > EVEN and answer.price[-1] < -PRICED)
        face, answer = _go_on(face, stages[-1], answer)
    if not spent:
        answer = _cheapest(start, answer)
    pairs = len(problem.cost)
    load = answer.column[start.u] * share
    return Leximin(
        tuple(stages),
        load,
        start.deviation(answer),
        answer.column[:pairs],
        float(start.money @ answer.column),
    )


@dataclass(frozen=True, eq=False)
class _Face:
    """The plans still open: a program whose last columns are u by rep and their largest deviation.

    Parameters
    ----------
    program
        The core problem with "maximum deviation" as its last fairness term; the cost limit is the last row.
    money
        Objective of the core problem, by column.
    open
        Which reps are not settled, [reps].
    """

    program: Program
    money: np.ndarray
    open: np.ndarray

    @property
    def u(self) -> np.ndarray:
        """Columns of u."""
        return np.arange(-1 - len(self.open), -1) + len(self.money)

    @property
    def level(self) -> np.ndarray:
        """The objective of a stage: the largest deviation, which is the last column."""
        return (np.arange(len(self.money)) == len(self.money) - 1).astype(float)

    @property
    def rows(self) -> np.ndarray:
        """Rows that keep each rep's deviation within the largest, [reps, 2]."""
        return np.arange(-2 * len(self.open), 0).reshape(-1, 2) + len(self.program.row_lower) - 1

    def deviation(self, answer: "_Answer") -> np.ndarray:
        return np.abs(answer.column[self.u] - 1)


@dataclass(frozen=True, eq=False)
class _Answer:
    """A solved linear program: columns, prices of rows, reduced costs, and the bound these prices prove."""

    column: np.ndarray
    price: np.ndarray
    reduced: np.ndarray
    bound: float


def _write(problem: Problem, measure: str, share: np.ndarray, cost_limit: float | None) -> _Face:
    most = Fairness(measure, share, "maximum deviation", 1.0)
    program = write_program(replace(problem, fairness=(*problem.fairness, most)))
    money = program.cost.copy()
    money[-1] = 0.0
    limit = np.inf if cost_limit is None else cost_limit
    # In units of the limit itself, so that the row is of the size of the others.
    unit = max(abs(limit), 1.0) if np.isfinite(limit) else 1.0
    program = replace(
        program,
        matrix=sparse.csr_matrix(sparse.vstack([program.matrix, money[None, :] / unit])),
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, limit / unit),
    )
    return _Face(program, money, np.ones(problem.reps, dtype=bool))


def _minimize(face: _Face, cost: np.ndarray) -> _Answer | None:
    """Solve the linear program over the columns that are not held at 0; None: not solved."""
    program, problem = face.program, face.program.problem
    kept = (program.lower != 0) | (program.upper != 0)
    pairs = np.flatnonzero(kept[: program.pairs])
    core = replace(problem, unit=problem.unit[pairs], rep=problem.rep[pairs], cost=problem.cost[pairs])
    part = replace(
        program,
        problem=core,
        cost=cost[kept],
        lower=program.lower[kept],
        upper=program.upper[kept],
        matrix=program.matrix[:, kept],
    )
    model = _model(part)
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        return None
    column, reduced = np.zeros(len(cost)), np.zeros(len(cost))
    column[kept] = result.variable_values(list(model.variables()))
    price = np.array(result.dual_values(list(model.linear_constraints())))[problem.units :]
    price, reduced[kept], bound = _prove(part, price)
    return _Answer(column, price, reduced, bound)


def _model(program: Program) -> Any:
    """Write the linear relaxation for MathOpt, from arrays: first a row a unit, then the program's rows."""
    units, columns, pairs = program.problem.units, len(program.cost), program.pairs
    # That a part is at most 1 follows from the rows, and would only blur their prices.
    upper = np.concatenate((np.full(pairs, np.inf), program.upper[pairs:]))
    choose = (np.ones(pairs), (program.problem.unit, np.arange(pairs)))
    entries = sparse.vstack([sparse.coo_array(choose, (units, columns)), program.matrix]).tocoo()
    proto = model_pb2.ModelProto(name="relaxation")
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend(program.lower.tolist())
    proto.variables.upper_bounds.extend(upper.tolist())
    proto.variables.integers.extend([False] * columns)
    proto.objective.linear_coefficients.ids.extend(np.flatnonzero(program.cost).tolist())
    proto.objective.linear_coefficients.values.extend(program.cost[program.cost != 0].tolist())
    proto.linear_constraints.ids.extend(range(entries.shape[0]))
    proto.linear_constraints.lower_bounds.extend([1.0] * units + program.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend([1.0] * units + program.row_upper.tolist())
    proto.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    proto.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return mathopt.Model.from_model_proto(proto)


def _prove(program: Program, price: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Recompute reduced costs and the bound from any prices of rows (weak duality).

    A price counts only towards a side with a limit; each unit then takes its cheapest pair, other columns
    their better end.
    """
    side = np.where(price > 0, program.row_lower, program.row_upper)
    price = np.where(np.isfinite(side), price, 0.0)
    reduced = program.cost - program.matrix.T @ price
    pairs, problem = program.pairs, program.problem
    cheapest = np.minimum.reduceat(reduced[:pairs], problem.starts[:-1])
    reduced[:pairs] -= cheapest[problem.unit]
    rest = reduced[pairs:]
    end = np.where(rest > 0, program.lower[pairs:], program.upper[pairs:])
    bound = cheapest.sum() + price @ np.where(price != 0, side, 0.0) + rest @ np.where(rest != 0, end, 0.0)
    return price, reduced, float(bound)


def _stage(face: _Face, answer: _Answer) -> Stage:
    level = float(np.where(face.open, face.deviation(answer), 0.0).max())
    price = np.where(face.open, np.abs(answer.price[face.rows]).sum(axis=1), 0.0)
    if level <= EVEN or not price.any():
        return Stage(level, max(answer.bound, 0.0), np.flatnonzero(face.open))
    settled = np.flatnonzero(price > min(_strong(level, answer), price.max() / 2))
    return Stage(level, answer.bound, settled)


def _strong(level: float, answer: _Answer) -> float:
    """Say which price proves: in an optimum nothing is farther from its limit than the gap over its price."""
    return max(PRICED, (level - answer.bound) / CLOSE)


def _go_on(face: _Face, stage: Stage, answer: _Answer) -> tuple[_Face, _Answer]:
    """Settle a stage and solve the next one; if rounding leaves no room, the answer stays, without proof."""
    after = _settle(face, stage, answer)
    if not after.open.any():
        return after, answer
    for slack in SLACKS:
        after = _widen(after, slack)
        further = _minimize(after, after.level)
        if further is not None:
            return after, further
    return after, replace(answer, bound=0.0)


def _settle(face: _Face, stage: Stage, answer: _Answer) -> _Face:
    """Keep the plans that reach the level: settled reps stay within it, priced pairs at 0."""
    program, pairs = face.program, face.program.pairs
    upper = program.upper.copy()
    upper[:pairs][answer.reduced[:pairs] > _strong(stage.level, answer)] = 0.0
    face = replace(face, program=replace(program, upper=upper))
    return _hold(face, stage.settled, np.full(len(stage.settled), stage.level))


def _widen(face: _Face, slack: float) -> _Face:
    """Let all settled deviations grow."""
    program, u = face.program, face.u[~face.open]
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[u] -= slack
    upper[u] += slack
    return replace(face, program=replace(program, lower=lower, upper=upper))


def _hold(face: _Face, reps: np.ndarray, apart: np.ndarray) -> _Face:
    """Keep these reps within a deviation of their own instead of the largest."""
    program, u, still = face.program, face.u[reps], face.open.copy()
    lower, upper, row_lower = program.lower.copy(), program.upper.copy(), program.row_lower.copy()
    lower[u], upper[u] = 1 - apart, 1 + apart
    row_lower[face.rows[reps]] = -np.inf
    still[reps] = False
    return replace(face, program=replace(program, lower=lower, upper=upper, row_lower=row_lower), open=still)


def _cheapest(start: _Face, fairest: _Answer) -> _Answer:
    """Minimize the cost over all plans with these deviations."""
    face = _hold(start, np.arange(len(start.open)), start.deviation(fairest))
    for slack in SLACKS:
        face = _widen(face, slack)
        answer = _minimize(face, start.money)
        if answer is not None:
            return answer
    return fairest


def leximin_key(load: np.ndarray, share: np.ndarray, digits: int = 9) -> tuple[float, ...]:
    """Sort |load / share - 1|, largest first: of two plans the one with the lesser key is fairer."""
    return tuple(np.round(np.sort(np.abs(load / share - 1))[::-1], digits).tolist())


def price_of_fairness(system: float, fair: float) -> float:
    """Give the part of a total, to be made large, that fairness gives up: (system - fair) / system.

    Parameters
    ----------
    system
        The largest total any plan reaches, > 0.
    fair
        The total of the fair plan.
    """
    if not system > 0:
        raise ValueError(f"the total without fairness must be > 0, got {system}")
    return (system - fair) / system
