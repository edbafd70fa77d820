"""Whole rounding units that meet every total exactly: controlled rounding.

Cells that count in the same totals are alike, so first each class gets a whole sum, a small integer program
that has a solution by rounding alone where totals nest; then each person's part of it, then each cell, by
largest remainder. Where overlapping totals cannot all be met by rounding up or down (a table cut in three
ways: L. Cox, J. American Statistical Association 82, 1987), classes may move further, as little as possible.
"""

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy import sparse

from optimizer.quotas.departure import Model

NEAR = 1e-3
"""Units: what a sum may be off a whole number for floating point alone."""

WIDEST = 64
"""Units by which the sum of a class may move."""


class NotWhole(Exception):
    """No whole amounts meet all totals."""


def whole_units(model: Model, amounts: np.ndarray) -> np.ndarray:
    """Round amounts so that every total of the model is met exactly.

    Parameters
    ----------
    amounts
        Units that meet the totals of the model, not yet whole, [people, lines, periods]. Limits of cells and
        of totals are whole.

    Returns
    -------
    Whole units, int64, same shape. A cell is rounded up or down wherever that can meet all totals.

    Raises
    ------
    NotWhole
        If there are none.
    """
    totals, people = model.totals, amounts.shape[0]
    low, high = model.lower.ravel(), np.where(model.baseline > 0, model.upper, model.lower).ravel()
    flat = np.clip(amounts.ravel(), low, high)
    by_class = [_added(part, totals.class_of, totals.matrix.shape[1]) for part in (flat, low, high)]
    wholes = _whole_sums(totals.matrix, totals.lower, totals.upper, *by_class)
    person = np.repeat(np.arange(people), flat.size // max(people, 1))
    parts, part_of = np.unique(totals.class_of * people + person, return_inverse=True)
    by_person = [_added(part, part_of, len(parts)) for part in (flat, low, high)]
    whole_parts = _carried(by_person, parts // people, parts % people, wholes)
    return largest_remainder(flat, part_of, whole_parts, low, high).reshape(amounts.shape)


def _added(parts: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    return np.bincount(group, parts, minlength=groups)


def largest_remainder(
    parts: np.ndarray, group: np.ndarray, totals: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray:
    """Round parts so that each group adds up to its whole total (Hamilton's method, group by group).

    Parameters
    ----------
    parts
        >= 0, [n].
    group
        Group of each part, [n].
    totals
        Whole total of each group, [groups].
    lower, upper
        Whole limits of each part, [n].

    Returns
    -------
    Whole parts, int64.
    """
    found = np.floor(parts + 1e-9)
    for _ in range(2 * WIDEST):
        left = np.rint(totals - np.bincount(group, found, minlength=len(totals)))
        if not left.any():
            break
        step = np.sign(left)[group]
        able = np.flatnonzero(((step > 0) & (found + 1 <= upper)) | ((step < 0) & (found - 1 >= lower)))
        order = able[np.lexsort(((found - parts)[able] * step[able], group[able]))]
        rank = np.arange(len(order)) - np.searchsorted(group[order], group[order])
        found[order] += np.where(rank < np.abs(left)[group[order]], step[order], 0)
    return found.astype(np.int64)


def _carried(
    by_person: list[np.ndarray], group: np.ndarray, person: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """Round each person's part of every class; what one rounding gives too little, a later one makes up for.

    A class's units that are left go to those with the largest remainder and what rounding owes them from the
    classes before, so that a person's sum over classes stays near its own, too.
    """
    parts, lower, upper = by_person
    found = np.floor(parts + 1e-9)
    left = np.rint(totals - np.bincount(group, found, minlength=len(totals))).astype(int)
    rest = parts - found
    begins = np.searchsorted(group, np.arange(len(totals) + 1))
    owed = np.zeros(int(person.max(initial=-1)) + 1)
    for kind in range(len(totals)):
        here = slice(begins[kind], begins[kind + 1])
        who, fraction = person[here], rest[here]
        if left[kind] > 0:
            able = np.flatnonzero((fraction > 1e-9) & (found[here] + 1 <= upper[here]))
            wished = (fraction + owed[who])[able]
            chosen = able[np.argsort(-wished, kind="stable")[: left[kind]]]
            found[here.start + chosen] += 1
        owed[who] += parts[here] - found[here]
    return largest_remainder(found, group, totals, lower, upper)


def _whole_sums(
    matrix: sparse.csr_matrix,
    lower: np.ndarray,
    upper: np.ndarray,
    sums: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
) -> np.ndarray:
    """Give each class a whole sum near its own so that every row's limits are kept."""
    low = np.where(np.isfinite(lower), np.ceil(lower - NEAR), lower)
    high = np.where(np.isfinite(upper), np.floor(upper + NEAR), upper)
    near = np.rint(sums)
    if _kept(matrix @ near, low, high):
        return near
    floor = np.floor(sums + NEAR)
    counted = np.asarray(matrix.sum(axis=0)).ravel() > 0
    floor = np.where(counted, floor, near)
    for reach in (0, 1, 4, 16, WIDEST):
        free = np.flatnonzero(counted & ((sums - floor > NEAR) if reach == 0 else (most > least)))
        steps = _steps(
            matrix[:, free],
            (low - matrix @ floor, high - matrix @ floor),
            (sums - floor)[free],
            (np.maximum(least - floor, -reach)[free], np.minimum(most - floor, 1 + reach)[free]),
            reach,
        )
        if steps is not None:
            floor[free] += steps
            return floor
    raise NotWhole


def _kept(sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
    return bool(((sums >= low - NEAR) & (sums <= high + NEAR)).all())


def _steps(
    matrix: sparse.csr_matrix,
    limits: tuple[np.ndarray, np.ndarray],
    fraction: np.ndarray,
    room: tuple[np.ndarray, np.ndarray],
    reach: int,
) -> np.ndarray | None:
    """Find whole steps of classes from their floors within their room; None if there are none.

    The program is one of network flows where totals nest in two ways: then the relaxation is whole, and no
    integer program needs to be solved.
    """
    for solver in (mathopt.SolverType.GLOP, mathopt.SolverType.HIGHS):
        whole = solver is mathopt.SolverType.HIGHS
        program = _program(matrix, limits, fraction, room, near=reach == 0, whole=whole)
        found = mathopt.solve(program, solver)
        if found.termination.reason is mathopt.TerminationReason.INFEASIBLE:
            return None
        if not found.has_primal_feasible_solution():
            continue
        steps = np.array(found.variable_values(list(program.variables())))[: len(fraction)]
        if (np.abs(steps - np.rint(steps)) < NEAR).all():
            return np.rint(steps)
    return None


def _program(
    matrix: sparse.csr_matrix,
    limits: tuple[np.ndarray, np.ndarray],
    fraction: np.ndarray,
    room: tuple[np.ndarray, np.ndarray],
    *,
    near: bool,
    whole: bool,
) -> mathopt.Model:
    """State which steps are allowed and how far they are from the fractions they round.

    Where steps are 0 or 1 (`near`), that distance is linear; else each has one more variable, which two more
    rows hold above it.
    """
    count = len(fraction)
    (lower, upper), (least, most) = (np.rint(limit) for limit in limits), room
    cost, none = 1 - 2 * fraction, np.full(count, np.inf)
    if not near:
        each = sparse.identity(count)
        matrix = sparse.bmat([[matrix, None], [-each, each], [each, each]])
        lower, upper = np.concatenate([lower, -fraction, fraction]), np.concatenate([upper, none, none])
        least, most = np.concatenate([least, np.zeros(count)]), np.concatenate([most, none])
        cost = np.concatenate([np.zeros(count), np.ones(count)])
    entries = sparse.coo_matrix(matrix)
    proto = model_pb2.ModelProto(name="steps")
    proto.variables.ids.extend(range(len(cost)))
    proto.variables.lower_bounds.extend(least)
    proto.variables.upper_bounds.extend(most)
    proto.variables.integers.extend([whole] * count + [False] * (len(cost) - count))
    proto.objective.linear_coefficients.ids.extend(range(len(cost)))
    proto.objective.linear_coefficients.values.extend(cost)
    proto.linear_constraints.ids.extend(range(len(lower)))
    proto.linear_constraints.lower_bounds.extend(lower)
    proto.linear_constraints.upper_bounds.extend(upper)
    order = np.lexsort((entries.col, entries.row))
    proto.linear_constraint_matrix.row_ids.extend(entries.row[order])
    proto.linear_constraint_matrix.column_ids.extend(entries.col[order])
    proto.linear_constraint_matrix.coefficients.extend(entries.data[order])
    return mathopt.Model.from_model_proto(proto)
