"""A bound for problems with a price on unevenness, at any size and proved by prices alone.

Weak duality with Fenchel's conjugate (R. T. Rockafellar, Convex Analysis, 1970, section 31): with prices pi
on the loads that a term looks at, cost + F(load) >= [cost + pi @ load] + min over loads of [F - pi @ load],
and both parts can be worked out for any pi. The linear relaxation that finds good ones is solved by interior
point: a continuous column is written as a unit that is divided between its two ends.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from optimizer.core.assignment import Measure, Problem
from optimizer.core.bound import value_of
from optimizer.core.certificate import Certificate
from optimizer.core.fairness import CURVES, EMPTY, Fairness, linear_form
from optimizer.core.interior_point import relax
from optimizer.core.rows import Rows, compile_rows

TANGENTS = 28
"""Tangents a rep that stand for a curve: the prices only have to be good, the bound does not rest on them."""

FARTHEST = 4.0
"""The most u that the relaxation looks at, for the same reason."""


@dataclass(frozen=True, eq=False)
class FairBound:
    """A proven bound, and where its prices come from.

    Parameters
    ----------
    value
        No choice of pairs that keeps the hard limits costs less, unevenness included.
    certificate
        Prices of the limits.
    prices
        By fairness term: money for one more unit of load, [reps]. They add to the prices of the limits.
    share
        The fraction of each unit that the linear relaxation gives to each of its pairs.
    """

    value: float
    certificate: Certificate
    prices: tuple[np.ndarray, ...]
    share: np.ndarray


def fair_bound(problem: Problem, *, tolerance: float = 1e-5) -> FairBound:
    """Bound a problem with fairness terms by its linear relaxation.

    Parameters
    ----------
    tolerance
        How near to the relaxation's own optimum, as a fraction.
    """
    plain = compile_rows(replace(problem, fairness=()))
    rows, shares = plain, []
    for term in problem.fairness:
        rows, first = _add_term(rows, problem, term)
        shares.append((first, term.share))
    relaxation = relax(rows, tolerance=tolerance)
    price = relaxation.dual / rows.scale
    prices = tuple(
        _within_reach(term, price[first : first + problem.reps] / share)
        for term, (first, share) in zip(problem.fairness, shares, strict=True)
    )
    certificate = plain.certificate(problem, relaxation.dual[: plain.count])
    value = fair_value_of(problem, certificate, prices)
    return FairBound(value, certificate, prices, relaxation.share[: len(problem.cost)])


def fair_value_of(problem: Problem, certificate: Certificate, prices: tuple[np.ndarray, ...]) -> float:
    """Recompute a bound from prices alone; it is true for any prices.

    Parameters
    ----------
    certificate
        Prices of the limits.
    prices
        By fairness term: money for one more unit of load, [reps].
    """
    cost, least = problem.cost.astype(float), 0.0
    for term, price in zip(problem.fairness, prices, strict=True):
        measure = problem.measure(term.measure)
        allowed = _within_reach(term, price)
        cost = cost + amounts_at(problem, measure, allowed)
        least += least_unevenness(term, allowed, *reach(problem, measure))
    return value_of(replace(problem, cost=cost, fairness=()), certificate) + least


def least_unevenness(term: Fairness, price: np.ndarray, least: np.ndarray, most: np.ndarray) -> float:
    """Give the least a term's cost less price @ load can be over loads between `least` and `most`.

    Prices of notions other than curves must be slopes of the term (`_within_reach` makes them so); their
    least is then at u = 1, whatever the loads.
    """
    slope = price * term.share
    if term.notion not in CURVES:
        return -float(slope.sum())
    weight = term.price * term._curve_weights()
    low, high = least / term.share, most / term.share
    if not term.price:
        return -float(np.where(slope > 0, slope * high, slope * low).sum())
    part = slope / weight
    if term.notion == "jain":
        at = 1 + part / 2
    else:
        alpha = term.eta if term.notion == "response" else term.alpha
        root = np.exp(np.minimum(-np.log(np.maximum(1 - part, 1e-300)) / alpha, 700.0))
        at = np.where(part < 1, root, high)
        at = np.where(part < 1 - EMPTY**-alpha, low, at)
    at = np.clip(at, low, high)
    return float((weight * term._curve(at)[0] - slope * at).sum())


def _within_reach(term: Fairness, price: np.ndarray) -> np.ndarray:
    """Cut prices back to slopes of the term, where others prove nothing: to the polar of its unit ball."""
    slope, n = price * term.share, len(price)
    if term.notion in CURVES:
        return price
    if term.notion == "mean deviation":
        return np.clip(slope, -term.price / n, term.price / n) / term.share
    if term.notion in ("range", "gini"):
        slope = slope - slope.mean()
    if term.notion == "gini":
        ordered, weights = np.sort(slope)[::-1], np.arange(n - 1, -n, -2) / n**2
    else:
        ordered = np.sort(np.abs(slope))[::-1]
        weights = (
            term._owa_weights() if term.notion == "owa" else np.eye(1, n)[0] * (1 + (term.notion == "range"))
        )
    # Slopes are what is majorized by the weights (Marshall, Olkin, Arnold, Inequalities, 2011, chapter 4).
    have, may = np.cumsum(ordered), np.cumsum(weights) * term.price
    over = have > may
    if not over.any():
        return slope / term.share
    if (may[over] <= 0).any():
        return _cut(slope, ordered, may) / term.share
    return slope / (have[over] / may[over]).max() / term.share


def _cut(slope: np.ndarray, ordered: np.ndarray, may: np.ndarray) -> np.ndarray:
    """Where nothing may be asked in all (or rounding says so), ask nothing."""
    noise = 1e-9 * max(np.abs(ordered).max(initial=0.0), 1e-300)
    have = np.cumsum(ordered)
    if (have <= may + noise * len(slope)).all():
        return slope * (1 - 1e-9)
    return np.zeros(len(slope))


def reach(problem: Problem, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    """Bound from both sides what a rep's load can be, whatever is chosen, [reps] each."""
    low = np.bincount(problem.rep, np.minimum(measure.amount, 0.0), problem.reps)
    high = np.bincount(problem.rep, np.maximum(measure.amount, 0.0), problem.reps)
    if measure.other is not None and measure.other_amount is not None:
        also = np.flatnonzero(measure.other >= 0)
        low += np.bincount(measure.other[also], np.minimum(measure.other_amount[also], 0.0), problem.reps)
        high += np.bincount(measure.other[also], np.maximum(measure.other_amount[also], 0.0), problem.reps)
    return low, high


def amounts_at(problem: Problem, measure: Measure, factor: np.ndarray) -> np.ndarray:
    """Give what each pair adds to factor @ load, one entry a pair."""
    value = factor[problem.rep] * measure.amount
    if measure.other is not None and measure.other_amount is not None:
        also = measure.other >= 0
        value[also] += factor[measure.other[also]] * measure.other_amount[also]
    return value


def shared_loads(problem: Problem, measure: Measure, share: np.ndarray) -> np.ndarray:
    """Add up a measure by rep where each pair has a fraction of its unit."""
    load = np.bincount(problem.rep, measure.amount * share, problem.reps)
    if measure.other is not None and measure.other_amount is not None:
        also = np.flatnonzero(measure.other >= 0)
        load = load + np.bincount(measure.other[also], measure.other_amount[also] * share[also], problem.reps)
    return load


def _add_term(rows: Rows, problem: Problem, term: Fairness) -> tuple[Rows, int]:
    """Add a term's columns as divided units and its rows; tell the number of its first row, that of rep 0."""
    measure = problem.measure(term.measure)
    least, most = reach(problem, measure)
    most = np.maximum(np.minimum(most, FARTHEST * term.share), 1e-3 * term.share)
    form = linear_form(term, np.maximum(np.minimum(least, 0.0), -FARTHEST * term.share), most, TANGENTS)
    width = form.upper - form.lower
    load_row = np.arange(problem.reps)
    # The pairs of a column's unit: at its lower end, with nothing of its own, and at its upper end.
    at_top = sparse.coo_array(form.on_column * width[None, :])
    shift = form.on_column @ form.lower
    pair, to, amount = (
        [np.arange(len(problem.cost))],
        [load_row[problem.rep]],
        [measure.amount / term.share[problem.rep]],
    )
    if measure.other is not None and measure.other_amount is not None:
        also = np.flatnonzero(measure.other >= 0)
        pair.append(also)
        to.append(load_row[measure.other[also]])
        amount.append(measure.other_amount[also] / term.share[measure.other[also]])
    pair.append(len(rows.cost) + 2 * at_top.col + 1)
    to.append(at_top.row)
    amount.append(at_top.data)
    grown = _grow(
        rows, form.cost * width, np.concatenate(pair), np.concatenate(to), np.concatenate(amount),
        form.row_lower - shift, form.row_upper - shift,
    )  # fmt: skip
    return grown, rows.count


def _grow(
    rows: Rows, top_cost: np.ndarray, pair: np.ndarray, row: np.ndarray, amount: np.ndarray,
    lower: np.ndarray, upper: np.ndarray,
) -> Rows:  # fmt: skip
    """Add units of two pairs (the second at a cost), and rows with entries on any pairs."""
    count, columns = len(lower), len(top_cost)
    kept = amount != 0
    pair, row, amount = pair[kept], row[kept], amount[kept]
    often = np.maximum(np.bincount(row, minlength=count), 1)
    scale = np.bincount(row, np.abs(amount), count) / often
    scale = np.where(scale > 0, scale, 1.0)
    old = np.repeat(np.arange(len(rows.cost)), np.diff(rows.entries))
    every = np.concatenate((old, pair))
    sort = np.argsort(every, kind="stable")
    pairs = len(rows.cost) + 2 * columns
    entries = np.zeros(pairs + 1, dtype=np.int64)
    np.cumsum(np.bincount(every, minlength=pairs), out=entries[1:])
    none, hard = np.full(count, -1), np.full(count, np.inf)
    return Rows(
        starts=np.concatenate((rows.starts, rows.starts[-1] + 2 * np.arange(1, columns + 1))),
        cost=np.concatenate((rows.cost, np.stack((0 * top_cost, top_cost), axis=1).ravel())),
        rep=np.concatenate((rows.rep, np.zeros(2 * columns, dtype=rows.rep.dtype))),
        entries=entries,
        row=np.concatenate((rows.row, (row + rows.count).astype(rows.row.dtype)))[sort].astype(np.int32),
        amount=np.concatenate((rows.amount, amount / scale[row]))[sort],
        lower=np.concatenate((rows.lower, lower / scale)),
        upper=np.concatenate((rows.upper, upper / scale)),
        price=np.concatenate((rows.price, hard)),
        scale=np.concatenate((rows.scale, scale)),
        source=np.concatenate((rows.source, none)),
        seat=np.concatenate((rows.seat, none)),
    )
