"""A rep's calls, week by week: on whom, on which day, in which order, when.

Visits are spread evenly over the year, neighbors in the same weeks; the calls of a week are put on tours by
`routing.py`, within the working days and the customers' hours, with nights away where it is far.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.frequencies import frequencies
from optimizer.routing import Route, Stops, Tour, route
from optimizer.travel import road_factors, road_hours
from scenarios import InputError, Problem, Scenario
from scenarios.distance import great_circle_km
from scenarios.travel import minute_of

WEEKS_PER_YEAR = 52
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

WORTH = 6000
"""What a call left out costs, minutes of driving: more than any way there; late ones twice that."""

Minutes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CallPlan:
    """A rep's calls in some weeks.

    Parameters
    ----------
    rep
        Whose.
    frequencies
        As of `frequencies.frequencies`.
    calls
        A row a call: week (of the plan year, from 1), day, order (within the day), customer, arrive, leave
        (times of day), drive_minutes and km from the stop before.
    days
        A row a day on the road: week, day, calls, begins and ends (times of day), call_minutes,
        drive_minutes (all of the day), away_overnight.
    unserved
        A row a call that is due and not made: week, customer, reason.
    """

    rep: str
    frequencies: pd.DataFrame
    calls: pd.DataFrame
    days: pd.DataFrame
    unserved: pd.DataFrame


def call_plan(
    scenario: Scenario,
    owner: pd.Series,
    rep: str,
    *,
    weeks: int = 1,
    first_week: int = 1,
    keep: tuple[str, ...] | None = None,
    promised: bool = False,
    seed: int = 1,
) -> CallPlan:
    """Decide how often a rep calls on whom, and plan the calls of some weeks.

    Parameters
    ----------
    owner
        Rep by customer.
    rep
        Whose calls.
    weeks, first_week
        Weeks of the plan year, the first being 1. What finds no room in a week is due again in the next.
    keep
        Tiers that get no fewer visits than promised; None: the `top_tiers` of the rules.
    promised
        Keep all promised frequencies instead of better ones.
    seed
        Where in the year the round of visits begins.

    Raises
    ------
    InputError
        If there is no such rep or week.
    NoPlanExists
        If the visits to keep need more hours than the rep has.
    """
    _refuse_what_is_not_there(scenario, rep, first_week, weeks)
    kept = scenario.rules.top_tiers if keep is None else keep
    often = frequencies(scenario, owner, rep, keep=() if promised else kept)
    if promised:
        often = often.assign(visits=often["promised"], hours=often["hours_promised"])
        often = often.assign(sales=often["sales_promised"])
    book = _Book(scenario, rep, often)
    due_in = book.weeks_due(seed)
    calls, days, unserved = [], [], []
    late: list[int] = []
    for week in range(first_week, first_week + weeks):
        due = [*late, *due_in[week - 1]]
        made, left = book.best_week(due, len(late))
        calls += book.call_rows(week, due, made)
        days += book.day_rows(week, made)
        late = [due[position] for position, reason in left if reason == NO_ROOM]
        gone = left if week == first_week + weeks - 1 else [item for item in left if item[1] != NO_ROOM]
        unserved += [(week, str(often.index[due[position]]), reason) for position, reason in gone]
    return CallPlan(
        rep,
        often,
        pd.DataFrame(
            calls, columns=["week", "day", "order", "customer", "arrive", "leave", "drive_minutes", "km"]
        ),
        pd.DataFrame(
            days,
            columns=[
                *("week", "day", "calls", "begins", "ends"),
                *("call_minutes", "drive_minutes", "away_overnight"),
            ],
        ),
        pd.DataFrame(unserved, columns=["week", "customer", "reason"]),
    )


NO_ROOM = "no room left in the week"


class _Book:
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
        drive = np.rint(60 * hours).astype(np.int64)
        drive[1:, 1:] += round(60 * self.settings.hours_between_visits)
        self.drive: Minutes = drive
        self.call: Minutes = np.rint(60 * np.append(0.0, customers["hours_per_visit"])).astype(np.int64)
        self.day = round(60 * self.settings.hours_per_day)
        begin = self.settings.day_starts_minute
        opens = [minute_of(cell) - begin if cell else 0 for cell in customers["opens"]]
        closes = [minute_of(cell) - begin if cell else self.day for cell in customers["closes"]]
        self.opens: Minutes = np.array([0, *(max(minute, 0) for minute in opens)], dtype=np.int64)
        self.closes: Minutes = np.array([self.day, *(min(m, self.day) for m in closes)], dtype=np.int64)
        there_and_back = 2 * self.drive[0] + self.call
        self.far = (self.way[0] > self.settings.overnight_beyond_km) | (there_and_back > self.day)

    def weeks_due(self, seed: int) -> list[list[int]]:
        """Spread every customer's visits evenly over the year; neighbors begin in the same week.

        The round goes by direction from home, near and far customers apart, in bundles of a trip each. One
        round takes as long as the commonest interval between visits.
        """
        visits = self.often["visits"].to_numpy()
        phase = np.zeros(len(visits))
        angle = np.arctan2(self.lat[1:] - self.lat[0], self.lon[1:] - self.lon[0])
        order = np.lexsort((self.way[0, 1:], angle))
        away = max(min(self.settings.days_per_trip, len(DAYS)) - 1, 1)
        for far, days in ((False, 1), (True, away)):
            group = order[self.far[1:][order] == far]
            phase[group] = self._bundled(group, days)
        some = visits[visits > 0]
        cycle = WEEKS_PER_YEAR / np.median(some) if len(some) else 1.0
        begin = float(np.random.default_rng(seed).random())
        weeks: list[list[int]] = [[] for _ in range(WEEKS_PER_YEAR)]
        for customer in order:
            count = int(np.floor(visits[customer] + 0.5))
            first = (phase[customer] + begin) % 1 * cycle
            for number in range(count):
                week = (first + number * WEEKS_PER_YEAR / count) % WEEKS_PER_YEAR
                weeks[min(int(week), WEEKS_PER_YEAR - 1)].append(int(customer))
        return weeks

    def _bundled(self, group: np.ndarray, days: int) -> np.ndarray:
        """Give customers of one trip of some days one phase: neighbors until their hours fill it."""
        hours = self.often["hours_per_visit"].to_numpy()[group]
        passed = (np.cumsum(hours) - hours / 2) / max(float(hours.sum()), 1e-9)
        trips = max(int(np.ceil(60 * float(hours.sum()) / (days * self.day))), 1)
        return np.minimum(np.floor(passed * trips), trips - 1) / trips

    def best_week(self, due: list[int], late: int) -> tuple[list[Route], list[tuple[int, str]]]:
        """Route a week's calls: every day from home, or a trip of some days first; the better of them.

        Returns
        -------
        Routes in the order of the week, whose `tour` is the day (from 0) they begin on and whose visits name
        the position in `due`; and positions of calls left out, with the reason.
        """
        stops = np.array([0, *(1 + customer for customer in due)])
        reasons = {place: self._why_never(int(stop)) for place, stop in enumerate(stops) if place}
        able = [place for place in reasons if not reasons[place]]
        question = self._question(stops, able, late)
        best: tuple[float, list[Route], int] | None = None
        for away in self._trips_away(stops, able):
            tours = ([away] if away else []) + [Tour()] * (len(DAYS) - (away.days if away else 0))
            made = route(question, tours, self.day)
            missing = set(range(1, 1 + len(able))) - {v.stop for tour in made for v in tour.visits}
            cost = float(sum(tour.drive for tour in made) + question.worth[list(missing)].sum())
            if away is not None:
                trip = [tour for tour in made if tour.tour == 0]
                cost += sum((tour.ends - 1) // self.day * away.night for tour in trip)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, made, away.days if away else 0)
        made = [] if best is None else _in_order(best[1], best[2], [place - 1 for place in able])
        visited = {visit.stop for tour in made for visit in tour.visits}
        left = [(place - 1, reason) for place, reason in reasons.items() if reason]
        left += [(place - 1, NO_ROOM) for place in able if place - 1 not in visited]
        return made, sorted(left)

    def _question(self, stops: np.ndarray, able: list[int], late: int) -> Stops:
        chosen = stops[[0, *able]]
        worth = np.array([0, *(WORTH * (2 if place <= late else 1) for place in able)], dtype=np.int64)
        groups = [np.flatnonzero(chosen == stop) for stop in np.unique(chosen)]
        return Stops(
            drive=self.drive[np.ix_(chosen, chosen)],
            call=self.call[chosen],
            opens=self.opens[chosen],
            closes=self.closes[chosen],
            worth=worth,
            apart=tuple(tuple(int(n) for n in group) for group in groups if len(group) > 1),
        )

    def _trips_away(self, stops: np.ndarray, able: list[int]) -> list[Tour | None]:
        """List the trips with nights away, or by plane, that a week may begin with; None: no such trip."""
        settings = self.settings
        night = round(60 * settings.cost_per_night / (settings.cost_per_hour or 1.0))
        far = tuple(n for n, place in enumerate(able, 1) if self.far[stops[place]])
        beyond = self.way[0, stops[able]] > settings.fly_beyond_km
        fly = tuple(int(n) + 1 for n in np.flatnonzero(beyond))
        flight = round(60 * settings.flight_hours_one_way)
        longest = min(settings.days_per_trip, len(DAYS))
        trips: list[Tour | None] = [None]
        if far:
            trips += [Tour(days, night, None, far) for days in range(2, longest + 1)]
        if fly:
            trips += [Tour(days, night, flight, fly) for days in range(1, longest + 1)]
        return trips

    def _why_never(self, stop: int) -> str:
        """Say why a call can be made in no week; "" where it can."""
        window = int(self.closes[stop] - self.opens[stop])
        if self.call[stop] > window:
            room = max(window, 0)
            return f"the call takes {self.call[stop]} minutes, the customer has {room} in a working day"
        settings = self.settings
        one_way = int(self.drive[0, stop])
        if self.way[0, stop] > settings.fly_beyond_km:
            one_way = min(one_way, round(60 * settings.flight_hours_one_way))
        away = self.far[stop] or self.way[0, stop] > settings.fly_beyond_km
        days = min(settings.days_per_trip, len(DAYS)) if away else 1
        if 2 * one_way + self.call[stop] > days * self.day:
            needed, there_is = (2 * one_way + self.call[stop]) / 60, days * self.day / 60
            return f"there and back takes {needed:.1f} hours with the call, a trip has {there_is:.1f}"
        return ""

    def call_rows(self, week: int, due: list[int], made: list[Route]) -> list[tuple[object, ...]]:
        """Write the calls of a week: week, day, order, customer, arrive, leave, drive_minutes, km."""
        rows: list[tuple[object, ...]] = []
        for tour in made:
            at, before, order = 0, -1, 0
            for visit in tour.visits:
                stop = 1 + due[visit.stop]
                number = visit.arrive // self.day
                order = order + 1 if number == before else 1
                before = number
                where = (DAYS[tour.tour + number], order, str(self.often.index[stop - 1]))
                times = (self._clock(visit.arrive), self._clock(visit.leave), visit.drive)
                rows.append((week, *where, *times, round(float(self.km[at, stop]), 1)))
                at = stop
        return rows

    def day_rows(self, week: int, made: list[Route]) -> list[tuple[object, ...]]:
        """Write the days on the road of a week, as of `CallPlan.days`."""
        rows: list[tuple[object, ...]] = []
        for tour in made:
            last = max(tour.ends - 1, 0) // self.day
            for number in range(last + 1):
                here = [visit for visit in tour.visits if visit.arrive // self.day == number]
                call = sum(visit.leave - visit.arrive for visit in here)
                begins, ends = (0, tour.ends - number * self.day if number == last else self.day)
                drive = _driven(tour, number, self.day)
                times = (self._clock(begins), self._clock(ends, end=True))
                rows.append((week, DAYS[tour.tour + number], len(here), *times, call, drive, number < last))
        return rows

    def _clock(self, minute: int, *, end: bool = False) -> str:
        within = minute if end else minute % self.day
        at = self.settings.day_starts_minute + within
        return f"{at // 60 % 24:02d}:{at % 60:02d}"


def _driven(tour: Route, number: int, day: int) -> int:
    """Count the minutes of driving that fall on a day of a tour; drives begin as soon as they can."""
    minutes, left = 0, 0
    for arrive, leave, drive in [
        *((visit.arrive, visit.leave, visit.drive) for visit in tour.visits),
        (tour.ends, tour.ends, tour.home_drive),
    ]:
        begin, end = max(left, number * day), min(left + drive, (number + 1) * day)
        minutes += max(end - begin, 0)
        left = max(leave, arrive)
    return minutes


def _in_order(made: list[Route], away: int, position: list[int]) -> list[Route]:
    """Put a trip away on the first days of the week, the other days after it; name visits by position."""
    days = sorted((tour for tour in made if not (away and tour.tour == 0)), key=lambda tour: tour.tour)
    trip = [tour for tour in made if away and tour.tour == 0]
    first = [0] * len(trip) + [(away if trip else 0) + number for number in range(len(days))]
    return [
        replace(tour, tour=day, visits=tuple(replace(v, stop=position[v.stop - 1]) for v in tour.visits))
        for day, tour in zip(first, [*trip, *days], strict=True)
    ]


def _refuse_what_is_not_there(scenario: Scenario, rep: str, first_week: int, weeks: int) -> None:
    problems = []
    if rep not in scenario.reps.index:
        names = ", ".join(str(name) for name in scenario.reps.index[:20])
        problems.append(Problem("rep", rep, f"no such rep; name one of {names}"))
    if weeks < 1 or first_week < 1 or first_week + weeks - 1 > WEEKS_PER_YEAR:
        remedy = f"the year has the weeks 1 to {WEEKS_PER_YEAR}; name some of them"
        problems.append(Problem("weeks", f"{first_week} to {first_week + weeks - 1}", remedy))
    if problems:
        raise InputError(problems)
