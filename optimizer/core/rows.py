"""The core problem as sparse rows: one row a limit, one entry where a pair adds to it. What kernels loop
over.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.core.assignment import Problem
from optimizer.core.certificate import Certificate

BLUR = 1e-9
"""Share of a load by which it may pass a limit here and count as inside: what floating point blurs. A search
can be stricter than a MIP solver, whose answers may be a millionth off.
"""


@dataclass(frozen=True, eq=False)
class Rows:
    """A problem's pairs and limits in arrays, each row scaled so that its amounts are about one.

    Rows stand rep by rep, so that what one pair touches lies together; budgets come last. Rows without any
    limit are left out.

    Parameters
    ----------
    starts
        First pair of each unit, and the number of pairs (units + 1).
    cost, rep
        One entry a pair.
    entries
        First entry of each pair, and the number of entries (pairs + 1).
    row, amount
        One entry where a pair adds to a row: which, and how much in the row's own scale.
    lower, upper, price
        One entry a row, in the row's scale; -inf, inf and inf where there is none.
    scale
        What one unit of a row is in the unit of its measure.
    source, seat
        Which measure (its position; budgets after the last measure) and whose row it is (a rep; -1: a
        budget).
    """

    starts: np.ndarray
    cost: np.ndarray
    rep: np.ndarray
    entries: np.ndarray
    row: np.ndarray
    amount: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    price: np.ndarray
    scale: np.ndarray
    source: np.ndarray
    seat: np.ndarray

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.starts) - 1

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.lower)

    def activity(self, chosen: np.ndarray) -> np.ndarray:
        """Add up every row over the chosen pairs, in the rows' scale."""
        load = np.zeros(self.count)
        first, last = self.entries[chosen], self.entries[chosen + 1]
        length = last - first
        offset = np.repeat(first - np.concatenate(([0], np.cumsum(length)[:-1])), length)
        entry = offset + np.arange(int(length.sum()))
        np.add.at(load, self.row[entry], self.amount[entry])
        return load

    def outside(self, load: np.ndarray) -> np.ndarray:
        """Give by how much each row's load lies outside its limits; what floating point blurs counts as
        inside.
        """
        apart = np.maximum(load - self.upper, 0) + np.maximum(self.lower - load, 0)
        return np.where(apart <= BLUR * np.maximum(np.abs(load), 1.0 / self.scale), 0.0, apart)

    def merit(self, chosen: np.ndarray) -> tuple[float, float]:
        """Give what lies outside hard limits, in the rows' scale, and the cost of the chosen pairs with what
        lies outside soft limits: the less, the better, in this order.
        """
        apart = self.outside(self.activity(chosen))
        hard = np.isinf(self.price)
        cost = float(self.cost[chosen].sum() + (apart[~hard] * self.price[~hard]).sum())
        return float(apart[hard].sum()), cost

    def prices(self, problem: Problem, certificate: Certificate) -> np.ndarray:
        """Give the price of each row (money per scaled unit) from those by measure and budget."""
        dual = np.zeros(self.count)
        for position, measure in enumerate(problem.measures):
            mine = self.source == position
            dual[mine] = certificate.measures[measure.name][self.seat[mine]]
        for position, budget in enumerate(problem.budgets, len(problem.measures)):
            dual[self.source == position] = certificate.budgets[budget.name]
        return dual * self.scale

    def certificate(self, problem: Problem, dual: np.ndarray) -> Certificate:
        """Sort the prices of rows (money per scaled unit) by measure and budget."""
        measures, budgets = {}, {}
        price = dual / self.scale
        for position, measure in enumerate(problem.measures):
            mine = self.source == position
            of_rep = np.zeros(problem.reps)
            of_rep[self.seat[mine]] = price[mine]
            measures[measure.name] = of_rep
        for position, budget in enumerate(problem.budgets, len(problem.measures)):
            budgets[budget.name] = float(price[self.source == position].sum())
        return Certificate(measures, budgets)


def compile_rows(problem: Problem) -> Rows:
    """Write a problem as rows."""
    pairs = len(problem.cost)
    lower, upper, price, source, seat = [], [], [], [], []
    for position, measure in enumerate(problem.measures):
        lower.append(np.asarray(measure.lower, float))
        upper.append(np.asarray(measure.upper, float))
        price.append(np.full(problem.reps, measure.price))
        source.append(np.full(problem.reps, position))
        seat.append(np.arange(problem.reps))
    for position, budget in enumerate(problem.budgets, len(problem.measures)):
        lower.append(np.array([-np.inf]))
        upper.append(np.array([budget.limit]))
        price.append(np.array([budget.price]))
        source.append(np.array([position]))
        seat.append(np.array([-1]))
    if not lower:
        empty = np.zeros(0)
        none = np.zeros(0, dtype=np.int64)
        return Rows(
            problem.starts, problem.cost, problem.rep, np.zeros(pairs + 1, dtype=np.int64),
            none.astype(np.int32), empty, empty, empty, empty, empty, none, none,
        )  # fmt: skip
    limits = [np.concatenate(part) for part in (lower, upper, price, source, seat)]
    all_lower, all_upper, all_price, all_source, all_seat = limits
    limited = np.isfinite(all_lower) | np.isfinite(all_upper)
    limited &= all_price > 0
    order = np.lexsort((all_source, np.where(all_seat < 0, problem.reps, all_seat)))
    order = order[limited[order]]
    number = np.full(len(limited), -1, dtype=np.int64)
    number[order] = np.arange(len(order))

    pair_parts, row_parts, amount_parts = [], [], []

    def add(at: np.ndarray, row: np.ndarray, amount: np.ndarray) -> None:
        kept = (row >= 0) & (amount != 0)
        pair_parts.append(at[kept])
        row_parts.append(row[kept].astype(np.int32))
        amount_parts.append(np.asarray(amount, float)[kept])

    every = np.arange(pairs)
    for position, measure in enumerate(problem.measures):
        add(every, number[position * problem.reps + problem.rep], measure.amount)
        if measure.other is not None and measure.other_amount is not None:
            also = np.flatnonzero(measure.other >= 0)
            add(also, number[position * problem.reps + measure.other[also]], measure.other_amount[also])
    for position, budget in enumerate(problem.budgets):
        row = number[len(problem.measures) * problem.reps + position]
        add(every, np.full(pairs, row), budget.amount)
    pair = np.concatenate(pair_parts)
    sort = np.argsort(pair, kind="stable")
    row = np.concatenate(row_parts)[sort]
    amount = np.concatenate(amount_parts)[sort]
    entries = np.zeros(pairs + 1, dtype=np.int64)
    np.cumsum(np.bincount(pair, minlength=pairs), out=entries[1:])
    scale = _scales(row, amount, len(order))
    return Rows(
        starts=problem.starts,
        cost=np.asarray(problem.cost, float),
        rep=problem.rep,
        entries=entries,
        row=row,
        amount=amount / scale[row],
        lower=all_lower[order] / scale,
        upper=all_upper[order] / scale,
        price=all_price[order] * scale,
        scale=scale,
        source=all_source[order],
        seat=all_seat[order],
    )


def _scales(row: np.ndarray, amount: np.ndarray, count: int) -> np.ndarray:
    total = np.bincount(row, weights=np.abs(amount), minlength=count)
    often = np.bincount(row, minlength=count)
    return np.where(total > 0, total / np.maximum(often, 1), 1.0)
