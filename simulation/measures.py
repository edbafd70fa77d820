"""What is measured of a year: functions of its journal, nothing else."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from simulation.journal import What
from simulation.world import World
from simulation.year import Year

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """Measures of one year, or of many with one more axis in front.

    Parameters
    ----------
    bookings, collected
        Credited to the seats, money, [..., reps, quarters]; collected is what was paid in the year of its
        bookings.
    house_bookings, house_collected
        What nobody's rep made, money, [..., quarters].
    visits_due, visits_made
        Promised visits that were made or missed, and those made, [..., reps]. Those still due at the year's
        end, by the rule of `simulation.customers`, are in neither.
    unserved_visits
        Promised visits missed where nobody serves, [...].
    hours_worked
        [..., reps].
    filled
        Share of the quarter in which the seat was filled, [..., reps, quarters].
    effort
        Mean of the efforts chosen, [..., reps]; not a number where the seat was empty all year.
    quits
        [..., reps].
    satisfaction
        Mean over customers at the end of the year, weighted with potential, [...].
    lost_waiting
        Amount of opportunities that would have been won, had somebody had time, money, [...].
    new_customers
        Newcomers won, [...].
    """

    bookings: Numbers
    collected: Numbers
    house_bookings: Numbers
    house_collected: Numbers
    visits_due: Numbers
    visits_made: Numbers
    unserved_visits: Numbers
    hours_worked: Numbers
    filled: Numbers
    effort: Numbers
    quits: Numbers
    satisfaction: Numbers
    lost_waiting: Numbers
    new_customers: Numbers

    @classmethod
    def stacked(cls, years: Sequence[Self]) -> Self:
        """Put years side by side, in order, along a new first axis."""
        return cls(**{f: np.stack([getattr(y, f) for y in years]) for f in _fields(cls)})

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Put blocks of years one after the other along the first axis."""
        return cls(**{f: np.concatenate([getattr(b, f) for b in blocks]) for f in _fields(cls)})


def measure(world: World, year: Year) -> Measures:
    """Compute all measures of a year."""
    what = year.records[:, 1].astype(np.int64)
    order = np.argsort(what, kind="stable")
    bounds = np.searchsorted(what[order], np.arange(len(What) + 1))
    by_kind = {kind: year.records[order[bounds[kind] : bounds[kind + 1]]] for kind in What}
    bookings = _money_by_quarter(world, by_kind[What.WON])
    collected = _money_by_quarter(world, by_kind[What.PAYMENT])
    made = _count_by_seat(world, by_kind[What.VISIT])
    missed = _count_by_seat(world, by_kind[What.MISSED_VISIT])
    work = np.concatenate([by_kind[What.WORK], by_kind[What.VISIT]])
    return Measures(
        bookings=bookings[:-1],
        collected=collected[:-1],
        house_bookings=bookings[-1],
        house_collected=collected[-1],
        visits_due=(made + missed)[:-1],
        visits_made=made[:-1],
        unserved_visits=missed[-1],
        hours_worked=_sum_by_seat(world, work, work[:, 4])[:-1],
        filled=_share_filled(
            world, np.concatenate([by_kind[k] for k in (What.JOINS, What.LEAVES, What.QUITS)])
        ),
        effort=_mean_effort(world, by_kind[What.EFFORT]),
        quits=_count_by_seat(world, by_kind[What.QUITS])[:-1],
        satisfaction=_satisfaction(world, np.concatenate([by_kind[What.VISIT], by_kind[What.MISSED_VISIT]])),
        lost_waiting=by_kind[What.LOST_WAITING][:, 5].sum(),
        new_customers=year.demand.is_new[by_kind[What.WON][:, 3].astype(np.int64)].sum().astype(np.float64),
    )


def _fields(cls: type[Measures]) -> list[str]:
    return [f.name for f in dataclasses.fields(cls)]


def _seat(records: Numbers) -> NDArray[np.int64]:
    return records[:, 2].astype(np.int64)


def _sum_by_seat(world: World, records: Numbers, amounts: Numbers) -> Numbers:
    total: Numbers = np.bincount(_seat(records), amounts, len(world.seats.ids)).astype(np.float64)
    return total


def _count_by_seat(world: World, records: Numbers) -> Numbers:
    return np.bincount(_seat(records), minlength=len(world.seats.ids)).astype(np.float64)


def _money_by_quarter(world: World, records: Numbers) -> Numbers:
    quarters = len(world.quarters)
    quarter = np.minimum(np.searchsorted(world.quarter_ends, records[:, 0], side="right"), quarters - 1)
    cells = np.bincount(_seat(records) * quarters + quarter, records[:, 5], len(world.seats.ids) * quarters)
    return cells.astype(np.float64).reshape(-1, quarters)


def _share_filled(world: World, changes: Numbers) -> Numbers:
    """Add up days from each joining to each quarter's end, less those from each leaving."""
    starts = np.concatenate([[0.0], world.quarter_ends[:-1]])
    sign = np.where(changes[:, 1] == What.JOINS, 1.0, -1.0)
    rest = np.clip(world.quarter_ends - np.maximum(changes[:, :1], starts), 0.0, None)
    days = np.zeros((len(world.reps), len(starts)))
    np.add.at(days, _seat(changes), sign[:, None] * rest)
    return days / (world.quarter_ends - starts)


def _mean_effort(world: World, records: Numbers) -> Numbers:
    count = _count_by_seat(world, records)
    total = _sum_by_seat(world, records, records[:, 5])
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)[:-1]


def _satisfaction(world: World, records: Numbers) -> Numbers:
    level = np.full(len(world.customers), world.market.satisfaction.start)
    in_order = records[np.argsort(records[:, 0], kind="stable")]
    level[in_order[:, 3].astype(np.int64)] = in_order[:, 5]
    if world.potential.sum() == 0:
        return level.mean()
    return np.average(level, weights=world.potential)
