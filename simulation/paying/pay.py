"""What a seat is paid for what it brought: one vectorized function for simulation, statements and what-ifs.

Base pay is by the days the seat is filled. A rep's incentive at stake in the year is the target incentive
times the share of the year's days on which the seat is planned to be filled. The scheme divides it:

- commission, by quarterly attainment a = credited / quota: the quarter's part of the commission share
  (quarters in proportion to their quotas, so that money earns the same in each) times the integral of the
  tiers' marginal rates from 0 to a, or to the cap;
- quarterly bonus, a quarter each (times the share of the quarter the seat is planned to be filled), when
  the quarter's attainment reaches `bonus_at`;
- yearly bonus, when the year's does.

A quarter without quota earns no incentive. Every component is rounded to the cent by itself, half a cent
up, so that the parts of a statement add up.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.scheme import Scheme

Money = NDArray[np.float64]

SLACK = 1e-6
"""Binary rounding: cents by which an amount may miss half a cent, money by which it may miss a threshold."""


class Stretch(NamedTuple):
    """A stretch of attainment on which one marginal commission rate is paid."""

    start: float
    end: float
    rate: float


@dataclass(frozen=True)
class Stakes:
    """What each part of the scheme is worth at quota, money.

    Parameters
    ----------
    commission, quarterly_bonus
        [reps, quarters].
    yearly_bonus
        [reps].
    """

    commission: Money
    quarterly_bonus: Money
    yearly_bonus: Money


@dataclass(frozen=True)
class Earnings:
    """Pay by component, money to the cent; the leading axes are those of what was credited.

    Parameters
    ----------
    base, yearly_bonus
        [..., reps].
    commission, quarterly_bonus
        By quarter, [..., reps, quarters].
    """

    base: Money
    commission: Money
    quarterly_bonus: Money
    yearly_bonus: Money

    @property
    def total(self) -> Money:
        """All together, to the cent, [..., reps]."""
        by_quarter = _cents(self.commission).sum(-1) + _cents(self.quarterly_bonus).sum(-1)
        total: Money = (_cents(self.base) + by_quarter + _cents(self.yearly_bonus)) / 100
        return total


def pay(
    scheme: Scheme,
    reps: pd.DataFrame,
    quota: pd.DataFrame,
    credited: Money,
    presence: Money | None = None,
    filled: Money | None = None,
    days: Money | None = None,
) -> Money:
    """Compute total pay with base, money, [..., reps]. Parameters as for `earnings`."""
    return earnings(scheme, reps, quota, credited, presence, filled, days).total


def earnings(
    scheme: Scheme,
    reps: pd.DataFrame,
    quota: pd.DataFrame,
    credited: Money,
    presence: Money | None = None,
    filled: Money | None = None,
    days: Money | None = None,
) -> Earnings:
    """Compute pay by component.

    Parameters
    ----------
    scheme
        The incentive scheme.
    reps
        Table of reps with `base_pay` and `target_incentive`, money a year.
    quota
        Money, reps x quarters; a row for each rep of the table.
    credited
        Bookings or collections that count, money, [..., reps, quarters].
    presence
        Share of each quarter in which the seat is planned to be filled, [reps, quarters]; 1 where not
        given. The incentive at stake is in proportion.
    filled
        Share in which it was filled, [..., reps, quarters]; as planned where not given. Base pay is in
        proportion.
    days
        Length of each quarter, [quarters]; all alike where not given. Shares of the year are of its days.
    """
    asked = quota.loc[reps.index].to_numpy(dtype="float64")
    at_stake = stakes(scheme, reps, quota, presence, days)
    here = np.ones_like(asked) if presence is None else presence
    here = here if filled is None else filled
    base = np.broadcast_to(
        reps["base_pay"].to_numpy(dtype="float64") * _share_of_the_year(here, days), credited.shape[:-1]
    )
    return Earnings(
        base=_to_the_cent(base),
        commission=_to_the_cent(at_stake.commission * _paid_units(scheme, _attainment(credited, asked))),
        quarterly_bonus=_to_the_cent(at_stake.quarterly_bonus * _earns_bonus(scheme, credited, asked)),
        yearly_bonus=_to_the_cent(
            at_stake.yearly_bonus * _earns_bonus(scheme, credited.sum(axis=-1), asked.sum(axis=-1))
        ),
    )


def stakes(
    scheme: Scheme,
    reps: pd.DataFrame,
    quota: pd.DataFrame,
    presence: Money | None = None,
    days: Money | None = None,
) -> Stakes:
    """Divide each rep's target incentive among the parts of the scheme. Parameters as for `earnings`."""
    asked = quota.loc[reps.index].to_numpy(dtype="float64")
    planned = np.ones_like(asked) if presence is None else presence
    incentive = reps["target_incentive"].to_numpy(dtype="float64")
    of_the_year = incentive * _share_of_the_year(planned, days)
    total = asked.sum(axis=-1, keepdims=True)
    part = np.divide(asked, total, out=np.zeros_like(asked), where=total > 0)
    return Stakes(
        commission=scheme.commission_weight * of_the_year[:, None] * part,
        quarterly_bonus=scheme.quarterly_bonus_weight * incentive[:, None] * planned / asked.shape[1],
        yearly_bonus=scheme.yearly_bonus_weight * of_the_year,
    )


def stretches(scheme: Scheme) -> list[Stretch]:
    """List which marginal commission rate is paid where, up to the cap; the last stretch may be endless."""
    cap = np.inf if scheme.cap is None else scheme.cap
    starts = [tier.from_attainment for tier in scheme.tiers]
    ends = [min(end, cap) for end in [*starts[1:], np.inf]]
    steps = zip(starts, ends, scheme.tiers, strict=True)
    return [Stretch(start, end, tier.rate) for start, end, tier in steps if start < cap]


def _share_of_the_year(by_quarter: Money, days: Money | None) -> Money:
    share: Money = np.average(by_quarter, axis=-1, weights=days)
    return share


def _paid_units(scheme: Scheme, reached: Money) -> Money:
    """Integrate the marginal rates up to the attainment reached; rate 1 up to attainment 1 gives 1."""
    units = np.zeros_like(reached)
    for start, end, rate in stretches(scheme):
        units += rate * np.clip(reached - start, 0.0, end - start)
    return units


def _attainment(credited: Money, quota: Money) -> Money:
    return np.divide(
        credited, quota, out=np.zeros(credited.shape), where=np.broadcast_to(quota, credited.shape) > 0
    )


def _earns_bonus(scheme: Scheme, credited: Money, quota: Money) -> NDArray[np.bool_]:
    return (quota > 0) & (credited + SLACK >= scheme.bonus_at * quota)


def _cents(amount: Money) -> NDArray[np.int64]:
    return np.floor(amount * 100 + 0.5 + SLACK).astype(np.int64)


def _to_the_cent(amount: Money) -> Money:
    rounded: Money = _cents(amount) / 100
    return rounded
