"""A rep's customers as stops: which visits fall due in which week, and the best tours for a week's visits."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.calling.reasons import why_never, why_not_this_week
from optimizer.calling.routing import DAYS, Apart, Route, Stops, Tour, route
from optimizer.calling.service import WEEKS_PER_YEAR
from optimizer.compiling.travel import road_factors, road_hours
from scenarios import Scenario
from scenarios.distance import great_circle_km
from scenarios.travel import Travel, minute_of

WORTH = 6000
"""What a promised call left out costs, minutes of travel: more than any way there; late ones twice that."""

EXTRA = 1500
"""What a call beyond the promised ones costs if left out, minutes of travel."""

EVENLY = 2 / 3
"""Share of the interval between visits of a customer that lies between two of them at least."""

LEAST_GAP = 2
"""Working days between visits: on no customer on two days in a row, unless it is promised that many."""

Minutes = NDArray[np.int64]


@dataclass(frozen=True)
class Due:
    """A visit that is due: on whom (position in the table of frequencies), promised or more, late or not."""

    customer: int
    promised: bool = True
    late: bool = False


@dataclass(frozen=True, eq=False)
class Week:
    """A week's tours, in their order.

    Parameters
    ----------
    tours
        Each with its route, whose visits name the position in what was due.
    left
        Positions of visits left out, with the reason; those that may be tried again in the next week.
    never
        Positions of visits that can be made in no week, with the reason.
    """

    tours: tuple[tuple[Tour, Route], ...]
    left: tuple[tuple[int, str], ...]
    never: tuple[tuple[int, str], ...]


class Book:
    """A rep's customers as stops: 0 is home, the others follow the table of frequencies."""

    def __init__(self, scenario: Scenario, rep: str, often: pd.DataFrame) -> None:
        self.often, self.settings = often, scenario.travel
        rows = scenario.customers.index.get_indexer(often.index)
        customers, home = scenario.customers.iloc[rows], scenario.reps.loc[rep]
        self.lat = np.append(home["latitude"], customers["latitude"]).astype("float64")
        self.lon = np.append(home["longitude"], customers["longitude"]).astype("float64")
        self.way = great_circle_km(self.lat, self.lon, self.lat, self.lon)
        factor = np.append(1.0, road_factors(scenario)[rows])
        self.km = self.way * np.maximum(factor[:, None], factor[None, :])
        hours = self.km / self.settings.speed_km_per_hour
        column = scenario.reps.index.get_loc(rep)
        hours[0, 1:] = hours[1:, 0] = road_hours(scenario)[rows, column]
        known = scenario.travel_times[scenario.travel_times["rep"] == rep].dropna(subset="km")
        at = often.index.get_indexer(pd.Index(known["customer"]))
        self.km[0, 1 + at[at >= 0]] = self.km[1 + at[at >= 0], 0] = known["km"].to_numpy()[at >= 0]
        self.drive, self.fly = _ways(hours, self.way, self.settings)
        self.call: Minutes = np.rint(60 * np.append(0.0, customers["hours_per_visit"])).astype(np.int64)
        self.day = round(60 * self.settings.hours_per_day)
        begin = self.settings.day_starts_minute
        opens = [minute_of(cell) - begin if cell else 0 for cell in customers["opens"]]
        closes = [minute_of(cell) - begin if cell else self.day for cell in customers["closes"]]
        self.opens: Minutes = np.array([0, *(max(minute, 0) for minute in opens)], dtype=np.int64)
        self.closes: Minutes = np.array([self.day, *(min(m, self.day) for m in closes)], dtype=np.int64)
        there_and_back = 2 * self.drive[0] + self.call
        self.far = (self.way[0] > self.settings.overnight_beyond_km) | (there_and_back > self.day)
        self.flown = (self.way[0] > self.settings.fly_beyond_km) & (self.fly[0] < self.drive[0])
        self.gap = least_gaps(often["visits"].to_numpy())

    @property
    def longest(self) -> int:
        """Working days of the longest trip in a week."""
        return min(self.settings.days_per_trip, len(DAYS))

    def weeks_due(self, seed: int) -> list[list[Due]]:
        """Spread every customer's visits evenly over the year; neighbors begin in the same week.

        The round goes by direction from home, near and far customers apart, in bundles of a trip each. One
        round takes as long as the commonest interval between visits.
        """
        visits, promised = (self.often[name].to_numpy() for name in ("visits", "promised"))
        phase = np.zeros(len(visits))
        angle = np.arctan2(self.lat[1:] - self.lat[0], self.lon[1:] - self.lon[0])
        order = np.lexsort((self.way[0, 1:], angle))
        for far, days in ((False, 1), (True, max(self.longest - 1, 1))):
            group = order[self.far[1:][order] == far]
            phase[group] = self._bundled(group, days)
        some = visits[visits > 0]
        cycle = WEEKS_PER_YEAR / np.median(some) if len(some) else 1.0
        begin = float(np.random.default_rng(seed).random())
        weeks: list[list[Due]] = [[] for _ in range(WEEKS_PER_YEAR)]
        for customer in order:
            count, kept = (int(np.floor(number[customer] + 0.5)) for number in (visits, promised))
            first = (phase[customer] + begin) % 1 * cycle
            for number in range(count):
                week = (first + number * WEEKS_PER_YEAR / count) % WEEKS_PER_YEAR
                owed = kept >= count or (number + 1) * kept // count > number * kept // count
                weeks[min(int(week), WEEKS_PER_YEAR - 1)].append(Due(int(customer), owed))
        return weeks

    def _bundled(self, group: np.ndarray, days: int) -> np.ndarray:
        """Give customers of one trip of some days one phase: neighbors until their hours fill it."""
        hours = self.often["hours_per_visit"].to_numpy()[group]
        passed = (np.cumsum(hours) - hours / 2) / max(float(hours.sum()), 1e-9)
        trips = max(int(np.ceil(60 * float(hours.sum()) / (days * self.day))), 1)
        return np.minimum(np.floor(passed * trips), trips - 1) / trips

    def best_week(
        self, due: Sequence[Due], earliest: Sequence[int], latest: Sequence[int] | None = None
    ) -> Week:
        """Route a week's calls: every day from home, or a trip of some days first; the better of them.

        Parameters
        ----------
        due
            The visits.
        earliest, latest
            The first and the last day of the week each may be made on, from 0; the first beyond the last: on
            none. Without the last, all days from the first on.
        """
        latest = [len(DAYS) - 1] * len(due) if latest is None else latest
        never = tuple((n, why) for n, item in enumerate(due) if (why := why_never(self, 1 + item.customer)))
        barred = {n for n, _ in never}
        able = [n for n in range(len(due)) if n not in barred and earliest[n] <= latest[n]]
        stops = np.array([0, *(1 + due[n].customer for n in able)])
        question = self._question(stops, [due[n] for n in able])
        may_begin = np.array([0, *(earliest[n] for n in able)])
        may_end = np.array([0, *(latest[n] for n in able)])
        best: tuple[float, list[Tour], list[Route]] | None = None
        for tours in self._weeks(stops, may_begin, may_end):
            made = route(question, tours, self.day)
            visited = {visit.stop for one in made for visit in one.visits}
            missing = [n for n in range(1, len(stops)) if n not in visited]
            cost = float(sum(one.drive for one in made) + question.worth[missing].sum())
            cost += sum(max(one.ends - 1, 0) // self.day * tours[one.tour].night for one in made)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, tours, made)
        assert best is not None
        _, tours, made = best
        placed = self._early(
            [(tours[one.tour], _named(one, able)) for one in made], tours, due, earliest, latest
        )
        visited = {visit.stop for _, one in placed for visit in one.visits}
        left = [n for n in range(len(due)) if n not in barred and n not in visited]
        reasons = [
            (n, why_not_this_week(self, due, n, (earliest[n], latest[n]), tours, placed)) for n in left
        ]
        return Week(tuple(placed), tuple(reasons), never)

    def _early(
        self,
        made: list[tuple[Tour, Route]],
        tours: Sequence[Tour],
        due: Sequence[Due],
        earliest: Sequence[int],
        latest: Sequence[int],
    ) -> list[tuple[Tour, Route]]:
        """Put days from home on the first days of the week where visits may be made on these; in order."""
        days = [tour for tour in tours if tour.days == 1 and tour.ways is None]
        fixed = [(tour, one) for tour, one in made if tour not in days]
        moved = [one for tour, one in made if tour in days]

        def fits(week: list[tuple[Tour, Route]]) -> bool:
            daily = [
                (visit.stop, tour.begins) for tour, one in week if tour.days == 1 for visit in one.visits
            ]
            if any(not earliest[stop] <= day <= latest[stop] for stop, day in daily):
                return False
            for (first, one), (second, other) in itertools.combinations(week, 2):
                both = {due[v.stop].customer for v in one.visits} & {
                    due[v.stop].customer for v in other.visits
                }
                if any(not first.clear_of(second, int(self.gap[customer])) for customer in both):
                    return False
            return True

        weeks = (
            [*fixed, *zip(order, moved, strict=True)] for order in itertools.permutations(days, len(moved))
        )
        best = min(filter(fits, weeks), key=lambda week: sum(tour.begins for tour, _ in week))
        return sorted(best, key=lambda pair: pair[0].begins)

    def _question(self, stops: np.ndarray, due: Sequence[Due]) -> Stops:
        worth = [EXTRA if not item.promised else WORTH * (2 if item.late else 1) for item in due]
        groups = [(int(stop), np.flatnonzero(stops == stop)) for stop in np.unique(stops)]
        return Stops(
            drive=self.drive[np.ix_(stops, stops)],
            call=self.call[stops],
            opens=self.opens[stops],
            closes=self.closes[stops],
            worth=np.array([0, *worth], dtype=np.int64),
            apart=tuple(
                Apart(tuple(int(n) for n in group), int(self.gap[stop - 1]))
                for stop, group in groups
                if len(group) > 1
            ),
        )

    def _weeks(self, stops: np.ndarray, may_begin: np.ndarray, may_end: np.ndarray) -> list[list[Tour]]:
        """List what a week may consist of: five days from home, or a trip away first and the days left."""
        settings = self.settings
        night = round(60 * settings.cost_per_night / (settings.cost_per_hour or 1.0))

        def may(kind: np.ndarray, first: int, last: int) -> tuple[int, ...]:
            return tuple(int(n) for n in np.flatnonzero(kind & (may_begin <= first) & (may_end >= last)) if n)

        far, flown = self.far[stops], self.flown[stops]
        by_plane = self.fly[np.ix_(stops, stops)]
        trips: list[Tour | None] = [None]
        for kind, ways, shortest in ((far, None, 2), (flown, by_plane, 1)):
            trips += [
                Tour(days, night, ways, stops_there)
                for days in range(shortest, self.longest + 1)
                if (stops_there := may(kind, 0, days - 1))
            ]
        weeks = []
        for trip in trips:
            free = range(trip.days if trip else 0, len(DAYS))
            every = np.ones(len(stops), dtype=bool)
            days = [Tour(begins=day, stops=may(every, day, day)) for day in free]
            weeks.append(([trip] if trip else []) + days)
        return weeks


def least_gaps(visits: np.ndarray) -> NDArray[np.int64]:
    """Say how many working days lie between two visits of a customer at least, by its visits a year.

    Two thirds of the interval between evenly spread visits, and never two days in a row; customers with more
    visits than every other day (over 130 a year) may be visited daily.
    """
    days = WEEKS_PER_YEAR * len(DAYS)
    interval = np.divide(days, visits, out=np.full(len(visits), float(days)), where=visits > 0)
    gaps = np.maximum(np.floor(EVENLY * interval), LEAST_GAP)
    return np.where(interval < LEAST_GAP, 1, gaps).astype(np.int64)


def _ways(hours: np.ndarray, way: np.ndarray, settings: Travel) -> tuple[Minutes, Minutes]:
    """Give minutes from stop to stop by road, and with a plane where that may be taken and is faster."""
    drive = np.rint(60 * hours).astype(np.int64)
    drive[1:, 1:] += round(60 * settings.hours_between_visits)
    flight = round(60 * settings.flight_hours_one_way)
    fly = np.where((way > settings.fly_beyond_km) & (flight < drive), flight, drive)
    return drive, fly


def _named(one: Route, able: Sequence[int]) -> Route:
    """Name visits by their position in what was due."""
    return replace(one, visits=tuple(replace(visit, stop=able[visit.stop - 1]) for visit in one.visits))
