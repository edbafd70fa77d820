"""A rep's calls, week by week: on whom, on which day, in which order, when.

Visits are spread evenly over the year, neighbors in the same weeks; the calls of a week are put on tours by
`routing.py`, within the working days and the customers' hours, with nights away or a flight where it is far,
and with working days between two visits of one customer.
"""

from dataclasses import dataclass, replace

import pandas as pd

from optimizer.asking.matches import unknown
from optimizer.calling.frequencies import Keep, frequencies
from optimizer.calling.routing import DAYS, Route, Tour
from optimizer.calling.service import WEEKS_PER_YEAR, days_of_weeks, first_and_last, service
from optimizer.calling.weeks import Book, Due, Week
from scenarios import InputError, Problem, Scenario

FLIGHT, OVERNIGHT, DAY = "flight", "overnight trip", "day trip"

CALLS = ("week", "day", "order", "customer", "trip", "by", "arrive", "leave", "travel_minutes", "km")
ON_THE_ROAD = (
    *("week", "day", "trip", "calls", "begins", "ends"),
    *("call_minutes", "travel_minutes", "away_overnight"),
)
TRIPS = ("week", "from_day", "to_day", "trip", "calls", "nights", "travel_hours", "call_hours", "hours")
UNSERVED = ("customer", "due", "made", "missing", "week", "reason")

Rows = list[tuple[object, ...]]


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
        A row a call: week (of the plan year, from 1), day, order (within the day), customer, trip (day trip,
        overnight trip, flight), by (road or plane, from the stop before), arrive, leave (times of day),
        travel_minutes and km from the stop before; km by plane as the crow flies.
    days
        A row a day on the road: week, day, trip, calls, begins and ends (times of day), call_minutes,
        travel_minutes (all of the day), away_overnight.
    trips
        A row an overnight trip or flight: week, from_day, to_day, trip, calls, nights, travel_hours,
        call_hours, hours (from leaving home to coming back, within working days).
    unserved
        A row a customer with promised visits that are due and not made: due, made and missing (visits in
        these weeks), week (the last it was tried in), reason.
    extras_left
        Visits beyond the promised ones that found no room.
    idle_weeks
        Weeks without calls: the seat is not filled on any working day.
    """

    rep: str
    frequencies: pd.DataFrame
    calls: pd.DataFrame
    days: pd.DataFrame
    trips: pd.DataFrame
    unserved: pd.DataFrame
    extras_left: int
    idle_weeks: tuple[int, ...] = ()


def call_plan(
    scenario: Scenario,
    owner: pd.Series,
    rep: str,
    *,
    weeks: int = 1,
    first_week: int = 1,
    keep: Keep = "all",
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
        Weeks of the plan year, the first being 1. Promised visits that find no room in a week are due again
        in the next; what came before the first week is not known.
    keep
        Who gets no fewer visits than promised: as of `frequencies.frequencies`.
    promised
        Keep all promised frequencies, and give no more.
    seed
        Where in the year the round of visits begins.

    Raises
    ------
    InputError
        If there is no such rep or week.
    NoPlanExists
        If the visits of tiers named to be kept need more hours than the rep has.
    """
    _refuse_what_is_not_there(scenario, rep, first_week, weeks)
    often = frequencies(scenario, owner, rep, keep="exactly" if promised else keep)
    book = Book(scenario, rep, often)
    due_in = book.weeks_due(seed)
    served = service(scenario, owner, rep)
    there, days = served.days(often.index), days_of_weeks(scenario)
    told = _Told(book)
    late: list[Due] = []
    idle = []
    for week in range(first_week, first_week + weeks):
        if not served.filled[days[week - 1]].any():
            idle.append(week)
        first, last = first_and_last(there[:, days[week - 1]])
        here = first < len(DAYS)
        late = [item for item in late if here[item.customer]]
        due = [*late, *(item for item in due_in[week - 1] if here[item.customer])]
        earliest = [max(told.earliest(item.customer, week), int(first[item.customer])) for item in due]
        made = book.best_week(due, earliest, [int(last[item.customer]) for item in due])
        late = told.write(week, due, made, fresh=len(late))
    return told.plan(rep, tuple(idle))


class _Told:
    """What was planned so far, as rows, and when each customer was last visited."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.calls: Rows = []
        self.days: Rows = []
        self.trips: Rows = []
        self.last: dict[int, int] = {}
        self.due: dict[int, int] = {}
        self.made: dict[int, int] = {}
        self.why: dict[int, tuple[int, str]] = {}
        self.extras_left = 0

    def earliest(self, customer: int, week: int) -> int:
        """Give the first day of a week on which a customer may be visited again, from 0."""
        if customer not in self.last:
            return 0
        after = self.last[customer] + int(self.book.gap[customer]) - week * len(DAYS)
        return max(after, 0)

    def write(self, week: int, due: list[Due], made: Week, fresh: int) -> list[Due]:
        """Write a week down; give what is due again in the next."""
        for item in due[fresh:]:
            if item.promised:
                self.due[item.customer] = self.due.get(item.customer, 0) + 1
        for tour, one in made.tours:
            self._write_tour(week, tour, one, due)
        for position, reason in (*made.never, *made.left):
            if due[position].promised:
                self.why[due[position].customer] = (week, reason)
            else:
                self.extras_left += 1
        return [replace(due[n], late=True) for n, _ in made.left if due[n].promised]

    def _write_tour(self, week: int, tour: Tour, one: Route, due: list[Due]) -> None:
        book = self.book
        last = max(one.ends - 1, 0) // book.day
        kind = FLIGHT if tour.ways is not None else OVERNIGHT if last else DAY
        at, before, order = 0, -1, 0
        for visit in one.visits:
            item = due[visit.stop]
            stop, number = 1 + item.customer, visit.arrive // book.day
            order = order + 1 if number == before else 1
            before = number
            flown = tour.ways is not None and visit.drive < book.drive[at, stop]
            km = book.way[at, stop] if flown else book.km[at, stop]
            where = (DAYS[tour.begins + number], order, str(book.often.index[stop - 1]), kind)
            times = (self._clock(visit.arrive), self._clock(visit.leave), visit.drive)
            by = "plane" if flown else "road"
            self.calls.append((week, *where, by, *times, round(float(km), 1)))
            at = stop
            self.last[item.customer] = week * len(DAYS) + tour.begins + number
            if item.promised:
                self.made[item.customer] = self.made.get(item.customer, 0) + 1
        self._write_days(week, tour, one, kind)
        if kind != DAY:
            call = sum(visit.leave - visit.arrive for visit in one.visits) / 60
            span = (DAYS[tour.begins], DAYS[tour.begins + last])
            hours = (round(one.drive / 60, 2), round(call, 2), round(one.ends / 60, 2))
            self.trips.append((week, *span, kind, len(one.visits), last, *hours))

    def _write_days(self, week: int, tour: Tour, one: Route, kind: str) -> None:
        day = self.book.day
        last = max(one.ends - 1, 0) // day
        for number in range(last + 1):
            here = [visit for visit in one.visits if visit.arrive // day == number]
            call = sum(visit.leave - visit.arrive for visit in here)
            ends = one.ends - number * day if number == last else day
            times = (self._clock(0), self._clock(ends, end=True))
            travel = _traveled(one, number, day)
            where = (week, DAYS[tour.begins + number], kind, len(here))
            self.days.append((*where, *times, call, travel, number < last))

    def plan(self, rep: str, idle: tuple[int, ...]) -> CallPlan:
        """Put it all together; promised visits that were due and not made are not served."""
        names = self.book.often.index
        rows = [
            (str(names[customer]), due, made, due - made, *self.why[customer])
            for customer, due in self.due.items()
            if (made := self.made.get(customer, 0)) < due
        ]
        return CallPlan(
            rep=rep,
            frequencies=self.book.often,
            calls=pd.DataFrame(self.calls, columns=list(CALLS)),
            days=pd.DataFrame(self.days, columns=list(ON_THE_ROAD)),
            trips=pd.DataFrame(self.trips, columns=list(TRIPS)),
            unserved=pd.DataFrame(rows, columns=list(UNSERVED)).sort_values(["week", "customer"]),
            extras_left=self.extras_left,
            idle_weeks=idle,
        )

    def _clock(self, minute: int, *, end: bool = False) -> str:
        within = minute if end else minute % self.book.day
        at = self.book.settings.day_starts_minute + within
        return f"{at // 60 % 24:02d}:{at % 60:02d}"


def _traveled(one: Route, number: int, day: int) -> int:
    """Count the minutes of travel that fall on a day of a tour; ways begin as soon as they can."""
    minutes, left = 0, 0
    for arrive, leave, drive in [
        *((visit.arrive, visit.leave, visit.drive) for visit in one.visits),
        (one.ends, one.ends, one.home_drive),
    ]:
        begin, end = max(left, number * day), min(left + drive, (number + 1) * day)
        minutes += max(end - begin, 0)
        left = max(leave, arrive)
    return minutes


def _refuse_what_is_not_there(scenario: Scenario, rep: str, first_week: int, weeks: int) -> None:
    problems = []
    if rep not in scenario.reps.index:
        problems.append(unknown("rep", rep, scenario.reps))
    if weeks < 1 or first_week < 1 or first_week + weeks - 1 > WEEKS_PER_YEAR:
        remedy = f"the year has the weeks 1 to {WEEKS_PER_YEAR}; name some of them"
        problems.append(Problem("weeks", f"{first_week} to {first_week + weeks - 1}", remedy))
    if problems:
        raise InputError(problems)
