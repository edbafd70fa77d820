"""Seats, and the hands customers pass through: who serves whom first, who takes over when, who might."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from optimizer.compiling.costs import at_stake, relationship_loss, winning_share
from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import DAYS_PER_MONTH, days_from
from scenarios import InputError, Problem, Scenario
from simulation.luck.keyed import Ids, stable_ids

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

ALTERNATES = 3
"""Colleagues among whom a customer of an abandoned seat may find a new rep: the nearest who may serve it."""


@dataclass(frozen=True)
class Seats:
    """The seats of the sales force, one entry a rep; a last one, always empty, stands for the house.

    Parameters
    ----------
    ids
        Stable ids.
    yearly_hours
        Hours for customers in a full year.
    start, end
        Days on which the holder starts and leaves, counted from the first day of the year; infinite where
        none is planned.
    backfill
        Whether the seat is filled again when its holder has left.
    ramp_days
        Days a new holder takes to be fully productive.
    """

    ids: Ids
    yearly_hours: Numbers
    start: Numbers
    end: Numbers
    backfill: Flags
    ramp_days: Numbers

    @property
    def house(self) -> int:
        """Position of the seat that stands for nobody."""
        return len(self.ids) - 1


@dataclass(frozen=True)
class Hands:
    """The hands each customer may be in: columns of a table, customers x hands; the first is that of day 0.

    Parameters
    ----------
    seat
        Positions; the house where nobody serves or there is no such hand.
    road_hours
        Hours on the road of one visit.
    loss
        Share of demand lost when this hand takes over.
    skill
        Share of the sales in a line that the seat's skills can win, [customers, hands, lines].
    alternates
        From which column on hands are those of colleagues who take over only if a seat is given up.
    new_hire_loss
        Share of demand lost when somebody just hired sits down in the customer's seat, [customers].
    day, customer, hand
        Planned changes of hands in order of days, one entry each.
    """

    seat: Positions
    road_hours: Numbers
    loss: Numbers
    skill: Numbers
    alternates: int
    new_hire_loss: Numbers
    day: Numbers
    customer: Positions
    hand: Positions

    def at(self, customers: Positions, day: float) -> Positions:
        """Say in which hands customers are on a day as planned."""
        now = np.zeros(len(self.seat), dtype=np.int64)
        until = np.searchsorted(self.day, day, side="right")
        now[self.customer[:until]] = self.hand[:until]
        return now[customers]


def seats_of(scenario: Scenario) -> Seats:
    """Compile the seats of a scenario."""
    reps, turnover = scenario.reps, scenario.market.turnover
    months = reps["seniority"].map(turnover.ramp_of)
    return Seats(
        ids=stable_ids([*reps.index, ""]),
        yearly_hours=np.append(reps["hours_per_year"].to_numpy(dtype="float64"), 0.0),
        start=np.append(days_from(scenario, reps["start"], -np.inf), np.inf),
        end=np.append(days_from(scenario, reps["end"], np.inf), np.inf),
        backfill=np.append(reps["backfill"].to_numpy(dtype=bool), False),
        ramp_days=np.append(months.to_numpy(dtype="float64") * DAYS_PER_MONTH, 0.0),
    )


def hands_of(scenario: Scenario, plan: Plan, seats: Seats) -> Hands:
    """Work out who serves whom under a plan.

    Before the first day of the plan's owner a customer stays with today's owner; rows of `moves.csv` follow
    from their days on.

    Raises
    ------
    InputError
        If the plan leaves out customers of the scenario or names reps it does not have.
    """
    _refuse_a_plan_for_others(scenario, plan)
    today = _seat_numbers(scenario, scenario.customers["owner"])
    planned = _seat_numbers(scenario, plan.owner.loc[scenario.customers.index])
    starts = np.where(planned == seats.house, -np.inf, seats.start[planned])
    held_over = (starts > 0) & (today != planned) & (today != seats.house)
    columns = [np.where(held_over, today, planned), planned]
    days, customers, hands = (
        [starts[held_over]],
        [np.flatnonzero(held_over)],
        [np.ones(held_over.sum(), int)],
    )
    for number, (day, customer, seat) in enumerate(_dated_moves(scenario)):
        columns.append(np.full(len(today), seats.house))
        columns[-1][customer] = seat
        days.append(day)
        customers.append(customer)
        hands.append(np.full(len(day), number + 2))
    alternates = len(columns)
    if scenario.market.turnover.reassign:
        columns += list(_colleagues(scenario, planned, seats.house).T)
    order = np.lexsort((np.concatenate(customers), np.concatenate(days)))
    return _in_full(
        scenario,
        np.stack(columns, axis=1),
        alternates,
        np.concatenate(days)[order],
        np.concatenate(customers)[order],
        np.concatenate(hands)[order],
    )


def _in_full(
    scenario: Scenario, seat: Positions, alternates: int, day: Numbers, customer: Positions, hand: Positions
) -> Hands:
    """Look up what each hand means for its customer."""
    road, loss = np.empty(seat.shape), np.empty(seat.shape)
    skill = np.ones((*seat.shape, len(scenario.lines)))
    done = 0
    for part in scenario.parts():
        rows = slice(done, done + len(part.customers))
        road[rows] = _of_seats(travel_hours(part), seat[rows], 0.0)
        loss[rows] = _of_seats(relationship_loss(part), seat[rows], 0.0)
        for line, name in enumerate(scenario.lines):
            skill[rows, :, line] = _of_seats(winning_share(part, name), seat[rows], 1.0)
        done = rows.stop
    return Hands(seat, road, loss, skill, alternates, _loss_to_a_new_hire(scenario), day, customer, hand)


def _of_seats(table: pd.DataFrame, seat: Positions, nobody: float) -> Numbers:
    wide = np.column_stack([table.to_numpy(dtype="float64"), np.full(len(table), nobody)])
    return np.take_along_axis(wide, seat, axis=1)


def _loss_to_a_new_hire(scenario: Scenario) -> Numbers:
    """Share of demand lost when the seat's next holder, of the same team and just hired, sits down."""
    believed = scenario.market.relationships
    lost = at_stake(scenario).to_numpy(dtype="float64") * believed.new_hire * believed.same_team
    return np.minimum(lost, 1.0)


def _dated_moves(scenario: Scenario) -> list[tuple[Numbers, Positions, Positions]]:
    """Give the rows of `moves.csv` as days, customers and seats: all first moves, then the second ones."""
    moves = scenario.moves.sort_values(["day", "customer"], kind="stable")
    day = days_from(scenario, moves["day"], 0.0)
    customer = scenario.customers.index.get_indexer(pd.Index(moves["customer"]))
    seat = _seat_numbers(scenario, moves["rep"])
    nth = moves.groupby("customer").cumcount().to_numpy(dtype=np.int64)
    return [(day[nth == n], customer[nth == n], seat[nth == n]) for n in range(nth.max(initial=-1) + 1)]


def _colleagues(scenario: Scenario, planned: Positions, house: int) -> Positions:
    """List who may take a customer over: the nearest of those who may serve it, of the team if there are any.

    Returns
    -------
    Seats, [customers, ALTERNATES]; the house where there are fewer.
    """
    team = np.append(scenario.reps["team"].to_numpy(dtype=object), "")
    found, done = np.full((len(planned), ALTERNATES), house), 0
    for part in scenario.parts():
        rows = slice(done, done + len(part.customers))
        far = travel_hours(part).to_numpy(dtype="float64", copy=True)
        own = planned[rows]
        far[~part.eligible.to_numpy() | (np.arange(house) == own[:, None])] = np.inf
        kin = np.isfinite(far) & (team[:-1] == team[own][:, None])
        far[~kin & kin.any(axis=1)[:, None]] = np.inf
        nearest = np.argsort(far, axis=1, kind="stable")[:, :ALTERNATES]
        there = np.isfinite(np.take_along_axis(far, nearest, axis=1))
        found[rows, : nearest.shape[1]] = np.where(there, nearest, house)
        done = rows.stop
    return found


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
