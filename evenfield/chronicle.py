"""What the journal of one simulated year says of one rep: standings, deals, people, effort, customers."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenfield.away import Away, absences_of
from optimizer import Plan
from optimizer.asking.matches import unknown
from scenarios import InputError, Scenario
from simulation.accounting.journal import with_kinds

WORKED = ("WORK", "VISIT", "SERVED")
"""Kinds whose hours are the rep's work."""

OF_PEOPLE = frozenset({"JOINS", "LEAVES", "QUITS", "EFFORT"})
"""Kinds that happen to a seat whether or not it has customers."""

TOLD = frozenset({
    "UNDER_WAY", "ARISES", "ARISES_UNATTENDED", "WORK", "PASSES", "WON", "LOST", "LOST_WAITING",
    "LOST_UNATTENDED", "OPEN", "INVOICE", "PAYMENT", "BAD_DEBT", "VISIT", "MISSED_VISIT", "OPEN_VISIT",
    "EFFORT", "JOINS", "LEAVES", "QUITS", "HOLD", "RELEASE", "CALL", "UNSERVED", "SERVED", "CUSTOMER_LOST",
    "MOVES", "HELD_BACK", "LOST_HELD", "PULLED_IN", "DISCOUNT", "LOST_PRESSED",
})  # fmt: skip
"""Kinds a story has sentences for; the rest is counted."""

WORTH_TELLING = 0.05
"""Change of effort from one week to the next that is told."""


@dataclass(frozen=True)
class Turn:
    """A week in which effort changed most in its quarter.

    Parameters
    ----------
    day
        Counted from the first day of the year.
    before, after
        Effort; 1 is the usual.
    booked
        Bookings of the quarter up to then over its quota.
    days_left
        Of the quarter.
    """

    day: float
    before: float
    after: float
    booked: float
    days_left: int


@dataclass(frozen=True, eq=False)
class Chronicle:
    """The year of a rep.

    Parameters
    ----------
    rep
        Key.
    planned
        Number of customers the plan gives the rep.
    start, days
        First day and length of the year.
    own
        Records of the rep's seat, as of `simulation.journal` with the kind's name as `kind` and positions of
        month and quarter.
    house
        The same of the rep's customers where nobody sat in the seat.
    quarters, months
        A row each: quota (quarters only), booked, orders, visits, missed, waiting, waiting_amount, refused,
        hours, paid, effort (mean; nan where none was chosen), calls, unserved.
    won, waiting
        Orders, and opportunities that ran out of patience and would have been bought: day, customer, line,
        amount, hours (of work), took (days; nan where it was under way at the start), largest first.
    refused
        The same of opportunities the customer said no to after work of the rep, most work and then most days
        first; amounts are not in the journal.
    turns
        Of effort.
    empty
        First and last day of each stretch with nobody in the seat.
    away
        Absences beside usual leave.
    lost, gained, given
        Customers lost for good, come from and gone to colleagues: day, customer, rep (the other one).
    place, of
        Rank by attainment among the reps with a quota, and how many there are; place 0 without a quota.
    others
        Number of records by words that no sentence tells.
    """

    rep: str
    planned: int
    start: date
    days: int
    own: pd.DataFrame
    house: pd.DataFrame
    quarters: pd.DataFrame
    months: pd.DataFrame
    won: pd.DataFrame
    waiting: pd.DataFrame
    refused: pd.DataFrame
    turns: tuple[Turn, ...]
    empty: tuple[tuple[float, float], ...]
    away: tuple[Away, ...]
    lost: pd.DataFrame
    gained: pd.DataFrame
    given: pd.DataFrame
    place: int
    of: int
    others: dict[str, int]

    @property
    def idle(self) -> bool:
        """Say whether there was no customer to do anything for, all year."""
        return not self.planned and self.gained.empty and set(self.own["kind"]) <= OF_PEOPLE

    def date(self, day: float) -> date:
        """Give the date of a day; the very end of the year counts as its last day."""
        return self.start + timedelta(days=min(int(day), self.days - 1))


def chronicle(scenario: Scenario, plan: Plan, rep: str, events: pd.DataFrame) -> Chronicle:
    """Read a year of a rep out of the journal of the whole company.

    Parameters
    ----------
    scenario, plan
        What was played.
    rep
        Key of reps.csv.
    events
        As of `simulation.journal`.

    Raises
    ------
    InputError
        If there is no such rep.
    """
    if rep not in scenario.reps.index:
        raise InputError([unknown("rep", rep, scenario.reps, "--rep")])
    named = with_kinds(events)
    named["month"] = _positions(named["time"], [scenario.year.month(m) for m in range(1, 12)], scenario)
    named["quarter"] = _positions(named["time"], [q.end for q in scenario.year.quarters[:-1]], scenario)
    hands = _hands(scenario, plan, named)
    own = named[named["rep"] == rep]
    house = named[(named["rep"] == "") & (hands["after"] == rep) & (named["customer"] != "")]
    quota = plan.quota.loc[rep]
    quarters = _figures(own, "quarter", len(quota)).set_axis(list(quota.index))
    quarters = pd.concat([pd.Series(quota, index=quarters.index, name="quota"), quarters], axis=1)
    moves = named.assign(before=hands["before"], after=hands["after"])[named["kind"] == "MOVES"]
    place, of = _place(plan, named, rep)
    others = pd.concat([own, house])[lambda all_: ~all_["kind"].isin(TOLD)]["what"].value_counts()
    empty = _empty(own, scenario.year.days)
    return Chronicle(
        rep=rep,
        planned=int((plan.owner == rep).sum()),
        start=scenario.year.start,
        days=scenario.year.days,
        own=own,
        house=house,
        quarters=quarters,
        months=_figures(own, "month", 12).set_axis(list(scenario.year.months)),
        won=_deals(named, own[own["kind"] == "WON"], "amount"),
        waiting=_deals(named, own[(own["kind"] == "LOST_WAITING") & (own["amount"] > 0)], "amount"),
        refused=_deals(named, own[own["kind"] == "LOST"], "hours").query("hours > 0"),
        turns=_turns(scenario, own, quarters["quota"].to_numpy()),
        empty=empty,
        away=absences_of(scenario, rep, empty),
        lost=_changes(own[own["kind"] == "CUSTOMER_LOST"], "rep"),
        gained=_changes(moves[moves["after"] == rep], "before"),
        given=_changes(moves[(moves["before"] == rep) & (moves["after"] != rep)], "after"),
        place=place,
        of=of,
        others={str(what): int(number) for what, number in others.sort_index().items()},
    )  # fmt: skip


def _positions(times: pd.Series, ends: Sequence[date], scenario: Scenario) -> NDArray[np.intp]:
    days = np.array([(end - scenario.year.start).days for end in ends])
    return np.searchsorted(days, times.to_numpy(), side="right")


def _hands(scenario: Scenario, plan: Plan, named: pd.DataFrame) -> pd.DataFrame:
    """Say who serves the customer of each record before and after it; "" where there is no customer.

    Who serves a customer that moves to its planned owner was its owner of today.
    """
    moved_to = named["rep"].where(named["kind"] == "MOVES")
    by_customer = moved_to.groupby(named["customer"])
    latest, earlier = by_customer.ffill(), by_customer.ffill().groupby(named["customer"]).shift()
    planned = named["customer"].map(plan.owner).fillna("")
    today = named["customer"].map(scenario.customers["owner"]).fillna("")
    first = planned.where(moved_to != planned, today)
    return pd.DataFrame({"before": earlier.fillna(first), "after": latest.fillna(planned)})


def _figures(own: pd.DataFrame, period: str, count: int) -> pd.DataFrame:
    """Add up what happened in each month or quarter."""

    def among(kind: str) -> tuple[NDArray[np.intp], pd.DataFrame]:
        some = own[own["kind"] == kind]
        return some[period].to_numpy(), some

    def many(kind: str) -> NDArray[np.intp]:
        return np.bincount(among(kind)[0], minlength=count)

    def total(what: str, kind: str) -> NDArray[np.float64]:
        at, some = among(kind)
        return np.bincount(at, some[what].to_numpy(dtype="float64"), count).astype(np.float64)

    decided = many("EFFORT")
    return pd.DataFrame(
        {
            "booked": total("amount", "WON"),
            "orders": many("WON"),
            "visits": many("VISIT"),
            "missed": many("MISSED_VISIT"),
            "waiting": many("LOST_WAITING"),
            "waiting_amount": total("amount", "LOST_WAITING"),
            "refused": many("LOST"),
            "hours": np.sum([total("hours", kind) for kind in WORKED], axis=0),
            "paid": total("amount", "PAYMENT"),
            "effort": np.divide(
                total("amount", "EFFORT"), decided, out=np.full(count, np.nan), where=decided > 0
            ),
            "calls": many("CALL"),
            "unserved": many("UNSERVED"),
        }
    )


def _deals(named: pd.DataFrame, ends: pd.DataFrame, largest: str) -> pd.DataFrame:
    """Describe opportunities that ended, with the work and days they took."""
    about = named[named["opportunity"].isin(ends["opportunity"]) & (named["opportunity"] >= 0)]
    work = about[about["kind"] == "WORK"].groupby("opportunity")["hours"].sum()
    began = about[about["kind"] == "ARISES"].groupby("opportunity")["time"].min()
    deals = pd.DataFrame(
        {
            "day": ends["time"],
            "customer": ends["customer"],
            "line": ends["line"],
            "amount": ends["amount"],
            "hours": ends["opportunity"].map(work).fillna(0.0),
            "took": ends["time"] - ends["opportunity"].map(began),
        }
    )
    return deals.sort_values([largest, "took", "day"], ascending=[False, False, True], ignore_index=True)


def _turns(scenario: Scenario, own: pd.DataFrame, quota: NDArray[np.float64]) -> tuple[Turn, ...]:
    """Find the largest change of effort within each quarter, where it is worth telling."""
    turns = []
    joined = own.loc[own["kind"] == "JOINS", "time"].to_numpy()
    for number, quarter in enumerate(scenario.year.quarters):
        chosen = own[(own["kind"] == "EFFORT") & (own["quarter"] == number)]
        won = own[(own["kind"] == "WON") & (own["quarter"] == number)]
        choices = chosen[["time", "amount"]].to_numpy(dtype="float64").tolist()
        steps = [
            (after[0], before[1], after[1])
            for before, after in itertools.pairwise(choices)
            if not ((joined > before[0]) & (joined <= after[0])).any()
        ]
        if not steps or quota[number] <= 0:
            continue
        day, before, after = max(steps, key=lambda step: abs(step[2] - step[1]))
        if abs(after - before) >= WORTH_TELLING:
            booked = float(won.loc[won["time"] <= day, "amount"].sum() / quota[number])
            left = (quarter.end - scenario.year.start).days - int(day)
            turns.append(Turn(day, before, after, booked, left))
    return tuple(turns)


def _empty(own: pd.DataFrame, days: int) -> tuple[tuple[float, float], ...]:
    """Find the stretches in which nobody sat in the seat."""
    stretches, since = [], 0.0
    changes = own[own["kind"].isin(["JOINS", "LEAVES", "QUITS"])]
    for day, kind in zip(changes["time"].tolist(), changes["kind"].tolist(), strict=True):
        if kind != "JOINS":
            since = day
        elif day > since:
            stretches.append((since, day))
        since = float(days) if kind == "JOINS" else since
    return (*stretches, (since, float(days))) if since < days else tuple(stretches)


def _changes(records: pd.DataFrame, other: str) -> pd.DataFrame:
    table = records[["time", "customer", other]].set_axis(["day", "customer", "rep"], axis=1)
    return table.reset_index(drop=True)


def _place(plan: Plan, named: pd.DataFrame, rep: str) -> tuple[int, int]:
    """Rank by attainment of the year."""
    quota = plan.quota.sum(axis=1)
    quota = quota[quota > 0]
    booked = named[named["kind"] == "WON"].groupby("rep")["amount"].sum()
    attained = booked.reindex(quota.index, fill_value=0.0) / quota
    if rep not in attained.index:
        return 0, len(attained)
    return int((attained > attained[rep]).sum()) + 1, len(attained)
