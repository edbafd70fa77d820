"""Points of a trade-off: where plans stand, what is proved there, and which of them others dominate."""

from dataclasses import dataclass, replace

from optimizer.core.assignment import Assignment

SAME = 1e-7
"""Share of a value by which two count as the same."""


@dataclass(frozen=True, eq=False)
class Point:
    """A point of the trade-off.

    Parameters
    ----------
    levels
        Where the held goals were held, in their order.
    reached
        Where the plan stands in them.
    least
        Value of the goal that was made least.
    bound
        No plan within the levels has a smaller one.
    plan
        The plan; its cost is the problem's objective, its bound that of all plans that stand there.
    dominated
        Whether another point's plan is at least as good in all goals and better in one.
    """

    levels: tuple[float, ...]
    reached: tuple[float, ...]
    least: float
    bound: float
    plan: Assignment
    dominated: bool = False

    @property
    def at(self) -> tuple[float, ...]:
        """Where the plan stands in all goals, the one made least at the end."""
        return (*self.reached, self.least)

    @property
    def gap(self) -> float:
        """How far from the least the plan may be: (least - bound) / |least|."""
        return max(self.least - self.bound, 0.0) / max(abs(self.least), 1e-9)


@dataclass(frozen=True, eq=False)
class End:
    """The best a held goal can be at all: what was reached, and what is proved that no plan is under."""

    reached: float
    bound: float


@dataclass(frozen=True, eq=False)
class Frontier:
    """A trade-off.

    Parameters
    ----------
    points
        Widest levels first; the goal made least never falls on the way where one goal is held.
    missing
        Levels without a plan, and why.
    ends
        The best of each held goal alone, where levels were not given.
    interrupted
        Whether people asked to stop before all levels had their turn.
    """

    points: tuple[Point, ...]
    missing: tuple[tuple[tuple[float, ...], str], ...] = ()
    ends: tuple[End, ...] = ()
    interrupted: bool = False

    @property
    def best(self) -> tuple[Point, ...]:
        """The points that are not dominated."""
        return tuple(point for point in self.points if not point.dominated)


def better(one: Point | None, other: Point | None) -> Point | None:
    """Take the better of two points at the same levels, with the better bound."""
    if one is None or other is None:
        return one or other
    best = one if one.least < other.least else other
    return replace(best, bound=min(max(one.bound, other.bound), best.least))


def lift(found: list[Point]) -> list[Point]:
    """Use that what is proved within wide levels holds within all tighter ones."""
    lifted = []
    for point in found:
        inside = (
            other.bound
            for other in found
            if all(a >= b - SAME * abs(b) for a, b in zip(other.levels, point.levels, strict=True))
        )
        bound = min(max(inside, default=point.bound), point.least)
        lifted.append(replace(point, bound=max(bound, point.bound)))
    return lifted


def mark(found: list[Point]) -> list[Point]:
    """Say which points another one dominates; of equal ones the first stays."""

    def covers(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
        return all(a <= b + SAME * max(abs(b), 1.0) for a, b in zip(one, other, strict=True))

    return [
        replace(
            point,
            dominated=any(
                covers(other.at, point.at) and (not covers(point.at, other.at) or j < i)
                for j, other in enumerate(found)
                if j != i
            ),
        )
        for i, point in enumerate(found)
    ]
