"""The best effort in closed form, for pay that is linear between kinks and jumps at some.

Per week, with m the bookings expected at effort 1:

- bookings drift by m (1 + eta (e - 1)), eta the elasticity;
- effort costs kappa (e - e0)^2 / 2, with kappa = eta m b / (1 - e0), so that effort is 1 under the reference
  commission b; e0 is the least effort, given without any incentive.

If the remaining bookings are nearly normal with mean M (at least effort) and variance S^2 = v tau (tau weeks
left), and effort may change at any moment, the Bellman equation becomes linear (Cole and Hopf's substitution)
and the best effort is known for any pay w of the quarter's bookings:

    e = clip(e0 + (eta m / kappa) F', least, most),   F(M) = ln E[exp(mu w(M + S Z))] / mu,
    mu = (eta m)^2 / (kappa v) - r,

r being the constant absolute risk aversion (B. Holmstrom, P. Milgrom, Econometrica 55, 1987, is the case of
linear pay). mu may be negative; at 0, F is the expected pay. F' is a sum of normal probabilities: the
expected marginal commission plus what the jumps add, or take where they lead down. Without risk aversion,
limits of effort and impatience, effort is a martingale, and what comes about under it has the density of M +
S Z times exp(mu w).

Impatience is a rule put on top of it: what jumps add is weighted with the patience for the weeks until the
period ends, and with the present bias while more than a week is left; commission is earned at once. A rep who
is impatient and knows it weighs less what it will do later, so for it this is not the optimum: `dynamic.py`
is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp, ndtr

from simulation.behaving.preferences import Preferences
from simulation.paying.outlook import Outlook

Numbers = NDArray[np.float64]

LEAST_MU = 1e-300
"""Stands for mu = 0."""

NEARLY_LINEAR = 1e-6
"""Where mu times pay is below this, F is the expected pay to the last digits that can be computed."""


@dataclass(frozen=True)
class Prospects:
    """What comes of the best effort of a patient, risk-neutral rep whose effort has no limits.

    Parameters
    ----------
    value
        Expected pay less cost of effort, money.
    bookings
        Expected bookings of the quarter, money.
    pay, cost
        Expected pay, and cost of effort, money.
    chances
        Of reaching each kink.
    """

    value: float
    bookings: float
    pay: float
    cost: float
    chances: Numbers


def curvature(
    preferences: Preferences, weekly_bookings: float, weekly_variance: float, target_incentive: float = 1.0
) -> float:
    """Give mu, per money. Parameters as for `forward_looking`."""
    mu = preferences.elasticity * weekly_bookings * preferences.gain / weekly_variance
    mu -= preferences.risk_aversion / target_incentive
    return mu if abs(mu) > LEAST_MU else LEAST_MU


def value(curve: Outlook, mu: float, mean: Numbers, spread: Numbers) -> Numbers:
    """Give F, what the rest of the period is worth with all that is booked, money.

    Parameters
    ----------
    curve
        Pay of the period.
    mu
        See `curvature`.
    mean, spread
        Mean at the least effort and standard deviation > 0 of the period's bookings, money; broadcast.
    """
    mean, spread = np.broadcast_arrays(np.asarray(mean, float), np.asarray(spread, float))
    sure = expected_pay(curve, mean, spread)
    logs, _ = _stretches_tilted(curve, mu, mean[..., None], spread[..., None])
    tilted = logsumexp(logs, axis=-1) / mu
    worth: Numbers = np.where(abs(mu) * (1 + np.abs(sure)) < NEARLY_LINEAR, sure, tilted)
    return worth


def expected_pay(curve: Outlook, mean: Numbers, spread: Numbers) -> Numbers:
    """Give E[w(M + S Z)], money, of the broadcast shape."""
    mean, spread = (a[..., None] for a in np.broadcast_arrays(mean, spread))
    edges = (curve.kinks - mean) / spread
    ends = np.full((*edges.shape[:-1], 1), np.inf)
    low, high = np.concatenate([-ends, edges], axis=-1), np.concatenate([edges, ends], axis=-1)
    slopes = curve.slopes + curve.yearly
    inside = (ndtr(high) - ndtr(low)) * (curve.levels() + slopes * mean)
    moved = slopes * spread * (np.exp(-(low**2) / 2) - np.exp(-(high**2) / 2)) / np.sqrt(2 * np.pi)
    expected: Numbers = (inside + moved).sum(axis=-1)
    return expected


def prospects(
    preferences: Preferences,
    curve: Outlook,
    weekly_bookings: float,
    weekly_variance: float,
    weeks_left: float,
    booked: float = 0.0,
) -> Prospects:
    """Say what a patient, risk-neutral rep reaches if nothing limits its effort.

    The law of the period's bookings is that at the least effort, tilted by exp(mu w): chances of jumps shift
    by mu times the jump in logits, bookings grow by eta m tau (e - e0), and the cost is what pay exceeds F
    by. Parameters as for `forward_looking`.
    """
    mu = curvature(preferences, weekly_bookings, weekly_variance)
    mean, spread = _outlook(preferences, weekly_bookings, weekly_variance, np.array(weeks_left), booked)
    worth = float(value(curve, mu, mean, spread))
    slope = float(np.sum(_marginal_pay(curve, mu, mean, spread))) + curve.yearly
    bookings = float(mean) + mu * weekly_variance * weeks_left * slope
    logs, tilt = _stretches_tilted(curve, mu, mean[None], spread[None])
    share = np.exp(logs - logsumexp(logs))
    edges = (curve.kinks - mean) / spread
    ends = np.array([np.inf])
    low, high = np.concatenate([-ends, edges]) - tilt, np.concatenate([edges, ends]) - tilt
    density = np.exp(-(low**2) / 2) - np.exp(-(high**2) / 2)
    within = np.exp(_log_probability_between(edges, tilt))
    middle = mean + spread * (tilt + density / np.sqrt(2 * np.pi) / np.maximum(within, LEAST_MU))
    pay = float((share * (curve.levels() + (curve.slopes + curve.yearly) * middle)).sum())
    return Prospects(worth, bookings, pay, pay - worth, share[::-1].cumsum()[::-1][1:])


def forward_looking(
    preferences: Preferences,
    curve: Outlook,
    weekly_bookings: float,
    weekly_variance: float,
    weeks_left: Numbers,
    weeks_left_in_year: Numbers,
    booked: Numbers,
    target_incentive: float = 1.0,
) -> Numbers:
    """Choose effort by the closed form of the module's description.

    Parameters
    ----------
    preferences
        How reps weigh effort and pay.
    curve
        Incentive of the quarter as a function of its bookings.
    weekly_bookings, weekly_variance
        Mean of the seat's bookings a week at effort 1, money > 0, and their variance, money squared > 0.
    weeks_left, weeks_left_in_year
        Weeks until the quarter's and the year's end, > 0.
    booked
        Bookings of the quarter so far, money; broadcast against the weeks.
    target_incentive
        Incentive at quota, money: the unit of risk aversion.

    Returns
    -------
    Effort, of the broadcast shape.
    """
    facts = (preferences, curve, weekly_bookings, weekly_variance, weeks_left, weeks_left_in_year)
    effort = without_limits(*facts, booked, target_incentive)
    limited: Numbers = np.clip(effort, preferences.least, preferences.most)
    return limited


def without_limits(
    preferences: Preferences,
    curve: Outlook,
    weekly_bookings: float,
    weekly_variance: float,
    weeks_left: Numbers,
    weeks_left_in_year: Numbers,
    booked: Numbers,
    target_incentive: float = 1.0,
) -> Numbers:
    """Give effort as `forward_looking` does, before its limits: parameters and shapes as there."""
    mu = curvature(preferences, weekly_bookings, weekly_variance, target_incentive)
    mean, spread = _outlook(preferences, weekly_bookings, weekly_variance, weeks_left, booked)
    by_commission, by_bonus = _marginal_pay(curve, mu, mean, spread)
    patience = preferences.weekly_patience
    bias, bias_in_year = (
        np.where(left > 1 + 1e-9, preferences.present_bias, 1.0) for left in (weeks_left, weeks_left_in_year)
    )
    later = by_bonus * bias * patience**weeks_left
    worth = by_commission + later + curve.yearly * bias_in_year * patience**weeks_left_in_year
    effort: Numbers = preferences.least + preferences.gain * worth
    return effort


def pushed_by_the_year(
    preferences: Preferences,
    at_once: Outlook,
    at_end: Outlook,
    others: float,
    bookings_left: Numbers,
    variance_left: Numbers,
    weeks_left: Numbers,
    booked: Numbers,
) -> Numbers:
    """Give what pay by the sales of the year adds to effort, beside what quarters pay.

    It is F' of the year: what is left of it is normal like what is left of a quarter. What quarters pay is an
    even step in it, as the year's pay is in a quarter: each of the two is solved as if the other were even.
    That is exact where one of them is; between two curves each of which bends or jumps it leaves out that a
    sale which helps one makes the other likelier as well. Weights of impatience as in `forward_looking`.

    Parameters
    ----------
    preferences
        How reps weigh effort and pay.
    at_once, at_end
        Incentive by bookings of the year: credited along with them (but for what it adds at a jump), and at
        the year's end.
    others
        What quarters pay for a unit of bookings.
    bookings_left, variance_left
        Mean at effort 1 and variance of what is left of the year, money > 0 and money squared > 0.
    weeks_left
        Until the year ends, > 0.
    booked
        Bookings of the year so far, money; all broadcast together.

    Returns
    -------
    Effort above the least, without limits, of the broadcast shape.
    """
    kinks = np.union1d(at_once.kinks, at_end.kinks)
    once, end = at_once.on(kinks), at_end.on(kinks)
    both = Outlook(kinks, once.slopes + end.slopes, once.jumps + end.jumps, others)
    mean = booked + _idle(preferences) * bookings_left
    mu = preferences.elasticity * preferences.gain * bookings_left / variance_left
    shares, by_jumps = _tilted(both, mu, *np.broadcast_arrays(mean, np.sqrt(variance_left)))
    later = (shares * end.slopes).sum(axis=-1) + by_jumps
    bias = np.where(weeks_left > 1 + 1e-9, preferences.present_bias, 1.0)
    worth = (shares * once.slopes).sum(axis=-1) + later * bias * preferences.weekly_patience**weeks_left
    push: Numbers = preferences.gain * worth
    return push


def _outlook(
    preferences: Preferences,
    weekly_bookings: float,
    weekly_variance: float,
    weeks_left: Numbers,
    booked: Numbers | float,
) -> tuple[Numbers, Numbers]:
    """Mean at the least effort and standard deviation of the period's bookings."""
    idle = _idle(preferences)
    return booked + weekly_bookings * idle * weeks_left, np.sqrt(weekly_variance * weeks_left)


def _idle(preferences: Preferences) -> float:
    """Bookings at the least effort, as a share of those at effort 1."""
    return 1 - preferences.elasticity * (1 - preferences.least)


def _stretches_tilted(
    curve: Outlook, mu: float | Numbers, mean: Numbers, spread: Numbers
) -> tuple[Numbers, Numbers]:
    """Logarithms of E[exp(mu w); stretch], and by how much the normal law is shifted in each stretch."""
    tilt = mu * (curve.slopes + curve.yearly) * spread
    lines = mu * (curve.levels() + (curve.slopes + curve.yearly) * mean)
    edges = (curve.kinks - mean) / spread
    return lines + tilt**2 / 2 + _log_probability_between(edges, tilt), tilt


def _marginal_pay(curve: Outlook, mu: float, mean: Numbers, spread: Numbers) -> tuple[Numbers, Numbers]:
    """Split F' into expected marginal commission and what jumps add, both pay per unit of bookings."""
    shares, by_bonus = _tilted(curve, mu, *np.broadcast_arrays(mean, spread))
    return (shares * curve.slopes).sum(axis=-1), by_bonus


def _tilted(curve: Outlook, mu: float | Numbers, mean: Numbers, spread: Numbers) -> tuple[Numbers, Numbers]:
    """Give the chances of stretches under the best effort, and what jumps add to pay per unit of bookings."""
    mean, spread, mu = mean[..., None], spread[..., None], np.asarray(mu)[..., None]
    logs, _ = _stretches_tilted(curve, mu, mean, spread)
    whole = logsumexp(logs, axis=-1, keepdims=True)
    shares = np.exp(logs - whole)
    before = mu * (curve.levels()[:-1] + (curve.slopes[:-1] + curve.yearly) * curve.kinks)
    log_density = -(((curve.kinks - mean) / spread) ** 2) / 2 - np.log(np.sqrt(2 * np.pi) * spread)
    # exp(mu w) jumps from exp(before) by expm1(mu jump), written so that the larger side is in the exponent.
    rise = np.maximum(mu * curve.jumps, 0.0)
    added = np.where(mu * curve.jumps > 0, -np.expm1(-rise), np.expm1(np.minimum(mu * curve.jumps, 0.0))) / mu
    by_jumps = (added * np.exp(before + rise + log_density - whole)).sum(axis=-1)
    return shares, by_jumps


def _log_probability_between(edges: Numbers, tilt: Numbers) -> Numbers:
    """Logarithm of P(edge k < Z + tilt k < edge k + 1), the outer edges being endless."""
    ends = np.full((*edges.shape[:-1], 1), np.inf)
    low = np.concatenate([-ends, edges], axis=-1) - tilt
    high = np.concatenate([edges, ends], axis=-1) - tilt
    flip = low > 0
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)
    top = log_ndtr(high)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = top + np.log(-np.expm1(log_ndtr(low) - top))
    return np.where(np.isneginf(top), -np.inf, logs)
