"""Who sat where and how strong at selling, read out of the journal of a year."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.accounting.journal import What
from simulation.company.year import Year
from simulation.luck.events import Trainings, hired_on
from simulation.world.world import World

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Notes:
    """Records of seats, by seat and day, found by both at once.

    Parameters
    ----------
    place
        Seat x `apart` + day, ascending.
    day, amount
        Of the records.
    apart
        More than the days of the year.
    """

    place: Numbers
    day: Numbers
    amount: Numbers
    apart: float

    def latest(self, seat: Positions, day: Numbers) -> tuple[Positions, Positions]:
        """Give the position of a seat's last record up to a day, and how many there are up to then."""
        last = np.searchsorted(self.place, seat * self.apart + day, side="right")
        return last - 1, last - np.searchsorted(self.place, seat * self.apart)


@dataclass(frozen=True)
class Staff:
    """The people of one replication.

    Parameters
    ----------
    joins, leaves, effort
        Their records; days of joining are those since when people are on the job, as amounts.
    ramp
        Days a new holder of each seat takes to be fully productive.
    starting
        Productivity of a new holder.
    elasticity
        Of sales to effort.
    trainings
        As in `Fate`.
    """

    joins: Notes
    leaves: Notes
    effort: Notes
    ramp: Numbers
    starting: float
    elasticity: float
    trainings: Trainings

    def filled(self, seat: Positions, day: Numbers) -> Flags:
        """Say whether somebody sits there."""
        found: Flags = self.joins.latest(seat, day)[1] > self.leaves.latest(seat, day)[1]
        return found

    def strength(self, seat: Positions, day: Numbers) -> Numbers:
        """Give the factor on the last conversion by effort and productivity, of filled seats."""
        join, joined = self.joins.latest(seat, day)
        chosen, choices = self.effort.latest(seat, day)
        there, chose = joined > 0, choices > 0
        came = np.where(there, _at(self.joins.day, join, there), np.inf)
        own = chose & (_at(self.effort.day, chosen, chose) >= came)
        effort = np.where(own, _at(self.effort.amount, chosen, own), 1.0)
        since = _at(self.joins.amount, join, there)
        ramps_since, ramp, trained = since.copy(), self.ramp[seat], np.ones_like(day)
        for end, seats, factor, of_ramp in zip(*self.trainings, strict=True):
            were = there & seats[seat] & (since < end) & (end <= day)
            trained[were] *= factor
            were &= end < ramps_since + ramp
            ramps_since[were] = end - of_ramp * (end - ramps_since[were])
            ramp[were] *= of_ramp
        grown = np.divide(day - ramps_since, ramp, out=np.ones_like(day), where=(ramp > 0) & there)
        productivity = self.starting + (1.0 - self.starting) * np.minimum(grown, 1.0)
        return (1.0 + self.elasticity * (effort - 1.0)) * productivity * trained


def staff_of(world: World, year: Year) -> Staff:
    """Read who came, went and tried how hard out of the journal."""
    market = world.market
    return Staff(
        joins=_joins(world, year),
        leaves=_notes(world, year, What.LEAVES, What.QUITS),
        effort=_notes(world, year, What.EFFORT),
        ramp=world.seats.ramp_days,
        starting=market.turnover.starting_productivity,
        elasticity=market.effort.elasticity,
        trainings=year.fate.trainings,
    )


def _joins(world: World, year: Year) -> Notes:
    """Give who joined, with the days since when they are on the job: before the year for those of day 0."""
    notes = _notes(world, year, What.JOINS)
    seats, vacancy = world.seats, world.market.turnover.vacancy_days
    since = notes.day.copy()
    for number in np.flatnonzero(notes.day <= 0):
        seat = int(notes.place[number] // notes.apart)
        left = float(seats.end[seat])
        stays = left > 0
        since[number] = seats.start[seat] if stays else hired_on(year.fate.freezes, left + vacancy)
    return Notes(notes.place, notes.day, since, notes.apart)


def _notes(world: World, year: Year, *kinds: What) -> Notes:
    found = year.journal[np.isin(year.journal["what"], kinds)]
    apart = world.days + 1
    place = found["by"] * apart + found["day"]
    order = np.argsort(place, kind="stable")
    return Notes(place[order], found["day"][order], found["amount"][order], apart)


def _at(values: Numbers, place: Positions, there: Flags) -> Numbers:
    """Look values up where there are any; 0 elsewhere."""
    found = np.zeros(len(place))
    found[there] = values[place[there]]
    return found
