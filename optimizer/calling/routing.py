"""Tours of one rep, by OR-Tools' routing solver: which stops on which tour, in which order, when.

A tour leaves home at minute 0 of its first day and is back before its last day ends. One of several days is
worked through day by day: a call lies within one day, a drive may go on the next morning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

Minutes = NDArray[np.int64]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
"""Working days of a week, in the order in which tours count them."""

FINE = 100
"""Units of cost in a minute of driving, so that nights can be charged by the minute."""

SECONDS = 60
"""Emergency brake of a search, wall time; the number of solutions ends it long before."""


@dataclass(frozen=True, eq=False)
class Stops:
    """What there is to do: stop 0 is home, the others are calls.

    Parameters
    ----------
    drive
        Minutes from stop to stop, [1 + calls, 1 + calls].
    call
        Minutes of each call, [1 + calls]; 0 at home.
    opens, closes
        When a call may begin and must be over, minutes after the working day began, [1 + calls].
    worth
        What leaving a call out costs, in minutes of driving, [1 + calls]; 0: it may not be left out.
    apart
        Calls that belong on different tours, e.g. those on one customer.
    """

    drive: Minutes
    call: Minutes
    opens: Minutes
    closes: Minutes
    worth: Minutes
    apart: tuple["Apart", ...] = ()


@dataclass(frozen=True)
class Apart:
    """Calls that belong on different tours, and how many days at least lie from the one to the next."""

    stops: tuple[int, ...]
    days: int = 0


@dataclass(frozen=True, eq=False)
class Tour:
    """A tour that may be made, or not.

    Parameters
    ----------
    days
        Working days it lasts at most.
    night
        What a night away costs, in minutes of driving; here it is charged by the hour, evenly.
    ways
        Minutes from stop to stop where they are not those of `Stops`, [1 + calls, 1 + calls]: some by plane.
    stops
        The stops it may have; None: all.
    begins
        The day of the week it begins on, from 0.
    """

    days: int = 1
    night: int = 0
    ways: Minutes | None = None
    stops: tuple[int, ...] | None = None
    begins: int = 0

    def clear_of(self, other: "Tour", days: int) -> bool:
        """Say whether all calls of one lie so many days from all calls of the other; 0: always."""
        first, second = (self, other) if self.begins <= other.begins else (other, self)
        return days == 0 or second.begins - (first.begins + first.days - 1) >= days


@dataclass(frozen=True)
class Visit:
    """A call of a tour: which stop, when it begins and ends (minutes of the tour), minutes driven there."""

    stop: int
    arrive: int
    leave: int
    drive: int


@dataclass(frozen=True)
class Route:
    """A tour as it is driven.

    Parameters
    ----------
    tour
        Position of the tour.
    visits
        Its calls in order.
    home_drive
        Minutes of the last drive, home.
    ends
        When it is back home, minutes of the tour.
    """

    tour: int
    visits: tuple[Visit, ...]
    home_drive: int
    ends: int

    @property
    def drive(self) -> int:
        """Minutes of driving in all."""
        return self.home_drive + sum(visit.drive for visit in self.visits)


def route(stops: Stops, tours: Sequence[Tour], day: int, *, solutions: int = 0) -> list[Route]:
    """Find tours with little driving; calls that do not fit are left out, those worth least first.

    Parameters
    ----------
    tours
        Those that may be made.
    day
        Minutes of a working day.
    solutions
        Go on by guided local search until so many solutions were seen; 0: stop at the first local optimum.
        Either way the same question has the same answer.

    Returns
    -------
    Tours with calls; empty where calls that may not be left out cannot be made.
    """
    if len(stops.call) == 1 or not tours:
        return []
    manager = pywrapcp.RoutingIndexManager(len(stops.call), len(tours), 0)
    model = pywrapcp.RoutingModel(manager)
    drives = [_drive(stops, tour) for tour in tours]
    _price_driving(model, drives)
    time = _keep_days(model, stops, drives, tours, day)
    _keep_hours(model, manager, stops, time, day, max(tour.days for tour in tours))
    _say_who_may_go_where(model, manager, stops, tours)
    _let_calls_go(model, manager, stops)
    for apart in stops.apart:
        _keep_apart(model, manager, tours, apart)
    found = model.SolveWithParameters(_search(solutions if len(stops.call) > 3 else 0))
    if found is None:
        return []
    return _routes(model, manager, found, time, stops, drives)


def _drive(stops: Stops, tour: Tour) -> Minutes:
    return stops.drive if tour.ways is None else tour.ways


def _price_driving(model: Any, drives: list[Minutes]) -> None:
    known: dict[int, int] = {}
    for vehicle, drive in enumerate(drives):
        if id(drive) not in known:
            known[id(drive)] = model.RegisterTransitMatrix((FINE * drive).tolist())
        model.SetArcCostEvaluatorOfVehicle(known[id(drive)], vehicle)


def _keep_days(model: Any, stops: Stops, drives: list[Minutes], tours: Sequence[Tour], day: int) -> Any:
    known: dict[int, int] = {}
    evaluators = []
    for drive in drives:
        if id(drive) not in known:
            known[id(drive)] = model.RegisterTransitMatrix((drive + stops.call[:, None]).tolist())
        evaluators.append(known[id(drive)])
    ends = [tour.days * day for tour in tours]
    model.AddDimensionWithVehicleTransitAndCapacity(evaluators, max(ends), ends, True, "time")
    time = model.GetDimensionOrDie("time")
    for vehicle, tour in enumerate(tours):
        if tour.days > 1 and tour.night:
            time.SetSpanCostCoefficientForVehicle(max(round(FINE * tour.night / day), 1), vehicle)
    return time


def _keep_hours(model: Any, manager: Any, stops: Stops, time: Any, day: int, days: int) -> None:
    """Let every call lie within the opening hours of a day."""
    for stop in range(1, len(stops.call)):
        begins = time.CumulVar(manager.NodeToIndex(stop))
        first, last = int(stops.opens[stop]), int(min(stops.closes[stop], day) - stops.call[stop])
        if last < first:
            model.solver().Add(model.ActiveVar(manager.NodeToIndex(stop)) == 0)
            continue
        begins.SetRange(first, (days - 1) * day + last)
        for number in range(days - 1):
            if number * day + last + 1 <= (number + 1) * day + first - 1:
                begins.RemoveInterval(number * day + last + 1, (number + 1) * day + first - 1)


def _say_who_may_go_where(model: Any, manager: Any, stops: Stops, tours: Sequence[Tour]) -> None:
    for stop in range(1, len(stops.call)):
        able = [v for v, tour in enumerate(tours) if tour.stops is None or stop in tour.stops]
        if len(able) < len(tours):
            model.VehicleVar(manager.NodeToIndex(stop)).SetValues([-1, *able])


def _let_calls_go(model: Any, manager: Any, stops: Stops) -> None:
    for stop in range(1, len(stops.call)):
        if stops.worth[stop] > 0:
            model.AddDisjunction([manager.NodeToIndex(stop)], FINE * int(stops.worth[stop]))


def _keep_apart(model: Any, manager: Any, tours: Sequence[Tour], apart: Apart) -> None:
    """Allow pairs of calls only on tours that lie far enough apart, or not at all (-1)."""
    many = range(len(tours))
    pairs = [(-1, -1), *((-1, b) for b in many), *((a, -1) for a in many)]
    pairs += [(a, b) for a in many for b in many if a != b and tours[a].clear_of(tours[b], apart.days)]
    for place, one in enumerate(apart.stops):
        for other in apart.stops[place + 1 :]:
            tour_of = [model.VehicleVar(manager.NodeToIndex(stop)) for stop in (one, other)]
            model.solver().Add(model.solver().AllowedAssignments(tour_of, pairs))


def _search(solutions: int) -> Any:
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.time_limit.seconds = SECONDS
    if solutions:
        search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        search.solution_limit = solutions
    else:
        search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GREEDY_DESCENT
    return search


def _routes(
    model: Any, manager: Any, found: Any, time: Any, stops: Stops, drives: list[Minutes]
) -> list[Route]:
    routes = []
    for vehicle, drive in enumerate(drives):
        visits, at, index = [], 0, found.Value(model.NextVar(model.Start(vehicle)))
        while not model.IsEnd(index):
            stop = manager.IndexToNode(index)
            arrive = found.Min(time.CumulVar(index))
            visits.append(Visit(stop, arrive, arrive + int(stops.call[stop]), int(drive[at, stop])))
            at, index = stop, found.Value(model.NextVar(index))
        if visits:
            ends = found.Min(time.CumulVar(index))
            routes.append(Route(vehicle, tuple(visits), int(drive[at, 0]), ends))
    return routes
