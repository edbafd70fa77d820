"""The curves of a scheme's elements, from what was credited to units of worth, for a goal.

Attainment a is value / goal. Where the element has a worth w, tiers pay w x (integral of the rates up to a),
or w x rate(a) x a where they are retroactive; without a worth, rates are shares of the value itself.
"""

import itertools
from collections.abc import Sequence
from fractions import Fraction

from scenarios.pay_curves import Edge, Tier
from simulation.paying.exact import NEVER, Piece, ceiling, fraction

LOWEST = -(2**62)
"""Where the first piece begins: below every value."""
NOTHING = (Piece(LOWEST, Fraction(0), Fraction(0)),)


def tiers(
    steps: Sequence[Tier],
    unit: Fraction,
    per_unit: Fraction,
    cap: float | None,
    *,
    retroactive: bool,
) -> tuple[Piece, ...]:
    """Make the pieces of a commission.

    Parameters
    ----------
    steps
        The tiers.
    unit
        What 1 of the tiers' edges is in whole units of the value: the goal for attainment, a smallest unit's
        worth of money for amounts; > 0.
    per_unit
        Pay, in cents, for a whole unit of the value at rate 1.
    cap
        Edge beyond which nothing more is earned.
    retroactive
        Whether a rate holds from the first unit on.
    """
    made = [Piece(LOWEST, Fraction(0), Fraction(0))]
    earned, ended = Fraction(0), None if cap is None else fraction(cap) * unit
    ends = [fraction(tier.at) * unit for tier in steps[1:]]
    for tier, end in zip(steps, [*ends, None], strict=True):
        start = fraction(tier.at) * unit
        if ended is not None and start >= ended:
            break
        slope = fraction(tier.rate) * per_unit
        level = Fraction(0) if retroactive else earned - slope * start
        made.append(Piece(max(ceiling(start), 0), level, slope))
        if ended is not None and (end is None or end >= ended):
            made.append(Piece(ceiling(ended), level + slope * ended, Fraction(0)))
            break
        if end is not None:
            earned += slope * (end - start)
    return _clean(made)


def steps(
    edges: Sequence[Edge], unit: Fraction, worth: Fraction, *, line: bool, before: Fraction
) -> tuple[Piece, ...]:
    """Make the pieces of a step function, or of a straight line through the steps.

    Parameters
    ----------
    edges
        The steps, all `at` or all `up_to`.
    unit
        What 1 of their edges is in whole units of the value.
    worth
        What 1 of their values is in the result.
    line
        Whether values between steps lie on a line.
    before
        What holds below the first `at`; beyond the last `up_to` nothing does (its value is `before` as well).
    """
    if not edges:
        raise ValueError("a step function needs steps")
    if edges[0].at is None:
        made = [Piece(LOWEST, fraction(edges[0].value) * worth, Fraction(0))]
        values = [fraction(edge.value) * worth for edge in edges[1:]] + [before * worth]
        for edge, value in zip(edges, values, strict=True):
            made.append(Piece(int(fraction(edge.edge) * unit // 1) + 1, value, Fraction(0)))
        return _clean(made)
    made = [Piece(LOWEST, before * worth, Fraction(0))]
    for edge, after in itertools.zip_longest(edges, edges[1:]):
        start, value = fraction(edge.edge) * unit, fraction(edge.value) * worth
        if line and after is not None:
            slope = (fraction(after.value) * worth - value) / (fraction(after.edge) * unit - start)
            made.append(Piece(ceiling(start), value - slope * start, slope))
        else:
            made.append(Piece(ceiling(start), value, Fraction(0)))
    return _clean(made)


def straight(unit: Fraction, worth: Fraction, most: float | None) -> tuple[Piece, ...]:
    """Make the pieces of value / unit x worth, from 0 up to `most` units."""
    made = [Piece(LOWEST, Fraction(0), Fraction(0)), Piece(0, Fraction(0), worth / unit)]
    if most is not None:
        made.append(Piece(ceiling(fraction(most) * unit), fraction(most) * worth, Fraction(0)))
    return _clean(made)


def _clean(made: Sequence[Piece]) -> tuple[Piece, ...]:
    """Drop pieces that another one covers from its start on, or that no value reaches."""
    kept: list[Piece] = []
    for piece in made:
        if piece.start >= NEVER:
            continue
        if kept and kept[-1].start >= piece.start:
            kept.pop()
        kept.append(piece)
    return tuple(kept)
