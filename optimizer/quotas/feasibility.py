"""Whether limits on totals can be kept together, and how far they are from it: linear programs.

They are given to HiGHS as arrays: built term by term, a large one takes longer to state than to solve.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from optimizer.quotas.departure import Model

SLACK = 0.5
"""Units that a clash has to exceed; less is floating point."""

NEAR = 1e-5
"""Units by which every limit of a total may be missed for floating point alone."""


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
    rows = model.totals.matrix.shape[0]
    gives = np.ones(rows, dtype=bool) if give is None else give
    given = _solved(model, np.flatnonzero(gives), 0.0)
    if given is None:
        return None
    gap = np.zeros(rows)
    gap[gives] = given[: gives.sum()] - given[gives.sum() :]
    return np.where(np.abs(gap) > SLACK, gap, 0.0)


def fits(model: Model) -> bool:
    """Say whether some amounts keep all limits of cells and of totals."""
    return _solved(model, np.zeros(0, dtype=np.int64), NEAR) is not None


def _solved(model: Model, give: np.ndarray, near: float) -> np.ndarray | None:
    """Give the least that some rows go beyond their limits and stay below them, [2 x rows]; None: too little.

    The program has a variable for the sum of every class of cells, and two for each row that may give.
    """
    totals = model.totals
    rows, classes = totals.matrix.shape
    most = np.where(model.baseline > 0, model.upper, model.lower).ravel()
    low = np.bincount(totals.class_of, model.lower.ravel(), minlength=classes)
    high = np.bincount(totals.class_of, most, minlength=classes)
    each, none = sparse.identity(rows, format="csc")[:, give], np.zeros(2 * len(give))
    found = milp(
        np.concatenate([np.zeros(classes), none + 1]),
        bounds=Bounds(np.concatenate([low, none]), np.concatenate([high, none + np.inf])),
        constraints=LinearConstraint(
            sparse.hstack([totals.matrix, -each, each], format="csc"),
            totals.lower - near,
            totals.upper + near,
        ),
    )
    if found.status != 0:
        return None
    given: np.ndarray = found.x[classes:]
    return given
