"""Curves for all people and periods at once: what a value comes to where each has a goal of its own."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from scenarios.pay_curves import Edge
from simulation.paying import shapes
from simulation.paying.exact import MILLION, Curves, Piece

Cell = tuple[Piece, ...]
Cells = list[list[Fraction]]
"""By person and period."""


def table(
    units: Cells,
    worths: Cells,
    make: Callable[[Fraction, Fraction], Cell],
    unasked: Cell = shapes.NOTHING,
) -> Curves:
    """Make the curve of each person and period from goal and worth; `unasked` of who is asked for nothing."""
    cells = [
        make(unit, whole) if unit > 0 else unasked
        for row, wholes in zip(units, worths, strict=True)
        for unit, whole in zip(row, wholes, strict=True)
    ]
    return Curves.of(cells, (len(units), len(units[0]) if units else 0))


def step_table(
    edges: Sequence[Edge],
    units: Cells,
    worths: Cells,
    *,
    line: bool,
    before: int = 0,
    unasked: Cell = shapes.NOTHING,
) -> Curves:
    """Make the curves of steps, or of straight lines between them; `before` holds below the first."""
    return table(
        units,
        worths,
        lambda unit, whole: shapes.steps(edges, unit, whole, line=line, before=Fraction(before)),
        unasked,
    )


def millions(like: Cells) -> Cells:
    """Give a million for each person and period: one, in millionths."""
    return [[Fraction(MILLION)] * len(row) for row in like]
