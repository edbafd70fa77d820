"""Opportunities that may arise in a year, as rows: what luck says of one lies side by side."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from simulation.luck.lending import lend

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = NDArray[Any]

DEAL = np.dtype(
    [
        *(("customer", "i8"), ("line", "i4"), ("booked_by", "i4"), ("arises", "f8"), ("height", "f8")),
        *(("limit", "f8"), ("doing", "i1"), ("stage", "i1"), ("is_new", "?"), ("never_pays", "?")),
        *(("win", "f8"), ("amount", "i8"), ("held_next", "i8"), ("unattended", "f8")),
        *(("delivery_days", "f8"), ("payment_days", "f8")),
    ]
)
"""Of opportunities, see `Opportunities`. What changes in the copy of a year that is played: what becomes of
it (`simulation.seats.codes`); the stage it is in; the seat that booked it, where the customer has a credit
limit, and the order on hold behind it. As drawn: nothing, 0, -1 and -1."""

STEP = np.dtype([("mark", "f8"), ("days", "f8"), ("patience", "f8")])
"""Of opportunities x stages, see `Opportunities`."""

OF_STAGES = STEP.names or ()

COLUMNS = (
    *("customer", "line", "arises", "height", "limit", "is_new", "amount", "mark", "days", "patience"),
    *("unattended", "win", "delivery_days", "payment_days", "never_pays", "answers"),
)
"""What luck says of opportunities."""


@dataclass(frozen=True)
class Opportunities:
    """Opportunities that may arise in a year, one row each, by customer and within by day.

    Parameters
    ----------
    rows
        Of type `DEAL`.
    steps
        Of type `STEP`, [opportunities, stages].
    answers
        Marks: keeps to its word if put off, if below `keeps`, and accepts to decide early,
        [opportunities, 2]; [0, 2] where reps do not play with time.
    first
        Position of each customer's first opportunity, and of the end, [customers + 1]. Behind the end come
        orders of before the year that are not paid when it begins (`simulation.luck.open_orders`): they arose
        on the day of the order, and what is left of them is to be invoiced and paid.
    open_order
        Of those: number of the order each is a line of, [orders still open].
    """

    rows: Rows
    steps: Rows
    answers: Numbers
    first: Positions
    open_order: Positions

    @classmethod
    def of(cls, first: Positions, answers: Numbers, **columns: Any) -> Self:
        """Make rows of `COLUMNS`."""
        mark = np.asarray(columns["mark"])
        rows, steps = np.zeros(len(mark), dtype=DEAL), np.zeros(mark.shape, dtype=STEP)
        rows["booked_by"] = rows["held_next"] = -1
        for name, column in columns.items():
            (steps if name in OF_STAGES else rows)[name] = column
        return cls(rows, steps, answers, first, np.empty(0, dtype=np.int64))

    @property
    def still_open(self) -> Positions:
        """Positions of orders of before the year that are not paid when it begins."""
        return np.arange(self.first[-1], len(self.rows))

    @property
    def customer(self) -> Positions:
        """Positions."""
        return self.rows["customer"]

    @property
    def line(self) -> Positions:
        """Positions."""
        return self.rows["line"]

    @property
    def arises(self) -> Numbers:
        """Day, counted from the first day of the year; negative for what is under way then."""
        return self.rows["arises"]

    @property
    def height(self) -> Numbers:
        """It arises if its height is below the limit times the customer's goodwill."""
        return self.rows["height"]

    @property
    def limit(self) -> Numbers:
        """See `height`."""
        return self.rows["limit"]

    @property
    def is_new(self) -> Flags:
        """Whether it is a prospect near the customer, not the customer."""
        return self.rows["is_new"]

    @property
    def amount(self) -> Positions:
        """Cents, if won."""
        return self.rows["amount"]

    @property
    def mark(self) -> Numbers:
        """It passes a stage if its mark is below the conversion, [opportunities, stages]."""
        return self.steps["mark"]

    @property
    def days(self) -> Numbers:
        """Time the customer takes after each stage's work, [opportunities, stages]."""
        return self.steps["days"]

    @property
    def patience(self) -> Numbers:
        """Days it waits for each stage's work before it is lost, [opportunities, stages]."""
        return self.steps["patience"]

    @property
    def booked_by(self) -> Positions:
        """Position of the seat that an order of before the year counts for; -1 of others."""
        return self.rows["booked_by"]

    @property
    def unattended(self) -> Numbers:
        """Mark: buys without being served if below the unattended share."""
        return self.rows["unattended"]

    @property
    def win(self) -> Numbers:
        """Factor of shocks on the last conversion."""
        return self.rows["win"]

    @property
    def delivery_days(self) -> Numbers:
        """From booking to invoice."""
        return self.rows["delivery_days"]

    @property
    def payment_days(self) -> Numbers:
        """From invoice to payment, or to giving it up: terms and delay."""
        return self.rows["payment_days"]

    @property
    def never_pays(self) -> Flags:
        """Whether the invoice, if it comes to one, is never paid."""
        return self.rows["never_pays"]


def empty(count: int, stages: int) -> tuple[Rows, Rows]:
    """Give rows and steps with nothing written in them, in one piece of memory."""
    whole = lend("luck", count * (DEAL.itemsize + stages * STEP.itemsize), np.uint8)
    middle = count * DEAL.itemsize
    return whole[:middle].view(DEAL), whole[middle:].view(STEP).reshape(count, stages)
