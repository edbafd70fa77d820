"""Who may be paid: reps and staff, what they earn at 100 %, their quotas and whose sales count."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.filters import fits
from scenarios.pay_elements import MONTHS, Penalty
from scenarios.scheme import Scheme
from simulation.paying.exact import MILLION, MOST, Whole, fraction, half_up, held, millionths, part_of

YEAR = 12
"""Months of the plan year."""


@dataclass(frozen=True, eq=False)
class People:
    """Who may be paid. Reps come first.

    Parameters
    ----------
    names, roles, teams
        Of each person; the team is empty where there is none.
    reps
        Number of reps.
    base, incentive
        Base pay and target incentive, cents a year.
    present
        Days of each month on which the person is planned to be there, [people, 12].
    days
        Length of each month, [12].
    counts
        Whose sales count as a person's own, the team's and the company's: 1 or 0, [people, people] each.
    quota
        What is asked of a person's own sales, cents, [people, 12].
    target
        Of the company, cents, [12].
    times
        What incentive is multiplied by, millionths by element, [people]; missing: 1.
    """

    names: tuple[str, ...]
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    reps: int
    base: tuple[int, ...]
    incentive: tuple[int, ...]
    present: NDArray[np.int64]
    days: NDArray[np.int64]
    counts: Mapping[str, Whole]
    quota: Whole
    target: Whole
    times: Mapping[str, Whole]

    def __len__(self) -> int:
        return len(self.names)

    def earning(self, roles: tuple[str, ...]) -> NDArray[np.bool_]:
        """Say who has one of the roles, [people]."""
        return np.isin(self.roles, roles)

    def planned(self, person: int, months: slice) -> Fraction:
        """Share of some months in which a person is planned to be there."""
        return Fraction(int(self.present[person, months].sum()), int(self.days[months].sum()))

    def incentive_planned(self, person: int) -> int:
        """Target incentive of the year for the days a person is planned to be there, cents."""
        return half_up(self.incentive[person] * self.planned(person, slice(0, YEAR)))

    def asked(self, of: str) -> Whole:
        """Quotas of own sales, of the team's, or the company's target; cents, [people, 12]."""
        if of == "company":
            return np.broadcast_to(self.target, self.quota.shape)
        return self.counts[of] @ self.quota


def periods(period: str) -> list[slice]:
    """Give the months of each period of the year."""
    length = MONTHS[period]
    return [slice(first, first + length) for first in range(0, YEAR, length)]


def by_period(monthly: Whole, period: str) -> Whole:
    """Add up months, [..., 12], to periods."""
    return monthly.reshape(*monthly.shape[:-1], -1, MONTHS[period]).sum(axis=-1)


def spread(total: Whole, parts: NDArray[np.int64]) -> Whole:
    """Divide whole amounts in proportion to parts so that nothing is lost.

    Parameters
    ----------
    total
        [...], each of either sign.
    parts
        Weights, whole and >= 0, [n]; nobody gets anything where all are 0.

    Returns
    -------
    [..., n]; each next share is what rounding the running total down leaves for it.
    """
    if parts.sum() == 0:
        return np.zeros((*total.shape, len(parts)), dtype=np.int64)
    running = part_of(total[..., None], np.cumsum(parts), int(parts.sum()))
    return np.diff(running, axis=-1, prepend=0)


def cents(money: float) -> int:
    """Give money in whole cents, half a cent up.

    Raises
    ------
    InputError
        If it is more than can be held.
    """
    whole = half_up(fraction(float(money)) * 100)
    return whole if abs(whole) <= MOST else int(held(np.array(whole, dtype=object)))


def months_of_quarters(quarterly: Whole) -> Whole:
    """Divide quarters, [..., 4], evenly into months, [..., 12], so that they add up."""
    monthly = spread(quarterly, np.ones(3, np.int64))
    return monthly.reshape(*quarterly.shape[:-1], YEAR)


def only_reps(
    scheme: Scheme,
    table: pd.DataFrame,
    quota: pd.DataFrame,
    present: NDArray[np.int64],
    days: NDArray[np.int64],
    target: float | None = None,
) -> People:
    """Make the people of a table of reps.

    Parameters
    ----------
    scheme
        Whose pay at 100 % by role and differentials hold.
    table
        `base_pay`, `target_incentive` and, where known, `team`, `role` and what differentials name.
    quota
        Money, reps x quarters.
    present, days
        As in `People`.
    target
        Of the company, money; the sum of the quotas where not given.
    """
    asked = months_of_quarters(np.vectorize(cents, otypes=[np.int64])(quota.loc[table.index].to_numpy(float)))
    roles = tuple(_column(table, "role", "rep"))
    teams = tuple(_column(table, "team", ""))
    base, incentive = at_target(scheme, roles, table["base_pay"], table["target_incentive"])
    whole = np.ones((len(table), len(table)), np.int64)
    same = np.array([[a == b for b in teams] for a in teams], np.int64).reshape(whole.shape)
    by_month = asked.sum(axis=0)
    return People(
        names=tuple(map(str, table.index)),
        roles=roles,
        teams=teams,
        reps=len(table),
        base=base,
        incentive=incentive,
        present=present,
        days=days,
        counts={"own": np.eye(len(table), dtype=np.int64), "team": same, "company": whole},
        quota=asked,
        target=by_month if target is None else as_target(target, by_month, days),
        times=differentials(scheme, table),
    )


def as_target(target: float, asked: Whole, days: NDArray[np.int64]) -> Whole:
    """Divide the company's target over months as all quotas are divided, or by days where there are none."""
    parts = asked if asked.sum() > 0 else days
    return spread(np.asarray(cents(target)), parts)


def at_target(
    scheme: Scheme, roles: tuple[str, ...], base: pd.Series, incentive: pd.Series
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give base pay and target incentive in cents; of roles whose pay the scheme names, that."""
    pairs = []
    for role, fixed, variable in zip(roles, base, incentive, strict=True):
        named = scheme.pay.get(role)
        if named is None:
            pairs.append((cents(fixed), cents(variable)))
        else:
            whole = cents(named.on_target_earnings)
            part = half_up(whole * fraction(named.base_share))
            pairs.append((part, whole - part))
    return tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)


def differentials(scheme: Scheme, table: pd.DataFrame) -> dict[str, Whole]:
    """Give what the incentive of each row is multiplied by, millionths by element; penalties only where a
    differential names them.
    """
    found: dict[str, Whole] = {}
    for rule in scheme.differentials:
        meant = np.ones(len(table), bool)
        for column, values in rule.where.items():
            meant &= fits(table, {column: values}) if column in table else "" in values
        factor = np.where(meant, millionths(rule.times), MILLION)
        incentive = tuple(name for name, e in scheme.elements.items() if not isinstance(e, Penalty))
        for name in rule.elements or incentive:
            found[name] = found.get(name, np.full(len(table), MILLION, np.int64)) * factor // MILLION
    return found


def _column(table: pd.DataFrame, name: str, otherwise: str) -> list[str]:
    return table[name].astype("str").tolist() if name in table else [otherwise] * len(table)
