"""The bound: no choice of pairs that keeps the hard limits costs less. Prices prove it, not the solver's
word.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.core.assignment import Problem, only
from optimizer.core.books import compile_books
from optimizer.core.certificate import Certificate
from optimizer.core.interior_point import Relaxation, lagrangian, relax
from optimizer.core.kernels import activity
from optimizer.core.rows import Rows, compile_rows

EXACT = 1e-6
"""Fraction of the bound up to which `lower_bound` goes on."""

IMPOSSIBLE = 1e-5
"""Share of what a row's pairs add on average by which limits must be passed before we call them
contradictory."""

HELD = 1e-3
"""Share of a load by which a relaxation solved so far may pass a hard limit."""

FLOATING = 1e-12
"""Share of all that is added up by which sums may be off: taken off a bound that other prices lift."""


DENSE, MANY = 30, 50_000
"""Pairs a unit, and in all, beyond which the relaxation begins with some of them."""

COLUMNS, MOST_ROUNDS = 15, 8
"""Pairs of a unit that it begins with and that the first round adds at most, each round twice as many as the
one before; and how many rounds."""


@dataclass(frozen=True, eq=False)
class Bound:
    """A proven bound.

    Parameters
    ----------
    value
        No choice of pairs that keeps the hard limits costs less.
    certificate
        The prices that prove it.
    share
        The fraction of each unit that the linear relaxation gives to each of its pairs, one entry a pair.
    """

    value: float
    certificate: Certificate
    share: np.ndarray


def lower_bound(
    problem: Problem,
    *,
    tolerance: float = EXACT,
    progress: Callable[[float], None] | None = None,
) -> Bound:
    """Bound a problem by its linear relaxation.

    Parameters
    ----------
    tolerance
        How near to the relaxation's own optimum, as a fraction.
    progress
        Told the best bound so far after each step.
    """
    if len(problem.cost) > max(DENSE * problem.units, MANY) and not problem.fairness:
        return _of_dense(problem, tolerance, progress)
    return _of_all(problem, tolerance, progress)


def _of_all(problem: Problem, tolerance: float, progress: Callable[[float], None] | None) -> Bound:
    rows = compile_rows(problem)
    relaxation = relax(rows, tolerance=tolerance, progress=progress)
    return Bound(relaxation.bound, rows.certificate(problem, relaxation.dual), relaxation.share)


def _of_dense(problem: Problem, tolerance: float, progress: Callable[[float], None] | None) -> Bound:
    """Solve the relaxation with few pairs of each unit, then with those that its prices say are missing.

    Column generation: work grows with the square of the pairs of a unit, and most pairs matter to no plan.
    The bound is that of the prices over all pairs.
    """
    keep = _cheapest(problem, problem.cost, COLUMNS)
    best: Bound | None = None
    for turn in range(MOST_ROUNDS):
        some = only(problem, keep)
        rows = compile_rows(some)
        relaxation = relax(rows, tolerance=tolerance)
        certificate = rows.certificate(some, relaxation.dual)
        value = value_of(problem, certificate)
        if best is None or value > best.value:
            share = np.zeros(len(problem.cost))
            share[keep] = relaxation.share
            best = Bound(value, certificate, share)
        if progress is not None:
            progress(best.value)
        price = priced(problem, certificate)
        least = np.minimum.reduceat(np.where(keep, price, np.inf), problem.starts[:-1])
        if not _holds(rows, relaxation.share):
            # Those few pairs leave no room; which others would, the prices do not say.
            keep |= _cheapest(problem, price, COLUMNS << turn + 1)
            continue
        missing = price < least[problem.unit] - tolerance * max(abs(relaxation.bound), 1e-9) / problem.units
        if value >= relaxation.bound - 2 * tolerance * abs(relaxation.bound) or not missing.any():
            return best
        keep |= missing & _cheapest(problem, price, COLUMNS << turn)
    return _of_all(problem, tolerance, progress)


def _holds(rows: Rows, share: np.ndarray) -> bool:
    """Say whether shares of pairs keep the hard limits."""
    load = activity(rows.entries, rows.row, rows.amount, share, rows.count)
    outside = np.maximum(load - rows.upper, 0.0) + np.maximum(rows.lower - load, 0.0)
    return bool(
        (outside[np.isinf(rows.price)] <= HELD * np.maximum(np.abs(load[np.isinf(rows.price)]), 1.0)).all()
    )


def _cheapest(problem: Problem, price: np.ndarray, count: int) -> np.ndarray:
    """Say which pairs are among the cheapest of their unit."""
    order = np.lexsort((price, problem.unit))
    rank = np.empty(len(price), dtype=np.int64)
    rank[order] = np.arange(len(price)) - problem.starts[:-1][problem.unit[order]]
    return rank < count


def priced(problem: Problem, certificate: Certificate) -> np.ndarray:
    """Give each pair's cost with what it takes of limits at their prices, money, one entry a pair."""
    price = problem.cost.astype(float)
    for measure in problem.measures:
        of_rep = certificate.measures[measure.name]
        price = price + of_rep[problem.rep] * measure.amount
        if measure.other is not None and measure.other_amount is not None:
            also = measure.other >= 0
            price[also] += of_rep[measure.other[also]] * measure.other_amount[also]
    for budget in problem.budgets:
        price = price + certificate.budgets[budget.name] * budget.amount
    return price


def holds(problem: Problem, bound: Bound) -> bool:
    """Say whether the relaxation's shares keep the hard limits, about; if not, maybe nothing does."""
    return _holds(compile_rows(problem), bound.share)


def value_of(problem: Problem, certificate: Certificate) -> float:
    """Recompute a bound from prices alone; fairness counts with the least it can be.

    Prices of the wrong sign, beyond a soft limit's price, or on limits that do not exist are cut back, so
    that the answer is a true bound for any prices. With prices of units every rep's best book is found anew,
    exactly; where the measure they name has no such books (`optimizer.core.books`), they are left aside.
    """
    units = certificate.units
    books = None if units is None else compile_books(problem, problem.measure(units.measure))
    reduced = problem.cost.astype(float)
    limits = 0.0
    for measure in problem.measures:
        if books is not None and measure.name == books.measure:
            continue
        price = np.asarray(certificate.measures[measure.name], float)
        price = np.clip(price, -measure.price, measure.price)
        price = np.where(np.isfinite(measure.upper), price, np.minimum(price, 0.0))
        price = np.where(np.isfinite(measure.lower), price, np.maximum(price, 0.0))
        reduced = reduced + price[problem.rep] * measure.amount
        if measure.other is not None and measure.other_amount is not None:
            also = measure.other >= 0
            reduced[also] += price[measure.other[also]] * measure.other_amount[also]
        limits += float(np.sum(price[price > 0] * measure.upper[price > 0]))
        limits += float(np.sum(price[price < 0] * measure.lower[price < 0]))
    for budget in problem.budgets:
        of_budget = min(max(float(certificate.budgets[budget.name]), 0.0), budget.price)
        reduced = reduced + of_budget * budget.amount
        limits += of_budget * budget.limit if of_budget > 0 else 0.0
    least = -limits + sum(fair.least() for fair in problem.fairness)
    if problem.units == 0:
        return float(least)
    if units is None or books is None:
        return float(least + np.minimum.reduceat(reduced, problem.starts[:-1]).sum())
    worth = units.price[problem.unit] - reduced
    blur = FLOATING * float(np.abs(units.price).sum() + np.abs(worth).sum())
    return float(least + units.price.sum() - books.best(worth).worth - blur)


def contradicts(rows: Rows, *, soon: bool = False) -> Relaxation | None:
    """Say whether the hard limits cannot hold together, even if customers could be divided.

    Parameters
    ----------
    soon
        Stop as soon as that is proved; prices are then those of some proof, not of the plainest one.

    Returns
    -------
    The relaxation whose prices prove it (the least that limits must be passed by, each in its row's scale, is
    above zero), or None where nothing is proved.
    """
    hard = np.isinf(rows.price)
    if not hard.any():
        return None
    only = replace(
        rows, cost=np.zeros(len(rows.cost)), price=np.where(hard, 1.0, 0.0),
        lower=np.where(hard, rows.lower, -np.inf), upper=np.where(hard, rows.upper, np.inf),
    )  # fmt: skip

    relaxation = relax(only, enough=IMPOSSIBLE if soon else np.inf)
    return relaxation if lagrangian(only, relaxation.dual) > IMPOSSIBLE else None
