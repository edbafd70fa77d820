"""A published fact of sales organizations beside what ours gives for it."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One figure of a fact.

    Parameters
    ----------
    figure
        What is measured, with its unit.
    published
        What is known of it, in words: a number, a band or a sign.
    band
        Least and most ours may be; None where the row only informs.
    ours
        What ours gives.
    holds
        Whether ours is as published.
    note
        Where it is not, or not quite: why.
    """

    figure: str
    published: str
    band: tuple[float, float] | None
    ours: float
    holds: bool
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A published fact and the run that has to show it.

    Parameters
    ----------
    key
        Short name, such as "F16".
    title
        The fact in a sentence.
    source
        Who published it, and where.
    run
        What was run, and what was varied.
    rows
        Its figures.
    why
        What is to be known about it: why it holds, why it does not, what it does not show.
    """

    key: str
    title: str
    source: str
    run: str
    rows: tuple[Row, ...] = field(default=())
    why: str = ""

    @property
    def holds(self) -> bool:
        """Whether all its rows hold."""
        return all(row.holds for row in self.rows)


Maker = Callable[[bool], Fact]
"""Runs a fact; True: with all runs the page shows, False: as few as its bands allow."""


def within(
    figure: str, published: str, band: tuple[float, float], ours: float, note: str = ""
) -> Row:  # fmt: skip
    """Make a row that holds where ours lies in the band, ends included."""
    return Row(figure, published, band, float(ours), band[0] <= ours <= band[1], note)
