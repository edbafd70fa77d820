"""The most even way to share amounts out, given who may have what: nobody has relatively more than needed."""

import numpy as np
from ortools.math_opt.python import mathopt

from scenarios import NoPlanExists

SETTLED = 1e-9
"""A price above this proves that a share cannot be made smaller."""


def most_even_loads(
    amounts: np.ndarray,
    allowed: np.ndarray,
    base: np.ndarray,
    lower: np.ndarray | None = None,
    upper: np.ndarray | None = None,
) -> np.ndarray:
    """Share amounts out so that the largest ratio load / base is least, then the next largest, and so on.

    The lexicographic minimum is found by linear programs (GLOP): minimize the largest ratio, settle the loads
    whose prices prove that they hold it up, go on with the others. Where no limit binds it also minimizes the
    sum of load^2 / base.

    Parameters
    ----------
    amounts
        What is shared out, by group, [groups].
    allowed
        Who may have part of which group, true or false, [groups, takers].
    base
        Size of each taker, >= 0, [takers]; one of size 0 gets nothing.
    lower, upper
        Limits of loads, [takers].

    Returns
    -------
    Loads, [takers]. A group nobody of any size may have is left out.

    Raises
    ------
    NoPlanExists
        If the limits leave no room.
    """
    takers = len(base)
    low = np.zeros(takers) if lower is None else lower
    high = np.full(takers, np.inf) if upper is None else upper
    may = allowed & (base > 0)
    shared = np.where(may.any(axis=1), amounts, 0.0)
    scale = max(float(shared.sum()), 1e-300)
    loads = np.where(base > 0, np.nan, 0.0)
    while np.isnan(loads).any():
        values, settled = _least_largest_ratio(
            shared / scale, may, base / base.sum(), low / scale, high / scale, loads / scale
        )
        loads[settled] = values[settled] * scale
    return loads


def _least_largest_ratio(
    amounts: np.ndarray,
    may: np.ndarray,
    base: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    known: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Solve one linear program; also say which open loads its prices settle (all, where none is held up)."""
    model = mathopt.Model(name="evenness")
    ratio = model.add_variable(lb=0.0)
    part = {pair: model.add_variable(lb=0.0) for pair in zip(*np.nonzero(may), strict=True)}
    for group, takers in enumerate(may):
        if takers.any():
            model.add_linear_constraint(
                mathopt.fast_sum(part[group, t] for t in np.flatnonzero(takers)) == amounts[group]
            )
    load = [mathopt.fast_sum(part[g, t] for g in np.flatnonzero(may[:, t])) for t in range(len(base))]
    caps = {}
    for taker in np.flatnonzero(base > 0):
        if not np.isnan(known[taker]):
            model.add_linear_constraint(load[taker] <= known[taker] + 1e-12)
            continue
        caps[taker] = model.add_linear_constraint(load[taker] - base[taker] * ratio <= 0.0)
        model.add_linear_constraint(load[taker] >= low[taker])
        if np.isfinite(high[taker]):
            model.add_linear_constraint(load[taker] <= high[taker])
    model.minimize(ratio)
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise NoPlanExists(["amounts cannot be shared out within their limits"])
    values = np.zeros(len(base))
    for (_, taker), variable in part.items():
        values[taker] += result.variable_values(variable)
    prices = result.dual_values()
    settled = np.zeros(len(base), dtype=bool)
    settled[[t for t, cap in caps.items() if abs(prices[cap]) > SETTLED]] = True
    if not settled.any():
        settled[list(caps)] = True
    return values, settled
