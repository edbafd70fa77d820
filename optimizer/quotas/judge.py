"""The same models for the general solvers of OR-Tools: PDLP for squares, GLOP for absolute departures.

They judge the Newton method in tests, and answer where it does not: absolute departures, and models it does
not settle.
"""

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.quotas.departure import Departure, Model, NotSettled, departure

PRECISE = 1e-9


def solve(model: Model) -> Departure:
    """Find the least departure with a general solver, cell by cell.

    Raises
    ------
    NotSettled
        If no amounts keep all limits, or the solver does not say.
    ValueError
        If the measure is "entropy": OR-Tools has no solver for it.
    """
    if model.measure == "entropy":
        raise ValueError("OR-Tools solves linear and quadratic programs")
    size = _size(model)
    base = model.baseline.ravel() / size
    program = mathopt.Model()
    low = model.lower.ravel() / size
    high = np.where(base > 0, model.upper.ravel() / size, low)
    cells = [program.add_variable(lb=a, ub=b) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    rows = _add_rows(program, model, cells, size)
    asked = np.flatnonzero(base > 0).tolist()
    if model.measure == "relative":
        squares = [
            (cells[k] * cells[k] - 2 * float(base[k]) * cells[k]) / (2 * float(base[k])) for k in asked
        ]
        program.minimize(mathopt.fast_sum(squares))
    else:
        program.minimize(mathopt.fast_sum([_distance(program, cells[k], base[k]) for k in asked]))
    found = _solved(program, squares=model.measure == "relative")
    values = found.variable_values(cells)
    amounts = np.array(values).reshape(model.baseline.shape) * size
    prices = (
        np.array(found.dual_values(rows))
        if rows and found.has_dual_feasible_solution()
        else np.zeros(len(rows))
    )
    return Departure(amounts, prices, departure(model, amounts), 0)


def _size(model: Model) -> float:
    """Give the mean amount; in such units tolerances mean the same for cents as for thousands."""
    asked = model.baseline[model.baseline > 0]
    return float(asked.mean()) if len(asked) else 1.0


def _add_rows(
    program: mathopt.Model, model: Model, cells: list[mathopt.Variable], size: float
) -> list[mathopt.LinearConstraint]:
    totals = model.totals
    rows = [
        program.add_linear_constraint(lb=float(a), ub=float(b))
        for a, b in zip(totals.lower / size, totals.upper / size, strict=True)
    ]
    counted = totals.matrix.tocsc()
    for cell, kind in zip(cells, totals.class_of, strict=True):
        for row in counted.indices[counted.indptr[kind] : counted.indptr[kind + 1]]:
            rows[row].set_coefficient(cell, 1.0)
    return rows


def _distance(program: mathopt.Model, cell: mathopt.Variable, to: float) -> mathopt.Variable:
    distance = program.add_variable(lb=0.0)
    program.add_linear_constraint(distance >= cell - to)
    program.add_linear_constraint(distance >= to - cell)
    return distance


def _solved(program: mathopt.Model, *, squares: bool) -> mathopt.SolveResult:
    if squares:
        precision = mathopt.SolveParameters()
        criteria = precision.pdlp.termination_criteria.detailed_optimality_criteria
        for name in (
            "eps_optimal_primal_residual_absolute",
            "eps_optimal_primal_residual_relative",
            "eps_optimal_dual_residual_absolute",
            "eps_optimal_dual_residual_relative",
            "eps_optimal_objective_gap_absolute",
            "eps_optimal_objective_gap_relative",
        ):
            setattr(criteria, name, PRECISE)
        found = mathopt.solve(program, mathopt.SolverType.PDLP, params=precision)
    else:
        found = mathopt.solve(program, mathopt.SolverType.GLOP)
    if found.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        raise NotSettled
    return found
