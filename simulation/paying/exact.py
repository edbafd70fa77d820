"""Exact arithmetic on whole units: amounts are int64 counts of the smallest unit, rates are decimal
fractions.

What is computed is decided in floating point where that leaves no doubt, and with rational numbers where the
result lies so near a half that rounding errors could turn it (the idea of adaptive predicates, Shewchuk
1997).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import InputError, Problem

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]

MILLION = 1_000_000
"""Factors, shares and points are whole millionths."""

NEVER = np.iinfo(np.int64).max
"""A threshold that nothing reaches."""

MOST = 2**53 - 1
"""The largest amount, in smallest units: up to it floating point holds every whole number."""

FITS = 2**62
"""Products below it are multiplied as 64-bit integers."""


def fraction(value: float | Fraction) -> Fraction:
    """Read a decimal number as people wrote it: 0.1 is a tenth."""
    return value if isinstance(value, Fraction) else Fraction(str(value))


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, a half up."""
    return math.floor(value + Fraction(1, 2))


def millionths(value: float) -> int:
    """Give a decimal number in whole millionths."""
    return half_up(fraction(value) * MILLION)


def times(amount: Whole, factor: Whole | int) -> Whole:
    """Multiply amounts by millionths, rounded half up.

    Parameters
    ----------
    amount
        Whole units of either sign.
    factor
        Millionths, >= 0; broadcast.

    Raises
    ------
    InputError
        If a product is more than can be held.
    """
    return part_of(amount, factor, MILLION, MILLION // 2)


def part_of(amount: Whole, parts: Whole | int, whole: Whole | int, rest: Whole | int = 0) -> Whole:
    """Give floor((amount x parts + rest) / whole), exactly; all are broadcast.

    Where the product does not fit into 64 bits, amount is taken apart into quotient and remainder, and where
    even that does not fit, the sum is done with integers of any length.

    Parameters
    ----------
    amount
        Whole units of either sign.
    parts, whole, rest
        parts >= 0, whole > 0, 0 <= rest < whole.

    Raises
    ------
    InputError
        If a result is more than can be held.
    """
    factor, divisor, added = (np.asarray(of) for of in (parts, whole, rest))
    largest, most = _largest(amount), _largest(factor)
    least, divided = int(divisor.min(initial=NEVER)), _largest(divisor)
    found: Whole
    if largest * most + divided < FITS:
        found = (amount * factor + added) // divisor
        found = found if largest * most // least < MOST else held(found)
    elif largest * most // least < FITS and divided * (most + 1) < FITS:
        quotient = amount // divisor
        remainder = amount - quotient * divisor
        found = held(quotient * factor + (remainder * factor + added) // divisor)
    else:
        long = [of.astype(object) for of in (amount, factor, added, divisor)]
        found = held((long[0] * long[1] + long[2]) // long[3])
    return found


def held(amount: NDArray[Any]) -> Whole:
    """Give whole units of any length as 64-bit integers.

    Raises
    ------
    InputError
        If an amount is more than can be held.
    """
    largest = _largest(amount)
    if largest > MOST:
        remedy = f"amounts up to {MOST // 100:,} can be held; state money in a larger unit, such as thousands"
        raise InputError([Problem("pay", f"{largest // 100:,}", remedy)])
    return np.asarray(amount).astype(np.int64)


def _largest(of: NDArray[Any] | int) -> int:
    every = np.asarray(of)
    return max(int(every.max()), -int(every.min())) if every.size else 0


@dataclass(frozen=True)
class Piece:
    """From `start` on, up to the next piece, the value is level + slope x argument.

    Parameters
    ----------
    start
        In whole units; the first piece begins at or below everything.
    level, slope
        Exact.
    """

    start: int
    level: Fraction
    slope: Fraction

    def at(self, x: int) -> Fraction:
        """Give the exact value."""
        return self.level + self.slope * x


@dataclass(frozen=True, eq=False)
class Curves:
    """Piecewise linear functions with jumps, one for each cell of a table, from whole units to whole units.

    Parameters
    ----------
    starts, levels, slopes
        Of pieces, [..., pieces]; where a cell has fewer, the rest start at `NEVER`.
    pieces
        The same exactly, in the order of the flattened cells.
    """

    starts: Whole
    levels: Numbers
    slopes: Numbers
    pieces: tuple[tuple[Piece, ...], ...]

    @classmethod
    def of(cls, cells: Sequence[Sequence[Piece]], shape: tuple[int, ...]) -> "Curves":
        """Put the functions of all cells of a table together, in the order of the flattened cells."""
        most = max((len(cell) for cell in cells), default=1)
        starts = np.full((len(cells), most), NEVER, dtype=np.int64)
        levels, slopes = np.zeros((len(cells), most)), np.zeros((len(cells), most))
        for number, cell in enumerate(cells):
            starts[number, : len(cell)] = [piece.start for piece in cell]
            levels[number, : len(cell)] = [float(piece.level) for piece in cell]
            slopes[number, : len(cell)] = [float(piece.slope) for piece in cell]
        wide = (*shape, most)
        pieces = tuple(map(tuple, cells))
        return cls(starts.reshape(wide), levels.reshape(wide), slopes.reshape(wide), pieces)

    def __call__(self, argument: Whole) -> Whole:
        """Evaluate, rounded half up.

        Parameters
        ----------
        argument
            [..., cells], with any axes in front.
        """
        which, value, size = self.at(argument)
        doubt = 1e-9 + 8 * np.finfo(np.float64).eps * size
        shifted = value + 0.5
        found = held(np.floor(shifted))
        unsure = np.abs(shifted - np.rint(shifted)) <= doubt
        if unsure.any():
            cells = np.broadcast_to(
                np.arange(len(self.pieces)).reshape(self.starts.shape[:-1]), argument.shape
            )
            found[unsure] = [
                half_up(self.pieces[cell][piece].at(int(x)))
                for cell, piece, x in zip(cells[unsure], which[unsure], argument[unsure], strict=True)
            ]
        return found

    def at(self, argument: Whole) -> tuple[NDArray[np.intp], Numbers, Numbers]:
        """Find the piece that holds at arguments, [..., cells], and its value there, about, with the sum of
        the sizes of what was added up.
        """
        which = np.maximum((argument[..., None] >= self.starts).sum(axis=-1) - 1, 0)
        level, slope = (self._picked(table, which) for table in (self.levels, self.slopes))
        return which, level + slope * argument, np.abs(level) + np.abs(slope * argument)

    def _picked(self, table: Numbers, which: NDArray[np.intp]) -> Numbers:
        wide = np.broadcast_to(table, (*which.shape, table.shape[-1]))
        return np.take_along_axis(wide, which[..., None], axis=-1)[..., 0]


def floor_of_sum(curves: Sequence[Curves], arguments: Sequence[Whole], weights: Sequence[Fraction]) -> Whole:
    """Add up weighted curves and round down, once and exactly.

    Parameters
    ----------
    curves
        Of the same cells.
    arguments
        Of each curve, [..., cells].
    weights
        Of each curve, >= 0.
    """
    found = [curve.at(argument) for curve, argument in zip(curves, arguments, strict=True)]
    shares = [float(weight) for weight in weights]
    value: Numbers = sum(
        (share * about for share, (_, about, _) in zip(shares, found, strict=True)), np.zeros(())
    )
    size: Numbers = sum(
        (share * most for share, (_, _, most) in zip(shares, found, strict=True)), np.zeros(())
    )
    floor = np.floor(value).astype(np.int64)
    unsure = np.abs(value - np.rint(value)) <= 1e-9 + 8 * (len(curves) + 1) * np.finfo(np.float64).eps * size
    if unsure.any():
        cells = np.arange(len(curves[0].pieces)).reshape(curves[0].starts.shape[:-1])
        columns = [np.broadcast_to(cells, value.shape)[unsure]]
        for (which, _, _), argument in zip(found, arguments, strict=True):
            columns += [which[unsure], argument[unsure]]
        different, back = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
        floor[unsure] = np.array(_exact_floors(curves, weights, different.tolist()), np.int64)[back.ravel()]
    return floor


def _exact_floors(
    curves: Sequence[Curves], weights: Sequence[Fraction], rows: Sequence[Sequence[int]]
) -> list[int]:
    """Add up weighted curves and round down in whole numbers; rows are cell, then piece and argument of each
    curve.
    """
    known: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    floors = []
    for cell, *places in rows:
        above, below = 0, 1
        for n, (curve, weight) in enumerate(zip(curves, weights, strict=True)):
            which, x = places[2 * n], places[2 * n + 1]
            if (n, cell, which) not in known:
                known[n, cell, which] = _in_whole(curve.pieces[cell][which], weight)
            level, slope, least = known[n, cell, which]
            above, below = above * least + (level + slope * x) * below, below * least
        floors.append(above // below)
    return floors


def _in_whole(piece: Piece, weight: Fraction) -> tuple[int, int, int]:
    """Write a weighted piece over one denominator: level, slope, denominator."""
    level, slope = weight * piece.level, weight * piece.slope
    least = math.lcm(level.denominator, slope.denominator)
    return int(level * least), int(slope * least), least


def ceiling(value: Fraction) -> int:
    """Give the least whole number that is not smaller: where a threshold is reached."""
    return math.ceil(value)


Shape = Callable[[Fraction], Sequence[Piece]]
"""Makes the pieces of a cell from its goal in whole units."""
