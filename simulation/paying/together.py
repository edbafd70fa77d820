"""What people earn with others: pots of teams that are shared, and prizes of contests."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from scenarios.pay_elements import Contest, TeamBonus
from scenarios.pay_measures import finest
from simulation.paying.exact import FITS, Whole, ceiling, fraction, held, part_of
from simulation.paying.people import People, by_period, cents
from simulation.paying.results import Results, units_of, value_of
from simulation.paying.tables import Cells, step_table


@dataclass(frozen=True, eq=False)
class Pot:
    """What some people earn together.

    Parameters
    ----------
    members
        Positions of the people who share it.
    worth
        Cents it holds at 100 %, by period; nothing for prizes.
    amount
        Cents it comes to, [..., periods].
    place
        Rank in a contest, from 1, 0 where nothing can be won; [..., periods].
    """

    members: list[int]
    worth: list[Fraction]
    amount: Whole
    place: Whole | None = None


class Team(NamedTuple):
    """Who shares, by position, and one person whose team's result is this team's."""

    members: list[int]
    one: int


def team_pots(element: TeamBonus, people: People, results: Results, each: Cells) -> list[Pot]:
    """Compute each team's sum by the team's result.

    Parameters
    ----------
    each
        What it is worth for each person and period, cents, where it has a weight.
    """
    units = units_of(element, people, results, element.period)
    value = value_of(element, people, results, element.period)
    pots = []
    for members, one in teams_of(people, people.earning(element.roles), whole=element.of == "company"):
        if element.weight is None:
            worth = [fraction(element.amount or 0) * 100] * value.shape[-1]
        else:
            worth = [sum((each[m][n] for m in members), Fraction(0)) for n in range(value.shape[-1])]
        curve = step_table(element.steps, [units[one]], [worth], line=element.between == "line")
        pots.append(Pot(members, worth, curve(value[..., [one], :])[..., 0, :]))
    return pots


def prizes(element: Contest, people: People, results: Results) -> list[Pot]:
    """Rank whoever takes part and give each its prize; of who cannot win, nothing."""
    takes_part = people.earning(element.roles)
    value = value_of(element, people, results, element.period)
    units = units_of(element, people, results, element.period)
    if element.ranked_by == "attainment":
        goals = units
    else:
        goals = [[Fraction(finest(element.measure))] * len(row) for row in units]
    if element.between == "people":
        entrants = [Team([m], m) for m in np.flatnonzero(takes_part).tolist()]
    else:
        entrants = teams_of(people, takes_part, whole=False)
    if not entrants:
        return []
    firsts = [one for _, one in entrants]
    strength = _strengths(value[..., firsts, :], [goals[first] for first in firsts], element.at_least)
    won, place = _prizes(strength, [cents(prize) for prize in element.prizes])
    return [
        Pot(members, [], won[..., number, :], place[..., number, :])
        for number, (members, _) in enumerate(entrants)
    ]


def shared(
    pots: Sequence[Pot],
    element: TeamBonus | Contest,
    people: People,
    results: Results,
    shape: tuple[int, ...],
) -> Whole:
    """Divide pots among their members, to the cent: cents, [..., people, periods] as `shape` says."""
    paid = np.zeros(shape, np.int64)
    for pot in pots:
        parts = parts_of(pot.members, element, people, results)
        whole = parts.sum(axis=-2, keepdims=True)
        running = held(part_of(pot.amount[..., None, :], np.cumsum(parts, axis=-2), whole))
        paid[..., pot.members, :] += np.diff(running, axis=-2, prepend=0)
    return paid


def parts_of(members: list[int], element: TeamBonus | Contest, people: People, results: Results) -> Whole:
    """Weigh the members of a pot as `shared` says, [..., members, periods], whole numbers.

    The days that each is planned to be there count: equal parts are days, those by target incentive cents
    times days; quotas are those of the period. Where nobody has any part, days divide, then heads.
    """
    days = by_period(people.present[members], element.period)
    days = np.where(days.sum(axis=0) > 0, days, 1)
    if element.shared == "by measure":
        own = value_of(element.model_copy(update={"of": "own"}), people, results, element.period)
        parts = np.maximum(own[..., members, :], 0)
    elif element.shared == "by quota":
        parts = by_period(people.quota[members], element.period)
    elif element.shared == "by target incentive":
        parts = np.array([people.incentive[m] for m in members], object)[:, None] * days.astype(object)
        parts = parts.astype(np.int64) if parts.sum() < FITS else parts
    else:
        return days
    return np.where(parts.sum(axis=-2, keepdims=True) > 0, parts, days)


def teams_of(people: People, takes_part: np.ndarray, *, whole: bool) -> list[Team]:
    """List teams; all together where the whole company is one. Whoever leads a team takes part in it."""
    if whole:
        members = [int(m) for m in np.flatnonzero(takes_part)]
        return [Team(members, members[0])] if members else []
    teams = []
    for name in dict.fromkeys(filter(None, people.teams)):
        one = people.teams.index(name)
        belongs = takes_part & (people.counts["team"][:, one] > 0)
        teams.append(Team(np.flatnonzero(belongs).tolist(), one))
    return [team for team in teams if team.members]


def _strengths(value: Whole, goals: Cells, at_least: float) -> Whole:
    """Number what is ranked, the least first: equal ones alike, exactly; -1 where nothing can be won.

    Parameters
    ----------
    value
        Smallest units, [..., entrants, periods].
    goals
        What 1 is in them, by entrant and period.
    at_least
        How much of it can win; and more than nothing.
    """
    bars = [[ceiling(fraction(at_least) * goal) for goal in row] for row in goals]
    asked = np.array([[float(goal) for goal in row] for row in goals])
    able = (value >= np.array(bars, np.int64)) & (value > 0) & (asked > 0)
    about = np.where(able, value / np.where(asked > 0, asked, 1), -1.0)
    strength = np.where(able, rankdata(about, method="dense", axis=-2).astype(np.int64), -1)
    ordered = np.sort(about, axis=-2)
    close = (np.diff(ordered, axis=-2) <= 1e-12 * ordered[..., 1:, :]).any(axis=-2)
    rows = (np.moveaxis(table, -2, -1)[close] for table in (able, value))
    turned = np.moveaxis(strength, -2, -1)
    exact = [
        _dense(can, sold, [goal[period] for goal in goals])
        for can, sold, period in zip(*rows, np.argwhere(close)[:, -1].tolist(), strict=True)
    ]
    turned[close] = np.array(exact, np.int64).reshape(-1, len(goals))
    return strength


def _dense(able: np.ndarray, value: Whole, goals: list[Fraction]) -> list[int]:
    """Number the entrants of one ranking by fractions, as `_strengths`."""
    shares = [
        int(sold) / goal if can else None
        for can, sold, goal in zip(able.tolist(), value.tolist(), goals, strict=True)
    ]
    order = sorted({share for share in shares if share is not None})
    number = {share: place for place, share in enumerate(order)}
    return [-1 if share is None else number[share] for share in shares]


def _prizes(strength: Whole, amounts: Sequence[int]) -> tuple[Whole, Whole]:
    """Give the prizes of a ranking, and the ranks; whoever is level shares, odd cents going to the first
    named.

    Parameters
    ----------
    strength
        Numbers that rise with what is ranked, [..., entrants, periods]; -1 where nothing can be won.
    """
    able = strength >= 0
    first = rankdata(-strength, method="min", axis=-2).astype(np.int64) - 1
    last = rankdata(-strength, method="max", axis=-2).astype(np.int64)
    turn = rankdata(-strength, method="ordinal", axis=-2).astype(np.int64) - first
    running = np.concatenate([[0], np.cumsum(amounts)])
    upto = np.minimum(np.stack([first, last]), len(amounts))
    pot, level = running[upto[1]] - running[upto[0]], last - first
    share = pot // level + (turn <= pot % level)
    return np.where(able, share, 0), np.where(able, first + 1, 0)
