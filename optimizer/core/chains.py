"""Long chains of moves that bring a rep's book inside its limits: what one has too much of, or too little,
goes from rep to rep to where there is room.

A shortest path over moves: each disturbs one more rep, who hands the disturbance on with a move that leaves
its own book inside, until a rep can bear it. (Multi-exchange by shortest paths: R. Ahuja, O. Ergun, J. Orlin
and A. Punnen, Discrete Applied Mathematics 123, 2002; here along the reduced costs under the prices of the
bound, so that a chain follows what the relaxation does.)
"""

import numpy as np

from optimizer.core.chain_kernels import shortest_chain
from optimizer.core.rows import BLUR, Rows

MOST_A_REP = 25
"""Moves at each rep from which a chain is followed further, at most: or it would never get far."""

STEP, LEFT = 0.01, 10.0
"""What each further move counts for, in usual stakes: short chains first; and a unit of a row that the first
move leaves outside."""


def chain(
    rows: Rows, reps: np.ndarray, reduced: np.ndarray, chosen: np.ndarray, rep: int, stake: float
) -> np.ndarray | None:
    """Find moves that bring a rep's book inside its hard limits, or nearer, and nobody else's outside.

    Parameters
    ----------
    rows
        The pairs that may be used, maybe those of a part. Only limits of reps are looked at, not budgets.
    reps
        Whose rows these are, sorted: seats by position of the rep.
    reduced
        What each pair costs above its unit's cheapest under the prices, one entry a pair.
    chosen
        The choice of pairs.
    rep
        Position of the rep whose limits it breaks.
    stake
        What a unit usually loses with its second-best rep, money.

    Returns
    -------
    Pairs to choose instead, one for each unit that moves; None where no such chain was found.
    """
    seat = np.where(rows.seat < 0, reps[-1] + 1, rows.seat)
    arriving = np.argsort(rows.rep, kind="stable")
    members = np.argsort(rows.rep[chosen], kind="stable")
    number = np.arange(len(reps) + 1)
    load = rows.activity(chosen)
    hard = np.isinf(rows.price)
    blur = BLUR * np.maximum(np.abs(load), 1.0 / rows.scale)
    moves = shortest_chain(
        rows.starts, rows.rep, rows.entries, rows.row, rows.amount,
        np.where(hard, rows.lower - blur, -np.inf), np.where(hard, rows.upper + blur, np.inf),
        load, np.repeat(np.arange(rows.units), np.diff(rows.starts)), reduced, chosen,
        np.searchsorted(seat, reps), np.searchsorted(seat, reps, side="right"),
        arriving, np.searchsorted(rows.rep[arriving], number),
        members, np.searchsorted(rows.rep[chosen][members], number),
        rep, STEP * stake, LEFT * stake, MOST_A_REP,
    )  # fmt: skip
    return moves if len(moves) else None
