"""A laboratory of reps: many live through a period step by step under a policy, with luck, without customers.

All reps sell 1 a week at effort 1 unless said otherwise; a quarter has 13 weeks, its quota is 13, its target
incentive 8 % of it. A quarter's bookings at effort 1 scatter by a quarter of their mean. Each rep has a twin
with the opposite luck, so that means do not scatter more than they must.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from simulation.behaving.closed_form import forward_looking
from simulation.behaving.dynamic import Deals, Grid, Period, Response, Scatter, respond
from simulation.behaving.preferences import Preferences
from simulation.paying.outlook import Outlook

Numbers = NDArray[np.float64]
Policy = Callable[[int, Numbers], Numbers]
"""Effort by number of the step and attainment of each rep."""

RATE = 0.08
WEEKS, QUOTA, INCENTIVE = 13, 13.0, RATE * 13
WEEKLY_VARIANCE = (0.25 * 13) ** 2 / 13
PATIENT = Preferences(weekly_patience=1.0)
CELL = 0.00625
MOST_DEALS = 40
"""More deals than this in a step do not happen."""


@dataclass(frozen=True)
class Place:
    """Where reps work: what they sell, for how long, and how often they decide.

    Parameters
    ----------
    ability
        Bookings a week at effort 1.
    weeks
        Length of the period.
    a_week
        Decisions a week.
    quota
        Bookings at attainment 1.
    deal
        Mean amount of a deal, lognormal with coefficient of variation 1; None: bookings are normal.
    """

    ability: float = 1.0
    weeks: int = WEEKS
    a_week: int = 1
    quota: float = QUOTA
    deal: float | None = None

    @property
    def steps(self) -> int:
        """Decisions of the period."""
        return self.weeks * self.a_week

    @property
    def weekly_variance(self) -> float:
        """Scatter of a week's normal bookings."""
        return WEEKLY_VARIANCE * self.ability**2

    @property
    def incentive(self) -> float:
        """Target incentive of a rep of ability 1 for so many weeks."""
        return INCENTIVE * self.weeks / WEEKS

    @property
    def grid(self) -> Grid:
        """Attainments, from below 0 to far beyond what anybody reaches."""
        most = 1.0 + 2.2 * max(1.0, self.ability * self.weeks / self.quota)
        return Grid(-0.6, CELL, round((most + 0.6) / CELL) + 1)


@dataclass(frozen=True)
class Lives:
    """What came of it.

    Parameters
    ----------
    effort
        [steps, reps].
    booked
        Bookings so far at the beginning of each step and at the end, [steps + 1, reps].
    place
        Where they worked.
    """

    effort: Numbers
    booked: Numbers
    place: Place

    @property
    def attainment(self) -> Numbers:
        """At the end, [reps]."""
        reached: Numbers = self.booked[-1] / self.place.quota
        return reached

    @property
    def sales(self) -> float:
        """Mean bookings against those at effort 1."""
        return float(self.booked[-1].mean() / (self.place.ability * self.place.weeks))

    @property
    def by_week(self) -> Numbers:
        """Mean effort of each week."""
        weekly: Numbers = self.effort.reshape(self.place.weeks, -1).mean(axis=1)
        return weekly

    def share(self, low: float, high: float = np.inf) -> float:
        """Share of reps who end with an attainment from `low` to below `high`."""
        return float(((self.attainment >= low) & (self.attainment < high)).mean())

    def effort_ahead(self, week: int, lead: float) -> float:
        """Mean effort after so many weeks of those who have booked `lead` times what was expected by then."""
        step = week * self.place.a_week
        far = self.booked[step] >= lead * week * self.place.ability
        return float(self.effort[step][far].mean())


def live(policy: Policy, place: Place, reps: int, seed: int = 1, elasticity: float = 0.34) -> Lives:
    """Let an even number of reps live through a period; one seed is the same luck under any policy."""
    luck = np.random.default_rng(seed)
    booked = np.zeros((place.steps + 1, reps))
    effort = np.empty((place.steps, reps))
    for step in range(place.steps):
        effort[step] = policy(step, booked[step] / place.quota)
        expected = place.ability * (1 + elasticity * (effort[step] - 1)) / place.a_week
        booked[step + 1] = booked[step] + _bookings(expected, place, luck)
    return Lives(effort, booked, place)


def _bookings(expected: Numbers, place: Place, luck: np.random.Generator) -> Numbers:
    half = len(expected) // 2
    if place.deal is None:
        step = luck.standard_normal(half)
        spread = np.sqrt(place.weekly_variance / place.a_week)
        normal: Numbers = expected + spread * np.concatenate([step, -step])
        return normal
    chance = luck.random(half)
    number = poisson.ppf(np.concatenate([chance, 1 - chance]), expected / place.deal)
    spread = np.sqrt(np.log(2.0))
    size = luck.standard_normal((MOST_DEALS, half))
    amounts = place.deal * np.exp(spread * np.concatenate([size, -size], axis=1) - spread**2 / 2)
    whole: Numbers = np.where(np.arange(MOST_DEALS)[:, None] < number, amounts, 0.0).sum(axis=0)
    return whole


def program(place: Place, preferences: Preferences, curve: Outlook) -> Response:
    """Solve the period of such a rep by dynamic programming: commission at once, jumps paid at the end."""
    grid, steps = place.grid, place.steps
    commission = Outlook(curve.kinks, curve.slopes, 0 * curve.jumps)
    bonus = Outlook(curve.kinks, 0 * curve.slopes, curve.jumps)
    luck = (
        Scatter(np.array([place.weekly_variance]))
        if place.deal is None
        else Deals(np.array([place.deal]), np.ones(1))
    )
    period = Period(
        np.array([place.quota]),
        np.full((1, steps), place.ability / place.a_week),
        np.full(steps, 1 / place.a_week),
        grid.averaged(lambda attainment: commission.pay(attainment * place.quota))[None],
        grid.averaged(lambda attainment: bonus.pay(attainment * place.quota))[None],
        np.array([place.incentive]),
        luck,
    )
    return respond(period, preferences, grid)


def tables(response: Response) -> Policy:
    """Look effort up in the dynamic program's tables."""
    return lambda step, attainment: response.chosen(0, step, attainment)


def closed(place: Place, preferences: Preferences, curve: Outlook) -> Policy:
    """Choose effort by the closed form."""
    points = place.grid.attainment

    def policy(step: int, attainment: Numbers) -> Numbers:
        left = np.array(place.weeks - step / place.a_week)
        table = forward_looking(
            preferences,
            curve,
            place.ability,
            place.weekly_variance,
            left,
            left,
            points * place.quota,
            place.incentive,
        )
        chosen: Numbers = np.interp(attainment, points, table)
        return chosen

    return policy


WEEKLY, DAILY = Place(), Place(a_week=7)


def curve(kinks: Sequence[float], rates: Sequence[float], jumps: Sequence[float] = ()) -> Outlook:
    """Write pay: attainments where it bends, commission rates around them, target incentives paid there."""
    paid = np.array(jumps or np.zeros(len(kinks))) * INCENTIVE
    return Outlook(np.array(kinks, dtype=float) * QUOTA, np.array(rates) * RATE, paid)


LINEAR = curve([], [1])
BONUS = curve([1], [0, 0], [1])


def lives(
    pay: Outlook, thorough: bool, preferences: Preferences = PATIENT, place: Place = WEEKLY
) -> dict[str, Lives]:
    """Let reps live by both engines."""
    reps, daily = 40_000 if thorough else 16_000, replace(place, a_week=7)
    return {
        "program": live(tables(program(place, preferences, pay)), place, reps),
        "closed form": live(closed(daily, preferences, pay), daily, reps),
    }
