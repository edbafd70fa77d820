"""Fair odds: quotas that all reps reach with one chance, or with chances as even as group totals allow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ortools.math_opt.python import mathopt
from scipy import special

from optimizer.quotas.laws import ODDS, Law
from scenarios import NoPlanExists

HALVINGS = 120
"""Of the range of odds; enough for any floating point number."""

CLOSE = 1e-9
"""What totals may be missed by, as a share of them all."""

SLACK = 1e-3 * CLOSE
"""What one line may be missed by, so that many lines together stay close."""


@dataclass(frozen=True, eq=False)
class Group:
    """Sellers who are asked for a total together, such as a region, or one product manager's reps.

    Parameters
    ----------
    name
        What people call it.
    members
        True for its sellers, [sellers].
    total
        Money a year.
    """

    name: str
    members: np.ndarray
    total: float


@dataclass(frozen=True, eq=False)
class Odds:
    """Quotas and the chances with which they are reached.

    Parameters
    ----------
    names
        Of the sellers.
    quotas
        Money a year, not yet whole units, [sellers].
    chances
        Of reaching them, [sellers].
    common
        The chance all have whom no floor or ceiling holds; of several groups, the least such chance.
    """

    names: tuple[str, ...]
    quotas: np.ndarray
    chances: np.ndarray
    common: float

    def table(self) -> pd.DataFrame:
        """Give quota and chance by seller; columns quota (money a year) and chance."""
        return pd.DataFrame({"quota": self.quotas, "chance": self.chances}, index=list(self.names))


def equal_odds(
    law: Law, total: float, lower: np.ndarray | None = None, upper: np.ndarray | None = None
) -> Odds:
    """Ask everybody for the amount reached with one common chance, so that all add up to the total.

    q(i) = the amount that i reaches with chance p, cut to the floor and ceiling of i; the sum falls as p
    rises, so that bisection finds the p that meets the total. This is what a rep may call fair: no quota is
    harder than another, whoever has the steadier customers.

    Parameters
    ----------
    total
        Money a year.
    lower, upper
        Floors and ceilings, money, [sellers].

    Raises
    ------
    NoPlanExists
        If floors or ceilings leave no room, or the law knows no such large sales.
    """
    low, high = _limits(law, lower, upper)
    _refuse_no_room(law, low, high, total)

    def asked(odds: float) -> np.ndarray:
        return np.clip(law.at_odds(odds), low, high)

    odds = _largest(lambda t: float(asked(t).sum()) >= total)
    quotas = _meet(asked(odds), np.ones((1, len(low))), np.array([total]), low, high)
    return Odds(law.names, quotas, law.chance(quotas), float(special.expit(odds)))


def fairest_odds(
    law: Law, groups: Sequence[Group], lower: np.ndarray | None = None, upper: np.ndarray | None = None
) -> Odds:
    """Make the least chance as large as group totals allow, then the next least, and so on (leximin).

    Groups may nest or overlap. With sellers asked for at most u(i, p) = what i reaches with chance p, a
    linear program says by how much totals are missed at least. Where they are, its prices y are the reason:
    every p that meets the totals keeps

        sum of y(g) T(g)  <=  sum over i of max( c(i) u(i, p), c(i) floor(i) ),   c(i) = sum of i's y

    so p is lowered to the largest that keeps this one line, and asked again: Newton's method on the
    parametric program (W. Dinkelbach, Management Science 13, 1967). Once totals are met, those with a price
    in the last line can have no better chance whatever the others do; they are settled, and the others go on.

    Parameters
    ----------
    groups
        Whose totals hold exactly; a seller in none of them is asked for the floor.
    lower, upper
        Floors and ceilings, money, [sellers].

    Raises
    ------
    NoPlanExists
        If floors, ceilings and totals clash, or the law knows no such large sales.
    """
    low, high = _limits(law, lower, upper)
    counted = np.array([g.members for g in groups], dtype="float64").reshape(len(groups), len(law.names))
    totals = np.array([g.total for g in groups], dtype="float64")
    free = np.array(counted.any(axis=0))
    settled = np.where(free, 0.0, low)
    common = 1.0
    while free.any():
        least, most = np.where(free, low, settled), np.where(free, high, settled)
        odds, caps, prices = _level(law, counted, totals, least, most, free)
        fixed = free & (prices != 0)
        if not fixed.any():
            settled = np.where(free, caps, settled)
            break
        common = min(common, float(special.expit(odds)))
        settled = np.where(fixed, np.where(prices > 0, caps, low), settled)
        free = free & ~fixed
    quotas = _meet(settled, counted, totals, low, high)
    return Odds(law.names, quotas, law.chance(quotas), common)


def expected_at_quota(law: Law, quotas: np.ndarray) -> float:
    """Give the expected share of sellers who reach their quota, of those with one; nan if nobody has."""
    asked = np.asarray(quotas) > 0
    return float(law.chance(quotas)[asked].mean()) if asked.any() else float("nan")


def _level(
    law: Law, counted: np.ndarray, totals: np.ndarray, low: np.ndarray, high: np.ndarray, free: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Find the largest chance at which totals are met, what may then be asked, and the prices that prove it.

    Where totals are met whatever the chance, no free seller has a price, and what may be asked meets them.
    """
    scale = max(float(totals.sum()), 1e-300)

    def caps(odds: float) -> np.ndarray:
        most = np.clip(law.at_odds(odds), low, high)
        return np.where(free, most, high)

    odds, last = ODDS, np.zeros(len(low))
    for _ in range(HALVINGS):
        asked = caps(odds)
        missed, prices, met = _missed_at_least(counted, totals / scale, low / scale, asked / scale)
        if missed <= CLOSE:
            break
        by_seller = counted.T @ prices
        by_seller = np.where(np.abs(by_seller) > CLOSE, by_seller, 0.0)
        needed = float(prices @ totals) - SLACK * scale

        def kept(t: float, by_seller: np.ndarray = by_seller, needed: float = needed) -> bool:
            worth = np.where(by_seller > 0, by_seller * caps(t), by_seller * low)
            return float(worth[by_seller != 0].sum()) >= needed

        lower = _largest(kept) if kept(-ODDS) else None
        if lower is None:
            reason = "floors, ceilings and totals of groups clash, or sales so large are not known"
            raise NoPlanExists([f"quotas: {reason}"])
        last = by_seller
        if lower >= odds:
            break
        odds = lower
    return odds, asked if last[free].any() else met * scale, last


def _missed_at_least(
    counted: np.ndarray, totals: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Give the least amount by which totals are missed, the price of each total, and what is then asked."""
    program = mathopt.Model()
    asked = [program.add_variable(lb=float(a), ub=float(max(a, b))) for a, b in zip(low, high, strict=True)]
    missed, rows = [], []
    for members, total in zip(counted, totals, strict=True):
        short, over = program.add_variable(lb=0.0), program.add_variable(lb=0.0)
        inside = mathopt.fast_sum(asked[k] for k in np.flatnonzero(members))
        rows.append(program.add_linear_constraint(inside + short - over == float(total)))
        missed += [short, over]
    program.minimize(mathopt.fast_sum(missed))
    found = mathopt.solve(program, mathopt.SolverType.GLOP)
    prices, values = np.array(found.dual_values(rows)), np.array(found.variable_values(asked))
    return found.objective_value(), prices, values


def _limits(law: Law, lower: np.ndarray | None, upper: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    size = len(law.names)
    low = np.zeros(size) if lower is None else np.asarray(lower, dtype="float64")
    high = np.full(size, np.inf) if upper is None else np.asarray(upper, dtype="float64")
    above = [
        f"quotas: the floor of {name} ({a:,.0f}) is above the ceiling ({b:,.0f})"
        for name, a, b in zip(law.names, low, high, strict=True)
        if a > b
    ]
    if above:
        raise NoPlanExists(above)
    return low, high


def _refuse_no_room(law: Law, low: np.ndarray, high: np.ndarray, total: float) -> None:
    reasons = []
    if low.sum() > total * (1 + CLOSE):
        reasons.append(f"quotas: the floors add up to {low.sum():,.0f}, the total is {total:,.0f}")
    if high.sum() < total * (1 - CLOSE):
        reasons.append(f"quotas: the ceilings add up to {high.sum():,.0f}, the total is {total:,.0f}")
    most = float(np.clip(law.at_odds(-ODDS), low, high).sum())
    if not reasons and most < total * (1 - CLOSE):
        reasons.append(
            f"quotas: the total is {total:,.0f}, but sales of {most:,.0f} are the most that is known of"
        )
    if reasons:
        raise NoPlanExists(reasons)


def _largest(kept: Callable[[float], bool]) -> float:
    """Find the largest logarithm of odds that keeps a line, which smaller ones keep as well."""
    low, high = -ODDS, ODDS
    if kept(high):
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if kept(middle) else (low, middle)
    return low


def _meet(
    quotas: np.ndarray, counted: np.ndarray, totals: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Correct what floating point leaves of totals, in proportion to quotas that no limit holds."""
    room = np.where((quotas > low) & (quotas < high), quotas, 0.0)
    missed = totals - counted @ quotas
    price = np.linalg.lstsq((counted * room) @ counted.T, missed, rcond=None)[0]
    met: np.ndarray = quotas + room * (counted.T @ price)
    return met
