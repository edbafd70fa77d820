"""The best effort by dynamic programming, for any pay and any law of bookings.

At each step (a week, say) of a period a rep who has booked y chooses the effort e that is best for

    -kappa (e - e0)^2 / 2 + C[ w(y + X) - w(y) + delta V(y + X) ]

X being the step's bookings, w what is credited at once, V what the rest of the period is worth, which at its
end is the pay that comes then, delta the patience for a step, and C the mean, or with constant absolute risk
aversion r the certainty equivalent -ln E[exp(-r ...)] / r. Bookings are a Poisson number of deals, whose rate
answers effort, or normal, whose mean does. Under present bias beta the effort is chosen with beta delta V in
place of delta V as long as the end is more than a week away; a rep who does not foresee that goes on to
believe V, one who does values what it will really do (D. Laibson, Quarterly Journal of Economics 112, 1997;
T. O'Donoghue, M. Rabin, American Economic Review 89, 1999). Nothing is assumed about the form of pay: it is
given by its values on a grid of attainment.

The value of a step is worked out at a few efforts (Chebyshev's points, on which a polynomial of the effort is
nearly exact, for the value is an analytic function of it) and the best one between them by Newton's method.
Beyond both ends of the grid pay and value go on in a line. On the grid bookings keep their exact mean, and to
about a thousandth their variance unless a deal is smaller than a cell.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.behaving import dynamic_kernels
from simulation.behaving.preferences import Preferences

Numbers = NDArray[np.float64]

EFFORTS = 6
"""Efforts at which the value of a step is worked out."""

LEAST_ELASTICITY = 1e-6
"""Stands for an elasticity of 0: what effort costs falls with what it brings, so their ratio has a limit."""

INSIDE_A_CELL = 32
"""Points at which pay is averaged within a cell of the grid."""

Policy = Callable[[float, Numbers], Numbers]
"""Somebody's own rule: effort by weeks left in the period and attainment so far."""


@dataclass(frozen=True)
class Grid:
    """Attainments, that is bookings so far as shares of the quota, on which pay and effort are tabulated.

    Parameters
    ----------
    first
        Lowest attainment; below 0 where bookings are normal and may be.
    cell
        Distance of neighbors, > 0.
    points
        How many, > 2.
    """

    first: float = 0.0
    cell: float = 0.0125
    points: int = 241

    @property
    def attainment(self) -> Numbers:
        """All of them, [points]."""
        places: Numbers = (self.first + self.cell * np.arange(self.points)).astype(np.float64)
        return places

    def averaged(self, pay: Callable[[Numbers], Numbers]) -> Numbers:
        """Average a function of attainment over the cell around each point, so that it may jump anywhere."""
        inside = (np.arange(INSIDE_A_CELL) + 0.5) / INSIDE_A_CELL - 0.5
        mean: Numbers = pay(self.attainment[:, None] + self.cell * inside).mean(axis=1)
        return mean


@dataclass(frozen=True)
class Deals:
    """Bookings are lognormal deals that come at random; effort brings more of them.

    From a dozen deals a step on they are taken as normal with the same mean and variance.

    Parameters
    ----------
    amount
        Mean amount, money > 0, [reps].
    cv
        Coefficient of variation of amounts, >= 0, [reps].
    """

    amount: Numbers
    cv: Numbers


@dataclass(frozen=True)
class Scatter:
    """Bookings are normal; effort moves their mean.

    Parameters
    ----------
    weekly_variance
        Money squared, > 0, [reps].
    """

    weekly_variance: Numbers


@dataclass(frozen=True)
class Period:
    """A period (a quarter, say) as reps see it at its beginning.

    Parameters
    ----------
    quota
        Bookings at attainment 1, money > 0, [reps].
    bookings
        Expected at effort 1 by step, money > 0, [reps, steps].
    weeks
        Length of each step, weeks, [steps].
    at_once
        Pay credited with the bookings by attainment, money, [reps, points].
    at_end
        Pay that comes at the end of the period by attainment, money, [reps, points].
    target_incentive
        Money at quota, [reps]: the unit of risk aversion.
    luck
        Law of bookings.
    """

    quota: Numbers
    bookings: Numbers
    weeks: Numbers
    at_once: Numbers
    at_end: Numbers
    target_incentive: Numbers
    luck: Deals | Scatter


@dataclass(frozen=True)
class Response:
    """How reps answer: effort and what lies ahead, by progress.

    Parameters
    ----------
    grid
        Attainments of the last axis.
    effort
        Chosen at the beginning of each step, [reps, steps, points].
    value
        Expected pay yet to come less cost of effort yet to be given, discounted, money, [reps, steps + 1,
        points].
    at_once
        Pay credited with the bookings, money, [reps, points].
    quota
        Money, [reps].
    """

    grid: Grid
    effort: Numbers
    value: Numbers
    at_once: Numbers
    quota: Numbers

    def worth_of_a_deal(self, rep: int, step: int, attainment: Numbers, amount: Numbers | float) -> Numbers:
        """Say what one more deal at the beginning of a step is worth to a rep, money: the shadow price."""
        ahead = self.at_once[rep] + self.value[rep, step]
        with_it = self._read(ahead, attainment + amount / self.quota[rep])
        return with_it - self._read(ahead, attainment)

    def chosen(self, rep: int, step: int, attainment: Numbers) -> Numbers:
        """Look effort up, linear between points."""
        effort: Numbers = np.interp(attainment, self.grid.attainment, self.effort[rep, step])
        return effort

    def _read(self, ahead: Numbers, attainment: Numbers) -> Numbers:
        place = (attainment - self.grid.first) / self.grid.cell
        left = np.clip(place.astype(np.int64), 0, self.grid.points - 2)
        read: Numbers = ahead[left] + (place - left) * (ahead[left + 1] - ahead[left])
        return read


def respond(period: Period, preferences: Preferences, grid: Grid, efforts: int = EFFORTS) -> Response:
    """Solve the period of each rep.

    Parameters
    ----------
    period
        What reps face; pay on the points of `grid`.
    preferences
        How they weigh it.
    grid
        Attainments; the last should be rarely passed, beyond it pay goes on in a line.
    efforts
        How many efforts are tried, > 2.

    Raises
    ------
    ValueError
        If shapes do not fit together, a quota or expected bookings are not > 0, or normal bookings scatter
        over more than the grid.
    """
    _check(period, grid)
    reps, steps = period.bookings.shape
    effort = np.empty((reps, steps, grid.points))
    value = np.empty((reps, steps + 1, grid.points))
    for rep in range(reps):
        solve_ends(
            period,
            rep,
            period.at_once[rep],
            period.at_end[rep][None],
            preferences,
            grid,
            efforts,
            effort[rep, None],
            value[rep, None],
        )
    return Response(grid, effort, value, period.at_once, period.quota)


def solve_ends(
    period: Period,
    rep: int,
    at_once: Numbers,
    ends: Numbers,
    preferences: Preferences,
    grid: Grid,
    efforts: int,
    effort: NDArray[np.floating],
    value: Numbers,
) -> None:
    """Solve a rep's period for several worths of its end, [ends, points], into `effort` and `value`.

    `at_once` is what is credited with the bookings, of all ends or of each.
    """
    cell = period.quota[rep] * grid.cell
    left = period.weeks[::-1].cumsum()[::-1]
    weights = np.array(
        [preferences.weekly_patience**period.weeks, [preferences.bias(weeks) for weeks in left]]
    )
    deal = cv = 0.0
    variance = np.zeros(len(left))
    if isinstance(period.luck, Deals):
        deal, cv = period.luck.amount[rep] / cell, period.luck.cv[rep]
    else:
        variance = period.luck.weekly_variance[rep] * period.weeks / cell**2
    elasticity = max(preferences.elasticity, LEAST_ELASTICITY)
    tried, powers = _tried(preferences, efforts)
    dynamic_kernels.induct(
        np.ascontiguousarray(np.broadcast_to(at_once, ends.shape), dtype=np.float64),
        np.ascontiguousarray(ends, dtype=np.float64),
        period.bookings[rep] / cell,
        deal,
        cv,
        variance,
        weights,
        elasticity * period.bookings[rep] / preferences.gain,
        preferences.risk_aversion / period.target_incentive[rep],
        preferences.foresees_bias,
        elasticity,
        tried,
        powers,
        effort,
        value,
    )


def believed(pay: Numbers, grid: Grid, rise: float, fall: float, worth: Numbers | float) -> Numbers:
    """Take from pay what a rep fears the next quota takes.

    Parameters
    ----------
    pay
        Money by attainment, [..., points].
    grid
        Attainments.
    rise, fall
        Shares of what is booked above and what lacks below the quota by which reps believe that the next
        quota will be higher or lower.
    worth
        What a next quota higher by the whole of this one would cost, seen from now, money, broadcast against
        [..., 1].

    Returns
    -------
    Pay as believed, [..., points]: its slope above quota is lower by rise x worth, below by fall x worth.
    """
    passed = np.maximum(grid.attainment - 1, 0.0)
    lacks = np.maximum(1 - grid.attainment, 0.0)
    less: Numbers = pay - worth * (rise * passed - fall * lacks)
    return less


def tabulated(policy: Policy, grid: Grid, weeks: Numbers) -> Numbers:
    """Tabulate somebody's own rule by steps of so many weeks, [steps, points]."""
    left = weeks[::-1].cumsum()[::-1]
    return np.array([np.broadcast_to(policy(float(ahead), grid.attainment), grid.points) for ahead in left])


def _tried(preferences: Preferences, efforts: int) -> tuple[Numbers, Numbers]:
    """Chebyshev's extreme points between least and most effort, and the matrix from values to powers."""
    places = -np.cos(np.pi * np.arange(efforts) / (efforts - 1))
    places[0], places[-1] = -1.0, 1.0
    half = (preferences.most - preferences.least) / 2
    return preferences.least + half * (1 + places), np.linalg.inv(np.vander(places, increasing=True))


def _check(period: Period, grid: Grid) -> None:
    reps, steps = period.bookings.shape
    shapes = {
        "quota": (period.quota.shape, (reps,)),
        "weeks": (period.weeks.shape, (steps,)),
        "at_once": (period.at_once.shape, (reps, grid.points)),
        "at_end": (period.at_end.shape, (reps, grid.points)),
        "target_incentive": (period.target_incentive.shape, (reps,)),
    }
    wrong = [f"{name} is {is_}, not {asked}" for name, (is_, asked) in shapes.items() if is_ != asked]
    positive = {"quota": period.quota, "bookings": period.bookings, "weeks": period.weeks}
    wrong += [f"{name} must be > 0" for name, numbers in positive.items() if not (numbers > 0).all()]
    if wrong:
        raise ValueError("; ".join(wrong))
    if isinstance(period.luck, Scatter):
        widest = np.sqrt(period.luck.weekly_variance * period.weeks.max()) / (period.quota * grid.cell)
        if (widest * 2 * dynamic_kernels.WIDE + 4 > 2 * grid.points).any():
            raise ValueError("the grid is too short for the scatter of a step's bookings")
