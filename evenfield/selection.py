"""Which of several alternatives is best: ranking and selection by paired years, with a proven chance to be
right.

The procedure is KN of Kim and Nelson (2001, ACM Transactions on Modeling and Computer Simulation 11), which
allows common random numbers: after n0 years the variance of every pairwise difference is estimated; then,
year by year, whoever has fallen so far behind another that chance would not explain it is dropped, until one
is left. With normal years it keeps the best, if that is ahead of the others by the indifference amount or
more, with at least the probability asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Draw = Callable[[list[int], int], Numbers]
"""Gives the first so many years of some alternatives, [years, alternatives]."""


@dataclass(frozen=True, eq=False)
class Selection:
    """What a selection found.

    Parameters
    ----------
    left
        Positions of the alternatives still in the running; one, unless the years ran out.
    years
        Years that each was simulated.
    means
        Mean of each over its years.
    indifference
        Amount within which it does not matter which is taken.
    decided
        Whether one is left.
    same
        Those dropped because they did in every first year exactly what another did, and which that is.
    """

    left: tuple[int, ...]
    years: tuple[int, ...]
    means: tuple[float, ...]
    indifference: float
    decided: bool
    same: Mapping[int, int] = field(default_factory=dict)

    @property
    def best(self) -> int:
        """The one left; of several, the one with the highest mean."""
        return max(self.left, key=lambda k: self.means[k])


def eta(alternatives: int, first: int, alpha: float) -> float:
    """Give KN's constant, ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2."""
    return ((2 * alpha / (alternatives - 1)) ** (-2 / (first - 1)) - 1) / 2


def select_best(
    draw: Draw,
    alternatives: int,
    indifference: float,
    *,
    alpha: float = 0.05,
    first: int = 32,
    step: int = 32,
    most: int = 3200,
) -> Selection:
    """Find the alternative with the highest mean.

    Of alternatives that do the same in every first year only the first stays in the running.

    Parameters
    ----------
    draw
        Simulates; year n of all alternatives has the same luck.
    alternatives
        How many, >= 1.
    indifference
        Smallest difference worth finding, > 0.
    alpha
        Largest chance to drop the best.
    first
        Years before anything is dropped, >= 2.
    step
        Years that are simulated at a time; each of them is looked at.
    most
        Years after which it ends undecided.
    """
    left = list(range(alternatives))
    same: dict[int, int] = {}
    seen: dict[int, Numbers] = {k: draw([k], first)[:, 0] for k in left} if alternatives == 1 else {}
    if alternatives > 1:
        table = draw(left, first)
        seen = {k: table[:, n] for n, k in enumerate(left)}
        same = _same(table)
        left = [k for k in left if k not in same]
        h2 = 2 * eta(alternatives, first, alpha) * (first - 1)
        variance = {(i, j): float(np.var(seen[i] - seen[j], ddof=1)) for i in left for j in left if i < j}
        count = first
        while True:
            left = _survivors(seen, left, variance, h2, indifference, max(first, count - step + 1), count)
            if len(left) == 1 or count >= most:
                break
            count = min(count + step, most)
            table = draw(left, count)
            for n, k in enumerate(left):
                seen[k] = table[:, n]
    return Selection(
        left=tuple(left),
        years=tuple(len(seen[k]) for k in range(alternatives)),
        means=tuple(float(seen[k].mean()) for k in range(alternatives)),
        indifference=indifference,
        decided=len(left) == 1,
        same=same,
    )


def _same(table: Numbers) -> dict[int, int]:
    """List the columns that equal an earlier one, and which."""
    first: dict[bytes, int] = {}
    numbers = {k: first.setdefault((column + 0.0).tobytes(), k) for k, column in enumerate(table.T)}
    return {k: earlier for k, earlier in numbers.items() if k != earlier}


def _survivors(
    seen: dict[int, Numbers],
    left: list[int],
    variance: dict[tuple[int, int], float],
    h2: float,
    indifference: float,
    start: int,
    end: int,
) -> list[int]:
    """Drop whoever falls behind in one of the years from `start` to `end`, looked at one after the other."""
    sums = {k: np.cumsum(seen[k]) for k in left}
    for year in range(start, end + 1):
        if len(left) == 1:
            break
        dropped = {
            i
            for i in left
            for j in left
            if i != j
            and sums[i][year - 1] - sums[j][year - 1]
            < -max(
                0.0,
                indifference / 2 * (h2 * variance[min(i, j), max(i, j)] / indifference**2 - year),
            )
        }
        left = [k for k in left if k not in dropped] or [max(left, key=lambda k: sums[k][year - 1])]
    return left


def pareto(figures: Numbers, higher: tuple[bool, ...]) -> list[int]:
    """List the rows that no other beats: at least as good in every figure and better in one.

    Parameters
    ----------
    figures
        [alternatives, figures].
    higher
        Whether more is better, by figure.
    """
    good = np.where(higher, figures, -figures)
    beaten = [any((other >= row).all() and (other > row).any() for other in good) for row in good]
    return [number for number, is_beaten in enumerate(beaten) if not is_beaten]
