"""The simple company's year as rows that any simulation library can play, and what it must come to."""

from dataclasses import dataclass

import numpy as np

from simulation.accounting.journal import What
from simulation.luck.fate import Fate
from simulation.world.world import World


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity with all its luck.

    Parameters
    ----------
    customer, seat
        Positions.
    day
        When it begins, days from the first day of the year.
    stage
        Its stage then.
    is_worked
        Whether the work of that stage is done, so that the customer decides on that day.
    marks, days
        By stage: it passes if its mark is below the conversion; how long the customer takes to decide.
    cents
        Amount.
    paid_after
        Days from booking to payment.
    never_pays
        Whether payment never comes.
    """

    customer: int
    seat: int
    day: float
    stage: int
    is_worked: bool
    marks: list[float]
    days: list[float]
    cents: int
    paid_after: float
    never_pays: bool


@dataclass(frozen=True)
class Pipeline:
    """A year of a simple company.

    Parameters
    ----------
    deals
        In order of days.
    books
        The same by customer, in order of days.
    conversion
        By stage.
    work_days
        Days the work takes, by seat and stage.
    end
        First day that is not played.
    """

    deals: list[Deal]
    books: list[list[Deal]]
    conversion: list[float]
    work_days: list[list[float]]
    end: float


@dataclass
class Totals:
    """What a year came to.

    Parameters
    ----------
    booked, collected
        Cents.
    work
        Stages whose work was done.
    """

    booked: int = 0
    collected: int = 0
    work: int = 0


def pipeline_of(world: World, fate: Fate) -> Pipeline:
    """Write a replication of a simple company as rows."""
    luck, stages = fate.opportunities, world.market.stages
    fresh = np.flatnonzero((luck.arises >= 0) & (luck.height < luck.limit))
    which = np.concatenate([fresh, fate.pending])
    begins = np.concatenate([luck.arises[fresh], fate.pending_day])
    columns = (
        luck.customer[which],
        world.hands.seat[luck.customer[which], 0],
        begins,
        np.concatenate([np.zeros_like(fresh), fate.pending_stage]),
        np.arange(len(which)) >= len(fresh),
        luck.mark[which],
        luck.days[which],
        luck.amount[which],
        (luck.delivery_days + luck.payment_days)[which],
        luck.never_pays[which],
    )
    order = np.argsort(begins, kind="stable")
    deals = [Deal(*row) for row in zip(*(column[order].tolist() for column in columns), strict=True)]
    books: dict[int, list[Deal]] = {}
    for deal in deals:
        books.setdefault(deal.customer, []).append(deal)
    hours_a_day = fate.passed[:-1, -1] / world.days
    return Pipeline(
        deals,
        list(books.values()),
        [stage.conversion for stage in stages],
        (np.array([stage.hours for stage in stages]) / hours_a_day[:, None]).tolist(),
        world.days,
    )


def totals_of(records: np.ndarray) -> Totals:
    """Add up the journal of a year, [records, 6]."""
    what, cents = records[:, 1], np.rint(records[:, 5]).astype(np.int64)
    return Totals(
        int(cents[what == What.WON].sum()),
        int(cents[what == What.PAYMENT].sum()),
        int((what == What.WORK).sum()),
    )
