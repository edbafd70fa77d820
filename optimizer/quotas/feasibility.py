"""Whether limits on totals can be kept together, and how far they are from it: linear programs."""

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.quotas.departure import Model

SLACK = 0.5
"""Units that a clash has to exceed; less is floating point."""


def shortfall(model: Model, give: np.ndarray | None = None) -> np.ndarray | None:
    """Find how little the totals of some demands have to give so that all limits can be kept.

    Parameters
    ----------
    give
        Rows that may give, bool; without it, all.

    Returns
    -------
    By row: units by which its sum stays below its limits (below 0) or goes beyond; None if nothing they give
    is enough. All zeros: all limits can be kept.
    """
    totals = model.totals
    classes, rows = totals.matrix.shape[1], totals.matrix.shape[0]
    most = np.where(model.baseline > 0, model.upper, model.lower).ravel()
    low = np.bincount(totals.class_of, model.lower.ravel(), minlength=classes)
    high = np.bincount(totals.class_of, most, minlength=classes)
    program = mathopt.Model()
    sums = [program.add_variable(lb=a, ub=b) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    gives = np.ones(rows, dtype=bool) if give is None else give
    up = [program.add_variable(lb=0.0, ub=np.inf if g else 0.0) for g in gives]
    down = [program.add_variable(lb=0.0, ub=np.inf if g else 0.0) for g in gives]
    for row in range(rows):
        begin, end = totals.matrix.indptr[row : row + 2]
        inside = mathopt.fast_sum([sums[k] for k in totals.matrix.indices[begin:end]])
        limited = program.add_linear_constraint(lb=float(totals.lower[row]), ub=float(totals.upper[row]))
        for term in mathopt.as_flat_linear_expression(inside + down[row] - up[row]).terms.items():
            limited.set_coefficient(*term)
    program.minimize(mathopt.fast_sum([*up, *down]))
    found = mathopt.solve(program, mathopt.SolverType.GLOP)
    if found.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        return None
    gap = np.array(found.variable_values(up)) - np.array(found.variable_values(down))
    return np.where(np.abs(gap) > SLACK, gap, 0.0)


def fits(model: Model) -> bool:
    """Say whether some amounts keep all limits of cells and of totals."""
    gap = shortfall(model)
    return gap is not None and not gap.any()
