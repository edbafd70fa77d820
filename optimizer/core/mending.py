"""Bring a plan that breaks hard limits inside them: by long chains of moves; where none is found, by MIP."""

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

from optimizer.core.assignment import Problem
from optimizer.core.chains import chain
from optimizer.core.guide import Guide
from optimizer.core.neighborhoods import MIP_WORK, around, improve_watched, neighbors
from optimizer.core.parts import divide, part_of
from optimizer.core.stopping import Watch

CHAIN_REPS, CHAIN_CORE = 100, 2.0
"""Reps among which a chain of moves is looked for, and pairs, in shares of those in question; twice as many
after each time in vain."""

NARROW, WIDE = 3, 16
"""Reps of a neighborhood: at first, and at most."""

MOST_VAIN = 20
"""Times in vain around one rep after which we give up."""


def mend(
    problem: Problem, guide: Guide, watch: Watch, chosen: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Take moves that leave less outside hard limits, worst reps first, until nothing is or time is up.

    Around a rep for whom nothing helped, the next neighborhood has more reps and pairs.

    Returns
    -------
    The choice of pairs; it may still break limits.
    """
    rows = guide.rows
    shared = neighbors(rows, guide.reduced <= 4 * guide.core, problem.reps)
    vain = np.zeros(problem.reps, dtype=int)
    outside = _outside(guide, chosen)
    while watch.verdict() is None and outside.any() and vain.max() < MOST_VAIN:
        by_rep = guide.by_rep(outside)
        center = int(np.lexsort((-by_rep, vain, by_rep <= 0))[0])
        tried = int(vain[center])
        watch.work += MIP_WORK
        changed = _hand_on(guide, chosen, center, tried)
        if changed is None or _outside(guide, changed).sum() >= outside.sum():
            keep = guide.reduced <= 2.0**tried * guide.core
            width, loss = min(NARROW + tried, WIDE), by_rep + 0.1 * by_rep.max()
            part = around(rows, keep, chosen, shared, center, width, loss, rng)
            # What breaks a limit by very little is mended only at a high price.
            price = 50 * guide.stake * 10.0 ** min(tried, 4)
            changed = improve_watched(problem, watch, chosen, part, price).chosen
        vain[center] += 1
        left = outside if changed is None else _outside(guide, changed)
        if changed is not None and left.sum() < outside.sum():
            chosen, outside = changed, left
            vain[center] = 0
        watch.tell()
    return chosen


def _outside(guide: Guide, chosen: np.ndarray) -> np.ndarray:
    """Give by how much each row lies outside a hard limit."""
    rows = guide.rows
    return np.where(np.isinf(rows.price), rows.outside(rows.activity(chosen)), 0.0)


def _hand_on(guide: Guide, chosen: np.ndarray, rep: int, vain: int) -> np.ndarray | None:
    """Hand on what a rep has too much or too little of by a chain of moves."""
    near = breadth_first_order(guide.shared, rep, return_predecessors=False)[: CHAIN_REPS << vain]
    keep = guide.reduced <= CHAIN_CORE * 2.0**vain * guide.core
    pieces = divide(guide.rows, guide.unit_of, keep, chosen, [np.sort(near)])
    if not pieces:
        return None
    part = part_of(guide.rows, guide.unit_of, chosen, guide.rows.activity(chosen), pieces[0])
    reps = np.unique(guide.rows.rep[part.pair])
    if rep not in reps:
        return None
    here = int(np.searchsorted(reps, rep))
    moves = chain(part.rows, reps, guide.reduced[part.pair], part.first, here, guide.stake)
    if moves is None:
        return None
    changed = chosen.copy()
    pairs = part.pair[moves]
    changed[guide.unit_of[pairs]] = pairs
    return changed
