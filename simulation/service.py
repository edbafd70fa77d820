"""Seats, and who serves whom: the plan's owner, and until his or her first day today's owner."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from optimizer.compiling.costs import winning_share
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import days_from
from scenarios import InputError, Problem, Scenario
from simulation.luck import Ids, stable_ids

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Seats:
    """The seats of the sales force, one entry a rep; a last one, always empty, stands for the house.

    Parameters
    ----------
    ids
        Stable ids.
    days_per_hour
        Calendar days an hour of work takes: the year's hours are spread evenly over all days of the year.
    start, end
        Days on which the holder starts and leaves, counted from the first day of the year; infinite where
        none is planned.
    backfill
        Whether the seat is filled again when its holder has left.
    """

    ids: Ids
    days_per_hour: Numbers
    start: Numbers
    end: Numbers
    backfill: Flags

    @property
    def house(self) -> int:
        """Position of the seat that stands for nobody."""
        return len(self.ids) - 1


@dataclass(frozen=True)
class Service:
    """Who serves each customer: a first seat until a day, a second one from that day on.

    Parameters
    ----------
    from_day
        When the second seat takes over, [customers]; 0 or less where it serves all year.
    seat
        Positions of both seats, [customers, 2]; the house where nobody serves.
    visit_hours
        Hours of one visit with travel, [customers, 2].
    moved
        Whether the seat is new to the customer, [customers, 2].
    skill
        Share of the sales in a line that the seat's skills can win, [customers, 2, lines].
    """

    from_day: Numbers
    seat: Positions
    visit_hours: Numbers
    moved: Flags
    skill: Numbers

    def hand(self, customer: Positions, day: Numbers) -> Positions:
        """Say which of the two seats serves a customer on a day: 0 or 1."""
        return (day >= self.from_day[customer]).astype(np.int64)


def seats_of(scenario: Scenario) -> Seats:
    """Compile the seats of a scenario."""
    reps = scenario.reps
    return Seats(
        ids=stable_ids([*reps.index, ""]),
        days_per_hour=np.append(scenario.year.days / reps["hours_per_year"].to_numpy(dtype="float64"), 0.0),
        start=np.append(days_from(scenario, reps["start"], -np.inf), np.inf),
        end=np.append(days_from(scenario, reps["end"], np.inf), np.inf),
        backfill=np.append(reps["backfill"].to_numpy(dtype=bool), False),
    )


def service_of(scenario: Scenario, plan: Plan, seats: Seats) -> Service:
    """Work out who serves whom under a plan.

    Before the first day of the plan's owner a customer stays with today's owner; from then on, or all year,
    it has moved if today's owner is another rep.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have.
    """
    _refuse_a_plan_for_others(scenario, plan)
    customers = scenario.customers
    today = _seat_numbers(scenario, customers["owner"])
    planned = _seat_numbers(scenario, plan.owner.loc[customers.index])
    starts = np.where(planned == seats.house, -np.inf, seats.start[planned])
    held_over = (starts > 0) & (today != planned) & (today != seats.house)
    seat = np.stack([np.where(held_over, today, planned), planned], axis=1)
    moved = (planned != today) & (today != seats.house)
    return Service(
        from_day=np.where(held_over, starts, 0.0),
        seat=seat,
        visit_hours=_visit_hours(scenario, seat),
        moved=np.stack([moved & ~held_over, moved], axis=1),
        skill=_skill(scenario, seat),
    )


def _refuse_a_plan_for_others(scenario: Scenario, plan: Plan) -> None:
    absent = scenario.customers.index.difference(plan.owner.index)
    known = {"", *scenario.reps.index}
    strangers = sorted(set(plan.owner[plan.owner.index.isin(scenario.customers.index)]) - known)
    unasked = scenario.reps.index.difference(plan.quota.index)
    place = f"plan {plan.name!r}"
    problems = [
        *(Problem(f"{place}, customers", c, "has no entry; plan this scenario") for c in absent[:20]),
        *(
            Problem(f"{place}, owner", r, "no such rep in the scenario; plan this scenario")
            for r in strangers
        ),
        *(Problem(f"{place}, quota", r, "has no quota; plan this scenario") for r in unasked),
    ]
    if problems:
        raise InputError(problems)


def _seat_numbers(scenario: Scenario, owner: pd.Series) -> Positions:
    number = pd.Series(np.arange(len(scenario.reps)), index=scenario.reps.index)
    return owner.map(number).fillna(len(number)).to_numpy(dtype=np.int64)


def _skill(scenario: Scenario, seat: Positions) -> Numbers:
    nobody = np.ones((len(scenario.customers), 1))
    by_line = [np.hstack([winning_share(scenario, line).to_numpy(), nobody]) for line in scenario.lines]
    return np.stack([np.take_along_axis(shares, seat, axis=1) for shares in by_line], axis=2)


def _visit_hours(scenario: Scenario, seat: Positions) -> Numbers:
    travel, done = np.empty(seat.shape), 0
    for part in scenario.parts():
        rows = slice(done, done + len(part.customers))
        table = np.column_stack([travel_hours(part).to_numpy(), np.zeros(len(part.customers))])
        travel[rows] = np.take_along_axis(table, seat[rows], axis=1)
        done = rows.stop
    return scenario.customers["hours_per_visit"].to_numpy(dtype="float64")[:, None] + travel
